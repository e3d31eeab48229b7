/* /agent/mandats: from the form to the signature, then acting, stopping, the attestation. */
#include <string.h>

#include "accompany/mandat.htm.h"
#include "accompany/pages.h"
#include "base/date.h"
#include "core/journal.h"
#include "core/structure.h"
#include "web/message.h"

const struct choice vu_seul[] = {
	{ "oui", N_("Oui, je l’ai reçue seule d’abord, et elle est d’accord"), NULL },
	{ "non", N_("Pas encore"), NULL },
	{ NULL, NULL, NULL },
};
static const struct choice oui_seulement[] = {
	{ "oui", N_("Oui"), NULL }, { NULL, NULL, NULL },
};

const struct field mandat_fields[] = {
	{ AT(mandat_in, demarches), .kind = F_CHOICES, .choices = demarches,
	  .label = N_("Pour quelle démarche ?"), .hint = N_("Une seule suffit le plus souvent. Rien n’est coché d’avance.") },
	{ AT(mandat_in, raison), .kind = F_CHOICE, .choices = mandat_raisons, .required = true,
	  .label = N_("Pourquoi à la place ?"), .missing = N_("Dites pourquoi vous ne le faites pas ensemble") },
	{ AT(mandat_in, duree), .kind = F_CHOICE, .choices = mandat_durees, .required = true,
	  .label = N_("Jusqu’à quand ?"), .hint = N_("Le plus court est le mieux : on peut toujours recommencer.") },
	{ AT(mandat_in, mode), .kind = F_CHOICE, .choices = mandat_modes, .required = true,
	  .label = N_("Comment dira-t-elle oui ?"), .missing = N_("Choisissez comment la personne dira oui") },
	{ AT(mandat_in, papier), .kind = F_CHOICE, .choices = mandat_papiers, .required = true,
	  .label = N_("Où va le papier ?"), .missing = N_("Demandez-lui où va le papier") },
	{ AT(mandat_in, protection), .kind = F_CHOICE, .choices = mandat_protections,
		.required = true,
	  .label = N_("Un juge a-t-il décidé d’une mesure de protection ?") },
	{ AT(mandat_in, protecteur), .kind = F_TEXT, .max = 120,
	  .label = N_("Qui assiste ou représente la personne"), .hint = N_("Comme sur la décision du juge.") },
	{ AT(mandat_in, proche), .kind = F_TEXT, .max = 80, .label = N_("Un proche ou un bénévole aidera avec vous"),
	  .hint = N_("Son nom. Jamais pour l’argent ni la justice, et si votre structure l’accepte.") },
	{ AT(mandat_in, seul), .kind = F_CHOICE, .choices = vu_seul,
	  .label = N_("Avez-vous d’abord reçu la personne seule ?") },
	{ AT(mandat_in, renouvelle), .kind = F_TEXT, .max = 40, .label = N_("Celle d’avant") },
	{ 0 },
};
const struct field signer_fields[] = {
	{ AT(signer_in, code_secret), .kind = F_TEXT, .max = 12, .label = N_("Votre code secret, ou un code de votre carte") },
	{ AT(signer_in, papier_signe), .kind = F_CHOICE, .choices = oui_seulement,
	  .label = N_("La personne a signé la feuille devant moi") },
	{ AT(signer_in, protecteur_signe), .kind = F_CHOICE, .choices = oui_seulement,
	  .label = N_("La personne qui assiste ou représente a signé la feuille devant moi") },
	{ 0 },
};
const struct field voix_fields[] = {
	{ AT(voix_in, second), .kind = F_TEXT, .max = 40, .required = true, .label = N_("Qui écoute avec vous"),
	  .missing = N_("Choisissez l’agent qui écoute") },
	{ AT(voix_in, code_secret), .kind = F_TEXT, .max = 12, .label = N_("Le code de sa carte, dit au téléphone"),
	  .hint = N_("Huit chiffres, barrés ensuite. Jamais son code secret.") },
	{ 0 },
};
const struct field arreter_fields[] = {
	{ AT(arreter_in, demarche), .kind = F_CHOICE, .choices = demarches,
		.label = N_("Démarche") },
	{ 0 },
};
const struct field raison_fields[] = {
	{ AT(raison_in, raison), .kind = F_TEXT, .max = 120, .required = true,
	  .label = N_("Pourquoi la lisez-vous ?"), .hint = N_("La personne le lira."),
	  .missing = N_("Dites pourquoi vous la lisez") },
	{ 0 },
};
const struct field agir_fields[] = {
	{ AT(agir_in, acte), .kind = F_TEXT, .max = 40, .required = true, .label = N_("Acte") },
	{ AT(agir_in, demarche), .kind = F_CHOICE, .choices = demarches, .required = true,
	  .label = N_("Démarche"), .missing = N_("Choisissez une démarche") },
	{ AT(agir_in, fait), .kind = F_TEXT, .max = ACTE_FAIT, .required = true,
	  .label = N_("Ce qui a été fait"), .hint = N_("En mots simples : la personne le lira."),
	  .missing = N_("Écrivez ce qui a été fait") },
	{ AT(agir_in, resultat), .kind = F_CHOICE, .choices = acte_resultats, .required = true,
	  .label = N_("Ce que cela a donné"), .missing = N_("Dites ce que cela a donné") },
	{ AT(agir_in, reference), .kind = F_TEXT, .max = ACTE_COURT, .label = N_("Référence donnée par le site"),
	  .hint = N_("De cette demande. Jamais un numéro d’allocataire ou de sécurité sociale.") },
	{ AT(agir_in, suite), .kind = F_TEXT, .max = ACTE_COURT, .label = N_("Et maintenant ?"),
	  .hint = N_("Ce qui vient ensuite, et quand.") },
	{ AT(agir_in, documents), .kind = F_TEXT, .max = ACTE_COURT, .label = N_("Documents envoyés"),
	  .hint = N_("Leur nom seulement : quittance de loyer d’octobre.") },
	{ AT(agir_in, raison), .kind = F_TEXT, .max = 120, .label = N_("Pourquoi vous, qui n’êtes pas nommé ?") },
	{ 0 },
};
const struct field limites_fields[] = {
	{ AT(limites_in, demarches), .kind = F_CHOICES, .choices = demarches,
	  .label = N_("Démarches que la structure accepte") },
	{ AT(limites_in, duree), .kind = F_CHOICE, .choices = mandat_durees, .required = true,
	  .label = N_("Durée la plus longue") },
	{ AT(limites_in, proche), .kind = F_CHOICE, .choices = vu_seul,
	  .label = N_("Un proche ou un bénévole peut aider, sans argent ni justice") },
	{ AT(limites_in, dpo), .kind = F_TEXT, .max = 254,
	  .label = N_("Adresse e-mail du délégué à la protection des données") },
	{ 0 },
};
const struct field reponse_fields[] = {
	{ AT(reponse_in, reponse), .kind = F_TEXT, .max = 600, .required = true,
	  .label = N_("Votre réponse, que la personne lira"), .missing = N_("Écrivez une réponse") },
	{ 0 },
};

