#include "accompany/mandat_demo.h"

#include <string.h>

#include "accompany/acte.h"
#include "accompany/histoire.h"
#include "accompany/histoire.sql.h"
#include "accompany/mandat_demo.sql.h"
#include "base/date.h"
#include "core/journal.h"

static const char secret[] = "482913", told[] = "+33639980001";     /* a number kept for fiction */

struct seeding {
	const struct env *env;
	struct signer *signer;
	struct arena *a;
	struct demo_aidant_row who;
	struct usager u;
	char tag[BOX_TAG_TEXT];
};

static const struct { int demarche, resultat; const char *fait, *reference, *suite; } done[] = {
	{ 4, 1, "Demande d’aide au logement envoyée", "AL-2026-0077", "Réponse sous deux mois" },
	{ 2, 0, "Attestation de droits imprimée et remise", NULL, NULL },
};

static bool add_mandat(struct tx *tx, struct seeding *d, const char **out, struct err *e)
{
	struct mandat m = { .usager = d->u.id, .structure = d->who.structure_id,
		.demarches = 1u << 4 | 1u << 2, .duree = DUREE_MONTH,
		.agents = { d->who.agent_id }, .nagents = 1, .cree_par = d->who.agent_id };

	*out = NULL;
	if (!mandat_add(tx, d->env, d->a, &m, e))
		return false;
	*out = m.id;
	return mandat_sign(tx, d->env, d->a, &(struct signature){ .mandat = m.id,
			.agent = d->who.agent_id, .preuve = usager_preuves[PREUVE_SECRET] }, e);
}

static bool add_acts(struct tx *tx, struct seeding *d, const char *mandat, struct err *e)
{
	char id[UUID_TEXT];
	int64_t numero;

	for (size_t i = 0; i < sizeof done / sizeof *done; i++) {
		uuid_new(d->env, id);
		if (!acte_record(tx, d->env, d->a, &(struct acte){ .id = id, .mandat = mandat,
				.agent = d->who.agent_id, .demarche = done[i].demarche,
				.resultat = done[i].resultat, .fait = done[i].fait,
				.reference = done[i].reference, .suite = done[i].suite },
				&numero, e))
			return false;
	}
	return true;
}

static bool contest(struct tx *tx, struct seeding *d, struct err *e)
{
	struct histoire_ligne *h;
	const char *line = NULL;
	char id[UUID_TEXT], now[ISO_TEXT];
	int64_t numero;
	size_t n;

	uuid_new(d->env, id);
	iso_write(env_now(d->env), now);
	if (!histoire_list(tx_db(tx), d->a, d->u.id, true, NULL, 10, &h, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {        /* lines of one millisecond come in any order */
		if (h[i].texte && !strcmp(h[i].texte, done[1].fait))
			line = h[i].id;
	}
	return desaccord_put(tx, id, d->u.id, d->who.structure_id, line,
			     "Je voulais la garder sur mon téléphone, pas sur papier.", now, NULL, e)
	       && journal_append(tx, d->env, &(struct journal_entry){ .genre = "desaccord.ouvert",
			.structure = d->who.structure_id, .usager = d->u.id,
			.acteur = d->u.id, .objet = id }, &numero, e)
	       && histoire_put(tx, d->env, &(struct ligne){ .usager = d->u.id,
			.structure = d->who.structure_id, .genre = "desaccord", .objet = id,
			.numero = numero }, e);
}

/* The aidant has not come in yet: they work for the time of this job. */
static bool fill(struct tx *tx, void *arg, struct err *e)
{
	struct seeding *d = arg;
	const char *mandat, *agent = d->who.agent_id;

	return demo_agent_state(tx, agent, "actif", NULL, e)
	       && usager_add(tx, d->env, d->a, &d->u, agent, e)
	       && add_mandat(tx, d, &mandat, e) && add_acts(tx, d, mandat, e)
	       && contest(tx, d, e) && demo_agent_state(tx, agent, d->who.etat, NULL, e);
}

struct secreting {
	struct seeding *d;
	const char *tag;
};

static bool set_secret(struct tx *tx, void *arg, struct err *e)
{
	struct secreting *k = arg;

	return usager_secret_set(tx, k->d->env, k->d->u.id, k->tag, e);
}

bool mandat_demo(struct store *s, struct signer *signer, const struct env *env,
		 struct arena *a, struct demo_personne *out, struct err *e)
{
	struct seeding d = { .env = env, .signer = signer, .a = a };
	struct secreting k = { &d, d.tag };
	char shown[USAGER_NUMERO_SHOWN];
	bool found;

	*out = (struct demo_personne){ 0 };
	{
		CLEANUP(db_release) struct db *db = NULL;

		if (!db_acquire(s, &db, e) || !demo_aidant(db, a, &d.who, &found, e))
			return false;
	}
	if (!found)
		return true;
	d.u = (struct usager){ .structure = d.who.structure_id, .nom = "Fatou Diallo (fictive)",
		.telephone = told, .telephone_sur = true, .langue = "fr", .garde = GARDE_ESPACE };
	if (!store_write(s, fill, &d, e) || !usager_tag(signer, a, d.u.id, secret, d.tag, e)
	    || !store_write(s, set_secret, &k, e))
		return false;
	usager_numero_show(d.u.numero, shown);
	*out = (struct demo_personne){ d.u.nom, arena_str(a, shown), secret };
	return true;
}
