#include "orient/recherche.h"

#include <math.h>
#include <string.h>

#include "core/lieu_local.h"

const struct choice recherche_carte[] = {
	{ "oui", N_("Avec la carte"), NULL },
	{ "non", N_("Sans la carte"), NULL },
	{ 0 },
};

const struct field recherche_fields[] = {
	{ AT(recherche, commune), .kind = F_TEXT, .max = 80,
	  .label = N_("Commune ou code postal"), .hint = N_("Par exemple : Bondy, ou 93140") },
	{ AT(recherche, position), .kind = F_POINT,
	  .label = N_("Position"), .hint = N_("Latitude et longitude, séparées par une virgule") },
	{ AT(recherche, service), .kind = F_CHOICES, .choices = lieu_services,
	  .label = N_("Besoin") },
	{ .name = "public", .at = offsetof(struct recherche, publics), .kind = F_CHOICES,
	  .choices = lieu_publics, .label = N_("Accueil pensé pour") },
	{ AT(recherche, prise_en_charge), .kind = F_CHOICES, .choices = lieu_prises_en_charge,
	  .label = N_("Aide particulière") },
	{ AT(recherche, gratuit), .kind = F_BOOL, .label = N_("Gratuit") },
	{ AT(recherche, acces), .kind = F_CHOICES, .choices = lieu_acces,
	  .label = N_("Comment venir") },
	{ AT(recherche, accompagnement), .kind = F_CHOICES, .choices = lieu_accompagnements,
	  .label = N_("Comment on est aidé") },
	{ AT(recherche, label), .kind = F_CHOICES, .choices = lieu_dispositifs,
	  .label = N_("Programme ou label") },
	{ AT(recherche, equipement), .kind = F_CHOICES, .choices = lieu_equipements,
	  .label = N_("Sur place") },
	{ AT(recherche, genre), .kind = F_CHOICE, .choices = lieu_genres,
	  .label = N_("Genre de lieu") },
	{ AT(recherche, ouvert), .kind = F_MOMENT, .label = N_("Ouvert") },
	{ AT(recherche, rayon), .kind = F_INT, .max = 500,
	  .label = N_("À moins de (km)") },
	{ AT(recherche, debut), .kind = F_INT, .max = RECHERCHE_DEBUT,
	  .label = N_("À partir du résultat") },
	{ AT(recherche, limite), .kind = F_INT, .max = RECHERCHE_LIMITE,
	  .label = N_("Nombre de résultats") },
	{ AT(recherche, carte), .kind = F_CHOICE, .choices = recherche_carte,
	  .label = N_("Carte") },
	{ 0 },
};

static void stand_in(struct ici *out, const struct commune *c)
{
	out->commune = c;
	out->lat = c->lat;
	out->lon = c->lon;
	out->kind = isnan(c->lat) ? ICI_SANS_POSITION : ICI_TROUVE;
}

void ici_find(const struct repertoire *r, const struct recherche *q, bool code_first,
	      struct ici *out)
{
	const struct commune *c;

	*out = (struct ici){ .kind = ICI_RIEN };
	if (q->position.given) {
		out->kind = ICI_TROUVE;
		out->lat = q->position.lat;
		out->lon = q->position.lon;
		return;
	}
	if (!q->commune || !*q->commune)
		return;
	c = code_first ? repertoire_commune(r, q->commune) : NULL;
	if (c) {
		stand_in(out, c);
		return;
	}
	out->nmatches = commune_find(r, q->commune, out->matches, COMMUNE_MATCHES);
	if (!out->nmatches) {
		out->kind = ICI_INCONNU;
		return;
	}
	if (!commune_is_sure(out->matches, out->nmatches, q->commune)) {
		out->kind = ICI_PLUSIEURS;
		return;
	}
	stand_in(out, out->matches[0].commune);
	out->ancien = out->matches[0].ancien;
}

bool ici_found(const struct ici *ici, struct err *e)
{
	if (ici->kind == ICI_RIEN)
		return fail(e, E_INPUT, N_("Il manque « commune » ou « position »."));
	if (ici->kind == ICI_PLUSIEURS) {
		fail(e, E_INPUT, N_("Ce nom désigne plusieurs communes."));
		return hint(e, N_("Choisissez un code avec /api/v1/communes?q=…"));
	}
	if (ici->kind != ICI_TROUVE)
		return fail(e, E_MISSING, N_("Cette commune n’est pas connue."));
	return true;
}

struct lieu_filter recherche_filter(const struct recherche *q, const struct ici *ici)
{
	return (struct lieu_filter){
		.lat = ici->lat,
		.lon = ici->lon,
		.services = (uint32_t)q->service,
		.publics = (uint32_t)q->publics,
		.prises_en_charge = (uint32_t)q->prise_en_charge,
		.acces = (uint32_t)q->acces,
		.accompagnements = (uint32_t)q->accompagnement,
		.dispositifs = (uint32_t)q->label,
		.equipements = (uint32_t)q->equipement,
		.genre = q->genre >= 0 ? 1u << q->genre : 0,
		.gratuit = q->gratuit,
		.ouvert_le = q->ouvert,
		.max_metres = (double)q->rayon * 1000,
	};
}

bool recherche_is_filtered(const struct recherche *q)
{
	return q->service || q->publics || q->prise_en_charge || q->acces || q->accompagnement
	       || q->label || q->gratuit || q->equipement || q->genre >= 0
	       	|| q->ouvert.kind != MOMENT_NONE || q->rayon;
}

void recherche_drop(struct recherche *q, enum lieu_filter_part part)
{
	switch (part) {
	case PART_SERVICE:         q->service = 0; break;
	case PART_PUBLIC:          q->publics = 0; break;
	case PART_PRISE_EN_CHARGE: q->prise_en_charge = 0; break;
	case PART_GRATUIT:         q->gratuit = false; break;
	case PART_ACCES:           q->acces = 0; break;
	case PART_ACCOMPAGNEMENT:  q->accompagnement = 0; break;
	case PART_DISPOSITIF:      q->label = 0; break;
	case PART_EQUIPEMENT:      q->equipement = 0; break;
	case PART_GENRE:           q->genre = -1; break;
	case PART_OUVERT:          q->ouvert.kind = MOMENT_NONE; break;
	case PART_DISTANCE:        q->rayon = 0; break;
	case PART_NONE:            break;
	}
	q->debut = 0;
}
