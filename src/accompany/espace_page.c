/* /mon-espace: the person's own way in, and what was done in their name. */
#include <string.h>

#include "accompany/espace.htm.h"
#include "accompany/mandat.htm.h"
#include "accompany/pages.h"
#include "base/date.h"
#include "core/journal.h"
#include "core/structure.h"
#include "web/message.h"
#include "web/session.h"

const struct field entrer_fields[] = {
	{ AT(entrer_in, numero), .kind = F_TEXT, .max = 20, .required = true,
	  .label = N_("Numéro de votre carte"), .hint = N_("Neuf chiffres : 123 456 789"),
	  .missing = N_("Écrivez le numéro de votre carte") },
	{ AT(entrer_in, code_secret), .kind = F_TEXT, .max = 12,
	  .label = N_("Votre code secret, ou un code de la carte") },
	{ 0 },
};
const struct field desaccord_fields[] = {
	{ AT(desaccord_in, ligne), .kind = F_TEXT, .max = 40, .label = N_("Ligne") },
	{ AT(desaccord_in, texte), .kind = F_TEXT, .max = 600, .label = N_("Avec vos mots"),
	  .hint = N_("Si vous voulez. Vous n’avez pas à dire pourquoi.") },
	{ 0 },
};
static const struct choice oui_non[] = {
	{ "oui", N_("Masquer"), NULL }, { "non", N_("Montrer de nouveau"), NULL }, { NULL, NULL, NULL },
};
const struct field masquer_fields[] = {
	{ AT(masquer_in, ligne), .kind = F_TEXT, .max = 40, .required = true,
		.label = N_("Ligne") },
	{ AT(masquer_in, masquer), .kind = F_CHOICE, .choices = oui_non, .required = true,
	  .label = N_("Masquer") },
	{ 0 },
};
static const struct choice a_imprimer[] = {
	{ "autorisations", N_("Mes autorisations"), NULL },
	{ "historique", N_("Ce qui a été fait"), NULL },
	{ NULL, NULL, NULL },
};
const struct field imprimer_fields[] = {
	{ AT(imprimer_in, choix), .kind = F_CHOICES, .choices = a_imprimer, .label = N_("Que voulez-vous imprimer ?"),
	  .hint = N_("Un papier peut être lu chez vous. Les lignes masquées n’y sont pas.") },
	{ 0 },
};

/* A page of somebody's own space: what every private page says, that nothing is kept, would
 * be false here. */
static struct page my_page(struct req *r, const char *title)
{
	struct page page = page_for(r, title);

	page.effacer = false;
	return page;
}

/* --- the way in -------------------------------------------------------------------------- */

static bool enter_show(struct req *r, struct res *s, struct err *e)
{
	struct page page = page_for(r, N_("Entrer dans mon espace"));
	struct html h = page_html(r, s);

	(void)e;
	entrer_page(&h, &page, r);
	return true;
}

static bool enter_get(struct req *r, struct res *s, struct err *e)
{
	r->nerrors = 0;                 /* the address of a card: nothing was typed yet */
	return enter_show(r, s, e);
}

/* The same words whether the card exists or not. */
static bool enter_wrong(struct req *r, struct res *s, struct err *e)
{
	req_refuse(r, entrer_fields, "code_secret", tr(r->lang, N_("Ce numéro et ce code ne vont pas ensemble.")));
	return enter_show(r, s, e);
}

static bool enter_post(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct entrer_in *in = r->in;
	char numero[USAGER_NUMERO];
	enum usager_preuve how = PREUVE_SECRET;
	struct err why = { 0 };
	struct usager u;
	bool found, right;

	if (in->numero && !usager_numero_read(in->numero, numero, &why))
		req_refuse(r, entrer_fields, "numero", tr(r->lang, why.msg));
	if (r->nerrors)
		return enter_show(r, s, e);
	if (!db_acquire(r->core->store, &db, e) || !usager_by_numero(db, r->a, numero, &u,
		&found, e))
		return false;
	db_release(&db);
	if (!found || u.garde != GARDE_ESPACE)
		return enter_wrong(r, s, e);
	if (!usager_prove(r->core, r->a, u.id, in->code_secret, &right, &how, e))
		return false;
	if (!right)
		return enter_wrong(r, s, e);
	return usager_enter(r, &u, how, e) && res_see_other(s, "/mon-espace");
}

