#include "core/secret.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/secret_reseau.h"

enum { CELLULES_MOST = 20 << 20 };

const struct secret_regle secret_regle_usuelle = { 11, 10 };

/* --- a table that holds together --------------------------------------------------------- */

static const char *ligne_nom(const struct secret_table *t, size_t i, char number[40])
{
	if (t->noms)
		return t->noms[i];
	snprintf(number, 40, "ligne %zu", i + 1);
	return number;
}

static bool parents_tiennent(const struct secret_table *t, struct err *e)
{
	for (size_t i = 0; i < t->lignes && t->parents; i++) {
		size_t steps = 0;

		for (uint32_t p = t->parents[i]; p != SECRET_SANS_PARENT; p = t->parents[p]) {
			char number[40];

			if (p < t->lignes && ++steps <= t->lignes)
				continue;
			return fail(e, E_INPUT, "« %s » ne peut pas être une partie d’elle-même.",
				    ligne_nom(t, i, number));
		}
	}
	return true;
}

/* Columns of breakdown b. */
static size_t ventilation(const struct secret_table *t, size_t b)
{
	return t->ventilations ? t->ventilations[b] : t->colonnes - 1;
}

static size_t nventilations(const struct secret_table *t)
{
	return t->ventilations ? t->nventilations : 1;
}

static bool ligne_tient(const struct secret_table *t, size_t i, struct err *e)
{
	const int64_t *v = t->valeurs + i * t->colonnes;
	char number[40];
	size_t j = 0;

	for (; j < t->colonnes; j++) {
		if (v[j] < 0)
			return fail(e, E_INPUT, "« %s », colonne %zu : %" PRId64 " ne peut pas être "
				    "un nombre de personnes.", ligne_nom(t, i, number), j + 1, v[j]);
	}
	j = 1;
	for (size_t b = 0; b < nventilations(t) && t->colonnes > 1; b++) {
		int64_t sum = 0;
		size_t first = j;

		for (; j < first + ventilation(t, b); j++)
			sum += v[j];
		if (sum == v[0])
			continue;
		fail(e, E_INPUT, "« %s » : le total est %" PRId64 ", les colonnes %zu à %zu font %"
		     PRId64 ".", ligne_nom(t, i, number), v[0], first + 1, j, sum);
		return hint(e, "La première colonne doit être le total de chaque ventilation.");
	}
	return true;
}

/* Each row that has parts is their sum. */
static bool parts_tiennent(struct arena *a, const struct secret_table *t, struct err *e)
{
	int64_t *sums = NEW_ARRAY(a, t->lignes * t->colonnes, int64_t);
	bool *whole = NEW_ARRAY(a, t->lignes, bool);

	if (!sums || !whole)
		return arena_refuse(a, e);
	for (size_t i = 0; i < t->lignes; i++) {
		size_t p = t->parents[i];

		if (t->parents[i] == SECRET_SANS_PARENT)
			continue;
		whole[p] = true;
		for (size_t j = 0; j < t->colonnes; j++)
			sums[p * t->colonnes + j] += t->valeurs[i * t->colonnes + j];
	}
	for (size_t i = 0; i < t->lignes * t->colonnes; i++) {
		char number[40];

		if (!whole[i / t->colonnes] || sums[i] == t->valeurs[i])
			continue;
		fail(e, E_INPUT, "« %s », colonne %zu : %" PRId64 " personnes, mais ses parties en "
		     "font %" PRId64 ".", ligne_nom(t, i / t->colonnes, number),
		     i % t->colonnes + 1, t->valeurs[i], sums[i]);
		return hint(e, "Un total doit être la somme des lignes qui en font partie.");
	}
	return true;
}

static bool avant_tient(const struct secret_table *t, struct err *e)
{
	for (size_t i = 0; t->avant && t->cumul && i < t->lignes * t->colonnes; i++) {
		char number[40];

		if (t->avant[i] <= t->valeurs[i])
			continue;
		fail(e, E_INPUT, "« %s », colonne %zu : le cumul passe de %" PRId64 " à %" PRId64 ".",
		     ligne_nom(t, i / t->colonnes, number), i % t->colonnes + 1, t->avant[i],
		     t->valeurs[i]);
		return hint(e, "Un cumul ne diminue pas ; sinon, publiez ces chiffres sans « cumul ».");
	}
	return true;
}

static bool table_tient(struct arena *a, const struct secret_table *t, struct err *e)
{
	size_t columns = 1;

	for (size_t b = 0; b < nventilations(t); b++)
		columns += ventilation(t, b);
	if (!t->lignes || !t->colonnes || columns != t->colonnes)
		return fail(e, E_INPUT, "Le tableau est vide, ou ses ventilations n’ont pas ses "
			    "colonnes.");
	if (t->lignes > CELLULES_MOST / t->colonnes)
		return fail(e, E_LIMIT, "Le tableau a plus de %d cellules.", CELLULES_MOST);
	if (!parents_tiennent(t, e))
		return false;
	for (size_t i = 0; i < t->lignes; i++) {
		if (!ligne_tient(t, i, e))
			return false;
	}
	return (!t->parents || parts_tiennent(a, t, e)) && avant_tient(t, e);
}

/* --- hiding ------------------------------------------------------------------------------ */

static bool est_petit(int64_t v, int64_t seuil)
{
	return v && v < seuil && v > -seuil;
}

static bool est_primaire(const struct secret_table *t, const struct secret_regle *r, size_t i)
{
	return est_petit(t->valeurs[i], r->seuil)
	       || (t->avant && t->avant[i] >= 0 && t->valeurs[i]
		   && est_petit(t->valeurs[i] - t->avant[i], r->seuil));
}

