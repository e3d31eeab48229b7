#include "orient/lieu_import_clean.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "orient/lieu_place.h"

enum { CHOICES_MOST = 128, FOLDED_MOST = 160, RESUME_MOST = 280 };
enum { FAR_METRES = 80000, NEAR_METRES = 40000, LINE_MOST = 4000 };
/* No commune of France is wider than that around its centre, but in Guyane and Arles. */
enum { ASIDE_METRES = 15000, ALONE_METRES = 25000 };

static void note(struct lieu_cleaning *c, enum lieu_field f, const char *value,
		 enum lieu_action action, const char *why)
{
	lieu_note(c->notes, c->line, lieu_field_rules[f].name, value, action, "%s", why);
}

/* Takes what a cleaner made of a field, with its note. */
static void take(struct lieu_cleaning *c, struct lieu_record *out, enum lieu_field f,
		 struct cleaned r)
{
	if (r.action == NOTE_CORRIGE && *r.text)
		lieu_note(c->notes, c->line, lieu_field_rules[f].name, out->v[f], r.action,
			  "%s : %s", r.why, strlen(r.text) < 200 ? r.text : "voir la fiche");
	else if (r.action)
		note(c, f, out->v[f], r.action, r.why);
	out->v[f] = r.text;
}

/* --- enumerations ------------------------------------------------------------------- */

static int find_folded(const struct choice *table, const char *value)
{
	char want[FOLDED_MOST], have[FOLDED_MOST];
	int i = choice_find(table, value);

	utf8_fold(value, want, sizeof want);
	for (int k = 0; i < 0 && *want && table[k].slug; k++) {
		utf8_fold(table[k].value, have, sizeof have);
		if (strcmp(have, want) == 0)
			i = k;
	}
	return i;
}

/* An old word that the field still meets; its place in the table of today. */
static int find_migrated(struct lieu_cleaning *c, enum lieu_field f, const char *value)
{
	struct lieu_draft d = { .v = { 0 } };
	struct lieu_mapping m = { c->a, c->notes, c->migration, c->line, c->r };
	const char *name = lieu_field_rules[f].name;

	if (!c->migration || !migration_knows(c->migration, name, value, strlen(value)))
		return -1;
	for (int i = 0; i < LIEU_FIELDS; i++)
		d.v[i] = "";
	migrate_list(&m, name, value, &d);
	return *d.v[f] ? choice_find(lieu_field_rules[f].choices, d.v[f]) : -1;
}

static void choose(struct lieu_cleaning *c, enum lieu_field f, const char *value,
		   bool chosen[CHOICES_MOST])
{
	const struct choice *table = lieu_field_rules[f].choices;
	int i = find_folded(table, value);

	if (i >= 0 && strcmp(table[i].value, value))
		lieu_note(c->notes, c->line, lieu_field_rules[f].name, value, NOTE_CORRIGE,
			  "valeur nationale : %s", table[i].value);
	if (i < 0)
		i = find_migrated(c, f, value);
	if (i < 0)
		note(c, f, value, NOTE_RETIRE,
		     "cette valeur n'est pas dans la liste nationale de ce champ");
	else if (i < CHOICES_MOST)
		chosen[i] = true;
}

const char *choices_clean(struct lieu_cleaning *c, enum lieu_field f, const char *list)
{
	const struct choice *table = lieu_field_rules[f].choices;
	bool chosen[CHOICES_MOST] = { false };
	const char *out = "", *s = list;

	if (!*list)
		return "";
	while (*s) {
		size_t n = strcspn(s, "|;"), m = n;
		const char *value;

		while (m && s[m - 1] == ' ')
			m--;
		value = arena_strn(c->a, s + strspn(s, " "),
				   m > strspn(s, " ") ? m - strspn(s, " ") : 0);
		if (*value)
			choose(c, f, value, chosen);
		s += n + (s[n] != '\0');
	}
	for (int i = 0; i < CHOICES_MOST && table[i].slug; i++) {
		if (chosen[i])
			out = *out ? arena_printf(c->a, "%s|%s", out, table[i].value)
			      : table[i].value;
	}
	return out;
}

