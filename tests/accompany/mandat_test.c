#include "tests/admit/equipe_world.h"

#include "accompany/acte.h"
#include "accompany/consentement.h"
#include "base/date.h"
#include "core/journal.h"

/* One verb in a job of its own. */
struct job {
	struct team *w;
	bool (*verb)(struct tx *tx, struct team *w, void *arg, struct err *e);
	void *arg;
};

static bool run(struct tx *tx, void *arg, struct err *e)
{
	struct job *j = arg;

	return j->verb(tx, j->w, j->arg, e);
}

static bool done(struct team *w, bool (*verb)(struct tx *, struct team *, void *, struct err *),
		 void *arg)
{
	struct job j = { w, verb, arg };

	w->err = (struct err){ 0 };
	return store_write(w->store, run, &j, &w->err);
}

static bool add_usager(struct tx *tx, struct team *w, void *u, struct err *e)
{
	return usager_add(tx, &env_test, &w->a, u, w->amina, e);
}

static bool add_mandat(struct tx *tx, struct team *w, void *m, struct err *e)
{
	return mandat_add(tx, &env_test, &w->a, m, e);
}

static bool sign(struct tx *tx, struct team *w, void *id, struct err *e)
{
	return mandat_sign(tx, &env_test, &w->a, &(struct signature){ .mandat = id,
			.agent = w->amina, .preuve = "secret" }, e);
}

static struct mandat asked(struct team *w, unsigned bits, enum mandat_duree duree)
{
	struct usager u = { .structure = w->bondy, .nom = "Fatou", .langue = "fr" };

	accepts(done(w, add_usager, &u), &w->err);
	return (struct mandat){ .usager = u.id, .structure = w->bondy, .demarches = bits,
		.duree = duree, .agents = { w->amina }, .nagents = 1, .cree_par = w->amina };
}

static const char *signed_one(struct team *w, unsigned bits, enum mandat_duree duree)
{
	struct mandat m = asked(w, bits, duree);

	accepts(done(w, add_mandat, &m), &w->err);
	accepts(done(w, sign, (void *)(uintptr_t)m.id), &w->err);
	return m.id;
}

struct doing {
	struct acte x;
	int64_t numero;
};

static bool record(struct tx *tx, struct team *w, void *arg, struct err *e)
{
	struct doing *d = arg;

	return acte_record(tx, &env_test, &w->a, &d->x, &d->numero, e);
}

static struct doing doing(struct team *w, const char *mandat, const char *agent, int demarche)
{
	char id[UUID_TEXT];

	uuid_new(&env_test, id);
	return (struct doing){ { .id = arena_str(&w->a, id), .mandat = mandat, .agent = agent,
		.demarche = demarche, .fait = "Demande envoyée" }, -1 };
}

static int64_t leaves(struct team *w)
{
	CLEANUP(db_release) struct db *db = NULL;
	int64_t n;

	accepts(db_acquire(w->store, &db, &w->err) && journal_count(db, &w->a, &n, &w->err), &w->err);
	return n;
}

TEST("the number of a card betrays every wrong digit and every swap of neighbours")
{
	char n[USAGER_NUMERO], out[USAGER_NUMERO];
	struct err e = { 0 };

	/* the example of the literature on Damm's scheme: 572 takes the check 4 */
	holds(!usager_numero_read("572", out, &e));
	for (int k = 0; k < 50; k++) {
		usager_numero_make(&env_test, n);
		accepts(usager_numero_read(n, out, &e), &e);
		for (int i = 0; i < 9; i++) {
			char was = n[i];

			for (char c = '0'; c <= '9'; c++) {
				n[i] = c;
				holds(usager_numero_read(n, out, &e) == (c == was));
			}
			n[i] = was;
			if (i < 8 && n[i] != n[i + 1]) {
				char swap = n[i + 1];

				n[i + 1] = n[i];
				n[i] = swap;
				holds(!usager_numero_read(n, out, &e));
				n[i] = n[i + 1];
				n[i + 1] = swap;
			}
			n[i] = was;
		}
	}
}

