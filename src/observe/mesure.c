#include "observe/mesure.h"

#include <math.h>
#include <string.h>

#include "core/ressort.h"
#include "web/message.h"

static const char LIEUX[] = "lieux", IND[] = "ind.";
static const double ONE_IN = 10000;             /* inhabitants */

static const char *const statuts[STATUTS] = {
	[STATUT_VALEUR] = "",
	[STATUT_SECRET] = N_("secret : trop peu de personnes"),
	[STATUT_NON_SIGNIFICATIF] = N_("non significatif"),
	[STATUT_NON_DISPONIBLE] = N_("non disponible"),
	[STATUT_SANS_OBJET] = N_("sans objet"),
};

bool mesure_list(struct arena *a, struct db *db, const struct lang *lang, const char *niveau,
		 struct mesure **out, size_t *n, struct err *e)
{
	const struct indicateur *catalogue;
	struct indicateur_serie *series;
	size_t ncatalogue, nseries;

	if (!indicateur_list(db, a, &catalogue, &ncatalogue, e)
	    || !indicateur_series(db, a, NULL, niveau, &series, &nseries, e))
		return false;
	*out = NEW_ARRAY(a, nseries + 1, struct mesure);
	if (!*out)
		return arena_refuse(a, e);
	(*out)[0] = (struct mesure){ LIEUX,
		tr(lang, N_("Lieux connus pour 10 000 habitants")), "",
		tr(lang, N_("lieux publiés dans notre liste")), 0 };
	*n = 1;
	for (size_t i = 0; i < nseries; i++) {
		const struct indicateur *d = indicateur_find(catalogue, ncatalogue,
							     series[i].indicateur);

		/* Series come by year: the latest one of an indicator stays. */
		if (i + 1 < nseries && !strcmp(series[i].indicateur, series[i + 1].indicateur))
			continue;
		(*out)[(*n)++] = (struct mesure){
			arena_cat(a, IND, series[i].indicateur, NULL),
			d ? d->libelle : series[i].indicateur, d ? d->unite : "",
			*series[i].source || !d ? series[i].source : d->source,
			series[i].annee };
	}
	return !a->spent || arena_refuse(a, e);
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

bool mesure_read(struct arena *a, struct db *db, const struct repertoire *r,
		 const struct mesure *m, struct ressort *t, size_t n, struct err *e)
{
	if (!strcmp(m->code, LIEUX))
		return read_lieux(a, r, t, n, e);
	return read_indicateur(a, db, m, t, n, e);
}

const char *mesure_text(struct arena *a, const struct lang *lang, const struct mesure *m,
			const struct ressort *t)
{
	char text[I18N_TEXT];

	if (t->statut != STATUT_VALEUR)
		return tr(lang, statuts[t->statut]);
	if (fabs(t->valeur) >= 100)
		number_text(lang, llround(t->valeur), text);
	else
		real_text(lang, t->valeur, text);
	return *m->unite ? arena_printf(a, "%s\u00a0%s", text, m->unite) : arena_str(a, text);
}
