/* GET /reperage/resultat, POST /reperage/lieu */
#include "detect/reperage_page.h"

#include <math.h>
#include <string.h>

#include "core/commune.h"
#include "detect/reperage_view.h"
#include "detect/resultat.htm.h"
#include "web/form.h"

enum { MATCHES = 12 };

const struct field ou_fields[] = {
	{ AT(ou_entree, commune), .kind = F_TEXT, .max = COMMUNE_TYPED, .label = N_("Commune ou code postal") },
	{ AT(ou_entree, code), .kind = F_TEXT, .max = 5, .label = N_("Commune") },
	{ AT(ou_entree, moment), .kind = F_TEXT, .max = 40, .label = N_("Quand pouvez-vous venir ?") },
	{ 0 },
};

struct quand { struct moment moment; };
static const struct field moment_fields[] = {
	{ AT(quand, moment), .kind = F_MOMENT, .label = N_("Quand pouvez-vous venir ?") },
	{ 0 },
};

/* --- where and when ----------------------------------------------------------------- */

void reperage_keep_commune(struct req *r, const char *typed, const char *code)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	struct commune_match m[MATCHES];
	size_t n = 0;

	if (code && repertoire_commune(held.r, code))
		typed = NULL;
	else
		code = NULL;
	if (typed && *typed) {
		n = commune_find(held.r, typed, m, MATCHES);
		if (n && commune_is_sure(m, n, typed)) {
			code = arena_str(r->a, m[0].commune->code);
			typed = NULL;
		}
	}
	point_set(r->session, r->a, POINT_COMMUNE, code);
	point_set(r->session, r->a, POINT_SAISIE, typed);
}

bool reperage_lieu_envoi(struct req *r, struct res *s, struct err *e)
{
	const struct ou_entree *in = r->in;
	struct quand q;

	(void)e;
	fields_clear(moment_fields, &q, sizeof q);
	reperage_keep_commune(r, in->commune, in->code);
	if (in->moment && field_set(r->a, r->lang, moment_fields, in->moment, &q))
		point_set(r->session, r->a, POINT_MOMENT, NULL);
	else
		point_set(r->session, r->a, POINT_MOMENT, in->moment);
	reperage_count(r);
	return res_see_other(s, "/reperage/resultat#lieux");
}

const struct resultat_choix *reperage_moments(struct req *r, const char *slug)
{
	enum { HALF_DAYS = 14 };
	struct resultat_choix *c = NEW_ARRAY(r->a, HALF_DAYS + 2, struct resultat_choix);

	if (!c)
		return NULL;
	c[0] = (struct resultat_choix){ .slug = "maintenant", .label = tr(r->lang, N_("Maintenant")) };
	for (int i = 0; i < HALF_DAYS; i++) {
		struct moment_choice m = moment_choice(r, i);

		c[i + 1] = (struct resultat_choix){ .slug = m.slug, .label = m.label };
	}
	for (int i = 0; slug && c[i].slug; i++)
		c[i].pris = strcmp(c[i].slug, slug) == 0;
	return c;
}

/* --- what is said ------------------------------------------------------------------- */

static const char *joined(struct req *r, const struct diagnostic *d, enum phrase_genre g)
{
	const char *out = "";

	for (int i = 0; i < d->nphrases[g]; i++) {
		const char *between = !i ? "" : i + 1 < d->nphrases[g] ? ", "
			: tr(r->lang, N_(", et "));

		out = arena_printf(r->a, "%s%s%s", out, between,
				   instrument_say(d->instrument, r->lang->tag,
						  d->phrases[g][i]->texte));
	}
	return out;
}

static void fill_ways(struct resultat_view *v, const struct point_fait *p)
{
	const struct item *it;
	const struct reponse *r;
	const char *family = NULL;

	if (p->in->voie_item < 0 || !item_asked(p->in, p->in->voie_item, p->reponses))
		return;
	it = &p->in->items[p->in->voie_item];
	r = &p->reponses[p->in->voie_item];
	for (int i = 0; r->etat == REPONDU && i < it->noptions; i++) {
		if (r->choix >> i & 1)
			family = it->options[i].id;
	}
	v->demarche = true;
	v->nvoies = voies_of(family, v->voies, VOIES);
}

