#include "observe/indicateur_commands.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "format/json.h"
#include "observe/indicateur_export.h"
#include "observe/indicateur_import.h"

enum { WORDS_MOST = 1 << 20, LIST_MOST = 32 << 20, PATH_MOST = 4096 };

static void store_shut(struct store **s)
{
	store_close(*s);
}

static const char *plural(size_t n)
{
	return n > 1 ? "s" : "";
}

static bool read_year(const char *text, int *out, struct err *e)
{
	char *end;
	long v = text ? strtol(text, &end, 10) : 0;

	*out = (int)v;
	if (!text || (!*end && v >= 1900 && v <= 2100))
		return true;
	fail(e, E_INPUT, "« %.40s » n'est pas une année.", text);
	return hint(e, "Par exemple : --annee 2021.");
}

/* --- indicateur import ---------------------------------------------------------------------- */

static void json_totals(struct json_out *j, const struct indicateur_import_totals *t)
{
	const struct { const char *name; size_t n; } counts[] = {
		{ "lus", t->lus }, { "acceptes", t->acceptes }, { "modifies", t->modifies },
		{ "refuses", t->refuses }, { "ignores", t->ignores }, { "valeurs", t->valeurs },
		{ "repares", t->repares }, { "reportes", t->reportes },
		{ "indicateurs", t->indicateurs },
	};

	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		json_put_int(j, counts[i].name, (int64_t)counts[i].n);
}

static void json_file(struct json_out *j, const char *path,
		      const struct indicateur_import_totals *t)
{
	json_open_object(j, NULL);
	json_put_text(j, "fichier", path);
	json_put_text(j, "format", t->format);
	json_totals(j, t);
	json_put_int(j, "premiere_annee", t->premiere);
	json_put_int(j, "derniere_annee", t->derniere);
	json_put_text(j, "avis", t->avis);
	json_open_array(j, "refus");
	for (size_t i = 0; i < t->refus_n; i++)
		json_put_text(j, NULL, t->refus[i]);
	json_close_array(j);
	json_close_object(j);
}

static void print_words(FILE *out, const char *path, const struct indicateur_import_totals *t)
{
	fprintf(out, "%s : %s (%s).\n", path, t->titre, t->described);
	fprintf(out, "  %zu ligne%s lue%s, %zu acceptée%s, %zu refusée%s", t->lus, plural(t->lus),
		plural(t->lus), t->acceptes, plural(t->acceptes), t->refuses,
		plural(t->refuses));
	if (t->ignores)
		fprintf(out, ", %zu sans usage ici", t->ignores);
	fprintf(out, ".\n");
	if (t->indicateurs && t->premiere == t->derniere)
		fprintf(out, "  %zu indicateur%s de %d : %zu valeur%s, dont %zu nouvelle%s ou "
			"changée%s.\n", t->indicateurs, plural(t->indicateurs), t->derniere,
			t->valeurs, plural(t->valeurs), t->modifies, plural(t->modifies),
			plural(t->modifies));
	else if (t->indicateurs)
		fprintf(out, "  %zu indicateur%s, de %d à %d : %zu valeurs, dont %zu nouvelle%s ou "
			"changée%s.\n", t->indicateurs, plural(t->indicateurs), t->premiere,
			t->derniere, t->valeurs, t->modifies, plural(t->modifies),
			plural(t->modifies));
	else
		fprintf(out, "  %zu changement%s enregistré%s.\n", t->modifies,
			plural(t->modifies), plural(t->modifies));
}

static void print_notes(const struct indicateur_import_totals *t)
{
	if (t->repares)
		fprintf(stderr, "%zu code%s sans %s zéro de tête, rendu car un seul territoire "
			"convient.\n", t->repares, plural(t->repares),
			t->repares > 1 ? "leur" : "son");
	if (t->reportes)
		fprintf(stderr, "%zu valeur%s de communes qui ont changé, reportée%s sur celles "
			"d'aujourd'hui et marquée%s.\n", t->reportes, plural(t->reportes),
			plural(t->reportes), plural(t->reportes));
	if (*t->avis)
		fprintf(stderr, "%s\n", t->avis);
	for (size_t i = 0; i < t->refus_n; i++)
		fprintf(stderr, "%s\n", t->refus[i]);
	if (t->refuses > t->refus_n)
		fprintf(stderr, "... et %zu autres : --report RAPPORT.csv les donne toutes.\n",
			t->refuses - t->refus_n);
}

