#include "store/poste.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/envoi.h"
#include "store/envoi.sql.h"
#include "tests/store/talker.h"
#include "tests/store/world.h"

/* A post of the tests: a folder, settings, one gateway that answers what it is told. */
struct bureau {
	const char *dir;
	struct arena a;
	struct store *s;
	struct envoi_reglages r;
	struct poste *p;
	struct talker t;
	struct err e;
	bool talks;
};

static const char kannel_ok[] =
	"HTTP/1.1 202 Accepted\r\nContent-Length: 26\r\n\r\n0: Accepted for delivery\r\n";

static void begin(struct bureau *b, const char *const (*settings)[2])
{
	struct reglage_brut raw[16];
	size_t n = 0;

	memset(b, 0, sizeof *b);
	b->a = arena_new(16 << 20);
	for (; settings[n][0]; n++)
		raw[n] = (struct reglage_brut){ settings[n][0], settings[n][1], true };
	accepts(envoi_reglages_read(&b->a, raw, n, REGLAGES_PARTIR | REGLAGES_RECEVOIR, &b->r,
				    &b->e), &b->e);
	b->dir = test_dir();
	test_time_set("2026-11-24T10:00:00Z");          /* a Tuesday, 11 h in Paris */
	b->s = open_store(b->dir, STORE_CREATE);
	accepts(poste_open(b->s, &b->r, &b->p, &b->e), &b->e);
}

static void begin_simple(struct bureau *b, const char *way)
{
	const char *const settings[][2] = { { "sms_passerelle", way }, { "smtp", way }, { 0 } };

	begin(b, settings);
}

/* A gateway on a port of ours; answers are in b->t before. */
static void begin_gateway(struct bureau *b, struct talker *t, const char *together)
{
	static char url[80];
	const char *const settings[][2] = { { "sms_passerelle", "kannel" }, { "sms_adresse", url },
		{ "sms_utilisateur", "u" }, { "sms_mot_de_passe", "secret" },
		{ "sms_ensemble", together }, { "sms_expediteur", "Aide 93" },
		{ "sms_retour_adresse", "https://aide.exemple.fr" }, { 0 } };

	talker_begin(t);
	snprintf(url, sizeof url, "http://127.0.0.1:%d/cgi-bin/sendsms", t->port);
	begin(b, settings);
	b->talks = true;
}

static void end(struct bureau *b, struct talker *t)
{
	poste_close(&b->p);
	store_close(b->s);
	envoi_reglages_close(&b->r);
	arena_free(&b->a);
	if (b->talks)
		talker_end(t);
	test_time_set("2026-11-22T10:00:00Z");
}

struct putting {
	struct envoi m;
	char id[UUID_TEXT];
};

static bool put_job(struct tx *tx, void *arg, struct err *e)
{
	struct putting *p = arg;

	return envoi_put(tx, &p->m, p->id, e);
}

static const char *put(struct bureau *b, struct envoi m)
{
	struct putting p = { .m = m };

	accepts(store_write(b->s, put_job, &p, &b->e), &b->e);
	return arena_str(&b->a, p.id);
}

static const char *put_sms(struct bureau *b, const char *to, const char *text)
{
	return put(b, (struct envoi){ .canal = ENVOI_SMS, .genre = "essai", .destinataire = to,
		   .texte = text });
}

/* Turns until nothing is under way and nothing is due now; at most 400 turns. */
static void turn(struct bureau *b)
{
	poste_wake(b->p);
	for (int i = 0; i < 400; i++) {
		int64_t next;

		accepts(poste_turn(b->p, 5, &next, &b->e), &b->e);
		if (next && !poste_under_way(b->p))
			return;
	}
	fail_msg("the post does not come to rest");
}

static struct envoi_get_row get(struct bureau *b, const char *id)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct envoi_get_row row = { 0 };
	bool found = false;

	accepts(db_acquire(b->s, &db, &b->e)
		&& envoi_get(db, &b->a, id, &row, &found, &b->e), &b->e);
	holds(found);
	return row;
}

static size_t files_of(const struct bureau *b, const char *ending)
{
	char path[200];
	size_t n = 0, k = strlen(ending);
	struct dirent *f;
	DIR *d;

	snprintf(path, sizeof path, "%s/messages", b->dir);
	d = opendir(path);
	while (d && (f = readdir(d))) {
		size_t length = strlen(f->d_name);

		n += length > k && !strcmp(f->d_name + length - k, ending);
	}
	if (d)
		closedir(d);
	return n;
}

