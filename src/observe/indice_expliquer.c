/* The computation of one territory, step by step, for whoever must explain it. */
#include "observe/indice_dire.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "format/json.h"

enum { NUMBER = 48, LABEL = 50, WIDE = 10, PARTS = 5 };

struct recit {                          /* what every step reads */
	struct arena *a;
	struct buf *b;
	const struct indice_table *t;
	const struct indice_choix *c;
	const struct indice_resultat *r;
	const struct rangs_tirage *tirage;
	size_t i;
	int step;                       /* titles told */
	double parts[METHODE_INDICATEURS];      /* of those that are there */
	double chosen[METHODE_INDICATEURS];     /* if all were */
};

/* 12345.678 -> "12 345,68": at most `digits` decimals, no zero at the end. */
static const char *fr(struct recit *x, double v, int digits)
{
	char plain[NUMBER], *dot;
	const char *s = plain;
	size_t n;
	struct buf b = buf_new(NUMBER * 4);
	const char *out;

	if (isnan(v))
		return "?";
	snprintf(plain, sizeof plain, "%.*f", digits, v);
	dot = strchr(plain, '.');
	if (dot) {
		char *end = plain + strlen(plain);

		while (end[-1] == '0')
			*--end = '\0';
		if (end[-1] == '.')
			*--end = '\0';
	}
	if (*s == '-') {
		buf_char(&b, '-');
		s++;
	}
	n = strcspn(s, ".");
	for (size_t k = 0; s[k]; k++) {
		if (k && k < n && (n - k) % 3 == 0)
			buf_str(&b, "\xe2\x80\xaf");
		buf_char(&b, s[k]);
		if (s[k] == '.')
			b.p[b.n - 1] = ',';
	}
	out = arena_strn(x->a, b.p, b.n);
	buf_free(&b);
	return out;
}

/* "1er" territoire, "1re" place. */
static const char *ordinal(struct recit *x, uint32_t rank, const char *first)
{
	return arena_cat(x->a, fr(x, rank, 0), rank == 1 ? first : "e", NULL);
}

/* A label in LABEL columns, cut with three dots. */
static void padded(struct buf *b, const char *text)
{
	const char *p = text, *end = text + strlen(text);
	int n = 0;
	bool cut = utf8_length(text) > LABEL;

	for (uint32_t c; p < end && n < LABEL - (cut ? 1 : 0); n++)
		p += utf8_read(p, end, &c);
	buf_add(b, text, (size_t)(p - text));
	if (cut)
		buf_str(b, "…");
	for (n += cut; n < LABEL; n++)
		buf_char(b, ' ');
}

/* Right in `wide` columns. */
static void right(struct buf *b, const char *text, int wide)
{
	for (int n = (int)utf8_length(text); n < wide; n++)
		buf_char(b, ' ');
	buf_str(b, text);
}

static bool is_plain(const struct recit *x)
{
	for (int g = 0; g < x->t->m->ngroupes; g++) {
		if (x->t->m->groupes[g].agregation == AGREGATION_GEOMETRIQUE)
			return false;
	}
	return true;
}

static void tell_title(struct recit *x, const char *title)
{
	buf_printf(x->b, "\n%d. %s\n", ++x->step, title);
}

/* --- the steps -------------------------------------------------------------------- */

static void tell_head(struct recit *x)
{
	const struct methode *m = x->t->m;
	const struct unites *u = &x->t->u;

	buf_printf(x->b, "%s (%s)", *u->noms[x->i] ? u->noms[x->i] : "Territoire sans nom",
		   u->codes[x->i]);
	if (!isnan(u->population[x->i]))
		buf_printf(x->b, ", %s habitants", fr(x, u->population[x->i], 0));
	buf_printf(x->b, "\n%s (%s, version %s)\n", m->titre, m->nom, m->version);
	buf_printf(x->b, "De %s à %s : une note haute dit %s.\n", fr(x, m->echelle[0], 2),
		   fr(x, m->echelle[1], 2), m->haut_risque
		   ? "qu’il manque plus de choses autour des habitants"
		   : "que plus de choses sont en place");
	if (!choix_est_defaut(m, x->c)) {
		struct buf q = buf_new(4096);

		choix_ecrire(&q, m, x->c);
		buf_printf(x->b, "Poids choisis, et non ceux de la méthode : %s\n", buf_text(&q));
		buf_free(&q);
	}
}

static const char *raw_of(struct recit *x, int k)
{
	const struct entree *t = x->t->entree;

	if (t->notes || x->t->base || !t->x[k] || isnan(t->x[k][x->i]))
		return "";
	return arena_cat(x->a, fr(x, t->x[k][x->i], 3), *x->t->m->indicateurs[k].unite ? " " : "",
			 x->t->m->indicateurs[k].unite, NULL);
}

