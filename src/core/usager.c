#include "core/usager.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "core/journal.h"
#include "core/usager.sql.h"
#include "store/signer.h"

const struct choice usager_gardes[] = {
	{ "espace", N_("Un espace personnel, avec une carte"), NULL },
	{ "papier", N_("Du papier, sans espace"), NULL },
	{ "aucun", N_("Ni papier ni espace : tout reste à la structure"), NULL },
	{ NULL, NULL, NULL },
};

const char *const usager_preuves[] = { "secret", "code", "telephone", "identite", NULL };

/* --- the number of the card ---------------------------------------------------------- */

/* Quasigroup of order ten of H. M. Damm, "Total anti-symmetrische Quasigruppen" (2004). */
static const unsigned char damm[10][10] = {
	{ 0, 3, 1, 7, 5, 9, 8, 6, 4, 2 }, { 7, 0, 9, 2, 1, 5, 4, 8, 6, 3 },
	{ 4, 2, 0, 6, 8, 7, 1, 3, 5, 9 }, { 1, 7, 5, 0, 9, 8, 3, 4, 2, 6 },
	{ 6, 1, 2, 3, 0, 4, 5, 9, 7, 8 }, { 3, 6, 7, 4, 2, 0, 9, 5, 8, 1 },
	{ 5, 8, 6, 9, 7, 2, 0, 1, 3, 4 }, { 8, 9, 4, 5, 3, 6, 2, 0, 1, 7 },
	{ 9, 4, 3, 8, 6, 1, 7, 2, 0, 5 }, { 2, 5, 8, 1, 4, 3, 6, 7, 9, 0 },
};

static int check_of(const char *digits, size_t n)
{
	int c = 0;

	for (size_t i = 0; i < n; i++)
		c = damm[c][digits[i] - '0'];
	return c;
}

/* n digits, each as likely. */
static void draw_digits(const struct env *env, char *out, size_t n)
{
	for (size_t i = 0; i < n;) {
		unsigned char b;

		env_random(env, &b, 1);
		if (b < 250)
			out[i++] = (char)('0' + b % 10);
	}
	out[n] = '\0';
}

void usager_numero_make(const struct env *env, char out[USAGER_NUMERO])
{
	do {
		draw_digits(env, out, 8);
	} while (out[0] == '0');
	out[8] = (char)('0' + check_of(out, 8));
	out[9] = '\0';
}

/* Digits without what people put between; how many, or -1 when there is anything else. */
static int digits_of(const char *typed, char *out, int most)
{
	int n = 0;

	for (const char *p = typed; *p; p++) {
		if (strchr(" .-/", *p) || (unsigned char)*p >= 0x80)
			continue;
		if (*p < '0' || *p > '9' || n == most)
			return -1;
		out[n++] = *p;
	}
	out[n] = '\0';
	return n;
}

bool usager_numero_read(const char *typed, char out[USAGER_NUMERO], struct err *e)
{
	if (digits_of(typed, out, 9) != 9) {
		fail(e, E_INPUT, "%s", N_("Le numéro de la carte a neuf chiffres."));
		return hint(e, "%s", N_("Il est écrit en grand sur la carte : 123 456 789."));
	}
	if (check_of(out, 9)) {
		fail(e, E_INPUT, "%s", N_("Ce numéro de carte n’existe pas : un chiffre est faux, ou deux "
					  "sont inversés."));
		return hint(e, "%s", N_("Relisez-le chiffre par chiffre."));
	}
	return true;
}

void usager_numero_show(const char *n, char out[USAGER_NUMERO_SHOWN])
{
	snprintf(out, USAGER_NUMERO_SHOWN, "%.3s %.3s %.3s", n, n + 3, n + 6);
}

/* --- rows ------------------------------------------------------------------------------ */

