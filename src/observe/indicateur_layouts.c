/* The official layouts that have a row per territory: INSEE, Filosofi, ARCEP, IFN. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "observe/indicateur_large.h"

static bool has(const struct run *r, const char *name)
{
	return tableau_column(&r->t, name) >= 0;
}

static bool no_measure(struct run *r, struct err *e)
{
	return run_refuse(r, e, r->ask->colonnes
			  ? "aucune des colonnes ou indicateurs demandés ne peut en être tiré."
			  : "aucune de ses colonnes ne sert à un indicateur du catalogue.",
			  "La liste : tremplin indicateur list. Pour d'autres colonnes : --colonnes "
			  "P_LOG,P_RP ou --mapping FICHIER.");
}

/* --- INSEE: census bases, IRIS bases, dossier complet, Filosofi -------------------------- */

static const char *const insee_keys[] = { "CODGEO", "IRIS", NULL };

bool fits_insee(const struct run *r)
{
	char key[64];
	size_t vintages = 0;

	if (tableau_column_of(&r->t, insee_keys) < 0)
		return false;
	for (size_t i = 0; i < r->t.n; i++)
		vintages += colonne_millesime(r->t.names[i], key) > 0;
	return vintages > 0;
}

/* What the file is asked for by its columns' own names: P_LOG of P21_LOG. */
static bool add_raw(struct run *r, struct large *l, const struct entetes *h, const char *name,
		    struct err *e)
{
	char wanted[64], code[64], missing[64];
	const struct indicateur *i = NULL;
	int asked = colonne_millesime(name, wanted);

	for (size_t k = 0; k < h->nmillesimes; k++) {
		struct liaison x = { .annee = h->millesimes[k], .facteur = 1 };
		bool count = (wanted[0] == 'P' || wanted[0] == 'C') && wanted[1] == '_';

		if ((asked && asked != x.annee) || (r->ask->annee && r->ask->annee != x.annee)
		    || strpbrk(wanted, "+-") || !somme_bind(h, wanted, x.annee, &x.num, missing))
			continue;
		snprintf(code, sizeof code, "%s", wanted);
		for (char *p = code; *p; p++)
			*p = (char)tolower((unsigned char)*p);
		if (!i)
			i = run_indicateur(r, code);
		if (!i)
			i = run_propre(r, &(struct indicateur){
				.code = code, .libelle = arena_str(&r->a, wanted),
				.unite = count ? "unités" : "selon la source",
				.nature = count ? "nombre" : "moyenne",
				.source = "Insee", .licence = "Licence Ouverte 2.0", .url = "",
				.note = "Variable reprise telle quelle (--colonnes)." });
		if (!i)
			return fail(e, E_LIMIT, "Trop de colonnes demandées à la fois.");
		x.indicateur = i->code;
		if (!large_add(r, l, i, &x, e))
			return false;
	}
	return true;
}

static bool add_asked(struct run *r, struct large *l, const struct entetes *h, struct err *e)
{
	const char *p = r->ask->colonnes;

	while (p && *p) {
		size_t k = strcspn(p, ", ");
		char name[64];

		snprintf(name, sizeof name, "%.*s", (int)(k < 63 ? k : 63), p);
		if (*name && !run_indicateur(r, name) && !add_raw(r, l, h, name, e))
			return false;
		p += k + (p[k] != '\0');
	}
	return true;
}

