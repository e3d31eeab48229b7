/* Rows of a CSV become units of one level: codes repaired, levels told apart, sorted. */
#include "observe/indice_table.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "format/csv.h"
#include "observe/nombre.h"
#include "observe/tri.h"

enum { CODE_MOST = 12, FOLDED = 300, SHAPES = 5 };

void entree_remarque(struct entree *t, const char *fmt, ...)
{
	char *to = t->remarques[t->nremarques];
	va_list ap;

	if (t->nremarques == ENTREE_NOTES)
		return;
	va_start(ap, fmt);
	vsnprintf(to, ENTREE_NOTE, fmt, ap);
	va_end(ap);
	utf8_trim_end(to);
	t->nremarques++;
}

/* --- rows as they come ------------------------------------------------------------ */

struct ligne {
	char code[CODE_MOST];
	const char *nom;
	long line;
	double population;
	const double *x;                /* one per column of the method that is there */
	const uint8_t *marques;
};

struct lignes {
	struct arena *a;
	struct entree *t;
	struct csv *csv;
	const char *name;
	int code, nom, population;      /* columns; -1 */
	int column[METHODE_INDICATEURS];
	int mine[METHODE_INDICATEURS], nmine;   /* indicators that have a column */
	double bas[METHODE_INDICATEURS], haut[METHODE_INDICATEURS];
	struct ligne *rows;
	size_t n, room;
	size_t repaired;
};

static int column_of(const struct csv *c, const char *const *names)
{
	for (; *names; names++) {
		int at = csv_column(c, *names);

		if (at >= 0)
			return at;
	}
	return -1;
}

/* Another column whose name is the same but for case and accents; -1. */
static int column_again(const struct csv *c, int at)
{
	char one[FOLDED], other[FOLDED];
	const struct csv_row *h = csv_header(c);

	utf8_fold(h->cells[at], one, sizeof one);
	for (size_t i = (size_t)at + 1; i < h->n; i++) {
		utf8_fold(h->cells[i], other, sizeof other);
		if (!strcmp(one, other))
			return (int)i;
	}
	return -1;
}

/* The column of an indicator: its code, or one of its other names; two are one too many. */
static bool find_column(struct lignes *l, int i, struct err *e)
{
	const struct methode_indicateur *x = &l->t->m->indicateurs[i];
	int at = csv_column(l->csv, x->code);

	for (int k = 0; k < x->ncolonnes; k++) {
		int other = csv_column(l->csv, x->colonnes[k]);

		if (at >= 0 && other >= 0 && other != at) {
			fail(e, E_INPUT, "%s:1: les colonnes « %.40s » et « %.40s » disent toutes "
			     "deux %s.", l->name, csv_header(l->csv)->cells[at],
			     csv_header(l->csv)->cells[other], x->code);
			return hint(e, "Gardez-en une.");
		}
		at = at >= 0 ? at : other;
	}
	if (at >= 0 && column_again(l->csv, at) >= 0) {
		fail(e, E_INPUT, "%s:1: la colonne « %.40s » est là deux fois.", l->name,
		     csv_header(l->csv)->cells[at]);
		return hint(e, "Gardez-en une : rien ne dit laquelle croire.");
	}
	l->column[i] = at;
	if (at >= 0)
		l->mine[l->nmine++] = i;
	return true;
}

static int last_column(const struct lignes *l)
{
	int last = l->code > l->nom ? l->code : l->nom;

	last = l->population > last ? l->population : last;
	for (int k = 0; k < l->nmine; k++)
		last = l->column[l->mine[k]] > last ? l->column[l->mine[k]] : last;
	return last;
}