#define FILL(row) (struct usager){ .id = (row).id, .structure = (row).structure_id, \
	.numero = (row).numero, .nom = (row).nom ? (row).nom : "", .naissance = (row).naissance, \
	.telephone = (row).telephone, .telephone_sur = (row).telephone_sur, \
	.langue = (row).langue, .garde = garde_named((row).garde), \
	.a_secret = (row).secret != NULL, .bloque = (row).essais >= USAGER_ESSAIS }

static enum usager_garde garde_named(const char *slug)
{
	return !strcmp(slug, "espace") ? GARDE_ESPACE : !strcmp(slug, "papier") ? GARDE_PAPIER :
	       GARDE_AUCUN;
}

bool usager_get(struct db *db, struct arena *a, const char *id, struct usager *out,
		struct err *e)
{
	struct usager_row_row row;
	bool found;

	if (!usager_row(db, a, id, &row, &found, e))
		return false;
	if (!found)
		return fail(e, E_MISSING, "%s", N_("Cette personne n’est pas connue ici."));
	*out = FILL(row);
	return true;
}

bool usager_by_numero(struct db *db, struct arena *a, const char *numero, struct usager *out,
		      bool *found, struct err *e)
{
	struct usager_row_by_numero_row row;

	if (!usager_row_by_numero(db, a, numero, &row, found, e))
		return false;
	if (*found)
		*out = FILL(row);
	return true;
}

bool usager_by_telephone(struct db *db, struct arena *a, const char *telephone,
			 struct usager **out, size_t *n, struct err *e)
{
	struct usager_rows_by_telephone_row *rows;

	if (!usager_rows_by_telephone(db, a, telephone, &rows, n, e))
		return false;
	*out = NEW_ARRAY(a, *n, struct usager);
	if (!*out)
		return arena_refuse(a, e);
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = FILL(rows[i]);
	return true;
}

bool usager_add(struct tx *tx, const struct env *env, struct arena *a, struct usager *u,
		const char *agent, struct err *e)
{
	char id[UUID_TEXT], numero[USAGER_NUMERO], now[ISO_TEXT];
	struct usager other;
	bool taken = true;

	uuid_new(env, id);
	iso_write(env_now(env), now);
	while (taken) {
		usager_numero_make(env, numero);
		if (!usager_by_numero(tx_db(tx), a, numero, &other, &taken, e))
			return false;
	}
	u->id = arena_str(a, id);
	u->numero = arena_str(a, numero);
	return usager_put(tx, id, u->structure, numero, u->nom, u->naissance, u->telephone,
			  u->telephone_sur, u->langue, usager_gardes[u->garde].slug, agent, now,
			  NULL, e)
	       && journal_append(tx, env, &(struct journal_entry){ .genre = "personne.ouverte",
			.structure = u->structure, .usager = id, .acteur = agent, .objet = id,
			.mots = (struct journal_mot[]){ { "garde", usager_gardes[u->garde].slug },
							{ 0 } } }, NULL, e);
}

bool usager_change(struct tx *tx, const struct env *env, const struct usager *u, struct err *e)
{
	char now[ISO_TEXT];

	iso_write(env_now(env), now);
	return usager_set(tx, u->id, u->nom, u->naissance, u->telephone, u->telephone_sur,
			  u->langue, usager_gardes[u->garde].slug, now, NULL, e);
}

/* --- secrets and codes -------------------------------------------------------------- */

static bool is_easy(const char *s)
{
	bool same = true, up = true, down = true, pairs = !strncmp(s, s + 3, 3)
		|| (!strncmp(s, s + 2, 2) && !strncmp(s, s + 4, 2));

	for (int i = 1; i < USAGER_SECRET; i++) {
		same = same && s[i] == s[0];
		up = up && s[i] == s[i - 1] + 1;
		down = down && s[i] == s[i - 1] - 1;
	}
	return same || up || down || pairs;
}

