#include "admit/envoi_page.h"

#include <string.h>

#include "admit/courriel.h"
#include "admit/envois.htm.h"
#include "base/utf8.h"
#include "core/agent.h"
#include "core/core.h"
#include "store/envoi_reglages.h"
#include "store/telephone.h"
#include "web/message.h"
#include "web/page.h"
#include "web/query.h"

enum { PER_PAGE = 30, DAYS = 30, DAY_MS = 24 * 3600 * 1000 };

const struct choice envoi_etat_choix[] = {
	[ENVOI_ATTENTE] = { "attente", N_("En attente"), NULL },
	[ENVOI_EN_COURS] = { "en_cours", N_("En cours"), NULL },
	[ENVOI_PARTI] = { "parti", N_("Parti"), NULL },
	[ENVOI_REMIS] = { "remis", N_("Arrivé"), NULL },
	[ENVOI_NON_REMIS] = { "non_remis", N_("Non remis"), NULL },
	[ENVOI_REFUSE] = { "refuse", N_("Refusé"), NULL },
	[ENVOI_PERIME] = { "perime", N_("Trop tard"), NULL },
	[ENVOI_ANNULE] = { "annule", N_("Annulé"), NULL },
	[ENVOI_ETATS] = { NULL, NULL, NULL },
};

const struct choice envoi_canal_choix[] = {
	[ENVOI_SMS] = { "sms", N_("SMS"), NULL },
	[ENVOI_COURRIEL] = { "courriel", N_("E-mail"), NULL },
	{ NULL, NULL, NULL },
};

const struct field envois_fields[] = {
	{ AT(envois_entree, etat), .kind = F_CHOICE, .choices = envoi_etat_choix,
	  .label = N_("État") },
	{ AT(envois_entree, canal), .kind = F_CHOICE, .choices = envoi_canal_choix,
	  .label = N_("Par où") },
	{ AT(envois_entree, suite), .kind = F_TEXT, .max = 40, .label = N_("Suite") },
	{ 0 },
};

const struct field essai_fields[] = {
	{ AT(essai_entree, a), .kind = F_TEXT, .max = 254, .required = true,
	  .label = N_("Numéro de mobile ou adresse e-mail"),
	  .hint = N_("Le vôtre : 06 12 34 56 78, ou prenom.nom@exemple.fr. Le message dit seulement "
		     "que tout fonctionne."),
	  .missing = N_("Écrivez un numéro de mobile ou une adresse e-mail.") },
	{ 0 },
};

static int index_of(const struct choice *c, const char *slug)
{
	int i = 0;

	while (c[i].slug && strcmp(c[i].slug, slug))
		i++;
	return c[i].slug ? i : 0;
}

static bool is_admin(const struct req *r)
{
	return agent_roles_here(req_agent(r)) & ROLE_ADMIN;
}

static const struct zone *zone_of(const struct req *r)
{
	return r->core->envoi ? r->core->envoi->zone : &zone_paris;
}

/* Day and hour of the territory. */
static void put_time(struct req *r, const char *iso, const char **day, const char **hour)
{
	static const struct zone utc = { "UTC", 0, DST_NONE };
	struct civil c;
	char text[I18N_TEXT];

	*day = *hour = "";
	if (!iso_read(iso, &c))
		return;
	c = zone_local(zone_of(r), zone_instant(&utc, &c));
	*day = arena_str(r->a, date_long(r->lang, &c, text));
	*hour = arena_str(r->a, time_short(r->lang, c.hour * 60 + c.minute, text));
}

/* Enough to recognise one's own; those who read this page never see whom it went to. */
static const char *masked(struct req *r, const char *to)
{
	char text[48];
	const char *at;

	if (!to)
		return tr(r->lang, N_("oublié depuis"));
	at = strchr(to, '@');
	return at ? arena_printf(r->a, "%.1s…%s", to, at)
		: arena_str(r->a, telephone_masked(to, text));
}

static const char *genre_of(struct req *r, const char *slug)
{
	const struct envoi_modele *k = envoi_modele_find(slug);

	return k ? tr(r->lang, k->nom) : slug;
}

/* --- the list ---------------------------------------------------------------------------- */

static const char *host_part(struct req *r, const char *url)
{
	const char *p = strstr(url, "//");

	p = p ? p + 2 : url;
	return arena_strn(r->a, p, strcspn(p, ":/"));
}

