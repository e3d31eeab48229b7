/* Reading a mapping: lines "word rest", in blocks; docs/mappings.md is the page. */
#include "orient/correspondance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embedded.h"
#include "base/utf8.h"
#include "core/projection.h"

enum { TEXT_MOST = 256 << 10, FOLDED_MOST = 400, LINE_MOST = 2000 };
enum { DEPTH_MOST = 3, VALEURS_MOST = 60, ENTETE_MOST = 1000, MORCEAUX = 20 };

struct reader {
	struct arena *a;
	struct correspondance *c;
	const char *file;
	long line;
	int nvaleurs;                   /* "@name" met so far */
	struct bloc *bloc;              /* the block being read, or */
	struct table_valeurs *table;    /* the table */
	struct regle **regle_end;
	struct terme **terme_end;
	struct bloc **bloc_end;
	struct table_valeurs **table_end;
	struct colonne **colonne_end;
	struct err *e;
};

static bool refuse_at(struct reader *r, long line, const char *what, const char *value,
		      const char *advice)
{
	fail(r->e, E_INPUT, value ? "« %s » : %s" : "%s%s", value ? value : "", what);
	if (advice)
		hint(r->e, "%s", advice);
	return fail_at(r->e, r->file, line);
}

static bool refuse(struct reader *r, const char *what, const char *value, const char *advice)
{
	return refuse_at(r, r->line, what, value, advice);
}

static const char *folded(struct arena *a, const char *s)
{
	char out[FOLDED_MOST];

	utf8_fold(s, out, sizeof out);
	return arena_str(a, out);
}

/* --- columns ------------------------------------------------------------------------ */

static struct colonne *colonne_of(struct reader *r, const char *nom)
{
	const char *key = lieu_row_key(r->a, nom);
	struct colonne *k;

	for (k = r->c->colonnes; k; k = k->next) {
		if (strcmp(k->key, key) == 0)
			return k;
	}
	k = NEW(r->a, struct colonne);
	if (!k)
		return NULL;
	k->key = key;
	k->nom = nom;
	*r->colonne_end = k;
	r->colonne_end = &k->next;
	return k;
}

/* The key of a column that the mapping uses; NULL after a refusal. */
static const char *used(struct reader *r, const char *nom)
{
	struct colonne *k = *nom ? colonne_of(r, nom) : NULL;

	if (!*nom)
		refuse(r, "il manque le nom d'une colonne.", NULL, NULL);
	else if (!k)
		arena_refuse(r->a, r->e);
	else if (k->ignoree)
		refuse(r, "cette colonne est à la fois utilisée et ignorée.", nom, NULL);
	return k && !k->ignoree ? k->key : NULL;
}

/* --- rules of a block --------------------------------------------------------------- */

static bool add_rule(struct reader *r, enum regle_kind kind, const char *colonne,
		     const char *texte, const char *valeur)
{
	struct regle *g = NEW(r->a, struct regle);

	if (!g)
		return arena_refuse(r->a, r->e);
	*g = (struct regle){ kind, colonne, texte, valeur, NULL, r->line, NULL };
	*r->regle_end = g;
	r->regle_end = &g->next;
	return true;
}

static bool read_colonne(struct reader *r, const char *rest)
{
	const char *key;

	if (rest[0] == '@' && r->nvaleurs++ >= VALEURS_MOST)
		return refuse(r, "trop de valeurs dans les autres : 60 au plus.", rest, NULL);
	if (rest[0] == '@')
		return add_rule(r, REGLE_VALEUR, rest + 1, NULL, NULL);
	key = used(r, rest);
	return key && add_rule(r, REGLE_COLONNE, key, NULL, NULL);
}

static const char *trimmed(struct arena *a, const char *s, size_t n)
{
	while (n && strchr(" \t", *s))
		s++, n--;
	while (n && strchr(" \t\r", s[n - 1]))
		n--;
	return arena_strn(a, s, n);
}

