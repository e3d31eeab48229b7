#include "orient/rapprochement_traits.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/embedded.h"
#include "core/lieu.h"
#include "orient/rapprochement_mots.h"

/* A word of the commune says little: both stand there.  Two words are one slip apart from
 * 0.92 on, but not short ones (place, plage). */
static const double commune_weight = 0.2, slip = 0.92, slip_short = 5;
static const double street_same = 0.6, street_other = 0.25, near_metres = 150, far_metres = 2000;

const char *const mesure_noms[MESURES] = {
	"biais", "pivot_egal", "siren_egal", "siren_different", "nom", "nom_contenu", "nom_egal",
	"genre_egal", "genre_different", "genre_inconnu", "genre_en_plus", "voie",
	"adresse_egale", "adresse_presque", "numero_different", "voie_differente", "proche",
	"loin", "telephone_egal", "telephone_different", "domaine_egal", "meme_liste",
	"commune_differente", "nom_sur_place", "genre_sur_place", "pivot_sur_place",
	"pivot_et_nom",
};

/* --- words in common ---------------------------------------------------------------- */

static double weight(const struct vocabulaire *v, const struct mots *m, int i)
{
	return vocabulaire_rarete(v, m->v[i]) * (m->commune >> i & 1 ? commune_weight : 1);
}

/* How much word x is word y: 1, its likeness when it is a slip, 0. */
static double likeness(const struct vocabulaire *v, uint32_t x, uint32_t y)
{
	const char *a, *b;
	double s;

	if (x == y)
		return 1;
	a = vocabulaire_texte(v, x);
	b = vocabulaire_texte(v, y);
	if (*a != *b || isdigit((unsigned char)*a) || (double)strlen(a) < slip_short
	    || (double)strlen(b) < slip_short)
		return 0;
	s = mots_ressemblance(a, b);
	return s < slip ? 0 : s;
}

struct commun {
	double cosinus, contenu;        /* 0 to 1 */
	bool egal;
};

static struct commun compare(const struct vocabulaire *v, const struct mots *x,
			     const struct mots *y)
{
	double xx = 0, yy = 0, xy = 0, sx = 0, sy = 0, in = 0;
	struct commun c = { 0, 0, x->n == y->n && x->n };

	for (int j = 0; j < y->n; j++) {
		double w = weight(v, y, j);

		yy += w * w;
		sy += w;
	}
	for (int i = 0; i < x->n; i++) {
		double w = weight(v, x, i), best = 0;
		int at = -1;

		xx += w * w;
		sx += w;
		for (int j = 0; j < y->n; j++) {
			double s = likeness(v, x->v[i], y->v[j]);

			if (s > best) {
				best = s;
				at = j;
			}
		}
		c.egal &= best > 0;
		if (at >= 0) {
			xy += w * weight(v, y, at) * best;
			in += fmin(w, weight(v, y, at)) * best;
		}
	}
	if (xx > 0 && yy > 0) {
		c.cosinus = fmin(1, xy / sqrt(xx * yy));
		c.contenu = fmin(1, in / fmin(sx, sy));
	}
	return c;
}

/* --- the measures of a pair --------------------------------------------------------- */

static void measure_pivot(const struct traits *x, const struct traits *y, double *out)
{
	if (!*x->pivot || !*y->pivot)
		return;
	if (strcmp(x->pivot, y->pivot) == 0)
		out[MESURE_PIVOT_EGAL] = 1;
	else if (strlen(x->pivot) == 14 && strncmp(x->pivot, y->pivot, 9) == 0)
		out[MESURE_SIREN_EGAL] = 1;
	else
		out[MESURE_SIREN_DIFFERENT] = 1;
}

static void measure_genre(const struct traits *x, const struct traits *y, double *out)
{
	if (x->seuls != y->seuls || (x->genres && y->genres && !(x->genres & y->genres)))
		out[MESURE_GENRE_DIFFERENT] = 1;
	else if (x->genres && x->genres == y->genres)
		out[MESURE_GENRE_EGAL] = 1;
	else if (x->genres && y->genres)
		out[MESURE_GENRE_EN_PLUS] = 1;
	else if (x->genres || y->genres)
		out[MESURE_GENRE_INCONNU] = 1;
}

static void measure_street(const struct vocabulaire *v, const struct traits *x,
			   const struct traits *y, double *out)
{
	struct commun c;

	if (!x->voie.n || !y->voie.n)
		return;
	c = compare(v, &x->voie, &y->voie);
	out[MESURE_VOIE] = fmax(c.cosinus, c.contenu * 0.9);
	if (out[MESURE_VOIE] < street_other)
		out[MESURE_VOIE_DIFFERENTE] = 1;
	else if (out[MESURE_VOIE] < street_same)
		return;
	else if (x->numero == y->numero)
		out[MESURE_ADRESSE_EGALE] = 1;
	else if (x->numero < 0 || y->numero < 0)
		out[MESURE_ADRESSE_PRESQUE] = 1;
	else
		out[MESURE_NUMERO_DIFFERENT] = 1;
}

