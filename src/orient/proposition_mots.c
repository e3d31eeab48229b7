#include "orient/proposition_mots.h"

#include <string.h>

#include "base/embedded.h"
#include "base/utf8.h"
#include "format/csv.h"

enum { MOTS_MOST = 2000, FOLDED_MOST = 400, NEAR = 72 };

static const char words_file[] = "data/mots_des_colonnes.csv";

/* --- reading ------------------------------------------------------------------------- */

/* "Conseiller* numérique*" as "conseiller* numerique*". */
static const char *motif_of(struct arena *a, const char *s, size_t n)
{
	const char *out = "", *end = s + n;

	while (s < end) {
		size_t k = strcspn(s, " |");
		char folded[FOLDED_MOST];
		bool star;

		k = k < (size_t)(end - s) ? k : (size_t)(end - s);
		star = k && s[k - 1] == '*';
		utf8_fold(arena_strn(a, s, k), folded, sizeof folded);
		if (*folded)
			out = arena_cat(a, out, *out ? " " : "", folded, star ? "*" : "", NULL);
		s += k + 1;
	}
	return out;
}

static void take_words(struct mots *m, enum lieu_field f, int valeur, const char *list)
{
	for (const char *s = list; *s;) {
		size_t n = strcspn(s, "|");
		const char *motif = motif_of(m->a, s, n);

		if (*motif && m->n < MOTS_MOST)
			m->liste[m->n++] = (struct mot){ f, valeur, motif, strlen(motif) };
		s += n + (s[n] == '|');
	}
}

static bool take_row(struct mots *m, const struct csv_row *row, struct err *e)
{
	for (int f = 0; f < LIEU_FIELDS; f++) {
		const struct lieu_field_rule *rule = &lieu_field_rules[f];
		int valeur = -1;

		if (strcmp(rule->name, row->cells[0]))
			continue;
		if (*row->cells[1])
			valeur = rule->choices ? choice_find(rule->choices, row->cells[1]) : -1;
		if (*row->cells[1] && valeur < 0)
			break;
		take_words(m, (enum lieu_field)f, valeur, row->cells[2]);
		return true;
	}
	fail(e, E_INPUT, "« %.80s », « %.80s » : champ ou valeur inconnus.", row->cells[0],
	     row->cells[1]);
	return fail_at(e, words_file, row->line);
}

/* The embedded table, without its lines of comment. */
static bool open_words(struct csv **out, struct err *e)
{
	const struct embedded_file *f = embedded_find(embedded_files, words_file);
	const char *p = f->p;

	while (p < f->end && *p == '#')
		p = (const char *)memchr(p, '\n', (size_t)(f->end - p)) + 1;
	return csv_open_text(words_file, p, (size_t)(f->end - p), out, e);
}

static bool fold_choices(struct mots *m, struct err *e)
{
	for (int f = 0; f < LIEU_FIELDS; f++) {
		const struct choice *table = lieu_field_rules[f].choices;
		size_t n = table ? choice_count(table) : 0;
		struct proche *list = NEW_ARRAY(m->a, n + 1, struct proche);

		if (!list)
			return arena_refuse(m->a, e);
		for (size_t i = 0; i < n; i++) {
			const char *texts[2] = { table[i].value, table[i].label };

			list[i].valeur = table[i].value;
			for (int k = 0; k < 2; k++) {
				list[i].mots[k] = motif_of(m->a, texts[k], strlen(texts[k]));
				list[i].signes[k] = strlen(list[i].mots[k]);
			}
		}
		m->proches[f] = list;
	}
	return true;
}

bool mots_read(struct arena *a, struct mots *out, struct err *e)
{
	CLEANUP(csv_close) struct csv *c = NULL;
	struct csv_row row;

	*out = (struct mots){ .a = a, .migration = migration_read(a),
			      .liste = NEW_ARRAY(a, MOTS_MOST, struct mot) };
	if (!out->liste || !out->migration)
		return arena_refuse(a, e);
	if (!fold_choices(out, e) || !open_words(&c, e))
		return false;
	while (csv_next(c, &row, e)) {
		if (!take_row(out, &row, e))
			return false;
	}
	return e->kind == E_OK && (!a->spent || arena_refuse(a, e));
}

/* --- comparing ----------------------------------------------------------------------- */

/* Does `text` (folded) begin with the words of the pattern?  Gives where they end. */
static const char *begins(const char *text, const char *motif)
{
	while (*motif) {
		if (*motif == '*') {
			text += strcspn(text, " ");
			motif++;
		} else if (*motif++ != *text++) {
			return NULL;
		}
	}
	return *text == ' ' || !*text ? text : NULL;
}

