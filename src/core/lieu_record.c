#include "core/lieu_record.h"

#include <math.h>

#include "format/json.h"

const struct lieu_field_rule lieu_field_rules[LIEU_FIELDS] = {
	[LIEU_ID] = { "id", LIEU_LINE, NULL },
	[LIEU_PIVOT] = { "pivot", LIEU_LINE, NULL },
	[LIEU_NOM] = { "nom", LIEU_LINE, NULL },
	[LIEU_COMMUNE] = { "commune", LIEU_LINE, NULL },
	[LIEU_CODE_POSTAL] = { "code_postal", LIEU_LINE, NULL },
	[LIEU_CODE_INSEE] = { "code_insee", LIEU_LINE, NULL },
	[LIEU_ADRESSE] = { "adresse", LIEU_LINE, NULL },
	[LIEU_COMPLEMENT] = { "complement_adresse", LIEU_LINE, NULL },
	[LIEU_LATITUDE] = { "latitude", LIEU_NUMBER, NULL },
	[LIEU_LONGITUDE] = { "longitude", LIEU_NUMBER, NULL },
	[LIEU_TYPOLOGIE] = { "typologie", LIEU_CHOICES, lieu_typologies },
	[LIEU_TELEPHONE] = { "telephone", LIEU_LINE, NULL },
	[LIEU_COURRIELS] = { "courriels", LIEU_LIST, NULL },
	[LIEU_SITE_WEB] = { "site_web", LIEU_LIST, NULL },
	[LIEU_HORAIRES] = { "horaires", LIEU_LINE, NULL },
	[LIEU_RESUME] = { "presentation_resume", LIEU_TEXT, NULL },
	[LIEU_DETAIL] = { "presentation_detail", LIEU_TEXT, NULL },
	[LIEU_SOURCE] = { "source", LIEU_LINE, NULL },
	[LIEU_ITINERANCE] = { "itinerance", LIEU_CHOICES, lieu_itinerances },
	[LIEU_PARENTE] = { "structure_parente", LIEU_LINE, NULL },
	[LIEU_DATE_MAJ] = { "date_maj", LIEU_DATE, NULL },
	[LIEU_SERVICES] = { "services", LIEU_CHOICES, lieu_services },
	[LIEU_PUBLICS] = { "publics_specifiquement_adresses", LIEU_CHOICES, lieu_publics },
	[LIEU_PRISES_EN_CHARGE] = { "prise_en_charge_specifique", LIEU_CHOICES,
				    lieu_prises_en_charge },
	[LIEU_FRAIS] = { "frais_a_charge", LIEU_CHOICES, lieu_frais },
	[LIEU_DISPOSITIFS] = { "dispositif_programmes_nationaux", LIEU_CHOICES,
			       lieu_dispositifs },
	[LIEU_FORMATIONS] = { "formations_labels", LIEU_CHOICES, lieu_formations },
	[LIEU_AUTRES_FORMATIONS] = { "autres_formations_labels", LIEU_LIST, NULL },
	[LIEU_ACCES] = { "modalites_acces", LIEU_CHOICES, lieu_acces },
	[LIEU_ACCOMPAGNEMENTS] = { "modalites_accompagnement", LIEU_CHOICES,
				   lieu_accompagnements },
	[LIEU_ACCES_LIBRE] = { "fiche_acces_libre", LIEU_LINE, NULL },
	[LIEU_PRISE_RDV] = { "prise_rdv", LIEU_LINE, NULL },
};

static const char *degrees(struct arena *a, const struct lieu *l, double v)
{
	char text[JSON_NUMBER];

	if (l->position_commune || !isfinite(v))
		return "";
	return arena_str(a, json_real_text(v, text));
}

static void put_texts(const struct lieu *l, const char *v[LIEU_FIELDS])
{
	v[LIEU_ID] = l->id;
	v[LIEU_PIVOT] = l->pivot;
	v[LIEU_NOM] = l->nom;
	v[LIEU_COMMUNE] = l->commune;
	v[LIEU_CODE_POSTAL] = l->code_postal;
	v[LIEU_CODE_INSEE] = l->code_insee;
	v[LIEU_ADRESSE] = l->adresse;
	v[LIEU_COMPLEMENT] = l->complement_adresse;
	v[LIEU_TYPOLOGIE] = l->typologie;
	v[LIEU_TELEPHONE] = l->telephone;
	v[LIEU_COURRIELS] = l->courriels;
	v[LIEU_SITE_WEB] = l->site_web;
	v[LIEU_HORAIRES] = l->horaires;
	v[LIEU_RESUME] = l->presentation_resume;
	v[LIEU_DETAIL] = l->presentation_detail;
	v[LIEU_SOURCE] = l->source;
	v[LIEU_PARENTE] = l->structure_parente;
	v[LIEU_DATE_MAJ] = l->date_maj;
	v[LIEU_AUTRES_FORMATIONS] = l->autres_formations_labels;
	v[LIEU_ACCES_LIBRE] = l->fiche_acces_libre;
	v[LIEU_PRISE_RDV] = l->prise_rdv;
}

void lieu_values(struct arena *a, const struct lieu *l, const char *v[LIEU_FIELDS])
{
	put_texts(l, v);
	v[LIEU_LATITUDE] = degrees(a, l, l->lat);
	v[LIEU_LONGITUDE] = degrees(a, l, l->lon);
	v[LIEU_ITINERANCE] = choices_write(a, lieu_itinerances, l->itinerance);
	v[LIEU_SERVICES] = choices_write(a, lieu_services, l->services);
	v[LIEU_PUBLICS] = choices_write(a, lieu_publics, l->publics);
	v[LIEU_PRISES_EN_CHARGE] = choices_write(a, lieu_prises_en_charge,
						 l->prises_en_charge);
	v[LIEU_FRAIS] = choices_write(a, lieu_frais, l->frais);
	v[LIEU_DISPOSITIFS] = choices_write(a, lieu_dispositifs, l->dispositifs);
	v[LIEU_FORMATIONS] = choices_write(a, lieu_formations, l->formations);
	v[LIEU_ACCES] = choices_write(a, lieu_acces, l->acces);
	v[LIEU_ACCOMPAGNEMENTS] = choices_write(a, lieu_accompagnements, l->accompagnements);
	for (int i = 0; i < LIEU_FIELDS; i++) {
		if (!v[i])
			v[i] = "";
	}
}
