/*
 * Inside of disclosure control: a table as a network.  A node is a sum (of a row, or of the
 * parts of a territory in a column), an arc a cell: to add one person to the cell sends one
 * unit along it.  Tables that fit what is published differ by circulations over the hidden
 * arcs.  Node 0 is the outside, where sums that nobody adds up go.
 *
 * One network a breakdown; the totals are arcs of each.
 */
#pragma once

#include "core/secret.h"

struct reseau_attente {
	uint64_t cout;
	uint32_t noeud;
};

#define RESEAU_SANS_FIN ((int64_t)1 << 60)      /* more than any count */

/* Hidden cells of a table, shared by its networks, and those hidden since `n` was 0. */
struct reseau_caches {
	bool *est;
	uint32_t *neuves;
	size_t n;
};

struct reseau {
	const struct secret_table *t;
	size_t narcs, nnoeuds;
	size_t largeur;                 /* columns: the total, then those of the breakdown */
	uint32_t *de, *vers;            /* of each arc */
	uint32_t *cellule;              /* of the table */
	uint32_t *debuts, *autour;      /* arcs that touch node i: autour[debuts[i]..debuts[i+1]) */
	int64_t *moins;                 /* by how much each cell may fall; -1: it is 0 and stays */
	struct reseau_caches *caches;
	int64_t *ecart;                 /* the move under way, by arc */
	uint32_t *touches;              /* arcs that it touches */
	size_t ntouches;
	int64_t *solde;                 /* of nodes: what came in and must leave */
	uint64_t *cout;                 /* of nodes, this search */
	uint32_t *par;                  /* arc by which each was reached */
	uint32_t *vu;                   /* search that saw it */
	uint32_t tour;
	struct reseau_attente *attente; /* heap */
	size_t nattente;
};

/* The network of columns first..first + n of a table whose sums hold, and of its total (n is
 * 0 when there is only that); NULL when `a` is spent. */
struct reseau *reseau_new(struct arena *a, const struct secret_table *t, size_t first, size_t n,
			  struct reseau_caches *caches);

/* How a move may be made. */
enum {
	RESEAU_CACHE = 1,       /* hides other cells where it must, the least people first */
	RESEAU_MONTE = 2,       /* no cell but the first one falls */
};

/*
 * Moves arc p up (or down) by as much as `most`; returns by how much.  r->ecart holds the move
 * until reseau_oublie.
 */
int64_t reseau_pousse(struct reseau *r, uint32_t p, bool haut, int64_t most, int comment);
/* Follows the move of another breakdown's totals with cells of this one; false: it cannot. */
bool reseau_suit(struct reseau *r, const struct reseau *autre, int comment);
void reseau_oublie(struct reseau *r);
