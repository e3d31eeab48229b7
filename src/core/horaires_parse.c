#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "core/horaires_regle.h"

/* --- the text ---------------------------------------------------------------------------- */

/* What the text has given so far. */
struct depot {
	struct arena *a;
	struct regle regles[REGLES_MAX];
	struct suite suites[SUITES_MAX];
	struct dates dates[DATES_MAX];
	struct heures plages[PLAGES_MAX];
	const char *commentaires[REGLES_MAX];
	uint8_t nregles, nsuites, ndates, nplages, ncommentaires;
};

/* Where the reading is; a copy of it looks ahead. */
struct lecteur {
	const char *p;
	struct err *e;
	struct depot *d;
};

static bool refuse(struct lecteur *l, const char *why)
{
	char rest[49];

	snprintf(rest, sizeof rest, "%s", l->p);
	utf8_trim_end(rest);
	if (*rest)
		fail(l->e, E_INPUT, "Horaires non compris, à « %s » : %s.", rest, why);
	else
		fail(l->e, E_INPUT, "Horaires non compris, à la fin : %s.", why);
	return hint(l->e, "Exemple : Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00; PH off");
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Accented letters of French count: their first byte in UTF-8 is C3. */
static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '\xc3';
}

static bool starts(const char *p, const char *with)
{
	return !strncmp(p, with, strlen(with));
}

/* White space, also the spaces that do not break of French typing. */
static void blanks(struct lecteur *l)
{
	for (;;) {
		if (*l->p && strchr(" \t\r\n", *l->p))
			l->p++;
		else if (starts(l->p, "\u00a0"))
			l->p += 2;
		else if (starts(l->p, "\u202f"))
			l->p += 3;
		else
			return;
	}
}

static bool sign(struct lecteur *l, const char *s)
{
	const char *before = l->p;

	blanks(l);
	if (starts(l->p, s)) {
		l->p += strlen(s);
		return true;
	}
	l->p = before;
	return false;
}

static bool dash(struct lecteur *l)
{
	return sign(l, "-") || sign(l, "\u2013") || sign(l, "\u2014") || sign(l, "\u2212");
}

/* A whole word, whatever its case. */
static bool word(struct lecteur *l, const char *w)
{
	const char *before = l->p;
	size_t n = strlen(w);

	blanks(l);
	if (!strncasecmp(l->p, w, n) && !is_letter(l->p[n])) {
		l->p += n;
		return true;
	}
	l->p = before;
	return false;
}

/* A number of at most `most` digits, after blanks. */
static bool number(struct lecteur *l, int most, int *out)
{
	const char *before = l->p;
	int n = 0;

	blanks(l);
	for (*out = 0; is_digit(l->p[n]) && n <= most; n++)
		*out = *out * 10 + (l->p[n] - '0');
	if (!n || n > most) {
		l->p = before;
		return false;
	}
	l->p += n;
	return true;
}

/* One of some English names, cut after `least` letters or more ("Mo", "Mon", "Monday"). */
static bool name(struct lecteur *l, const char *const *names, int count, size_t least, int *out)
{
	const char *before = l->p;
	size_t n = 0;

	blanks(l);
	while (is_letter(l->p[n]))
		n++;
	for (int i = 0; n >= least && i < count; i++) {
		if (n <= strlen(names[i]) && !strncasecmp(l->p, names[i], n)) {
			l->p += n;
			*out = i;
			return true;
		}
	}
	l->p = before;
	return false;
}

static bool weekday(struct lecteur *l, int *out)
{
	static const char *const names[] = { "Monday", "Tuesday", "Wednesday", "Thursday",
					     "Friday", "Saturday", "Sunday" };

	return name(l, names, 7, 2, out);
}

static bool month(struct lecteur *l, int *out)
{
	static const char *const names[] = { "January", "February", "March", "April", "May",
					     "June", "July", "August", "September", "October",
					     "November", "December" };

	if (!name(l, names, 12, 3, out))
		return false;
	++*out;
	return true;
}

