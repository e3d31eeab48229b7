#include "orient/carto_ecrit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "core/commune.h"
#include "core/repertoire.h"
#include "orient/lieu_ecriture.h"

enum { SLUG_MOST = 120, ZOOM_REGION = 7, ZOOM_DEPARTEMENT = 8 };

const char *carto_slug(struct arena *a, const char *nom)
{
	char folded[SLUG_MOST];

	utf8_fold(nom, folded, sizeof folded);
	for (char *p = folded; *p; p++) {
		if (*p == ' ')
			*p = '-';
	}
	return arena_str(a, folded);
}

/* --- pieces ------------------------------------------------------------------------------- */

/* "12 bis rue X" is 12, bis, rue X. */
static void put_adresse(struct json_out *j, struct arena *a, const struct lieu *l)
{
	static const char *const again[] = { "bis", "ter", "quater", "BIS", "TER", "QUATER", NULL };
	const char *s = l->adresse;
	size_t n = strspn(s, "0123456789");
	const char *numero = arena_strn(a, s, n), *repetition = "";

	s += n;
	s += strspn(s, n ? " ," : "");
	for (size_t i = 0; n && again[i]; i++) {
		size_t k = strlen(again[i]);

		if (!strncmp(s, again[i], k) && (s[k] == ' ' || s[k] == ',')) {
			repetition = again[i];
			s += k + strspn(s + k, " ,");
			break;
		}
	}
	json_open_object(j, "adresse");
	json_put_text(j, "numero_voie", numero);
	json_put_text(j, "repetition", repetition);
	json_put_text(j, "nom_voie", s);
	json_put_text(j, "commune", l->commune);
	json_put_text(j, "code_postal", l->code_postal);
	json_put_text(j, "code_insee", l->code_insee);
	json_close_object(j);
}

/* "01 23 45 67 89". */
static const char *dialled(struct arena *a, const char *e164)
{
	if (strncmp(e164, "+33", 3) || strlen(e164) != 12)
		return e164;
	return arena_printf(a, "0%.1s %.2s %.2s %.2s %.2s", e164 + 3, e164 + 4, e164 + 6,
			    e164 + 8, e164 + 10);
}

static bool placed(const struct lieu *l)
{
	return !l->position_commune && isfinite(l->lat) && isfinite(l->lon);
}

static bool has(const struct choice *table, uint32_t bits, const char *slug)
{
	int i = choice_find(table, slug);

	return i >= 0 && bits >> i & 1;
}

static void put_collectivites(struct json_out *j, struct arena *a, const struct repertoire *r,
			      const struct lieu *l)
{
	const struct commune *c = repertoire_commune(r, l->code_insee);
	const struct territoire *d = c ? repertoire_territoire(r, "departement", c->departement)
				     : NULL;
	const struct territoire *g = c ? repertoire_territoire(r, "region", c->region) : NULL;

	json_put_text(j, "region", g ? carto_slug(a, g->nom) : "");
	json_put_text(j, "departement", d ? carto_slug(a, d->nom) : "");
}

static void put_badges(struct json_out *j, const struct lieu *l)
{
	json_put_bool(j, "isFranceServices", has(lieu_dispositifs, l->dispositifs,
						 "france-services"));
	json_put_bool(j, "isConum", has(lieu_dispositifs, l->dispositifs,
					"conseillers-numeriques"));
}

static void put_text(struct json_out *j, const char *name, const char *v)
{
	if (*v)
		json_put_text(j, name, v);
}

static void put_values(struct json_out *j, const char *name, const struct choice *table,
		       uint32_t bits)
{
	json_open_array(j, name);
	for (int i = 0; table[i].slug; i++) {
		if (bits >> i & 1)
			json_put_text(j, NULL, table[i].value);
	}
	json_close_array(j);
}

static void add_list(struct json_out *j, struct arena *a, const char *list)
{
	for (const char *s = list; *s;) {
		size_t n = strcspn(s, "|");

		json_put_text(j, NULL, arena_strn(a, s, n));
		s += n + (s[n] == '|');
	}
}

/* --- a place in a list ---------------------------------------------------------------------- */

void carto_put_item(struct json_out *j, struct arena *a, const struct repertoire *r,
		    const struct lieu *l, int64_t now, const struct point *from)
{
	enum ouvert open = lieu_ouvert(l, now);

	json_open_object(j, NULL);
	json_put_text(j, "id", l->id);
	json_put_text(j, "nom", l->nom);
	put_adresse(j, a, l);
	put_collectivites(j, a, r, l);
	if (placed(l)) {
		json_put_real(j, "latitude", l->lat);
		json_put_real(j, "longitude", l->lon);
	}
	if (from && from->given && placed(l))
		json_put_text(j, "distance", arena_printf(a, "%.2f",
			distance_metres(from->lat, from->lon, l->lat, l->lon) / 1000));
	put_text(j, "telephone", dialled(a, l->telephone));
	put_text(j, "horaires", l->heures ? l->horaires : "");
	if (open != OUVERT_INCONNU)
		json_put_bool(j, "isOpen", open == OUVERT_OUI);
	json_put_bool(j, "isByAppointment", *l->prise_rdv != '\0');
	put_badges(j, l);
	json_close_object(j);
}

