#include "tests/admit/equipe_world.h"

static const enum query_type texts[] = { Q_TEXT };
static const struct query open_account = {
	"open_account", "UPDATE agent SET etat = 'actif', mot_de_passe = 'x' WHERE id = ?1", texts, 1,
	NULL, 0, 0, false, NULL,
};
static const struct query give_card = {
	"give_card", "INSERT INTO facteur (id, agent_id, sorte, nom, carte, cree_le) "
	"VALUES ('f1', ?1, 'carte', 'carte', '0012', '2026-11-22T10:00:00Z')", texts, 1,
	NULL, 0, 0, false, NULL,
};
static const struct query stock_card = {
	"stock_card", "INSERT INTO carte (serie, graine, etat, importee_le) "
	"VALUES (?1, x'00', 'remise', '2026-11-22T10:00:00Z')", texts, 1, NULL, 0, 0, false, NULL,
};
static const struct query open_session = {
	"open_session", "INSERT INTO agent_session (id, empreinte, agent_id, preuves, appareil, cree_le, "
	"vu_le, prouve_le, expire_le) VALUES (?1, ?1, ?1, 'mot_de_passe', 'Firefox', 'x', 'x', 'x', 'y')",
	texts, 1, NULL, 0, 0, false, NULL,
};
struct text_row {
	const char *value;
};
static const struct query_column text_column[] = {
	{ Q_TEXT, true, offsetof(struct text_row, value), 0 },
};
static const struct query session_end_of = {
	"session_end_of", "SELECT fermee_par FROM agent_session WHERE id = ?1", texts, 1, text_column,
	1, sizeof(struct text_row), true, NULL,
};
static const struct query card_state = {
	"card_state", "SELECT etat FROM carte WHERE serie = ?1", texts, 1, text_column, 1,
	sizeof(struct text_row), true, NULL,
};

bool team_open_verb(struct equipe *q, void *agent, struct err *e)
{
	return query_exec(q->tx, &open_account, &(union query_value){ .text = agent }, NULL, e);
}

static bool session_verb(struct equipe *q, void *agent, struct err *e)
{
	return query_exec(q->tx, &open_session, &(union query_value){ .text = agent }, NULL, e);
}

static bool card_verb(struct equipe *q, void *agent, struct err *e)
{
	return query_exec(q->tx, &stock_card, &(union query_value){ .text = "0012" }, NULL, e)
	       && query_exec(q->tx, &give_card, &(union query_value){ .text = agent }, NULL, e);
}

static const char *read_text(struct team *w, const struct query *q, const char *key)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct text_row row = { NULL };

	accepts(db_acquire(w->store, &db, &w->err), &w->err);
	accepts(query_one(db, &w->a, q, &(union query_value){ .text = key }, &row, NULL, &w->err),
		&w->err);
	return row.value ? row.value : "";
}

#define TEXT(id) ((void *)(uintptr_t)(id))

static bool suspend(struct equipe *q, void *agent, struct err *e)
{
	return equipe_suspend(q, agent, e);
}

static bool restore(struct equipe *q, void *agent, struct err *e)
{
	return equipe_restore(q, agent, e);
}

struct change {
	const char *agent, *structure, *to;
	unsigned roles;
	bool back;
};

static bool set_roles(struct equipe *q, void *arg, struct err *e)
{
	struct change *c = arg;

	return equipe_set_roles(q, c->agent, c->structure, c->roles, e);
}

static bool move(struct equipe *q, void *arg, struct err *e)
{
	struct change *c = arg;

	return equipe_move(q, c->agent, c->structure, c->to, e);
}

static bool leave(struct equipe *q, void *arg, struct err *e)
{
	struct change *c = arg;

	return equipe_leave(q, c->agent, c->structure, c->back, e);
}

static bool suspend_structure(struct equipe *q, void *id, struct err *e)
{
	return equipe_set_state(q, id, STRUCTURE_SUSPENDUE, e);
}