/* How messages leave, in a word; NULL when they do not. */
static const char *way_words(struct req *r, const struct envoi_reglages *k, int canal)
{
	enum envoi_voie way = canal == ENVOI_SMS ? k->sms : k->courriel;

	switch (way) {
	case VOIE_SERVEUR:
		return canal == ENVOI_SMS ? passerelle_title(k->passerelle)
			: host_part(r, k->smtp.url);
	case VOIE_DOSSIER:
		return tr(r->lang, N_("Dans un dossier, rien ne part"));
	case VOIE_JOURNAL:
		return tr(r->lang, N_("Une ligne dans le journal, rien ne part"));
	default:
		return NULL;
	}
}

static void count(struct voie_shown v[2], const struct envoi_days_row *d, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct voie_shown *k = &v[index_of(envoi_canal_choix, d[i].canal)];

		switch (index_of(envoi_etat_choix, d[i].etat)) {
		case ENVOI_PARTI:
			k->partis += d[i].nombre;
			k->segments += d[i].segments;
			break;
		case ENVOI_REMIS:
			k->remis += d[i].nombre;
			break;
		case ENVOI_NON_REMIS:
		case ENVOI_REFUSE:
		case ENVOI_PERIME:
			k->echecs += d[i].nombre;
			break;
		}
	}
}

static bool fill_ways(struct req *r, struct db *db, struct envois_view *v, struct err *e)
{
	struct envoi_waiting_row *w;
	struct envoi_days_row *d;
	char since[ISO_TEXT];
	size_t nw, nd;

	iso_write(env_now(r->env) - (int64_t)DAYS * DAY_MS, since);
	since[10] = '\0';
	if (!envoi_waiting(db, r->a, &w, &nw, e) || !envoi_days(db, r->a, since, &d, &nd, e))
		return false;
	for (int i = 0; i < 2; i++) {
		v->voies[i].nom = tr(r->lang, envoi_canal_choix[i].label);
		v->voies[i].par = r->core->envoi ? way_words(r, r->core->envoi, i) : NULL;
	}
	for (size_t i = 0; i < nw; i++)
		v->voies[index_of(envoi_canal_choix, w[i].canal)].attente += w[i].nombre;
	count(v->voies, d, nd);
	return true;
}

static bool fill_list(struct req *r, struct db *db, struct envois_view *v, struct err *e)
{
	const struct envois_entree *in = v->in;
	struct envois_entree next = *in;
	struct envoi_list_row *rows;
	struct envoi_shown *m;

	if (!envoi_list(db, r->a, in->suite ? in->suite : "g",
			in->etat < 0 ? "" : envoi_etat_choix[in->etat].slug,
			in->canal < 0 ? "" : envoi_canal_choix[in->canal].slug, PER_PAGE + 1, &rows,
			&v->n, e))
		return false;
	if (v->n > PER_PAGE) {
		v->n = PER_PAGE;
		next.suite = rows[PER_PAGE - 1].id;
		v->suivant = query_write(r->a, envois_fields, &next);
	}
	m = NEW_ARRAY(r->a, v->n + 1, struct envoi_shown);
	if (!m)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < v->n; i++) {
		m[i] = (struct envoi_shown){ .id = rows[i].id, .genre = genre_of(r, rows[i].genre),
			.destinataire = masked(r, rows[i].destinataire), .motif = rows[i].motif,
			.etat = index_of(envoi_etat_choix, rows[i].etat),
			.canal = index_of(envoi_canal_choix, rows[i].canal) };
		put_time(r, rows[i].maj_le, &m[i].jour, &m[i].heure);
	}
	v->m = m;
	return true;
}

static bool envois_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct page page = page_for(r, N_("Messages"));
	struct html h = page_html(r, s);
	struct envois_view v = { .in = r->in, .admin = is_admin(r) };

	r->nerrors = 0;
	if (!db_acquire(r->core->store, &db, e) || !fill_ways(r, db, &v, e)
	    || !fill_list(r, db, &v, e))
		return false;
	envois_page(&h, &page, &v);
	return true;
}

/* --- one ----------------------------------------------------------------------------------- */

