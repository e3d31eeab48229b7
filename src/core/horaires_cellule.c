#include "core/horaires_cellule.h"

#include <string.h>

#include "base/utf8.h"

enum { MIDI = 720, QUATORZE = 840, MINUIT = 1440 };

/* A cell while it is read. */
struct lecture {
	const char *p;
	struct { int minutes; bool bare; char sep; } heures[HEURES_MAX];
	int n;
	char sep;               /* since the last hour: - / A(à) L(ist) ?(unclear) */
	bool words;             /* a word since the last hour */
	bool matin, apres_midi, ferme_matin, ferme_apres_midi;
	int qualified_at;       /* how many hours came before a qualifier; -1: none */
	struct cellule c;
};

static const char *const jours_fr[] = { "lundi", "mardi", "mercredi", "jeudi", "vendredi",
					"samedi", "dimanche" };

/* --- the text ------------------------------------------------------------------------ */

/* One character that is not ASCII, in ASCII; '?' when it has none. */
static void add_folded(struct buf *b, const char *s, size_t n, uint32_t c)
{
	char one[8], folded[16];

	if (c == 0xa0 || c == 0x202f) {
		buf_char(b, ' ');
	} else if (c >= 0x2010 && c <= 0x2015) {
		buf_char(b, '-');
	} else if (c == 0x2019 || c == 0x2018) {
		buf_char(b, '\'');
	} else {
		memcpy(one, s, n);
		one[n] = '\0';
		buf_str(b, utf8_fold(one, folded, sizeof folded) ? folded : "?");
	}
}

void cellule_simplify(const char *s, struct buf *out)
{
	const char *end = s + strlen(s);

	while (s < end) {
		uint32_t c;
		size_t n = utf8_read(s, end, &c);

		if (*s == '<' && strchr(s, '>')) {
			buf_char(out, ';');
			s = strchr(s, '>') + 1;
			continue;
		}
		if (!strncmp(s, "&amp;", 5)) {
			buf_char(out, '&');
			s += 5;
			continue;
		}
		if (n > 1 || c >= 0x80)
			add_folded(out, s, n, c);
		else if (strchr("\t\r\n", *s))
			buf_char(out, ' ');
		else
			buf_char(out, (char)(*s >= 'A' && *s <= 'Z' ? *s + 32 : *s));
		s += n;
	}
}

bool francais_eat(const char **at, const char *phrase)
{
	const char *p = *at;

	for (; *phrase; phrase++) {
		if (*phrase == ' ') {
			while (*p && strchr(" -'", *p))
				p++;
		} else if (*p++ != *phrase) {
			return false;
		}
	}
	if (is_letter(*p))
		return false;
	*at = p;
	return true;
}

bool francais_eat_any(const char **at, const char *const *phrases)
{
	for (; *phrases; phrases++) {
		if (francais_eat(at, *phrases))
			return true;
	}
	return false;
}

static int digits(const char *p)
{
	int n = 0;

	while (is_digit(p[n]))
		n++;
	return n;
}

/* --- hours --------------------------------------------------------------------------- */

/*
 * Minutes after the "h" or ":" at p; 0 when none follow.  "9h 12h" are two hours: figures
 * before another "h" are not minutes, and after a space ("9h 15") only what cannot be an
 * hour is, unless the "h" stands between spaces ("9 h 15").  NULL: unclear.
 */
static const char *read_minutes(const char *p, bool spaced, int *out)
{
	const char *q = past_spaces(p), *after;
	int n = digits(q);

	*out = 0;
	if (!n)
		return p;
	after = past_spaces(q + n);
	if (n == 2)
		*out = (q[0] - '0') * 10 + q[1] - '0';
	if (q > p && (*after == 'h' || *after == ':')) {
		*out = 0;
		return p;
	}
	if (q == p && n >= 2 && q[n] == 'h' && n <= 2) {
		*out = 0;               /* "9h12h" */
		return p;
	}
	if (q == p && (n == 3 || n == 4) && (q[n] == 'h' || q[n] == ':')) {
		*out = (q[0] - '0') * 10 + q[1] - '0';
		return *out < 60 ? q + 2 : NULL;        /* "12h3019h" */
	}
	if (n != 2 || *out > 59 || (q > p && !spaced && *out && *out < 25))
		return NULL;
	return q + n;
}

static bool add_hour(struct lecture *l, int minutes, bool bare)
{
	if (l->n == HEURES_MAX || minutes > MINUIT || l->sep == '?')
		return false;
	l->heures[l->n].minutes = minutes;
	l->heures[l->n].bare = bare;
	l->heures[l->n++].sep = l->sep;
	l->sep = ' ';
	l->words = false;
	return true;
}