/* --- hours ------------------------------------------------------------------------------- */

/* What follows the hour of a time: ":00", "h", "h30". */
static bool minutes(struct lecteur *l, int *out)
{
	const char *digits;

	*out = 0;
	if (sign(l, ":")) {
		blanks(l);
	} else {
		if (!sign(l, "h") && !sign(l, "H"))
			return false;
		if (!is_digit(*l->p))
			return !is_letter(*l->p);
	}
	digits = l->p;
	return number(l, 2, out) && l->p - digits == 2 && *out < 60;
}

/* "9:00", "09:00", "9h", "9h30", "24:00", "26:00" (two in the next morning). */
static bool clock_time(struct lecteur *l, int *out)
{
	const char *before = l->p;
	int hour, minute;

	if (number(l, 2, &hour) && minutes(l, &minute) && hour * 60 + minute <= 2 * JOUR) {
		*out = hour * 60 + minute;
		return true;
	}
	l->p = before;
	return false;
}

static bool add_plage(struct lecteur *l, struct regle *r, int from, int to, bool inconnu)
{
	if (l->d->nplages == PLAGES_MAX)
		return refuse(l, "trop d’horaires");
	l->d->plages[l->d->nplages++] = (struct heures){ (uint16_t)from, (uint16_t)to, inconnu };
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

	if (!clock_time(l, &from))
		return refuse(l, "une heure est attendue");
	if (from >= JOUR)
		return refuse(l, "cette heure ne commence pas le jour dit");
	if (sign(l, "+"))
		return open_end(l, r, from);
	if (!dash(l)) {
		l->p = before;
		return refuse(l, "une heure seule, sans heure de fin");
	}
	if (!clock_time(l, &to))
		return refuse(l, "l’heure de fin manque");
	if (from == to) {
		l->p = before;
		return refuse(l, "l’ouverture et la fermeture sont à la même heure");
	}
	if (to < from)
		to += JOUR;
	if (!add_plage(l, r, from, to, false))
		return false;
	if (sign(l, "+"))
		return open_end(l, r, to);
	before = l->p;
	if (dash(l)) {
		l->p = before;
		return refuse(l, "trois heures à la suite : il en manque une");
	}
	return true;
}

/* After a comma: is what follows one more time of the same rule? */
static bool time_follows(struct lecteur *l)
{
	struct lecteur ahead = *l;
	int any;

	return sign(&ahead, ",") && clock_time(&ahead, &any);
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
			return refuse(l, "des heures après une fin ouverte");
		sign(l, ",");
	}
}

/* --- days -------------------------------------------------------------------------------- */

/* "[1]", "[2,4]", "[-1]", "[1-3]" after a weekday: which of the month. */
static bool ranks(struct lecteur *l, uint16_t *out)
{
	for (*out = 0;;) {
		bool from_end = dash(l);
		int first, last;

		if (!number(l, 1, &first) || first < 1 || first > 5)
			return refuse(l, "un rang dans le mois de 1 à 5 est attendu");
		last = first;
		if (!from_end && dash(l) && (!number(l, 1, &last) || last < first || last > 5))
			return refuse(l, "un rang dans le mois de 1 à 5 est attendu");
		for (int i = first; i <= last; i++)
			*out |= (uint16_t)(1 << (i - 1 + (from_end ? 5 : 0)));
		if (sign(l, "]"))
			return true;
		if (!sign(l, ","))
			return refuse(l, "le crochet n’est pas fermé");
	}
}

