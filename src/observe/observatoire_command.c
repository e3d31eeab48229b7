/* tremplin observatoire offre | grappes | secret */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/find.h"
#include "core/command.h"
#include "core/indicateur.h"
#include "core/lieu.h"
#include "format/csv.h"
#include "format/json.h"
#include "observe/estimation.h"
#include "observe/grappes.h"
#include "observe/nombre.h"
#include "observe/observe.h"
#include "observe/offre.h"
#include "observe/offre_besoins.h"

static const size_t MEMORY = (size_t)1 << 30;
enum { OUT = 256 << 20, DIRE = 5 };

struct ouvert_ici {                     /* what a command looks at */
	struct store *s;
	struct db *db;
	struct repertoire *r;
};

static void ferme(struct ouvert_ici *o)
{
	repertoire_free(o->r);
	db_release(&o->db);
	store_close(o->s);
}

static bool ouvre(const struct call *c, struct ouvert_ici *o, struct err *e)
{
	return store_open(call_option(c, "--data"), STORE_COMMAND, c->env, &o->s, e)
	       && db_acquire(o->s, &o->db, e) && repertoire_read(o->db, &o->r, e);
}

static bool read_number(const struct call *c, const char *option, double least, double most,
			double *out, struct err *e)
{
	const char *word = call_option(c, option);

	if (!word || (nombre_lire(word, out) && *out >= least && *out <= most))
		return true;
	return fail(e, E_INPUT, "%s : il faut un nombre de %g à %g, et non « %.20s ».", option, least,
		    most, word);
}

static bool write_out(const char *path, const struct buf *b, FILE *out, struct err *e)
{
	FILE *f = path ? fopen(path, "wb") : out;
	bool good;

	if (b->full)
		return fail(e, E_LIMIT, "Le résultat est trop grand.");
	if (!f)
		return fail(e, E_INPUT, "%s ne peut pas être écrit : %s.", path, strerror(errno));
	good = fwrite(b->p, 1, b->n, f) == b->n;
	good = (path ? fclose(f) : fflush(f)) == 0 && good;
	return good || fail(e, E_STORE, "Le résultat n’a pas pu être écrit en entier.");
}

/* --- a value by commune, from a file -------------------------------------------------------- */

static const char *code_at(const void *p)
{
	return *(const char *const *)p;
}

/* Reads `code` and one other column into values beside sorted codes; `column` NULL: the
 * second.  inconnus: codes of the file that are none of ours. */
static bool read_values(const char *path, const char *column, const char *const *codes, size_t n,
			double *values, size_t *inconnus, struct err *e)
{
	CLEANUP(csv_close) struct csv *f = NULL;
	struct csv_row row;
	int code, value;

	for (size_t i = 0; i < n; i++)
		values[i] = NAN;
	*inconnus = 0;
	if (!csv_open(path, &f, e))
		return false;
	code = csv_column(f, "code");
	value = column ? csv_column(f, column) : code == 0 ? 1 : 0;
	if (code < 0 || value < 0 || (size_t)value >= csv_header(f)->n)
		return fail(e, E_INPUT, "%s : il faut les colonnes « code » et « %s ».", path,
			    column ? column : "valeur");
	e->kind = E_OK;
	while (csv_next(f, &row, e)) {
		size_t i = find_first(codes, n, sizeof *codes, code_at, row.cells[code]);

		if (i == n || strcmp(codes[i], row.cells[code])) {
			++*inconnus;
			continue;
		}
		if (*row.cells[value] && !nombre_lire(row.cells[value], &values[i])) {
			fail(e, E_INPUT, "« %.40s » n’est pas un nombre.", row.cells[value]);
			return fail_at(e, path, row.line);
		}
	}
	return e->kind == E_OK;
}

/* Codes of the communes of the decoupage, in its order. */
static const char **codes_of(struct arena *a, const struct decoupage *d)
{
	const char **codes = NEW_ARRAY(a, d->n[NIVEAU_COMMUNE], const char *);

	for (size_t i = 0; codes && i < d->n[NIVEAU_COMMUNE]; i++)
		codes[i] = d->unites[NIVEAU_COMMUNE][i].code;
	return codes;
}

/* --- offre ----------------------------------------------------------------------------------- */

