#include "core/horaires_lecteur.h"

/* --- hours --------------------------------------------------------------------------- */

static bool add_plage(struct lecteur *l, struct regle *r, int from, int to, bool inconnu)
{
	if (l->d->nplages == PLAGES_MAX)
		return lit_refuse(l, "trop d’horaires");
	l->d->plages[l->d->nplages++] =
		(struct heures){ (uint16_t)from, (uint16_t)to, inconnu };
	r->plages.n++;
	return true;
}

/* The end that is not said.  Source: the evaluator opening_hours.js, whose guess is the
 * usual one: the same evening, or ten hours from 17:00, or eight from 22:00. */
static bool open_end(struct lecteur *l, struct regle *r, int from)
{
	int to = from % JOUR < 17 * 60 && from < JOUR ? JOUR
	       : from + (from >= 22 * 60 ? 8 : 10) * 60;

	return add_plage(l, r, from, to < 2 * JOUR ? to : 2 * JOUR, true);
}

static bool plage(struct lecteur *l, struct regle *r)
{
	const char *before = l->p;
	int from, to;

	if (!lit_time(l, &from))
		return lit_refuse(l, "une heure est attendue");
	if (from >= JOUR)
		return lit_refuse(l, "cette heure ne commence pas le jour dit");
	if (lit_sign(l, "+"))
		return open_end(l, r, from);
	if (!lit_dash(l)) {
		l->p = before;
		return lit_refuse(l, "une heure seule, sans heure de fin");
	}
	if (!lit_time(l, &to))
		return lit_refuse(l, "l’heure de fin manque");
	if (from == to) {
		l->p = before;
		return lit_refuse(l, "l’ouverture et la fermeture sont à la même heure");
	}
	if (to < from)
		to += JOUR;
	if (!add_plage(l, r, from, to, false))
		return false;
	if (lit_sign(l, "+"))
		return open_end(l, r, to);
	before = l->p;
	if (lit_dash(l)) {
		l->p = before;
		return lit_refuse(l, "trois heures à la suite : il en manque une");
	}
	return true;
}

/* After a comma: is what follows one more time of the same rule? */
static bool time_follows(struct lecteur *l)
{
	struct lecteur ahead = *l;
	int any;

	return lit_sign(&ahead, ",") && lit_time(&ahead, &any);
}

static bool plages(struct lecteur *l, struct regle *r)
{
	r->plages.at = l->d->nplages;
	for (;;) {
		if (!plage(l, r))
			return false;
		if (!time_follows(l))
			return true;
		if (l->d->plages[l->d->nplages - 1].inconnu)
			return lit_refuse(l, "des heures après une fin ouverte");
		lit_sign(l, ",");
	}
}

/* --- rules --------------------------------------------------------------------------- */

/* "sur rendez-vous", in straight or curly quotes. */
static bool comment(struct lecteur *l, struct regle *r, bool *found)
{
	const char *close = "\"", *end;

	*found = lit_sign(l, "\"");
	if (!*found && (*found = lit_sign(l, "\u201c")))
		close = "\u201d";
	if (!*found)
		return true;
	end = strstr(l->p, close);
	if (!end)
		return lit_refuse(l, "le guillemet n’est pas fermé");
	if (end > l->p) {
		size_t n = (size_t)(end - l->p);

		l->d->commentaires[l->d->ncommentaires++] = arena_strn(l->d->a, l->p, n);
		r->commentaire = l->d->ncommentaires;
	}
	l->p = end + strlen(close);
	return true;
}

/* off, closed, open, unknown and a comment; a comment alone makes the state unknown. */
static bool modifier(struct lecteur *l, struct regle *r, bool *found)
{
	bool state = true, commented;

	r->etat = OUVERT_OUI;
	if (lit_word(l, "off") || lit_word(l, "closed"))
		r->etat = OUVERT_NON;
	else if (lit_word(l, "unknown"))
		r->etat = OUVERT_INCONNU;
	else
		state = lit_word(l, "open");
	if (!comment(l, r, &commented))
		return false;
	if (commented && !state)
		r->etat = OUVERT_INCONNU;
	*found = state || commented;
	return true;
}

static bool dated(const struct regle *r)
{
	return r->jours || r->annees.n || r->dates.n || r->semaines.n;
}

static bool ends(struct lecteur *l)
{
	lit_blanks(l);
	return !*l->p || *l->p == ';' || *l->p == ',' || starts(l->p, "||");
}

/* Why what is next ends no rule. */
static const char *leftover(const struct lecteur *l, bool complete)
{
	struct lecteur ahead = *l;

	if (lit_word(&ahead, "sunrise") || lit_word(&ahead, "sunset")
	    || lit_word(&ahead, "dawn") || lit_word(&ahead, "dusk"))
		return "les heures du soleil ne sont pas connues ici";
	if (complete)
		return "la règle devrait s’arrêter là";
	return "ce n’est ni un jour ni une heure";
}

