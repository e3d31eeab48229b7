/* GET /lieux : the places near somebody, and no dead end. */
#include "orient/lieux_page.h"

#include <stdlib.h>
#include <string.h>

#include "core/core.h"
#include "core/lieu_local.h"
#include "orient/lieux.h"
#include "orient/lieux.htm.h"
#include "web/message.h"
#include "web/query.h"

#define FAR_METRES 20000.0              /* farther than this, a nearer choice is proposed */
enum { SECOURS = 3, ISSUES = 4, PASSAGES = 3, DAY_MINUTES = 1440 };

/* What every part of the page is made from. */
struct asking {
	struct req *r;
	const struct repertoire *rep;
	struct recherche q;
	struct ici ici;
	struct lieu_filter filter;
	int64_t now;
};

static const char *lieux_link(struct asking *k, const struct recherche *q)
{
	const char *query = query_write(k->r->a, recherche_fields, q);

	return arena_cat(k->r->a, "/lieux", *query ? "?" : "", query, NULL);
}

static const struct lieux_choix *choices_in(struct arena *a, const struct lang *lang,
					    const struct choice *table, uint64_t bits)
{
	struct lieux_choix *c = NEW_ARRAY(a, choice_count(table) + 1, struct lieux_choix);

	for (size_t i = 0; c && table[i].slug; i++) {
		c[i].slug = table[i].slug;
		c[i].label = tr(lang, table[i].label);
		c[i].pris = bits >> i & 1;
	}
	return c;
}

static const struct lieux_choix *choices(struct asking *k, const struct choice *table,
					 uint64_t bits)
{
	return choices_in(k->r->a, k->r->lang, table, bits);
}

/* "Now", then the half-days of a week. */
static const struct lieux_choix *moments(struct asking *k)
{
	static const struct choice proposed[] = {
		{ "maintenant", N_("Maintenant"), NULL },
		{ "lundi-matin", N_("Lundi matin"), NULL },
		{ "lundi-apres-midi", N_("Lundi après-midi"), NULL },
		{ "mardi-matin", N_("Mardi matin"), NULL },
		{ "mardi-apres-midi", N_("Mardi après-midi"), NULL },
		{ "mercredi-matin", N_("Mercredi matin"), NULL },
		{ "mercredi-apres-midi", N_("Mercredi après-midi"), NULL },
		{ "jeudi-matin", N_("Jeudi matin"), NULL },
		{ "jeudi-apres-midi", N_("Jeudi après-midi"), NULL },
		{ "vendredi-matin", N_("Vendredi matin"), NULL },
		{ "vendredi-apres-midi", N_("Vendredi après-midi"), NULL },
		{ "samedi-matin", N_("Samedi matin"), NULL },
		{ "samedi-apres-midi", N_("Samedi après-midi"), NULL },
		{ "dimanche-matin", N_("Dimanche matin"), NULL },
		{ "dimanche-apres-midi", N_("Dimanche après-midi"), NULL },
		{ 0 },
	};
	const struct moment *m = &k->q.ouvert;
	uint64_t bits = m->kind == MOMENT_NOW ? 1
		: m->kind == MOMENT_HALF_DAY ? 2ull << (2 * m->weekday + m->afternoon) : 0;

	return choices(k, proposed, bits);
}

static void fill_criteria(struct lieux_view *v, struct arena *a, const struct lang *l,
			  const struct recherche *q)
{
	v->publics = choices_in(a, l, lieu_publics, q->publics);
	v->prises = choices_in(a, l, lieu_prises_en_charge, q->prise_en_charge);
	v->acces = choices_in(a, l, lieu_acces, q->acces);
	v->accompagnements = choices_in(a, l, lieu_accompagnements, q->accompagnement);
	v->labels = choices_in(a, l, lieu_dispositifs, q->label);
	v->equipements = choices_in(a, l, lieu_equipements, q->equipement);
	v->genres = choices_in(a, l, lieu_genres, q->genre >= 0 ? 1u << q->genre : 0);
}

static size_t lang_index(const struct lang *l)
{
	size_t i = 0;

	while (langs[i] && langs[i] != l)
		i++;
	return i;
}

