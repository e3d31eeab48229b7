#include "orient/passages.h"

#include <math.h>
#include <string.h>

#include "core/core.h"
#include "core/lieu_local.h"
#include "format/json.h"
#include "orient/passages.htm.h"
#include "web/message.h"
#include "web/query.h"

enum { LIEUX_LUS = 80, LIEUX_MONTRES = 6, DAY = 1440, SOIR = 1 };

const struct choice passages_quand[] = {
	[QUAND_AUJOURDHUI] = { "aujourdhui", N_("Aujourd’hui"), NULL },
	[QUAND_DEMAIN] = { "demain", N_("Demain"), NULL },
	[QUAND_LUNDI] = { "lundi", N_("Lundi"), NULL }, { "mardi", N_("Mardi"), NULL },
	{ "mercredi", N_("Mercredi"), NULL }, { "jeudi", N_("Jeudi"), NULL },
	{ "vendredi", N_("Vendredi"), NULL }, { "samedi", N_("Samedi"), NULL },
	{ "dimanche", N_("Dimanche"), NULL }, { 0 },
};

const struct field passages_fields[] = {
	{ AT(passages_in, commune), .kind = F_TEXT, .max = 80,
	  .label = N_("Commune ou code postal") },
	{ AT(passages_in, position), .kind = F_POINT, .label = N_("Position") },
	{ AT(passages_in, quand), .kind = F_CHOICE, .choices = passages_quand,
	  .label = N_("Quel jour") },
	{ AT(passages_in, rayon), .kind = F_INT, .min = 1, .max = 200,
	  .label = N_("À moins de (km)") },
	{ 0 },
};

const struct field de_passage_fields[] = {
	{ AT(de_passage_in, commune), .kind = F_TEXT, .max = 80,
	  .label = N_("Où êtes-vous aujourd’hui ? Commune ou code postal") },
	{ AT(de_passage_in, position), .kind = F_POINT, .label = N_("Position") },
	{ AT(de_passage_in, equipement), .kind = F_CHOICES, .choices = lieu_equipements,
	  .label = N_("De quoi avez-vous besoin sur place ?") },
	{ 0 },
};

/* --- day by day -------------------------------------------------------------------------- */

static struct passage_ligne line_of(struct arena *a, const struct lang *l,
				    const struct passage_pres *p)
{
	const struct lieu *lieu = p->fois.p->lieu;
	const char *tel = arena_strn(a, lieu->telephone, strcspn(lieu->telephone, "|"));
	char from[I18N_TEXT], to[I18N_TEXT], metres[I18N_TEXT];

	return (struct passage_ligne){
		.heures = message(a, l, N_("de %1 à %2"), time_short(l, p->fois.from, from),
				  time_short(l, passage_heure(p->fois.to), to)),
		.ou = passage_ou(a, p->fois.p), .precisions = p->fois.p->precisions,
		.distance = message(a, l, N_("à %1"), distance_text(l, p->metres, metres)),
		.nom = lieu->nom, .lien = arena_cat(a, "/lieux/", lieu->id, NULL),
		.telephone = telephone_text(a, tel),
		.telephone_lien = *tel ? arena_cat(a, "tel:", tel, NULL) : "",
	};
}

bool passages_jours(struct arena *a, const struct lang *l, const struct repertoire *r,
		    const struct passage_question *q, size_t max, struct passage_date **out,
		    size_t *n, struct err *e)
{
	struct passage_pres *found;
	struct passage_ligne *lines;
	size_t total;

	*n = 0;
	if (!passages_pres(a, r, q, max, &found, &total, e))
		return false;
	lines = NEW_ARRAY(a, total + 1, struct passage_ligne);
	*out = NEW_ARRAY(a, total + 1, struct passage_date);
	if (a->spent)
		return arena_refuse(a, e);
	for (size_t i = 0; i < total; i++) {
		struct civil c = date_civil(found[i].fois.jour);
		char day[I18N_TEXT];

		lines[i] = line_of(a, l, &found[i]);
		if (!i || found[i].fois.jour != found[i - 1].fois.jour)
			(*out)[(*n)++] = (struct passage_date){
				arena_str(a, date_day(l, &c, day)), &lines[i], 0 };
		(*out)[*n - 1].n++;
	}
	return !a->spent || arena_refuse(a, e);
}

/* --- from where -------------------------------------------------------------------------- */

static const char *place_error(struct req *r, const struct ici *ici, const char *typed)
{
	const char *field = req_error(r, "commune");

	if (field)
		return field;
	if (ici->kind == ICI_INCONNU)
		return message(r->a, r->lang, N_("Nous ne trouvons pas « %1 ». Écrivez le nom de la "
			"commune ou son code postal, par exemple 93140."), typed);
	if (ici->kind == ICI_SANS_POSITION)
		return tr(r->lang, N_("Nous ne savons pas où se trouve cette commune. "
				      "Essayez avec une commune voisine."));
	return NULL;
}

