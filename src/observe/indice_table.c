/* Scores of the rows, and of the territories above them. */
#include "observe/indice_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/find.h"
#include "observe/fils.h"

static const char *text_itself(const void *p)
{
	return *(const char *const *)p;
}

size_t table_find(const struct indice_table *t, const char *code)
{
	size_t i = find_first(t->u.codes, t->u.n, sizeof *t->u.codes, text_itself, code);

	return i < t->u.n && !strcmp(t->u.codes[i], code) ? i : t->u.n;
}

/* --- may these rows be scored? ---------------------------------------------------- */

/* Does its result depend on which units stand beside? */
static bool needs_units(const struct norme *n)
{
	return n->type != NORME_RAPPORT
		&& !(n->type == NORME_MINMAX && n->portee == PORTEE_FIXE);
}

static bool check_level(struct entree *t, bool approx, struct err *e)
{
	const struct methode *m = t->m;
	const struct norme *n = NULL;

	for (int i = 0; i < m->n && !n; i++) {
		if (t->x[i] && needs_units(&m->indicateurs[i].norme))
			n = &m->indicateurs[i].norme;
	}
	if (!n || t->niveau == m->unite)
		return true;
	if (!approx) {
		fail(e, E_INPUT, "%s : les %s de %s se prennent parmi les %s ; ce fichier donne des "
		     "%s.", t->origine, n->type == NORME_DECILE ? "déciles" : "notes", m->nom,
		     niveau_pluriels[m->unite], niveau_pluriels[t->niveau]);
		return hint(e, "Donnez des %s ; ou acceptez un calcul approché par --approx : il "
			    "n’est pas l’indice publié.", niveau_pluriels[m->unite]);
	}
	entree_remarque(t, "Calcul approché : les notes sont prises parmi les %s du fichier, et non "
			"parmi les %s.", niveau_pluriels[t->niveau], niveau_pluriels[m->unite]);
	return true;
}

/* A "national" decile over one département is not one: said, not refused. */
static void check_extent(struct entree *t)
{
	double here = 0, all = 0;

	for (size_t i = 0; i < t->d->n[NIVEAU_DEPARTEMENT]; i++) {
		double p = t->d->unites[NIVEAU_DEPARTEMENT][i].population;

		all += isnan(p) ? 0 : p;
	}
	for (size_t i = 0; i < t->u.n; i++) {
		if (t->u.etat[i] & UNITE_COMPTE && !isnan(t->u.population[i]))
			here += t->u.population[i];
	}
	if (all > 0 && here > 0 && here < 0.9 * all)
		entree_remarque(t, "Ces lignes couvrent %.0f %% des habitants du découpage importé : "
				"les notes comparent ces territoires entre eux.", 100 * here / all);
}

/* --- what is missing -------------------------------------------------------------- */

/* The value that the territory around lends for indicator k; NaN. */
static double lent(const struct entree *t, size_t i, int k)
{
	const struct unites *p = &t->parents;
	char code[6] = "";
	const char *tries[2] = { code, "" };
	uint32_t at = t->dans[t->m->manquant_niveau][i];

	if (!p->n || !t->prets[k])
		return NAN;
	if (t->niveau == NIVEAU_IRIS && t->m->manquant_niveau == NIVEAU_COMMUNE)
		memcpy(code, t->u.codes[i], strnlen(t->u.codes[i], 5));
	if (at != DECOUPAGE_RIEN)
		tries[1] = t->d->unites[t->m->manquant_niveau][at].code;
	for (int n = 0; n < 2; n++) {
		size_t row = find_first(p->codes, p->n, sizeof *p->codes, text_itself, tries[n]);

		if (*tries[n] && row < p->n && !strcmp(p->codes[row], tries[n])
		    && !isnan(t->prets[k][row]))
			return t->prets[k][row];
	}
	return NAN;
}

/* Indicator k of each unit that lacks it: from the territory around, or its other parts. */
static void fill_column(struct entree *t, int k, const double *mean)
{
	enum niveau up = t->m->manquant_niveau;

	for (size_t i = 0; i < t->u.n; i++) {
		double v;

		if (!isnan(t->x[k][i]) || t->u.etat[i] & UNITE_VIDE)
			continue;
		v = lent(t, i, k);
		if (!isnan(v)) {
			t->marques[k][i] = MARQUE_PARENT;
		} else if (t->dans[up][i] != DECOUPAGE_RIEN) {
			v = mean[t->dans[up][i]];
			if (!isnan(v))
				t->marques[k][i] = MARQUE_PARTIES;
		}
		t->x[k][i] = v;
	}
}