static bool reopen_structure(struct equipe *q, void *id, struct err *e)
{
	return equipe_set_state(q, id, STRUCTURE_ACTIVE, e);
}

TEST("of two referents who suspend each other at once one has done it, the other is told")
{
	TEAM(w);

	accepts(team_do(&w, w.rosa, suspend, TEXT(w.remi)), &w.err);
	refuses(E_DENIED, team_do(&w, w.remi, suspend, TEXT(w.rosa)), &w.err);
	same(w.err.msg, "Votre compte vient d’être suspendu : rien n’a été changé.");
	equals(team_read(&w, w.rosa).etat, AGENT_ACTIF);
	equals(team_read(&w, w.remi).etat, AGENT_SUSPENDU);
	accepts(team_do(&w, w.alba, restore, TEXT(w.remi)), &w.err);
	equals(team_read(&w, w.remi).etat, AGENT_ACTIF);
	equals(team_lines(&w, w.remi, TRACE_SUSPENDU), 1);
	equals(team_lines(&w, w.remi, TRACE_RETABLI), 1);
}

TEST("a suspended agent's sessions are closed at once")
{
	TEAM(w);

	accepts(team_do(&w, NULL, session_verb, TEXT(w.amina)), &w.err);
	accepts(team_do(&w, w.rosa, suspend, TEXT(w.amina)), &w.err);
	same(read_text(&w, &session_end_of, w.amina), "compte");
	refuses(E_CONFLICT, team_do(&w, w.rosa, suspend, TEXT(w.amina)), &w.err);
	holds(strstr(w.err.msg, "Amina Benali"));
}

TEST("nobody suspends themselves, and the last admin stays")
{
	TEAM(w);
	struct change c = { .agent = w.alba, .structure = w.bondy, .roles = ROLE_AIDANT };

	refuses(E_CONFLICT, team_do(&w, w.rosa, suspend, TEXT(w.rosa)), &w.err);
	refuses(E_CONFLICT, team_do(&w, NULL, suspend, TEXT(w.alba)), &w.err);
	refuses(E_CONFLICT, team_do(&w, w.alba, set_roles, &c), &w.err);
	refuses(E_CONFLICT, team_do(&w, w.alba, leave, &c), &w.err);
	team_agent(&w, "Zoe", "Roy", w.aulnay, ROLE_ADMIN);
	accepts(team_do(&w, w.alba, set_roles, &c), &w.err);
	equals(team_read(&w, w.alba).places[0].roles, ROLE_AIDANT);
}

TEST("a referent acts on their own structure only, and never on who has the whole territory")
{
	TEAM(w);

	refuses(E_DENIED, team_do(&w, w.anne, suspend, TEXT(w.amina)), &w.err);
	refuses(E_DENIED, team_do(&w, w.rosa, suspend, TEXT(w.alba)), &w.err);
	refuses(E_DENIED, team_do(&w, w.amina, suspend, TEXT(w.remi)), &w.err);
	refuses(E_DENIED, team_do(&w, w.rosa, suspend_structure, TEXT(w.bondy)), &w.err);
	accepts(team_do(&w, w.alba, suspend, TEXT(w.anne)), &w.err);
}

