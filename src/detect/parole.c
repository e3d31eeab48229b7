#include "detect/parole.h"

#include <string.h>

#include "base/date.h"
#include "core/agent.h"
#include "core/core.h"
#include "detect/catalogue.h"
#include "detect/paroles.htm.h"
#include "detect/questionnaire.htm.h"
#include "detect/recueil.h"
#include "detect/recueil.sql.h"

const struct choice parole_themes[] = {
	{ "bloque", N_("Ce qui bloque"), NULL }, { "marche", N_("Ce qui marche"), NULL },
	{ "faire", N_("Ce qu’il faudrait"), NULL },
	{ "voies", N_("Par quelles voies on fait ses démarches"), NULL },
	{ "aide", N_("Qui aide, et comment"), NULL }, { "apprendre", N_("Apprendre"), NULL },
	{ "equiper", N_("S’équiper, se connecter"), NULL }, { "autre", N_("Autre chose"), NULL },
	{ 0 },
};

static const char INSTRUMENT[] = "paroles_du_terrain";
#define CLE_MERCI "par.merci"

static const struct choice *theme_named(const char *slug)
{
	const struct choice *c = parole_themes;

	while (c->slug && strcmp(c->slug, slug) != 0)
		c++;
	return c->slug ? c : NULL;
}

/* --- reading what was written ------------------------------------------------------- */

static bool read_list(struct req *r, struct db *db, const struct instrument *in, const char *etat,
		      const struct parole_ligne **out, size_t *n, struct err *e)
{
	struct paroles_list_row *rows;
	struct parole_ligne *l;

	if (!paroles_list(db, r->a, etat, &rows, n, e))
		return false;
	l = NEW_ARRAY(r->a, *n + 1, struct parole_ligne);
	if (!l)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < *n; i++) {
		int item = instrument_item(in, rows[i].item);

		l[i] = (struct parole_ligne){ rows[i].id, rows[i].texte, rows[i].le,
			*rows[i].theme ? rows[i].theme : theme_named(rows[i].item)
			? rows[i].item : "autre",
			item < 0 ? rows[i].item : in->items[item].court };
	}
	*out = l;
	return true;
}

static bool open_paroles(struct req *r, struct paroles_view *v, bool unread, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct instrument *in;

	*v = (struct paroles_view){ .r = r };
	return db_acquire(r->core->store, &db, e)
		&& catalogue_current(db, r->a, INSTRUMENT, &in, e)
		&& read_list(r, db, in, "publiee", &v->publiees, &v->npubliees, e)
		&& (!unread || read_list(r, db, in, "a_lire", &v->a_lire, &v->na_lire, e));
}

static bool paroles_show(struct req *r, struct res *s, struct err *e)
{
	struct page page = page_for(r, N_("Paroles du terrain"));
	struct html h = page_html(r, s);
	struct paroles_view v;

	if (!open_paroles(r, &v, false, e))
		return false;
	v.page = &page;
	v.merci = session_get(r->session, CLE_MERCI) != NULL;
	if (v.merci)
		s->cache = CACHE_NO_STORE;
	paroles_page(&h, &v);
	return true;
}

/* --- writing ------------------------------------------------------------------------ */

static bool dire_write(struct req *r, struct res *s, const struct instrument *in,
		       const struct reponse *answers, const struct question_erreur *errors, int n,
		       struct err *e)
{
	struct questionnaire_view v = { .r = r, .a = r->a, .in = in, .erreurs = errors,
		.nerreurs = n };
	struct page page = page_for(r, N_("Dire ce que vous voyez"));
	struct html h = page_html(r, s);

	if (!questionnaire_items(&v, 0, answers))
		return arena_refuse(r->a, e);
	if (n)
		s->status = 400;
	page.error = n > 0;
	v.page = &page;
	v.action = "/paroles/dire";
	v.retour = "/paroles";
	v.envoi = tr(r->lang, N_("Envoyer, sans nom"));
	questionnaire_page(&h, &v);
	return true;
}

static bool find_instrument(struct req *r, const struct instrument **in, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct paroles_waiting_row waiting;

	if (!db_acquire(r->core->store, &db, e)
	    || !catalogue_current(db, r->a, INSTRUMENT, in, e)
	    || !paroles_waiting(db, r->a, &waiting, e))
		return false;
	if (waiting.nombre < PAROLES_ATTENTE)
		return true;
	fail(e, E_BUSY, "%s", N_("Beaucoup de paroles attendent déjà d’être lues."));
	return hint(e, "%s", N_("Revenez dans quelques jours : rien n’est perdu de ce qui est écrit."));
}

static bool dire_show(struct req *r, struct res *s, struct err *e)
{
	struct reponse none[INSTRUMENT_ITEMS + 1] = { 0 };
	const struct instrument *in;

	return find_instrument(r, &in, e) && dire_write(r, s, in, none, NULL, 0, e);
}

