#include "accompany/mandat.h"

#include <string.h>

#include "accompany/histoire.h"
#include "accompany/mandat.sql.h"
#include "base/date.h"
#include "core/agent.h"
#include "core/journal.h"
#include "crypto/sha256.h"

enum { DAY_MS = 24 * 3600 * 1000 };

/* --- reading --------------------------------------------------------------------------- */

static int slug_of(const struct choice *c, const char *slug)
{
	int i = 0;

	while (c[i].slug && strcmp(c[i].slug, slug) != 0)
		i++;
	return c[i].slug ? i : 0;
}

static bool read_parts(struct db *db, struct arena *a, struct mandat *m, struct err *e)
{
	struct autorisation_rows_row *au;
	struct mandat_agent_rows_row *g;
	size_t nau, ng;

	if (!autorisation_rows(db, a, m->id, &au, &nau, e)
	    || !mandat_agent_rows(db, a, m->id, &g, &ng, e))
		return false;
	for (size_t i = 0; i < nau; i++) {
		int d = demarche_named(au[i].demarche);

		if (d < 0)
			continue;
		m->demarches |= 1u << d;
		if (!au[i].arretee_le && m->etat == MANDAT_ACTIF)
			m->ouvertes |= 1u << d;
	}
	for (size_t i = 0; i < ng && m->nagents < MANDAT_AGENTS; i++)
		m->agents[m->nagents++] = g[i].agent_id;
	return true;
}

bool mandat_get(struct db *db, struct arena *a, const char *id, const char *now,
		struct mandat *out, struct err *e)
{
	struct mandat_row_row r;
	bool found;

	if (!mandat_row(db, a, id, &r, &found, e))
		return false;
	if (!found)
		return fail(e, E_MISSING, "%s", N_("Cette autorisation n’existe pas."));
	*out = (struct mandat){ .id = r.id, .usager = r.usager_id, .structure = r.structure_id,
		.structure_nom = r.structure_nom, .usager_nom = r.usager_nom ? r.usager_nom : "",
		.proche_sorte = !strcmp(r.sorte, "proche"), .proche = r.proche,
		.raison = slug_of(mandat_raisons, r.raison),
		.protection = slug_of(mandat_protections, r.protection),
		.protecteur = r.protecteur, .protecteur_le = r.protecteur_le,
		.papier = slug_of(mandat_papiers, r.papier),
		.duree = (enum mandat_duree)slug_of(mandat_durees, r.duree),
		.mode = (enum mandat_mode)slug_of(mandat_modes, r.mode),
		.etat = (enum mandat_etat)slug_of(mandat_etats, r.etat),
		.renouvelle = r.renouvelle, .cree_par = r.cree_par, .cree_le = r.cree_le,
		.signe_le = r.signe_le, .expire_le = r.expire_le, .arrete_le = r.arrete_le,
		.arrete_par = r.arrete_par, .numero = r.numero_null ? -1 : r.numero,
		.attestation = r.attestation };
	if (out->etat == MANDAT_ACTIF && strcmp(out->expire_le, now) <= 0)
		out->etat = MANDAT_FINI;
	return read_parts(db, a, out, e);
}

bool mandat_list(struct db *db, struct arena *a, const char *usager, const char *structure,
		 const char *now, struct mandat **out, size_t *n, struct err *e)
{
	struct mandat_ids_row *ids;
	size_t nids;

	*n = 0;
	if (!mandat_ids(db, a, usager, &ids, &nids, e))
		return false;
	*out = NEW_ARRAY(a, nids, struct mandat);
	if (!*out)
		return arena_refuse(a, e);
	for (size_t i = 0; i < nids; i++) {
		if (structure && strcmp(ids[i].structure_id, structure) != 0)
			continue;
		if (!mandat_get(db, a, ids[i].id, now, &(*out)[(*n)++], e))
			return false;
	}
	return true;
}

int64_t mandat_end(int64_t ms, enum mandat_duree d)
{
	struct civil c = zone_local(&zone_paris, ms);
	struct civil last = date_civil(date_days(c.year, c.month, c.day) + mandat_jours[d]);

	return zone_instant(&zone_paris, &last);
}

/* --- limits of a structure ---------------------------------------------------------- */

