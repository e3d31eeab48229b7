/* tremplin estimation compute | list */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/embedded.h"
#include "core/command.h"
#include "format/json.h"
#include "observe/estimation.h"
#include "observe/nombre.h"
#include "observe/observe.h"

static const size_t MEMORY = (size_t)2 << 30;
enum { OUT = 512 << 20, TIRAGES_USUELS = 200, DIRE = 10 };

static void store_shut(struct store **s)
{
	store_close(*s);
}

static bool read_count(const struct call *c, const char *option, double absent, double least,
		       double most, double *out, struct err *e)
{
	const char *word = call_option(c, option);

	*out = absent;
	if (!word || (nombre_lire(word, out) && *out >= least && *out <= most
		      && *out == floor(*out)))
		return true;
	return fail(e, E_INPUT, "%s : il faut un nombre entier de %.0f à %.0f, et non « %.20s ».",
		    option, least, most, word);
}

static bool is_csv(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && !strcmp(name + n - 4, ".csv");
}

/* --- the survey and its margins ------------------------------------------------------------- */

static void name_survey(const struct call *c, struct enquete *q)
{
	if (call_option(c, "--titre"))
		q->titre = call_option(c, "--titre");
	if (call_option(c, "--source"))
		q->source = call_option(c, "--source");
	if (call_option(c, "--champ"))
		q->champ = call_option(c, "--champ");
}

/* Respondents of one's own: their variables are those of the margins. */
static bool open_csv(const struct call *c, struct arena *a, const struct marges *m,
		     struct enquete **q, struct err *e)
{
	struct enquete_colonnes columns = {
		.resultat = call_option(c, "--resultat"), .poids = call_option(c, "--poids"),
		.strate = call_option(c, "--strate"), .concernes = call_option(c, "--concernes"),
	};

	if (!columns.resultat) {
		fail(e, E_INPUT, "--resultat : dites quelle colonne de l’enquête on compte.");
		return hint(e, "Par exemple --resultat eloigne --concernes oui");
	}
	if (!m) {
		fail(e, E_INPUT, "--marges : il faut les comptes de chaque commune.");
		return hint(e, "Un tableau code, variable, modalite, nombre, ou « recensement » pour les "
			    "comptes importés de l’Insee.");
	}
	return enquete_csv(a, call_option(c, "--enquete"), &columns, m->variables, m->nvariables, q,
			   e);
}

/* The margins that a published survey names itself. */
static bool own_margins(struct arena *a, struct enquete *q, struct marges **m, struct err *e)
{
	*m = NEW(a, struct marges);
	if (!*m)
		return arena_refuse(a, e);
	(*m)->variables = NEW_ARRAY(a, q->plan.nvariables, struct calage_variable);
	if (!(*m)->variables)
		return arena_refuse(a, e);
	memcpy((*m)->variables, q->plan.variables, q->plan.nvariables * sizeof *(*m)->variables);
	(*m)->nvariables = q->plan.nvariables;
	(*m)->nmarges = q->plan.nmarges;
	(*m)->indicateurs = q->indicateurs;
	return true;
}

static bool read_margins(const struct call *c, struct arena *a, struct marges **m, struct err *e)
{
	const char *path = call_option(c, "--marges");
	const struct embedded_file *f = path && !strcmp(path, "recensement")
		? embedded_find(embedded_files, "data/enquetes/marges-recensement.csv") : NULL;

	*m = NULL;
	if (!path)
		return true;
	return f ? marges_read_text(a, f->name, f->p, (size_t)(f->end - f->p), m, e)
		 : marges_read(a, path, m, e);
}

static bool read_inputs(const struct call *c, struct arena *a, struct enquete **q,
			struct marges **m, struct err *e)
{
	const char *name = call_option(c, "--enquete");

	if (!read_margins(c, a, m, e))
		return false;
	if (is_csv(name) ? !open_csv(c, a, *m, q, e) : !enquete_open(a, name, q, e))
		return false;
	name_survey(c, *q);
	if (*m)
		return marges_align(a, *m, &(*q)->plan, e);
	if (!(*q)->indicateurs || !*(*q)->indicateurs[0]) {
		fail(e, E_INPUT, "--marges : cette enquête ne dit pas de quels comptes partir.");
		return hint(e, "Donnez un tableau code, variable, modalite, nombre.");
	}
	return own_margins(a, *q, m, e);
}

/* --- the result ------------------------------------------------------------------------------- */