static bool says_something(const struct instrument *in, const struct reponse *r)
{
	for (int i = 0; i < in->nitems; i++) {
		if (in->items[i].type == ITEM_NOTE && r[i].etat == REPONDU)
			return true;
	}
	return false;
}

static int first_note(const struct instrument *in)
{
	int i = 0;

	while (i + 1 < in->nitems && in->items[i].type != ITEM_NOTE)
		i++;
	return i;
}

static bool dire_send(struct req *r, struct res *s, struct err *e)
{
	struct reponse answers[INSTRUMENT_ITEMS + 1] = { 0 };
	struct question_erreur errors[QUESTION_ERREURS];
	struct recueil k = { .reponses = answers, .commune = "", .mode = "ecran",
			     .provenance = "declare", .langue = r->lang->tag, .moment = "",
			     .groupe = "" };
	int n, note;

	if (!find_instrument(r, &k.in, e)
	    || !questionnaire_read(r, k.in, 0, answers, errors, &n, e))
		return false;
	note = first_note(k.in);
	if (!n && !says_something(k.in, answers))
		errors[n++] = (struct question_erreur){ note, k.in->items[note].id,
			tr(r->lang, N_("Écrivez au moins une réponse.")) };
	if (n)
		return dire_write(r, s, k.in, answers, errors, n, e);
	if (!recueil_keep(r->core->store, r->env, r->a, &k, e))
		return false;
	session_set(r->session, r->a, CLE_MERCI, "1");
	return res_see_other(s, "/paroles");
}

/* --- the coordinator ---------------------------------------------------------------- */

static bool agent_list_show(struct req *r, struct res *s, struct err *e)
{
	struct page page = page_for(r, N_("Paroles du terrain à relire"));
	struct html h = page_html(r, s);
	struct paroles_view v;

	if (!open_paroles(r, &v, true, e))
		return false;
	v.page = &page;
	paroles_agent(&h, &v);
	return true;
}

static bool agent_one_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct page page = page_for(r, N_("Relire une parole"));
	struct html h = page_html(r, s);
	struct parole_view v = { .page = &page, .r = r };
	const struct instrument *in;
	struct parole_get_row row;
	struct parole_ligne l;
	int item;

	if (!db_acquire(r->core->store, &db, e) || !parole_get(db, r->a, r->params[0], &row, e)
	    || !catalogue_version(db, r->a, row.instrument, row.version, &in, e))
		return false;
	item = instrument_item(in, row.item);
	l = (struct parole_ligne){ row.id, row.texte, row.le,
		*row.theme ? row.theme : theme_named(row.item) ? row.item : "autre",
		item < 0 ? row.item : in->items[item].texte };
	v.p = &l;
	v.etat = row.etat;
	parole_agent(&h, &v);
	return true;
}

struct reading {
	const char *id, *texte, *theme, *etat;
	char le[ISO_TEXT];
};

static bool read_job(struct tx *tx, void *arg, struct err *e)
{
	const struct reading *x = arg;
	int64_t changed;

	if (!parole_set(tx, x->id, x->texte, x->theme, x->etat, x->le, &changed, e))
		return false;
	return changed || fail(e, E_MISSING, "%s", N_("Cette parole n’existe plus : elle a été effacée."));
}

static bool agent_one_send(struct req *r, struct res *s, struct err *e)
{
	const char *texte = req_typed(r, "texte"), *theme = req_typed(r, "theme");
	const char *fait = req_typed(r, "fait");
	struct reading x = { .id = r->params[0], .texte = texte, .theme = theme, .etat = fait };

	if (!texte || !*texte || strlen(texte) > 4 * TEXTE_NOTE)
		return fail(e, E_INPUT, "%s", N_("Une parole n’est pas vide."));
	if (!theme || !theme_named(theme) || !fait
	    || (strcmp(fait, "publiee") != 0 && strcmp(fait, "ecartee") != 0))
		return fail(e, E_INPUT, "%s", N_("Cette action n’existe pas."));
	if (strcmp(fait, "ecartee") == 0)
		x.texte = "…";          /* what is set aside is not kept */
	iso_write(env_now(r->env), x.le);
	return store_write(r->core->store, read_job, &x, e) && res_see_other(s, "/agent/paroles");
}

const struct route parole_routes[] = {
	{ GET, "/paroles", paroles_show, CAN_PUBLIC, NULL, 0, N_("Paroles du terrain"), ROUTE_SLOW, NULL },
	{ GET, "/paroles/dire", dire_show, CAN_PUBLIC, NULL, 0, N_("Dire ce que vous voyez"),
	  ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ POST, "/paroles/dire", dire_send, CAN_PUBLIC, NULL, 0, N_("Envoyer une parole"),
	  ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/agent/paroles", agent_list_show, &can_coordinate, NULL, 0,
	  N_("Paroles du terrain à relire"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/agent/paroles/{id}", agent_one_show, &can_coordinate, NULL, 0,
	  N_("Relire une parole"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ POST, "/agent/paroles/{id}", agent_one_send, &can_coordinate, NULL, 0,
	  N_("Publier une parole"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ 0 },
};