const struct orient_fragments *orient_prepare(struct arena *a)
{
	static const struct recherche nothing = { .genre = -1, .carte = -1 };
	struct orient_fragments *f = NEW(a, struct orient_fragments);
	struct markup *m = NEW_ARRAY(a, lang_index(NULL) + 1, struct markup);

	for (size_t i = 0; f && m && langs[i]; i++) {
		CLEANUP(buf_free) struct buf b = buf_new(64 << 10);
		struct html h = { .out = &b, .lang = langs[i] };
		struct lieux_view v = { .q = &nothing, .rayon = "" };

		fill_criteria(&v, a, langs[i], &nothing);
		lieux_criteres(&h, &v);
		m[i] = (struct markup){ arena_strn(a, b.p, b.n), b.n };
	}
	if (!f || !m || a->spent)
		return NULL;
	f->criteres = m;
	return f;
}

static void fill_form(struct asking *k, struct lieux_view *v)
{
	const struct recherche *q = &k->q;

	v->q = q;
	v->commune = q->commune ? q->commune : "";
	if (k->ici.kind == ICI_TROUVE && k->ici.commune)
		v->commune = commune_label(k->r->a, k->ici.commune);
	v->rayon = q->rayon ? arena_printf(k->r->a, "%lld", (long long)q->rayon) : "";
	v->services = choices(k, lieu_services, q->service);
	v->moments = moments(k);
	v->details = q->publics || q->prise_en_charge || q->acces || q->accompagnement
		     || q->label || q->gratuit || q->rayon || q->equipement || q->genre >= 0;
	if (!v->details && k->r->core->orient)
		v->criteres = k->r->core->orient->criteres[lang_index(k->r->lang)];
	else
		fill_criteria(v, k->r->a, k->r->lang, q);
}

static void ask_which(struct asking *k, struct lieux_view *v)
{
	struct lieux_lien *l = NEW_ARRAY(k->r->a, k->ici.nmatches + 1, struct lieux_lien);

	for (size_t i = 0; l && i < k->ici.nmatches; i++) {
		const struct commune *c = k->ici.matches[i].commune;
		struct recherche q = k->q;

		q.commune = commune_label(k->r->a, c);
		l[i].lien = lieux_link(k, &q);
		l[i].texte = k->ici.matches[i].ancien
			? message(k->r->a, k->r->lang, N_("%1, aujourd’hui dans %2"),
				  k->ici.matches[i].ancien, commune_label(k->r->a, c))
			: commune_label(k->r->a, c);
	}
	v->communes = l;
}

static const struct vignette *vignettes(struct asking *k, const struct lieu_result *found,
					size_t n, size_t first, const struct lieu_filter *f)
{
	struct vignette *v = NEW_ARRAY(k->r->a, n, struct vignette);

	for (size_t i = 0; v && i < n; i++)
		v[i] = vignette_make(k->r->a, k->r->lang, &found[i], (int)(first + i), f,
				     k->now);
	return v;
}

static const char *part_words(enum lieu_filter_part part)
{
	switch (part) {
	case PART_SERVICE:         return N_("Pour tous les besoins : %1 lieux");
	case PART_PUBLIC:          return N_("Sans le critère « accueil pensé pour » : %1 lieux");
	case PART_PRISE_EN_CHARGE: return N_("Sans le critère « aide particulière » : %1 lieux");
	case PART_GRATUIT:         return N_("Sans le critère « gratuit » : %1 lieux");
	case PART_ACCES:           return N_("Sans le critère « comment venir » : %1 lieux");
	case PART_ACCOMPAGNEMENT:  return N_("Sans le critère « comment on est aidé » : %1 lieux");
	case PART_DISPOSITIF:      return N_("Sans le critère « programme ou label » : %1 lieux");
	case PART_EQUIPEMENT:      return N_("Sans le critère « sur place » : %1 lieux");
	case PART_GENRE:           return N_("Tous les genres de lieux : %1 lieux");
	case PART_OUVERT:          return N_("À un autre moment : %1 lieux");
	case PART_DISTANCE:        return N_("Plus loin : %1 lieux");
	case PART_NONE:            break;
	}
	return N_("%1 lieux");
}

static void add_way(struct asking *k, struct lieux_lien *l, int *n, const struct recherche *q,
		    const char *text)
{
	if (*n < ISSUES - 1)
		l[(*n)++] = (struct lieux_lien){ text, lieux_link(k, q) };
}

/* How many places that question has. */
static size_t would_give(struct asking *k, const struct recherche *q)
{
	struct lieu_filter f = recherche_filter(q, &k->ici);

	return lieu_count(k->rep, &f, k->now);
}