static bool knows_something(const struct recit *x)
{
	for (int k = 0; k < x->t->m->n; k++) {
		if (x->parts[k] > 0)
			return true;
	}
	return false;
}

static void tell_scores(struct recit *x)
{
	const struct methode *m = x->t->m;
	bool raw = !x->t->entree->notes && !x->t->base;
	const char *how = "";

	tell_title(x, "Les notes");
	buf_str(x->b, "   ");
	padded(x->b, "");
	buf_printf(x->b, "%s%*s%*s%*s\n", raw ? "        valeur" : "", WIDE, "note", WIDE,
		   "part", WIDE, "apporte");
	for (int k = 0; k < m->n; k++) {
		const char *words = norme_mots(x->a, &m->indicateurs[k].norme, m->unite);

		if (!(x->chosen[k] > 0) || !x->t->x[k])
			continue;
		if (strcmp(words, how) != 0)
			buf_printf(x->b, "   (%s)\n", words);
		how = words;
		buf_str(x->b, "   ");
		padded(x->b, m->indicateurs[k].libelle);
		if (raw)
			right(x->b, raw_of(x, k), 14);
		right(x->b, isnan(x->t->x[k][x->i]) ? "manque" : fr(x, x->t->x[k][x->i], 4), WIDE);
		right(x->b, arena_cat(x->a, fr(x, 100 * x->parts[k], 2), " %", NULL), WIDE);
		right(x->b, isnan(x->t->x[k][x->i]) || !is_plain(x) ? ""
		      : fr(x, x->parts[k] * x->t->x[k][x->i], 4), WIDE);
		buf_char(x->b, '\n');
	}
}

static void tell_missing(struct recit *x)
{
	const char *missing = indice_manques(x->a, x->t, x->c, x->i);
	double there = 0;

	for (int k = 0; k < x->t->m->n; k++) {
		if (x->t->x[k] && !isnan(x->t->x[k][x->i]))
			there += x->chosen[k];
	}
	if (!missing)
		return;
	buf_printf(x->b, "   À savoir : %s.\n", missing);
	if (there < 0.9995)
		buf_printf(x->b, "   Ce qui manque est laissé de côté, et les autres poids "
			   "grandissent : la note repose sur %s %% des poids.\n",
			   fr(x, 100 * there, 1));
}

/* "(6 + 6,5920 + 8) ÷ 3", or "0,25 × 6 + ..." when the parts differ. */
static void tell_sum(struct recit *x)
{
	double first = 0;
	bool same = true, plus = false;
	int n = 0;

	for (int k = 0; k < x->t->m->n; k++) {
		if (!(x->parts[k] > 0))
			continue;
		if (!n++)
			first = x->parts[k];
		same &= fabs(x->parts[k] - first) < 1e-12;
	}
	buf_str(x->b, same ? "   (" : "   ");
	for (int k = 0; k < x->t->m->n; k++) {
		if (!(x->parts[k] > 0))
			continue;
		buf_str(x->b, plus ? " + " : "");
		plus = true;
		if (!same)
			buf_printf(x->b, "%s × ", fr(x, x->parts[k], 4));
		buf_str(x->b, fr(x, x->t->x[k][x->i], 4));
	}
	if (same)
		buf_printf(x->b, ") ÷ %d", n);
}

static void tell_total(struct recit *x)
{
	const struct methode *m = x->t->m;
	double row[METHODE_INDICATEURS], v;

	tell_title(x, "L’ensemble");
	if (x->t->u.etat[x->i] & UNITE_VIDE) {
		buf_str(x->b, "   Sans objet : personne n’habite ici.\n");
		return;
	}
	if (!knows_something(x)) {
		buf_str(x->b, "   Pas de note : aucun des indicateurs choisis n’est connu ici.\n");
		return;
	}
	if (isnan(x->r->totaux[x->i])) {
		buf_printf(x->b, "   Pas de note : trop de choses manquent (il faut %s %% des "
			   "poids).\n", fr(x, m->manquant == MANQUANT_REFUSER ? 100
					    : 100 * m->couverture, 0));
		return;
	}
	for (int k = 0; k < m->n; k++)
		row[k] = x->t->x[k] ? x->t->x[k][x->i] : NAN;
	v = indice_total(m, x->c, row, NULL);
	if (is_plain(x))
		tell_sum(x);
	else
		buf_str(x->b, "   Moyenne géométrique des notes, selon leurs parts");
	buf_printf(x->b, " = %s\n", fr(x, v, 6));
	if (m->sortie) {
		const double *de = m->sortie_observee ? x->r->etendue : m->sortie_de;

		buf_printf(x->b, "   Ramené de [%s ; %s] à [%s ; %s] : %s\n", fr(x, de[0], 4),
			   fr(x, de[1], 4), fr(x, m->sortie_vers[0], 4),
			   fr(x, m->sortie_vers[1], 4), fr(x, x->r->totaux[x->i], 6));
	}
}

