/* What the widget asks, read; which places fit. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "core/commune.h"
#include "core/repertoire.h"
#include "orient/carto.h"

enum { VALUE_MOST = 120, DAY_MS = 86400000, CODE_MOST = 8 };

#define FILTERS \
	{ AT(carto_in, services), .kind = F_TEXT, .max = 600, .label = N_("Services") }, \
	{ .name = "publics_specifiquement_adresses", .at = offsetof(struct carto_in, publics), \
	  .kind = F_TEXT, .max = 300, .label = N_("Accueil pensé pour") }, \
	{ .name = "prise_en_charge_specifique", \
	  .at = offsetof(struct carto_in, prises_en_charge), .kind = F_TEXT, .max = 300, \
	  .label = N_("Aide particulière") }, \
	{ .name = "frais_a_charge", .at = offsetof(struct carto_in, frais), .kind = F_TEXT, \
	  .label = N_("Coût") }, \
	{ AT(carto_in, prise_rdv), .kind = F_TEXT, .label = N_("Rendez-vous en ligne") }, \
	{ .name = "dispositif_programmes_nationaux", \
	  .at = offsetof(struct carto_in, dispositifs), .kind = F_TEXT, .max = 400, \
	  .label = N_("Programme ou label") }, \
	{ .name = "autres_formations_labels", .at = offsetof(struct carto_in, autres_labels), \
	  .kind = F_TEXT, .label = N_("Autres labels") }, \
	{ AT(carto_in, territoire_type), .kind = F_TEXT, .max = 20, \
	  .label = N_("regions, departements ou communes") }, \
	{ AT(carto_in, territoires), .kind = F_TEXT, .max = 2000, \
	  .label = N_("Codes des territoires") }, \
	{ AT(carto_in, source), .kind = F_TEXT, .label = N_("Source") }, \
	{ AT(carto_in, ouvert_actuellement), .kind = F_TEXT, .max = 40, \
	  .label = N_("Ouvert à cet instant (ISO 8601)") }, \
	{ AT(carto_in, ouvert_le_week_end), .kind = F_BOOL, .label = N_("Ouvert le week-end") }

const struct field carto_filters[] = { FILTERS, { 0 } };

const struct field carto_lists[] = {
	FILTERS,
	{ AT(carto_in, page), .kind = F_INT, .max = 100000, .label = N_("Page, depuis 1") },
	{ AT(carto_in, limit), .kind = F_INT, .max = 1000, .label = N_("Lieux par page") },
	{ AT(carto_in, latitude), .kind = F_REAL, .min = -90, .max = 90, .label = N_("Latitude") },
	{ AT(carto_in, longitude), .kind = F_REAL, .min = -180, .max = 180,
	  .label = N_("Longitude") },
	{ 0 },
};

const struct field carto_chunks[] = {
	FILTERS,
	{ AT(carto_in, latitude), .kind = F_REAL, .required = true, .min = -90, .max = 90,
	  .label = N_("Latitude") },
	{ AT(carto_in, longitude), .kind = F_REAL, .required = true, .min = -180, .max = 180,
	  .label = N_("Longitude") },
	{ 0 },
};

const struct field carto_searches[] = {
	{ AT(carto_in, q), .kind = F_TEXT, .required = true, .max = 100,
	  .label = N_("Une partie du nom") },
	{ 0 },
};

/* --- reading ----------------------------------------------------------------------------- */

/* The values of a list joined by commas, as bits; "Langues étrangères" is both of ours. */
static uint32_t bits_of(const struct choice *table, const char *list)
{
	uint32_t bits = 0;

	for (const char *s = list ? list : ""; *s;) {
		size_t n = strcspn(s, ",");

		for (int i = 0; table[i].slug; i++) {
			const char *v = table[i].value;

			if (!strncmp(v, s, n) && (!v[n] || !strncmp(v + n, " (", 2)))
				bits |= 1u << i;
		}
		s += n + (s[n] == ',');
		s += strspn(s, " ");
	}
	return bits;
}

/* "2026-11-24T10:00:00.000Z", "...+01:00"; -1 when it is no instant. */
static int64_t instant_of(const char *s)
{
	static const char whole[] = "2026-11-24T10:00:00";
	char text[sizeof whole];
	struct civil c;
	int64_t ms;
	const char *z;

	if (!s || strlen(s) < sizeof whole - 1)
		return -1;
	memcpy(text, s, sizeof whole - 1);
	text[sizeof whole - 1] = '\0';
	if (!iso_read(text, &c))
		return -1;
	ms = date_days(c.year, c.month, c.day) * DAY_MS
		+ ((c.hour * 60 + c.minute) * 60 + c.second) * (int64_t)1000;
	z = s + sizeof whole - 1;
	if (*z == '.')
		z += 1 + strspn(z + 1, "0123456789");
	if ((*z == '+' || *z == '-' || *z == ' ') && strspn(z + 1, "0123456789") == 2) {
		int sign = *z == '-' ? -1 : 1;  /* a '+' of an address is read as a space */

		ms -= sign * (int64_t)(((z[1] - '0') * 10 + z[2] - '0') * 60
			+ (strlen(z) >= 6 ? (z[4] - '0') * 10 + z[5] - '0' : 0)) * 60000;
	}
	return ms;
}