/* The links that widen the question: the filter that excludes most, the distance, all. */
static void ways_out(struct asking *k, struct lieux_view *v, double within)
{
	struct lieux_lien *l = NEW_ARRAY(k->r->a, ISSUES, struct lieux_lien);
	struct recherche q = k->q;
	enum lieu_filter_part part;
	char number[I18N_TEXT];
	size_t gives;
	int n = 0;

	if (!l)
		return;
	part = lieu_filter_to_drop(k->rep, &k->filter, k->now, within, &gives);
	if (part != PART_NONE) {
		recherche_drop(&q, part);
		add_way(k, l, &n, &q, message(k->r->a, k->r->lang, part_words(part),
			number_text(k->r->lang, (int64_t)gives, number)));
	}
	q = k->q;
	recherche_drop(&q, PART_DISTANCE);
	if (k->q.rayon && part != PART_DISTANCE && would_give(k, &q))
		add_way(k, l, &n, &q, tr(k->r->lang, N_("Chercher plus loin")));
	q = (struct recherche){ .commune = k->q.commune, .position = k->q.position,
				.carte = k->q.carte, .genre = -1 };
	if (!n && recherche_is_filtered(&k->q) && would_give(k, &q))
		add_way(k, l, &n, &q, tr(k->r->lang, N_("Tous les lieux, sans aucun critère")));
	v->issues = l;
}

static void rescue(struct asking *k, struct lieux_view *v)
{
	struct lieu_filter f = { .lat = k->filter.lat, .lon = k->filter.lon };
	struct lieu_result found[SECOURS];
	int fs = choice_find(lieu_dispositifs, "France Services");

	f.dispositifs = 1u << fs;
	v->nsecours = lieu_search(k->rep, &f, k->now, 0, found, SECOURS, NULL);
	v->secours = vignettes(k, found, v->nsecours, 1, &f);
	ways_out(k, v, 0);
}

static void draw_map(struct asking *k, struct lieux_view *v, const struct lieu_result *found)
{
	struct recherche q = k->q;

	if (k->q.carte == CARTE_NON) {
		q.carte = -1;
		v->avec_carte = lieux_link(k, &q);
		return;
	}
	q.carte = CARTE_NON;
	v->sans_carte = lieux_link(k, &q);
	v->carte = carte_of_lieux(k->r->a, k->rep, k->r->lang, k->ici.commune, k->ici.lat,
				  k->ici.lon, found, v->n, (int)v->premier);
}

static const char *page_link(struct asking *k, int64_t start)
{
	struct recherche q = k->q;

	q.debut = start;
	return lieux_link(k, &q);
}

static const char *sheet_link(struct asking *k, const struct lieu_result *found, size_t n)
{
	const char *out = "/fiche";

	for (size_t i = 0; i < n && i < 3; i++)
		out = arena_cat(k->r->a, out, i ? "&lieu=" : "?lieu=", found[i].lieu->id, NULL);
	return out;
}

static void list(struct asking *k, struct lieux_view *v)
{
	struct lieu_result found[RECHERCHE_PAR_PAGE + 1];
	size_t n = lieu_search(k->rep, &k->filter, k->now, (size_t)k->q.debut, found,
			       RECHERCHE_PAR_PAGE + 1, NULL);

	v->n = n > RECHERCHE_PAR_PAGE ? RECHERCHE_PAR_PAGE : n;
	v->premier = (size_t)k->q.debut + 1;
	if (!v->n) {
		rescue(k, v);
		return;
	}
	v->lieux = vignettes(k, found, v->n, v->premier, &k->filter);
	if (n > v->n && k->q.debut + RECHERCHE_PAR_PAGE <= RECHERCHE_DEBUT)
		v->suivants = page_link(k, k->q.debut + RECHERCHE_PAR_PAGE);
	if (k->q.debut)
		v->precedents = page_link(k, k->q.debut > RECHERCHE_PAR_PAGE
					     ? k->q.debut - RECHERCHE_PAR_PAGE : 0);
	else
		v->imprimer = sheet_link(k, found, v->n);
	if (!k->q.debut && found[0].metres > FAR_METRES && recherche_is_filtered(&k->q))
		ways_out(k, v, FAR_METRES);
	draw_map(k, v, found);
}

