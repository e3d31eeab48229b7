/* The queue side of the sending post: everything here runs inside one job of the writer. */
#include <string.h>

#include "base/date.h"
#include "store/envoi_inside.h"
#include "store/inside.h"
#include "store/poste_inside.h"

enum {
	BAIL_MS = 5 * 60 * 1000,
	FIRST_MS = 15 * 1000, URGENT_FIRST_MS = 3 * 1000,
	LONGEST_MS = 3600 * 1000, URGENT_LONGEST_MS = 30 * 1000,
	BATCH = 200,                    /* rows of one round of housekeeping */
	COUNTS_DAYS = 400,              /* a message of nobody is kept so long: a year to compare */
	ANSWERS_DAYS = 30, CALLS_DAYS = 4,
};

static void iso(int64_t ms, char out[ISO_TEXT])
{
	iso_write(ms, out);
}

/* --- local time ------------------------------------------------------------------------- */

static void local_day(const struct poste *p, int64_t ms, char out[11])
{
	static const struct zone utc = { "UTC", 0, DST_NONE };
	struct civil c = zone_local(p->r->zone, ms);
	char text[ISO_TEXT];

	iso_write(zone_instant(&utc, &c), text);
	memcpy(out, text, 10);
	out[10] = '\0';
}

static bool is_open(const struct envoi_reglages *r, const struct civil *c)
{
	int minute = c->hour * 60 + c->minute;
	bool sunday = date_weekday(date_days(c->year, c->month, c->day)) == 6;

	return minute >= r->debut && minute < r->fin && (r->dimanche || !sunday);
}

bool poste_open_hours(const struct envoi_reglages *r, int64_t now)
{
	struct civil c = zone_local(r->zone, now);

	return is_open(r, &c);
}

/* The first opening of a day after `now`. */
int64_t next_opening(const struct envoi_reglages *r, int64_t now)
{
	struct civil c = zone_local(r->zone, now);
	int64_t day = date_days(c.year, c.month, c.day);

	for (int i = 0; i < 3; i++) {
		struct civil open = date_civil(day + i);
		int64_t at;

		open.hour = r->debut / 60;
		open.minute = r->debut % 60;
		at = zone_instant(r->zone, &open);
		if (at > now && is_open(r, &open))
			return at;
	}
	return now + 24 * 3600 * 1000;
}

/* --- waiting ---------------------------------------------------------------------------- */

/* Give or take a fifth, so that what failed together does not come back together. */
static int64_t shaken(const struct poste *p, int64_t ms)
{
	uint32_t chance;

	env_random(p->env, &chance, sizeof chance);
	return ms - ms / 5 + (int64_t)(chance % 1000) * (ms * 2 / 5) / 1000;
}

/* After `tries` tries. */
static int64_t wait_of(const struct poste *p, int64_t tries, bool urgent)
{
	int64_t ms = urgent ? URGENT_FIRST_MS : FIRST_MS;
	int64_t most = urgent ? URGENT_LONGEST_MS : LONGEST_MS;

	while (--tries > 0 && ms < most)
		ms *= 2;
	return shaken(p, ms < most ? ms : most);
}

static bool postpone(struct poste *p, struct tx *tx, const struct envoi_due_row *m,
		     int64_t until, int64_t tries, const char *why, struct err *e)
{
	char now[ISO_TEXT], then[ISO_TEXT];
	int64_t changed;

	iso(p->now, now);
	iso(until, then);
	return envoi_postpone(tx, m->id, why, then, tries, now, &changed, e)
	       && (!changed || envoi_history_add(tx, m->id, envoi_etats[ENVOI_ATTENTE], why, now,
						 NULL, e));
}

/* --- what came of them ------------------------------------------------------------------ */

static bool finish(struct poste *p, struct tx *tx, const struct envoi_due_row *m,
		   enum envoi_etat state, const char *why, struct err *e)
{
	char day[11];

	local_day(p, p->now, day);
	return envoi_finish(tx, &(struct envoi_end){ .id = m->id, .canal = m->canal,
			    .genre = m->genre, .etat = state, .motif = why, .jour = day,
			    .segments = m->segments }, e);
}