/* --- texts -------------------------------------------------------------------------- */

static void clean_list(struct lieu_cleaning *c, struct lieu_record *out, enum lieu_field f)
{
	const char *list = "";

	for (const char *s = out->v[f]; *s;) {
		size_t n = strcspn(s, "|");
		struct cleaned r = line_clean(c->a, arena_strn(c->a, s, n));

		if (*r.text)
			list = *list ? arena_printf(c->a, "%s|%s", list, r.text) : r.text;
		s += n + (s[n] == '|');
	}
	if (strcmp(list, out->v[f]))
		note(c, f, out->v[f], NOTE_CORRIGE, "liste sans blancs");
	out->v[f] = list;
}

/* 280 signs at most in a summary; the whole text stays in the detail when it is free. */
static void clean_resume(struct lieu_cleaning *c, struct lieu_record *out)
{
	const char *s = out->v[LIEU_RESUME], *end = s;
	size_t n = 0;

	if (utf8_length(s) <= RESUME_MOST)
		return;
	for (const char *p = s; *p && n < RESUME_MOST - 1; n++) {
		uint32_t ch;

		if (*p == ' ' || *p == '\n')
			end = p;
		p += utf8_read(p, p + strlen(p), &ch);
	}
	note(c, LIEU_RESUME, s, NOTE_CORRIGE, *out->v[LIEU_DETAIL]
	     ? "280 signes au plus : le début est gardé"
	     : "280 signes au plus : le texte entier est dans presentation_detail");
	if (!*out->v[LIEU_DETAIL])
		out->v[LIEU_DETAIL] = s;
	if (end == s) {
		out->v[LIEU_RESUME] = "";
		return;
	}
	out->v[LIEU_RESUME] = arena_printf(c->a, "%.*s…", (int)(end - s), s);
}

static void clean_texts(struct lieu_cleaning *c, struct lieu_record *out)
{
	for (int f = 0; f < LIEU_FIELDS; f++) {
		enum lieu_field_kind kind = lieu_field_rules[f].kind;

		if (!*out->v[f])
			continue;
		if (kind == LIEU_LINE && strlen(out->v[f]) > LINE_MOST) {
			note(c, (enum lieu_field)f, out->v[f], NOTE_RETIRE, "texte trop long");
			out->v[f] = "";
		} else if (kind == LIEU_LINE) {
			take(c, out, (enum lieu_field)f, line_clean(c->a, out->v[f]));
		} else if (kind == LIEU_TEXT) {
			take(c, out, (enum lieu_field)f, text_clean(c->a, out->v[f]));
			take(c, out, (enum lieu_field)f, persons_hidden(c->a, out->v[f]));
		} else if (kind == LIEU_CHOICES) {
			out->v[f] = choices_clean(c, (enum lieu_field)f, out->v[f]);
		} else if (f == LIEU_AUTRES_FORMATIONS) {
			clean_list(c, out, LIEU_AUTRES_FORMATIONS);
		}
	}
	take(c, out, LIEU_NOM, person_before_job(c->a, out->v[LIEU_NOM]));
	clean_resume(c, out);
}

static void clean_codes(struct lieu_cleaning *c, struct lieu_record *out)
{
	take(c, out, LIEU_CODE_POSTAL, code_postal_clean(c->a, out->v[LIEU_CODE_POSTAL]));
	take(c, out, LIEU_CODE_INSEE, code_insee_clean(c->a, out->v[LIEU_CODE_INSEE]));
	take(c, out, LIEU_PIVOT, pivot_clean(c->a, out->v[LIEU_PIVOT],
					     out->v[LIEU_CODE_POSTAL]));
	take(c, out, LIEU_TELEPHONE, telephone_clean(c->a, out->v[LIEU_TELEPHONE],
						     out->v[LIEU_CODE_POSTAL]));
	take(c, out, LIEU_COURRIELS, courriels_clean(c->a, out->v[LIEU_COURRIELS]));
	take(c, out, LIEU_SITE_WEB, urls_clean(c->a, out->v[LIEU_SITE_WEB], true));
	take(c, out, LIEU_PRISE_RDV, urls_clean(c->a, out->v[LIEU_PRISE_RDV], false));
	take(c, out, LIEU_ACCES_LIBRE, urls_clean(c->a, out->v[LIEU_ACCES_LIBRE], false));
	take(c, out, LIEU_DATE_MAJ, date_clean(c->a, out->v[LIEU_DATE_MAJ], &c->today));
	if (!*out->v[LIEU_DATE_MAJ]) {
		lieu_note(c->notes, c->line, "date_maj", "", NOTE_COMPLETE, "%s : %s",
			  c->file_date_why, c->file_date);
		out->v[LIEU_DATE_MAJ] = c->file_date;
	}
}

