#include "core/territoire.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/embedded.h"
#include "base/utf8.h"
#include "core/territoire.sql.h"
#include "core/territoire_stage.h"

enum { FILES_MOST = 500 };

/* --- reading --------------------------------------------------------------------------- */

struct input {
	const char *path;
	const char *name;               /* what the store says of where a fact came from */
	const struct embedded_file *embedded;   /* NULL: on disk */
	const struct territoire_kind *kind;     /* NULL: contours */
	int rank;
};

static const char *const geojson_keys[] = { "features", NULL };

static bool open_table(const struct input *in, struct csv **out, struct err *e)
{
	const struct embedded_file *f = in->embedded;

	return f ? csv_open_text(in->name, f->p, (size_t)(f->end - f->p), out, e)
		 : csv_open(in->path, out, e);
}

static bool open_contours(const struct input *in, struct json_list **out, struct err *e)
{
	const struct embedded_file *f = in->embedded;

	return f ? json_list_open_text(in->name, f->p, (size_t)(f->end - f->p), geojson_keys,
				       out, e)
		 : json_list_open(in->path, geojson_keys, out, e);
}

static bool ends_in_json(const char *name)
{
	size_t n = strlen(name);

	return (n > 5 && !strcasecmp(name + n - 5, ".json"))
	       || (n > 8 && !strcasecmp(name + n - 8, ".geojson"));
}

/* Is it one of ours, and which? */
static bool recognise(struct input *in, struct err *e)
{
	CLEANUP(csv_close) struct csv *c = NULL;
	const char *slash = strrchr(in->path, '/');

	in->name = slash && slash[1] ? slash + 1 : in->path;
	if (in->embedded)                       /* what the pages say of a figure's source */
		in->name = ends_in_json(in->path) ? "IGN, Admin Express"
						  : "Insee, Code officiel géographique";
	if (ends_in_json(in->path)) {
		in->rank = 1000;
		return true;
	}
	if (!open_table(in, &c, e))
		return false;
	in->kind = territoire_kind_of(c);
	if (in->kind) {
		in->rank = territoire_kind_rank(in->kind);
		return true;
	}
	fail(e, E_INPUT, "ces colonnes ne sont pas celles d'un fichier de territoires.");
	fail_at(e, in->name, 1);
	return hint(e, "Attendu : communes, EPCI, départements ou régions (code, nom...), les "
		       "fichiers v_commune, v_departement, v_region de l'INSEE, ou des contours "
		       "en .geojson.");
}

static int by_rank(const void *x, const void *y)
{
	const struct input *a = x, *b = y;

	return a->rank != b->rank ? a->rank - b->rank : strcmp(a->path, b->path);
}

static bool read_one(struct territoire_stage *s, const struct input *in, struct err *e)
{
	CLEANUP(json_list_close) struct json_list *l = NULL;
	CLEANUP(csv_close) struct csv *c = NULL;

	if (in->kind)
		return open_table(in, &c, e)
		       && territoire_read_table(s, in->kind, c, in->name, e);
	return open_contours(in, &l, e) && territoire_read_contours(s, l, in->name, e);
}

static bool read_all(struct territoire_stage *s, struct input *in, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		if (!recognise(&in[i], e))
			return false;
	}
	qsort(in, n, sizeof *in, by_rank);
	for (size_t i = 0; i < n; i++) {
		if (!read_one(s, &in[i], e))
			return false;
	}
	return territoire_join_contours(s, e);
}

/* --- writing --------------------------------------------------------------------------- */

struct work {
	struct territoire_stage *stage;
	char now[ISO_TEXT];
};

static bool put_row(struct tx *tx, const struct work *w, const struct territoire_row *r,
		    struct err *e)
{
	bool placed = !isnan(r->lat);
	int64_t changed;
	char cle[256];