/* One weekday with its ranks, or a range of weekdays; Sa-Mo goes over Sunday. */
static bool weekday_range(struct lecteur *l, struct regle *r, int from)
{
	const char *before;
	uint16_t which;
	int to = from;

	if (sign(l, "[")) {
		if (!ranks(l, &which))
			return false;
		r->rang[from] |= which;
		return true;
	}
	before = l->p;
	if (dash(l) && !weekday(l, &to)) {
		l->p = before;
		return refuse(l, "un jour de la semaine est attendu");
	}
	if (sign(l, "["))
		return refuse(l, "un rang dans le mois ne porte que sur un jour");
	for (int d = from;; d = (d + 1) % 7) {
		r->rang[d] |= RANG_TOUS;
		if (d == to)
			return true;
	}
}

/* A list of weekdays and PH separated by commas.  The first item has been seen to follow. */
static bool day_list(struct lecteur *l, struct regle *r, bool *weekdays, bool *feries)
{
	const char *before;
	int d;

	*weekdays = *feries = false;
	do {
		before = l->p;
		if (word(l, "PH")) {
			*feries = true;
		} else if (word(l, "SH")) {
			l->p = before;
			return refuse(l, "les vacances scolaires ne sont pas connues ici");
		} else if (weekday(l, &d)) {
			if (!weekday_range(l, r, d))
				return false;
			*weekdays = true;
		} else {
			return refuse(l, "un jour est attendu");
		}
		before = l->p;
	} while (sign(l, ",") && (weekday(&(struct lecteur){ .p = l->p }, &d)
				  || word(&(struct lecteur){ .p = l->p }, "PH")
				  || word(&(struct lecteur){ .p = l->p }, "SH")));
	l->p = before;
	return true;
}

static bool any_weekday(const struct regle *r)
{
	return r->rang[0] || r->rang[1] || r->rang[2] || r->rang[3] || r->rang[4] || r->rang[5]
	       || r->rang[6];
}

/* One more list of days: "Mo We" adds up, "PH Mo" is a holiday that is a Monday. */
static bool days(struct lecteur *l, struct regle *r)
{
	bool had_feries = r->feries, had_weekdays = any_weekday(r), weekdays, feries;

	if (!day_list(l, r, &weekdays, &feries))
		return false;
	if ((had_feries && had_weekdays) || (feries && weekdays && r->jours))
		return refuse(l, "trop de listes de jours à la suite");
	r->feries_et = (had_feries && weekdays) || (had_weekdays && feries);
	r->feries = had_feries || feries;
	r->jours = true;
	return true;
}

/* --- dates, weeks, years ----------------------------------------------------------------- */

static bool add_suite(struct lecteur *l, struct part *part, int from, int to, int pas)
{
	if (l->d->nsuites == SUITES_MAX)
		return refuse(l, "trop de dates");
	if (!part->n)
		part->at = l->d->nsuites;
	l->d->suites[l->d->nsuites++] = (struct suite){ (int16_t)from, (int16_t)to, (int16_t)pas };
	part->n++;
	return true;
}

/* "1-53/2,10": numbers of `digits` digits within bounds. */
static bool suite(struct lecteur *l, struct part *part, int digits, int least, int most)
{
	for (;;) {
		int from, to, pas = 1;

		if (!number(l, digits, &from) || from < least || from > most)
			return refuse(l, "un nombre hors de ce qui est possible");
		to = from;
		if (digits == 4 && sign(l, "+"))
			to = most;
		else if (dash(l) && (!number(l, digits, &to) || to < from || to > most))
			return refuse(l, "la fin de l’intervalle n’est pas comprise");
		if (sign(l, "/") && (!number(l, 2, &pas) || !pas || from == to))
			return refuse(l, "un pas est attendu");
		if (!add_suite(l, part, from, to, pas))
			return false;

		struct lecteur ahead = *l;
		int any;

		if (!sign(&ahead, ",") || clock_time(&ahead, &any) || !number(&ahead, digits, &any))
			return true;
		sign(l, ",");
	}
}

static bool weeks(struct lecteur *l, struct regle *r)
{
	if (r->semaines.n)
		return refuse(l, "les semaines sont dites deux fois");
	return suite(l, &r->semaines, 2, 1, 53);
}