static void shut_file(FILE **f)
{
	if (*f)
		fclose(*f);
}

static bool open_report(const char *path, FILE **out, struct err *e)
{
	*out = NULL;
	if (!path)
		return true;
	*out = fopen(path, "w");
	if (*out && fputs(indicateur_report_header, *out) >= 0)
		return true;
	fail(e, E_INPUT, "le rapport ne peut pas être écrit dans « %s ».", path);
	return hint(e, "Vérifiez que le dossier existe. Rien n'a été importé.");
}

static bool import_files(struct call *c, struct store *s, struct indicateur_import_ask *ask,
			 struct json_out *j, struct indicateur_import_totals *all,
			 struct err *e)
{
	for (int i = 0; i < c->nargs; i++) {
		struct indicateur_import_totals t;

		ask->path = c->args[i];
		if (!indicateur_import(s, ask, &t, e)) {
			if (i)
				fprintf(stderr, "%d fichier%s importé%s avant celui-ci.\n", i,
					plural((size_t)i), plural((size_t)i));
			return false;
		}
		all->lus += t.lus;
		all->acceptes += t.acceptes;
		all->refuses += t.refuses;
		all->ignores += t.ignores;
		all->valeurs += t.valeurs;
		all->modifies += t.modifies;
		all->repares += t.repares;
		all->reportes += t.reportes;
		all->indicateurs += t.indicateurs;
		if (c->json)
			json_file(j, c->args[i], &t);
		else
			print_words(c->out, c->args[i], &t);
		fflush(c->out);
		print_notes(&t);
	}
	return true;
}

static bool run_import(struct call *c, struct err *e)
{
	CLEANUP(store_shut) struct store *s = NULL;
	CLEANUP(shut_file) FILE *report = NULL;
	CLEANUP(buf_free) struct buf b = buf_new(WORDS_MOST);
	struct json_out j = { &b, false };
	struct indicateur_import_totals all = { 0 };
	struct indicateur_import_ask ask = {
		.niveau = call_option(c, "--niveau"), .source = call_option(c, "--source"),
		.mapping = call_option(c, "--mapping"), .colonnes = call_option(c, "--colonnes"),
		.progress = true,
	};

	if (!read_year(call_option(c, "--annee"), &ask.annee, e)
	    || !open_report(call_option(c, "--report"), &report, e)
	    || !store_open(call_option(c, "--data"), STORE_CREATE, c->env, &s, e))
		return false;
	ask.report = report;
	json_open_object(&j, NULL);
	json_open_array(&j, "fichiers");
	if (!import_files(c, s, &ask, &j, &all, e))
		return false;
	json_close_array(&j);
	json_totals(&j, &all);
	json_close_object(&j);
	if (c->json)
		fprintf(c->out, "%s\n", buf_text(&b));
	return true;
}

/* --- indicateur list ------------------------------------------------------------------------ */

struct listing {
	struct arena a;
	const struct indicateur *list;
	struct indicateur_serie *series;
	size_t n, nseries;
};

static void listing_free(struct listing *l)
{
	arena_free(&l->a);
}

static bool read_listing(const struct call *c, struct listing *l, struct err *e)
{
	CLEANUP(store_shut) struct store *s = NULL;
	CLEANUP(db_release) struct db *db = NULL;
	const char *dir = call_option(c, "--data");

	if (!dir)
		return indicateur_shipped(&l->a, &l->list, &l->n, e);
	return store_open(dir, STORE_COMMAND, c->env, &s, e) && db_acquire(s, &db, e)
	       && indicateur_list(db, &l->a, &l->list, &l->n, e)
	       && indicateur_series(db, &l->a, NULL, NULL, &l->series, &l->nseries, e);
}

