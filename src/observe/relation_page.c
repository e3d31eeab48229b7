#include "observe/relation_page.h"

#include <stdlib.h>
#include <string.h>

#include "core/agent.h"
#include "core/core.h"
#include "core/lieu.h"
#include "core/ressort.h"
#include "core/secret.h"
#include "observe/relation.htm.h"
#include "observe/terrain.sql.h"
#include "web/message.h"

enum { HEURES = 4, AIDES = 40, SERVICE_DEMARCHES = 1, EVENING = 18 * 60, DAY = 24 * 60,
	NOON = 12 * 60, SATURDAY = 5, WEEK = 7 };

/* --- the portrait -------------------------------------------------------------------------- */

struct relating {
	struct req *r;
	const struct repertoire *rep;
	const struct commune *commune;
	const struct territoire *t;
	int64_t today;                  /* days since 1970, for opening hours of a usual week */
};

static bool is_here(const struct relating *k, const struct lieu *l)
{
	const struct commune *c = commune_of_code(k->rep, l->code_insee);

	if (!c)
		return false;
	if (k->commune)
		return c == k->commune || !strcmp(c->parent, k->commune->code);
	if (*c->parent)
		c = repertoire_commune(k->rep, c->parent);
	return c && commune_in(c, k->t);
}

/* Open at some time of the week's n-th day, between two minutes. */
static bool opens(const struct relating *k, const struct lieu *l, int weekday, int from, int to)
{
	/* 1970-01-01 was a Thursday: day 4 is a Monday. */
	int64_t monday = k->today - (k->today + 3) % WEEK;

	return l->heures
	       && horaires_between(l->heures, l->calendrier, monday + WEEK + weekday, from, to)
		  == OUVERT_OUI;
}

static bool opens_evening(const struct relating *k, const struct lieu *l)
{
	for (int day = 0; day < SATURDAY; day++) {
		if (opens(k, l, day, EVENING, DAY))
			return true;
	}
	return false;
}

static void count_hours(const struct relating *k, const struct lieu *l, struct relation_ligne *h)
{
	h[0].nombre += l->heures != NULL;
	h[1].nombre += opens(k, l, SATURDAY, 0, NOON);
	h[2].nombre += opens(k, l, SATURDAY, NOON, DAY);
	h[3].nombre += opens_evening(k, l);
}

static struct relation_ligne *lines_of(struct relating *k, const struct choice *table, size_t *n)
{
	struct relation_ligne *l;

	*n = choice_count(table);
	l = NEW_ARRAY(k->r->a, *n + 1, struct relation_ligne);
	for (size_t i = 0; l && i < *n; i++)
		l[i].titre = tr(k->r->lang, table[i].label);
	return l;
}

static void count_bits(struct relation_ligne *l, size_t n, uint32_t bits)
{
	for (size_t i = 0; i < n; i++)
		l[i].nombre += bits >> i & 1;
}

/* Those that are there, the most frequent first. */
static int by_number(const void *x, const void *y)
{
	const struct relation_ligne *a = x, *b = y;

	return (a->nombre < b->nombre) - (a->nombre > b->nombre);
}

static size_t keep_present(struct relation_ligne *l, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		if (l[i].nombre)
			l[k++] = l[i];
	}
	qsort(l, k, sizeof *l, by_number);
	return k;
}