static unsigned bits_of(const char *slugs)
{
	unsigned bits = 0;

	for (int i = 0; i < DEMARCHES; i++) {
		if (strstr(slugs, demarches[i].slug))
			bits |= 1u << i;
	}
	return bits;
}

static const char *slugs_of(struct arena *a, unsigned bits)
{
	const char *out = "";

	for (int i = 0; i < DEMARCHES; i++) {
		if (bits >> i & 1)
			out = arena_cat(a, out, *out ? "|" : "", demarches[i].slug, NULL);
	}
	return out;
}

bool limites_of(struct db *db, struct arena *a, const char *structure, struct limites *out,
		struct err *e)
{
	struct limites_row_row r;
	bool found;

	*out = (struct limites){ (1u << DEMARCHES) - 1, DUREE_LONG, false, NULL };
	if (!limites_row(db, a, structure, &r, &found, e))
		return false;
	if (found)
		*out = (struct limites){ bits_of(r.demarches),
			(enum mandat_duree)slug_of(mandat_durees, r.duree_max), r.proche, r.dpo };
	return true;
}

bool limites_set(struct tx *tx, const struct env *env, const char *structure,
		 const struct limites *l, const char *agent, struct err *e)
{
	struct arena a = arena_new(16 << 10);
	const char *slugs = slugs_of(&a, l->demarches);
	char now[ISO_TEXT];
	bool ok;

	iso_write(env_now(env), now);
	ok = limites_put(tx, structure, slugs, mandat_durees[l->duree_max].slug, l->proche, l->dpo,
			 now, NULL, e)
	     && journal_append(tx, env, &(struct journal_entry){ .genre = "droit.limites",
			.structure = structure, .acteur = agent, .objet = structure,
			.mots = (struct journal_mot[]){ { "demarches", slugs },
				{ "duree", mandat_durees[l->duree_max].slug },
				{ "proche", l->proche ? "oui" : "non" }, { 0 } } }, NULL, e);
	arena_free(&a);
	return ok;
}

/* --- a new one -------------------------------------------------------------------------- */

static bool check_asked(const struct mandat *m, const struct limites *l, struct err *e)
{
	if (!m->demarches) {
		fail(e, E_INPUT, "%s", N_("Aucune démarche n’est choisie."));
		return hint(e, "%s", N_("Cochez la démarche d’aujourd’hui. Une seule suffit le plus souvent."));
	}
	if (m->demarches & ~l->demarches)
		return fail(e, E_INPUT, "%s", N_("Votre structure ne fait pas toutes ces démarches."));
	if (m->duree > l->duree_max)
		return fail(e, E_INPUT, "%s", N_("Votre structure n’accepte pas une durée aussi longue."));
	if (m->proche_sorte && !l->proche)
		return fail(e, E_INPUT, "%s", N_("Votre structure n’a pas ouvert les autorisations pour un "
						 "proche ou un bénévole."));
	if (m->proche_sorte && m->demarches & (1u << DEMARCHE_ARGENT | 1u << DEMARCHE_JUSTICE))
		return fail(e, E_INPUT, "%s", N_("Un proche ou un bénévole n’agit ni pour l’argent ni pour la "
						 "justice."));
	if (m->proche_sorte && !m->proche)
		return fail(e, E_INPUT, "%s", N_("Écrivez le nom du proche ou du bénévole."));
	if (protection_regles[m->protection].second && !m->protecteur)
		return fail(e, E_INPUT, "%s", N_("Écrivez qui assiste ou représente la personne, comme sur la "
						 "décision du juge."));
	return true;
}

static bool check_agents(struct db *db, struct arena *a, const struct mandat *m, struct err *e)
{
	struct agent_aide_row row;
	bool found;

	if (!m->nagents)
		return fail(e, E_INPUT, "%s", N_("Choisissez au moins un agent qui pourra agir."));
	for (int i = 0; i < m->nagents; i++) {
		if (!agent_aide(db, a, m->agents[i], m->structure, &row, &found, e))
			return false;
		if (!found)
			return fail(e, E_DENIED, "%s", N_("Cet agent n’est pas un aidant de votre structure."));
	}
	return true;
}

