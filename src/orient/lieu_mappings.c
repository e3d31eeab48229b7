#include "orient/lieu_mappings.h"

#include <string.h>

#include "base/embedded.h"
#include "format/json.h"
#include "orient/correspondance.h"
#include "orient/proposition.h"

enum { TEXT_MOST = 4 << 20, ARENA_MOST = 16 << 20 };

bool lieu_run_map(struct call *c, struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(TEXT_MOST);
	struct lieu_rows_ask ask = { .path = c->args[0], .feuille = call_option(c, "--feuille") };
	struct proposition_totals t;

	if (!proposition_write(&ask, &b, &t, e))
		return false;
	fwrite(b.p, 1, b.n, c->out);
	fflush(c->out);
	fprintf(stderr, "%zu lignes regardées ; %zu colonnes sur %zu reprises, %zu champs remplis.\n"
		"À relire avant d'importer : chaque confiance est écrite au-dessus de sa ligne.\n",
		t.lus, t.reprises, t.colonnes, t.champs);
	return true;
}

/* --- lieu mappings --------------------------------------------------------------------- */

/* One line of the list. */
struct listed {
	const char *nom, *titre, *source;
	bool complet;
};

static void put(const struct call *c, struct json_out *j, const struct listed *m)
{
	if (!c->json) {
		fprintf(c->out, "%-20s %-24s %-14s %s\n", m->nom, m->source ? m->source : "(du fichier)",
			m->complet ? "liste entière" : "", m->titre);
		return;
	}
	json_open_object(j, NULL);
	json_put_text(j, "nom", m->nom);
	json_put_text(j, "titre", m->titre);
	json_put_text(j, "source", m->source);
	json_put_bool(j, "complet", m->complet);
	json_close_object(j);
}

static bool put_ours(struct call *c, struct json_out *j, struct arena *a, struct err *e)
{
	static const char folder[] = "data/mappings/";

	for (const struct embedded_file *f = embedded_files; f->name; f++) {
		const char *s = f->name + sizeof folder - 1;
		const struct correspondance *m;
		const char *nom;

		if (strncmp(f->name, folder, sizeof folder - 1))
			continue;
		if (strcmp(s + strlen(s) - 4, ".txt"))
			continue;
		nom = arena_strn(a, s, strlen(s) - 4);
		if (!correspondance_find(a, nom, &m, e))
			return false;
		put(c, j, &(struct listed){ nom, m->titre, m->source, m->complet });
	}
	return true;
}

bool lieu_run_mappings(struct call *c, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(ARENA_MOST);
	CLEANUP(buf_free) struct buf b = buf_new(TEXT_MOST);
	struct json_out j = { &b, false };

	json_open_object(&j, NULL);
	json_open_array(&j, "mappings");
	for (int i = 0; lieu_formats[i]; i++)
		put(c, &j, &(struct listed){ lieu_formats[i]->name, lieu_formats[i]->title,
					     lieu_formats[i]->source, lieu_formats[i]->complet });
	if (!put_ours(c, &j, &a, e))
		return false;
	json_close_array(&j);
	json_close_object(&j);
	if (c->json)
		fprintf(c->out, "%s\n", buf_text(&b));
	return true;
}
