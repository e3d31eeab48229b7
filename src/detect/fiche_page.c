/* GET /fiche?lieu=ID&lieu=ID&lieu=ID : the sheet that is handed over.  It needs no session. */
#include "detect/reperage_page.h"

#include <math.h>
#include <string.h>

#include "detect/fiche.htm.h"
#include "detect/reperage_view.h"
#include "web/form.h"

enum { LIGNES = 6, YEAR = 365 };

static const struct choice fiche_parties[] = {
	[FICHE_ADRESSE] = { "adresse", N_("L’adresse et comment venir"), NULL },
	[FICHE_TELEPHONE] = { "telephone", N_("Le téléphone"), NULL },
	[FICHE_HORAIRES] = { "horaires", N_("Les horaires"), NULL },
	[FICHE_SERVICES] = { "services", N_("Ce qu’on y fait"), NULL },
	[FICHE_PLAN] = { "plan", N_("Le plan"), NULL },
	[FICHE_QR] = { "qr", N_("Le QR code"), NULL },
	[FICHE_LIGNES] = { "lignes", N_("Les lignes à écrire : demander, rendez-vous, apporter"), NULL },
	[FICHE_AUTRES] = { "autres", N_("Les deux autres lieux"), NULL },
	[FICHE_FRANCAIS] = { "francais", N_("Le même texte en français, à côté"), NULL },
	{ 0 },
};

const struct field fiche_fields[] = {
	{ AT(fiche_entree, choix), .kind = F_BOOL, .label = N_("Ce que la feuille montre") },
	{ AT(fiche_entree, avec), .kind = F_CHOICES, .choices = fiche_parties,
	  .label = N_("Ce que la feuille montre") },
	{ 0 },
};

const char *fiche_ancre(const struct fiche_view *v, const struct fiche_lieu *l)
{
	return arena_printf(v->a, "%s-%d", v->seconde ? "lieu-fr" : "lieu", l->v.numero);
}

/* The places of the address, at most three, each once. */
static size_t find_places(const struct req *r, const struct repertoire *rep,
			  struct lieu_result out[FICHE_LIEUX])
{
	size_t n = 0;

	for (size_t i = 0; r->form && i < r->form->n && n < FICHE_LIEUX; i++) {
		const struct form_pair *p = &r->form->pairs[i];
		const struct lieu *l = strcmp(p->name, "lieu") == 0
			? repertoire_lieu(rep, p->value) : NULL;
		bool twice = false;

		for (size_t k = 0; k < n; k++)
			twice = twice || out[k].lieu == l;
		if (l && !twice)
			out[n++] = (struct lieu_result){ .lieu = l };
	}
	return n;
}

static void fill_hours(struct fiche_lieu *f, struct req *r, const struct lang *lang,
		       const struct lieu *l)
{
	struct horaires_ligne *days = NEW_ARRAY(r->a, HORAIRES_LIGNES, struct horaires_ligne);
	struct civil local;
	int64_t today;
	size_t n;

	f->horaires_texte = *l->horaires_texte ? l->horaires_texte : l->horaires;
	if (!l->heures || !days)
		return;
	local = zone_local(l->calendrier->zone, env_now(r->env));
	today = date_days(local.year, local.month, local.day);
	n = horaires_lignes(r->a, lang, l->heures, l->calendrier, today, true, days);
	for (size_t i = 0; i < n && f->njours < LIGNES; i++) {
		if (!days[i].ferme)
			days[f->njours++] = days[i];
	}
	f->jours = days;
	f->avis = horaires_avis(r->a, lang, l->heures, l->calendrier, today);
}

static void fill_places(struct fiche_view *v, struct req *r, const struct lang *lang,
			const struct lieu_result *found)
{
	struct fiche_lieu *out = NEW_ARRAY(r->a, v->n, struct fiche_lieu);
	int64_t now = env_now(r->env);

	for (size_t i = 0; out && i < v->n; i++) {
		out[i].v = vignette_make(r->a, lang, &found[i], (int)i + 1, NULL, now);
		out[i].services = choices_text(r->a, lang, lieu_services,
					       found[i].lieu->services, 4);
		out[i].a_verifier = lieu_age_days(found[i].lieu, now) > YEAR;
		fill_hours(&out[i], r, lang, found[i].lieu);
	}
	v->lieux = out;
	v->n = out ? v->n : 0;
}