/* --- leaving ---------------------------------------------------------------------------- */

TEST("a message in the folder is whole, private, and its text is no longer in the store")
{
	struct bureau b;
	const char *sms, *mail;
	char path[200], text[2000] = "";
	struct stat st;
	FILE *f;

	begin_simple(&b, "dossier");
	sms = put_sms(&b, "+33612345678", "Votre code : été 4821");
	mail = put(&b, (struct envoi){ .canal = ENVOI_COURRIEL, .genre = "essai", .objet = "Été",
		   .destinataire = "a@exemple.fr", .texte = "Bonjour", .html = "<p>Bonjour</p>" });
	turn(&b);
	same(get(&b, sms).etat, "parti");
	same(get(&b, mail).etat, "parti");
	equals(files_of(&b, ".sms"), 1);
	equals(files_of(&b, ".eml"), 1);
	snprintf(path, sizeof path, "%s/messages/%s.sms", b.dir, sms);
	equals(stat(path, &st), 0);
	equals(st.st_mode & 0777, 0600);
	f = fopen(path, "r");
	holds(f && fread(text, 1, sizeof text - 1, f));
	fclose(f);
	holds(strstr(text, "To: 33612345678\n") && strstr(text, "Votre code : été 4821"));
	end(&b, NULL);
}

static bool file_has(const char *dir, const char *name, const char *words)
{
	char path[200], *all;
	size_t n;
	bool found;
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "r");
	if (!f)
		return false;
	all = malloc(16 << 20);
	n = fread(all, 1, 16 << 20, f);
	fclose(f);
	found = memmem(all, n, words, strlen(words)) != NULL;
	free(all);
	return found;
}

TEST("a code that has left is nowhere on the disk, once the log of the store is swept")
{
	struct bureau b;
	const char *id;

	begin_simple(&b, "journal");
	id = put_sms(&b, "+33612345678", "Code XQZJ-4417-WKVB");
	holds(file_has(b.dir, "tremplin.db", "XQZJ-4417") || file_has(b.dir, "tremplin.db-wal", "XQZJ-4417"));
	turn(&b);
	same(get(&b, id).etat, "parti");
	test_time_set("2026-11-24T10:03:00Z");
	turn(&b);
	holds(!file_has(b.dir, "tremplin.db", "XQZJ-4417"));
	holds(!file_has(b.dir, "tremplin.db-wal", "XQZJ-4417"));
	end(&b, NULL);
}

TEST("a gateway hears the number, the text and where to say what became of it")
{
	static struct talker t = { .answers = { kannel_ok }, .nanswers = 1 };
	struct bureau b;
	const char *id, *jeton;

	begin_gateway(&b, &t, "1");
	id = put_sms(&b, "+33612345678", "Été à 5 € & plus");
	jeton = get(&b, id).jeton;
	turn(&b);
	same(get(&b, id).etat, "parti");
	equals(get(&b, id).essais, 1);
	holds(strstr(t.heard, "GET /cgi-bin/sendsms?username=u&password=secret&from=Aide%2093"
		     "&to=%2B33612345678&text=%C3%89t%C3%A9%20%C3%A0%205%20%E2%82%AC%20%26%20plus"
		     "&charset=UTF-8&coding=0&dlr-mask=19&dlr-url=https%3A%2F%2Faide.exemple.fr"
		     "%2Fenvois%2Fretour%2Faccuse%3Fid%3D"));
	holds(strstr(t.heard, id) && strstr(t.heard, jeton));
	holds(strstr(t.heard, "%26statut%3D%25d%26le%3D%25T "));
	end(&b, &t);
}

TEST("a number that the gateway will never take ends there, with its text erased")
{
	static struct talker t = { .answers = { "HTTP/1.1 400 Bad\r\nContent-Length: 34\r\n\r\n"
		"Missing receiver number, rejected." }, .nanswers = 1 };
	struct bureau b;
	const char *id;

	begin_gateway(&b, &t, "1");
	id = put_sms(&b, "+33612345678", "Bonjour");
	turn(&b);
	same(get(&b, id).etat, "refuse");
	same(get(&b, id).motif, "La passerelle a répondu 400.");
	test_time_set("2026-11-24T11:00:00Z");
	turn(&b);
	equals(t.asked, 1);
	end(&b, &t);
}