struct protection {
	const struct secret_table *t;
	struct reseau **reseaux;        /* one a breakdown */
	size_t n;
	struct reseau_caches caches;
};

static bool protection_new(struct arena *a, const struct secret_table *t, struct protection *p)
{
	size_t first = 1;

	*p = (struct protection){ .t = t, .n = nventilations(t) };
	p->caches.est = NEW_ARRAY(a, t->lignes * t->colonnes, bool);
	p->caches.neuves = NEW_ARRAY(a, t->lignes * t->colonnes, uint32_t);
	p->reseaux = NEW_ARRAY(a, p->n, struct reseau *);
	if (a->spent)
		return false;
	for (size_t b = 0; b < p->n; b++) {
		p->reseaux[b] = reseau_new(a, t, first, ventilation(t, b), &p->caches);
		if (!p->reseaux[b])
			return false;
		first += ventilation(t, b);
	}
	return true;
}

/* The network and arc of a cell: a total's in the first breakdown. */
static struct reseau *reseau_de(const struct protection *p, size_t cell, size_t *b, uint32_t *arc)
{
	size_t j = cell % p->t->colonnes, first = 1;

	for (*b = 0; j >= first + ventilation(p->t, *b) && j; (*b)++)
		first += ventilation(p->t, *b);
	*arc = (uint32_t)(cell / p->t->colonnes * p->reseaux[*b]->largeur
			  + (j ? j - first + 1 : 0));
	return p->reseaux[*b];
}

/* A move of one cell that the other breakdowns can follow; by how much. */
static int64_t bouge(struct protection *p, size_t cell, bool haut, int64_t most,
		     int comment)
{
	uint32_t arc;
	size_t own;
	struct reseau *r = reseau_de(p, cell, &own, &arc);
	int64_t by = reseau_pousse(r, arc, haut, most, comment & ~RESEAU_CACHE);

	if (by < most && comment & RESEAU_CACHE)
		by = reseau_pousse(r, arc, haut, most, comment);
	for (size_t b = 0; b < p->n; b++) {
		if (b != own && by && !reseau_suit(p->reseaux[b], r, comment))
			by = 0;
	}
	for (size_t b = 0; b < p->n; b++)
		reseau_oublie(p->reseaux[b]);
	while (p->caches.n) {
		uint32_t neuve = p->caches.neuves[--p->caches.n];

		p->caches.est[neuve] = by > 0;  /* hidden for nothing: shown again */
	}
	return by;
}

/* Until `needed` values beside its own are possible for a cell: first through what is hidden
 * already.  That all sums above it rise with it is always possible. */
static void protege(struct protection *p, size_t cell, int64_t needed)
{
	needed -= bouge(p, cell, false, needed, 0);
	if (needed > 0 && bouge(p, cell, true, needed, RESEAU_CACHE) < needed)
		bouge(p, cell, true, needed, RESEAU_CACHE | RESEAU_MONTE);
}

struct secret_bilan secret_compte(const struct secret_table *t, const uint8_t *etats)
{
	struct secret_bilan b = { .cellules = t->lignes * t->colonnes };

	for (size_t i = 0; i < b.cellules; i++) {
		b.zeros += t->valeurs[i] == 0;
		b.primaires += etats[i] == SECRET_PRIMAIRE;
		b.complements += etats[i] == SECRET_COMPLEMENT;
	}
	return b;
}

static bool reste_cachee(const struct secret_table *t, size_t cell)
{
	return t->cumul && t->avant && t->avant[cell] == SECRET_CACHE && t->valeurs[cell];
}

bool secret_protect(struct arena *a, const struct secret_table *t,
		    const struct secret_regle *r, uint8_t *etats, struct secret_bilan *bilan,
		    struct err *e)
{
	size_t cells = t->lignes * t->colonnes;
	struct protection p;

	if (!table_tient(a, t, e))
		return false;
	if (!protection_new(a, t, &p))
		return arena_refuse(a, e);
	for (size_t i = 0; i < cells; i++) {
		etats[i] = est_primaire(t, r, i) ? SECRET_PRIMAIRE : SECRET_PUBLIE;
		p.caches.est[i] = etats[i] == SECRET_PRIMAIRE || reste_cachee(t, i);
	}
	for (size_t i = 0; i < cells; i++) {
		if (etats[i] == SECRET_PRIMAIRE)
			protege(&p, i, r->possibles - 1);
	}
	for (size_t i = 0; i < cells; i++) {
		if (p.caches.est[i] && etats[i] == SECRET_PUBLIE)
			etats[i] = SECRET_COMPLEMENT;
	}
	if (bilan)
		*bilan = secret_compte(t, etats);
	return true;
}

bool secret_deduce(struct arena *a, const struct secret_table *t, const uint8_t *etats,
		   int64_t *bas, int64_t *haut, struct err *e)
{
	struct protection p;

	if (!table_tient(a, t, e))
		return false;
	if (nventilations(t) > 1)
		return fail(e, E_INPUT, "Ce tableau a plusieurs ventilations : ses bornes ne se "
			    "calculent pas exactement.");
	if (!protection_new(a, t, &p))
		return arena_refuse(a, e);
	for (size_t i = 0; i < t->lignes * t->colonnes; i++)
		p.caches.est[i] = etats[i] != SECRET_PUBLIE && t->valeurs[i];
	for (size_t i = 0; i < t->lignes * t->colonnes; i++) {
		int64_t up;

		bas[i] = haut[i] = t->valeurs[i];
		if (!p.caches.est[i])
			continue;
		bas[i] -= bouge(&p, i, false, RESEAU_SANS_FIN, 0);
		up = bouge(&p, i, true, RESEAU_SANS_FIN, 0);
		haut[i] = up == RESEAU_SANS_FIN ? INT64_MAX : haut[i] + up;
	}
	return true;
}