/* "COLUMN | oui -> VALUE", "| vaut TEXT ->", "| contient TEXT ->". */
static bool read_quand(struct reader *r, const char *rest)
{
	const char *arrow = strstr(rest, "->"), *bar = strstr(rest, " | "), *key, *test, *valeur;

	if (!arrow || !bar || bar > arrow)
		return refuse(r, "cette règle n'est pas complète.", rest,
			      "Écrivez : quand COLONNE | oui -> VALEUR, ou « vaut TEXTE », ou "
			      "« contient TEXTE ».");
	key = used(r, trimmed(r->a, rest, (size_t)(bar - rest)));
	test = trimmed(r->a, bar + 3, (size_t)(arrow - bar - 3));
	valeur = trimmed(r->a, arrow + 2, strlen(arrow + 2));
	if (!key)
		return false;
	if (strcmp(test, "oui") == 0)
		return add_rule(r, REGLE_OUI, key, NULL, valeur);
	if (strncmp(test, "vaut ", 5) == 0)
		return add_rule(r, REGLE_VAUT, key, folded(r->a, test + 5), valeur);
	if (strncmp(test, "contient ", 9) == 0)
		return add_rule(r, REGLE_CONTIENT, key, folded(r->a, test + 9), valeur);
	return refuse(r, "cette condition n'est pas connue.", test,
		      "Conditions : oui, vaut TEXTE, contient TEXTE.");
}

/* '"…"' keeps the spaces at its ends; \n and \t are what they are elsewhere. */
static const char *quoted(struct arena *a, const char *s)
{
	size_t n = strlen(s), k = 0;
	char *out;

	if (n >= 2 && s[0] == '"' && s[n - 1] == '"') {
		s++;
		n -= 2;
	}
	out = arena_alloc(a, n + 1);
	for (size_t i = 0; out && i < n; i++) {
		bool escape = s[i] == '\\' && i + 1 < n && (s[i + 1] == 'n' || s[i + 1] == 't');

		out[k++] = escape ? (s[i + 1] == 'n' ? '\n' : '\t') : s[i];
		i += escape;
	}
	return out ? out : "";
}

static bool read_couper(struct reader *r, const char *rest)
{
	if (!*rest || !*quoted(r->a, rest))
		return refuse(r, "il manque le séparateur.", NULL, "Par exemple : couper \" / \"");
	if (r->bloc->ncouper == COUPER_MOST)
		return refuse(r, "trop de séparateurs.", NULL, "Six au plus pour un champ.");
	r->bloc->couper[r->bloc->ncouper++] = quoted(r->a, rest);
	return true;
}

static bool read_date(struct reader *r, const char *rest)
{
	static const char *const names[] = { "jour-mois-annee", "mois-jour-annee",
					     "annee-mois-jour" };

	for (int i = 0; i < 3; i++) {
		if (strcmp(names[i], rest) == 0) {
			r->bloc->date = (enum ordre_date)(DATE_JMA + i);
			return true;
		}
	}
	return refuse(r, "cet ordre de date n'est pas connu.", rest,
		      "Ordres : jour-mois-annee, mois-jour-annee, annee-mois-jour.");
}

/* "1 , ": the first of the pieces that stand between commas. */
static bool read_morceau(struct reader *r, const char *rest)
{
	char *end;
	long n = strtol(rest, &end, 10);
	const char *entre = quoted(r->a, trimmed(r->a, end, strlen(end)));

	if (end == rest || !n || n < -MORCEAUX || n > MORCEAUX || !*entre)
		return refuse(r, "écrivez le rang du morceau, puis ce qui sépare les morceaux.", rest,
			      "Par exemple : morceau 1 \",\" ; morceau -1 \" - \" pour le "
			      "dernier.");
	r->bloc->morceau = (int)n;
	r->bloc->entre = entre;
	return true;
}

static bool read_table_name(struct reader *r, const char *rest)
{
	if (!*rest)
		return refuse(r, "il manque le nom de la table.", NULL, NULL);
	r->bloc->table_nom = rest;
	return true;
}

static bool read_sinon(struct reader *r, const char *rest)
{
	return add_rule(r, REGLE_SINON, NULL, NULL, rest);
}

static bool read_joindre(struct reader *r, const char *rest)
{
	r->bloc->joindre = quoted(r->a, rest);
	return true;
}

/* --- blocks ------------------------------------------------------------------------- */

/* The enumeration of a field, national or local; NULL when it has none. */
static const struct choice *champ_choices(int champ)
{
	if (champ >= LIEU_FIELDS)
		return lieu_local_choix((enum lieu_local)(champ - LIEU_FIELDS));
	return lieu_field_rules[champ].kind == LIEU_CHOICES
		? lieu_field_rules[champ].choices : NULL;
}