/* Marks the territories that hold a unit without indicator k; false when none does. */
static bool mark_holes(const struct entree *t, int k, uint8_t *holes)
{
	const uint32_t *up = t->dans[t->m->manquant_niveau];
	bool any = false;

	for (size_t i = 0; i < t->u.n; i++) {
		if (!isnan(t->x[k][i]) || t->u.etat[i] & UNITE_VIDE)
			continue;
		any = true;
		if (up[i] != DECOUPAGE_RIEN)
			holes[up[i]] = 1;
	}
	return any;
}

/* Means of the territories that are asked for; the others stay NaN. */
static bool means_of(struct arena *a, const struct entree *t, const uint8_t *holes,
		     struct montee *out, struct err *e)
{
	const uint32_t *up = t->dans[t->m->manquant_niveau];
	uint32_t *vers = NEW_ROOM(a, t->u.n, uint32_t);
	bool by_people = true;

	if (!vers)
		return arena_refuse(a, e);
	for (size_t i = 0; i < t->u.n; i++) {
		by_people &= !isnan(t->u.population[i]);
		vers[i] = up[i] != DECOUPAGE_RIEN && holes[up[i]] ? up[i] : INDICE_RIEN;
	}
	return montee_faire(a, &t->u, vers, !by_people, t->d->n[t->m->manquant_niveau], out, e);
}

static bool fill_missing(struct arena *a, struct entree *t, struct err *e)
{
	enum niveau up = t->m->manquant_niveau;
	size_t n = t->d->n[up];
	bool lacks[METHODE_INDICATEURS] = { false }, any = false;
	uint8_t *holes;
	double *mean;
	struct montee means;

	if (t->notes || t->m->manquant != MANQUANT_PARENT || up <= t->niveau)
		return true;
	holes = NEW_ARRAY(a, n, uint8_t);
	mean = NEW_ARRAY(a, 2 * n, double);
	if (!holes || !mean)
		return arena_refuse(a, e);
	for (int k = 0; k < t->m->n; k++)
		any |= lacks[k] = t->x[k] && mark_holes(t, k, holes);
	if (any && !means_of(a, t, holes, &means, e))
		return false;
	for (int k = 0; k < t->m->n; k++) {
		if (!lacks[k])
			continue;
		indice_monter(&means, &(struct montee_colonne){ t->x[k], mean, mean + n }, 1);
		fill_column(t, k, mean);
	}
	return true;
}

/* Nobody lives there: no share of nobody, whatever the file says. */
static void clear_empty(struct entree *t)
{
	for (size_t i = 0; i < t->u.n; i++) {
		if (!(t->u.etat[i] & UNITE_VIDE))
			continue;
		for (int k = 0; k < t->m->n; k++) {
			if (!t->x[k])
				continue;
			t->x[k][i] = NAN;
			t->marques[k][i] = STATUT_SANS_OBJET;
		}
	}
}

/* --- scores of the base ----------------------------------------------------------- */

/* A commune that its parts make has the mean of their scores. */
static void score_wholes(const struct entree *t, const struct montee *wholes, double *mean,
			 double *x)
{
	const struct unites *u = &t->u;

	indice_monter(wholes, &(struct montee_colonne){ x, mean, mean + wholes->n }, 1);
	for (size_t i = 0; i < u->n; i++) {
		if (!(u->etat[i] & (UNITE_COMPTE | UNITE_VIDE)) && isnan(x[i])
		    && u->etat[i] & UNITE_CLASSEE && t->dans[NIVEAU_COMMUNE][i] != DECOUPAGE_RIEN)
			x[i] = mean[t->dans[NIVEAU_COMMUNE][i]];
	}
}

/* Parts of communes, when there are any among the rows; nparts 0 when there are none. */
static bool list_parts(struct arena *a, const struct entree *t, struct montee *out,
		       struct err *e)
{
	uint32_t *vers;
	bool any = false;

	*out = (struct montee){ 0 };
	for (size_t i = 0; t->niveau == NIVEAU_COMMUNE && i < t->u.n && !any; i++)
		any = t->u.etat[i] & UNITE_PARTIE;
	if (!any)
		return true;
	vers = NEW_ROOM(a, t->u.n, uint32_t);
	if (!vers)
		return arena_refuse(a, e);
	for (size_t i = 0; i < t->u.n; i++)
		vers[i] = t->u.etat[i] & UNITE_PARTIE ? t->dans[NIVEAU_COMMUNE][i] : INDICE_RIEN;
	return montee_faire(a, &t->u, vers, t->m->montee_egale, t->d->n[NIVEAU_COMMUNE], out, e);
}

