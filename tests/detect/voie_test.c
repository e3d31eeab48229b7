#include "test.h"

#include "detect/instrument.h"
#include "detect/voie.h"

TEST("each other way has its words, its official source, and a number where it is a number")
{
	size_t n;
	const struct voie *v = voies_all(&n);

	holds(n >= 15);
	for (size_t i = 0; i < n; i++) {
		holds(v[i].texte[0] && v[i].texte_en[0]);
		equals(strncmp(v[i].source, "https://", 8), 0);
		equals(strcmp(v[i].genre, "telephone") == 0, v[i].telephone[0] != '\0');
		holds(!strcmp(v[i].genre, "telephone") || !strcmp(v[i].genre, "guichet")
		      || !strcmp(v[i].genre, "papier"));
	}
}

TEST("no number is an overcharged one")
{
	size_t n;
	const struct voie *v = voies_all(&n);

	for (size_t i = 0; i < n; i++) {
		const char *t = v[i].telephone;

		/* 081, 082, 089 cost money; short numbers of public services do not */
		holds(!*t || strspn(t, "0123456789 ") == strlen(t));
		holds(strncmp(t, "0 81", 4) && strncmp(t, "0 82", 4) && strncmp(t, "0 89", 4));
	}
}

TEST("every family of the questionnaire has another way, its own first")
{
	struct arena a = arena_new(4 << 20);
	const struct instrument *in = NULL;
	struct err e = { 0 };
	const struct item *it;

	accepts(instrument_open(&a, "reperage", &in, &e), &e);
	it = &in->items[in->voie_item];
	for (int i = 0; i < it->noptions; i++) {
		const struct voie *v[VOIES];
		size_t n = voies_of(it->options[i].id, v, VOIES);

		holds(n >= 2);
		if (strcmp(it->options[i].id, "loisirs") != 0)
			same(v[0]->demarche, it->options[i].id);
		same(v[n - 1]->demarche, "*");
	}
	arena_free(&a);
}

TEST("every row is about a family of the questionnaire or about all")
{
	struct arena a = arena_new(4 << 20);
	const struct instrument *in = NULL;
	struct err e = { 0 };
	size_t n;
	const struct voie *v = voies_all(&n);

	accepts(instrument_open(&a, "reperage", &in, &e), &e);
	for (size_t i = 0; i < n; i++)
		holds(!strcmp(v[i].demarche, "*")
		      || item_option(&in->items[in->voie_item], v[i].demarche) >= 0);
	arena_free(&a);
}
