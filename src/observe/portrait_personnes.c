/* People concerned, as estimated, and whether a territory stands out from its neighbours. */
#include "observe/portrait.h"

#include <math.h>
#include <string.h>

#include "core/contour.h"
#include "core/ressort.h"
#include "core/secret.h"
#include "observe/chiffre.h"
#include "observe/estimation.h"
#include "observe/releve.h"
#include "observe/voisinage.h"
#include "web/message.h"

enum { PROCHES = 6, VOISINS = 128 };

/* --- people ------------------------------------------------------------------------------- */

/* What estimation_taire has hidden is less than the threshold. */
static const char *count_text(const struct portrait_ask *k, double v)
{
	return isnan(v) ? message(k->a, k->lang, N_("moins de %1"), chiffre(k->a, k->lang,
				  (double)secret_regle_usuelle.seuil, 0))
			: chiffre(k->a, k->lang, v, 0);
}

/* Of the survey that was estimated last. */
bool portrait_personnes(const struct portrait_ask *k, struct portrait *out, struct err *e)
{
	struct estimation_gardee *x;
	struct portrait_personnes *p;
	size_t n;

	if (!estimation_of(k->db, k->a, k->niveau, k->code, &x, &n, e))
		return false;
	p = NEW_ARRAY(k->a, n + 1, struct portrait_personnes);
	if (!p)
		return arena_refuse(k->a, e);
	for (size_t i = 0; i < n && !strcmp(x[i].enquete, x[0].enquete); i++) {
		bool all = !strcmp(x[i].resultat, ESTIMATION_CONCERNES);

		if (isnan(x[i].nombre) && x[i].statut != ESTIMATION_SECRETE)
			continue;
		p[out->npersonnes++] = (struct portrait_personnes){
			all ? tr(k->lang, N_("Personnes concernées par la médiation")) : x[i].libelle,
			count_text(k, x[i].nombre),
			isnan(x[i].haut) ? "" : message(k->a, k->lang, N_("de %1 à %2"),
				count_text(k, x[i].bas), count_text(k, x[i].haut)),
			x[i].base > 0 && !isnan(x[i].nombre) ? chiffre_unite(k->a, k->lang,
			100 * x[i].nombre / x[i].base, 0, "%")
				      : "", !all };
	}
	if (out->npersonnes) {
		out->enquete = arena_printf(k->a, "%s (%d)", x[0].titre, x[0].annee);
		out->enquete_source = x[0].source;
		out->enquete_prudence = x[0].avertissement;
	}
	out->personnes = p;
	return !k->a->spent || arena_refuse(k->a, e);
}

/* --- neighbours --------------------------------------------------------------------------- */

