#include "observe/indicateur_import.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "core/command.h"
#include "core/indicateur.sql.h"
#include "crypto/sha256.h"
#include "observe/indicateur_import.sql.h"
#include "observe/indicateur_mapping.h"
#include "observe/indicateur_run.h"

enum { RUN_MOST = 64 << 20, HASH_PIECE = 1 << 16 };

const char indicateur_report_header[] = "fichier,ligne,champ,valeur,action,explication\n";

/* --- which layout ---------------------------------------------------------------------------- */

static const struct layout mouvements = { "cog-mouvements", "Mouvements de communes (COG)",
	fits_mouvements, read_mouvements };
static const struct layout passage = { "cog-passage", "Table de passage de communes",
	fits_passage, read_passage };
static const struct layout bpe = { "bpe", "Base permanente des équipements", fits_bpe, read_bpe };
static const struct layout filosofi = { "filosofi-long", "Filosofi, une ligne par valeur",
	fits_filosofi, read_filosofi };
static const struct layout arcep = { "arcep", "Arcep, Ma connexion internet", fits_arcep,
	read_arcep };
static const struct layout ifn = { "ifn-export", "Export de l'IFN 2023", fits_ifn, read_ifn };
static const struct layout ifn2019 = { "ifn-2019", "IFN 2019 à l'IRIS", fits_ifn2019,
	read_ifn2019 };
static const struct layout export = { "tremplin", "Export d'indicateurs de Tremplin",
	fits_export, read_export };
static const struct layout insee = { "insee", "Base de l'Insee, une ligne par territoire",
	fits_insee, read_insee };
static const struct layout meta = { "insee-meta", "Libellés des variables de l'Insee", fits_meta,
	read_meta };
static const struct layout catalogue = { "catalogue", "Tableau aux noms du catalogue",
	fits_catalogue, read_catalogue };
const struct layout layout_tableau = { "tableau", "Tableau décrit par --mapping", NULL,
	read_tableau };

const struct layout *const layouts[] = {
	&mouvements, &passage, &bpe, &filosofi, &arcep, &ifn, &ifn2019, &export, &insee,
	&meta, &catalogue, NULL,
};

static const char *const key_columns[] = {
	"CODGEO", "IRIS", "code_insee", "COM_AV", "CODGEO_INI", "TYPEQU", "FILOSOFI_MEASURE",
	"division", "code_iris", "indicateur", "COD_VAR", "code", "insee_com", "code_commune", NULL,
};

static bool recognise(struct run *r, struct err *e)
{
	if (r->cadre) {
		r->layout = &layout_tableau;
		return true;
	}
	for (const struct layout *const *l = layouts; *l && !r->layout; l++) {
		if ((*l)->fits(r))
			r->layout = *l;
	}
	return r->layout || run_refuse(r, e, "ses colonnes ne sont pas celles d'un fichier connu.",
		"Reconnus : bases Insee (CODGEO ou IRIS), Filosofi, Arcep, BPE, mouvements du COG, "
		"export IFN. Pour un autre tableau : --mapping (docs/observer/indicateurs.md).");
}

/* --- writing --------------------------------------------------------------------------------- */

struct work {
	struct run *r;
	char now[ISO_TEXT], id[UUID_TEXT], empreinte[SHA256_HEX];
	size_t modifies;                /* values */
};

static const char *or_null(const char *s)
{
	return s && *s ? s : NULL;
}

/* The layouts that name IRIS give each of theirs; of other files, their codes are kept. */
static bool put_unnamed(struct tx *tx, struct work *w, struct err *e)
{
	const struct stage *s = &w->r->stage;
	char commune[6], departement[4];

	for (size_t i = 0; i < s->n; i++) {
		const struct stage_row *row = &s->rows[i];

		if (row->niveau != N_IRIS)
			continue;
		snprintf(commune, sizeof commune, "%.5s", row->repere >= 0
			 ? w->r->annuaire.reperes[row->repere].code : row->code);
		indicateur_departement("iris", row->code, departement);
		if (!iris_connaitre(tx, row->code, commune, departement, w->r->name,
			w->now, NULL, e))
			return false;
	}
	return true;
}

static bool put_iris(struct tx *tx, struct work *w, struct err *e)
{
	const struct stage *s = &w->r->stage;

	if ((!s->niris || !isnan(s->iris[0].lat)) && !put_unnamed(tx, w, e))
		return false;
	for (size_t i = 0; i < s->niris; i++) {
		const struct stage_iris *x = &s->iris[i];
		char type[2] = { x->type, '\0' }, departement[4];
		int64_t changed = 0;

		if (!isnan(x->lat)) {
			if (!iris_place(tx, x->code, x->lat, x->lon, &changed, e))
				return false;
		} else {
			indicateur_departement("iris", x->code, departement);
			if (!iris_put(tx, x->code, x->commune, departement, x->nom,
				      x->type ? type : NULL,
				      isnan(x->population) ? NULL : &x->population, x->annee,
				      w->r->name, w->now, &changed, e))
				return false;
		}
		w->r->out->modifies += changed > 0;
	}
	return true;
}

