#include "orient/proposition_plan.h"

#include <string.h>

#include "base/utf8.h"

enum { FOLDED_MOST = 400, PIECE_LONG = 150 };

#define SURE 0.4                /* below, a column is not proposed */

/* --- values of lists ------------------------------------------------------------------ */

static bool add_piece(struct arena *a, struct pieces *out, const char *s, size_t len,
		      size_t times)
{
	char want[FOLDED_MOST];

	while (len && strchr(" \t\r\n\"", *s))
		s++, len--;
	while (len && strchr(" \t\r\n\"", s[len - 1]))
		len--;
	if (!len)
		return true;
	if (len > PIECE_LONG)
		return false;
	utf8_fold(arena_strn(a, s, len), want, sizeof want);
	for (size_t i = 0; i < out->n; i++) {
		if (strcmp(want, out->list[i].folded) == 0) {
			out->list[i].n += times;
			return true;
		}
	}
	if (out->n == PLAN_VALEURS)
		return false;
	out->list[out->n++] = (struct piece){ arena_strn(a, s, len), arena_str(a, want), times };
	return true;
}

/* Where the next separator of the value stands. */
static size_t next_cut(const char *s, const bool cut[SEPARATEURS], size_t *skip)
{
	size_t best = strlen(s);

	*skip = 0;
	for (int i = 0; i < SEPARATEURS; i++) {
		const char *at = cut[i] ? strstr(s, separateurs[i]) : NULL;

		if (at && (size_t)(at - s) < best) {
			best = (size_t)(at - s);
			*skip = strlen(separateurs[i]);
		}
	}
	return best;
}

static void cut_all(struct arena *a, const struct colonne_vue *c, struct pieces *out)
{
	out->n = 0;
	out->trop = false;
	for (size_t i = 0; i < c->nvaleurs && !out->trop; i++) {
		for (const char *s = c->valeurs[i].text; *s && !out->trop;) {
			size_t skip, len = next_cut(s, out->cut, &skip);

			out->trop = !add_piece(a, out, s, len, c->valeurs[i].n);
			s += len + skip;
		}
	}
	out->trop |= c->trop && out->n > PLAN_VALEURS / 2;
}

/* A sign is a separator when cutting there gives fewer different values, not more: "impôts,
 * caf..." inside one answer is none. */
static struct pieces *cut_column(struct arena *a, const struct colonne_vue *c)
{
	struct pieces *best = NEW(a, struct pieces), *next = NEW(a, struct pieces);

	if (!best || !next)
		return NULL;
	cut_all(a, c, best);
	for (int i = 0; i < SEPARATEURS; i++) {
		if (!c->avec[i] || 50 * c->avec[i] < c->n)
			continue;
		memcpy(next->cut, best->cut, sizeof next->cut);
		next->cut[i] = true;
		cut_all(a, c, next);
		if (!next->trop && (best->trop || next->n <= best->n))
			*best = *next;
	}
	return best;
}

const struct pieces *plan_pieces(const struct plan *p, const struct colonne_vue *c)
{
	for (size_t i = 0; i < p->r->n; i++) {
		if (p->r->colonnes[i] == c)
			return p->pieces[i];
	}
	return NULL;
}

/* Share of the values of a list column that mean a national value. */
static double known_part(struct plan *p, const struct colonne_vue *c, enum lieu_field f)
{
	const struct pieces *v = plan_pieces(p, c);
	size_t known = 0, all = 0;
	bool exact;

	if (!v || v->trop)
		return 0;
	for (size_t i = 0; i < v->n; i++) {
		all += v->list[i].n;
		known += mots_valeur(p->m, f, v->list[i].text, &exact) ? v->list[i].n : 0;
	}
	return all ? (double)known / (double)all : 0;
}

/* --- what the values say -------------------------------------------------------------- */

static double most(double x, double y)
{
	return x > y ? x : y;
}

enum ordre_date plan_ordre(const struct colonne_vue *c)
{
	double j = regard_part(c, SORTE_JMA), m = regard_part(c, SORTE_MJA);
	double y = regard_part(c, SORTE_AMJ);

	return y >= j && y >= m ? DATE_AMJ : j >= m ? DATE_JMA : DATE_MJA;
}

/* Different values, of a hundred. */
static double distinct(const struct colonne_vue *c)
{
	return c->trop ? 1 : c->n ? (double)c->nvaleurs / (double)c->n : 0;
}

