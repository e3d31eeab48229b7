/* Any table, through its mapping: wide (a column per indicator) or long (a row per value). */
#include <string.h>

#include "observe/indicateur_large.h"
#include "observe/indicateur_long.h"
#include "observe/indicateur_mapping.h"

/* A column that the mapping names and the table must have; -1 for "". */
static bool column(struct run *r, const char *name, int *out, struct err *e)
{
	*out = *name ? tableau_column(&r->t, name) : -1;
	if (!*name || *out >= 0)
		return true;
	fail(e, E_INPUT, "la colonne « %.80s » que décrit --mapping n'y est pas.", name);
	hint(e, "Ses premières colonnes : %.40s, %.40s, %.40s...", r->t.names[0],
	     r->t.n > 1 ? r->t.names[1] : "", r->t.n > 2 ? r->t.names[2] : "");
	return fail_at(e, r->name, 0);
}

/* "RP - VOIT1P": columns between signs that have spaces around them. */
static bool columns(struct run *r, const char *expr, struct somme *out, struct err *e)
{
	int8_t sign = 1;

	while (*expr) {
		const char *plus = strstr(expr, " + "), *minus = strstr(expr, " - ");
		const char *end = plus && (!minus || plus < minus) ? plus : minus;
		const char *name = end ? arena_strn(&r->a, expr, (size_t)(end - expr)) : expr;

		if (out->n == TERMES)
			return fail(e, E_INPUT, "« %.80s » a trop de termes.", expr);
		if (!column(r, name, &out->column[out->n], e))
			return false;
		out->sign[out->n++] = sign;
		sign = end == minus ? -1 : 1;
		expr = end ? end + 3 : "";
	}
	return true;
}

static const char *or_else(const char *s, const char *other)
{
	return *s ? s : other;
}

/* The indicator of a section: the catalogue's, or one of the territory's own. */
static const struct indicateur *indicateur_of_section(struct run *r,
						      const struct cadre_section *s,
						      struct err *e)
{
	const struct indicateur *i = run_indicateur(r, s->code);
	bool share = *s->denominateur && s->facteur == 100;

	if (i && !i->propre)
		return i;
	i = run_propre(r, &(struct indicateur){
		.code = s->code, .libelle = or_else(s->libelle, i ? i->libelle : s->code),
		.unite = or_else(s->unite, share ? "%" : i ? i->unite : "selon la source"),
		.sens = s->sens, .nature = or_else(s->nature, share ? "part" : "moyenne"),
		.source = or_else(r->cadre->source, r->name), .licence = r->cadre->licence,
		.url = r->cadre->url, .note = s->note });
	if (!i)
		fail(e, E_LIMIT, "Trop d'indicateurs à la fois.");
	return i;
}

static bool check_nature(struct run *r, const struct indicateur *i, struct err *e)
{
	static const char *const natures[] = { "part", "nombre", "moyenne", "distance", "montant",
		"score" };

	for (size_t k = 0; k < sizeof natures / sizeof *natures; k++) {
		if (!strcmp(i->nature, natures[k]))
			return true;
	}
	fail(e, E_INPUT, "la nature « %.40s » de %s n'est pas connue.", i->nature, i->code);
	hint(e, "Natures : part, nombre, moyenne, distance, montant, score.");
	return fail_at(e, r->name, 0);
}

static bool find_level(struct run *r, enum niveau *n, struct err *e)
{
	if (!*r->cadre->niveau)
		return true;
	*n = niveau_of(r->cadre->niveau);
	if (*n != N_AUCUN)
		return true;
	fail(e, E_INPUT, "le niveau « %.40s » de --mapping n'est pas connu.", r->cadre->niveau);
	return hint(e, "Niveaux : iris, commune, epci, ept, departement, region, france.");
}

static bool find_year(struct run *r, int year_column, int *annee, struct err *e)
{
	*annee = r->ask->annee ? r->ask->annee : r->cadre->annee;
	if (year_column < 0 && !*annee)
		*annee = run_annee(r, e);
	return year_column >= 0 || *annee;
}

static bool read_wide(struct run *r, struct err *e)
{
	const struct cadre *c = r->cadre;
	struct large l;

	if (!large_new(r, &l, e) || !column(r, c->code, &l.code, e)
	    || !column(r, c->colonne_niveau, &l.niveau_column, e)
	    || !column(r, c->colonne_annee, &l.annee_column, e) || !find_level(r, &l.niveau, e)
	    || !find_year(r, l.annee_column, &l.annee, e) || !columns(r, c->poids, &l.weight, e))
		return false;
	for (size_t k = 0; k < c->n; k++) {
		const struct cadre_section *s = &c->sections[k];
		const struct indicateur *i = indicateur_of_section(r, s, e);
		struct liaison x = { .facteur = s->facteur };

		if (!i || !check_nature(r, i, e)
		    || !columns(r, *s->colonne ? s->colonne : s->numerateur, &x.num, e)
		    || !columns(r, s->denominateur, &x.den, e))
			return false;
		x.indicateur = i->code;
		if (!large_add(r, &l, i, &x, e))
			return false;
	}
	return large_read(r, &l, e);
}

static bool read_rows(struct run *r, struct err *e)
{
	const struct cadre *c = r->cadre;
	struct lignes l;

	if (!lignes_new(r, &l, e) || !column(r, c->code, &l.code, e)
	    || !column(r, c->colonne_niveau, &l.niveau_column, e)
	    || !column(r, c->colonne_annee, &l.annee_column, e) || !find_level(r, &l.niveau, e)
	    || !find_year(r, l.annee_column, &l.annee, e)
	    || !column(r, c->colonne_mesure, &l.mesure, e)
	    || !column(r, c->colonne_valeur, &l.valeur, e))
		return false;
	l.conf = tableau_column(&r->t, "CONF_STATUS");
	l.obs = tableau_column(&r->t, "OBS_STATUS");
	l.ignore_unknown = true;
	for (size_t i = 0; i < c->nfiltres; i++) {
		if (!column(r, c->filtres[i].colonne, &l.filtres[i].column, e))
			return false;
		l.filtres[l.nfiltres++].value = c->filtres[i].valeur;
	}
	for (size_t k = 0; k < c->n; k++) {
		const struct cadre_section *s = &c->sections[k];
		const struct indicateur *i = indicateur_of_section(r, s, e);

		if (!i || !check_nature(r, i, e))
			return false;
		if (!*s->mesure) {
			fail(e, E_INPUT, "il manque « mesure » à [%s].", s->code);
			return fail_at(e, r->ask->mapping, s->line);
		}
		l.mots[l.n++] = (struct mot){ s->mesure, i, s->facteur };
	}
	return lignes_read(r, &l, e);
}

bool read_tableau(struct run *r, struct err *e)
{
	r->source = or_else(r->cadre->source, r->name);
	r->licence = r->cadre->licence;
	r->url = r->cadre->url;
	return *r->cadre->colonne_mesure ? read_rows(r, e) : read_wide(r, e);
}
