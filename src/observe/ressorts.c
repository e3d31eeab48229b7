#include "observe/ressorts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/commune.h"
#include "core/contour.h"
#include "core/ressort.h"
#include "observe/fonds.h"
#include "observe/iris.h"
#include "observe/iris.sql.h"
#include "web/message.h"

static const char FRANCE[] = "france";

/* --- which -------------------------------------------------------------------------------- */

static void take(struct arena *a, struct ressorts *k, const struct commune *c,
		 const struct territoire *t)
{
	k->t[k->n++] = c ? (struct ressort){ "commune", c->code, c->nom,
			arena_cat(a, "/territoires/", c->code, NULL), c->population, c, NULL,
			NAN, STATUT_NON_DISPONIBLE, 0, 0, 0 }
		: (struct ressort){ t->niveau, t->code, t->nom, territoire_lien(a, t),
			t->population, NULL, t, NAN, STATUT_NON_DISPONIBLE, 0, 0, 0 };
}

/*
 * Groups of communes that have one in the département.  The établissements publics
 * territoriaux of the Grand Paris stand for their métropole, which would cover them all.
 */
static const struct territoire *group_of(const struct ressorts *k, const struct commune *c)
{
	const struct territoire *t = *c->ept ? repertoire_territoire(k->rep, "ept", c->ept) : NULL;

	return t || !*c->epci ? t : repertoire_territoire(k->rep, "epci", c->epci);
}

static int by_code(const void *x, const void *y)
{
	const struct ressort *s = x, *t = y;

	return strcmp(s->code, t->code);
}

static void take_group(struct arena *a, struct ressorts *k, const struct commune *c)
{
	const struct territoire *t = group_of(k, c);

	for (size_t i = 0; t && i < k->n; i++) {
		if (k->t[i].territoire == t)
			return;
	}
	if (t)
		take(a, k, NULL, t);
}

/* Of one département at most its communes; of the country, its territories. */
static size_t room_for(const struct ressorts *k)
{
	size_t n = k->departement ? 1 : k->rep->nterritoires;

	for (size_t i = 0; k->departement && i < k->rep->ncommunes; i++)
		n += commune_in(&k->rep->communes[i], k->departement);
	return n;
}

static bool take_all(struct arena *a, struct ressorts *k, struct err *e)
{
	const struct repertoire *r = k->rep;

	k->t = NEW_ARRAY(a, room_for(k) + 1, struct ressort);
	if (!k->t)
		return arena_refuse(a, e);
	for (size_t i = 0; k->departement && i < r->ncommunes; i++) {
		const struct commune *c = &r->communes[i];

		if (!commune_in(c, k->departement))
			continue;
		if (*k->niveau == 'c')
			take(a, k, c, NULL);
		else
			take_group(a, k, c);
	}
	for (size_t i = 0; !k->departement && i < r->nterritoires; i++) {
		if (!strcmp(r->territoires[i].niveau, "departement"))
			take(a, k, NULL, &r->territoires[i]);
	}
	qsort(k->t, k->n, sizeof *k->t, by_code);
	return !a->spent || arena_refuse(a, e);
}

bool ressorts_of(struct arena *a, const struct repertoire *r, const char *adresse, bool epci,
		 struct ressorts *out, struct err *e)
{
	*out = (struct ressorts){ .rep = r };
	if (strcmp(adresse, FRANCE)) {
		out->departement = repertoire_territoire(r, "departement", adresse);
		if (!out->departement) {
			fail(e, E_MISSING, N_("Nous ne connaissons pas ce département."));
			return hint(e, N_("Choisissez-le dans la liste des territoires."));
		}
	}
	out->niveau = !out->departement ? "departement" : epci ? "epci" : "commune";
	return take_all(a, out, e);
}

bool ressorts_iris(struct arena *a, struct db *db, const struct repertoire *r,
		   const struct lang *l, const struct commune *c, struct ressorts *out,
		   struct err *e)
{
	struct iris *list;

	*out = (struct ressorts){ .rep = r, .commune = c, .db = db, .niveau = "iris" };
	if (!iris_of(db, a, c->code, &list, &out->n, e))
		return false;
	out->t = NEW_ARRAY(a, out->n + 1, struct ressort);
	if (!out->t)
		return arena_refuse(a, e);
	for (size_t i = 0; i < out->n; i++)
		out->t[i] = (struct ressort){ "iris", list[i].code, iris_nom(a, l, &list[i]),
			arena_cat(a, "/territoires/", list[i].code, NULL),
			isnan(list[i].population) ? -1 : llround(list[i].population), NULL, NULL,
			NAN, STATUT_NON_DISPONIBLE, 0, 0, 0 };
	return !a->spent || arena_refuse(a, e);
}

