#include "detect/lecture.h"

#include <string.h>

#include "base/embedded.h"
#include "base/utf8.h"
#include "format/csv.h"

enum { WORDS = 400, WORD = 200 };

struct reading {
	struct arena *a;
	struct lecture *out;
	struct lecture_mot list[WORDS]; /* folded; of the file */
	int n;
};

static bool read_list(struct reading *r, struct err *e)
{
	static const char name[] = "data/mots_simples.csv";
	const struct embedded_file *f = embedded_find(embedded_files, name);
	CLEANUP(csv_close) struct csv *csv = NULL;
	struct csv_row row;

	if (!csv_open_text(name, f->p, (size_t)(f->end - f->p), &csv, e))
		return false;
	e->kind = E_OK;
	while (r->n < WORDS && csv_next(csv, &row, e)) {
		char folded[WORD];

		utf8_fold(row.cells[0], folded, sizeof folded);
		r->list[r->n++] = (struct lecture_mot){ arena_str(r->a, folded),
							arena_str(r->a, row.cells[1]) };
	}
	return e->kind == E_OK;
}

/* The word of the list, whatever its plural; NULL. */
static const char *plainer(const struct reading *r, const char *folded)
{
	size_t n = strlen(folded);

	for (int i = 0; i < r->n; i++) {
		size_t m = strlen(r->list[i].mot);

		if (strncmp(folded, r->list[i].mot, m) == 0
		    && (n == m || (n == m + 1 && strchr("sex", folded[m]))
			|| (n == m + 2 && strcmp(folded + m, "es") == 0)))
			return r->list[i].plutot;
	}
	return NULL;
}

static void see_word(struct reading *r, const char *p, size_t n)
{
	char word[WORD], folded[WORD];
	const char *instead;
	struct lecture *o = r->out;

	if (n >= sizeof word)
		n = sizeof word - 1;
	memcpy(word, p, n);
	word[n] = '\0';
	utf8_trim_end(word);
	utf8_fold(word, folded, sizeof folded);
	instead = plainer(r, folded);
	if ((!instead && utf8_length(word) <= LECTURE_MOT) || o->nrares == LECTURE_LIGNES)
		return;
	for (int i = 0; i < o->nrares; i++) {
		if (strcmp(o->rares[i].mot, word) == 0)
			return;
	}
	o->rares[o->nrares++] = (struct lecture_mot){ arena_str(r->a, word), instead };
}

/* Words are what stands between spaces, apostrophes and punctuation. */
static int see_words(struct reading *r, const char *p, size_t n)
{
	static const char ends[] = " \n\t,;:()\"'/";
	int words = 0;
	size_t at = 0;

	while (at < n) {
		size_t len = 0;

		while (at + len < n && !strchr(ends, p[at + len])
		       && strncmp(p + at + len, "’", strlen("’")) != 0
		       && strncmp(p + at + len, "«", strlen("«")) != 0
		       && strncmp(p + at + len, "»", strlen("»")) != 0
		       && strncmp(p + at + len, "\u00a0", strlen("\u00a0")) != 0)
			len++;
		if (len) {
			words++;
			see_word(r, p + at, len);
		}
		at += len;
		if (at < n && (unsigned char)p[at] >= 0x80)
			at += (unsigned char)p[at] >= 0xe0 ? 3 : 2;
		else
			at++;
	}
	return words;
}

static void see_sentence(struct reading *r, const char *p, size_t n)
{
	struct lecture *o = r->out;
	int words = see_words(r, p, n);

	if (!words)
		return;
	o->phrases++;
	o->mots += words;
	if (words > o->longue)
		o->longue = words;
	if (words > LECTURE_PHRASE && o->nlongues < LECTURE_LIGNES)
		o->longues[o->nlongues++] = arena_strn(r->a, p, n);
}

static void see_text(struct reading *r, const char *p)
{
	while (*p) {
		size_t n = strcspn(p, ".?!");

		see_sentence(r, p, n);
		p += n + strspn(p + n, ".?! ");
	}
}

bool lecture_make(struct arena *a, const struct instrument *in, struct lecture *out,
		  struct err *e)
{
	struct reading *r = NEW(a, struct reading);

	*out = (struct lecture){ 0 };
	if (!r)
		return arena_refuse(a, e);
	r->a = a;
	r->out = out;
	if (!read_list(r, e))
		return false;
	for (int i = 0; i < in->ntextes; i++)
		see_text(r, in->textes[i]);
	out->mots_par_phrase = out->phrases ? (double)out->mots / out->phrases : 0;
	out->niveau = out->longue > 25 || out->nlongues > 5 ? N_("difficile à lire")
		: out->nlongues || out->nrares > 12 ? N_("moyen à lire") : N_("facile à lire");
	return !a->spent || arena_refuse(a, e);
}
