/* From answers to what follows: scores, profile, needs, words.  No I/O; cannot fail. */
#include "detect/instrument.h"

#include <math.h>
#include <string.h>

#include "core/lieu.h"

/* --- scores ------------------------------------------------------------------------- */

struct adding {                         /* what was met of the items of a score */
	double sum, weight, most;
	int n, reached;
};

static void add_item(struct adding *t, const struct score *s, int k, double v)
{
	double weight = s->poids ? s->poids[k] : 1;

	if (isnan(v))
		return;
	t->n++;
	t->sum += weight * v;
	t->weight += weight;
	t->reached += v >= s->seuil;
	if (t->n == 1 || v > t->most)
		t->most = v;
}

static double score_items(const struct instrument *in, const struct score *s,
			  const struct reponse *r)
{
	struct adding t = { 0 };

	for (int i = 0; i < s->nitems; i++)
		add_item(&t, s, i, reponse_valeur(&in->scope->items[s->items[i]], &r[s->items[i]]));
	if (!t.n || t.n < s->part_minimale * s->nitems)
		return NAN;
	switch (s->calcul) {
	case SCORE_MOYENNE:
	case SCORE_PONDEREE:
		return t.sum / t.weight;
	case SCORE_COMPTE:
		return (double)t.reached * s->nitems / t.n;
	case SCORE_MAXIMUM:
		return t.most;
	default:
		return t.sum * s->nitems / t.n;
	}
}

static double score_table(const struct score *s, double v)
{
	for (int i = 0; i < s->ntable && !isnan(v); i++) {
		if (v <= s->table[i].jusqu_a)
			return s->table[i].valeur;
	}
	return NAN;
}

static double score_one(const struct instrument *in, const struct score *s,
			const struct expression_values *v)
{
	if (s->calcul == SCORE_FORMULE)
		return expression_number(s->formule, v);
	if (s->calcul == SCORE_TABLE)
		return score_table(s, expression_number(s->formule, v));
	return score_items(in, s, v->items);
}

/* --- profile ------------------------------------------------------------------------ */

static double share_answered(const struct instrument *in, const struct reponse *r)
{
	int n = 0;

	for (int i = 0; i < in->ntypologie_items; i++)
		n += r[in->typologie_items[i]].etat == REPONDU;
	return in->ntypologie_items ? (double)n / in->ntypologie_items : 0;
}

/* The heaviest class and the next; the first declared wins a tie. */
static void rank_classes(const struct instrument *in, const double *weight,
			 struct diagnostic *d)
{
	for (int i = 0; i < in->nclasses; i++) {
		if (weight[i] > 0 && (d->classe < 0 || weight[i] > weight[d->classe])) {
			d->seconde = d->classe;
			d->classe = i;
		} else if (weight[i] > 0 && (d->seconde < 0 || weight[i] > weight[d->seconde])) {
			d->seconde = i;
		}
	}
}

static void set_margin(struct diagnostic *d, const double *weight)
{
	if (d->classe < 0)
		return;
	d->marge = d->seconde < 0 ? 1
		: (weight[d->classe] - weight[d->seconde])
			/ (weight[d->classe] + weight[d->seconde]);
	if (!(d->marge >= 0))
		d->marge = 0;           /* a first rule that weighs less than the next one */
}

/* The class of the first rule that holds, and of the first that says another. */
static void first_rules(const struct instrument *in, struct diagnostic *d)
{
	for (int i = 0; i < in->nregles; i++) {
		int c = in->regles[i].classe;

		if (!diagnostic_rule(d, i) || c == d->classe)
			continue;
		if (d->classe >= 0) {
			d->seconde = c;
			return;
		}
		d->classe = c;
	}
}

