/* Contours from GeoJSON: which territory each feature is, simplified and encoded. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/contour_trace.h"
#include "core/territoire_stage.h"
#include "format/geojson.h"

/* Degrees: what a map of one département cannot show any more (about 30 m). */
static const double TOLERANCE = 0.0003;
/* Of a région or a département drawn alone, about 250 m. */
static const double TOLERANCE_HIGH = 0.0025;
/* Of an IRIS, a few streets wide: the grid itself, about 10 m. */
static const double TOLERANCE_IRIS = 0.0001;

enum { IRIS_CODE = 9 };

/* First of these members that is a text. */
static const char *property(const json_t *feature, const char *const *names)
{
	const json_t *p = json_object_get(feature, "properties");
	static const char nothing[] = "";

	for (; *names; names++) {
		const char *text = json_string_value(json_object_get(p, *names));

		if (text && *text)
			return text;
	}
	return nothing;
}

static const char *const code_names[] = { "code", "INSEE_COM", "insee_com", "code_insee",
	"INSEE_DEP", "insee_dep", "INSEE_REG", "insee_reg", NULL };
/* IGN's Contours... IRIS name the commune too: its code is not that of the feature. */
static const char *const iris_names[] = { "CODE_IRIS", "code_iris", "DCOMIRIS", "dcomiris",
	"code", NULL };
static const char *const iris_nom_names[] = { "NOM_IRIS", "nom_iris", "LIBIRIS", "libiris", "nom",
	NULL };
static const char *const iris_type_names[] = { "TYP_IRIS", "typ_iris", "type_iris", NULL };
static const char *const nom_names[] = { "nom", "NOM", "nom_officiel", "libelle", NULL };

/* The names of the régions since 2016, folded: a two-digit code is a département's too. */
static bool is_region_name(const char *nom)
{
	static const char *const regions[] = {
		"auvergne rhone alpes", "bourgogne franche comte", "bretagne",
		"centre val de loire", "corse", "grand est", "hauts de france",
		"ile de france", "normandie", "nouvelle aquitaine", "occitanie",
		"pays de la loire", "provence alpes cote d azur",
	};
	char cle[80];

	utf8_fold(nom, cle, sizeof cle);
	for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) {
		if (!strcmp(cle, regions[i]))
			return true;
	}
	return false;
}

/* Middle of the largest ring, by area. */
static void middle(struct arena *a, const struct ring *rings, size_t n, double *lat,
		   double *lon)
{
	double most = 0;

	*lat = *lon = NAN;
	for (size_t i = 0; i < n; i++) {
		struct grid_point *p = NEW_ARRAY(a, rings[i].n, struct grid_point);
		size_t k = p ? grid_ring(&rings[i], p) : 0;
		double area = k ? grid_area(p, k) : 0, x = 0, y = 0;

		if (fabs(area) <= most)
			continue;
		most = fabs(area);
		for (size_t v = 0; v < k; v++) {
			struct grid_point q = p[v], r = p[v + 1 == k ? 0 : v + 1];
			/* Around the first point, so that the sums keep their digits. */
			double qx = q.x - p[0].x, qy = q.y - p[0].y;
			double rx = r.x - p[0].x, ry = r.y - p[0].y;
			double cross = qx * ry - rx * qy;

			x += (qx + rx) * cross;
			y += (qy + ry) * cross;
		}
		*lon = (p[0].x + x / (6 * area)) / CONTOUR_GRID;
		*lat = (p[0].y + y / (6 * area)) / CONTOUR_GRID;
	}
}

static void widen(struct territoire_face *f, const double *xy)
{
	f->west = fmin(f->west, xy[0]);
	f->east = fmax(f->east, xy[0]);
	f->south = fmin(f->south, xy[1]);
	f->north = fmax(f->north, xy[1]);
}

/* Rings copied to the stage, where they wait for their neighbours. */
static bool keep_face(struct territoire_stage *s, struct arena *a, const char *niveau,
		      const char *code, const struct geojson_shape *shape, const char *file,
		      struct err *e)
{
	struct territoire_face *f = stage_face(s);
	char dep[4] = "";

