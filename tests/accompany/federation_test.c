#include "tests/admit/equipe_world.h"

#include "accompany/federation.h"
#include "accompany/federation.sql.h"
#include "accompany/mandat.h"
#include "core/journal.h"

/* RFC 7636, appendix B */
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define RETOUR "https://site.fr/retour"

static const struct federation_client site = { .id = "site", .nom = "Site", .sel = "sel" };
static const struct federation_client other = { .id = "autre", .nom = "Autre", .sel = "poivre" };

struct world {
	struct team t;
	const char *mandat, *code;
	struct demande d;
	struct echange x;
	bool did;
};

static bool put_client(struct tx *tx, const struct federation_client *c, struct err *e)
{
	return federation_client_add(tx, c->id, c->nom, "x", NULL, RETOUR, "", false, false, false,
				     "RS256", c->sel, "2026-11-22T10:00:00Z", NULL, e);
}

static bool found(struct tx *tx, void *arg, struct err *e)
{
	struct world *w = arg;
	struct usager u = { .structure = w->t.bondy, .nom = "Fatou", .langue = "fr" };
	struct mandat m = { .structure = w->t.bondy, .demarches = 1u << 4, .duree = DUREE_SHORT,
		.agents = { w->t.amina }, .nagents = 1, .cree_par = w->t.amina };

	if (!put_client(tx, &site, e) || !put_client(tx, &other, e)
	    || !usager_add(tx, &env_test, &w->t.a, &u, w->t.amina, e))
		return false;
	m.usager = u.id;
	if (!mandat_add(tx, &env_test, &w->t.a, &m, e))
		return false;
	w->mandat = m.id;
	return mandat_sign(tx, &env_test, &w->t.a, &(struct signature){ .mandat = m.id,
			.agent = w->t.amina, .preuve = "secret" }, e);
}

static bool agree(struct tx *tx, void *arg, struct err *e)
{
	struct world *w = arg;

	return federation_agree(tx, &env_test, &w->t.a, &(struct accord){ .client = &site,
			.demande = &w->d, .mandat = w->mandat, .agent = w->t.amina, .demarche = 4,
			.identite = "{\"given_name\":\"Fatou\"}", .auth_s = 1 }, w->code, e);
}

static bool exchange(struct tx *tx, void *arg, struct err *e)
{
	struct world *w = arg;

	return federation_exchange(tx, &env_test, &w->t.a, &w->x, e);
}

static bool stop(struct tx *tx, void *arg, struct err *e)
{
	struct world *w = arg;

	return mandat_stop(tx, &env_test, &w->t.a, w->mandat, -1, "usager", &w->did, e);
}

static void does(struct world *w, store_job *job)
{
	w->t.err = (struct err){ 0 };
	accepts(store_write(w->t.store, job, w, &w->t.err), &w->t.err);
}

static void world_open(struct world *w)
{
	*w = (struct world){ .d = { .redirect_uri = RETOUR, .nonce = "n", .scope = "openid",
				    .defi = CHALLENGE } };
	team_open(&w->t);
	does(w, found);
}

static void world_close(struct world *w)
{
	test_time_set("2026-11-22T10:00:00Z");
	team_close(&w->t);
}
#define WORLD CLEANUP(world_close) struct world w; world_open(&w)

/* A code given at ten o'clock, exchanged now: what comes of it. */
static enum echange_issue tries(struct world *w, struct echange x)
{
	w->x = x;
	w->x.code = w->code;
	w->x.jeton = arena_cat(&w->t.a, "jeton ", w->code, NULL);
	does(w, exchange);
	return w->x.issue;
}

static void gives(struct world *w, const char *code)
{
	test_time_set("2026-11-22T10:00:00Z");
	w->code = code;
	does(w, agree);
}

static const struct echange right = { .client = &site, .retour = RETOUR, .preuve = VERIFIER };