static bool take_iris(struct run *r, const struct large *l, const struct csv_row *row,
		      const struct code_lu *c, struct err *e)
{
	const char *nom = cellule(row, l->iris[0]), *type = cellule(row, l->iris[1]);
	struct stage_iris *to;
	uint8_t statut;
	double people;

	if (r->stage.niris == r->stage.iris_room) {
		size_t room = r->stage.iris_room ? r->stage.iris_room * 2 : 1024;

		to = reallocarray(r->stage.iris, room, sizeof *to);
		if (!to)
			return fail(e, E_LIMIT, "Il manque de la mémoire pour l'import.");
		r->stage.iris = to;
		r->stage.iris_room = room;
	}
	to = &r->stage.iris[r->stage.niris++];
	*to = (struct stage_iris){ .nom = arena_str(&r->stage.a, *nom ? nom : c->code),
		.annee = l->iris_annee, .population = NAN, .lat = NAN, .lon = NAN };
	memcpy(to->code, c->code, sizeof to->code);
	snprintf(to->commune, sizeof to->commune, "%.5s",
		 c->n ? r->annuaire.reperes[c->vers[0]].code : c->code);
	if (type[0] && !type[1] && strchr("HADZ", toupper((unsigned char)type[0])))
		to->type = (char)toupper((unsigned char)type[0]);
	if (l->iris[2] >= 0 && valeur_lire(cellule(row, l->iris[2]), &people, &statut)
	    && statut == STATUT_VALEUR)
		to->population = people;
	return !r->stage.a.spent || arena_refuse(&r->stage.a, e);
}

/* People of each row, from the latest vintage: what merged communes are averaged by. */
static void find_weight(const struct entetes *h, struct large *l)
{
	static const char *const names[] = { "P_POP", "NBPERSMENFISC", "NBMENFISC", "C_MEN", NULL };
	char missing[64];

	for (const char *const *n = names; *n && !l->weight.n; n++) {
		for (size_t k = 0; k < h->nmillesimes && !l->weight.n; k++) {
			if (!somme_bind(h, *n, h->millesimes[k], &l->weight, missing))
				l->weight.n = 0;
		}
	}
}

static bool check_years(struct run *r, const struct entetes *h, struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(400);
	int asked = r->ask->annee;

	for (size_t i = 0; i < h->nmillesimes; i++) {
		if (h->millesimes[i] == asked || !asked)
			return true;
		buf_printf(&b, "%s%d", !i ? "" : i + 1 == h->nmillesimes ? " et " : ", ",
			   h->millesimes[i]);
	}
	fail(e, E_INPUT, "ses colonnes sont de %s, pas de %d.", buf_text(&b), asked);
	fail_at(e, r->name, 0);
	return hint(e, "Retirez --annee : chaque colonne porte la sienne. Ou donnez le fichier de "
		       "%d.", asked);
}

bool read_insee(struct run *r, struct err *e)
{
	static const char *const labels[] = { "LIBIRIS", "LIB_IRIS", NULL };
	struct entetes h;
	struct large l;
	char missing[64];
	struct somme pop;

	if (!large_new(r, &l, e) || !entetes_of(&r->t, true, &r->a, &h, e)
	    || !check_years(r, &h, e))
		return false;
	l.code = tableau_column(&r->t, "IRIS");
	if (l.code >= 0) {
		l.niveau = N_IRIS;
		l.after = take_iris;
		l.iris[0] = tableau_column_of(&r->t, labels);
		l.iris[1] = tableau_column(&r->t, "TYP_IRIS");
		l.iris_annee = h.nmillesimes ? h.millesimes[0] : 0;
		for (size_t k = 0; k < h.nmillesimes && l.iris[2] < 0; k++) {
			if (!somme_bind(&h, "P_POP", h.millesimes[k], &pop, missing))
				continue;
			l.iris[2] = pop.column[0];
			l.iris_annee = h.millesimes[k];
		}
	} else {
		l.code = tableau_column(&r->t, "CODGEO");
	}
	find_weight(&h, &l);
	if (!large_bind(r, &l, &h, "insee", e) || !add_asked(r, &l, &h, e))
		return false;
	if (!l.n)
		return no_measure(r, e);
	return large_read(r, &l, e);
}

/* --- labels of INSEE's variables: meta_dossier_complet.csv ------------------------------- */

bool fits_meta(const struct run *r)
{
	return has(r, "COD_VAR") && has(r, "LIB_VAR");
}

