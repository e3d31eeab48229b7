#include "core/secret_reseau.h"

#include <string.h>

/* Through a hidden cell a move costs a step; to hide one more costs its people besides. */
enum { PAS = 1, CACHER = 1 << 12 };
enum { TOTAUX_FIGES = 1 << 8 };         /* a way of moving, beside those of the header */
#define PERSONNE UINT32_MAX             /* no arc, no node */

/* Node of the sum that cell (ligne, colonne) is the total of; leaves have one for the row. */
static uint32_t somme_de(const struct reseau *r, const bool *feuille, size_t ligne,
			 size_t colonne)
{
	if (!feuille[ligne])
		return (uint32_t)(1 + r->t->lignes + ligne * r->largeur + colonne);
	return r->largeur > 1 ? (uint32_t)(1 + ligne) : 0;
}

static void relie(struct reseau *r, const bool *feuille, size_t first)
{
	const struct secret_table *t = r->t;

	for (size_t i = 0; i < t->lignes; i++) {
		uint32_t parent = t->parents ? t->parents[i] : SECRET_SANS_PARENT;

		for (size_t j = 0; j < r->largeur; j++) {
			size_t arc = i * r->largeur + j;
			uint32_t own = somme_de(r, feuille, i, j);
			uint32_t above = parent == SECRET_SANS_PARENT ? 0
					 : somme_de(r, feuille, parent, j);

			/* Totals run from parts to wholes, the rest the other way round, so
			 * that each arc leaves one sum and enters another. */
			r->de[arc] = j ? above : own;
			r->vers[arc] = j ? own : above;
			r->cellule[arc] = (uint32_t)(i * t->colonnes + (j ? first + j - 1 : 0));
		}
	}
}

static void range_autour(struct reseau *r)
{
	for (size_t i = 0; i < r->narcs; i++) {
		r->debuts[r->de[i] + 1]++;
		r->debuts[r->vers[i] + 1]++;
	}
	for (size_t i = 0; i < r->nnoeuds; i++)
		r->debuts[i + 1] += r->debuts[i];
	/* Filled from the end: debuts[i + 1] falls back to where i's arcs begin. */
	for (size_t i = r->narcs; i--;) {
		r->autour[--r->debuts[r->de[i] + 1]] = (uint32_t)i;
		r->autour[--r->debuts[r->vers[i] + 1]] = (uint32_t)i;
	}
	memmove(r->debuts, r->debuts + 1, r->nnoeuds * sizeof *r->debuts);
	r->debuts[r->nnoeuds] = (uint32_t)(2 * r->narcs);
}

/* What a count may lose: hidden ones are at least 1, and cumulated ones only grow. */
static int64_t marge(const struct secret_table *t, size_t cell)
{
	int64_t least = 1;

	if (t->valeurs[cell] == 0)
		return -1;
	if (t->cumul && t->avant && t->avant[cell] > least)
		least = t->avant[cell];
	return t->valeurs[cell] - least;
}

static bool prend_place(struct arena *a, struct reseau *r)
{
	r->de = NEW_ARRAY(a, r->narcs, uint32_t);
	r->vers = NEW_ARRAY(a, r->narcs, uint32_t);
	r->cellule = NEW_ARRAY(a, r->narcs, uint32_t);
	r->debuts = NEW_ARRAY(a, r->nnoeuds + 1, uint32_t);
	r->autour = NEW_ARRAY(a, 2 * r->narcs, uint32_t);
	r->moins = NEW_ARRAY(a, r->narcs, int64_t);
	r->ecart = NEW_ARRAY(a, r->narcs, int64_t);
	r->touches = NEW_ARRAY(a, r->narcs, uint32_t);
	r->solde = NEW_ARRAY(a, r->nnoeuds, int64_t);
	r->cout = NEW_ARRAY(a, r->nnoeuds, uint64_t);
	r->par = NEW_ARRAY(a, r->nnoeuds, uint32_t);
	r->vu = NEW_ARRAY(a, r->nnoeuds, uint32_t);
	r->attente = NEW_ARRAY(a, 2 * r->narcs + 2, struct reseau_attente);
	return !a->spent;
}

