#include "core/choroplethe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/contour_trace.h"

enum { MARGIN = 6, FRAME = 96, FRAMES = 8, TRIES = 12, HIGHEST = 760,
	ZONE_OCTETS = 45, PATH_MOST = 4 << 20, TOGETHER = 38 << 10,
	LEAST_REST = CHOROPLETHE_OCTETS / 3 * 2 };

static const double FINEST = 0.6;               /* units that a border may move */
static const double COARSER = 1.25;

struct box {
	double south, west, north, east;
};

/* --- traces back to rings ---------------------------------------------------------------- */

/* The rings of a trace in degrees; *n of them. */
static struct ring *rings_of(struct arena *a, struct bytes trace, size_t *n)
{
	struct trace t = trace_open(trace);
	size_t rings = trace_count(&t);
	struct ring *out = NEW_ARRAY(a, rings + 1, struct ring);

	for (*n = 0; out && *n < rings && !t.broken; ) {
		size_t points = trace_count(&t), k = 0;
		double *xy = NEW_ARRAY(a, points * 2 + 2, double);
		struct grid_point at = { 0 };

		if (!xy)
			return NULL;
		for (; k < points && trace_point(&t, &at); k++) {
			xy[k * 2] = (double)at.x / CONTOUR_GRID;
			xy[k * 2 + 1] = (double)at.y / CONTOUR_GRID;
		}
		out[(*n)++] = (struct ring){ xy, k };
	}
	return out;
}

bool choroplethe_dissolve(struct arena *a, const struct bytes *traces, size_t n,
			  struct bytes *out, struct err *e)
{
	CLEANUP(arena_free) struct arena scratch = arena_new(256 << 20);
	struct contour_face *faces = NEW_ARRAY(&scratch, n + 1, struct contour_face);
	struct bytes whole = { 0 };
	size_t k = 0;

	*out = (struct bytes){ 0 };
	for (size_t i = 0; faces && i < n; i++) {
		if (!traces[i].p)
			continue;
		faces[k].rings = rings_of(&scratch, traces[i], &faces[k].n);
		if (!faces[k].rings)
			return arena_refuse(&scratch, e);
		k += faces[k].n > 0;
	}
	if (!faces)
		return arena_refuse(&scratch, e);
	if (!k)
		return true;
	if (!contour_join(&scratch, faces, k, 0, &whole, e))
		return false;
	*out = (struct bytes){ arena_strn(a, whole.p, whole.n), whole.n };
	return out->p ? true : arena_refuse(a, e);
}

/* --- one frame --------------------------------------------------------------------------- */

struct frame {                          /* zones that share a scale */
	struct arena *scratch;          /* drawings live here until the last one */
	struct contour_face *faces;
	struct fond_dessin **to;        /* where the drawing of each goes */
	size_t n;
	struct box box;
	struct map map;
	int x, y;                       /* its corner on the sheet */
};

static struct box box_with(struct box b, struct box c)
{
	return (struct box){ fmin(b.south, c.south), fmin(b.west, c.west),
			     fmax(b.north, c.north), fmax(b.east, c.east) };
}

/* "M x y l dx dy ... z" of each ring; a point that falls on the one before is left out, and
 * nothing else: neighbours have the same points. */
static void put_rings(const struct frame *f, struct bytes trace, struct buf *out)
{
	struct trace t = trace_open(trace);

	for (size_t rings = trace_count(&t); rings && !t.broken; rings--) {
		size_t points = trace_count(&t), shown = 0, from = out->n;
		struct grid_point at = { 0 };
		int x0 = 0, y0 = 0;

		for (; points && trace_point(&t, &at); points--) {
			int x, y;

			map_xy(&f->map, (double)at.y / CONTOUR_GRID, (double)at.x / CONTOUR_GRID,
			       &x, &y);
			if (shown && x == x0 && y == y0)
				continue;
			if (!shown)
				buf_printf(out, "M%d %dl", x + f->x, y + f->y);
			else
				buf_printf(out, shown > 1 && x - x0 >= 0 ? " %d%s%d" : "%d%s%d",
					   x - x0, y - y0 < 0 ? "" : " ", y - y0);
			shown++;
			x0 = x;
			y0 = y;
		}
		if (shown < 3)
			out->n = from;
		else
			buf_char(out, 'z');
	}
}

