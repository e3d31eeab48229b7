#include "detect/score_lot.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { READ = 1 << 18, OUT = 1 << 20, MEMORY = 8 << 20 };

/* --- a plain line, in one pass ------------------------------------------------------ */

struct scan {
	const char *p, *end;
	const struct instrument *in;
	struct reponse *r;
	bool seen[INSTRUMENT_ITEMS];
	int next;               /* the item that most likely comes */
	const char *id;
	size_t id_n;
};

struct word {
	const char *p;
	size_t n;
};

static void skip(struct scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\r'))
		s->p++;
}

static bool take(struct scan *s, char c)
{
	skip(s);
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

/* "..." without an escape or a control character. */
static bool take_text(struct scan *s, struct word *w)
{
	if (!take(s, '"'))
		return false;
	w->p = s->p;
	while (s->p < s->end && *s->p != '"' && *s->p != '\\' && (unsigned char)*s->p >= 32)
		s->p++;
	w->n = (size_t)(s->p - w->p);
	return s->p < s->end && *s->p++ == '"';
}

static bool same(const char *name, struct word w)
{
	return strncmp(name, w.p, w.n) == 0 && !name[w.n];
}

static int find_item(struct scan *s, struct word w)
{
	const struct instrument *in = s->in;

	if (s->next < in->nitems && same(in->items[s->next].id, w))
		return s->next;
	for (int i = 0; i < in->nitems; i++) {
		if (same(in->items[i].id, w))
			return i;
	}
	return -1;
}

static bool set_words(const struct item *it, struct word w, struct reponse *r)
{
	char words[64];

	for (int i = 0; i < it->noptions && it->type != ITEM_ORDRE && it->type != ITEM_TEXTE; i++) {
		if (same(it->options[i].id, w)) {
			*r = (struct reponse){ .etat = REPONDU, .choix = 1ull << i };
			return true;
		}
	}
	if (it->type == ITEM_TEXTE || it->type == ITEM_NOTE || w.n >= sizeof words
	    || (it->type != ITEM_NOMBRE && memchr(w.p, ',', w.n)))
		return false;           /* the long way */
	memcpy(words, w.p, w.n);
	words[w.n] = '\0';
	return reponse_read(it, words, r);
}

/* As JSON writes it: no zero at its head, digits on both sides of a point. */
static bool is_json_number(struct word w)
{
	size_t at = w.n && *w.p == '-', whole = 0, part = 0;

	while (at + whole < w.n && w.p[at + whole] >= '0' && w.p[at + whole] <= '9')
		whole++;
	if (!whole || (whole > 1 && w.p[at] == '0'))
		return false;
	at += whole;
	if (at == w.n)
		return true;
	for (at++; at + part < w.n && w.p[at + part] >= '0' && w.p[at + part] <= '9';)
		part++;
	return w.p[at - 1] == '.' && part && at + part == w.n;
}

static bool take_number(struct scan *s, const struct item *it, struct reponse *r)
{
	struct word w = { s->p, 0 };

	while (w.p + w.n < s->end && strchr("0123456789.-", w.p[w.n]) && w.p[w.n])
		w.n++;
	s->p += w.n;
	return is_json_number(w) && it->type == ITEM_NOMBRE && set_words(it, w, r);
}

static bool take_list(struct scan *s, const struct item *it, struct reponse *r)
{
	if (it->type != ITEM_PLUSIEURS)
		return false;
	*r = (struct reponse){ .etat = SANS_REPONSE };
	do {
		struct reponse one;
		struct word w;

		if (!take_text(s, &w) || !set_words(it, w, &one) || one.etat != REPONDU)
			return false;
		for (int i = 0; i < it->noptions; i++) {
			if (it->options[i].exclusif && (one.choix >> i & 1))
				return false;   /* the long way says whether it stands alone */
		}
		r->etat = REPONDU;
		r->choix |= one.choix;
	} while (take(s, ','));
	return take(s, ']');
}

static bool take_answer(struct scan *s, int item)
{
	const struct item *it = &s->in->items[item];
	struct word w;

	if (s->seen[item])
		return false;
	s->seen[item] = true;
	s->next = item + 1;
	skip(s);
	if (s->p == s->end)
		return false;
	if (*s->p == '"')
		return take_text(s, &w) && set_words(it, w, &s->r[item]);
	if (*s->p == '[') {
		s->p++;
		return take_list(s, it, &s->r[item]);
	}
	if (s->end - s->p >= 4 && memcmp(s->p, "null", 4) == 0) {
		s->p += 4;
		return true;
	}
	return take_number(s, it, &s->r[item]);
}

static bool take_id(struct scan *s)
{
	struct word w;

	if (s->id_n || !take_text(s, &w) || !utf8_valid(w.p, w.n))
		return false;
	s->id = w.p;
	s->id_n = w.n;
	return true;
}

static bool take_object(struct scan *s, bool inside)
{
	struct word key;

	if (!take(s, '{'))
		return false;
	if (take(s, '}'))
		return true;
	do {
		int item;

		if (!take_text(s, &key) || !take(s, ':'))
			return false;
		item = find_item(s, key);
		if (item >= 0 ? !take_answer(s, item)
		    : !inside && same("id", key) ? !take_id(s)
		    : inside || !same("reponses", key) || !take_object(s, true))
			return false;
	} while (take(s, ','));
	return take(s, '}');
}

/* --- any line ----------------------------------------------------------------------- */

static bool slow_line(struct arena *a, const struct instrument *in, const char *p, size_t n,
		      struct reponse *r, const char **id, size_t *id_n, struct err *e)
{
	CLEANUP(json_done) json_t *root = NULL;
	struct reponse *read;
	char number[JSON_NUMBER];
	const char *name;

	if (!json_read(p, n, &root, e))
		return false;
	name = instrument_item(in, "id") < 0 ? json_member_text(root, "id", number, sizeof number)
					     : NULL;
	*id = arena_str(a, name ? name : "");
	*id_n = strlen(*id);
	if (name)
		json_object_del(root, "id");
	if (!reponses_read(a, in, root, &read, e))
		return false;
	memcpy(r, read, (size_t)in->nitems * sizeof *r);
	return true;
}

bool lot_line(struct arena *a, const struct instrument *in, const char *p, size_t n,
	      struct reponse *r, const char **id, size_t *id_n, struct err *e)
{
	struct scan s = { .p = p, .end = p + n, .in = in, .r = r };

	for (int i = 0; i < in->nitems; i++)
		r[i].etat = SANS_REPONSE;
	if (take_object(&s, false)) {
		skip(&s);
		*id = s.id;
		*id_n = s.id_n;
		if (s.p == s.end)
			return true;
	}
	return slow_line(a, in, p, n, r, id, id_n, e);
}

/* --- writing ------------------------------------------------------------------------ */

/* Six decimals at most, none at the end that says nothing. */
static void put_number(struct buf *b, double v)
{
	char digits[8];
	int64_t whole, part;
	int n = 6;

	if (isnan(v) || fabs(v) > 1e12) {
		buf_str(b, "null");
		return;
	}
	part = (int64_t)llround(fabs(v) * 1e6);
	whole = part / 1000000;
	part %= 1000000;
	if (v < 0 && (whole || part))
		buf_char(b, '-');
	buf_int(b, whole);
	if (!part)
		return;
	for (int i = 5; i >= 0; i--, part /= 10)
		digits[i] = (char)('0' + part % 10);
	while (digits[n - 1] == '0')
		n--;
	buf_char(b, '.');
	buf_add(b, digits, (size_t)n);
}

static void put_diagnostic(struct buf *b, const struct diagnostic *d, const char *id, size_t n)
{
	const struct instrument *in = d->instrument;

	buf_char(b, '{');
	if (n) {
		struct json_out j = { b, false };
		char text[256];

		if (n < sizeof text) {
			memcpy(text, id, n);
			text[n] = '\0';
			json_put_text(&j, "id", text);
			buf_char(b, ',');
		}
	}
	if (in->nclasses) {
		buf_str(b, "\"profil\":\"");
		buf_str(b, diagnostic_profil(d));
		buf_str(b, "\",\"second\":");
		if (d->seconde >= 0) {
			buf_char(b, '"');
			buf_str(b, in->classes[d->seconde].id);
			buf_char(b, '"');
		} else {
			buf_str(b, "null");
		}
		buf_str(b, ",\"marge\":");
		put_number(b, d->classe < 0 ? (double)NAN : d->marge);
		buf_char(b, ',');
	}
	buf_str(b, "\"scores\":{");
	for (int i = 0; i < in->nscores; i++) {
		buf_str(b, i ? ",\"" : "\"");
		buf_str(b, in->scores[i].id);
		buf_str(b, "\":");
		put_number(b, d->scores[i]);
	}
	buf_str(b, "}}\n");
}

static void put_refusal(struct buf *b, int64_t line, const struct err *e)
{
	struct json_out j = { b, false };

	json_open_object(&j, NULL);
	json_put_int(&j, "ligne", line);
	json_put_text(&j, "erreur", e->msg);
	json_close_object(&j);
	buf_char(b, '\n');
}

/* --- the stream --------------------------------------------------------------------- */

struct stream {
	const struct instrument *in;
	FILE *to;
	bool entier;
	struct arena a;
	struct buf out;
	struct reponse r[INSTRUMENT_ITEMS];
	int64_t line;
	struct lot_bilan *b;
};

static bool flush_out(struct stream *s, size_t above, struct err *e)
{
	if (s->out.n <= above)
		return true;
	if (s->out.full || fwrite(s->out.p, 1, s->out.n, s->to) != s->out.n)
		return fail(e, E_STORE, "La sortie ne s’écrit pas.");
	buf_clear(&s->out);
	return true;
}

static void put_result(struct stream *s, struct diagnostic *d, const char *id, size_t n)
{
	struct json_out j = { &s->out, false };

	if (!s->entier) {
		instrument_classify(s->in, s->r, d);
		put_diagnostic(&s->out, d, id, n);
		return;
	}
	instrument_score(s->in, s->r, d);
	diagnostic_json(&j, NULL, d, s->in->langues[0]);
	buf_char(&s->out, '\n');
}

static bool one_line(struct stream *s, const char *p, size_t n, struct err *e)
{
	struct err refused = { 0 };
	struct diagnostic d;
	const char *id = "";
	size_t id_n = 0;

	s->line++;
	if (n && p[n - 1] == '\r')
		n--;
	if (!n)
		return true;
	s->b->lignes++;
	if (lot_line(&s->a, s->in, p, n, s->r, &id, &id_n, &refused)) {
		put_result(s, &d, id, id_n);
	} else {
		s->b->refusees++;
		put_refusal(&s->out, s->line, &refused);
	}
	if (s->a.used)
		arena_reset(&s->a);
	return flush_out(s, OUT / 2, e);
}

/* Lines of what was read; gives how many bytes of it are a line not finished yet. */
static bool lines(struct stream *s, const char *p, size_t n, bool last, size_t *rest,
		  struct err *e)
{
	const char *end = p + n, *nl;

	while ((nl = memchr(p, '\n', (size_t)(end - p)))) {
		if (!one_line(s, p, (size_t)(nl - p), e))
			return false;
		p = nl + 1;
	}
	*rest = (size_t)(end - p);
	if (!last || !*rest)
		return true;
	*rest = 0;
	return one_line(s, p, (size_t)(end - p), e);
}

static bool pump(struct stream *s, FILE *from, char *room, struct err *e)
{
	size_t held = 0;

	for (;;) {
		size_t n = fread(room + held, 1, READ, from), rest;

		if (!n && ferror(from))
			return fail(e, E_STORE, "L’entrée ne se lit pas.");
		if (!lines(s, room, held + n, !n, &rest, e))
			return false;
		if (!n)
			return flush_out(s, 0, e);
		if (rest > LOT_LIGNE)
			return fail(e, E_LIMIT, "ligne %lld : plus d’un mégaoctet",
				    (long long)s->line + 1);
		memmove(room, room + held + n - rest, rest);
		held = rest;
	}
}

bool lot_score(const struct instrument *in, FILE *from, FILE *to, bool entier,
	       struct lot_bilan *b, struct err *e)
{
	struct stream *s = calloc(1, sizeof *s);
	char *room = malloc(LOT_LIGNE + READ + READ);
	bool good = s && room;

	*b = (struct lot_bilan){ 0 };
	if (!good) {
		fail(e, E_LIMIT, "La mémoire manque.");
	} else {
		*s = (struct stream){ .in = in, .to = to, .a = arena_new(MEMORY),
				      .out = buf_new(4 * OUT), .b = b,
				      .entier = entier };
		good = pump(s, from, room, e);
		arena_free(&s->a);
		buf_free(&s->out);
	}
	free(room);
	free(s);
	return good && (fflush(to) == 0 || fail(e, E_STORE, "La sortie ne s’écrit pas."));
}
