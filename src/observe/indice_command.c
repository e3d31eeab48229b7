/* tremplin indice compute | list | check */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/command.h"
#include "format/json.h"
#include "observe/indice_dire.h"
#include "observe/nombre.h"
#include "observe/observe.h"
#include "store/db.h"

static const size_t MEMORY = (size_t)1 << 30;
enum { OUT = 256 << 20 };

static void store_shut(struct store **s)
{
	store_close(*s);
}

/* --- compute ---------------------------------------------------------------------- */

struct calcul {                         /* one command, as it was understood */
	struct arena *a, *lines;        /* lines: of the file's rows */
	const struct methode *m;
	struct indice_choix choix;
	int entree_niveau;              /* -1: as the codes show */
	enum niveau niveau;
	struct rangs_tirage tirage;     /* tirages 0: no intervals */
};

static bool read_level(const struct call *c, const char *option, int *out, struct err *e)
{
	const char *word = call_option(c, option);

	*out = -1;
	if (!word)
		return true;
	*out = niveau_find(word);
	if (*out >= 0)
		return true;
	fail(e, E_INPUT, "%s %.30s : ce niveau n’existe pas.", option, word);
	return hint(e, "Niveaux : iris, commune, epci, departement, region, pays.");
}

static bool read_count(const struct call *c, const char *option, double absent, double most,
		       double *out, struct err *e)
{
	const char *word = call_option(c, option);

	*out = absent;
	if (!word)
		return true;
	if (nombre_lire(word, out) && *out >= 0 && *out <= most && *out == floor(*out))
		return true;
	return fail(e, E_INPUT, "%s : il faut un nombre entier de 0 à %.0f, et non « %.20s ».",
		    option, most, word);
}

static bool read_call(const struct call *c, struct calcul *k, struct err *e)
{
	double draws, seed;
	int level;

	if (!methode_open(k->a, call_option(c, "--method"), &k->m, e))
		return false;
	k->tirage = rangs_defaut(k->m);
	if (!read_level(c, "--level", &level, e)
	    || !read_level(c, "--input-level", &k->entree_niveau, e)
	    || !read_count(c, "--draws", k->tirage.tirages, RANGS_TIRAGES, &draws, e)
	    || !read_count(c, "--seed", 1, 9e15, &seed, e)
	    || !choix_lire(k->m, call_option(c, "--choix") ? call_option(c, "--choix") : "",
			   &k->choix, e))
		return false;
	k->niveau = (enum niveau)level;
	k->tirage.tirages = (uint32_t)draws;
	k->tirage.graine = (uint64_t)seed;
	if (call_option(c, "--input") && call_option(c, "--scores"))
		return fail(e, E_INPUT, "--input et --scores ne vont pas ensemble : des valeurs brutes "
			    "ou des notes.");
	if (!call_option(c, "--output") && !call_option(c, "--explain")) {
		fail(e, E_INPUT, "il manque où écrire le résultat.");
		return hint(e, "Ajoutez --output FICHIER.csv, ou --explain CODE pour un territoire.");
	}
	return true;
}

/* The file is read while the territories are: each thread has its arena. */
struct lecteur {
	struct arena *a;
	const struct methode *m;
	const char *path;
	bool notes, good;
	struct lignes *lignes;
	struct err e;
};

static void *read_lines(void *arg)
{
	struct lecteur *r = arg;

	r->good = lignes_lire(r->a, r->m, r->path, r->notes, &r->lignes, &r->e);
	return NULL;
}

/* Both the territories and the file are read when this returns, or refused. */
static bool read_both(struct calcul *k, struct db *db, struct lecteur *r,
		      const struct decoupage **d, struct err *e)
{
	pthread_t id;
	bool apart = !pthread_create(&id, NULL, read_lines, r), known;

	known = decoupage_read(db, k->a, d, e);
	if (apart)
		pthread_join(id, NULL);
	else if (known)
		read_lines(r);
	if (known && !r->good)
		*e = r->e;
	return known && r->good;
}