struct reseau *reseau_new(struct arena *a, const struct secret_table *t, size_t first, size_t n,
			  struct reseau_caches *caches)
{
	struct reseau *r = NEW(a, struct reseau);
	bool *feuille = NEW_ARRAY(a, t->lignes, bool);

	if (!r || !feuille)
		return NULL;
	r->t = t;
	r->largeur = n + 1;
	r->narcs = t->lignes * r->largeur;
	r->nnoeuds = 1 + t->lignes + r->narcs;
	r->caches = caches;
	if (!prend_place(a, r))
		return NULL;
	memset(feuille, true, t->lignes);
	for (size_t i = 0; i < t->lignes && t->parents; i++) {
		if (t->parents[i] != SECRET_SANS_PARENT)
			feuille[t->parents[i]] = false;
	}
	relie(r, feuille, first);
	range_autour(r);
	for (size_t i = 0; i < r->narcs; i++)
		r->moins[i] = marge(t, r->cellule[i]);
	return r;
}

void reseau_oublie(struct reseau *r)
{
	while (r->ntouches)
		r->ecart[r->touches[--r->ntouches]] = 0;
}

/* --- the cheapest way from a sum to another --------------------------------------------- */

static void attend(struct reseau *r, uint64_t cout, uint32_t noeud)
{
	size_t i = r->nattente++;

	for (; i && r->attente[(i - 1) / 2].cout > cout; i = (i - 1) / 2)
		r->attente[i] = r->attente[(i - 1) / 2];
	r->attente[i] = (struct reseau_attente){ cout, noeud };
}

static struct reseau_attente premier(struct reseau *r)
{
	struct reseau_attente first = r->attente[0], last = r->attente[--r->nattente];
	size_t i = 0, child;

	while ((child = 2 * i + 1) < r->nattente) {
		if (child + 1 < r->nattente && r->attente[child + 1].cout < r->attente[child].cout)
			child++;
		if (r->attente[child].cout >= last.cout)
			break;
		r->attente[i] = r->attente[child];
		i = child;
	}
	r->attente[i] = last;
	return first;
}

/* How much may still pass along arc i leaving `from`. */
static int64_t passage(const struct reseau *r, uint32_t i, uint32_t from, int comment)
{
	if (r->moins[i] < 0)
		return 0;
	if (r->de[i] == from)
		return RESEAU_SANS_FIN;
	return r->ecart[i] + (comment & RESEAU_MONTE ? 0 : r->moins[i]);
}

static uint32_t autre_bout(const struct reseau *r, uint32_t arc, uint32_t from)
{
	return r->de[arc] == from ? r->vers[arc] : r->de[arc];
}

static void regarde_autour(struct reseau *r, uint32_t noeud, uint64_t cout, uint32_t sauf,
			   int comment)
{
	for (uint32_t k = r->debuts[noeud]; k < r->debuts[noeud + 1]; k++) {
		uint32_t arc = r->autour[k], other = autre_bout(r, arc, noeud);
		bool hidden = r->caches->est[r->cellule[arc]];
		uint64_t c = cout + PAS;

		if (arc == sauf || other == noeud || (!hidden && !(comment & RESEAU_CACHE))
		    || (comment & TOTAUX_FIGES && arc % r->largeur == 0)
		    || passage(r, arc, noeud, comment) <= 0)
			continue;
		if (!hidden)
			c += (uint64_t)CACHER + (uint64_t)r->t->valeurs[r->cellule[arc]];
		if (r->vu[other] == r->tour && r->cout[other] <= c)
			continue;
		r->vu[other] = r->tour;
		r->cout[other] = c;
		r->par[other] = arc;
		attend(r, c, other);
	}
}

/* From a sum to another, or (PERSONNE) to the nearest that lacks something; where it came, or
 * PERSONNE. */
static uint32_t cherche(struct reseau *r, uint32_t from, uint32_t to, uint32_t sauf,
			int comment)
{
	r->tour++;
	r->nattente = 0;
	r->vu[from] = r->tour;
	r->cout[from] = 0;
	attend(r, 0, from);
	while (r->nattente) {
		struct reseau_attente next = premier(r);

		if (next.noeud == to || (to == PERSONNE && r->solde[next.noeud] < 0))
			return next.noeud;
		if (next.cout == r->cout[next.noeud])
			regarde_autour(r, next.noeud, next.cout, sauf, comment);
	}
	return PERSONNE;
}