void carto_put_point(struct json_out *j, const struct lieu *l)
{
	json_open_object(j, NULL);
	json_put_text(j, "id", l->id);
	json_put_text(j, "nom", l->nom);
	json_put_real(j, "latitude", l->lat);
	json_put_real(j, "longitude", l->lon);
	json_close_object(j);
}

void carto_put_found(struct json_out *j, struct arena *a, const struct lieu *l)
{
	json_open_object(j, NULL);
	json_put_text(j, "id", l->id);
	json_put_text(j, "nom", l->nom);
	if (placed(l)) {
		json_put_real(j, "latitude", l->lat);
		json_put_real(j, "longitude", l->lon);
	}
	put_adresse(j, a, l);
	json_put_text(j, "code_postal", l->code_postal);
	json_put_text(j, "code_insee", l->code_insee);
	json_put_text(j, "commune", l->commune);
	json_close_object(j);
}

/* What one comes for, then where: the widget joins the two with a space. */
void carto_put_mediateur(struct json_out *j, struct arena *a, const struct lieu *l)
{
	bool conum = has(lieu_dispositifs, l->dispositifs, "conseillers-numeriques");

	(void)a;
	json_open_object(j, NULL);
	json_put_text(j, "prenom", conum ? "Conseiller numérique," : "Aidants Connect,");
	json_put_text(j, "nom", *l->structure_parente && strspn(l->structure_parente, "0123456789 ")
		      != strlen(l->structure_parente) ? l->structure_parente : l->nom);
	json_open_array(j, "lieux");
	json_open_object(j, NULL);
	json_put_text(j, "id", l->id);
	json_put_text(j, "nom", l->nom);
	json_put_text(j, "commune", l->commune);
	json_put_text(j, "code_postal", l->code_postal);
	json_put_text(j, "code_insee", l->code_insee);
	json_put_text(j, "adresse", l->adresse);
	json_close_object(j);
	json_close_array(j);
	json_close_object(j);
}

/* --- one place -------------------------------------------------------------------------------- */

/* The nine services in three drawers, as the widget shows them. */
static void put_services(struct json_out *j, const struct lieu *l)
{
	static const struct { const char *name, *slugs[6]; } drawers[] = {
		{ "competences", { "demarches", "outils-quotidien", "insertion-pro", "securite",
				   "parentalite", NULL } },
		{ "cultureNumerique", { "loisirs", "comprehension", NULL } },
		{ "materielInformatique", { "acces", "materiel", NULL } },
	};

	json_open_object(j, "services");
	for (size_t d = 0; d < sizeof drawers / sizeof *drawers; d++) {
		uint32_t bits = 0;

		for (size_t i = 0; drawers[d].slugs[i]; i++)
			bits |= l->services & 1u << choice_find(lieu_services, drawers[d].slugs[i]);
		put_values(j, drawers[d].name, lieu_services, bits);
	}
	json_close_object(j);
}

static const char *first_of(struct arena *a, const char *list)
{
	return arena_strn(a, list, strcspn(list, "|"));
}

static void put_contact(struct json_out *j, struct arena *a, const struct lieu *l)
{
	put_text(j, "telephone", dialled(a, l->telephone));
	put_text(j, "courriel", first_of(a, l->courriels));
	put_text(j, "siteInternet", first_of(a, l->site_web));
	put_text(j, "accessibilite", l->fiche_acces_libre);
	put_text(j, "priseRDV", l->prise_rdv);
	put_text(j, "description", *l->presentation_detail ? l->presentation_detail
		 : l->presentation_resume);
}

