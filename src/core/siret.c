/* The number of a structure as people type it, and what else it may be. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/structure.h"

enum { TYPED_MOST = 24 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool siret_is_valid(const char *digits)
{
	int luhn = 0, sum = 0;

	if (!strcmp(digits, "00000000000000"))  /* what national files write for none */
		return false;
	for (int i = 0; i < 14; i++) {
		int d = digits[i] - '0', twice = 2 * d;

		if (!is_digit(digits[i]))
			return false;
		sum += d;
		luhn += i % 2 ? d : twice / 10 + twice % 10;
	}
	if (digits[14])
		return false;
	/* La Poste ran out of Luhn numbers: INSEE, SIRENE, note on the SIRET of La Poste. */
	return luhn % 10 == 0 || (strncmp(digits, "356000000", 9) == 0 && sum % 5 == 0);
}

/* Letters in capitals and digits, without the signs people put between; false when it is
 * too long or holds anything else. */
static bool squeeze(const char *typed, char out[TYPED_MOST])
{
	size_t n = 0;

	for (const char *p = typed; *p; p++) {
		if (strchr(" .-/_\t\n", *p))
			continue;
		if (!strncmp(p, "\xc2\xa0", 2)) {               /* a space that holds */
			p++;
			continue;
		}
		if (!strncmp(p, "\xe2\x80\xaf", 3)) {           /* a narrow one */
			p += 2;
			continue;
		}
		if (!isalnum((unsigned char)*p) || n + 1 == TYPED_MOST)
			return false;
		out[n++] = (char)toupper((unsigned char)*p);
	}
	out[n] = '\0';
	return true;
}

/* `s` is written as the pattern says: 9 a digit, @ a letter, * any sign, else itself. */
static bool is_like(const char *s, const char *pattern)
{
	for (; *s && *pattern; s++, pattern++) {
		bool digit = is_digit(*s);

		if (*pattern == '9' ? !digit : *pattern == '@' ? digit :
		    *pattern != '*' && *pattern != *s)
			return false;
	}
	return !*s && !*pattern;
}

static int remainder_of(const char *digits, size_t n, int by)
{
	int r = 0;

	for (size_t i = 0; i < n; i++)
		r = (r * 10 + digits[i] - '0') % by;
	return r;
}

/* Belgium: ten digits, 0 or 1 first, the last two are 97 less the rest of the others. */
static bool is_bce(const char *s)
{
	if (!strncmp(s, "BE", 2))
		s += 2;
	return (*s == '0' || *s == '1') && is_like(s, "9999999999")
	       && 97 - remainder_of(s, 8, 97) == (s[8] - '0') * 10 + s[9] - '0';
}

static bool luhn_is_right(const char *s)
{
	size_t n = strlen(s);
	int sum = 0;

	for (size_t i = 0; i < n; i++) {
		int d = s[n - 1 - i] - '0', twice = 2 * d;

		if (!is_digit(s[n - 1 - i]))
			return false;
		sum += i % 2 ? twice / 10 + twice % 10 : d;
	}
	return n && sum % 10 == 0;
}

static bool is_siren(const char *s)
{
	return is_like(s, "999999999") && luhn_is_right(s);
}

static bool is_italian(const char *s)
{
	return is_like(s, "99999999999") && luhn_is_right(s);
}

/*
 * What is typed in place of a SIRET.  Shapes: the VAT numbers of the Union (European
 * Commission, VIES, "format of VAT numbers"), the Swiss UID (BFS), the Spanish NIF of
 * entities (Orden EHA/451/2008), RIDET (ISEE) and Tahiti (ISPF).
 */
