#include "detect/voix_page.h"

#include <string.h>

#include "core/core.h"
#include "detect/auteur.h"
#include "detect/catalogue.h"
#include "detect/voix.htm.h"
#include "web/form.h"
#include "web/message.h"

/* --- the bytes ---------------------------------------------------------------------- */

static bool file_send(struct req *r, struct res *s, struct err *e)
{
	enum media_type type;
	int fd = voix_open(r->core->store, r->params[0], &type);

	if (fd < 0)
		return fail(e, E_MISSING, "Cet enregistrement n’est plus là.");
	s->file = fd;
	s->type = media_kinds[type].type;
	s->etag = arena_printf(r->a, "\"%.64s\"", r->params[0]);
	s->cache = CACHE_FOREVER;
	s->ranges = true;
	return true;
}

/* --- for who puts them -------------------------------------------------------------- */

struct putting {
	struct req *r;
	struct voix_view v;
	struct voix_dit *dits;
	struct voix *all;
	size_t ndits, nall;
	struct voix_ligne *lignes;
};

static const struct voix_langue *langue_asked(struct req *r)
{
	const struct voix_langue *l = voix_langue_find(req_typed(r, "langue"));

	return l ? l : &voix_langues[0];
}

static bool has_stale(const struct putting *p, const char *code, const struct voix_langue *l)
{
	for (size_t i = 0; i < p->nall; i++) {
		if (p->all[i].perimee && p->all[i].langue == l && strcmp(p->all[i].code, code) == 0)
			return true;
	}
	return false;
}

static bool lines_of(struct putting *p, struct err *e)
{
	struct arena *a = p->r->a;

	if (!voix_dits(a, p->v.in, p->v.langue, &p->dits, &p->ndits, e))
		return false;
	p->lignes = NEW_ARRAY(a, p->ndits, struct voix_ligne);
	if (!p->lignes)
		return arena_refuse(a, e);
	for (size_t i = 0; i < p->ndits; i++) {
		const char *code = p->dits[i].code;

		p->lignes[i] = (struct voix_ligne){ &p->dits[i],
			voix_of(p->all, p->nall, code, p->v.langue->tag),
			has_stale(p, code, p->v.langue) };
	}
	p->v.lignes = p->lignes;
	p->v.nlignes = p->ndits;
	return true;
}

static bool open_one(struct putting *p, struct req *r, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;

	*p = (struct putting){ .r = r, .v = { .r = r, .langue = langue_asked(r) } };
	return db_acquire(r->core->store, &db, e)
		&& catalogue_current(db, r->a, r->params[0], &p->v.in, e)
		&& voix_all(db, r->a, p->v.in, &p->all, &p->nall, e) && lines_of(p, e);
}

/* How far each language is. */
static bool count_all(struct putting *p, struct err *e)
{
	struct voix_compte *c = NEW_ARRAY(p->r->a, 20, struct voix_compte);

	if (!c)
		return arena_refuse(p->r->a, e);
	for (const struct voix_langue *l = voix_langues; l->tag && p->v.ncomptes < 20; l++) {
		struct voix_compte *one = &c[p->v.ncomptes++];

		one->langue = l;
		for (size_t i = 0; i < p->ndits; i++) {
			const struct voix *v = voix_of(p->all, p->nall, p->dits[i].code, l->tag);

			if (v)
				*(v->humaine ? &one->humaines : &one->syntheses) += 1;
			else if (has_stale(p, p->dits[i].code, l))
				one->perimees++;
			else
				one->manquent++;
		}
	}
	p->v.comptes = c;
	return true;
}

static bool liste_show(struct req *r, struct res *s, struct err *e)
{
	struct putting p;
	struct page page;
	struct html h;

	if (!open_one(&p, r, e) || !count_all(&p, e))
		return false;
	page = page_for(r, message(r->a, r->lang, N_("Voix : %1"), p.v.in->titre));
	h = page_html(r, s);
	p.v.page = &page;
	voix_liste(&h, &p.v);
	return true;
}

static bool find_text(struct putting *p, struct err *e)
{
	for (size_t i = 0; i < p->ndits; i++) {
		if (p->v.une && !p->lignes[i].voix && !p->v.suivante)
			p->v.suivante = p->dits[i].code;
		if (strcmp(p->dits[i].code, p->r->params[1]) == 0)
			p->v.une = &p->lignes[i];
	}
	return p->v.une || fail(e, E_MISSING, "Cette question n’existe pas.");
}