/* How many values have the form of the field; -1 when any text may be one. */
static double form(struct plan *p, const struct colonne_vue *c, enum lieu_field f)
{
	switch (f) {
	case LIEU_PIVOT:        return regard_part(c, SORTE_PIVOT);
	case LIEU_CODE_POSTAL:  return regard_part(c, SORTE_POSTAL);
	case LIEU_CODE_INSEE:   return regard_part(c, SORTE_INSEE);
	case LIEU_LATITUDE:     return regard_part(c, SORTE_LATITUDE);
	case LIEU_LONGITUDE:    return regard_part(c, SORTE_LONGITUDE);
	case LIEU_TELEPHONE:    return regard_part(c, SORTE_TELEPHONE);
	case LIEU_COURRIELS:    return regard_part(c, SORTE_COURRIEL);
	case LIEU_SITE_WEB:
	case LIEU_PRISE_RDV:
	case LIEU_ACCES_LIBRE:  return regard_part(c, SORTE_URL);
	case LIEU_HORAIRES:     return regard_part(c, SORTE_OSM);
	case LIEU_DATE_MAJ:     return most(regard_part(c, SORTE_AMJ),
					    most(regard_part(c, SORTE_JMA), regard_part(c,
					    	SORTE_MJA)));
	case LIEU_ID:           return distinct(c) > 0.9 ? 1 : 0;
	case LIEU_NOM:          return regard_part(c, SORTE_OUI_NON) > 0.2 ? 0 : distinct(c);
	default:                return lieu_field_rules[f].kind == LIEU_CHOICES
				       ? known_part(p, c, f) : -1;
	}
}

/* Fields whose values speak for themselves, whatever the column is called. */
static bool speaks(enum lieu_field f)
{
	return f == LIEU_PIVOT || f == LIEU_LATITUDE || f == LIEU_LONGITUDE || f == LIEU_TELEPHONE
	       || f == LIEU_COURRIELS || f == LIEU_SITE_WEB || f == LIEU_HORAIRES;
}

/* Enough values of the right form for a column of that name. */
static double needed(enum lieu_field f)
{
	return f == LIEU_NOM || lieu_field_rules[f].kind == LIEU_CHOICES ? 0.2
	       : f == LIEU_ID ? 1 : f == LIEU_COURRIELS || f == LIEU_TELEPHONE || f == LIEU_PIVOT
	       || f == LIEU_SITE_WEB || f == LIEU_HORAIRES ? 0.3 : 0.5;
}

static struct plan_colonne judge(struct plan *p, const struct colonne_vue *c, enum lieu_field f)
{
	struct plan_colonne k = { c, 0, mots_nom(p->m, f, c->nom), -1 };
	bool choices = lieu_field_rules[f].kind == LIEU_CHOICES;

	if (!c->n || (k.nom <= 0 && !speaks(f) && !choices))
		return k;
	if (regard_part(c, SORTE_OUI_NON) > 0.9 && f != LIEU_ID)
		return k;
	k.forme = form(p, c, f);
	if (f == LIEU_SOURCE && k.nom < 1)
		return k;
	if (k.forme < 0)
		k.confiance = k.nom >= 0.5 ? 0.8 * k.nom : 0;
	else if (k.nom > 0 && k.forme >= needed(f))
		k.confiance = 0.5 * k.nom + 0.5 * k.forme;
	else if (k.forme >= (choices ? 0.85 : 0.8) && (!choices || c->nvaleurs > 1))
		k.confiance = (choices ? 0.5 : 0.7) * k.forme;
	return k;
}

/* --- sharing the columns out ----------------------------------------------------------- */

/* Further columns are read when the first is empty, or add to its list. */
static size_t columns_most(enum lieu_field f)
{
	return lieu_field_rules[f].kind == LIEU_CHOICES && f != LIEU_TYPOLOGIE ? PLAN_COLONNES
	       : f == LIEU_TELEPHONE || f == LIEU_COURRIELS || f == LIEU_SITE_WEB ? 3 : 1;
}

struct candidate {
	struct plan_colonne k;
	size_t rank;
	enum lieu_field f;
};

/* Lists may share a column; any other field keeps it for itself. */
static void take_candidates(struct plan *p, struct candidate *list, size_t n)
{
	bool listed[ROW_COLUMNS] = { false };

	for (;;) {
		struct candidate *best = NULL;
		struct plan_champ *field;
		bool choices;

		for (size_t i = 0; i < n; i++) {
			if (list[i].k.confiance >= SURE
			    && (!best || list[i].k.confiance > best->k.confiance))
				best = &list[i];
		}
		if (!best)
			return;
		field = &p->champs[best->f];
		choices = lieu_field_rules[best->f].kind == LIEU_CHOICES;
		if (field->n < columns_most(best->f) && (!field->n || best->k.nom > 0)
		    && (!p->prise[best->rank] || (choices && listed[best->rank]))) {
			field->colonnes[field->n++] = best->k;
			p->prise[best->rank] = true;
			listed[best->rank] |= choices;
		}
		best->k.confiance = 0;
	}
}