TEST("a gateway that fails is tried again, later each time, and nothing is lost")
{
	static struct talker t = { .answers = { "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", kannel_ok }, .nanswers = 3 };
	struct bureau b;
	const char *id;

	begin_gateway(&b, &t, "4");
	id = put_sms(&b, "+33612345678", "Bonjour");
	turn(&b);
	same(get(&b, id).etat, "attente");
	same(get(&b, id).motif, "La passerelle a répondu 503.");
	equals(t.asked, 1);
	turn(&b);
	equals(t.asked, 1);                             /* 15 s, give or take a fifth */
	test_time_set("2026-11-24T10:00:11Z");
	turn(&b);
	equals(t.asked, 1);
	test_time_set("2026-11-24T10:00:19Z");
	turn(&b);
	equals(t.asked, 2);
	test_time_set("2026-11-24T10:00:40Z");          /* then 30 s */
	turn(&b);
	equals(t.asked, 2);
	test_time_set("2026-11-24T10:01:00Z");
	turn(&b);
	equals(t.asked, 3);
	same(get(&b, id).etat, "parti");
	end(&b, &t);
}

TEST("a gateway in trouble is asked with one message, not with all that wait")
{
	static struct talker t = { .answers = { "HTTP/1.1 503 No\r\nConnection: close\r\n"
		"Content-Length: 0\r\n\r\n" }, .nanswers = 1 };
	struct bureau b;
	char to[32];
	size_t first;

	begin_gateway(&b, &t, "4");
	for (int i = 0; i < 50; i++) {
		snprintf(to, sizeof to, "+336123456%02d", i);
		put_sms(&b, to, "Bonjour");
	}
	turn(&b);
	first = t.asked;
	holds(first <= 4);
	test_time_set("2026-11-24T10:00:05Z");
	turn(&b);
	equals(t.asked, first + 1);
	end(&b, &t);
}

TEST("a message that could not leave in its time expires, and says why")
{
	static struct talker t = { .answers = { "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n" },
		.nanswers = 1 };
	struct bureau b;
	const char *id;

	begin_gateway(&b, &t, "1");
	id = put(&b, (struct envoi){ .canal = ENVOI_SMS, .genre = "connexion-code", .urgent = true,
		 .destinataire = "+33612345678", .texte = "Code", .expire = 1795515000000 + 600000 });
	turn(&b);
	test_time_set("2026-11-24T10:30:00Z");
	turn(&b);
	same(get(&b, id).etat, "perime");
	same(get(&b, id).motif, "Il n’a pas pu partir à temps.");
	end(&b, &t);
}

/* --- when ------------------------------------------------------------------------------- */

TEST("at night only what its own reader has just asked for leaves; the rest waits for the morning")
{
	struct bureau b;
	const char *calm, *code, *mail;

	begin_simple(&b, "journal");
	test_time_set("2026-11-24T19:30:00Z");          /* 20 h 30 in Paris */
	calm = put_sms(&b, "+33612345678", "Bonjour");
	code = put(&b, (struct envoi){ .canal = ENVOI_SMS, .genre = "connexion-code", .urgent = true,
		   .destinataire = "+33612345678", .texte = "Code" });
	mail = put(&b, (struct envoi){ .canal = ENVOI_COURRIEL, .genre = "essai", .objet = "x",
		   .destinataire = "a@exemple.fr", .texte = "Bonjour" });
	turn(&b);
	same(get(&b, calm).etat, "attente");
	same(get(&b, code).etat, "parti");
	same(get(&b, mail).etat, "parti");
	test_time_set("2026-11-25T06:59:59Z");
	turn(&b);
	same(get(&b, calm).etat, "attente");
	test_time_set("2026-11-25T07:00:00Z");          /* 8 h */
	turn(&b);
	same(get(&b, calm).etat, "parti");
	end(&b, NULL);
}

