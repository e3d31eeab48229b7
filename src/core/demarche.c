#include "core/demarche.h"

#include <string.h>

const struct choice demarches[] = {
	{ "papiers", N_("Papiers - Citoyenneté - Élections"), NULL },
	{ "famille", N_("Famille - Scolarité"), NULL },
	{ "social", N_("Social - Santé"), NULL },
	{ "travail", N_("Travail - Formation"), NULL },
	{ "logement", N_("Logement"), NULL },
	{ "transports", N_("Transports - Mobilité"), NULL },
	{ "argent", N_("Argent - Impôts - Consommation"), NULL },
	{ "justice", N_("Justice"), NULL },
	{ "etranger", N_("Étranger - Europe"), NULL },
	{ "loisirs", N_("Loisirs - Sport - Culture"), NULL },
	{ NULL, NULL, NULL },
};

const char *const demarche_exemples[] = {
	N_("État civil, carte d’identité, passeport, élections"),
	N_("Allocations familiales, naissance, mariage, école"),
	N_("Assurance maladie, RSA, retraite, handicap"),
	N_("Recherche d’emploi, contrat, formation, démission"),
	N_("Aide au logement, logement social, énergie, fin de bail"),
	N_("Carte grise, permis de conduire, contrôle technique"),
	N_("Impôts, banque, assurance, surendettement"),
	N_("Aide juridictionnelle, plainte, casier judiciaire, saisie"),
	N_("Titre de séjour, nationalité, attestation d’accueil"),
	N_("Animaux, permis bateau, chasse, associations"),
};

const char *demarche_alerte(int demarche)
{
	/* Aidants Connect shows the same kind of notice (Banque de France) for `argent`. */
	if (demarche == DEMARCHE_ARGENT)
		return N_("Argent : ne payez rien, n’empruntez rien et ne demandez aucun code de banque à la "
			  "place de la personne. Elle tape ses codes elle-même, ou vous allez ensemble au "
			  "guichet. En cas de dettes, la Banque de France reçoit gratuitement.");
	if (demarche == DEMARCHE_JUSTICE)
		return N_("Justice : un délai passé ne se rattrape pas toujours, et un aidant ne donne pas de "
			  "conseil juridique. Proposez d’abord un point-justice (numéro 30 39, gratuit) ou "
			  "un avocat.");
	return NULL;
}

int demarche_named(const char *slug)
{
	int i = 0;

	while (demarches[i].slug && (!slug || strcmp(demarches[i].slug, slug) != 0))
		i++;
	return demarches[i].slug ? i : -1;
}
