#include "detect/comptage.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/recueil.h"
#include "detect/recueil.sql.h"
#include "web/message.h"

const struct choice comptage_pars[] = {
	[PAR_COMMUNE] = { "commune", N_("Commune"), NULL },
	[PAR_EPCI] = { "epci", N_("Regroupement de communes"), NULL },
	[PAR_STRUCTURE] = { "structure", N_("Structure"), NULL },
	[PAR_MOIS] = { "mois", N_("Mois"), NULL },
	[PAR_PROVENANCE] = { "provenance", N_("Déclaré, observé ou montré"), NULL },
	{ 0 },
};

enum { KEYS = 40000 };

struct counting {
	struct arena *a;
	const struct comptage_ask *ask;
	const struct lang *l;
	const char **keys;              /* sorted */
	int64_t *cells;
	size_t n, room, columns;
};

/* --- gathering ---------------------------------------------------------------------- */

static const char *key_of(const struct counting *k, const struct comptes_each_row *r)
{
	switch (k->ask->par) {
	case PAR_STRUCTURE:
		return r->structure;
	case PAR_MOIS:
		return r->mois;
	case PAR_PROVENANCE:
		return r->provenance;
	default:
		return r->commune;
	}
}

/* Column of a profile: 1 for the first class, then "indetermine", then what is no more. */
static size_t column_of(const struct counting *k, const char *profil)
{
	const struct instrument *in = k->ask->in;

	if (k->columns == 1)
		return 0;
	for (int i = 0; i < in->nclasses; i++) {
		if (strcmp(in->classes[i].id, profil) == 0)
			return (size_t)i + 1;
	}
	return strcmp(profil, "indetermine") == 0 ? (size_t)in->nclasses + 1 : k->columns - 1;
}

static bool grow(struct counting *k, struct err *e)
{
	size_t room = k->room ? 2 * k->room : 64;
	const char **keys = NEW_ARRAY(k->a, room, const char *);
	int64_t *cells = NEW_ARRAY(k->a, room * k->columns, int64_t);

	if (!keys || !cells)
		return arena_refuse(k->a, e);
	if (k->n) {
		memcpy(keys, k->keys, k->n * sizeof *keys);
		memcpy(cells, k->cells, k->n * k->columns * sizeof *cells);
	}
	k->keys = keys;
	k->cells = cells;
	k->room = room;
	return true;
}

/* Rows come by commune: the key is most often the last one. */
static bool count_row(const struct comptes_each_row *r, void *arg, struct err *e)
{
	struct counting *k = arg;
	const char *key = key_of(k, r);
	size_t i = k->n;

	while (i && strcmp(k->keys[i - 1], key) != 0)
		i--;
	if (!i) {
		if (k->n == k->room && !grow(k, e))
			return false;
		if (k->n == KEYS)
			return fail(e, E_LIMIT, "Trop de lignes pour un tableau.");
		i = k->n++;
		k->keys[i] = arena_str(k->a, key);
	} else {
		i--;
	}
	k->cells[i * k->columns] += r->nombre;
	if (k->columns > 1)
		k->cells[i * k->columns + column_of(k, r->profil)] += r->nombre;
	return true;
}

/* --- words -------------------------------------------------------------------------- */

static bool name_columns(struct counting *k, struct comptage *out, struct err *e)
{
	const struct instrument *in = k->ask->in;
	const char **names = NEW_ARRAY(k->a, k->columns, const char *);
	double *shares = NEW_ARRAY(k->a, k->columns, double);

	if (!names || !shares)
		return arena_refuse(k->a, e);
	for (size_t i = 0; i < k->columns; i++)
		shares[i] = NAN;
	names[0] = tr(k->l, N_("Ensemble"));
	for (int i = 0; i < in->nclasses; i++) {
		names[i + 1] = instrument_say(in, k->l->tag, in->classes[i].professionnel);
		shares[i + 1] = in->classes[i].part_publiee;
	}
	if (k->columns > 1) {
		names[in->nclasses + 1] = instrument_say(in, k->l->tag, in->indetermine);
		names[in->nclasses + 2] = tr(k->l, N_("profil d’une autre version"));
	}
	out->colonnes = names;
	out->publiees = shares;
	out->ncolonnes = k->columns;
	return true;
}