static bool read_rows(const struct call *c, struct calcul *k, struct db *db, struct entree **out,
		      struct err *e)
{
	const char *raw = call_option(c, "--input"), *scores = call_option(c, "--scores");
	const struct decoupage *d;
	struct lecteur r = { .a = k->lines, .m = k->m, .path = raw ? raw : scores, .notes = !raw };

	if (!r.path)
		return decoupage_read(db, k->a, &d, e)
			&& entree_stockee(k->a, k->m, d, db, k->entree_niveau, out, e);
	return read_both(k, db, &r, &d, e) && entree_faire(r.lignes, d, k->entree_niveau, out, e);
}

static bool compute_table(const struct call *c, struct calcul *k, struct indice_table **out,
			  struct err *e)
{
	CLEANUP(store_shut) struct store *s = NULL;
	CLEANUP(db_release) struct db *db = NULL;
	struct indice_table *base;
	struct entree *t;

	return store_open(call_option(c, "--data"), STORE_COMMAND, c->env, &s, e)
		&& db_acquire(s, &db, e) && read_rows(c, k, db, &t, e)
		&& table_base(k->a, t, call_option(c, "--approx") != NULL, k->tirage.tirages > 0,
			      &base, e)
		&& table_monter(k->a, base, k->niveau, out, e);
}

static bool write_file(const char *path, const struct buf *b, struct err *e)
{
	FILE *f;
	bool good;

	if (b->full)
		return fail(e, E_LIMIT, "le résultat est trop grand.");
	f = fopen(path, "wb");
	if (!f) {
		fail(e, E_INPUT, "%s ne peut pas être écrit.", path);
		return hint(e, "Vérifiez que le dossier existe et que vous pouvez y écrire.");
	}
	good = fwrite(b->p, 1, b->n, f) == b->n;
	good = fclose(f) == 0 && good;
	return good || fail(e, E_STORE, "%s n’a pas pu être écrit en entier.", path);
}

struct bilan {
	size_t vides, sans, partiels;   /* no inhabitants; no score; some chosen value missing */
};

static struct bilan sum_up(const struct calcul *k, const struct indice_table *t,
			   const struct indice_resultat *r)
{
	struct bilan b = { 0 };
	double parts[METHODE_INDICATEURS];

	choix_parts(k->m, &k->choix, UINT64_MAX, parts);
	for (size_t i = 0; i < t->u.n; i++) {
		bool whole = true;

		for (int n = 0; n < k->m->n; n++)
			whole &= !(parts[n] > 0) || (t->x[n] && !isnan(t->x[n][i]));
		if (t->u.etat[i] & UNITE_VIDE)
			b.vides++;
		else if (isnan(r->totaux[i]))
			b.sans++;
		else
			b.partiels += !whole;
	}
	return b;
}

static void say_summary(const struct calcul *k, const struct indice_table *t,
			const struct indice_resultat *r)
{
	const struct entree *in = t->entree;
	struct bilan b = sum_up(k, t, r);

	for (int i = 0; i < in->nremarques; i++)
		fprintf(stderr, "%s\n", in->remarques[i]);
	fprintf(stderr, "%s %s : %zu %s, %zu classés", k->m->nom, k->m->version, t->u.n,
		niveau_pluriels[t->u.niveau], r->classes);
	if (b.vides)
		fprintf(stderr, ", %zu sans objet (personne n’y habite)", b.vides);
	if (b.sans)
		fprintf(stderr, ", %zu sans assez de données", b.sans);
	if (b.partiels)
		fprintf(stderr, ", %zu dont un indicateur manque (--explain le nomme)", b.partiels);
	fprintf(stderr, ".\n");
	if (k->tirage.tirages)
		fprintf(stderr, "Intervalles de rang : %u tirages, graine %llu, concentration %g.\n",
			k->tirage.tirages, (unsigned long long)k->tirage.graine,
			k->tirage.concentration);
}

