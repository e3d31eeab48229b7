#include "orient/lieu_commands.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "format/json.h"
#include "orient/lieu_export.h"
#include "orient/lieu_import.h"
#include "orient/lieu_import.sql.h"
#include "orient/lieu_mappings.h"
#include "orient/rapprochement_command.h"

enum { WORDS_MOST = 64 << 10, LIST_MOST = 64 << 20, MOTIF_MOST = 200 };

static void store_shut(struct store **s)
{
	store_close(*s);
}

/* --- lieu import -------------------------------------------------------------------- */

static void print_json(FILE *out, const struct lieu_import_totals *t)
{
	CLEANUP(buf_free) struct buf b = buf_new(WORDS_MOST);
	struct json_out j = { &b, false };
	const struct { const char *name; size_t n; } counts[] = {
		{ "lus", t->lus }, { "acceptes", t->acceptes }, { "modifies", t->modifies },
		{ "refuses", t->refuses }, { "fusionnes", t->fusionnes },
		{ "nouveaux", t->nouveaux }, { "inchanges", t->inchanges },
		{ "non_publies", t->non_publies }, { "repetes", t->repetes },
		{ "absents", t->absents }, { "partis", t->partis },
		{ "rapproches", t->rapproches }, { "doutes", t->doutes },
		{ "retenus", t->retenus },
	};

	json_open_object(&j, NULL);
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		json_put_int(&j, counts[i].name, (int64_t)counts[i].n);
	json_put_text(&j, "source", t->source);
	json_open_object(&j, "champs");
	for (int f = 0; f < LIEU_FIELDS; f++) {
		json_open_object(&j, lieu_field_rules[f].name);
		json_put_int(&j, "source", (int64_t)t->champs[f].source);
		json_put_int(&j, "garde", (int64_t)t->champs[f].garde);
		json_close_object(&j);
	}
	json_close_object(&j);
	json_close_object(&j);
	fprintf(out, "%s\n", buf_text(&b));
}

static const char *plural(size_t n)
{
	return n > 1 ? "s" : "";
}

static void print_words(FILE *out, const struct lieu_import_totals *t)
{
	fprintf(out, "%s, %s. Source « %s ».\n", t->format, t->described, t->source);
	fprintf(out, "%zu ligne%s lue%s : %zu lieu%s accepté%s, %zu refusé%s", t->lus,
		plural(t->lus), plural(t->lus), t->acceptes, t->acceptes > 1 ? "x" : "",
		plural(t->acceptes), t->refuses, plural(t->refuses));
	if (t->fusionnes)
		fprintf(out, ", %zu fusionné%s (même identifiant)", t->fusionnes,
			plural(t->fusionnes));
	fprintf(out, ".\n%zu nouveau%s, %zu changé%s, %zu inchangé%s.\n", t->nouveaux,
		t->nouveaux > 1 ? "x" : "", t->modifies - t->nouveaux,
		plural(t->modifies - t->nouveaux), t->inchanges, plural(t->inchanges));
	if (t->rapproches)
		fprintf(out, "%zu lieu%s déjà donné%s par une autre source : réuni%s.\n",
			t->rapproches, t->rapproches > 1 ? "x" : "", plural(t->rapproches),
			plural(t->rapproches));
	lieu_bilan_print(out, t);
}

/* What the person should know or do next. */
static void print_advice(const struct lieu_import_totals *t, const char *dir,
			 const char *report)
{
	if (t->repetes)
		fprintf(stderr, "%zu identifiant%s servent à plusieurs fournisseurs du fichier : "
			"ces lieux restent distincts.\n", t->repetes, plural(t->repetes));
	if (t->non_publies)
		fprintf(stderr, "%zu lieu%s non publié%s (refuges, hébergements, victimes) : ni "
			"recherche, ni carte, ni export.\n  Les voir : tremplin lieu proteger "
			"--data %s\n  Publier avec l'accord de la structure : tremplin lieu "
			"publier --data %s ID\n", t->non_publies, t->non_publies > 1 ? "x" : "",
			plural(t->non_publies), dir, dir);
	if (t->doutes)
		fprintf(stderr, "%zu paire%s de fiches sont peut-être le même lieu : à décider sur "
			"la page /agent/lieux/doublons.\n", t->doutes, plural(t->doutes));
	if (t->retenus)
		fprintf(stderr, "%zu lieu%s peut-être le même%s qu'un lieu protégé : pas montré%s tant "
			"que personne n'a décidé.\n", t->retenus, t->retenus > 1 ? "x" : "",
			plural(t->retenus), plural(t->retenus));
	if (t->absents)
		fprintf(stderr, "%zu lieu%s de cette source ne sont pas dans ce fichier%s.\n",
			t->absents, t->absents > 1 ? "x" : "", t->complet
			? " : ils quitteront la recherche (tremplin lieu absence)" : "");
	if (!t->communes)
		fprintf(stderr, "Les communes ne sont pas importées : noms et positions n'ont pas "
			"pu être vérifiés.\n  tremplin territoire import --data %s "
			"communes_france.csv, puis importez ce fichier de nouveau.\n", dir);
	if (report)
		fprintf(stderr, "Le détail, valeur par valeur : %s\n", report);
	else
		fprintf(stderr, "Pour le détail, valeur par valeur : --report RAPPORT.csv\n");
}

