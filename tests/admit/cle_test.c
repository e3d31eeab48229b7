#include "tests/admit/equipe_world.h"

#include "admit/cle.h"
#include "web/session.h"

#define ORIGIN "https://aide.exemple.fr"
#define CHALLENGE "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr8"

static bool read_client(const char *text, enum cle_use use, unsigned char hash[SHA256_BYTES],
			struct err *e)
{
	struct cle_client_ask ask = { use, CHALLENGE, ORIGIN };

	*e = (struct err){ 0 };
	return cle_client_read(text, strlen(text), &ask, hash, e);
}

#define CLIENT(type, challenge, origin, more) \
	"{\"type\":\"" type "\",\"challenge\":\"" challenge "\",\"origin\":\"" origin "\"" more "}"

TEST("what the browser says is taken for our site, our challenge and the right use alone")
{
	unsigned char hash[SHA256_BYTES];
	struct err e;
	static const char *const bad[] = {
		CLIENT("webauthn.create", CHALLENGE, ORIGIN, ""),
		CLIENT("payment.get", CHALLENGE, ORIGIN, ""),
		CLIENT("webauthn.get", "ByM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr8", ORIGIN, ""),
		CLIENT("webauthn.get", "", ORIGIN, ""),
		CLIENT("webauthn.get", CHALLENGE "=", ORIGIN, ""),
		CLIENT("webauthn.get", CHALLENGE, "https://aide.exemple.fr.evil.example", ""),
		CLIENT("webauthn.get", CHALLENGE, "http://aide.exemple.fr", ""),
		CLIENT("webauthn.get", CHALLENGE, "https://aide.exemple.fr:8443", ""),
		CLIENT("webauthn.get", CHALLENGE, ORIGIN, ",\"crossOrigin\":true"),
		CLIENT("webauthn.get", CHALLENGE, ORIGIN, ",\"crossOrigin\":\"false\""),
		CLIENT("webauthn.get", CHALLENGE, ORIGIN, ",\"topOrigin\":\"https://evil.example\""),
		"{\"type\":\"webauthn.get\",\"challenge\":7,\"origin\":\"" ORIGIN "\"}", "{}",
	};
	static const char *const unreadable[] = {
		"", "[]", "null", "{\"type\":", CLIENT("webauthn.get", CHALLENGE, ORIGIN, "") "x",
		/* a name twice is two answers */
		CLIENT("webauthn.get", CHALLENGE, "https://evil.example", ",\"origin\":\"" ORIGIN "\""),
	};

	accepts(read_client(CLIENT("webauthn.get", CHALLENGE, ORIGIN, ",\"crossOrigin\":false"), CLE_GET,
			    hash, &e), &e);
	accepts(read_client(CLIENT("webauthn.create", CHALLENGE, ORIGIN, ",\"other_keys_can_be_added_here\":\"x\""),
			    CLE_CREATE, hash, &e), &e);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		refuses(E_DENIED, read_client(bad[i], CLE_GET, hash, &e), &e);
	for (size_t i = 0; i < sizeof unreadable / sizeof *unreadable; i++)
		refuses(E_INPUT, read_client(unreadable[i], CLE_GET, hash, &e), &e);
}

TEST("the hash is of the client data as they came, byte for byte")
{
	static const char text[] = "{\"type\":\"webauthn.get\", \"challenge\":\"" CHALLENGE "\",\"origin\":\"" ORIGIN "\"}";
	unsigned char hash[SHA256_BYTES];
	char hex[SHA256_HEX], ours[SHA256_HEX];
	struct err e;

	accepts(read_client(text, CLE_GET, hash, &e), &e);
	sha256_hex(text, strlen(text), hex);
	for (int i = 0; i < SHA256_BYTES; i++)
		snprintf(ours + 2 * i, 3, "%02x", hash[i]);
	same(ours, hex);
}

TEST("a challenge serves once, for its own use, for five minutes")
{
	struct arena a = arena_new(1 << 18);
	struct session session = { .n = 0 };
	struct req r = { .env = &env_test, .a = &a, .session = &session };
	struct cle_awaited awaited;
	const char *drawn, *other;
	struct err e = { 0 };

	test_time_set("2026-11-22T10:00:00Z");
	refuses(E_CONFLICT, cle_challenge_take(&r, CLE_GET, &awaited, &e), &e);
	drawn = arena_str(&a, cle_challenge(&r, CLE_GET));
	equals(strlen(drawn), 43);
	accepts(cle_challenge_take(&r, CLE_GET, &awaited, &e), &e);
	same(awaited.challenge, drawn);
	equals(awaited.drawn_ms, env_now(&env_test));
	refuses(E_CONFLICT, cle_challenge_take(&r, CLE_GET, &awaited, &e), &e);
	other = cle_challenge(&r, CLE_CREATE);
	holds(strcmp(other, drawn));
	refuses(E_CONFLICT, cle_challenge_take(&r, CLE_GET, &awaited, &e), &e);
	refuses(E_CONFLICT, cle_challenge_take(&r, CLE_CREATE, &awaited, &e), &e);
	cle_challenge(&r, CLE_GET);
	test_time_set("2026-11-22T10:04:59Z");
	accepts(cle_challenge_take(&r, CLE_GET, &awaited, &e), &e);
	cle_challenge(&r, CLE_GET);
	test_time_set("2026-11-22T10:09:59Z");
	refuses(E_CONFLICT, cle_challenge_take(&r, CLE_GET, &awaited, &e), &e);
	arena_free(&a);
}

