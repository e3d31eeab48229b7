#include "observe/indicateur_world.h"

#include "format/json.h"
#include "observe/observe.h"

enum { OUT = 1 << 16 };

/* Runs a command with options as "--name", "value" pairs up to a NULL, and one file. */
static bool command(const struct command *table, const char *words, const char *const *options,
		    const char *file, bool json, char out[OUT], struct err *e)
{
	const struct command *k = table;
	const char *args[] = { file, NULL };
	struct call c = { .env = &env_test, .json = json, .args = args, .nargs = file != NULL };
	bool good;

	while (k->words && strcmp(k->words, words))
		k++;
	holds(k->words);
	c.command = k;
	for (; options && *options; options += 2) {
		size_t i = 0;

		while (k->options[i].name && strcmp(k->options[i].name, *options))
			i++;
		holds(k->options[i].name);
		c.values[i] = options[1];
	}
	memset(out, 0, OUT);
	c.out = fmemopen(out, OUT, "w");
	good = k->run(&c, e);
	fclose(c.out);
	return good;
}

static bool secret(const char *const *options, const char *file, char out[OUT], struct err *e)
{
	return command(secret_commands, "observatoire secret", options, file, false, out, e);
}

static const char *world_dir(void)
{
	struct store *s = world();
	static char dir[200];

	snprintf(dir, sizeof dir, "%s", store_dir(s));
	store_close(s);
	return dir;
}

TEST("observatoire secret hides small counts, what would betray them, and adds totals")
{
	static char out[OUT];
	struct err e = { 0 };

	accepts(secret(NULL, file_of("t.csv", "code,aides\nPantin,20\nBondy,7\nDrancy,30\n"), out, &e), &e);
	same(out, "niveau,code,nom,aides\nligne,Pantin,Pantin,s\nligne,Bondy,Bondy,s\n"
		  "ligne,Drancy,Drancy,30\ntotal,,Ensemble,57\n");
	accepts(secret((const char *[]){ "--niveaux", "aucun", NULL },
		       file_of("t.csv", "code,aides\nPantin,20\nBondy,7\n"), out, &e), &e);
	same(out, "niveau,code,nom,aides\nligne,Pantin,Pantin,20\nligne,Bondy,Bondy,s\n");
}

TEST("observatoire secret sums communes into their EPCI and département, and two breakdowns agree")
{
	static char out[OUT];
	const char *dir = world_dir();
	const char *options[] = { "--data", dir, "--niveaux", "epci,departement", "--ventilations", "2,2", NULL };
	struct err e = { 0 };

	accepts(secret(options, file_of("t.csv", "code,f,h,jeunes,vieux\n01001,40,60,50,50\n01002,30,5,20,15\n01033,50,50,60,40\n"), out, &e), &e);
	holds(strstr(out, "niveau,code,nom,total,f,h,jeunes,vieux\n"));
	holds(strstr(out, "commune,01002,Beta,35,s,s,20,15\n"));
	holds(strstr(out, "epci,200000001,CC A,135,70,65,70,65\n"));
	holds(strstr(out, "departement,01,Ain,235,120,115,130,105\n"));
	refuses(E_INPUT, secret(options, file_of("t.csv", "code,f,h,jeunes,vieux\n01001,40,60,50,49\n"), out, &e), &e);
	holds(strstr(e.msg, "Alpha 01001"));
	options[5] = "2,1";
	refuses(E_INPUT, secret(options, file_of("t.csv", "code,f,h,jeunes,vieux\n01001,40,60,50,50\n"), out, &e), &e);
	holds(strstr(e.msg, "--ventilations"));
}

