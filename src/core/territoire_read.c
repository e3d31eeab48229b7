/* Tables of territories: recognised by their columns, each row checked. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/territoire_stage.h"

enum field {
	CODE, NOM, DEPARTEMENT, REGION, EPCI, EPT, COMMUNE, NATURE, CHEF_LIEU, POPULATION,
	POSTAUX, LAT, LON, SURFACE, TYPECOM, PARENT, NOM_EPT, FIELDS
};

struct territoire_column {
	const char *name;
	enum field field;
	bool required;                  /* the file is known by these */
};

struct cells {
	const char *at[FIELDS];         /* "" when the file has no such column */
	const char *file;
	long line;
};

struct territoire_kind {
	const char *niveau;
	const struct territoire_column *columns;
	bool (*take)(struct territoire_stage *s, const struct cells *c, struct err *e);
};

/* --- values ---------------------------------------------------------------------------- */

static bool refuse(struct territoire_stage *s, const struct cells *c, const char *what,
		   enum field f)
{
	return stage_refuse(s, c->file, c->line, "%s « %.40s »", what, c->at[f]);
}

static const char *keep(struct territoire_stage *s, const char *text)
{
	return *text ? arena_str(&s->a, text) : NULL;
}

static bool all_digits(const char *s, size_t n)
{
	if (strlen(s) != n)
		return false;
	while (*s)
		if (!isdigit((unsigned char)*s++))
			return false;
	return true;
}

static bool take_population(struct territoire_stage *s, const struct cells *c, int64_t *out)
{
	const char *p = c->at[POPULATION];
	int64_t v = 0;

	*out = -1;
	if (!*p)
		return true;
	for (; *p; p++) {
		if (!isdigit((unsigned char)*p) || v > 99999999)
			return refuse(s, c, "population impossible :", POPULATION);
		v = v * 10 + (*p - '0');
	}
	*out = v;
	return true;
}

/* A decimal number, comma or point; NaN for "". */
static bool take_real(struct territoire_stage *s, const struct cells *c, enum field f,
		      double most, const char *what, double *out)
{
	char text[40], *end, *comma;

	*out = NAN;
	if (!c->at[f][0])
		return true;
	snprintf(text, sizeof text, "%.39s", c->at[f]);
	comma = strchr(text, ',');
	if (comma)
		*comma = '.';
	if (!strpbrk(text, "xXnNiI")) {
		*out = strtod(text, &end);
		if (end != text && !*end && fabs(*out) <= most)
			return true;
	}
	return refuse(s, c, what, f);
}

static bool take_position(struct territoire_stage *s, const struct cells *c,
			  struct territoire_row *r)
{
	if (!take_real(s, c, LAT, 90, "latitude impossible :", &r->lat)
	    || !take_real(s, c, LON, 180, "longitude impossible :", &r->lon))
		return false;
	if (isnan(r->lat) != isnan(r->lon))
		return stage_refuse(s, c->file, c->line, "latitude et longitude vont ensemble : "
				    "l'une des deux manque");
	return true;
}

/* "93200 93210", "93200|93210" to "93200|93210". */
static bool take_postaux(struct territoire_stage *s, const struct cells *c, const char **out)
{
	CLEANUP(buf_free) struct buf b = buf_new(1 << 16);
	const char *p = c->at[POSTAUX];

	*out = NULL;
	while (*p) {
		size_t n = strcspn(p, " |,;/");

		if (n) {
			if (n != 5 || strspn(p, "0123456789") < 5)
				return refuse(s, c, "code postal impossible :", POSTAUX);
			if (b.n)
				buf_char(&b, '|');
			buf_add(&b, p, n);
		}
		p += n + (p[n] != '\0');
	}
	if (b.n)
		*out = arena_strn(&s->a, b.p, b.n);
	return true;
}

