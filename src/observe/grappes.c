#include "observe/grappes.h"

#include <math.h>
#include <string.h>

#include "base/find.h"
#include "format/csv.h"
#include "observe/nombre.h"

static const char *contour_code(const void *c)
{
	return ((const struct contour *)c)->code;
}

/* The outlines of the communes with a value; none at all is a refusal. */
static bool touching(struct arena *a, const struct repertoire *r, struct grappes *g,
		     struct err *e)
{
	const struct contour **list = NEW_ARRAY(a, g->n, const struct contour *);
	size_t found = 0;

	if (!list)
		return arena_refuse(a, e);
	for (size_t i = 0; i < g->n; i++) {
		const char *code = g->communes[i]->code;
		size_t at = find_first(r->limites, r->nlimites, sizeof *r->limites, contour_code,
				       code);

		if (at < r->nlimites && !strcmp(r->limites[at].code, code))
			list[i] = &r->limites[at];
		found += list[i] != NULL;
	}
	if (found)
		return voisinage_contigus(a, list, g->n, &g->voisins, e);
	fail(e, E_INPUT, "Aucun contour de ces communes n’est connu.");
	return hint(e, "Importez-les (tremplin territoire import contours.geojson), ou demandez les "
		    "plus proches : --voisins 6.");
}

static bool nearest(struct arena *a, struct grappes *g, int k, struct err *e)
{
	struct acces_point *p = NEW_ARRAY(a, g->n, struct acces_point);

	if (!p)
		return arena_refuse(a, e);
	for (size_t i = 0; i < g->n; i++)
		p[i] = (struct acces_point){ g->communes[i]->lat, g->communes[i]->lon };
	return voisinage_proches(a, p, g->n, k, &g->voisins, e);
}

bool grappes_compute(struct arena *a, const struct repertoire *r,
		     const struct commune *const *communes, const double *valeurs, size_t n,
		     const struct grappes_choix *choix, struct grappes *out, struct err *e)
{
	*out = (struct grappes){ .n = 0 };
	out->communes = NEW_ARRAY(a, n, const struct commune *);
	out->valeurs = NEW_ARRAY(a, n, double);
	out->locales = NEW_ARRAY(a, n, struct lisa);
	if (a->spent)
		return arena_refuse(a, e);
	for (size_t i = 0; i < n; i++) {
		if (!isfinite(valeurs[i])) {
			out->sans_valeur++;
			continue;
		}
		out->communes[out->n] = communes[i];
		out->valeurs[out->n++] = valeurs[i];
	}
	if (!(choix->proches ? nearest(a, out, choix->proches, e) : touching(a, r, out, e))
	    || !moran_global(a, &out->voisins, out->valeurs, choix->tirages, choix->graine,
			     &out->global, e)
	    || !moran_local(a, &out->voisins, out->valeurs, choix->tirages, choix->graine,
			    out->locales, e))
		return false;
	for (size_t i = 0; i < out->n; i++) {
		const struct lisa *l = &out->locales[i];

		out->nombres[l->grappe]++;
		out->sans_correction += (choix->tirages ? l->p_tirages : l->p) <= .05;
	}
	return true;
}

static void put(struct buf *b, double v)
{
	char text[NOMBRE_TEXTE];

	csv_write_cell(b, nombre_ecrire(v, text), false);
}

void grappes_csv(struct buf *b, const struct grappes *g)
{
	buf_str(b, "code,nom,valeur,voisins,moran_local,p,p_tirages,p_ajuste,quadrant,grappe\n");
	for (size_t i = 0; i < g->n; i++) {
		const struct lisa *l = &g->locales[i];

		csv_write_cell(b, g->communes[i]->code, true);
		csv_write_cell(b, g->communes[i]->nom, false);
		put(b, g->valeurs[i]);
		put(b, g->voisins.debuts[i + 1] - g->voisins.debuts[i]);
		put(b, l->i);
		put(b, l->p);
		put(b, l->p_tirages);
		put(b, l->p_ajuste);
		csv_write_cell(b, grappe_noms[l->quadrant], false);
		csv_write_cell(b, grappe_noms[l->grappe], false);
		buf_char(b, '\n');
	}
}
