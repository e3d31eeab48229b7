#include "core/horaires_lecteur.h"

/* --- days ---------------------------------------------------------------------------- */

/* "[1]", "[2,4]", "[-1]", "[1-3]" after a weekday: which of the month. */
static bool ranks(struct lecteur *l, uint16_t *out)
{
	for (*out = 0;;) {
		bool from_end = lit_dash(l);
		int first, last;
		bool found = lit_number(l, 1, &first);

		last = first;
		if (found && !from_end && lit_dash(l))
			found = lit_number(l, 1, &last) && last >= first;
		if (!found || first < 1 || last > 5)
			return lit_refuse(l, "un rang dans le mois de 1 à 5 est attendu");
		for (int i = first; i <= last; i++)
			*out |= (uint16_t)(1 << (i - 1 + (from_end ? 5 : 0)));
		if (lit_sign(l, "]"))
			return true;
		if (!lit_sign(l, ","))
			return lit_refuse(l, "le crochet n’est pas fermé");
	}
}

/* One weekday with its ranks, or a range of weekdays; Sa-Mo goes over Sunday. */
static bool weekday_range(struct lecteur *l, struct regle *r, int from)
{
	const char *before;
	uint16_t which;
	int to = from;

	if (lit_sign(l, "[")) {
		if (!ranks(l, &which))
			return false;
		r->rang[from] |= which;
		return true;
	}
	before = l->p;
	if (lit_dash(l) && !lit_weekday(l, &to)) {
		l->p = before;
		return lit_refuse(l, "un jour de la semaine est attendu");
	}
	if (lit_sign(l, "["))
		return lit_refuse(l, "un rang dans le mois ne porte que sur un jour");
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
		if (lit_word(l, "PH")) {
			*feries = true;
		} else if (lit_word(l, "SH")) {
			l->p = before;
			return lit_refuse(l, "les vacances scolaires ne sont pas connues ici");
		} else if (lit_weekday(l, &d)) {
			if (!weekday_range(l, r, d))
				return false;
			*weekdays = true;
		} else {
			return lit_refuse(l, "un jour est attendu");
		}
		before = l->p;
	} while (lit_sign(l, ",") && (lit_weekday(&(struct lecteur){ .p = l->p }, &d)
				  || lit_word(&(struct lecteur){ .p = l->p }, "PH")
				  || lit_word(&(struct lecteur){ .p = l->p }, "SH")));
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
		return lit_refuse(l, "trop de listes de jours à la suite");
	r->feries_et = (had_feries && weekdays) || (had_weekdays && feries);
	r->feries = had_feries || feries;
	r->jours = true;
	return true;
}

/* --- dates, weeks, years ------------------------------------------------------------- */

static bool add_suite(struct lecteur *l, struct part *part, int from, int to, int pas)
{
	if (l->d->nsuites == SUITES_MAX)
		return lit_refuse(l, "trop de dates");
	if (!part->n)
		part->at = l->d->nsuites;
	l->d->suites[l->d->nsuites++] =
		(struct suite){ (int16_t)from, (int16_t)to, (int16_t)pas };
	part->n++;
	return true;
}

/* "1-53/2,10": numbers of `digits` digits within bounds. */
static bool suite(struct lecteur *l, struct part *part, int digits, int least, int most)
{
	for (;;) {
		int from, to, pas = 1;

		if (!lit_number(l, digits, &from) || from < least || from > most)
			return lit_refuse(l, "un nombre hors de ce qui est possible");
		to = from;
		if (digits == 4 && lit_sign(l, "+"))
			to = most;
		else if (lit_dash(l) && (!lit_number(l, digits, &to) || to < from || to > most))
			return lit_refuse(l, "la fin de l’intervalle n’est pas comprise");
		if (lit_sign(l, "/") && (!lit_number(l, 2, &pas) || !pas || from == to))
			return lit_refuse(l, "un pas est attendu");
		if (!add_suite(l, part, from, to, pas))
			return false;

		struct lecteur ahead = *l;
		int any;

		if (!lit_sign(&ahead, ",") || lit_time(&ahead, &any)
		    || !lit_number(&ahead, digits, &any))
			return true;
		lit_sign(l, ",");
	}
}