/* A receipt may have come before our own answer: then the state is further already. */
static bool left(struct poste *p, struct tx *tx, const struct place *k, struct err *e)
{
	const struct envoi_due_row *m = &k->m;
	const char *state = envoi_etats[ENVOI_PARTI];
	char now[ISO_TEXT], day[11];
	int64_t changed;

	iso(p->now, now);
	local_day(p, p->now, day);
	return envoi_leave(tx, m->id, k->id_distant, now, &changed, e)
	       && (!changed || envoi_history_add(tx, m->id, state, NULL, now, NULL, e))
	       && envoi_day_add(tx, day, m->canal, m->genre, state, m->segments, NULL, e);
}

static bool write_down(struct poste *p, struct tx *tx, const struct place *k, struct err *e)
{
	int64_t tries = k->m.essais + 1, until = p->now + wait_of(p, tries, k->m.urgent);

	switch (k->issue) {
	case ISSUE_PARTI:
		return left(p, tx, k, e);
	case ISSUE_REFUSE:
		return finish(p, tx, &k->m, ENVOI_REFUSE, k->motif, e);
	default:
		return postpone(p, tx, &k->m, until, tries, k->motif, e);
	}
}

/* --- taking new ones -------------------------------------------------------------------- */

static bool country_is_open(const struct envoi_reglages *r, const char *number)
{
	const char *s = r->pays;

	while (*s) {
		size_t n = strcspn(s, " ,");

		if (n && !strncmp(number + 1, s, n))
			return true;
		s += n;
		s += strspn(s, " ,");
	}
	return false;
}

enum sift { SIFT_TAKE, SIFT_LEAVE, SIFT_FAIL };

/* May this one leave now?  Ends it, or puts it off, when not. */
static enum sift sift(struct poste *p, struct tx *tx, const struct envoi_due_row *m,
		      int canal, struct err *e)
{
	struct envoi_stopped_row stop;
	struct envoi_day_of_row today;
	bool stopped = false;
	char day[11];

	if (canal == ENVOI_SMS && !country_is_open(p->r, m->destinataire))
		return finish(p, tx, m, ENVOI_REFUSE, "Les SMS vers ce pays ne sont pas permis "
			      "(sms_pays).", e) ? SIFT_LEAVE : SIFT_FAIL;
	if (canal == ENVOI_SMS && !m->urgent
	    && !envoi_stopped(tx_db(tx), &p->turn, m->destinataire, &stop, &stopped, e))
		return SIFT_FAIL;
	if (stopped)
		return finish(p, tx, m, ENVOI_ANNULE, "Ce numéro a répondu STOP.", e)
			? SIFT_LEAVE : SIFT_FAIL;
	local_day(p, p->now, day);
	if (!envoi_day_of(tx_db(tx), &p->turn, m->destinataire, day, m->urgent, &today, e))
		return SIFT_FAIL;
	if (!p->r->par_personne || today.nombre < p->r->par_personne)
		return SIFT_TAKE;
	return postpone(p, tx, m, next_opening(p->r, p->now), m->essais, "Assez de messages "
			"aujourd’hui pour ce destinataire (envoi_par_personne).", e)
		? SIFT_LEAVE : SIFT_FAIL;
}

static bool take(struct poste *p, struct tx *tx, struct envoi_due_row *m, int canal,
		 struct err *e)
{
	char now[ISO_TEXT], end[ISO_TEXT], day[11];
	enum sift how = sift(p, tx, m, canal, e);

	if (how != SIFT_TAKE)
		return how == SIFT_LEAVE;
	iso(p->now, now);
	iso(p->now + BAIL_MS, end);
	local_day(p, p->now, day);
	if (!envoi_lease(tx, m->id, end, day, now, NULL, e))
		return false;
	p->taken_canal[p->ntaken] = canal;
	p->taken[p->ntaken++] = m;
	return true;
}