static const struct contour *outline(const struct repertoire *r, const char *code)
{
	size_t low = 0, high = r->nlimites;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int d = strcmp(r->limites[mid].code, code);

		if (!d)
			return &r->limites[mid];
		if (d < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* The communes of the département, and where the one that is asked stands among them. */
static size_t neighbourhood(const struct portrait_ask *k, struct arena *a,
			    const struct commune ***out, size_t *self)
{
	size_t n = 0;

	*out = NEW_ARRAY(a, k->r->ncommunes, const struct commune *);
	for (size_t i = 0; *out && i < k->r->ncommunes; i++) {
		const struct commune *c = &k->r->communes[i];

		if (*c->parent || strcmp(c->departement, k->commune->departement))
			continue;
		if (c == k->commune)
			*self = n;
		(*out)[n++] = c;
	}
	return n;
}

/* Those that touch it, or the nearest when no outline tells. */
static bool communes_beside(const struct portrait_ask *k, struct arena *a,
			    const struct commune **found, size_t *nfound, struct err *e)
{
	const struct commune **all;
	size_t self = SIZE_MAX, n = neighbourhood(k, a, &all, &self);
	const struct contour **lines = NEW_ARRAY(a, n + 1, const struct contour *);
	struct acces_point *points = NEW_ARRAY(a, n + 1, struct acces_point);
	struct voisinage v;

	if (a->spent)
		return arena_refuse(a, e);
	if (self == SIZE_MAX)
		return true;
	for (size_t i = 0; i < n; i++) {
		lines[i] = outline(k->r, all[i]->code);
		points[i] = (struct acces_point){ all[i]->lat, all[i]->lon };
	}
	if (!(lines[self] ? voisinage_contigus(a, lines, n, &v, e)
	      : voisinage_proches(a, points, n, PROCHES, &v, e)))
		return false;
	for (uint32_t i = v.debuts[self]; i < v.debuts[self + 1] && *nfound < VOISINS; i++)
		found[(*nfound)++] = all[v.voisins[i]];
	return true;
}

/* --- groups of communes ------------------------------------------------------------------- */

/* Is its centre near those of the group?  Borders of départements do not matter. */
static bool is_near(const struct commune *c, const double box[4])
{
	enum { TENTHS = 4 };            /* of a degree: 30 to 45 km */

	return c->lat > box[0] - TENTHS / 10.0 && c->lat < box[1] + TENTHS / 10.0
		&& c->lon > box[2] - TENTHS / 10.0 && c->lon < box[3] + TENTHS / 10.0;
}

static size_t communes_near(const struct portrait_ask *k, struct arena *a,
			    const struct commune ***out)
{
	double box[4] = { INFINITY, -INFINITY, INFINITY, -INFINITY };
	size_t n = 0;

	*out = NEW_ARRAY(a, k->r->ncommunes, const struct commune *);
	for (size_t i = 0; *out && i < k->r->ncommunes; i++) {
		const struct commune *c = &k->r->communes[i];

		if (strcmp(c->epci, k->code))
			continue;
		box[0] = fmin(box[0], c->lat);
		box[1] = fmax(box[1], c->lat);
		box[2] = fmin(box[2], c->lon);
		box[3] = fmax(box[3], c->lon);
	}
	for (size_t i = 0; *out && i < k->r->ncommunes; i++) {
		const struct commune *c = &k->r->communes[i];

		if (!*c->parent && *c->epci && is_near(c, box))
			(*out)[n++] = c;
	}
	return n;
}

/* Groups whose communes touch one of ours; none without outlines. */
static bool groups_beside(const struct portrait_ask *k, const struct indice_table *t,
			  struct arena *a, size_t *at, size_t *n, struct err *e)
{
	const struct commune **all;
	size_t nall = communes_near(k, a, &all);
	const struct contour **lines = NEW_ARRAY(a, nall + 1, const struct contour *);
	struct voisinage v;

	if (a->spent)
		return arena_refuse(a, e);
	for (size_t i = 0; i < nall; i++)
		lines[i] = outline(k->r, all[i]->code);
	if (!voisinage_contigus(a, lines, nall, &v, e))
		return false;
	for (size_t i = 0; i < nall; i++) {
		bool ours = !strcmp(all[i]->epci, k->code);

		for (uint32_t x = v.debuts[i]; ours && x < v.debuts[i + 1]; x++) {
			const char *other = all[v.voisins[x]]->epci;
			size_t row = table_find(t, other), seen = 0;

			while (seen < *n && at[seen] != row)
				seen++;
			if (strcmp(other, k->code) && seen == *n && *n < VOISINS)
				at[(*n)++] = row;
		}
	}
	return true;
}

static bool is_group(const struct portrait_ask *k)
{
	return !strcmp(k->niveau, "epci");
}

static bool gather(const struct portrait_ask *k, const struct indice_table *t, struct arena *a,
		   size_t *at, size_t *n, struct err *e)
{
	const struct commune *beside[VOISINS];
	size_t nbeside = 0, ndeps = k->r->nterritoires;

	if (k->commune && !communes_beside(k, a, beside, &nbeside, e))
		return false;
	if (is_group(k) && !groups_beside(k, t, a, at, n, e))
		return false;
	for (size_t i = 0; i < nbeside; i++)
		at[(*n)++] = table_find(t, beside[i]->code);
	if (k->commune || is_group(k) || !*k->region)
		ndeps = 0;
	for (size_t i = 0; i < ndeps; i++) {
		const struct territoire *o = &k->r->territoires[i];

		if (strcmp(o->niveau, "departement") || strcmp(o->region, k->region)
		    || !strcmp(o->code, k->code) || *n == VOISINS)
			continue;
		at[(*n)++] = table_find(t, o->code);
	}
	for (size_t i = 0; i < *n;) {           /* without a score nobody can be above them */
		if (at[i] < t->u.n)
			i++;
		else
			at[i] = at[--*n];
	}
	return true;
}

bool portrait_voisins(const struct portrait_ask *k, const struct releve *v,
		      const struct indice_table *t, const struct indice_resultat *r, size_t i,
		      struct portrait *out, struct err *e)
{
	CLEANUP(arena_free) struct arena scratch = arena_new(32 << 20);
	struct indice_choix choice;
	struct rangs_jeu game;
	size_t at[VOISINS], n = 0;

	if (t->u.niveau != (k->commune ? NIVEAU_COMMUNE : is_group(k) ? NIVEAU_EPCI
			    : NIVEAU_DEPARTEMENT))
		return true;
	if (!gather(k, t, &scratch, at, &n, e))
		return false;
	choix_defaut(v->m, &choice);
	game = table_jeu(t, &choice, r);
	if (n < 2 || !rangs_nettement(&game, &v->tirage, i, at, n))
		return true;
	out->nettement = message(k->a, k->lang, k->commune
		? N_("Nettement au-dessus de chacune de ses %1 voisines : c’est vrai dans au moins 95 % des "
		     "calculs.")
		: is_group(k)
		? N_("Nettement au-dessus de chacun des %1 regroupements voisins : c’est vrai dans au moins "
		     "95 % des calculs.")
		: N_("Nettement au-dessus de chacun des %1 autres départements de sa région : c’est vrai "
		     "dans au moins 95 % des calculs."), chiffre_entier(k->a, k->lang, (int64_t)n));
	return true;
}