static bool weeks(struct lecteur *l, struct regle *r)
{
	if (r->semaines.n)
		return lit_refuse(l, "les semaines sont dites deux fois");
	return suite(l, &r->semaines, 2, 1, 53);
}

/* A day of the month, when one follows that is no time. */
static bool month_day(struct lecteur *l, int year, int in, int *out)
{
	struct lecteur ahead = *l;
	int any;

	if (lit_time(&ahead, &any) || !lit_number(&ahead, 2, out))
		return false;
	l->p = ahead.p;
	return *out >= 1 && *out <= date_month_length(year ? year : 2024, in);
}

static bool year_follows(struct lecteur *l)
{
	struct lecteur ahead = *l;
	const char *start;
	int year;

	lit_blanks(&ahead);
	start = ahead.p;
	return lit_number(&ahead, 4, &year) && ahead.p - start == 4 && year >= 1000;
}

static bool add_dates(struct lecteur *l, struct regle *r, struct dates d)
{
	if (l->d->ndates == DATES_MAX)
		return lit_refuse(l, "trop de dates");
	if (d.from_year && d.to_year * 10000 + d.to < d.from_year * 10000 + d.from)
		return lit_refuse(l, "la fin vient avant le début");
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
		lit_number(l, 4, &year);
	if (!lit_month(l, &m)) {
		if (!has_day || year != d->from_year || !month_day(l, year, from_month, &day)
		    || day < d->from % 100)
			return lit_refuse(l, "la fin des dates n’est pas comprise");
		d->to = (int16_t)(from_month * 100 + day);
		return true;
	}
	if (has_day ? !month_day(l, year, m, &day) : month_day(l, year, m, &day))
		return lit_refuse(l, "le jour de fin n’est pas compris");
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

	return lit_sign(&ahead, ",") && !lit_time(&(struct lecteur){ .p = ahead.p }, &any)
	       && !year_follows(&ahead) && lit_number(&ahead, 2, &any);
}

static bool month_follows(struct lecteur *l)
{
	struct lecteur ahead = *l;
	int any;

	return lit_sign(&ahead, ",") && lit_month(&ahead, &any);
}

/* "Dec", "Dec 24", "Dec 24-31", "Dec 24-Jan 05", "Nov-Feb", in a list; a year came before
 * when year is not 0. */
static bool dates(struct lecteur *l, struct regle *r, int year)
{
	int m, day;

	do {
		if (r->dates.n && month_follows(l))
			lit_sign(l, ",");
		if (!lit_month(l, &m))
			return lit_refuse(l, "un mois est attendu");
		do {
			struct dates d = { (int16_t)year, (int16_t)year, 0, 0 };
			bool next = day_follows(l);

			if (next)
				lit_sign(l, ",");

			const char *before = l->p;
			bool has_day = month_day(l, year, m, &day);

			if (!has_day && l->p != before) {
				l->p = before;
				return lit_refuse(l, "ce jour n’est pas dans le mois");
			}
			d.from = (int16_t)(m * 100 + (has_day ? day : 1));
			d.to = (int16_t)(m * 100 + (has_day ? day : 31));
			if (lit_dash(l) && !date_end(l, &d, m, has_day))
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

	if (lit_number(&ahead, 4, &year)
	    && lit_month(&(struct lecteur){ .p = ahead.p }, &any)) {
		l->p = ahead.p;
		return dates(l, r, year);
	}
	if (r->annees.n)
		return lit_refuse(l, "les années sont dites deux fois");
	return suite(l, &r->annees, 4, 1000, 9999);
}

/* --- any of them --------------------------------------------------------------------- */

/* One selector, when there is one: *found. */
bool lit_selector(struct lecteur *l, struct regle *r, bool *found)
{
	struct lecteur ahead = *l;
	int any;

	*found = true;
	if (year_follows(l))
		return years(l, r);
	if (lit_word(l, "week"))
		return weeks(l, r);
	if (lit_month(&ahead, &any)) {
		if (r->dates.n)
			return lit_refuse(l, "les dates sont dites deux fois");
		return dates(l, r, 0);
	}
	if (lit_weekday(&ahead, &any) || lit_word(&ahead, "PH") || lit_word(&ahead, "SH"))
		return days(l, r);
	*found = false;
	return true;
}