static bool check_renewed(struct db *db, struct arena *a, const struct env *env,
			  const struct mandat *m, struct err *e)
{
	char now[ISO_TEXT], since[ISO_TEXT];
	struct mandat was;
	const char *end;

	if (!m->renouvelle)
		return true;
	iso_write(env_now(env), now);
	iso_write(env_now(env) - (int64_t)MANDAT_RENOUVELLE_JOURS * DAY_MS, since);
	if (!mandat_get(db, a, m->renouvelle, now, &was, e))
		return false;
	end = was.etat == MANDAT_ARRETE ? was.arrete_le : was.expire_le;
	if (strcmp(was.usager, m->usager) != 0 || strcmp(was.structure, m->structure) != 0)
		return fail(e, E_DENIED, "%s", N_("Cette autorisation n’est pas de cette structure."));
	if (!end || strcmp(end, since) < 0) {
		fail(e, E_CONFLICT, "%s", N_("Cette autorisation est finie depuis plus d’un an."));
		return hint(e, "%s", N_("Préparez-en une nouvelle."));
	}
	return true;
}

bool mandat_add(struct tx *tx, const struct env *env, struct arena *a, struct mandat *m,
		struct err *e)
{
	char id[UUID_TEXT], now[ISO_TEXT];
	struct limites l;

	uuid_new(env, id);
	iso_write(env_now(env), now);
	m->id = arena_str(a, id);
	if (!limites_of(tx_db(tx), a, m->structure, &l, e) || !check_asked(m, &l, e)
	    || !check_agents(tx_db(tx), a, m, e) || !check_renewed(tx_db(tx), a, env, m, e)
	    || !mandat_put(tx, id, m->usager, m->structure, m->proche_sorte ? "proche" : "aidant",
			   m->proche, mandat_raisons[m->raison].slug, mandat_durees[m->duree].slug,
			   mandat_modes[m->mode].slug, mandat_protections[m->protection].slug,
			   m->protecteur, mandat_papiers[m->papier].slug, m->renouvelle,
			   m->cree_par,
			   now, NULL, e))
		return false;
	for (int i = 0; i < DEMARCHES; i++) {
		if (m->demarches >> i & 1 && !autorisation_put(tx, id, demarches[i].slug, NULL, e))
			return false;
	}
	for (int i = 0; i < m->nagents; i++) {
		if (!mandat_agent_put(tx, id, m->agents[i], now, NULL, e))
			return false;
	}
	return true;
}

/* --- what it replaces --------------------------------------------------------------- */

bool mandat_overlap(struct db *db, struct arena *a, const struct mandat *m, const char *now,
		    struct chevauche **out, size_t *n, struct err *e)
{
	struct mandat *all;
	size_t nall;

	*n = 0;
	if (!mandat_list(db, a, m->usager, m->structure, now, &all, &nall, e))
		return false;
	*out = NEW_ARRAY(a, nall, struct chevauche);
	if (!*out)
		return arena_refuse(a, e);
	for (size_t i = 0; i < nall; i++) {
		unsigned both = all[i].ouvertes & m->demarches;

		if (both && strcmp(all[i].id, m->id) != 0)
			(*out)[(*n)++] = (struct chevauche){ &all[i], both };
	}
	return true;
}

static bool replace(struct tx *tx, struct arena *a, const struct mandat *m, const char *now,
		    struct err *e)
{
	struct chevauche *c;
	size_t n;