static bool leave_post(struct req *r, struct res *s, struct err *e)
{
	if (!usager_leave(r, e))
		return false;
	session_end(r->session);
	s->clear_site_data = true;
	return res_see_other(s, "/mon-espace/entrer");
}

/* --- my space ----------------------------------------------------------------------------- */

static bool me(struct req *r, struct db *db, struct usager *u, struct err *e)
{
	bool found;

	if (!usager_of(r, db, u, NULL, &found, e))
		return false;
	return found ? true : fail(e, E_DENIED, "%s", N_("Votre espace est fermé. Entrez de nouveau."));
}

static bool mine(struct req *r, struct db *db, struct usager_view *v, bool tout, struct err *e)
{
	v->fait = fait_text(r);
	return me(r, db, &v->u, e) && usager_view_fill(r, db, v, NULL, tout, e);
}

static bool home_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct usager_view v = { .r = r };
	struct page page = my_page(r, N_("Mon espace"));
	struct html h = page_html(r, s);

	if (!db_acquire_steady(r->core->store, &db, e) || !mine(r, db, &v, false, e))
		return false;
	espace_page(&h, &page, &v);
	return true;
}

static bool history_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct usager_view v = { .r = r };
	struct page page = my_page(r, N_("Ce qui a été fait en mon nom"));
	struct html h = page_html(r, s);

	if (!db_acquire_steady(r->core->store, &db, e) || !mine(r, db, &v, true, e))
		return false;
	historique_page(&h, &page, &v);
	return true;
}

static bool my_mandat(struct req *r, struct db *db, struct mandat_view *v, struct err *e)
{
	struct usager u;
	char now[ISO_TEXT];

	iso_write(env_now(r->env), now);
	if (!me(r, db, &u, e) || !mandat_get(db, r->a, r->params[0], now, &v->m, e))
		return false;
	if (strcmp(v->m.usager, u.id) != 0)     /* somebody else's is as if it were not there */
		return fail(e, E_MISSING, "%s", N_("Cette autorisation n’existe pas."));
	v->moi = true;
	return mandat_view_fill(r, db, v, e);
}

static bool mandat_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct mandat_view v = { 0 };
	struct page page = my_page(r, N_("Une autorisation"));
	struct html h = page_html(r, s);

	if (!db_acquire_steady(r->core->store, &db, e) || !my_mandat(r, db, &v, e))
		return false;
	mon_mandat_page(&h, &page, &v);
	return true;
}

static bool paper_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct mandat_view v = { 0 };
	struct page page = my_page(r, N_("Attestation"));

	return db_acquire_steady(r->core->store, &db, e) && my_mandat(r, db, &v, e)
	       && attestation_send(r, s, db, &v, &page, e);
}

static bool pdf_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct mandat_view v = { 0 };

	return db_acquire(r->core->store, &db, e) && my_mandat(r, db, &v, e)
	       && attestation_pdf(r, s, &db, &v, e);
}

static bool proof_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct mandat_view v = { 0 };

	return db_acquire(r->core->store, &db, e) && my_mandat(r, db, &v, e)
	       && preuve_send(r, s, db, &v, e);
}

struct mine {
	struct req *r;
	const char *usager, *mandat, *preuve;
	int demarche;
	bool yes, sms;
};

static bool stop_job(struct tx *tx, void *arg, struct err *e)
{
	struct mine *m = arg;
	bool done;

	return mandat_stop(tx, m->r->env, m->r->a, m->mandat, m->demarche, m->usager, &done, e);
}