TEST("the hours are those of the territory")
{
	static const struct zone reunion = { "Indian/Reunion", 240, DST_NONE };
	struct bureau b;
	const char *id;

	begin_simple(&b, "journal");
	b.r.zone = &reunion;
	b.r.dimanche = true;
	test_time_set("2026-11-22T17:00:00Z");          /* Sunday, 21 h there */
	holds(!poste_open_hours(&b.r, 1795366800000));
	id = put_sms(&b, "+262692123456", "Bonjour");
	turn(&b);
	same(get(&b, id).etat, "attente");
	test_time_set("2026-11-23T04:00:00Z");          /* Monday, 8 h */
	turn(&b);
	same(get(&b, id).etat, "parti");
	same(get(&b, id).jour, "2026-11-23");
	end(&b, NULL);
}

TEST("on Sunday no SMS that nobody asked for leaves, unless that is set")
{
	struct bureau b;
	const char *id;

	begin_simple(&b, "journal");
	test_time_set("2026-11-29T10:00:00Z");
	id = put_sms(&b, "+33612345678", "Bonjour");
	turn(&b);
	same(get(&b, id).etat, "attente");
	test_time_set("2026-11-30T07:00:00Z");
	turn(&b);
	same(get(&b, id).etat, "parti");
	end(&b, NULL);
}

TEST("a message waits for its hour, and the post knows when that is")
{
	struct bureau b;
	const char *id;
	int64_t next;

	begin_simple(&b, "journal");
	id = put(&b, (struct envoi){ .canal = ENVOI_SMS, .genre = "essai", .texte = "x",
		 .destinataire = "+33612345678", .pas_avant = 1795514400000 + 20000 });
	turn(&b);
	same(get(&b, id).etat, "attente");
	accepts(poste_turn(b.p, 0, &next, &b.e), &b.e);
	holds(next <= 20000);
	test_time_set("2026-11-24T10:00:20Z");
	turn(&b);
	same(get(&b, id).etat, "parti");
	end(&b, NULL);
}

TEST("a clock that is set back an hour holds nothing for an hour")
{
	struct bureau b;
	const char *id;

	begin_simple(&b, "journal");
	put_sms(&b, "+33612345678", "Bonjour");
	turn(&b);
	test_time_set("2026-11-24T09:00:00Z");
	id = put_sms(&b, "+33612345679", "Bonjour");
	for (int i = 0; i < 50; i++) {          /* not woken: it looks by itself */
		int64_t next;

		accepts(poste_turn(b.p, 1, &next, &b.e), &b.e);
	}
	same(get(&b, id).etat, "parti");
	end(&b, NULL);
}

/* --- how many --------------------------------------------------------------------------- */

TEST("one number gets no more a day than is set; what it asks for itself counts apart")
{
	struct bureau b;
	const char *id[4], *code, *late = NULL;
	int left = 0;

	begin_simple(&b, "journal");
	b.r.par_personne = 3;
	for (int i = 0; i < 4; i++)
		id[i] = put_sms(&b, "+33612345678", "Bonjour");
	code = put(&b, (struct envoi){ .canal = ENVOI_SMS, .genre = "connexion-code", .urgent = true,
		   .destinataire = "+33612345678", .texte = "Code" });
	turn(&b);
	for (int i = 0; i < 4; i++) {
		if (!strcmp(get(&b, id[i]).etat, "parti"))
			left++;
		else
			late = id[i];
	}
	equals(left, 3);
	same(get(&b, late).etat, "attente");
	same(get(&b, late).pas_avant, "2026-11-25T07:00:00Z");
	same(get(&b, code).etat, "parti");
	test_time_set("2026-11-25T07:00:00Z");
	turn(&b);
	same(get(&b, late).etat, "parti");
	end(&b, NULL);
}

TEST("the whole day has a ceiling, that a code may pass")
{
	struct bureau b;
	char to[32];
	const char *code;
	size_t n = 0;

	begin_simple(&b, "dossier");
	b.r.par_jour = 5;
	for (int i = 0; i < 8; i++) {
		snprintf(to, sizeof to, "+3361234567%d", i);
		put_sms(&b, to, "Bonjour");
	}
	turn(&b);
	n = files_of(&b, ".sms");
	equals(n, 5);
	code = put(&b, (struct envoi){ .canal = ENVOI_SMS, .genre = "connexion-code", .urgent = true,
		   .destinataire = "+33612345678", .texte = "Code" });
	turn(&b);
	same(get(&b, code).etat, "parti");
	test_time_set("2026-11-25T10:00:00Z");
	turn(&b);
	equals(files_of(&b, ".sms"), 9);
	end(&b, NULL);
}