static void fill_parts(struct fiche_view *v, struct req *r)
{
	const struct fiche_entree *in = r->in;
	struct fiche_part *p = NEW_ARRAY(r->a, FICHE_PARTS + 1, struct fiche_part);

	for (int i = 0; p && i < FICHE_PARTS - (r->lang == langs[0]); i++)
		p[i] = (struct fiche_part){
			.id = arena_printf(r->a, "avec-%s", fiche_parties[i].slug),
			.slug = fiche_parties[i].slug,
			.label = tr(r->lang, fiche_parties[i].label),
			.garde = !in->choix || (in->avec >> i & 1) };
	v->parts = p;
}

static void fill_drawings(struct fiche_view *v, struct req *r, const struct repertoire *rep,
			  const struct lieu_result *found)
{
	struct qr *qr = NEW(r->a, struct qr);
	struct err e = { 0 };

	v->adresse = arena_printf(r->a, "%s%s", core_address(r), v->lieux[0].v.lien);
	if (v->parts[FICHE_QR].garde && qr && qr_make(r->a, v->adresse, qr, &e))
		v->qr = qr;
	if (v->parts[FICHE_PLAN].garde && !found[0].lieu->position_commune)
		v->carte = carte_of_lieux(r->a, rep, r->lang, NULL, NAN, NAN, found,
					  v->parts[FICHE_AUTRES].garde ? v->n : 1, 1);
}

/* Whoever helps reads the same thing as the person, line beside line. */
static void add_french(struct fiche_view *v, struct req *r, const struct lieu_result *found)
{
	struct civil today = zone_local(&zone_paris, env_now(r->env));
	struct fiche_view *f = NEW(r->a, struct fiche_view);
	char date[I18N_TEXT];

	if (!f || r->lang == langs[0] || !v->parts[FICHE_FRANCAIS].garde)
		return;
	*f = *v;
	f->qr = NULL;
	f->carte = NULL;
	f->seconde = true;
	f->date = arena_str(r->a, date_long(langs[0], &today, date));
	fill_places(f, r, langs[0], found);
	v->francais = f->n ? f : NULL;
	v->carte = f->n ? NULL : v->carte;      /* so that both hold on one sheet */
}

static bool make(struct req *r, struct res *s, const struct repertoire *rep, struct err *e)
{
	struct page page = page_for(r, N_("La fiche à emporter"));
	struct fiche_view v = { .page = &page, .a = r->a };
	struct civil today = zone_local(&zone_paris, env_now(r->env));
	struct lieu_result found[FICHE_LIEUX];
	struct point_fait p;
	char date[I18N_TEXT];
	struct html h;

	point_read(r->session, &p);
	page.no_index = true;
	page.effacer = page.quitter = r->session->known;
	if (p.commence)
		s->cache = CACHE_NO_STORE;
	if (!req_typed(r, "lieu"))              /* of no place: choose one first */
		return res_see_other(s, "/lieux");
	v.n = find_places(r, rep, found);
	if (!v.n) {
		fail(e, E_MISSING, "Ce lieu n’est pas dans la liste, ou n’y est plus.");
		return hint(e, "Cherchez un lieu près d’une commune, puis imprimez sa fiche.");
	}
	fill_places(&v, r, r->lang, found);
	fill_parts(&v, r);
	if (!v.n || !v.parts)
		return arena_refuse(r->a, e);
	fill_drawings(&v, r, rep, found);
	v.date = date_long(r->lang, &today, date);
	add_french(&v, r, found);
	page.wide = page.wide || v.francais;
	h = page_html(r, s);
	fiche_page(&h, &v);
	return true;
}

bool fiche_page_get(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);

	return make(r, s, held.r, e);
}
