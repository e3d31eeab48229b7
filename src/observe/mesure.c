#include "observe/mesure.h"

#include <math.h>
#include <string.h>

#include "core/ressort.h"
#include "observe/chiffre.h"
#include "observe/releve.h"
#include "web/message.h"

static const char LIEUX[] = "lieux", IND[] = "ind.", INDICE[] = "indice.";
static const double ONE_IN = 10000;             /* inhabitants */

static const char *const statuts[STATUTS] = {
	[STATUT_VALEUR] = "",
	[STATUT_SECRET] = N_("secret : trop peu de personnes"),
	[STATUT_NON_SIGNIFICATIF] = N_("non significatif"),
	[STATUT_NON_DISPONIBLE] = N_("non disponible"),
	[STATUT_SANS_OBJET] = N_("sans objet"),
};

static bool add_indices(const struct mesure_lecture *l, struct mesure *out, size_t *n,
			const struct methode **methodes, size_t nmethodes)
{
	for (size_t i = 0; i < nmethodes; i++) {
		out[(*n)++] = (struct mesure){
			arena_cat(l->a, INDICE, methodes[i]->nom, NULL), methodes[i]->titre, "",
			arena_cat(l->a, methodes[i]->nom, " ", methodes[i]->version, NULL), 0,
			methodes[i], "" };
	}
	return !l->a->spent;
}

/* A method speaks of IRIS only when its indicators are stored there. */
static bool keep_with_iris(const struct mesure_lecture *l, const struct methode **m, size_t *n,
			   struct err *e)
{
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++) {
		CLEANUP(releve_drop) const struct releve *v = NULL;

		if (!releve_hold(l->core, m[i]->nom, &v, e))
			return false;
		if (v && v->tables[NIVEAU_IRIS])
			m[kept++] = m[i];
	}
	*n = kept;
	return true;
}

static void add_indicateurs(const struct mesure_lecture *l, struct mesure *out, size_t *n,
			    const struct indicateur *catalogue, size_t ncatalogue,
			    const struct indicateur_serie *series, size_t nseries)
{
	for (size_t i = 0; i < nseries; i++) {
		const struct indicateur *d = indicateur_find(catalogue, ncatalogue,
							     series[i].indicateur);

		/* Series come by year: the latest one of an indicator stays. */
		if (i + 1 < nseries && !strcmp(series[i].indicateur, series[i + 1].indicateur))
			continue;
		out[(*n)++] = (struct mesure){
			arena_cat(l->a, IND, series[i].indicateur, NULL),
			d ? d->libelle : series[i].indicateur, d ? d->unite : "",
			*series[i].source || !d ? series[i].source : d->source,
			series[i].annee, NULL, indicateur_reserve(d) };
	}
}

bool mesure_list(const struct mesure_lecture *l, const char *niveau, struct mesure **out,
		 size_t *n, struct err *e)
{
	const struct indicateur *catalogue;
	struct indicateur_serie *series;
	const struct methode **methodes;
	size_t ncatalogue, nseries, nmethodes;

	if (!indicateur_list(l->db, l->a, &catalogue, &ncatalogue, e)
	    || !indicateur_series(l->db, l->a, NULL, niveau, &series, &nseries, e)
	    || !releve_methodes(l->core, l->a, &methodes, &nmethodes, e))
		return false;
	*out = NEW_ARRAY(l->a, nseries + nmethodes + 1, struct mesure);
	if (!*out)
		return arena_refuse(l->a, e);
	*n = 0;
	if (!strcmp(niveau, "iris")) {
		if (!keep_with_iris(l, methodes, &nmethodes, e))
			return false;
	} else {
		(*out)[(*n)++] = (struct mesure){ LIEUX,
			tr(l->lang, N_("Lieux connus pour 10 000 habitants")), "",
			tr(l->lang, N_("lieux publiés dans notre liste")), 0, NULL, "" };
	}
	add_indices(l, *out, n, methodes, nmethodes);
	add_indicateurs(l, *out, n, catalogue, ncatalogue, series, nseries);
	return !l->a->spent || arena_refuse(l->a, e);
}

const struct mesure *mesure_find(const struct mesure *list, size_t n, const char *code)
{
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(list[i].code, code))
			return &list[i];
	}
	return NULL;
}

static struct ressort *ressort_of(struct ressort *t, size_t n, const char *code)
{
	while (n && *code) {
		size_t mid = n / 2;
		int d = strcmp(t[mid].code, code);

		if (!d)
			return &t[mid];
		if (d < 0) {
			t += mid + 1;
			n -= mid + 1;
		} else {
			n = mid;
		}
	}
	return NULL;
}

static void add_places(struct ressort *t, size_t n, const struct commune *c, uint32_t places)
{
	static const char *const niveaux[] = { "departement", "region", "epci", "ept" };

	for (size_t i = 0; i < sizeof niveaux / sizeof *niveaux; i++) {
		struct ressort *in = ressort_of(t, n, commune_parent(c, niveaux[i]));

		if (in && !strcmp(in->niveau, niveaux[i]))
			in->valeur += places;
	}
}

/* Places by inhabitants; a territory without inhabitants has no share. */
static bool read_lieux(struct arena *a, const struct repertoire *r, struct ressort *t, size_t n,
		       struct err *e)
{
	const uint32_t *counts = lieux_by_commune(a, r);