static void tell_rank(struct recit *x)
{
	const char *who = niveau_pluriels[x->t->u.niveau];

	if (!x->r->rangs[x->i])
		return;
	tell_title(x, "La place");
	buf_printf(x->b, "   %s sur %s %s, de la note la plus haute à la plus basse", ordinal(x,
		   x->r->rangs[x->i], "er"), fr(x, (double)x->r->classes, 0), who);
	buf_str(x->b, x->t->u.etat[x->i] & UNITE_CLASSEE ? ".\n"
		: " : la place qu’il aurait, car il est une partie d’un autre.\n");
	if (!x->r->bas)
		return;
	buf_printf(x->b, "   Entre la %s et la %s place dans 90 %% de %s calculs, faits avec "
		   "d’autres poids (Dirichlet, concentration %s)",
		   ordinal(x, x->r->bas[x->i], "re"), ordinal(x, x->r->haut[x->i], "re"),
		   fr(x, x->tirage->tirages, 0), fr(x, x->tirage->concentration, 2));
	if (x->t->nessais > 1)
		buf_printf(x->b, ", %d façons de noter", x->t->nessais);
	if (x->tirage->retrait > 0)
		buf_printf(x->b, ", et sans un indicateur une fois sur %s",
			   fr(x, 1 / x->tirage->retrait, 1));
	buf_printf(x->b, " (graine %llu).\n", (unsigned long long)x->tirage->graine);
	buf_str(x->b, "   Deux territoires dont les places se recouvrent ne se distinguent pas.\n");
}

/* --- where it comes from ---------------------------------------------------------- */

struct partie {
	uint32_t unit;
	double people;
};

static int by_people(const void *a, const void *b)
{
	const struct partie *x = a, *y = b;

	return (x->people < y->people) - (x->people > y->people);
}

static bool lies_in(const struct indice_table *t, size_t unit, size_t i)
{
	return t->vers[unit] == i || (t->autre && t->autre[unit] == i);
}

static void tell_parts(struct recit *x)
{
	const struct entree *t = x->t->entree;
	struct partie *p = NEW_ARRAY(x->a, t->u.n, struct partie);
	size_t n = 0;
	double people = 0, first = 0;

	if (!p)
		return;
	for (size_t u = 0; u < t->u.n; u++) {
		if (!lies_in(x->t, u, x->i) || !(t->u.etat[u] & UNITE_COMPTE)
		    || t->u.etat[u] & UNITE_VIDE)
			continue;
		p[n++] = (struct partie){ (uint32_t)u, isnan(t->u.population[u]) ? 0
					  : t->u.population[u] };
		people += p[n - 1].people;
	}
	qsort(p, n, sizeof *p, by_people);
	buf_printf(x->b, "   Chaque note est la moyenne de celles de %zu %s, %s.\n", n,
		   niveau_pluriels[t->niveau], x->t->m->montee_egale ? "une voix chacune"
		   : "chacune comptant pour ses habitants");
	for (size_t k = 0; k < n && k < PARTS; k++) {
		const char *nom = t->u.noms[p[k].unit];

		first += p[k].people;
		buf_printf(x->b, "   %s %s : %s habitants", t->u.codes[p[k].unit], nom,
			   fr(x, p[k].people, 0));
		for (int i = 0, told = 0; i < x->t->m->n; i++) {
			if (!(x->chosen[i] > 0) || !x->t->base->x[i])
				continue;
			buf_printf(x->b, "%s%s", told++ ? " ; " : ", notes ",
				   fr(x, x->t->base->x[i][p[k].unit], 3));
		}
		buf_char(x->b, '\n');
	}
	if (n > PARTS)
		buf_printf(x->b, "   et %zu autres : %s habitants.\n", n - PARTS,
			   fr(x, people - first, 0));
}

static void tell_source(struct recit *x)
{
	const struct entree *t = x->t->entree;

	tell_title(x, "D’où cela vient");
	if (x->t->base)
		tell_parts(x);
	buf_printf(x->b, "   %s : %s, niveau %s.\n", t->notes ? "Notes déjà calculées" :
		   "Valeurs brutes", t->origine, niveau_mots[t->niveau]);
	buf_printf(x->b, "   Populations : %s.\n", t->populations ? "celles du fichier"
		   : "celles des territoires importés");
	for (int k = 0; k < t->nremarques; k++)
		buf_printf(x->b, "   %s\n", t->remarques[k]);
	buf_printf(x->b, "   Méthode : %s\n", x->t->m->source);
}