/* "9h", "09:00", "9 h 30", "13 :30", "9 heures", and "9" alone, which is judged later. */
static bool read_hour(struct lecture *l)
{
	int n = digits(l->p), hour = 0, minutes = 0;
	const char *p = past_spaces(l->p + n);
	bool spaced = p > l->p + n;

	if (n > 2)
		return false;
	for (int i = 0; i < n; i++)
		hour = hour * 10 + l->p[i] - '0';
	if (francais_eat(&p, "heures") || francais_eat(&p, "heure")) {
		l->p = p;
		return add_hour(l, hour * 60, false);
	}
	if (*p == ':' && digits(past_spaces(p + 1)) == 2) {
		p = read_minutes(p + 1, true, &minutes);
	} else if (*p == 'h' && !is_letter(p[1])) {
		p = read_minutes(p + 1, spaced, &minutes);
	} else {
		if (is_letter(l->p[n]) || *p == ':')
			return false;
		l->p += n;
		return add_hour(l, hour * 60, true);
	}
	if (!p)
		return false;
	l->p = p;
	return add_hour(l, hour * 60 + minutes, false);
}

/* --- words --------------------------------------------------------------------------- */

/* "1er", "2e", "3eme", "premier", "dernier": which of the month; 0: none here. */
static uint16_t read_rank(const char **at)
{
	static const char *const words[] = { "premier", "deuxieme", "troisieme", "quatrieme",
					     "cinquieme", "dernier" };
	static const char *const ends[] = { "er", "ere", "ers", "e", "eme", "emes", "nd",
					    "nde", NULL };
	const char *p = *at;

	for (int i = 0; i < 6; i++) {
		if (francais_eat(at, words[i]))
			return (uint16_t)(1 << i);
	}
	if (francais_eat(at, "second"))
		return 2;
	if (*p >= '1' && *p <= '5') {
		p++;
		if (francais_eat_any(&p, ends)) {
			uint16_t rank = (uint16_t)(1 << (**at - '1'));

			*at = p;
			return rank;
		}
	}
	return 0;
}

/* A word that tells when the hours hold stands before them all, or after the only ones. */
static bool qualify(struct lecture *l)
{
	if (l->qualified_at > 0 && l->qualified_at != l->n)
		return false;
	if (l->n > 2)
		return false;
	l->qualified_at = l->n;
	return true;
}

static bool read_qualifier(struct lecture *l, bool *found)
{
	static const char *const rdv[] = { "sur rendez vous", "sur rdv", "sur rv",
					   "rendez vous", "rdv", NULL };
	static const char *const odd[] = { "en semaine impaire", "semaines impaires",
					   "semaine impaire", NULL };
	static const char *const even[] = { "en semaine paire", "semaines paires",
					    "semaine paire", NULL };
	uint16_t rank = read_rank(&l->p);

	*found = true;
	if (rank)
		l->c.rangs |= rank;
	else if (francais_eat_any(&l->p, odd))
		l->c.parite |= 1;
	else if (francais_eat_any(&l->p, even))
		l->c.parite |= 2;
	else if (francais_eat_any(&l->p, rdv))
		l->c.rdv = true;
	else
		*found = false;
	return !*found || qualify(l);
}

static bool read_half_day(struct lecture *l)
{
	static const char *const ferme_matin[] = { "ferme le matin", "ferme matin", NULL };
	static const char *const ferme_apres_midi[] = { "ferme l apres midi", "ferme l apm",
		"ferme apres midi", NULL };
	static const char *const matin[] = { "le matin", "matin", NULL };
	static const char *const apres_midi[] = { "l apres midi", "apres midi", NULL };

	if (francais_eat_any(&l->p, ferme_matin))
		l->ferme_matin = true;
	else if (francais_eat_any(&l->p, ferme_apres_midi))
		l->ferme_apres_midi = true;
	else if (francais_eat_any(&l->p, matin))
		l->matin = true;
	else if (francais_eat_any(&l->p, apres_midi))
		l->apres_midi = true;
	else
		return false;
	return true;
}

static bool read_closed(struct lecture *l)
{
	static const char *const closed[] = { "ferme au public", "ferme toute la journee",
		"fermee", "ferme", "pas d accueil", "non ouvert au public", "non", NULL };

	if (!francais_eat_any(&l->p, closed))
		return false;
	l->c.ferme = true;
	return true;
}

/* Words that change nothing to the hours. */
static bool read_filler(struct lecture *l)
{
	static const char *const fillers[] = { "sans rendez vous", "sans rdv",
		"avec ou sans rendez vous", "uniquement", "seulement", "non stop",
		"journee continue", "en continu", "accueil libre", "acces libre",
		"en acces libre", "permanence", "permanences", "ouvert au public",
		"ouverture", "ouvert", "ouverte", "du mois", "de", "du", "le", "les", NULL };

	return francais_eat_any(&l->p, fillers);
}

int francais_weekday(const char **at)
{
	for (int d = 0; d < 7; d++) {
		size_t n = strlen(jours_fr[d]);
		const char *p = *at + 3;

		if (strncmp(*at, jours_fr[d], 3) != 0)
			continue;
		if (!strncmp(*at, jours_fr[d], n)) {
			p = *at + n;
			p += *p == 's';
		}
		if (is_letter(*p))
			continue;
		*at = p;
		return d;
	}
	return -1;
}