static bool stop_post(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct arreter_in *in = r->in;
	struct mandat_view v = { 0 };
	struct mine m = { .r = r, .demarche = in->demarche };

	if (!db_acquire(r->core->store, &db, e) || !my_mandat(r, db, &v, e))
		return false;
	db_release(&db);
	m.usager = v.u.id;
	m.mandat = v.m.id;
	return store_write(r->core->store, stop_job, &m, e)
	       && path_after(s, r->a, "/mon-espace/mandats/", v.m.id, "?fait=arrete");
}

static bool stop_all_job(struct tx *tx, void *arg, struct err *e)
{
	struct mine *m = arg;
	struct mandat *all;
	char now[ISO_TEXT];
	size_t n;
	bool done;

	iso_write(env_now(m->r->env), now);
	if (!mandat_list(tx_db(tx), m->r->a, m->usager, NULL, now, &all, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!mandat_stop(tx, m->r->env, m->r->a, all[i].id, -1, m->usager, &done, e))
			return false;
	}
	return true;
}

static bool stop_all_post(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct mine m = { .r = r };
	struct usager u;

	if (!db_acquire(r->core->store, &db, e) || !me(r, db, &u, e))
		return false;
	db_release(&db);
	m.usager = u.id;
	return store_write(r->core->store, stop_all_job, &m, e)
	       && res_see_other(s, "/mon-espace?fait=arrete");
}

/* --- saying yes or no in one's own space ------------------------------------------------- */

static bool answer_job(struct tx *tx, void *arg, struct err *e)
{
	struct mine *m = arg;
	bool begun;

	if (!m->yes)
		return mandat_refuse(tx, m->r->env, m->r->a, m->mandat, m->usager, e);
	if (m->sms)
		return consentement_prove(tx, m->r->env, m->r->a, m->mandat, m->preuve,
			NULL, &begun, e);
	return mandat_sign(tx, m->r->env, m->r->a, &(struct signature){ .mandat = m->mandat,
			.preuve = m->preuve }, e);
}

static bool answer_post(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct signer_in *in = r->in;
	struct mandat_view v = { 0 };
	struct mine m = { .r = r, .yes = req_typed(r, "non") == NULL };
	enum usager_preuve how = PREUVE_SECRET;
	bool right = false;

	if (!db_acquire(r->core->store, &db, e) || !my_mandat(r, db, &v, e))
		return false;
	db_release(&db);
	if (m.yes && !usager_prove(r->core, r->a, v.u.id, in->code_secret, &right, &how, e))
		return false;
	if (m.yes && !right) {
		req_refuse(r, signer_fields, "code_secret", tr(r->lang, N_("Ce code n’est pas le bon.")));
		return mandat_show(r, s, e);
	}
	m.usager = v.u.id;
	m.mandat = v.m.id;
	m.preuve = usager_preuves[how];
	m.sms = v.m.etat == MANDAT_DEMANDE;
	return store_write(r->core->store, answer_job, &m, e)
	       && path_after(s, r->a, "/mon-espace/mandats/", v.m.id,
			     m.yes ? m.sms ? "?fait=prouve" : "?fait=signe" : "?fait=refuse");
}

/* --- hiding, printing, disagreeing -------------------------------------------------------- */

struct masking {
	const char *usager, *ligne;
	bool masque;
};

static bool mask_job(struct tx *tx, void *arg, struct err *e)
{
	struct masking *m = arg;

	return histoire_mask(tx, m->usager, m->ligne, m->masque, e);
}

static bool mask_post(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct masquer_in *in = r->in;
	struct masking m = { .ligne = in->ligne, .masque = in->masquer == 0 };
	struct usager u;

	if (!in->ligne || in->masquer < 0)
		return fail(e, E_INPUT, "%s", N_("Cette ligne n’existe pas."));
	if (!db_acquire(r->core->store, &db, e) || !me(r, db, &u, e))
		return false;
	db_release(&db);
	m.usager = u.id;
	return store_write(r->core->store, mask_job, &m, e)
	       && res_see_other(s, "/mon-espace/historique?fait=masque");
}

