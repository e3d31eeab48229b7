/* Checks an instrument: its own test cases, and every path that answers can take. */
#include "detect/instrument.h"

#include <inttypes.h>
#include <string.h>

#include "core/lieu.h"
#include "format/json_line.h"

enum { WALK_MOST = 4000000, WALK_DRAWS = 300000 };

struct checking {
	const struct instrument *in;
	FILE *out;
	struct instrument_report *report;
};

static PRINTF(3, 4) void say(const struct checking *c, const char *path, const char *fmt, ...)
{
	va_list ap;

	fprintf(c->out, "%s:%ld: %s : ", c->in->file,
		json_line(c->in->text, c->in->size, path), path);
	va_start(ap, fmt);
	vfprintf(c->out, fmt, ap);
	va_end(ap);
	fputc('\n', c->out);
}

/* --- test cases --------------------------------------------------------------------- */

static bool case_profile(const struct checking *c, const struct cas *k, const char *path,
			 const struct diagnostic *d)
{
	const char *second = d->seconde < 0 ? "aucun" : c->in->classes[d->seconde].id;

	if (k->profil && strcmp(k->profil, diagnostic_profil(d)) != 0) {
		say(c, path, "« %s » donne le profil %s, pas %s", k->nom,
		    diagnostic_profil(d), k->profil);
		return false;
	}
	if (k->second && strcmp(k->second, second) != 0) {
		say(c, path, "« %s » donne le second profil %s, pas %s", k->nom, second,
		    k->second);
		return false;
	}
	if (k->urgent >= 0 && k->urgent != d->urgent) {
		say(c, path, "« %s » est %surgent", k->nom, d->urgent ? "" : "non ");
		return false;
	}
	return true;
}

static bool case_needs(const struct checking *c, const struct cas *k, const char *path,
		       const struct diagnostic *d)
{
	bool good = k->nservices < 0 || k->nservices == d->nbesoins;

	for (int i = 0; good && i < k->nservices; i++)
		good = k->services[i] == d->besoins[i].regle->service;
	if (good)
		return true;
	say(c, path, "« %s » donne d’autres besoins :", k->nom);
	for (int i = 0; i < d->nbesoins; i++)
		fprintf(c->out, "    %s\n", lieu_services[d->besoins[i].regle->service].slug);
	return false;
}

static void run_cases(const struct checking *c)
{
	for (int i = 0; i < c->in->ncas; i++) {
		const struct cas *k = &c->in->cas[i];
		struct diagnostic d;
		char path[40];

		snprintf(path, sizeof path, "tests[%d]", i);
		instrument_score(c->in, k->reponses, &d);
		c->report->cas++;
		if (!case_profile(c, k, path, &d) || !case_needs(c, k, path, &d))
			c->report->cas_manques++;
	}
}

/* --- paths -------------------------------------------------------------------------- */

struct seen {                   /* what fired at least once */
	bool rules[INSTRUMENT_RULES], directions[INSTRUMENT_RULES], kept[INSTRUMENT_RULES];
	bool phrases[INSTRUMENT_RULES], shown[INSTRUMENT_RULES];
	bool classes[INSTRUMENT_CLASSES], urgent, asked[INSTRUMENT_ITEMS];
};

/* The answers worth trying for one item: options that no expression tells apart are one,
 * and so are the three ways of not answering. */
struct tries {
	struct reponse *list;
	int n;
};

static void name_all(const struct instrument *in, uint64_t *named)
{
	for (int i = 0; i < in->nitems; i++) {
		if (in->items[i].si)
			expression_names(in->items[i].si, named);
	}
	for (int i = 0; i < in->nscores; i++) {
		if (in->scores[i].formule)
			expression_names(in->scores[i].formule, named);
		for (int k = 0; k < in->scores[i].nitems; k++)
			named[in->scores[i].items[k]] |= ~0ull >> 4;
	}
	for (int i = 0; i < in->nregles; i++)
		expression_names(in->regles[i].si, named);
	for (int i = 0; i < in->norientation; i++)
		expression_names(in->orientation[i].quand, named);
	for (int i = 0; i < in->nphrases; i++)
		expression_names(in->phrases[i].quand, named);
	if (in->urgent)
		expression_names(in->urgent, named);
	if (in->suffit)
		expression_names(in->suffit, named);
}

static bool item_tries(struct arena *a, const struct item *it, uint64_t named,
		       struct tries *t, struct err *e)
{
	bool other = false;

	t->list = NEW_ARRAY(a, (size_t)it->noptions + 3, struct reponse);
	if (!t->list)
		return arena_refuse(a, e);
	t->list[t->n++] = (struct reponse){ SANS_REPONSE, 0 };
	if (named & EXPRESSION_STATES) {
		t->list[t->n++] = (struct reponse){ NE_SAIT_PAS, 0 };
		t->list[t->n++] = (struct reponse){ REFUS, 0 };
	}
	for (int i = 0; i < it->noptions; i++) {
		if (!(named >> i & 1) && other)
			continue;
		other = other || !(named >> i & 1);
		t->list[t->n++] = (struct reponse){ REPONDU, 1ull << i };
	}
	return true;
}