/* --- hours -------------------------------------------------------------------------- */

static const char *hours_as_text(struct arena *a, const char *const jours[7])
{
	static const char *const names[7] = { "lundi", "mardi", "mercredi", "jeudi", "vendredi",
		"samedi", "dimanche" };
	const char *out = "";

	for (int i = 0; i < 7; i++) {
		if (jours[i] && *jours[i])
			out = arena_printf(a, "%s%s%s : %s", out, *out ? "\n" : "", names[i],
					   jours[i]);
	}
	return out;
}

/* "9h30" and "9h" of France as "09:30" and "09:00": we read both, other programs do not.
 * What stands between quotes is a comment. */
static const char *hours_with_colons(struct arena *a, const char *s)
{
	const char *out = "";
	bool quoted = false;

	while (*s) {
		size_t n = strspn(s, "0123456789"), m;

		if (!quoted && (n == 1 || n == 2) && (s[n] == 'h' || s[n] == 'H')) {
			m = strspn(s + n + 1, "0123456789");
			if (m == 0 || m == 2) {
				out = arena_printf(a, "%s%s%.*s:%.2s", out, n == 1 ? "0" : "", (int)n, s,
						   m ? s + n + 1 : "00");
				s += n + 1 + m;
				continue;
			}
		}
		quoted ^= *s == '"';
		n = n ? n : 1;
		out = arena_printf(a, "%s%.*s", out, (int)n, s);
		s += n;
	}
	return out;
}

/* Hours that we read, written as every program reads them. */
static void mend_hours(struct lieu_cleaning *c, struct lieu_record *out)
{
	const char *hours = out->v[LIEU_HORAIRES], *mended;
	struct err e = { 0 };

	if (!strpbrk(hours, "hH") || !hours[strcspn(hours, "0123456789")])
		return;
	mended = hours_with_colons(c->a, hours);
	if (!strcmp(mended, hours) || !horaires_read(c->a, mended, &e))
		return;
	lieu_note(c->notes, c->line, "horaires", hours, NOTE_CORRIGE,
		  "heures écrites comme les autres programmes les lisent : %s", mended);
	out->v[LIEU_HORAIRES] = mended;
}

static void clean_hours(struct lieu_cleaning *c, const struct lieu_draft *d,
			struct lieu_record *out)
{
	const char *hours = out->v[LIEU_HORAIRES];
	struct err e = { 0 };

	out->horaires_texte = "";
	if (d->par_jour) {
		const char *osm = horaires_from_french(c->a, d->jours, &e);
		const char *text = hours_as_text(c->a, d->jours);

		out->v[LIEU_HORAIRES] = osm ? osm : "";
		if (osm && *osm)
			lieu_note(c->notes, c->line, "horaires", text, NOTE_TRADUIT,
				  "heures au format OpenStreetMap : %s", osm);
		else if (*text)
			note(c, LIEU_HORAIRES, text, NOTE_SIGNALE,
			     "heures qui ne se lisent pas en entier : montrées telles quelles");
		out->horaires_texte = osm ? "" : text;
	} else if (*hours && !horaires_read(c->a, hours, &e)) {
		lieu_note(c->notes, c->line, "horaires", hours, NOTE_SIGNALE,
			  "ces heures ne sont pas au format OpenStreetMap : montrées telles "
			  "quelles (%s)", e.msg);
		out->horaires_texte = hours;
		out->v[LIEU_HORAIRES] = "";
	} else {
		mend_hours(c, out);
	}
}