static void print_one(FILE *out, const struct listing *l, const struct indicateur *i)
{
	fprintf(out, "%s\t%s\t%s\n", i->code, i->unite, i->libelle);
	for (size_t k = 0; k < l->nseries; k++) {
		const struct indicateur_serie *s = &l->series[k];

		if (!strcmp(s->indicateur, i->code))
			fprintf(out, "\t%s %d : %zu valeur%s pour %zu territoire%s\n", s->niveau,
				s->annee, s->renseignes, plural(s->renseignes), s->nombre,
				plural(s->nombre));
	}
}

static void json_one(struct json_out *j, const struct listing *l, const struct indicateur *i)
{
	json_open_object(j, NULL);
	json_put_text(j, "code", i->code);
	json_put_text(j, "libelle", i->libelle);
	json_put_text(j, "unite", i->unite);
	json_put_int(j, "sens", i->sens);
	json_put_text(j, "nature", i->nature);
	json_put_text(j, "source", i->source);
	json_put_text(j, "licence", i->licence);
	json_put_text(j, "url", i->url);
	json_put_text(j, "note", i->note);
	json_open_array(j, "series");
	for (size_t k = 0; k < l->nseries; k++) {
		const struct indicateur_serie *s = &l->series[k];

		if (strcmp(s->indicateur, i->code))
			continue;
		json_open_object(j, NULL);
		json_put_text(j, "niveau", s->niveau);
		json_put_int(j, "annee", s->annee);
		json_put_int(j, "territoires", (int64_t)s->nombre);
		json_put_int(j, "renseignes", (int64_t)s->renseignes);
		json_put_text(j, "source", s->source);
		json_put_text(j, "fichier", s->fichier);
		json_put_text(j, "importe_le", s->importe_le);
		json_close_object(j);
	}
	json_close_array(j);
	json_close_object(j);
}

static bool run_list(struct call *c, struct err *e)
{
	CLEANUP(listing_free) struct listing l = { .a = arena_new(LIST_MOST) };
	CLEANUP(buf_free) struct buf b = buf_new(LIST_MOST);
	struct json_out j = { &b, false };

	if (!read_listing(c, &l, e))
		return false;
	json_open_object(&j, NULL);
	json_open_array(&j, "indicateurs");
	for (size_t i = 0; i < l.n; i++) {
		if (c->json)
			json_one(&j, &l, &l.list[i]);
		else
			print_one(c->out, &l, &l.list[i]);
	}
	json_close_array(&j);
	json_close_object(&j);
	if (c->json)
		fprintf(c->out, "%s\n", buf_text(&b));
	return true;
}

/* --- indicateur export ---------------------------------------------------------------------- */

static bool find_format(const char *name, enum indicateur_format *out, struct err *e)
{
	*out = name && !strcmp(name, "json") ? INDICATEUR_JSON : INDICATEUR_CSV;
	if (!name || !strcmp(name, "csv") || !strcmp(name, "json"))
		return true;
	fail(e, E_INPUT, "le format « %.40s » n'est pas disponible.", name);
	return hint(e, "Formats : csv, json.");
}

static bool known_indicator(struct db *db, const char *code, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(LIST_MOST);
	const struct indicateur *list;
	size_t n;

	if (!code)
		return true;
	if (!indicateur_list(db, &a, &list, &n, e))
		return false;
	if (indicateur_find(list, n, code))
		return true;
	fail(e, E_INPUT, "aucun indicateur n'a le code « %.60s ».", code);
	return hint(e, "La liste : tremplin indicateur list --data DIR");
}

/* Beside the file, then under its name: never half an export. */
static bool export_to(struct db *db, const struct indicateur_ask *ask, enum indicateur_format f,
		      const char *path, size_t *n, struct err *e)
{
	char tmp[PATH_MOST];
	FILE *out;
	bool good;

	if (snprintf(tmp, sizeof tmp, "%s.tmp", path) >= (int)sizeof tmp)
		return fail(e, E_INPUT, "le nom du fichier à écrire est trop long.");
	out = fopen(tmp, "w");
	if (!out) {
		fail(e, E_INPUT, "« %s » ne peut pas être écrit.", path);
		return hint(e, "Vérifiez que le dossier existe et que vous pouvez y écrire.");
	}
	good = indicateur_export(db, ask, f, out, n, e);
	if (fclose(out) && good)
		good = fail(e, E_STORE, "« %s » n'a pas pu être écrit en entier.", path);
	if (good && rename(tmp, path))
		good = fail(e, E_STORE, "« %s » n'a pas pu être écrit.", path);
	if (!good)
		unlink(tmp);
	return good;
}