/* By distance to the centres: margin is the difference of the two least over their sum. */
static void nearest_centre(const struct instrument *in, struct diagnostic *d)
{
	double near = INFINITY, next = INFINITY;

	for (int c = 0; c < in->nclasses; c++) {
		double sum = 0;

		for (int v = 0; v < in->nvariables; v++) {
			double x = (d->scores[in->variables[v]] - in->classes[c].centre[v])
				/ in->echelles[v];

			sum += x * x;
		}
		if (isnan(sum))
			return;         /* a variable is missing: no profile */
		if (sum < near) {
			next = near;
			d->seconde = d->classe;
			near = sum;
			d->classe = c;
		} else if (sum < next) {
			next = sum;
			d->seconde = c;
		}
	}
	near = sqrt(near);
	next = sqrt(next);
	d->marge = d->seconde < 0 ? 1 : next + near > 0 ? (next - near) / (next + near) : 0;
}

/* Where the tree leads; `flip`: the node whose answer is turned round, -1 none. */
static int descend(const struct instrument *in, const struct expression_values *v, int flip,
		   uint64_t *path, uint64_t *yes)
{
	int at = 0;

	*path = *yes = 0;
	while (in->arbre[at].classe < 0) {
		bool holds = expression_holds(in->arbre[at].si, v) != (at == flip);

		*path |= 1ull << at;
		if (holds)
			*yes |= 1ull << at;
		at = holds ? in->arbre[at].oui : in->arbre[at].non;
	}
	return in->arbre[at].classe;
}

/* The second class is the one behind the last answer that, turned round, changes the class;
 * the margin, the share of answers on the path that change nothing so. */
static void follow_tree(const struct instrument *in, const struct expression_values *v,
			struct diagnostic *d)
{
	int asked = 0, change = 0;

	d->classe = descend(in, v, -1, &d->chemin, &d->oui);
	for (int i = 0; i < in->narbre; i++) {
		uint64_t path, yes;
		int other;

		if (!(d->chemin >> i & 1))
			continue;
		asked++;
		other = descend(in, v, i, &path, &yes);
		if (other == d->classe)
			continue;
		change++;
		d->seconde = other;
		d->chemin_second = path;
		d->oui_second = yes;
	}
	d->marge = asked ? (double)(asked - change) / asked : 1;
	if (d->seconde < 0)
		d->marge = 1;
}

static void score_typology(const struct instrument *in, const struct expression_values *v,
			   struct diagnostic *d)
{
	double weight[INSTRUMENT_CLASSES] = { 0 };

	d->part = share_answered(in, v->items);
	for (int i = 0; i < in->nregles; i++) {
		if (!expression_holds(in->regles[i].si, v))
			continue;
		d->regles[i / 64] |= 1ull << (i % 64);
		weight[in->regles[i].classe] += in->regles[i].poids;
	}
	if (!in->nclasses || d->part < in->part_minimale
	    || (in->suffit && !expression_holds(in->suffit, v)))
		return;
	if (in->methode == TYPOLOGIE_CENTRES) {
		nearest_centre(in, d);
	} else if (in->methode == TYPOLOGIE_ARBRE) {
		follow_tree(in, v, d);
	} else {
		if (in->methode == TYPOLOGIE_POIDS)
			rank_classes(in, weight, d);
		else
			first_rules(in, d);
		set_margin(d, weight);
	}
}

/* --- needs and words ---------------------------------------------------------------- */

/* Keeps the three highest priorities, one rule per service; equals in the file's order. */
static void add_need(struct diagnostic *d, const struct orientation_regle *rule)
{
	int at = d->nbesoins;

	for (int i = 0; i < d->nbesoins; i++) {
		if (d->besoins[i].regle->service != rule->service)
			continue;
		if (d->besoins[i].regle->priorite >= rule->priorite)
			return;
		memmove(&d->besoins[i], &d->besoins[i + 1],
			(size_t)(d->nbesoins - i - 1) * sizeof d->besoins[0]);
		at = --d->nbesoins;
		break;
	}
	while (at && d->besoins[at - 1].regle->priorite < rule->priorite)
		at--;
	if (at == BESOINS)
		return;
	if (d->nbesoins < BESOINS)
		d->nbesoins++;
	memmove(&d->besoins[at + 1], &d->besoins[at],
		(size_t)(d->nbesoins - 1 - at) * sizeof d->besoins[0]);
	d->besoins[at].regle = rule;
}