/* --- where -------------------------------------------------------------------------- */

static void read_position(struct lieu_cleaning *c, struct lieu_record *out)
{
	const char *lat = out->v[LIEU_LATITUDE], *lon = out->v[LIEU_LONGITUDE];
	const char *why = NULL;

	out->lat = out->lon = NAN;
	out->v[LIEU_LATITUDE] = out->v[LIEU_LONGITUDE] = "";
	if (!*lat && !*lon)
		return;
	if (!degrees_read(lat, &out->lat) || !degrees_read(lon, &out->lon))
		why = "ce ne sont pas des coordonnées";
	else if (out->lat == 0 && out->lon == 0)
		why = "0, 0 est au milieu de l'océan";
	else if (fabs(out->lat) > 90 || fabs(out->lon) > 180)
		why = "hors du globe";
	if (!why)
		return;
	out->lat = out->lon = NAN;
	lieu_note(c->notes, c->line, "latitude", arena_printf(c->a, "%s, %s", lat, lon),
		  NOTE_RETIRE, "%s", why);
}

static double metres_to(const struct commune *commune, double lat, double lon)
{
	return commune && isfinite(commune->lat) && isfinite(lat) && fabs(lat) <= 90
	       ? distance_metres(commune->lat, commune->lon, lat, lon) : -1;
}

static void note_position(struct lieu_cleaning *c, const struct lieu_record *out,
			  enum lieu_action action, const char *why)
{
	note(c, LIEU_LATITUDE, arena_printf(c->a, "%.6f, %.6f", out->lat, out->lon), action, why);
}

/* Latitude and longitude the wrong way round, told by the commune, else by metropolitan
 * France, where no swapped point can fall. */
static bool is_swapped(const struct lieu_record *out, const struct commune *commune)
{
	double here = metres_to(commune, out->lat, out->lon);

	if (here >= 0) {
		double there = metres_to(commune, out->lon, out->lat);

		return here > FAR_METRES && there >= 0 && there < NEAR_METRES;
	}
	return out->lat > -6 && out->lat < 10 && out->lon > 41 && out->lon < 52;
}

/* The commune whose centre is nearest to the point, and how far. */
static const struct commune *nearest(const struct repertoire *r, double lat, double lon,
				     double *metres)
{
	const struct commune *best = NULL;

	*metres = INFINITY;
	for (size_t i = 0; i < r->ncommunes; i++) {
		const struct commune *k = &r->communes[i];
		double away = fabs(k->lat - lat) < 1 ? metres_to(k, lat, lon) : -1;

		if (away >= 0 && away < *metres) {
			*metres = away;
			best = k;
		}
	}
	return best;
}

/* A point at sea, abroad or in another département than its address: kept, and told. */
static void check_surroundings(struct lieu_cleaning *c, const struct lieu_record *out,
			       const struct commune *commune, double away)
{
	double near;
	const struct commune *k = nearest(c->r, out->lat, out->lon, &near);

	if (near > ALONE_METRES)
		note_position(c, out, NOTE_SIGNALE, arena_printf(c->a, "en mer ou hors de France, à "
			      "%.0f km de sa commune : l'adresse est gardée, le point est à vérifier",
			      away / 1000));
	else if (k && strcmp(k->departement, commune->departement))
		note_position(c, out, NOTE_SIGNALE, arena_printf(c->a, "le point est près de %s (%s), "
			      "l'adresse à %s (%s) : à vérifier", k->nom, k->departement,
			      commune->nom, commune->departement));
}