/* --- outlines ----------------------------------------------------------------------------- */

static struct bytes trace_of(const struct contour *all, size_t n, const char *code)
{
	while (n) {
		size_t mid = n / 2;
		int d = strcmp(all[mid].code, code);

		if (!d)
			return all[mid].trace;
		if (d < 0) {
			all += mid + 1;
			n -= mid + 1;
		} else {
			n = mid;
		}
	}
	return (struct bytes){ 0 };
}

/* An EPCI from its communes, those of other départements too. */
static bool dissolve(const struct repertoire *r, struct arena *a, const struct territoire *t,
		     struct bytes *out, struct err *e)
{
	CLEANUP(arena_free) struct arena scratch = arena_new(4 << 20);
	struct bytes *traces = NEW_ARRAY(&scratch, r->ncommunes, struct bytes);
	size_t n = 0;

	if (!traces)
		return arena_refuse(&scratch, e);
	for (size_t i = 0; i < r->ncommunes; i++) {
		if (!commune_in(&r->communes[i], t))
			continue;
		traces[n] = trace_of(r->limites, r->nlimites, r->communes[i].code);
		n += traces[n].p != NULL;
	}
	return choroplethe_dissolve(a, traces, n, out, e);
}

static bool outlines_iris(const struct ressorts *k, struct arena *a, struct bytes *out,
			  struct err *e)
{
	struct iris_contours_row *rows;
	size_t n, at = 0;

	if (!iris_contours(k->db, a, k->commune->code, &rows, &n, e))
		return false;
	for (size_t i = 0; i < k->n; i++) {     /* both by code */
		while (at < n && strcmp(rows[at].code, k->t[i].code) < 0)
			at++;
		if (at < n && !strcmp(rows[at].code, k->t[i].code))
			out[i] = rows[at].trace;
	}
	return true;
}

static bool outlines(void *arg, struct arena *a, struct bytes *out, struct err *e)
{
	const struct ressorts *k = arg;
	const struct repertoire *r = k->rep;

	if (k->commune)
		return outlines_iris(k, a, out, e);
	for (size_t i = 0; i < k->n; i++) {
		const struct ressort *t = &k->t[i];

		if (t->commune)
			out[i] = trace_of(r->limites, r->nlimites, t->code);
		else if (*t->niveau == 'd')
			out[i] = trace_of(r->contours, r->ncontours, t->code);
		else if (!dissolve(r, a, t->territoire, &out[i], e))
			return false;
	}
	return true;
}

bool ressorts_fond(struct core *c, const struct ressorts *of, int width,
		   const struct choroplethe_fond **out, struct err *e)
{
	CLEANUP(arena_free) struct arena scratch = arena_new(4 << 10);
	struct ressorts k = *of;
	const char *key = arena_cat(&scratch, of->commune ? of->commune->code
				    : of->departement ? of->departement->code : FRANCE, "/",
				    of->niveau, NULL);

	return fond_hold(c->fonds, key, of->rep->version, of->n, width, outlines, &k, out, e);
}

/* --- words -------------------------------------------------------------------------------- */

static const char *class_words(struct arena *a, const struct lang *l, const struct mesure *m,
			       const struct ressort *t, const int *classes, size_t n, int class)
{
	struct ressort low = { .valeur = INFINITY }, high = { .valeur = -INFINITY };

	for (size_t i = 0; i < n; i++) {
		if (classes[i] != class)
			continue;
		low.valeur = fmin(low.valeur, t[i].valeur);
		high.valeur = fmax(high.valeur, t[i].valeur);
	}
	if (isinf(low.valeur))
		return "";
	if (low.valeur >= high.valeur)
		return mesure_text(a, l, m, &low);
	return message(a, l, N_("de %1 à %2"), mesure_text(a, l, m, &low),
		       mesure_text(a, l, m, &high));
}

void ressorts_classes(struct arena *a, const struct lang *l, const struct mesure *m,
		      const struct ressort *t, const int *classes, size_t n,
		      const char *out[CHOROPLETHE_CLASSES])
{
	for (int i = 0; i < CHOROPLETHE_CLASSES; i++)
		out[i] = class_words(a, l, m, t, classes, n, i);
}
