#include "admit/frein.h"
#include "test.h"

struct brakes {
	struct store *store;
	struct signer *signer;
	struct freins *f;
	struct err err;
};

static void brakes_open(struct brakes *b, const char *dir)
{
	memset(b, 0, sizeof *b);
	test_time_set("2026-11-22T10:00:00Z");
	accepts(store_open(dir, STORE_CREATE, &env_test, &b->store, &b->err), &b->err);
	accepts(signer_open_local(dir, &env_test, &b->signer, &b->err), &b->err);
	accepts(freins_new(b->signer, &env_test, &b->f, &b->err), &b->err);
	accepts(freins_load(b->f, b->store, &b->err), &b->err);
}

static void brakes_close(struct brakes *b)
{
	freins_free(&b->f);
	signer_close(&b->signer);
	store_close(b->store);
}

TEST("five wrong passwords cost nothing more, the sixth waits, and the wait doubles up to a quarter of an hour")
{
	struct brakes b;

	brakes_open(&b, test_dir());
	for (int i = 0; i < 4; i++)
		equals(frein_fail(b.f, FREIN_PAIRE, "amina@1.2.3.4"), 0);
	equals(frein_fail(b.f, FREIN_PAIRE, "amina@1.2.3.4"), 30000);
	equals(frein_wait(b.f, FREIN_PAIRE, "amina@1.2.3.4"), 30000);
	equals(frein_wait(b.f, FREIN_PAIRE, "amina@1.2.3.5"), 0);
	test_time_set("2026-11-22T10:00:29Z");
	equals(frein_wait(b.f, FREIN_PAIRE, "amina@1.2.3.4"), 1000);
	test_time_set("2026-11-22T10:00:30Z");
	equals(frein_wait(b.f, FREIN_PAIRE, "amina@1.2.3.4"), 0);
	equals(frein_fail(b.f, FREIN_PAIRE, "amina@1.2.3.4"), 60000);
	for (int i = 0; i < 20; i++)
		frein_fail(b.f, FREIN_PAIRE, "amina@1.2.3.4");
	equals(frein_wait(b.f, FREIN_PAIRE, "amina@1.2.3.4"), 15 * 60000);
	frein_forget(b.f, FREIN_PAIRE, "amina@1.2.3.4");
	equals(frein_wait(b.f, FREIN_PAIRE, "amina@1.2.3.4"), 0);
	brakes_close(&b);
}

TEST("after an hour without a try, wrong passwords are forgotten")
{
	struct brakes b;

	brakes_open(&b, test_dir());
	for (int i = 0; i < 5; i++)
		frein_fail(b.f, FREIN_PAIRE, "amina");
	test_time_set("2026-11-22T11:00:01Z");
	equals(frein_count(b.f, FREIN_PAIRE, "amina"), 0);
	equals(frein_fail(b.f, FREIN_PAIRE, "amina"), 0);
	brakes_close(&b);
}

TEST("a restart does not give tries on an account back, and keeps nothing of addresses")
{
	const char *dir = test_dir();
	struct brakes b;
	int64_t wait;

	brakes_open(&b, dir);
	for (int i = 0; i < 52; i++)
		wait = frein_fail(b.f, FREIN_COMPTE, "amina@ccas.test");
	equals(wait, 4 * 60000);
	for (int i = 0; i < 200; i++)
		frein_fail(b.f, FREIN_ADRESSE, "203.0.113.9");
	accepts(freins_flush(b.f, b.store, &b.err), &b.err);
	brakes_close(&b);
	brakes_open(&b, dir);
	equals(frein_wait(b.f, FREIN_COMPTE, "amina@ccas.test"), 4 * 60000);
	equals(frein_count(b.f, FREIN_COMPTE, "amina@ccas.test"), 52);
	equals(frein_count(b.f, FREIN_ADRESSE, "203.0.113.9"), 0);
	frein_forget(b.f, FREIN_COMPTE, "amina@ccas.test");
	accepts(freins_flush(b.f, b.store, &b.err), &b.err);
	brakes_close(&b);
	brakes_open(&b, dir);
	equals(frein_count(b.f, FREIN_COMPTE, "amina@ccas.test"), 0);
	brakes_close(&b);
}

TEST("who names a hundred thousand accounts does not make one's wrong passwords forgotten")
{
	struct brakes b;
	char who[40];

	brakes_open(&b, test_dir());
	for (int i = 0; i < 20; i++)
		frein_fail(b.f, FREIN_COMPTE, "amina@ccas.test");
	for (int i = 0; i < 100000; i++) {
		snprintf(who, sizeof who, "inconnu%d", i);
		frein_fail(b.f, FREIN_COMPTE, who);
	}
	equals(frein_count(b.f, FREIN_COMPTE, "amina@ccas.test"), 20);
	brakes_close(&b);
}