static void check_position(struct lieu_cleaning *c, struct lieu_record *out,
			   const struct place_found *place)
{
	double away;

	if (!isfinite(out->lat))
		return;
	if (is_swapped(out, place->commune)) {
		double lat = out->lat;

		note_position(c, out, NOTE_CORRIGE, "latitude et longitude étaient échangées");
		out->lat = out->lon;
		out->lon = lat;
	}
	away = metres_to(place->commune, out->lat, out->lon);
	if (away > FAR_METRES && place->sure) {
		note_position(c, out, NOTE_RETIRE, arena_printf(c->a,
			      "à %.0f km de sa commune, que le code postal confirme", away / 1000));
		out->lat = out->lon = NAN;
	} else if (away > FAR_METRES) {
		note_position(c, out, NOTE_SIGNALE, arena_printf(c->a,
			      "à %.0f km de sa commune : à vérifier", away / 1000));
	} else if (away > ASIDE_METRES) {
		check_surroundings(c, out, place->commune, away);
	}
}

static void take_commune(struct lieu_cleaning *c, struct lieu_record *out,
			 const struct place_found *place)
{
	const struct commune *k = place->commune;
	const char *name = place_name(c->r, k);

	if (place->by_postal && *out->v[LIEU_COMMUNE]) {
		note(c, LIEU_COMMUNE, out->v[LIEU_COMMUNE], NOTE_SIGNALE, arena_printf(c->a,
		     "ce nom n'est pas celui d'une commune : le code postal est celui de %s",
		     name));
	} else if (place->by_siret) {
		note(c, LIEU_COMMUNE, "", NOTE_COMPLETE, arena_printf(c->a,
		     "le SIRET est celui de la commune de %s, qui a ce code postal", name));
		out->v[LIEU_COMMUNE] = arena_str(c->a, name);
	} else if (strcmp(out->v[LIEU_COMMUNE], name)) {
		note(c, LIEU_COMMUNE, out->v[LIEU_COMMUNE], *out->v[LIEU_COMMUNE]
		     ? NOTE_CORRIGE : NOTE_COMPLETE,
		     arena_printf(c->a, "nom officiel : %s", name));
		out->v[LIEU_COMMUNE] = arena_str(c->a, name);
	}
	if (strcmp(out->v[LIEU_CODE_INSEE], k->code)) {
		note(c, LIEU_CODE_INSEE, out->v[LIEU_CODE_INSEE], *out->v[LIEU_CODE_INSEE]
		     ? NOTE_CORRIGE : NOTE_COMPLETE,
		     arena_printf(c->a, "code de %s : %s", k->nom, k->code));
		out->v[LIEU_CODE_INSEE] = arena_str(c->a, k->code);
	}
	if (!*out->v[LIEU_CODE_POSTAL] && *k->postaux && !strchr(k->postaux, '|')) {
		note(c, LIEU_CODE_POSTAL, "", NOTE_COMPLETE, arena_printf(c->a,
		     "le seul code postal de %s : %s", k->nom, k->postaux));
		out->v[LIEU_CODE_POSTAL] = arena_str(c->a, k->postaux);
	}
}

/* A postal code of another département than the commune's, and not one of its own. */
static void check_postal(struct lieu_cleaning *c, const struct lieu_record *out,
			 const struct commune *k)
{
	const char *postal = out->v[LIEU_CODE_POSTAL];
	char dep[4];

	place_departement(postal, dep);
	if (!*postal || strstr(k->postaux, postal) || strcmp(dep, k->departement) == 0
	    || (strcmp(dep, "20") == 0 && k->departement[0] == '2'))
		return;
	note(c, LIEU_CODE_POSTAL, postal, NOTE_SIGNALE, arena_printf(c->a,
	     "ce code postal n'est pas du département de %s (%s) : à vérifier", k->nom,
	     k->departement));
}

