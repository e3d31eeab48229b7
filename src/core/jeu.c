#include "core/jeu.h"

#include <math.h>
#include <string.h>

#include "format/csv.h"
#include "format/geojson.h"
#include "format/json.h"
#include "format/xlsx.h"

const char *const jeu_extensions[JEU_FORMATS] = { "csv", "xlsx", "json", "geojson" };
const char *const jeu_types[JEU_FORMATS] = {
	"text/csv; charset=utf-8",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"application/json", "application/geo+json",
};
const char JEU_LICENCE_OUVERTE[] = "Licence Ouverte 2.0";
const char JEU_LICENCE_OUVERTE_LIEN[] = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/";

struct jeu_sortie {
	const struct jeu *jeu;
	enum jeu_format format;
	struct buf *b;
	struct json_out json;
	struct xlsx *xlsx;
	size_t column;
	double lat, lon;
};

/* --- cells --------------------------------------------------------------------------------- */

static const char *name_of(const struct jeu_sortie *s)
{
	return s->jeu->colonnes[s->column].nom;
}

/* The object of a row opens with its first cell. */
static void open_row(struct jeu_sortie *s)
{
	if (s->column || (s->format != JEU_JSON && s->format != JEU_GEOJSON))
		return;
	json_open_object(&s->json, NULL);
	s->lat = s->lon = NAN;
	if (s->format == JEU_GEOJSON) {
		json_put_text(&s->json, "type", "Feature");
		json_open_object(&s->json, "properties");
	}
}

void jeu_texte(struct jeu_sortie *s, const char *v)
{
	open_row(s);
	if (s->format == JEU_CSV)
		csv_write_cell(s->b, v, !s->column);
	else if (s->format == JEU_XLSX)
		xlsx_text(s->xlsx, v);
	else
		json_put_text(&s->json, name_of(s), v);
	s->column++;
}

void jeu_vide(struct jeu_sortie *s)
{
	jeu_texte(s, NULL);
}

void jeu_entier(struct jeu_sortie *s, int64_t v)
{
	char text[32];

	open_row(s);
	if (s->format == JEU_XLSX) {
		xlsx_number(s->xlsx, (double)v);
	} else if (s->format == JEU_CSV) {
		snprintf(text, sizeof text, "%lld", (long long)v);
		csv_write_cell(s->b, text, !s->column);
	} else {
		json_put_int(&s->json, name_of(s), v);
	}
	s->column++;
}

void jeu_nombre(struct jeu_sortie *s, double v)
{
	char text[40];

	open_row(s);
	if (!strcmp(name_of(s), "latitude"))
		s->lat = v;
	if (!strcmp(name_of(s), "longitude"))
		s->lon = v;
	if (s->format == JEU_XLSX) {
		xlsx_number(s->xlsx, v);
	} else if (s->format == JEU_CSV) {
		snprintf(text, sizeof text, "%.10g", v);
		csv_write_cell(s->b, isnan(v) ? NULL : text, !s->column);
	} else {
		json_put_real(&s->json, name_of(s), v);
	}
	s->column++;
}

bool jeu_ligne(struct jeu_sortie *s, struct err *e)
{
	s->column = 0;
	if (s->format == JEU_XLSX)
		return xlsx_row(s->xlsx, e);
	if (s->format == JEU_CSV)
		buf_str(s->b, "\r\n");
	if (s->format == JEU_GEOJSON) {
		json_close_object(&s->json);
		geojson_put_point(&s->json, s->lat, s->lon);
	}
	if (s->format != JEU_CSV)
		json_close_object(&s->json);
	if (!s->b->full)
		return true;
	fail(e, E_LIMIT, "Ce jeu de données est trop gros pour un seul fichier.");
	return hint(e, "Demandez-le en CSV, ou par morceaux avec l’API.");
}

/* --- files --------------------------------------------------------------------------------- */

