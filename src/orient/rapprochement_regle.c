#include "orient/rapprochement_regle.h"

#include <math.h>

#include "orient/rapprochement_mots.h"

/* A name that is in the other; names nearly the same; 75 m with the curve of `proche`. */
static const double contained = 0.9, nearly = 0.9, next_door = 0.6;

/* One door of one commune. */
static bool one_door(const double m[MESURES])
{
	return m[MESURE_ADRESSE_EGALE] > 0 && !(m[MESURE_COMMUNE_DIFFERENTE] > 0);
}

/* Does one name say a kind more, so that it may be the guest of the other?  Not when both are
 * France services ("France services", "Agence postale - France services"); nor when what is
 * host to it gives its own name whole, and is no authority with a door for each of its
 * services ("Pimms", "France services Pimms"; but "CCAS", "France services du CCAS"). */
static bool may_be_guest(const struct vocabulaire *v, const struct traits *x,
			 const struct traits *y, const double m[MESURES])
{
	uint64_t both = x->genres & y->genres;

	if (!(m[MESURE_GENRE_EN_PLUS] > 0) || (m[MESURE_PIVOT_EGAL] > 0 && m[MESURE_NOM_EGAL] > 0))
		return false;
	if (both & vocabulaire_france_services(v))
		return !one_door(m) || m[MESURE_NOM_CONTENU] < contained;
	return (both & vocabulaire_autorites(v)) || m[MESURE_NOM] < nearly
	       || !(m[MESURE_ADRESSE_EGALE] + m[MESURE_ADRESSE_PRESQUE] > 0);
}

/* Only one name says what it is, and the other has words of its own: "Commune", "Réussite
 * éducative". */
static bool says_less(const double m[MESURES])
{
	return m[MESURE_GENRE_INCONNU] > 0 && m[MESURE_NOM_CONTENU] < contained;
}

bool regle_sure(const struct vocabulaire *v, const struct poids *p, const struct traits *x,
		const struct traits *y, const double m[MESURES], double score)
{
	bool no_name = !x->nom.n && !y->nom.n;

	if (m[MESURE_GENRE_DIFFERENT] > 0)
		return false;
	if (m[MESURE_PIVOT_EGAL] > 0 && m[MESURE_ADRESSE_EGALE] > 0
	    && (m[MESURE_NOM_EGAL] > 0 || no_name))
		return true;
	/* one list that has two rows says that they are two, unless it wrote one twice */
	if (m[MESURE_MEME_LISTE] > 0)
		return m[MESURE_NOM_EGAL] > 0 && one_door(m)
		       && !(m[MESURE_SIREN_DIFFERENT] + m[MESURE_SIREN_EGAL]
			    + m[MESURE_TELEPHONE_DIFFERENT] + m[MESURE_GENRE_EN_PLUS] > 0);
	if (may_be_guest(v, x, y, m) || says_less(m))
		return false;
	return score >= p->sur
	       || (m[MESURE_NOM_EGAL] > 0 && m[MESURE_GENRE_EGAL] + m[MESURE_DOMAINE_EGAL] > 0
		   && m[MESURE_PROCHE] > next_door
		   && !(m[MESURE_COMMUNE_DIFFERENTE] + m[MESURE_SIREN_DIFFERENT]
			+ m[MESURE_SIREN_EGAL] + m[MESURE_TELEPHONE_DIFFERENT] > 0));
}

double regle_score(const struct poids *p, const double m[MESURES])
{
	double score = poids_score(p, m);

	if (m[MESURE_GENRE_DIFFERENT] > 0 && m[MESURE_NOM] >= nearly && one_door(m))
		return fmax(score, p->doute);
	return score;
}