TEST("observatoire secret reads what it published a month before, and hides small changes")
{
	static char out[OUT], may[OUT];
	const char *april, *options[] = { "--avant", NULL, "--cumul", "", NULL };
	struct err e = { 0 };

	accepts(secret(NULL, file_of("t.csv", "code,aides\na,40\nb,70\nc,30\n"), out, &e), &e);
	options[1] = april = file_of("avril.csv", out);
	accepts(secret(options, file_of("t.csv", "code,aides\na,45\nb,90\nc,30\n"), may, &e), &e);
	holds(strstr(may, "ligne,a,a,s\n"));    /* five people came */
	holds(strstr(may, "ligne,b,b,s\n"));
	holds(strstr(may, "ligne,c,c,30\n"));
	holds(strstr(may, "total,,Ensemble,165\n"));
	options[1] = file_of("mai.csv", may);
	accepts(secret(options, file_of("t.csv", "code,aides\na,95\nb,140\nc,60\n"), out, &e), &e);
	holds(strstr(out, "ligne,a,a,s\n"));    /* hidden in May: would tell May now */
	options[1] = april;
	refuses(E_INPUT, secret(options, file_of("t.csv", "code,aides\na,39\nb,90\nc,30\n"), out, &e), &e);
	holds(strstr(e.msg, "le cumul passe de 40 à 39"));
	refuses(E_INPUT, secret((const char *[]){ "--avant", file_of("x.csv", "a,b\n1,2\n"), NULL },
				file_of("t.csv", "code,aides\na,95\n"), out, &e), &e);
}