/* Simplified by at most `units`; adds to *bytes what the paths take. */
static bool draw_frame(struct frame *f, double units, size_t *bytes, struct err *e)
{
	CLEANUP(buf_free) struct buf path = buf_new(PATH_MOST);
	CLEANUP(arena_free) struct arena scratch = arena_new(256 << 20);
	struct bytes whole;

	if (!contour_join(&scratch, f->faces, f->n, units / f->map.scale, &whole, e))
		return false;
	for (size_t i = 0; i < f->n; i++) {
		double south, west, north, east;
		struct fond_dessin *z = f->to[i];

		buf_clear(&path);
		put_rings(f, f->faces[i].trace, &path);
		*bytes += path.n;
		z->trace = arena_strn(f->scratch, path.n ? path.p : "", path.n);
		if (path.n || !contour_box(f->faces[i].trace, &south, &west, &north, &east))
			continue;
		map_xy(&f->map, (south + north) / 2, (west + east) / 2, &z->x, &z->y);
		z->x += f->x;
		z->y += f->y;
	}
	return true;
}

/* --- the sheet --------------------------------------------------------------------------- */

/* Beyond Europe when others are there: in a frame of its own, one for each 1st digits. */
static int frame_of(struct box b, double west_most)
{
	double lat = (b.south + b.north) / 2, lon = (b.west + b.east) / 2;

	if (lat > 40 && lat < 52 && lon > west_most && lon < 10)
		return 0;
	return lat > 0 ? (lat > 30 ? 5 : lon < -61.3 ? 1 : lat > 10 ? 2 : 3)
		       : lat > -16 ? 4 : lon > 60 || lon < 0 ? 6 : 7;
}

static bool take_outline(struct frame *frames, struct bytes contour, struct fond_dessin *d,
			 bool one, struct arena *a)
{
	struct box b = { 0 };
	struct contour_face face = { 0 };
	struct frame *f;

	d->trace = "";
	if (!contour.p || !contour_box(contour, &b.south, &b.west, &b.north, &b.east))
		return false;
	f = &frames[one ? 0 : frame_of(b, -6)];
	face.rings = rings_of(a, contour, &face.n);
	if (!face.rings || !face.n)
		return false;
	f->to[f->n] = d;
	f->faces[f->n++] = face;
	f->box = f->n == 1 ? b : box_with(f->box, b);
	return true;
}

static bool any_in_europe(const struct bytes *contours, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct box b;

		if (contours[i].p
		    && contour_box(contours[i], &b.south, &b.west, &b.north, &b.east)
		    && !frame_of(b, -6))
			return true;
	}
	return false;
}

/* The first frame fills the sheet, the others stand in a row below it. */
static void lay_out(struct frame *frames, int width, struct choroplethe_fond *out,
		    struct buf *lines)
{
	struct frame *f = frames;
	int x = MARGIN;

	f->map = map_fit(f->box.south, f->box.west, f->box.north, f->box.east,
			 width - 2 * MARGIN, HIGHEST);
	f->x = f->y = MARGIN;
	out->width = width;
	out->height = f->map.height + 2 * MARGIN;
	for (int i = 1; i < FRAMES; i++) {
		f = &frames[i];
		if (!f->n)
			continue;
		f->map = map_fit(f->box.south, f->box.west, f->box.north, f->box.east, FRAME,
				 FRAME);
		f->x = x;
		f->y = frames[0].map.height + 2 * MARGIN + (FRAME - f->map.height) / 2;
		buf_printf(lines, "M%d %dh%dv%dh-%dz", x, frames[0].map.height + 2 * MARGIN,
			   FRAME, FRAME, FRAME);
		x += FRAME + MARGIN;
		out->height = frames[0].map.height + 3 * MARGIN + FRAME;
	}
}

