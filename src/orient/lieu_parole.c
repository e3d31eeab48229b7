#include "orient/lieu_parole.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "format/json.h"
#include "orient/lieu_import_write.h"
#include "orient/lieu_parole.sql.h"

enum { JSON_MOST = 256 << 10, YEAR = 365 };

const char *const parole_du_lieu = "lieu-lui-meme";

static const char *text_of(const char *s)
{
	return s ? s : "";
}

/* --- in and out of the store -------------------------------------------------------- */

static const char *write_json(struct arena *a, const struct lieu_record *rec,
			      const char *const depuis[LIEU_FIELDS], const char *common)
{
	CLEANUP(buf_free) struct buf b = buf_new(JSON_MOST);
	struct json_out j = { &b, false };

	json_open_object(&j, NULL);
	json_put_text(&j, "depuis", common);
	json_open_object(&j, "valeurs");
	for (int f = 0; f < LIEU_FIELDS; f++) {
		if (f != LIEU_ID && f != LIEU_LATITUDE && f != LIEU_LONGITUDE && *rec->v[f])
			json_put_text(&j, lieu_field_rules[f].name, rec->v[f]);
	}
	if (*rec->horaires_texte)
		json_put_text(&j, "horaires_texte", rec->horaires_texte);
	if (!isnan(rec->lat) && !isnan(rec->lon)) {
		json_put_real(&j, "latitude", rec->lat);
		json_put_real(&j, "longitude", rec->lon);
		json_put_bool(&j, "approchee", rec->position_commune);
	}
	json_close_object(&j);
	json_open_object(&j, "champs");
	for (int f = 0; depuis && f < LIEU_FIELDS; f++) {
		if (depuis[f] && *depuis[f] && strcmp(depuis[f], common))
			json_put_text(&j, lieu_field_rules[f].name, depuis[f]);
	}
	json_close_object(&j);
	json_close_object(&j);
	return arena_str(a, buf_text(&b));
}

const char *parole_json(struct arena *a, const struct lieu_record *rec,
			const char *const depuis[LIEU_FIELDS], const char *date,
			const char *now)
{
	return write_json(a, rec, depuis, arena_printf(a, "%s %s", date, now));
}

const char *parole_json_propre(struct arena *a, const struct lieu_record *rec,
			       const char *const depuis[LIEU_FIELDS])
{
	return write_json(a, rec, depuis, "");
}

static const char *member(struct arena *a, const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s ? arena_str(a, s) : "";
}

bool parole_read(struct arena *a, const char *json, struct parole *out, struct err *e)
{
	CLEANUP(json_done) json_t *j = NULL;
	const json_t *v, *d, *lat, *lon;
	const char *common;

	if (!json_read(json, strlen(json), &j, e))
		return false;
	v = json_object_get(j, "valeurs");
	d = json_object_get(j, "champs");
	common = member(a, j, "depuis");
	for (int f = 0; f < LIEU_FIELDS; f++) {
		const char *since = member(a, d, lieu_field_rules[f].name);

		out->rec.v[f] = member(a, v, lieu_field_rules[f].name);
		out->depuis[f] = *since ? since : common;
	}
	out->rec.horaires_texte = member(a, v, "horaires_texte");
	lat = json_object_get(v, "latitude");
	lon = json_object_get(v, "longitude");
	out->rec.lat = json_is_number(lat) ? json_number_value(lat) : NAN;
	out->rec.lon = json_is_number(lon) ? json_number_value(lon) : NAN;
	out->rec.position_commune = json_is_true(json_object_get(v, "approchee"));
	return !a->spent || arena_refuse(a, e);
}