static bool run_import(struct call *c, struct err *e)
{
	CLEANUP(store_shut) struct store *s = NULL;
	const char *dir = call_option(c, "--data");
	struct lieu_import_ask ask = {
		.path = c->args[0], .mapping = call_option(c, "--mapping"),
		.source = call_option(c, "--source"), .feuille = call_option(c, "--feuille"),
		.liste = call_option(c, "--liste"),
		.report = call_option(c, "--report"),
		.complet = call_option(c, "--complet") != NULL,
		.incomplet = call_option(c, "--incomplet") != NULL, .progress = true,
		.sans_reunir = call_option(c, "--sans-reunir") != NULL,
	};
	struct lieu_import_totals t;

	if (ask.complet && ask.incomplet)
		return fail(e, E_INPUT, "--complet et --incomplet disent le contraire l'un de l'autre.");

	if (!store_open(dir, STORE_CREATE, c->env, &s, e) || !lieu_import(s, &ask, &t, e))
		return false;
	if (c->json)
		print_json(c->out, &t);
	else
		print_words(c->out, &t);
	fflush(c->out);
	print_advice(&t, dir, ask.report);
	return true;
}

/* --- lieu export -------------------------------------------------------------------- */

static bool find_format(const char *name, enum lieu_export_format *out, struct err *e)
{
	CLEANUP(buf_free) struct buf known = buf_new(WORDS_MOST);

	for (int i = 0; i < EXPORT_FORMATS; i++) {
		if (strcmp(name, lieu_exports[i].name) == 0) {
			*out = (enum lieu_export_format)i;
			return true;
		}
		buf_printf(&known, "%s%s", i ? ", " : "", lieu_exports[i].name);
	}
	fail(e, E_INPUT, "le format « %s » n'est pas disponible.", name);
	return hint(e, "Formats : %s.", buf_text(&known));
}

/* Writes beside the file, then takes its name: never half an export. */
static bool export_to_file(const struct lieu_export_ask *ask, const char *path,
			   struct lieu_export_count *n, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(WORDS_MOST);
	const char *tmp = arena_printf(&a, "%s.tmp", path);
	FILE *f = fopen(tmp, "w");
	bool good;

	if (!f) {
		fail(e, E_INPUT, "« %s » ne peut pas être écrit.", path);
		return hint(e, "Vérifiez que le dossier existe et que vous pouvez y écrire.");
	}
	good = lieu_export(ask, f, n, e);
	if (fclose(f) && good)
		good = fail(e, E_STORE, "« %s » n'a pas pu être écrit en entier.", path);
	if (good && rename(tmp, path))
		good = fail(e, E_STORE, "« %s » n'a pas pu être écrit.", path);
	if (!good)
		unlink(tmp);
	return good;
}

static void say_exported(const struct lieu_export_count *n)
{
	fprintf(stderr, "%zu lieu%s exporté%s.\n", n->lieux, n->lieux > 1 ? "x" : "",
		plural(n->lieux));
	if (n->sortis)
		fprintf(stderr, "%zu lieu%s retiré%s depuis : identifiant et date seulement.\n",
			n->sortis, n->sortis > 1 ? "x" : "", plural(n->sortis));
	if (n->incomplets)
		fprintf(stderr, "%zu lieu%s sans ce que ce format exige (code postal, horaires ou "
			"services) : laissé%s de côté.\n", n->incomplets,
			n->incomplets > 1 ? "x" : "", plural(n->incomplets));
}

