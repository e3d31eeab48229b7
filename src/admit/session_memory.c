/* Sessions in memory: found at each page, read again when anything in the store has moved. */
#include <stdlib.h>
#include <string.h>

#include "admit/session.sql.h"
#include "admit/session_inside.h"
#include "base/date.h"
#include "base/log.h"
#include "crypto/sha256.h"

enum { MINUTE_MS = 60 * 1000, AGENT_ROOM = 256 << 10, FLUSH_MOST = 500,
	KEPT_DAYS = 30 };

bool sessions_new(struct store *s, const struct env *env, struct sessions **out, struct err *e)
{
	struct sessions *m = calloc(1, sizeof *m);

	if (!m)
		return fail(e, E_LIMIT, "Il n’y a plus assez de mémoire pour démarrer.");
	m->store = s;
	m->env = env;
	for (int i = 0; i < SESSION_LOCKS; i++)
		pthread_mutex_init(&m->lock[i], NULL);
	*out = m;
	return true;
}

void sessions_free(struct sessions **at)
{
	struct sessions *m = *at;

	*at = NULL;
	if (!m)
		return;
	for (int i = 0; i < SESSION_SETS * SESSION_WAYS; i++)
		arena_free(&m->at[i / SESSION_WAYS][i % SESSION_WAYS].a);
	for (int i = 0; i < SESSION_LOCKS; i++)
		pthread_mutex_destroy(&m->lock[i]);
	free(m);
}

/* --- copies ----------------------------------------------------------------------- */

static const char *copy_text(struct arena *a, const char *s)
{
	return s ? arena_str(a, s) : NULL;
}

static bool copy_agent(struct arena *a, const struct agent *from, struct agent *to,
		       struct err *e)
{
	struct agent_place *places = NEW_ARRAY(a, from->nplaces, struct agent_place);

	if (!places)
		return arena_refuse(a, e);
	*to = *from;
	to->id = arena_str(a, from->id);
	to->prenom = arena_str(a, from->prenom);
	to->nom = arena_str(a, from->nom);
	to->courriel = copy_text(a, from->courriel);
	to->identifiant = arena_str(a, from->identifiant);
	to->langue = arena_str(a, from->langue);
	to->session = copy_text(a, from->session);
	for (size_t i = 0; i < from->nplaces; i++) {
		places[i] = from->places[i];
		places[i].structure = arena_str(a, from->places[i].structure);
		places[i].nom = arena_str(a, from->places[i].nom);
	}
	to->places = places;
	to->ici = from->ici ? places + (from->ici - from->places) : NULL;
	return !a->spent || arena_refuse(a, e);
}

static bool copy_session(struct arena *a, const struct agent_session *from,
			 struct agent_session *to, struct err *e)
{
	*to = *from;
	to->id = copy_text(a, from->id);
	to->preuves = copy_text(a, from->preuves);
	return from->state == AGENT_SESSION_NONE || copy_agent(a, &from->agent, &to->agent, e);
}

/* --- from the store --------------------------------------------------------------- */

static int64_t instant_of(const char *iso)
{
	static const struct zone utc = { "UTC", 0, DST_NONE };
	struct civil c;

	return iso && iso_read(iso, &c) ? zone_instant(&utc, &c) : 0;
}

static void work_in(struct agent *g, const char *structure)
{
	for (size_t i = 0; structure && i < g->nplaces; i++) {
		if (!strcmp(g->places[i].structure, structure) && g->places[i].active)
			g->ici = &g->places[i];
	}
}

static bool read_session(struct db *db, struct arena *a, const char *empreinte,
			 struct agent_session *out, struct err *e)
{
	struct agent_session_row_row row;
	bool found;

	*out = (struct agent_session){ 0 };
	if (!agent_session_row(db, a, empreinte, &row, &found, e))
		return false;
	if (!found)
		return true;
	if (!agent_get(db, a, row.agent_id, &out->agent, e))
		return false;
	out->state = row.fermee_le ? AGENT_SESSION_OVER :
		     row.ecran ? AGENT_SESSION_COVERED : AGENT_SESSION_OPEN;
	out->id = row.id;
	out->preuves = row.preuves;
	out->vu_ms = instant_of(row.vu_le);
	out->prouve_ms = instant_of(row.prouve_le);
	out->expire_ms = instant_of(row.expire_le);
	work_in(&out->agent, row.structure_id);
	out->agent.session = out->id;
	out->agent.prouve_ms = out->prouve_ms;
	return true;
}