static void fiche_texts(const struct fiche_lue_row *row, const char *v[LIEU_FIELDS])
{
	const char *const texts[LIEU_FIELDS] = {
		[LIEU_PIVOT] = row->pivot, [LIEU_NOM] = row->nom, [LIEU_COMMUNE] = row->commune,
		[LIEU_CODE_POSTAL] = row->code_postal, [LIEU_CODE_INSEE] = row->code_insee,
		[LIEU_ADRESSE] = row->adresse, [LIEU_COMPLEMENT] = row->complement_adresse,
		[LIEU_TYPOLOGIE] = row->typologie, [LIEU_TELEPHONE] = row->telephone,
		[LIEU_COURRIELS] = row->courriels, [LIEU_SITE_WEB] = row->site_web,
		[LIEU_HORAIRES] = row->horaires, [LIEU_RESUME] = row->presentation_resume,
		[LIEU_DETAIL] = row->presentation_detail, [LIEU_SOURCE] = row->source,
		[LIEU_ITINERANCE] = row->itinerance, [LIEU_PARENTE] = row->structure_parente,
		[LIEU_DATE_MAJ] = row->date_maj, [LIEU_SERVICES] = row->services,
		[LIEU_PUBLICS] = row->publics_specifiquement_adresses,
		[LIEU_PRISES_EN_CHARGE] = row->prise_en_charge_specifique,
		[LIEU_FRAIS] = row->frais_a_charge,
		[LIEU_DISPOSITIFS] = row->dispositif_programmes_nationaux,
		[LIEU_FORMATIONS] = row->formations_labels,
		[LIEU_AUTRES_FORMATIONS] = row->autres_formations_labels,
		[LIEU_ACCES] = row->modalites_acces,
		[LIEU_ACCOMPAGNEMENTS] = row->modalites_accompagnement,
		[LIEU_ACCES_LIBRE] = row->fiche_acces_libre,
		[LIEU_PRISE_RDV] = row->prise_rdv,
	};

	for (int f = 0; f < LIEU_FIELDS; f++)
		v[f] = text_of(texts[f]);
}

bool lieu_fiche_read(struct db *db, struct arena *a, const char *id, struct lieu_record *rec,
		     struct fiche_lue_row *row, struct err *e)
{
	bool found;

	if (!fiche_lue(db, a, id, row, &found, e))
		return false;
	if (!found)
		return fail(e, E_MISSING, "aucun lieu n'a l'identifiant « %s ».", id);
	memset(rec, 0, sizeof *rec);
	fiche_texts(row, rec->v);
	rec->horaires_texte = text_of(row->horaires_texte);
	rec->lat = row->latitude_null ? NAN : row->latitude;
	rec->lon = row->longitude_null ? NAN : row->longitude;
	rec->position_commune = strcmp(row->position, "commune") == 0;
	return true;
}

/* What the row says is its record while no other source speaks of the place. */
static void parole_seule(struct arena *a, const struct lieu_record *rec, struct parole *p)
{
	const char *since = arena_printf(a, "%s %s", p->date, p->importe_le);

	p->rec = *rec;
	for (int f = 0; f < LIEU_FIELDS; f++)
		p->depuis[f] = since;
}

bool lieu_lire(struct db *db, struct arena *a, const char *id, struct lieu_lu *out,
	       struct err *e)
{
	struct lieu_paroles_row *rows;

	if (!lieu_fiche_read(db, a, id, &out->rec, &out->fiche, e)
	    || !lieu_paroles(db, a, id, &rows, &out->n, e))
		return false;
	out->p = NEW_ARRAY(a, out->n + 1, struct parole);
	if (!out->p)
		return arena_refuse(a, e);
	for (size_t i = 0; i < out->n; i++) {
		struct parole *p = &out->p[i];

		*p = (struct parole){ .source_id = rows[i].source_id,
			.id_source = rows[i].id_source, .source = rows[i].nom,
			.titre = rows[i].titre ? rows[i].titre : rows[i].nom,
			.origine = text_of(rows[i].lieu_origine),
			.absent_depuis = text_of(rows[i].absent_depuis),
			.importe_le = rows[i].importe_le, .date = text_of(rows[i].date_maj),
			.valeurs = rows[i].valeurs };
		p->lui_meme = strcmp(p->source, parole_du_lieu) == 0;
		if (!p->valeurs)
			parole_seule(a, &out->rec, p);
		else if (!parole_read(a, p->valeurs, p, e))
			return false;
	}
	return true;
}

bool paroles_of(struct db *db, struct arena *a, const char *lieu_id, struct parole **out,
		size_t *n, struct err *e)
{
	struct lieu_lu lu;

	if (!lieu_lire(db, a, lieu_id, &lu, e))
		return false;
	*out = lu.p;
	*n = lu.n;
	return true;
}

/* --- the rules ---------------------------------------------------------------------- */

