#include "test.h"

#include "observe/estimation.h"

/* Two communes and one without margins in an EPCI, one commune elsewhere. */
static const char communes_csv[] =
	"code,nom,departement,region,epci,ept,population,codes_postaux,lat,lon,surface_km2_approx\n"
	"01001,Alpha,01,84,200000001,,1000,01000,46,5,1\n"
	"01002,Beta,01,84,200000001,,1000,01000,46,5,1\n"
	"01003,Gamma,01,84,200000001,,10,01000,46,5,1\n"
	"01004,Delta,01,84,200000002,,0,01000,46,5,1\n"
	"02001,Loin,02,32,200000003,,500,02000,49,3,1\n";
static const char enquete_texte[] =
	"poids,age,eloigne\n"
	"1,jeune,non\n1,jeune,non\n1,jeune,non\n1,jeune,oui\n"
	"2,vieux,oui\n2,vieux,non\n1,vieux,\n";
static const char marges_csv[] =
	"code;variable;modalite;nombre\n"
	"01001;age;jeune;80\n01001;age;vieux;20\n"
	"01002;age;jeune;0\n01002;age;vieux;50\n"
	"01003;age;jeune;s\n01003;age;vieux;4\n";

struct monde {
	struct arena a;
	struct err e;
	const char *dir;
	const struct decoupage *d;
	struct enquete *q;
	struct marges *m;
	struct estimation *s;
};

static const char *file(struct monde *w, const char *name, const char *text)
{
	const char *path = arena_cat(&w->a, w->dir, "/", name, NULL);
	FILE *f = fopen(path, "w");

	fputs(text, f);
	fclose(f);
	return path;
}

static struct monde monde_new(void)
{
	struct monde w = { .a = arena_new(64 << 20), .dir = test_dir() };

	accepts(decoupage_csv(file(&w, "communes.csv", communes_csv), NULL, &w.a, &w.d, &w.e), &w.e);
	return w;
}

static bool read_survey(struct monde *w, const char *enquete, const char *marges)
{
	static const struct enquete_colonnes columns = { .resultat = "eloigne", .concernes = "oui" };

	return marges_read(&w->a, file(w, "marges.csv", marges), &w->m, &w->e)
	       && enquete_csv(&w->a, file(w, "enquete.csv", enquete), &columns, w->m->variables,
			      w->m->nvariables, &w->q, &w->e);
}

static const struct estimation_ligne *line(const struct estimation *s, const char *code)
{
	for (size_t i = 0; i < s->n; i++) {
		if (!strcmp(s->lignes[i].code, code))
			return &s->lignes[i];
	}
	fail_msg("no row %s", code);
	return NULL;
}

TEST("people of a commune: those of each age, times what the survey found at that age")
{
	struct monde w = monde_new();
	const struct estimation_ligne *l;

	accepts(read_survey(&w, enquete_texte, marges_csv), &w.e);
	equals(w.q->n, 6);
	equals(w.q->ecartes, 1);                /* who did not answer */
	accepts(estimation_compute(&w.a, w.q, w.m, w.d, 200, 1, &w.s, &w.e), &w.e);
	equals(w.s->nvaleurs, 3);
	l = line(w.s, "01001");
	/* a quarter of the young, half of the old: 80 / 4 + 20 / 2 */
	near_to(l->v[enquete_resultat_find(w.q, "oui")].nombre, 30, 1e-9);
	near_to(l->v[2].nombre, 30, 1e-9);      /* those concerned */
	near_to(l->base, 100, 0);
	holds(l->v[2].bas < 20 && l->v[2].haut > 40);   /* six respondents say little */
	near_to(line(w.s, "01002")->v[2].nombre, 25, 1e-9);     /* nobody young there */
	arena_free(&w.a);
}

TEST("a commune without data is never a zero; nobody there is said otherwise")
{
	struct monde w = monde_new();
	const struct estimation_ligne *l;

	accepts(read_survey(&w, enquete_texte, marges_csv), &w.e);
	accepts(estimation_compute(&w.a, w.q, w.m, w.d, 0, 1, &w.s, &w.e), &w.e);
	l = line(w.s, "01003");
	equals(l->statut, ESTIMATION_SANS_DONNEES);
	holds(isnan(l->v[2].nombre));
	equals(line(w.s, "01004")->statut, ESTIMATION_SANS_OBJET);
	/* less than a twentieth of the EPCI's people are missing: told, with what is missing */
	l = line(w.s, "200000001");
	equals(l->statut, ESTIMATION_PARTIELLE);
	equals(l->manquantes, 1);
	near_to(l->v[2].nombre, 55, 1e-9);
	holds(isnan(l->v[2].bas));              /* no draws, no interval */
	equals(w.s->estimees, 2);
	for (size_t i = 0; i < w.s->n; i++)     /* the département that nobody speaks of */
		holds(strcmp(w.s->lignes[i].code, "02001") && strcmp(w.s->lignes[i].code, "FR"));
	arena_free(&w.a);
}