	if (!f)
		return fail(e, E_LIMIT, "Il manque de la mémoire pour l'import.");
	if (*niveau == 'c' || *niveau == 'i')
		departement_of(code, dep);
	*f = (struct territoire_face){ .niveau = niveau, .source = file,
		.south = INFINITY, .west = INFINITY, .north = -INFINITY, .east = -INFINITY };
	f->code = arena_str(&s->a, code);
	f->departement = arena_str(&s->a, dep);
	f->nom = f->type = "";
	f->rings = NEW_ARRAY(&s->a, shape->n, struct ring);
	if (!f->rings)
		return arena_refuse(&s->a, e);
	for (; f->n < shape->n; f->n++) {
		const struct ring *r = &shape->rings[f->n];
		double *xy = NEW_ARRAY(&s->a, r->n * 2, double);

		if (!xy)
			return arena_refuse(&s->a, e);
		memcpy(xy, r->lonlat, r->n * 2 * sizeof *xy);
		f->rings[f->n] = (struct ring){ xy, r->n };
		for (size_t i = 0; i < r->n; i++)
			widen(f, xy + 2 * i);
	}
	middle(a, f->rings, f->n, &f->lat, &f->lon);
	return true;
}

static bool is_code_iris(const char *code)
{
	char commune[6];

	if (strlen(code) != IRIS_CODE || strspn(code + 5, "0123456789") != 4)
		return false;
	snprintf(commune, sizeof commune, "%.5s", code);
	return is_code_commune(commune);
}

/* What its file says of an IRIS besides its outline. */
static bool name_iris(struct territoire_stage *s, const json_t *feature, struct err *e)
{
	const char *type = property(feature, iris_type_names);
	struct territoire_face *f = &s->faces[s->nfaces - 1];

	f->nom = arena_str(&s->a, property(feature, iris_nom_names));
	if (type[0] && !type[1] && strchr("HADZ", type[0]))
		f->type = arena_str(&s->a, type);
	return !s->a.spent || arena_refuse(&s->a, e);
}

/* Its code, and which kind of territory it is; NULL when it has none that we know. */
static const char *level_of(const json_t *feature, const char **code)
{
	const char *nom = property(feature, nom_names);

	*code = property(feature, iris_names);
	if (is_code_iris(*code))
		return "iris";
	*code = property(feature, code_names);
	if (is_code_commune(*code))
		return "commune";
	if (!is_code_departement(*code))
		return NULL;
	return is_region_name(nom) ? "region" : "departement";
}

static bool take_feature(struct territoire_stage *s, struct arena *a, const json_t *feature,
			 const char *file, long line, struct err *e)
{
	const char *code, *nom = property(feature, nom_names);
	const char *niveau = level_of(feature, &code);
	struct geojson_shape shape;
	double at[2];

	if (!niveau) {
		stage_refuse(s, file, line, *code ? "code « %.20s » inconnu"
						  : "contour sans code%.0s", code);
		return true;
	}
	if (!geojson_read(a, feature, &shape, e)) {
		stage_refuse(s, file, line, "%s", e->msg);
		return true;
	}
	if (shape.kind != GEOJSON_AREA) {
		stage_refuse(s, file, line, "« %.60s » n'a pas de surface", nom);
		return true;
	}
	for (size_t i = 0; i < shape.n; i++) {
		if (!contour_se_croise(a, &shape.rings[i], at))
			continue;
		stage_refuse(s, file, line, "le contour de « %.60s » se croise près de %.4f, %.4f : "
			     "prenez le fichier d'origine, ou réparez-le", *nom ? nom : code, at[1], at[0]);
		return true;
	}
	if (!stage_is_new(s, niveau, code)) {
		stage_refuse(s, file, line, "code déjà donné plus haut dans ce fichier : « %s »",
			     code);
		return true;
	}
	s->report->acceptes++;
	return keep_face(s, a, niveau, code, &shape, file, e)
	       && (*niveau != 'i' || name_iris(s, feature, e));
}

bool territoire_read_contours(struct territoire_stage *s, struct json_list *l,
			      const char *name, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(128 << 20);
	size_t accepted = s->report->acceptes;
	json_t *feature;
	long line;

	stage_begin_file(s);
	while (json_list_next(l, &feature, &line, e)) {
		s->report->lus++;
		progress(name, (size_t)(json_list_progress(l) * 1000), 1000);
		if (!take_feature(s, &a, feature, name, line, e))
			return false;
		arena_reset(&a);
	}
	progress_end();
	if (e->kind != E_OK)
		return false;
	if (s->report->acceptes > accepted)
		return true;
	fail(e, E_INPUT, "« %s » ne contient aucun contour lisible.", name);
	return hint(e, "Chaque contour porte un « code » (INSEE) et un « nom ».");
}