static bool find_columns(struct lignes *l, struct err *e)
{
	static const char *const codes[] = { "code", "codgeo", "iris", "code_iris", "dciris",
		"code_insee", "insee_code", "insee_com", "codecom", "com", "siren_epci",
		"code_siren", "siren", "epci", "dep", "code_departement", "reg", "code_region",
		"geo", "depcom", NULL };
	static const char *const noms[] = { "nom", "name", "libelle", "libgeo", "libiris",
		"nom_iris", "nom_com", "nom_commune", NULL };
	static const char *const populations[] = { "population", "pop", "habitants", NULL };
	const struct methode *m = l->t->m;

	l->code = column_of(l->csv, codes);
	l->nom = column_of(l->csv, noms);
	l->population = column_of(l->csv, populations);
	if (l->code < 0) {
		fail(e, E_INPUT, "%s:1: aucune colonne ne donne le code des territoires.", l->name);
		return hint(e, "Nommez-la « code » : codes INSEE (ou SIREN des EPCI), en texte.");
	}
	for (int i = 0; i < m->n; i++) {
		if (!find_column(l, i, e))
			return false;
	}
	if (l->nmine) {
		csv_until(l->csv, last_column(l));
		return true;
	}
	fail(e, E_INPUT, "%s:1: aucune colonne n’est un indicateur de %s.", l->name, m->nom);
	return hint(e, "Elle attend par exemple « %.40s » ; « tremplin indice check %.40s » les "
		    "montre tous.", m->indicateurs[0].code, m->nom);
}

/* --- cells ------------------------------------------------------------------------ */

/* The marks of who publishes, and what people write for nothing. */
static bool read_mark(const char *s, uint8_t *mark)
{
	static const struct { const char *word; enum indicateur_statut statut; } marks[] = {
		{ "", STATUT_NON_DISPONIBLE }, { "nd", STATUT_NON_DISPONIBLE },
		{ "n d", STATUT_NON_DISPONIBLE }, { "na", STATUT_NON_DISPONIBLE },
		{ "n a", STATUT_NON_DISPONIBLE }, { "nan", STATUT_NON_DISPONIBLE },
		{ "null", STATUT_NON_DISPONIBLE }, { "s", STATUT_SECRET },
		{ "c", STATUT_SECRET }, { "secret", STATUT_SECRET },
		{ "ns", STATUT_NON_SIGNIFICATIF }, { "so", STATUT_SANS_OBJET },
		{ "sans objet", STATUT_SANS_OBJET },
	};
	char word[16];

	utf8_fold(s, word, sizeof word);
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (!strcmp(marks[i].word, word) && (*word || !*s || !strcmp(s, "-")
						     || !strcmp(s, "..") || !strcmp(s, "."))) {
			*mark = (uint8_t)marks[i].statut;
			return true;
		}
	}
	return false;
}

static bool read_cells(struct lignes *l, const struct csv_row *row, struct ligne *to,
		       struct err *e)
{
	/* The marks stand behind the numbers. */
	double *x = arena_alloc(l->a, (size_t)l->nmine * (sizeof *x + 1));
	uint8_t *marks = (uint8_t *)(x + l->nmine);

	if (!x)
		return arena_refuse(l->a, e);
	to->x = x;
	to->marques = marks;
	for (int k = 0; k < l->nmine; k++) {
		const char *cell = row->cells[l->column[l->mine[k]]];

		if (nombre_lire(cell, &x[k]))
			continue;
		x[k] = NAN;
		if (!read_mark(cell, &marks[k])) {
			fail(e, E_INPUT, "%s:%ld: %s : « %.40s » n’est pas un nombre.", l->name,
			     row->line, l->t->m->indicateurs[l->mine[k]].code, cell);
			return hint(e, "Laissez la case vide quand la valeur manque (s, ns, nd et so "
				    "sont compris).");
		}
	}
	return true;
}

