#include "observe/estimation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/chance.h"
#include "core/command.h"
#include "format/csv.h"
#include "observe/nombre.h"
#include "observe/part.h"

const char *const estimation_statuts[ESTIMATION_STATUTS] = { "estime", "partiel",
	"sans_donnees", "sans_objet", "secret", "refuse" };

/* Replicates are raked to a thousandth of their own noise. */
#define PRECISION_TIRAGE 1e-7

struct calcul {
	struct arena *a;
	const struct enquete *q;
	const struct marges *m;
	const struct decoupage *d;
	struct estimation *s;
	size_t ngroupes, nv;            /* groups of respondents; values */
	/* the survey, then each replicate: weight of each group, and share of each result in it */
	double **depart, **parts;
	double *poids, *facteurs, *accordees;
	double *tirages;                /* of the commune under way: value, replicate */
	double *sommes[NIVEAUX];        /* of territories above: territory, value, replicate */
	double *bases[NIVEAUX];
	double *habitants[NIVEAUX], *absents[NIVEAUX];  /* of communes in the sum, and not */
	bool *departements;             /* that margins speak of: others are left out */
	uint32_t *faites[NIVEAUX], *manquantes[NIVEAUX];
};

/* --- the survey and its replicates ---------------------------------------------------------- */

bool estimation_tirage(struct arena *a, const struct enquete *q, uint64_t graine, int tirage,
		       double *out)
{
	struct chance c = chance_part(graine, (uint64_t)tirage);
	double *mean = NEW_ARRAY(a, 2 * q->nstrates, double), *count = mean + q->nstrates;

	if (!mean)
		return false;
	for (size_t i = 0; i < q->n; i++) {
		out[i] = chance_exponential(&c);
		mean[q->strates[i]] += out[i];
		count[q->strates[i]]++;
	}
	for (size_t h = 0; h < q->nstrates; h++)
		mean[h] /= count[h];
	for (size_t i = 0; i < q->n; i++)
		out[i] *= q->poids[i] / mean[q->strates[i]];
	return true;
}

/* Weight of each group, and what share of it each result has; those concerned last. */
static void group_up(const struct calcul *k, const double *weights, double *depart, double *parts)
{
	const struct enquete *q = k->q;

	for (size_t i = 0; i < q->n; i++) {
		double *p = parts + q->groupes[i] * k->nv;

		depart[q->groupes[i]] += weights[i];
		p[q->reponses[i]] += weights[i];
		if (k->nv > q->nresultats && q->resultats[q->reponses[i]].concerne)
			p[k->nv - 1] += weights[i];
	}
	for (size_t g = 0; g < k->ngroupes; g++) {
		for (size_t o = 0; o < k->nv; o++)
			parts[g * k->nv + o] /= depart[g] > 0 ? depart[g] : 1;
	}
}

static bool prepare_survey(struct calcul *k, struct err *e)
{
	size_t all = (size_t)k->s->tirages + 1;
	double *weights = NEW_ARRAY(k->a, k->q->n, double), sum = 0, squares = 0;

	k->depart = NEW_ARRAY(k->a, all, double *);
	k->parts = NEW_ARRAY(k->a, all, double *);
	if (k->a->spent)
		return arena_refuse(k->a, e);
	for (size_t b = 0; b < all; b++) {
		k->depart[b] = NEW_ARRAY(k->a, k->ngroupes, double);
		k->parts[b] = NEW_ARRAY(k->a, k->ngroupes * k->nv, double);
		if (b && !estimation_tirage(k->a, k->q, k->s->graine, (int)b, weights))
			return arena_refuse(k->a, e);
		if (k->a->spent)
			return arena_refuse(k->a, e);
		group_up(k, b ? weights : k->q->poids, k->depart[b], k->parts[b]);
	}
	for (size_t i = 0; i < k->q->n; i++) {
		sum += k->q->poids[i];
		squares += k->q->poids[i] * k->q->poids[i];
	}
	k->s->effet = (double)k->q->n * squares / (sum * sum);
	return true;
}