static bool regle(struct lecteur *l, struct regle *r)
{
	bool found = false, timed = false;

	if (lit_sign(l, "24/7")) {
		r->plages.at = l->d->nplages;
		timed = add_plage(l, r, 0, JOUR, false);
		if (!timed)
			return false;
	} else {
		do {
			if (!lit_selector(l, r, &found))
				return false;
		} while (found);
		if (dated(r))
			lit_sign(l, ":");
		lit_blanks(l);
		if (is_digit(*l->p)) {
			if (!plages(l, r))
				return false;
			timed = true;
		}
	}
	if (!modifier(l, r, &found))
		return false;
	if (!ends(l))
		return lit_refuse(l, leftover(l, timed || found));
	if (!timed && !found)
		return lit_refuse(l, "des jours sans heures");
	if (!dated(r) && l->d->nregles && !r->secours)
		return lit_refuse(l, "une règle sans jour à la suite d’une autre");
	return true;
}

static bool regles(struct lecteur *l)
{
	bool ajoutee = false, secours = false;
	char before = ';';              /* the separator that came last */

	for (;;) {
		struct regle r = { .ajoutee = ajoutee, .secours = secours };
		bool empty = ends(l);

		if (empty && before != ';')
			return lit_refuse(l, "une règle vide");
		if (!empty) {
			if (l->d->nregles == REGLES_MAX)
				return lit_refuse(l, "trop de règles");
			if (!regle(l, &r))
				return false;
			l->d->regles[l->d->nregles++] = r;
		}
		lit_blanks(l);
		if (!*l->p)
			return l->d->nregles || lit_refuse(l, "aucun horaire");
		if (empty && *l->p != ';')
			return lit_refuse(l, "une règle vide");
		before = *l->p;
		ajoutee = before == ',';
		secours = before == '|' || (ajoutee && secours);
		l->p += before == '|' ? 2 : 1;
	}
}

/* --- what is kept -------------------------------------------------------------------- */

static bool weekly(const struct depot *d)
{
	for (size_t i = 0; i < d->nregles; i++) {
		const struct regle *r = &d->regles[i];

		if (r->feries || r->annees.n || r->dates.n || r->semaines.n)
			return false;
		for (int j = 0; j < 7; j++) {
			if (r->rang[j] && !(r->rang[j] & RANG_TOUS))
				return false;
		}
	}
	return true;
}

static const void *keep(struct arena *a, const void *p, size_t n, size_t size)
{
	void *to = n ? arena_array(a, n, size) : NULL;

	if (to)
		memcpy(to, p, n * size);
	return to;
}

/* Draws a week once for all; days that are alike share their segments. */
static void keep_week(struct depot *d, struct horaires *h)
{
	struct horaires rules = { .regles = d->regles, .nregles = d->nregles,
				  .plages = d->plages };
	struct segment all[7 * SEGMENTS_MAX];
	int64_t monday = date_days(2024, 1, 1);
	size_t n = 0;

	for (int j = 0; j < 7; j++) {
		struct trame t;
		size_t at = 0;

		horaires_trame(&rules, NULL, monday + j, &t);
		while (at + t.n <= n && memcmp(all + at, t.s, t.n * sizeof *t.s) != 0)
			at++;
		if (at + t.n > n) {
			at = n;
			memcpy(all + n, t.s, t.n * sizeof *t.s);
			n += t.n;
		}
		h->jour[j] = (uint16_t)at;
	}
	h->semaine = keep(d->a, all, n, sizeof *all);
}

static const struct horaires *keep_all(struct depot *d, struct err *e)
{
	struct horaires *h = NEW(d->a, struct horaires);
	struct horaires kept = { 0 };

	kept.commentaires = keep(d->a, d->commentaires, d->ncommentaires,
				 sizeof *d->commentaires);
	if (weekly(d)) {
		keep_week(d, &kept);
	} else {
		kept.nregles = d->nregles;
		kept.regles = keep(d->a, d->regles, d->nregles, sizeof *d->regles);
		kept.suites = keep(d->a, d->suites, d->nsuites, sizeof *d->suites);
		kept.dates = keep(d->a, d->dates, d->ndates, sizeof *d->dates);
		kept.plages = keep(d->a, d->plages, d->nplages, sizeof *d->plages);
	}
	if (!h || d->a->spent) {
		arena_refuse(d->a, e);
		return NULL;
	}
	*h = kept;
	return h;
}

const struct horaires *horaires_read(struct arena *a, const char *osm, struct err *e)
{
	struct depot d = { .a = a };
	struct lecteur l = { osm, e, &d };

	return regles(&l) ? keep_all(&d, e) : NULL;
}