static bool put_passages(struct tx *tx, struct work *w, struct err *e)
{
	for (size_t i = 0; i < w->r->npassages; i++) {
		const struct passage_lu *p = &w->r->passages[i];
		int64_t changed;

		if (!passage_put(tx, p->ancien, p->nouveau, p->date, p->nature, w->r->name,
				 &changed, e))
			return false;
		w->r->out->modifies += changed > 0;
	}
	return true;
}

static bool put_propres(struct tx *tx, struct work *w, struct err *e)
{
	int64_t changed;

	for (size_t i = 0; i < w->r->npropres; i++) {
		const struct indicateur *x = &w->r->propres[i];

		if (!indicateur_own_put(tx, x->code, x->libelle, x->unite, x->sens, x->nature,
					or_null(x->source), or_null(x->licence), or_null(x->url),
					or_null(x->note), &changed, e))
			return false;
		w->r->out->modifies += changed > 0 && !w->r->stage.nmeasures;
	}
	return true;
}

static bool put_values(struct tx *tx, struct work *w, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(64 << 20);
	const struct stage *s = &w->r->stage;

	for (size_t k = 0; k < s->nmeasures; k++) {
		for (int n = 0; n < NIVEAUX; n++) {
			struct indicateur_valeur *v;
			size_t count;

			arena_reset(&a);
			if (!stage_values(s, k, (enum niveau)n, &a, &v, &count, e))
				return false;
			w->r->out->valeurs += count;
			if (count && !indicateur_write(tx, w->id, s->measures[k].indicateur,
						       niveau_names[n], s->measures[k].annee, v,
						       count, &w->modifies, e))
				return false;
		}
	}
	return true;
}

static bool put_import(struct tx *tx, const struct work *w, struct err *e)
{
	const struct indicateur_import_totals *t = w->r->out;

	return indicateur_import_put(tx, w->id, w->r->name, w->empreinte, w->r->layout->name,
				     w->r->source, or_null(w->r->licence), or_null(w->r->url),
				     (int64_t)t->lus, (int64_t)t->acceptes, (int64_t)t->refuses,
				     (int64_t)t->valeurs, 0, w->now, NULL, e);
}

/* Nothing is left of an import that changed nothing. */
static bool write_all(struct tx *tx, void *arg, struct err *e)
{
	struct work *w = arg;

	w->modifies = w->r->out->modifies = w->r->out->valeurs = 0;
	if (!put_iris(tx, w, e) || !put_passages(tx, w, e) || !put_propres(tx, w, e))
		return false;
	if (!w->r->stage.nmeasures)
		return true;
	if (!put_import(tx, w, e) || !put_values(tx, w, e))
		return false;
	w->r->out->modifies += w->modifies;
	if (!w->modifies)
		return indicateur_import_drop(tx, w->id, NULL, e);
	return indicateur_import_count(tx, w->id, (int64_t)w->r->out->valeurs,
				       (int64_t)w->modifies, NULL, e);
}

/* --- one file -------------------------------------------------------------------------------- */

static bool hash_file(const char *path, char out[SHA256_HEX], struct err *e)
{
	struct sha256 *h = sha256_new();
	FILE *f = fopen(path, "rb");
	char piece[HASH_PIECE];
	size_t n = 0;
	bool good = f != NULL;

	while (f && (n = fread(piece, 1, sizeof piece, f)) > 0)
		sha256_add(h, piece, n);
	if (f) {
		good = !ferror(f);
		fclose(f);
	}
	sha256_end_hex(h, out);
	return good || fail(e, E_MISSING, "« %s » ne peut pas être lu.", path);
}

/* The last year that a file's name bears: 2023 for ifn_communes_2023-08.csv. */
static int year_in(const char *name)
{
	int year = 0;

	for (const char *p = name; *p; p++) {
		bool four = isdigit((unsigned char)p[0]) && isdigit((unsigned char)p[1])
			    && isdigit((unsigned char)p[2]) && isdigit((unsigned char)p[3]);
		long v = four ? strtol((char[]){ p[0], p[1], p[2], p[3], '\0' }, NULL, 10) : 0;

		if (v >= 1990 && v <= 2060 && (p == name || !isdigit((unsigned char)p[-1]))
		    && !isdigit((unsigned char)p[4]))
			year = (int)v;
	}
	return year;
}

/* Whose figures they are: asked, or that of the first measure. */
static void name_source(struct run *r)
{
	const struct indicateur *i = r->stage.nmeasures
				     ? run_indicateur(r, r->stage.measures[0].indicateur) : NULL;

	if (r->ask->source)
		r->source = r->ask->source;
	if (!r->source)
		r->source = i && *i->source ? i->source : r->name;
	if (!r->licence && i && !r->ask->source)
		r->licence = i->licence;
	if (!r->url && i && !r->ask->source)
		r->url = i->url;
}