/* The first phrases that hold, so many of each kind; one title. */
static void add_phrase(struct diagnostic *d, const struct phrase *p)
{
	int most = p->genre == PHRASE_TITRE ? 1 : PHRASES;

	if (d->nphrases[p->genre] < most)
		d->phrases[p->genre][d->nphrases[p->genre]++] = p;
}

/* Answers of items that are asked, in `kept`; scores and profile of them. */
static void classify(const struct instrument *in, const struct reponse *r,
		     struct reponse *kept, struct diagnostic *d)
{
	const struct expression_values v = { kept, d->scores };

	d->instrument = in;
	d->classe = d->seconde = -1;
	d->marge = d->part = 0;
	d->chemin = d->oui = d->chemin_second = d->oui_second = 0;
	memset(d->regles, 0, sizeof d->regles);
	/* what is not asked yet has no answer for the conditions, and at the end "profil" */
	for (int i = 0; i <= in->nitems; i++)
		kept[i].etat = SANS_REPONSE;
	for (int i = 0; i < in->nitems; i++) {
		if (item_asked(in, i, kept))
			kept[i] = r[i];
	}
	for (int i = 0; i < in->nscores; i++)
		d->scores[i] = score_one(in, &in->scores[i], &v);
	score_typology(in, &v, d);
	if (d->classe >= 0)
		kept[in->nitems] = (struct reponse){ .etat = REPONDU, .choix = 1ull << d->classe };
}

void instrument_classify(const struct instrument *in, const struct reponse *r,
			 struct diagnostic *d)
{
	struct reponse kept[INSTRUMENT_ITEMS + 1];

	classify(in, r, kept, d);
	d->urgent = false;
	d->nbesoins = 0;
	memset(d->nphrases, 0, sizeof d->nphrases);
}

void instrument_score(const struct instrument *in, const struct reponse *r,
		      struct diagnostic *d)
{
	struct reponse kept[INSTRUMENT_ITEMS + 1];
	const struct expression_values v = { kept, d->scores };

	memset(d, 0, sizeof *d);
	classify(in, r, kept, d);
	d->urgent = in->urgent && expression_holds(in->urgent, &v);
	for (int i = 0; i < in->norientation; i++) {
		if (expression_holds(in->orientation[i].quand, &v))
			add_need(d, &in->orientation[i]);
	}
	for (int i = 0; i < in->nphrases; i++) {
		if (expression_holds(in->phrases[i].quand, &v))
			add_phrase(d, &in->phrases[i]);
	}
}

/* --- telling ------------------------------------------------------------------------ */

const char *diagnostic_profil(const struct diagnostic *d)
{
	return d->classe < 0 ? "indetermine" : d->instrument->classes[d->classe].id;
}

const char *diagnostic_proche(const struct diagnostic *d)
{
	if (d->seconde < 0)
		return "";
	return d->marge < 0.15 ? N_("très proche") : d->marge < 0.4 ? N_("assez proche") : N_("loin");
}

/* The i-th answer of the path of a tree. */
static const char *tree_reason(const struct diagnostic *d, int classe, int i)
{
	uint64_t path = classe == d->classe ? d->chemin : d->chemin_second;
	uint64_t yes = classe == d->classe ? d->oui : d->oui_second;

	for (int k = 0; k < d->instrument->narbre; k++) {
		if ((path >> k & 1) && !i--)
			return yes >> k & 1 ? d->instrument->arbre[k].parce_que
					    : d->instrument->arbre[k].sinon;
	}
	return NULL;
}

