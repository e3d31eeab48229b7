#include "core/horaires_texte.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "core/horaires_regle.h"
#include "web/message.h"

/* A message with its values %1 and %2. */
static const char *fill(struct arena *a, const char *text, const char *one, const char *two)
{
	return message_fill(a, text, (const char *const[]){ one, two }, 2);
}

/* --- the state of now ---------------------------------------------------------------- */

/* How far ahead a change is, which decides the words. */
enum distance { TODAY, TOMORROW, THIS_WEEK, LATER };

static const char *const opens[] = {
	N_("Ouvre à %1"), N_("Ouvre demain à %1"), N_("Ouvre %2 à %1"), N_("Ouvre le %2 à %1"),
};
static const char *const by_appointment[] = {
	N_("Sur rendez-vous dès %1"), N_("Sur rendez-vous demain dès %1"),
	N_("Sur rendez-vous %2 dès %1"), N_("Sur rendez-vous le %2 dès %1"),
};
static const char *const perhaps[] = {
	N_("Peut-être ouvert dès %1"), N_("Peut-être ouvert demain dès %1"),
	N_("Peut-être ouvert %2 dès %1"), N_("Peut-être ouvert le %2 dès %1"),
};

static int64_t days_of(const struct civil *c)
{
	return date_days(c->year, c->month, c->day);
}

/* A comment of the field that speaks of appointments: "sur rdv", "Sur rendez-vous". */
static bool is_appointment(const char *comment)
{
	return comment && (strcasestr(comment, "rendez-vous") || strcasestr(comment, "rdv")
			   || strcasestr(comment, "appointment"));
}

static const char *next_opening(struct arena *a, const struct lang *l, const struct horaires *h,
				const struct calendrier *c, const struct civil *now,
				const struct civil *change)
{
	struct horaires_etat then = horaires_at(h, c, change);
	int64_t ahead = days_of(change) - days_of(now);
	enum distance far = ahead < 1 ? TODAY : ahead < 2 ? TOMORROW
			    : ahead < 7 ? THIS_WEEK : LATER;
	char time[I18N_TEXT], day[I18N_TEXT] = "", *space;
	const char *const *how = opens;

	time_short(l, change->hour * 60 + change->minute, time);
	if (far == THIS_WEEK) {
		snprintf(day, sizeof day, "%s",
			 weekday_name(l, date_weekday(days_of(change))));
	} else if (far == LATER) {
		date_long(l, change, day);
		space = strrchr(day, ' ');      /* which year is clear */
		if (space)
			*space = '\0';
	}
	if (then.ouvert != OUVERT_OUI)
		how = is_appointment(then.comment) ? by_appointment : perhaps;
	return fill(a, tr(l, how[far]), time, day);
}

/* The message with the hour of a change, midnight in a word. */
static const char *until(struct arena *a, const struct lang *l, const char *message,
			 const struct civil *change)
{
	char time[I18N_TEXT];
	int minutes = change->hour * 60 + change->minute;

	if (!minutes)
		return fill(a, tr(l, message), tr(l, N_("minuit")), "");
	return fill(a, tr(l, message), time_short(l, minutes, time), "");
}

const char *horaires_phrase(struct arena *a, const struct lang *l, const struct horaires *h,
			    const struct calendrier *c, const struct civil *now)
{
	struct horaires_etat etat = horaires_at(h, c, now);
	const struct civil *change = etat.change.year ? &etat.change : NULL;
	/* Until when is worth saying when it is within the day or the night. */
	bool soon = change && (days_of(change) - days_of(now)) * JOUR + change->hour * 60
			      <= JOUR + 6 * 60;

	if (etat.ouvert == OUVERT_NON)
		return change ? next_opening(a, l, h, c, now, change) : tr(l, N_("Fermé"));
	if (etat.ouvert == OUVERT_OUI) {
		if (soon)
			return until(a, l, N_("Ouvert jusqu’à %1"), change);
		return tr(l, change ? N_("Ouvert maintenant") : N_("Ouvert à toute heure"));
	}
	if (is_appointment(etat.comment))
		return soon ? until(a, l, N_("Sur rendez-vous jusqu’à %1"), change)
			    : tr(l, N_("Sur rendez-vous"));
	if (etat.comment)
		return fill(a, tr(l, N_("Peut-être ouvert (%1)")), etat.comment, "");
	return tr(l, N_("Peut-être ouvert, à vérifier"));
}