static bool check_code(struct territoire_stage *s, const struct cells *c, const char *niveau)
{
	const char *code = c->at[CODE];

	if (!*code)
		return stage_refuse(s, c->file, c->line, "le code manque");
	if ((!strcmp(niveau, "commune") || !strcmp(niveau, "arrondissement"))
	    && !is_code_commune(code))
		return refuse(s, c, "code INSEE impossible :", CODE);
	if (!strcmp(niveau, "departement") && !is_code_departement(code))
		return refuse(s, c, "code de département impossible :", CODE);
	if (!strcmp(niveau, "region") && !is_code_departement(code))
		return refuse(s, c, "code de région impossible :", CODE);
	if ((!strcmp(niveau, "epci") || !strcmp(niveau, "ept")) && !all_digits(code, 9))
		return refuse(s, c, "SIREN impossible :", CODE);
	if (!c->at[NOM][0])
		return stage_refuse(s, c->file, c->line, "le nom manque");
	if (strlen(c->at[NOM]) > 200)
		return stage_refuse(s, c->file, c->line, "le nom est trop long");
	if (!stage_is_new(s, niveau, code))
		return refuse(s, c, "code déjà donné plus haut dans ce fichier :", CODE);
	return true;
}

/* The links of a row: well-formed when they are there. */
static bool check_links(struct territoire_stage *s, const struct cells *c)
{
	if (c->at[DEPARTEMENT][0] && !is_code_departement(c->at[DEPARTEMENT]))
		return refuse(s, c, "code de département impossible :", DEPARTEMENT);
	if (c->at[REGION][0] && !is_code_departement(c->at[REGION]))
		return refuse(s, c, "code de région impossible :", REGION);
	if (c->at[EPCI][0] && !all_digits(c->at[EPCI], 9))
		return refuse(s, c, "SIREN d'EPCI impossible :", EPCI);
	if (c->at[EPT][0] && !all_digits(c->at[EPT], 9))
		return refuse(s, c, "SIREN d'EPT impossible :", EPT);
	if (c->at[COMMUNE][0] && !is_code_commune(c->at[COMMUNE]))
		return refuse(s, c, "code de commune impossible :", COMMUNE);
	if (c->at[CHEF_LIEU][0] && !is_code_commune(c->at[CHEF_LIEU]))
		return refuse(s, c, "code de chef-lieu impossible :", CHEF_LIEU);
	return true;
}

static bool take_row(struct territoire_stage *s, const struct cells *c, const char *niveau,
		     struct err *e)
{
	struct territoire_row r = { .niveau = niveau, .source = c->file };
	struct territoire_row *kept;

	if (!check_code(s, c, niveau) || !check_links(s, c)
	    || !take_population(s, c, &r.population) || !take_position(s, c, &r)
	    || !take_real(s, c, SURFACE, 1e6, "surface impossible :", &r.surface)
	    || !take_postaux(s, c, &r.postaux))
		return true;
	kept = stage_row(s);
	if (!kept)
		return fail(e, E_LIMIT, "Il manque de la mémoire pour l'import.");
	r.code = keep(s, c->at[CODE]);
	r.nom = keep(s, c->at[NOM]);
	r.departement = keep(s, c->at[DEPARTEMENT]);
	r.region = keep(s, c->at[REGION]);
	r.epci = keep(s, c->at[EPCI]);
	r.ept = keep(s, c->at[EPT]);
	r.commune = keep(s, c->at[COMMUNE]);
	r.nature = keep(s, c->at[NATURE]);
	r.chef_lieu = keep(s, c->at[CHEF_LIEU]);
	*kept = r;
	s->report->acceptes++;
	return true;
}

/* --- kinds ----------------------------------------------------------------------------- */

static bool take_commune(struct territoire_stage *s, const struct cells *c, struct err *e)
{
	return take_row(s, c, "commune", e);
}

static bool take_arrondissement(struct territoire_stage *s, const struct cells *c,
				struct err *e)
{
	return take_row(s, c, "arrondissement", e);
}

static bool take_epci(struct territoire_stage *s, const struct cells *c, struct err *e)
{
	return take_row(s, c, strcmp(c->at[NATURE], "EPT") ? "epci" : "ept", e);
}

static bool take_departement(struct territoire_stage *s, const struct cells *c, struct err *e)
{
	return take_row(s, c, "departement", e);
}