struct colonne {                        /* scores to be made of one indicator */
	const struct entree *t;
	int k;
	const struct norme *norme;      /* NULL: they are scores already */
	bool inverse;
	double *out, *room;             /* room: twice the communes, for the parts of some */
	const struct montee *wholes;
	bool good;
	struct err e;
};

static void score_column(size_t i, void *arg)
{
	struct colonne *c = &((struct colonne *)arg)[i];
	const struct entree *t = c->t;
	const struct norme *n = c->norme;
	struct norme_champ champ = { .n = t->u.n, .population = t->u.population };
	double *x = c->out;

	for (size_t u = 0; u < t->u.n; u++) {
		bool counts = t->u.etat[u] & UNITE_COMPTE || (t->notes && !n);

		x[u] = counts ? t->x[c->k][u] : NAN;
	}
	if (n && n->type == NORME_MINMAX && n->portee == PORTEE_PARENT) {
		champ.parent = t->dans[n->parent];
		champ.nparents = t->d->n[n->parent];
	}
	c->good = !n || indice_norme(n, c->inverse, &champ, x, x, &c->e);
	if (c->good && c->wholes->nparts)
		score_wholes(t, c->wholes, c->room, x);
}

static bool check_parent(const struct entree *t, const struct norme *n, struct err *e)
{
	return !n || n->type != NORME_MINMAX || n->portee != PORTEE_PARENT
		|| n->parent > t->niveau
		|| fail(e, E_INPUT, "%s : ses bornes sont celles de chaque %s, il faut des lignes "
			"plus fines.", t->m->nom, niveau_mots[n->parent]);
}

/* Every set of columns at once: the method's own, then those that draws try. */
static bool score_columns(struct arena *a, struct indice_table *t, int nessais, struct err *e)
{
	const struct methode *m = t->m;
	const struct entree *in = t->entree;
	size_t most = (size_t)(m->n * (1 + nessais)), n = 0;
	struct colonne *all = NEW_ARRAY(a, most, struct colonne);
	struct norme *tries = NEW_ARRAY(a, most, struct norme);
	struct montee wholes;

	if (!all || !tries)
		return arena_refuse(a, e);
	if (!list_parts(a, in, &wholes, e))
		return false;
	t->essais[0] = t->x;
	for (int s = 0; s < 1 + nessais; s++) {
		if (s && !(t->essais[s] = NEW_ARRAY(a, METHODE_INDICATEURS, double *)))
			return arena_refuse(a, e);
		for (int k = 0; k < m->n; k++) {
			if (!in->x[k])
				continue;
			tries[n] = s ? m->essais[s - 1] : m->indicateurs[k].norme;
			tries[n].log = !in->notes && m->indicateurs[k].norme.log;
			all[n] = (struct colonne){ .t = in, .k = k,
				.norme = !s && in->notes ? NULL : &tries[n],
				.inverse = !in->notes && m->indicateurs[k].inverse,
				.out = NEW_ROOM(a, in->u.n, double), .wholes = &wholes,
				.room = NEW_ARRAY(a, 2 * wholes.n, double) };
			if (!all[n].out || !all[n].room)
				return arena_refuse(a, e);
			if (!check_parent(in, all[n].norme, e))
				return false;
			t->essais[s][k] = all[n++].out;
		}
	}
	t->nessais = 1 + nessais;
	fils_partager(n, score_column, all);
	for (size_t i = 0; i < n; i++) {
		if (!all[i].good) {
			*e = all[i].e;
			return false;
		}
	}
	return true;
}

bool table_base(struct arena *a, struct entree *t, bool approx, bool essais,
		struct indice_table **out, struct err *e)
{
	struct indice_table *b = NEW(a, struct indice_table);

	if (!b)
		return arena_refuse(a, e);
	if (!t->notes && !check_level(t, approx, e))
		return false;
	clear_empty(t);
	if (!fill_missing(a, t, e))
		return false;
	if (!t->notes)
		check_extent(t);
	*b = (struct indice_table){ .m = t->m, .entree = t, .u = t->u };
	*out = b;
	return score_columns(a, b, essais ? t->m->nessais : 0, e);
}

/* --- levels above ----------------------------------------------------------------- */

/* The territories of the level that a unit of the base lies in, numbered in order of code. */
static bool number_targets(struct arena *a, struct indice_table *t, enum niveau niveau,
			   struct err *e)
{
	const struct entree *b = t->entree;
	size_t all = b->d->n[niveau], n = 0;
	uint32_t *number = NEW_ARRAY(a, all, uint32_t);
	bool twice = b->autre[niveau] != NULL;