static bool reads(struct world *w)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct identite_vue v = { 0 };

	accepts(db_acquire(w->t.store, &db, &w->t.err)
		&& federation_identity(db, &env_test, &w->t.a, w->x.jeton, &v, &w->t.err), &w->t.err);
	if (v.bon)
		same(v.identite, "{\"given_name\":\"Fatou\"}");
	return v.bon;
}

static int64_t leaves(struct world *w)
{
	CLEANUP(db_release) struct db *db = NULL;
	int64_t n;

	accepts(db_acquire(w->t.store, &db, &w->t.err)
		&& journal_count(db, &w->t.a, &n, &w->t.err), &w->t.err);
	return n;
}

TEST("a code holds for thirty seconds, its token for sixty")
{
	WORLD;

	gives(&w, "a");
	test_time_set("2026-11-22T10:00:29Z");
	equals(tries(&w, right), ECHANGE_BON);
	holds(reads(&w));
	test_time_set("2026-11-22T10:01:28Z");
	holds(reads(&w));
	test_time_set("2026-11-22T10:01:29Z");
	holds(!reads(&w));
	gives(&w, "b");
	test_time_set("2026-11-22T10:00:30Z");
	equals(tries(&w, right), ECHANGE_PERIME);
	holds(!reads(&w));
}

TEST("whatever was wrong with a try, the code serves no more, and nothing is in the journal")
{
	static const struct { struct echange x; enum echange_issue issue; } cases[] = {
		{ { .client = &other, .retour = RETOUR, .preuve = VERIFIER }, ECHANGE_AUTRE },
		{ { .client = &site, .retour = RETOUR "/", .preuve = VERIFIER }, ECHANGE_RETOUR },
		{ { .client = &site, .preuve = VERIFIER }, ECHANGE_RETOUR },
		{ { .client = &site, .retour = RETOUR }, ECHANGE_PREUVE },
		{ { .client = &site, .retour = RETOUR, .preuve = CHALLENGE }, ECHANGE_PREUVE },
		{ { .client = &site, .retour = RETOUR, .preuve = "court" }, ECHANGE_PREUVE },
	};
	WORLD;
	int64_t n = leaves(&w);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		gives(&w, arena_printf(&w.t.a, "code %zu", i));
		equals(tries(&w, cases[i].x), cases[i].issue);
		equals(tries(&w, right), ECHANGE_SERVI);
		holds(!reads(&w));
	}
	w.code = "jamais donné";
	equals(tries(&w, right), ECHANGE_INCONNU);
	equals(leaves(&w), n);
}

TEST("a code that comes back ends the token that it gave")
{
	WORLD;
	int64_t n = leaves(&w);

	gives(&w, "a");
	equals(tries(&w, right), ECHANGE_BON);
	holds(reads(&w));
	equals(tries(&w, right), ECHANGE_SERVI);
	holds(!reads(&w));
	equals(leaves(&w), n + 1);
}

TEST("what the person stops between the code and the token, or after, gives nothing more")
{
	WORLD;
	int64_t n;

	gives(&w, "avant");
	equals(tries(&w, right), ECHANGE_BON);
	gives(&w, "entre");
	n = leaves(&w);
	w.x.jeton = "jeton avant";
	holds(reads(&w));
	does(&w, stop);
	holds(!reads(&w));
	equals(tries(&w, right), ECHANGE_DROIT);
	equals(leaves(&w), n + 1);              /* the stop alone */
	w.code = "après";
	w.t.err = (struct err){ 0 };
	refuses(E_CONFLICT, store_write(w.t.store, agree, &w, &w.t.err), &w.t.err);
}

TEST("a person has one name for a site, and another for another")
{
	struct arena a = arena_new(1 << 16);

	same(federation_sub(&a, &site, "fatou"), federation_sub(&a, &site, "fatou"));
	holds(strcmp(federation_sub(&a, &site, "fatou"), federation_sub(&a, &other, "fatou")) != 0);
	holds(strcmp(federation_sub(&a, &site, "fatou"), federation_sub(&a, &site, "fatima")) != 0);
	arena_free(&a);
}
