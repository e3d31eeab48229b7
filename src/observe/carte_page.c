#include "observe/carte_page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"
#include "core/ressort.h"
#include "format/csv.h"
#include "format/xlsx.h"
#include "observe/carte.htm.h"
#include "observe/fonds.h"
#include "observe/releve.h"
#include "observe/ressorts.h"
#include "store/db.h"
#include "web/message.h"
#include "web/right.h"

enum { WIDTH = 720,
	/* beyond, ranks would make the page too heavy: they are in the files */
	RANKED = 300 };

struct carte_in {
	const char *mesure;
	int niveau;
};

static const struct choice niveaux[] = {
	{ "commune", N_("Communes"), NULL },
	{ "epci", N_("Regroupements de communes"), NULL },
	{ 0 },
};

static const struct field carte_fields[] = {
	{ AT(carte_in, mesure), .kind = F_TEXT, .max = 80, .label = N_("Ce que montre la carte") },
	{ AT(carte_in, niveau), .kind = F_CHOICE, .choices = niveaux,
	  .label = N_("Territoire par territoire") },
	{ 0 },
};

/* One map being made. */
struct making {
	struct req *r;
	const struct repertoire *rep;
	struct db *db;
	struct ressorts of;
	struct mesure_lecture l;
	struct mesure *mesures;
	const struct mesure *mesure;
	size_t nmesures;
	struct indice_choix choix;      /* of an index */
	struct err refused;             /* what was wrong with it; E_OK */
	const struct choroplethe_fond *fond;    /* held until the page is written */
};

static void making_end(struct making *k)
{
	fond_drop(&k->fond);
}

/* --- classes and words ------------------------------------------------------------------- */

static bool draw(struct making *k, struct carte_view *v, struct err *e)
{
	struct arena *a = k->r->a;
	struct carte_zone *z = NEW_ARRAY(a, k->of.n + 1, struct carte_zone);
	double *values = NEW_ARRAY(a, k->of.n + 1, double), bounds[CHOROPLETHE_CLASSES - 1];
	int *classes = NEW_ARRAY(a, k->of.n + 1, int);
	struct choroplethe *c = NEW(a, struct choroplethe);

	if (!z || !values || !classes || !c)
		return arena_refuse(a, e);
	for (size_t i = 0; i < k->of.n; i++)
		values[i] = k->of.t[i].valeur;
	choroplethe_bounds(a, values, k->of.n, bounds);
	for (size_t i = 0; i < k->of.n; i++) {
		const struct ressort *t = &k->of.t[i];

		classes[i] = choroplethe_class(bounds, t->valeur);
		z[i] = (struct carte_zone){ t->code, t->nom, t->lien,
			mesure_text(a, k->r->lang, k->mesure, t), classes[i] };
	}
	if (!ressorts_fond(k->r->core, &k->of, WIDTH, &k->fond, e)
	    || !choroplethe_draw(a, k->fond, z, c, e))
		return false;
	c->titre = arena_cat(a, v->titre, ", ", k->mesure->libelle, NULL);
	ressorts_classes(a, k->r->lang, k->mesure, k->of.t, classes, k->of.n, c->classes);
	v->carte = c->n ? c : NULL;
	return true;
}

static int by_value(const void *x, const void *y)
{
	const struct ressort *const *s = x, *const *t = y;
	double a = (*s)->valeur, b = (*t)->valeur;

	if (isnan(a) || isnan(b))
		return isnan(a) != isnan(b) ? (isnan(a) ? 1 : -1) : strcmp((*s)->code, (*t)->code);
	return a > b ? -1 : a < b ? 1 : strcmp((*s)->code, (*t)->code);
}