TEST("a referent gives the roles of those who receive, an admin gives all")
{
	TEAM(w);
	struct change c = { .agent = w.amina, .structure = w.bondy };

	refuses(E_DENIED, team_invite(&w, w.amina, "Ines", "Diaz", NULL, w.bondy, ROLE_ACCUEIL), &w.err);
	c.roles = ROLE_AIDANT | ROLE_MEDIATEUR;
	accepts(team_do(&w, w.rosa, set_roles, &c), &w.err);
	equals(team_read(&w, w.amina).places[0].roles, ROLE_AIDANT | ROLE_MEDIATEUR);
	c.roles = ROLE_AIDANT | ROLE_REFERENT;
	refuses(E_DENIED, team_do(&w, w.rosa, set_roles, &c), &w.err);
	c.roles = ROLE_ADMIN;
	refuses(E_DENIED, team_do(&w, w.rosa, set_roles, &c), &w.err);
	c.roles = ROLE_REFERENT;
	accepts(team_do(&w, w.alba, set_roles, &c), &w.err);
	c.roles = 0;
	refuses(E_INPUT, team_do(&w, w.alba, set_roles, &c), &w.err);
	refuses(E_DENIED, team_invite(&w, w.rosa, "Ines", "Diaz", NULL, w.bondy, ROLE_REFERENT), &w.err);
	refuses(E_DENIED, team_invite(&w, w.rosa, "Ines", "Diaz", NULL, w.aulnay, ROLE_ACCUEIL), &w.err);
	refuses(E_INPUT, team_invite(&w, w.rosa, "Ines", "Diaz", NULL, w.bondy, 0), &w.err);
}

TEST("roles that a referent may not give stay when they change the others")
{
	TEAM(w);
	struct change c = { .agent = w.remi, .structure = w.bondy, .roles = ROLE_MEDIATEUR };

	accepts(team_do(&w, w.rosa, set_roles, &c), &w.err);
	equals(team_read(&w, w.remi).places[0].roles, ROLE_REFERENT | ROLE_MEDIATEUR);
}

TEST("somebody without mail is invited on paper, and gets a name to log in with")
{
	TEAM(w);

	accepts(team_invite(&w, w.rosa, "Amina", "Bâ", NULL, w.bondy, ROLE_ACCUEIL), &w.err);
	same(w.last.identifiant, "amina.ba");           /* amina.b is Amina Benali */
	equals(strlen(w.code), 16);
	equals(team_read(&w, w.last.agent).etat, AGENT_INVITE);
	equals(team_lines(&w, w.last.agent, TRACE_INVITE), 1);
}

TEST("the same person is not invited twice, with or without a mail address")
{
	TEAM(w);

	refuses(E_CONFLICT, team_invite(&w, w.rosa, "Amina", "Benali", "AMINA@exemple.fr", w.bondy,
					ROLE_ACCUEIL), &w.err);
	refuses(E_CONFLICT, team_invite(&w, w.rosa, "amina", "BENALI", NULL, w.bondy, ROLE_ACCUEIL),
		&w.err);
	accepts(team_invite(&w, w.rosa, "Ines", "Diaz", NULL, w.bondy, ROLE_ACCUEIL), &w.err);
	refuses(E_CONFLICT, team_invite(&w, w.rosa, "Inès", "Diaz", NULL, w.bondy, ROLE_ACCUEIL), &w.err);
	holds(strstr(w.err.msg, "déjà invité"));
	/* two people of one name, each with an address */
	accepts(team_invite(&w, w.rosa, "Amina", "Benali", "a.benali@exemple.fr", w.bondy,
			    ROLE_ACCUEIL), &w.err);
}

TEST("a mail address with a line break, a name or no domain is refused")
{
	static const char *const bad[] = {
		"ines@exemple.fr\nBcc: tous@exemple.fr", "Inès <ines@exemple.fr>", "ines@", "ines",
		"ines@exemple", "ines@@exemple.fr", "in es@exemple.fr", "inès@exemple.fr",
		".ines@exemple.fr", "ines@-exemple.fr", "ines@exemple..fr", "\r\nines@exemple.fr",
	};
	TEAM(w);

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		refuses(E_INPUT, team_invite(&w, w.rosa, "Ines", "Diaz", bad[i], w.bondy,
					     ROLE_ACCUEIL), &w.err);
		holds(w.err.hint[0]);
	}
	accepts(team_invite(&w, w.rosa, "Ines", "Diaz", " Ines.Diaz+pro@Exemple.FR ", w.bondy,
			    ROLE_ACCUEIL), &w.err);
	same(team_read(&w, w.last.agent).courriel, "ines.diaz+pro@exemple.fr");
}