TEST("the same seed gives the same intervals, and more respondents give narrower ones")
{
	struct monde w = monde_new();
	struct buf many = buf_new(1 << 20);
	struct estimation *again;
	double width, wide;

	accepts(read_survey(&w, enquete_texte, marges_csv), &w.e);
	accepts(estimation_compute(&w.a, w.q, w.m, w.d, 100, 5, &w.s, &w.e), &w.e);
	accepts(estimation_compute(&w.a, w.q, w.m, w.d, 100, 5, &again, &w.e), &w.e);
	near_to(line(again, "01001")->v[2].bas, line(w.s, "01001")->v[2].bas, 0);
	wide = line(w.s, "01001")->v[2].haut - line(w.s, "01001")->v[2].bas;
	buf_str(&many, "poids,age,eloigne\n");
	for (int i = 0; i < 100; i++)
		buf_str(&many, strchr(enquete_texte, '\n') + 1);
	accepts(read_survey(&w, buf_text(&many), marges_csv), &w.e);
	accepts(estimation_compute(&w.a, w.q, w.m, w.d, 100, 5, &w.s, &w.e), &w.e);
	width = line(w.s, "01001")->v[2].haut - line(w.s, "01001")->v[2].bas;
	holds(width < wide / 5);                /* about a tenth */
	near_to(line(w.s, "01001")->v[2].nombre, 30, 1e-9);
	buf_free(&many);
	arena_free(&w.a);
}