static bool read_row(struct lignes *l, const struct csv_row *row, struct err *e)
{
	const char *code = row->cells[l->code];
	struct ligne *to;
	uint8_t mark;

	if (l->n == l->room) {
		/* As many again, or what the file's size promises. */
		size_t more = l->room ? l->room * 2 : 4096;
		size_t guess = (size_t)((double)l->n / (csv_progress(l->csv) + 0.001) * 1.3);
		struct ligne *p;

		more = l->room && guess > more ? guess : more;
		p = NEW_ROOM(l->a, more, struct ligne);
		if (!p)
			return arena_refuse(l->a, e);
		if (l->n)
			memcpy(p, l->rows, l->n * sizeof *p);
		l->rows = p;
		l->room = more;
	}
	to = &l->rows[l->n++];
	*to = (struct ligne){ .line = row->line, .population = NAN };
	if (!*code)
		return fail(e, E_INPUT, "%s:%ld: cette ligne n’a pas de code de territoire.",
			    l->name, row->line);
	if (strlen(code) >= CODE_MOST)
		return fail(e, E_INPUT, "%s:%ld: « %.30s » n’est pas le code d’un territoire.",
			    l->name, row->line, code);
	memcpy(to->code, code, strlen(code) + 1);
	to->nom = l->nom < 0 ? "" : arena_str(l->a, row->cells[l->nom]);
	if (l->population >= 0 && !nombre_lire(row->cells[l->population], &to->population)
	    && !read_mark(row->cells[l->population], &mark))
		return fail(e, E_INPUT, "%s:%ld: population : « %.30s » n’est pas un nombre.",
			    l->name, row->line, row->cells[l->population]);
	if (to->population < 0)
		return fail(e, E_INPUT, "%s:%ld: une population ne peut pas être négative.",
			    l->name, row->line);
	return read_cells(l, row, to, e);
}

/* --- levels and codes ------------------------------------------------------------- */

/* What a code looks like; -1: nothing known. */
static int shape_of(const struct decoupage *d, const char *code)
{
	size_t n = strlen(code);

	if (n == 9 && decoupage_find(d, NIVEAU_EPCI, code) != DECOUPAGE_RIEN)
		return NIVEAU_EPCI;
	if (n == 9 || n == 8)
		return NIVEAU_IRIS;
	if (n == 5 || n == 4)
		return NIVEAU_COMMUNE;
	return n <= 3 ? NIVEAU_DEPARTEMENT : -1;
}

static enum niveau guess_level(const struct lignes *l)
{
	size_t counts[NIVEAUX] = { 0 };
	int best = NIVEAU_COMMUNE;

	for (size_t i = 0; i < l->n; i++) {
		int shape = shape_of(l->t->d, l->rows[i].code);

		if (shape >= 0)
			counts[shape]++;
	}
	for (int k = 0; k < NIVEAUX; k++) {
		if (counts[k] > counts[best])
			best = k;
	}
	return (enum niveau)best;
}

/* Makes the code one of the level, with the zero that a spreadsheet ate; false: it is not. */
static bool repair(struct lignes *l, struct ligne *r, enum niveau niveau)
{
	static const size_t lengths[NIVEAUX] = { 9, 5, 9, 2, 2, 2 };
	size_t n = strlen(r->code), want = lengths[niveau];
	char code[CODE_MOST];

	if (niveau == NIVEAU_DEPARTEMENT && n == 3)
		return r->code[0] == '9';
	if (n == want)
		return true;
	if (n + 1 != want || niveau == NIVEAU_EPCI || strspn(r->code, "0123456789") != n)
		return false;
	snprintf(code, sizeof code, "0%.10s", r->code);
	memcpy(r->code, code, sizeof code);
	l->repaired++;
	return true;
}

/* By code, then by line. */
static bool put_in_order(struct arena *a, struct ligne *rows, size_t n, struct err *e)
{
	struct ligne *copy = NEW_ROOM(a, n, struct ligne);
	struct tri *t = NEW_ROOM(a, 2 * n, struct tri);

	if (!copy || !t)
		return arena_refuse(a, e);
	for (size_t i = 0; i < n; i++)
		t[i] = (struct tri){ tri_tete(rows[i].code), (uint32_t)i };
	tri_ranger(t, t + n, n);
	memcpy(copy, rows, n * sizeof *rows);
	for (size_t i = 0; i < n; i++) {
		struct ligne r = copy[t[i].i];
		size_t k = i;

		/* What follows the eighth byte: a few units of one commune. */
		for (; k && strcmp(rows[k - 1].code, r.code) > 0; k--)
			rows[k] = rows[k - 1];
		rows[k] = r;
	}
	return true;
}

static const char *code_of(const void *p)
{
	return ((const struct ligne *)p)->code;
}

