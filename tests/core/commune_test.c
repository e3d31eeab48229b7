#include "test.h"

#include <ctype.h>
#include <stdlib.h>
#include <time.h>

#include "base/utf8.h"
#include "core/commune_words.h"
#include "core/territoire.h"
#include "store/db.h"

/* Real names, codes and postal codes; populations rounded. */
static const char communes_csv[] =
	"code,nom,departement,region,population,codes_postaux,lat,lon\n"
	"93005,Aulnay-sous-Bois,93,11,87000,93600,48.9,2.5\n"
	"93007,Le Blanc-Mesnil,93,11,62000,93150,48.9,2.5\n"
	"93010,Bondy,93,11,50000,93140,48.9,2.5\n"
	"93031,Épinay-sur-Seine,93,11,52000,93800,48.9,2.3\n"
	"93039,L'Île-Saint-Denis,93,11,8000,93450,48.9,2.3\n"
	"93066,Saint-Denis,93,11,149000,93200 93210 93380,48.9,2.3\n"
	"93051,Noisy-le-Grand,93,11,72000,93160,48.8,2.5\n"
	"93053,Noisy-le-Sec,93,11,45000,93130,48.9,2.4\n"
	"97411,Saint-Denis,974,04,155000,97400 97417,-20.9,55.4\n"
	"30247,Saint-Denis,30,76,400,30500,44.2,4.2\n"
	"01500,Cressin-Rochefort,01,84,390,01350,45.7,5.7\n"
	"01004,Ambérieu-en-Bugey,01,84,15000,01500,45.9,5.3\n"
	"01007,Ambronay,01,84,2900,01500,46.0,5.3\n"
	"2A004,Ajaccio,2A,94,74000,20000 20090 20167,41.9,8.7\n"
	"2B033,Bastia,2B,94,48000,20200 20600,42.7,9.4\n"
	"75056,Paris,75,11,2100000,75001 75002 75011,48.8,2.3\n"
	"13055,Marseille,13,93,886000,13001 13002,43.3,5.4\n"
	"13001,Aix-en-Provence,13,93,148000,13080 13090 13100,43.5,5.4\n"
	"45234,Orléans,45,24,117000,45000 45100,47.9,1.9\n"
	"54528,Toul,54,44,16000,54200,48.6,5.9\n"
	"80620,Péronne,80,32,7000,80200,49.9,2.9\n"
	"94002,Alfortville,94,11,44000,94140,48.8,2.4\n";
static const char arrondissements_csv[] =
	"code,nom,commune,departement,region,population,codes_postaux\n"
	"75101,Paris 1er Arrondissement,75056,75,11,15000,75001\n"
	"75102,Paris 2e Arrondissement,75056,75,11,21000,75002\n"
	"75103,Paris 3e Arrondissement,75056,75,11,33000,75003\n"
	"75104,Paris 4e Arrondissement,75056,75,11,28000,75004\n"
	"13201,Marseille 1er Arrondissement,13055,13,93,37000,13001\n"
	"13202,Marseille 2e Arrondissement,13055,13,93,24000,13002\n";
static const char cog_csv[] = "TYPECOM,COM,REG,DEP,LIBELLE,COMPARENT\n"
	"COMD,93059,,,Pierrefitte-sur-Seine,93066\n";
static const char departements_csv[] = "code,nom,region,chef_lieu\n"
	"93,Seine-Saint-Denis,11,93008\n974,La Réunion,04,97411\n";

static void store_shut(struct store **s)
{
	store_close(*s);
}

static struct repertoire *repertoire_of(const char *const *files, int n)
{
	CLEANUP(store_shut) struct store *s = NULL;
	CLEANUP(db_release) struct db *db = NULL;
	struct repertoire *r;
	struct territoire_report report;
	struct err e = { 0 };

	accepts(store_open(test_dir(), STORE_CREATE, &env_test, &s, &e), &e);
	accepts(territoire_import(s, files, n, &report, &e), &e);
	equals(report.refuses, 0);
	accepts(db_acquire(s, &db, &e), &e);
	accepts(repertoire_read(db, &r, &e), &e);
	return r;
}

static const struct repertoire *few(void)
{
	static const char *const texts[] = { communes_csv, arrondissements_csv, cog_csv,
					     departements_csv };
	static struct repertoire *r;
	char paths[4][80];
	const char *files[4];

	for (int i = 0; i < 4 && !r; i++) {
		FILE *f;

		snprintf(paths[i], sizeof paths[i], "%s/%d.csv", test_dir(), i);
		f = fopen(paths[i], "w");
		if (!f || fputs(texts[i], f) < 0 || fclose(f))
			abort();
		files[i] = paths[i];
	}
	if (!r)
		r = repertoire_of(files, 4);
	return r;
}