/* The days and minutes that were asked; the two weeks that come unless they were. */
static void passing_when(const struct asking *k, struct passage_question *q)
{
	struct civil local = zone_local(&zone_paris, k->now);
	int64_t today = date_days(local.year, local.month, local.day);
	const struct moment *m = &k->filter.ouvert_le;

	q->du = today;
	q->au = today + PASSAGES_JOURS - 1;
	q->to = DAY_MINUTES;
	if (m->kind == MOMENT_HALF_DAY) {
		q->du = q->au = today + (m->weekday - date_weekday(today) + 7) % 7;
		q->from = m->afternoon ? DAY_MINUTES / 2 : 0;
		q->to = m->afternoon ? DAY_MINUTES : DAY_MINUTES / 2;
	} else if (m->kind == MOMENT_AT || m->kind == MOMENT_NOW) {
		const struct civil *at = m->kind == MOMENT_AT ? &m->at : &local;

		q->du = q->au = date_days(at->year, at->month, at->day);
		q->from = at->hour * 60 + at->minute;
		q->to = q->from + 1;
	}
}

/* Who passes near here in the days that come, at the moment that was asked. */
static bool passing(struct asking *k, struct lieux_view *v, struct err *e)
{
	struct passages_in link = { .commune = k->q.commune, .position = k->q.position,
				    .quand = -1 };
	struct passage_question q = { .lat = k->filter.lat, .lon = k->filter.lon, .now = k->now,
		.filtre = &k->filter, .metres = k->filter.max_metres };
	struct passage_date *days = NULL;

	if (!(q.metres > 0 && q.metres < PASSAGES_RAYON * 1000.0))
		q.metres = PASSAGES_RAYON * 1000.0;
	passing_when(k, &q);
	v->tous_passages = arena_cat(k->r->a, "/lieux/passages?",
				     query_write(k->r->a, passages_fields, &link), NULL);
	if (!passages_jours(k->r->a, k->r->lang, k->rep, &q, PASSAGES, &days, &v->npassages, e))
		return false;
	v->passages = days;
	return true;
}

static const char *title(struct asking *k)
{
	struct arena *a = k->r->a;
	const struct lang *l = k->r->lang;

	if (k->ici.kind != ICI_TROUVE)
		return tr(l, N_("Trouver un lieu"));
	if (!k->ici.commune)
		return tr(l, N_("Les lieux les plus proches"));
	return message(a, l, N_("Près de %1"), k->ici.commune->nom);
}

static const char *note(struct asking *k)
{
	struct arena *a = k->r->a;
	const struct commune *c = k->ici.commune;

	if (k->ici.kind != ICI_TROUVE || !c)
		return "";
	if (k->ici.ancien)
		return message(a, k->r->lang, N_("%1 fait aujourd’hui partie de %2."),
			       k->ici.ancien, c->nom);
	if (c->divisee)
		return tr(k->r->lang, N_("Les distances partent du centre de la ville. "
					 "Pour plus de justesse, écrivez l’arrondissement "
					 "ou le code postal."));
	if (c->approchee)
		return tr(k->r->lang, N_("Position approchée de la commune : les distances "
					 "sont à quelques kilomètres près."));
	return "";
}

static const char *place_error(struct asking *k)
{
	const char *field = req_error(k->r, "commune");

	if (field)
		return field;
	if (k->ici.kind == ICI_INCONNU)
		return message(k->r->a, k->r->lang,
			       N_("Nous ne trouvons pas « %1 ». Écrivez le nom de la commune "
				  "ou son code postal, par exemple 93140."), k->q.commune);
	if (k->ici.kind == ICI_SANS_POSITION)
		return tr(k->r->lang, N_("Nous ne savons pas où se trouve cette commune. "
					 "Essayez avec une commune voisine."));
	return NULL;
}

bool lieux_page(struct req *r, struct res *s, struct err *e)
{
	struct asking *k = NEW(r->a, struct asking);
	struct lieux_view *v = NEW(r->a, struct lieux_view);
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	struct page page;
	struct html h;

	if (!k || !v)
		return arena_refuse(r->a, e);
	*k = (struct asking){ .r = r, .rep = held.r, .now = env_now(r->env),
			      .q = *(const struct recherche *)r->in };
	ici_find(k->rep, &k->q, false, &k->ici);
	k->filter = recherche_filter(&k->q, &k->ici);
	v->erreur = place_error(k);
	v->titre = title(k);
	v->note = note(k);
	fill_form(k, v);
	if (k->ici.kind == ICI_PLUSIEURS)
		ask_which(k, v);
	else if (k->ici.kind == ICI_TROUVE)
		list(k, v);
	if (k->ici.kind == ICI_TROUVE && !k->q.debut && k->rep->npassages && !passing(k, v, e))
		return false;
	page = page_for(r, v->titre);
	page.error = v->erreur != NULL;
	if (v->erreur)
		s->status = 400;
	v->page = &page;
	h = page_html(r, s);
	lieux(&h, v);
	return true;
}
