/* From answers to what follows: scores, profile, needs, words.  No I/O; cannot fail. */
#include "detect/instrument.h"

#include <math.h>
#include <string.h>

#include "core/lieu.h"

/* --- scores and profile ------------------------------------------------------------- */

/* Value of the answered items, as a sum prorated to all of them or as a mean. */
static double score_items(const struct instrument *in, const struct score *s,
			  const struct reponse *r)
{
	double sum = 0;
	int n = 0;

	for (int i = 0; i < s->nitems; i++) {
		const struct item *it = &in->items[s->items[i]];
		const struct reponse *one = &r[s->items[i]];

		if (one->etat != REPONDU)
			continue;
		n++;
		for (int o = 0; o < it->noptions; o++) {
			if (one->choix >> o & 1)
				sum += it->options[o].valeur;
		}
	}
	if (!n || n < s->part_minimale * s->nitems)
		return NAN;
	return s->calcul == SCORE_MOYENNE ? sum / n : sum * s->nitems / n;
}

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
	d->classe = d->seconde = -1;
	for (int i = 0; i < in->nclasses; i++) {
		if (weight[i] > 0 && (d->classe < 0 || weight[i] > weight[d->classe])) {
			d->seconde = d->classe;
			d->classe = i;
		} else if (weight[i] > 0 && (d->seconde < 0 || weight[i] > weight[d->seconde])) {
			d->seconde = i;
		}
	}
	if (d->classe < 0)
		return;
	d->marge = d->seconde < 0 ? 1
		: (weight[d->classe] - weight[d->seconde])
			/ (weight[d->classe] + weight[d->seconde]);
}

static void score_typology(const struct instrument *in, const struct expression_values *v,
			   struct diagnostic *d)
{
	double weight[INSTRUMENT_CLASSES] = { 0 };

	d->classe = d->seconde = -1;
	d->part = share_answered(in, v->items);
	for (int i = 0; i < in->nregles; i++) {
		if (!expression_holds(in->regles[i].si, v))
			continue;
		d->regles[i / 64] |= 1ull << (i % 64);
		weight[in->regles[i].classe] += in->regles[i].poids;
	}
	if (d->part >= in->part_minimale && (!in->suffit || expression_holds(in->suffit, v)))
		rank_classes(in, weight, d);
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

void instrument_score(const struct instrument *in, const struct reponse *r,
		      struct diagnostic *d)
{
	struct reponse kept[INSTRUMENT_ITEMS + 1] = { 0 };
	const struct expression_values v = { kept, d->scores };

	memset(d, 0, sizeof *d);
	d->instrument = in;
	for (int i = 0; i < in->nitems; i++) {
		if (item_asked(in, i, kept))
			kept[i] = r[i];
	}
	for (int i = 0; i < in->nscores; i++)
		d->scores[i] = in->scores[i].calcul == SCORE_FORMULE
			? expression_number(in->scores[i].formule, &v)
			: score_items(in, &in->scores[i], kept);
	score_typology(in, &v, d);
	if (d->classe >= 0)
		kept[in->nitems] = (struct reponse){ REPONDU, 1ull << d->classe };
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

const char *diagnostic_raison(const struct diagnostic *d, int classe, int i)
{
	const struct instrument *in = d->instrument;

	if (classe < 0)
		return i ? NULL : in->indetermine_parce_que;
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
