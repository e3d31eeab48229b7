/* GET /lieux/{id} : everything that is known of a place, in plain words. */
#include "orient/lieux_page.h"

#include <math.h>
#include <string.h>

#include "core/core.h"
#include "core/lieu_local.h"
#include "core/passage.h"
#include "core/repertoire.sql.h"
#include "orient/lieu.h"
#include "orient/lieu.htm.h"
#include "orient/lieu_origine.h"
#include "orient/lieu_parole.sql.h"
#include "store/db.h"
#include "web/message.h"

enum { LISTED = 12, PASSAGES = 6 };

static void fill_hours(struct lieu_view *v, struct arena *a, const struct lang *l,
		       int64_t now)
{
	const struct lieu *lieu = v->lieu;
	struct civil local;
	int64_t today;

	if (!lieu->heures)
		return;
	local = zone_local(lieu->calendrier->zone, now);
	today = date_days(local.year, local.month, local.day);
	v->njours = horaires_lignes(a, l, lieu->heures, lieu->calendrier, today, false, v->jours);
	v->avis = horaires_avis(a, l, lieu->heures, lieu->calendrier, today);
}

/* The parts of "a|b" as links, each after `scheme`. */
static const struct lieu_lien *links(struct arena *a, const char *list, const char *scheme)
{
	struct lieu_lien *out = NEW_ARRAY(a, LISTED + 1, struct lieu_lien);
	int n = 0;

	while (out && *list && n < LISTED) {
		size_t k = strcspn(list, "|");

		if (k) {
			out[n].texte = arena_strn(a, list, k);
			out[n].lien = arena_printf(a, "%s%s", scheme, out[n].texte);
			n++;
		}
		list += k + (list[k] == '|');
	}
	return out;
}

static const char *typologie(struct arena *a, const struct lang *l, const char *list)
{
	const char *out = "";

	while (*list) {
		size_t k = strcspn(list, "|");
		int i = choice_find(lieu_typologies, arena_strn(a, list, k));

		if (i >= 0)
			out = arena_printf(a, "%s%s%s", out, *out ? ", " : "",
					   tr(l, lieu_typologies[i].label));
		list += k + (list[k] == '|');
	}
	return out;
}

static void fill_words(struct lieu_view *v, struct arena *a, const struct lang *l)
{
	const struct lieu *lieu = v->lieu;
	char date[I18N_TEXT];
	struct civil c;

	v->services = choices_text(a, l, lieu_services, lieu->services, LISTED);
	v->publics = choices_text(a, l, lieu_publics, lieu->publics, LISTED);
	v->prises = choices_text(a, l, lieu_prises_en_charge, lieu->prises_en_charge, LISTED);
	v->accompagnements = choices_text(a, l, lieu_accompagnements, lieu->accompagnements,
					  LISTED);
	v->labels = choices_text(a, l, lieu_dispositifs, lieu->dispositifs, LISTED);
	v->equipements = choices_text(a, l, lieu_equipements, lieu->equipements, LISTED);
	v->typologie = typologie(a, l, lieu->typologie);
	v->sites = links(a, lieu->site_web, "");
	v->courriels = links(a, lieu->courriels, "mailto:");
	v->source = *lieu->source_titre ? lieu->source_titre : lieu->source;
	c = date_civil(lieu->maj_jour);
	v->date = lieu->maj_jour >= 0 ? arena_str(a, date_long(l, &c, date)) : "";
}

/* "mardi 9 décembre, de 14 h à 17 h, place de la mairie, Bondy" */
static void fill_passages(struct lieu_view *v, struct arena *a, const struct lang *l, int64_t now)
{
	struct passage_fois next[PASSAGES];
	size_t n = lieu_prochains(v->lieu, now, next, PASSAGES);
	const char **texts = NEW_ARRAY(a, PASSAGES + 1, const char *);

	for (size_t i = 0; texts && i < n; i++)
		texts[i] = arena_cat(a, passage_quand(a, l, &next[i]), ", ",
				     passage_ou(a, next[i].p), *next[i].p->precisions ? ", " : "",
				     next[i].p->precisions, NULL);
	v->passages = texts;
	v->npassages = texts ? n : 0;
	v->itinerant = v->npassages || v->lieu->npassages
		|| (v->lieu->itinerance
		    & 1u << choice_find(lieu_itinerances, "Itinérant"));
	v->calendrier = n ? arena_cat(a, "/lieux/", v->lieu->id, "/passages", NULL) : "";
}

static void fill_map(struct lieu_view *v, struct req *r, const struct repertoire *rep,
		     const struct lieu_result *one)
{
	const struct lieu *lieu = v->lieu;

	v->vcard = arena_printf(r->a, "/lieux/%s/contact", lieu->id);
	v->agenda = lieu->heures ? arena_printf(r->a, "/lieux/%s/horaires", lieu->id) : NULL;
	v->fiche = arena_printf(r->a, "/fiche?lieu=%s", lieu->id);
	v->autour = "/lieux";
	if (isnan(lieu->lat))
		return;
	v->autour = arena_printf(r->a, "/lieux?position=%.5f,%.5f", lieu->lat, lieu->lon);
	v->geo = arena_printf(r->a, "geo:%.5f,%.5f?q=%.5f,%.5f", lieu->lat, lieu->lon,
			      lieu->lat, lieu->lon);
	v->osm = arena_printf(r->a, "https://www.openstreetmap.org/?mlat=%.5f&mlon=%.5f"
			      "#map=17/%.5f/%.5f", lieu->lat, lieu->lon, lieu->lat, lieu->lon);
	v->carte = carte_of_lieux(r->a, rep, r->lang,
				  repertoire_commune(rep, lieu->code_insee), NAN, NAN,
				  one, 1, 1);
}