static bool open_bloc(struct reader *r, const char *nom, int champ)
{
	struct bloc *b;

	for (b = r->c->blocs; b; b = b->next) {
		if (strcmp(b->nom, nom) == 0 && (b->champ < 0) == (champ < 0))
			return refuse(r, "ce bloc est déjà écrit plus haut.", nom,
				      "Réunissez leurs lignes en un seul.");
	}
	b = NEW(r->a, struct bloc);
	if (!b)
		return arena_refuse(r->a, r->e);
	b->nom = nom;
	b->champ = champ;
	b->line = r->line;
	b->liste = champ >= 0 && champ_choices(champ);
	*r->bloc_end = b;
	r->bloc_end = &b->next;
	r->regle_end = &b->regles;
	r->bloc = b;
	r->table = NULL;
	return true;
}

static bool read_champ(struct reader *r, const char *rest)
{
	for (int i = 0; i < LIEU_FIELDS; i++) {
		if (strcmp(lieu_field_rules[i].name, rest) == 0)
			return open_bloc(r, rest, i);
	}
	for (int i = 0; i < LOCAUX; i++) {
		if (strcmp(lieu_local_noms[i], rest) == 0)
			return open_bloc(r, rest, LIEU_FIELDS + i);
	}
	return refuse(r, "ce n'est pas un champ du schéma national.", rest,
		      "Les 32 champs sont dans docs/mappings.md : nom, commune, services…");
}

static bool read_valeur(struct reader *r, const char *rest)
{
	return *rest ? open_bloc(r, rest, -1)
	       : refuse(r, "il manque le nom de la valeur.", NULL, NULL);
}

static bool read_table(struct reader *r, const char *rest)
{
	struct table_valeurs *t;

	if (!*rest)
		return refuse(r, "il manque le nom de la table.", NULL, NULL);
	for (t = r->c->tables; t; t = t->next) {
		if (strcmp(t->nom, rest) == 0)
			return refuse(r, "cette table est déjà écrite plus haut.", rest, NULL);
	}
	t = NEW(r->a, struct table_valeurs);
	if (!t)
		return arena_refuse(r->a, r->e);
	t->nom = rest;
	t->line = r->line;
	*r->table_end = t;
	r->table_end = &t->next;
	r->terme_end = &t->termes;
	r->table = t;
	r->bloc = NULL;
	return true;
}

static bool read_terme(struct reader *r, const char *s)
{
	const char *arrow = strstr(s, "->"), *old;
	struct terme *t;

	if (!arrow)
		return refuse(r, "une ligne de table s'écrit : ancienne valeur -> nouvelle.", s,
			      "Plusieurs nouvelles : A|B. Rien après la flèche : laissée de côté.");
	old = trimmed(r->a, s, (size_t)(arrow - s));
	t = NEW(r->a, struct terme);
	if (!t)
		return arena_refuse(r->a, r->e);
	t->key = strcmp(old, "*") ? folded(r->a, old) : "*";
	t->valeur = trimmed(r->a, arrow + 2, strlen(arrow + 2));
	t->line = r->line;
	for (struct terme *k = r->table->termes; k; k = k->next) {
		if (strcmp(k->key, t->key) == 0)
			return refuse(r, "cette valeur est déjà dans la table.", old, NULL);
	}
	*r->terme_end = t;
	r->terme_end = &t->next;
	return true;
}

/* --- lines of the whole file -------------------------------------------------------- */

static bool read_titre(struct reader *r, const char *rest)
{
	r->c->titre = rest;
	return true;
}

static bool read_source(struct reader *r, const char *rest)
{
	r->c->source = rest;
	return true;
}

static bool read_feuille(struct reader *r, const char *rest)
{
	r->c->feuille = rest;
	return *rest || refuse(r, "il manque le nom de la feuille.", NULL, NULL);
}

static bool read_format(struct reader *r, const char *rest)
{
	r->c->format = lieu_format_find(rest);
	return r->c->format || refuse(r, "ce format n'est pas connu.", rest,
				      "Formats : schema-1.0.2, schema-2022, france-services.");
}

/* "services | structure_id = id". */
static bool read_liste(struct reader *r, const char *rest)
{
	const char *bar = strstr(rest, " | "), *equal = bar ? strstr(bar, " = ") : NULL;

	if (!equal)
		return refuse(r, "cette règle n'est pas complète.", rest, "Par exemple : joindre-liste "
			      "services | structure_id = id");
	r->c->liste = trimmed(r->a, rest, (size_t)(bar - rest));
	r->c->liste_cle = trimmed(r->a, bar + 3, (size_t)(equal - bar - 3));
	r->c->cle = trimmed(r->a, equal + 3, strlen(equal + 3));
	return true;
}