static bool read_words(const struct call *c, struct offre_choix *o, struct err *e)
{
	static const char *const decays[] = { "palier", "lineaire", "gaussienne", NULL };
	const char *level = call_option(c, "--niveau"), *decay = call_option(c, "--decroissance");
	const char *service = call_option(c, "--service"), *what = call_option(c, "--capacite");
	int found = level ? niveau_find(level) : NIVEAU_COMMUNE;

	if (found < NIVEAU_COMMUNE)
		return fail(e, E_INPUT, "--niveau : commune, epci, departement, region ou pays.");
	o->niveau = (enum niveau)found;
	for (found = 0; decay && decays[found] && strcmp(decays[found], decay);)
		found++;
	if (decay && !decays[found])
		return fail(e, E_INPUT, "--decroissance : palier, lineaire ou gaussienne.");
	if (decay)
		o->bassin.decroissance = (enum acces_decroissance)found;
	if (what && strcmp(what, "lieux") && strcmp(what, "heures"))
		return fail(e, E_INPUT, "--capacite : lieux ou heures.");
	if (what && !strcmp(what, "heures"))
		o->capacite = OFFRE_HEURES;
	found = service ? choice_find(lieu_services, service) : -1;
	if (service && found < 0)
		return fail(e, E_INPUT, "--service ne connaît pas « %.60s ».", service);
	o->services = service ? 1u << found : 0;
	o->departement = call_option(c, "--departement");
	return true;
}

static bool read_choice(const struct call *c, struct offre_choix *o, struct err *e)
{
	double km = o->bassin.rayon / 1000, white = o->blanche / 1000, minutes = 0;

	if (!read_words(c, o, e) || !read_number(c, "--rayon", .1, 500, &km, e)
	    || !read_number(c, "--zone-blanche", .1, 500, &white, e)
	    || !read_number(c, "--minutes", 1, 600, &minutes, e)
	    || !read_number(c, "--vitesse", 1, 200, &o->kmh, e)
	    || !read_number(c, "--detour", 1, 5, &o->detour, e))
		return false;
	o->bassin.rayon = km * 1000;
	o->blanche = white * 1000;
	if (minutes <= 0)
		return true;
	if (!(o->kmh > 0)) {
		fail(e, E_INPUT, "--minutes demande --vitesse : un temps ne se dit qu’à une vitesse.");
		return hint(e, "Par exemple --minutes 20 --vitesse 40 --detour 1,3");
	}
	o->blanche = minutes / 60 * o->kmh * 1000 / o->detour;
	return true;
}

static void say_gap(const struct offre_ligne *l)
{
	fprintf(stderr, "  %s %s : %.0f personnes, ", l->code, l->nom, l->a_l_ecart);
	if (l->distance < 200000)
		fprintf(stderr, "lieu le plus proche à %.1f km\n", l->distance / 1000);
	else
		fputs("aucun lieu connu à moins de 200 km\n", stderr);
}

static void say_offer(const struct offre *o, const char *need)
{
	size_t white = 0;
	double people = 0;

	for (size_t i = 0; i < o->n; i++) {
		white += o->lignes[i].blanche;
		people += isnan(o->lignes[i].a_l_ecart) ? 0 : o->lignes[i].a_l_ecart;
	}
	fprintf(stderr, "Besoin : %s. Distances à vol d’oiseau%s. Bassin de %g km.\n", need,
		o->choix.kmh > 0 ? ", temps à la vitesse et au détour donnés" : "",
		o->choix.bassin.rayon / 1000);
	fprintf(stderr, "Zone blanche : commune sans lieu à moins de %.1f km. %.0f personnes y "
		"vivent", o->choix.blanche / 1000, people);
	if (o->choix.niveau == NIVEAU_COMMUNE)
		fprintf(stderr, ", dans %zu communes", white);
	fputs(".\n", stderr);
	for (size_t i = 0; i < o->n && i < DIRE && o->lignes[i].a_l_ecart > 0; i++)
		say_gap(&o->lignes[i]);
	if (o->sans_commune)
		fprintf(stderr, "%zu lieux dont la commune n’est pas connue ne sont dans aucune "
			"ligne.\n", o->sans_commune);
	if (o->sans_position)
		fprintf(stderr, "%zu communes sans position : leur distance n’est pas dite.\n",
			o->sans_position);
}