static bool is(const char *s, const char *word)
{
	return s && !strcmp(s, word);
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

struct carto_filter carto_read(const struct carto_in *in, const struct repertoire *r, int64_t now)
{
	struct civil today = zone_local(&zone_paris, now);
	int64_t day = date_days(today.year, today.month, today.day);
	struct carto_filter f = {
		.r = r,
		.services = bits_of(lieu_services, in->services),
		.publics = bits_of(lieu_publics, in->publics),
		.prises_en_charge = bits_of(lieu_prises_en_charge, in->prises_en_charge),
		.frais = bits_of(lieu_frais, in->frais),
		.dispositifs = bits_of(lieu_dispositifs, in->dispositifs),
		.prise_rdv = in->prise_rdv && *in->prise_rdv,
		.week_end = in->ouvert_le_week_end,
		.autres_labels = or_empty(in->autres_labels),
		.source = or_empty(in->source),
		.territoires = or_empty(in->territoires),
		.ouvert = instant_of(in->ouvert_actuellement),
		.samedi = day + (5 - date_weekday(day) + 7) % 7,
	};

	if (*f.territoires)
		f.ou = is(in->territoire_type, "regions") ? CARTO_REGIONS
			: is(in->territoire_type, "departements") ? CARTO_DEPARTEMENTS
			: is(in->territoire_type, "communes") ? CARTO_COMMUNES : CARTO_PARTOUT;
	return f;
}

/* --- holding against a place -------------------------------------------------------------- */

static bool listed(const char *list, const char *value, char separator)
{
	char stops[2] = { separator, '\0' };
	size_t want = strlen(value);

	for (const char *s = list; *s;) {
		size_t n = strcspn(s, stops);

		if (n == want && want && !strncmp(s, value, n))
			return true;
		s += n + (s[n] == separator);
	}
	return false;
}

/* One of the labels asked (joined by commas) is among the place's (joined by '|'). */
static bool has_label(const struct lieu *l, const char *asked)
{
	for (const char *s = asked; *s;) {
		size_t n = strcspn(s, ",");
		char value[VALUE_MOST];

		if (n && n < sizeof value) {
			memcpy(value, s, n);
			value[n] = '\0';
			if (listed(l->autres_formations_labels, value, '|'))
				return true;
		}
		s += n + (s[n] == ',');
	}
	return false;
}

static bool is_there(const struct lieu *l, const struct carto_filter *f)
{
	const struct commune *c;

	if (f->ou == CARTO_COMMUNES && !f->region && !f->departement)
		return listed(f->territoires, l->code_insee, ',');
	c = repertoire_commune(f->r, l->code_insee);
	if (!c || (f->region && strcmp(c->region, f->region))
	    || (f->departement && strcmp(c->departement, f->departement)))
		return false;
	return f->ou == CARTO_PARTOUT
	       || (f->ou == CARTO_COMMUNES && listed(f->territoires, c->code, ','))
	       || (f->ou == CARTO_DEPARTEMENTS && listed(f->territoires, c->departement, ','))
	       || (f->ou == CARTO_REGIONS && listed(f->territoires, c->region, ','));
}

static bool open_on(const struct lieu *l, int64_t day)
{
	return horaires_between(l->heures, l->calendrier, day, 0, 1440) == OUVERT_OUI;
}

bool carto_wants(const struct lieu *l, const void *filter)
{
	const struct carto_filter *f = filter;

	if (lieu_is_social(l) || (f->services && !(l->services & f->services))
	    || (f->publics && !(l->publics & f->publics))
	    || (f->prises_en_charge && !(l->prises_en_charge & f->prises_en_charge))
	    || (f->frais && !(l->frais & f->frais))
	    || (f->dispositifs && !(l->dispositifs & f->dispositifs))
	    || (f->prise_rdv && !*l->prise_rdv)
	    || (*f->autres_labels && !has_label(l, f->autres_labels))
	    || (*f->source && strcmp(f->source, l->source) && strcmp(f->source, l->source_titre)))
		return false;
	if ((f->ou || f->region || f->departement) && !is_there(l, f))
		return false;
	if (f->ouvert >= 0 && lieu_ouvert(l, f->ouvert) != OUVERT_OUI)
		return false;
	return !f->week_end || (l->heures && (open_on(l, f->samedi) || open_on(l, f->samedi + 1)));
}
