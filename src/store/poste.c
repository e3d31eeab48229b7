#include "store/poste.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/log.h"
#include "store/envoi.h"
#include "store/inside.h"
#include "store/poste_inside.h"

enum {
	LOOK_MS = 500, LEAST_MS = 20, RETRY_MS = 1000,
	MENAGE_MS = 60 * 1000, BALAI_MS = 2 * 60 * 1000,
};

/* --- beginning and end ------------------------------------------------------------------- */

static bool lock_post(const char *dir, int *fd, struct err *e)
{
	char path[PATH_ROOM + 16];

	snprintf(path, sizeof path, "%s/envoi.lock", dir);
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*fd < 0)
		return fail(e, E_STORE, "%.200s ne peut pas être ouvert (%s).", path,
			    strerror(errno));
	if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return true;
	close(*fd);
	*fd = -1;
	return fail(e, E_CONFLICT, "Les messages de ce dossier partent déjà, d’un autre processus.");
}

static void set_ways(struct poste *p)
{
	p->voies[ENVOI_SMS] = (struct voie){ .sorte = p->r->sms, .ensemble = p->r->sms_ensemble };
	p->voies[ENVOI_COURRIEL] = (struct voie){ .sorte = p->r->courriel,
		.ensemble = COURRIELS_ENSEMBLE_MOST };
	for (int i = 0; i < PLACES; i++)
		p->places[i].a = arena_new(PLACE_MEMORY);
}

bool poste_open(struct store *s, const struct envoi_reglages *r, struct poste **out,
		struct err *e)
{
	struct poste *p = calloc(1, sizeof *p);

	*out = NULL;
	if (!p)
		return fail(e, E_LIMIT, "La mémoire manque.");
	*p = (struct poste){ .s = s, .r = r, .env = store_env(s), .lock = -1,
		.turn = arena_new(TURN_MEMORY) };
	set_ways(p);
	p->multi = curl_multi_new();
	p->now = env_now(p->env);
	p->menage = p->now;
	p->seen = -1;
	/* the folder first: a process that is confined next may make it no more */
	if (p->multi && (r->dossier || (r->sms != VOIE_DOSSIER && r->courriel != VOIE_DOSSIER)
			 || store_folder(s, "messages", e))
	    && lock_post(store_dir(s), &p->lock, e)
	    && store_write(s, file_recover, p, e)) {
		*out = p;
		return true;
	}
	if (!p->multi)
		fail(e, E_LIMIT, "La mémoire manque.");
	poste_close(&p);
	return false;
}

void poste_close(struct poste **at)
{
	struct poste *p = *at;

	*at = NULL;
	if (!p)
		return;
	for (int i = 0; i < PLACES; i++) {
		place_free(p, &p->places[i]);
		arena_free(&p->places[i].a);
	}
	curl_multi_cleanup(p->multi);
	arena_free(&p->turn);
	lock_drop(&p->lock);
	free(p);
}

/* --- one turn ---------------------------------------------------------------------------- */

size_t places_taken(const struct poste *p, int canal)
{
	size_t n = 0;

	for (int i = 0; i < PLACES; i++)        /* those whose issue is known leave in this turn */
		n += p->places[i].prise && p->places[i].canal == canal
			&& p->places[i].issue == ISSUE_AUCUNE;
	return n;
}

size_t poste_under_way(const struct poste *p)
{
	size_t n = 0;

	for (int i = 0; i < PLACES; i++)
		n += p->places[i].prise;
	return n;
}

static bool any_ended(const struct poste *p)
{
	for (int i = 0; i < PLACES; i++) {
		if (p->places[i].prise && p->places[i].issue != ISSUE_AUCUNE)
			return true;
	}
	return false;
}

/* Something was written since the last look; unknown counts as yes. */
static bool store_moved(struct poste *p)
{
	struct err e;
	int64_t version;

	if (!store_version(p->s, &version, &e))
		return true;
	if (version == p->seen)
		return false;
	p->seen = version;
	return true;
}

/* A way that has room and is not left alone, when its time to look has come and there may
 * be something. */
static bool time_to_look(struct poste *p)
{
	bool woken = atomic_exchange(&p->woken, false), moved = false, asked = false;

	for (int canal = 0; canal < 2; canal++) {
		struct voie *v = &p->voies[canal];
		int most = v->pannes ? 1 : v->ensemble;

		if (v->sorte == VOIE_AUCUNE || p->now < v->pause || (p->now < v->regarde && !woken)
		    || (int)places_taken(p, canal) >= most)
			continue;
		moved = asked ? moved : store_moved(p);
		asked = true;
		if (moved || woken || p->now >= v->due)
			return true;
		v->regarde = p->now + LOOK_MS;
	}
	return false;
}

static struct place *free_place(struct poste *p)
{
	for (int i = 0; i < PLACES; i++) {
		if (!p->places[i].prise)
			return &p->places[i];
	}
	return NULL;            /* never: no more are taken than there are */
}

static const char *own(struct place *k, const char *s)
{
	return s ? arena_str(&k->a, s) : NULL;
}