static void offer_json(FILE *out, const struct offre *o, const char *enquete)
{
	CLEANUP(buf_free) struct buf b = buf_new(OUT);
	struct json_out j = { &b, false };

	json_open_object(&j, NULL);
	json_put_text(&j, "niveau", niveau_mots[o->choix.niveau]);
	json_put_text(&j, "enquete", *enquete ? enquete : NULL);
	json_put_real(&j, "rayon_m", o->choix.bassin.rayon);
	json_put_real(&j, "zone_blanche_m", o->choix.blanche);
	json_open_array(&j, "territoires");
	for (size_t i = 0; i < o->n; i++) {
		struct offre_ligne shown = offre_montrable(o, &o->lignes[i]);
		const struct offre_ligne *l = &shown;

		json_open_object(&j, NULL);
		json_put_text(&j, "code", l->code);
		json_put_text(&j, "nom", l->nom);
		json_put_real(&j, "population", l->population);
		json_put_real(&j, "concernes", l->concernes);
		json_put_real(&j, "concernes_bas", l->concernes_bas);
		json_put_real(&j, "concernes_haut", l->concernes_haut);
		json_put_int(&j, "lieux", (int64_t)l->lieux);
		json_put_real(&j, "heures_semaine", l->heures);
		json_put_real(&j, "conseillers", l->conseillers);
		json_put_real(&j, "distance_m", l->distance);
		json_put_real(&j, "acces_pour_1000", l->acces);
		json_put_bool(&j, "zone_blanche", l->blanche);
		json_put_real(&j, "personnes_zone_blanche", l->a_l_ecart);
		json_close_object(&j);
	}
	json_close_array(&j);
	json_close_object(&j);
	fprintf(out, "%s\n", buf_text(&b));
}

/* People concerned, from a file, else from the estimates that are kept; *need NULL: neither. */
static bool read_need(const struct call *c, struct arena *a, struct db *db,
		      const struct decoupage *d, double **need, const char **from, struct err *e)
{
	const char **codes = codes_of(a, d), *path = call_option(c, "--concernes");
	size_t n = d->n[NIVEAU_COMMUNE], unknown;

	*from = "";
	*need = NEW_ARRAY(a, n, double);
	if (a->spent)
		return arena_refuse(a, e);
	if (path) {
		*from = path;
		return read_values(path, "concernes", codes, n, *need, &unknown, e);
	}
	if (!estimation_align(db, a, call_option(c, "--enquete"), ESTIMATION_CONCERNES, codes, n,
			      *need, from, e))
		return false;
	if (!**from && call_option(c, "--enquete"))
		return fail(e, E_MISSING, "Aucune estimation n’est gardée pour « %s ».",
			    call_option(c, "--enquete"));
	if (!**from)
		*need = NULL;
	return true;
}

static bool offre_run(struct call *c, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(MEMORY);
	CLEANUP(ferme) struct ouvert_ici o = { NULL, NULL, NULL };
	CLEANUP(buf_free) struct buf b = buf_new(OUT);
	struct offre_choix choix = offre_usuel(env_now(c->env));
	const char *advisers = call_option(c, "--conseillers"), *from;
	const struct decoupage *d;
	double *need, *people = NULL;
	struct offre out;
	size_t unknown;

	if (!read_choice(c, &choix, e) || !ouvre(c, &o, e) || !decoupage_of(o.r, &a, &d, e)
	    || !read_need(c, &a, o.db, d, &need, &from, e))
		return false;
	if (advisers && !(people = NEW_ARRAY(&a, d->n[NIVEAU_COMMUNE], double)))
		return arena_refuse(&a, e);
	if (advisers && !read_values(advisers, "conseillers", codes_of(&a, d),
				     d->n[NIVEAU_COMMUNE], people, &unknown, e))
		return false;
	if (!call_option(c, "--concernes") && *from && !offre_caches(o.db, &a, d, from, &choix, e))
		return false;
	if (!offre_compute(&a, o.r, d, &choix, need, people, &out, e)
	    || (!call_option(c, "--concernes") && !offre_bornes(o.db, &a, from, &out, e)))
		return false;
	say_offer(&out, need ? arena_cat(&a, "personnes concernées (", from, ")", NULL)
		  : "habitants, aucune estimation n’étant gardée");
	if (c->json) {
		offer_json(c->out, &out, from);
		if (!call_option(c, "--output"))
			return true;
	}
	offre_csv(&b, &out);
	return write_out(call_option(c, "--output"), &b, c->out, e);
}

/* --- grappes --------------------------------------------------------------------------------- */

