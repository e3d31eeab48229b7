/*
 * A site with the communes of Seine-Saint-Denis, four made-up places around Bondy, and a
 * visitor with a browser that keeps its cookie.
 */
#pragma once

#include "test.h"

#include <stdlib.h>

#include "core/core.h"
#include "core/lieu.h"
#include "core/lieu_grid.h"
#include "core/repertoire.h"
#include "core/territoire.h"
#include "detect/detect.h"
#include "detect/reperage.h"
#include "store/db.h"
#include "web/page.h"
#include "web/router.h"

struct point_world {
	struct store *store;
	struct core core;
	struct router *router;
	struct arena a;
	struct err err;
	char cookie[6000];
	const char *body;               /* of the last answer */
	const char *head;
	int status;
};

#define LIEU_PASSERELLE "01980000-0000-7000-8000-000000000001"
#define LIEU_GARE "01980000-0000-7000-8000-000000000002"
#define LIEU_MEDIATHEQUE "01980000-0000-7000-8000-000000000003"
#define LIEU_LOIN "01980000-0000-7000-8000-000000000004"

static inline struct lieu point_place(struct arena *a, const char *id, const char *nom,
				      const char *services, const char *hours, double lat,
				      double lon)
{
	struct err e = { 0 };

	return (struct lieu){
		.id = id, .nom = nom, .cle = nom, .pivot = "", .commune = "Bondy",
		.code_postal = "93140", .code_insee = "93010", .adresse = "12 rue des Peupliers",
		.complement_adresse = "", .typologie = "", .telephone = "+33100000001",
		.courriels = "", .site_web = "", .horaires = hours, .horaires_texte = "",
		.presentation_resume = "", .presentation_detail = "", .source = "",
		.structure_parente = "", .autres_formations_labels = "", .fiche_acces_libre = "",
		.prise_rdv = "", .publics_recus = "", .date_maj = "2026-10-01",
		.source_titre = "", .cree_le = "", .maj_le = "",
		.services = choices_read(lieu_services, services, NULL),
		.lat = lat, .lon = lon,
		.heures = *hours ? horaires_read(a, hours, &e) : NULL,
		.calendrier = calendrier_de("93"),
	};
}

static inline void point_places(struct repertoire *r)
{
	struct lieu *l = NEW_ARRAY(&r->memory, 4, struct lieu);

	l[0] = point_place(&r->memory, LIEU_PASSERELLE, "La Passerelle",
		"Maîtrise des outils numériques du quotidien|Aide aux démarches administratives",
		"Mo-Fr 09:00-12:00", 48.9030, 2.4830);
	l[1] = point_place(&r->memory, LIEU_GARE, "France services de la Gare",
		"Aide aux démarches administratives", "Su 09:00-18:00", 48.9100, 2.4900);
	l[2] = point_place(&r->memory, LIEU_MEDIATHEQUE, "Médiathèque",
		"Accès internet et matériel informatique", "", 48.9200, 2.5000);
	l[3] = point_place(&r->memory, LIEU_LOIN, "Maison du numérique",
		"Aide aux démarches administratives", "Tu 14:00-18:00", 48.9600, 2.3600);
	r->lieux = l;
	r->nlieux = 4;
	r->grid = lieu_grid_make(&r->memory, l, 4);
}

static inline void point_open(struct point_world *w)
{
	struct repertoire *rep = NULL;
	struct db *db = NULL;

	test_time_set("2026-11-22T10:00:00");   /* a Sunday, 11 h in Paris */
	*w = (struct point_world){ .a = arena_new(64 << 20) };
	accepts(store_open(test_dir(), STORE_CREATE, &env_test, &w->store, &w->err), &w->err);
	accepts(territoire_demo(w->store, &w->err), &w->err);
	accepts(db_acquire(w->store, &db, &w->err), &w->err);
	accepts(repertoire_read(db, &rep, &w->err), &w->err);
	db_release(&db);
	point_places(rep);
	w->core = (struct core){ .env = &env_test, .store = w->store,
				 .slot = repertoire_slot_new(rep),
				 .site = { .adresse = "https://aide.exemple.fr" } };
	struct router_options o = { .env = &env_test, .core = &w->core, .gzip_level = -1 };

	box_make(&env_test, &o.box);
	accepts(router_new(&o, &w->router, &w->err), &w->err);
	accepts(router_add(w->router, detect_routes, &w->err), &w->err);
}

static inline void point_close(struct point_world *w)
{
	router_close(&w->router);
	repertoire_slot_free(w->core.slot);
	store_close(w->store);
	arena_free(&w->a);
}

/* Keeps the cookie of the answer, as a browser does. */
static inline void point_keep_cookie(struct point_world *w)
{
	const char *at = strcasestr(w->head, "\r\nSet-Cookie: ");
	size_t n;

	if (!at)
		return;
	at += 14;
	n = strcspn(at, ";\r");
	holds(n < sizeof w->cookie);
	memcpy(w->cookie, at, n);
	w->cookie[n] = '\0';
}

static inline void point_ask(struct point_world *w, const char *request)
{
	struct buf out = buf_new(4 << 20);
	const char *text, *end;

	router_ask(w->router, request, strlen(request), &out);
	text = arena_strn(&w->a, out.p, out.n);
	buf_free(&out);
	w->head = text;
	end = strstr(text, "\r\n\r\n");
	holds(end);
	w->body = end + 4;
	w->status = (int)strtol(text + strlen("HTTP/1.1 "), NULL, 10);
	point_keep_cookie(w);
}

static inline void point_get(struct point_world *w, const char *path)
{
	point_ask(w, arena_printf(&w->a, "GET %s HTTP/1.1\r\nHost: tremplin.test\r\n%s%s%s\r\n",
				  path, *w->cookie ? "Cookie: " : "", w->cookie,
				  *w->cookie ? "\r\n" : ""));
}

/* The token of the form that the last page shows. */
static inline const char *point_token(struct point_world *w)
{
	const char *at = strstr(w->body, "name=\"csrf\" value=\"");

	holds(at);
	at += 19;
	return arena_strn(&w->a, at, strcspn(at, "\""));
}

static inline void point_post(struct point_world *w, const char *path, const char *fields)
{
	const char *content = arena_printf(&w->a, "csrf=%s&%s", point_token(w), fields);

	point_ask(w, arena_printf(&w->a, "POST %s HTTP/1.1\r\nHost: tremplin.test\r\n"
		"Cookie: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n"
		"Content-Length: %zu\r\n\r\n%s", path, w->cookie, strlen(content), content));
}

static inline const char *point_location(struct point_world *w)
{
	const char *at = strcasestr(w->head, "\r\nLocation: ");

	if (!at || at > w->body)
		return "";
	at += 12;
	return arena_strn(&w->a, at, strcspn(at, "#\r"));
}

/* Posts, then follows the redirection. */
static inline void point_answer_page(struct point_world *w, const char *path,
				     const char *fields)
{
	point_post(w, path, fields);
	equals(w->status, 303);
	point_get(w, point_location(w));
	equals(w->status, 200);
}

#define shows(w, text) do { if (!strstr((w)->body, text)) \
	fail_msg("« %s » is not in: %s", text, (w)->body); } while (0)
#define hides(w, text) do { if (strstr((w)->body, text)) \
	fail_msg("« %s » is in the page", text); } while (0)