static bool open_file(struct jeu_sortie *s, const char *folder, struct err *e)
{
	switch (s->format) {
	case JEU_CSV:
		for (size_t i = 0; i < s->jeu->n; i++)
			csv_write_cell(s->b, s->jeu->colonnes[i].nom, !i);
		buf_str(s->b, "\r\n");
		return true;
	case JEU_XLSX:
		if (!xlsx_new(folder, &s->xlsx, e) || !xlsx_sheet(s->xlsx, s->jeu->titre, e))
			return false;
		for (size_t i = 0; i < s->jeu->n; i++)
			xlsx_title(s->xlsx, s->jeu->colonnes[i].nom);
		return xlsx_row(s->xlsx, e);
	case JEU_JSON:
		json_open_array(&s->json, NULL);
		return true;
	default:
		geojson_open(&s->json);
		return true;
	}
}

/* The description of the columns, on a sheet of its own. */
static bool end_xlsx(struct jeu_sortie *s, struct err *e)
{
	if (!xlsx_sheet(s->xlsx, "Lisez-moi", e))
		return false;
	xlsx_title(s->xlsx, "colonne");
	xlsx_title(s->xlsx, "description");
	if (!xlsx_row(s->xlsx, e))
		return false;
	for (size_t i = 0; i < s->jeu->n; i++) {
		xlsx_text(s->xlsx, s->jeu->colonnes[i].nom);
		xlsx_text(s->xlsx, s->jeu->colonnes[i].description);
		if (!xlsx_row(s->xlsx, e))
			return false;
	}
	xlsx_text(s->xlsx, "source");
	xlsx_text(s->xlsx, s->jeu->source);
	if (!xlsx_row(s->xlsx, e))
		return false;
	xlsx_text(s->xlsx, "licence");
	xlsx_text(s->xlsx, s->jeu->licence);
	return xlsx_row(s->xlsx, e) && xlsx_end(&s->xlsx, s->b, e);
}

bool jeu_ecrire(const struct jeu *j, const struct jeu_lecture *l, enum jeu_format format,
		const char *folder, struct buf *out, struct err *e)
{
	struct jeu_sortie s = { .jeu = j, .format = format, .b = out, .json = { .b = out } };
	bool ok = open_file(&s, folder, e) && j->lignes(j, l, &s, e);

	if (ok && format == JEU_XLSX)
		ok = end_xlsx(&s, e);
	xlsx_free(&s.xlsx);
	if (ok && format == JEU_JSON)
		json_close_array(&s.json);
	if (ok && format == JEU_GEOJSON)
		geojson_close(&s.json);
	return ok;
}

/* --- what is said of it -------------------------------------------------------------------- */

static const char *schema_type(enum jeu_type t)
{
	switch (t) {
	case JEU_ENTIER: return "integer";
	case JEU_NOMBRE: return "number";
	case JEU_DATE:   return "date";
	default:         return "string";
	}
}

static void put_column(struct json_out *o, const struct jeu_colonne *c)
{
	json_open_object(o, NULL);
	json_put_text(o, "name", c->nom);
	json_put_text(o, "type", schema_type(c->type));
	json_put_text(o, "description", c->description);
	if (c->requis || c->valeurs) {
		json_open_object(o, "constraints");
		if (c->requis)
			json_put_bool(o, "required", true);
		if (c->valeurs) {
			json_open_array(o, "enum");
			for (const char *const *v = c->valeurs; *v; v++)
				json_put_text(o, NULL, *v);
			json_close_array(o);
		}
		json_close_object(o);
	}
	json_close_object(o);
}

