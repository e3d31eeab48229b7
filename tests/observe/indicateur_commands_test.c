#include "observe/indicateur_world.h"

#include "format/json.h"
#include "observe/indicateur_commands.h"

enum { OUT = 1 << 20 };

/* Runs "indicateur WORDS" with options as "--name", "value" pairs up to a NULL, and files. */
static bool command(const char *words, const char *const *options, const char *const *files,
		    bool json, char out[OUT], struct err *e)
{
	const struct command *k = indicateur_commands;
	struct call c = { .env = &env_test, .json = json, .args = (const char **)(uintptr_t)files };
	bool good;

	while (k->words && strcmp(k->words, words))
		k++;
	holds(k->words);
	c.command = k;
	for (; *options; options += 2) {
		size_t i = 0;

		while (k->options[i].name && strcmp(k->options[i].name, *options))
			i++;
		holds(k->options[i].name);
		c.values[i] = options[1];
	}
	while (files && files[c.nargs])
		c.nargs++;
	memset(out, 0, OUT);
	c.out = fmemopen(out, OUT, "w");
	good = k->run(&c, e);
	fclose(c.out);
	return good;
}

static const char base[] = "CODGEO;P21_POP;P21_POP65P\n1001;1000;200\n01002;3000;900\n01999;1;1\n";

/* A store's folder, closed. */
static const char *world_dir(void)
{
	struct store *s = world();
	static char dir[200];

	snprintf(dir, sizeof dir, "%s", store_dir(s));
	store_close(s);
	return dir;
}

static int64_t number(const json_t *j, const char *name)
{
	return json_integer_value(json_object_get(j, name));
}

TEST("indicateur import says what was read, taken, changed and refused; a second time nothing changes")
{
	static char out[OUT];
	const char *dir = world_dir(), *files[] = { file_of("base.csv", base), NULL };
	char report[200], text[2000] = "";
	const char *options[] = { "--data", dir, "--report", report, NULL };
	CLEANUP(json_done) json_t *j = NULL, *again = NULL;
	struct err e = { 0 };
	FILE *f;

	snprintf(report, sizeof report, "%s/r.csv", test_dir());
	accepts(command("indicateur import", options, files, true, out, &e), &e);
	accepts(json_read(out, strlen(out), &j, &e), &e);
	equals(number(j, "lus"), 3);
	equals(number(j, "acceptes"), 2);
	equals(number(j, "refuses"), 1);
	equals(number(j, "repares"), 1);
	holds(number(j, "modifies") > 0);
	holds(json_array_size(json_object_get(j, "fichiers")) == 1);
	f = fopen(report, "r");
	holds(f && fread(text, 1, sizeof text - 1, f) > 0);
	fclose(f);
	holds(!strncmp(text, "fichier,ligne,champ,valeur,action,explication\n", 46));
	holds(strstr(text, "base.csv,2,CODGEO,1001,corrigé,"));
	holds(strstr(text, "base.csv,4,CODGEO,01999,refusé,"));
	accepts(command("indicateur import", options, files, true, out, &e), &e);
	accepts(json_read(out, strlen(out), &again, &e), &e);
	equals(number(again, "modifies"), 0);
	equals(number(again, "valeurs"), number(j, "valeurs"));
}

TEST("indicateur list gives the catalogue, with the years and levels of a folder")
{
	static char out[OUT];
	const char *dir = world_dir(), *files[] = { file_of("base.csv", base), NULL };
	const char *options[] = { "--data", dir, NULL }, *none[] = { NULL };
	CLEANUP(json_done) json_t *j = NULL;
	struct err e = { 0 };

	accepts(command("indicateur list", none, NULL, false, out, &e), &e);
	holds(strstr(out, "no_thd_coverage_rate\t%\t"));
	accepts(command("indicateur import", options, files, false, out, &e), &e);
	holds(strstr(out, "3 lignes lues, 2 acceptées, 1 refusée"));
	accepts(command("indicateur list", options, NULL, false, out, &e), &e);
	holds(strstr(out, "\tcommune 2021 : 2 valeurs pour 2 territoires\n"));
	accepts(command("indicateur list", options, NULL, true, out, &e), &e);
	accepts(json_read(out, strlen(out), &j, &e), &e);
	holds(json_array_size(json_object_get(j, "indicateurs")) > 100);
}

TEST("indicateur export gives rows with their reason and their source; a code that is not known is refused")
{
	static char out[OUT];
	const char *dir = world_dir();
	const char *files[] = { file_of("cc_filosofi_2021_COM.csv",
		"CODGEO;TP6020;TP6021\n01001;14;15\n01002;s;s\n"), NULL };
	const char *data[] = { "--data", dir, NULL };
	const char *options[] = { "--data", dir, "--indicateur", "poverty_rate", "--niveau", "commune",
		"--derniere", "", NULL };
	const char *json[] = { "--data", dir, "--format", "json", "--annee", "2020", NULL };
	const char *wrong[] = { "--data", dir, "--indicateur", "poverty", NULL };
	CLEANUP(json_done) json_t *j = NULL;
	struct err e = { 0 };

	accepts(command("indicateur import", data, files, false, out, &e), &e);
	accepts(command("indicateur export", options, NULL, false, out, &e), &e);
	same(out, "indicateur,libelle,niveau,code,nom,annee,valeur,unite,statut,origine,source,licence\n"
	     "poverty_rate,Taux de pauvreté au seuil de 60 %,commune,01001,Alpha,2021,15,%,valeur,,"
	     "\"Insee-DGFiP-Cnaf-Cnav-CCMSA, Filosofi\",Licence Ouverte 2.0\n"
	     "poverty_rate,Taux de pauvreté au seuil de 60 %,commune,01002,Beta,2021,,%,secret,,"
	     "\"Insee-DGFiP-Cnaf-Cnav-CCMSA, Filosofi\",Licence Ouverte 2.0\n");
	accepts(command("indicateur export", json, NULL, false, out, &e), &e);
	accepts(json_read(out, strlen(out), &j, &e), &e);
	equals(json_array_size(json_object_get(j, "valeurs")), 2);
	holds(json_is_null(json_object_get(json_array_get(json_object_get(j, "valeurs"), 1), "valeur")));
	refuses(E_INPUT, command("indicateur export", wrong, NULL, false, out, &e), &e);
	holds(strstr(e.hint, "indicateur list"));
}
