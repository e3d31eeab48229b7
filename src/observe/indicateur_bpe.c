/*
 * Facilities (BPE): nothing of them is kept but distances.  Which facilities make which
 * distance is data (data/indicateur_equipements.csv): an indicator is the mean, over its
 * services, of the distance to the nearest facility of that service.
 *
 * An IRIS has no outline here: it stands where its own facilities stand, in the mean.
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embedded.h"
#include "observe/indicateur_import.sql.h"
#include "core/projection.h"
#include "observe/indicateur_proche.h"
#include "observe/indicateur_run.h"

enum { SERVICES = 32, DEPARTEMENTS = 1000, IRIS_LEAST = 3 };

struct service {
	const char *indicateur, *nom, *types;   /* "A119|A120" */
	struct semis semis;
};

/* Mean place of an IRIS' facilities. */
struct heart {
	char code[TERRITOIRE_CODE];
	double lat, lon;                /* sums */
	uint32_t n;
};

struct bpe {
	struct run *r;
	struct service services[SERVICES];
	size_t nservices;
	struct heart *hearts;           /* open addressing by IRIS code */
	size_t nhearts, hearts_room;
	bool there[DEPARTEMENTS];       /* départements that the file speaks of */
	int type, x, y, lat, lon, epsg, iris, commune, departement, annee;
	int latest;
};

static void bpe_drop(struct bpe *b)
{
	for (size_t i = 0; i < b->nservices; i++)
		semis_free(&b->services[i].semis);
	free(b->hearts);
}

static bool read_services(struct bpe *b, struct err *e)
{
	const struct embedded_file *f = embedded_find(embedded_files,
						      "data/indicateur_equipements.csv");
	CLEANUP(csv_close) struct csv *c = NULL;
	struct arena *a = &b->r->a;
	struct csv_row row;

	if (!f)
		return fail(e, E_MISSING, "La liste des équipements manque.");
	if (!csv_open_text(f->name, f->p, (size_t)(f->end - f->p), &c, e))
		return false;
	while (b->nservices < SERVICES && csv_next(c, &row, e)) {
		if (!run_wants(b->r, row.cells[0]))
			continue;
		b->services[b->nservices++] = (struct service){
			.indicateur = arena_str(a, row.cells[0]),
			.nom = arena_str(a, row.cells[1]), .types = arena_str(a, row.cells[2]),
		};
	}
	return e->kind == E_OK;
}

/* --- where a facility stands ---------------------------------------------------------------- */

/* "971" of 97105 or 971; as a number under DEPARTEMENTS, 2A as 20 and 2B as 30. */
static int number_of(const char *departement)
{
	char d[4];
	int n;

	snprintf(d, sizeof d, "%.3s", departement);
	if (strncmp(d, "97", 2))
		d[2] = '\0';
	if (d[0] == '2' && (d[1] == 'A' || d[1] == 'B'))
		return d[1] == 'A' ? 500 : 501;
	n = (int)strtol(d, NULL, 10);
	return n > 0 && n < DEPARTEMENTS ? n : 0;
}

static bool number(const char *text, double *out)
{
	uint8_t statut;

	return valeur_lire(text, out, &statut) && statut == STATUT_VALEUR;
}

/* Département of a row: its own column, its commune, its IRIS. */
static const char *departement_of_row(const struct bpe *b, const struct csv_row *row)
{
	const int from[] = { b->departement, b->commune, b->iris };

	for (int i = 0; i < 3; i++) {
		const char *text = cellule(row, from[i]);

		if (isdigit((unsigned char)*text) && text[1])
			return text;
	}
	return "";
}

/* False when the row has no place: INSEE could not locate everything. */
static bool locate(const struct bpe *b, const struct csv_row *row, double *lat, double *lon)
{
	enum projection p = projection_of(departement_of_row(b, row));
	double x, y, epsg;

	if (number(cellule(row, b->lat), lat) && number(cellule(row, b->lon), lon)
	    && fabs(*lat) <= 90 && fabs(*lon) <= 180)
		return true;
	if (!number(cellule(row, b->x), &x) || !number(cellule(row, b->y), &y))
		return false;
	if (number(cellule(row, b->epsg), &epsg) && !projection_of_epsg((long)epsg, &p))
		return false;
	return projection_inverse(p, x, y, lat, lon);
}

/* --- hearts of IRIS ------------------------------------------------------------------------- */

static size_t heart_slot(const struct heart *h, size_t room, const char *code)
{
	uint64_t v = 0xcbf29ce484222325u;
	size_t i;

	for (const char *p = code; *p; p++)
		v = (v ^ (unsigned char)*p) * 0x100000001b3u;
	for (i = (size_t)(v ^ v >> 31) & (room - 1); h[i].n && strcmp(h[i].code, code); )
		i = (i + 1) & (room - 1);
	return i;
}

