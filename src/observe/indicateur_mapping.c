#include "observe/indicateur_mapping.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/indicateur.h"

struct parse {
	const char *name;
	long line;
	struct arena *a;
	struct cadre *c;
	struct cadre_section *s;        /* the section being read; NULL before the first */
	struct err *e;
};

static bool refuse(const struct parse *p, const char *what, const char *value, const char *todo)
{
	fail(p->e, E_INPUT, *value ? "%s : « %.60s »" : "%s", what, value);
	hint(p->e, "%s", todo);
	return fail_at(p->e, p->name, p->line);
}

/* --- words --------------------------------------------------------------------------------- */

static bool take_number(const struct parse *p, const char *value, double low, double high,
			double *out)
{
	char *end;

	*out = strtod(value, &end);
	if (end != value && !*end && *out >= low && *out <= high)
		return true;
	return refuse(p, "ce nombre ne convient pas", value, "Un nombre, avec un point.");
}

static bool take_filter(const struct parse *p, const char *value)
{
	struct cadre *c = p->c;
	const char *mark = strstr(value, " : ");

	if (!mark || c->nfiltres == CADRE_FILTRES)
		return refuse(p, "ce filtre ne convient pas", value,
			      "Une colonne et sa valeur : filtre = SEX : _T (huit au plus).");
	c->filtres[c->nfiltres].colonne = arena_strn(p->a, value, (size_t)(mark - value));
	c->filtres[c->nfiltres++].valeur = arena_str(p->a, mark + 3);
	return true;
}

struct word {
	const char *name;
	size_t at;                      /* of a `const char *` */
};

static const struct word head_words[] = {
	{ "niveau", offsetof(struct cadre, niveau) }, { "code", offsetof(struct cadre, code) },
	{ "source", offsetof(struct cadre, source) },
	{ "licence", offsetof(struct cadre, licence) }, { "url", offsetof(struct cadre, url) },
	{ "colonne_annee", offsetof(struct cadre, colonne_annee) },
	{ "colonne_niveau", offsetof(struct cadre, colonne_niveau) },
	{ "colonne_mesure", offsetof(struct cadre, colonne_mesure) },
	{ "colonne_valeur", offsetof(struct cadre, colonne_valeur) },
	{ "population", offsetof(struct cadre, poids) }, { NULL, 0 },
};

static const struct word section_words[] = {
	{ "libelle", offsetof(struct cadre_section, libelle) },
	{ "unite", offsetof(struct cadre_section, unite) },
	{ "nature", offsetof(struct cadre_section, nature) },
	{ "note", offsetof(struct cadre_section, note) },
	{ "colonne", offsetof(struct cadre_section, colonne) },
	{ "numerateur", offsetof(struct cadre_section, numerateur) },
	{ "denominateur", offsetof(struct cadre_section, denominateur) },
	{ "mesure", offsetof(struct cadre_section, mesure) }, { NULL, 0 },
};

static bool put_word(const struct parse *p, const struct word *words, void *to,
		     const char *key, const char *value)
{
	for (; words->name; words++) {
		if (strcmp(words->name, key))
			continue;
		*(const char **)((char *)to + words->at) = arena_str(p->a, value);
		return true;
	}
	return false;
}

static bool take_head(const struct parse *p, const char *key, const char *value)
{
	double v;

	if (!strcmp(key, "annee")) {
		if (!take_number(p, value, 1900, 2100, &v))
			return false;
		p->c->annee = (int)v;
		return true;
	}
	if (!strcmp(key, "filtre"))
		return take_filter(p, value);
	if (put_word(p, head_words, p->c, key, value))
		return true;
	return refuse(p, "ce mot n'est pas connu", key,
		      "En tête : niveau, code, annee, source, licence, url, population, filtre, "
		      "colonne_annee, colonne_niveau, colonne_mesure, colonne_valeur.");
}

static bool take_section_word(const struct parse *p, const char *key, const char *value)
{
	double v;

	if (!strcmp(key, "sens")) {
		if (!take_number(p, value, -1, 1, &v))
			return false;
		p->s->sens = (int)v;
		return true;
	}
	if (!strcmp(key, "facteur"))
		return take_number(p, value, 1e-9, 1e9, &p->s->facteur);
	if (put_word(p, section_words, p->s, key, value))
		return true;
	return refuse(p, "ce mot n'est pas connu", key,
		      "Sous un indicateur : colonne, numerateur, denominateur, facteur, mesure, "
		      "libelle, unite, sens, nature, note.");
}

/* --- lines --------------------------------------------------------------------------------- */

static char *trim(char *s)
{
	char *end;

	while (isspace((unsigned char)*s))
		s++;
	end = s + strlen(s);
	while (end > s && isspace((unsigned char)end[-1]))
		*--end = '\0';
	return s;
}

static bool is_code(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return n && !s[n] && n < INDICATEUR_CODE;
}