static void touche(struct reseau *r, uint32_t arc, int64_t by)
{
	bool known = r->ecart[arc] != 0;

	for (size_t i = r->ntouches; !known && i--;)
		known = r->touches[i] == arc;
	if (!known)
		r->touches[r->ntouches++] = arc;
	r->ecart[arc] += by;
}

static void cache(struct reseau *r, uint32_t cell)
{
	if (!r->caches->est[cell])
		r->caches->neuves[r->caches->n++] = cell;
	r->caches->est[cell] = true;
}

/* Sends what fits, `most` at most, along the way that was found. */
static int64_t envoie(struct reseau *r, uint32_t from, uint32_t to, int64_t most, int comment)
{
	for (uint32_t at = to; at != from;) {
		uint32_t before = autre_bout(r, r->par[at], at);
		int64_t fits = passage(r, r->par[at], before, comment);

		most = fits < most ? fits : most;
		at = before;
	}
	for (uint32_t at = to; at != from;) {
		uint32_t arc = r->par[at], before = autre_bout(r, arc, at);

		touche(r, arc, r->de[arc] == before ? most : -most);
		cache(r, r->cellule[arc]);
		at = before;
	}
	return most;
}

int64_t reseau_pousse(struct reseau *r, uint32_t p, bool haut, int64_t most, int comment)
{
	/* To add to p, as much must come back from its end to its beginning. */
	uint32_t from = haut ? r->vers[p] : r->de[p], to = haut ? r->de[p] : r->vers[p];
	int64_t done = r->ecart[p] < 0 ? -r->ecart[p] : r->ecart[p], before = done;

	if (!haut && most > r->moins[p])
		most = r->moins[p];
	if (from == to)
		done = most;
	while (done < most && cherche(r, from, to, p, comment) != PERSONNE)
		done += envoie(r, from, to, most - done, comment);
	if (done > before)
		touche(r, p, haut ? done - before : before - done);
	return done;
}

/* --- following the totals of another breakdown ------------------------------------------- */

/* Takes over its moves of totals; what they bring to a sum, or take, is in `solde`. */
static void reprend(struct reseau *r, const struct reseau *autre)
{
	for (size_t i = 0; i < autre->ntouches; i++) {
		uint32_t arc = autre->touches[i], ligne = arc / (uint32_t)autre->largeur;
		int64_t by = autre->ecart[arc];

		if (arc % autre->largeur || !by)
			continue;
		arc = ligne * (uint32_t)r->largeur;
		touche(r, arc, by);
		r->solde[r->vers[arc]] += by;
		r->solde[r->de[arc]] -= by;
	}
}

static bool solde_un(struct reseau *r, uint32_t noeud, int comment)
{
	while (r->solde[noeud] > 0) {
		uint32_t to = cherche(r, noeud, PERSONNE, PERSONNE, comment);
		int64_t most = r->solde[noeud], sent;

		if (to == PERSONNE)
			return false;
		if (-r->solde[to] < most)
			most = -r->solde[to];
		sent = envoie(r, noeud, to, most, comment);
		r->solde[noeud] -= sent;
		r->solde[to] += sent;
	}
	return true;
}

bool reseau_suit(struct reseau *r, const struct reseau *autre, int comment)
{
	size_t n;
	bool ok = true;

	reprend(r, autre);
	n = r->ntouches;                        /* the totals; what follows comes after */
	for (size_t i = 0; i < n && ok; i++) {
		uint32_t arc = r->touches[i];

		ok = solde_un(r, r->de[arc], comment | TOTAUX_FIGES)
		     && solde_un(r, r->vers[arc], comment | TOTAUX_FIGES);
	}
	for (size_t i = 0; i < n; i++)
		r->solde[r->de[r->touches[i]]] = r->solde[r->vers[r->touches[i]]] = 0;
	return ok;
}