/* --- reading one ------------------------------------------------------------------------- */

static bool fill_agents(struct req *r, struct db *db, struct mandat_view *v, struct err *e)
{
	struct mandat_agent_names_row *g;
	size_t n;

	v->agents = "";
	if (!mandat_agent_names(db, r->a, v->m.id, &g, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		v->agents = arena_cat(r->a, v->agents, i ? ", " : "", g[i].prenom, " ", g[i].nom,
				      NULL);
	return !r->a->spent || arena_refuse(r->a, e);
}

static bool fill_acts(struct req *r, struct db *db, struct mandat_view *v, struct err *e)
{
	struct acte_ligne *x;

	if (!acte_list(db, r->a, v->m.id, &x, &v->nactes, e))
		return false;
	v->actes = x;
	v->quand = NEW_ARRAY(r->a, v->nactes, const char *);
	if (!v->quand)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < v->nactes; i++)
		v->quand[i] = moment_text(r->a, r->lang, x[i].le);
	return true;
}

static bool fill_overlap(struct req *r, struct db *db, struct mandat_view *v, const char *now,
			 struct err *e)
{
	struct chevauche *c;

	if (v->m.etat != MANDAT_PREPARE && v->m.etat != MANDAT_DEMANDE)
		return true;
	if (!mandat_overlap(db, r->a, &v->m, now, &c, &v->navant, e))
		return false;
	v->avant = c;
	v->perd = NEW_ARRAY(r->a, v->navant, const char *);
	if (!v->perd)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < v->navant; i++)
		v->perd[i] = demarches_titres(r->a, r->lang, c[i].perd);
	return true;
}