static bool read_entete(struct reader *r, const char *rest)
{
	char *end;

	r->c->entete = strtol(rest, &end, 10);
	return (end != rest && !*end && r->c->entete > 0 && r->c->entete <= ENTETE_MOST)
	       || refuse(r, "ce n'est pas le numéro d'une ligne.", rest,
			 "Par exemple : entete 3, quand les titres des colonnes sont à la ligne 3.");
}

static bool read_flag(struct reader *r, const char *rest, bool *out)
{
	*out = strcmp(rest, "oui") == 0;
	return *out || strcmp(rest, "non") == 0 || refuse(r, "écrivez oui ou non.", rest, NULL);
}

static bool read_complet(struct reader *r, const char *rest)
{
	return read_flag(r, rest, &r->c->complet);
}

static bool read_reunir(struct reader *r, const char *rest)
{
	return read_flag(r, rest, &r->c->reunir);
}

static bool read_ignorer(struct reader *r, const char *rest)
{
	struct colonne *k;

	if (strcmp(rest, "*") == 0)
		return r->c->tout_ignore = true;
	k = *rest ? colonne_of(r, rest) : NULL;
	if (!k)
		return refuse(r, "il manque le nom d'une colonne.", NULL, NULL);
	k->ignoree = true;
	return true;
}

static bool read_facultatif(struct reader *r, const char *rest)
{
	struct colonne *k;

	if (strcmp(rest, "*") == 0)
		return r->c->tout_facultatif = true;
	k = *rest ? colonne_of(r, rest) : NULL;
	if (!k)
		return refuse(r, "il manque le nom d'une colonne.", NULL, NULL);
	k->facultative = true;
	return true;
}

static bool read_jour(struct reader *r, const char *rest)
{
	static const char *const names[JOURS] = { "lundi", "mardi", "mercredi", "jeudi",
		"vendredi", "samedi", "dimanche" };

	for (int i = 0; i < JOURS; i++) {
		size_t n = strlen(names[i]);

		if (strncmp(rest, names[i], n) == 0 && rest[n] == ' ') {
			r->c->par_jour = true;
			r->c->jours[i] = used(r, trimmed(r->a, rest + n, strlen(rest + n)));
			return r->c->jours[i] != NULL;
		}
	}
	return refuse(r, "écrivez le jour puis la colonne.", rest, "Par exemple : jour lundi Lundi");
}

static bool read_horaires(struct reader *r, const char *rest)
{
	r->c->horaires = used(r, rest);
	return r->c->horaires != NULL;
}

static bool read_adresse(struct reader *r, const char *rest)
{
	r->c->adresse = used(r, rest);
	return r->c->adresse != NULL;
}

static bool read_commune(struct reader *r, const char *rest)
{
	const char *key;

	if (r->c->ncommunes == COMMUNE_DANS)
		return refuse(r, "quatre colonnes au plus.", rest, NULL);
	key = used(r, rest);
	if (key)
		r->c->communes[r->c->ncommunes++] = key;
	return key != NULL;
}

/* "2154 X | Y": the EPSG code, then the columns of x (east) and y (north). */
static bool read_projection(struct reader *r, const char *rest)
{
	const char *bar = strstr(rest, " | ");
	enum projection p;
	char *end;

	r->c->epsg = strtol(rest, &end, 10);
	if (end == rest || !bar || bar < end || !projection_of_epsg(r->c->epsg, &p))
		return refuse(r, "cette projection n'est pas connue.", rest,
			      "Par exemple : projection 2154 X | Y. Codes EPSG : 2154, 5490, 4559, "
			      "2972, 2975, 4471.");
	r->c->x = used(r, trimmed(r->a, end, (size_t)(bar - end)));
	r->c->y = r->c->x ? used(r, trimmed(r->a, bar + 3, strlen(bar + 3))) : NULL;
	return r->c->y != NULL;
}

static const struct word {
	const char *name;
	bool (*read)(struct reader *r, const char *rest);
	bool inside;                    /* belongs to a block */
} words[] = {
	{ "titre", read_titre, false }, { "source", read_source, false },
	{ "complet", read_complet, false },
	{ "format", read_format, false }, { "joindre-liste", read_liste, false },
	{ "feuille", read_feuille, false }, { "entete", read_entete, false },
	{ "reunir", read_reunir, false },
	{ "ignorer", read_ignorer, false }, { "facultatif", read_facultatif, false },
	{ "jour", read_jour, false }, { "horaires-texte", read_horaires, false },
	{ "adresse-entiere", read_adresse, false }, { "projection", read_projection, false },
	{ "commune-dans", read_commune, false },
	{ "champ", read_champ, false }, { "valeur", read_valeur, false },
	{ "table", read_table, false },
	{ "colonne", read_colonne, true }, { "quand", read_quand, true },
	{ "sinon", read_sinon, true }, { "joindre", read_joindre, true },
	{ "couper", read_couper, true }, { "avec-table", read_table_name, true },
	{ "date", read_date, true }, { "morceau", read_morceau, true },
};

