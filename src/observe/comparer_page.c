#include "observe/comparer_page.h"

#include <math.h>
#include <string.h>

#include "core/commune.h"
#include "core/core.h"
#include "core/ressort.h"
#include "observe/chiffre.h"
#include "observe/comparer.htm.h"
#include "store/db.h"
#include "web/form.h"
#include "web/message.h"
#include "web/right.h"

enum { BLOCS = 3, LIGNES = 96 };

struct comparer_in {
	const char *a, *b, *c, *d;
};

#define TERRITOIRE(m, label_) \
	{ AT(comparer_in, m), .kind = F_TEXT, .max = COMMUNE_TYPED, .label = label_ }

const struct field comparer_fields[] = {
	TERRITOIRE(a, N_("Premier territoire")), TERRITOIRE(b, N_("Deuxième territoire")),
	TERRITOIRE(c, N_("Troisième territoire")), TERRITOIRE(d, N_("Quatrième territoire")),
	{ 0 },
};

struct compared {
	const struct commune *commune;
	const struct territoire *territoire;
	int64_t population, lieux;
	struct portrait portrait;
};

struct comparing {
	struct req *r;
	const struct repertoire *rep;
	struct db *db;
	const uint32_t *counts;
	struct compared all[COMPARES];
	size_t n;
};

/* --- which --------------------------------------------------------------------------------- */

/* A code, the name of a territory, or a commune as people type it. */
static bool find_one(struct comparing *k, const char *typed, const char *field)
{
	struct compared *out = &k->all[k->n];
	struct commune_match m[COMMUNE_MATCHES];
	size_t n;

	*out = (struct compared){ .territoire = territoire_typed(k->rep, typed) };
	if (!out->territoire)
		out->commune = commune_typed(k->rep, typed);
	if (out->territoire || out->commune) {
		k->n++;
		return true;
	}
	n = commune_find(k->rep, typed, m, COMMUNE_MATCHES);
	req_refuse(k->r, comparer_fields, field, n
		? tr(k->r->lang, N_("Plusieurs communes s’appellent ainsi : ajoutez le code postal."))
		: tr(k->r->lang, N_("Nous ne connaissons pas ce territoire.")));
	return false;
}

static bool fill_one(struct comparing *k, struct compared *c, struct err *e)
{
	const struct territoire *t = c->territoire;
	struct portrait_ask ask = {
		.a = k->r->a, .core = k->r->core, .db = k->db, .r = k->rep, .lang = k->r->lang,
		.niveau = t ? t->niveau : *c->commune->parent ? "arrondissement" : "commune",
		.code = t ? t->code : c->commune->code,
		.adresse = t ? strrchr(territoire_lien(k->r->a, t), '/') + 1 : c->commune->code,
		.region = t ? territoire_dans(k->rep, t, "region") : c->commune->region };

	c->population = t ? t->population : c->commune->population;
	if (!t)
		c->lieux = k->counts[c->commune - k->rep->communes];
	for (size_t i = 0; t && i < k->rep->ncommunes; i++) {
		if (commune_in(&k->rep->communes[i], t))
			c->lieux += k->counts[i];
	}
	return portrait_make(&ask, &c->portrait, e);
}

/* --- side by side -------------------------------------------------------------------------- */

static const char *count_text(struct comparing *k, int64_t v)
{
	char text[I18N_TEXT];

	return v < 0 ? "" : arena_str(k->r->a, number_text(k->r->lang, v, text));
}

static struct compare_ligne *line_named(struct compare_ligne *l, size_t *n, const char *titre)
{
	for (size_t i = 0; i < *n; i++) {
		if (!strcmp(l[i].titre, titre))
			return &l[i];
	}
	if (*n == LIGNES)
		return NULL;
	l[*n] = (struct compare_ligne){ titre, { "", "", "", "" }, { NULL } };
	return &l[(*n)++];
}

static void fill_offer(struct comparing *k, struct compare_ligne *l, size_t *n)
{
	const struct lang *lang = k->r->lang;

	for (size_t i = 0; i < k->n; i++) {
		const struct compared *c = &k->all[i];

		line_named(l, n, tr(lang, N_("Habitants")))->cases[i] = count_text(k, c->population);
		line_named(l, n, tr(lang, N_("Lieux connus")))->cases[i] = count_text(k, c->lieux);
		if (c->population <= 0)
			continue;
		line_named(l, n, tr(lang, N_("Lieux connus pour 10 000 habitants")))->cases[i] =
			chiffre_fixe(k->r->a, lang, (double)c->lieux * 10000
				     / (double)c->population, 1);
	}
}