/* Why a row cannot be placed, as truly as can be said. */
static void note_refused(struct lieu_cleaning *c, const struct lieu_record *out)
{
	const char *postal = out->v[LIEU_CODE_POSTAL], *why = NULL;
	size_t n = 0;

	for (size_t i = repertoire_first_postal(c->r, postal); *postal && i < c->r->npostaux
	     && strcmp(c->r->postaux[i].code, postal) == 0; i++)
		n++;
	if (!c->r->ncommunes)
		why = "sans coordonnées, et les communes ne sont pas encore importées";
	else if (n > 1 && !*out->v[LIEU_COMMUNE])
		why = arena_printf(c->a, "ni coordonnées ni commune connue : %zu communes ont le code "
				   "postal %s, et la ligne n'en nomme aucune", n, postal);
	else if (*postal && !n && !*out->v[LIEU_COMMUNE])
		why = arena_printf(c->a, "ni coordonnées ni commune connue : aucune commune n'a le code "
				   "postal %s", postal);
	else
		why = "ni coordonnées ni commune connue : ce lieu ne peut pas être placé";
	lieu_note(c->notes, c->line, NULL, arena_printf(c->a, "%s, %s %s", out->v[LIEU_NOM], postal,
		  out->v[LIEU_COMMUNE]), NOTE_REFUSE, "%s", why);
}

static bool clean_place(struct lieu_cleaning *c, struct lieu_record *out)
{
	struct place_ask ask = { out->v[LIEU_COMMUNE], out->v[LIEU_CODE_POSTAL],
				 out->v[LIEU_CODE_INSEE], out->v[LIEU_PIVOT], out->lat,
				 out->lon };
	struct place_found place = place_find(c->r, &ask);

	check_position(c, out, &place);
	if (place.commune) {
		take_commune(c, out, &place);
		check_postal(c, out, place.commune);
	} else if (c->r->ncommunes && place.code_wrong) {
		note(c, LIEU_CODE_INSEE, out->v[LIEU_CODE_INSEE], NOTE_SIGNALE,
		     "ce code n'est pas celui d'une commune d'aujourd'hui");
	}
	if (isfinite(out->lat))
		return true;
	if (!place.commune || !isfinite(place.commune->lat)) {
		note_refused(c, out);
		return false;
	}
	out->lat = place.commune->lat;
	out->lon = place.commune->lon;
	out->position_commune = true;
	note(c, LIEU_LATITUDE, "", NOTE_COMPLETE, arena_printf(c->a,
	     "position de sa commune, %s : approchée", place.commune->nom));
	return true;
}

/* --- all of it ---------------------------------------------------------------------- */

static bool check_name(struct lieu_cleaning *c, const struct lieu_record *out)
{
	if (*out->v[LIEU_NOM])
		return true;
	lieu_note(c->notes, c->line, NULL, out->v[LIEU_ID], NOTE_REFUSE,
		  "sans nom : personne ne saurait quel lieu chercher");
	return false;
}

/* Values of a local field by slug or label; the others are named in the report. */
static void clean_local(struct lieu_cleaning *c, const struct lieu_draft *d,
			struct lieu_record *out)
{
	for (int i = 0; i < LOCAUX; i++) {
		const struct choice *table = lieu_local_choix((enum lieu_local)i);
		uint32_t bits = 0;

		for (const char *s = d->local[i] ? d->local[i] : ""; *s;) {
			size_t n = strcspn(s, "|");
			const char *one = arena_strn(c->a, s, n);
			int k = find_folded(table, one);

			if (k >= 0)
				bits |= 1u << k;
			else if (*one)
				lieu_note(c->notes, c->line, lieu_local_colonnes[i], one,
					NOTE_RETIRE,
					  "cette valeur n'est pas de ce champ local");
			s += n + (s[n] == '|');
		}
		out->local[i] = d->local[i] ? choices_write(c->a, table, bits) : NULL;
	}
}

bool lieu_clean(struct lieu_cleaning *c, const struct lieu_draft *d, struct lieu_record *out)
{
	memset(out, 0, sizeof *out);
	memcpy(out->v, d->v, sizeof out->v);
	clean_local(c, d, out);
	clean_texts(c, out);
	if (!check_name(c, out))
		return false;
	clean_codes(c, out);
	clean_hours(c, d, out);
	read_position(c, out);
	if (!clean_place(c, out))
		return false;
	out->protege = protege_find(c->protege, out->v);
	if (out->protege)
		lieu_note(c->notes, c->line, NULL, out->v[LIEU_NOM], NOTE_NON_PUBLIE,
			  "« %s » : %s ; publié seulement avec l'accord de la structure",
			  out->protege->motif, out->protege->raison);
	return true;
}