bool usager_secret_read(const char *typed, char out[USAGER_SECRET + 1], struct err *e)
{
	if (!typed || digits_of(typed, out, USAGER_SECRET) != USAGER_SECRET)
		return fail(e, E_INPUT, "%s", N_("Le code secret a six chiffres."));
	if (is_easy(out))
		return fail(e, E_INPUT, "%s", N_("Ce code est trop facile à deviner. Choisissez six "
						 "chiffres qui ne se suivent pas."));
	return true;
}

bool usager_tag(struct signer *s, struct arena *a, const char *usager, const char *digits,
		char out[BOX_TAG_TEXT], struct err *e)
{
	const char *text = arena_cat(a, usager, "\n", digits, NULL);

	return signer_tag(s, "usagers", (struct bytes){ text, strlen(text) }, out, e);
}

bool usager_secret_set(struct tx *tx, const struct env *env, const char *usager,
		       const char *tag, struct err *e)
{
	char now[ISO_TEXT];

	iso_write(env_now(env), now);
	return usager_set_secret(tx, usager, tag, now, NULL, e);
}

bool usager_codes_set(struct tx *tx, const char *usager, char (*tags)[BOX_TAG_TEXT],
		      struct err *e)
{
	if (!usager_codes_drop(tx, usager, NULL, e))
		return false;
	for (int i = 0; i < USAGER_CODES; i++) {
		if (!usager_code_put(tx, usager, i + 1, tags[i], NULL, e))
			return false;
	}
	return true;
}

bool usager_card_lost(struct tx *tx, const struct env *env, const char *usager, struct err *e)
{
	char now[ISO_TEXT];

	iso_write(env_now(env), now);
	return usager_codes_drop(tx, usager, NULL, e)
	       && usager_set_secret(tx, usager, NULL, now, NULL, e)
	       && usager_sessions_end(tx, usager, now, NULL, e)
	       && journal_append(tx, env, &(struct journal_entry){ .genre = "personne.carte-perdue",
			.usager = usager, .acteur = usager, .objet = usager }, NULL, e);
}

struct proving {
	const struct env *env;
	struct arena *a;
	const char *usager, *tag;
	bool code;
	bool right, locked;
};

static bool prove_job(struct tx *tx, void *arg, struct err *e)
{
	struct proving *p = arg;
	struct usager_row_row row;
	char now[ISO_TEXT];
	int64_t used = 0;
	bool found;

	iso_write(env_now(p->env), now);
	if (!usager_row(tx_db(tx), p->a, p->usager, &row, &found, e))
		return false;
	p->locked = !found || row.essais >= USAGER_ESSAIS;
	if (p->locked)
		return true;
	if (p->code) {
		if (!usager_code_use(tx, p->usager, p->tag, now, &used, e))
			return false;
		p->right = used == 1;
	} else {
		p->right = row.secret && box_same(row.secret, p->tag, strlen(p->tag));
	}
	return p->right ? usager_forgive(tx, p->usager, NULL, e) :
	       usager_fail(tx, p->usager, NULL, e);
}

bool usager_prove(struct core *core, struct arena *a, const char *usager, const char *typed,
		  bool *right, enum usager_preuve *how, struct err *e)
{
	char digits[USAGER_CODE + 1], tag[BOX_TAG_TEXT];
	struct proving p = { .env = core->env, .a = a, .usager = usager, .tag = tag };
	int n = typed ? digits_of(typed, digits, USAGER_CODE) : 0;

	*right = false;
	if (n != USAGER_SECRET && n != USAGER_CODE)
		return true;
	p.code = n == USAGER_CODE;
	if (!usager_tag(core->signer, a, usager, digits, tag, e)
	    || !store_write(core->store, prove_job, &p, e))
		return false;
	if (p.locked) {
		fail(e, E_DENIED, "%s", N_("Cette carte est bloquée après cinq essais faux."));
		return hint(e, "%s", N_("La structure qui vous aide peut la débloquer avec vous."));
	}
	*right = p.right;
	if (how)
		*how = p.code ? PREUVE_CODE : PREUVE_SECRET;
	return true;
}