static bool sort_rows(struct lignes *l, struct ligne *rows, size_t n, struct err *e)
{
	if (!tri_morceaux(l->a, rows, n, sizeof *rows, code_of)
	    && !put_in_order(l->a, rows, n, e))
		return false;
	for (size_t i = 1; i < n; i++) {
		if (strcmp(rows[i - 1].code, rows[i].code) != 0)
			continue;
		fail(e, E_INPUT, "%s:%ld: le territoire %s est déjà à la ligne %ld.", l->name,
		     rows[i].line, rows[i].code, rows[i - 1].line);
		return hint(e, "Gardez une ligne par territoire.");
	}
	return true;
}

/* Rows of the level that lends values go first; gives how many. */
static bool split_rows(struct lignes *l, size_t *lenders, struct err *e)
{
	struct entree *t = l->t;
	bool lends = !t->notes && t->m->manquant == MANQUANT_PARENT
		&& t->m->manquant_niveau > t->niveau;
	size_t kept = 0, lent = 0;
	struct ligne *out = lends ? NEW_ROOM(l->a, l->n, struct ligne) : NULL;

	if (lends && !out)
		return arena_refuse(l->a, e);
	for (size_t i = 0; i < l->n; i++) {
		struct ligne *r = &l->rows[i];
		int shape = shape_of(t->d, r->code);

		if (lends && shape == (int)t->m->manquant_niveau
		    && repair(l, r, t->m->manquant_niveau)) {
			out[lent++] = *r;
		} else if (repair(l, r, t->niveau)) {
			l->rows[kept++] = *r;
		} else {
			fail(e, E_INPUT, "%s:%ld: « %s » n’est pas un code de niveau %s.", l->name,
			     r->line, r->code, niveau_mots[t->niveau]);
			return hint(e, "Un fichier a un seul niveau ; --input-level dit lequel "
				    "(iris, commune, epci, departement, region).");
		}
	}
	if (lends) {
		memcpy(out + lent, l->rows, kept * sizeof *out);
		l->rows = out;
	}
	*lenders = lent;
	if (!kept) {
		fail(e, E_INPUT, "%s:%ld: aucune ligne n’est de niveau %s.", l->name,
		     l->rows[0].line, niveau_mots[t->niveau]);
		return hint(e, "Elles sont toutes de niveau %s : --input-level le dit.",
			    niveau_mots[t->m->manquant_niveau]);
	}
	return sort_rows(l, l->rows, lent, e) && sort_rows(l, l->rows + lent, kept, e);
}

/* --- units ------------------------------------------------------------------------ */

static bool make_units(struct lignes *l, const struct ligne *rows, size_t n,
		       enum niveau niveau, struct unites *u, double **x, uint8_t **marks,
		       struct err *e)
{
	double *cols[METHODE_INDICATEURS];
	uint8_t *marques[METHODE_INDICATEURS];