static bool print_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct imprimer_in *in = r->in;
	struct usager_view v = { .r = r };
	struct imprimer_view p = { &v, in->choix & 1, in->choix & 2 };
	struct page page = my_page(r, N_("Imprimer"));
	struct html h = page_html(r, s);

	if (!db_acquire(r->core->store, &db, e) || !mine(r, db, &v, false, e))
		return false;
	imprimer_page(&h, &page, &p);
	return true;
}

static bool disagree_fill(struct req *r, struct db *db, struct desaccord_view *v,
			  struct usager_view *u, struct err *e)
{
	struct desaccord_of_usager_row *rows;
	struct mon_desaccord *d;
	const char *ligne = req_typed(r, "ligne");

	if (!mine(r, db, u, true, e) || !desaccord_of_usager(db, r->a, u->u.id, &rows, &v->n, e))
		return false;
	d = NEW_ARRAY(r->a, v->n, struct mon_desaccord);
	if (!d)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < v->n; i++)
		d[i] = (struct mon_desaccord){ rows[i], jour_text(r->a, r->lang, rows[i].le) };
	v->r = r;
	v->d = d;
	for (size_t i = 0; ligne && i < u->nh; i++) {
		if (!strcmp(u->h[i].l.id, ligne))
			v->l = &u->h[i];
	}
	return true;
}

static bool disagree_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct usager_view u = { .r = r };
	struct desaccord_view v = { 0 };
	struct page page = my_page(r, N_("Je ne suis pas d’accord"));
	struct html h = page_html(r, s);

	if (!db_acquire(r->core->store, &db, e) || !disagree_fill(r, db, &v, &u, e))
		return false;
	desaccord_page(&h, &page, &v);
	return true;
}

struct objecting {
	struct req *r;
	struct usager u;
	const struct desaccord_in *in;
};

static bool disagree_job(struct tx *tx, void *arg, struct err *e)
{
	struct objecting *o = arg;
	struct histoire_where_row w = { .structure_id = o->u.structure };
	const char *ligne = o->in->ligne && *o->in->ligne ? o->in->ligne : NULL;
	char id[UUID_TEXT], now[ISO_TEXT];
	bool found = true;
	int64_t numero;

	uuid_new(o->r->env, id);
	iso_write(env_now(o->r->env), now);
	if (ligne && !histoire_where(tx_db(tx), o->r->a, o->u.id, ligne, &w, &found, e))
		return false;
	if (!found)
		return fail(e, E_MISSING, "%s", N_("Cette ligne n’existe pas."));
	return desaccord_put(tx, id, o->u.id, w.structure_id, ligne, o->in->texte, now, NULL, e)
	       && journal_append(tx, o->r->env, &(struct journal_entry){ .genre = "desaccord.ouvert",
			.structure = w.structure_id, .usager = o->u.id, .acteur = o->u.id,
			.objet = id },
			&numero, e)
	       && histoire_put(tx, o->r->env, &(struct ligne){ .usager = o->u.id,
			.structure = w.structure_id, .genre = "desaccord", .objet = id,
			.numero = numero }, e);
}

static bool disagree_post(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct objecting o = { .r = r, .in = r->in };

	if (r->nerrors)
		return disagree_show(r, s, e);
	if (!db_acquire(r->core->store, &db, e) || !me(r, db, &o.u, e))
		return false;
	db_release(&db);
	return store_write(r->core->store, disagree_job, &o, e)
	       && res_see_other(s, "/mon-espace?fait=desaccord");
}

static bool lost_job(struct tx *tx, void *arg, struct err *e)
{
	struct mine *m = arg;

	return usager_card_lost(tx, m->r->env, m->usager, e);
}

static bool lost_post(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct mine m = { .r = r };
	struct usager u;

	if (!db_acquire(r->core->store, &db, e) || !me(r, db, &u, e))
		return false;
	db_release(&db);
	m.usager = u.id;
	return store_write(r->core->store, lost_job, &m, e) && leave_post(r, s, e);
}