bool mandat_view_fill(struct req *r, struct db *db, struct mandat_view *v, struct err *e)
{
	char now[ISO_TEXT], end[ISO_TEXT];

	v->r = r;
	v->fait = fait_text(r);
	v->base = arena_cat(r->a, v->moi ? "/mon-espace/mandats/" : "/agent/mandats/", v->m.id, NULL);
	iso_write(env_now(r->env), now);
	if (!fill_agents(r, db, v, e) || !usager_get(db, r->a, v->m.usager, &v->u, e)
	    || !fill_acts(r, db, v, e) || !fill_overlap(r, db, v, now, e)
	    || !consentement_of(db, r->a, v->m.id, &v->question, e)
	    || !journal_vue_read(r, db, &v->journal, e))
		return false;
	iso_write(mandat_end(env_now(r->env), v->m.duree), end);
	v->fin_iso = arena_str(r->a, end);
	v->fin_prevue = fin_text(r->a, r->lang, end);
	v->question_fin = moment_text(r->a, r->lang, v->question.expire_le);
	v->langue = lang_find(v->u.langue) ? lang_find(v->u.langue) : langs[0];
	v->vu = (struct mandat_vu){ v->m, demarches_titres(r->a, r->lang, v->m.ouvertes),
		demarches_titres(r->a, r->lang, v->m.demarches),
		fin_text(r->a, r->lang, v->m.expire_le), jour_text(r->a, r->lang, v->m.signe_le) };
	return true;
}

/* The mandat of the address, when this agent may read it; *wanted: a reason is missing. */
static bool readable(struct req *r, struct db *db, struct mandat *m, bool *wanted, struct err *e)
{
	char now[ISO_TEXT];

	iso_write(env_now(r->env), now);
	return mandat_get(db, r->a, r->params[0], now, m, e)
	       && mandat_may_read(db, r->a, m, req_agent(r), now, wanted, e);
}

/* The same for who sends a form: the connection is given back before anything is written. */
static bool asked(struct req *r, struct mandat *m, bool *wanted, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;

	return db_acquire(r->core->store, &db, e) && readable(r, db, m, wanted, e);
}

static bool reason_show(struct req *r, struct res *s, const char *id)
{
	struct page page = page_for(r, N_("Pourquoi lire cette autorisation ?"));
	struct html h = page_html(r, s);

	raison_page(&h, &page, r, id);
	return true;
}

static bool one_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct mandat_view v = { 0 };
	struct html h = page_html(r, s);
	struct page page;
	bool wanted;

	if (!db_acquire_steady(r->core->store, &db, e) || !readable(r, db, &v.m, &wanted, e))
		return false;
	if (wanted)
		return reason_show(r, s, v.m.id);
	if (!mandat_view_fill(r, db, &v, e))
		return false;
	if (v.m.etat == MANDAT_PREPARE || v.m.etat == MANDAT_DEMANDE) {
		struct agent *g;

		if (!mandat_agents_of(db, r->a, v.m.structure, &g, &v.naidants, e))
			return false;
		v.aidants = g;
	}
	page = page_for(r, N_("Autorisation d’agir"));
	mandat_page(&h, &page, &v);
	return true;
}

struct reading {
	struct req *r;
	const struct mandat *m;
};

static bool reason_job(struct tx *tx, void *arg, struct err *e)
{
	struct reading *d = arg;
	const struct raison_in *in = d->r->in;

	return mandat_read_for(tx, d->r->env, d->m, req_agent(d->r)->id, in->raison, e);
}

static bool reason_post(struct req *r, struct res *s, struct err *e)
{
	struct mandat m;
	struct reading d = { r, &m };
	bool wanted;

	if (!asked(r, &m, &wanted, e))
		return false;
	if (r->nerrors)
		return reason_show(r, s, m.id);
	return (!wanted || store_write(r->core->store, reason_job, &d, e))
	       && path_after(s, r->a, "/agent/mandats/", m.id, "?fait=lu");
}

/* --- a new one -------------------------------------------------------------------------- */

static bool form_show(struct req *r, struct res *s, const char *renouvelle, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct page page = page_for(r, N_("À la place : une autorisation d’agir"));
	struct html h = page_html(r, s);
	struct mandat_form_view v = { .r = r };
	struct agent *agents;
	char now[ISO_TEXT];
	struct mandat was;

	iso_write(env_now(r->env), now);
	if (!db_acquire(r->core->store, &db, e) || !usager_known(r, db, r->params[0], &v.u, e)
	    || !limites_of(db, r->a, req_agent(r)->ici->structure, &v.l, e)
	    || !mandat_agents_of(db, r->a, req_agent(r)->ici->structure, &agents, &v.nagents, e))
		return false;
	v.agents = agents;
	if (renouvelle && *renouvelle) {
		if (!mandat_get(db, r->a, renouvelle, now, &was, e))
			return false;
		v.avant = &was;
	}
	mandat_form_page(&h, &page, &v);
	return true;
}

