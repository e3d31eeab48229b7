#include "accompany/histoire.h"

#include "accompany/histoire.sql.h"
#include "base/date.h"

const struct choice histoire_genres[] = {
	{ "avec", N_("Fait ensemble, côte à côte"), NULL },
	{ "acte", N_("Fait en votre nom"), NULL },
	{ "mandat-signe", N_("Vous avez donné une autorisation d’agir pour vous"), NULL },
	{ "mandat-refuse", N_("Vous avez refusé une autorisation"), NULL },
	{ "mandat-arrete", N_("Une autorisation a été arrêtée"), NULL },
	{ "mandat-fini", N_("Une autorisation est finie"), NULL },
	{ "lecture", N_("Un autre agent a lu votre dossier, et a dit pourquoi"), NULL },
	{ "desaccord", N_("Vous avez dit que vous n’étiez pas d’accord"), NULL },
	{ "connexion", N_("Un site a été ouvert en votre nom"), NULL },
	{ NULL, NULL, NULL },
};

bool histoire_put(struct tx *tx, const struct env *env, const struct ligne *l, struct err *e)
{
	char id[UUID_TEXT], now[ISO_TEXT];

	uuid_new(env, id);
	iso_write(env_now(env), now);
	return histoire_add(tx, id, l->usager, l->structure, l->agent, l->genre, l->demarche,
			    l->texte, l->objet, l->numero < 0 ? NULL : &l->numero, now, NULL, e);
}

bool histoire_list(struct db *db, struct arena *a, const char *usager, bool tout,
		   const char *suite, size_t most, struct histoire_ligne **out, size_t *n,
		   struct err *e)
{
	struct histoire_rows_row *r;

	if (!histoire_rows(db, a, usager, tout, suite ? suite : "g", (int64_t)most, &r, n, e))
		return false;
	*out = NEW_ARRAY(a, *n, struct histoire_ligne);
	if (!*out)
		return arena_refuse(a, e);
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = (struct histoire_ligne){ .id = r[i].id, .le = r[i].le,
			.genre = r[i].genre, .demarche = r[i].demarche, .texte = r[i].texte,
			.objet = r[i].objet, .structure = r[i].structure,
			.agent = r[i].prenom ? arena_cat(a, r[i].prenom, " ", r[i].nom,
			NULL) : NULL,
			.numero = r[i].numero_null ? -1 : r[i].numero, .masque = r[i].masque };
	return true;
}

bool histoire_mask(struct tx *tx, const char *usager, const char *id, bool masque, struct err *e)
{
	int64_t changed;

	if (!histoire_hide(tx, usager, id, masque, &changed, e))
		return false;
	return changed ? true : fail(e, E_MISSING, "%s", N_("Cette ligne n’existe pas."));
}