static bool grow_hearts(struct bpe *b, struct err *e)
{
	size_t room = b->hearts_room ? b->hearts_room * 2 : 4096;
	struct heart *h = calloc(room, sizeof *h);

	if (!h)
		return fail(e, E_LIMIT, "Il manque de la mémoire pour l'import.");
	for (size_t i = 0; i < b->hearts_room; i++) {
		if (b->hearts[i].n)
			h[heart_slot(h, room, b->hearts[i].code)] = b->hearts[i];
	}
	free(b->hearts);
	b->hearts = h;
	b->hearts_room = room;
	return true;
}

/* DCIRIS is the IRIS, "930100101" or "93010_0101"; the commune alone where there is none. */
static bool note_heart(struct bpe *b, const struct csv_row *row, double lat, double lon,
		       struct err *e)
{
	char code[TERRITOIRE_CODE] = "";
	const char *text = cellule(row, b->iris);
	struct heart *h;
	size_t n = 0;

	for (; *text && n < sizeof code - 1; text++) {
		if (isalnum((unsigned char)*text))
			code[n++] = *text;
	}
	code[n] = '\0';
	if (n != 9)
		return true;
	if (b->nhearts * 2 >= b->hearts_room && !grow_hearts(b, e))
		return false;
	h = &b->hearts[heart_slot(b->hearts, b->hearts_room, code)];
	b->nhearts += !h->n;
	memcpy(h->code, code, sizeof code);
	h->lat += lat;
	h->lon += lon;
	h->n++;
	return true;
}

/* --- rows ----------------------------------------------------------------------------------- */

bool fits_bpe(const struct run *r)
{
	return tableau_column(&r->t, "TYPEQU") >= 0
	       && (tableau_column(&r->t, "LAMBERT_X") >= 0
		   || tableau_column(&r->t, "LATITUDE") >= 0);
}

static bool has_type(const char *types, const char *type)
{
	size_t n = strlen(type);

	for (const char *p = strstr(types, type); n && p; p = strstr(p + 1, type)) {
		if ((p == types || p[-1] == '|') && (!p[n] || p[n] == '|'))
			return true;
	}
	return false;
}

static bool take_row(struct bpe *b, const struct csv_row *row, struct err *e)
{
	const char *type = cellule(row, b->type);
	const char *departement = departement_of_row(b, row);
	double lat, lon, year;
	bool used = false;

	b->there[number_of(departement)] = true;
	if (number(cellule(row, b->annee), &year) && year > 1990 && year < 2100)
		b->latest = (int)year > b->latest ? (int)year : b->latest;
	if (!locate(b, row, &lat, &lon)) {
		b->r->out->ignores++;
		return true;
	}
	for (size_t i = 0; i < b->nservices; i++) {
		if (!has_type(b->services[i].types, type))
			continue;
		used = true;
		if (!semis_add(&b->services[i].semis, lat, lon, e))
			return false;
	}
	b->r->out->acceptes += used;
	b->r->out->ignores += !used;
	return note_heart(b, row, lat, lon, e);
}

static bool read_rows(struct bpe *b, struct err *e)
{
	struct run *r = b->r;
	struct csv_row row;

	b->type = tableau_column(&r->t, "TYPEQU");
	b->x = tableau_column(&r->t, "LAMBERT_X");
	b->y = tableau_column(&r->t, "LAMBERT_Y");
	b->lat = tableau_column(&r->t, "LATITUDE");
	b->lon = tableau_column(&r->t, "LONGITUDE");
	b->epsg = tableau_column(&r->t, "EPSG");
	b->iris = tableau_column(&r->t, "DCIRIS");
	b->commune = tableau_column(&r->t, "DEPCOM");
	b->departement = tableau_column(&r->t, "DEP");
	b->annee = tableau_column(&r->t, "AN");
	while (run_next(r, &row, e)) {
		if (!take_row(b, &row, e))
			return false;
	}
	return e->kind == E_OK;
}

/* --- distances ------------------------------------------------------------------------------ */

/* Mean over the services of an indicator; NaN when one of them is nowhere in the file. */
static double mean_distance(const struct bpe *b, const char *indicateur, double lat, double lon)
{
	double sum = 0;
	int n = 0;

	for (size_t i = 0; i < b->nservices; i++) {
		if (strcmp(b->services[i].indicateur, indicateur))
			continue;
		if (!b->services[i].semis.n)
			return NAN;
		sum += semis_nearest(&b->services[i].semis, lat, lon);
		n++;
	}
	return n ? sum / n : NAN;
}

