/* Where each unit lies, who lives there, and who counts: parts or the whole, never both. */
#include "observe/indice_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "observe/fils.h"

bool unites_new(struct arena *a, struct unites *u, enum niveau niveau, size_t n, struct err *e)
{
	*u = (struct unites){ .niveau = niveau, .n = n,
		.codes = NEW_ARRAY(a, n, const char *), .noms = NEW_ARRAY(a, n, const char *),
		.population = NEW_ARRAY(a, n, double), .etat = NEW_ARRAY(a, n, uint8_t) };
	return (u->codes && u->noms && u->population && u->etat) || arena_refuse(a, e);
}

/* --- where ------------------------------------------------------------------------ */

/* Département of an INSEE code that is not among the communes of today. */
static uint32_t departement_of(const struct decoupage *d, const char *code)
{
	char dep[4] = { code[0], code[1], '\0', '\0' };

	if (!strncmp(code, "97", 2) || !strncmp(code, "98", 2))
		dep[2] = code[2];
	return decoupage_find(d, NIVEAU_DEPARTEMENT, dep);
}

static void put_above(struct entree *t, size_t i, const struct decoupage_unite *u)
{
	for (int k = (int)t->niveau + 1; k < NIVEAUX; k++)
		t->dans[k][i] = u->dans[k];
}

/* Communes and what lies in them: IRIS, arrondissements, communes of before. */
static void put_commune(struct entree *t, size_t i, uint32_t *last, size_t *strange)
{
	const struct decoupage *d = t->d;
	char code[6] = "";
	uint32_t at, dep;

	memcpy(code, t->u.codes[i], strnlen(t->u.codes[i], 5));
	at = decoupage_find_next(d, code, last);
	if (at == DECOUPAGE_RIEN) {
		dep = departement_of(d, code);
		if (dep != DECOUPAGE_RIEN)
			put_above(t, i, &d->unites[NIVEAU_DEPARTEMENT][dep]);
		t->dans[NIVEAU_DEPARTEMENT][i] = dep;
		t->dans[NIVEAU_EPCI][i] = DECOUPAGE_RIEN;
		t->dans[NIVEAU_COMMUNE][i] = DECOUPAGE_RIEN;
		++*strange;
		return;
	}
	if (d->unites[NIVEAU_COMMUNE][at].autre) {
		t->autre[NIVEAU_COMMUNE][i] = at;
		if (d->unites[NIVEAU_COMMUNE][at].dans[NIVEAU_COMMUNE] != DECOUPAGE_RIEN)
			at = d->unites[NIVEAU_COMMUNE][at].dans[NIVEAU_COMMUNE];
	}
	put_above(t, i, &d->unites[NIVEAU_COMMUNE][at]);
	t->dans[NIVEAU_COMMUNE][i] = at;
	if (t->niveau == NIVEAU_COMMUNE && strcmp(d->unites[NIVEAU_COMMUNE][at].code, code) != 0)
		t->u.etat[i] |= UNITE_PARTIE;
	t->autre[NIVEAU_EPCI][i] = d->unites[NIVEAU_COMMUNE][at].dans_ept;
}

static void put_high(struct entree *t, size_t i, size_t *strange)
{
	uint32_t at = decoupage_find(t->d, t->niveau, t->u.codes[i]);

	t->dans[t->niveau][i] = at;
	if (at == DECOUPAGE_RIEN)
		++*strange;
	else
		put_above(t, i, &t->d->unites[t->niveau][at]);
}

/* The territory of the COG that a unit is itself; NULL for an IRIS or a code of before. */
static const struct decoupage_unite *itself(const struct entree *t, size_t i)
{
	enum niveau n = t->niveau;
	uint32_t at;

	if (n == NIVEAU_IRIS)
		return NULL;
	at = t->dans[n][i];
	if (t->u.etat[i] & UNITE_PARTIE)
		at = t->autre[n][i];            /* a commune of before is none of today's */
	return at == DECOUPAGE_RIEN ? NULL : &t->d->unites[n][at];
}

static bool make_links(struct arena *a, struct entree *t, struct err *e)
{
	for (int k = 0; k < NIVEAUX; k++) {
		bool twice = t->niveau <= NIVEAU_COMMUNE
			&& (k == NIVEAU_COMMUNE || k == NIVEAU_EPCI);

		t->dans[k] = NEW_ROOM(a, t->u.n, uint32_t);
		t->autre[k] = twice ? NEW_ROOM(a, t->u.n, uint32_t) : NULL;
		if (!t->dans[k] || (twice && !t->autre[k]))
			return arena_refuse(a, e);
		for (size_t i = 0; i < t->u.n; i++) {
			t->dans[k][i] = k == NIVEAU_PAYS ? 0 : DECOUPAGE_RIEN;
			if (twice)
				t->autre[k][i] = DECOUPAGE_RIEN;
		}
	}
	return true;
}