static bool no_such_place(struct err *e)
{
	fail(e, E_MISSING, N_("Ce lieu n’est pas, ou n’est plus, dans notre liste."));
	return hint(e, N_("Cherchez un autre lieu près de chez vous."));
}

/* The place named in the address, or a redirection for an id that was replaced. */
static const struct lieu *named_place(struct req *r, struct res *s,
				      const struct repertoire *rep, struct err *e)
{
	const struct lieu *lieu = repertoire_lieu(rep, r->params[0]);
	struct repertoire_alias_row alias;
	CLEANUP(db_release) struct db *db = NULL;
	bool found = false;

	if (lieu)
		return lieu;
	if (db_acquire(r->core->store, &db, e)
	    && repertoire_alias(db, r->a, r->params[0], &alias, &found, e) && found
	    && repertoire_lieu(rep, alias.lieu_id)) {
		s->status = 301;
		s->location = arena_printf(r->a, "/lieux/%s", alias.lieu_id);
		return NULL;
	}
	no_such_place(e);
	return NULL;
}

/* "N’est plus dans la liste de X depuis le 3 mars 2026." */
static const char *absent_words(struct req *r, const char *source, const char *iso)
{
	char text[I18N_TEXT];
	struct civil c;

	if (!iso_read(iso, &c))
		return "";
	return message(r->a, r->lang, N_("N’est plus dans la liste « %1 » depuis le %2."), source,
		       date_long(r->lang, &c, text));
}

/* The list that had it last. */
static const char *last_list(const struct parole *p, size_t n)
{
	const struct parole *best = NULL;

	for (size_t i = 0; i < n; i++) {
		if (*p[i].absent_depuis
		    && (!best || strcmp(p[i].absent_depuis, best->absent_depuis) > 0))
			best = &p[i];
	}
	return best ? best->titre : "";
}

static bool fill_origin(struct req *r, struct lieu_view *v, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct parole *p;
	size_t n;

	v->absent = "";
	v->signaler = arena_cat(r->a, "/lieux/", v->lieu->id, "/signaler", NULL);
	v->corriger = arena_cat(r->a, "/lieux/", v->lieu->id, "/corriger", NULL);
	if (!db_acquire(r->core->store, &db, e))
		return false;
	if (!paroles_of(db, r->a, v->lieu->id, &p, &n, e)) {
		if (e->kind != E_MISSING)       /* gone since the repertoire was read */
			return false;
		*e = (struct err){ .kind = E_OK };
		return true;
	}
	if (*v->lieu->absent_depuis)
		v->absent = absent_words(r, last_list(p, n), v->lieu->absent_depuis);
	return lieu_origine_champs(r, p, n, &v->champs, &v->nchamps, e);
}

/* A place that left search because no source lists it: what is known, and since when.  A
 * protected one is to nobody. */
static bool left_place(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct err ignored = { 0 };
	struct repertoire_alias_row alias;
	struct fiche_lue_row fiche;
	struct lieu_record rec;
	struct lieu_parti_view v = { .page = NULL };
	struct parole *p;
	struct page page;
	struct html h;
	bool found = false;
	size_t n;

	if (!db_acquire(r->core->store, &db, &ignored)
	    || !repertoire_alias(db, r->a, r->params[0], &alias, &found, &ignored)
	    || !lieu_fiche_read(db, r->a, found ? alias.lieu_id : r->params[0], &rec, &fiche,
				&ignored)
	    || strcmp(fiche.publication, "retire") || !fiche.publication_motif
	    || strcmp(fiche.publication_motif, "absent") || fiche.adresse_protegee
	    || !fiche.absent_depuis || !paroles_of(db, r->a, fiche.id, &p, &n, &ignored))
		return false;
	*e = (struct err){ .kind = E_OK };
	v.nom = rec.v[LIEU_NOM];
	v.commune = rec.v[LIEU_COMMUNE];
	v.telephone = telephone_text(r->a, rec.v[LIEU_TELEPHONE]);
	v.telephone_lien = *rec.v[LIEU_TELEPHONE]
		? arena_cat(r->a, "tel:", rec.v[LIEU_TELEPHONE], NULL) : "";
	v.absent = absent_words(r, last_list(p, n), fiche.absent_depuis);
	v.autour = *rec.v[LIEU_CODE_POSTAL]
		? arena_cat(r->a, "/lieux?commune=", rec.v[LIEU_CODE_POSTAL], NULL) : "/lieux";
	page = page_for(r, v.nom);
	page.no_index = true;
	v.page = &page;
	h = page_html(r, s);
	lieu_parti(&h, &v);
	return true;
}

bool lieu_page(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	const struct lieu *lieu = named_place(r, s, held.r, e);
	struct lieu_view *v = NEW(r->a, struct lieu_view);
	struct lieu_result one = { .lieu = lieu };
	int64_t now = env_now(r->env);
	struct page page;
	struct html h;

	if (!lieu)
		return s->location != NULL || left_place(r, s, e);
	if (!v)
		return arena_refuse(r->a, e);
	v->lieu = lieu;
	if (!fill_origin(r, v, e))
		return false;
	one.ouvert = lieu_ouvert(lieu, now);
	v->v = vignette_make(r->a, r->lang, &one, 1, NULL, now);
	v->ancien = v->v.a_verifier;
	fill_hours(v, r->a, r->lang, now);
	fill_words(v, r->a, r->lang);
	fill_passages(v, r->a, r->lang, now);
	fill_map(v, r, held.r, &one);
	page = page_for(r, lieu->nom);
	v->page = &page;
	h = page_html(r, s);
	lieu_fiche(&h, v);
	return true;
}