TEST("our name for browsers is the host of the address, and never a number")
{
	struct arena a = arena_new(1 << 16);
	struct core core = { .site = { .adresse = "https://aide.exemple.fr:8443" } };
	struct req r = { .env = &env_test, .a = &a, .core = &core };

	same(cle_rp(&r), "aide.exemple.fr");
	same(cle_origin(&r), "https://aide.exemple.fr:8443");
	core.site.adresse = "https://aide.exemple.fr:443/tremplin";
	same(cle_origin(&r), "https://aide.exemple.fr");
	core.site.adresse = "http://localhost:8080";
	same(cle_rp(&r), "localhost");
	same(cle_origin(&r), "http://localhost:8080");
	core.site.adresse = "http://127.0.0.1:8080";
	holds(!cle_rp(&r));
	core.site.adresse = "https://[2001:db8::1]";
	holds(!cle_rp(&r));
	arena_free(&a);
}

struct acting {
	struct cle_acte by;
	struct webauthn_key key;
	const char *id;
	uint32_t counter;
	int64_t drawn;
};

static bool add(struct equipe *q, void *arg, struct err *e)
{
	struct acting *k = arg;

	return cle_add(q->tx, q->env, q->a, &k->by, "ma clé", &k->key, e);
}

static bool serve(struct equipe *q, void *arg, struct err *e)
{
	struct acting *k = arg;

	return cle_served(q->tx, q->env, k->id, k->counter, k->drawn, e);
}

static size_t keys_of(struct team *w, const char *agent, struct cle **out)
{
	CLEANUP(db_release) struct db *db = NULL;
	size_t n;

	accepts(db_acquire(w->store, &db, &w->err) && cle_list(db, &w->a, agent, out, &n, &w->err),
		&w->err);
	return n;
}

static bool added(struct team *w, const char *agent, const char *id)
{
	struct acting k = { .by = { agent, "session", w->bondy } };

	w->err = (struct err){ 0 };
	k.key = (struct webauthn_key){ .alg = WEBAUTHN_ES256, .counter = 4 };
	k.key.id = (struct webauthn_bytes){ (const unsigned char *)id, strlen(id) };
	k.key.public = (struct webauthn_bytes){ (const unsigned char *)"publique", 8 };
	return team_do(w, agent, add, &k);
}

TEST("a key is of one account, once; ten are enough")
{
	TEAM(w);
	struct cle *keys;
	char id[2] = "a";

	accepts(added(&w, w.amina, "première"), &w.err);
	refuses(E_CONFLICT, added(&w, w.amina, "première"), &w.err);
	refuses(E_CONFLICT, added(&w, w.rosa, "première"), &w.err);
	equals(keys_of(&w, w.amina, &keys), 1);
	equals(keys[0].key.alg, WEBAUTHN_ES256);
	equals(keys[0].key.counter, 4);
	equals(keys[0].key.id.n, strlen("première"));
	assert_memory_equal(keys[0].key.public.p, "publique", 8);
	equals(keys_of(&w, w.rosa, &keys), 0);
	equals(team_lines(&w, w.amina, TRACE_FACTEUR_AJOUTE), 1);
	for (int i = 1; i < CLE_PAR_AGENT; i++, id[0]++)
		accepts(added(&w, w.amina, id), &w.err);
	refuses(E_CONFLICT, added(&w, w.amina, "de trop"), &w.err);
}

TEST("an answer of a key opens once: not again with the same challenge, nor with an older one")
{
	TEAM(w);
	struct cle *keys;
	struct acting k = { .counter = 5, .drawn = env_now(&env_test) };

	accepts(added(&w, w.amina, "clé"), &w.err);
	keys_of(&w, w.amina, &keys);
	k.id = keys[0].id;
	test_time_set("2026-11-22T10:00:30Z");
	accepts(team_do(&w, w.amina, serve, &k), &w.err);
	refuses(E_CONFLICT, team_do(&w, w.amina, serve, &k), &w.err);
	k.counter = 6;
	refuses(E_CONFLICT, team_do(&w, w.amina, serve, &k), &w.err);
	k.drawn = env_now(&env_test) + 1000;
	test_time_set("2026-11-22T10:00:40Z");
	accepts(team_do(&w, w.amina, serve, &k), &w.err);
	keys_of(&w, w.amina, &keys);
	equals(keys[0].key.counter, 6);
	holds(keys[0].vu_le);
}