/* A day of the month, when one follows that is no time. */
static bool month_day(struct lecteur *l, int year, int in, int *out)
{
	struct lecteur ahead = *l;
	int any;

	if (clock_time(&ahead, &any) || !number(&ahead, 2, out))
		return false;
	l->p = ahead.p;
	return *out >= 1 && *out <= date_month_length(year ? year : 2024, in);
}

static bool year_follows(struct lecteur *l)
{
	struct lecteur ahead = *l;
	const char *start;
	int year;

	blanks(&ahead);
	start = ahead.p;
	return number(&ahead, 4, &year) && ahead.p - start == 4 && year >= 1000;
}

static bool add_dates(struct lecteur *l, struct regle *r, struct dates d)
{
	if (l->d->ndates == DATES_MAX)
		return refuse(l, "trop de dates");
	if (d.from_year && d.to_year * 10000 + d.to < d.from_year * 10000 + d.from)
		return refuse(l, "la fin vient avant le début");
	if (!r->dates.n)
		r->dates.at = l->d->ndates;
	l->d->dates[l->d->ndates++] = d;
	r->dates.n++;
	return true;
}

/* What follows the dash: "Mar", "Mar 15", "2025 Jan 05", or a day of the same month. */
static bool date_end(struct lecteur *l, struct dates *d, int from_month, bool has_day)
{
	int year = d->from_year, m, day;

	if (year && year_follows(l))
		number(l, 4, &year);
	if (!month(l, &m)) {
		if (!has_day || year != d->from_year || !month_day(l, year, from_month, &day)
		    || day < d->from % 100)
			return refuse(l, "la fin des dates n’est pas comprise");
		d->to = (int16_t)(from_month * 100 + day);
		return true;
	}
	if (has_day ? !month_day(l, year, m, &day) : month_day(l, year, m, &day))
		return refuse(l, "le jour de fin n’est pas compris");
	d->to = (int16_t)(m * 100 + (has_day ? day : 31));
	if (year && year == d->from_year && d->to < d->from)
		year++;
	d->to_year = (int16_t)year;
	return true;
}

/* Is a day of the same month next, after a comma ("Dec 24,31")? */
static bool day_follows(struct lecteur *l)
{
	struct lecteur ahead = *l;
	int any;

	return sign(&ahead, ",") && !clock_time(&(struct lecteur){ .p = ahead.p }, &any)
	       && !year_follows(&ahead) && number(&ahead, 2, &any);
}

static bool month_follows(struct lecteur *l)
{
	struct lecteur ahead = *l;
	int any;

	return sign(&ahead, ",") && month(&ahead, &any);
}

/* "Dec", "Dec 24", "Dec 24-31", "Dec 24-Jan 05", "Nov-Feb", in a list; a year came before
 * when year is not 0. */
static bool dates(struct lecteur *l, struct regle *r, int year)
{
	int m, day;

	do {
		if (r->dates.n && month_follows(l))
			sign(l, ",");
		if (!month(l, &m))
			return refuse(l, "un mois est attendu");
		do {
			struct dates d = { (int16_t)year, (int16_t)year, 0, 0 };
			bool next = day_follows(l);

			if (next)
				sign(l, ",");

			const char *before = l->p;
			bool has_day = month_day(l, year, m, &day);

			if (!has_day && l->p != before) {
				l->p = before;
				return refuse(l, "ce jour n’est pas dans le mois");
			}
			d.from = (int16_t)(m * 100 + (has_day ? day : 1));
			d.to = (int16_t)(m * 100 + (has_day ? day : 31));
			if (dash(l) && !date_end(l, &d, m, has_day))
				return false;
			if (!add_dates(l, r, d))
				return false;
		} while (day_follows(l));
	} while (month_follows(l));
	return true;
}