	if (!mandat_overlap(tx_db(tx), a, m, now, &c, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		for (int d = 0; d < DEMARCHES; d++) {
			if (c[i].perd >> d & 1
			    && !autorisation_end(tx, c[i].avant->id, demarches[d].slug, now,
						 "remplacee", NULL, e))
				return false;
		}
		if (c[i].perd == c[i].avant->ouvertes
		    && !mandat_end_now(tx, c[i].avant->id, now, "remplacee", NULL, e))
			return false;
	}
	return true;
}

/* --- signing ------------------------------------------------------------------------- */

static bool may_sign(const struct mandat *m, const struct signature *s, struct err *e)
{
	const struct protection_regle *p = &protection_regles[m->protection];

	if (m->etat != MANDAT_PREPARE && m->etat != MANDAT_DEMANDE)
		return fail(e, E_CONFLICT, "%s", N_("Cette autorisation n’attend plus de signature."));
	if (p->second && !s->protecteur_le) {
		fail(e, E_DENIED, "%s", N_("Il manque la signature de la personne qui assiste ou représente."));
		return hint(e, "%s", p->source);
	}
	return true;
}

static const char *agents_text(struct arena *a, const struct mandat *m)
{
	const char *out = "";

	for (int i = 0; i < m->nagents; i++)
		out = arena_cat(a, out, i ? " " : "", m->agents[i], NULL);
	return out;
}

const char *attestation_text(struct arena *a, const struct mandat *m)
{
	return arena_cat(a, "tremplin/attestation/v1\nmandat ", m->id, "\npersonne ", m->usager,
			 "\nstructure ", m->structure, "\ndemarches ", slugs_of(a, m->demarches),
			 "\nagents ", agents_text(a, m), "\nsigne ", m->signe_le, "\nfin ",
			 m->expire_le, "\nprotection ", mandat_protections[m->protection].slug, "\n",
			 NULL);
}

bool mandat_sign(struct tx *tx, const struct env *env, struct arena *a,
		 const struct signature *s, struct err *e)
{
	char now[ISO_TEXT], end[ISO_TEXT], print[SHA256_HEX];
	const char *text;
	struct mandat m;
	int64_t numero, changed;

	iso_write(env_now(env), now);
	if (!mandat_get(tx_db(tx), a, s->mandat, now, &m, e) || !may_sign(&m, s, e)
	    || !check_agents(tx_db(tx), a, &m, e) || !replace(tx, a, &m, now, e))
		return false;
	iso_write(mandat_end(env_now(env), m.duree), end);
	m.signe_le = now;
	m.expire_le = end;
	text = attestation_text(a, &m);
	sha256_hex(text, strlen(text), print);
	if (!journal_append(tx, env, &(struct journal_entry){ .genre = "mandat.signe",
			.structure = m.structure, .usager = m.usager,
			.acteur = s->agent ? s->agent : m.usager, .objet = m.id,
			.mots = (struct journal_mot[]){
				{ "demarches", slugs_of(a, m.demarches) },
				{ "duree", mandat_durees[m.duree].slug }, { "expire", end },
				{ "agents", agents_text(a, &m) }, { "preuve", s->preuve },
				{ "protection", mandat_protections[m.protection].slug },
				{ "attestation", print }, { "remplace", m.renouvelle },
				{ 0 } } }, &numero, e)
	    || !mandat_begin(tx, m.id, now, end, numero, print, s->protecteur_le, &changed, e))
		return false;
	return histoire_put(tx, env, &(struct ligne){ .usager = m.usager, .structure = m.structure,
			.agent = s->agent, .genre = "mandat-signe",
			.texte = mandat_durees[m.duree].slug, .objet = m.id, .numero = numero }, e);
}

bool mandat_refuse(struct tx *tx, const struct env *env, struct arena *a, const char *id,
		   const char *qui, struct err *e)
{
	char now[ISO_TEXT];
	struct mandat m;
	int64_t changed, numero;

	iso_write(env_now(env), now);
	if (!mandat_get(tx_db(tx), a, id, now, &m, e)
	    || !mandat_close(tx, id, "refuse", now, "usager", &changed, e))
		return false;
	if (!changed)
		return fail(e, E_CONFLICT, "%s", N_("Cette autorisation n’attend plus de réponse."));
	return journal_append(tx, env, &(struct journal_entry){ .genre = "mandat.refuse",
			.structure = m.structure, .usager = m.usager, .acteur = qui, .objet = id },
			&numero, e)
	       && histoire_put(tx, env, &(struct ligne){ .usager = m.usager,
	       	.structure = m.structure,
			.genre = "mandat-refuse", .objet = id, .numero = numero }, e);
}

/* --- stopping ------------------------------------------------------------------------- */

static bool stop_one(struct tx *tx, const struct mandat *m, int demarche, const char *par,
		     const char *now, bool *done, struct err *e)
{
	int64_t changed = 0;

	if (demarche < 0 || m->ouvertes == 1u << demarche) {
		if (!mandat_end_now(tx, m->id, now, par, &changed, e))
			return false;
		for (int d = 0; d < DEMARCHES; d++) {
			if (m->ouvertes >> d & 1
			    && !autorisation_end(tx, m->id, demarches[d].slug, now, par, NULL, e))
				return false;
		}
	} else if (!autorisation_end(tx, m->id, demarches[demarche].slug, now, par, &changed, e)) {
		return false;
	}
	*done = changed > 0;
	return true;
}

bool mandat_stop(struct tx *tx, const struct env *env, struct arena *a, const char *id,
		 int demarche, const char *par, bool *done, struct err *e)
{
	char now[ISO_TEXT];
	struct mandat m;
	int64_t numero;

	*done = false;
	iso_write(env_now(env), now);
	if (!mandat_get(tx_db(tx), a, id, now, &m, e))
		return false;
	if (m.etat != MANDAT_ACTIF || (demarche >= 0 && !(m.ouvertes >> demarche & 1)))
		return true;
	if (!stop_one(tx, &m, demarche, par, now, done, e) || !*done)
		return e->kind == E_OK;
	return journal_append(tx, env, &(struct journal_entry){ .genre = "mandat.arrete",
			.structure = m.structure, .usager = m.usager, .acteur = par, .objet = id,
			.mots = (struct journal_mot[]){
				{ "demarche", demarche < 0 ? NULL : demarches[demarche].slug },
				{ 0 } } }, &numero, e)
	       && histoire_put(tx, env, &(struct ligne){ .usager = m.usager,
	       	.structure = m.structure,
			.agent = strcmp(par, m.usager) ? par : NULL, .genre = "mandat-arrete",
			.demarche = demarche < 0 ? NULL : demarches[demarche].slug, .objet = id,
			.numero = numero }, e);
}

/* --- who may read ------------------------------------------------------------------------ */

bool mandat_may_read(struct db *db, struct arena *a, const struct mandat *m,
		     const struct agent *g, const char *now, bool *reason_wanted, struct err *e)
{
	struct lecture_row_row row;
	bool found;

	*reason_wanted = false;
	if (!g->ici || strcmp(g->ici->structure, m->structure) != 0
	    || !(g->ici->roles & ROLE_AIDANT)) {
		fail(e, E_DENIED, "%s", N_("Cette autorisation n’est pas de la structure où vous travaillez."));
		return hint(e, "%s", N_("Seuls les aidants nommés dessus la lisent."));
	}
	for (int i = 0; i < m->nagents; i++) {
		if (!strcmp(m->agents[i], g->id))
			return true;
	}
	if (!lecture_row(db, a, m->id, g->id, now, &row, &found, e))
		return false;
	*reason_wanted = !found;
	return true;
}

bool mandat_read_for(struct tx *tx, const struct env *env, const struct mandat *m,
		     const char *agent, const char *raison, struct err *e)
{
	char now[ISO_TEXT], end[ISO_TEXT];
	int64_t numero;

	iso_write(env_now(env), now);
	iso_write(env_now(env) + DAY_MS, end);
	return lecture_put(tx, m->id, agent, raison, now, end, NULL, e)
	       && journal_append(tx, env, &(struct journal_entry){ .genre = "droit.lecture",
			.structure = m->structure, .usager = m->usager, .acteur = agent,
			.objet = m->id, .mots = (struct journal_mot[]){ { "raison",
			raison }, { 0 } } },
			&numero, e)
	       && histoire_put(tx, env, &(struct ligne){ .usager = m->usager,
			.structure = m->structure, .agent = agent, .genre = "lecture",
			.texte = raison, .objet = m->id, .numero = numero }, e);
}

bool mandat_agents_of(struct db *db, struct arena *a, const char *structure, struct agent **out,
		      size_t *n, struct err *e)
{
	struct agent *all;
	size_t nall;

	*n = 0;
	if (!agent_list(db, a, structure, &all, &nall, e))
		return false;
	*out = all;
	for (size_t i = 0; i < nall; i++) {
		const struct agent_place *p = agent_place(&all[i], structure);

		if (p && p->roles & ROLE_AIDANT && all[i].etat == AGENT_ACTIF)
			all[(*n)++] = all[i];
	}
	return true;
}