static bool new_show(struct req *r, struct res *s, struct err *e)
{
	r->nerrors = 0;                 /* an address that is followed, nothing was typed */
	return form_show(r, s, ((const struct mandat_in *)r->in)->renouvelle, e);
}

struct adding {
	struct req *r;
	struct mandat m;
};

static bool add_job(struct tx *tx, void *arg, struct err *e)
{
	struct adding *n = arg;

	return mandat_add(tx, n->r->env, n->r->a, &n->m, e);
}

static void read_agents(struct req *r, struct mandat *m)
{
	for (size_t i = 0; i < r->form->n; i++) {
		const struct form_pair *p = &r->form->pairs[i];

		if (!strcmp(p->name, "agent") && m->nagents < MANDAT_AGENTS)
			m->agents[m->nagents++] = p->value;
	}
}

bool agent_ticked(const struct req *r, const char *id)
{
	for (size_t i = 0; r->form && i < r->form->n; i++) {
		const struct form_pair *p = &r->form->pairs[i];

		if (!strcmp(p->name, "agent") && !strcmp(p->value, id))
			return true;
	}
	return false;
}

static struct mandat typed(struct req *r, const struct usager *u)
{
	const struct mandat_in *in = r->in;
	struct mandat m = { .usager = u->id, .structure = req_agent(r)->ici->structure,
		.demarches = (unsigned)in->demarches, .duree = (enum mandat_duree)in->duree,
		.raison = in->raison, .mode = (enum mandat_mode)in->mode, .papier = in->papier,
		.protection = in->protection, .protecteur = in->protecteur, .proche = in->proche,
		.proche_sorte = in->proche != NULL, .renouvelle = in->renouvelle,
		.cree_par = req_agent(r)->id };

	read_agents(r, &m);
	return m;
}

static bool new_post(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct mandat_in *in = r->in;
	struct adding n = { .r = r };
	struct usager u;

	if (!db_acquire(r->core->store, &db, e) || !usager_known(r, db, r->params[0], &u, e))
		return false;
	db_release(&db);
	if (!in->demarches)
		req_refuse(r, mandat_fields, "demarches", tr(r->lang, N_("Cochez la démarche.")));
	if (in->proche && in->seul != 0)
		req_refuse(r, mandat_fields, "seul", tr(r->lang, N_("Recevez d’abord la personne seule : elle "
								    "doit pouvoir dire non sans que l’autre "
								    "le sache.")));
	if (r->nerrors)
		return form_show(r, s, in->renouvelle, e);
	n.m = typed(r, &u);
	if (store_write(r->core->store, add_job, &n, e))
		return path_after(s, r->a, "/agent/mandats/", n.m.id, "");
	if (e->kind != E_INPUT && e->kind != E_CONFLICT)
		return false;
	req_refuse(r, mandat_fields, "demarches", tr(r->lang, e->msg));
	return form_show(r, s, in->renouvelle, e);
}

/* --- signing on site: the person's page on the agent's screen ------------------------- */

static bool sign_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct mandat_view v = { 0 };
	struct page page = page_for(r, N_("Votre accord"));
	struct html h = page_html(r, s);
	bool wanted;

	if (!db_acquire_steady(r->core->store, &db, e) || !readable(r, db, &v.m, &wanted, e))
		return false;
	if (wanted)
		return reason_show(r, s, v.m.id);
	if (!mandat_view_fill(r, db, &v, e))
		return false;
	signer_page(&h, &page, &v);
	return true;
}

struct signing {
	struct req *r;
	struct signature s;
	bool sms, begun;
};

static bool sign_job(struct tx *tx, void *arg, struct err *e)
{
	struct signing *n = arg;

	if (n->sms)
		return consentement_prove(tx, n->r->env, n->r->a, n->s.mandat, n->s.preuve,
					  n->s.agent, &n->begun, e);
	n->begun = true;
	return mandat_sign(tx, n->r->env, n->r->a, &n->s, e);
}

/* What was typed or ticked proves that it is they; false with a sentence beside the field. */
static bool read_proof(struct req *r, const struct mandat *m, struct signature *g, bool *proved,
		       struct err *e)
{
	const struct signer_in *in = r->in;
	const struct protection_regle *p = &protection_regles[m->protection];
	enum usager_preuve how;

