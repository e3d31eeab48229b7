/* Checks an instrument: its own test cases, and every path that answers can take. */
#include "detect/instrument.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/lieu.h"
#include "format/json_line.h"

enum { WALK_MOST = 400000, WALK_DRAWS = 120000 };

struct checking {
	const struct instrument *in;
	FILE *out;
	struct instrument_report *report;
};

static PRINTF(3, 4) void say(const struct checking *c, const char *path, const char *fmt, ...)
{
	va_list ap;

	if (!c->out)
		return;
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
	for (int i = 0; c->out && i < d->nbesoins; i++)
		fprintf(c->out, "    %s\n", lieu_services[d->besoins[i].regle->service].slug);
	return false;
}

static bool case_scores(const struct checking *c, const struct cas *k, const char *path,
			const struct diagnostic *d)
{
	for (int i = 0; i < c->in->nscores; i++) {
		double want = k->scores[i], got = d->scores[i];

		if (isinf(want) || (isnan(want) && isnan(got)) || fabs(want - got) <= 1e-9)
			continue;
		say(c, path, "« %s » : le score %s vaut %g, pas %g", k->nom,
		    c->in->scores[i].id, got, want);
		return false;
	}
	return true;
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
		if (!case_scores(c, k, path, &d) || !case_profile(c, k, path, &d)
			|| !case_needs(c, k, path, &d))
			c->report->cas_manques++;
	}
}

int instrument_cases(const struct instrument *in, FILE *out)
{
	struct instrument_report report = { 0 };
	const struct checking c = { in, out, &report };

	run_cases(&c);
	return report.cas_manques;
}

/* --- paths -------------------------------------------------------------------------- */

struct seen {                   /* what fired at least once */
	bool rules[INSTRUMENT_RULES], directions[INSTRUMENT_RULES], kept[INSTRUMENT_RULES];
	bool phrases[INSTRUMENT_RULES], shown[INSTRUMENT_RULES];
	bool classes[INSTRUMENT_CLASSES], urgent, asked[INSTRUMENT_ITEMS];
	bool yes[INSTRUMENT_NODES], no[INSTRUMENT_NODES];       /* of a tree */
	bool scores[INSTRUMENT_SCORES];
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
	for (int i = 0; i < in->narbre; i++) {
		if (in->arbre[i].si)
			expression_names(in->arbre[i].si, named);
	}
	if (in->urgent)
		expression_names(in->urgent, named);
	if (in->suffit)
		expression_names(in->suffit, named);
}

struct looking {                        /* numbers that expressions hold against an item */
	int item;
	double found[24];
	int n;
};

static void see_number(int item, double number, void *arg)
{
	struct looking *l = arg;

	if (item == l->item && l->n < 24)
		l->found[l->n++] = number;
}

static void look_in(const struct expression *x, struct looking *l)
{
	if (x)
		expression_numbers(x, see_number, l);
}

static void look_everywhere(const struct instrument *in, struct looking *l)
{
	for (int i = 0; i < in->nitems; i++)
		look_in(in->items[i].si, l);
	for (int i = 0; i < in->nregles; i++)
		look_in(in->regles[i].si, l);
	for (int i = 0; i < in->narbre; i++)
		look_in(in->arbre[i].si, l);
	for (int i = 0; i < in->norientation; i++)
		look_in(in->orientation[i].quand, l);
	for (int i = 0; i < in->nphrases; i++)
		look_in(in->phrases[i].quand, l);
	look_in(in->urgent, l);
	look_in(in->suffit, l);
}

/* Of a number or a date: the ends, and each side of what it is compared with. */
static void number_tries(const struct instrument *in, int item, struct tries *t, int most)
{
	const struct item *it = &in->items[item];
	struct looking l = { .item = item };

	look_everywhere(in, &l);
	t->list[t->n++] = (struct reponse){ .etat = REPONDU, .nombre = fmax(it->min, -1e9) };
	t->list[t->n++] = (struct reponse){ .etat = REPONDU, .nombre = fmin(it->max, 1e9) };
	for (int i = 0; i < l.n; i++) {
		for (int side = -1; side <= 1 && t->n < most; side++) {
			double v = l.found[i] + side;

			if (v >= it->min && v <= it->max)
				t->list[t->n++] = (struct reponse){ .etat = REPONDU, .nombre = v };
		}
	}
}

/* Of an order: as declared, the right one, and the other way round. */
static void order_tries(const struct item *it, struct tries *t)
{
	uint64_t all = (1ull << it->noptions) - 1, straight = 0, back = 0;

	for (int i = 0; i < it->noptions; i++) {
		straight |= (uint64_t)i << 4 * i;
		back |= (uint64_t)(it->noptions - 1 - i) << 4 * i;
	}
	t->list[t->n++] = (struct reponse){ .etat = REPONDU, .choix = all, .ordre = straight };
	t->list[t->n++] = (struct reponse){ .etat = REPONDU, .choix = all, .ordre = back };
	if (it->has_juste)
		t->list[t->n++] = (struct reponse){ .etat = REPONDU, .choix = all,
			.ordre = it->juste };
}

static bool item_tries(struct arena *a, const struct instrument *in, int item, uint64_t named,
		       struct tries *t, struct err *e)
{
	const struct item *it = &in->items[item];
	const int most = it->noptions + 80;
	bool other = false;