/* A copy that lives with the place. */
static void keep(struct place *k, const struct envoi_due_row *m)
{
	k->m = *m;
	k->m.id = own(k, m->id);
	k->m.canal = own(k, m->canal);
	k->m.genre = own(k, m->genre);
	k->m.destinataire = own(k, m->destinataire);
	k->m.langue = own(k, m->langue);
	k->m.objet = own(k, m->objet);
	k->m.texte = own(k, m->texte);
	k->m.html = own(k, m->html);
	k->m.jeton = own(k, m->jeton);
}

/* When to look again; at a pace, as soon as a whole lot may leave. */
static int64_t look_after(const struct poste *p, int canal)
{
	int64_t pace = canal == ENVOI_SMS ? p->r->sms_par_seconde : 0;
	int64_t ms = pace ? p->voies[canal].ensemble * 1000 / pace : LOOK_MS;

	return p->now + (ms > LOOK_MS ? LOOK_MS : ms < LEAST_MS ? LEAST_MS : ms);
}

/* The transaction is on disk: places are free again, those that were taken begin. */
static void after_turn(struct poste *p)
{
	for (int i = 0; i < PLACES; i++) {
		struct place *k = &p->places[i];

		if (!k->prise || k->issue == ISSUE_AUCUNE)
			continue;
		if (k->issue == ISSUE_PARTI && !p->balai)
			p->balai = p->now + BALAI_MS;
		place_free(p, k);
	}
	for (size_t i = 0; i < p->ntaken; i++) {
		struct place *k = free_place(p);

		k->prise = true;
		k->canal = p->taken_canal[i];
		keep(k, p->taken[i]);
		p->voies[k->canal].dernier = p->now;
		place_start(p, k);
	}
	for (int canal = 0; canal < 2; canal++) {
		struct voie *v = &p->voies[canal];

		v->regarde = look_after(p, canal);
		v->due = p->due[canal];
	}
	p->ntaken = 0;
}

/* Before new ones are taken: a gateway that has just failed gets one at most. */
static void judge_ways(struct poste *p)
{
	for (int i = 0; i < PLACES; i++) {
		struct place *k = &p->places[i];

		if (k->prise && k->issue != ISSUE_AUCUNE && !k->jugee)
			voie_judge(p, k);
		k->jugee = k->issue != ISSUE_AUCUNE;
	}
}

static bool housekeep(struct poste *p, struct err *e)
{
	struct err ignored;

	/* a clock that went back does not put it off */
	if ((p->now >= p->menage || p->menage - p->now > MENAGE_MS) && !p->seul) {
		if (!store_write(p->s, file_menage, p, e) || !envoi_depot_forget(p->s, e))
			return false;
		p->menage = p->now + MENAGE_MS;
	}
	if (p->balai && p->now >= p->balai && !poste_under_way(p)) {
		store_sweep(p->s, &ignored);    /* somebody reads: next time */
		p->balai = 0;
	}
	return true;
}

/* In how long there may be something to do. */
static int64_t next_of(struct poste *p)
{
	int64_t next = p->seul ? p->now + LOOK_MS : p->menage;

	if (any_ended(p) || atomic_load(&p->woken))
		return 0;
	for (int canal = 0; canal < 2; canal++) {
		const struct voie *v = &p->voies[canal];
		int64_t at = v->pause > v->regarde ? v->pause : v->regarde;

		if (v->sorte != VOIE_AUCUNE && at < next)
			next = at;
	}
	next -= env_now(p->env);
	return next > 0 ? next : 0;
}

/* A clock that was set back must not make what was for soon wait for hours. */
static void tell_time(struct poste *p)
{
	int64_t before = p->now;

	p->now = env_now(p->env);
	if (p->now >= before)
		return;
	p->menage = p->now;
	p->balai = p->balai ? p->now : 0;
	for (int i = 0; i < 2; i++) {
		struct voie *v = &p->voies[i];

		v->pause = v->regarde = v->due = v->dernier = 0;
	}
}

bool poste_turn(struct poste *p, int wait_ms, int64_t *next_ms, struct err *e)
{
	int64_t wait;

	*next_ms = RETRY_MS;
	tell_time(p);
	places_collect(p);
	if (any_ended(p) || time_to_look(p)) {
		judge_ways(p);
		if (!store_write(p->s, file_turn, p, e))
			return false;
		after_turn(p);
	}
	if (!housekeep(p, e))
		return false;
	places_collect(p);
	wait = next_of(p);
	if (wait > wait_ms)
		wait = wait_ms;
	if (wait > 0)
		curl_multi_poll(p->multi, NULL, 0, (int)wait, NULL);
	places_collect(p);
	*next_ms = next_of(p);
	return true;
}

void poste_run(struct poste *p, const atomic_bool *stop)
{
	bool sick = false;

	while (!atomic_load(stop)) {
		struct err e = { 0 };
		int64_t next;
		bool good = poste_turn(p, LOOK_MS, &next, &e);

		if (!good && !sick)
			log_error("envoi : %s", e.msg);
		sick = !good;
		if (!good)
			curl_multi_poll(p->multi, NULL, 0, RETRY_MS, NULL);
	}
}

void poste_wake(struct poste *p)
{
	atomic_store(&p->woken, true);
	curl_multi_wakeup(p->multi);
}

void poste_only(struct poste *p, const char *id)
{
	p->seul = id;
}