TEST("an agent of another structure keeps one account, under the same name only")
{
	TEAM(w);
	struct agent g;

	refuses(E_CONFLICT, team_invite(&w, w.anne, "Aline", "Benali", "amina@exemple.fr", w.aulnay,
					ROLE_AIDANT), &w.err);
	holds(!strstr(w.err.msg, "Amina"));             /* whose it is, is not said */
	accepts(team_invite(&w, w.anne, "Amina", "Benali", "amina@exemple.fr", w.aulnay,
			    ROLE_AIDANT), &w.err);
	holds(w.last.known);
	same(w.last.agent, w.amina);
	g = team_read(&w, w.amina);
	equals(g.nplaces, 2);
	equals(agent_roles_in(&g, w.aulnay), ROLE_AIDANT);
}

TEST("no role is given in a suspended structure, and none holds there")
{
	TEAM(w);
	struct change c = { .agent = w.amina, .structure = w.bondy, .roles = ROLE_MEDIATEUR };
	struct agent g;

	accepts(team_do(&w, NULL, session_verb, TEXT(w.amina)), &w.err);
	accepts(team_do(&w, w.alba, suspend_structure, TEXT(w.bondy)), &w.err);
	refuses(E_CONFLICT, team_do(&w, w.alba, suspend_structure, TEXT(w.bondy)), &w.err);
	same(read_text(&w, &session_end_of, w.amina), "compte");
	refuses(E_CONFLICT, team_invite(&w, w.alba, "Ines", "Diaz", NULL, w.bondy, ROLE_ACCUEIL), &w.err);
	refuses(E_CONFLICT, team_do(&w, w.alba, set_roles, &c), &w.err);
	holds(strstr(w.err.msg, "CCAS de Bondy"));
	g = team_read(&w, w.amina);
	equals(agent_roles_in(&g, w.bondy), 0);
	g = team_read(&w, w.alba);
	holds(agent_may(&g, ROLE_ADMIN, NULL));         /* who can undo it */
	accepts(team_do(&w, w.alba, reopen_structure, TEXT(w.bondy)), &w.err);
	accepts(team_do(&w, w.alba, set_roles, &c), &w.err);
}

TEST("an agent moves only between structures that the mover answers for")
{
	TEAM(w);
	struct change c = { .agent = w.amina, .structure = w.bondy, .to = w.aulnay };
	struct agent g;

	refuses(E_DENIED, team_do(&w, w.rosa, move, &c), &w.err);
	accepts(team_do(&w, w.alba, move, &c), &w.err);
	g = team_read(&w, w.amina);
	equals(g.nplaces, 1);
	same(g.places[0].structure, w.aulnay);
	equals(g.places[0].roles, ROLE_AIDANT);
	same(g.ici->structure, w.aulnay);
	equals(team_lines(&w, w.amina, TRACE_DEPLACE), 2);
	refuses(E_CONFLICT, team_do(&w, w.alba, move, &c), &w.err);
}

TEST("who leaves gives the card back, and nothing opens the account again; the log stays")
{
	TEAM(w);
	struct change c = { .agent = w.amina, .structure = w.bondy, .back = true };
	struct agent g;

	accepts(team_do(&w, NULL, session_verb, TEXT(w.amina)), &w.err);
	accepts(team_do(&w, NULL, card_verb, TEXT(w.amina)), &w.err);
	accepts(team_do(&w, w.rosa, leave, &c), &w.err);
	g = team_read(&w, w.amina);
	equals(g.etat, AGENT_PARTI);
	equals(g.nplaces, 0);
	holds(!g.courriel);
	same(read_text(&w, &session_end_of, w.amina), "compte");
	same(read_text(&w, &card_state, "0012"), "libre");
	equals(team_lines(&w, w.amina, TRACE_PARTI), 1);
	refuses(E_DENIED, team_do(&w, w.rosa, restore, TEXT(w.amina)), &w.err);
	/* the same person may be invited again one day, as somebody new */
	accepts(team_invite(&w, w.rosa, "Amina", "Benali", "amina@exemple.fr", w.bondy, ROLE_AIDANT),
		&w.err);
	holds(strcmp(w.last.agent, w.amina) != 0);
}

