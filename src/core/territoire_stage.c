#include "core/territoire_stage.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { STAGE_MEMORY = 512 << 20 };

struct territoire_stage stage_new(struct territoire_report *report)
{
	*report = (struct territoire_report){ 0 };
	return (struct territoire_stage){ .a = arena_new(STAGE_MEMORY), .report = report };
}

void stage_free(struct territoire_stage *s)
{
	free(s->rows);
	free(s->anciens);
	free(s->traces);
	free(s->faces);
	free(s->seen);
	arena_free(&s->a);
}

/* One more zeroed item of `size` bytes at the end of a growing array. */
static void *one_more(void *array, size_t *n, size_t *room, size_t size)
{
	char **p = array, *grown;

	if (*n == *room) {
		size_t more = *room ? *room * 2 : 1024;

		grown = reallocarray(*p, more, size);
		if (!grown)
			return NULL;
		*p = grown;
		*room = more;
	}
	return memset(*p + size * (*n)++, 0, size);
}

struct territoire_row *stage_row(struct territoire_stage *s)
{
	return one_more(&s->rows, &s->nrows, &s->rows_room, sizeof *s->rows);
}

struct territoire_ancien *stage_ancien(struct territoire_stage *s)
{
	return one_more(&s->anciens, &s->nanciens, &s->anciens_room, sizeof *s->anciens);
}

struct territoire_trace *stage_trace(struct territoire_stage *s)
{
	return one_more(&s->traces, &s->ntraces, &s->traces_room, sizeof *s->traces);
}

struct territoire_face *stage_face(struct territoire_stage *s)
{
	return one_more(&s->faces, &s->nfaces, &s->faces_room, sizeof *s->faces);
}

void stage_begin_file(struct territoire_stage *s)
{
	s->nseen = 0;
	if (s->seen)
		memset(s->seen, 0, s->seen_room * sizeof *s->seen);
}

/* Level and code in 64 bits, exactly: a code has at most 9 letters or digits. */
static uint64_t packed(const char *niveau, const char *code)
{
	uint64_t v = 1 + (uint64_t)(niveau[0] - 'a');

	for (; *code; code++)
		v = v * 37 + (uint64_t)(isdigit((unsigned char)*code) ? *code - '0'
				      : (toupper((unsigned char)*code) - 'A') % 26 + 10);
	return v;
}

static void seen_insert(uint64_t *table, size_t room, uint64_t v)
{
	size_t i = (size_t)(v * 0x9e3779b97f4a7c15u >> 20) & (room - 1);

	while (table[i])
		i = (i + 1) & (room - 1);
	table[i] = v;
}

static bool seen_grow(struct territoire_stage *s)
{
	size_t room = s->seen_room ? s->seen_room * 2 : 4096;
	uint64_t *table = calloc(room, sizeof *table);

	if (!table)
		return false;
	for (size_t i = 0; i < s->seen_room; i++) {
		if (s->seen[i])
			seen_insert(table, room, s->seen[i]);
	}
	free(s->seen);
	s->seen = table;
	s->seen_room = room;
	return true;
}

bool stage_is_new(struct territoire_stage *s, const char *niveau, const char *code)
{
	uint64_t v = packed(niveau, code);

	if (s->nseen * 2 >= s->seen_room && !seen_grow(s))
		return true;
	for (size_t i = (size_t)(v * 0x9e3779b97f4a7c15u >> 20) & (s->seen_room - 1);
	     s->seen[i]; i = (i + 1) & (s->seen_room - 1)) {
		if (s->seen[i] == v)
			return false;
	}
	seen_insert(s->seen, s->seen_room, v);
	s->nseen++;
	return true;
}

bool stage_refuse(struct territoire_stage *s, const char *file, long line,
		  const char *fmt, ...)
{
	struct err e = { 0 };
	char why[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	if (s->report->refuses < TERRITOIRE_REFUS) {
		fail(&e, E_INPUT, "%s", why);
		fail_at(&e, file, line);
		snprintf(s->report->refus[s->report->refuses], TERRITOIRE_REFUS_TEXT, "%.199s",
			 e.msg);
	}
	s->report->refuses++;
	return false;
}

/* --- codes ----------------------------------------------------------------------------- */

static bool digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!isdigit((unsigned char)s[i]))
			return false;
	}
	return true;
}

bool is_code_commune(const char *s)
{
	if (strlen(s) != 5 || !isdigit((unsigned char)s[0]) || !digits(s + 2, 3))
		return false;
	return isdigit((unsigned char)s[1]) || !strncmp(s, "2A", 2) || !strncmp(s, "2B", 2);
}

bool is_code_departement(const char *s)
{
	size_t n = strlen(s);

	if (!strcmp(s, "2A") || !strcmp(s, "2B"))
		return true;
	return digits(s, n) && (n == 2 || (n == 3 && s[0] == '9' && (s[1] == '7' || s[1] == '8')));
}

void departement_of(const char *commune, char out[4])
{
	size_t n = commune[0] == '9' && (commune[1] == '7' || commune[1] == '8') ? 3 : 2;

	memcpy(out, commune, n);
	out[n] = '\0';
}