void carto_put_details(struct json_out *j, struct arena *a, const struct repertoire *r,
		       const struct lieu *l)
{
	const char *d = l->date_maj;
	bool street = *l->adresse != '\0';

	json_open_object(j, NULL);
	json_put_text(j, "id", l->id);
	json_put_text(j, "nom", l->nom);
	json_put_text(j, "adresse", arena_cat(a, l->adresse, street ? ", " : "", l->code_postal,
					      *l->code_postal ? " " : "", l->commune, NULL));
	put_collectivites(j, a, r, l);
	if (placed(l)) {
		json_put_real(j, "latitude", l->lat);
		json_put_real(j, "longitude", l->lon);
	}
	put_text(j, "osmOpeningHours", l->heures ? l->horaires : "");
	put_badges(j, l);
	put_contact(j, a, l);
	json_open_array(j, "labels");
	add_list(j, a, choices_write(a, lieu_formations, l->formations));
	add_list(j, a, l->autres_formations_labels);
	json_close_array(j);
	put_services(j, l);
	json_put_text(j, "source", *l->source ? l->source : l->source_titre);
	json_put_text(j, "dateMiseAJour", strlen(d) < 10 ? d
		      : arena_printf(a, "%.2s/%.2s/%.4s", d + 8, d + 5, d));
	put_values(j, "typesAccompagnement", lieu_accompagnements, l->accompagnements);
	put_values(j, "publicsSpecifiques", lieu_publics, l->publics);
	put_values(j, "prisesEnChargeSpecifiques", lieu_prises_en_charge, l->prises_en_charge);
	put_values(j, "fraisACharge", lieu_frais, l->frais);
	put_values(j, "modalitesAcces", lieu_acces, l->acces);
	json_open_array(j, "mediateurs");       /* names are not published */
	json_close_array(j);
	json_close_object(j);
}

/* --- counts -------------------------------------------------------------------------------- */

struct total {
	size_t lieux, communes;
	double lat, lon;
	bool asked;                     /* one of its communes is in what is asked */
};

/* Does that commune lie in the territories that are asked? */
static bool asked(const struct carto_filter *f, const struct commune *c)
{
	struct lieu l = { .code_insee = c->code, .autres_formations_labels = "", .source = "",
			  .source_titre = "", .prise_rdv = "" };
	struct carto_filter where = { .r = f->r, .ou = f->ou, .territoires = f->territoires,
				      .autres_labels = "", .source = "", .ouvert = -1 };

	return carto_wants(&l, &where);
}

static void put_departements(struct json_out *j, const struct repertoire *r, const char *region)
{
	json_open_array(j, "departements");
	for (size_t i = 0; i < r->nterritoires; i++) {
		const struct territoire *t = &r->territoires[i];

		if (!strcmp(t->niveau, "departement") && !strcmp(t->region, region))
			json_put_text(j, NULL, t->code);
	}
	json_close_array(j);
}

static size_t place_of(const struct repertoire *r, const char *niveau, const struct commune *c)
{
	const struct territoire *t = repertoire_territoire(r, niveau,
			*niveau == 'r' ? c->region : c->departement);

	return t ? (size_t)(t - r->territoires) : r->nterritoires;
}

bool carto_put_counts(struct json_out *j, struct arena *a, const char *niveau,
		      const struct carto_filter *f, struct err *e)
{
	const struct repertoire *r = f->r;
	struct total *all = NEW_ARRAY(a, r->nterritoires + 1, struct total);
	uint32_t *above = NEW_ARRAY(a, r->ncommunes + 1, uint32_t);     /* of each commune */

	if (!all || !above)
		return arena_refuse(a, e);
	for (size_t i = 0; i < r->ncommunes; i++) {
		const struct commune *c = &r->communes[i];
		struct total *t;

		/* sorted by code: those of a département stand together */
		above[i] = i && !strcmp(c->departement, c[-1].departement) ? above[i - 1]
			: (uint32_t)place_of(r, niveau, c);
		t = &all[above[i]];
		if (isfinite(c->lat)) {
			t->lat += c->lat;
			t->lon += c->lon;
			t->communes++;
		}
		t->asked |= f->ou == CARTO_PARTOUT || asked(f, c);
	}
	for (size_t i = 0; i < r->nlieux; i++) {
		const struct commune *c = repertoire_commune(r, r->lieux[i].code_insee);

		if (c && carto_wants(&r->lieux[i], f))
			all[above[c - r->communes]].lieux++;
	}
	for (size_t i = 0; i < r->nterritoires; i++) {
		const struct territoire *t = &r->territoires[i];
		double n = all[i].communes ? (double)all[i].communes : 1;

		if (strcmp(t->niveau, niveau) || !all[i].asked)
			continue;
		json_open_object(j, NULL);
		json_put_text(j, "code", t->code);
		json_put_text(j, "nom", t->nom);
		json_put_text(j, "slug", carto_slug(a, t->nom));
		if (*niveau == 'r')
			put_departements(j, r, t->code);
		json_put_int(j, "zoom", *niveau == 'r' ? ZOOM_REGION : ZOOM_DEPARTEMENT);
		json_open_object(j, "localisation");
		json_put_real(j, "latitude", all[i].lat / n);
		json_put_real(j, "longitude", all[i].lon / n);
		json_close_object(j);
		json_put_int(j, "nombreLieux", (int64_t)all[i].lieux);
		json_close_object(j);
	}
	return true;
}