static bool speaks_of_holidays(const struct horaires *h)
{
	for (size_t i = 0; i < h->nregles; i++) {
		if (h->regles[i].feries)
			return true;
	}
	return false;
}

const char *horaires_avis(struct arena *a, const struct lang *l, const struct horaires *h,
			  const struct calendrier *c, int64_t day)
{
	const char *nom;

	if (!c || !calendrier_ferie(c, day, &nom) || speaks_of_holidays(h)
	    || horaires_between(h, c, day, 0, JOUR) == OUVERT_NON)
		return NULL;
	return fill(a, tr(l, N_("Jour férié (%1) : téléphonez avant de venir.")), tr(l, nom),
		    "");
}

/* --- line by line -------------------------------------------------------------------- */

static void add_plage(struct arena *a, const struct lang *l, const struct plage *p,
		      struct buf *out)
{
	char from[I18N_TEXT], to[I18N_TEXT];
	const char *comment = is_appointment(p->comment) ? tr(l, N_("sur rendez-vous"))
			      : p->comment ? p->comment
			      : p->ouvert == OUVERT_INCONNU ? tr(l, N_("à vérifier")) : NULL;
	bool whole = !p->from && p->to == JOUR;

	if (whole && comment && p->ouvert == OUVERT_INCONNU) {
		buf_str(out, comment);
		return;
	}
	if (whole)
		buf_str(out, tr(l, N_("à toute heure")));
	else
		buf_str(out, fill(a, tr(l, N_("de %1 à %2")), time_short(l, p->from, from),
				  time_short(l, p->to > JOUR ? p->to - JOUR : p->to, to)));
	if (comment) {
		buf_str(out, " (");
		buf_str(out, comment);
		buf_char(out, ')');
	}
}

static const char *day_hours(struct arena *a, const struct lang *l, const struct plage *p,
			     int n)
{
	struct buf b CLEANUP(buf_free) = buf_new(1 << 14);

	if (!n)
		return tr(l, N_("fermé"));
	for (int i = 0; i < n; i++) {
		if (i)
			buf_str(&b, i == n - 1 ? tr(l, N_(" et ")) : ", ");
		add_plage(a, l, &p[i], &b);
	}
	return arena_strn(a, b.p ? b.p : "", b.n);
}

static struct horaires_ligne line(struct arena *a, const struct lang *l,
				  const struct horaires *h, const struct calendrier *c,
				  int64_t day)
{
	struct horaires_ligne one = { .du = day, .au = day };
	struct plage p[PLAGES_MAX];
	int n = horaires_day(h, c, day, p, PLAGES_MAX);
	struct civil date = date_civil(day);
	char text[I18N_TEXT];

	one.ferme = !n;
	one.heures = day_hours(a, l, p, n);
	if (c && calendrier_ferie(c, day, &one.ferie))
		one.ferie = tr(l, one.ferie);
	one.jour = horaires_is_weekly(h) ? weekday_name(l, date_weekday(day))
					 : arena_str(a, date_day(l, &date, text));
	return one;
}

/* "du lundi au vendredi", "samedi et dimanche". */
static const char *days_name(struct arena *a, const struct lang *l,
			     const struct horaires_ligne *one)
{
	const char *from = weekday_name(l, date_weekday(one->du));
	const char *to = weekday_name(l, date_weekday(one->au));

	bool two = one->au == one->du + 1;

	return fill(a, tr(l, two ? N_("%1 et %2") : N_("du %1 au %2")), from, to);
}

size_t horaires_lignes(struct arena *a, const struct lang *l, const struct horaires *h,
		       const struct calendrier *c, int64_t today, bool grouper,
		       struct horaires_ligne out[HORAIRES_LIGNES])
{
	bool weekly = horaires_is_weekly(h);
	int64_t first = weekly ? today - date_weekday(today) : today;
	size_t n = 0;

	for (int i = 0; i < (weekly ? 7 : HORAIRES_LIGNES); i++) {
		struct horaires_ligne one = line(a, l, h, c, first + i);
		struct horaires_ligne *last = n ? &out[n - 1] : NULL;

		one.aujourd_hui = first + i == today;
		if (!weekly || !grouper || !last || strcmp(last->heures, one.heures) != 0) {
			out[n++] = one;
			continue;
		}
		last->au = one.au;
		last->aujourd_hui |= one.aujourd_hui;
		last->ferie = last->ferie ? last->ferie : one.ferie;
		last->jour = days_name(a, l, last);
	}
	return n;
}
