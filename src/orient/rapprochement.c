#include "orient/rapprochement.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "orient/lieu_fusion.h"
#include "orient/lieu_parole.h"
#include "orient/rapprochement_blocs.h"
#include "orient/rapprochement_regle.h"
#include "orient/rapprochement.sql.h"

enum { CLUSTER_MOST = 24, ROW_ARENA = 256 << 10, PLACE_MOST = 32 << 20 };
static const size_t memory_most = (size_t)1 << 30;

/* A pair that is not different. */
struct paire {
	uint32_t x, y;          /* rows; x < y */
	double score;
	bool dit;               /* somebody said so */
	bool sure;              /* enough to merge by itself */
	const char *raisons;
};

/* What a person said of two rows. */
struct mot_dit {
	uint32_t x, y;
	bool meme;
};

struct find {
	struct arena a;         /* as long as the search */
	struct arena row;       /* one row */
	struct vocabulaire *v;
	struct poids poids;
	const struct rapprochement_ask *ask;
	struct rapprochement_totals *out;
	struct traits *rows;    /* sorted by place, source, id */
	size_t n, room;
	uint32_t nlieux;
	uint32_t *par_cle;      /* rows sorted by source and id */
	struct paire *paires;
	size_t npaires, rpaires;
	struct mot_dit *dits;
	size_t ndits, rdits;
	uint32_t *parent, *next, *taille;       /* of places: sets, and a ring of rows each */
	const char *propre;     /* id of the source of what places say themselves; NULL */
};

static void find_free(struct find *f)
{
	free(f->rows);
	free(f->par_cle);
	free(f->paires);
	free(f->dits);
	free(f->parent);
	free(f->next);
	free(f->taille);
	arena_free(&f->row);
	arena_free(&f->a);
}

static const char *text_of(const char *s)
{
	return s ? s : "";
}

static bool no_memory(struct err *e)
{
	return fail(e, E_LIMIT, "la mémoire manque pour rapprocher autant de lieux.");
}

/* One more element of an array made by malloc; NULL without memory. */
static void *grown(void *array, size_t n, size_t *room, size_t size)
{
	void *p = array;

	if (n == *room) {
		size_t more = *room ? *room * 2 : 1024;

		p = realloc(array, more * size);
		if (p)
			*room = more;
	}
	return p;
}

/* --- reading ------------------------------------------------------------------------ */

static void texts_of_row(const struct rapprochement_lignes_row *row, struct traits_texte *t)
{
	*t = (struct traits_texte){
		.nom = row->nom, .adresse = text_of(row->adresse), .commune = row->commune,
		.insee = text_of(row->code_insee), .postal = text_of(row->code_postal),
		.pivot = text_of(row->pivot), .telephone = text_of(row->telephone),
		.courriels = text_of(row->courriels), .site_web = text_of(row->site_web),
		.lat = row->latitude_null ? NAN : row->latitude,
		.lon = row->longitude_null ? NAN : row->longitude,
		.position_commune = strcmp(row->position, "commune") == 0,
	};
}

static void texts_of_parole(const struct lieu_record *r, struct traits_texte *t)
{
	*t = (struct traits_texte){
		.nom = r->v[LIEU_NOM], .adresse = r->v[LIEU_ADRESSE],
		.commune = r->v[LIEU_COMMUNE], .insee = r->v[LIEU_CODE_INSEE],
		.postal = r->v[LIEU_CODE_POSTAL], .pivot = r->v[LIEU_PIVOT],
		.telephone = r->v[LIEU_TELEPHONE], .courriels = r->v[LIEU_COURRIELS],
		.site_web = r->v[LIEU_SITE_WEB], .lat = r->lat, .lon = r->lon,
		.position_commune = r->position_commune,
	};
}