static void fill_scores(struct comparing *k, struct compare_ligne *l, size_t *n)
{
	for (size_t i = 0; i < k->n; i++) {
		const struct portrait *p = &k->all[i].portrait;

		for (size_t j = 0; j < p->nnotes; j++) {
			struct compare_ligne *line = line_named(l, n, p->notes[j].libelle);

			if (line)
				line->cases[i] = p->notes[j].ici;
			if (line && !j)
				line->liens[i] = p->calcul;
		}
		if (*p->rang_court)
			line_named(l, n, tr(k->r->lang, N_("Rang à ce niveau")))->cases[i] =
				p->rang_court;
	}
}

static void fill_figures(struct comparing *k, struct compare_ligne *l, size_t *n)
{
	for (size_t i = 0; i < k->n; i++) {
		const struct portrait *p = &k->all[i].portrait;

		for (size_t j = 0; j < p->nchiffres; j++) {
			struct compare_ligne *line = line_named(l, n, p->chiffres[j].libelle);

			if (line)
				line->cases[i] = arena_cat(k->r->a, p->chiffres[j].valeur, " (",
							   p->chiffres[j].annees, ")", NULL);
		}
	}
}

static bool compare(struct comparing *k, struct comparer_view *v, struct err *e)
{
	static void (*const fills[BLOCS])(struct comparing *, struct compare_ligne *, size_t *) = {
		fill_offer, fill_scores, fill_figures };
	static const char *const titles[BLOCS] = {
		N_("Ce qu’il y a"), N_("Ce qui rend le numérique plus difficile"),
		N_("Les chiffres derrière") };
	struct compare_bloc *b = NEW_ARRAY(k->r->a, BLOCS, struct compare_bloc);

	if (!b)
		return arena_refuse(k->r->a, e);
	for (size_t i = 0; i < BLOCS; i++) {
		struct compare_ligne *l = NEW_ARRAY(k->r->a, LIGNES, struct compare_ligne);
		size_t n = 0;

		if (!l)
			return arena_refuse(k->r->a, e);
		fills[i](k, l, &n);
		if (n)
			b[v->nblocs++] = (struct compare_bloc){ tr(k->r->lang, titles[i]), l, n };
	}
	v->blocs = b;
	return !k->r->a->spent || arena_refuse(k->r->a, e);
}

static bool comparer_page(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	CLEANUP(db_release) struct db *db = NULL;
	const struct comparer_in *in = r->in;
	const char *const typed[COMPARES] = { in->a, in->b, in->c, in->d };
	struct comparing k = { .r = r, .rep = held.r };
	struct comparer_view v = { .r = r, .in = in, .echelle = "" };
	struct page page;
	struct html h;

	if (!db_acquire(r->core->store, &db, e))
		return false;
	k.db = db;
	k.counts = lieux_by_commune(r->a, k.rep);
	if (!k.counts)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < COMPARES; i++) {
		if (typed[i] && find_one(&k, typed[i], comparer_fields[i].name)
		    && !fill_one(&k, &k.all[k.n - 1], e))
			return false;
	}
	for (v.n = 0; v.n < k.n; v.n++) {
		const struct compared *c = &k.all[v.n];

		v.noms[v.n] = c->territoire ? c->territoire->nom : c->commune->nom;
		v.liens[v.n] = c->territoire ? territoire_lien(r->a, c->territoire)
			       : arena_cat(r->a, "/territoires/", c->commune->code, NULL);
		if (c->portrait.methode)
			v.echelle = c->portrait.echelle;
	}
	if (k.n && !compare(&k, &v, e))
		return false;
	if (r->nerrors)
		s->status = 400;
	page = page_for(r, N_("Comparer des territoires"));
	v.page = &page;
	h = page_html(r, s);
	comparer(&h, &v);
	return true;
}

const struct route comparer_routes[] = {
	{ GET, "/territoires/comparer", comparer_page, CAN_PUBLIC, comparer_fields,
	  sizeof(struct comparer_in), N_("Jusqu’à quatre territoires côte à côte"), ROUTE_SLOW, NULL },
	{ 0 },
};
