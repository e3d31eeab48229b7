/* Places as a workbook for offices: labels that people read, one sheet; a second says what
 * the columns are, and which places left. */
#include <math.h>
#include <string.h>

#include "base/date.h"
#include "core/lieu_local.h"
#include "format/xlsx.h"
#include "orient/lieu_ecriture.h"

static const struct { const char *title, *field; } titles[] = {
	{ "Nom", "nom" }, { "Adresse", "adresse" }, { "Complément", "complement_adresse" },
	{ "Code postal", "code_postal" }, { "Commune", "commune" }, { "Téléphone", "telephone" },
	{ "Courriels", "courriels" }, { "Sites", "site_web" },
	{ "Horaires", "horaires, au format OpenStreetMap, ou comme le lieu les écrit" },
	{ "Services", "services" }, { "Comment on est aidé", "modalites_accompagnement" },
	{ "Comment venir", "modalites_acces" }, { "Coût", "frais_a_charge" },
	{ "Rendez-vous en ligne", "prise_rdv" },
	{ "Accueil pensé pour", "publics_specifiquement_adresses" },
	{ "Aides particulières", "prise_en_charge_specifique" },
	{ "Programmes et labels", "dispositif_programmes_nationaux, formations_labels, "
	  "autres_formations_labels" },
	{ "Type de lieu", "typologie" }, { "Se déplace", "itinerance" },
	{ "Sur place", "champ local : equipements" },
	{ "Genre de lieu", "champ local : médiation numérique, premier accueil social" },
	{ "Structure", "structure_parente" }, { "Présentation", "presentation_detail, sinon "
	  "presentation_resume" },
	{ "Accessibilité", "fiche_acces_libre" }, { "Mis à jour le", "date_maj" },
	{ "Source", "source" }, { "SIRET, RNA ou RIDET", "pivot" },
	{ "Code Insee", "code_insee" }, { "Latitude", "latitude" }, { "Longitude", "longitude" },
	{ "Identifiant", "id" },
};

/* What people read of each bit, or the words of a list, joined by commas. */
static const char *labels(struct arena *a, const struct choice *table, uint32_t bits)
{
	const char *text = "";

	for (int i = 0; table[i].slug; i++) {
		if (bits >> i & 1)
			text = *text ? arena_cat(a, text, ", ", table[i].label, NULL)
				: table[i].label;
	}
	return text;
}

static const char *spaced(struct arena *a, const char *list)
{
	const char *text = "";

	for (const char *s = list; *s;) {
		size_t n = strcspn(s, "|");

		text = arena_cat(a, text, *text ? ", " : "", arena_strn(a, s, n), NULL);
		s += n + (s[n] == '|');
	}
	return text;
}

static const char *typologies(struct arena *a, const char *list)
{
	const char *text = "";

	for (const char *s = list; *s;) {
		size_t n = strcspn(s, "|");
		const char *code = arena_strn(a, s, n);
		int i = choice_find(lieu_typologies, code);

		text = arena_cat(a, text, *text ? ", " : "", i < 0 ? code
				 : lieu_typologies[i].label, NULL);
		s += n + (s[n] == '|');
	}
	return text;
}

/* "01 23 45 67 89", as it is dialled here. */
static const char *dialled(struct arena *a, const char *e164)
{
	if (strncmp(e164, "+33", 3) || strlen(e164) != 12)
		return e164;
	return arena_printf(a, "0%.1s %.2s %.2s %.2s %.2s", e164 + 3, e164 + 4, e164 + 6,
			    e164 + 8, e164 + 10);
}

static const char *day_of(struct arena *a, const char *iso)
{
	struct civil day;

	if (!iso_read(iso, &day))
		return iso;
	return arena_printf(a, "%02d/%02d/%04d", day.day, day.month, day.year);
}

static bool begin(struct ecriture *w, struct err *e)
{
	const char *folder = w->ask->folder ? w->ask->folder : "/tmp";

	if (!xlsx_new(folder, &w->x, e) || !xlsx_sheet(w->x, "Lieux", e))
		return false;
	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
		xlsx_title(w->x, titles[i].title);
	return xlsx_row(w->x, e);
}