static bool fill_history(struct req *r, struct db *db, struct envoi_view *v, struct err *e)
{
	struct envoi_history_row *rows;
	struct etat_shown *h;

	if (!envoi_history(db, r->a, r->params[0], &rows, &v->n, e))
		return false;
	h = NEW_ARRAY(r->a, v->n + 1, struct etat_shown);
	if (!h)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < v->n; i++) {
		h[i].etat = index_of(envoi_etat_choix, rows[i].etat);
		h[i].motif = rows[i].motif;
		put_time(r, rows[i].le, &h[i].jour, &h[i].heure);
	}
	v->h = h;
	return true;
}

static bool envoi_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct page page = page_for(r, N_("Un message"));
	struct html h = page_html(r, s);
	struct envoi_view v = { .admin = is_admin(r) };
	struct envoi_get_row m;
	bool found = false;

	if (!db_acquire(r->core->store, &db, e)
	    || !envoi_get(db, r->a, r->params[0], &m, &found, e))
		return false;
	if (!found)
		return fail(e, E_MISSING, "%s", N_("Ce message n’est pas connu, ou plus."));
	v.m = (struct envoi_shown){ .id = m.id, .genre = genre_of(r, m.genre),
		.destinataire = masked(r, m.destinataire), .essais = m.essais,
		.segments = m.segments, .etat = index_of(envoi_etat_choix, m.etat),
		.canal = index_of(envoi_canal_choix, m.canal) };
	v.tried = m.essais > 0;
	v.waits = v.m.etat == ENVOI_EN_COURS || (v.m.etat == ENVOI_ATTENTE && !m.motif);
	if (!fill_history(r, db, &v, e))
		return false;
	envoi_page(&h, &page, &v);
	return true;
}

/* --- again --------------------------------------------------------------------------------- */

/* What has left meanwhile stays as it is: its page says so. */
static bool again_job(struct tx *tx, void *arg, struct err *e)
{
	struct req *r = arg;
	struct envoi_get_row m;
	char now[ISO_TEXT], end[ISO_TEXT];
	bool found = false;

	iso_write(env_now(r->env), now);
	iso_write(env_now(r->env) + 3600 * 1000, end);
	if (!envoi_get(tx_db(tx), r->a, r->params[0], &m, &found, e))
		return false;
	if (!found)
		return fail(e, E_MISSING, "%s", N_("Ce message n’est pas connu, ou plus."));
	return envoi_again(tx, r->params[0], now, end, NULL, e);
}

static bool envoi_relance(struct req *r, struct res *s, struct err *e)
{
	return store_write(r->core->store, again_job, r, e)
	       && res_see_other(s, arena_cat(r->a, "/agent/envois/", r->params[0], NULL));
}

/* --- texts --------------------------------------------------------------------------------- */

static bool fill_sms(struct req *r, enum envoi_genre genre, const char *const *values,
		     struct texte_shown *t, struct err *e)
{
	struct envoi m = { .canal = ENVOI_SMS };
	char c[5] = "";

	if (!envoi_texte(r->a, &r->core->site, genre, r->lang, values, 0, &m, e))
		return false;
	t->sms = sms_plain(r->a, m.texte);
	t->cost = sms_cost(t->sms);
	if (t->cost.cause) {
		c[utf8_write(c, t->cost.cause)] = '\0';
		t->cause = arena_str(r->a, c);
	}
	return true;
}

static bool fill_texte(struct req *r, int genre, struct texte_shown *t, struct err *e)
{
	const struct envoi_modele *k = &envoi_modeles[genre];
	const char *values[ENVOI_VALUES] = { NULL };
	struct envoi m = { .canal = ENVOI_COURRIEL };

	t->nom = tr(r->lang, k->nom);
	t->slug = k->slug;
	for (int i = 0; i < k->nvalues; i++)
		values[i] = tr(r->lang, k->exemples[i]);
	if (k->sms && !fill_sms(r, (enum envoi_genre)genre, values, t, e))
		return false;
	if (!k->courriel)
		return true;
	if (!envoi_texte(r->a, &r->core->site, (enum envoi_genre)genre, r->lang, values, 0, &m, e))
		return false;
	t->objet = m.objet;
	t->courriel = m.texte;
	return true;
}

static bool textes_show(struct req *r, struct res *s, struct err *e)
{
	struct page page = page_for(r, N_("Les textes et leur coût"));
	struct html h = page_html(r, s);
	struct texte_shown t[ENVOI_GENRES] = { { 0 } };
	struct textes_view v = { .t = t, .n = ENVOI_GENRES, .lang = r->lang };

	for (int i = 0; i < ENVOI_GENRES; i++) {
		if (!fill_texte(r, i, &t[i], e))
			return false;
	}
	textes_page(&h, &page, &v);
	return true;
}