/* "Logements en 2021 (princ)" is of any year: "Logements (princ)". */
static void drop_year(const char *label, char *out, size_t room)
{
	const char *year = strstr(label, " en ");
	bool four = year && strspn(year + 4, "0123456789") == 4;

	if (four)
		snprintf(out, room, "%.*s%s", (int)(year - label), label, year + 8);
	else
		snprintf(out, room, "%s", label);
	utf8_trim_end(out);
}

/* Only those that --colonnes took before: the others would be labels of nothing. */
bool read_meta(struct run *r, struct err *e)
{
	int var = tableau_column(&r->t, "COD_VAR"), label = tableau_column(&r->t, "LIB_VAR");
	int longer = tableau_column(&r->t, "LIB_VAR_LONG");
	struct csv_row row;

	while (run_next(r, &row, e)) {
		char key[64], text[200];
		const struct indicateur *i;
		struct indicateur own;

		colonne_millesime(cellule(&row, var), key);
		for (char *p = key; *p; p++)
			*p = (char)tolower((unsigned char)*p);
		i = run_indicateur(r, key);
		if (!i || !i->propre || !*cellule(&row, label)) {
			r->out->ignores++;
			continue;
		}
		own = *i;
		drop_year(cellule(&row, label), text, sizeof text);
		own.libelle = arena_str(&r->a, text);
		drop_year(cellule(&row, longer), text, sizeof text);
		own.note = arena_str(&r->a, text);
		if (!run_propre(r, &own))
			return fail(e, E_LIMIT, "Trop de variables à la fois.");
		r->out->acceptes++;
	}
	return e->kind == E_OK;
}

/* --- ARCEP -------------------------------------------------------------------------------- */

bool fits_arcep(const struct run *r)
{
	return has(r, "code_insee") && has(r, "nbr")
	       && (has(r, "elig_thd30") || has(r, "elig_ftth") || has(r, "elig_bhd8"));
}

static bool named(const struct run *r, const char *word)
{
	return strcasestr(r->name, word) != NULL;
}

static bool refuse_satellite(struct run *r, struct err *e)
{
	fail(e, E_INPUT, "ce fichier compte le satellite, qui rend éligible chaque local de France : "
	     "personne n'y serait sans très haut débit.");
	hint(e, "Prenez commune_debit_filaire.csv (réseaux filaires) ou "
		"commune_debit_terrestre.csv (4G et 5G fixes comprises), dans le même dossier de "
		"l'Arcep.");
	return fail_at(e, r->name, 0);
}

/* All techniques together (type "all"); other rows repeat the same premises. */
static bool skip_type(const struct large *l, const struct csv_row *row)
{
	const char *type = cellule(row, l->skip_column);

	return *type && strcasecmp(type, "all") && strcasecmp(type, "tous")
	       && strcasecmp(type, "total");
}

/* What is eligible everywhere betrays the satellite, whatever the file's name. */
static bool all_eligible(struct run *r)
{
	size_t with = 0, all = 0;

	for (size_t k = 0; k < r->stage.nmeasures; k++) {
		const struct measure *m = &r->stage.measures[k];

		if (strcmp(m->indicateur, "no_thd_coverage_rate"))
			continue;
		for (size_t i = 0; i < r->stage.n; i++) {
			if (m->statut[i] != STATUT_VALEUR)
				continue;
			with++;
			all += m->num[i] <= 0;
		}
	}
	return with >= 50 && all == with;
}

bool read_arcep(struct run *r, struct err *e)
{
	bool earthly = named(r, "filaire") || named(r, "terrestre");
	struct entetes h;
	struct large l;
	char missing[64];

	if (named(r, "commune_debit") && !earthly)
		return refuse_satellite(r, e);
	if (!large_new(r, &l, e) || !entetes_of(&r->t, false, &r->a, &h, e))
		return false;
	l.code = tableau_column(&r->t, "code_insee");
	l.niveau = N_COMMUNE;
	l.skip_column = tableau_column(&r->t, "type");
	l.skip = l.skip_column >= 0 ? skip_type : NULL;
	l.annee_column = tableau_column(&r->t, "date");
	if (l.annee_column < 0) {
		l.annee = run_annee(r, e);
		if (!l.annee)
			return false;
	}
	if (!somme_bind(&h, "nbr", 0, &l.weight, missing))
		l.weight.n = 0;
	if (!large_bind(r, &l, &h, "arcep", e))
		return false;
	if (!l.n)
		return no_measure(r, e);
	if (named(r, "filaire"))
		r->source = "Arcep, Ma connexion internet (réseaux filaires)";
	if (named(r, "terrestre"))
		r->source = "Arcep, Ma connexion internet (réseaux terrestres)";
	if (!large_read(r, &l, e))
		return false;
	return earthly || !all_eligible(r) || refuse_satellite(r, e);
}

