/*
 * Inside of the territory import: what files say, read and checked before anything is
 * written.  territoire_read.c fills it from tables, territoire_contours.c from GeoJSON,
 * territoire.c writes it in one transaction.
 */
#pragma once

#include <stdio.h>

#include "base/arena.h"
#include "core/contour.h"
#include "core/territoire.h"
#include "format/csv.h"
#include "format/json.h"

/* One territory as one file gives it; texts NULL when the file does not say. */
struct territoire_row {
	const char *niveau, *code, *nom, *departement, *region, *epci, *ept, *commune;
	const char *nature, *chef_lieu, *postaux;
	int64_t population;             /* -1 when it does not say */
	double lat, lon, surface;       /* NaN when it does not say */
	const char *source;
};

/* A commune that is now part of another. */
struct territoire_ancien {
	const char *code, *nom, *ancien_code, *source;
};

struct territoire_trace {
	const char *niveau, *code, *departement, *source;
	struct bytes trace;
	double lat, lon;                /* middle of the largest ring */
	bool joined;                    /* made from its communes: better than a file's own */
	const char *nom, *type;         /* of an IRIS; "" */
};

/* Rings, kept until the neighbours are there. */
struct territoire_face {
	const char *niveau, *code, *source;
	const char *departement;        /* of a commune or an IRIS; "" for the others */
	const char *nom, *type;         /* of an IRIS; "" */
	struct ring *rings;
	size_t n;
	double lat, lon;                /* middle of the largest ring */
	double south, west, north, east;
};

struct territoire_stage {
	struct arena a;
	struct territoire_report *report;
	struct territoire_row *rows;
	size_t nrows, rows_room;
	struct territoire_ancien *anciens;
	size_t nanciens, anciens_room;
	struct territoire_trace *traces;
	size_t ntraces, traces_room;
	struct territoire_face *faces;
	size_t nfaces, faces_room;
	uint64_t *seen;                 /* niveau and code met in the file being read */
	size_t nseen, seen_room;
};

struct territoire_stage stage_new(struct territoire_report *report);
void stage_free(struct territoire_stage *s);

/* Room for one more, zeroed; NULL when memory is short. */
struct territoire_row *stage_row(struct territoire_stage *s);
struct territoire_ancien *stage_ancien(struct territoire_stage *s);
struct territoire_trace *stage_trace(struct territoire_stage *s);
struct territoire_face *stage_face(struct territoire_stage *s);

/* Forgets which codes were met; true the first time that one is met in this file. */
void stage_begin_file(struct territoire_stage *s);
bool stage_is_new(struct territoire_stage *s, const char *niveau, const char *code);

/* Counts a refused row and keeps its reason while there is room; always false. */
bool stage_refuse(struct territoire_stage *s, const char *file, long line,
		  const char *fmt, ...) PRINTF(4, 5);

/* A table's kind, in the order in which kinds are read: the official files first, so that
 * the fuller ones have the last word, whatever the order on the command line. */
struct territoire_kind;
const struct territoire_kind *territoire_kind_of(const struct csv *c);
int territoire_kind_rank(const struct territoire_kind *k);
bool territoire_read_table(struct territoire_stage *s, const struct territoire_kind *k,
			   struct csv *c, const char *name, struct err *e);

/* GeoJSON features of IRIS, communes, départements or régions. */
bool territoire_read_contours(struct territoire_stage *s, struct json_list *l,
			      const char *name, struct err *e);
/* Once all files are read: the communes of each département, all départements, all régions,
 * joined. */
bool territoire_join_contours(struct territoire_stage *s, struct err *e);

/* Gives a position to the communes that have none (territoire_position.c). */
bool territoire_borrow_positions(struct tx *tx, const struct territoire_stage *s,
				 const char *now, size_t *approchees, struct err *e);

/* Codes of the COG as text: "01001", "2A004"; "93", "2A", "974". */
bool is_code_commune(const char *s);
bool is_code_departement(const char *s);
/* Département of a commune's code, in room for 4 bytes. */
void departement_of(const char *commune, char out[4]);
