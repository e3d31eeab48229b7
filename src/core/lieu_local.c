#include "core/lieu_local.h"

#include <string.h>

#include "core/lieu.h"

const struct choice lieu_equipements[] = {
	[EQUIPEMENT_WIFI] = { "wifi", N_("Wi-Fi"), "wifi" },
	[EQUIPEMENT_ORDINATEUR] = { "ordinateur", N_("Ordinateur en libre accès"), "ordinateur" },
	[EQUIPEMENT_IMPRESSION] = { "impression", N_("Imprimer"), "impression" },
	[EQUIPEMENT_NUMERISATION] = { "numerisation", N_("Numériser un papier"), "numerisation" },
	[EQUIPEMENT_RECHARGE] = { "recharge", N_("Recharger un téléphone"), "recharge" },
	[EQUIPEMENT_INTERPRETE] = { "interprete", N_("Interprète"), "interprete" },
	[EQUIPEMENT_LSF] = { "lsf", N_("Langue des signes (LSF) sur place"), "lsf" },
	[EQUIPEMENT_ATTENTE] = { "attente-wifi", N_("Salle d’attente avec Wi-Fi"), "attente-wifi" },
	{ 0 },
};

const struct choice lieu_genres[] = {
	[GENRE_MEDIATION] = { "mediation", N_("Aide pour le numérique"), "mediation" },
	[GENRE_SOCIAL] = { "social", N_("Premier accueil social"), "social" },
	{ 0 },
};

const char *const lieu_local_noms[LOCAUX] = { "local-equipements", "local-genre" };
const char *const lieu_local_colonnes[LOCAUX] = { "local_equipements", "local_genre" };

const struct choice *lieu_local_choix(enum lieu_local which)
{
	return which == LOCAL_GENRE ? lieu_genres : lieu_equipements;
}

/* Types of the national schema that are first social reception (code de l'action sociale et
 * des familles, L. 123-5 for the CCAS; arrêté du 10 mars 2023, "premier accueil social
 * inconditionnel de proximité", for the others). */
static const char *const social_types[] = { "CCAS", "CIAS", "CDAS", "CMS", "MDS", "DEPT", "ASE",
	"UDAF", "PIMMS", "ML", NULL };

static bool has_social_type(const char *list)
{
	while (*list) {
		size_t n = strcspn(list, "|");

		for (int i = 0; social_types[i]; i++) {
			if (strlen(social_types[i]) == n && !memcmp(list, social_types[i], n))
				return true;
		}
		list += n + (list[n] == '|');
	}
	return false;
}

uint32_t lieu_genre(const char *genre, const char *typologie, bool mediation)
{
	uint32_t said = choices_read(lieu_genres, genre, NULL);

	if (said)
		return said;
	if (!has_social_type(typologie))
		return 1u << GENRE_MEDIATION;
	return 1u << GENRE_SOCIAL | (mediation ? 1u << GENRE_MEDIATION : 0);
}