/* The same question from each commune that a name can be. */
static const struct passages_lien *which(struct req *r, const struct ici *ici,
					 const struct field *fields, const char **commune, void *in)
{
	struct passages_lien *l = NEW_ARRAY(r->a, ici->nmatches + 1, struct passages_lien);

	for (size_t i = 0; l && i < ici->nmatches; i++) {
		*commune = commune_label(r->a, ici->matches[i].commune);
		l[i] = (struct passages_lien){ *commune, arena_cat(r->a, r->path, "?",
			query_write(r->a, fields, in), NULL) };
	}
	return l;
}

static int64_t today_at(const struct ici *ici, int64_t now)
{
	const struct calendrier *c = calendrier_de(ici->commune ? ici->commune->code : NULL);
	struct civil local = zone_local(c->zone, now);

	return date_days(local.year, local.month, local.day);
}

static void days_asked(int quand, int64_t today, struct passage_question *q)
{
	q->du = today;
	q->au = today + PASSAGES_JOURS - 1;
	if (quand == QUAND_AUJOURDHUI || quand == QUAND_DEMAIN)
		q->du = q->au = today + (quand == QUAND_DEMAIN);
	else if (quand >= QUAND_LUNDI)
		q->du = q->au = today + (quand - QUAND_LUNDI - date_weekday(today) + 7) % 7;
}

static void finish(struct req *r, struct res *s, struct passages_view *v, struct page *page)
{
	*page = page_for(r, v->titre);
	page->error = v->erreur != NULL;
	page->nav = NAV_LIEUX;
	if (v->erreur || r->nerrors)
		s->status = 400;
	v->page = page;
}

/* Looks for the place, and fills what the page says of it. */
static void place_asked(struct req *r, const struct repertoire *rep,
			const struct recherche *asked, struct ici *ici, struct passages_view *v)
{
	const char *typed = asked->commune;

	ici_find(rep, asked, false, ici);
	v->erreur = place_error(r, ici, typed);
	v->commune = ici->commune ? commune_label(r->a, ici->commune) : typed ? typed : "";
	v->cherche = ici->kind == ICI_TROUVE;
}

static bool passages_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	struct passages_in in = *(const struct passages_in *)r->in, other = in;
	struct recherche asked = { .commune = in.commune, .position = in.position, .genre = -1 };
	struct passages_view v = { .r = r, .in = r->in };
	struct passage_question q = { .to = DAY, .now = env_now(r->env) };
	struct passage_date *days = NULL;
	struct page page;
	struct ici ici;
	struct html h;

	place_asked(r, held.r, &asked, &ici, &v);
	if (ici.kind == ICI_PLUSIEURS)
		v.communes = which(r, &ici, passages_fields, &other.commune, &other);
	q.metres = (double)(in.rayon ? in.rayon : PASSAGES_RAYON) * 1000;
	q.lat = ici.lat;
	q.lon = ici.lon;
	days_asked(in.quand, today_at(&ici, q.now), &q);
	if (v.cherche && !passages_jours(r->a, r->lang, held.r, &q, PASSAGES_MOST, &days,
					 &v.njours, e))
		return false;
	v.jours = days;
	v.rayon = arena_printf(r->a, "%d", (int)(q.metres / 1000));
	v.titre = v.cherche && ici.commune
		? message(r->a, r->lang, N_("De passage près de %1"), ici.commune->nom)
		: tr(r->lang, N_("Les bus et les permanences qui passent"));
	finish(r, s, &v, &page);
	h = page_html(r, s);
	passages_liste(&h, &v);
	return true;
}

/* --- without a home here ----------------------------------------------------------------- */

/* Somebody who passes is received, and it is open some time today. */
static bool is_for_passers(const struct lieu *l, int64_t now)
{
	struct civil local = zone_local(l->calendrier->zone, now);
	int minute = local.hour * 60 + local.minute;

	if (!strcmp(l->publics_recus, "residents") || !strcmp(l->publics_recus, "allocataires"))
		return false;
	return l->heures && minute < DAY - SOIR
	       && horaires_between(l->heures, l->calendrier,
				   date_days(local.year, local.month, local.day), minute, DAY)
		  == OUVERT_OUI;
}

static size_t open_today(const struct repertoire *r, struct lieu_filter *f, int64_t now,
			 struct lieu_result *out)
{
	struct lieu_result found[LIEUX_LUS];
	size_t n = lieu_search(r, f, now, 0, found, LIEUX_LUS, NULL), k = 0;

	for (size_t i = 0; i < n && k < LIEUX_MONTRES; i++) {
		if (is_for_passers(found[i].lieu, now))
			out[k++] = found[i];
	}
	return k;
}