	t->vers = NEW_ROOM(a, b->u.n, uint32_t);
	t->autre = twice ? NEW_ROOM(a, b->u.n, uint32_t) : NULL;
	if (!number || !t->vers || (twice && !t->autre))
		return arena_refuse(a, e);
	for (size_t i = 0; i < b->u.n; i++) {
		if (b->dans[niveau][i] != DECOUPAGE_RIEN)
			number[b->dans[niveau][i]] = 1;
		if (twice && b->autre[niveau][i] != DECOUPAGE_RIEN)
			number[b->autre[niveau][i]] = 1;
	}
	for (size_t k = 0; k < all; k++)
		number[k] = number[k] ? (uint32_t)n++ : INDICE_RIEN;
	if (!unites_new(a, &t->u, niveau, n, e))
		return false;
	for (size_t k = 0; k < all; k++) {
		const struct decoupage_unite *d = &b->d->unites[niveau][k];

		if (number[k] == INDICE_RIEN)
			continue;
		t->u.codes[number[k]] = d->code;
		t->u.noms[number[k]] = d->nom;
		t->u.population[number[k]] = d->population;
		t->u.etat[number[k]] = UNITE_COMPTE | (d->autre ? 0 : UNITE_CLASSEE);
	}
	for (size_t i = 0; i < b->u.n; i++) {
		uint32_t to = b->dans[niveau][i], other = twice ? b->autre[niveau][i] : INDICE_RIEN;

		t->vers[i] = to == DECOUPAGE_RIEN ? INDICE_RIEN : number[to];
		if (twice)
			t->autre[i] = other == DECOUPAGE_RIEN ? INDICE_RIEN : number[other];
	}
	return true;
}

/* The file's own people, when it has them; what nothing else says, summed. */
static bool sum_people(struct arena *a, struct indice_table *t, struct err *e)
{
	const struct entree *b = t->entree;
	double *sum = NEW_ARRAY(a, t->u.n, double);

	if (!sum)
		return arena_refuse(a, e);
	for (size_t i = 0; i < b->u.n; i++) {
		if (!(b->u.etat[i] & UNITE_COMPTE) || isnan(b->u.population[i]))
			continue;
		if (t->vers[i] != INDICE_RIEN)
			sum[t->vers[i]] += b->u.population[i];
		if (t->autre && t->autre[i] != INDICE_RIEN)
			sum[t->autre[i]] += b->u.population[i];
	}
	for (size_t k = 0; k < t->u.n; k++) {
		if ((b->populations && sum[k] > 0) || isnan(t->u.population[k]))
			t->u.population[k] = sum[k] > 0 ? sum[k] : t->u.population[k];
		if (t->u.population[k] == 0)
			t->u.etat[k] |= UNITE_VIDE;
	}
	return true;
}

enum { HAUSSE = 4 };

struct hausse {                         /* some columns that go up */
	const struct montee *main, *other;      /* other: arrondissements, EPT; may be empty */
	struct montee_colonne c[HAUSSE];
	int n;
	double *room;                   /* twice the territories, when `other` has parts */
};

/* A territory is reached either by `main` or by `other`, never by both. */
static void raise_some(size_t i, void *arg)
{
	const struct hausse *h = &((const struct hausse *)arg)[i];
	size_t n = h->main->n;

	indice_monter(h->main, h->c, h->n);
	for (int k = 0; h->other->nparts && k < h->n; k++) {
		struct montee_colonne c = { h->c[k].x, h->room, h->room + n };

		indice_monter(h->other, &c, 1);
		for (size_t to = 0; to < n; to++) {
			if (isnan(c.out[to]))
				continue;
			h->c[k].out[to] = c.out[to];
			h->c[k].couvert[to] = c.couvert[to];
		}
	}
}

/* Adds a column to the last of the n that are being filled, or to a new one. */
static bool list_column(struct arena *a, struct hausse *all, size_t *n, const struct hausse *as,
			const double *x, struct montee_colonne **out, struct err *e)
{
	size_t wide = as->main->n;
	struct hausse *h = *n ? &all[*n - 1] : NULL;
	struct montee_colonne *c;

	if (!h || h->n == HAUSSE) {
		h = &all[(*n)++];
		*h = *as;
		h->room = NEW_ARRAY(a, as->other->nparts ? 2 * wide : 0, double);
		if (!h->room)
			return arena_refuse(a, e);
	}
	c = *out = &h->c[h->n++];
	*c = (struct montee_colonne){ x, NEW_ROOM(a, wide, double), NEW_ROOM(a, wide, double) };
	return (c->out && c->couvert) || arena_refuse(a, e);
}

