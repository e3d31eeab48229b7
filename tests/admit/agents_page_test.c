/* Pages of structures and agents, asked through the router by an agent whom a fake entry
 * names: what logins do is tried elsewhere. */
#include "tests/admit/equipe_world.h"

#include <stdlib.h>

#include "admit/agents.h"
#include "core/core.h"
#include "core/repertoire.h"
#include "core/territoire.h"
#include "web/page.h"
#include "web/router.h"

struct site_world {
	struct team team;
	struct core core;
	struct router *router;
	char cookie[4000];
	const char *head, *body;
	int status;
};

/* Who asks, for the fake entry: one test at a time. */
static struct {
	struct team *team;
	const char *agent;
	int64_t prouve_ms;
	bool login_asked, proof_asked;
} asker;

static bool fake_agent_of(struct req *r)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct agent *g = NEW(r->a, struct agent);
	struct err e;

	if (!asker.agent)
		return false;
	accepts(db_acquire(asker.team->store, &db, &e), &e);
	accepts(agent_get(db, r->a, asker.agent, g, &e), &e);
	g->session = "session";
	g->prouve_ms = asker.prouve_ms;
	r->agent = g;
	return true;
}

static bool fake_login(struct req *r, struct res *s, struct err *e)
{
	(void)r, (void)e;
	asker.login_asked = true;
	return res_see_other(s, "/agent/connexion");
}

static bool fake_proof(struct req *r, struct res *s, struct err *e)
{
	(void)r, (void)e;
	asker.proof_asked = true;
	return res_see_other(s, "/agent/preuve");
}

static const struct page_site page_of_site = {
	.nom = "Tremplin", .territoire = "", .telephone = "", .telephone_lien = "",
	.telephone_heures = "", .accessibilite = "non", .bar = agent_bar,
};

static void site_open(struct site_world *w)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct repertoire *rep = NULL;
	struct router_options o = { .env = &env_test, .core = &w->core, .site = &page_of_site,
				    .gzip_level = -1 };
	struct err e;

	*w = (struct site_world){ 0 };
	team_open(&w->team);
	accepts(territoire_demo(w->team.store, &e), &e);
	accepts(db_acquire(w->team.store, &db, &e), &e);
	accepts(repertoire_read(db, &rep, &e), &e);
	w->core = (struct core){
		.env = &env_test, .store = w->team.store, .signer = w->team.signer,
		.slot = repertoire_slot_new(rep),
		.site = { .nom = "Tremplin", .adresse = "https://aide.exemple.fr", .departement = "93" },
		.entry = { .agent_of = fake_agent_of, .ask_login = fake_login, .ask_proof = fake_proof },
	};
	asker.team = &w->team;
	asker.agent = NULL;
	asker.login_asked = asker.proof_asked = false;
	asker.prouve_ms = env_now(&env_test);
	box_make(&env_test, &o.box);
	accepts(router_new(&o, &w->router, &e), &e);
	accepts(router_add(w->router, agents_routes, &e), &e);
}

static void site_close(struct site_world *w)
{
	router_close(&w->router);
	repertoire_slot_free(w->core.slot);
	team_close(&w->team);
}

#define SITE(w) CLEANUP(site_close) struct site_world w; site_open(&w)

static void ask(struct site_world *w, const char *request)
{
	CLEANUP(buf_free) struct buf out = buf_new(4 << 20);
	const char *at;

	router_ask(w->router, request, strlen(request), &out);
	w->head = arena_strn(&w->team.a, out.p, out.n);
	w->body = strstr(w->head, "\r\n\r\n") + 4;
	w->status = (int)strtol(w->head + strlen("HTTP/1.1 "), NULL, 10);
	at = strcasestr(w->head, "\r\nSet-Cookie: ");
	if (at && at < w->body)
		snprintf(w->cookie, sizeof w->cookie, "%.*s", (int)strcspn(at + 14, ";\r"), at + 14);
}

static void get(struct site_world *w, const char *who, const char *path)
{
	asker.agent = who;
	ask(w, arena_printf(&w->team.a, "GET %s HTTP/1.1\r\nHost: tremplin.test\r\n%s%s%s\r\n", path,
			    *w->cookie ? "Cookie: " : "", w->cookie, *w->cookie ? "\r\n" : ""));
}

