#include "tests/core/journal_world.h"

#include <ftw.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

struct journal_world journal_world_open(const char *dir)
{
	struct journal_world w = { .dir = dir, .a = arena_new(64 << 20) };
	struct err e = { 0 };

	accepts(store_open(dir, STORE_CREATE, &env_test, &w.s, &e), &e);
	accepts(signer_open_local(dir, &env_test, &w.g, &e), &e);
	accepts(db_acquire(w.s, &w.db, &e), &e);
	return w;
}

void journal_world_close(struct journal_world *w)
{
	db_release(&w->db);
	store_close(w->s);
	signer_close(&w->g);
	arena_free(&w->a);
}

struct putting {
	const char *genre, *usager, *quoi;
	int64_t numero;
	int n;
};

static bool put(struct tx *tx, void *arg, struct err *e)
{
	struct putting *p = arg;

	for (int i = 0; i < p->n; i++) {
		if (!journal_append(tx, &env_test, &(struct journal_entry){
				.genre = p->genre, .structure = "s1", .usager = p->usager, .acteur = "a1",
				.objet = "m1", .mots = (struct journal_mot[]){ { "quoi", p->quoi }, { 0 } } },
				&p->numero, e))
			return false;
	}
	return true;
}

int64_t act_put(struct journal_world *w, const char *genre, const char *usager, const char *quoi)
{
	struct putting p = { genre, usager, quoi, -1, 1 };
	struct err e = { 0 };

	accepts(store_write(w->s, put, &p, &e), &e);
	return p.numero;
}

void acts_put(struct journal_world *w, int n)
{
	struct putting p = { "acte.fait", "u1", "une démarche", -1, n };
	struct err e = { 0 };

	accepts(store_write(w->s, put, &p, &e), &e);
}

struct journal_tete seal_now(struct journal_world *w)
{
	struct journal_tete t;
	struct err e = { 0 };

	accepts(journal_seal(w->s, w->g, "essai.fr/journal", &w->a, &t, &e), &e);
	return t;
}

size_t faults(struct journal_world *w, const struct note_head *kept, const char **said)
{
	unsigned char public[BOX_PUBLIC];
	struct journal_verif v = { .folder = journal_folder(w->s, &w->a), .public = public,
				   .garde = kept };
	struct err e = { 0 };

	accepts(signer_public(w->g, "journal", public, &e), &e);
	accepts(journal_verify(w->db, &w->a, &v, &e), &e);
	if (said)
		*said = v.nfautes ? v.fautes[0] : "";
	return v.nfautes;
}

void harm(struct journal_world *w, const char *statement)
{
	char path[1100];
	char *why = NULL;
	sqlite3 *c;

	snprintf(path, sizeof path, "%s/tremplin.db", w->dir);
	equals(sqlite3_open(path, &c), SQLITE_OK);
	if (sqlite3_exec(c, statement, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s", why);
	sqlite3_close(c);
}

static const char *wanted;
static int found;

static int look(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	char *p = kind == FTW_F ? malloc((size_t)st->st_size + 1) : NULL;
	FILE *f = p ? fopen(path, "re") : NULL;
	size_t n = f ? fread(p, 1, (size_t)st->st_size, f) : 0;

	if (kind == FTW_D && !strcmp(path + at->base, "sauvegardes")) {
		free(p);
		return FTW_SKIP_SUBTREE;
	}
	if (n && memmem(p, n, wanted, strlen(wanted))) {
		found++;
		print_message("%s holds %s\n", path, wanted);
	}
	if (f)
		fclose(f);
	free(p);
	return FTW_CONTINUE;
}

int files_with(const char *dir, const char *bytes)
{
	wanted = bytes;
	found = 0;
	nftw(dir, look, 16, FTW_PHYS | FTW_ACTIONRETVAL);
	return found;
}