static void repertoire_done(struct repertoire **r)
{
	repertoire_free(*r);
}

/* "93010 0, 93007 2": codes and ranks; "!" before when it is sure. */
static const char *found(const char *typed)
{
	static char text[400];
	struct commune_match m[COMMUNE_MATCHES];
	size_t n = commune_find(few(), typed, m, COMMUNE_MATCHES), at = 0;

	at += (size_t)snprintf(text, sizeof text, "%s", commune_is_sure(m, n, typed) ? "!" : "");
	for (size_t i = 0; i < n && i < 6; i++)
		at += (size_t)snprintf(text + at, sizeof text - at, "%s%s %d", i ? ", " : "",
				       m[i].commune->code, m[i].rang);
	return text;
}

TEST("a commune is found by its name as people type it")
{
	static const char *const typed[] = { "Bondy", "BONDY", " bondy ", "bondy (93140)",
		"93140 Bondy", "Bondy 93140", "93140 BONDY CEDEX", "93141 Bondy Cedex 2",
		"Bondy, Seine-Saint-Denis", "bondy 93", "93140", "93010" };

	for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
		if (strncmp(found(typed[i]), "!93010", 6))
			fail_msg("%s: %s", typed[i], found(typed[i]));
	}
}

TEST("accents, hyphens, abbreviations and articles do not count")
{
	static const struct { const char *typed, *found; } cases[] = {
		{ "epinay sur seine", "!93031 0" }, { "Épinay s/ Seine", "!93031 0" },
		{ "EPINAY-SUR-SEINE", "!93031 0" }, { "aulnay s/s bois", "!93005 0" },
		{ "Aulnay ss Bois", "!93005 0" }, { "blanc mesnil", "!93007 1" },
		{ "le blanc mesnil", "!93007 0" }, { "Blanc-Mesnil", "!93007 1" },
		{ "l'ile st denis", "!93039 0" }, { "Ile Saint Denis", "!93039 1" },
		{ "la Bondy", "!93010 1" }, { "orleans", "!45234 0" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (strcmp(found(cases[i].typed), cases[i].found))
			fail_msg("%s: %s", cases[i].typed, found(cases[i].typed));
	}
}

TEST("homonyms are all given, the largest first, unless a code says which")
{
	holds(!strncmp(found("st denis"), "97411 0, 93066 0, 30247 0", 25));
	same(found("Saint-Denis (93)"), "!93066 0");
	same(found("Saint-Denis 30"), "!30247 0");
	same(found("saint denis 97400"), "!97411 0");
	same(found("Saint-Denis (La Réunion)"), "!97411 0");
	same(found("Saint-Denis (93200)"), "!93066 0");
}

TEST("a beginning, some words or a slip of the finger still lead there")
{
	same(found("bon"), "!93010 2");
	same(found("noisy"), "93051 2, 93053 2");
	same(found("noisy grand"), "!93051 3");
	same(found("epinay seine"), "!93031 3");
	same(found("mesnil"), "!93007 3");
	same(found("bondi"), "93010 4");
	same(found("Aulnay-sou-Bois"), "!93005 3");
	same(found("Aulney-sous-Bios"), "93005 4");
	same(found("alfrotville"), "94002 4");
	same(found("xyzzy"), "");
	same(found(""), "");
	same(found(" ,;() "), "");
}

TEST("an old name and an old code lead to the commune of today, and say so")
{
	struct commune_match m[4];

	same(found("Pierrefitte sur Seine"), "!93066 0");
	same(found("pierrefitte"), "!93066 2");
	same(found("93059"), "!93066 0");
	equals(commune_find(few(), "pierrefitte", m, 4), 1);
	same(m[0].ancien, "Pierrefitte-sur-Seine");
	equals(commune_find(few(), "saint denis 93", m, 4), 1);
	holds(!m[0].ancien);
}

TEST("a postal code gives all its communes, an INSEE code written the same comes after")
{
	same(found("01500"), "01004 0, 01007 0, 01500 0");
	same(found("13001"), "13201 0, 13001 0");
	same(found("13080"), "!13001 0");
	same(found("2A004"), "!2A004 0");
	same(found("2a004"), "!2A004 0");
	same(found("20167"), "!2A004 0");
	same(found("97411"), "!97411 0");
	same(found("97417 Saint-Denis"), "!97411 0");
}

TEST("a CEDEX code proposes what begins like it and is never sure")
{
	same(found("93141 CEDEX"), "93010 4");
	same(found("93209 cedex 1"), "93066 4");
	same(found("99999"), "");
}

TEST("Paris, Lyon and Marseille are found by arrondissement")
{
	same(found("Paris"), "75056 0, 75101 2, 75102 2, 75103 2, 75104 2");
	same(found("paris 1"), "!75101 0");
	same(found("Paris 1er"), "!75101 0");
	same(found("PARIS 2EME"), "!75102 0");
	same(found("Paris 3e arrondissement"), "!75103 0");
	same(found("Paris IVe"), "!75104 0");
	same(found("75002"), "!75102 0");
	same(found("75002 Paris"), "!75102 0");
	same(found("Paris (75)"), "!75056 0");
	same(found("Marseille 1er"), "!13201 0");
	same(found("marseille 2"), "!13202 0");
}

TEST("a name and a code that contradict each other are never sure")
{
	same(found("Bondy (01500)"), "93010 4");
	same(found("Bondy 13"), "93010 4");
}

TEST("what a form shows is understood again as the same commune")
{
	struct arena a = arena_new(1 << 20);

	for (size_t i = 0; i < few()->ncommunes; i++) {
		const struct commune *c = &few()->communes[i];
		const char *label = commune_label(&a, c);
		struct commune_match m[COMMUNE_MATCHES];
		size_t n = commune_find(few(), label, m, COMMUNE_MATCHES);

		if (!commune_is_sure(m, n, label) || m[0].commune != c)
			fail_msg("%s: %zu, %s", label, n, n ? m[0].commune->nom : "");
	}
	same(commune_label(&a, repertoire_commune(few(), "93010")), "Bondy (93140)");
	arena_free(&a);
}

/* --- all communes of France ------------------------------------------------------------ */

static bool gives(const struct repertoire *r, const struct commune *c, const char *typed)
{
	struct commune_match m[80];
	size_t n = commune_find(r, typed, m, 80);

	for (size_t i = 0; i < n; i++) {
		if (m[i].commune == c || (c->divisee && !strcmp(m[i].commune->parent, c->code)))
			return true;
	}
	print_message("not found: %s (%s) by \"%s\"\n", c->nom, c->code, typed);
	return false;
}

static void shout(const char *nom, char *out, size_t room)
{
	utf8_fold(nom, out, room);
	for (; *out; out++)
		*out = (char)toupper((unsigned char)*out);
}

TEST("every commune of France is found by its name, in capitals, by its code and postal codes")
{
	needs_data(communes, "communes_france.csv");
	const char *files[] = { communes, real_data("arrondissements_municipaux.csv") };
	CLEANUP(repertoire_done) struct repertoire *r = repertoire_of(files, 2);
	struct arena a = arena_new(64 << 20);
	int failures = 0, unsure = 0;

	for (size_t i = 0; i < r->ncommunes; i++) {
		const struct commune *c = &r->communes[i];
		struct commune_match m[COMMUNE_MATCHES];
		char text[200], postal[6];

		shout(c->nom, text, sizeof text);
		failures += !gives(r, c, c->nom) + !gives(r, c, text) + !gives(r, c, c->code);
		for (const char *p = c->postaux; strlen(p) >= 5; p += 5 + (p[5] == '|')) {
			memcpy(postal, p, 5);
			postal[5] = '\0';
			failures += !gives(r, c, postal);
		}
		failures += !gives(r, c, commune_label(&a, c));
		unsure += commune_find(r, commune_label(&a, c), m, COMMUNE_MATCHES) != 1;
	}
	equals(failures, 0);
	equals(unsure, 0);
	arena_free(&a);
}

/* Distance with swaps of neighbours, the whole table, as textbooks have it. */
static int distance(const char *a, const char *b)
{
	static int d[40][40];
	int n = (int)strlen(a), m = (int)strlen(b);

	for (int i = 0; i <= n; i++) {
		for (int j = 0; j <= m; j++) {
			int v = !i ? j : !j ? i : d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

			if (i && j && d[i - 1][j] + 1 < v)
				v = d[i - 1][j] + 1;
			if (i && j && d[i][j - 1] + 1 < v)
				v = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]
			    && d[i - 2][j - 2] + 1 < v)
				v = d[i - 2][j - 2] + 1;
			d[i][j] = v;
		}
	}
	return d[n][m];
}

TEST("near spellings are those that a whole table of distances gives")
{
	uint32_t seed = 7;

	for (int k = 0; k < 20000; k++) {
		char a[12] = "", b[12] = "";

		for (int i = 0; i < 3 + (int)(seed >> 20) % 7; i++) {
			seed = seed * 1664525 + 1013904223;
			a[i] = (char)('a' + (seed >> 16) % 3);
			b[i] = (char)('a' + (seed >> 24) % 3);
		}
		b[(seed >> 8) % 9] = '\0';
		for (int edits = 1; edits <= 2; edits++) {
			if (words_near(a, b, edits) != (distance(a, b) <= edits))
				fail_msg("%s %s: %d", a, b, distance(a, b));
		}
	}
}