static bool read_line(struct reader *r, const char *s, bool indented)
{
	size_t n = strcspn(s, " \t");
	const char *rest = trimmed(r->a, s + n, strlen(s + n));

	if (r->table && indented)
		return read_terme(r, s);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strlen(words[i].name) != n || strncmp(words[i].name, s, n))
			continue;
		if (words[i].inside && !(r->bloc && indented))
			return refuse(r, "cette ligne va dans un bloc « champ » ou « valeur », en "
				      "retrait.", words[i].name, NULL);
		if (!words[i].inside && indented)
			return refuse(r, "cette ligne commence sans retrait.", words[i].name, NULL);
		if (!words[i].inside)
			r->bloc = NULL, r->table = NULL;
		return words[i].read(r, rest);
	}
	return refuse(r, "ce mot n'est pas connu.", arena_strn(r->a, s, n < 60 ? n : 60),
		      "Les mots d'une correspondance sont dans docs/mappings.md.");
}

/* --- what only the whole shows ------------------------------------------------------ */

static bool known_choices(struct reader *r, const struct bloc *b, const char *list, long line)
{
	const struct choice *table = champ_choices(b->champ);

	for (const char *s = list; *s;) {
		size_t n = strcspn(s, "|");
		const char *one = arena_strn(r->a, s, n);

		if (choice_find(table, one) < 0)
			return refuse_at(r, line, arena_printf(r->a, "ce n'est pas une valeur "
					 "nationale de %s.", b->nom), one,
					 "Les valeurs de chaque champ : data/lieu_enumerations.csv.");
		s += n + (s[n] == '|');
	}
	return true;
}

/* What a block gives to a field of the schema: its table if it has one, else its rules and
 * the values that they take; those are no deeper than DEPTH_MOST. */
static bool check_choices(struct reader *r, const struct bloc *field, const struct bloc *b)
{
	for (const struct regle *g = b->regles; g; g = g->next) {
		if (g->valeur && !known_choices(r, field, g->valeur, g->line))
			return false;
		if (g->bloc && !b->table && !check_choices(r, field, g->bloc))
			return false;
	}
	for (const struct terme *t = b->table ? b->table->termes : NULL; t; t = t->next) {
		if (!known_choices(r, field, t->valeur, t->line))
			return false;
	}
	return true;
}

static bool link_bloc(struct reader *r, struct bloc *b)
{
	if (!b->regles)
		return refuse_at(r, b->line, "ce bloc ne dit pas d'où vient sa valeur.", b->nom,
				 "Ajoutez une ligne « colonne », « quand » ou « sinon ».");
	for (struct regle *g = b->regles; g; g = g->next) {
		if (g->kind != REGLE_VALEUR)
			continue;
		for (const struct bloc *k = r->c->blocs; k; k = k->next) {
			if (k->champ < 0 && strcmp(k->nom, g->colonne) == 0)
				g->bloc = k;
		}
		if (!g->bloc)
			return refuse_at(r, g->line, "aucun bloc « valeur » n'a ce nom.", g->colonne,
					 NULL);
	}
	for (const struct table_valeurs *t = r->c->tables; t && b->table_nom; t = t->next) {
		if (strcmp(t->nom, b->table_nom) == 0)
			b->table = t;
	}
	if (b->table_nom && !b->table)
		return refuse_at(r, b->line, "cette table n'est pas écrite dans le fichier.",
				 b->table_nom, NULL);
	return true;
}

/* Values that need each other, at any distance; each block is left for good once. */
static bool no_loop(struct reader *r, const struct bloc *from, int depth)
{
	struct bloc *b = (struct bloc *)(uintptr_t)from;

	if (b->visite == 2)
		return true;
	if (b->visite == 1)
		return refuse_at(r, b->line, "cette valeur a besoin d'elle-même : c'est une boucle.",
				 b->nom, NULL);
	if (depth > DEPTH_MOST)
		return refuse_at(r, b->line, "trop de valeurs les unes dans les autres.", b->nom,
				 NULL);
	b->visite = 1;
	for (const struct regle *g = b->regles; g; g = g->next) {
		if (g->bloc && !no_loop(r, g->bloc, depth + 1))
			return false;
	}
	b->visite = 2;
	return true;
}