void jeu_schema(const struct jeu *j, const char *adresse, struct buf *out)
{
	struct json_out o = { .b = out };

	json_open_object(&o, NULL);
	json_put_text(&o, "$schema", "https://frictionlessdata.io/schemas/table-schema.json");
	json_put_text(&o, "name", j->slug);
	json_put_text(&o, "title", j->titre);
	json_put_text(&o, "description", j->description);
	json_put_text(&o, "path", adresse);
	json_open_array(&o, "fields");
	for (size_t i = 0; i < j->n; i++)
		put_column(&o, &j->colonnes[i]);
	json_close_array(&o);
	json_open_array(&o, "missingValues");
	json_put_text(&o, NULL, "");
	json_close_array(&o);
	json_open_array(&o, "primaryKey");
	for (size_t i = 0; i < j->n; i++) {
		if (j->colonnes[i].cle)
			json_put_text(&o, NULL, j->colonnes[i].nom);
	}
	json_close_array(&o);
	json_close_object(&o);
}

/* {"@id": ADDRESS} */
static void put_id(struct json_out *o, const char *name, const char *id)
{
	json_open_object(o, name);
	json_put_text(o, "@id", id);
	json_close_object(o);
}

static void put_address(struct json_out *o, const char *name, const char *base,
			const struct jeu *j, const char *file)
{
	CLEANUP(buf_free) struct buf b = buf_new(1024);

	buf_printf(&b, "%s/donnees/%s%s", base, j->slug, file);
	put_id(o, name, buf_text(&b));
}

/* The address of a licence; a whole one too when it is a page of ours. */
static void put_licence(struct json_out *o, const struct jeu_catalogue *c, const struct jeu *j)
{
	CLEANUP(buf_free) struct buf b = buf_new(1024);

	if (j->licence_lien && *j->licence_lien == '/')
		buf_str(&b, c->base);
	buf_str(&b, j->licence_lien ? j->licence_lien : "");
	put_id(o, "dct:license", buf_text(&b));
}

static void put_distribution(struct json_out *o, const struct jeu_catalogue *c,
			     const struct jeu *j, enum jeu_format f)
{
	static const char iana[] = "https://www.iana.org/assignments/media-types/";
	CLEANUP(buf_free) struct buf b = buf_new(1024);
	char file[32];

	json_open_object(o, NULL);
	json_put_text(o, "@type", "dcat:Distribution");
	snprintf(file, sizeof file, "/donnees.%s", jeu_extensions[f]);
	buf_printf(&b, "%s (%s)", j->titre, jeu_extensions[f]);
	json_put_text(o, "dct:title", buf_text(&b));
	put_address(o, "dcat:accessURL", c->base, j, file);
	put_address(o, "dcat:downloadURL", c->base, j, file);
	buf_clear(&b);
	buf_printf(&b, "%s%.*s", iana, (int)strcspn(jeu_types[f], ";"), jeu_types[f]);
	put_id(o, "dcat:mediaType", buf_text(&b));
	put_licence(o, c, j);
	put_address(o, "dct:conformsTo", c->base, j, "/schema.json");
	json_close_object(o);
}

static void put_other(struct json_out *o, const struct jeu_catalogue *c, const struct jeu *j,
		      const struct jeu_autre *f)
{
	CLEANUP(buf_free) struct buf b = buf_new(1024);

	json_open_object(o, NULL);
	json_put_text(o, "@type", "dcat:Distribution");
	json_put_text(o, "dct:title", f->titre);
	buf_printf(&b, "/%s", f->fichier);
	put_address(o, "dcat:accessURL", c->base, j, buf_text(&b));
	put_address(o, "dcat:downloadURL", c->base, j, buf_text(&b));
	buf_clear(&b);
	buf_printf(&b, "https://www.iana.org/assignments/media-types/%.*s",
		   (int)strcspn(f->type, ";"), f->type);
	put_id(o, "dcat:mediaType", buf_text(&b));
	put_licence(o, c, j);
	if (f->conforme)
		put_id(o, "dct:conformsTo", f->conforme);
	json_close_object(o);
}