static void put_help(struct ecriture *w, const struct lieu *l)
{
	struct arena *a = &w->a;
	const char *programmes = labels(a, lieu_dispositifs, l->dispositifs);
	const char *formations = labels(a, lieu_formations, l->formations);
	const char *others = spaced(a, l->autres_formations_labels);

	xlsx_text(w->x, labels(a, lieu_services, l->services));
	xlsx_text(w->x, labels(a, lieu_accompagnements, l->accompagnements));
	xlsx_text(w->x, labels(a, lieu_acces, l->acces));
	xlsx_text(w->x, labels(a, lieu_frais, l->frais));
	xlsx_text(w->x, l->prise_rdv);
	xlsx_text(w->x, labels(a, lieu_publics, l->publics));
	xlsx_text(w->x, labels(a, lieu_prises_en_charge, l->prises_en_charge));
	xlsx_text(w->x, arena_cat(a, programmes, *programmes && *formations ? ", " : "", formations,
				  *others && (*programmes || *formations) ? ", " : "", others,
				  NULL));
	xlsx_text(w->x, typologies(a, l->typologie));
	xlsx_text(w->x, labels(a, lieu_itinerances, l->itinerance));
	xlsx_text(w->x, labels(a, lieu_equipements, l->equipements));
	xlsx_text(w->x, labels(a, lieu_genres, l->genre));
}

static bool one(struct ecriture *w, const struct lieu *l, struct err *e)
{
	struct arena *a = &w->a;
	bool placed = !l->position_commune;

	xlsx_text(w->x, l->nom);
	xlsx_text(w->x, l->adresse);
	xlsx_text(w->x, l->complement_adresse);
	xlsx_text(w->x, l->code_postal);
	xlsx_text(w->x, l->commune);
	xlsx_text(w->x, dialled(a, l->telephone));
	xlsx_text(w->x, spaced(a, l->courriels));
	xlsx_text(w->x, spaced(a, l->site_web));
	xlsx_text(w->x, *l->horaires ? l->horaires : l->horaires_texte);
	put_help(w, l);
	xlsx_text(w->x, l->structure_parente);
	xlsx_text(w->x, *l->presentation_detail ? l->presentation_detail : l->presentation_resume);
	xlsx_text(w->x, l->fiche_acces_libre);
	xlsx_text(w->x, day_of(a, l->date_maj));
	xlsx_text(w->x, *l->source ? l->source : l->source_titre);
	xlsx_text(w->x, l->pivot);
	xlsx_text(w->x, l->code_insee);
	xlsx_number(w->x, placed ? l->lat : (double)NAN);
	xlsx_number(w->x, placed ? l->lon : (double)NAN);
	xlsx_text(w->x, l->id);
	return xlsx_row(w->x, e);
}

/* Places come first: the first departure opens its sheet. */
static bool gone(struct ecriture *w, const char *id, const char *day, struct err *e)
{
	if (!w->departures) {
		w->departures = true;
		if (!xlsx_sheet(w->x, "Lieux retirés", e))
			return false;
		xlsx_title(w->x, "Identifiant");
		xlsx_title(w->x, "Retiré le");
		if (!xlsx_row(w->x, e))
			return false;
	}
	xlsx_text(w->x, id);
	xlsx_text(w->x, day_of(&w->a, day));
	return xlsx_row(w->x, e);
}

static bool end(struct ecriture *w, struct err *e)
{
	if (!xlsx_sheet(w->x, "Lisez-moi", e))
		return false;
	xlsx_title(w->x, "Colonne");
	xlsx_title(w->x, "Champ du schéma national 1.0.2");
	if (!xlsx_row(w->x, e))
		return false;
	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
		xlsx_text(w->x, titles[i].title);
		xlsx_text(w->x, titles[i].field);
		if (!xlsx_row(w->x, e))
			return false;
	}
	return xlsx_end_file(&w->x, w->out, e);
}

const struct lieu_ecriture ecriture_xlsx = { 0, begin, one, gone, end };