static bool ends_with_day(const struct colonne_vue *c, int day)
{
	static const char *const names[JOURS] = { "lundi", "mardi", "mercredi", "jeudi",
		"vendredi", "samedi", "dimanche" };
	size_t n = strlen(c->folded), k = strlen(names[day]);

	return n >= k && strcmp(c->folded + n - k, names[day]) == 0
	       && (n == k || c->folded[n - k - 1] == ' ');
}

static void take_hours(struct plan *p)
{
	for (size_t i = 0; i < p->r->n; i++) {
		const struct colonne_vue *c = p->r->colonnes[i];
		double named = mots_nom(p->m, LIEU_HORAIRES, c->nom);
		double text = regard_part(c, SORTE_HEURES);

		for (int d = 0; d < JOURS; d++) {
			if (!p->jours[d] && ends_with_day(c, d) && regard_part(c,
				SORTE_JOUR) > 0.3) {
				p->jours[d] = c;
				p->prise[i] = true;
			}
		}
		if (p->prise[i] || p->heures || regard_part(c, SORTE_OSM) > 0.3)
			continue;
		if (text > 0.5 || (named > 0.5 && text + regard_part(c, SORTE_JOUR) > 0.1)) {
			p->heures = c;
			p->prise[i] = true;
		}
	}
}

static void take_place(struct plan *p)
{
	double best = 0.15;
	size_t at = 0;

	for (size_t i = 0; i < p->r->n; i++) {
		const struct colonne_vue *c = p->r->colonnes[i];
		double part = regard_part(c, SORTE_ADRESSE)
			      + (mots_nom(p->m, LIEU_ADRESSE, c->nom) > 0.8 ? 0.2 : 0);

		if (!p->prise[i] && regard_part(c, SORTE_ADRESSE) > 0.15 && part > best
		    && c->signes / (c->n ? c->n : 1) < 120) {
			best = part;
			at = i;
			p->adresse = c;
		}
		if (!p->x && regard_part(c, SORTE_X) > 0.8 && c->signes > 6 * c->n)
			p->x = c;
		else if (!p->y && regard_part(c, SORTE_Y) > 0.8)
			p->y = c;
	}
	if (p->adresse)
		p->prise[at] = true;
	for (size_t i = 0; i < p->r->n && p->x && p->y; i++)
		p->prise[i] |= p->r->colonnes[i] == p->x || p->r->colonnes[i] == p->y;
}

static void take_yes_no(struct plan *p)
{
	for (size_t i = 0; i < p->r->n; i++) {
		const struct colonne_vue *c = p->r->colonnes[i];

		if (p->prise[i] || regard_part(c, SORTE_OUI_NON) < 0.9)
			continue;
		for (int f = 0; f < LIEU_FIELDS; f++) {
			struct plan_champ *field = &p->champs[f];
			const char *valeur = lieu_field_rules[f].kind == LIEU_CHOICES
					     && f != LIEU_TYPOLOGIE && field->noui < PLAN_COLONNES
					     ? mots_oui(p->m, (enum lieu_field)f, c->nom) : NULL;

			if (!valeur)
				continue;
			field->oui[field->noui++] = (struct plan_oui){ c, valeur };
			p->prise[i] = true;
		}
	}
}

void plan_make(struct arena *a, const struct regard *r, const struct mots *m, struct plan *out)
{
	struct candidate *list = NEW_ARRAY(a, r->n * LIEU_FIELDS, struct candidate);
	size_t n = 0;

	*out = (struct plan){ .a = a, .r = r, .m = m };
	if (!list)
		return;
	for (size_t i = 0; i < r->n; i++)
		out->pieces[i] = cut_column(a, r->colonnes[i]);
	take_hours(out);
	take_place(out);
	for (size_t i = 0; i < r->n; i++) {
		for (int f = 0; f < LIEU_FIELDS && !out->prise[i]; f++) {
			struct plan_colonne k = judge(out, r->colonnes[i], (enum lieu_field)f);

			if (k.confiance >= SURE)
				list[n++] = (struct candidate){ k, i, (enum lieu_field)f };
		}
	}
	take_candidates(out, list, n);
	take_yes_no(out);
}