/* Two rows at one address of one commune are there, wherever their sources put the point. */
static void measure_distance(const struct traits *x, const struct traits *y, double *out)
{
	double d;

	out[MESURE_COMMUNE_DIFFERENTE] = *x->insee && *y->insee && strcmp(x->insee, y->insee);
	if (out[MESURE_ADRESSE_EGALE] > 0 && !(out[MESURE_COMMUNE_DIFFERENTE] > 0)) {
		out[MESURE_PROCHE] = 1;
		return;
	}
	if (isnan(x->lat) || isnan(y->lat))
		return;
	d = distance_metres(x->lat, x->lon, y->lat, y->lon);
	out[MESURE_PROCHE] = exp(-d / near_metres);
	out[MESURE_LOIN] = fmin(1, d / far_metres);
}

void traits_mesurer(const struct vocabulaire *v, const struct traits *x,
		    const struct traits *y, double out[MESURES])
{
	struct commun nom = compare(v, &x->nom, &y->nom);
	double here;

	memset(out, 0, MESURES * sizeof *out);
	out[MESURE_BIAIS] = 1;
	measure_pivot(x, y, out);
	out[MESURE_NOM] = nom.cosinus;
	out[MESURE_NOM_CONTENU] = nom.contenu;
	out[MESURE_NOM_EGAL] = nom.egal;
	measure_genre(x, y, out);
	measure_street(v, x, y, out);
	measure_distance(x, y, out);
	if (*x->telephone && *y->telephone)
		out[strcmp(x->telephone, y->telephone) ? MESURE_TELEPHONE_DIFFERENT
		    : MESURE_TELEPHONE_EGAL] = 1;
	out[MESURE_DOMAINE_EGAL] = x->domaine && x->domaine == y->domaine;
	out[MESURE_MEME_LISTE] = strcmp(x->liste, y->liste) == 0;
	here = fmax(out[MESURE_PROCHE], 0.7 * out[MESURE_ADRESSE_PRESQUE]);
	out[MESURE_NOM_SUR_PLACE] = fmax(nom.cosinus, 0.8 * nom.contenu) * here;
	out[MESURE_GENRE_SUR_PLACE] = out[MESURE_GENRE_EGAL] * here;
	out[MESURE_PIVOT_SUR_PLACE] = out[MESURE_PIVOT_EGAL] * here;
	out[MESURE_PIVOT_ET_NOM] = out[MESURE_PIVOT_EGAL] * nom.cosinus;
}

/* --- weights ------------------------------------------------------------------------ */

static double *named(struct poids *p, const char *name, size_t n, unsigned *seen)
{
	static const char *const bounds[] = { "sur", "doute", "brouille" };
	double *const at[] = { &p->sur, &p->doute, &p->brouille };

	for (unsigned i = 0; i < MESURES; i++) {
		if (strlen(mesure_noms[i]) == n && strncmp(mesure_noms[i], name, n) == 0) {
			*seen |= 1u << i;
			return &p->v[i];
		}
	}
	for (unsigned i = 0; i < 3; i++) {
		if (strlen(bounds[i]) == n && strncmp(bounds[i], name, n) == 0) {
			*seen |= 1u << (MESURES + i);
			return at[i];
		}
	}
	return NULL;
}

bool poids_read(struct poids *p, struct err *e)
{
	const struct embedded_file *f = embedded_find(embedded_files,
						      "data/rapprochement_poids.csv");
	unsigned seen = 0;

	memset(p, 0, sizeof *p);
	for (const char *s = f ? f->p : ""; *s; s += strcspn(s, "\n"), s += *s == '\n') {
		size_t n = strcspn(s, ";\n");
		double *at = *s == '#' ? NULL : named(p, s, n, &seen);

		if (at && s[n] == ';')
			*at = strtod(s + n + 1, NULL);
	}
	if (seen == (1u << (MESURES + 3)) - 1)
		return true;
	return fail(e, E_STORE, "la table des poids du rapprochement n'est pas entière.");
}

double poids_score(const struct poids *p, const double mesures[MESURES])
{
	double sum = 0;

	for (int i = 0; i < MESURES; i++)
		sum += p->v[i] * mesures[i];
	return 1 / (1 + exp(-sum));
}

const char *poids_raisons(struct arena *a, const struct poids *p,
			  const double mesures[MESURES])
{
	bool said[MESURES] = { [MESURE_BIAIS] = true };
	const char *out = "";

	for (int n = 0; n < 5; n++) {
		int best = -1;

		for (int i = 0; i < MESURES; i++) {
			if (!said[i] && fabs(p->v[i] * mesures[i]) > 0.3
			    && (best < 0 || fabs(p->v[i] * mesures[i])
				> fabs(p->v[best] * mesures[best])))
				best = i;
		}
		if (best < 0)
			break;
		said[best] = true;
		out = arena_cat(a, out, *out ? "|" : "", mesure_noms[best], NULL);
	}
	return out;
}