static bool lost_show(struct req *r, struct res *s, struct err *e)
{
	struct page page = my_page(r, N_("Ma carte est perdue"));
	struct html h = page_html(r, s);

	(void)e;
	perdue_page(&h, &page, r);
	return true;
}

enum { HERE = ROUTE_SLOW | ROUTE_PRIVATE };
#define IN(fields, type) fields, sizeof(struct type)

const struct route espace_routes[] = {
	{ GET, "/mon-espace", home_show, &can_usager, IN(fait_in_fields, rien_in), N_("Mon espace"),
	  HERE, NULL },
	{ GET, "/mon-espace/entrer", enter_get, CAN_PUBLIC, IN(entrer_fields, entrer_in),
	  N_("Entrer dans mon espace"), HERE, NULL },
	{ POST, "/mon-espace/entrer", enter_post, CAN_PUBLIC, IN(entrer_fields, entrer_in),
	  N_("Entrer dans mon espace"), HERE, NULL },
	{ POST, "/mon-espace/sortir", leave_post, CAN_PUBLIC, NULL, 0, N_("Sortir de mon espace"),
	  HERE | ROUTE_FORGETS, NULL },
	{ GET, "/mon-espace/carte-perdue", lost_show, CAN_PUBLIC, NULL, 0, N_("Ma carte est perdue"),
	  HERE, NULL },
	{ POST, "/mon-espace/carte-perdue", lost_post, &can_usager, NULL, 0, N_("Ma carte est perdue"),
	  HERE, NULL },
	{ GET, "/mon-espace/historique", history_show, &can_usager, IN(fait_in_fields, rien_in),
	  N_("Ce qui a été fait en mon nom"), HERE, NULL },
	{ POST, "/mon-espace/historique", mask_post, &can_usager, IN(masquer_fields, masquer_in),
	  N_("Masquer une ligne"), HERE, NULL },
	{ GET, "/mon-espace/mandats/{id}", mandat_show, &can_usager, IN(fait_in_fields, rien_in),
	  N_("Une de mes autorisations"), HERE, NULL },
	{ POST, "/mon-espace/mandats/{id}", answer_post, &can_usager, IN(signer_fields, signer_in),
	  N_("Dire oui ou non à une autorisation"), HERE, NULL },
	{ POST, "/mon-espace/mandats/{id}/arreter", stop_post, &can_usager, IN(arreter_fields, arreter_in),
	  N_("Arrêter une autorisation"), HERE, NULL },
	{ GET, "/mon-espace/mandats/{id}/attestation", paper_show, &can_usager, NULL, 0,
	  N_("Attestation d’une autorisation"), HERE, NULL },
	{ GET, "/mon-espace/mandats/{id}/attestation/pdf", pdf_show, &can_usager, NULL, 0,
	  N_("Attestation d’une autorisation, en PDF"), HERE, NULL },
	{ GET, "/mon-espace/mandats/{id}/preuve/{numero}", proof_show, &can_usager, NULL, 0,
	  N_("Preuve d’un acte"), HERE, NULL },
	{ POST, "/mon-espace/tout-arreter", stop_all_post, &can_usager, NULL, 0,
	  N_("Tout arrêter"), HERE, NULL },
	{ GET, "/mon-espace/desaccord", disagree_show, &can_usager, IN(desaccord_fields, desaccord_in),
	  N_("Je ne suis pas d’accord"), HERE, NULL },
	{ POST, "/mon-espace/desaccord", disagree_post, &can_usager, IN(desaccord_fields, desaccord_in),
	  N_("Je ne suis pas d’accord"), HERE, NULL },
	{ GET, "/mon-espace/imprimer", print_show, &can_usager, IN(imprimer_fields, imprimer_in),
	  N_("Imprimer ce que je choisis"), HERE, NULL },
	{ 0 },
};