	if (!counts)
		return arena_refuse(a, e);
	for (size_t i = 0; i < n; i++)
		t[i].valeur = t[i].commune ? counts[t[i].commune - r->communes] : 0;
	for (size_t c = 0; n && !t[0].commune && c < r->ncommunes; c++) {
		if (counts[c] && !*r->communes[c].parent)
			add_places(t, n, &r->communes[c], counts[c]);
	}
	for (size_t i = 0; i < n; i++) {
		t[i].statut = t[i].population < 0 ? STATUT_NON_DISPONIBLE
			      : t[i].population ? STATUT_VALEUR : STATUT_SANS_OBJET;
		t[i].valeur = t[i].population > 0
			      ? t[i].valeur * ONE_IN / (double)t[i].population : NAN;
	}
	return true;
}

/* Those of one level among t (EPCI and EPT stand side by side on a map). */
static bool read_niveau(struct arena *a, struct db *db, const struct mesure *m,
			const char *niveau, struct ressort *t, size_t n, struct err *e)
{
	const char **codes = NEW_ARRAY(a, n + 1, const char *);
	double *valeurs = NEW_ARRAY(a, n + 1, double);
	uint8_t *etats = NEW_ARRAY(a, n + 1, uint8_t);
	size_t k = 0;

	if (!codes || !valeurs || !etats)
		return arena_refuse(a, e);
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(t[i].niveau, niveau))
			codes[k++] = t[i].code;
	}
	if (k && !indicateur_align(db, m->code + sizeof IND - 1, niveau, m->annee, codes, k,
				   valeurs, etats, NULL, e))
		return false;
	for (size_t i = 0, j = 0; i < n; i++) {
		if (strcmp(t[i].niveau, niveau))
			continue;
		t[i].valeur = valeurs[j];
		t[i].statut = etats[j++];
	}
	return true;
}

static bool read_indicateur(struct arena *a, struct db *db, const struct mesure *m,
			    struct ressort *t, size_t n, struct err *e)
{
	if (!n || !read_niveau(a, db, m, t[0].niveau, t, n, e))
		return !n;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(t[i].niveau, t[0].niveau))
			return read_niveau(a, db, m, t[i].niveau, t, n, e);
	}
	return true;
}

/* --- indices ------------------------------------------------------------------------------- */

static void take_indice(struct ressort *t, const struct indice_table *table,
			const struct indice_resultat *r)
{
	size_t i = table_find(table, t->code);

	t->statut = STATUT_NON_DISPONIBLE;
	if (i >= table->u.n)
		return;
	if (table->u.etat[i] & UNITE_VIDE)
		t->statut = STATUT_SANS_OBJET;
	if (isnan(r->totaux[i]))
		return;
	t->statut = STATUT_VALEUR;
	t->valeur = r->totaux[i];
	t->rang = r->rangs[i];
	t->rang_min = r->bas ? r->bas[i] : 0;
	t->rang_max = r->haut ? r->haut[i] : 0;
}

static bool read_indice(const struct mesure_lecture *l, const struct mesure *m,
			const struct indice_choix *choix, struct ressort *t, size_t n,
			struct err *e)
{
	CLEANUP(releve_drop) const struct releve *v = NULL;
	CLEANUP(arena_free) struct arena scratch = arena_new(64 << 20);
	int niveau = n ? niveau_find(!strcmp(t[0].niveau, "ept") ? "epci" : t[0].niveau) : -1;
	struct indice_resultat own;
	const struct indice_resultat *r;

	if (!releve_hold(l->core, m->methode->nom, &v, e))
		return false;
	if (!v || niveau < 0 || !v->tables[niveau])
		return true;
	r = &v->resultats[niveau];
	if (choix && !choix_est_defaut(v->m, choix)) {
		if (!table_compter(&scratch, v->tables[niveau], choix, NULL, &own, e))
			return false;
		r = &own;
	}
	for (size_t i = 0; i < n; i++)
		take_indice(&t[i], v->tables[niveau], r);
	return true;
}

bool mesure_read(const struct mesure_lecture *l, const struct mesure *m,
		 const struct indice_choix *choix, struct ressort *t, size_t n, struct err *e)
{
	if (!strcmp(m->code, LIEUX))
		return read_lieux(l->a, l->r, t, n, e);
	if (m->methode)
		return read_indice(l, m, choix, t, n, e);
	return read_indicateur(l->a, l->db, m, t, n, e);
}

const char *mesure_text(struct arena *a, const struct lang *lang, const struct mesure *m,
			const struct ressort *t)
{
	char text[I18N_TEXT];

	if (t->statut != STATUT_VALEUR)
		return tr(lang, statuts[t->statut]);
	/* A column of scores, shares or rates keeps its marks under each other; none is "0". */
	if (m->methode || (fabs(t->valeur) > 0 && fabs(t->valeur) < 100
			   && (!strcmp(m->unite, "%") || !strcmp(m->code, LIEUX))))
		return *m->unite ? arena_cat(a, chiffre_fixe(a, lang, t->valeur, 1), "\u00a0",
					     m->unite, NULL)
				 : chiffre_fixe(a, lang, t->valeur, 1);
	if (fabs(t->valeur) >= 100)
		number_text(lang, llround(t->valeur), text);
	else
		real_text(lang, t->valeur, text);
	return *m->unite ? arena_printf(a, "%s\u00a0%s", text, m->unite) : arena_str(a, text);
}