static bool begin_section(struct parse *p, char *text)
{
	char *end = strchr(text, ']');
	struct cadre *c = p->c;

	if (!end || end[1])
		return refuse(p, "il manque le crochet qui ferme", text, "Exemple : [aah_rate]");
	*end = '\0';
	text = trim(text + 1);
	if (!is_code(text))
		return refuse(p, "ce code d'indicateur ne convient pas", text,
			      "Des minuscules sans accent, des chiffres et des _.");
	for (size_t i = 0; i < c->n; i++) {
		if (!strcmp(c->sections[i].code, text))
			return refuse(p, "cet indicateur est déjà décrit plus haut", text, "");
	}
	if (c->n == CADRE_SECTIONS)
		return refuse(p, "trop d'indicateurs", "", "Cent au plus par fichier.");
	p->s = &c->sections[c->n++];
	*p->s = (struct cadre_section){ arena_str(p->a, text), "", "", "", "", 0, "", "", "", "",
					1, p->line };
	return true;
}

static bool take_line(struct parse *p, char *text)
{
	char *mark;

	text = trim(text);
	if (!*text || *text == '#' || *text == ';')
		return true;
	if (*text == '[')
		return begin_section(p, text);
	mark = strchr(text, '=');
	if (!mark)
		return refuse(p, "cette ligne n'est ni « mot = valeur » ni [indicateur]", text,
			      "Une remarque commence par #.");
	*mark = '\0';
	if (p->s)
		return take_section_word(p, trim(text), trim(mark + 1));
	return take_head(p, trim(text), trim(mark + 1));
}

/* --- the whole ----------------------------------------------------------------------------- */

static bool check_section(struct parse *p, struct cadre_section *s)
{
	int ways = (*s->colonne != '\0') + (*s->numerateur != '\0') + (*s->mesure != '\0');

	p->line = s->line;
	if (ways != 1)
		return refuse(p, "on ne sait pas où lire cet indicateur", s->code,
			      "Donnez l'un de : colonne, numerateur (et denominateur), mesure.");
	if (*s->mesure && (!*p->c->colonne_mesure || !*p->c->colonne_valeur))
		return refuse(p, "« mesure » demande deux colonnes", s->code,
			      "En tête : colonne_mesure = ... et colonne_valeur = ...");
	return true;
}

static bool check(struct parse *p)
{
	struct cadre *c = p->c;

	p->line = 0;
	if (!*c->code)
		return refuse(p, "il manque la colonne du code de territoire", "",
			      "En tête : code = INSEE_COM");
	if (!c->n)
		return refuse(p, "aucun indicateur n'y est décrit", "",
			      "Par exemple : [aah_rate] puis colonne = TAUX");
	if (c->annee && *c->colonne_annee)
		return refuse(p, "annee et colonne_annee se contredisent", "", "Gardez l'une.");
	if (c->nfiltres && !*c->colonne_mesure)
		return refuse(p, "un filtre ne sert qu'avec colonne_mesure", "",
			      "Retirez-le, ou décrivez un tableau d'une ligne par valeur.");
	for (size_t i = 0; i < c->n; i++) {
		if (!check_section(p, &c->sections[i]))
			return false;
	}
	return true;
}

bool cadre_parse(const char *name, const char *text, size_t n, struct arena *a,
		 const struct cadre **out, struct err *e)
{
	char *copy = (char *)(uintptr_t)arena_strn(a, text, n), *next;
	struct parse p = { .name = name, .a = a, .e = e, .c = NEW(a, struct cadre) };

	*out = p.c;
	if (p.c)
		*p.c = (struct cadre){ .niveau = "", .code = "", .source = "", .licence = "",
			.url = "", .colonne_annee = "", .colonne_niveau = "",
			.colonne_mesure = "", .colonne_valeur = "", .poids = "",
			.sections = NEW_ARRAY(a, CADRE_SECTIONS, struct cadre_section) };
	if (!p.c || !p.c->sections || a->spent)
		return arena_refuse(a, e);
	if (memchr(text, '\0', n) || !utf8_valid(text, n))
		return refuse(&p, "ce n'est pas un texte UTF-8", "", "Enregistrez-le en UTF-8.");
	if (!strncmp(copy, "\xef\xbb\xbf", 3))
		copy += 3;
	for (; copy; copy = next) {
		next = strchr(copy, '\n');
		if (next)
			*next++ = '\0';
		p.line++;
		if (!take_line(&p, copy))
			return false;
	}
	return check(&p) && (!a->spent || arena_refuse(a, e));
}

bool cadre_read(const char *path, struct arena *a, const struct cadre **out, struct err *e)
{
	const char *slash = strrchr(path, '/');
	char *text = arena_alloc(a, CADRE_OCTETS + 1);
	FILE *f = fopen(path, "rb");
	size_t n;

	if (!f) {
		fail(e, E_MISSING, "« %s » ne peut pas être lu.", path);
		return hint(e, "--mapping attend un fichier qui dit ce que sont les colonnes "
			       "(docs/observer/indicateurs.md).");
	}
	n = text ? fread(text, 1, CADRE_OCTETS + 1, f) : 0;
	fclose(f);
	if (!text)
		return arena_refuse(a, e);
	if (n > CADRE_OCTETS)
		return fail(e, E_LIMIT, "« %s » est trop long pour décrire un tableau.", path);
	return cadre_parse(slash ? slash + 1 : path, text, n, a, out, e);
}