/* What there is to see, first: who has none of it, or how far the ends are. */
static const char *finding(struct making *k, const struct ressort *const *sorted)
{
	size_t known = 0, zero = 0;
	char text[I18N_TEXT];

	for (size_t i = 0; i < k->of.n; i++) {
		known += k->of.t[i].statut == STATUT_VALEUR;
		zero += k->of.t[i].statut == STATUT_VALEUR && k->of.t[i].valeur <= 0;
	}
	if (!known)
		return tr(k->r->lang, N_("Aucune valeur n’est connue ici pour cette mesure."));
	if (zero && !strcmp(k->mesure->code, "lieux")) {
		number_text(k->r->lang, (int64_t)zero, text);
		return message(k->r->a, k->r->lang, zero == 1
			? N_("Sur %2 territoires, %1 n’a aucun lieu connu où être aidé.")
			: N_("Sur %2 territoires, %1 n’ont aucun lieu connu où être aidé."),
			arena_str(k->r->a, text),
			arena_printf(k->r->a, "%zu", known));
	}
	return message(k->r->a, k->r->lang, N_("De %1 (%2) à %3 (%4)."),
		       mesure_text(k->r->a, k->r->lang, k->mesure, sorted[known - 1]),
		       sorted[known - 1]->nom,
		       mesure_text(k->r->a, k->r->lang, k->mesure, sorted[0]), sorted[0]->nom);
}

/* "12", or "de 8 à 31" when it is known how sure that is. */
static const char *rank_words(struct making *k, const struct ressort *t)
{
	char low[I18N_TEXT], high[I18N_TEXT];

	if (!t->rang)
		return "";
	if (!t->rang_max || t->rang_min == t->rang_max)
		return arena_str(k->r->a, number_text(k->r->lang, t->rang, low));
	number_text(k->r->lang, t->rang_min, low);
	number_text(k->r->lang, t->rang_max, high);
	return message(k->r->a, k->r->lang, N_("de %1 à %2"), arena_str(k->r->a, low),
		       arena_str(k->r->a, high));
}

/* Where the value of an index is worked out, with the same weights. */
static const char *computation(struct making *k, const struct ressort *t, const char *choice)
{
	if (!k->mesure->methode || t->statut != STATUT_VALEUR)
		return NULL;
	return arena_cat(k->r->a, "/observatoire/methodes/", k->mesure->methode->nom,
			 strrchr(t->lien, '/'), *choice ? "?" : "", choice, NULL);
}

static bool tabulate(struct making *k, struct carte_view *v, struct err *e)
{
	struct arena *a = k->r->a;
	const struct ressort **sorted = NEW_ARRAY(a, k->of.n + 1, const struct ressort *);
	struct carte_ligne *l = NEW_ARRAY(a, k->of.n + 1, struct carte_ligne);

	if (!sorted || !l)
		return arena_refuse(a, e);
	for (size_t i = 0; i < k->of.n; i++)
		sorted[i] = &k->of.t[i];
	qsort(sorted, k->of.n, sizeof *sorted, by_value);
	for (size_t i = 0; i < k->of.n; i++) {
		l[i] = (struct carte_ligne){ sorted[i]->nom, sorted[i]->lien,
			mesure_text(a, k->r->lang, k->mesure, sorted[i]),
			rank_words(k, sorted[i]), computation(k, sorted[i], v->choix) };
		v->rangs |= sorted[i]->rang > 0 && k->of.n <= RANKED;
		v->intervalles |= sorted[i]->rang_max > 0 && k->of.n <= RANKED;
	}
	v->lignes = l;
	v->n = k->of.n;
	v->constat = finding(k, sorted);
	return true;
}

/* --- handlers ---------------------------------------------------------------------------- */

/* The weights of an index, from the address; the method's own when they cannot be. */
static void read_choice(struct making *k)
{
	const struct methode *m = k->mesure->methode;

	if (!m || choix_lire(m, k->r->query, &k->choix, &k->refused))
		return;
	choix_defaut(m, &k->choix);
}

static bool no_iris(struct err *e)
{
	fail(e, E_MISSING, N_("Rien n’est connu ici à l’échelle de l’IRIS."));
	return hint(e, N_("Ce que l’on sait de la commune entière est dans sa page."));
}

