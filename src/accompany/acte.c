#include "accompany/acte.h"

#include <string.h>

#include "accompany/acte.sql.h"
#include "accompany/histoire.h"
#include "base/date.h"
#include "core/journal.h"

const struct choice acte_resultats[] = {
	{ "fait", N_("C’est fait"), NULL },
	{ "attente", N_("C’est envoyé, il faut attendre"), NULL },
	{ "manque", N_("Il manque quelque chose pour finir"), NULL },
	{ "refuse", N_("Le site ou le service a refusé"), NULL },
	{ "panne", N_("Le site ne marchait pas"), NULL },
	{ NULL, NULL, NULL },
};

static bool ended(struct err *e, const char *what)
{
	fail(e, E_CONFLICT, "%s", what);
	return hint(e, "%s", N_("Rien n’a été enregistré, et rien ne doit être fait en son nom. Ce que vous "
				"aviez écrit est toujours là. Voyez avec la personne si elle veut signer de "
				"nouveau."));
}

static bool is_allowed(const struct acte_droit_row *d, const struct acte *x, const char *now,
		       struct err *e)
{
	if (!d->aide)
		return fail(e, E_DENIED, "%s", N_("Vous n’êtes pas aidant dans la structure de cette "
						  "autorisation."));
	if (!strcmp(d->etat, "arrete"))
		return ended(e, N_("Cette autorisation a été arrêtée."));
	if (!strcmp(d->etat, "fini") || (!strcmp(d->etat, "actif") && strcmp(d->expire_le, now) <= 0))
		return ended(e, N_("Cette autorisation est finie."));
	if (strcmp(d->etat, "actif") != 0)
		return ended(e, N_("Cette autorisation n’est pas signée."));
	if (!d->prevue)
		return ended(e, N_("La personne n’a pas autorisé cette démarche."));
	if (d->arretee_le)
		return ended(e, N_("La personne a arrêté l’autorisation pour cette démarche."));
	if (!d->nomme && !d->raison && !x->raison) {
		fail(e, E_DENIED, "%s", N_("Vous n’êtes pas nommé sur cette autorisation."));
		return hint(e, "%s", N_("Dites pourquoi vous agissez : la personne le lira."));
	}
	return true;
}

static bool find_right(struct db *db, const struct env *env, struct arena *a,
		       const struct acte *x, struct acte_droit_row *d, struct err *e)
{
	char now[ISO_TEXT];
	bool found;

	iso_write(env_now(env), now);
	if (!acte_droit(db, a, x->mandat, demarches[x->demarche].slug, x->agent, now, d, &found, e))
		return false;
	if (!found)
		return fail(e, E_MISSING, "%s", N_("Cette autorisation n’existe pas."));
	return is_allowed(d, x, now, e);
}

bool acte_allowed(struct db *db, const struct env *env, struct arena *a, const struct acte *x,
		  struct err *e)
{
	struct acte_droit_row d;

	return find_right(db, env, a, x, &d, e);
}

bool acte_record(struct tx *tx, const struct env *env, struct arena *a, const struct acte *x,
		 int64_t *numero, struct err *e)
{
	const char *slug = demarches[x->demarche].slug;
	struct acte_twice_row twice;
	struct acte_droit_row d;
	char now[ISO_TEXT];
	bool found;

	iso_write(env_now(env), now);
	if (!acte_twice(tx_db(tx), a, x->id, &twice, &found, e))
		return false;
	if (found && !strcmp(twice.agent_id, x->agent)) {
		*numero = twice.numero;
		return true;
	}
	return find_right(tx_db(tx), env, a, x, &d, e)
	       && journal_append(tx, env, &(struct journal_entry){
			.genre = x->site ? "federation.connexion" : "acte.fait",
			.structure = d.structure_id, .usager = d.usager_id, .acteur = x->agent,
			.objet = x->id, .mots = (struct journal_mot[]){
				{ "mandat", x->mandat }, { "demarche", slug }, { "fait", x->fait },
				{ "resultat", acte_resultats[x->resultat].slug },
				{ "reference", x->reference }, { "suite", x->suite },
				{ "documents", x->documents }, { "raison", x->raison },
				{ "site", x->site }, { 0 } } },
			numero, e)
	       && acte_put(tx, x->id, x->mandat, d.usager_id, x->agent, slug, x->fait,
			   acte_resultats[x->resultat].slug, x->reference, x->suite, x->documents,
			   x->raison, now, *numero, NULL, e)
	       && histoire_put(tx, env, &(struct ligne){ .usager = d.usager_id,
			.structure = d.structure_id, .agent = x->agent,
			.genre = x->site ? "connexion" : "acte",
			.demarche = slug, .texte = x->fait, .objet = x->id, .numero = *numero }, e);
}

static int resultat_named(const char *slug)
{
	int i = 0;

	while (acte_resultats[i].slug && strcmp(acte_resultats[i].slug, slug) != 0)
		i++;
	return acte_resultats[i].slug ? i : 0;
}

#define LIGNE(a, r) (struct acte_ligne){ .id = (r).id, .le = (r).le, .fait = (r).fait, \
	.reference = (r).reference, .suite = (r).suite, .documents = (r).documents, \
	.agent = arena_cat(a, (r).prenom, " ", (r).nom, NULL), .raison = (r).raison, \
	.demarche = demarche_named((r).demarche), .resultat = resultat_named((r).resultat), \
	.numero = (r).numero }

bool acte_list(struct db *db, struct arena *a, const char *mandat, struct acte_ligne **out,
	       size_t *n, struct err *e)
{
	struct acte_rows_row *r;

	if (!acte_rows(db, a, mandat, &r, n, e))
		return false;
	*out = NEW_ARRAY(a, *n, struct acte_ligne);
	if (!*out)
		return arena_refuse(a, e);
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = LIGNE(a, r[i]);
	return true;
}

bool acte_get(struct db *db, struct arena *a, const char *id, struct acte_ligne *out,
	      struct err *e)
{
	struct acte_one_row r;
	bool found;

	if (!acte_one(db, a, id, &r, &found, e))
		return false;
	if (!found)
		return fail(e, E_MISSING, "%s", N_("Cet acte n’existe pas."));
	*out = LIGNE(a, r);
	return true;
}