TEST("what is wrong in a survey or in margins is refused with file, line and words")
{
	static const struct { const char *enquete, *marges, *says; } cases[] = {
		{ "poids,age,eloigne\n1,jeune,oui\n-2,vieux,non\n", marges_csv, "enquete.csv:3: le poids -2 est négatif." },
		{ "poids,age,eloigne\nlourd,jeune,oui\n", marges_csv, "enquete.csv:2: le poids « lourd » n’est pas un nombre." },
		{ "poids,sexe,eloigne\n1,f,oui\n", marges_csv, "pas de colonne « age »" },
		{ "poids,age,autre\n1,jeune,oui\n", marges_csv, "pas de colonne « eloigne »" },
		{ "poids,age,eloigne\n1,centenaire,oui\n", marges_csv, "enquete.csv:2: « centenaire » (age) n’est pas dans les marges." },
		{ "poids,age,eloigne\n0,jeune,oui\n", marges_csv, "aucun répondant" },
		{ "poids,age,eloigne\n1,jeune,non\n1,vieux,non\n", marges_csv, "« oui » n’est pas un résultat" },
		{ enquete_texte, "code,variable,modalite,nombre\n01001,age,jeune,-4\n", "marges.csv:2: -4" },
		{ enquete_texte, "code,variable,modalite,nombre\n01001,age,jeune,beaucoup\n", "marges.csv:2: « beaucoup »" },
		{ enquete_texte, "code,variable,modalite,nombre\n01001,age,jeune,4\n01001,age,jeune,5\n", "marges.csv:3: ce nombre est déjà donné pour 01001." },
		{ enquete_texte, "code,variable,modalite\n01001,age,jeune\n", "pas un tableau de marges" },
		{ enquete_texte, "code,variable,modalite,nombre\n01001,,jeune,4\n", "marges.csv:2: il manque la variable" },
		{ enquete_texte, "code,variable,modalite,nombre\n", "pas de ligne" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct monde w = monde_new();

		w.e.kind = E_OK;
		if (read_survey(&w, cases[i].enquete, cases[i].marges))
			fail_msg("accepted: %s", cases[i].says);
		if (!strstr(w.e.msg, cases[i].says))
			fail_msg("says: %s\nnot: %s", w.e.msg, cases[i].says);
		arena_free(&w.a);
	}
}

TEST("margins that contradict each other refuse their commune, the others are estimated")
{
	struct monde w = monde_new();
	const struct estimation_ligne *l;

	accepts(read_survey(&w, "poids,age,sexe,eloigne\n1,jeune,f,oui\n1,vieux,h,non\n1,jeune,h,non\n1,vieux,f,oui\n",
			    "code,variable,modalite,nombre\n"
			    "01001,age,jeune,50\n01001,age,vieux,50\n01001,sexe,f,10\n01001,sexe,h,20\n"
			    "01002,age,jeune,50\n01002,age,vieux,50\n01002,sexe,f,60\n01002,sexe,h,40\n"), &w.e);
	accepts(estimation_compute(&w.a, w.q, w.m, w.d, 0, 1, &w.s, &w.e), &w.e);
	l = line(w.s, "01001");
	equals(l->statut, ESTIMATION_REFUSEE);
	holds(strstr(l->motif, "« age » compte 100 personnes, « sexe » en compte 30"));
	near_to(line(w.s, "01002")->v[2].nombre, 60, 1e-9);
	equals(w.s->refusees, 1);
	arena_free(&w.a);
}

TEST("CAPUNI 2022 gives each commune the shares of Brittany, with the doubt of 2,000 people")
{
	struct monde w = monde_new();
	const struct estimation_ligne *l;

	accepts(enquete_open(&w.a, "capuni-2022", &w.q, &w.e), &w.e);
	equals(w.q->n, 2000);
	same(w.q->champ, "18 ans et plus, Bretagne");
	accepts(marges_read(&w.a, file(&w, "m.csv", "code,variable,modalite,nombre\n01001,ensemble,15 ans et plus,10000\n"),
			    &w.m, &w.e), &w.e);
	accepts(marges_align(&w.a, w.m, &w.q->plan, &w.e), &w.e);
	accepts(estimation_compute(&w.a, w.q, w.m, w.d, 1000, 1, &w.s, &w.e), &w.e);
	l = line(w.s, "01001");
	near_to(l->v[0].nombre, 1800, 1e-6);
	near_to(l->v[4].nombre, 4800, 1e-6);    /* éloignés and tenaces */
	near_to(l->v[0].bas, 1638, 25);         /* Wilson: 16.38 % to 19.75 %; draws of 1,000 */
	near_to(l->v[0].haut, 1975, 25);
	arena_free(&w.a);
}

TEST("shares that are not a hundred, or margins of another survey, are refused")
{
	struct monde w = monde_new();

	refuses(E_INPUT, enquete_open(&w.a, file(&w, "x.json",
		"{\"enquete\":\"x\",\"titre\":\"X\",\"source\":\"s\",\"champ\":\"c\",\"variable\":\"v\","
		"\"resultats\":[{\"nom\":\"a\"},{\"nom\":\"b\"}],"
		"\"modalites\":[{\"nom\":\"m\",\"repondants\":100,\"parts\":[40,50]}]}"), &w.q, &w.e), &w.e);
	holds(strstr(w.e.msg, "elles font 90"));
	refuses(E_MISSING, enquete_open(&w.a, "inconnue", &w.q, &w.e), &w.e);
	accepts(enquete_open(&w.a, "capuni-2022", &w.q, &w.e), &w.e);
	accepts(marges_read(&w.a, file(&w, "m.csv", marges_csv), &w.m, &w.e), &w.e);
	refuses(E_INPUT, marges_align(&w.a, w.m, &w.q->plan, &w.e), &w.e);
	same(w.e.msg, "Les marges ne comptent pas « 15 ans et plus » (ensemble).");
	arena_free(&w.a);
}

TEST("fewer than eleven people are not counted out, nobody is, a low bound is hidden alone")
{
	struct estimation_valeur few = { 10.9, 4, 18 }, none = { 0, 0, 0 }, some = { 11, 3, 30 };

	holds(estimation_taire(&few));
	holds(isnan(few.nombre) && isnan(few.bas) && isnan(few.haut));
	holds(!estimation_taire(&none) && none.nombre == 0 && none.haut == 0);
	holds(!estimation_taire(&some) && some.nombre == 11 && isnan(some.bas) && some.haut == 30);
}

TEST("what is kept is read again, by territory and by commune; computed twice it is kept once")
{
	static const char *const codes[] = { "01001", "01002", "01003" };
	struct monde w = monde_new();
	struct estimation_gardee *kept;
	struct store *store;
	struct db *db;
	const char *which;
	double nombres[3];
	size_t n;

	accepts(read_survey(&w, enquete_texte, marges_csv), &w.e);
	accepts(estimation_compute(&w.a, w.q, w.m, w.d, 50, 1, &w.s, &w.e), &w.e);
	accepts(store_open(w.dir, STORE_CREATE, &env_test, &store, &w.e), &w.e);
	accepts(estimation_keep(store, w.s, &w.e), &w.e);
	accepts(estimation_keep(store, w.s, &w.e), &w.e);
	accepts(db_acquire(store, &db, &w.e), &w.e);
	accepts(estimation_of(db, &w.a, "commune", "01001", &kept, &n, &w.e), &w.e);
	equals(n, 3);
	same(kept[2].resultat, ESTIMATION_CONCERNES);
	near_to(kept[2].nombre, 30, 1e-9);
	holds(isnan(kept[2].bas) && kept[2].haut > 30);         /* from fewer than 11 */
	equals(kept[2].statut, ESTIMATION_FAITE);
	equals(kept[2].repondants, 6);
	accepts(estimation_align(db, &w.a, NULL, ESTIMATION_CONCERNES, codes, 3, nombres, &which, &w.e), &w.e);
	same(which, "enquete");
	near_to(nombres[1], 25, 1e-9);
	holds(isnan(nombres[2]));
	accepts(estimation_align(db, &w.a, "autre", ESTIMATION_CONCERNES, codes, 3, nombres, &which, &w.e), &w.e);
	same(which, "");
	db_release(&db);
	store_close(store);
	arena_free(&w.a);
}