static bool read_row(const struct rapprochement_lignes_row *row, void *arg, struct err *e)
{
	struct find *f = arg;
	struct traits_texte text;
	struct parole said;
	const char *provider = text_of(row->source);
	struct traits *t = grown(f->rows, f->n, &f->room, sizeof *t);

	if (!t)
		return no_memory(e);
	f->rows = t;
	if (f->propre && strcmp(row->source_id, f->propre) == 0)
		return true;
	t = &f->rows[f->n];
	memset(t, 0, sizeof *t);
	texts_of_row(row, &text);
	if (row->valeurs) {
		if (!parole_read(&f->row, row->valeurs, &said, e))
			return false;
		texts_of_parole(&said.rec, &text);
		provider = said.rec.v[LIEU_SOURCE];
	}
	t->source = arena_str(&f->a, row->source_id);
	t->id_source = arena_str(&f->a, row->id_source);
	t->lieu_id = arena_str(&f->a, row->lieu_id);
	t->liste = *provider ? arena_cat(&f->a, t->source, "|", provider, NULL) : t->source;
	t->neuf = f->ask->tout || !row->rapproche_le;
	t->protege = strcmp(row->publication, "protege") == 0;
	if (!f->n || strcmp(f->rows[f->n - 1].lieu_id, t->lieu_id))
		f->nlieux++;
	t->lieu = f->nlieux - 1;
	if (!traits_read(f->v, &text, t))
		return arena_refuse(&f->a, e);
	f->out->neuves += t->neuf;
	f->n++;
	arena_reset(&f->row);
	return true;
}

static int key_cmp(const struct traits *t, const char *source, const char *id)
{
	int d = strcmp(t->source, source);

	return d ? d : strcmp(t->id_source, id);
}

static int by_key(const void *a, const void *b, void *arg)
{
	const struct traits *rows = arg;
	const struct traits *x = &rows[*(const uint32_t *)a], *y = &rows[*(const uint32_t *)b];

	return key_cmp(x, y->source, y->id_source);
}

