#include "test.h"

#include "admit/lien.h"

struct world {
	struct store *store;
	struct signer *signer;
	struct arena a;
	struct err err;
};

static void open_world(struct world *w)
{
	const char *dir = test_dir();

	test_time_set("2026-11-22T10:00:00Z");
	*w = (struct world){ .a = arena_new(1 << 20) };
	accepts(store_open(dir, STORE_CREATE, &env_test, &w->store, &w->err), &w->err);
	accepts(signer_open_local(dir, &env_test, &w->signer, &w->err), &w->err);
}

static void close_world(struct world *w)
{
	signer_close(&w->signer);
	store_close(w->store);
	arena_free(&w->a);
}

#define WORLD(w) CLEANUP(close_world) struct world w; open_world(&w)

struct job {
	struct world *w;
	struct lien_secret secret;
	struct lien lien;
	const char *empreinte;
};

static bool put(struct tx *tx, void *arg, struct err *e)
{
	struct job *j = arg;

	return lien_put(tx, &env_test, &j->secret, &j->lien, e);
}

static bool use(struct tx *tx, void *arg, struct err *e)
{
	struct job *j = arg;

	return lien_use(tx, &j->w->a, &env_test, j->empreinte, &j->lien, e);
}

static struct job given_first_link(struct world *w)
{
	struct job j = { .w = w, .lien = { .sorte = LIEN_PREMIER, .minutes = LIEN_PREMIER_MIN } };

	accepts(lien_draw(w->signer, &env_test, &j.secret, &w->err), &w->err);
	accepts(store_write(w->store, put, &j, &w->err), &w->err);
	return j;
}

/* Opens the link as it is typed. */
static bool follow(struct world *w, const char *typed)
{
	char tag[BOX_TAG_TEXT];
	struct job j = { .w = w, .empreinte = tag };

	return lien_tag(w->signer, typed, tag, &w->err) && store_write(w->store, use, &j, &w->err);
}

TEST("a link serves once, and the second time says that it has served")
{
	WORLD(w);
	struct job j = given_first_link(&w);

	equals(strlen(j.secret.code), 16);
	accepts(follow(&w, j.secret.code), &w.err);
	refuses(E_MISSING, follow(&w, j.secret.code), &w.err);
	holds(strstr(w.err.msg, "déjà servi"));
}

TEST("a code is read as people copy it: small letters, hyphens, O for zero")
{
	WORLD(w);
	struct job j = given_first_link(&w);
	char typed[40] = "";
	const char *shown = lien_shown(&w.a, j.secret.code);

	for (size_t i = 0; shown[i]; i++) {
		char c = shown[i];

		typed[i] = c == '0' ? 'o' : c == '1' ? 'l' : (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	accepts(follow(&w, typed), &w.err);
}

TEST("a code badly copied is not one, whatever its shape")
{
	WORLD(w);
	struct job j = given_first_link(&w);

	j.secret.code[3] = j.secret.code[3] == '7' ? '8' : '7';
	refuses(E_MISSING, follow(&w, j.secret.code), &w.err);
	refuses(E_MISSING, follow(&w, ""), &w.err);
	refuses(E_MISSING, follow(&w, "K7QM"), &w.err);
	refuses(E_MISSING, follow(&w, "K7QM-2XWD-9AB3-77Q2-0000-1111"), &w.err);
	refuses(E_MISSING, follow(&w, "K7QM-2XWD-9AB3-77é2"), &w.err);
}

TEST("a link that waited too long says so")
{
	WORLD(w);
	struct job j = given_first_link(&w);

	test_time_set("2026-11-23T10:00:00Z");
	refuses(E_MISSING, follow(&w, j.secret.code), &w.err);
	holds(strstr(w.err.msg, "plus valable"));
	test_time_set("2026-11-22T10:00:00Z");
}

TEST("a newer link takes the place of the one before")
{
	WORLD(w);
	struct job first = given_first_link(&w), second = given_first_link(&w);

	refuses(E_MISSING, follow(&w, first.secret.code), &w.err);
	accepts(follow(&w, second.secret.code), &w.err);
}