/* Its recordings in this language, those of other words too. */
static bool its_own(struct putting *p, struct err *e)
{
	struct voix *own = NEW_ARRAY(p->r->a, p->nall, struct voix);

	if (!own)
		return arena_refuse(p->r->a, e);
	for (size_t i = 0; i < p->nall; i++) {
		if (p->all[i].langue == p->v.langue && strcmp(p->all[i].code, p->r->params[1]) == 0)
			own[p->v.nsiennes++] = p->all[i];
	}
	p->v.siennes = own;
	return true;
}

static bool une_write(struct putting *p, struct res *s, const struct err *why, struct err *e)
{
	struct req *r = p->r;
	struct page page;
	struct html h;

	if (!its_own(p, e))
		return false;
	page = page_for(r, message(r->a, r->lang, N_("Dire « %1 » : %2"), p->v.une->dit->titre,
				   tr(r->lang, p->v.langue->nom)));
	page.script = "voix.js";
	s->microphone = !p->v.langue->signes;
	if (why) {
		s->status = err_status(why->kind);
		page.error = true;
		p->v.erreur = tr(r->lang, why->msg);
		p->v.aide = tr(r->lang, why->hint);
	}
	h = page_html(r, s);
	p->v.page = &page;
	voix_une(&h, &p->v);
	return true;
}

static bool une_show(struct req *r, struct res *s, struct err *e)
{
	struct putting p;

	return open_one(&p, r, e) && find_text(&p, e) && une_write(&p, s, NULL, e);
}

static bool une_send(struct req *r, struct res *s, struct err *e)
{
	const char *accord = req_typed(r, "accord");
	struct err why = { 0 };
	struct putting p;

	if (!open_one(&p, r, e) || !find_text(&p, e))
		return false;
	if (!r->file.p) {
		fail(&why, E_INPUT, "%s", N_("Choisissez un fichier."));
	} else {
		const struct voix_nouvelle v = { p.v.in, p.v.langue, r->params[1],
			r->file.p, r->file.n,
			true, accord && strcmp(accord, "oui") == 0 };

		if (voix_save(r->core->store, r->env, r->a, &v, NULL, &why))
			return res_see_other(s, arena_cat(r->a, "/agent/instruments/voix/", p.v.in->id,
				"/", r->params[1], "?langue=", p.v.langue->tag, NULL));
	}
	return une_write(&p, s, &why, e);
}

static bool retirer_send(struct req *r, struct res *s, struct err *e)
{
	const char *code = req_typed(r, "code"), *print = req_typed(r, "empreinte");
	const struct voix_langue *l = voix_langue_find(req_typed(r, "langue"));

	if (!code || !print || !l)
		return fail(e, E_INPUT, "%s", N_("Cette action n’existe pas."));
	return voix_remove(r->core->store, r->a, r->params[0], code, l->tag, print, e)
		&& res_see_other(s, arena_cat(r->a, "/agent/instruments/voix/", r->params[0], "?langue=",
					      l->tag, NULL));
}

enum { SLOW = ROUTE_SLOW | ROUTE_PRIVATE };

const struct route voix_routes[] = {
	{ GET, "/voix/{nom}", file_send, CAN_PUBLIC, NULL, 0,
	  N_("Une voix enregistrée"), ROUTE_SLOW | ROUTE_CALL, NULL },
	{ GET, "/agent/instruments/voix/{id}", liste_show, &can_author, NULL, 0,
	  N_("Les voix d’un questionnaire"), SLOW, NULL },
	{ GET, "/agent/instruments/voix/{id}/{code}", une_show, &can_author, NULL, 0,
	  N_("Dire une question"), SLOW, NULL },
	{ POST, "/agent/instruments/voix/{id}/{code}", une_send, &can_author, NULL, 0,
	  N_("Envoyer une voix"), SLOW | ROUTE_FILE, NULL },
	{ POST, "/agent/instruments/voix/{id}/retirer", retirer_send, &can_author, NULL, 0,
	  N_("Retirer une voix"), SLOW, NULL },
	{ 0 },
};