static bool write_file(const char *path, const struct estimation *s, struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(OUT);
	FILE *f;
	bool good;

	estimation_csv(&b, s);
	if (b.full)
		return fail(e, E_LIMIT, "Le résultat est trop grand.");
	f = fopen(path, "wb");
	if (!f)
		return fail(e, E_INPUT, "%s ne peut pas être écrit : %s.", path, strerror(errno));
	good = fwrite(b.p, 1, b.n, f) == b.n;
	good = fclose(f) == 0 && good;
	return good || fail(e, E_STORE, "%s n’a pas pu être écrit en entier.", path);
}

static void say_refused(const struct estimation *s)
{
	size_t said = 0;

	for (size_t i = 0; i < s->n && said < DIRE; i++) {
		if (s->lignes[i].statut != ESTIMATION_REFUSEE)
			continue;
		fprintf(stderr, "%s %s : %s\n", s->lignes[i].code, s->lignes[i].nom,
			s->lignes[i].motif);
		said++;
	}
	if (s->refusees > said)
		fprintf(stderr, "... et %zu autres (colonne « motif »).\n", s->refusees - said);
}

static void say_summary(const struct estimation *s)
{
	const struct enquete *q = s->enquete;

	fprintf(stderr, "%s : %zu répondants, %zu groupes ; %zu communes estimées", q->titre, q->n,
		q->plan.ngroupes, s->estimees);
	if (s->sans_donnees)
		fprintf(stderr, ", %zu sans données", s->sans_donnees);
	if (s->sans_objet)
		fprintf(stderr, ", %zu sans objet (personne n’y habite)", s->sans_objet);
	if (s->refusees)
		fprintf(stderr, ", %zu refusées", s->refusees);
	fputs(".\n", stderr);
	if (q->ecartes)
		fprintf(stderr, "%zu répondants laissés de côté : une réponse leur manque.\n",
			q->ecartes);
	if (s->effet > 1.005)
		fprintf(stderr, "Poids inégaux : ces répondants en valent %.0f de même poids.\n",
			(double)q->n / s->effet);
	if (s->rectifie > 5e-5)
		fprintf(stderr, "Les totaux des marges différaient d’au plus %.2f %% : ramenés à celui "
			"de « %s ».\n", 100 * s->rectifie, q->plan.variables[0].nom);
	if (s->tirages)
		fprintf(stderr, "Intervalles à 95 %% : %d tirages, graine %llu.\n", s->tirages,
			(unsigned long long)s->graine);
	say_refused(s);
	if (*q->avertissement)
		fprintf(stderr, "%s\n", q->avertissement);
}

static void put_line(struct json_out *j, const struct estimation *s,
		     const struct estimation_ligne *l)
{
	json_open_object(j, NULL);
	json_put_text(j, "niveau", niveau_mots[l->niveau]);
	json_put_text(j, "code", l->code);
	json_put_text(j, "nom", l->nom);
	json_put_text(j, "statut", estimation_statuts[l->statut]);
	json_put_real(j, "base", l->base);
	json_put_int(j, "communes_manquantes", (int64_t)l->manquantes);
	json_open_array(j, "resultats");
	for (size_t o = 0; o < s->nvaleurs; o++) {
		json_open_object(j, NULL);
		json_put_text(j, "resultat", o < s->enquete->nresultats
			      ? s->enquete->resultats[o].nom : ESTIMATION_CONCERNES);
		json_put_real(j, "nombre", l->v[o].nombre);
		json_put_real(j, "nombre_bas", l->v[o].bas);
		json_put_real(j, "nombre_haut", l->v[o].haut);
		json_close_object(j);
	}
	json_close_array(j);
	json_close_object(j);
}

/* The summary, and what is above communes: these are in --output. */
static void print_json(FILE *out, const struct estimation *s)
{
	CLEANUP(buf_free) struct buf b = buf_new(OUT);
	struct json_out j = { &b, false };

	json_open_object(&j, NULL);
	json_put_text(&j, "enquete", s->enquete->nom);
	json_put_int(&j, "repondants", (int64_t)s->enquete->n);
	json_put_int(&j, "ecartes", (int64_t)s->enquete->ecartes);
	json_put_int(&j, "estimees", (int64_t)s->estimees);
	json_put_int(&j, "sans_donnees", (int64_t)s->sans_donnees);
	json_put_int(&j, "sans_objet", (int64_t)s->sans_objet);
	json_put_int(&j, "refusees", (int64_t)s->refusees);
	json_put_int(&j, "tirages", s->tirages);
	json_put_int(&j, "graine", (int64_t)s->graine);
	json_open_array(&j, "territoires");
	for (size_t i = 0; i < s->n; i++) {
		if (s->lignes[i].niveau != NIVEAU_COMMUNE)
			put_line(&j, s, &s->lignes[i]);
	}
	json_close_array(&j);
	json_close_object(&j);
	buf_char(&b, '\n');
	fwrite(b.p, 1, b.n, out);
}