	*proved = false;
	if (m->mode == MODE_PAPIER || (p->represente && in->protecteur_signe == 0)) {
		*proved = in->papier_signe == 0 || p->represente;
		g->preuve = "papier";
		if (!*proved)
			req_refuse(r, signer_fields, "papier_signe", tr(r->lang, N_("La feuille n’est pas "
										     "signée.")));
		return true;
	}
	if (!usager_prove(r->core, r->a, m->usager, in->code_secret, proved, &how, e))
		return false;
	g->preuve = *proved ? usager_preuves[how] : NULL;
	if (!*proved)
		req_refuse(r, signer_fields, "code_secret", tr(r->lang, N_("Ce code n’est pas le bon.")));
	return true;
}

static bool sign_post(struct req *r, struct res *s, struct err *e)
{
	const struct signer_in *in = r->in;
	struct signing n = { .r = r };
	char now[ISO_TEXT];
	struct mandat m;
	bool wanted, proved;

	iso_write(env_now(r->env), now);
	if (!asked(r, &m, &wanted, e))
		return false;
	if (wanted)
		return reason_show(r, s, m.id);
	if (protection_regles[m.protection].second && in->protecteur_signe != 0)
		req_refuse(r, signer_fields, "protecteur_signe", tr(r->lang, N_("Il manque la deuxième "
										 "signature.")));
	if (r->nerrors)
		return sign_show(r, s, e);
	if (!read_proof(r, &m, &n.s, &proved, e))
		return false;
	if (!proved)
		return sign_show(r, s, e);
	n.s.mandat = m.id;
	n.s.agent = req_agent(r)->id;
	n.s.protecteur_le = in->protecteur_signe == 0 ? now : NULL;
	n.sms = m.mode == MODE_SMS && m.etat == MANDAT_DEMANDE;
	return store_write(r->core->store, sign_job, &n, e)
	       && path_after(s, r->a, "/agent/mandats/", m.id, n.begun ? "?fait=signe" : "?fait=prouve");
}

struct acting {
	struct req *r;
	const struct mandat *m;
	int demarche;
	const char *second;
	bool done;
};

static bool refuse_job(struct tx *tx, void *arg, struct err *e)
{
	struct acting *x = arg;

	return mandat_refuse(tx, x->r->env, x->r->a, x->m->id, req_agent(x->r)->id, e);
}

static bool refuse_post(struct req *r, struct res *s, struct err *e)
{
	struct mandat m;
	struct acting x = { .r = r, .m = &m };
	bool wanted;

	if (!asked(r, &m, &wanted, e))
		return false;
	if (wanted)
		return reason_show(r, s, m.id);
	return store_write(r->core->store, refuse_job, &x, e)
	       && path_after(s, r->a, "/agent/usagers/", m.usager, "?fait=refuse");
}

/* --- from afar ------------------------------------------------------------------------- */

static bool sms_job(struct tx *tx, void *arg, struct err *e)
{
	struct acting *x = arg;

	return consentement_ask(tx, x->r->core, x->r->a, x->m->id, req_agent(x->r)->id, e);
}

static bool sms_post(struct req *r, struct res *s, struct err *e)
{
	struct mandat m;
	struct acting x = { .r = r, .m = &m };
	bool wanted;

	if (!asked(r, &m, &wanted, e))
		return false;
	if (wanted)
		return reason_show(r, s, m.id);
	return store_write(r->core->store, sms_job, &x, e)
	       && path_after(s, r->a, "/agent/mandats/", m.id, "?fait=question");
}

static bool voice_job(struct tx *tx, void *arg, struct err *e)
{
	struct acting *x = arg;

	return consentement_voice(tx, x->r->env, x->r->a, x->m->id, req_agent(x->r)->id,
		x->second, e);
}

static bool voice_post(struct req *r, struct res *s, struct err *e)
{
	const struct voix_in *in = r->in;
	struct mandat m;
	struct acting x = { .r = r, .m = &m, .second = in->second };
	enum usager_preuve how = PREUVE_SECRET;
	bool wanted, right;

	if (!asked(r, &m, &wanted, e))
		return false;
	if (wanted)
		return reason_show(r, s, m.id);
	if (r->nerrors)
		return one_show(r, s, e);
	if (protection_regles[m.protection].second)
		return fail(e, E_CONFLICT, "%s", N_("Deux signatures sont nécessaires : cela se fait sur place."));
	if (in->code_secret && strspn(in->code_secret, "0123456789 ") == strlen(in->code_secret)
	    && !usager_prove(r->core, r->a, m.usager, in->code_secret, &right, &how, e))
		return false;
	if (how != PREUVE_CODE || !right) {
		req_refuse(r, voix_fields, "code_secret", tr(r->lang, N_("Ce code de carte n’est pas le bon.")));
		return one_show(r, s, e);
	}
	return store_write(r->core->store, voice_job, &x, e)
	       && path_after(s, r->a, "/agent/mandats/", m.id, "?fait=signe");
}