static bool prepare_room(struct calcul *k, struct err *e)
{
	size_t all = (size_t)k->s->tirages + 1;

	k->poids = NEW_ARRAY(k->a, k->ngroupes, double);
	k->facteurs = NEW_ARRAY(k->a, k->m->nmarges, double);
	k->accordees = NEW_ARRAY(k->a, k->m->nmarges, double);
	k->tirages = NEW_ARRAY(k->a, k->nv * all, double);
	k->departements = NEW_ARRAY(k->a, k->d->n[NIVEAU_DEPARTEMENT], bool);
	for (int l = NIVEAU_EPCI; l < NIVEAUX; l++) {
		k->sommes[l] = NEW_ARRAY(k->a, k->d->n[l] * k->nv * all, double);
		k->bases[l] = NEW_ARRAY(k->a, k->d->n[l], double);
		k->habitants[l] = NEW_ARRAY(k->a, k->d->n[l], double);
		k->absents[l] = NEW_ARRAY(k->a, k->d->n[l], double);
		k->faites[l] = NEW_ARRAY(k->a, k->d->n[l], uint32_t);
		k->manquantes[l] = NEW_ARRAY(k->a, k->d->n[l], uint32_t);
	}
	return k->a->spent ? arena_refuse(k->a, e) : true;
}

/* --- one commune ------------------------------------------------------------------------------ */

static void add_results(const struct calcul *k, const double *poids, size_t b, size_t all)
{
	for (size_t o = 0; o < k->nv; o++) {
		double sum = 0;

		for (size_t g = 0; g < k->ngroupes; g++)
			sum += poids[g] * k->parts[b][g * k->nv + o];
		k->tirages[o * all + b] = sum;
	}
}

/* A replicate raked from the factors of the survey itself, which are nearly right. */
static void rake_replicate(const struct calcul *k, size_t b)
{
	const struct calage_plan *p = &k->q->plan;

	for (size_t g = 0; g < k->ngroupes; g++) {
		double f = k->depart[b][g];

		for (size_t v = 0, at = 0; v < p->nvariables; at += p->variables[v++].n)
			f *= k->facteurs[at + p->groupes[g * p->nvariables + v]];
		k->poids[g] = f;
	}
	calage_again(p, k->accordees, k->poids, PRECISION_TIRAGE);
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The value and its interval, from the survey (first) and its replicates, which are sorted. */
static struct estimation_valeur value_of(double *tirages, size_t all)
{
	struct estimation_valeur v = { tirages[0], NAN, NAN };

	if (all < 2)
		return v;
	qsort(tirages + 1, all - 1, sizeof *tirages, ascending);
	v.bas = part_quantile(tirages + 1, all - 1, .025);
	v.haut = part_quantile(tirages + 1, all - 1, .975);
	return v;
}

/* Adds the commune to territory i of a level. */
static void add_to(struct calcul *k, enum niveau l, uint32_t i, double habitants,
		   const struct estimation_ligne *row)
{
	size_t n = k->nv * ((size_t)k->s->tirages + 1);

	if (i == DECOUPAGE_RIEN || row->statut == ESTIMATION_SANS_OBJET)
		return;
	if (row->statut != ESTIMATION_FAITE) {
		k->manquantes[l][i]++;
		k->absents[l][i] += habitants;
		return;
	}
	k->faites[l][i]++;
	k->habitants[l][i] += habitants;
	k->bases[l][i] += row->base;
	for (size_t j = 0; j < n; j++)
		k->sommes[l][i * n + j] += k->tirages[j];
}

static void add_above(struct calcul *k, const struct decoupage_unite *u,
		      const struct estimation_ligne *row)
{
	for (int l = NIVEAU_EPCI; l < NIVEAUX; l++)
		add_to(k, (enum niveau)l, u->dans[l], u->population, row);
	add_to(k, NIVEAU_EPCI, u->dans_ept, u->population, row);
}

static bool is_known(const double *marges, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (isnan(marges[i]))
			return false;
	}
	return true;
}

/* Rakes the survey and its replicates to one commune; values go to k->tirages. */
static bool estimate(struct calcul *k, const double *marges, struct estimation_ligne *row,
		     struct err *e)
{
	size_t all = (size_t)k->s->tirages + 1;
	struct calage_bilan b;