static int64_t day_of(const char *since)
{
	char day[11] = "";
	struct civil c;

	memcpy(day, since, strnlen(since, sizeof day - 1));
	return iso_read(day, &c) ? date_days(c.year, c.month, c.day) : 0;
}

/* A field and those that stand or fall with it; `value` says whether it is there at all. */
static bool is_given(const struct parole *p, enum lieu_field f)
{
	if (p->lui_meme)
		return *p->depuis[f] != '\0';
	switch (f) {
	case LIEU_LATITUDE:
		return !isnan(p->rec.lat) && !isnan(p->rec.lon);
	case LIEU_HORAIRES:
		return *p->rec.v[f] || *p->rec.horaires_texte;
	case LIEU_ADRESSE:
		return *p->rec.v[f] || *p->rec.v[LIEU_COMMUNE];
	default:
		return *p->rec.v[f];
	}
}

static int precision(const struct parole *p, enum lieu_field f)
{
	switch (f) {
	case LIEU_LATITUDE:
		return !p->rec.position_commune;
	case LIEU_HORAIRES:
		return *p->rec.v[f] != '\0';
	case LIEU_ADRESSE:
		return !*p->rec.v[f] ? 0 : strpbrk(p->rec.v[f], "0123456789") ? 2 : 1;
	default:
		return 0;
	}
}

/* 2: the place itself, not long ago; 1: a list that has it; 0: a list that no longer has. */
static int standing(const struct parole *p, enum lieu_field f, int64_t today)
{
	if (p->lui_meme && today - day_of(p->depuis[f]) <= YEAR)
		return 2;
	return !*p->absent_depuis;
}

/* Does it count for this field?  What the place once said to be empty, only while it goes
 * first. */
static bool counts(const struct parole *p, enum lieu_field f, int64_t today)
{
	if (!p->lui_meme || f == LIEU_LATITUDE || *p->rec.v[f])
		return is_given(p, f);
	return is_given(p, f) && standing(p, f, today) == 2;
}

static int choose(const struct parole *p, size_t n, enum lieu_field f, int64_t today)
{
	int best = -1, rank = -1;
	int64_t freshest = 0;

	for (size_t i = 0; i < n; i++) {
		if (counts(&p[i], f, today) && standing(&p[i], f, today) > rank)
			rank = standing(&p[i], f, today);
	}
	for (size_t i = 0; i < n; i++) {
		int64_t day = day_of(p[i].depuis[f]);

		if (counts(&p[i], f, today) && standing(&p[i], f, today) == rank
		    && day > freshest)
			freshest = day;
	}
	for (size_t i = 0; i < n; i++) {
		int d;

		if (!counts(&p[i], f, today) || standing(&p[i], f, today) != rank
		    || day_of(p[i].depuis[f]) < freshest - YEAR)
			continue;
		d = best < 0 ? 1 : precision(&p[i], f) - precision(&p[best], f);
		if (!d)
			d = strcmp(p[i].depuis[f], p[best].depuis[f]);
		if (d > 0)
			best = (int)i;
	}
	return best;
}

/* A list of the schema: all that the sources say, or what the place itself gave. */
static const char *add_up(struct arena *a, const struct parole *p, size_t n, int best,
			  enum lieu_field f, int64_t today)
{
	const struct choice *table = lieu_field_rules[f].choices;
	uint32_t bits = 0;

	if (standing(&p[best], f, today) == 2)
		return p[best].rec.v[f];
	for (size_t i = 0; i < n; i++) {
		if (standing(&p[i], f, today) == standing(&p[best], f, today))
			bits |= choices_read(table, p[i].rec.v[f], NULL);
	}
	return choices_write(a, table, bits);
}

static bool adds_up(enum lieu_field f)
{
	return f == LIEU_SERVICES || f == LIEU_PUBLICS || f == LIEU_PRISES_EN_CHARGE
	       || f == LIEU_DISPOSITIFS || f == LIEU_FORMATIONS || f == LIEU_ACCES
	       || f == LIEU_ACCOMPAGNEMENTS;
}

/* The field that decides for this one. */
static enum lieu_field head_of(enum lieu_field f)
{
	switch (f) {
	case LIEU_COMPLEMENT: case LIEU_CODE_POSTAL: case LIEU_COMMUNE: case LIEU_CODE_INSEE:
		return LIEU_ADRESSE;
	case LIEU_LONGITUDE:
		return LIEU_LATITUDE;
	default:
		return f;
	}
}