static const char *name_of(const struct counting *k, const char *key)
{
	if (k->ask->par == PAR_PROVENANCE) {
		for (int i = 0; recueil_provenances[i].slug; i++) {
			if (strcmp(recueil_provenances[i].slug, key) == 0)
				return tr(k->l, recueil_provenances[i].label);
		}
	}
	if (*key)
		return key;
	return k->ask->par == PAR_STRUCTURE ? tr(k->l, N_("Sans structure"))
					    : tr(k->l, N_("Commune non dite"));
}

/* --- rows --------------------------------------------------------------------------- */

struct rows {
	struct secret_ligne *lignes;
	uint32_t *parents;
	size_t n;
};

/* Each row a part of the last, which is everybody. */
static bool flat_rows(struct counting *k, struct rows *out, struct err *e)
{
	out->n = k->n + 1;
	out->lignes = NEW_ARRAY(k->a, out->n, struct secret_ligne);
	out->parents = NEW_ARRAY(k->a, out->n, uint32_t);
	if (!out->lignes || !out->parents)
		return arena_refuse(k->a, e);
	for (size_t i = 0; i < k->n; i++) {
		out->lignes[i] = (struct secret_ligne){ "ligne", "", name_of(k,
			k->keys[i]), false };
		out->parents[i] = (uint32_t)k->n;
	}
	out->lignes[k->n] = (struct secret_ligne){ "total", "", "", false };
	out->parents[k->n] = SECRET_SANS_PARENT;
	return true;
}

static bool make_rows(struct counting *k, const struct repertoire *r, struct rows *out,
		      struct err *e)
{
	if (k->ask->par != PAR_COMMUNE && k->ask->par != PAR_EPCI)
		return flat_rows(k, out, e);
	return secret_lignes(k->a, r, k->keys, k->n, SECRET_EPCI | SECRET_TOTAL, &out->lignes,
			     &out->parents, &out->n, e);
}

static bool is_shown(const struct counting *k, const struct secret_ligne *x)
{
	if (k->ask->par == PAR_EPCI)
		return strcmp(x->niveau, "epci") == 0 || strcmp(x->niveau, "ligne") == 0;
	return strcmp(x->niveau, "commune") == 0 || strcmp(x->niveau, "ligne") == 0;
}

static bool fill(struct counting *k, const struct rows *rows, struct comptage *out,
		 struct err *e)
{
	const size_t cells = rows->n * k->columns;
	int64_t *values = NEW_ARRAY(k->a, cells, int64_t);
	uint8_t *states = NEW_ARRAY(k->a, cells, uint8_t);
	struct secret_table t = { .lignes = rows->n, .colonnes = k->columns,
				  .parents = rows->parents, .valeurs = values };

	out->lignes = NEW_ARRAY(k->a, rows->n, struct comptage_ligne);
	if (k->a->spent)
		return arena_refuse(k->a, e);
	memcpy(values, k->cells, k->n * k->columns * sizeof *values);
	secret_sommes(rows->parents, k->n, rows->n, k->columns, values);
	if (!secret_protect(k->a, &t, &secret_regle_usuelle, states, &out->bilan, e))
		return false;
	for (size_t i = 0; i < rows->n; i++) {
		const struct secret_ligne *x = &rows->lignes[i];
		bool total = strcmp(x->niveau, "total") == 0;

		out->lignes[i] = (struct comptage_ligne){ .valeurs = values + i * k->columns,
			.etats = states + i * k->columns, .total = total, .code = x->code,
			.montree = !total && is_shown(k, x),
			.nom = total ? tr(k->l, N_("Ensemble"))
				: strcmp(x->niveau, "ligne") == 0 ? name_of(k, x->nom) : x->nom };
		if (total)
			out->total = &out->lignes[i];
	}
	out->n = rows->n;
	return true;
}