/* --- neighbours, joined ---------------------------------------------------------------- */

static int by_group(const void *x, const void *y)
{
	const struct territoire_face *f = x, *g = y;
	int c = strcmp(g->niveau, f->niveau);   /* communes last: theirs wins (put_traces) */

	c = c ? c : strcmp(f->departement, g->departement);
	return c ? c : strcmp(f->code, g->code);
}

static struct bytes keep_bytes(struct territoire_stage *s, struct bytes b)
{
	return (struct bytes){ arena_strn(&s->a, b.p, b.n), b.n };
}

static bool touch(const struct territoire_face *f, const struct territoire_face *g)
{
	return f->west <= g->east && f->east >= g->west && f->south <= g->north
	       && f->north >= g->south;
}

/* The group's own faces, then those of other groups that may touch it: a border between
 * two départements is cut at the same points, and so simplified the same, from both sides. */
static struct contour_face *faces_of(struct territoire_stage *s, struct arena *a, size_t from,
				     size_t n, size_t *all)
{
	struct contour_face *faces = NEW_ARRAY(a, s->nfaces, struct contour_face);
	struct territoire_face box = s->faces[from];

	*all = n;
	for (size_t i = 0; faces && i < n; i++) {
		const struct territoire_face *f = &s->faces[from + i];

		faces[i] = (struct contour_face){ .rings = f->rings, .n = f->n };
		widen(&box, (const double[]){ f->west, f->south });
		widen(&box, (const double[]){ f->east, f->north });
	}
	for (size_t i = 0; faces && i < s->nfaces; i++) {
		const struct territoire_face *f = &s->faces[i];

		if (i - from < n || strcmp(f->niveau, box.niveau) || !touch(f, &box))
			continue;
		faces[(*all)++] = (struct contour_face){ .rings = f->rings, .n = f->n,
							 .beside = true };
	}
	return faces;
}

static bool put_trace(struct territoire_stage *s, struct territoire_trace with, struct err *e)
{
	struct territoire_trace *t = stage_trace(s);

	if (!t)
		return fail(e, E_LIMIT, "Il manque de la mémoire pour l'import.");
	*t = with;
	t->trace = keep_bytes(s, with.trace);
	return !s->a.spent ? true : arena_refuse(&s->a, e);
}

static bool join_group(struct territoire_stage *s, size_t from, size_t n, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(1024u << 20);
	const struct territoire_face *f = s->faces + from;
	bool communes = *f->niveau == 'c', iris = *f->niveau == 'i';
	size_t all;
	struct contour_face *faces = faces_of(s, &a, from, n, &all);
	struct bytes whole;

	if (!faces)
		return arena_refuse(&a, e);
	if (!contour_join(&a, faces, all, communes ? TOLERANCE : iris ? TOLERANCE_IRIS
			  : TOLERANCE_HIGH, &whole, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct territoire_trace t = { f[i].niveau, f[i].code,
			communes || iris ? f[i].departement
			: *f[i].niveau == 'd' ? f[i].code : NULL,
			f[i].source, faces[i].trace, f[i].lat, f[i].lon, false, f[i].nom,
			f[i].type };

		if (!put_trace(s, t, e))
			return false;
	}
	return !communes || put_trace(s, (struct territoire_trace){ "departement",
		f->departement, f->departement, f->source, whole, NAN, NAN, true, "", "" }, e);
}

bool territoire_join_contours(struct territoire_stage *s, struct err *e)
{
	if (s->nfaces)
		qsort(s->faces, s->nfaces, sizeof *s->faces, by_group);
	for (size_t i = 0, n; i < s->nfaces; i += n) {
		for (n = 1; i + n < s->nfaces && !strcmp(s->faces[i].niveau, s->faces[i + n].niveau)
		     && !strcmp(s->faces[i].departement, s->faces[i + n].departement); n++)
			continue;
		if (!join_group(s, i, n, e))
			return false;
	}
	return true;
}