static bool asked_communes(const struct call *c, struct arena *a, const struct repertoire *r,
			   const struct commune ***out, const char ***codes, size_t *n,
			   struct err *e)
{
	const char *dep = call_option(c, "--departement");

	*n = 0;
	*out = NEW_ARRAY(a, r->ncommunes, const struct commune *);
	*codes = NEW_ARRAY(a, r->ncommunes, const char *);
	if (a->spent)
		return arena_refuse(a, e);
	for (size_t i = 0; i < r->ncommunes; i++) {
		const struct commune *x = &r->communes[i];

		if (*x->parent || (dep && strcmp(x->departement, dep)))
			continue;
		(*codes)[*n] = x->code;
		(*out)[(*n)++] = x;
	}
	return *n || fail(e, E_MISSING, "Aucune commune n’est connue là.");
}

static bool asked_values(const struct call *c, struct arena *a, struct db *db,
			 const char *const *codes, size_t n, double *values, struct err *e)
{
	const char *file = call_option(c, "--valeurs"), *code = call_option(c, "--indicateur");
	uint8_t *status = NEW_ARRAY(a, n, uint8_t);
	double year = 0;
	size_t unknown = 0;

	if (!status)
		return arena_refuse(a, e);
	if (!file == !code) {
		fail(e, E_INPUT, "Donnez les valeurs : --valeurs FICHIER ou --indicateur CODE.");
		return hint(e, "Le fichier a une colonne « code » et une de valeurs (--colonne NOM).");
	}
	if (code)
		return read_number(c, "--annee", 1900, 2200, &year, e)
		       && indicateur_align(db, code, "commune", (int)year, codes, n, values, status,
					   NULL, e);
	if (!read_values(file, call_option(c, "--colonne"), codes, n, values, &unknown, e))
		return false;
	if (unknown)
		fprintf(stderr, "%zu lignes ne sont pas des communes demandées.\n", unknown);
	return true;
}

static bool read_grappes(const struct call *c, struct grappes_choix *g, struct err *e)
{
	const char *word = call_option(c, "--voisins");
	double near = 0, draws = 9999, seed = 1;

	if (word && strcmp(word, "contours") && !read_number(c, "--voisins", 1, 64, &near, e))
		return false;
	if (!read_number(c, "--tirages", 0, GRAPPES_TIRAGES, &draws, e)
	    || !read_number(c, "--graine", 0, 9e15, &seed, e))
		return false;
	*g = (struct grappes_choix){ (int)near, (int)draws, (uint64_t)seed };
	return true;
}

static void say_grappes(const struct grappes *g, const struct grappes_choix *choix)
{
	fprintf(stderr, "%zu communes (%zu sans valeur laissées de côté), %zu sans voisin.\n", g->n,
		g->sans_valeur, g->voisins.isoles);
	fprintf(stderr, "I de Moran : %.4f (attendu au hasard %.4f), p = %.2g ; p par tirages = %.2g "
		"(%d tirages, graine %llu).\n", g->global.i, g->global.attendu, g->global.p,
		g->global.p_tirages, choix->tirages, (unsigned long long)choix->graine);
	for (int i = GRAPPE_AUCUNE; i <= GRAPPE_ISOLE; i++)
		fprintf(stderr, "  %s : %zu\n", grappe_noms[i], g->nombres[i]);
	fprintf(stderr, "Sans correction, %zu communes passeraient le seuil de 5 %% ; le seul hasard en "
		"donnerait environ %.0f.\n", g->sans_correction,
		.05 * (double)(g->n - g->voisins.isoles));
}

static void grappes_json(FILE *out, const struct grappes *g)
{
	CLEANUP(buf_free) struct buf b = buf_new(1 << 16);
	struct json_out j = { &b, false };

	json_open_object(&j, NULL);
	json_put_int(&j, "communes", (int64_t)g->n);
	json_put_int(&j, "sans_valeur", (int64_t)g->sans_valeur);
	json_put_int(&j, "sans_voisin", (int64_t)g->voisins.isoles);
	json_put_real(&j, "moran", g->global.i);
	json_put_real(&j, "attendu", g->global.attendu);
	json_put_real(&j, "variance", g->global.variance);
	json_put_real(&j, "p", g->global.p);
	json_put_real(&j, "p_tirages", g->global.p_tirages);
	json_put_int(&j, "sans_correction", (int64_t)g->sans_correction);
	for (int i = GRAPPE_AUCUNE; i <= GRAPPE_ISOLE; i++)
		json_put_int(&j, grappe_noms[i], (int64_t)g->nombres[i]);
	json_close_object(&j);
	fprintf(out, "%s\n", buf_text(&b));
}