/* --- stopping --------------------------------------------------------------------------- */

static bool stop_job(struct tx *tx, void *arg, struct err *e)
{
	struct acting *x = arg;

	return mandat_stop(tx, x->r->env, x->r->a, x->m->id, x->demarche,
		req_agent(x->r)->id, &x->done, e);
}

static bool stop_post(struct req *r, struct res *s, struct err *e)
{
	const struct arreter_in *in = r->in;
	struct mandat m;
	struct acting x = { .r = r, .m = &m, .demarche = in->demarche };
	bool wanted;

	if (!asked(r, &m, &wanted, e))
		return false;
	return store_write(r->core->store, stop_job, &x, e)
	       && path_after(s, r->a, "/agent/mandats/", m.id, "?fait=arrete");
}

/* --- acting ------------------------------------------------------------------------------- */

static bool act_form(struct req *r, struct res *s, struct agir_view *v)
{
	struct page page = page_for(r, N_("Agir pour"));
	struct html h = page_html(r, s);
	const char *kept = req_typed(r, "acte");
	char id[UUID_TEXT];

	uuid_new(r->env, id);
	v->r = r;
	v->acte = kept && strlen(kept) == UUID_TEXT - 1 ? kept : arena_str(r->a, id);
	agir_page(&h, &page, v);
	return true;
}

static bool act_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct agir_view v = { 0 };

	if (!db_acquire_steady(r->core->store, &db, e) || !readable(r, db, &v.m, &v.raison, e)
	    || !usager_get(db, r->a, v.m.usager, &v.u, e))
		return false;
	if (v.m.etat != MANDAT_ACTIF) {
		fail(e, E_CONFLICT, "%s", N_("Cette autorisation n’est pas en cours."));
		return hint(e, "%s", N_("Voyez avec la personne si elle veut en signer une."));
	}
	return act_form(r, s, &v);
}

struct recording {
	struct req *r;
	struct acte x;
	int64_t numero;
};

static bool record_job(struct tx *tx, void *arg, struct err *e)
{
	struct recording *c = arg;

	return acte_record(tx, c->r->env, c->r->a, &c->x, &c->numero, e);
}

/* Nothing typed is lost: the same form again, with why. */
static bool act_refused(struct req *r, struct res *s, const struct err *why, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct agir_view v = { 0 };

	if (why) {
		v.refus = tr(r->lang, arena_str(r->a, why->msg));
		v.conseil = tr(r->lang, arena_str(r->a, why->hint));
		s->status = err_status(why->kind);
	}
	if (!db_acquire(r->core->store, &db, e) || !readable(r, db, &v.m, &v.raison, e)
	    || !usager_get(db, r->a, v.m.usager, &v.u, e))
		return false;
	return act_form(r, s, &v);
}

static bool act_post(struct req *r, struct res *s, struct err *e)
{
	const struct agir_in *in = r->in;
	struct recording c = { .r = r, .x = { .id = in->acte, .mandat = r->params[0],
		.agent = req_agent(r)->id, .demarche = in->demarche, .resultat = in->resultat,
		.fait = in->fait, .reference = in->reference, .suite = in->suite,
		.documents = in->documents, .raison = in->raison } };
	struct err why = { 0 };

	if (in->acte && strlen(in->acte) != UUID_TEXT - 1)
		return fail(e, E_INPUT, "%s", N_("Cette page n’est pas la bonne. Rouvrez « Agir pour »."));
	if (r->nerrors)
		return act_refused(r, s, NULL, e);
	if (store_write(r->core->store, record_job, &c, &why))
		return path_after(s, r->a, "/agent/mandats/", r->params[0], "?fait=acte");
	/* a full disk, too many at once: the same form, to be sent again */
	if (why.kind != E_CONFLICT && why.kind != E_STORE && why.kind != E_BUSY) {
		*e = why;
		return false;
	}
	return act_refused(r, s, &why, e);
}

/* --- the attestation and the proofs ------------------------------------------------------ */

