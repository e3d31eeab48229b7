/*
 * What a session costs: the same small page, public and behind a session, asked of the
 * router in turn.  Prints microseconds of each, the least of many rounds, and the difference.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "admit/bienvenue.sql.h"
#include "admit/entree.h"
#include "admit/equipe.h"
#include "core/agent.h"
#include "web/router.h"
#include "web/session.h"

enum { ROUNDS = 40, ASKED = 2000 };

static bool say(struct req *r, struct res *s, struct err *e)
{
	(void)r;
	(void)e;
	buf_str(&s->body, "bonjour");
	return true;
}

static const struct route pages[] = {
	{ GET, "/public", say, CAN_PUBLIC, NULL, 0, "public", ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/agent/essai", say, &can_agent, NULL, 0, "agent", ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ 0 },
};

struct making {
	struct arena *a;
	struct lien_secret s;
	struct invited first;
	struct agent_session_made made;
};

static bool make(struct tx *tx, void *arg, struct err *e)
{
	struct making *m = arg;
	struct equipe q = { tx, &env_system, m->a, langs[0], NULL, NULL };
	struct premier p = { "Alba", "Moreau", NULL, "CCAS de Bondy", 0 };
	struct agent_session_ask ask = { .preuves = "essai", .appareil = "essai" };

	if (!equipe_first(&q, &p, &m->s, &m->first, e)
	    || !bienvenue_open(tx, m->first.agent, "2026-11-22T10:00:00Z", NULL, e))
		return false;
	ask.agent = m->first.agent;
	return agent_session_open(tx, &env_system, &ask, &m->made, e);
}

static double microseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double one_round(struct router *r, const char *request, const char *expected)
{
	struct buf out = buf_new(1 << 20);
	double began = microseconds();

	for (int i = 0; i < ASKED; i++) {
		buf_clear(&out);
		router_ask(r, request, strlen(request), &out);
	}
	began = microseconds() - began;
	if (!strstr(buf_text(&out), expected)) {
		fprintf(stderr, "unexpected: %s\n", buf_text(&out));
		exit(1);
	}
	buf_free(&out);
	return began / ASKED;
}

static const char *request_of(struct arena *a, const char *path, const char *cookie)
{
	return arena_printf(a, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s%s\r\n\r\n", path,
			    cookie ? "Cookie: tremplin=" : "X-Nothing: ", cookie ? cookie : "1");
}

static bool measure(const char *dir, struct arena *a, struct err *e)
{
	struct core core = { .env = &env_system, .site = { .nom = "essai", .adresse = "" } };
	struct making m = { .a = a };
	struct router_options o = { .env = &env_system, .core = &core, .gzip_level = -1 };
	struct router *r = NULL;
	struct entree *n = NULL;
	struct session s;
	char cookie[SESSION_COOKIE];
	double least[2] = { 1e9, 1e9 };

	box_make(&env_system, &o.box);
	if (!store_open(dir, STORE_CREATE, &env_system, &core.store, e)
	    || !signer_open_local(dir, &env_system, &core.signer, e)
	    || !entree_open(&core, &n, e) || !lien_draw(core.signer, &env_system, &m.s, e)
	    || !store_write(core.store, make, &m, e) || !router_new(&o, &r, e)
	    || !router_add(r, pages, e))
		return false;
	session_new(&s, &o.box, &env_system);
	session_set(&s, a, AGENT_TOKEN, m.made.token);
	session_seal(&s, &o.box, &env_system, cookie);
	for (int i = 0; i < 2 * ROUNDS; i++) {
		const char *request = request_of(a, i % 2 ? "/agent/essai" : "/public",
						 i % 2 ? cookie : NULL);
		double us = one_round(r, request, "bonjour");

		least[i % 2] = us < least[i % 2] ? us : least[i % 2];
	}
	printf("public %.1f us, behind a session %.1f us, difference %.1f us\n", least[0], least[1],
	       least[1] - least[0]);
	router_close(&r);
	entree_close(&n);
	signer_close(&core.signer);
	store_close(core.store);
	return true;
}

int main(int argc, char **argv)
{
	struct arena a = arena_new(8 << 20);
	struct err e = { 0 };

	if (argc != 2) {
		fprintf(stderr, "usage: session_bench DIR\n");
		return 2;
	}
	if (!measure(argv[1], &a, &e)) {
		fprintf(stderr, "%s %s\n", e.msg, e.hint);
		return 1;
	}
	return 0;
}