static void fill_words(struct resultat_view *v, struct req *r, const struct point_fait *p)
{
	int waiting = point_waiting(p);

	v->commence = p->commence;
	v->retour = arena_printf(r->a, "/reperage/question/%s",
				 p->in->pages[p->page < 0 ? 0 : p->page].id);
	v->savez = joined(r, v->d, PHRASE_SAVEZ);
	v->bloque = joined(r, v->d, PHRASE_BLOQUE);
	v->peut = joined(r, v->d, PHRASE_PEUT);
	if (waiting < p->in->npages)
		v->suite = arena_printf(r->a, "/reperage/question/%s", p->in->pages[waiting].id);
	fill_ways(v, p);
}

/* --- the places --------------------------------------------------------------------- */

/* The sheet with the i-th chosen, the others spare. */
static const char *sheet_link(struct arena *a, const struct point_lieux *l, size_t chosen)
{
	const char *link = arena_printf(a, "/fiche?lieu=%s", l->found[chosen].lieu->id);

	for (size_t i = 0; i < l->n; i++) {
		if (i != chosen)
			link = arena_printf(a, "%s&lieu=%s", link, l->found[i].lieu->id);
	}
	return link;
}

static void fill_places(struct resultat_view *v, struct req *r, const struct repertoire *rep,
			const struct point_fait *p, const struct commune *c)
{
	struct resultat_lieu *out = NEW_ARRAY(r->a, POINT_LIEUX, struct resultat_lieu);
	int64_t now = env_now(r->env);
	struct point_lieux l;
	struct quand q;

	fields_clear(moment_fields, &q, sizeof q);
	if (p->moment)
		field_set(r->a, r->lang, moment_fields, p->moment, &q);
	point_lieux(rep, v->d, c->lat, c->lon, &q.moment, now, &l);
	for (size_t i = 0; out && i < l.n; i++) {
		out[i].v = vignette_make(r->a, r->lang, &l.found[i], (int)i + 1, &l.asked, now);
		out[i].fiche = sheet_link(r->a, &l, i);
	}
	v->lieux = out;
	v->nlieux = out ? l.n : 0;
	v->moment_perdu = l.moment_perdu;
	v->besoin_perdu = l.besoin_perdu;
	v->tous = arena_printf(r->a, "/lieux?commune=%s%s%s", c->code,
			       l.asked.services && v->d->nbesoins ? "&service=" : "",
			       l.asked.services && v->d->nbesoins
			       ? lieu_services[v->d->besoins[0].regle->service].slug : "");
	if (l.n)
		v->carte = carte_of_lieux(r->a, rep, r->lang, c, c->lat, c->lon, l.found, l.n, 1);
}

static void ask_which(struct resultat_view *v, struct req *r, const struct repertoire *rep,
		      const char *typed)
{
	struct commune_match m[MATCHES];
	struct resultat_choix *c = NEW_ARRAY(r->a, MATCHES, struct resultat_choix);

	v->commune = typed;
	v->ncommunes = c ? commune_find(rep, typed, m, MATCHES) : 0;
	for (size_t i = 0; i < v->ncommunes; i++)
		c[i] = (struct resultat_choix){
			.id = arena_printf(r->a, "code-%zu", i + 1),
			.slug = m[i].commune->code,
			.label = m[i].ancien
				? arena_printf(r->a, "%s : %s", m[i].ancien,
					       commune_label(r->a, m[i].commune))
				: commune_label(r->a, m[i].commune) };
	v->communes = c;
	if (!v->ncommunes)
		v->commune_erreur = tr(r->lang,
			N_("Aucune commune n’est connue sous ce nom. Vérifiez l’orthographe, ou "
			   "tapez le code postal."));
}

static void fill_where(struct resultat_view *v, struct req *r, const struct repertoire *rep,
		       const struct point_fait *p)
{
	const struct commune *c = p->commune ? repertoire_commune(rep, p->commune) : NULL;

	v->commune = "";
	v->moments = reperage_moments(r, p->moment);
	if (p->saisie)
		ask_which(v, r, rep, p->saisie);
	if (!c)
		return;
	v->commune = v->pres_de = commune_label(r->a, c);
	v->sans_position = isnan(c->lat) || isnan(c->lon);
	if (!v->sans_position)
		fill_places(v, r, rep, p, c);
}

bool reperage_resultat_page(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	struct page page = page_for(r, N_("Ce qu’on peut faire"));
	struct html h = page_html(r, s);
	struct resultat_view v = { .page = &page, .a = r->a, .in = reperage_instrument() };
	struct diagnostic d;
	struct point_fait p;

	(void)e;
	point_read(r->session, &p);
	instrument_score(v.in, p.reponses, &d);
	v.d = &d;
	fill_words(&v, r, &p);
	fill_where(&v, r, held.r, &p);
	page.error = v.commune_erreur != NULL;
	reperage_resultat(&h, &v);
	return true;
}
