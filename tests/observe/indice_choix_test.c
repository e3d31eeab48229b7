#include "observe/indice_world.h"

static const struct methode *ifn(struct arena *a)
{
	const struct methode *m;
	struct err e = { 0 };

	accepts(methode_open(a, "ifn-2023", &m, &e), &e);
	return m;
}

static double weight(const struct methode *m, const struct indice_choix *c, const char *code)
{
	return c->poids[methode_indicateur(m, code)];
}

TEST("a choice is read from an address, from a form, with commas or points")
{
	struct arena a = arena_new(4 << 20);
	const struct methode *m = ifn(&a);
	struct indice_choix c;
	struct err e = { 0 };

	accepts(choix_lire(m, "", &c, &e), &e);
	holds(choix_est_defaut(m, &c));
	accepts(choix_lire(m, "methode=ifn-2023&poids=poverty_rate:2,older_65_rate:0&lang=en", &c, &e), &e);
	near_to(weight(m, &c, "poverty_rate"), 2, 0);
	near_to(weight(m, &c, "older_65_rate"), 0, 0);
	near_to(weight(m, &c, "nscol15p_rate"), 1, 0);
	accepts(choix_lire(m, "poids.poverty_rate=1%2C5&poids.older_65_rate=&sans=nscol15p_rate", &c, &e), &e);
	near_to(weight(m, &c, "poverty_rate"), 1.5, 0);
	near_to(weight(m, &c, "older_65_rate"), 1, 0);
	near_to(weight(m, &c, "nscol15p_rate"), 0, 0);
	accepts(choix_lire(m, "poids=poverty_rate%3A2%2Colder_65_rate%3A3&avec=aah_rate", &c, &e), &e);
	near_to(weight(m, &c, "poverty_rate"), 2, 0);
	near_to(weight(m, &c, "older_65_rate"), 3, 0);
	near_to(weight(m, &c, "aah_rate"), 1, 0);
	arena_free(&a);
}

TEST("a choice that was written reads back the same, in few letters")
{
	struct arena a = arena_new(4 << 20);
	struct buf b = buf_new(1 << 16);
	const struct methode *m = ifn(&a);
	struct indice_choix c, again;
	struct err e = { 0 };

	choix_defaut(m, &c);
	choix_ecrire(&b, m, &c);
	same(buf_text(&b), "");
	accepts(choix_lire(m, "avec=aah_rate&poids=poverty_rate:0.1&sans=nscol15p_rate&poids=contexte:3", &c,
			   &e), &e);
	choix_ecrire(&b, m, &c);
	same(buf_text(&b), "poids=poverty_rate:0.1,nscol15p_rate:0,aah_rate:1,contexte:3");
	accepts(choix_lire(m, buf_text(&b), &again, &e), &e);
	holds(!memcmp(&c, &again, sizeof c));
	buf_free(&b);
	arena_free(&a);
}

TEST("a choice that means nothing is refused in words")
{
	static const struct { const char *query, *says; } cases[] = {
		{ "sans=no_thd_coverage_rate,no_4g_coverage_rate,poverty_rate,older_65_rate,nscol15p_rate",
		  "les poids font zéro" },
		{ "poids=inconnu:1", "« inconnu »" },
		{ "poids=poverty_rate:beaucoup", "« beaucoup »" },
		{ "poids=poverty_rate:-1", "« -1 »" },
		{ "poids=poverty_rate:1001", "de 0 à 1000" },
		{ "poids=poverty_rate:1e400", "nombre" },
		{ "poids=poverty_rate:", "manque" },
		{ "poids.poverty_rate=nan", "« nan »" },
		{ "sans=%00", "ne se lit pas" },
	};
	struct arena a = arena_new(4 << 20);
	const struct methode *m = ifn(&a);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct indice_choix c;
		struct err e = { 0 };

		refuses(E_INPUT, choix_lire(m, cases[i].query, &c, &e), &e);
		if (!strstr(e.msg, cases[i].says))
			fail_msg("%s: %s", cases[i].query, e.msg);
	}
	arena_free(&a);
}

TEST("shares follow the tree: a group without weight lets its children stand in its parent")
{
	struct arena a = arena_new(4 << 20);
	const struct methode *m = given_methode(&a, UNE_METHODE
		"\"arbre\": [{\"indicateur\": \"a\", \"libelle\": \"A\", \"poids\": 2},\n"
		"{\"groupe\": \"g\", \"libelle\": \"G\", \"poids\": 1, \"arbre\": [\n"
		" {\"indicateur\": \"b\", \"libelle\": \"B\", \"poids\": 3},\n"
		" {\"groupe\": \"h\", \"libelle\": \"H\", \"arbre\": [{\"indicateur\": \"c\", \"libelle\": \"C\"}]}]}]");
	struct indice_choix c;
	double p[METHODE_INDICATEURS];

	choix_defaut(m, &c);
	choix_parts(m, &c, UINT64_MAX, p);
	near_to(p[0], 2.0 / 3, 1e-15);
	near_to(p[1], 0.25, 1e-15);
	near_to(p[2], 1.0 / 12, 1e-15);
	choix_parts(m, &c, 0x5, p);                     /* b is missing: c has all of g */
	near_to(p[2], 1.0 / 3, 1e-15);
	choix_parts(m, &c, 0x1, p);                     /* nothing of g: a has all */
	near_to(p[0], 1, 1e-15);
	choix_parts(m, &c, 0, p);
	near_to(p[0] + p[1] + p[2], 0, 0);
	arena_free(&a);
}