/* How many more the day allows; what was asked by its own reader may go to the double. */
static bool day_room(struct poste *p, struct tx *tx, int canal, bool urgent, int64_t *room,
		     struct err *e)
{
	struct envoi_day_total_row row;
	char day[11];

	*room = PLACES;
	if (!p->r->par_jour)
		return true;
	local_day(p, p->now, day);
	if (!envoi_day_total(tx_db(tx), &p->turn, day, envoi_canaux[canal], &row, e))
		return false;
	*room = (int64_t)p->r->par_jour * (urgent ? 2 : 1) - row.partis
		- (int64_t)places_taken(p, canal);
	return true;
}

/* When the first one that waits is due. */
static bool look_ahead(struct poste *p, struct tx *tx, int canal, bool urgent, struct err *e)
{
	static const struct zone utc = { "UTC", 0, DST_NONE };
	struct envoi_next_due_row row;
	struct civil c;
	int64_t at;

	if (!envoi_next_due(tx_db(tx), &p->turn, envoi_canaux[canal], urgent, &row, e))
		return false;
	if (!row.pas_avant || !iso_read(row.pas_avant, &c))
		return true;
	at = zone_instant(&utc, &c);
	if (!urgent && canal == ENVOI_SMS && !poste_open_hours(p->r, p->now)
	    && at < next_opening(p->r, p->now))
		at = next_opening(p->r, p->now);
	if (at < p->due[canal])
		p->due[canal] = at;
	return true;
}

static bool take_class(struct poste *p, struct tx *tx, int canal, bool urgent, int64_t most,
		       struct err *e)
{
	struct envoi_due_row *rows;
	int64_t room;
	char now[ISO_TEXT];
	size_t n, had;

	if (!urgent && canal == ENVOI_SMS && !poste_open_hours(p->r, p->now))
		return look_ahead(p, tx, canal, urgent, e);
	if (!day_room(p, tx, canal, urgent, &room, e))
		return false;
	iso(p->now, now);
	/* rounds: those that are put off or ended leave their place to the next */
	for (had = p->ntaken; (int64_t)(p->ntaken - had) < (most < room ? most : room);) {
		int64_t want = (most < room ? most : room) - (int64_t)(p->ntaken - had);

		if (!envoi_due(tx_db(tx), &p->turn, envoi_canaux[canal], urgent, now, want, &rows,
			       &n, e))
			return false;
		for (size_t i = 0; i < n; i++) {
			if (!take(p, tx, &rows[i], canal, e))
				return false;
		}
		if ((int64_t)n < want || p->turn.used > TURN_MEMORY / 2)
			break;
	}
	return look_ahead(p, tx, canal, urgent, e);
}

static bool take_only(struct poste *p, struct tx *tx, int canal, struct err *e)
{
	struct envoi_one_row row;
	struct envoi_due_row *m = NEW(&p->turn, struct envoi_due_row);
	bool found = false;
	char now[ISO_TEXT];

	if (!m)
		return arena_refuse(&p->turn, e);
	iso(p->now, now);
	if (!envoi_one(tx_db(tx), &p->turn, p->seul, envoi_canaux[canal], now, &row, &found, e))
		return false;
	if (!found)
		return true;
	memcpy(m, &row, sizeof *m);
	return take(p, tx, m, canal, e);
}
_Static_assert(sizeof(struct envoi_one_row) == sizeof(struct envoi_due_row), "the same columns");

/* How many this way may take now. */
static int64_t wanted(const struct poste *p, int canal)
{
	const struct voie *v = &p->voies[canal];
	int64_t n = v->ensemble - (int64_t)places_taken(p, canal);
	int64_t pace = canal == ENVOI_SMS ? p->r->sms_par_seconde : 0, due;

	if (v->sorte == VOIE_AUCUNE || p->now < v->pause)
		return 0;
	if (v->pannes)                  /* one to see whether it is well again */
		n = n == v->ensemble ? 1 : 0;
	if (pace) {
		due = (p->now - v->dernier) * pace / 1000;
		n = due < n ? due : n;
	}
	return n;
}