static bool check_all(struct reader *r)
{
	bool nom = false;

	for (struct bloc *b = r->c->blocs; b; b = b->next) {
		nom |= b->champ == LIEU_NOM;
		if (!link_bloc(r, b))
			return false;
	}
	for (struct bloc *b = r->c->blocs; b; b = b->next) {
		if (!no_loop(r, b, 0))
			return false;
	}
	for (struct bloc *b = r->c->blocs; b; b = b->next) {
		if (b->champ >= 0 && champ_choices(b->champ) && !check_choices(r, b, b))
			return false;
	}
	if (r->c->format && r->c->blocs)
		return refuse_at(r, r->c->blocs->line, "avec « format », les champs sont déjà connus.",
				 r->c->blocs->nom, "Ôtez les blocs, ou la ligne « format ».");
	if (!nom && !r->c->format)
		return refuse(r, "il manque le bloc « champ nom ».", NULL,
			      "Un lieu sans nom ne peut pas être importé.");
	for (const struct colonne *k = r->c->colonnes; k; k = k->next) {
		bool taken = k->ignoree && k->facultative;

		if (taken)
			return refuse(r, "une colonne ignorée n'a pas à être facultative.", k->nom,
				      NULL);
	}
	return true;
}

/* --- all of it ---------------------------------------------------------------------- */

static bool read_lines(struct reader *r, const char *text, size_t n)
{
	for (const char *s = text, *end = text + n; s < end;) {
		const char *stop = memchr(s, '\n', (size_t)(end - s));
		size_t len = (size_t)((stop ? stop : end) - s);
		const char *line;

		r->line++;
		if (len > LINE_MOST)
			return refuse(r, "cette ligne est trop longue.", NULL, NULL);
		line = trimmed(r->a, s, len);
		if (r->a->spent)
			return arena_refuse(r->a, r->e);
		if (*line && *line != '#' && !read_line(r, line, *s == ' ' || *s == '\t'))
			return false;
		s = stop ? stop + 1 : end;
	}
	return true;
}

bool correspondance_read(struct arena *a, const char *file, const char *text, size_t n,
			 const struct correspondance **out, struct err *e)
{
	struct correspondance *c = NEW(a, struct correspondance);
	struct reader r = { .a = a, .c = c, .file = file, .e = e };

	*out = c;
	if (!c)
		return arena_refuse(a, e);
	if (n > TEXT_MOST || !utf8_valid(text, n) || memchr(text, '\0', n))
		return refuse_at(&r, 1, n > TEXT_MOST ? "cette correspondance dépasse 256 Ko."
				 : "ce n'est pas un texte en UTF-8.", NULL, NULL);
	c->nom = c->titre = file;
	r.bloc_end = &c->blocs;
	r.table_end = &c->tables;
	r.colonne_end = &c->colonnes;
	return read_lines(&r, text, n) && check_all(&r)
	       && (!a->spent || arena_refuse(a, e));
}

static bool read_file(struct arena *a, const char *path, FILE *f,
		      const struct correspondance **out, struct err *e)
{
	char *text = arena_alloc(a, TEXT_MOST + 2);
	size_t n = text ? fread(text, 1, TEXT_MOST + 1, f) : 0;

	fclose(f);
	return text ? correspondance_read(a, path, text, n, out, e) : arena_refuse(a, e);
}

bool correspondance_find(struct arena *a, const char *name,
			 const struct correspondance **out, struct err *e)
{
	const char *ours = arena_cat(a, "data/mappings/", name, ".txt", NULL);
	const struct embedded_file *f = embedded_find(embedded_files, ours);
	FILE *file;

	*out = NULL;
	if (f)
		return correspondance_read(a, ours, f->p, (size_t)(f->end - f->p), out, e);
	file = fopen(name, "rb");
	return !file || read_file(a, name, file, out, e);
}

const char *correspondance_names(struct arena *a)
{
	static const char folder[] = "data/mappings/";
	const char *out = "";

	for (const struct embedded_file *f = embedded_files; f->name; f++) {
		const char *s = f->name + sizeof folder - 1;

		if (strncmp(f->name, folder, sizeof folder - 1) == 0)
			out = arena_printf(a, "%s%s%.*s", out, *out ? ", " : "",
					   (int)(strlen(s) > 4 ? strlen(s) - 4 : 0), s);
	}
	return out;
}
