#include "detect/radar.h"

#include <math.h>

static const double CX = RADAR_LARGEUR / 2.0, CY = RADAR_HAUTEUR / 2.0, R = 95;

static void place(struct radar *r, int i, double share, double *x, double *y)
{
	double turn = 2 * M_PI * i / r->n - M_PI / 2;

	*x = CX + R * share * cos(turn);
	*y = CY + R * share * sin(turn);
}

/* A missing score stands at the centre: the table says that it is missing. */
static double share(const struct radar_axe *x, double v)
{
	double s = (v - x->min) / (x->max - x->min);

	return isnan(s) || s < 0 ? 0 : s > 1 ? 1 : s;
}

static const char *polygon(struct arena *a, struct radar *r, double all, bool before)
{
	const char *out = "";

	for (int i = 0; i < r->n; i++) {
		const struct radar_axe *x = &r->axes[i];
		double px, py;

		place(r, i, all > 0 ? all : share(x, before ? x->avant : x->valeur), &px, &py);
		out = arena_printf(a, "%s%s%.1f,%.1f", out, i ? " " : "", px, py);
	}
	return out;
}

static void add_axes(struct radar *r, const struct diagnostic *now,
		     const struct diagnostic *before, const char *langue)
{
	const struct instrument *in = now->instrument;

	for (int i = 0; i < in->nscores && r->n < RADAR_AXES; i++) {
		const struct score *s = &in->scores[i];

		if (!s->radar)
			continue;
		r->axes[r->n++] = (struct radar_axe){ .titre = instrument_say(in, langue, s->titre),
			.min = s->min, .max = s->max, .valeur = now->scores[i],
			.avant = before ? before->scores[i] : (double)NAN };
	}
}

const struct radar *radar_make(struct arena *a, const struct diagnostic *now,
			       const struct diagnostic *before, const char *langue)
{
	struct radar *r = NEW(a, struct radar);

	if (!r)
		return NULL;
	add_axes(r, now, before, langue);
	if (r->n < 3)
		return NULL;
	for (int i = 0; i < r->n; i++) {
		struct radar_axe *x = &r->axes[i];

		place(r, i, 1, &x->x, &x->y);
		place(r, i, 1.13, &x->mot_x, &x->mot_y);
		x->mot_y += 4;
		x->ancre = fabs(x->mot_x - CX) < 5 ? "middle" : x->mot_x < CX ? "end" : "start";
	}
	for (int i = 0; i < 3; i++)
		r->cercles[i] = polygon(a, r, (i + 1) / 3.0, false);
	r->points = polygon(a, r, 0, false);
	r->points_avant = before ? polygon(a, r, 0, true) : NULL;
	return r;
}
