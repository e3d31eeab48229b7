/* tremplin diagnostic score | check */
#include "detect/detect.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/lieu.h"
#include "detect/instrument.h"
#include "detect/score_lot.h"
#include "format/json_line.h"

enum { MEMORY = 16 << 20, ANSWERS_BYTES = 1 << 20 };

static bool read_answers(struct arena *a, const char *path, const struct instrument *in,
			 struct reponse **out, struct err *e)
{
	CLEANUP(json_done) json_t *root = NULL;
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
	char *p = arena_alloc(a, ANSWERS_BYTES + 1);
	size_t n;

	if (!f || !p) {
		fail(e, E_MISSING, "%s : ce fichier ne s’ouvre pas.", path);
		return hint(e, "Donnez un fichier de réponses, ou - pour l’entrée standard.");
	}
	n = fread(p, 1, ANSWERS_BYTES + 1, f);
	if (f != stdin)
		fclose(f);
	if (n > ANSWERS_BYTES)
		return fail(e, E_LIMIT, "%s dépasse 1 Mo.", path);
	if (!json_read(p, n, &root, e) || !reponses_read(a, in, root, out, e))
		return json_refused_in(e, path);
	return true;
}

static void print_phrases(FILE *out, const struct diagnostic *d, enum phrase_genre g,
			  const char *head)
{
	if (!d->nphrases[g])
		return;
	fprintf(out, "%s", head);
	for (int i = 0; i < d->nphrases[g]; i++)
		fprintf(out, "%s%s", i ? ", " : "", d->phrases[g][i]->texte);
	fputs(".\n", out);
}

static void print_reasons(FILE *out, const struct diagnostic *d, int classe)
{
	const char *why;

	for (int i = 0; (why = diagnostic_raison(d, classe, i)); i++)
		fprintf(out, "  - %s\n", why);
}

static void print_words(FILE *out, const struct diagnostic *d)
{
	const struct instrument *in = d->instrument;

	if (d->nphrases[PHRASE_TITRE])
		fprintf(out, "%s%s\n\n", d->phrases[PHRASE_TITRE][0]->texte,
			d->urgent ? " (urgent)" : "");
	print_phrases(out, d, PHRASE_SAVEZ, "Vous savez déjà ");
	print_phrases(out, d, PHRASE_BLOQUE, "Ce qui bloque : ");
	print_phrases(out, d, PHRASE_PEUT, "On peut ");
	fputs("\nProposé\n", out);
	for (int i = 0; i < d->nbesoins; i++) {
		const struct orientation_regle *o = d->besoins[i].regle;

		fprintf(out, "%d. %s (%s)\n   %s\n", i + 1, o->dire,
			lieu_services[o->service].value, o->pourquoi);
	}
	if (!d->nbesoins)
		fputs("rien pour le moment\n", out);
	fprintf(out, "\nPour le professionnel : %s\n", d->classe < 0
		? in->indetermine : in->classes[d->classe].professionnel);
	print_reasons(out, d, d->classe);
	if (d->seconde >= 0) {
		fprintf(out, "Autre lecture possible, %s : %s\n", diagnostic_proche(d),
			in->classes[d->seconde].professionnel);
		print_reasons(out, d, d->seconde);
	}
	for (int i = 0; i < in->nscores; i++)
		fprintf(out, d->scores[i] == d->scores[i] ? "%s : %.2f\n" : "%s : pas assez de réponses\n",
			in->scores[i].titre, d->scores[i]);
	fprintf(out, "%s\n", in->avertissement);
}

static void print_json(FILE *out, const struct diagnostic *d)
{
	struct buf b = buf_new(1 << 20);
	struct json_out j = { &b, false };

	diagnostic_json(&j, NULL, d, d->instrument->langues[0]);
	fwrite(b.p, 1, b.n, out);
	fputc('\n', out);
	buf_free(&b);
}