	t->list = NEW_ARRAY(a, (size_t)most, struct reponse);
	if (!t->list)
		return arena_refuse(a, e);
	t->list[t->n++] = (struct reponse){ .etat = SANS_REPONSE };
	if (named & EXPRESSION_STATES) {
		t->list[t->n++] = (struct reponse){ .etat = NE_SAIT_PAS };
		t->list[t->n++] = (struct reponse){ .etat = REFUS };
	}
	if (it->type == ITEM_NOMBRE || it->type == ITEM_DATE) {
		number_tries(in, item, t, most);
		return true;
	}
	if (it->type == ITEM_ORDRE) {
		order_tries(it, t);
		return true;
	}
	if (it->type == ITEM_TEXTE || it->type == ITEM_NOTE)
		t->list[t->n++] = (struct reponse){ .etat = REPONDU, .texte = "?" };
	for (int i = 0; i < it->noptions; i++) {
		if (!(named >> i & 1) && other)
			continue;
		other = other || !(named >> i & 1);
		t->list[t->n++] = (struct reponse){ .etat = REPONDU, .choix = 1ull << i };
	}
	return true;
}

static void note(const struct instrument *in, const struct reponse *r, struct seen *s)
{
	struct diagnostic d;
	struct reponse with[INSTRUMENT_ITEMS + 1];
	struct expression_values v = { with, d.scores };

	instrument_score(in, r, &d);
	memset(with, 0, ((size_t)in->nitems + 1) * sizeof *with);
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
		with[in->nitems] = (struct reponse){ .etat = REPONDU, .choix = 1ull << d.classe };
	}
	s->urgent |= d.urgent;
	for (int i = 0; i < in->nscores; i++)
		s->scores[i] = s->scores[i] || !isnan(d.scores[i]);
	for (int i = 0; i < in->narbre && d.chemin; i++) {
		s->yes[i] |= d.oui >> i & 1;
		s->no[i] |= d.chemin >> i & ~d.oui >> i & 1;
	}
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
		if (in->items[i].type == ITEM_PLUSIEURS || *n > WALK_MOST / (uint64_t)t[i].n)
			return false;
		*n *= (uint64_t)t[i].n;
	}
	return true;
}

/* What a draw tries for an item: anything, or most often what all of this draw prefer, so
 * that "everything without help" comes as well. */
static struct reponse drawn(const struct item *it, const struct tries *t, uint64_t k,
			    uint64_t *state)
{
	uint64_t n = (uint64_t)t->n, like = k % 12;
	struct reponse r = t->list[(k & 1) || draw(state) % 8 == 0 ? draw(state) % n
				   : like < n ? like : n - 1];

	if (it->type == ITEM_PLUSIEURS && r.etat == REPONDU)
		r.choix |= draw(state) & draw(state) & ((1ull << it->noptions) - 1);
	return r;
}

/* Answers of a test case, one item after the other turned to something else. */
static void walk_cases(const struct checking *c, const struct tries *t, struct seen *s,
		       struct reponse *r)
{
	const struct instrument *in = c->in;

	for (int i = 0; i < in->ncas; i++) {
		memcpy(r, in->cas[i].reponses, (size_t)in->nitems * sizeof *r);
		note(in, r, s);
		for (int k = 0; k < in->nitems; k++) {
			for (int o = 0; o < t[k].n; o++) {
				r[k] = t[k].list[o];
				note(in, r, s);
			}
			r[k] = in->cas[i].reponses[k];
		}
	}
}

static void walk(const struct checking *c, const struct tries *t, struct seen *s)
{
	const struct instrument *in = c->in;
	struct reponse r[INSTRUMENT_ITEMS];
	uint64_t n, state = 1;

	c->report->tous = all_paths(in, t, &n);
	if (!c->report->tous) {
		n = WALK_DRAWS;
		walk_cases(c, t, s, r);
	}
	c->report->chemins = n;
	for (uint64_t k = 0; k < n; k++) {
		uint64_t rest = k;

		for (int i = 0; i < in->nitems; i++) {
			if (!c->report->tous) {
				r[i] = drawn(&in->items[i], &t[i], k, &state);
				continue;
			}
			r[i] = t[i].list[rest % (uint64_t)t[i].n];
			rest /= (uint64_t)t[i].n;
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
		if (!s->asked[i] && in->items[i].type != ITEM_NOTE)
			warn(c, "items", in->items[i].source, "cette question n’est jamais posée");
	}
	for (int i = 0; i < in->nscores; i++) {
		if (!s->scores[i])
			warn(c, "scores", i, "ce score n’a jamais de valeur");
	}
	for (int i = 0; i < in->nclasses; i++) {
		if (!s->classes[i])
			warn(c, "typologie.classes", i, "personne n’a jamais ce profil");
	}
	for (int i = 0; i < in->narbre; i++) {
		if (in->arbre[i].classe < 0 && (!s->yes[i] || !s->no[i]))
			warn(c, "typologie.classes", 0, s->yes[i]
			     ? "un embranchement de l’arbre répond toujours oui"
			     : s->no[i] ? "un embranchement de l’arbre répond toujours non"
			     : "un embranchement de l’arbre n’est jamais atteint");
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
	struct tries *t = NEW_ARRAY(a, (size_t)in->nitems, struct tries);
	uint64_t named[INSTRUMENT_ITEMS + 1] = { 0 };
	struct seen *s = NEW(a, struct seen);

	if (!s || !t)
		return arena_refuse(a, e);
	*report = (struct instrument_report){ 0 };
	run_cases(&c);
	name_all(in, named);
	for (int i = 0; i < in->nitems; i++) {
		if (!item_tries(a, in, i, named[i], &t[i], e))
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
