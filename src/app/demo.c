#include "app/demo.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/embedded.h"
#include "core/territoire.h"
#include "orient/lieu_import.h"
#include "orient/passage_import.h"
#include "store/db.h"

static int erase(const char *path, const struct stat *st, int flag, struct FTW *f)
{
	(void)st, (void)flag, (void)f;
	return remove(path);
}

bool demo_choose(struct demo *d, const char *dir, struct err *e)
{
	const char *tmp = getenv("TMPDIR");

	*d = (struct demo){ 0 };
	d->temporary = !dir;
	if (dir) {
		if (strlen(dir) >= DEMO_PATH)
			return fail(e, E_INPUT, "Ce chemin est trop long.");
		snprintf(d->dir, sizeof d->dir, "%s", dir);
		return true;
	}
	snprintf(d->dir, sizeof d->dir, "%.4000s/tremplin-demo-XXXXXX", tmp ? tmp : "/tmp");
	if (mkdtemp(d->dir))
		return true;
	d->temporary = false;
	return fail(e, E_STORE, "Aucun dossier temporaire ne peut être créé dans %.200s.",
		    tmp ? tmp : "/tmp");
}

/* An invented table as a file of the data folder, where its import finds it. */
static bool write_table(struct demo *d, const char *embedded, char path[DEMO_PATH + 32],
			struct err *e)
{
	const struct embedded_file *f = embedded_find(embedded_files, embedded);
	size_t n = (size_t)(f->end - f->p);
	FILE *out;
	bool ok;

	if (!store_folder(d->store, "tmp", e))
		return false;
	snprintf(path, DEMO_PATH + 32, "%s/tmp/lieux.csv", d->dir);
	out = fopen(path, "we");
	ok = out && fwrite(f->p, 1, n, out) == n;
	if (out && fclose(out))
		ok = false;
	return ok ? true : fail(e, E_STORE, "%.200s ne peut pas être écrit.", path);
}

static bool import_places(struct demo *d, const char *embedded, const char *source,
			  struct err *e)
{
	char path[DEMO_PATH + 32];
	struct lieu_import_ask ask = { .path = path, .source = source };
	struct lieu_import_totals totals;
	bool ok = write_table(d, embedded, path, e)
		  && lieu_import(d->store, &ask, &totals, e);

	unlink(path);
	return ok;
}

static bool import_stops(struct demo *d, struct err *e)
{
	char path[DEMO_PATH + 32];
	struct passage_import_ask ask = { .path = path, .source = "Démonstration" };
	struct passage_import_totals totals;
	bool ok = write_table(d, "data/demonstration/passages.csv", path, e)
		  && passage_import(d->store, &ask, stderr, &totals, e);

	unlink(path);
	return ok;
}

bool demo_open(struct demo *d, const struct env *env, struct err *e)
{
	return store_open(d->dir, STORE_SERVE, env, &d->store, e)
	       && territoire_demo(d->store, e)
	       && import_places(d, "data/demonstration/lieux.csv", "Démonstration", e)
	       && import_places(d, "data/demonstration/annuaire.csv", "Annuaire fictif", e)
	       && import_stops(d, e);
}

void demo_erase(void *demo)
{
	struct demo *d = demo;

	if (d->temporary)
		nftw(d->dir, erase, 16, FTW_DEPTH | FTW_PHYS);
}

void demo_site(struct site *s)
{
	s->demo = true;
	if (!*s->territoire)
		s->territoire = "Seine-Saint-Denis";
	if (!*s->departement)
		s->departement = "93";
	if (!*s->telephone) {
		s->telephone = "+33199000000";
		s->telephone_heures = "du lundi au vendredi, de 9 h à 17 h";
	}
	if (!*s->editeur)
		s->editeur = "Démonstration de Tremplin";
	if (!*s->contact)
		s->contact = "contact@example.org";
	if (!*s->hebergeur)
		s->hebergeur = "cet ordinateur";
}