static int by_name(const void *a, const void *b)
{
	const struct comptage_ligne *x = a, *y = b;

	if (x->total != y->total)
		return x->total ? 1 : -1;
	return strcoll(x->nom, y->nom);
}

static bool nobody_there(const struct counting *k, size_t column)
{
	for (size_t i = 0; i < k->n && column; i++) {
		if (k->cells[i * k->columns + column])
			return false;
	}
	return column > 0;
}

bool comptage_make(struct arena *a, struct db *db, const struct repertoire *r,
		   const struct lang *l, const struct comptage_ask *ask, struct comptage *out,
		   struct err *e)
{
	struct counting k = { .a = a, .ask = ask, .l = l,
			      .columns = ask->in->nclasses ? (size_t)ask->in->nclasses + 3 : 1 };
	const char *from = ask->annee ? arena_printf(a, "%04d-01", ask->annee) : "";
	const char *to = ask->annee ? arena_printf(a, "%04d-12", ask->annee) : "9999-12";
	struct rows rows;

	*out = (struct comptage){ 0 };
	if (!name_columns(&k, out, e) || !comptes_each(db, ask->in->id, from, to, count_row, &k, e))
		return false;
	if (!k.n)
		return true;
	if (!make_rows(&k, r, &rows, e) || !fill(&k, &rows, out, e))
		return false;
	if (nobody_there(&k, k.columns - 1))
		out->ncolonnes--;       /* no profile of another version: its column says nothing */
	qsort(out->lignes, out->n, sizeof *out->lignes, by_name);
	out->total = &out->lignes[out->n - 1];
	return true;
}

/* --- saying ------------------------------------------------------------------------- */

const char *comptage_cellule(struct arena *a, const struct lang *l,
			     const struct comptage_ligne *x, size_t colonne)
{
	if (x->etats[colonne] == SECRET_PUBLIE)
		return arena_printf(a, "%" PRId64, x->valeurs[colonne]);
	return tr(l, x->etats[colonne] == SECRET_PRIMAIRE ? N_("moins de 11") : N_("caché"));
}

static const char *period(struct arena *a, const struct lang *l, int annee)
{
	return annee ? message(a, l, N_("En %1"), arena_printf(a, "%d", annee))
		     : tr(l, N_("Depuis le début"));
}

const char *comptage_constat(struct arena *a, const struct lang *l,
			     const struct comptage_ask *ask, const struct comptage *c)
{
	const char *when = period(a, l, ask->annee);
	const struct comptage_ligne *t = c->total;
	size_t best = 0;

	if (!t)
		return message(a, l, N_("%1, personne n’a encore répondu."), when);
	if (t->etats[0] != SECRET_PUBLIE)
		return message(a, l, N_("%1, moins de onze personnes ont répondu : aucun nombre n’est montré."),
			       when);
	for (size_t i = 1; i < c->ncolonnes; i++) {
		if (t->etats[i] == SECRET_PUBLIE && (!best || t->valeurs[i] > t->valeurs[best]))
			best = i;
	}
	if (!best || !t->valeurs[best])
		return message(a, l, N_("%1, %2 personnes ont répondu."), when,
			       arena_printf(a, "%" PRId64, t->valeurs[0]));
	return message(a, l, N_("%1, %2 personnes ont répondu ; la lecture la plus fréquente est « %3 » (%4 %)."),
		       when, arena_printf(a, "%" PRId64, t->valeurs[0]), c->colonnes[best],
		       arena_printf(a, "%.0f",
		       100 * (double)t->valeurs[best] / (double)t->valeurs[0]));
}