	for (size_t i = 0; i < k->q->plan.variables[0].n; i++)
		row->base += marges[i];
	if (!calage_rake(&k->q->plan, k->depart[0], marges, k->poids, k->facteurs, k->accordees,
			 &b, e))
		return false;
	k->s->rectifie = fmax(k->s->rectifie, b.rectifie);
	add_results(k, k->poids, 0, all);
	for (size_t r = 1; r < all; r++) {
		rake_replicate(k, r);
		add_results(k, k->poids, r, all);
	}
	return true;
}

static bool set_values(struct calcul *k, struct estimation_ligne *row, double *tirages,
		       struct err *e)
{
	size_t all = (size_t)k->s->tirages + 1;

	row->v = NEW_ARRAY(k->a, k->nv, struct estimation_valeur);
	if (!row->v)
		return arena_refuse(k->a, e);
	for (size_t o = 0; o < k->nv; o++)
		row->v[o] = tirages ? value_of(tirages + o * all, all)
			    : (struct estimation_valeur){ NAN, NAN, NAN };
	return true;
}

static bool commune(struct calcul *k, const struct decoupage_unite *u, struct err *first,
		    struct err *e)
{
	struct estimation_ligne *row = &k->s->lignes[k->s->n];
	const double *marges = marges_find(k->m, u->code);
	uint32_t dep = u->dans[NIVEAU_DEPARTEMENT];
	struct err why = { 0 };

	*row = (struct estimation_ligne){ .niveau = NIVEAU_COMMUNE, .code = u->code,
					  .nom = u->nom, .motif = "" };
	if (!marges || !is_known(marges, k->m->nmarges)) {
		row->statut = u->population <= 0 ? ESTIMATION_SANS_OBJET : ESTIMATION_SANS_DONNEES;
		row->base = NAN;
	} else if (!estimate(k, marges, row, &why)) {
		row->statut = ESTIMATION_REFUSEE;
		row->motif = arena_str(k->a, why.msg);
		if (first->kind == E_OK)
			*first = why;
	} else if (!(row->base > 0)) {
		row->statut = ESTIMATION_SANS_OBJET;
	}
	add_above(k, u, row);
	if (!marges && dep != DECOUPAGE_RIEN && !k->departements[dep])
		return true;
	k->s->n++;
	k->s->estimees += row->statut == ESTIMATION_FAITE;
	k->s->sans_donnees += row->statut == ESTIMATION_SANS_DONNEES;
	k->s->sans_objet += row->statut == ESTIMATION_SANS_OBJET;
	k->s->refusees += row->statut == ESTIMATION_REFUSEE;
	return set_values(k, row, row->statut == ESTIMATION_FAITE ? k->tirages : NULL, e);
}

/* A sum that lacks one inhabitant in twenty says nothing of the whole. */
static bool tells(const struct calcul *k, enum niveau l, size_t i)
{
	double gone = k->absents[l][i], all = gone + k->habitants[l][i];

	if (!(all > 0)) {               /* populations are not known: communes count alike */
		gone = k->manquantes[l][i];
		all = gone + k->faites[l][i];
	}
	return k->faites[l][i] && gone < all / 20;
}

static bool larger(struct calcul *k, enum niveau l, size_t i, struct err *e)
{
	const struct decoupage_unite *u = &k->d->unites[l][i];
	size_t n = k->nv * ((size_t)k->s->tirages + 1);
	struct estimation_ligne *row = &k->s->lignes[k->s->n];

	if (!tells(k, l, i))
		return true;
	*row = (struct estimation_ligne){
		.niveau = l, .code = u->code, .nom = u->nom, .motif = "",
		.statut = k->manquantes[l][i] ? ESTIMATION_PARTIELLE : ESTIMATION_FAITE,
		.base = k->bases[l][i], .communes = k->faites[l][i],
		.manquantes = k->manquantes[l][i],
	};
	k->s->n++;
	return set_values(k, row, k->sommes[l] + i * n, e);
}

