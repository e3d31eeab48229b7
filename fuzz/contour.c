/* floor: 260 edges */
/* Any bytes are a trace that is drawn inside the map, or draw nothing; and any rings that
 * touch or cross are joined and encoded into traces that read. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/contour.h"

static void check_trace(struct arena *a, struct bytes b)
{
	struct map m = map_fit(48, 2, 48.1, 2.2, 360, 330);
	double south, west, north, east;

	if (contour_box(b, &south, &west, &north, &east)) {
		if (!(south <= north) || !(west <= east))
			abort();
		m = map_fit(south, west, north, east, 360, 330);
		if (m.width != 360 || m.height < 1 || m.height > 330)
			abort();
	}
	map_path(a, &m, b);
	map_lines(a, &m, b);
}

/* Rings on a small grid, so that they share points and sides. */
static void check_join(struct arena *a, const uint8_t *p, size_t n)
{
	struct contour_face faces[8] = { { 0 } };
	struct ring rings[8];
	struct bytes whole;
	struct err e = { 0 };
	size_t k = 0;

	for (; k < 8 && n > 1; k++) {
		size_t points = *p % 12u, used = points < n - 1 ? points : n - 1;
		double *xy = NEW_ARRAY(a, used * 2, double);

		if (!xy)
			return;
		for (size_t i = 0; i < used; i++) {
			xy[2 * i] = 2 + (p[i + 1] >> 4) * 0.01;
			xy[2 * i + 1] = 48 + (p[i + 1] & 15) * 0.01;
		}
		rings[k] = (struct ring){ xy, used };
		faces[k] = (struct contour_face){ .rings = &rings[k], .n = 1 };
		p += used + 1;
		n -= used + 1;
	}
	if (!contour_join(a, faces, k, 0.0003, &whole, &e))
		return;
	check_trace(a, whole);
	for (size_t i = 0; i < k; i++)
		check_trace(a, faces[i].trace);
	if (k)
		check_trace(a, contour_encode(a, rings, k, 0.005));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	CLEANUP(arena_free) struct arena a = arena_new(16 << 20);

	check_trace(&a, (struct bytes){ p, n });
	check_join(&a, p, n);
	return 0;
}