/* `n` zones each take a link and a name too: the more there are, the coarser they are. */
static size_t room_for(size_t n)
{
	size_t rest = n * ZONE_OCTETS;

	if (n > CHOROPLETHE_LIENS)
		return TOGETHER;
	return rest < LEAST_REST ? CHOROPLETHE_OCTETS - rest : CHOROPLETHE_OCTETS - LEAST_REST;
}

/* What is too heavy is drawn again, coarser by as much as it is too heavy. */
static bool draw_frames(struct frame *frames, size_t n, struct err *e)
{
	size_t most = room_for(n);
	double units = FINEST;

	for (int i = 0; i < TRIES; i++) {
		size_t bytes = 0;

		for (int k = 0; k < FRAMES; k++) {
			if (frames[k].n && !draw_frame(&frames[k], units, &bytes, e))
				return false;
		}
		if (bytes <= most)
			return true;
		units *= fmax(COARSER, 1.1 * (double)bytes / (double)most);
	}
	return fail(e, E_LIMIT, "La carte est trop lourde.");
}

bool choroplethe_fond(struct arena *a, const struct bytes *contours, size_t n, int width,
		      struct choroplethe_fond *out, struct err *e)
{
	CLEANUP(arena_free) struct arena scratch = arena_new(512 << 20);
	CLEANUP(buf_free) struct buf lines = buf_new(1024);
	struct frame frames[FRAMES] = { { 0 } };
	bool one = !any_in_europe(contours, n);
	size_t drawn = 0;

	*out = (struct choroplethe_fond){ .n = n, .cadres = "" };
	out->dessins = NEW_ARRAY(a, n + 1, struct fond_dessin);
	if (!out->dessins)
		return arena_refuse(a, e);
	for (int i = 0; i < FRAMES; i++) {
		frames[i].scratch = &scratch;
		frames[i].faces = NEW_ARRAY(&scratch, n + 1, struct contour_face);
		frames[i].to = NEW_ARRAY(&scratch, n + 1, struct fond_dessin *);
		if (!frames[i].faces || !frames[i].to)
			return arena_refuse(&scratch, e);
	}
	for (size_t i = 0; i < n; i++) {
		out->dessins[i].connu = take_outline(frames, contours[i], &out->dessins[i], one,
						     &scratch);
		drawn += out->dessins[i].connu;
	}
	if (scratch.spent)
		return arena_refuse(&scratch, e);
	if (!drawn)
		return true;
	lay_out(frames, width, out, &lines);
	out->carte = frames[0].map;
	out->marge = MARGIN;
	if (!draw_frames(frames, drawn, e))
		return false;
	for (size_t i = 0; i < n; i++)
		out->dessins[i].trace = arena_str(a, out->dessins[i].trace);
	out->cadres = arena_strn(a, lines.n ? lines.p : "", lines.n);
	return !a->spent || arena_refuse(a, e);
}

/* The zones of each class as one shape; what is too small to have one stays a dot. */
static bool draw_together(struct arena *a, struct carte_zone_dessin *d, size_t *n,
			  struct err *e)
{
	size_t dots = 0, shapes = 0;
	struct carte_zone_dessin class[CHOROPLETHE_CLASSES + 1];

	for (int c = CHOROPLETHE_SANS; c < CHOROPLETHE_CLASSES; c++) {
		CLEANUP(buf_free) struct buf path = buf_new(PATH_MOST);

		for (size_t i = 0; i < *n; i++) {
			if (d[i].classe == c)
				buf_str(&path, d[i].trace);
		}
		if (path.n)
			class[shapes++] = (struct carte_zone_dessin){ .titre = "", .classe = c,
				.trace = arena_strn(a, path.p, path.n) };
	}
	for (size_t i = 0; i < *n; i++) {
		if (!*d[i].trace)
			d[dots++] = (struct carte_zone_dessin){ .titre = "", .trace = "",
				.classe = d[i].classe, .x = d[i].x, .y = d[i].y };
	}
	if (!shapes || dots + shapes > *n)
		return true;
	memmove(d + shapes, d, dots * sizeof *d);
	memcpy(d, class, shapes * sizeof *d);
	*n = dots + shapes;
	return !a->spent || arena_refuse(a, e);
}