TEST("who leaves one of two structures keeps the account and the other one")
{
	TEAM(w);
	struct change c = { .agent = w.amina, .structure = w.bondy };
	struct agent g;

	accepts(team_invite(&w, w.anne, "Amina", "Benali", "amina@exemple.fr", w.aulnay, ROLE_AIDANT),
		&w.err);
	accepts(team_do(&w, w.rosa, leave, &c), &w.err);
	g = team_read(&w, w.amina);
	equals(g.etat, AGENT_ACTIF);
	equals(g.nplaces, 1);
	same(g.ici->structure, w.aulnay);
	refuses(E_DENIED, team_do(&w, w.rosa, suspend, TEXT(w.amina)), &w.err);
}

TEST("an account that was suspended before it opened waits for an invitation again")
{
	TEAM(w);

	accepts(team_invite(&w, w.rosa, "Ines", "Diaz", NULL, w.bondy, ROLE_ACCUEIL), &w.err);
	accepts(team_do(&w, w.rosa, suspend, TEXT(w.last.agent)), &w.err);
	accepts(team_do(&w, w.rosa, restore, TEXT(w.last.agent)), &w.err);
	equals(team_read(&w, w.last.agent).etat, AGENT_INVITE);
}

struct access {
	const char *agent;
	struct lien_secret s;
};

static bool give_access(struct equipe *q, void *arg, struct err *e)
{
	struct access *x = arg;

	return equipe_give_access(q, x->agent, &x->s, e);
}

TEST("a way back in is given by another, to an open account, and closes its sessions")
{
	TEAM(w);
	struct access x = { .agent = w.amina };

	accepts(lien_draw(w.signer, &env_test, &x.s, &w.err), &w.err);
	accepts(team_do(&w, NULL, session_verb, TEXT(w.amina)), &w.err);
	refuses(E_DENIED, team_do(&w, w.anne, give_access, &x), &w.err);
	x.agent = w.rosa;
	refuses(E_CONFLICT, team_do(&w, w.rosa, give_access, &x), &w.err);
	x.agent = w.amina;
	accepts(team_do(&w, w.rosa, give_access, &x), &w.err);
	same(read_text(&w, &session_end_of, w.amina), "referent");
	equals(team_lines(&w, w.amina, TRACE_ACCES_REDONNE), 1);
	accepts(team_invite(&w, w.rosa, "Ines", "Diaz", NULL, w.bondy, ROLE_ACCUEIL), &w.err);
	x.agent = w.last.agent;
	refuses(E_CONFLICT, team_do(&w, w.rosa, give_access, &x), &w.err);
}

static bool first_verb(struct equipe *q, void *arg, struct err *e)
{
	struct team_invitation *i = arg;

	return equipe_first(q, &(struct premier){ "Zoe", "Roy", NULL, "Hub du 93", 8 }, &i->s, &i->out, e);
}

TEST("the first administrator comes once")
{
	struct team_invitation i = { 0 };
	struct team w = { .a = arena_new(1 << 20) };
	const char *dir = test_dir();
	struct agent g;

	accepts(store_open(dir, STORE_CREATE, &env_test, &w.store, &w.err), &w.err);
	accepts(signer_open_local(dir, &env_test, &w.signer, &w.err), &w.err);
	accepts(lien_draw(w.signer, &env_test, &i.s, &w.err), &w.err);
	accepts(team_do(&w, NULL, first_verb, &i), &w.err);
	g = team_read(&w, i.out.agent);
	equals(g.etat, AGENT_INVITE);
	equals(g.places[0].roles, ROLE_ADMIN | ROLE_REFERENT);
	refuses(E_CONFLICT, team_do(&w, NULL, first_verb, &i), &w.err);
	team_close(&w);
}