static void print_summary(FILE *out, const struct calcul *k, const struct indice_table *t,
			  const struct indice_resultat *r)
{
	CLEANUP(buf_free) struct buf b = buf_new(1 << 16);
	struct json_out j = { &b, false };
	struct bilan s = sum_up(k, t, r);

	json_open_object(&j, NULL);
	json_put_text(&j, "methode", k->m->nom);
	json_put_text(&j, "version", k->m->version);
	json_put_text(&j, "niveau", niveau_mots[t->u.niveau]);
	json_put_text(&j, "niveau_lu", niveau_mots[t->entree->niveau]);
	json_put_int(&j, "territoires", (int64_t)t->u.n);
	json_put_int(&j, "classes", (int64_t)r->classes);
	json_put_int(&j, "sans_objet", (int64_t)s.vides);
	json_put_int(&j, "sans_donnees", (int64_t)s.sans);
	json_put_int(&j, "partiels", (int64_t)s.partiels);
	json_put_int(&j, "tirages", k->tirage.tirages);
	json_put_int(&j, "graine", (int64_t)k->tirage.graine);
	json_open_array(&j, "remarques");
	for (int i = 0; i < t->entree->nremarques; i++)
		json_put_text(&j, NULL, t->entree->remarques[i]);
	json_close_array(&j);
	json_close_object(&j);
	fprintf(out, "%s\n", buf_text(&b));
}

static bool explain(const struct call *c, const struct calcul *k, const struct indice_table *t,
		    const struct indice_resultat *r, struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	const char *code = call_option(c, "--explain");

	if (!(c->json ? indice_expliquer_json : indice_expliquer)(k->a, &b, t, &k->choix, r,
								  &k->tirage, code, e))
		return false;
	fprintf(c->out, "%s%s", buf_text(&b), c->json ? "\n" : "");
	return true;
}

static bool compute(struct call *c, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(MEMORY), lines = arena_new(MEMORY);
	CLEANUP(buf_free) struct buf b = buf_new(OUT);
	struct calcul k = { .a = &a, .lines = &lines };
	const char *output = call_option(c, "--output");
	struct indice_table *t;
	struct indice_resultat r;

	if (!read_call(c, &k, e) || !compute_table(c, &k, &t, e)
	    || !table_compter(&a, t, &k.choix, k.tirage.tirages ? &k.tirage : NULL, &r, e))
		return false;
	if (output) {
		indice_csv(&b, t, &r);
		if (!write_file(output, &b, e))
			return false;
	}
	if (call_option(c, "--explain"))
		return explain(c, &k, t, &r, e);
	say_summary(&k, t, &r);
	if (c->json)
		print_summary(c->out, &k, t, &r);
	return true;
}

/* --- list and check --------------------------------------------------------------- */

static bool list(struct call *c, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(64 << 20);
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	struct json_out j = { &b, false };
	const struct methode **all;
	size_t n;

	if (!methode_list(&a, &all, &n, e))
		return false;
	if (!c->json) {
		for (size_t i = 0; i < n; i++)
			fprintf(c->out, "%-18s %s\n", all[i]->nom, all[i]->titre);
		return true;
	}
	json_open_array(&j, NULL);
	for (size_t i = 0; i < n; i++) {
		json_open_object(&j, NULL);
		json_put_text(&j, "methode", all[i]->nom);
		json_put_text(&j, "version", all[i]->version);
		json_put_text(&j, "titre", all[i]->titre);
		json_put_text(&j, "resume", all[i]->resume);
		json_put_text(&j, "source", all[i]->source);
		json_put_text(&j, "unite", niveau_mots[all[i]->unite]);
		json_put_int(&j, "indicateurs", all[i]->n);
		json_close_object(&j);
	}
	json_close_array(&j);
	fprintf(c->out, "%s\n", buf_text(&b));
	return true;
}

static void print_indicateur(FILE *out, struct arena *a, const struct methode *m, int i,
			     double part)
{
	const struct methode_indicateur *x = &m->indicateurs[i];

	if (part > 0)
		fprintf(out, "  %5.1f %%  ", 100 * part);
	else
		fprintf(out, "  à part   ");
	fprintf(out, "%s : %s%s ; %s\n", x->code, x->libelle, x->inverse ? " (inversé)" : "",
		norme_mots(a, &x->norme, m->unite));
}