static bool search_passing(struct req *r, const struct repertoire *rep, const struct ici *ici,
			   uint64_t needs, struct passages_view *v, struct err *e)
{
	struct lieu_filter f = { .lat = ici->lat, .lon = ici->lon, .equipements = (uint32_t)needs,
				 .max_metres = PASSAGES_RAYON * 1000.0 };
	struct passage_question q = { .lat = ici->lat, .lon = ici->lon, .to = DAY,
		.metres = f.max_metres, .now = env_now(r->env) };
	struct lieu_result found[LIEUX_MONTRES];
	struct vignette *cards = NEW_ARRAY(r->a, LIEUX_MONTRES, struct vignette);
	struct passage_date *days = NULL;

	if (!cards)
		return arena_refuse(r->a, e);
	v->nlieux = open_today(rep, &f, q.now, found);
	if (!v->nlieux && needs) {
		f.equipements = 0;
		v->incertain = true;
		v->nlieux = open_today(rep, &f, q.now, found);
	}
	for (size_t i = 0; i < v->nlieux; i++)
		cards[i] = vignette_make(r->a, r->lang, &found[i], (int)i + 1, &f, q.now);
	v->lieux = cards;
	q.du = today_at(ici, q.now);
	q.au = q.du + 1;
	if (!passages_jours(r->a, r->lang, rep, &q, PASSAGES_MOST, &days, &v->njours, e))
		return false;
	v->jours = days;
	return true;
}

static bool de_passage_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	struct de_passage_in in = *(const struct de_passage_in *)r->in, other = in;
	struct recherche asked = { .commune = in.commune, .position = in.position, .genre = -1 };
	struct passages_view v = { .r = r, .in = r->in, .rayon = "20" };
	struct page page;
	struct ici ici;
	struct html h;

	place_asked(r, held.r, &asked, &ici, &v);
	if (ici.kind == ICI_PLUSIEURS)
		v.communes = which(r, &ici, de_passage_fields, &other.commune, &other);
	if (v.cherche && !search_passing(r, held.r, &ici, in.equipement, &v, e))
		return false;
	v.titre = tr(r->lang, N_("Je suis de passage"));
	finish(r, s, &v, &page);
	s->cache = CACHE_NO_STORE;
	h = page_html(r, s);
	passages_de_passage(&h, &v);
	return true;
}

/* --- the API ------------------------------------------------------------------------------ */

void passage_json(struct json_out *j, const struct passage_fois *f)
{
	struct civil c = date_civil(f->jour);
	char text[24];

	json_put_text(j, "arret", f->p->arret);
	json_put_text(j, "commune", f->p->commune);
	json_put_text(j, "code_insee", f->p->code_insee);
	snprintf(text, sizeof text, "%04d-%02d-%02d", c.year, c.month, c.day);
	json_put_text(j, "jour", text);
	snprintf(text, sizeof text, "%02d:%02d", f->from / 60, f->from % 60);
	json_put_text(j, "debut", text);
	snprintf(text, sizeof text, "%02d:%02d", passage_heure(f->to) / 60,
		 passage_heure(f->to) % 60);
	json_put_text(j, "fin", text);
}

static void put_stop(struct json_out *j, const struct passage_pres *p)
{
	json_open_object(j, NULL);
	json_put_text(j, "lieu", p->fois.p->lieu_id);
	json_put_text(j, "nom", p->fois.p->lieu->nom);
	passage_json(j, &p->fois);
	json_put_real(j, "distance_m", round(p->metres));
	json_close_object(j);
}

static bool passages_api(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	const struct passages_in *in = r->in;
	struct recherche asked = { .commune = in->commune, .position = in->position, .genre = -1 };
	struct passage_question q = { .to = DAY, .now = env_now(r->env) };
	struct json_out j = { &s->body, false };
	struct passage_pres *found;
	struct ici ici;
	size_t n;

	ici_find(held.r, &asked, true, &ici);
	if (!ici_found(&ici, e))
		return false;
	q.metres = (double)(in->rayon ? in->rayon : PASSAGES_RAYON) * 1000;
	q.lat = ici.lat;
	q.lon = ici.lon;
	days_asked(in->quand, today_at(&ici, q.now), &q);
	if (!passages_pres(r->a, held.r, &q, PASSAGES_MOST, &found, &n, e))
		return false;
	json_open_object(&j, NULL);
	json_open_array(&j, "passages");
	for (size_t i = 0; i < n; i++)
		put_stop(&j, &found[i]);
	json_close_array(&j);
	json_close_object(&j);
	return true;
}

const struct route passages_routes[] = {
	{ GET, "/lieux/passages", passages_show, CAN_PUBLIC, passages_fields,
	  sizeof(struct passages_in), N_("Les bus et les permanences qui passent près d’une commune"),
	  0, NULL },
	{ GET, "/lieux/de-passage", de_passage_show, CAN_PUBLIC, de_passage_fields,
	  sizeof(struct de_passage_in), N_("Je suis de passage : ce qui est ouvert aujourd’hui"), 0,
	  NULL },
	{ GET, "/api/v1/passages", passages_api, CAN_PUBLIC, passages_fields,
	  sizeof(struct passages_in), N_("Les passages à venir près d’un point, par date"),
	  ROUTE_JSON, "Passages" },
	{ 0 },
};