static bool fill_offer(struct relating *k, struct relation_view *v, struct err *e)
{
	static const char *const hours[HEURES] = {
		N_("Horaires connus"), N_("Ouverts le samedi matin"),
		N_("Ouverts le samedi après-midi"), N_("Ouverts après 18 h en semaine") };
	struct relation_ligne *h = NEW_ARRAY(k->r->a, HEURES, struct relation_ligne);
	struct relation_ligne *voies = lines_of(k, lieu_acces, &v->nvoies);
	struct relation_ligne *aides = lines_of(k, lieu_dispositifs, &v->naides);
	uint32_t demarches = 1u << choice_find(lieu_services, "demarches");

	if (!h || !voies || !aides)
		return arena_refuse(k->r->a, e);
	for (size_t i = 0; i < HEURES; i++)
		h[i].titre = tr(k->r->lang, hours[i]);
	for (size_t i = 0; i < k->rep->nlieux; i++) {
		const struct lieu *l = &k->rep->lieux[i];

		if (!is_here(k, l))
			continue;
		v->lieux++;
		v->demarches += (l->services & demarches) != 0;
		count_bits(voies, v->nvoies, l->acces);
		count_bits(aides, v->naides, l->dispositifs);
		count_hours(k, l, h);
	}
	v->nvoies = keep_present(voies, v->nvoies);
	v->naides = keep_present(aides, v->naides);
	v->voies = voies;
	v->aides = aides;
	v->heures = h;
	v->nheures = HEURES;
	return true;
}

struct tallying {
	const struct relating *k;
	int64_t sum;
};

static bool tally(const struct reperages_by_commune_row *row, void *arg, struct err *e)
{
	struct tallying *t = arg;
	const struct commune *c = commune_of_code(t->k->rep, row->commune);

	(void)e;
	if (c && (t->k->commune ? c == t->k->commune : commune_in(c, t->k->t)))
		t->sum += row->nombre;
	return true;
}

/* Said only of a whole département or région, so that no commune is found by subtraction. */
static bool fill_reperages(struct relating *k, struct db *db, struct relation_view *v,
			   struct err *e)
{
	struct tallying t = { .k = k };
	char text[I18N_TEXT];

	v->reperages = "";
	if (!k->t || (*k->t->niveau != 'd' && *k->t->niveau != 'r'))
		return true;
	if (!reperages_by_commune(db, tally, &t, e))
		return false;
	if (t.sum >= secret_regle_usuelle.seuil)
		v->reperages = message(k->r->a, k->r->lang,
			N_("« Faire le point » y a été fait %1 fois."),
			number_text(k->r->lang, t.sum, text));
	return true;
}

static bool relation_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	CLEANUP(db_release) struct db *db = NULL;
	struct relating k = { .r = r, .rep = held.r, .today = env_now(r->env) / 86400000 };
	struct relation_view v = { 0 };
	struct terrain *notes;
	struct page page;
	struct html h;

	k.commune = commune_of_code(k.rep, r->params[0]);
	k.t = k.commune ? NULL : territoire_of_code(k.rep, r->params[0]);
	if (!k.commune && !k.t) {
		fail(e, E_MISSING, N_("Nous ne connaissons pas ce territoire."));
		return hint(e, N_("Cherchez une commune par son nom ou son code postal."));
	}
	v.nom = k.commune ? k.commune->nom : k.t->nom;
	v.lien = k.commune ? arena_cat(r->a, "/territoires/", k.commune->code, NULL)
			   : territoire_lien(r->a, k.t);
	if (!db_acquire(r->core->store, &db, e) || !fill_offer(&k, &v, e)
	    || !fill_reperages(&k, db, &v, e)
	    || !terrain_published(db, r->a, k.commune ? "commune" : k.t->niveau,
				  k.commune ? k.commune->code : k.t->code, &notes, &v.nterrain, e))
		return false;
	v.terrain = notes;
	page = page_for(r, message(r->a, r->lang, N_("Faire ses démarches : %1"), v.nom));
	v.page = &page;
	h = page_html(r, s);
	relation_page(&h, &v);
	return true;
}

/* --- what the field says: written down ---------------------------------------------------- */

