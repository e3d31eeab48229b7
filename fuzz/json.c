/* floor: 195 edges */
/* Any bytes are a list of objects or one document, or are refused in words; what is read
 * as GeoJSON is within the globe. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "format/geojson.h"
#include "format/json.h"

static void check_shape(const json_t *feature)
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 22);
	struct geojson_shape s;
	struct err e = { 0 };

	if (!geojson_read(&a, feature, &s, &e)) {
		if (!e.msg[0])
			abort();
		return;
	}
	if (s.kind == GEOJSON_POINT && !(fabs(s.lat) <= 90 && fabs(s.lon) <= 180))
		abort();
	for (size_t i = 0; i < s.n; i++) {
		for (size_t k = 0; k < s.rings[i].n * 2; k++) {
			if (!(fabs(s.rings[i].lonlat[k]) <= 180) || s.rings[i].n < 3)
				abort();
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const char *const keys[] = { "features", "lieux", NULL };
	CLEANUP(json_list_close) struct json_list *l = NULL;
	CLEANUP(json_done) json_t *whole = NULL;
	struct err e = { 0 };
	char number[JSON_NUMBER];
	long line = 1, last = 1;
	bool read;
	json_t *o;

	if (json_list_open_text("fuzz", (const char *)p, n, keys, &l, &e)) {
		while (json_list_next(l, &o, &line, &e)) {
			if (!json_is_object(o) || line < last)
				abort();
			last = line;
			json_member_text(o, "nom", number, sizeof number);
			check_shape(o);
		}
	}
	read = e.kind == E_OK;
	if (!read && !e.msg[0])
		abort();
	e = (struct err){ 0 };
	/* A list that was walked to its end is a document. */
	if (!json_read((const char *)p, n, &whole, &e) && read && e.kind == E_OK)
		abort();
	return 0;
}