bool choroplethe_draw(struct arena *a, const struct choroplethe_fond *fond,
		      const struct carte_zone *zones, struct choroplethe *out, struct err *e)
{
	struct carte_zone_dessin *d = NEW_ARRAY(a, fond->n + 1, struct carte_zone_dessin);

	*out = (struct choroplethe){ .width = fond->width, .height = fond->height, .titre = "",
		.cadres = fond->cadres, .classes = { "", "", "", "", "" }, .zones = d };
	if (!d)
		return arena_refuse(a, e);
	for (size_t i = 0; i < fond->n; i++) {
		const struct carte_zone *z = &zones[i];
		const struct fond_dessin *f = &fond->dessins[i];

		if (!f->connu) {
			out->sans_contour++;
			continue;
		}
		d[out->n++] = (struct carte_zone_dessin){
			.titre = *z->dit ? arena_cat(a, z->nom, "\u00a0: ", z->dit, NULL) : z->nom,
			.lien = z->lien, .trace = f->trace, .classe = z->classe,
			.x = f->x, .y = f->y };
		out->sans |= z->classe == CHOROPLETHE_SANS;
	}
	if (out->n > CHOROPLETHE_LIENS && !draw_together(a, d, &out->n, e))
		return false;
	return !a->spent || arena_refuse(a, e);
}

bool choroplethe_ronds(struct arena *a, const double *lat, const double *lon, size_t n,
		       int width, struct choroplethe_fond *out, struct err *e)
{
	struct box b = { 90, 180, -90, -180 };
	bool some = false;

	*out = (struct choroplethe_fond){ .n = n, .cadres = "", .marge = FRAME / 4 };
	out->dessins = NEW_ARRAY(a, n + 1, struct fond_dessin);
	if (!out->dessins)
		return arena_refuse(a, e);
	for (size_t i = 0; i < n; i++) {
		if (!(fabs(lat[i]) <= 90 && fabs(lon[i]) <= 180))
			continue;
		b = box_with(b, (struct box){ lat[i], lon[i], lat[i], lon[i] });
		some = out->dessins[i].connu = true;
	}
	if (!some)
		return true;
	out->carte = map_fit(b.south, b.west, b.north, b.east, width - 2 * out->marge, HIGHEST);
	out->width = width;
	out->height = out->carte.height + 2 * out->marge;
	for (size_t i = 0; i < n; i++) {
		struct fond_dessin *d = &out->dessins[i];

		d->trace = "";
		if (!d->connu)
			continue;
		map_xy(&out->carte, lat[i], lon[i], &d->x, &d->y);
		d->x += out->marge;
		d->y += out->marge;
	}
	return true;
}

/* --- classes ----------------------------------------------------------------------------- */

static int by_value(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return (a > b) - (a < b);
}

void choroplethe_bounds(struct arena *a, const double *v, size_t n,
			double bounds[CHOROPLETHE_CLASSES - 1])
{
	double *sorted = NEW_ARRAY(a, n + 1, double);
	size_t k = 0, from = 0;

	for (int i = 0; i < CHOROPLETHE_CLASSES - 1; i++)
		bounds[i] = INFINITY;
	for (size_t i = 0; sorted && i < n; i++) {
		if (!isnan(v[i]))
			sorted[k++] = v[i];
	}
	if (!k)
		return;
	qsort(sorted, k, sizeof *sorted, by_value);
	for (size_t i = 0; i < CHOROPLETHE_CLASSES - 1; i++) {
		size_t at = from + (k - from) / (CHOROPLETHE_CLASSES - i);

		while (at < k && sorted[at] <= sorted[from])
			at++;
		if (at == k)
			return;
		bounds[i] = sorted[at];
		while (at > from && sorted[at - 1] >= bounds[i])
			at--;
		from = at;
	}
}

int choroplethe_class(const double bounds[CHOROPLETHE_CLASSES - 1], double v)
{
	int c = 0;

	if (isnan(v))
		return CHOROPLETHE_SANS;
	while (c < CHOROPLETHE_CLASSES - 1 && v >= bounds[c])
		c++;
	return c;
}