static bool make(struct making *k, struct err *e)
{
	struct req *r = k->r;
	const struct carte_in *in = r->in;

	const struct commune *c = commune_of_code(k->rep, r->params[0]);

	if (c ? !ressorts_iris(r->a, k->db, k->rep, r->lang, c, &k->of, e)
	    : !ressorts_of(r->a, k->rep, r->params[0], in->niveau == 1, &k->of, e))
		return false;
	if (c && !k->of.n)
		return no_iris(e);
	k->l = (struct mesure_lecture){ r->a, r->core, k->db, k->rep, r->lang };
	if (!mesure_list(&k->l, k->of.niveau, &k->mesures, &k->nmesures, e))
		return false;
	if (!k->nmesures)
		return no_iris(e);
	k->mesure = in->mesure ? mesure_find(k->mesures, k->nmesures, in->mesure) : k->mesures;
	if (!k->mesure)
		k->mesure = k->mesures;
	read_choice(k);
	return mesure_read(&k->l, k->mesure, &k->choix, k->of.t, k->of.n, e);
}

static const char *source_words(struct making *k)
{
	if (!k->mesure->annee)
		return k->mesure->source;
	return arena_printf(k->r->a, "%s, %d", k->mesure->source, k->mesure->annee);
}

static const struct carte_lien *others(struct making *k)
{
	struct carte_lien *l = NEW_ARRAY(k->r->a, 5, struct carte_lien);

	if (l && k->of.commune) {
		l[0].texte = message(k->r->a, k->r->lang, N_("%1 : ce qu’il y a, ce qui manque"),
				     k->of.commune->nom);
		l[0].lien = arena_cat(k->r->a, "/territoires/", k->of.commune->code, NULL);
		l[1].texte = tr(k->r->lang, N_("La liste de ses IRIS"));
		l[1].lien = arena_cat(k->r->a, l[0].lien, "/iris", NULL);
	}
	if (!l || !k->of.departement)
		return l;
	l[0].texte = message(k->r->a, k->r->lang, N_("%1 : ce qu’il y a, ce qui manque"),
			     k->of.departement->nom);
	l[0].lien = territoire_lien(k->r->a, k->of.departement);
	l[1].texte = tr(k->r->lang, N_("L’offre et les besoins"));
	l[1].lien = arena_cat(k->r->a, "/observatoire/offre/", k->of.departement->code, NULL);
	l[2].texte = tr(k->r->lang, N_("Les communes qui ressemblent à leurs voisines"));
	l[2].lien = arena_cat(k->r->a, "/observatoire/grappes/", k->of.departement->code,
			      "?mesure=", k->mesure->code, NULL);
	l[3].texte = tr(k->r->lang, N_("La France, département par département"));
	l[3].lien = "/observatoire/carte/france";
	return l;
}

static const char *file_link(struct making *k, const char *choice, const char *format)
{
	return arena_cat(k->r->a, k->r->path, "/", format, "?mesure=", k->mesure->code,
			 k->of.departement ? "&niveau=" : "",
			 k->of.departement ? k->of.niveau : "", *choice ? "&" : "", choice, NULL);
}

static const char *weight_text(struct arena *a, double v)
{
	char *text = (char *)arena_printf(a, "%g", v), *point = text ? strchr(text, '.') : NULL;

	if (point)
		*point = ',';
	return text;
}

/* Which indicators of the index nothing is known of. */
static bool known_columns(struct making *k, bool *known, struct err *e)
{
	CLEANUP(releve_drop) const struct releve *v = NULL;
	int niveau = niveau_find(k->of.niveau);

	if (!releve_hold(k->r->core, k->mesure->methode->nom, &v, e))
		return false;
	for (int i = 0; i < k->mesure->methode->n; i++)
		known[i] = v && niveau >= 0 && v->tables[niveau] && v->tables[niveau]->x[i];
	return true;
}