static bool estimate(const struct call *c, struct arena *a, struct store *s,
		     struct estimation **out, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct decoupage *d;
	struct enquete *q;
	struct marges *m;
	double draws, seed, year;

	return read_count(c, "--tirages", TIRAGES_USUELS, 0, ESTIMATION_TIRAGES, &draws, e)
	       && read_count(c, "--graine", 1, 0, 9e15, &seed, e)
	       && read_count(c, "--annee", 0, 1900, 2200, &year, e)
	       && read_inputs(c, a, &q, &m, e) && db_acquire(s, &db, e)
	       && decoupage_read(db, a, &d, e)
	       && (!m->indicateurs || marges_of_store(a, db, d, (int)year, m, e))
	       && estimation_compute(a, q, m, d, (int)draws, (uint64_t)seed, out, e);
}

static bool compute(struct call *c, struct err *e)
{
	CLEANUP(store_shut) struct store *s = NULL;
	CLEANUP(arena_free) struct arena a = arena_new(MEMORY);
	const char *output = call_option(c, "--output");
	struct estimation *out;

	if (!store_open(call_option(c, "--data"), STORE_COMMAND, c->env, &s, e)
	    || !estimate(c, &a, s, &out, e) || (output && !write_file(output, out, e))
	    || (!call_option(c, "--sans-garder") && !estimation_keep(s, out, e)))
		return false;
	say_summary(out);
	if (c->json)
		print_json(c->out, out);
	return true;
}

static bool list(struct call *c, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(16 << 20);
	static const char folder[] = "data/enquetes/";
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	struct json_out j = { &b, false };

	json_open_array(&j, NULL);
	for (const struct embedded_file *f = embedded_files; f->name; f++) {
		const char *name = f->name + sizeof folder - 1, *dot = strrchr(f->name, '.');
		struct enquete *q;

		if (strncmp(f->name, folder, sizeof folder - 1) || strcmp(dot, ".json"))
			continue;
		if (!enquete_open(&a, arena_strn(&a, name, (size_t)(dot - name)), &q, e))
			return false;
		if (!c->json)
			fprintf(c->out, "%-18s %s (%s)\n", q->nom, q->titre, q->champ);
		json_open_object(&j, NULL);
		json_put_text(&j, "enquete", q->nom);
		json_put_text(&j, "titre", q->titre);
		json_put_int(&j, "annee", q->annee);
		json_put_text(&j, "champ", q->champ);
		json_put_text(&j, "source", q->source);
		json_put_text(&j, "avertissement", q->avertissement);
		json_close_object(&j);
	}
	json_close_array(&j);
	if (c->json)
		fprintf(c->out, "%s\n", buf_text(&b));
	return true;
}

static const struct command_option compute_options[] = {
	{ "--data", "DIR", "dossier des données (territoires, indicateurs)", true },
	{ "--enquete", "NOM", "enquête fournie (estimation list), ou fichier .csv ou .json", true },
	{ "--marges", "CSV", "comptes par commune (code, variable, modalite, nombre), ou "
	  "« recensement »", false },
	{ "--annee", "AAAA", "année des comptes importés (la dernière)", false },
	{ "--resultat", "COLONNE", "ce que l’on compte, dans une enquête .csv", false },
	{ "--concernes", "VALEURS", "résultats que la médiation concerne d’abord : oui, ou a,b", false },
	{ "--poids", "COLONNE", "poids des répondants (« poids » si elle est là)", false },
	{ "--strate", "COLONNE", "strate des répondants (« strate » si elle est là)", false },
	{ "--titre", "TEXTE", "titre de l’enquête", false },
	{ "--source", "TEXTE", "qui l’a faite, quand, comment", false },
	{ "--champ", "TEXTE", "de qui elle parle", false },
	{ "--tirages", "N", "tirages des intervalles (200 ; 0 : aucun)", false },
	{ "--graine", "N", "graine des tirages (1)", false },
	{ "--output", "CSV", "où écrire une ligne par territoire et résultat", false },
	{ "--sans-garder", NULL, "ne garde pas le résultat pour les pages", false },
	{ 0 },
};
static const struct command_option no_options[] = { { 0 } };

const struct command estimation_commands[] = {
	{ .words = "estimation compute", .min_args = 0, .max_args = 0,
	  .summary = "Estime combien de personnes une enquête trouverait dans chaque commune",
	  .example = "tremplin estimation compute --data DIR --enquete enquete.csv --resultat eloigne "
		     "--concernes oui --marges recensement --output estimation.csv",
	  .options = compute_options, .run = compute },
	{ .words = "estimation list", .min_args = 0, .max_args = 0,
	  .summary = "Montre les enquêtes fournies",
	  .example = "tremplin estimation list", .options = no_options, .run = list },
	{ 0 },
};