TEST("a yes is read however it is written, and a maybe is no yes")
{
	static const struct { const char *text; enum reponse said; const char *code; } cases[] = {
		{ "Oui", REPONSE_OUI, "" }, { "OUI !", REPONSE_OUI, "" }, { " o u i ", REPONSE_OUI, "" },
		{ "oüi.", REPONSE_OUI, "" }, { "\xc2\xab Oui \xc2\xbb", REPONSE_OUI, "" },
		{ "Oui 4821 7736", REPONSE_OUI, "48217736" }, { "oui:482177-36", REPONSE_OUI, "48217736" },
		{ "Non", REPONSE_NON, "" }, { "NON.", REPONSE_NON, "" }, { "nón", REPONSE_NON, "" },
		{ "oui mais", REPONSE_AUTRE, "" }, { "ouais", REPONSE_AUTRE, "" },
		{ "nonante", REPONSE_AUTRE, "" }, { "oui 12", REPONSE_AUTRE, "" },
		{ "", REPONSE_AUTRE, "" }, { "pourquoi ?", REPONSE_AUTRE, "" },
	};
	char code[USAGER_CODE + 1];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		equals(oui_read(cases[i].text, code), cases[i].said);
		if (cases[i].said != REPONSE_AUTRE)
			same(code, cases[i].code);
	}
}

TEST("a mandat of one day ends at midnight in Paris, in winter, in summer, when the clock changes")
{
	static const struct { const char *signe; enum mandat_duree d; const char *end; } cases[] = {
		{ "2026-11-22T10:00:00Z", DUREE_SHORT, "2026-11-22T23:00:00Z" },
		{ "2026-11-22T23:30:00Z", DUREE_SHORT, "2026-11-23T23:00:00Z" },  /* already the 23rd */
		{ "2026-07-14T10:00:00Z", DUREE_SHORT, "2026-07-14T22:00:00Z" },
		{ "2026-10-25T00:30:00Z", DUREE_SHORT, "2026-10-25T23:00:00Z" },  /* a day of 25 hours */
		{ "2026-11-22T10:00:00Z", DUREE_MONTH, "2026-12-22T23:00:00Z" },
		{ "2026-11-22T10:00:00Z", DUREE_SEMESTER, "2027-05-22T22:00:00Z" },
		{ "2026-11-22T10:00:00Z", DUREE_LONG, "2027-11-21T23:00:00Z" },
	};
	char text[ISO_TEXT];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		test_time_set(cases[i].signe);
		iso_write(mandat_end(env_now(&env_test), cases[i].d), text);
		same(text, cases[i].end);
	}
	test_time_set("2026-11-22T10:00:00Z");
}

TEST("the right to act is that of the moment of the act")
{
	TEAM(w);
	const char *id = signed_one(&w, 1u << 4 | 1u << 2, DUREE_SHORT);
	struct doing d = doing(&w, id, w.amina, 4);
	int64_t n;

	accepts(done(&w, record, &d), &w.err);
	n = leaves(&w);
	accepts(done(&w, record, &d), &w.err);          /* sent twice */
	equals(leaves(&w), n);
	d = doing(&w, id, w.amina, DEMARCHE_ARGENT);    /* never asked for */
	refuses(E_CONFLICT, done(&w, record, &d), &w.err);
	d = doing(&w, id, w.remi, 4);                   /* of the structure, not named */
	refuses(E_DENIED, done(&w, record, &d), &w.err);
	d.x.raison = "Amina est absente";
	accepts(done(&w, record, &d), &w.err);
	d = doing(&w, id, w.anne, 4);                   /* of another structure */
	refuses(E_DENIED, done(&w, record, &d), &w.err);
	n = leaves(&w);
	test_time_set("2026-11-22T23:00:00Z");          /* midnight in Paris, no job has run */
	d = doing(&w, id, w.amina, 4);
	refuses(E_CONFLICT, done(&w, record, &d), &w.err);
	equals(leaves(&w), n);
	test_time_set("2026-11-22T10:00:00Z");
}

static bool stop_housing(struct tx *tx, struct team *w, void *arg, struct err *e)
{
	bool *did = arg;
	const char *id = w->code;

	return mandat_stop(tx, &env_test, &w->a, id, 4, w->rosa, did, e);
}