/* JSON lines from a file or from standard input, JSON lines out. */
static bool score_many(const struct call *c, const struct instrument *in, struct err *e)
{
	const char *path = c->nargs ? c->args[0] : "-";
	FILE *from = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
	struct lot_bilan b;
	bool good;

	if (!from)
		return fail(e, E_MISSING, "%s : ce fichier ne s’ouvre pas.", path);
	good = lot_score(in, from, c->out, c->json, &b, e);
	if (from != stdin)
		fclose(from);
	if (!good || !b.refusees)
		return good;
	fail(e, E_INPUT, "%" PRId64 " lignes sur %" PRId64 " sont refusées.", b.refusees, b.lignes);
	return hint(e, "Leur numéro et ce qui ne va pas sont dans la sortie.");
}

static bool has_end(const char *path, const char *end)
{
	size_t n = strlen(path), m = strlen(end);

	return n > m && strcmp(path + n - m, end) == 0;
}

static bool score(struct call *c, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(MEMORY);
	const struct instrument *in;
	struct diagnostic d;
	struct reponse *r;

	if (!instrument_open(&a, c->values[0], &in, e))
		return false;
	if (!c->nargs || has_end(c->args[0], ".jsonl"))
		return score_many(c, in, e);
	if (!read_answers(&a, c->args[0], in, &r, e))
		return false;
	instrument_score(in, r, &d);
	if (c->json)
		print_json(c->out, &d);
	else
		print_words(c->out, &d);
	return true;
}

static bool check_one(struct call *c, const char *path, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(MEMORY);
	const struct instrument *in;
	struct instrument_report r;
	bool good;

	if (!instrument_open(&a, path, &in, e))
		return false;
	good = instrument_check(&a, in, c->json ? stderr : c->out, &r, e);
	if (c->json)
		fprintf(c->out, "{\"instrument\":\"%s\",\"tests\":%d,\"manques\":%d,"
			"\"chemins\":%" PRIu64 ",\"tous\":%s,\"avertissements\":%d}\n", in->id,
			r.cas, r.cas_manques, r.chemins, r.tous ? "true" : "false",
			r.avertissements);
	else
		fprintf(c->out, "%s %s : %d questions, %d tests, %d manqués ; %" PRIu64
			" chemins suivis%s, %d avertissements\n", in->id, in->version,
			in->nitems, r.cas, r.cas_manques, r.chemins,
			r.tous ? " (tous)" : " (échantillon)", r.avertissements);
	return good;
}

/* All the files are read, even after one that fails. */
static bool check(struct call *c, struct err *e)
{
	struct err first = { 0 };

	for (int i = 0; i < c->nargs; i++) {
		struct err one = { 0 };

		if (check_one(c, c->args[i], &one))
			continue;
		if (!first.kind)
			first = one;
		else
			fprintf(stderr, "%s\n", one.msg);
	}
	*e = first;
	return !first.kind;
}

static const struct command_option score_options[] = {
	{ "--instrument", "NAME", "un instrument de Tremplin (reperage) ou un fichier .json", true },
	{ 0 },
};
static const struct command_option no_options[] = { { 0 } };

const struct command detect_commands[] = {
	{ .words = "diagnostic score", .args = "[ANSWERS.json | ANSWERS.jsonl]", .min_args = 0, .max_args = 1,
	  .summary = "scores, profil, raisons et propositions qui suivent des réponses ; "
		"sans fichier, des lignes JSON de l’entrée standard",
	  .example = "tremplin diagnostic score --instrument reperage reponses.json --json",
	  .options = score_options, .run = score },
	{ .words = "diagnostic check", .args = "FILE...", .min_args = 1, .max_args = -1,
	  .summary = "vérifie un instrument : erreurs, tests, règles qui ne servent jamais",
	  .example = "tremplin diagnostic check data/instruments/reperage.json",
	  .options = no_options, .run = check },
	{ 0 },
};
