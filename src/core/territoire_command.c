#include "core/territoire.h"

#include "base/buf.h"
#include "format/json.h"

static void store_shut(struct store **s)
{
	store_close(*s);
}

static void print_json(FILE *out, const struct territoire_report *r)
{
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	struct json_out j = { &b, false };

	json_open_object(&j, NULL);
	json_put_int(&j, "lus", (int64_t)r->lus);
	json_put_int(&j, "acceptes", (int64_t)r->acceptes);
	json_put_int(&j, "modifies", (int64_t)r->modifies);
	json_put_int(&j, "refuses", (int64_t)r->refuses);
	json_put_int(&j, "contours", (int64_t)r->contours);
	json_put_int(&j, "positions_approchees", (int64_t)r->approchees);
	json_open_array(&j, "refus");
	for (size_t i = 0; i < r->refuses && i < TERRITOIRE_REFUS; i++)
		json_put_text(&j, NULL, r->refus[i]);
	json_close_array(&j);
	json_close_object(&j);
	fprintf(out, "%s\n", buf_text(&b));
}

static void print_words(FILE *out, const struct territoire_report *r)
{
	fprintf(out, "%zu lignes lues, %zu acceptées, %zu territoires nouveaux ou changés.\n",
		r->lus, r->acceptes, r->modifies);
	if (r->contours)
		fprintf(out, "%zu contours.\n", r->contours);
	if (r->approchees)
		fprintf(out, "%zu communes sans coordonnées : position approchée, prise à leurs "
			"voisines.\n", r->approchees);
}

static void print_refused(const struct territoire_report *r)
{
	for (size_t i = 0; i < r->refuses && i < TERRITOIRE_REFUS; i++)
		fprintf(stderr, "%s\n", r->refus[i]);
	if (r->refuses > TERRITOIRE_REFUS)
		fprintf(stderr, "... et %zu autres.\n", r->refuses - TERRITOIRE_REFUS);
	if (r->refuses)
		fprintf(stderr, "%zu lignes refusées : corrigez-les et importez de nouveau, le "
			"reste est fait.\n", r->refuses);
}

static bool run_import(struct call *c, struct err *e)
{
	CLEANUP(store_shut) struct store *s = NULL;
	struct territoire_report report;

	if (!store_open(call_option(c, "--data"), STORE_CREATE, c->env, &s, e)
	    || !territoire_import(s, c->args, c->nargs, &report, e))
		return false;
	if (c->json)
		print_json(c->out, &report);
	else
		print_words(c->out, &report);
	print_refused(&report);
	return true;
}

static const struct command_option import_options[] = {
	{ "--data", "DIR", "dossier des données", true },
	{ NULL, NULL, NULL, false },
};

const struct command territoire_commands[] = {
	{ "territoire import", "FICHIER...", 1, -1,
	  "Importe communes, EPCI, départements, régions et contours",
	  "tremplin territoire import --data /var/lib/tremplin communes_france.csv epci.csv",
	  import_options, run_import },
	{ NULL, NULL, 0, 0, NULL, NULL, NULL, NULL },
};