static bool run_export(struct call *c, struct err *e)
{
	CLEANUP(store_shut) struct store *s = NULL;
	CLEANUP(db_release) struct db *db = NULL;
	const char *path = call_option(c, "--sortie"), *adresse = call_option(c, "--adresse");
	struct lieu_export_ask ask = { .since = call_option(c, "--since"), .base = adresse,
				       .now = env_now(c->env) };
	struct lieu_export_count n;
	struct civil day;

	if (!find_format(call_option(c, "--format"), &ask.format, e))
		return false;
	if (ask.since && (!iso_read(ask.since, &day) || strlen(ask.since) != 10)) {
		fail(e, E_INPUT, "« %s » n'est pas une date.", ask.since);
		return hint(e, "Écrivez année-mois-jour : --since 2026-11-01.");
	}
	if (!store_open(call_option(c, "--data"), STORE_COMMAND, c->env, &s, e)
	    || !db_acquire(s, &db, e))
		return false;
	ask.db = db;
	if (!(path ? export_to_file(&ask, path, &n, e) : lieu_export(&ask, c->out, &n, e)))
		return false;
	say_exported(&n);
	return true;
}

/* --- lieu publier, lieu proteger ---------------------------------------------------- */

struct publication {
	const char *id;
	bool publish;
	const char *motif;
	char now[ISO_TEXT];
	char nom[MOTIF_MOST];           /* out */
};

static bool publication_job(struct tx *tx, void *arg, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(WORDS_MOST);
	struct publication *p = arg;
	struct lieu_publication_row row;
	int64_t changed;
	bool found;

	if (!lieu_publication(tx_db(tx), &a, p->id, &row, &found, e))
		return false;
	if (!found) {
		fail(e, E_MISSING, "aucun lieu n'a l'identifiant « %s ».", p->id);
		return hint(e, "La liste des lieux non publiés et de leurs identifiants : "
			    "tremplin lieu proteger --data DIR");
	}
	snprintf(p->nom, sizeof p->nom, "%s", row.nom);
	return lieu_set_publication(tx, p->id, p->publish ? "publie" : "protege", p->motif,
				    !p->publish, p->now, &changed, e);
}

static bool set_publication(struct call *c, bool publish, struct err *e)
{
	CLEANUP(store_shut) struct store *s = NULL;
	struct publication p = { .id = c->args[0], .publish = publish };
	char motif[MOTIF_MOST], day[11];

	iso_write(env_now(c->env), p.now);
	snprintf(day, sizeof day, "%.10s", p.now);
	snprintf(motif, sizeof motif, publish ? "accord de la structure, %s"
		 : "demande de la structure, %s", day);
	p.motif = motif;
	if (!store_open(call_option(c, "--data"), STORE_COMMAND, c->env, &s, e)
	    || !store_write(s, publication_job, &p, e))
		return false;
	fprintf(c->out, publish ? "« %s » est publié.\n"
		: "« %s » n'est plus publié : ni recherche, ni carte, ni export.\n", p.nom);
	return true;
}

static bool run_publish(struct call *c, struct err *e)
{
	return set_publication(c, true, e);
}

static void print_hidden(const struct call *c, const struct lieux_not_published_row *rows,
			 size_t n)
{
	CLEANUP(buf_free) struct buf b = buf_new(LIST_MOST);
	struct json_out j = { &b, false };

	if (!c->json) {
		for (size_t i = 0; i < n; i++)
			fprintf(c->out, "%s\t%s\t%s\t%s\t%s\n", rows[i].id, rows[i].nom,
				rows[i].commune, rows[i].publication_motif
				? rows[i].publication_motif : "", rows[i].source);
		fprintf(stderr, "%zu lieu%s non publié%s.\n", n, n > 1 ? "x" : "", plural(n));
		return;
	}
	json_open_object(&j, NULL);
	json_open_array(&j, "lieux");
	for (size_t i = 0; i < n; i++) {
		json_open_object(&j, NULL);
		json_put_text(&j, "id", rows[i].id);
		json_put_text(&j, "nom", rows[i].nom);
		json_put_text(&j, "commune", rows[i].commune);
		json_put_text(&j, "motif", rows[i].publication_motif);
		json_put_text(&j, "source", rows[i].source);
		json_close_object(&j);
	}
	json_close_array(&j);
	json_close_object(&j);
	fprintf(c->out, "%s\n", buf_text(&b));
}

static bool run_protect(struct call *c, struct err *e)
{
	CLEANUP(store_shut) struct store *s = NULL;
	CLEANUP(db_release) struct db *db = NULL;
	CLEANUP(arena_free) struct arena a = arena_new(LIST_MOST);
	struct lieux_not_published_row *rows;
	size_t n;

	if (c->nargs)
		return set_publication(c, false, e);
	if (!store_open(call_option(c, "--data"), STORE_COMMAND, c->env, &s, e)
	    || !db_acquire(s, &db, e) || !lieux_not_published(db, &a, &rows, &n, e))
		return false;
	print_hidden(c, rows, n);
	return true;
}

/* --- the table ---------------------------------------------------------------------- */