/* What stands between two hours. */
static bool read_separator(struct lecture *l)
{
	static const char *const list[] = { "et", "puis", NULL };
	static const char *const range[] = { "jusqu a", "a", NULL };

	if (francais_eat_any(&l->p, list)) {
		l->sep = 'L';
	} else if (francais_eat_any(&l->p, range)) {
		l->sep = l->sep == 'L' ? 'L' : 'A';
	} else if (*l->p && strchr(",;|+&", *l->p)) {
		l->sep = l->n && *l->p == '+' ? '?' : 'L';
		l->p++;
	} else if (*l->p == '-' || *l->p == '/') {
		if (l->sep == ' ')
			l->sep = *l->p;
		l->p++;
	} else {
		return false;
	}
	return true;
}

/* Signs that only surround words. */
static bool read_sign(struct lecture *l)
{
	if (!*l->p || !strchr(" ():.*\"", *l->p))
		return false;
	if (l->n && !l->words && strchr("(:.", *l->p))
		l->sep = '?';
	l->p++;
	return true;
}

static bool read_item(struct lecture *l, int jour)
{
	bool found;
	char sep = l->sep;
	int day;

	if (!read_qualifier(l, &found))
		return false;
	if (!found && is_digit(*l->p))
		return read_hour(l);
	if (!found && (read_half_day(l) || read_filler(l) || read_closed(l)))
		found = true;
	if (!found && (day = francais_weekday(&l->p)) >= 0) {
		if (day != jour)        /* the column's own day may be repeated, no other */
			return false;
		found = true;
	}
	if (found) {                    /* "9h-12h (sur rdv)": the word explains the bracket */
		l->words = true;
		l->sep = sep == '?' ? ' ' : sep;
		return true;
	}
	return read_separator(l) || read_sign(l);
}

/* --- making sense of it -------------------------------------------------------------- */

/* Inside a range a hyphen, a slash, "à" or nothing; between ranges anything but "à".  When
 * both are the same sign, only hours that grow all along can be cut in pairs. */
static bool paired(const struct lecture *l)
{
	bool all_bare = true;

	if (l->n % 2)
		return false;
	for (int i = 0; i < l->n; i++)
		all_bare &= l->heures[i].bare;
	for (int i = 0; i < l->n; i += 2) {
		char in = l->heures[i + 1].sep, before = l->heures[i].sep;

		if (in == 'L' || (i && before == 'A'))
			return false;
		if (i && before == in && l->heures[i].minutes <= l->heures[i - 1].minutes)
			return false;
		if (l->heures[i].bare
		    && ((l->heures[i + 1].bare && !all_bare) || l->heures[i].minutes < 360))
			return false;
	}
	return true;
}

/* Adds a range, in order, one with those that it meets. */
static void add_range(struct cellule *c, int from, int to)
{
	int kept = 0;

	for (int i = 0; i < c->n; i++) {
		if (c->plages[i].from <= to && from <= c->plages[i].to) {
			from = from < c->plages[i].from ? from : c->plages[i].from;
			to = to > c->plages[i].to ? to : c->plages[i].to;
		} else {
			c->plages[kept++] = c->plages[i];
		}
	}
	int at = kept;

	for (; at > 0 && c->plages[at - 1].from > from; at--)
		c->plages[at] = c->plages[at - 1];
	c->plages[at].from = from;
	c->plages[at].to = to;
	c->n = kept + 1;
}

/* What is said of the morning and of the afternoon agrees with the hours. */
static bool halves_agree(const struct lecture *l)
{
	bool morning = false, afternoon = false;

	for (int i = 0; i < l->c.n; i++) {
		morning |= l->c.plages[i].to <= QUATORZE;
		afternoon |= l->c.plages[i].from >= MIDI;
		if ((l->ferme_matin && l->c.plages[i].from < MIDI)
		    || (l->ferme_apres_midi && l->c.plages[i].to > QUATORZE))
			return false;
	}
	return (!l->matin || morning) && (!l->apres_midi || afternoon)
	       && (l->c.n || (!l->ferme_matin && !l->ferme_apres_midi));
}

static bool conclude(struct lecture *l)
{
	if (!paired(l))
		return false;
	for (int i = 0; i < l->n; i += 2) {
		int from = l->heures[i].minutes, to = l->heures[i + 1].minutes;

		to = to ? to : MINUIT;
		if (from >= to)
			return false;
		add_range(&l->c, from, to);
	}
	if (!halves_agree(l) || (l->c.ferme && (l->n || l->qualified_at >= 0)))
		return false;
	if (l->qualified_at > 0 && l->qualified_at != l->n)
		return false;
	if (!l->n && (l->c.rangs || l->c.parite || (l->words && !l->c.ferme && !l->c.rdv)))
		return false;
	return l->c.parite != 3;
}

bool cellule_read(const char *s, const char *end, int jour, struct cellule *out)
{
	char text[TEXTE_MAX + 1];
	struct lecture l = { .p = text, .sep = ' ', .qualified_at = -1 };
	size_t n = (size_t)(end - s);

	if (n > TEXTE_MAX)
		return false;
	memcpy(text, s, n);
	text[n] = '\0';
	while (*l.p) {
		if (!read_item(&l, jour))
			return false;
	}
	if (!conclude(&l))
		return false;
	*out = l.c;
	return true;
}