/* --- a trial ------------------------------------------------------------------------------- */

static bool show_essai(struct req *r, struct res *s)
{
	struct page page = page_for(r, N_("Envoyer un essai"));
	struct html h = page_html(r, s);
	const struct envoi_reglages *k = r->core->envoi;
	struct essai_view v = { .sms = k && envoi_peut(k, ENVOI_SMS),
		.courriel = k && envoi_peut(k, ENVOI_COURRIEL) };

	essai_page(&h, &page, r, &v);
	return true;
}

static bool essai_show(struct req *r, struct res *s, struct err *e)
{
	(void)e;
	return show_essai(r, s);
}

struct essai {
	struct envoi m;
	char id[UUID_TEXT];
};

static bool essai_job(struct tx *tx, void *arg, struct err *e)
{
	struct essai *k = arg;

	return envoi_put(tx, &k->m, k->id, e);
}

/* Whom, and by which way; an error stands beside the field. */
static bool essai_address(struct req *r, struct essai *k, struct telephone *t)
{
	const struct essai_entree *in = r->in;
	const struct envoi_reglages *set = r->core->envoi;
	struct err why = { 0 };

	k->m.canal = strchr(in->a, '@') ? ENVOI_COURRIEL : ENVOI_SMS;
	if (!set || !envoi_peut(set, k->m.canal)) {
		req_refuse(r, essai_fields, "a", tr(r->lang, k->m.canal == ENVOI_SMS
			   ? N_("Les SMS ne sont pas réglés : essayez une adresse e-mail.")
			   : N_("Les e-mails ne sont pas réglés : essayez un numéro de mobile.")));
		return false;
	}
	if (k->m.canal == ENVOI_COURRIEL) {
		k->m.destinataire = courriel_read(r->a, in->a, &why);
	} else if (telephone_read(in->a, set->departement, t, &why)) {
		k->m.destinataire = t->e164;
		if (t->kind == TELEPHONE_FIXE)
			fail(&why, E_INPUT, "%s", N_("Un téléphone fixe ne reçoit pas de SMS. Donnez "
						     "un numéro de mobile."));
	}
	if (why.kind != E_OK)
		req_refuse(r, essai_fields, "a", tr(r->lang, arena_str(r->a, why.msg)));
	return why.kind == E_OK;
}

static bool essai_send(struct req *r, struct res *s, struct err *e)
{
	struct essai k = { .m = { 0 } };
	struct telephone t;

	if (r->nerrors || !essai_address(r, &k, &t))
		return show_essai(r, s);
	if (!envoi_texte(r->a, &r->core->site, ENVOI_ESSAI, r->lang, NULL, env_now(r->env), &k.m,
			 e))
		return false;
	k.m.urgent = true;              /* asked just now, also at night */
	return store_write(r->core->store, essai_job, &k, e)
	       && res_see_other(s, arena_cat(r->a, "/agent/envois/", k.id, NULL));
}

/* --- routes -------------------------------------------------------------------------------- */

enum { HERE = ROUTE_SLOW | ROUTE_PRIVATE };

#define IN(fields, type) fields, sizeof(struct type)

/* Whoever runs the territory sees that messages leave; only who sets it up sends or repeats. */
const struct route envoi_routes[] = {
	{ GET, "/agent/envois", envois_show, &can_coordinate, IN(envois_fields, envois_entree),
	  N_("Messages qui attendent et qui sont partis"), HERE, NULL },
	{ GET, "/agent/envois/textes", textes_show, &can_coordinate, NULL, 0,
	  N_("Textes des messages et leur coût"), HERE, NULL },
	{ GET, "/agent/envois/essai", essai_show, &can_admin, NULL, 0,
	  N_("Envoyer un message d’essai"), HERE, NULL },
	{ POST, "/agent/envois/essai", essai_send, &can_admin, IN(essai_fields, essai_entree),
	  N_("Envoyer un message d’essai"), HERE, NULL },
	{ GET, "/agent/envois/{id}", envoi_show, &can_coordinate, NULL, 0,
	  N_("Un message et son histoire"), HERE, NULL },
	{ POST, "/agent/envois/{id}/relancer", envoi_relance, &can_admin, NULL, 0,
	  N_("Essayer de nouveau un message"), HERE, NULL },
	{ 0 },
};