const char *diagnostic_raison(const struct diagnostic *d, int classe, int i)
{
	const struct instrument *in = d->instrument;

	if (classe < 0)
		return i ? NULL : in->indetermine_parce_que;
	if (in->classes[classe].parce_que && !i--)
		return in->classes[classe].parce_que;
	if (in->methode == TYPOLOGIE_ARBRE)
		return tree_reason(d, classe, i);
	for (int k = 0; k < in->nregles; k++) {
		if (in->regles[k].classe == classe && diagnostic_rule(d, k) && !i--)
			return in->regles[k].parce_que;
	}
	return NULL;
}

static void json_reasons(struct json_out *j, const char *name, const struct diagnostic *d,
			 int classe, const char *langue)
{
	const char *why;

	json_open_array(j, name);
	for (int i = 0; (why = diagnostic_raison(d, classe, i)); i++)
		json_put_text(j, NULL, instrument_say(d->instrument, langue, why));
	json_close_array(j);
}

static void json_needs(struct json_out *j, const struct diagnostic *d, const char *langue)
{
	json_open_array(j, "besoins");
	for (int i = 0; i < d->nbesoins; i++) {
		const struct orientation_regle *o = d->besoins[i].regle;

		json_open_object(j, NULL);
		json_put_text(j, "service", lieu_services[o->service].slug);
		json_put_text(j, "valeur", lieu_services[o->service].value);
		if (o->prise_en_charge >= 0)
			json_put_text(j, "prise_en_charge",
				      lieu_prises_en_charge[o->prise_en_charge].value);
		json_put_text(j, "delai", o->delai);
		json_put_text(j, "dire", instrument_say(d->instrument, langue, o->dire));
		json_put_text(j, "pourquoi",
			      instrument_say(d->instrument, langue, o->pourquoi));
		if (o->agent)
			json_put_text(j, "agent", instrument_say(d->instrument, langue, o->agent));
		if (o->ressource)
			json_put_text(j, "ressource", o->ressource);
		json_close_object(j);
	}
	json_close_array(j);
}

static void json_phrases(struct json_out *j, const struct diagnostic *d, const char *langue)
{
	static const char *const names[PHRASE_GENRES] = { "titre", "savez", "bloque", "peut" };

	json_open_object(j, "phrases");
	for (int g = 0; g < PHRASE_GENRES; g++) {
		json_open_array(j, names[g]);
		for (int i = 0; i < d->nphrases[g]; i++)
			json_put_text(j, NULL, instrument_say(d->instrument, langue,
							      d->phrases[g][i]->texte));
		json_close_array(j);
	}
	json_close_object(j);
}

void diagnostic_json(struct json_out *j, const char *name, const struct diagnostic *d,
		     const char *langue)
{
	const struct instrument *in = d->instrument;

	json_open_object(j, name);
	json_put_text(j, "instrument", in->id);
	json_put_text(j, "version", in->version);
	json_open_object(j, "scores");
	for (int i = 0; i < in->nscores; i++)
		json_put_real(j, in->scores[i].id, d->scores[i]);
	json_close_object(j);
	json_put_text(j, "profil", diagnostic_profil(d));
	json_put_text(j, "profil_dit", instrument_say(in, langue, d->classe < 0
		? in->indetermine : in->classes[d->classe].professionnel));
	json_reasons(j, "raisons", d, d->classe, langue);
	json_put_text(j, "second", d->seconde < 0 ? NULL : in->classes[d->seconde].id);
	if (d->seconde >= 0)
		json_reasons(j, "second_raisons", d, d->seconde, langue);
	if (d->classe >= 0)
		json_put_real(j, "marge", d->marge);
	else
		json_put_null(j, "marge");
	json_put_real(j, "part_repondue", d->part);
	json_put_bool(j, "urgent", d->urgent);
	json_needs(j, d, langue);
	json_phrases(j, d, langue);
	json_put_text(j, "avertissement", instrument_say(in, langue, in->avertissement));
	json_close_object(j);
}