/* After a page with a form: its token goes with the fields. */
static void post(struct site_world *w, const char *path, const char *fields)
{
	const char *at = strstr(w->body, "name=\"csrf\" value=\""), *token, *content;

	holds(at);
	token = arena_strn(&w->team.a, at + 19, strcspn(at + 19, "\""));
	content = arena_printf(&w->team.a, "csrf=%s&%s", token, fields);
	ask(w, arena_printf(&w->team.a, "POST %s HTTP/1.1\r\nHost: tremplin.test\r\nCookie: %s\r\n"
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s",
		path, w->cookie, strlen(content), content));
}

#define shows(w, text) do { if (!strstr((w).body, text)) \
	fail_msg("« %s » is not in: %s", text, (w).body); } while (0)
#define hides(w, text) do { if (strstr((w).body, text)) \
	fail_msg("« %s » is in the page", text); } while (0)
#define PATH(...) arena_printf(&w.team.a, __VA_ARGS__)

TEST("who is not logged in goes to the login page, who lacks the role is told whom to ask")
{
	SITE(w);

	get(&w, NULL, "/agent");
	equals(w.status, 303);
	holds(asker.login_asked);
	get(&w, w.team.amina, "/agent/agents");
	equals(w.status, 403);
	shows(w, "réservée aux référents");
	shows(w, "changez de structure");
	get(&w, w.team.rosa, "/agent/structures");
	equals(w.status, 403);
	shows(w, "réservée aux administrateurs");
}

TEST("what is grave asks for a recent proof, stopping an account does not")
{
	SITE(w);

	asker.prouve_ms -= AGENT_PROOF_MS + 1;
	get(&w, w.team.rosa, "/agent/agents/inviter");
	equals(w.status, 303);
	holds(asker.proof_asked);
	asker.proof_asked = false;
	get(&w, w.team.amina, "/agent/agents/inviter");         /* not theirs: no proof helps */
	equals(w.status, 403);
	holds(!asker.proof_asked);
	get(&w, w.team.rosa, PATH("/agent/agents/%s/suspendre", w.team.amina));
	equals(w.status, 200);
	post(&w, PATH("/agent/agents/%s/suspendre", w.team.amina), "");
	equals(w.status, 303);
	equals(team_read(&w.team, w.team.amina).etat, AGENT_SUSPENDU);
}

TEST("a referent sees the agents of their structure, and none of another one")
{
	SITE(w);

	get(&w, w.team.rosa, "/agent/agents");
	equals(w.status, 200);
	shows(w, "Amina Benali");
	hides(w, "Le Goff");
	get(&w, w.team.rosa, PATH("/agent/agents?structure=%s", w.team.aulnay));
	equals(w.status, 403);
	get(&w, w.team.rosa, PATH("/agent/agents/%s", w.team.anne));
	equals(w.status, 403);
	get(&w, w.team.rosa, PATH("/agent/structures/%s", w.team.aulnay));
	equals(w.status, 403);
	get(&w, w.team.rosa, PATH("/agent/agents/%s", w.team.alba));
	equals(w.status, 403);                          /* an admin who works there */
	get(&w, w.team.alba, PATH("/agent/agents/%s", w.team.anne));
	equals(w.status, 200);
}

TEST("the bar says who works and where, and lets go elsewhere only who works elsewhere")
{
	SITE(w);

	get(&w, w.team.amina, "/agent");
	shows(w, "Amina Benali");
	shows(w, "CCAS de Bondy");
	hides(w, "Changer de structure");
	accepts(team_invite(&w.team, w.team.anne, "Amina", "Benali", "amina@exemple.fr", w.team.aulnay,
			    ROLE_MEDIATEUR), &w.team.err);
	get(&w, w.team.amina, "/agent");
	shows(w, "href=\"/agent/structure\">Changer de structure");
	get(&w, w.team.amina, "/agent/structure");
	shows(w, "Médiathèque d’Aulnay");
	shows(w, "(maintenant)");
	get(&w, w.team.rosa, "/agent");
	post(&w, "/agent/structure", PATH("structure=%s", w.team.aulnay));
	equals(w.status, 403);
	shows(w, "pas de rôle dans cette structure");
}

TEST("inviting without an address gives a sheet with a code, a QR code and a login name")
{
	SITE(w);
	const char *at;
	char tag[BOX_TAG_TEXT];

	get(&w, w.team.rosa, "/agent/agents/inviter");
	shows(w, "Aidant");
	hides(w, "value=\"referent\"");
	post(&w, "/agent/agents/inviter", "prenom=Yves&nom=Le+Goff&roles=accueil&roles=mediateur");
	equals(w.status, 200);
	holds(strcasestr(w.head, "Cache-Control: no-store"));
	shows(w, "yves.l");
	shows(w, "aide.exemple.fr/agent/bienvenue");
	shows(w, "<path d=\"M4 4h7");
	shows(w, "29 novembre 2026");
	at = strstr(w.body, "/agent/bienvenue/");
	holds(at);
	accepts(lien_tag(w.team.signer, arena_strn(&w.team.a, at + 17, 16), tag, &w.team.err), &w.team.err);
}