static bool holds(const char *text, const char *motif)
{
	for (const char *s = text; *s; s += *s == ' ') {
		if (begins(s, motif))
			return true;
		s += strcspn(s, " ");
	}
	return false;
}

static double name_score(const char *folded, const struct mot *w)
{
	const char *end = begins(folded, w->motif);

	if (end && !*end)
		return 1;
	if (!*folded || !holds(folded, w->motif))
		return 0;
	return 0.45 + 0.45 * (double)w->signes / (double)strlen(folded);
}

double mots_nom(const struct mots *m, enum lieu_field f, const char *nom)
{
	const char *dot = strrchr(nom, '.');
	char whole[FOLDED_MOST], last[FOLDED_MOST];
	double best = 0;

	utf8_fold(nom, whole, sizeof whole);
	utf8_fold(dot && dot[1] ? dot + 1 : nom, last, sizeof last);
	for (size_t i = 0; i < m->n; i++) {
		const struct mot *w = &m->liste[i];
		double score, end;

		if (w->champ != f || w->valeur >= 0)
			continue;
		score = name_score(whole, w);
		end = dot ? 0.95 * name_score(last, w) : 0;
		best = score > best ? score : best;
		best = end > best ? end : best;
	}
	return best;
}

/* Shared pairs of letters, of a hundred (Dice). */
static int likeness(const char *x, size_t nx, const char *y, size_t ny)
{
	bool used[FOLDED_MOST] = { false };
	size_t both = 0;

	if (nx < 6 || ny < 6 || 5 * nx < 3 * ny || 5 * ny < 3 * nx)
		return 0;
	for (size_t i = 0; i + 1 < nx; i++) {
		for (size_t k = 0; k + 1 < ny; k++) {
			if (!used[k] && x[i] == y[k] && x[i + 1] == y[k + 1]) {
				used[k] = true;
				both++;
				break;
			}
		}
	}
	return (int)(200 * both / (nx + ny - 2));
}

static const char *by_words(const struct mots *m, enum lieu_field f, const char *folded)
{
	const struct mot *best = NULL;

	for (size_t i = 0; i < m->n; i++) {
		const struct mot *w = &m->liste[i];

		if (w->champ == f && w->valeur >= 0 && (!best || w->signes > best->signes)
		    && holds(folded, w->motif))
			best = w;
	}
	return best ? lieu_field_rules[f].choices[best->valeur].value : NULL;
}

/* What the tables of older schemas say of the value. */
static const char *by_migration(const struct mots *m, enum lieu_field f, const char *valeur)
{
	const char *name = lieu_field_rules[f].name;
	struct lieu_notes notes = lieu_notes_new(NULL);
	struct lieu_mapping map = { m->a, &notes, m->migration, 0, NULL };
	struct lieu_draft d;

	if (!migration_knows(m->migration, name, valeur, strlen(valeur)))
		return NULL;
	for (int i = 0; i < LIEU_FIELDS; i++)
		d.v[i] = "";
	migrate_list(&map, name, valeur, &d);
	lieu_notes_free(&notes);
	return *d.v[f] ? d.v[f] : NULL;
}

static const char *by_likeness(const struct proche *list, const char *folded)
{
	const char *near = NULL;
	int best = NEAR;

	for (; list->valeur; list++) {
		for (int k = 0; k < 2; k++) {
			int like = likeness(folded, strlen(folded), list->mots[k], list->signes[k]);

			if (like > best) {
				best = like;
				near = list->valeur;
			}
		}
	}
	return near;
}

const char *mots_valeur(const struct mots *m, enum lieu_field f, const char *valeur, bool *exact)
{
	const char *found;
	char folded[FOLDED_MOST];

	utf8_fold(valeur, folded, sizeof folded);
	*exact = false;
	for (const struct proche *p = m->proches[f]; p->valeur; p++) {
		*exact = strcmp(folded, p->mots[0]) == 0;
		if (*exact || strcmp(folded, p->mots[1]) == 0)
			return p->valeur;
	}
	found = by_migration(m, f, valeur);
	found = found ? found : by_words(m, f, folded);
	return found ? found : by_likeness(m->proches[f], folded);
}

const char *mots_oui(const struct mots *m, enum lieu_field f, const char *nom)
{
	char folded[FOLDED_MOST];

	utf8_fold(nom, folded, sizeof folded);
	return by_words(m, f, folded);
}