	utf8_fold(r->nom, cle, sizeof cle);
	if (!territoire_put(tx, r->niveau, r->code, r->nom, cle, r->departement, r->region,
			    r->epci, r->ept, r->commune, r->nature, r->chef_lieu,
			    r->population < 0 ? NULL : &r->population, r->postaux,
			    placed ? &r->lat : NULL, placed ? &r->lon : NULL,
			    placed ? "source" : NULL,
			    isnan(r->surface) ? NULL : &r->surface, r->source, w->now,
			    &changed, e))
		return false;
	w->stage->report->modifies += changed > 0;
	return true;
}

static int by_place(const void *x, const void *y)
{
	const struct territoire_row *a = *(struct territoire_row *const *)x;
	const struct territoire_row *b = *(struct territoire_row *const *)y;
	int c = strcmp(a->niveau, b->niveau);

	if (!c)
		c = strcmp(a->code, b->code);
	return c ? c : a < b ? -1 : a > b;      /* the order of reading */
}

/* Several files may speak of one territory: what the last ones say, and what only the
 * first ones know. */
static void merge_into(struct territoire_row *to, const struct territoire_row *r)
{
	struct territoire_row old = *to;

	*to = *r;
#define KEEP(m) if (!to->m) to->m = old.m
	KEEP(departement);
	KEEP(region);
	KEEP(epci);
	KEEP(ept);
	KEEP(commune);
	KEEP(nature);
	KEEP(chef_lieu);
	KEEP(postaux);
#undef KEEP
	if (to->population < 0)
		to->population = old.population;
	if (isnan(to->surface))
		to->surface = old.surface;
	if (isnan(to->lat)) {
		to->lat = old.lat;
		to->lon = old.lon;
	}
}

static bool put_rows(struct tx *tx, const struct work *w, struct err *e)
{
	struct territoire_stage *s = w->stage;
	struct territoire_row **order = NEW_ARRAY(&s->a, s->nrows, struct territoire_row *);

	if (!order)
		return arena_refuse(&s->a, e);
	for (size_t i = 0; i < s->nrows; i++)
		order[i] = &s->rows[i];
	qsort(order, s->nrows, sizeof *order, by_place);
	for (size_t i = 0; i < s->nrows; i++) {
		struct territoire_row r = *order[i];

		for (; i + 1 < s->nrows && !strcmp(r.niveau, order[i + 1]->niveau)
		     && !strcmp(r.code, order[i + 1]->code); i++)
			merge_into(&r, order[i + 1]);
		if (!put_row(tx, w, &r, e))
			return false;
	}
	return true;
}