static bool grappes_run(struct call *c, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(MEMORY);
	CLEANUP(ferme) struct ouvert_ici o = { NULL, NULL, NULL };
	CLEANUP(buf_free) struct buf b = buf_new(OUT);
	const struct commune **communes;
	struct grappes_choix choix;
	struct grappes g;
	const char **codes;
	double *values;
	size_t n;

	if (!read_grappes(c, &choix, e) || !ouvre(c, &o, e)
	    || !asked_communes(c, &a, o.r, &communes, &codes, &n, e))
		return false;
	values = NEW_ARRAY(&a, n, double);
	if (!values)
		return arena_refuse(&a, e);
	if (!asked_values(c, &a, o.db, codes, n, values, e)
	    || !grappes_compute(&a, o.r, communes, values, n, &choix, &g, e))
		return false;
	say_grappes(&g, &choix);
	if (c->json) {
		grappes_json(c->out, &g);
		if (!call_option(c, "--output"))
			return true;
	}
	grappes_csv(&b, &g);
	return write_out(call_option(c, "--output"), &b, c->out, e);
}

/* --- tables -------------------------------------------------------------------------- */

static const struct command_option offre_options[] = {
	{ "--data", "DIR", "dossier des données", true },
	{ "--niveau", "NIVEAU", "commune (sinon), epci, departement, region, pays", false },
	{ "--departement", "CODE", "seulement ce département", false },
	{ "--enquete", "NOM", "estimation gardée qui dit combien de personnes sont concernées (la "
	  "dernière)", false },
	{ "--concernes", "CSV", "ou un fichier : code, concernes", false },
	{ "--conseillers", "CSV", "conseillers par commune : code, conseillers", false },
	{ "--service", "S", "lieux qui aident pour ce besoin seulement", false },
	{ "--capacite", "QUOI", "ce que les personnes se partagent : lieux (sinon) ou heures", false },
	{ "--rayon", "KM", "rayon du bassin (15)", false },
	{ "--decroissance", "D", "palier, lineaire ou gaussienne (sinon)", false },
	{ "--zone-blanche", "KM", "distance d’une zone blanche (10)", false },
	{ "--minutes", "N", "ou un temps, à la vitesse de --vitesse", false },
	{ "--vitesse", "KMH", "vitesse, pour dire des minutes", false },
	{ "--detour", "X", "longueur des chemins pour 1 à vol d’oiseau (1)", false },
	{ "--output", "CSV", "où écrire (sinon, la sortie)", false },
	{ 0 },
};
static const struct command_option grappes_options[] = {
	{ "--data", "DIR", "dossier des données", true },
	{ "--indicateur", "CODE", "valeurs d’un indicateur importé", false },
	{ "--annee", "AAAA", "son année (la dernière)", false },
	{ "--valeurs", "CSV", "ou un fichier : code et une colonne de valeurs", false },
	{ "--colonne", "NOM", "celle des valeurs (la première autre que code)", false },
	{ "--departement", "CODE", "seulement ce département", false },
	{ "--voisins", "V", "contours (sinon), ou combien de plus proches : 6", false },
	{ "--tirages", "N", "permutations (9999 ; 0 : aucune)", false },
	{ "--graine", "N", "graine des permutations (1)", false },
	{ "--output", "CSV", "où écrire (sinon, la sortie)", false },
	{ 0 },
};

const struct command observatoire_commands[] = {
	{ .words = "observatoire offre", .min_args = 0, .max_args = 0,
	  .summary = "Compare l’offre de chaque territoire à ses besoins, les manques d’abord",
	  .example = "tremplin observatoire offre --data DIR --departement 23 --output offre.csv",
	  .options = offre_options, .run = offre_run },
	{ .words = "observatoire grappes", .min_args = 0, .max_args = 0,
	  .summary = "Trouve les communes qui se ressemblent entre voisines",
	  .example = "tremplin observatoire grappes --data DIR --departement 23 --indicateur "
		     "older_65_rate --output grappes.csv",
	  .options = grappes_options, .run = grappes_run },
	{ 0 },
};