static bool take_region(struct territoire_stage *s, const struct cells *c, struct err *e)
{
	return take_row(s, c, "region", e);
}

/* A commune déléguée or associée: its name leads to the commune it is part of. */
static bool take_ancien(struct territoire_stage *s, const struct cells *c, struct err *e)
{
	struct territoire_ancien *o;

	if (!is_code_commune(c->at[CODE]) || !is_code_commune(c->at[PARENT]) || !c->at[NOM][0]) {
		stage_refuse(s, c->file, c->line, "commune déléguée ou associée sans code, sans "
			     "nom ou sans commune de rattachement");
		return true;
	}
	o = stage_ancien(s);
	if (!o)
		return fail(e, E_LIMIT, "Il manque de la mémoire pour l'import.");
	*o = (struct territoire_ancien){ keep(s, c->at[PARENT]), keep(s, c->at[NOM]),
					 keep(s, c->at[CODE]), c->file };
	s->report->acceptes++;
	return true;
}

static bool take_cog(struct territoire_stage *s, const struct cells *c, struct err *e)
{
	struct cells own = *c;
	char dep[4];

	if (!strcmp(c->at[TYPECOM], "COMD") || !strcmp(c->at[TYPECOM], "COMA"))
		return take_ancien(s, c, e);
	if (is_code_commune(c->at[CODE]) && !c->at[DEPARTEMENT][0]) {
		departement_of(c->at[CODE], dep);
		own.at[DEPARTEMENT] = dep;
	}
	if (!strcmp(c->at[TYPECOM], "COM"))
		return take_row(s, &own, "commune", e);
	if (!strcmp(c->at[TYPECOM], "ARM")) {
		own.at[COMMUNE] = c->at[PARENT];
		return take_row(s, &own, "arrondissement", e);
	}
	refuse(s, c, "TYPECOM inconnu :", TYPECOM);
	return true;
}

/* Which EPT a commune of the métropole du Grand Paris is in, and the EPT itself. */
static bool take_ept(struct territoire_stage *s, const struct cells *c, struct err *e)
{
	struct territoire_row *r;
	struct cells own = *c;
	char dep[4];

	if (!all_digits(c->at[EPT], 9) || !is_code_commune(c->at[CODE]) || !c->at[NOM_EPT][0]) {
		stage_refuse(s, c->file, c->line, "code de commune, SIREN ou nom d'EPT impossible");
		return true;
	}
	departement_of(c->at[CODE], dep);
	own.at[DEPARTEMENT] = dep;
	if (!take_row(s, &own, "commune", e))
		return false;
	if (!stage_is_new(s, "ept", c->at[EPT]))
		return true;
	r = stage_row(s);
	if (!r)
		return fail(e, E_LIMIT, "Il manque de la mémoire pour l'import.");
	*r = (struct territoire_row){
		.niveau = "ept", .code = keep(s, c->at[EPT]), .nom = keep(s, c->at[NOM_EPT]),
		.nature = "EPT", .population = -1, .lat = NAN, .lon = NAN, .surface = NAN,
		.source = c->file,
	};
	return true;
}