/* The mandat that this agent may read; *shown: why was asked instead. */
static bool filled(struct req *r, struct res *s, struct db *db, struct mandat_view *v,
		   bool *shown, struct err *e)
{
	if (!readable(r, db, &v->m, shown, e))
		return false;
	return *shown ? reason_show(r, s, v->m.id) : mandat_view_fill(r, db, v, e);
}

static bool attestation_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct mandat_view v = { 0 };
	struct page page = page_for(r, N_("Attestation"));
	bool shown;

	if (!db_acquire(r->core->store, &db, e) || !filled(r, s, db, &v, &shown, e))
		return false;
	return shown || attestation_send(r, s, db, &v, &page, e);
}

static bool pdf_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct mandat_view v = { 0 };
	bool shown;

	if (!db_acquire(r->core->store, &db, e) || !filled(r, s, db, &v, &shown, e))
		return false;
	return shown || attestation_pdf(r, s, &db, &v, e);
}

static bool proof_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct mandat_view v = { 0 };
	bool shown;

	if (!db_acquire(r->core->store, &db, e) || !filled(r, s, db, &v, &shown, e))
		return false;
	return shown || preuve_send(r, s, db, &v, e);
}

/* --- limits and disagreements, for referents ------------------------------------------- */

static bool limits_page(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct page page = page_for(r, N_("Ce que la structure accepte"));
	struct html h = page_html(r, s);
	struct limites l;
	struct limites_in in;
	struct limites_view v = { .r = r, .in = &in };
	const char *fait = req_typed(r, "fait");

	if (!req_agent(r)->ici)
		return fail(e, E_DENIED, "%s", N_("Vous ne travaillez dans aucune structure active."));
	if (!db_acquire(r->core->store, &db, e)
	    || !limites_of(db, r->a, req_agent(r)->ici->structure, &l, e))
		return false;
	in = (struct limites_in){ l.demarches, (int)l.duree_max, l.proche ? 0 : 1, l.dpo };
	v.fait = fait && !r->nerrors ? tr(r->lang, N_("Les limites de la structure sont enregistrées.")) : NULL;
	limites_page(&h, &page, &v);
	return true;
}

static bool limits_job(struct tx *tx, void *arg, struct err *e)
{
	struct req *r = arg;
	const struct limites_in *in = r->in;
	struct limites l = { (unsigned)in->demarches, (enum mandat_duree)in->duree,
		in->proche == 0, in->dpo };

	return limites_set(tx, r->env, req_agent(r)->ici->structure, &l, req_agent(r)->id, e);
}

static bool limits_post(struct req *r, struct res *s, struct err *e)
{
	if (r->nerrors || !req_agent(r)->ici)
		return limits_page(r, s, e);
	return store_write(r->core->store, limits_job, r, e) && res_see_other(s, "/agent/limites?fait=oui");
}

static bool disagreements_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct page page = page_for(r, N_("Désaccords"));
	struct html h = page_html(r, s);
	struct desaccords_view v = { .r = r };
	struct desaccord_of_structure_row *rows = NULL;
	struct desaccord_vu *d;
	char shown[USAGER_NUMERO_SHOWN];

	if (!db_acquire(r->core->store, &db, e)
	    || (req_agent(r)->ici && !desaccord_of_structure(db, r->a, req_agent(r)->ici->structure,
							      &rows, &v.n, e)))
		return false;
	d = NEW_ARRAY(r->a, v.n, struct desaccord_vu);
	if (!d)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < v.n; i++) {
		usager_numero_show(rows[i].numero, shown);
		d[i] = (struct desaccord_vu){ rows[i], jour_text(r->a, r->lang, rows[i].le),
			jour_text(r->a, r->lang, rows[i].ligne_le), arena_str(r->a, shown) };
	}
	v.d = d;
	desaccords_page(&h, &page, &v);
	return true;
}

static bool answer_job(struct tx *tx, void *arg, struct err *e)
{
	struct req *r = arg;
	const struct reponse_in *in = r->in;
	struct desaccord_row_row d;
	char now[ISO_TEXT];
	bool found;
	int64_t changed;

	iso_write(env_now(r->env), now);
	if (!desaccord_row(tx_db(tx), r->a, r->params[0], &d, &found, e)
	    || !desaccord_answer(tx, r->params[0], req_agent(r)->ici->structure, in->reponse,
				 req_agent(r)->id, now, &changed, e))
		return false;
	if (!found || !changed)
		return fail(e, E_MISSING, "%s", N_("Ce désaccord n’attend pas de réponse ici."));
	return journal_append(tx, r->env, &(struct journal_entry){ .genre = "desaccord.repondu",
			.structure = d.structure_id, .usager = d.usager_id,
			.acteur = req_agent(r)->id,
			.objet = r->params[0] }, NULL, e);
}

