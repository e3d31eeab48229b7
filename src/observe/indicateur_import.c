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

enum { RUN_MOST = 64 << 20, HASH_PIECE = 1 << 16, BAR = 1000, BAR_EVERY = 1024 };

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
static const struct layout catalogue = { "catalogue", "Tableau aux noms du catalogue",
	fits_catalogue, read_catalogue };
const struct layout layout_tableau = { "tableau", "Tableau décrit par --mapping", NULL,
	read_tableau };

const struct layout *const layouts[] = {
	&mouvements, &passage, &bpe, &filosofi, &arcep, &ifn, &ifn2019, &export, &insee,
	&catalogue, NULL,
};

static const char *const key_columns[] = {
	"CODGEO", "IRIS", "code_insee", "COM_AV", "CODGEO_INI", "TYPEQU", "FILOSOFI_MEASURE",
	"division", "code_iris", "indicateur", "code", "insee_com", "code_commune", NULL,
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

/* --- what readers call ----------------------------------------------------------------------- */

bool run_refuse(struct run *r, struct err *e, const char *what, const char *todo)
{
	fail(e, E_INPUT, "%s", what);
	hint(e, "%s", todo);
	return fail_at(e, r->name, 0);
}

bool run_next(struct run *r, struct csv_row *row, struct err *e)
{
	if (!csv_next(r->t.csv, row, e))
		return false;
	if (r->ask->progress && !(r->out->lus & (BAR_EVERY - 1)))
		progress(r->name, (size_t)(csv_progress(r->t.csv) * BAR), BAR);
	r->out->lus++;
	return true;
}

bool run_code(struct run *r, const struct csv_row *row, int column, enum niveau n,
	      struct code_lu *out)
{
	const char *text = cellule(row, column);
	const char *name = (size_t)column < r->t.n ? r->t.names[column] : "code";

	if (!annuaire_code(&r->annuaire, n, text, out)) {
		r->notes.sans_histoire += out->sans_histoire;
		return note_refus(&r->notes, row->line, name, text, "%s", out->why);
	}
	if (out->repare) {
		r->notes.repares++;
		note_ligne(&r->notes, row->line, name, text, "corrigé",
			   "le zéro de tête était perdu : %s", out->code);
	}
	if (out->reporte) {
		r->notes.reportes++;
		note_ligne(&r->notes, row->line, name, text, "reporté",
			   out->n > 1 ? "commune partagée entre %s et d'autres"
			   : "commune d'avant, aujourd'hui %s",
			   r->annuaire.reperes[out->vers[0]].code);
	}
	return true;
}

bool run_rows(struct run *r, const struct code_lu *c, size_t rows[ARRIVEES], struct err *e)
{
	int n = c->niveau == N_IRIS || !c->n ? 1 : c->n;

	for (int i = 0; i < n; i++) {
		int32_t at = c->n ? c->vers[i] : -1;

		if (c->niveau == N_IRIS || !c->n)
			rows[i] = stage_find(&r->stage, c->niveau, c->code, at);
		else
			rows[i] = stage_find(&r->stage,
					     (enum niveau)r->annuaire.reperes[at].niveau,
					     r->annuaire.reperes[at].code, at);
		if (rows[i] == SIZE_MAX)
			return fail(e, E_LIMIT, "Il manque de la mémoire pour l'import.");
		r->stage.rows[rows[i]].lu = true;
	}
	return true;
}

/* Code, level, year and measure in 64 bits, exactly: a code has at most 9 letters or digits. */
static uint64_t packed(const struct code_lu *c, int annee, size_t measure)
{
	uint64_t v = 0;

	for (const char *p = c->code; *p; p++)
		v = v * 37 + (uint64_t)(isdigit((unsigned char)*p) ? *p - '0' + 1
				      : toupper((unsigned char)*p) % 26 + 11);
	/* years of figures fit in 7 bits from 1980; older ones share the first */
	v = v * 8 + (uint64_t)c->niveau;
	v = v * 128 + (uint64_t)(annee > 1980 && annee < 2107 ? annee - 1980 : 0);
	return v * 64 + measure % 64 + 1;
}

static void seen_put(uint64_t *table, size_t room, uint64_t v)
{
	size_t i = (size_t)(v * 0x9e3779b97f4a7c15u >> 20) & (room - 1);

	while (table[i])
		i = (i + 1) & (room - 1);
	table[i] = v;
}

static bool seen_grow(struct run *r)
{
	size_t room = r->seen_room ? r->seen_room * 2 : 4096;
	uint64_t *table = calloc(room, sizeof *table);

	if (!table)
		return false;
	for (size_t i = 0; i < r->seen_room; i++) {
		if (r->seen[i])
			seen_put(table, room, r->seen[i]);
	}
	free(r->seen);
	r->seen = table;
	r->seen_room = room;
	return true;
}

bool run_is_new(struct run *r, const struct code_lu *c, int annee, size_t measure,
		bool *is_new, struct err *e)
{
	uint64_t v = packed(c, annee, measure);
	size_t i;

	if (r->nseen * 2 >= r->seen_room && !seen_grow(r))
		return fail(e, E_LIMIT, "Il manque de la mémoire pour l'import.");
	i = (size_t)(v * 0x9e3779b97f4a7c15u >> 20) & (r->seen_room - 1);
	while (r->seen[i] && r->seen[i] != v)
		i = (i + 1) & (r->seen_room - 1);
	*is_new = !r->seen[i];
	if (*is_new) {
		r->seen[i] = v;
		r->nseen++;
	}
	return true;
}

/* A word of the file's name, between marks: "_DEP." in cc_filosofi_2021_DEP.csv. */
static bool has_word(const char *name, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = strcasestr(name, word); p; p = strcasestr(p + 1, word)) {
		if ((p == name || strchr("_-. ", p[-1])) && strchr("_-. ", p[n]))
			return true;
	}
	return false;
}

