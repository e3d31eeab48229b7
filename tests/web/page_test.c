#include "test.h"

#include "web/page.h"
#include "web/session.h"

static const struct page_site demo_site = {
	.nom = "Tremplin", .territoire = "Seine-Saint-Denis", .telephone = "01 00 00 00 01",
	.telephone_lien = "+33100000001", .telephone_heures = "", .accessibilite = "partielle",
	.demo = true,
};
static const struct route public_route = { .path = "/lieux" };
static const struct route private_route = { .path = "/reperage/suite", .flags = ROUTE_PRIVATE };

/* A request for a path, as the router makes it. */
static struct req asked(struct arena *a, const struct route *route, const char *path,
			const char *query)
{
	static struct session nobody = { .csrf = "jeton" };

	return (struct req){ .env = &env_test, .a = a, .route = route, .method = GET,
		.path = path, .query = query, .lang = lang_find("fr"), .site = &demo_site,
		.session = &nobody };
}

#define in_arena(a) \
	CLEANUP(arena_free) struct arena arena_ = arena_new(1 << 20); \
	struct arena *a = &arena_

TEST("a page knows its entry of the menu from its path, and only on a whole word")
{
	in_arena(a);
	struct req list = asked(a, &public_route, "/lieux", "");
	struct req one = asked(a, &public_route, "/lieux/0198", "");
	struct req other = asked(a, &public_route, "/lieux-dits", "");

	equals(page_for(&list, "Lieux").nav, NAV_LIEUX);
	equals(page_for(&one, "Lieu").nav, NAV_LIEUX);
	equals(page_for(&other, "Autre").nav, NAV_NONE);
}

TEST("a change of language comes back to the same page, its query with it")
{
	in_arena(a);
	struct req r = asked(a, &public_route, "/lieux", "commune=Bondy");

	same(page_for(&r, "Lieux").path, "/lieux?commune=Bondy");
}

TEST("a page with answers can be erased and left at once, and stays out of search engines")
{
	in_arena(a);
	struct req r = asked(a, &private_route, "/reperage/suite", "");
	struct page page = page_for(&r, "Suite");

	holds(page.effacer && page.quitter && page.no_index);
}

TEST("a public page of a real site is for search engines, one of the demonstration is not")
{
	in_arena(a);
	struct page_site real = demo_site;
	struct req r = asked(a, &public_route, "/lieux", "");

	holds(page_for(&r, "Lieux").no_index);
	real.demo = false;
	r.site = &real;
	holds(!page_for(&r, "Lieux").no_index);
	holds(!page_for(&r, "Lieux").effacer);
}

/* The page that answers a refusal, as text. */
static const char *refusal_page(struct arena *a, struct req *r, const struct err *e,
				int *status)
{
	struct res s = { .body = buf_new(1 << 20) };
	const char *text;

	page_error(r, &s, e);
	*status = s.status;
	text = arena_str(a, buf_text(&s.body));
	buf_free(&s.body);
	return text;
}

TEST("the page of a refusal says what happened, what to do, and where to go on")
{
	in_arena(a);
	struct req r = asked(a, NULL, "/nulle-part", "");
	struct err e;
	int status;
	const char *text;

	fail(&e, E_MISSING, "Rien ne porte le nom <b>.");
	hint(&e, "Cherchez par commune.");
	text = refusal_page(a, &r, &e, &status);
	equals(status, 404);
	holds(strstr(text, "Rien ne porte le nom &lt;b&gt;."));
	holds(strstr(text, "Cherchez par commune."));
	holds(strstr(text, "href=\"/lieux\""));
	holds(strstr(text, "href=\"tel:+33100000001\""));
}

TEST("a page says that it is a demonstration, its language, and how accessible it is")
{
	in_arena(a);
	struct req r = asked(a, NULL, "/nulle-part", "");
	struct err e;
	int status;
	const char *text;

	fail(&e, E_MISSING, "Rien.");
	text = refusal_page(a, &r, &e, &status);
	holds(strstr(text, "<html lang=\"fr\" dir=\"ltr\">"));
	holds(strstr(text, "class=\"demo\""));
	holds(strstr(text, "partiellement conforme"));
}

TEST("the page of a refusal needs neither session nor route nor settings")
{
	in_arena(a);
	struct req r = asked(a, NULL, "/", "");
	struct err e;
	int status;

	r.session = NULL;
	r.site = NULL;
	fail(&e, E_BUSY, "Trop de monde.");
	holds(strstr(refusal_page(a, &r, &e, &status), "Tremplin"));
	equals(status, 503);
}
