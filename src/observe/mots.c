#include "observe/mots.h"

#include "observe/chiffre.h"
#include "web/message.h"

const char *mots_echelle(struct arena *a, const struct lang *l, const struct methode *m)
{
	/* 0 to 1 000 would say that 100 is little: it is the mean of the country */
	if (m->n && m->indicateurs[0].norme.type == NORME_RAPPORT)
		return tr(l, N_("où 100 est la moyenne de la France"));
	return message(a, l, N_("de %1 à %2"), chiffre(a, l, m->echelle[0], 2),
		       chiffre(a, l, m->echelle[1], 2));
}

const char *mots_lecture(const struct lang *l, const struct methode *m)
{
	return tr(l, m->haut_risque
		  ? N_("Plus la note est haute, plus il y a d’obstacles autour des habitants.")
		  : N_("Plus la note est haute, plus de choses sont en place autour des habitants."));
}

const char *mots_niveau(const struct lang *l, enum niveau niveau)
{
	static const char *const words[NIVEAUX] = { N_("IRIS"), N_("communes"),
		N_("regroupements de communes"), N_("départements"), N_("régions"), N_("pays") };

	return tr(l, words[niveau]);
}

const char *mots_rang(struct arena *a, const struct lang *l, const struct indice_resultat *r,
		      size_t i)
{
	const char *among = chiffre_entier(a, l, (int64_t)r->classes), *low, *high;

	if (!r->rangs[i] || r->classes < 2)
		return "";
	if (!r->haut || !r->haut[i])
		return message(a, l, N_("Rang %1 sur %2."), chiffre_entier(a, l, r->rangs[i]), among);
	low = chiffre_entier(a, l, r->bas[i]);
	high = chiffre_entier(a, l, r->haut[i]);
	if (r->bas[i] == r->haut[i])
		return message(a, l, N_("Rang %1 sur %2, quels que soient les poids."), low, among);
	return message(a, l, N_("Quelque part entre le rang %1 et le rang %2, sur %3 : cela dépend "
		"des poids que l’on donne et de la façon de compter."), low, high, among);
}