const struct field terrain_fields[] = {
	{ AT(terrain_entree, sorte), .kind = F_CHOICE, .choices = terrain_sortes, .required = true,
	  .label = N_("De quoi s’agit-il ?"), .missing = N_("Choisissez de quoi il s’agit") },
	{ AT(terrain_entree, territoire), .kind = F_TEXT, .max = 80, .required = true,
	  .label = N_("Territoire"), .hint = N_("Nom ou code d’une commune, d’un regroupement, d’un département ou "
	             "d’une région. Un cheminement : toujours le département."),
	  .missing = N_("Écrivez le territoire") },
	{ AT(terrain_entree, theme), .kind = F_CHOICE, .choices = terrain_themes, .required = true,
	  .label = N_("Thème"), .missing = N_("Choisissez un thème") },
	{ AT(terrain_entree, titre), .kind = F_TEXT, .max = 120, .required = true,
	  .label = N_("Titre"), .missing = N_("Écrivez un titre") },
	{ AT(terrain_entree, texte), .kind = F_TEXT, .max = 4000, .required = true,
	  .label = N_("Texte"), .hint = N_("Sans nom, sans date, sans rien qui fasse reconnaître quelqu’un."),
	  .missing = N_("Écrivez le texte") },
	{ AT(terrain_entree, source), .kind = F_TEXT, .max = 120, .label = N_("Qui le dit"),
	  .hint = N_("Une fonction ou une structure, jamais un nom : « une bénévole d’un écrivain public ».") },
	{ AT(terrain_entree, lien), .kind = F_TEXT, .max = 300, .label = N_("Lien"),
	  .hint = N_("D’un document en ligne ; il commence par https://") },
	{ AT(terrain_entree, consenti), .kind = F_BOOL,
	  .label = N_("La personne est d’accord pour que cet extrait soit publié") },
	{ AT(terrain_entree, relu), .kind = F_BOOL,
	  .label = N_("Elle l’a relu, ou on le lui a relu") },
	{ AT(terrain_entree, publie), .kind = F_BOOL, .label = N_("Publier sur la page du territoire") },
	{ 0 },
};

static const char *territoire_name(const struct repertoire *r, const struct terrain *t)
{
	const struct commune *c = strcmp(t->niveau, "commune") ? NULL
				  : repertoire_commune(r, t->code);
	const struct territoire *above = c ? NULL : repertoire_territoire(r, t->niveau, t->code);

	return c ? c->nom : above ? above->nom : t->code;
}

static bool terrains_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	CLEANUP(db_release) struct db *db = NULL;
	struct page page = page_for(r, N_("Ce que dit le terrain"));
	struct terrains_view v = { .page = &page };
	struct terrain_ligne *l;
	struct terrain *all;
	struct html h;

	if (!db_acquire(r->core->store, &db, e) || !terrain_all(db, r->a, &all, &v.n, e))
		return false;
	l = NEW_ARRAY(r->a, v.n + 1, struct terrain_ligne);
	if (!l)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < v.n; i++) {
		l[i] = (struct terrain_ligne){ all[i].titre,
			arena_cat(r->a, "/agent/terrain/", all[i].id, NULL),
			territoire_name(held.r, &all[i]),
			tr(r->lang, terrain_sortes[all[i].sorte].label), all[i].publie };
	}
	v.lignes = l;
	h = page_html(r, s);
	terrains_page(&h, &v);
	return true;
}

static bool show_form(struct req *r, struct res *s, const char *id,
		      const struct terrain_entree *in)
{
	struct page page = page_for(r, id ? N_("Modifier ce que dit le terrain")
				    : N_("Écrire ce que dit le terrain"));
	struct html h = page_html(r, s);

	terrain_form(&h, &page, r, id, in);
	return true;
}

static bool terrain_new(struct req *r, struct res *s, struct err *e)
{
	struct terrain_entree in;

	(void)e;
	fields_clear(terrain_fields, &in, sizeof in);
	return show_form(r, s, NULL, &in);
}