/* --- memory ----------------------------------------------------------------------- */

static size_t set_of(const char *empreinte)
{
	size_t h = 0;

	for (int i = 0; i < 4; i++)
		h = h << 4 | (((size_t)empreinte[i] & 15) + (empreinte[i] > '9' ? 9u : 0u));
	return h % SESSION_SETS;
}

static pthread_mutex_t *lock_of(struct sessions *m, size_t set)
{
	return &m->lock[set % SESSION_LOCKS];
}

static struct remembered *find(struct sessions *m, size_t set, const char *empreinte)
{
	for (int i = 0; i < SESSION_WAYS; i++) {
		if (!strcmp(m->at[set][i].empreinte, empreinte))
			return &m->at[set][i];
	}
	return NULL;
}

/* Its place, or that of the one not seen for longest. */
static struct remembered *place(struct sessions *m, size_t set, const char *empreinte)
{
	struct remembered *r = find(m, set, empreinte), *oldest = m->at[set];

	for (int i = 0; !r && i < SESSION_WAYS; i++) {
		if (m->at[set][i].vu_ms < oldest->vu_ms)
			oldest = &m->at[set][i];
	}
	if (r)
		return r;
	arena_free(&oldest->a);
	*oldest = (struct remembered){ .a = arena_new(AGENT_ROOM) };
	memcpy(oldest->empreinte, empreinte, sizeof oldest->empreinte);
	return oldest;
}

/* Puts what was read where the next page finds it. */
static bool remember(struct sessions *m, size_t set, const char *empreinte,
		     const struct moment_of *at, const struct agent_session *s, struct err *e)
{
	struct remembered *r;
	int64_t seen;
	bool ok;

	pthread_mutex_lock(lock_of(m, set));
	r = place(m, set, empreinte);
	seen = r->vu_ms > s->vu_ms ? r->vu_ms : s->vu_ms;
	arena_reset(&r->a);
	ok = copy_session(&r->a, s, &r->session, e);
	r->at = *at;
	r->vu_ms = seen;
	r->written_ms = s->vu_ms;
	if (!ok)
		r->empreinte[0] = '\0';
	pthread_mutex_unlock(lock_of(m, set));
	return ok;
}

/* Is it too old now?  And, unless it is, it was seen. */
static void look(const struct sessions *m, struct agent_session *s, int64_t *vu_ms, bool seen)
{
	int64_t now = env_now(m->env);
	int64_t idle = s->state == AGENT_SESSION_COVERED ? AGENT_COVERED_MS : AGENT_IDLE_MS;

	if (s->state == AGENT_SESSION_NONE || s->state == AGENT_SESSION_OVER)
		return;
	if (now - *vu_ms > idle || now >= s->expire_ms)
		s->state = AGENT_SESSION_OVER;
	else if (seen && s->state == AGENT_SESSION_OPEN && now > *vu_ms)
		*vu_ms = now;
}

/* false: memory has none of this moment. */
static bool recall(struct sessions *m, struct arena *a, size_t set, const char *empreinte,
		   const struct moment_of *at, bool seen, struct agent_session *out)
{
	struct err e = { 0 };
	struct remembered *r;
	bool ok;

	pthread_mutex_lock(lock_of(m, set));
	r = find(m, set, empreinte);
	if (r && at->generation && r->at.generation == at->generation)
		r->at.version = at->version;    /* what moved is of no session */
	ok = r && r->at.version == at->version && copy_session(a, &r->session, out, &e);
	if (ok) {
		look(m, out, &r->vu_ms, seen);
		out->vu_ms = r->vu_ms;
	}
	pthread_mutex_unlock(lock_of(m, set));
	return ok;
}

/* From the store, when something in it has moved. */
static bool find_again(struct sessions *m, struct arena *a, size_t set, const char *empreinte,
		       struct moment_of *at, bool seen, struct agent_session *out, struct err *e)
{
	static const char *const tables[] = { "agent_session", "agent", "agent_role", "structure",
					      NULL };
	CLEANUP(db_release) struct db *db = NULL;