static void check_words(FILE *out, struct arena *a, const struct methode *m)
{
	struct indice_choix c;
	double parts[METHODE_INDICATEURS];

	choix_defaut(m, &c);
	choix_parts(m, &c, UINT64_MAX, parts);
	fprintf(out, "%s %s : %s\n%s\nÉchelle de %g à %g.\n", m->nom, m->version, m->titre,
		m->resume, m->echelle[0], m->echelle[1]);
	for (int i = 0; i < m->n; i++)
		print_indicateur(out, a, m, i, parts[i]);
	if (*m->avertissement)
		fprintf(out, "%s\n", m->avertissement);
	fprintf(out, "Source : %s\nCette méthode se lit sans erreur.\n", m->source);
}

static void check_json(FILE *out, const struct methode *m)
{
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	struct json_out j = { &b, false };
	struct indice_choix c;
	double parts[METHODE_INDICATEURS];

	choix_defaut(m, &c);
	choix_parts(m, &c, UINT64_MAX, parts);
	json_open_object(&j, NULL);
	json_put_text(&j, "methode", m->nom);
	json_put_text(&j, "version", m->version);
	json_put_text(&j, "unite", niveau_mots[m->unite]);
	json_open_array(&j, "indicateurs");
	for (int i = 0; i < m->n; i++) {
		json_open_object(&j, NULL);
		json_put_text(&j, "code", m->indicateurs[i].code);
		json_put_text(&j, "libelle", m->indicateurs[i].libelle);
		json_put_bool(&j, "inverse", m->indicateurs[i].inverse);
		json_put_real(&j, "part", parts[i]);
		json_close_object(&j);
	}
	json_close_array(&j);
	json_close_object(&j);
	fprintf(out, "%s\n", buf_text(&b));
}

static bool check(struct call *c, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(16 << 20);
	const struct methode *m;

	if (!methode_open(&a, c->args[0], &m, e))
		return false;
	if (c->json)
		check_json(c->out, m);
	else
		check_words(c->out, &a, m);
	return true;
}

/* --- tables ----------------------------------------------------------------------- */

static const struct command_option compute_options[] = {
	{ "--data", "DIR", "dossier des données (territoires, indicateurs)", true },
	{ "--method", "NOM", "méthode fournie (indice list) ou fichier .json", true },
	{ "--level", "NIVEAU", "iris, commune, epci, departement, region, pays", true },
	{ "--input", "CSV", "valeurs brutes : code et une colonne par indicateur", false },
	{ "--scores", "CSV", "notes déjà sur l’échelle de la méthode", false },
	{ "--input-level", "NIVEAU", "niveau des lignes lues (sinon, deviné)", false },
	{ "--output", "CSV", "où écrire le résultat", false },
	{ "--draws", "N", "tirages des intervalles de rang (1000 ; 0 : aucun)", false },
	{ "--seed", "N", "graine des tirages (1)", false },
	{ "--choix", "POIDS", "« poids=a:2,b:0 » ou « sans=a&avec=b »", false },
	{ "--approx", NULL, "accepte un autre niveau que celui de la méthode", false },
	{ "--explain", "CODE", "montre le calcul d’un territoire", false },
	{ 0 },
};
static const struct command_option no_options[] = { { 0 } };

const struct command indice_commands[] = {
	{ .words = "indice compute", .min_args = 0, .max_args = 0,
	  .summary = "calcule un indice, ses rangs et leurs intervalles",
	  .example = "tremplin indice compute --data DIR --method ifn-2023 --scores notes.csv "
		     "--level commune --output indice.csv",
	  .options = compute_options, .run = compute },
	{ .words = "indice list", .min_args = 0, .max_args = 0,
	  .summary = "montre les méthodes d’indice fournies",
	  .example = "tremplin indice list", .options = no_options, .run = list },
	{ .words = "indice check", .args = "METHODE", .min_args = 1, .max_args = 1,
	  .summary = "vérifie une méthode et montre ses indicateurs et leurs poids",
	  .example = "tremplin indice check ./ma-methode.json",
	  .options = no_options, .run = check },
	{ 0 },
};