static void note(const struct instrument *in, const struct reponse *r, struct seen *s)
{
	struct diagnostic d;
	struct reponse with[INSTRUMENT_ITEMS + 1] = { 0 };
	struct expression_values v = { with, d.scores };

	instrument_score(in, r, &d);
	for (int i = 0; i < in->nitems; i++) {
		if (item_asked(in, i, with)) {
			with[i] = r[i];
			s->asked[i] = true;
		}
	}
	for (int i = 0; i < in->nregles; i++)
		s->rules[i] |= diagnostic_rule(&d, i);
	if (d.classe >= 0) {
		s->classes[d.classe] = true;
		with[in->nitems] = (struct reponse){ REPONDU, 1ull << d.classe };
	}
	s->urgent |= d.urgent;
	for (int i = 0; i < in->norientation; i++)
		s->directions[i] = s->directions[i]
			|| expression_holds(in->orientation[i].quand, &v);
	for (int i = 0; i < d.nbesoins; i++)
		s->kept[d.besoins[i].regle - in->orientation] = true;
	for (int i = 0; i < in->nphrases; i++)
		s->phrases[i] = s->phrases[i] || expression_holds(in->phrases[i].quand, &v);
	for (int g = 0; g < PHRASE_GENRES; g++) {
		for (int i = 0; i < d.nphrases[g]; i++)
			s->shown[d.phrases[g][i] - in->phrases] = true;
	}
}

static uint64_t draw(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 33;
}

/* Every combination when there are few enough and no item takes several options. */
static bool all_paths(const struct instrument *in, const struct tries *t, uint64_t *n)
{
	*n = 1;
	for (int i = 0; i < in->nitems; i++) {
		if (in->items[i].type != ITEM_CHOIX || *n > WALK_MOST / (uint64_t)t[i].n)
			return false;
		*n *= (uint64_t)t[i].n;
	}
	return true;
}

static void walk(const struct checking *c, const struct tries *t, struct seen *s)
{
	const struct instrument *in = c->in;
	struct reponse r[INSTRUMENT_ITEMS] = { 0 };
	uint64_t n, state = 1;

	c->report->tous = all_paths(in, t, &n);
	if (!c->report->tous)
		n = WALK_DRAWS;
	c->report->chemins = n;
	for (uint64_t k = 0; k < n; k++) {
		uint64_t rest = k;

		for (int i = 0; i < in->nitems; i++) {
			uint64_t at = c->report->tous ? rest : draw(&state);

			r[i] = t[i].list[at % (uint64_t)t[i].n];
			rest /= (uint64_t)t[i].n;
			if (in->items[i].type == ITEM_CHOIX_MULTIPLE && r[i].etat == REPONDU)
				r[i].choix |= draw(&state) & draw(&state)
					& ((1ull << in->items[i].noptions) - 1);
		}
		note(in, r, s);
	}
}

static void warn(const struct checking *c, const char *list, int i, const char *what)
{
	char path[60];

	snprintf(path, sizeof path, "%s[%d]", list, i);
	say(c, path, "attention, %s%s", what,
	    c->report->tous ? "" : " (sur un échantillon de réponses)");
	c->report->avertissements++;
}

static void warn_unseen(const struct checking *c, const struct seen *s)
{
	const struct instrument *in = c->in;

	for (int i = 0; i < in->nitems; i++) {
		if (!s->asked[i])
			warn(c, "items", i, "cette question n’est jamais posée");
	}
	for (int i = 0; i < in->nclasses; i++) {
		if (!s->classes[i])
			warn(c, "typologie.classes", i, "personne n’a jamais ce profil");
	}
	for (int i = 0; i < in->nregles; i++) {
		if (!s->rules[i])
			warn(c, "typologie.regles", i, "cette règle ne sert jamais");
	}
	for (int i = 0; i < in->norientation; i++) {
		if (!s->directions[i])
			warn(c, "orientation", i, "cette règle ne sert jamais");
		else if (!s->kept[i])
			warn(c, "orientation", i, "d’autres passent toujours avant cette règle");
	}
	for (int i = 0; i < in->nphrases; i++) {
		if (!s->phrases[i])
			warn(c, "phrases", i, "cette phrase ne sert jamais");
		else if (!s->shown[i])
			warn(c, "phrases", i, "d’autres passent toujours avant cette phrase");
	}
	if (in->urgent && !s->urgent)
		warn(c, "items", 0, "rien n’est jamais urgent");
}

bool instrument_check(struct arena *a, const struct instrument *in, FILE *out,
		      struct instrument_report *report, struct err *e)
{
	const struct checking c = { in, out, report };
	struct tries t[INSTRUMENT_ITEMS] = { 0 };
	uint64_t named[INSTRUMENT_ITEMS + 1] = { 0 };
	struct seen *s = NEW(a, struct seen);

	if (!s)
		return arena_refuse(a, e);
	*report = (struct instrument_report){ 0 };
	run_cases(&c);
	name_all(in, named);
	for (int i = 0; i < in->nitems; i++) {
		if (!item_tries(a, &in->items[i], named[i], &t[i], e))
			return false;
	}
	walk(&c, t, s);
	warn_unseen(&c, s);
	if (report->cas_manques)
		return fail(e, E_INPUT, "%s : %d test%s sur %d ne passe%s pas", in->file,
			    report->cas_manques, report->cas_manques > 1 ? "s" : "",
			    report->cas, report->cas_manques > 1 ? "nt" : "");
	return true;
}