static bool raise_columns(struct arena *a, struct indice_table *t, struct err *e)
{
	const struct indice_table *base = t->base;
	const struct unites *u = &t->entree->u;
	size_t n = 0, wide = t->u.n;
	struct hausse *all = NEW_ARRAY(a, (size_t)(t->m->n * t->nessais), struct hausse);
	struct montee main, other = { 0 };
	const struct hausse as = { .main = &main, .other = &other };

	if (!all)
		return arena_refuse(a, e);
	if (!montee_faire(a, u, t->vers, t->m->montee_egale, wide, &main, e)
	    || (t->autre && !montee_faire(a, u, t->autre, t->m->montee_egale, wide, &other, e)))
		return false;
	for (int s = 0; s < t->nessais; s++) {
		t->essais[s] = s ? NEW_ARRAY(a, METHODE_INDICATEURS, double *) : t->x;
		if (!t->essais[s])
			return arena_refuse(a, e);
		for (int k = 0; k < t->m->n; k++) {
			struct montee_colonne *c;

			if (!base->essais[s][k])
				continue;
			if (!list_column(a, all, &n, &as, base->essais[s][k], &c, e))
				return false;
			t->essais[s][k] = c->out;
			if (!s)
				t->couvert[k] = c->couvert;
		}
	}
	fils_partager(n, raise_some, all);
	return true;
}

bool table_monter(struct arena *a, const struct indice_table *base, enum niveau niveau,
		  struct indice_table **out, struct err *e)
{
	enum niveau from = base->u.niveau;
	struct indice_table *t = NEW(a, struct indice_table);

	if (!t)
		return arena_refuse(a, e);
	*t = *base;
	*out = t;
	if (niveau == from)
		return true;
	if (niveau < from)
		return fail(e, E_INPUT, "on ne descend pas de niveau : ces lignes sont des %s.",
			    niveau_pluriels[from]);
	if (from == NIVEAU_EPCI && niveau != NIVEAU_PAYS) {
		fail(e, E_INPUT, "un EPCI peut être sur deux départements : ses notes ne montent pas "
		     "au niveau %s.", niveau_mots[niveau]);
		return hint(e, "Donnez des communes ou des IRIS.");
	}
	*t = (struct indice_table){ .m = base->m, .entree = base->entree, .base = base,
				    .nessais = base->nessais };
	return number_targets(a, t, niveau, e) && sum_people(a, t, e) && raise_columns(a, t, e);
}

/* --- counting --------------------------------------------------------------------- */

static bool base_range(struct arena *a, const struct indice_table *t,
		       const struct indice_choix *c, double etendue[2], struct err *e)
{
	const struct indice_table *b = t->base ? t->base : t;
	double *totals;

	etendue[0] = etendue[1] = NAN;
	if (!t->m->sortie || !t->m->sortie_observee)
		return true;
	totals = NEW_ARRAY(a, b->u.n, double);
	if (!totals)
		return arena_refuse(a, e);
	indice_totaux(t->m, c, b->x, b->u.etat, b->u.n, totals);
	indice_etendue(totals, b->u.n, etendue);
	return true;
}

struct rangs_jeu table_jeu(const struct indice_table *t, const struct indice_choix *c,
			   const struct indice_resultat *r)
{
	return (struct rangs_jeu){ .m = t->m, .choix = c, .n = t->u.n, .etat = t->u.etat,
		.totaux = r->totaux, .essais = (double *const *const *)t->essais,
		.nessais = t->nessais };
}

bool table_compter(struct arena *a, const struct indice_table *t, const struct indice_choix *c,
		   const struct rangs_tirage *tirage, struct indice_resultat *out,
		   struct err *e)
{
	struct rangs_jeu j;

	*out = (struct indice_resultat){ .totaux = NEW_ROOM(a, t->u.n, double),
					 .rangs = NEW_ROOM(a, t->u.n, uint32_t) };
	if (!out->totaux || !out->rangs)
		return arena_refuse(a, e);
	if (!choix_valable(t->m, c, e) || !base_range(a, t, c, out->etendue, e))
		return false;
	indice_totaux(t->m, c, t->x, t->u.etat, t->u.n, out->totaux);
	indice_etirer(t->m, out->etendue, out->totaux, t->u.n);
	if (!indice_ranger(out->totaux, t->u.etat, t->u.n, out->rangs, &out->classes, e))
		return false;
	if (!tirage)
		return true;
	out->bas = NEW_ARRAY(a, t->u.n, uint32_t);
	out->haut = NEW_ARRAY(a, t->u.n, uint32_t);
	if (!out->bas || !out->haut)
		return arena_refuse(a, e);
	j = table_jeu(t, c, out);
	return rangs_tirer(&j, tirage, out->bas, out->haut, e);
}
