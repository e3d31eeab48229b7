#include "core/trace.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "core/journal.h"
#include "core/trace.sql.h"

const struct choice trace_actions[] = {
	[TRACE_INVITE] = { "invite", N_("Invitation"), NULL },
	[TRACE_ACTIVE] = { "active", N_("Première connexion : le compte est ouvert"), NULL },
	[TRACE_SUSPENDU] = { "suspendu", N_("Compte suspendu"), NULL },
	[TRACE_RETABLI] = { "retabli", N_("Compte rétabli"), NULL },
	[TRACE_PARTI] = { "parti", N_("Départ"), NULL },
	[TRACE_DEPLACE] = { "deplace", N_("Changement de structure d’attache"), NULL },
	[TRACE_ROLE_DONNE] = { "role-donne", N_("Rôle donné"), NULL },
	[TRACE_ROLE_RETIRE] = { "role-retire", N_("Rôle retiré"), NULL },
	[TRACE_CONNEXION] = { "connexion", N_("Connexion"), NULL },
	[TRACE_CONNEXION_REFUSEE] = { "connexion-refusee", N_("Connexion refusée"), NULL },
	[TRACE_COMPTE_BLOQUE] = { "compte-bloque", N_("Trop d’essais : compte bloqué un moment"), NULL },
	[TRACE_DECONNEXION] = { "deconnexion", N_("Déconnexion"), NULL },
	[TRACE_SESSION_FERMEE] = { "session-fermee", N_("Session fermée à distance"), NULL },
	[TRACE_PREUVE] = { "preuve", N_("Nouvelle preuve d’identité"), NULL },
	[TRACE_CHANGE_STRUCTURE] = { "change-structure", N_("Travail dans une autre structure"), NULL },
	[TRACE_MOT_DE_PASSE] = { "mot-de-passe", N_("Mot de passe changé"), NULL },
	[TRACE_COURRIEL] = { "courriel", N_("Adresse e-mail changée"), NULL },
	[TRACE_FACTEUR_AJOUTE] = { "facteur-ajoute", N_("Second facteur ajouté"), NULL },
	[TRACE_FACTEUR_RETIRE] = { "facteur-retire", N_("Second facteur retiré"), NULL },
	[TRACE_FACTEUR_DEBLOQUE] = { "facteur-debloque", N_("Second facteur débloqué"), NULL },
	[TRACE_CARTE_REMISE] = { "carte-remise", N_("Carte remise"), NULL },
	[TRACE_CARTE_PERDUE] = { "carte-perdue", N_("Carte perdue"), NULL },
	[TRACE_CARTES_IMPORTEES] = { "cartes-importees", N_("Cartes ajoutées au stock"), NULL },
	[TRACE_CODES_SECOURS] = { "codes-secours", N_("Codes de secours imprimés"), NULL },
	[TRACE_CODE_SECOURS_UTILISE] = { "code-secours-utilise", N_("Code de secours utilisé"), NULL },
	[TRACE_ACCES_REDONNE] = { "acces-redonne", N_("Accès redonné par un référent"), NULL },
	[TRACE_IDENTITE_LIEE] = { "identite-liee", N_("Identité extérieure liée (ProConnect…)"), NULL },
	[TRACE_IDENTITE_RETIREE] = { "identite-retiree", N_("Identité extérieure retirée"), NULL },
	[TRACE_STRUCTURE_CREE] = { "structure-creee", N_("Structure créée"), NULL },
	[TRACE_STRUCTURE_MODIFIEE] = { "structure-modifiee", N_("Structure modifiée"), NULL },
	[TRACE_STRUCTURE_SUSPENDUE] = { "structure-suspendue", N_("État de la structure changé"), NULL },
	[TRACE_REGLAGE] = { "reglage", N_("Réglage changé"), NULL },
	[TRACE_ACTIONS] = { NULL, NULL, NULL },
};

/* Each line is a leaf of the journal too: erased from here, it is still known that it was. */
static bool journal_trace(struct tx *tx, const struct env *env, const struct trace *t,
			  struct err *e)
{
	char genre[64];

	snprintf(genre, sizeof genre, "compte.%.50s", trace_actions[t->action].slug);
	return journal_append(tx, env, &(struct journal_entry){
		.genre = genre, .structure = t->structure, .acteur = t->agent, .objet = t->cible,
		.mots = (struct journal_mot[]){ { "quoi", t->objet }, { "session", t->session },
						{ 0 } } }, NULL, e);
}

bool trace_put(struct tx *tx, const struct env *env, const struct trace *t, struct err *e)
{
	char id[UUID_TEXT], le[ISO_TEXT];

	uuid_new(env, id);
	iso_write(env_now(env), le);
	return trace_add(tx, id, le, trace_actions[t->action].slug, t->agent, t->session,
			 t->cible, t->structure, t->objet, NULL, e)
	       && journal_trace(tx, env, t, e);
}

static enum trace_action action_of(const char *slug)
{
	int i = 0;

	while (i < TRACE_REGLAGE && strcmp(trace_actions[i].slug, slug))
		i++;
	return (enum trace_action)i;
}

static const char *name_of(struct arena *a, const char *prenom, const char *nom)
{
	return prenom ? arena_cat(a, prenom, " ", nom, NULL) : NULL;
}

/* The four queries have the same columns under four names. */
#define TAKE(rows) \
	for (size_t i = 0; i < *n; i++) \
		(*out)[i] = (struct trace_line){ \
			.id = (rows)[i].id, .le = (rows)[i].le, \
			.action = action_of((rows)[i].action), \
			.agent = name_of(a, (rows)[i].agent_prenom, (rows)[i].agent_nom), \
			.cible = name_of(a, (rows)[i].cible_prenom, (rows)[i].cible_nom), \
			.structure = (rows)[i].structure, .session = (rows)[i].session_id, \
			.objet = (rows)[i].objet }

bool trace_read(struct db *db, struct arena *a, const struct trace_ask *ask,
		struct trace_line **out, size_t *n, struct err *e)
{
	const char *since = ask->depuis ? ask->depuis : "";
	const char *before = ask->avant ? ask->avant : "9999";
	const char *after = ask->suite ? ask->suite : "~";
	int64_t most = (int64_t)ask->most;
	union {
		struct trace_lines_row *all;
		struct trace_lines_of_structure_row *of;
		struct trace_lines_of_account_row *account;
		struct trace_lines_of_account_in_row *in;
	} rows;

	if (!(ask->cible && ask->structure ?
	      trace_lines_of_account_in(db, a, ask->cible, ask->structure, since, before, after,
					most, &rows.in, n, e) :
	      ask->cible ?
	      trace_lines_of_account(db, a, ask->cible, since, before, after, most,
				     &rows.account, n, e) :
	      ask->structure ?
	      trace_lines_of_structure(db, a, ask->structure, since, before, after, most,
				       &rows.of, n, e) :
	      trace_lines(db, a, since, before, after, most, &rows.all, n, e)))
		return false;
	*out = NEW_ARRAY(a, *n, struct trace_line);
	if (!*out)
		return arena_refuse(a, e);
	if (ask->cible && ask->structure)
		TAKE(rows.in);
	else if (ask->cible)
		TAKE(rows.account);
	else if (ask->structure)
		TAKE(rows.of);
	else
		TAKE(rows.all);
	return true;
}