static bool terrain_edit(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	CLEANUP(db_release) struct db *db = NULL;
	struct terrain_entree in;
	struct terrain t;

	if (!db_acquire(r->core->store, &db, e) || !terrain_read(db, r->a, r->params[0], &t, e))
		return false;
	in = (struct terrain_entree){ .territoire = arena_str(r->a, territoire_name(held.r, &t)),
		.titre = t.titre, .texte = t.texte, .lien = t.lien, .source = t.source,
		.sorte = t.sorte, .theme = t.theme, .consenti = t.consenti, .relu = t.relu,
		.publie = t.publie };
	if (!strcmp(t.niveau, "commune"))
		in.territoire = t.code;
	return show_form(r, s, t.id, &in);
}

/* The territory that was typed, into t; refused beside its field. */
static void read_territoire(struct req *r, const char *typed, struct terrain *t)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	const struct territoire *above = typed ? territoire_typed(held.r, typed) : NULL;
	const struct commune *c = typed && !above ? commune_typed(held.r, typed) : NULL;

	if (above) {
		t->niveau = arena_str(r->a, above->niveau);
		t->code = arena_str(r->a, above->code);
	} else if (c) {
		t->niveau = "commune";
		t->code = arena_str(r->a, c->code);
	} else if (typed) {
		req_refuse(r, terrain_fields, "territoire",
			   tr(r->lang, N_("Nous ne connaissons pas ce territoire.")));
	}
}

static bool save_typed(struct req *r, struct res *s, const char *id, struct err *e)
{
	const struct terrain_entree *in = r->in;
	struct terrain t = { .id = id, .sorte = in->sorte, .theme = in->theme, .titre = in->titre,
		.texte = in->texte, .lien = in->lien, .source = in->source,
		.consenti = in->consenti, .relu = in->relu, .publie = in->publie };

	read_territoire(r, in->territoire, &t);
	if (r->nerrors)
		return show_form(r, s, id, in);
	if (terrain_save(r->core->store, r->env, r->a, &t, req_agent(r)->id, e))
		return res_see_other(s, "/agent/terrain");
	if (e->kind != E_INPUT)
		return false;
	req_refuse(r, terrain_fields, strstr(e->msg, "https") ? "lien"
		   : t.publie && !(t.consenti && t.relu) ? "publie" : "territoire",
		   tr(r->lang, e->msg));
	return show_form(r, s, id, in);
}

static bool terrain_create(struct req *r, struct res *s, struct err *e)
{
	return save_typed(r, s, NULL, e);
}

static bool terrain_update(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct terrain was;

	if (!db_acquire(r->core->store, &db, e) || !terrain_read(db, r->a, r->params[0], &was, e))
		return false;
	db_release(&db);
	return save_typed(r, s, was.id, e);
}

static bool terrain_withdraw(struct req *r, struct res *s, struct err *e)
{
	return terrain_remove(r->core->store, r->params[0], e)
	       && res_see_other(s, "/agent/terrain");
}

const struct route relation_routes[] = {
	{ GET, "/territoires/{code}/portrait", relation_show, CAN_PUBLIC, NULL, 0,
	  N_("Par quelles voies on fait ses démarches ici, et qui aide"), ROUTE_SLOW, NULL },
	{ GET, "/agent/terrain", terrains_show, &can_coordinate, NULL, 0,
	  N_("Ce que dit le terrain"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/agent/terrain/nouveau", terrain_new, &can_coordinate, NULL, 0,
	  N_("Écrire ce que dit le terrain"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ POST, "/agent/terrain/nouveau", terrain_create, &can_coordinate, terrain_fields,
	  sizeof(struct terrain_entree), N_("Enregistrer ce que dit le terrain"),
	  ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/agent/terrain/{id}", terrain_edit, &can_coordinate, NULL, 0,
	  N_("Modifier ce que dit le terrain"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ POST, "/agent/terrain/{id}", terrain_update, &can_coordinate, terrain_fields,
	  sizeof(struct terrain_entree), N_("Enregistrer le changement"),
	  ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ POST, "/agent/terrain/{id}/retirer", terrain_withdraw, &can_coordinate, NULL, 0,
	  N_("Retirer ce que dit le terrain"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ 0 },
};