TEST("observatoire secret says what is wrong with a table")
{
	static const struct { const char *options[4], *table, *says; } cases[] = {
		{ { NULL }, "a,b\nx,1\n", "la première colonne doit être « code »" },
		{ { NULL }, "code,b\nx,beaucoup\n", "t.csv:2: « beaucoup »" },
		{ { NULL }, "code,b\nx,-4\n", "-4 ne peut pas être" },
		{ { NULL }, "code,b\n", "vide" },
		{ { "--k", "2", NULL }, "code,b\nx,4\n", "--k" },
		{ { "--niveaux", "epci", NULL }, "code,b\nx,4\n", "--data" },
		{ { "--niveaux", "canton", NULL }, "code,b\nx,4\n", "--niveaux" },
		{ { NULL }, "code,total,f,h\nx,90,40,60\n", "le total est 90, les colonnes 2 à 3 font 100" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		static char out[OUT];
		struct err e = { 0 };

		if (secret(cases[i].options, file_of("t.csv", cases[i].table), out, &e)
		    || !strstr(e.msg, cases[i].says))
			fail_msg("%s: says %s", cases[i].says, e.msg);
	}
}

TEST("observatoire offre ranks territories by people without a place near, and says the need")
{
	static char out[OUT];
	const char *dir = world_dir();
	const char *options[] = { "--data", dir, "--concernes",
		file_of("c.csv", "code,concernes\n01001,200\n01002,600\n01033,3000\n"),
		"--conseillers", file_of("a.csv", "code;conseillers\n01033;1,5\n"), "--departement", "01", NULL };
	CLEANUP(json_done) json_t *j = NULL;
	struct err e = { 0 };

	accepts(command(observatoire_commands, "observatoire offre", options, NULL, false, out, &e), &e);
	holds(strstr(out, "\ncommune,01033,Gamma,16000,3000,0,0,0,0,1.5,0,0,0,0.5,0,,,0,oui,3000,0,,\n"));
	holds(strstr(out, "01033") < strstr(out, "01002"));
	holds(!strstr(out, "2A004"));
	accepts(command(observatoire_commands, "observatoire offre", options, NULL, true, out, &e), &e);
	accepts(json_read(out, strlen(out), &j, &e), &e);
	equals(json_array_size(json_object_get(j, "territoires")), 3);
	options[4] = "--minutes";
	options[5] = "20";
	refuses(E_INPUT, command(observatoire_commands, "observatoire offre", options, NULL, false, out, &e), &e);
	holds(strstr(e.msg, "--vitesse"));
	options[4] = "--enquete";
	options[2] = "--rayon";
	options[3] = "15";
	options[5] = "inconnue";
	refuses(E_MISSING, command(observatoire_commands, "observatoire offre", options, NULL, false, out, &e), &e);
}

TEST("observatoire grappes takes a file of values; codes of elsewhere do not count")
{
	static char out[OUT];
	const char *dir = world_dir();
	const char *options[] = { "--data", dir, "--valeurs",
		file_of("v.csv", "code,note\n01001,1\n01002,2\n01033,2\n2A004,9\n2A005,8\n99999,5\n75056,\n"),
		"--voisins", "1", "--tirages", "99", NULL };
	struct err e = { 0 };

	accepts(command(observatoire_commands, "observatoire grappes", options, NULL, false, out, &e), &e);
	holds(strstr(out, "code,nom,valeur,voisins,moran_local,p,p_tirages,p_ajuste,quadrant,grappe\n"));
	holds(strstr(out, "\n2A004,Ajax,9,1,"));
	holds(!strstr(out, "75056"));
	options[4] = "--colonne";
	options[5] = "absente";
	refuses(E_INPUT, command(observatoire_commands, "observatoire grappes", options, NULL, false, out, &e), &e);
	options[2] = "--indicateur";
	options[3] = "inconnu";
	options[4] = "--voisins";
	options[5] = "1";
	refuses(E_INPUT, command(observatoire_commands, "observatoire grappes", options, NULL, false, out, &e), &e);
}

TEST("estimation compute takes the imported census for its margins, or a table; and is kept")
{
	static char out[OUT];
	const char *dir = world_dir();
	const char *options[] = { "--data", dir, "--enquete", "capuni-2022", "--tirages", "20", NULL };
	const char *own[] = { "--data", dir, "--enquete",
		file_of("enquete.csv", "sexe,aide\nf,oui\nf,non\nh,non\nh,non\n"), "--resultat", "aide",
		"--concernes", "oui", "--marges",
		file_of("m.csv", "code,variable,modalite,nombre\n01001,sexe,f,500\n01001,sexe,h,400\n"), NULL };
	CLEANUP(json_done) json_t *j = NULL;
	struct err e = { 0 };

	refuses(E_MISSING, command(estimation_commands, "estimation compute", options, NULL, true, out, &e), &e);
	holds(strstr(e.hint, "indicateur import"));
	accepts(command(estimation_commands, "estimation compute", own, NULL, true, out, &e), &e);
	accepts(json_read(out, strlen(out), &j, &e), &e);
	equals(json_integer_value(json_object_get(j, "estimees")), 1);
	accepts(command(observatoire_commands, "observatoire offre", (const char *[]){ "--data", dir, "--departement", "01", NULL }, NULL, false, out, &e), &e);
	holds(strstr(out, "\ncommune,01001,Alpha,1000,250,"));
	own[4] = "--titre";
	refuses(E_INPUT, command(estimation_commands, "estimation compute", own, NULL, true, out, &e), &e);
	holds(strstr(e.msg, "--resultat"));
	accepts(command(estimation_commands, "estimation list", NULL, NULL, false, out, &e), &e);
	holds(strstr(out, "capuni-2022"));
}

TEST("CAPUNI by commune, from the census as INSEE publishes it")
{
	static char out[OUT];
	struct store *s = world();
	struct indicateur_import_ask ask = { .path = file_of("base-cc-evol-struct-pop-2021.csv",
		"CODGEO;P21_POP;P21_POP0014;P21_POP1529;P21_POP3044;P21_POP4559;P21_POP6074;P21_POP7589;P21_POP90P\n"
		"01001;1000;200;200;200;200;100;90;10\n01002;3000;600;600;600;600;300;s;30\n") };
	struct indicateur_import_totals t;
	const char *path = file_of("o.csv", ""), *options[] = { "--data", NULL, "--enquete",
		"capuni-2022", "--tirages", "0", "--output", path, NULL };
	char dir[200], text[4000] = "";
	struct err e = { 0 };
	FILE *f;

	accepts(indicateur_import(s, &ask, &t, &e), &e);
	snprintf(dir, sizeof dir, "%s", store_dir(s));
	store_close(s);
	options[1] = dir;
	accepts(command(estimation_commands, "estimation compute", options, NULL, false, out, &e), &e);
	f = fopen(path, "r");
	holds(f && fread(text, 1, sizeof text - 1, f) > 0);
	fclose(f);
	/* 800 people of 15 or more: 18 % of them, 48 % concerned */
	holds(strstr(text, "commune,01001,Alpha,eloigne,800,144,,,0.18,,,estime,0,\n"));
	holds(strstr(text, "commune,01001,Alpha,concernes,800,384,,,0.48,,,estime,0,\n"));
	/* an age kept secret: not known, never zero */
	holds(strstr(text, "commune,01002,Beta,eloigne,,,,,,,,sans_donnees,0,\n"));
}