/* The form that moves the weights. */
static bool fill_weights(struct making *k, struct carte_view *v, struct err *e)
{
	CLEANUP(buf_free) struct buf query = buf_new(8 << 10);
	const struct methode *m = k->mesure->methode;
	double parts[METHODE_INDICATEURS];
	bool known[METHODE_INDICATEURS] = { 0 };
	struct carte_poids *p;

	v->choix = v->absents = "";
	if (!m)
		return true;
	p = NEW_ARRAY(k->r->a, (size_t)m->n, struct carte_poids);
	if (!p)
		return arena_refuse(k->r->a, e);
	if (!known_columns(k, known, e))
		return false;
	choix_parts(m, &k->choix, UINT64_MAX, parts);
	for (int i = 0; i < m->n; i++) {
		const struct methode_indicateur *x = &m->indicateurs[i];
		char name[80];
		const char *typed;

		snprintf(name, sizeof name, "poids.%s", x->code);
		typed = k->refused.kind ? req_typed(k->r, name) : NULL;
		p[i] = (struct carte_poids){ x->code, x->libelle, x->unite,
			typed ? typed : weight_text(k->r->a, k->choix.poids[i]),
			arena_printf(k->r->a, "%.0f", parts[i] * 100), !known[i] };
		if (!known[i])
			v->absents = arena_cat(k->r->a, v->absents, *v->absents ? ", " : "",
					       x->libelle, NULL);
	}
	choix_ecrire(&query, m, &k->choix);
	v->choix = arena_strn(k->r->a, query.n ? query.p : "", query.n);
	v->poids = p;
	v->npoids = (size_t)m->n;
	v->choix_ouvert = *v->choix || k->refused.kind;
	v->erreur = k->refused.kind ? k->refused.msg : NULL;
	v->avertissement = m->avertissement;
	return true;
}

static bool carte_page(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	CLEANUP(db_release) struct db *db = NULL;
	CLEANUP(making_end) struct making k = { .r = r, .rep = held.r };
	struct carte_view v = { 0 };
	struct page page;
	struct html h;

	if (!db_acquire(r->core->store, &db, e))
		return false;
	k.db = db;
	if (!make(&k, e))
		return false;
	v.titre = k.of.commune ? message(r->a, r->lang, N_("%1, IRIS par IRIS"), k.of.commune->nom)
		: !k.of.departement ? tr(r->lang, N_("La France, département par département"))
		: message(r->a, r->lang, *k.of.niveau == 'c' ? N_("%1, commune par commune")
			  : N_("%1, par regroupement de communes"), k.of.departement->nom);
	v.action = r->path;
	v.mesures = k.mesures;
	v.nmesures = k.nmesures;
	v.mesure = k.mesure;
	v.niveau = k.of.niveau;
	v.deux_niveaux = k.of.departement != NULL;
	v.source = source_words(&k);
	v.autres = others(&k);
	if (!fill_weights(&k, &v, e) || !tabulate(&k, &v, e) || !draw(&k, &v, e))
		return false;
	v.csv = file_link(&k, v.choix, "csv");
	v.xlsx = file_link(&k, v.choix, "xlsx");
	if (v.erreur)
		s->status = 400;
	page = page_for(r, v.titre);
	page.error = v.erreur != NULL;
	page.nav = NAV_TERRITOIRES;
	v.page = &page;
	h = page_html(r, s);
	carte_territoires(&h, &v);
	return true;
}

/* --- the same as a file ------------------------------------------------------------------ */

static const char *const heads[] = { "code", "nom", "population", "valeur", "statut", "mesure",
				     "annee", "rang", "rang_min", "rang_max" };