enum { MORCEAU = 4096 };                /* units that one thread takes at once */

struct situation {                      /* of some units, one behind the other */
	struct entree *t;
	size_t from, to;
	size_t strange, unknown;        /* not in the découpage; without known people */
};

static void situate(size_t i, void *arg)
{
	struct situation *s = &((struct situation *)arg)[i];
	struct entree *t = s->t;
	uint32_t last = 0;

	for (size_t k = s->from; k < s->to; k++) {
		size_t before = s->strange;
		const struct decoupage_unite *u;

		if (t->niveau <= NIVEAU_COMMUNE)
			put_commune(t, k, &last, &s->strange);
		else
			put_high(t, k, &s->strange);
		u = itself(t, k);
		if (u && !*t->u.noms[k])
			t->u.noms[k] = u->nom;
		if (u && !t->populations)
			t->u.population[k] = u->population;
		if (u && u->autre)
			t->u.etat[k] &= (uint8_t)~UNITE_CLASSEE;
		if (t->u.population[k] == 0)
			t->u.etat[k] |= UNITE_VIDE;
		s->unknown += isnan(t->u.population[k]) && s->strange == before;
	}
}

bool entree_situer(struct arena *a, struct entree *t, struct err *e)
{
	size_t n = (t->u.n + MORCEAU - 1) / MORCEAU, strange = 0, unknown = 0;
	struct situation *s = NEW_ARRAY(a, n, struct situation);

	if (!s)
		return arena_refuse(a, e);
	if (!make_links(a, t, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		size_t to = (i + 1) * MORCEAU;

		s[i] = (struct situation){ .t = t, .from = i * MORCEAU,
					   .to = to < t->u.n ? to : t->u.n };
	}
	fils_partager(n, situate, s);
	for (size_t i = 0; i < n; i++) {
		strange += s[i].strange;
		unknown += s[i].unknown;
	}
	if (strange)
		entree_remarque(t, "%zu codes ne sont pas dans le découpage importé (communes "
				"fusionnées, par exemple) : ils gardent leur ligne, et ne comptent "
				"au-dessus que si le fichier dit leur population.", strange);
	if (unknown)
		entree_remarque(t, "%zu territoires sans population connue : ils n’entrent pas dans "
				"les moyennes des niveaux au-dessus.", unknown);
	return true;
}

/* --- wholes and parts ------------------------------------------------------------- */

static bool has_value(const struct entree *t, size_t i)
{
	for (int k = 0; k < t->m->n; k++) {
		if (t->x[k] && !isnan(t->x[k][i]))
			return true;
	}
	return false;
}

/* What is known of the commune at an index of the découpage. */
struct whole {
	uint32_t row;                   /* of the commune itself, from 1; 0: none */
	bool parts, valued;             /* has parts; one of them has a value */
	bool arrondissements;
};

static struct whole *list_wholes(struct arena *a, const struct entree *t)
{
	struct whole *w = NEW_ARRAY(a, t->d->n[NIVEAU_COMMUNE], struct whole);

	for (size_t i = 0; w && i < t->u.n; i++) {
		uint32_t at = t->dans[NIVEAU_COMMUNE][i];

		if (at == DECOUPAGE_RIEN)
			continue;
		if (!(t->u.etat[i] & UNITE_PARTIE)) {
			w[at].row = (uint32_t)i + 1;
			continue;
		}
		w[at].parts = true;
		w[at].valued |= has_value(t, i);
		w[at].arrondissements |= t->autre[NIVEAU_COMMUNE][i] != DECOUPAGE_RIEN;
	}
	return w;
}

/* Opens a gap for `extra` units at the end of every array. */
static bool widen(struct arena *a, struct entree *t, size_t extra, struct err *e)
{
	struct unites old = t->u;
	size_t n = old.n + extra;

	if (!unites_new(a, &t->u, t->niveau, n, e))
		return false;
	memcpy(t->u.codes, old.codes, old.n * sizeof *old.codes);
	memcpy(t->u.noms, old.noms, old.n * sizeof *old.noms);
	memcpy(t->u.population, old.population, old.n * sizeof *old.population);
	memcpy(t->u.etat, old.etat, old.n);
	for (int k = 0; k < t->m->n; k++) {
		double *x = t->x[k];
		uint8_t *marks = t->marques[k];

		if (!x)
			continue;
		t->x[k] = NEW_ROOM(a, n, double);
		t->marques[k] = NEW_ROOM(a, n, uint8_t);
		if (!t->x[k] || !t->marques[k])
			return arena_refuse(a, e);
		memcpy(t->x[k], x, old.n * sizeof *x);
		memcpy(t->marques[k], marks, old.n);
		for (size_t i = old.n; i < n; i++) {
			t->x[k][i] = NAN;
			t->marques[k][i] = STATUT_NON_DISPONIBLE;
		}
	}
	return true;
}

/* Moves the units that were put at the end to their place among the codes. */
static void sort_in(struct entree *t, size_t before)
{
	for (size_t i = before; i < t->u.n; i++) {
		for (size_t k = i; k && strcmp(t->u.codes[k - 1], t->u.codes[k]) > 0; k--) {
#define SWAP(array) do { \
	__typeof__(*(array)) tmp_ = (array)[k]; \
	(array)[k] = (array)[k - 1]; \
	(array)[k - 1] = tmp_; } while (0)
			SWAP(t->u.codes);
			SWAP(t->u.noms);
			SWAP(t->u.population);
			SWAP(t->u.etat);
			for (int c = 0; c < t->m->n; c++) {
				if (!t->x[c])
					continue;
				SWAP(t->x[c]);
				SWAP(t->marques[c]);
			}
#undef SWAP
		}
	}
}