/* --- IFN ---------------------------------------------------------------------------------- */

bool fits_ifn(const struct run *r)
{
	return has(r, "division") && has(r, "code") && has(r, "name") && has(r, "total");
}

bool read_ifn(struct run *r, struct err *e)
{
	struct entetes h;
	struct large l;
	char missing[64];

	if (!large_new(r, &l, e) || !entetes_of(&r->t, false, &r->a, &h, e))
		return false;
	l.code = tableau_column(&r->t, "code");
	l.niveau_column = tableau_column(&r->t, "division");
	l.annee = r->ask->annee ? r->ask->annee : r->name_year ? r->name_year : 2023;
	l.zero_is_nobody = true;
	if (!somme_bind(&h, "population", 0, &l.weight, missing))
		l.weight.n = 0;
	if (!large_bind(r, &l, &h, "ifn-export", e))
		return false;
	return l.n ? large_read(r, &l, e) : no_measure(r, e);
}

bool fits_ifn2019(const struct run *r)
{
	return has(r, "code_iris") && has(r, "SCORE GLOBAL");
}

bool read_ifn2019(struct run *r, struct err *e)
{
	struct entetes h;
	struct large l;

	if (!large_new(r, &l, e) || !entetes_of(&r->t, false, &r->a, &h, e))
		return false;
	l.code = tableau_column(&r->t, "code_iris");
	l.niveau = N_IRIS;
	l.after = take_iris;
	l.iris[0] = tableau_column(&r->t, "nom_iris");
	l.iris[2] = tableau_column(&r->t, "Population");
	l.annee = l.iris_annee = r->ask->annee ? r->ask->annee : 2019;
	if (!large_bind(r, &l, &h, "ifn-2019", e))
		return false;
	return l.n ? large_read(r, &l, e) : no_measure(r, e);
}

/* --- a table whose columns are named as the catalogue's codes ----------------------------- */

static const char *const code_names[] = {
	"code", "code_insee", "codgeo", "insee_com", "code_commune", "code_iris", "iris",
	"siren", "code_departement", NULL,
};

bool fits_catalogue(const struct run *r)
{
	if (tableau_column_of(&r->t, code_names) < 0)
		return false;
	for (size_t i = 0; i < r->t.n; i++) {
		if (run_indicateur(r, r->t.names[i]))
			return true;
	}
	return false;
}

bool read_catalogue(struct run *r, struct err *e)
{
	struct large l;

	if (!large_new(r, &l, e))
		return false;
	l.code = tableau_column_of(&r->t, code_names);
	l.niveau_column = tableau_column(&r->t, "niveau");
	l.annee_column = tableau_column(&r->t, "annee");
	if (l.annee_column < 0) {
		l.annee = run_annee(r, e);
		if (!l.annee)
			return false;
	}
	for (size_t i = 0; i < r->t.n; i++) {
		const struct indicateur *of = run_indicateur(r, r->t.names[i]);
		struct liaison x = { .facteur = 1,
			.num = { .column = { (int)i }, .sign = { 1 }, .n = 1 } };

		if (!of || !run_wants(r, of->code))
			continue;
		x.indicateur = of->code;
		if (!strcmp(of->code, "population"))
			l.weight = x.num;
		if (!large_add(r, &l, of, &x, e))
			return false;
	}
	return l.n ? large_read(r, &l, e) : no_measure(r, e);
}