static void sum_up(struct run *r)
{
	struct indicateur_import_totals *t = r->out;
	const struct measure *m = r->stage.measures;

	t->refuses = r->notes.refuses;
	t->repares = r->notes.repares;
	t->refus_n = t->refuses < REFUS_GARDES ? t->refuses : REFUS_GARDES;
	memcpy(t->refus, r->notes.refus, sizeof t->refus);
	t->format = r->layout->name;
	t->titre = r->layout->title;
	if (r->notes.sans_histoire && !*t->avis)
		snprintf(t->avis, sizeof t->avis, "%zu codes de communes d'avant : importez d'abord "
			 "leur histoire (Insee, v_mvtcommune_AAAA.csv), puis ce fichier de nouveau ; "
			 "leurs chiffres iront aux communes d'aujourd'hui.",
			 r->notes.sans_histoire);
	snprintf(t->described, sizeof t->described, "%s", csv_described(r->t.csv));
	utf8_trim_end(t->described);
	for (size_t i = 0; i < r->stage.nmeasures; i++) {
		size_t k = 0;

		while (k < i && strcmp(m[k].indicateur, m[i].indicateur))
			k++;
		t->indicateurs += k == i;
		if (!t->premiere || m[i].annee < t->premiere)
			t->premiere = m[i].annee;
		if (m[i].annee > t->derniere)
			t->derniere = m[i].annee;
	}
}

/* A file of which no row could be used is not ours, whatever its columns. */
static bool some_row(struct run *r, struct err *e)
{
	struct err why = { 0 };

	if (r->out->acceptes)
		return true;
	if (!r->notes.refuses)
		return run_refuse(r, e, r->out->lus ? "aucune de ses lignes ne nous concerne."
				  : "le tableau n'a pas de ligne.",
				  "Rien n'a été importé.");
	snprintf(why.msg, sizeof why.msg, "%s", r->notes.refus[0]);
	fail(e, E_INPUT, "%s", why.msg);
	return hint(e, "Aucune ligne de « %.80s » n'est lisible : rien n'a été importé.", r->name);
}

static bool read_file(struct run *r, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	bool good;

	if (!tableau_open(r->ask->path, key_columns, &r->a, &r->t, e) || !recognise(r, e))
		return false;
	good = r->layout->read(r, e);
	if (r->ask->progress)
		progress_end();
	if (!good)
		return false;
	return some_row(r, e) && db_acquire(r->store, &db, e)
	       && stage_known_iris(&r->stage, db, e)
	       && stage_complete(&r->stage, &r->out->reportes, e);
}

static bool prepare(struct run *r, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;

	if (r->ask->niveau && niveau_of(r->ask->niveau) == N_AUCUN) {
		fail(e, E_INPUT, "le niveau « %s » n'est pas connu.", r->ask->niveau);
		return hint(e, "Niveaux : iris, commune, epci, departement, region.");
	}
	if (!db_acquire(r->store, &db, e) || !annuaire_read(db, &r->annuaire, e)
	    || !indicateur_list(db, &r->a, &r->catalogue, &r->ncatalogue, e)
	    || !formules_read(&r->a, &r->formules, &r->nformules, e))
		return false;
	r->propres = NEW_ARRAY(&r->a, PROPRES, struct indicateur);
	if (!r->propres)
		return arena_refuse(&r->a, e);
	if (r->annuaire.first[N_COMMUNE] < r->annuaire.first[N_COMMUNE + 1])
		return !r->ask->mapping || cadre_read(r->ask->mapping, &r->a, &r->cadre, e);
	fail(e, E_CONFLICT, "aucune commune n'est connue : les chiffres n'auraient pas de lieu.");
	return hint(e, "D'abord : tremplin territoire import --data DIR communes_france.csv "
		    "epci.csv departements.csv regions.csv");
}

static void run_drop(struct run *r)
{
	tableau_close(&r->t);
	stage_drop(&r->stage);
	annuaire_free(&r->annuaire);
	buf_free(&r->notes.line);
	free(r->passages);
	free(r->seen);
	arena_free(&r->a);
}

bool indicateur_import(struct store *s, const struct indicateur_import_ask *ask,
		       struct indicateur_import_totals *out, struct err *e)
{
	const char *slash = strrchr(ask->path, '/');
	CLEANUP(run_drop) struct run r = { .ask = ask, .store = s, .out = out,
		.a = arena_new(RUN_MOST), .name = slash && slash[1] ? slash + 1 : ask->path };
	struct work w = { .r = &r };

	*out = (struct indicateur_import_totals){ .format = "", .titre = "" };
	*e = (struct err){ 0 };
	r.name_year = year_in(r.name);
	r.notes = (struct indicateur_notes){ .out = ask->report, .fichier = r.name,
					     .line = buf_new(1 << 16) };
	r.stage = stage_of(&r.annuaire);
	if (!prepare(&r, e) || !read_file(&r, e) || !hash_file(ask->path, w.empreinte, e))
		return false;
	name_source(&r);
	sum_up(&r);
	iso_write(env_now(store_env(s)), w.now);
	uuid_new(store_env(s), w.id);
	if (r.notes.broken)
		return fail(e, E_STORE, "Le rapport ne peut pas être écrit : rien n'a été importé.");
	return store_write_alone(s, write_all, &w, e);
}