static int by_code(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* A commune that an official file says is now part of another, and no longer a commune. */
static bool drop_gone(struct tx *tx, const struct work *w, struct err *e)
{
	struct territoire_stage *s = w->stage;
	const char **living = NEW_ARRAY(&s->a, s->nrows, const char *);
	int64_t changed;
	size_t n = 0;

	if (!living)
		return arena_refuse(&s->a, e);
	for (size_t i = 0; i < s->nrows; i++) {
		if (!strcmp(s->rows[i].niveau, "commune"))
			living[n++] = s->rows[i].code;
	}
	qsort(living, n, sizeof *living, by_code);
	for (size_t i = 0; i < s->nanciens; i++) {
		const char *code = s->anciens[i].ancien_code;

		if (!code || !strcmp(code, s->anciens[i].code)
		    || bsearch(&code, living, n, sizeof *living, by_code))
			continue;
		if (!territoire_drop(tx, "commune", code, &changed, e))
			return false;
		s->report->modifies += changed > 0;
	}
	return true;
}

static bool put_anciens(struct tx *tx, const struct work *w, struct err *e)
{
	const struct territoire_stage *s = w->stage;

	for (size_t i = 0; i < s->nanciens; i++) {
		const struct territoire_ancien *o = &s->anciens[i];
		int64_t changed;
		char cle[256];

		utf8_fold(o->nom, cle, sizeof cle);
		if (!territoire_nom_put(tx, "commune", o->code, o->nom, cle, o->ancien_code,
					o->source, &changed, e))
			return false;
		s->report->modifies += changed > 0;
	}
	return drop_gone(tx, w, e);
}

/* The outline that was made of a département's communes goes well with them: a file's own
 * does not take its place. */
static bool is_outdone(struct tx *tx, const struct work *w, const struct territoire_trace *t,
		       bool *out, struct err *e)
{
	struct contour_has_communes_row has = { 0 };

	*out = false;
	if (t->joined || strcmp(t->niveau, "departement"))
		return true;
	if (!contour_has_communes(tx_db(tx), &w->stage->a, t->code, &has, e))
		return false;
	*out = has.n > 0;
	return true;
}

/* The IRIS itself, which another file may already have named: where it is, when nothing said. */
static bool put_iris(struct tx *tx, const struct work *w, const struct territoire_trace *t,
		     struct err *e)
{
	char commune[6];

	snprintf(commune, sizeof commune, "%.5s", t->code);
	return iris_outlined(tx, t->code, commune, t->departement, *t->nom ? t->nom : t->code,
			     *t->type ? t->type : NULL, t->lat, t->lon, t->source, w->now, NULL,
			     e);
}

/* From the last to the first: what was joined stands at the end. */
static bool put_traces(struct tx *tx, const struct work *w, struct err *e)
{
	const struct territoire_stage *s = w->stage;

	for (size_t i = s->ntraces; i-- > 0; ) {
		const struct territoire_trace *t = &s->traces[i];
		int64_t changed;
		bool outdone;

		if (!is_outdone(tx, w, t, &outdone, e))
			return false;
		if (outdone)
			continue;
		if (!contour_put(tx, t->niveau, t->code, t->departement, t->trace, t->source,
				 &changed, e))
			return false;
		s->report->contours++;
		s->report->modifies += changed > 0;
		if (*t->niveau == 'i' && !put_iris(tx, w, t, e))
			return false;
	}
	return true;
}

static bool write_all(struct tx *tx, void *arg, struct err *e)
{
	const struct work *w = arg;

	return put_rows(tx, w, e) && put_anciens(tx, w, e) && put_traces(tx, w, e)
	       && territoire_borrow_positions(tx, w->stage, w->now,
					      &w->stage->report->approchees, e)
	       && territoire_sum_departements(tx, NULL, e)
	       && territoire_sum_regions(tx, NULL, e);
}

static bool import(struct store *store, struct input *in, size_t n,
		   struct territoire_report *out, struct err *e)
{
	CLEANUP(stage_free) struct territoire_stage stage = stage_new(out);
	struct work w = { .stage = &stage };

	iso_write(env_now(store_env(store)), w.now);
	return read_all(&stage, in, n, e) && store_write_alone(store, write_all, &w, e);
}

bool territoire_import(struct store *s, const char *const *files, int n,
		       struct territoire_report *out, struct err *e)
{
	struct input in[FILES_MOST] = { 0 };

	*out = (struct territoire_report){ 0 };
	if (n < 1 || n > FILES_MOST)
		return fail(e, E_INPUT, "Donnez de 1 à %d fichiers.", FILES_MOST);
	for (int i = 0; i < n; i++)
		in[i].path = files[i];
	return import(s, in, (size_t)n, out, e);
}

bool territoire_demo(struct store *s, struct err *e)
{
	static const char folder[] = "data/seine-saint-denis/";
	struct territoire_report report;
	struct input in[16] = { 0 };
	size_t n = 0;

	for (const struct embedded_file *f = embedded_files; f->name && n < 16; f++) {
		const char *dot = strrchr(f->name, '.');

		if (strncmp(f->name, folder, sizeof folder - 1) || !dot
		    || (strcmp(dot, ".csv") && strcmp(dot, ".geojson")))
			continue;
		in[n].path = f->name;
		in[n++].embedded = f;
	}
	if (!n)
		return fail(e, E_MISSING, "Les communes de la démonstration manquent.");
	return import(s, in, n, &report, e);
}
