#include "core/envoi_texte.h"

#include "base/utf8.h"
#include "store/sms.h"
#include "test.h"

static const struct site site = { .nom = "Aide numérique 93" };

static void write_it(struct arena *a, enum envoi_genre genre, enum envoi_canal canal,
		     const struct lang *lang, struct envoi *m)
{
	struct err e = { 0 };

	*m = (struct envoi){ .canal = canal };
	accepts(envoi_texte(a, &site, genre, lang, envoi_modeles[genre].exemples, 1000, m, &e), &e);
}

TEST("an SMS of ours costs one part in French, with the longest name a site has")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	struct envoi m;

	for (int i = 0; i < ENVOI_GENRES; i++) {
		struct sms_cost cost;

		if (!envoi_modeles[i].sms)
			continue;
		write_it(&a, (enum envoi_genre)i, ENVOI_SMS, langs[0], &m);
		cost = sms_cost(sms_plain(&a, m.texte));
		equals(cost.cause, 0);
		equals(cost.segments, 1);
		holds(cost.left >= 20);
	}
}

TEST("the object of a mail says nothing of who receives it")
{
	for (int i = 0; i < ENVOI_GENRES; i++) {
		const char *objet = envoi_modeles[i].objet;

		if (!objet)
			continue;
		for (const char *p = strchr(objet, '%'); p; p = strchr(p + 1, '%'))
			equals(p[1], '1');              /* the site's name, no value */
		holds(utf8_length(objet) <= 60);
	}
}

TEST("every text is written in each language with all its values, and waits for none")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	struct envoi m;

	for (const struct lang *const *l = langs; *l; l++) {
		for (int i = 0; i < ENVOI_GENRES; i++) {
			const struct envoi_modele *k = &envoi_modeles[i];

			if (k->courriel) {
				write_it(&a, (enum envoi_genre)i, ENVOI_COURRIEL, *l, &m);
				holds(!strchr(m.texte, '%') && !strchr(m.objet, '%'));
				for (int v = 0; v < k->nvalues; v++)
					holds(strstr(m.texte, k->exemples[v]));
				holds(strstr(m.html, (*l)->tag));
			}
			if (k->sms) {
				write_it(&a, (enum envoi_genre)i, ENVOI_SMS, *l, &m);
				holds(!strchr(m.texte, '%'));
				holds(strstr(m.texte, site.nom));
				holds(!m.objet && !m.html);
			}
		}
	}
}

TEST("the HTML of a mail has the same words, its link can be pressed, and it fetches nothing")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	const char *const values[] = { "https://exemple.fr/x?a=1&b=2", "15" };
	struct envoi m = { .canal = ENVOI_COURRIEL };
	struct err e;

	accepts(envoi_texte(&a, &site, ENVOI_CONNEXION_LIEN, langs[0], values, 0, &m, &e), &e);
	holds(strstr(m.html, "<a href=\"https://exemple.fr/x?a=1&amp;b=2\">"));
	holds(strstr(m.html, "<html lang=\"fr\" dir=\"ltr\">"));
	holds(!strstr(m.html, "src=") && !strstr(m.html, "style"));
	equals(m.expire, 15 * 60 * 1000);
	holds(m.urgent);
}

TEST("a kind that does not go by SMS says so")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	struct envoi m = { .canal = ENVOI_SMS };
	const char *const values[] = { "x", "y", "z", "t" };
	struct err e;

	refuses(E_INPUT, envoi_texte(&a, &site, ENVOI_INVITATION, langs[0], values, 0, &m, &e), &e);
}
