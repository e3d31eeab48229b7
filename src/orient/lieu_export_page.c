#include "orient/lieu_export_page.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "core/core.h"
#include "orient/lieu_jeu.h"
#include "orient/lieu_schema.h"
#include "orient/lieu_sorti.sql.h"
#include "store/db.h"
#include "web/i18n.h"

enum { SMALL = 1 << 20, DAY_MS = 86400000 };

const struct field exports_fields[] = {
	{ AT(exports_in, depuis), .kind = F_TEXT, .max = 10,
	  .label = N_("Changés depuis cette date (AAAA-MM-JJ)") },
	{ 0 },
};

static int64_t instant_of(const char *iso)
{
	struct civil c;

	return iso && iso_read(iso, &c) ? date_days(c.year, c.month, c.day) * DAY_MS
		+ ((c.hour * 60 + c.minute) * 60 + c.second) * (int64_t)1000 : 0;
}

/* The last change of what is exported, departures included. */
static bool last_change(struct req *r, const struct repertoire *rep, struct db *db, int64_t *out,
			struct err *e)
{
	const char *last = "";
	struct lieux_sortis_dernier_row gone;

	if (!lieux_sortis_dernier(db, r->a, &gone, e))
		return false;
	for (size_t i = 0; i < rep->nlieux; i++) {
		if (strcmp(rep->lieux[i].maj_le, last) > 0)
			last = rep->lieux[i].maj_le;
	}
	if (gone.le && strcmp(gone.le, last) > 0)
		last = gone.le;
	*out = instant_of(last);
	return true;
}

static bool refuse_file(struct err *e)
{
	fail(e, E_STORE, N_("Ce fichier n’a pas pu être préparé."));
	return hint(e, N_("Réessayez dans quelques minutes."));
}

/* A file that nobody else sees, and that goes with its descriptor. */
static FILE *nameless(struct req *r, struct err *e)
{
	char *path = (char *)(uintptr_t)arena_cat(r->a, store_dir(r->core->store),
						  "/tmp/export-XXXXXX", NULL);
	int fd = store_folder(r->core->store, "tmp", e) ? mkstemp(path) : -1;
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w+");

	if (fd >= 0)
		unlink(path);
	if (fd >= 0 && !f)
		close(fd);
	return f;
}

/* Short answers go the usual way, where they are compressed. */
static bool take_file(struct res *s, FILE *f)
{
	long n = ftell(f);
	bool good = n >= 0;

	rewind(f);
	if (good && n > SMALL) {
		s->file = dup(fileno(f));
		return s->file > 0;
	}
	return good && (!n || (buf_room(&s->body, (size_t)n)
		&& fread(s->body.p + s->body.n, 1, (size_t)n, f) == (size_t)n))
	       && (s->body.n += (size_t)n, true);
}

bool lieu_export_answer(struct req *r, struct res *s, struct lieu_export_ask *ask, struct err *e)
{
	FILE *f = nameless(r, e);
	bool good;

	if (!f)
		return e->kind != E_OK ? false : refuse_file(e);
	ask->folder = arena_cat(r->a, store_dir(r->core->store), "/tmp", NULL);
	ask->base = core_address(r);
	ask->now = env_now(r->env);
	good = lieu_export(ask, f, NULL, e) && (take_file(s, f) || refuse_file(e));
	fclose(f);
	s->type = lieu_exports[ask->format].type;
	return good;
}

static bool put_schema(struct req *r, struct res *s)
{
	s->type = "application/json";
	lieu_schema(&s->body, arena_cat(r->a, core_address(r), "/donnees/lieux/donnees.csv", NULL));
	return true;
}

static bool find_export(const char *file, enum lieu_export_format *out)
{
	for (int i = 0; i < EXPORT_FORMATS; i++) {
		if (!strcmp(lieu_exports[i].file, file)) {
			*out = (enum lieu_export_format)i;
			return true;
		}
	}
	return false;
}

static bool check_since(const char *since, struct err *e)
{
	struct civil day;

	if (!since || (strlen(since) == 10 && iso_read(since, &day)))
		return true;
	return fail(e, E_INPUT, N_("« depuis » attend une date comme 2026-11-22."));
}

static bool is_known(struct req *r, const struct res *s)
{
	return r->if_none_match && strstr(r->if_none_match, s->etag);
}

bool lieu_export_page(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	CLEANUP(db_release) struct db *db = NULL;
	const struct exports_in *in = r->in;
	struct lieu_export_ask ask = { .since = in->depuis, .r = held.r };
	struct civil today = zone_local(&zone_paris, env_now(r->env));

	if (!strcmp(r->params[0], "schema.json"))
		return put_schema(r, s);
	if (!find_export(r->params[0], &ask.format)) {
		fail(e, E_MISSING, N_("Ce jeu de données n’a pas ce fichier."));
		return hint(e, N_("Ses fichiers sont dans sa page."));
	}
	if (!check_since(ask.since, e) || !db_acquire(r->core->store, &db, e)
	    || !last_change(r, held.r, db, &s->modified, e))
		return false;
	ask.db = db;
	s->etag = arena_printf(r->a, "\"%s-%s-%s-%lld-%lld\"", held.r->etag, r->params[0],
			       ask.since ? ask.since : "", (long long)s->modified,
			       ask.format != EXPORT_ICS ? 0LL
			       : (long long)date_days(today.year, today.month, today.day));
	s->filename = arena_cat(r->a, "lieux-", ask.since ? "depuis-" : "",
				ask.since ? ask.since : "", ask.since ? "-" : "",
				r->params[0], NULL);
	if (ask.format == EXPORT_ICS)   /* begins this week: has no date of its own */
		s->modified = 0;
	return is_known(r, s) || lieu_export_answer(r, s, &ask, e);
}