static void mark_departements(struct calcul *k)
{
	for (size_t i = 0; i < k->d->n[NIVEAU_COMMUNE]; i++) {
		const struct decoupage_unite *u = &k->d->unites[NIVEAU_COMMUNE][i];

		if (u->dans[NIVEAU_DEPARTEMENT] != DECOUPAGE_RIEN && marges_find(k->m, u->code))
			k->departements[u->dans[NIVEAU_DEPARTEMENT]] = true;
	}
}

bool estimation_compute(struct arena *a, const struct enquete *q, const struct marges *m,
			const struct decoupage *d, int tirages, uint64_t graine,
			struct estimation **out, struct err *e)
{
	struct calcul k = { .a = a, .q = q, .m = m, .d = d, .ngroupes = q->plan.ngroupes };
	struct err first = { 0 };
	size_t rows = 0;

	*out = k.s = NEW(a, struct estimation);
	for (int l = NIVEAU_COMMUNE; l < NIVEAUX; l++)
		rows += d->n[l];
	if (!k.s || !(k.s->lignes = NEW_ARRAY(a, rows, struct estimation_ligne)))
		return arena_refuse(a, e);
	k.nv = q->nresultats;
	for (size_t i = 0; i < q->nresultats; i++) {
		if (q->resultats[i].concerne)
			k.nv = q->nresultats + 1;
	}
	k.s->enquete = q;
	k.s->nvaleurs = k.nv;
	k.s->tirages = tirages;
	k.s->graine = graine;
	if (!prepare_survey(&k, e) || !prepare_room(&k, e))
		return false;
	mark_departements(&k);
	for (size_t i = 0; i < d->n[NIVEAU_COMMUNE]; i++) {
		progress("Estimation", i, d->n[NIVEAU_COMMUNE]);
		if (!d->unites[NIVEAU_COMMUNE][i].autre
		    && !commune(&k, &d->unites[NIVEAU_COMMUNE][i], &first, e))
			return false;
	}
	progress_end();
	if (!k.s->estimees && first.kind != E_OK)
		return *e = first, false;
	if (!k.s->estimees) {
		fail(e, E_INPUT, "Aucune commune connue n’a de marges complètes.");
		return hint(e, "Les codes des marges sont ceux des communes importées ?");
	}
	for (int l = NIVEAU_EPCI; l < NIVEAUX; l++) {
		for (size_t i = 0; i < d->n[l]; i++) {
			if (!larger(&k, (enum niveau)l, i, e))
				return false;
		}
	}
	return estimation_proteger(a, d, k.s, e);
}

/* --- a table of it --------------------------------------------------------------------- */

static void put_number(struct buf *b, double v)
{
	char text[NOMBRE_TEXTE];

	/* a millionth of a person is enough to check us by */
	csv_write_cell(b, nombre_ecrire(round(v * 1e6) / 1e6, text), false);
}

static void put_row(struct buf *b, const struct estimation *s, const struct estimation_ligne *l,
		    size_t o)
{
	const struct estimation_valeur *v = &l->v[o];
	const struct enquete *q = s->enquete;
	bool share = l->base > 0;

	csv_write_cell(b, niveau_mots[l->niveau], true);
	csv_write_cell(b, l->code, false);
	csv_write_cell(b, l->nom, false);
	csv_write_cell(b, o < q->nresultats ? q->resultats[o].nom : ESTIMATION_CONCERNES, false);
	put_number(b, l->base);
	put_number(b, v->nombre);
	put_number(b, v->bas);
	put_number(b, v->haut);
	put_number(b, share ? v->nombre / l->base : NAN);
	put_number(b, share ? v->bas / l->base : NAN);
	put_number(b, share ? v->haut / l->base : NAN);
	csv_write_cell(b, estimation_statuts[l->statut], false);
	put_number(b, (double)l->manquantes);
	csv_write_cell(b, l->motif, false);
	buf_char(b, '\n');
}

void estimation_csv(struct buf *b, const struct estimation *s)
{
	buf_str(b, "niveau,code,nom,resultat,base,nombre,nombre_bas,nombre_haut,part,part_bas,"
		   "part_haut,statut,communes_manquantes,motif\n");
	for (size_t i = 0; i < s->n; i++) {
		for (size_t o = 0; o < s->nvaleurs; o++)
			put_row(b, s, &s->lignes[i], o);
	}
}