static const struct command_option import_options[] = {
	{ "--data", "DIR", "dossier des données", true },
	{ "--mapping", "NOM", "format du fichier : schema-1.0.2, schema-2022, france-services (sinon "
	  "reconnu), ou une correspondance : docs/mappings.md", false },
	{ "--feuille", "NOM", "feuille d'un classeur (sinon celle de la correspondance, ou la "
	  "première)", false },
	{ "--source", "NOM", "nom de la source (sinon celui du fichier, sans sa date)", false },
	{ "--liste", "FICHIER", "JSON de la seconde liste que la correspondance joint (les services de "
	  "data.inclusion)", false },
	{ "--complet", NULL, "le fichier est la liste entière de la source", false },
	{ "--incomplet", NULL, "le fichier n'en est qu'une partie, quoi qu'en dise la correspondance",
	  false },
	{ "--sans-reunir", NULL, "ne compare pas aux autres sources : « lieu match » le fera", false },
	{ "--report", "RAPPORT.csv", "écrit ce qui a été fait de chaque valeur", false },
	{ NULL, NULL, NULL, false },
};

static const struct command_option map_options[] = {
	{ "--feuille", "NOM", "feuille d'un classeur (sinon la première)", false },
	{ NULL, NULL, NULL, false },
};

static const struct command_option mappings_options[] = {
	{ NULL, NULL, NULL, false },
};

static const struct command_option export_options[] = {
	{ "--data", "DIR", "dossier des données", true },
	{ "--format", "FORMAT", "csv, json, geojson, xlsx, data-inclusion, vcard, ics ; "
	  "docs/exports.md les décrit tous", true },
	{ "--since", "DATE", "les lieux changés depuis ce jour, et ceux qui ne sont plus publiés",
	  false },
	{ "--adresse", "URL", "adresse publique du site : l'export renvoie aux fiches", false },
	{ "--sortie", "FICHIER", "écrit dans ce fichier (sinon sur la sortie standard)", false },
	{ NULL, NULL, NULL, false },
};

static const struct command_option match_options[] = {
	{ "--data", "DIR", "dossier des données", true },
	{ "--tout", NULL, "compare tout de nouveau, pas seulement ce qui a changé", false },
	{ "--essai", NULL, "dit ce qui serait fait, n'écrit rien", false },
	{ "--paires", "PAIRES.tsv", "écrit chaque paire mesurée, avec ses mesures", false },
	{ NULL, NULL, NULL, false },
};

static const struct command_option data_options[] = {
	{ "--data", "DIR", "dossier des données", true },
	{ NULL, NULL, NULL, false },
};

const struct command lieu_commands[] = {
	{ "lieu import", "FICHIER", 1, 1, "Importe des lieux (CSV, JSON, GeoJSON, XLSX)",
	  "tremplin lieu import --data /var/lib/tremplin --report rapport.csv lieux.csv",
	  import_options, run_import },
	{ "lieu map", "FICHIER", 1, 1, "Propose une correspondance pour un fichier inconnu",
	  "tremplin lieu map mon-hub.xlsx > mon-hub.txt", map_options, lieu_run_map },
	{ "lieu mappings", NULL, 0, 0, "Liste les formats et correspondances de « lieu import »",
	  "tremplin lieu mappings", mappings_options, lieu_run_mappings },
	{ "lieu export", NULL, 0, 0, "Exporte les lieux publiés, dans chaque standard",
	  "tremplin lieu export --data /var/lib/tremplin --format csv --sortie lieux.csv",
	  export_options, run_export },
	{ "lieu publier", "ID", 1, 1, "Publie un lieu protégé, avec l'accord de la structure",
	  "tremplin lieu publier --data /var/lib/tremplin 019aab2c-7c00-7d1e-8f4a-0c1d2e3f4a5b",
	  data_options, run_publish },
	{ "lieu proteger", "[ID]", 0, 1, "Retire un lieu de la vue du public ; sans ID, liste "
	  "ceux qui le sont",
	  "tremplin lieu proteger --data /var/lib/tremplin 019aab2c-7c00-7d1e-8f4a-0c1d2e3f4a5b",
	  data_options, run_protect },
	{ "lieu match", NULL, 0, 0, "Cherche les lieux que plusieurs sources donnent et les "
	  "réunit", "tremplin lieu match --data /var/lib/tremplin",
	  match_options, rapprochement_command },
	{ "lieu absence", "[JOURS]", 0, 1, "Règle après combien de jours un lieu que sa source "
	  "ne donne plus quitte la recherche", "tremplin lieu absence --data /var/lib/tremplin 60",
	  data_options, absence_command },
	{ NULL, NULL, 0, 0, NULL, NULL, NULL, NULL },
};