	if (!unites_new(l->a, u, niveau, n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		u->codes[i] = rows[i].code;
		u->noms[i] = rows[i].nom;
		u->population[i] = rows[i].population;
		u->etat[i] = UNITE_CLASSEE | UNITE_COMPTE;
	}
	for (int k = 0; k < l->nmine; k++) {
		cols[k] = x[l->mine[k]] = NEW_ROOM(l->a, n, double);
		marques[k] = NEW_ROOM(l->a, n, uint8_t);
		if (!cols[k] || !marques[k])
			return arena_refuse(l->a, e);
		if (marks)
			marks[l->mine[k]] = marques[k];
	}
	for (size_t i = 0; i < n; i++) {
		for (int k = 0; k < l->nmine; k++) {
			cols[k][i] = rows[i].x[k];
			marques[k][i] = rows[i].marques[k];
		}
	}
	return true;
}

/* Scores stand on their scale, but for territories without inhabitants. */
static bool check_scale(struct lignes *l, const struct ligne *rows, struct err *e)
{
	const struct entree *t = l->t;

	for (size_t i = 0; t->notes && i < t->u.n; i++) {
		for (int k = 0; k < l->nmine; k++) {
			int at = l->mine[k];
			double bas, haut, v = t->x[at][i];

			norme_bornes(&t->m->indicateurs[at].norme, &bas, &haut);
			if (isnan(v) || t->u.etat[i] & UNITE_VIDE
			    || (v >= bas - 1e-6 && v <= haut + 1e-6))
				continue;
			fail(e, E_INPUT, "%s:%ld: %s : %g sort de l’échelle (%g à %g).", l->name,
			     rows[i].line, t->m->indicateurs[at].code, v, bas, haut);
			return hint(e, "Des valeurs brutes se donnent par --input ; une valeur qui "
				    "manque est une case vide, jamais un zéro.");
		}
	}
	return true;
}

static void say_what_was_read(struct lignes *l)
{
	struct entree *t = l->t;
	const struct methode *m = t->m;
	char absent[160] = "";
	int n = 0;

	if (l->repaired)
		entree_remarque(t, "%zu codes avaient perdu leur zéro de tête : rendu.", l->repaired);
	for (int i = 0; i < m->n; i++) {
		size_t at = strlen(absent);

		if (l->column[i] >= 0 || !m->indicateurs[i].choisi)
			continue;
		snprintf(absent + at, sizeof absent - at, "%s%s", n++ ? ", " : "",
			 m->indicateurs[i].code);
	}
	if (n)
		entree_remarque(t, "Sans colonne dans le fichier, donc hors de l’indice : %s.",
				absent);
}

static bool read_opened(struct arena *a, const struct methode *m, struct csv *csv,
			const char *name, bool notes, struct lignes **out, struct err *e)
{
	struct lignes *l = NEW(a, struct lignes);
	struct csv_row row;

	if (!l)
		return arena_refuse(a, e);
	*l = (struct lignes){ .a = a, .csv = csv, .name = arena_str(a, name),
			      .t = NEW(a, struct entree) };
	if (!l->t)
		return arena_refuse(a, e);
	*l->t = (struct entree){ .m = m, .notes = notes, .origine = l->name };
	if (!find_columns(l, e))
		return false;
	e->kind = E_OK;
	while (csv_next(csv, &row, e)) {
		if (!read_row(l, &row, e))
			return false;
	}
	if (e->kind != E_OK)
		return false;
	l->csv = NULL;
	*out = l;
	return l->n || fail(e, E_INPUT, "%s:1: ce fichier n’a aucune ligne.", l->name);
}

bool lignes_lire(struct arena *a, const struct methode *m, const char *path, bool notes,
		 struct lignes **out, struct err *e)
{
	CLEANUP(csv_close) struct csv *csv = NULL;

	return csv_open(path, &csv, e) && read_opened(a, m, csv, path, notes, out, e);
}

bool entree_faire(struct lignes *l, const struct decoupage *d, int niveau, struct entree **out,
		  struct err *e)
{
	struct entree *t = l->t;
	size_t lent = 0;

	t->d = d;
	t->niveau = niveau >= 0 ? (enum niveau)niveau : guess_level(l);
	t->populations = l->population >= 0;
	if (!split_rows(l, &lent, e)
	    || !make_units(l, l->rows, lent, t->m->manquant_niveau, &t->parents, t->prets, NULL, e)
	    || !make_units(l, l->rows + lent, l->n - lent, t->niveau, &t->u, t->x, t->marques, e)
	    || !entree_situer(l->a, t, e) || !check_scale(l, l->rows + lent, e)
	    || !entree_completer(l->a, t, e))
		return false;
	say_what_was_read(l);
	*out = t;
	return true;
}

bool entree_lire(struct arena *a, const struct methode *m, const struct decoupage *d,
		 const char *path, int niveau, bool notes, struct entree **out, struct err *e)
{
	struct lignes *l;

	return lignes_lire(a, m, path, notes, &l, e) && entree_faire(l, d, niveau, out, e);
}

bool entree_lire_texte(struct arena *a, const struct methode *m, const struct decoupage *d,
		       const char *name, const char *text, size_t n, int niveau, bool notes,
		       struct entree **out, struct err *e)
{
	CLEANUP(csv_close) struct csv *csv = NULL;
	struct lignes *l;

	return csv_open_text(name, text, n, &csv, e)
		&& read_opened(a, m, csv, name, notes, &l, e)
		&& entree_faire(l, d, niveau, out, e);
}