static void csv_line(struct making *k, const struct ressort *t, struct buf *b)
{
	struct arena *a = k->r->a;

	csv_write_cell(b, t->code, true);
	csv_write_cell(b, t->nom, false);
	csv_write_cell(b, t->population < 0 ? ""
		       : arena_printf(a, "%lld", (long long)t->population), false);
	csv_write_cell(b, t->statut != STATUT_VALEUR ? ""
		       : arena_printf(a, "%.10g", t->valeur), false);
	csv_write_cell(b, indicateur_statut_names[t->statut], false);
	csv_write_cell(b, k->mesure->code, false);
	csv_write_cell(b, k->mesure->annee ? arena_printf(a, "%d", k->mesure->annee) : "", false);
	csv_write_cell(b, t->rang ? arena_printf(a, "%u", t->rang) : "", false);
	csv_write_cell(b, t->rang_max ? arena_printf(a, "%u", t->rang_min) : "", false);
	csv_write_cell(b, t->rang_max ? arena_printf(a, "%u", t->rang_max) : "", false);
	buf_str(b, "\r\n");
}

static bool xlsx_line(struct making *k, const struct ressort *t, struct xlsx *x, struct err *e)
{
	xlsx_text(x, t->code);
	xlsx_text(x, t->nom);
	xlsx_number(x, t->population < 0 ? NAN : (double)t->population);
	xlsx_number(x, t->valeur);
	xlsx_text(x, indicateur_statut_names[t->statut]);
	xlsx_text(x, k->mesure->code);
	xlsx_number(x, k->mesure->annee ? (double)k->mesure->annee : (double)NAN);
	xlsx_number(x, t->rang ? (double)t->rang : (double)NAN);
	xlsx_number(x, t->rang_max ? (double)t->rang_min : (double)NAN);
	xlsx_number(x, t->rang_max ? (double)t->rang_max : (double)NAN);
	return xlsx_row(x, e);
}

static bool write_csv(struct making *k, struct res *s)
{
	s->type = "text/csv; charset=utf-8";
	s->filename = arena_cat(k->r->a, "carte-", k->r->params[0], "-", k->of.niveau, ".csv", NULL);
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		csv_write_cell(&s->body, heads[i], !i);
	buf_str(&s->body, "\r\n");
	for (size_t i = 0; i < k->of.n; i++)
		csv_line(k, &k->of.t[i], &s->body);
	return true;
}

static bool write_xlsx(struct making *k, struct res *s, struct err *e)
{
	CLEANUP(xlsx_free) struct xlsx *x = NULL;
	const char *folder = arena_cat(k->r->a, store_dir(k->r->core->store), "/tmp", NULL);

	s->type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
	s->filename = arena_cat(k->r->a, "carte-", k->r->params[0], "-", k->of.niveau, ".xlsx", NULL);
	if (!store_folder(k->r->core->store, "tmp", e) || !xlsx_new(folder, &x, e)
	    || !xlsx_sheet(x, k->mesure->libelle, e))
		return false;
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		xlsx_title(x, heads[i]);
	if (!xlsx_row(x, e))
		return false;
	for (size_t i = 0; i < k->of.n; i++) {
		if (!xlsx_line(k, &k->of.t[i], x, e))
			return false;
	}
	return xlsx_end(&x, &s->body, e);
}

static bool carte_file(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	CLEANUP(db_release) struct db *db = NULL;
	struct making k = { .r = r, .rep = held.r };
	const char *format = r->params[1];

	if (strcmp(format, "csv") && strcmp(format, "xlsx")) {
		fail(e, E_MISSING, N_("Cette carte n’existe pas sous cette forme."));
		return hint(e, N_("Elle se télécharge en CSV ou en XLSX."));
	}
	if (!db_acquire(r->core->store, &db, e))
		return false;
	k.db = db;
	if (!make(&k, e))
		return false;
	return *format == 'c' ? write_csv(&k, s) : write_xlsx(&k, s, e);
}

const struct route carte_routes[] = {
	{ GET, "/observatoire/carte/{code}", carte_page, CAN_PUBLIC, carte_fields,
	  sizeof(struct carte_in), N_("Carte d’une mesure, territoire par territoire"), ROUTE_SLOW, NULL },
	{ GET, "/observatoire/carte/{code}/{format}", carte_file, CAN_PUBLIC, carte_fields,
	  sizeof(struct carte_in), N_("Les valeurs de la carte, en CSV ou en XLSX"), ROUTE_SLOW, NULL },
	{ 0 },
};