static const struct territoire_column cog_commune[] = {
	{ "TYPECOM", TYPECOM, true }, { "COM", CODE, true }, { "REG", REGION, true },
	{ "DEP", DEPARTEMENT, true }, { "LIBELLE", NOM, true }, { "COMPARENT", PARENT, true },
	{ NULL, 0, false },
};
static const struct territoire_column cog_departement[] = {
	{ "DEP", CODE, true }, { "REG", REGION, true }, { "CHEFLIEU", CHEF_LIEU, true },
	{ "LIBELLE", NOM, true }, { NULL, 0, false },
};
static const struct territoire_column cog_region[] = {
	{ "REG", CODE, true }, { "CHEFLIEU", CHEF_LIEU, true }, { "LIBELLE", NOM, true },
	{ NULL, 0, false },
};
static const struct territoire_column insee_ept[] = {
	{ "CODGEO", CODE, true }, { "LIBGEO", NOM, true }, { "EPT", EPT, true },
	{ "LIBEPT", NOM_EPT, true }, { NULL, 0, false },
};
static const struct territoire_column arrondissements[] = {
	{ "code", CODE, true }, { "nom", NOM, true }, { "commune", COMMUNE, true },
	{ "departement", DEPARTEMENT, true }, { "region", REGION, false },
	{ "population", POPULATION, false }, { "codes_postaux", POSTAUX, false },
	{ "lat", LAT, false }, { "lon", LON, false }, { NULL, 0, false },
};
static const struct territoire_column communes[] = {
	{ "code", CODE, true }, { "nom", NOM, true }, { "departement", DEPARTEMENT, true },
	{ "codes_postaux", POSTAUX, true }, { "region", REGION, false },
	{ "epci", EPCI, false }, { "ept", EPT, false }, { "population", POPULATION, false },
	{ "lat", LAT, false }, { "lon", LON, false }, { "latitude", LAT, false },
	{ "longitude", LON, false }, { "surface_km2_approx", SURFACE, false },
	{ "surface_km2", SURFACE, false }, { NULL, 0, false },
};
static const struct territoire_column epci[] = {
	{ "code", CODE, true }, { "nom", NOM, true }, { "type", NATURE, true },
	{ "population", POPULATION, false }, { NULL, 0, false },
};
static const struct territoire_column departements[] = {
	{ "code", CODE, true }, { "nom", NOM, true }, { "region", REGION, true },
	{ "chef_lieu", CHEF_LIEU, true }, { NULL, 0, false },
};
static const struct territoire_column regions[] = {
	{ "code", CODE, true }, { "nom", NOM, true }, { "chef_lieu", CHEF_LIEU, true },
	{ NULL, 0, false },
};

/* The first whose required columns are all there; the order is also that of reading. */
static const struct territoire_kind kinds[] = {
	{ "cog_commune", cog_commune, take_cog },
	{ "cog_departement", cog_departement, take_departement },
	{ "cog_region", cog_region, take_region },
	{ "insee_ept", insee_ept, take_ept },
	{ "arrondissement", arrondissements, take_arrondissement },
	{ "commune", communes, take_commune },
	{ "epci", epci, take_epci },
	{ "departement", departements, take_departement },
	{ "region", regions, take_region },
};

const struct territoire_kind *territoire_kind_of(const struct csv *c)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const struct territoire_column *k = kinds[i].columns;

		while (k->name && (!k->required || csv_column(c, k->name) >= 0))
			k++;
		if (!k->name)
			return &kinds[i];
	}
	return NULL;
}

int territoire_kind_rank(const struct territoire_kind *k)
{
	return (int)(k - kinds);
}

bool territoire_read_table(struct territoire_stage *s, const struct territoire_kind *k,
			   struct csv *c, const char *name, struct err *e)
{
	struct cells cells = { .file = name };
	size_t accepted = s->report->acceptes, read = s->report->lus;
	int column[FIELDS];
	struct csv_row row;

	for (int f = 0; f < FIELDS; f++)
		column[f] = -1;
	for (const struct territoire_column *x = k->columns; x->name; x++) {
		if (column[x->field] < 0)
			column[x->field] = csv_column(c, x->name);
	}
	stage_begin_file(s);
	while (csv_next(c, &row, e)) {
		for (int f = 0; f < FIELDS; f++)
			cells.at[f] = column[f] < 0 ? "" : row.cells[column[f]];
		cells.line = row.line;
		if (!(s->report->lus++ & 1023))
			progress(name, (size_t)(csv_progress(c) * 1000), 1000);
		if (!k->take(s, &cells, e))
			return false;
	}
	progress_end();
	if (e->kind != E_OK)
		return false;
	if (s->report->acceptes > accepted || s->report->lus == read)
		return s->a.spent ? arena_refuse(&s->a, e) : true;
	fail(e, E_INPUT, "%s", s->report->refuses ? s->report->refus[0]
						  : "aucune ligne n'a pu être lue.");
	return hint(e, "Aucune ligne de « %s » n'est lisible : rien n'a été importé.", name);
}