static bool begin(struct recit *x, struct arena *a, struct buf *b, const struct indice_table *t,
		  const struct indice_choix *c, const struct indice_resultat *r,
		  const struct rangs_tirage *tirage, const char *code, struct err *e)
{
	uint64_t present = 0;

	*x = (struct recit){ .a = a, .b = b, .t = t, .c = c, .r = r, .tirage = tirage,
			     .i = table_find(t, code) };
	if (x->i == t->u.n) {
		fail(e, E_MISSING, "le territoire %.20s n’est pas parmi les %s calculés.", code,
		     niveau_pluriels[t->u.niveau]);
		return hint(e, "Vérifiez son code, et --level.");
	}
	for (int k = 0; k < t->m->n; k++)
		present |= (uint64_t)(t->x[k] && !isnan(t->x[k][x->i])) << k;
	choix_parts(t->m, c, present, x->parts);
	choix_parts(t->m, c, UINT64_MAX, x->chosen);
	return true;
}

bool indice_expliquer(struct arena *a, struct buf *b, const struct indice_table *t,
		      const struct indice_choix *c, const struct indice_resultat *r,
		      const struct rangs_tirage *tirage, const char *code, struct err *e)
{
	struct recit x;

	if (!begin(&x, a, b, t, c, r, tirage, code, e))
		return false;
	tell_head(&x);
	if (knows_something(&x)) {
		tell_scores(&x);
		tell_missing(&x);
	}
	tell_total(&x);
	tell_rank(&x);
	tell_source(&x);
	return !a->spent || arena_refuse(a, e);
}

/* --- as JSON ---------------------------------------------------------------------- */

static void json_indicateurs(struct recit *x, struct json_out *j)
{
	const struct methode *m = x->t->m;

	json_open_array(j, "indicateurs");
	for (int k = 0; k < m->n; k++) {
		const struct entree *t = x->t->entree;

		if (!(x->chosen[k] > 0))
			continue;
		json_open_object(j, NULL);
		json_put_text(j, "code", m->indicateurs[k].code);
		json_put_text(j, "libelle", m->indicateurs[k].libelle);
		if (!t->notes && !x->t->base)
			json_put_real(j, "valeur", t->x[k] ? t->x[k][x->i] : NAN);
		json_put_real(j, "note", x->t->x[k] ? x->t->x[k][x->i] : NAN);
		json_put_real(j, "poids", x->c->poids[k]);
		json_put_real(j, "part", x->parts[k]);
		if (x->t->couvert[k])
			json_put_real(j, "couverture", x->t->couvert[k][x->i]);
		json_close_object(j);
	}
	json_close_array(j);
}

bool indice_expliquer_json(struct arena *a, struct buf *b, const struct indice_table *t,
			   const struct indice_choix *c, const struct indice_resultat *r,
			   const struct rangs_tirage *tirage, const char *code, struct err *e)
{
	struct json_out j = { b, false };
	struct recit x;

	if (!begin(&x, a, b, t, c, r, tirage, code, e))
		return false;
	json_open_object(&j, NULL);
	json_put_text(&j, "code", t->u.codes[x.i]);
	json_put_text(&j, "nom", t->u.noms[x.i]);
	json_put_text(&j, "niveau", niveau_mots[t->u.niveau]);
	json_put_text(&j, "methode", t->m->nom);
	json_put_text(&j, "version", t->m->version);
	json_put_real(&j, "population", t->u.population[x.i]);
	json_put_text(&j, "statut", t->u.etat[x.i] & UNITE_VIDE ? "sans objet"
		      : isnan(r->totaux[x.i]) ? "non disponible" : "valeur");
	json_put_real(&j, "score", r->totaux[x.i]);
	json_indicateurs(&x, &j);
	json_put_text(&j, "manques", indice_manques(a, t, c, x.i));
	if (r->rangs[x.i]) {
		json_put_int(&j, "rang", r->rangs[x.i]);
		json_put_int(&j, "classes", (int64_t)r->classes);
	}
	if (r->bas && r->bas[x.i]) {
		json_put_int(&j, "rang_min", r->bas[x.i]);
		json_put_int(&j, "rang_max", r->haut[x.i]);
		json_put_int(&j, "tirages", tirage->tirages);
		json_put_int(&j, "graine", (int64_t)tirage->graine);
		json_put_real(&j, "concentration", tirage->concentration);
	}
	json_put_text(&j, "origine", t->entree->origine);
	json_put_text(&j, "source", t->m->source);
	json_close_object(&j);
	return !a->spent || arena_refuse(a, e);
}