TEST("a number of a country that is not set is refused, not paid for")
{
	struct bureau b;
	const char *id;

	begin_simple(&b, "journal");
	id = put_sms(&b, "+12025550123", "Bonjour");
	turn(&b);
	same(get(&b, id).etat, "refuse");
	holds(strstr(get(&b, id).motif, "sms_pays"));
	end(&b, NULL);
}

/* --- who ends, who begins ---------------------------------------------------------------- */

TEST("one post at a time works on a folder, and the next one takes up what it had in hand")
{
	static struct talker t = { .answers = { "", kannel_ok }, .nanswers = 2 };
	struct bureau b;
	struct poste *other;
	const char *id;
	int64_t next;

	begin_gateway(&b, &t, "1");
	refuses(E_CONFLICT, poste_open(b.s, &b.r, &other, &b.e), &b.e);
	id = put_sms(&b, "+33612345678", "Bonjour");
	poste_wake(b.p);
	for (int i = 0; i < 50 && !t.asked; i++)
		accepts(poste_turn(b.p, 5, &next, &b.e), &b.e);
	same(get(&b, id).etat, "en_cours");
	poste_close(&b.p);                              /* dies before the gateway has answered */
	same(get(&b, id).etat, "en_cours");
	accepts(poste_open(b.s, &b.r, &b.p, &b.e), &b.e);
	same(get(&b, id).etat, "attente");
	turn(&b);
	same(get(&b, id).etat, "parti");
	equals(t.asked, 2);
	end(&b, &t);
}

TEST("a post for one message alone tries it again no sooner than any other")
{
	static struct talker t = { .answers = { "HTTP/1.1 503 No\r\nConnection: close\r\n"
		"Content-Length: 0\r\n\r\n" }, .nanswers = 1 };
	struct bureau b;
	const char *id;

	begin_gateway(&b, &t, "4");
	put_sms(&b, "+33612345679", "Bonjour");
	id = put_sms(&b, "+33612345678", "Bonjour");
	poste_only(b.p, id);
	turn(&b);
	turn(&b);
	equals(t.asked, 1);
	same(get(&b, id).motif, "La passerelle a répondu 503.");
	end(&b, &t);
}

TEST("the recipient is forgotten after the days that are set, the count stays")
{
	CLEANUP(db_release) struct db *db = NULL;
	struct envoi_days_row *days;
	struct bureau b;
	const char *id;
	size_t n;

	begin_simple(&b, "journal");
	id = put_sms(&b, "+33612345678", "Bonjour");
	turn(&b);
	test_time_set("2026-12-24T09:59:00Z");
	turn(&b);
	holds(get(&b, id).destinataire);
	test_time_set("2026-12-24T10:05:00Z");
	turn(&b);
	holds(!get(&b, id).destinataire);
	same(get(&b, id).etat, "parti");
	accepts(db_acquire(b.s, &db, &b.e)
		&& envoi_days(db, &b.a, "2026-11-01", &days, &n, &b.e), &b.e);
	equals(n, 1);
	equals(days[0].nombre, 1);
	equals(days[0].segments, 1);
	db_release(&db);
	end(&b, NULL);
}

TEST("every state that a message went through stands in its history")
{
	CLEANUP(db_release) struct db *db = NULL;
	static struct talker t = { .answers = { "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n",
		kannel_ok }, .nanswers = 2 };
	struct envoi_history_row *h;
	struct bureau b;
	const char *id;
	size_t n;

	begin_gateway(&b, &t, "1");
	id = put_sms(&b, "+33612345678", "Bonjour");
	turn(&b);
	test_time_set("2026-11-24T10:01:00Z");
	turn(&b);
	accepts(db_acquire(b.s, &db, &b.e)
		&& envoi_history(db, &b.a, id, &h, &n, &b.e), &b.e);
	equals(n, 3);
	same(h[0].etat, "attente");
	same(h[1].motif, "La passerelle a répondu 503.");
	same(h[2].etat, "parti");
	same(h[2].le, "2026-11-24T10:01:00Z");
	db_release(&db);
	end(&b, &t);
}