/* Each source with its own licence. */
static void put_origins(struct json_out *o, const struct jeu_origine *all)
{
	json_open_array(o, "dct:source");
	for (; all->nom; all++) {
		json_open_object(o, NULL);
		json_put_text(o, "@type", "dcat:Dataset");
		json_put_text(o, "dct:title", all->nom);
		json_put_text(o, "dct:rights", all->licence ? all->licence
			      : "Licence non précisée par la source");
		if (all->adresse)
			put_id(o, "dcat:landingPage", all->adresse);
		json_close_object(o);
	}
	json_close_array(o);
}

static void put_dataset(struct json_out *o, const struct jeu_catalogue *c, const struct jeu *j)
{
	CLEANUP(buf_free) struct buf b = buf_new(1024);

	json_open_object(o, NULL);
	buf_printf(&b, "%s/donnees/%s", c->base, j->slug);
	json_put_text(o, "@id", buf_text(&b));
	json_put_text(o, "@type", "dcat:Dataset");
	json_put_text(o, "dct:identifier", j->slug);
	json_put_text(o, "dct:title", j->titre);
	json_put_text(o, "dct:description", j->description);
	json_put_text(o, "dct:language", "fr");
	if (j->maj)
		json_put_text(o, "dct:modified", j->maj);
	put_licence(o, c, j);
	put_address(o, "dcat:landingPage", c->base, j, "");
	json_open_object(o, "dct:publisher");
	json_put_text(o, "@type", "foaf:Organization");
	json_put_text(o, "foaf:name", c->editeur);
	json_close_object(o);
	json_put_text(o, "dct:provenance", j->source);
	if (j->origines)
		put_origins(o, j->origines);
	json_open_array(o, "dcat:keyword");
	for (const char *w = j->mots; w && *w; w += strcspn(w, "|") + (w[strcspn(w, "|")] == '|')) {
		buf_clear(&b);
		buf_add(&b, w, strcspn(w, "|"));
		json_put_text(o, NULL, buf_text(&b));
	}
	json_close_array(o);
	json_open_array(o, "dcat:distribution");
	for (int f = 0; f < JEU_FORMATS; f++) {
		if (f != JEU_GEOJSON || j->geo)
			put_distribution(o, c, j, (enum jeu_format)f);
	}
	for (const struct jeu_autre *f = j->autres; f && f->fichier; f++)
		put_other(o, c, j, f);
	json_close_array(o);
	json_close_object(o);
}

void jeu_catalogue_ecrire(const struct jeu_catalogue *c, struct buf *out)
{
	CLEANUP(buf_free) struct buf b = buf_new(1024);
	struct json_out o = { .b = out };

	json_open_object(&o, NULL);
	json_open_object(&o, "@context");
	json_put_text(&o, "dcat", "http://www.w3.org/ns/dcat#");
	json_put_text(&o, "dct", "http://purl.org/dc/terms/");
	json_put_text(&o, "foaf", "http://xmlns.com/foaf/0.1/");
	json_put_text(&o, "vcard", "http://www.w3.org/2006/vcard/ns#");
	json_close_object(&o);
	buf_printf(&b, "%s/catalog.jsonld", c->base);
	json_put_text(&o, "@id", buf_text(&b));
	json_put_text(&o, "@type", "dcat:Catalog");
	json_put_text(&o, "dct:title", c->titre);
	json_put_text(&o, "dct:description", c->description);
	json_put_text(&o, "dct:language", "fr");
	put_id(&o, "foaf:homepage", c->base);
	json_open_object(&o, "dct:publisher");
	json_put_text(&o, "@type", "foaf:Organization");
	json_put_text(&o, "foaf:name", c->editeur);
	if (*c->contact)
		json_put_text(&o, "foaf:mbox", c->contact);
	json_close_object(&o);
	json_open_array(&o, "dcat:dataset");
	for (size_t i = 0; i < c->n; i++)
		put_dataset(&o, c, &c->jeux[i]);
	json_close_array(&o);
	json_close_object(&o);
}