static const char *latest(const struct parole *p, size_t n)
{
	const char *out = "";

	for (size_t i = 0; i < n; i++) {
		if (strcmp(p[i].date, out) > 0)
			out = p[i].date;
	}
	return out;
}

void paroles_choisir(struct arena *a, const struct parole *p, size_t n, int64_t today,
		     struct lieu_choisi *out)
{
	memset(out, 0, sizeof *out);
	out->rec.horaires_texte = "";
	out->rec.lat = out->rec.lon = NAN;
	for (int i = 0; i < LIEU_FIELDS; i++) {
		enum lieu_field f = (enum lieu_field)i, head = head_of(f);
		int best = out->de[f] = f == LIEU_ID ? -1 : choose(p, n, head, today);

		out->rec.v[f] = best < 0 || f == LIEU_LATITUDE || f == LIEU_LONGITUDE ? ""
				: adds_up(f) ? add_up(a, p, n, best, f, today)
				: p[best].rec.v[f];
	}
	if (out->de[LIEU_HORAIRES] >= 0)
		out->rec.horaires_texte = p[out->de[LIEU_HORAIRES]].rec.horaires_texte;
	if (out->de[LIEU_LATITUDE] >= 0) {
		const struct lieu_record *r = &p[out->de[LIEU_LATITUDE]].rec;

		out->rec.lat = r->lat;
		out->rec.lon = r->lon;
		out->rec.position_commune = r->position_commune;
	}
	out->rec.v[LIEU_DATE_MAJ] = latest(p, n);
}

/* --- writing ------------------------------------------------------------------------ */

bool parole_fixer(struct arena *a, struct parole *p, struct err *e)
{
	if (p->valeurs)
		return true;
	p->valeurs = parole_json(a, &p->rec, NULL, p->date, p->importe_le);
	if (isnan(p->rec.lat) || isnan(p->rec.lon)) {   /* as the text will be read again */
		p->rec.lat = p->rec.lon = NAN;
		p->rec.position_commune = false;
	}
	return !a->spent || arena_refuse(a, e);
}

bool paroles_fixer(struct tx *tx, struct arena *a, const char *lieu_id, struct err *e)
{
	struct lieu_lu lu;

	if (!lieu_lire(tx_db(tx), a, lieu_id, &lu, e))
		return false;
	for (size_t i = 0; i < lu.n; i++) {
		struct parole *p = &lu.p[i];

		if (p->valeurs)
			continue;
		if (!parole_fixer(a, p, e)
		    || !lieu_parole_set(tx, p->source_id, p->id_source, p->valeurs, NULL, e))
			return false;
	}
	return true;
}

static bool same_number(double x, double y)
{
	return (isnan(x) && isnan(y)) || x == y;
}

static bool same_record(const struct lieu_record *x, const struct lieu_record *y)
{
	for (int f = 0; f < LIEU_FIELDS; f++) {
		if (f != LIEU_ID && strcmp(x->v[f], y->v[f]))
			return false;
	}
	return strcmp(x->horaires_texte, y->horaires_texte) == 0 && same_number(x->lat, y->lat)
	       && same_number(x->lon, y->lon) && x->position_commune == y->position_commune;
}

bool lieu_recomposer_lu(struct tx *tx, struct arena *a, const struct lieu_lu *lu,
			const char *now, bool *changed, struct err *e)
{
	struct lieu_choisi c;

	if (changed)
		*changed = false;
	if (!lu->n)
		return true;
	paroles_choisir(a, lu->p, lu->n, day_of(now), &c);
	if (a->spent)
		return arena_refuse(a, e);
	if (same_record(&c.rec, &lu->rec))
		return true;
	if (changed)
		*changed = true;
	return lieu_record_put(tx, lu->fiche.id, &c.rec, now, e);
}

bool lieu_recomposer(struct tx *tx, struct arena *a, const char *lieu_id, const char *now,
		     bool *changed, struct err *e)
{
	struct lieu_lu lu;

	return lieu_lire(tx_db(tx), a, lieu_id, &lu, e)
	       && lieu_recomposer_lu(tx, a, &lu, now, changed, e);
}
