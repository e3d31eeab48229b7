#include "tests/admit/entree_world.h"

#include "admit/connexion.sql.h"
#include "admit/facteur.sql.h"
#include "admit/mot_de_passe.h"
#include "base/date.h"

/* --- two pages ------------------------------------------------------------------------------ */

static bool echo(struct req *r, struct res *s, struct err *e)
{
	(void)e;
	s->type = "text/plain";
	buf_printf(&s->body, "%s writes %s", req_agent(r)->prenom,
		   req_typed(r, "texte") ? req_typed(r, "texte") : "nothing");
	return true;
}

static const struct route pages[] = {
	{ GET, "/agent/essai", echo, &can_agent, NULL, 0, "essai", ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ POST, "/agent/essai", echo, &can_agent, NULL, 0, "essai", ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/agent/grave", echo, &can_agent_proved, NULL, 0, "grave", ROUTE_SLOW, NULL },
	{ POST, "/agent/grave", echo, &can_agent_proved, NULL, 0, "grave", ROUTE_SLOW, NULL },
	{ 0 },
};

/* --- the world -------------------------------------------------------------------------------- */

void entree_world_open(struct entree_world *w)
{
	static const struct route *const tables[] = {
		pages, connexion_routes, garde_routes, bienvenue_routes, facteur_routes, compte_routes, courriel_routes,
		carte_agent_routes, agents_routes, NULL,
	};
	struct router_options o = { .env = &env_test, .gzip_level = -1, .error_page = page_error };

	memset(w, 0, sizeof *w);
	team_open(&w->t);
	w->a = arena_new(64 << 20);
	w->core = (struct core){ .env = &env_test, .store = w->t.store, .signer = w->t.signer,
				 .site = { .nom = "Tremplin", .adresse = "https://aide.exemple.fr" } };
	accepts(entree_open(&w->core, &w->entree, &w->err), &w->err);
	box_make(&env_test, &w->box);
	o.core = &w->core;
	o.box = w->box;
	accepts(router_new(&o, &w->router, &w->err), &w->err);
	for (const struct route *const *t = tables; *t; t++)
		accepts(router_add(w->router, *t, &w->err), &w->err);
}

void entree_world_close(struct entree_world *w)
{
	router_close(&w->router);
	entree_close(&w->entree);
	team_close(&w->t);
	arena_free(&w->a);
}

/* --- a browser ------------------------------------------------------------------------------- */

static void keep_cookie(struct browser *b)
{
	const char *at = strstr(b->head, "\r\nSet-Cookie: ");
	size_t n;

	if (!at)
		return;
	at += strlen("\r\nSet-Cookie: ");
	n = strcspn(at, ";\r");
	holds(n < sizeof b->cookie);
	memcpy(b->cookie, at, n);
	b->cookie[n] = '\0';
	if (!strncmp(at + n, "; Path=/; HttpOnly; SameSite=Lax; Max-Age=0", 43))
		b->cookie[0] = '\0';
}

static void ask(struct browser *b, const char *request)
{
	struct buf out = buf_new(4 << 20);
	const char *end;

	router_ask(b->w->router, request, strlen(request), &out);
	b->head = arena_strn(&b->w->a, out.p, out.n);
	buf_free(&out);
	end = strstr(b->head, "\r\n\r\n");
	holds(end);
	b->body = end + 4;
	b->status = (int)strtol(b->head + strlen("HTTP/1.1 "), NULL, 10);
	keep_cookie(b);
}

static const char *cookie_line(struct browser *b)
{
	return *b->cookie ? arena_cat(&b->w->a, "Cookie: ", b->cookie, "\r\n", NULL) : "";
}

void browser_get(struct browser *b, const char *path)
{
	ask(b, arena_cat(&b->w->a, "GET ", path, " HTTP/1.1\r\nHost: aide.exemple.fr\r\n"
			 "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0\r\n",
			 cookie_line(b), "\r\n", NULL));
}

void browser_post_raw(struct browser *b, const char *path, const char *body, const char *more)
{
	ask(b, arena_printf(&b->w->a, "POST %s HTTP/1.1\r\nHost: aide.exemple.fr\r\n%s%s"
			    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu"
			    "\r\n\r\n%s", path, cookie_line(b), more, strlen(body), body));
}

const char *browser_hidden(struct browser *b, const char *name)
{
	const char *mark = arena_cat(&b->w->a, "name=\"", name, "\" value=\"", NULL);
	const char *at = strstr(b->body, mark);

	return at ? arena_strn(&b->w->a, at + strlen(mark), strcspn(at + strlen(mark), "\"")) : NULL;
}

const char *browser_token(struct browser *b)
{
	const char *token = browser_hidden(b, "csrf");

	if (!token)
		fail_msg("no form in: %s", b->body);
	return token;
}

void browser_post(struct browser *b, const char *path, const char *fields)
{
	browser_post_raw(b, path, arena_cat(&b->w->a, "csrf=", browser_token(b), "&", fields, NULL), "");
}

const char *browser_location(struct browser *b)
{
	const char *at = strstr(b->head, "\r\nLocation: ");

	return at && at < b->body ? arena_strn(&b->w->a, at + 12, strcspn(at + 12, "\r")) : "";
}

/* --- given ---------------------------------------------------------------------------------------- */

struct entering {
	struct agent_session_ask ask;
	struct agent_session_made made;
};

static bool enter_job(struct tx *tx, void *arg, struct err *e)
{
	struct entering *n = arg;

	return agent_session_open(tx, &env_test, &n->ask, &n->made, e);
}

void browser_enters(struct browser *b, const char *agent)
{
	struct entree_world *w = b->w;
	struct entering n = { .ask = { agent, NULL, "essai", "Firefox, Linux" } };
	char sealed[SESSION_COOKIE];
	struct session s;

	accepts(store_write(w->t.store, enter_job, &n, &w->err), &w->err);
	session_new(&s, &w->box, &env_test);
	session_set(&s, &w->a, AGENT_TOKEN, n.made.token);
	session_seal(&s, &w->box, &env_test, sealed);
	snprintf(b->cookie, sizeof b->cookie, "tremplin=%s", sealed);
}

const char *browser_agent_token(struct browser *b)
{
	struct session s = { 0 };
	const char *value = strchr(b->cookie, '='), *token;

	if (!value || !session_open(&s, &b->w->box, &env_test, &b->w->a, value + 1, strlen(value + 1)))
		return "";
	token = session_get(&s, AGENT_TOKEN);
	return token ? token : "";
}

struct giving {
	const char *agent;
	char id[UUID_TEXT], hash[PASSWORD_TEXT];
	struct bytes graine;
};

static bool phone_job(struct tx *tx, void *arg, struct err *e)
{
	struct giving *g = arg;

	return facteur_add_application(tx, g->id, g->agent, "téléphone", g->graine, 1,
				       "2026-11-01T10:00:00Z", NULL, e);
}

void given_phone(struct entree_world *w, const char *agent, char sign)
{
	struct giving g = { .agent = agent };
	char seed[20];

	memset(seed, sign, sizeof seed);
	uuid_new(&env_test, g.id);
	accepts(signer_seal(w->t.signer, "graines", (struct bytes){ seed, 20 }, &w->a, &g.graine,
			    &w->err), &w->err);
	accepts(store_write(w->t.store, phone_job, &g, &w->err), &w->err);
}

const char *phone_code(struct entree_world *w, char sign)
{
	char seed[20], code[9];

	memset(seed, sign, sizeof seed);
	accepts(totp_code(seed, sizeof seed, env_now(&env_test) / 30000, 6, code, &w->err), &w->err);
	return arena_str(&w->a, code);
}

static bool password_job(struct tx *tx, void *arg, struct err *e)
{
	struct giving *g = arg;

	return connexion_password(tx, g->agent, g->hash, "2026-11-01T10:00:00Z", NULL, e);
}

void given_password(struct entree_world *w, const char *agent, const char *password)
{
	struct giving g = { .agent = agent };

	accepts(mot_de_passe_hash(NULL, w->t.signer, password, g.hash, &w->err), &w->err);
	accepts(store_write(w->t.store, password_job, &g, &w->err), &w->err);
}

/* --- what the world tells ------------------------------------------------------------------------ */

static const enum query_type one_text[] = { Q_TEXT };
struct mail_row {
	const char *texte;
};
static const struct query_column mail_column[] = {
	{ Q_TEXT, true, offsetof(struct mail_row, texte), 0 },
};
static const struct query mails = {
	"mails", "SELECT texte FROM envoi WHERE destinataire = ?1 ORDER BY rowid", one_text, 1, mail_column, 1,
	sizeof(struct mail_row), true, NULL,
};

static struct mail_row *mails_of(struct entree_world *w, const char *address, size_t *n)
{
	CLEANUP(db_release) struct db *db = NULL;
	void *rows;

	accepts(db_acquire(w->t.store, &db, &w->err), &w->err);
	accepts(query_many(db, &w->a, &mails, &(union query_value){ .text = address }, &rows, n,
			   &w->err), &w->err);
	return rows;
}

int mails_for(struct entree_world *w, const char *address)
{
	size_t n;

	mails_of(w, address, &n);
	return (int)n;
}

const char *code_mailed(struct entree_world *w, const char *address)
{
	size_t n;
	struct mail_row *rows = mails_of(w, address, &n);

	for (const char *c = n ? rows[n - 1].texte : ""; *c; c += *c != '\0') {
		size_t digits = strspn(c, "0123456789");

		if (digits == 6)
			return arena_strn(&w->a, c, digits);
		c += digits;
	}
	fail_msg("no code for %s", address);
	return "";
}

const char *link_mailed(struct entree_world *w, const char *address)
{
	size_t n;
	struct mail_row *rows = mails_of(w, address, &n);
	const char *at = n ? strstr(rows[n - 1].texte, "https://aide.exemple.fr/agent/") : NULL;

	if (!at)
		fail_msg("no link for %s", address);
	at += strlen("https://aide.exemple.fr");
	return arena_strn(&w->a, at, strcspn(at, " \n"));
}

static bool suspend_verb(struct equipe *q, void *agent, struct err *e)
{
	return equipe_suspend(q, agent, e);
}

void suspend_account(struct entree_world *w, const char *agent)
{
	accepts(team_do(&w->t, NULL, suspend_verb, (void *)(uintptr_t)agent), &w->err);
}