static const struct other {
	const char *pattern;            /* as is_like reads it */
	bool (*is)(const char *s);      /* instead of a pattern */
	const char *msg, *hint;
} others[] = {
	{ NULL, is_siren,
	  N_("C’est un SIREN (9 chiffres) : il manque les 5 chiffres de l’établissement."),
	  N_("Le SIRET a 14 chiffres : ce SIREN, puis 5 chiffres. Il se trouve sur "
	     "annuaire-entreprises.data.gouv.fr ou sur une facture.") },
	{ "FR99999999999", NULL,
	  N_("C’est un numéro de TVA français, pas un SIRET."),
	  N_("Ses neuf derniers chiffres sont le SIREN : ajoutez les 5 chiffres de "
	     "l’établissement.") },
	{ "W999999999", NULL,
	  N_("C’est un numéro d’association (RNA), pas un SIRET."),
	  N_("Écrivez-le dans la case « Numéro RNA » et laissez le SIRET vide.") },
	{ NULL, is_bce, N_("C’est un numéro d’entreprise de Belgique (BCE), pas un SIRET."), NULL },
	{ "CHE999999999", NULL, N_("C’est un numéro de Suisse (IDE, UID), pas un SIRET."), NULL },
	{ "CHE999999999***", NULL, N_("C’est un numéro de Suisse (IDE, UID), pas un SIRET."), NULL },
	{ "LU99999999", NULL, N_("C’est un numéro du Luxembourg, pas un SIRET."), NULL },
	{ "DE999999999", NULL, N_("C’est un numéro d’Allemagne, pas un SIRET."), NULL },
	{ "ES*9999999*", NULL, N_("C’est un numéro d’Espagne (NIF), pas un SIRET."), NULL },
	{ "@9999999*", NULL, N_("C’est un numéro d’Espagne (NIF), pas un SIRET."), NULL },
	{ "IT99999999999", NULL, N_("C’est un numéro d’Italie (partita IVA), pas un SIRET."), NULL },
	{ NULL, is_italian, N_("C’est un numéro d’Italie (partita IVA), pas un SIRET."), NULL },
	{ "PT999999999", NULL, N_("C’est un numéro du Portugal (NIPC), pas un SIRET."), NULL },
	{ "GB999999999", NULL, N_("C’est un numéro du Royaume-Uni, pas un SIRET."), NULL },
	{ "NL999999999B99", NULL, N_("C’est un numéro des Pays-Bas, pas un SIRET."), NULL },
	{ "9999999999", NULL,
	  N_("C’est un numéro RIDET (Nouvelle-Calédonie), pas un SIRET."), NULL },
	{ "@99999999", NULL, N_("C’est un numéro Tahiti (Polynésie française), pas un SIRET."), NULL },
	{ "@99999", NULL, N_("C’est un numéro Tahiti (Polynésie française), pas un SIRET."), NULL },
};

static bool refuse_other(const char *s, struct err *e)
{
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		const struct other *o = &others[i];

		if (o->is ? !o->is(s) : !is_like(s, o->pattern))
			continue;
		fail(e, E_INPUT, "%s", o->msg);
		return hint(e, "%s", o->hint ? o->hint :
			    N_("Une structure sans SIRET français s’inscrit en laissant la case vide."));
	}
	return true;
}

static bool refuse_length(size_t n, struct err *e)
{
	fail(e, E_INPUT, "%s", n < 14 ? N_("Il manque des chiffres : un SIRET en a 14.") :
	     N_("Il y a trop de chiffres : un SIRET en a 14."));
	return hint(e, "%s", N_("Il se trouve sur annuaire-entreprises.data.gouv.fr ou sur une "
				"facture."));
}

bool siret_read(const char *typed, char out[STRUCTURE_SIRET], struct err *e)
{
	char s[TYPED_MOST];
	size_t digits;

	if (!squeeze(typed, s) || !*s) {
		fail(e, E_INPUT, "%s", N_("Un SIRET n’a que des chiffres : 14."));
		return hint(e, "%s", N_("Il se trouve sur annuaire-entreprises.data.gouv.fr ou "
					"sur une facture."));
	}
	digits = strspn(s, "0123456789");
	if (digits == 14 && !s[14] && siret_is_valid(s) && strspn(s, "0") < 9) {
		memcpy(out, s, STRUCTURE_SIRET);
		return true;
	}
	if (!refuse_other(s, e))
		return false;
	if (s[digits]) {
		fail(e, E_INPUT, "%s", N_("Un SIRET n’a que des chiffres : 14."));
		return hint(e, "%s", N_("Une structure sans SIRET français s’inscrit en laissant "
					"la case vide."));
	}
	if (digits != 14)
		return refuse_length(digits, e);
	fail(e, E_INPUT, "%s", N_("Ce SIRET a une erreur : sa clé ne correspond pas."));
	return hint(e, "%s", N_("Un chiffre est faux, ou deux sont inversés : comparez avec le "
				"document."));
}

bool rna_read(const char *typed, char out[STRUCTURE_RNA], struct err *e)
{
	char s[TYPED_MOST];

	/* W, then the code of the préfecture (two digits or letters), then digits */
	if (squeeze(typed, s) && strlen(s) == 10 && *s == 'W' && isalnum((unsigned char)s[2])
	    && strspn(s + 3, "0123456789") == 7) {
		memcpy(out, s, STRUCTURE_RNA);
		return true;
	}
	fail(e, E_INPUT, "%s", N_("Un numéro RNA commence par W, suivi de 9 chiffres."));
	return hint(e, "%s", N_("Il se trouve sur le récépissé de la préfecture."));
}