static bool put_place(struct bpe *b, const struct code_lu *c, double lat, double lon,
		      struct err *e)
{
	for (size_t i = 0; i < b->nservices; i++) {
		const char *indicateur = b->services[i].indicateur;
		struct cell cell = { .statut = STATUT_VALEUR };
		size_t rows[ARRIVEES], k;

		if (i && !strcmp(indicateur, b->services[i - 1].indicateur))
			continue;
		cell.num = mean_distance(b, indicateur, lat, lon);
		if (isnan(cell.num))
			continue;
		k = stage_measure(&b->r->stage, indicateur, "distance", b->latest, false, 1);
		if (k == SIZE_MAX || !run_rows(b->r, c, rows, e)
		    || !stage_put(&b->r->stage, k, rows[0], &cell, 0, false))
			return fail(e, E_LIMIT, "Il manque de la mémoire pour l'import.");
	}
	return true;
}

static bool put_communes(struct bpe *b, struct err *e)
{
	const struct annuaire *a = &b->r->annuaire;

	for (size_t i = a->first[N_COMMUNE]; i < a->first[N_ARRONDISSEMENT + 1]; i++) {
		const struct repere *p = &a->reperes[i];
		struct code_lu c = { .niveau = (enum niveau)p->niveau, .vers = { (int32_t)i },
				     .n = 1 };

		if (isnan(p->lat) || !b->there[number_of(p->code)])
			continue;
		/* Paris as a whole is nowhere: its arrondissements are */
		if (p->divisee)
			continue;
		memcpy(c.code, p->code, sizeof c.code);
		if (!put_place(b, &c, p->lat, p->lon, e))
			return false;
	}
	return true;
}

/* The position of an IRIS for the store, and the distances from it. */
static bool take_iris(const struct iris_places_row *x, void *arg, struct err *e)
{
	struct bpe *b = arg;
	struct code_lu c;
	const struct heart *h = b->hearts_room
		? &b->hearts[heart_slot(b->hearts, b->hearts_room, x->code)] : NULL;
	const struct repere *p;
	double lat, lon;

	if (!b->there[number_of(x->code)] || !annuaire_code(&b->r->annuaire, N_IRIS, x->code, &c)
	    || !c.n)
		return true;
	p = &b->r->annuaire.reperes[c.vers[0]];
	lat = p->lat;
	lon = p->lon;
	if (h && h->n >= IRIS_LEAST && strcmp(x->code + 5, "0000")) {
		struct stage *s = &b->r->stage;
		struct stage_iris *to;

		/* five digits: a metre, more than a mean deserves */
		lat = round(h->lat / h->n * 1e5) / 1e5;
		lon = round(h->lon / h->n * 1e5) / 1e5;
		if (s->niris == s->iris_room) {
			size_t room = s->iris_room ? s->iris_room * 2 : 1024;

			to = reallocarray(s->iris, room, sizeof *to);
			if (!to)
				return fail(e, E_LIMIT, "Il manque de la mémoire pour l'import.");
			s->iris = to;
			s->iris_room = room;
		}
		to = &s->iris[s->niris++];
		*to = (struct stage_iris){ .lat = lat, .lon = lon, .nom = "" };
		memcpy(to->code, c.code, sizeof to->code);
	}
	return isnan(lat) || put_place(b, &c, lat, lon, e);
}

static void say_missing(const struct bpe *b)
{
	struct indicateur_import_totals *t = b->r->out;
	size_t n = 0;

	for (size_t i = 0; i < b->nservices; i++) {
		if (!b->services[i].semis.n && n < sizeof t->avis - 1)
			n += (size_t)snprintf(t->avis + n, sizeof t->avis - n, "%s%s (%s)",
					      n ? ", " : "Aucun équipement dans ce fichier pour : ",
					      b->services[i].nom, b->services[i].types);
	}
}

bool read_bpe(struct run *r, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	CLEANUP(bpe_drop) struct bpe b = { .r = r };

	if (!read_services(&b, e) || !read_rows(&b, e))
		return false;
	if (!b.latest)
		b.latest = run_annee(r, e);
	else if (r->ask->annee && r->ask->annee != b.latest) {
		fail(e, E_INPUT, "ses équipements sont de %d, pas de %d.", b.latest, r->ask->annee);
		return fail_at(e, r->name, 0);
	}
	if (!b.latest)
		return false;
	if (!r->out->acceptes)
		return run_refuse(r, e, "aucun des équipements que nous mesurons n'y est.",
				  "Prenez le fichier de l'ensemble des équipements, ou ceux des "
				  "services et de la culture (types F307, A122, A128, A206...).");
	for (size_t i = 0; i < b.nservices; i++)
		semis_settle(&b.services[i].semis);
	say_missing(&b);
	return put_communes(&b, e) && db_acquire(r->store, &db, e)
	       && iris_places(db, take_iris, &b, e);
}