TEST("what is wrong in an invitation is said twice, and nothing typed is lost")
{
	SITE(w);

	get(&w, w.team.rosa, "/agent/agents/inviter");
	post(&w, "/agent/agents/inviter", "prenom=Yves&nom=&courriel=yves%40exemple.fr%0ABcc%3A+x%40y.fr");
	equals(w.status, 400);
	shows(w, "<a href=\"#courriel\">Une adresse e-mail tient sur une seule ligne");
	shows(w, "<a href=\"#nom\">Écrivez le nom");
	shows(w, "<a href=\"#roles\">Choisissez au moins un rôle");
	shows(w, "value=\"Yves\"");
	post(&w, "/agent/agents/inviter", "prenom=Amina&nom=Benali&courriel=amina%40exemple.fr&roles=aidant");
	shows(w, "Amina Benali a déjà un compte dans cette structure");
	post(&w, "/agent/agents/inviter", PATH("prenom=Yves&nom=Roy&roles=accueil&structure=%s", w.team.aulnay));
	equals(w.status, 403);
	get(&w, w.team.rosa, "/agent/agents/inviter");
	post(&w, "/agent/agents/inviter", "prenom=Yves&nom=Roy&roles=referent");
	equals(w.status, 403);                          /* not offered, not taken */
}

TEST("a structure is written by an admin, its SIRET and commune as people type them")
{
	SITE(w);

	get(&w, w.team.alba, "/agent/structures/nouvelle");
	equals(w.status, 200);
	post(&w, "/agent/structures/nouvelle", "nom=Point+num%C3%A9rique&type=association&siret=BE+0203.430.576"
	     "&commune=Zzyzx&telephone=3949&courriel=x");
	equals(w.status, 400);
	shows(w, "numéro d’entreprise de Belgique");
	shows(w, "Nous ne trouvons pas « Zzyzx »");
	shows(w, "value=\"BE 0203.430.576\"");
	shows(w, "<a href=\"#telephone\">");
	shows(w, "<a href=\"#courriel\">");
	post(&w, "/agent/structures/nouvelle", "nom=Point+num%C3%A9rique&type=la-poste&siret=356+000+000+00123"
	     "&commune=93140&telephone=01+99+00+90+01&pouvoirs=lieux");
	equals(w.status, 303);
	get(&w, w.team.alba, "/agent/structures?q=point");
	shows(w, "Point numérique");
	shows(w, "Bondy");
	get(&w, w.team.alba, "/agent/structures/nouvelle");
	post(&w, "/agent/structures/nouvelle", "nom=Autre&type=autre&siret=35600000000123");
	shows(w, "Ce SIRET est déjà celui de « Point numérique »");
}

TEST("a referent changes how the structure is reached, not what it may do")
{
	SITE(w);
	CLEANUP(db_release) struct db *db = NULL;
	struct structure s;
	const char *path = PATH("/agent/structures/%s/modifier", w.team.bondy);

	get(&w, w.team.rosa, path);
	equals(w.status, 200);
	hides(w, "name=\"pouvoirs\"");
	post(&w, path, "nom=Pirate&type=prefecture&pouvoirs=instruments&adresse=1+rue+Neuve&telephone=0199009002");
	equals(w.status, 303);
	accepts(db_acquire(w.team.store, &db, &w.team.err), &w.team.err);
	accepts(structure_get(db, &w.team.a, w.team.bondy, &s, &w.team.err), &w.team.err);
	same(s.nom, "CCAS de Bondy");
	equals(s.pouvoirs, POUVOIR_MANDATS);
	same(s.adresse, "1 rue Neuve");
	same(s.telephone, "+33199009002");
}

TEST("roles change on a page that offers those one may give, and says why another is refused")
{
	SITE(w);
	const char *path = PATH("/agent/agents/%s/roles", w.team.amina);

	get(&w, w.team.rosa, PATH("%s?structure=%s", path, w.team.bondy));
	equals(w.status, 200);
	hides(w, "value=\"admin\"");
	post(&w, path, PATH("structure=%s", w.team.bondy));
	shows(w, "Il faut au moins un rôle");
	post(&w, path, PATH("structure=%s&roles=mediateur", w.team.bondy));
	equals(w.status, 303);
	equals(team_read(&w.team, w.team.amina).places[0].roles, ROLE_MEDIATEUR);
	get(&w, w.team.rosa, PATH("%s?structure=%s", path, w.team.aulnay));
	equals(w.status, 404);
}