/* The row of that source and id; -1. */
static int64_t row_of(const struct find *f, const char *source, const char *id)
{
	size_t low = 0, high = f->n;

	while (low < high) {
		size_t mid = (low + high) / 2;
		int d = key_cmp(&f->rows[f->par_cle[mid]], source, id);

		if (!d)
			return f->par_cle[mid];
		if (d < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return -1;
}

static bool read_said(const struct rapprochement_dits_row *row, void *arg, struct err *e)
{
	struct find *f = arg;
	int64_t x = row_of(f, row->source_a, row->id_a), y = row_of(f, row->source_b, row->id_b);
	struct mot_dit *d;

	if (x < 0 || y < 0)
		return true;
	d = grown(f->dits, f->ndits, &f->rdits, sizeof *d);
	if (!d)
		return no_memory(e);
	f->dits = d;
	f->dits[f->ndits++] = (struct mot_dit){ (uint32_t)(x < y ? x : y),
		(uint32_t)(x < y ? y : x), strcmp(row->etat, "meme") == 0 };
	return true;
}

static int by_rows(const void *a, const void *b)
{
	const struct mot_dit *x = a, *y = b;

	if (x->x != y->x)
		return x->x < y->x ? -1 : 1;
	return (x->y > y->y) - (x->y < y->y);
}

static bool read_all(struct find *f, struct db *db, struct err *e)
{
	struct rapprochement_source_propre_row own;
	bool found;

	f->v = vocabulaire_new(&f->a);
	if (!f->v)
		return no_memory(e);
	if (!poids_read(&f->poids, e)
	    || !rapprochement_source_propre(db, &f->a, &own, &found, e))
		return false;
	f->propre = found ? own.id : NULL;
	if (!rapprochement_lignes(db, read_row, f, e))
		return false;
	f->out->lignes = f->n;
	if (!vocabulaire_peser(f->v, f->n))
		return arena_refuse(&f->a, e);
	f->par_cle = calloc(f->n + 1, sizeof *f->par_cle);
	if (!f->par_cle)
		return no_memory(e);
	for (size_t i = 0; i < f->n; i++)
		f->par_cle[i] = (uint32_t)i;
	qsort_r(f->par_cle, f->n, sizeof *f->par_cle, by_key, f->rows);
	if (!rapprochement_dits(db, read_said, f, e))
		return false;
	if (f->ndits)
		qsort(f->dits, f->ndits, sizeof *f->dits, by_rows);
	return true;
}

/* --- measuring ---------------------------------------------------------------------- */

/* What was said of two rows: 1 the same, -1 different, 0 nothing. */
static int said(const struct find *f, uint32_t x, uint32_t y)
{
	struct mot_dit key = { x < y ? x : y, x < y ? y : x, false };
	const struct mot_dit *d = f->ndits ? bsearch(&key, f->dits, f->ndits, sizeof key, by_rows)
				  : NULL;

	return !d ? 0 : d->meme ? 1 : -1;
}

static bool keep(struct find *f, const struct paire *pair, struct err *e)
{
	struct paire *p = grown(f->paires, f->npaires, &f->rpaires, sizeof *p);

	if (!p)
		return no_memory(e);
	f->paires = p;
	f->paires[f->npaires++] = *pair;
	return true;
}

static void print_pair(const struct find *f, const struct traits *x, const struct traits *y,
		       double score, const double m[MESURES])
{
	fprintf(f->ask->paires, "%s\t%s\t%s\t%s\t%.4f", x->source, x->id_source, y->source,
		y->id_source, score);
	for (int i = 1; i < MESURES; i++)
		fprintf(f->ask->paires, "\t%.3g", m[i]);
	fputc('\n', f->ask->paires);
}

static bool measure_all(struct find *f, struct err *e)
{
	struct candidats c;
	bool good = candidats_find(f->v, f->rows, f->n, &c, e);

	f->out->paires = c.n;
	for (size_t i = 0; good && i < c.n; i++) {
		uint32_t x = (uint32_t)(c.v[i] >> 32), y = (uint32_t)c.v[i];
		double m[MESURES], score;

		traits_mesurer(f->v, &f->rows[x], &f->rows[y], m);
		score = regle_score(&f->poids, m);
		if (f->ask->paires && score >= f->ask->au_moins)
			print_pair(f, &f->rows[x], &f->rows[y], score, m);
		if (score >= f->poids.doute && said(f, x, y) == 0)
			good = keep(f, &(struct paire){ x, y, score, false,
				regle_sure(f->v, &f->poids, &f->rows[x], &f->rows[y], m, score),
				poids_raisons(&f->a, &f->poids, m) }, e);
	}
	candidats_free(&c);
	for (size_t i = 0; good && i < f->ndits; i++) {
		const struct mot_dit *d = &f->dits[i];

		if (d->meme && f->rows[d->x].lieu != f->rows[d->y].lieu)
			good = keep(f, &(struct paire){ d->x, d->y, 1, true, true, "" }, e);
	}
	return good && (!f->a.spent || arena_refuse(&f->a, e));
}

/* --- which places become one -------------------------------------------------------- */

static uint32_t root_of(struct find *f, uint32_t lieu)
{
	while (f->parent[lieu] != lieu)
		lieu = f->parent[lieu] = f->parent[f->parent[lieu]];
	return lieu;
}

/* Each place is a set of its rows, a ring through `next`. */
static bool sets_new(struct find *f, struct err *e)
{
	f->parent = calloc(f->nlieux + 1, sizeof *f->parent);
	f->taille = calloc(f->nlieux + 1, sizeof *f->taille);
	f->next = calloc(f->n + 1, sizeof *f->next);
	if (!f->parent || !f->taille || !f->next)
		return no_memory(e);
	for (uint32_t i = 0; i < f->nlieux; i++)
		f->parent[i] = i;
	for (size_t i = 0, first = 0; i < f->n; i++) {
		if (i && f->rows[i].lieu != f->rows[i - 1].lieu)
			first = i;
		f->next[i] = (uint32_t)first;
		if (i > first)
			f->next[i - 1] = (uint32_t)i;
		f->taille[f->rows[i].lieu]++;
	}
	return true;
}

/* May all rows of both sets stand in one place?  Not when somebody said that two of them are
 * different, nor when two of them plainly are. */
static bool may_meet(struct find *f, uint32_t x, uint32_t y, bool dit)
{
	uint32_t i = x, j = y;

	do {
		do {
			double m[MESURES];
			int word = said(f, i, j);

			if (word < 0)
				return false;
			if (!word && !dit) {
				traits_mesurer(f->v, &f->rows[i], &f->rows[j], m);
				if (poids_score(&f->poids, m) < f->poids.brouille)
					return false;
			}
			j = f->next[j];
		} while (j != y);
		i = f->next[i];
	} while (i != x);
	return true;
}

static int by_score(const void *a, const void *b)
{
	const struct paire *x = a, *y = b;

	if (x->dit != y->dit)
		return x->dit ? -1 : 1;
	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	if (x->x != y->x)
		return x->x < y->x ? -1 : 1;
	return (x->y > y->y) - (x->y < y->y);
}

/* Unites the sets of sure pairs, the surest first. */
static void unite_all(struct find *f)
{
	if (f->npaires)
		qsort(f->paires, f->npaires, sizeof *f->paires, by_score);
	for (size_t i = 0; i < f->npaires; i++) {
		const struct paire *p = &f->paires[i];
		uint32_t a = root_of(f, f->rows[p->x].lieu), b = root_of(f, f->rows[p->y].lieu);
		uint32_t swap;

		if (a == b || !p->sure || f->taille[a] + f->taille[b] > CLUSTER_MOST
		    || !may_meet(f, p->x, p->y, p->dit))
			continue;
		if (a > b) {
			swap = a;
			a = b;
			b = swap;
		}
		f->parent[b] = a;
		f->taille[a] += f->taille[b];
		swap = f->next[p->x];
		f->next[p->x] = f->next[p->y];
		f->next[p->y] = swap;
		f->out->fusionnes++;
	}
}

static bool find_run(struct find *f, struct db *db, struct err *e)
{
	if (!read_all(f, db, e) || !measure_all(f, e) || !sets_new(f, e))
		return false;
	unite_all(f);
	f->out->lieux = f->nlieux - f->out->fusionnes;
	return true;
}

static struct find find_new(const struct rapprochement_ask *ask,
			    struct rapprochement_totals *out)
{
	memset(out, 0, sizeof *out);
	return (struct find){ .a = arena_new(memory_most), .row = arena_new(ROW_ARENA),
			      .ask = ask, .out = out };
}

/* --- doing it ----------------------------------------------------------------------- */

/* The rows of a pair in the order of the table's key. */
static struct rapprochement_paire key_of(const struct traits *x, const struct traits *y)
{
	bool first = key_cmp(x, y->source, y->id_source) < 0;
	const struct traits *a = first ? x : y, *b = first ? y : x;

	return (struct rapprochement_paire){ a->source, a->id_source, b->source, b->id_source };
}

struct doing {
	struct find *f;
	struct tx *tx;
	char now[ISO_TEXT];
	uint64_t *asked;        /* pairs of places that somebody is asked about: a hash table */
	size_t slots;           /* a power of two */
};

static bool put_pair(struct doing *d, const struct paire *p, const char *etat, struct err *e)
{
	struct rapprochement_paire k = key_of(&d->f->rows[p->x], &d->f->rows[p->y]);

	return p->dit || rapprochement_put(d->tx, k.source_a, k.id_a, k.source_b, k.id_b,
					   p->score, p->raisons, etat, d->now, NULL, e);
}

static int by_number(const void *a, const void *b, void *arg)
{
	const struct traits *rows = arg;
	uint32_t x = rows[*(const uint32_t *)a].lieu, y = rows[*(const uint32_t *)b].lieu;

	return (x > y) - (x < y);
}

/* The other places of the set of this row, each once, the oldest first. */
static size_t others_of(struct find *f, uint32_t row, const char *out[CLUSTER_MOST])
{
	uint32_t rows[CLUSTER_MOST];
	size_t n = 0, kept = 0;

	for (uint32_t i = f->next[row]; i != row && n < CLUSTER_MOST; i = f->next[i]) {
		if (f->rows[i].lieu != f->rows[row].lieu)
			rows[n++] = i;
	}
	if (n)
		qsort_r(rows, n, sizeof *rows, by_number, f->rows);
	for (size_t i = 0; i < n; i++) {
		if (!i || f->rows[rows[i]].lieu != f->rows[rows[i - 1]].lieu)
			out[kept++] = f->rows[rows[i]].lieu_id;
	}
	return kept;
}

/* Merges the places of each set into the one that has the smallest number, the oldest id. */
static bool merge_all(struct doing *d, struct err *e)
{
	struct find *f = d->f;
	CLEANUP(arena_free) struct arena a = arena_new(PLACE_MOST);

	for (size_t i = 0; i < f->n; i++) {
		const char *others[CLUSTER_MOST];
		uint32_t lieu = f->rows[i].lieu;
		size_t n;

		if ((i && f->rows[i - 1].lieu == lieu) || root_of(f, lieu) != lieu)
			continue;
		n = others_of(f, (uint32_t)i, others);
		if (n && !lieu_reunir(d->tx, &a, f->rows[i].lieu_id, others, n, d->now, e))
			return false;
		arena_reset(&a);
	}
	return true;
}

static bool hidden(struct find *f, uint32_t row)
{
	uint32_t i = row;

	do {
		if (f->rows[i].protege)
			return true;
		i = f->next[i];
	} while (i != row);
	return false;
}

/* A public place that may be a protected one is not shown until somebody decides. */
static bool hold_back(struct doing *d, const struct paire *p, struct err *e)
{
	struct find *f = d->f;
	bool x = hidden(f, p->x), y = hidden(f, p->y), held = false;
	CLEANUP(arena_free) struct arena a = arena_new(1 << 16);
	const struct traits *open = x ? &f->rows[p->y] : &f->rows[p->x];
	struct rapprochement_lieu_de_row row;
	bool found;

	if (x == y)
		return true;
	if (!rapprochement_lieu_de(tx_db(d->tx), &a, open->source, open->id_source, &row, &found,
				   e)
	    || (found && !lieu_retenir(d->tx, row.lieu_id, d->now, &held, e)))
		return false;
	f->out->retenus += held;
	return true;
}

static bool is_apart(struct find *f, const struct paire *p)
{
	uint32_t i = p->x, j = p->y;

	do {
		do {
			if (said(f, i, j) < 0)
				return true;
			j = f->next[j];
		} while (j != p->y);
		i = f->next[i];
	} while (i != p->x);
	return false;
}

/* Has a better pair of the same two places been asked?  Places count from 1 here. */
static bool asked_before(struct doing *d, uint32_t x, uint32_t y)
{
	uint64_t k = x < y ? (uint64_t)(x + 1) << 32 | (y + 1) : (uint64_t)(y + 1) << 32 | (x + 1);
	size_t i = (size_t)(k * 0x9e3779b97f4a7c15u >> 20) & (d->slots - 1);

	for (; d->asked[i]; i = (i + 1) & (d->slots - 1)) {
		if (d->asked[i] == k)
			return true;
	}
	d->asked[i] = k;
	return false;
}

static bool note_all(struct doing *d, struct err *e)
{
	struct find *f = d->f;

	for (d->slots = 16; d->slots < 2 * f->npaires;)
		d->slots *= 2;
	d->asked = calloc(d->slots, sizeof *d->asked);
	if (!d->asked)
		return no_memory(e);
	for (size_t i = 0; i < f->npaires; i++) {
		const struct paire *p = &f->paires[i];
		uint32_t a = root_of(f, f->rows[p->x].lieu), b = root_of(f, f->rows[p->y].lieu);

		if (a == b) {
			if (p->sure && !put_pair(d, p, "sur", e))
				return false;
			continue;
		}
		if (is_apart(f, p) || asked_before(d, a, b))
			continue;
		f->out->doutes++;
		if (!put_pair(d, p, "attente", e) || !hold_back(d, p, e))
			return false;
	}
	return true;
}

bool rapprochement_run(struct tx *tx, const struct env *env,
		       const struct rapprochement_ask *ask, struct rapprochement_totals *out,
		       struct err *e)
{
	CLEANUP(find_free) struct find f = find_new(ask, out);
	struct doing d = { .f = &f, .tx = tx };
	bool good;

	iso_write(env_now(env), d.now);
	if (!find_run(&f, tx_db(tx), e))
		return false;
	good = merge_all(&d, e) && note_all(&d, e)
	       && rapprochement_vus(tx, d.now, NULL, e)
	       && rapprochement_regles(tx, d.now, NULL, e);
	free(d.asked);
	return good;
}

bool rapprochement_essai(struct db *db, const struct rapprochement_ask *ask,
			 struct rapprochement_totals *out, struct err *e)
{
	CLEANUP(find_free) struct find f = find_new(ask, out);

	if (!find_run(&f, db, e))
		return false;
	for (size_t i = 0; i < f.npaires; i++)
		out->doutes += root_of(&f, f.rows[f.paires[i].x].lieu)
			       != root_of(&f, f.rows[f.paires[i].y].lieu);
	return true;
}