static bool run_export(struct call *c, struct err *e)
{
	CLEANUP(store_shut) struct store *s = NULL;
	CLEANUP(db_release) struct db *db = NULL;
	const char *path = call_option(c, "--sortie");
	struct indicateur_ask ask = {
		.indicateur = call_option(c, "--indicateur"), .niveau = call_option(c, "--niveau"),
		.departement = call_option(c, "--departement"),
	};
	enum indicateur_format f;
	size_t n = 0;
	bool good;

	if (!find_format(call_option(c, "--format"), &f, e)
	    || !read_year(call_option(c, "--annee"), &ask.annee, e)
	    || !store_open(call_option(c, "--data"), STORE_COMMAND, c->env, &s, e)
	    || !db_acquire(s, &db, e) || !known_indicator(db, ask.indicateur, e))
		return false;
	if (call_option(c, "--derniere"))
		ask.annee = -1;
	good = path ? export_to(db, &ask, f, path, &n, e)
		    : indicateur_export(db, &ask, f, c->out, &n, e);
	if (good)
		fprintf(stderr, "%zu valeur%s exportée%s.\n", n, plural(n), plural(n));
	return good;
}

/* --- the table ------------------------------------------------------------------------------ */

static const struct command_option import_options[] = {
	{ "--data", "DIR", "dossier des données", true },
	{ "--annee", "ANNEE", "année des chiffres, quand le fichier ne la dit pas, ou seule année "
	  "à prendre", false },
	{ "--niveau", "NIVEAU", "niveau des territoires : epci, departement, region (sinon reconnu)",
	  false },
	{ "--source", "NOM", "qui publie ces chiffres (sinon celle du catalogue)", false },
	{ "--mapping", "FICHIER", "dit ce que sont les colonnes d'un tableau quelconque", false },
	{ "--colonnes", "LISTE", "seulement ces indicateurs ou ces colonnes, séparés par des "
	  "virgules", false },
	{ "--report", "RAPPORT.csv", "écrit chaque code rendu, reporté ou refusé", false },
	{ NULL, NULL, NULL, false },
};

static const struct command_option list_options[] = {
	{ "--data", "DIR", "ajoute les années et niveaux que contient ce dossier", false },
	{ NULL, NULL, NULL, false },
};

static const struct command_option export_options[] = {
	{ "--data", "DIR", "dossier des données", true },
	{ "--indicateur", "CODE", "un seul indicateur", false },
	{ "--niveau", "NIVEAU", "iris, commune, epci, departement, region, france", false },
	{ "--departement", "CODE", "seulement les communes et IRIS de ce département", false },
	{ "--annee", "ANNEE", "une seule année", false },
	{ "--derniere", NULL, "seulement la dernière année de chaque indicateur", false },
	{ "--format", "csv|json", "format de l'export (sinon csv)", false },
	{ "--sortie", "FICHIER", "écrit dans ce fichier (sinon sur la sortie standard)", false },
	{ NULL, NULL, NULL, false },
};

const struct command indicateur_commands[] = {
	{ "indicateur import", "FICHIER...", 1, -1,
	  "Importe des chiffres de l'Insee, de l'Arcep, de la BPE ou de tout tableau",
	  "tremplin indicateur import --data /var/lib/tremplin base-cc-evol-struct-pop-2021.CSV",
	  import_options, run_import },
	{ "indicateur list", NULL, 0, 0, "Donne les indicateurs connus, leurs années, leurs niveaux",
	  "tremplin indicateur list --data /var/lib/tremplin", list_options, run_list },
	{ "indicateur export", NULL, 0, 0, "Exporte les chiffres, avec leur statut et leur source",
	  "tremplin indicateur export --data /var/lib/tremplin --indicateur poverty_rate "
	  "--niveau commune --derniere", export_options, run_export },
	{ NULL, NULL, 0, 0, NULL, NULL, NULL, NULL },
};