enum niveau run_niveau(const struct run *r)
{
	static const struct { const char *word; enum niveau n; } words[] = {
		{ "DEP", N_DEPARTEMENT }, { "REG", N_REGION }, { "EPCI", N_EPCI },
		{ "departements", N_DEPARTEMENT }, { "regions", N_REGION },
	};

	if (r->ask->niveau)
		return niveau_of(r->ask->niveau);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (has_word(r->name, words[i].word))
			return words[i].n;
	}
	return N_AUCUN;
}

int run_annee(struct run *r, struct err *e)
{
	int annee = r->ask->annee ? r->ask->annee : r->name_year;

	if (!annee)
		run_refuse(r, e, "rien n'y dit de quelle année sont les chiffres.",
			   "Donnez-la : --annee 2023.");
	return annee;
}

bool run_wants(const struct run *r, const char *indicateur)
{
	const char *p = r->ask->colonnes;
	size_t n = strlen(indicateur);

	if (!p)
		return true;
	for (p = strstr(p, indicateur); p; p = strstr(p + 1, indicateur)) {
		if ((p == r->ask->colonnes || strchr(", ", p[-1])) && (!p[n] || strchr(", ", p[n])))
			return true;
	}
	return false;
}

const struct indicateur *run_indicateur(const struct run *r, const char *code)
{
	const struct indicateur *i = indicateur_find(r->catalogue, r->ncatalogue, code);

	return i ? i : indicateur_find(r->propres, r->npropres, code);
}

const struct indicateur *run_propre(struct run *r, const struct indicateur *i)
{
	struct indicateur *to = NULL;

	for (size_t k = 0; k < r->npropres && !to; k++) {
		if (!strcmp(r->propres[k].code, i->code))
			to = &r->propres[k];
	}
	if (!to && r->npropres < PROPRES)
		to = &r->propres[r->npropres++];
	if (!to)
		return NULL;
	*to = *i;
	to->code = arena_str(&r->a, i->code);
	to->propre = true;
	return to;
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

static bool put_iris(struct tx *tx, struct work *w, struct err *e)
{
	const struct stage *s = &w->r->stage;

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

static bool put_propres(struct tx *tx, const struct work *w, struct err *e)
{
	for (size_t i = 0; i < w->r->npropres; i++) {
		const struct indicateur *x = &w->r->propres[i];

		if (!indicateur_own_put(tx, x->code, x->libelle, x->unite, x->sens, x->nature,
					or_null(x->source), or_null(x->licence), or_null(x->url),
					or_null(x->note), NULL, e))
			return false;
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

	*out = (struct indicateur_import_totals){ .format = "" };
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