TEST("one démarche stops alone, once, and what is left serves still")
{
	TEAM(w);
	const char *id = signed_one(&w, 1u << 4 | 1u << 2, DUREE_MONTH);
	struct doing d = doing(&w, id, w.amina, 4), other = doing(&w, id, w.amina, 2);
	bool did = false;
	int64_t n = leaves(&w);

	w.code = id;
	accepts(done(&w, stop_housing, &did), &w.err);
	holds(did);
	accepts(done(&w, stop_housing, &did), &w.err);
	holds(!did);
	equals(leaves(&w), n + 1);
	refuses(E_CONFLICT, done(&w, record, &d), &w.err);
	accepts(done(&w, record, &other), &w.err);
}

TEST("a mandat asks for something, of named aidants of the structure, and a curatelle for two names")
{
	TEAM(w);
	struct mandat m = asked(&w, 0, DUREE_SHORT);

	refuses(E_INPUT, done(&w, add_mandat, &m), &w.err);
	m.demarches = 1;
	m.agents[0] = w.rosa;                           /* a referent who is no aidant */
	refuses(E_DENIED, done(&w, add_mandat, &m), &w.err);
	m.agents[0] = w.amina;
	m.protection = PROTECTION_CURATELLE;
	refuses(E_INPUT, done(&w, add_mandat, &m), &w.err);
	m.protecteur = "UDAF";
	accepts(done(&w, add_mandat, &m), &w.err);
	refuses(E_DENIED, done(&w, sign, (void *)(uintptr_t)m.id), &w.err);
}

static bool sign_two(struct tx *tx, struct team *w, void *id, struct err *e)
{
	return mandat_sign(tx, &env_test, &w->a, &(struct signature){ .mandat = id,
			.agent = w->amina, .preuve = "papier",
			.protecteur_le = "2026-11-22T10:00:00Z" }, e);
}

TEST("a mandat is renewed up to a year after its end, by the same structure for the same person")
{
	TEAM(w);
	const char *old = signed_one(&w, 1, DUREE_SHORT);       /* ends on 2026-11-22 at 23:00 UTC */
	struct mandat other = asked(&w, 1, DUREE_SHORT), was, next;

	accepts(done(&w, add_mandat, &other), &w.err);
	{
		CLEANUP(db_release) struct db *db = NULL;

		accepts(db_acquire(w.store, &db, &w.err)
			&& mandat_get(db, &w.a, old, "2026-11-22T10:00:00Z", &was, &w.err), &w.err);
	}
	next = (struct mandat){ .usager = was.usager, .structure = w.bondy, .demarches = 1,
		.duree = DUREE_SHORT, .agents = { w.amina }, .nagents = 1, .cree_par = w.amina,
		.renouvelle = old };
	test_time_set("2027-11-22T22:59:00Z");
	accepts(done(&w, add_mandat, &next), &w.err);
	other.renouvelle = old;                         /* of somebody else */
	refuses(E_DENIED, done(&w, add_mandat, &other), &w.err);
	test_time_set("2027-11-22T23:01:00Z");
	refuses(E_CONFLICT, done(&w, add_mandat, &next), &w.err);
	test_time_set("2026-11-22T10:00:00Z");
}

TEST("who represents signs with or for the person under tutelle and habilitation familiale")
{
	TEAM(w);
	static const enum protection kinds[] = { PROTECTION_TUTELLE, PROTECTION_HABILITATION };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct mandat m = asked(&w, 1, DUREE_SHORT);

		m.protection = kinds[i];
		refuses(E_INPUT, done(&w, add_mandat, &m), &w.err);     /* nobody is named */
		m.protecteur = "Nora Diallo";
		accepts(done(&w, add_mandat, &m), &w.err);
		refuses(E_DENIED, done(&w, sign, (void *)(uintptr_t)m.id), &w.err);
		accepts(done(&w, sign_two, (void *)(uintptr_t)m.id), &w.err);
	}
}

TEST("a clock that jumps back gives back no right that was stopped")
{
	TEAM(w);
	const char *id = signed_one(&w, 1u << 4, DUREE_SHORT);
	struct doing d = doing(&w, id, w.amina, 4);
	bool did = false;

	w.code = id;
	accepts(done(&w, stop_housing, &did), &w.err);
	holds(did);
	test_time_set("2026-11-20T10:00:00Z");
	refuses(E_CONFLICT, done(&w, record, &d), &w.err);
	test_time_set("2026-11-22T10:00:00Z");
}