static bool years(struct lecteur *l, struct regle *r)
{
	struct lecteur ahead = *l;
	int year, any;

	if (number(&ahead, 4, &year) && month(&(struct lecteur){ .p = ahead.p }, &any)) {
		l->p = ahead.p;
		return dates(l, r, year);
	}
	if (r->annees.n)
		return refuse(l, "les années sont dites deux fois");
	return suite(l, &r->annees, 4, 1000, 9999);
}

/* --- rules ------------------------------------------------------------------------------- */

/* One selector, when there is one: *found. */
static bool selector(struct lecteur *l, struct regle *r, bool *found)
{
	struct lecteur ahead = *l;
	int any;

	*found = true;
	if (year_follows(l))
		return years(l, r);
	if (word(l, "week"))
		return weeks(l, r);
	if (month(&ahead, &any))
		return r->dates.n ? refuse(l, "les dates sont dites deux fois") : dates(l, r, 0);
	if (weekday(&ahead, &any) || word(&ahead, "PH") || word(&ahead, "SH"))
		return days(l, r);
	*found = false;
	return true;
}

/* "sur rendez-vous", in straight or curly quotes. */
static bool comment(struct lecteur *l, struct regle *r, bool *found)
{
	const char *close = "\"", *end;

	*found = sign(l, "\"");
	if (!*found && (*found = sign(l, "\u201c")))
		close = "\u201d";
	if (!*found)
		return true;
	end = strstr(l->p, close);
	if (!end)
		return refuse(l, "le guillemet n’est pas fermé");
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
	if (word(l, "off") || word(l, "closed"))
		r->etat = OUVERT_NON;
	else if (word(l, "unknown"))
		r->etat = OUVERT_INCONNU;
	else
		state = word(l, "open");
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
	blanks(l);
	return !*l->p || *l->p == ';' || *l->p == ',' || starts(l->p, "||");
}

/* Why what is next ends no rule. */
static const char *leftover(const struct lecteur *l, bool complete)
{
	struct lecteur ahead = *l;
	int any;

	if (word(&ahead, "sunrise") || word(&ahead, "sunset") || word(&ahead, "dawn")
	    || word(&ahead, "dusk"))
		return "les heures du soleil ne sont pas connues ici";
	if (complete)
		return "la règle devrait s’arrêter là";
	return month(&ahead, &any) ? "date non comprise" : "ce n’est ni un jour ni une heure";
}

static bool regle(struct lecteur *l, struct regle *r)
{
	bool found = false, timed = false;

	if (sign(l, "24/7")) {
		r->plages.at = l->d->nplages;
		timed = add_plage(l, r, 0, JOUR, false);
		if (!timed)
			return false;
	} else {
		do {
			if (!selector(l, r, &found))
				return false;
		} while (found);
		if (dated(r))
			sign(l, ":");
		blanks(l);
		if (is_digit(*l->p)) {
			if (!plages(l, r))
				return false;
			timed = true;
		}
	}
	if (!modifier(l, r, &found))
		return false;
	if (!ends(l))
		return refuse(l, leftover(l, timed || found));
	if (!timed && !found)
		return refuse(l, "des jours sans heures");
	if (!dated(r) && l->d->nregles && !r->secours)
		return refuse(l, "une règle sans jour à la suite d’une autre");
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
			return refuse(l, "une règle vide");
		if (!empty) {
			if (l->d->nregles == REGLES_MAX)
				return refuse(l, "trop de règles");
			if (!regle(l, &r))
				return false;
			l->d->regles[l->d->nregles++] = r;
		}
		blanks(l);
		if (!*l->p)
			return l->d->nregles || refuse(l, "aucun horaire");
		if (empty && *l->p != ';')
			return refuse(l, "une règle vide");
		before = *l->p;
		ajoutee = before == ',';
		secours = before == '|' || (ajoutee && secours);
		l->p += before == '|' ? 2 : 1;
	}
}

/* --- what is kept ------------------------------------------------------------------------ */

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