bool file_turn(struct tx *tx, void *arg, struct err *e)
{
	struct poste *p = arg;

	p->ntaken = 0;
	arena_reset(&p->turn);
	p->due[0] = p->due[1] = 0;      /* not looked at: as if now */
	for (int i = 0; i < PLACES; i++) {
		const struct place *k = &p->places[i];

		if (k->prise && k->issue != ISSUE_AUCUNE && !write_down(p, tx, k, e))
			return false;
	}
	for (int canal = 0; canal < 2; canal++) {
		int64_t n = wanted(p, canal);
		size_t had = p->ntaken;

		if (p->seul) {
			if (n > 0 && !take_only(p, tx, canal, e))
				return false;
			continue;
		}
		if (n <= 0)
			continue;
		p->due[canal] = INT64_MAX;
		if (!take_class(p, tx, canal, true, n, e)
		    || !take_class(p, tx, canal, false, n - (int64_t)(p->ntaken - had), e))
			return false;
	}
	return true;
}

/* --- housekeeping ----------------------------------------------------------------------- */

static bool put_back(struct poste *p, struct tx *tx, const char *before, struct err *e)
{
	static const char why[] = "Repris après un arrêt : il a pu partir deux fois.";
	struct envoi_orphans_row *rows;
	char now[ISO_TEXT];
	size_t n;

	iso(p->now, now);
	if (!envoi_orphans(tx_db(tx), &p->turn, before, BATCH, &rows, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		bool ours = false;

		for (int k = 0; k < PLACES; k++)
			ours = ours || (p->places[k].prise
					&& !strcmp(p->places[k].m.id, rows[i].id));
		if (ours)
			continue;
		if (!envoi_postpone(tx, rows[i].id, why, now, rows[i].essais, now, NULL, e)
		    || !envoi_history_add(tx, rows[i].id, envoi_etats[ENVOI_ATTENTE], why, now,
					  NULL, e))
			return false;
	}
	return true;
}

bool file_recover(struct tx *tx, void *arg, struct err *e)
{
	struct poste *p = arg;

	arena_reset(&p->turn);
	return put_back(p, tx, "9999-12-31T23:59:59Z", e);
}

static bool end_expired(struct poste *p, struct tx *tx, struct err *e)
{
	struct envoi_expired_row *rows;
	char now[ISO_TEXT];
	size_t n;

	iso(p->now, now);
	if (!envoi_expired(tx_db(tx), &p->turn, now, BATCH, &rows, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct envoi_due_row m = { .id = rows[i].id, .canal = rows[i].canal,
			.genre = rows[i].genre, .segments = rows[i].segments };

		if (!finish(p, tx, &m, ENVOI_PERIME, "Il n’a pas pu partir à temps.", e))
			return false;
	}
	return true;
}

static bool drop_old(struct poste *p, struct tx *tx, struct err *e)
{
	struct envoi_old_row *rows;
	char before[ISO_TEXT];
	size_t n;

	iso(p->now - (int64_t)COUNTS_DAYS * 24 * 3600 * 1000, before);
	if (!envoi_old(tx_db(tx), &p->turn, before, BATCH, &rows, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!envoi_history_drop(tx, rows[i].id, NULL, e)
		    || !envoi_drop(tx, rows[i].id, NULL, e))
			return false;
	}
	return true;
}

bool file_menage(struct tx *tx, void *arg, struct err *e)
{
	struct poste *p = arg;
	int64_t day = 24 * 3600 * 1000;
	char now[ISO_TEXT], names[ISO_TEXT], answers[ISO_TEXT], calls[ISO_TEXT];

	arena_reset(&p->turn);
	iso(p->now, now);
	iso(p->now - p->r->oubli_jours * day, names);
	iso(p->now - ANSWERS_DAYS * day, answers);
	iso(p->now - CALLS_DAYS * day, calls);
	return put_back(p, tx, now, e) && end_expired(p, tx, e)
	       && envoi_forget(tx, names, BATCH, NULL, e)
	       && envoi_reponse_forget(tx, answers, NULL, e)
	       && envoi_retour_forget(tx, calls, NULL, e) && drop_old(p, tx, e);
}