TEST("a role in a suspended structure is refused on its page")
{
	SITE(w);
	const char *path = PATH("/agent/structures/%s/etat", w.team.aulnay);

	get(&w, w.team.alba, path);
	post(&w, path, "etat=suspendue");
	equals(w.status, 303);
	get(&w, w.team.alba, PATH("/agent/agents/%s/roles?structure=%s", w.team.anne, w.team.aulnay));
	post(&w, PATH("/agent/agents/%s/roles", w.team.anne), PATH("structure=%s&roles=aidant", w.team.aulnay));
	equals(w.status, 400);
	shows(w, "« Médiathèque d’Aulnay » est suspendue");
	get(&w, w.team.anne, "/agent");
	shows(w, "est suspendue");
	get(&w, w.team.anne, "/agent/agents");
	equals(w.status, 403);
}

TEST("two referents who suspend each other: the page of the second says what happened")
{
	SITE(w);
	char cookie[4000];
	const char *body;

	get(&w, w.team.remi, PATH("/agent/agents/%s/suspendre", w.team.rosa));
	body = w.body;
	memcpy(cookie, w.cookie, sizeof cookie);
	*w.cookie = '\0';
	get(&w, w.team.rosa, PATH("/agent/agents/%s/suspendre", w.team.remi));
	post(&w, PATH("/agent/agents/%s/suspendre", w.team.remi), "");
	equals(w.status, 303);
	/* Remi's browser sends the page it had */
	asker.agent = w.team.remi;
	w.body = body;
	memcpy(w.cookie, cookie, sizeof cookie);
	post(&w, PATH("/agent/agents/%s/suspendre", w.team.rosa), "");
	equals(w.status, 303);                          /* to the login page: the session is closed */
	equals(team_read(&w.team, w.team.rosa).etat, AGENT_ACTIF);
}

TEST("the security log is read by who may: one's own account, one's structure, all for an admin")
{
	SITE(w);

	get(&w, w.team.amina, "/agent/securite");
	equals(w.status, 200);
	shows(w, "Mon compte");
	hides(w, "Le Goff");
	get(&w, w.team.amina, PATH("/agent/securite?structure=%s", w.team.bondy));
	equals(w.status, 403);
	get(&w, w.team.amina, PATH("/agent/securite?agent=%s", w.team.rosa));
	equals(w.status, 403);
	get(&w, w.team.amina, "/agent/securite?vue=tout");
	equals(w.status, 403);
	get(&w, w.team.rosa, "/agent/securite");
	shows(w, "compte de Amina Benali");
	hides(w, "Le Goff");
	get(&w, w.team.rosa, PATH("/agent/securite?agent=%s", w.team.anne));
	equals(w.status, 403);
	get(&w, w.team.rosa, "/agent/securite?mois=2026-10");
	shows(w, "Aucune ligne");
	get(&w, w.team.rosa, "/agent/securite?mois=2026-11");
	shows(w, "compte de Amina Benali");
	get(&w, w.team.alba, "/agent/securite?vue=tout");
	shows(w, "Anne Le Goff");
	get(&w, w.team.rosa, "/agent/securite.csv");
	equals(w.status, 200);
	holds(!strncmp(w.body, "le,action,agent,cible,structure,session,objet\r\n", 47));
	shows(w, ",role-donne,,Amina Benali,CCAS de Bondy,,aidant\r\n");
	hides(w, "Le Goff");
}

TEST("who leaves is asked for the card only when there is one, and the list says it is done")
{
	SITE(w);
	const char *path = PATH("/agent/agents/%s/depart", w.team.amina);

	get(&w, w.team.rosa, path);
	equals(w.status, 200);
	hides(w, "name=\"carte\"");
	post(&w, path, PATH("structure=%s", w.team.bondy));
	equals(w.status, 303);
	equals(team_read(&w.team, w.team.amina).etat, AGENT_PARTI);
	get(&w, w.team.rosa, "/agent/agents?fait=parti");
	shows(w, "Le départ est enregistré");
	hides(w, "Amina Benali</a>");
	get(&w, w.team.alba, PATH("/agent/agents/%s", w.team.amina));
	shows(w, "fermé pour toujours");
}