/* Rows for the communes that only their parts tell of. */
static bool add_wholes(struct arena *a, struct entree *t, const struct whole *w, struct err *e)
{
	const struct decoupage_unite *communes = t->d->unites[NIVEAU_COMMUNE];
	size_t before = t->u.n, n = 0, at = before;

	for (size_t k = 0; k < t->d->n[NIVEAU_COMMUNE]; k++)
		n += w[k].parts && !w[k].row;
	if (!n)
		return true;
	if (!widen(a, t, n, e))
		return false;
	for (size_t k = 0; k < t->d->n[NIVEAU_COMMUNE]; k++) {
		if (!w[k].parts || w[k].row)
			continue;
		t->u.codes[at] = communes[k].code;
		t->u.noms[at] = communes[k].nom;
		t->u.population[at] = communes[k].population;
		t->u.etat[at++] = UNITE_CLASSEE | UNITE_COMPTE;
	}
	sort_in(t, before);
	return true;
}

/* Either the whole counts in the levels above, or its parts; the whole alone is ranked. */
static void choose_counted(struct entree *t, const struct whole *w)
{
	for (size_t i = 0; i < t->u.n; i++) {
		uint32_t at = t->dans[NIVEAU_COMMUNE][i];
		bool parts_count, whole_has;

		if (at == DECOUPAGE_RIEN || !w[at].parts)
			continue;
		whole_has = w[at].row && has_value(t, w[at].row - 1);
		parts_count = w[at].valued && (w[at].arrondissements || !whole_has);
		if (t->u.etat[i] & UNITE_PARTIE)
			t->u.etat[i] &= (uint8_t)~UNITE_CLASSEE;
		if (!(t->u.etat[i] & UNITE_PARTIE) == parts_count)
			t->u.etat[i] &= (uint8_t)~UNITE_COMPTE;
	}
}

bool entree_completer(struct arena *a, struct entree *t, struct err *e)
{
	struct whole *w;
	size_t before = t->u.n;
	int notes = t->nremarques;

	if (t->niveau == NIVEAU_EPCI) {
		for (size_t i = 0; i < t->u.n; i++) {
			if (!(t->u.etat[i] & UNITE_CLASSEE))    /* an EPT */
				t->u.etat[i] &= (uint8_t)~UNITE_COMPTE;
		}
	}
	if (t->niveau != NIVEAU_COMMUNE)
		return true;
	w = list_wholes(a, t);
	if (!w)
		return arena_refuse(a, e);
	if (!add_wholes(a, t, w, e))
		return false;
	if (t->u.n != before) {
		if (!entree_situer(a, t, e))
			return false;
		t->nremarques = notes;          /* said the first time */
		w = list_wholes(a, t);
		if (!w)
			return arena_refuse(a, e);
	}
	choose_counted(t, w);
	return true;
}