static bool answer_post(struct req *r, struct res *s, struct err *e)
{
	if (!req_agent(r)->ici)
		return fail(e, E_DENIED, "%s", N_("Vous ne travaillez dans aucune structure active."));
	if (r->nerrors)
		return disagreements_show(r, s, e);
	return store_write(r->core->store, answer_job, r, e) && res_see_other(s, "/agent/desaccords");
}

enum { HERE = ROUTE_SLOW | ROUTE_PRIVATE };
#define IN(fields, type) fields, sizeof(struct type)

static const struct field new_fields[] = {
	{ AT(mandat_in, renouvelle), .kind = F_TEXT, .max = 40, .label = N_("Celle d’avant") },
	{ 0 },
};

const struct route mandat_routes[] = {
	{ GET, "/agent/usagers/{id}/mandat", new_show, &can_aidant, IN(new_fields, mandat_in),
	  N_("Préparer une autorisation d’agir"), HERE, NULL },
	{ POST, "/agent/usagers/{id}/mandat", new_post, &can_aidant, IN(mandat_fields, mandat_in),
	  N_("Préparer une autorisation d’agir"), HERE, NULL },
	{ GET, "/agent/mandats/{id}", one_show, &can_aidant, IN(fait_in_fields, rien_in),
	  N_("Une autorisation d’agir"), HERE, NULL },
	{ POST, "/agent/mandats/{id}/raison", reason_post, &can_aidant, IN(raison_fields, raison_in),
	  N_("Dire pourquoi on lit une autorisation"), HERE, NULL },
	{ GET, "/agent/mandats/{id}/signer", sign_show, &can_aidant, NULL, 0,
	  N_("La personne lit et donne son accord"), HERE, NULL },
	{ POST, "/agent/mandats/{id}/signer", sign_post, &can_aidant, IN(signer_fields, signer_in),
	  N_("La personne lit et donne son accord"), HERE, NULL },
	{ POST, "/agent/mandats/{id}/refuser", refuse_post, &can_aidant, NULL, 0,
	  N_("La personne refuse"), HERE, NULL },
	{ POST, "/agent/mandats/{id}/sms", sms_post, &can_aidant, NULL, 0,
	  N_("Demander l’accord par SMS"), HERE, NULL },
	{ POST, "/agent/mandats/{id}/voix", voice_post, &can_aidant, IN(voix_fields, voix_in),
	  N_("Noter un accord donné au téléphone"), HERE, NULL },
	{ POST, "/agent/mandats/{id}/arreter", stop_post, &can_aidant, IN(arreter_fields, arreter_in),
	  N_("Arrêter une autorisation"), HERE, NULL },
	{ GET, "/agent/mandats/{id}/agir", act_show, &can_aidant, NULL, 0, N_("Agir pour"), HERE, NULL },
	{ POST, "/agent/mandats/{id}/agir", act_post, &can_aidant, IN(agir_fields, agir_in),
	  N_("Agir pour"), HERE, NULL },
	{ GET, "/agent/mandats/{id}/attestation", attestation_show, &can_aidant, NULL, 0,
	  N_("Attestation d’une autorisation"), HERE, NULL },
	{ GET, "/agent/mandats/{id}/attestation/pdf", pdf_show, &can_aidant, NULL, 0,
	  N_("Attestation d’une autorisation, en PDF"), HERE, NULL },
	{ GET, "/agent/mandats/{id}/preuve/{numero}", proof_show, &can_aidant, NULL, 0,
	  N_("Preuve d’un acte"), HERE, NULL },
	{ GET, "/agent/limites", limits_page, &can_referent, NULL, 0,
	  N_("Ce que la structure accepte"), HERE, NULL },
	{ POST, "/agent/limites", limits_post, &can_referent, IN(limites_fields, limites_in),
	  N_("Ce que la structure accepte"), HERE, NULL },
	{ GET, "/agent/desaccords", disagreements_show, &can_referent, NULL, 0, N_("Désaccords"), HERE,
	  NULL },
	{ POST, "/agent/desaccords/{id}", answer_post, &can_referent, IN(reponse_fields, reponse_in),
	  N_("Répondre à un désaccord"), HERE, NULL },
	{ 0 },
};