	if (!db_acquire(m->store, &db, e) || !store_generation(db, tables, &at->generation, e))
		return false;
	if (recall(m, a, set, empreinte, at, seen, out))
		return true;
	if (!read_session(db, a, empreinte, out, e))
		return false;
	if (out->state == AGENT_SESSION_NONE)
		return true;
	return remember(m, set, empreinte, at, out, e)
	       && (recall(m, a, set, empreinte, at, seen, out) || true);
}

bool agent_session_find(struct sessions *m, struct arena *a, const char *token, bool seen,
			struct agent_session *out, struct err *e)
{
	char empreinte[SHA256_HEX];
	struct moment_of at = { 0 };
	size_t set;

	*out = (struct agent_session){ 0 };
	if (!token || strlen(token) != AGENT_TOKEN_TEXT - 1)
		return true;
	sha256_hex(token, AGENT_TOKEN_TEXT - 1, empreinte);
	set = set_of(empreinte);
	if (!store_version(m->store, &at.version, e))
		return false;
	return recall(m, a, set, empreinte, &at, seen, out)
	       || find_again(m, a, set, empreinte, &at, seen, out, e);
}

int64_t sessions_seen(struct sessions *m, const char *id)
{
	int64_t vu = 0;

	for (size_t set = 0; set < SESSION_SETS && !vu; set++) {
		pthread_mutex_lock(lock_of(m, set));
		for (int i = 0; i < SESSION_WAYS; i++) {
			struct remembered *r = &m->at[set][i];

			if (r->empreinte[0] && r->session.id && !strcmp(r->session.id, id))
				vu = r->vu_ms;
		}
		pthread_mutex_unlock(lock_of(m, set));
	}
	return vu;
}

/* --- writing what memory knows ---------------------------------------------------- */

struct seen {
	char id[UUID_TEXT];
	int64_t vu_ms;
};

struct flush {
	const struct env *env;
	struct seen *list;
	size_t n;
	bool over;                      /* some must be closed */
	char idle[ISO_TEXT], covered[ISO_TEXT], now[ISO_TEXT], before[ISO_TEXT];
};

static bool write_all(struct tx *tx, void *arg, struct err *e)
{
	struct flush *w = arg;
	char vu[ISO_TEXT];

	for (size_t i = 0; i < w->n; i++) {
		iso_write(w->list[i].vu_ms, vu);
		if (!agent_session_seen(tx, w->list[i].id, vu, NULL, e))
			return false;
	}
	return agent_session_end_old(tx, w->now, NULL, e)
	       && agent_session_end_idle(tx, w->idle, w->covered, w->now, NULL, e)
	       && agent_session_forget(tx, w->before, NULL, e);
}

static void take_seen(struct sessions *m, struct flush *w)
{
	for (size_t set = 0; set < SESSION_SETS; set++) {
		pthread_mutex_lock(lock_of(m, set));
		for (int i = 0; i < SESSION_WAYS && w->n < FLUSH_MOST; i++) {
			struct remembered *r = &m->at[set][i];

			if (!r->empreinte[0] || r->vu_ms - r->written_ms < MINUTE_MS)
				continue;
			memcpy(w->list[w->n].id, r->session.id, UUID_TEXT);
			w->list[w->n++].vu_ms = r->vu_ms;
			r->written_ms = r->vu_ms;
		}
		pthread_mutex_unlock(lock_of(m, set));
	}
}

static bool any_over(struct sessions *m, struct arena *a, struct flush *w, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct agent_session_over_row row;

	return db_acquire(m->store, &db, e)
	       && agent_session_over(db, a, w->idle, w->covered, w->now, &row, &w->over, e);
}

bool sessions_flush(struct sessions *m, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	struct flush w = { .env = m->env };
	int64_t now = env_now(m->env), late = 2 * MINUTE_MS;   /* the store knows to the minute */

	if (now - m->flushed_ms < MINUTE_MS)
		return true;
	m->flushed_ms = now;
	w.list = NEW_ARRAY(&a, FLUSH_MOST, struct seen);
	if (!w.list)
		return arena_refuse(&a, e);
	iso_write(now, w.now);
	iso_write(now - AGENT_IDLE_MS - late, w.idle);
	iso_write(now - AGENT_COVERED_MS - late, w.covered);
	iso_write(now - (int64_t)KEPT_DAYS * 24 * 60 * MINUTE_MS, w.before);
	take_seen(m, &w);
	if (!any_over(m, &a, &w, e))
		return false;
	return (!w.n && !w.over) || store_write(m->store, write_all, &w, e);
}
