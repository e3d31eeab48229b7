#include "detect/auteur.h"

#include <stdlib.h>
#include <string.h>

#include "core/agent.h"
#include "core/core.h"
#include "core/jeu.h"
#include "core/lieu.h"
#include "core/structure.h"
#include "detect/apport.h"
#include "detect/auteur.htm.h"
#include "web/form.h"
#include "web/message.h"

enum { MEMORY = 64 << 20, REPORT = 200 << 10, CONDITIONS = 200 };

/* --- who may write ------------------------------------------------------------------ */

static bool writes(struct req *r)
{
	return can_coordinate.allows(r)
		|| (r->agent && r->agent->ici && agent_roles_here(r->agent)
		    && r->agent->ici->pouvoirs & POUVOIR_INSTRUMENTS);
}

static bool ask_author(struct req *r, struct res *s, struct err *e)
{
	return can_coordinate.ask(r, s, e);
}

const struct right can_author = { "auteur", writes, ask_author };

const struct choice auteur_types[] = {
	{ "choix", N_("Une réponse au choix"), NULL },
	{ "plusieurs", N_("Plusieurs réponses"), NULL },
	{ "echelle", N_("Une échelle de 3 à 5 degrés"), NULL },
	{ "matrice", N_("Une grille : les mêmes réponses pour plusieurs lignes"), NULL },
	{ "nombre", N_("Un nombre"), NULL },
	{ "date", N_("Une date"), NULL },
	{ "texte", N_("Quelques mots, reconnus"), NULL },
	{ "ordre", N_("Mettre en ordre"), NULL },
	{ "appariement", N_("Relier deux à deux"), NULL },
	{ "image", N_("Montrer sur une image"), NULL },
	{ "geste", N_("Un geste fait côte à côte"), NULL },
	{ "note", N_("Texte libre (à éviter)"), NULL },
	{ 0 },
};

static const char *structure_of(struct req *r)
{
	const struct agent *g = req_agent(r);

	return g->ici ? g->ici->structure : NULL;
}

/* A draft is changed by those who write it, or by a coordinator. */
static bool is_ours(struct req *r, const char *structure)
{
	const char *here = structure_of(r);

	return can_coordinate.allows(r) || (structure && here && strcmp(structure, here) == 0);
}

/* --- the list ----------------------------------------------------------------------- */

static bool liste_write(struct req *r, struct res *s, const struct err *why, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct page page = page_for(r, N_("Écrire un questionnaire"));
	struct html h = page_html(r, s);
	struct auteur_liste_view v = { .page = &page, .r = r };
	struct catalogue_ligne *lignes;
	const char *colle = req_typed(r, "fichier"), *titre = req_typed(r, "titre");

	if (!db_acquire(r->core->store, &db, e)
	    || !catalogue_list(db, r->a, &lignes, &v.n, e))
		return false;
	v.lignes = lignes;
	v.colle = colle ? colle : "";
	v.titre = titre ? titre : "";
	if (why) {
		s->status = err_status(why->kind);
		page.error = true;
		v.erreur = why->msg;
		v.aide = why->hint;
	}
	auteur_liste(&h, &v);
	return true;
}

static bool liste_show(struct req *r, struct res *s, struct err *e)
{
	return liste_write(r, s, NULL, e);
}

static bool see_draft(struct req *r, struct res *s, const struct instrument *in)
{
	return res_see_other(s, arena_cat(r->a, "/agent/ecrire/", in->id, "/", in->version, NULL));
}

/* A title that is taken would begin the other one again. */
static bool is_new(struct req *r, const char *text, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct instrument *in, *other;
	struct err none = { 0 };

	if (!instrument_read(r->a, "titre", text, strlen(text), &in, e)
	    || !db_acquire(r->core->store, &db, e))
		return false;
	if (!catalogue_version(db, r->a, in->id, in->version, &other, &none))
		return true;
	fail(e, E_CONFLICT, "%s", tr(r->lang, N_("Un questionnaire porte déjà ce titre.")));
	return hint(e, "%s", tr(r->lang, N_("Donnez-en un autre, ou ouvrez celui qui existe.")));
}

static bool nouveau_send(struct req *r, struct res *s, struct err *e)
{
	const char *titre = req_typed(r, "titre"), *text;
	const struct instrument *in;
	struct err why = { 0 };

	if (!titre || !*titre) {
		fail(&why, E_INPUT, "%s", tr(r->lang, N_("Écrivez un titre.")));
		return liste_write(r, s, &why, e);
	}
	if (!brouillon_nouveau(r->a, titre, &text, &why) || !is_new(r, text, &why)
	    || !catalogue_save(r->core->store, r->env, r->a, text, structure_of(r), &in, &why))
		return liste_write(r, s, &why, e);
	return see_draft(r, s, in);
}

/* A pasted file may not take the place of another structure's draft. */
static bool not_anothers(struct req *r, const char *text, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct instrument *in;
	const char *draft, *structure;
	struct err none = { 0 };

	if (!instrument_read(r->a, "fichier", text, strlen(text), &in, e)
	    || !db_acquire(r->core->store, &db, e))
		return false;
	if (!catalogue_draft(db, r->a, in->id, in->version, &draft, &structure, &none)
	    || is_ours(r, structure))
		return true;
	fail(e, E_CONFLICT, "%s", N_("Une autre structure écrit un questionnaire de ce nom et de cette version."));
	return hint(e, "%s", N_("Donnez un autre nom dans « id »."));
}

static bool coller_send(struct req *r, struct res *s, struct err *e)
{
	const char *file = req_typed(r, "fichier"), *text;
	const struct instrument *in;
	struct err why = { 0 };

	if (!file || !*file) {
		fail(&why, E_INPUT, "%s", tr(r->lang, N_("Collez le texte du fichier.")));
		return liste_write(r, s, &why, e);
	}
	if (!apport_read(r->a, "fichier", file, strlen(file), NULL, &text, &why)
	    || !not_anothers(r, text, &why)
	    || !catalogue_save(r->core->store, r->env, r->a, text, structure_of(r), &in, &why))
		return liste_write(r, s, &why, e);
	return see_draft(r, s, in);
}

/* --- one instrument ----------------------------------------------------------------- */

struct writing {
	struct req *r;
	struct auteur_view v;
	const char *text;
};

static bool open_one(struct writing *w, struct req *r, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const char *structure = NULL;
	struct err ignored = { 0 };

	*w = (struct writing){ .r = r, .v = { .r = r, .a = r->a, .n = -1 } };
	if (!db_acquire(r->core->store, &db, e)
	    || !catalogue_version(db, r->a, r->params[0], r->params[1], &w->v.in, e))
		return false;
	w->v.brouillon = catalogue_draft(db, r->a, r->params[0], r->params[1], &w->text,
					 &structure, &ignored)
		&& is_ours(r, structure);
	if (!w->v.brouillon)
		w->text = arena_strn(r->a, w->v.in->text, w->v.in->size);
	w->v.base = arena_cat(r->a, "/agent/ecrire/", w->v.in->id, "/", w->v.in->version, NULL);
	return true;
}

/* The same, for what writes: what is published, or another structure's, does not change. */
static bool open_draft(struct writing *w, struct req *r, struct err *e)
{
	if (!open_one(w, r, e))
		return false;
	if (w->v.brouillon)
		return true;
	fail(e, E_CONFLICT, "%s", N_("Ce questionnaire ne change plus, ou une autre structure l’écrit."));
	return hint(e, "%s", N_("Faites-en une nouvelle version."));
}

bool auteur_first(const struct instrument *in, int item)
{
	return !in->items[item].groupe || in->items[item].groupe->premier == item;
}

/* "question = 'option'" of every option, in words. */
static void offer_conditions(struct writing *w)
{
	const struct instrument *in = w->v.in;
	struct arena *a = w->r->a;
	struct auteur_quand *q = NEW_ARRAY(a, CONDITIONS, struct auteur_quand);
	size_t n = 0;

	for (int i = 0; q && i < in->nitems; i++) {
		for (int o = 0; o < in->items[i].noptions && n + 1 < CONDITIONS; o++)
			q[n++] = (struct auteur_quand){
				arena_printf(a, "%s = '%s'", in->items[i].id,
					in->items[i].options[o].id),
				arena_printf(a, "%s : %s", in->items[i].court,
				in->items[i].options[o].texte) };
	}
	for (int c = 0; q && c < in->nclasses && n + 1 < CONDITIONS; c++)
		q[n++] = (struct auteur_quand){
			arena_printf(a, "profil = '%s'", in->classes[c].id),
			message(a, w->r->lang, N_("Lecture d’ensemble : %1"),
				in->classes[c].professionnel) };
	if (q)
		q[n++] = (struct auteur_quand){ "vrai", tr(w->r->lang, N_("Toujours")) };
	w->v.quand = q;
	w->v.nquand = n;
}

static void say_why(struct writing *w, struct res *s, struct page *page, const struct err *why)
{
	if (!why)
		return;
	s->status = err_status(why->kind);
	page->error = true;
	w->v.erreur = why->msg;
	w->v.aide = why->hint;
}

static bool one_write(struct writing *w, struct res *s, const struct err *why)
{
	struct page page = page_for(w->r, message(w->r->a, w->r->lang, N_("%1 : l’écrire"),
						     w->v.in->titre));
	struct html h = page_html(w->r, s);

	w->v.page = &page;
	say_why(w, s, &page, why);
	offer_conditions(w);
	auteur_page(&h, &w->v);
	return true;
}

static bool one_show(struct req *r, struct res *s, struct err *e)
{
	struct writing w;

	return open_one(&w, r, e) && one_write(&w, s, NULL);
}

/* Saves a changed text, then back to the draft; what is refused is said there. */
static bool save(struct writing *w, struct res *s, const char *text, struct err *e)
{
	const struct instrument *in;
	struct err why = { 0 };

	(void)e;
	if (catalogue_save(w->r->core->store, w->r->env, w->r->a, text, structure_of(w->r),
		&in, &why))
		return see_draft(w->r, s, in);
	return one_write(w, s, &why);
}

static const char *typed(struct req *r, const char *name)
{
	const char *v = req_typed(r, name);

	return v ? v : "";
}

static bool general_send(struct req *r, struct res *s, struct err *e)
{
	const struct brouillon_general g = { typed(r, "titre"), typed(r, "avertissement"),
		typed(r, "source"), typed(r, "pour_qui"), typed(r, "conserver"), 0 };
	struct writing w;
	const char *text;

	return open_draft(&w, r, e) && brouillon_change(r->a, w.text, &g, &text, e)
		&& save(&w, s, text, e);
}

static int typed_number(struct req *r, const char *name)
{
	const char *v = typed(r, name);
	char *end;
	long n = strtol(v, &end, 10);

	return *v && !*end && n >= 0 && n < 1000 ? (int)n : -1;
}

static bool question_write(struct writing *w, struct res *s, const struct brouillon_question *q,
			   const struct err *why)
{
	struct page page = page_for(w->r, w->v.n < 0 ? N_("Ajouter une question")
						     : N_("Modifier une question"));
	struct html h = page_html(w->r, s);

	w->v.page = &page;
	w->v.q = q;
	say_why(w, s, &page, why);
	offer_conditions(w);
	auteur_question(&h, &w->v);
	return true;
}

static bool question_show(struct req *r, struct res *s, struct err *e)
{
	struct brouillon_question q;
	struct writing w;

	if (!open_one(&w, r, e))
		return false;
	w.v.n = typed_number(r, "n");
	return brouillon_lit(r->a, w.text, w.v.n, &q, e) && question_write(&w, s, &q, NULL);
}

static bool question_send(struct req *r, struct res *s, struct err *e)
{
	const struct brouillon_question q = { typed(r, "type"), typed(r, "texte"), typed(r, "aide"),
		typed(r, "options"), typed(r, "lignes"), typed(r, "min"), typed(r, "max"),
		*typed(r, "si") ? typed(r, "si") : NULL, typed(r, "si_papier") };
	const struct instrument *in;
	struct err why = { 0 };
	struct writing w;
	const char *text;

	if (!open_draft(&w, r, e))
		return false;
	w.v.n = typed_number(r, "n");
	if (brouillon_pose(r->a, w.text, w.v.n, &q, &text, &why)
	    && catalogue_save(r->core->store, r->env, r->a, text, structure_of(r), &in, &why))
		return see_draft(r, s, in);
	return question_write(&w, s, &q, &why);
}

static bool ordre_send(struct req *r, struct res *s, struct err *e)
{
	const char *way = typed(r, "sens");
	int by = strcmp(way, "haut") == 0 ? -1 : strcmp(way, "bas") == 0 ? 1 : 0;
	struct writing w;
	const char *text;

	return open_draft(&w, r, e)
		&& brouillon_bouge(r->a, w.text, typed_number(r, "n"), by, &text, e)
		&& save(&w, s, text, e);
}

static bool taire_send(struct req *r, struct res *s, struct err *e)
{
	const char *list = typed(r, "liste"), *text;
	struct writing w;

	if (strcmp(list, "phrases") != 0 && strcmp(list, "orientation") != 0
	    && strcmp(list, "scores") != 0 && strcmp(list, "typologie") != 0)
		return fail(e, E_INPUT, "%s", N_("Cette action n’existe pas."));
	return open_draft(&w, r, e)
		&& brouillon_tait(r->a, w.text, list, typed_number(r, "n"), &text, e)
		&& save(&w, s, text, e);
}

const char *auteur_tape(const struct auteur_view *v, const char *name)
{
	return v->erreur ? typed((struct req *)v->r, name) : "";
}

/* The questions ticked, by their ids: what a score is made of. */
static bool add_score(struct writing *w, const char **text, struct err *e)
{
	const struct instrument *in = w->v.in;
	const char **items = NEW_ARRAY(w->r->a, (size_t)in->nitems, const char *);
	int n = 0;

	if (!items)
		return arena_refuse(w->r->a, e);
	for (int i = 0; i < in->nitems; i++) {
		if (*typed(w->r, arena_cat(w->r->a, "compte.", in->items[i].id, NULL)))
			items[n++] = in->items[i].id;
	}
	return brouillon_note(w->r->a, w->text, typed(w->r, "titre_score"), typed(w->r, "calcul"),
			      items, n, text, e);
}

static bool add_reading(struct writing *w, const char **text, struct err *e)
{
	const struct brouillon_lecture l = { typed(w->r, "score"), typed(w->r, "seuil"),
		typed(w->r, "haut"), typed(w->r, "haut_parce_que"), typed(w->r, "bas"),
		typed(w->r, "bas_parce_que") };

	return brouillon_lecture(w->r->a, w->text, &l, text, e);
}

/* A new score, or two readings of one. */
static bool score_send(struct req *r, struct res *s, struct err *e)
{
	struct err why = { 0 };
	struct writing w;
	const char *text;

	if (!open_draft(&w, r, e))
		return false;
	if (*typed(r, "calcul") ? add_score(&w, &text, &why) : add_reading(&w, &text, &why))
		return save(&w, s, text, e);
	return one_write(&w, s, &why);
}

static bool phrase_send(struct req *r, struct res *s, struct err *e)
{
	struct err why = { 0 };
	struct writing w;
	const char *text;

	if (!open_draft(&w, r, e))
		return false;
	if (!*typed(r, "texte")) {
		fail(&why, E_INPUT, "%s", tr(r->lang, N_("Écrivez les mots à dire.")));
		return one_write(&w, s, &why);
	}
	return brouillon_dit(r->a, w.text, typed(r, "quand"), typed(r, "genre"), typed(r, "texte"),
			     typed(r, "pourquoi"), &text, e)
		&& save(&w, s, text, e);
}

static bool new_version(struct writing *w, struct res *s, struct err *e)
{
	struct req *r = w->r;
	const struct instrument *in;
	struct err why = { 0 };
	const char *text;

	if (!brouillon_version(r->a, w->text, typed(r, "version"), &text, e))
		return false;
	if (catalogue_save(r->core->store, r->env, r->a, text, structure_of(r), &in, &why))
		return see_draft(r, s, in);
	return one_write(w, s, &why);
}

static bool etat_send(struct req *r, struct res *s, struct err *e)
{
	const char *what = typed(r, "fait");
	struct err why = { 0 };
	struct writing w;

	if (strcmp(what, "version") == 0)
		return open_one(&w, r, e) && new_version(&w, s, e);
	if (!open_draft(&w, r, e))
		return false;
	if (strcmp(what, "effacer") == 0)
		return catalogue_drop(r->core->store, w.v.in->id, w.v.in->version, e)
			&& res_see_other(s, "/agent/ecrire");
	if (strcmp(what, "publier") != 0)
		return fail(e, E_INPUT, "%s", N_("Cette action n’existe pas."));
	if (!catalogue_publish(r->core->store, r->env, r->a, w.v.in->id, w.v.in->version, &why))
		return one_write(&w, s, &why);
	return see_draft(r, s, w.v.in);
}

enum { FICHIER_MONTRE = 24000 };         /* bytes: a longer one is downloaded, not shown */

static bool fichier_show(struct req *r, struct res *s, struct err *e)
{
	struct writing w;
	struct page page;
	struct html h;

	if (!open_one(&w, r, e))
		return false;
	page = page_for(r, message(r->a, r->lang, N_("%1 : %2"), tr(r->lang, N_("Le fichier")),
				   w.v.in->titre));
	h = page_html(r, s);
	w.v.page = &page;
	w.v.fichier = strlen(w.text) <= FICHIER_MONTRE ? w.text : NULL;
	auteur_fichier(&h, &w.v);
	return true;
}

static bool fichier_send(struct req *r, struct res *s, struct err *e)
{
	struct writing w;

	if (!open_one(&w, r, e))
		return false;
	s->type = jeu_types[JEU_JSON];
	s->filename = arena_cat(r->a, w.v.in->id, "-", w.v.in->version, ".json", NULL);
	buf_str(&s->body, w.text);
	return true;
}

/* --- preview and what-if ------------------------------------------------------------ */

static bool preview_pages(struct writing *w, const struct reponse *answers, struct err *e)
{
	const struct instrument *in = w->v.in;
	struct questionnaire_view *pages = NEW_ARRAY(w->r->a, (size_t)in->npages,
						     struct questionnaire_view);

	if (!pages)
		return arena_refuse(w->r->a, e);
	for (int i = 0; i < in->npages; i++)
		pages[i] = (struct questionnaire_view){ .r = w->r, .a = w->r->a, .in = in,
			.ecran = &in->pages[i], .reponses = answers, .items = in->pages[i].items,
			.nitems = in->pages[i].nitems, .apercu = true };
	w->v.pages = pages;
	w->v.npages = in->npages;
	return true;
}

static bool apercu_write(struct writing *w, struct res *s, const struct reponse *answers,
			 const struct issue_view *issue, struct err *e)
{
	struct page page = page_for(w->r, message(w->r->a, w->r->lang, N_("%1 : voir et essayer"),
						     w->v.in->titre));
	struct html h = page_html(w->r, s);
	struct lecture l;

	if (!preview_pages(w, answers, e) || !lecture_make(w->r->a, w->v.in, &l, e))
		return false;
	w->v.page = &page;
	w->v.lecture = &l;
	w->v.issue = issue;
	auteur_apercu(&h, &w->v);
	return true;
}

static bool apercu_show(struct req *r, struct res *s, struct err *e)
{
	struct reponse none[INSTRUMENT_ITEMS + 1] = { 0 };
	struct writing w;

	return open_one(&w, r, e) && apercu_write(&w, s, none, NULL, e);
}

static bool apercu_send(struct req *r, struct res *s, struct err *e)
{
	struct reponse answers[INSTRUMENT_ITEMS + 1] = { 0 };
	struct question_erreur errors[QUESTION_ERREURS];
	struct issue_view issue = { .a = r->a, .apercu = true };
	struct diagnostic d;
	struct writing w;
	int n;

	if (!open_one(&w, r, e))
		return false;
	for (int i = 0; i < w.v.in->npages; i++) {
		if (!questionnaire_read(r, w.v.in, i, answers, errors, &n, e))
			return false;
	}
	instrument_score(w.v.in, answers, &d);
	issue.in = w.v.in;
	issue.d = &d;
	issue.savez = phrases_join(r->a, r->lang, &d, PHRASE_SAVEZ);
	issue.bloque = phrases_join(r->a, r->lang, &d, PHRASE_BLOQUE);
	issue.peut = phrases_join(r->a, r->lang, &d, PHRASE_PEUT);
	issue.radar = radar_make(r->a, &d, NULL, r->lang->tag);
	return apercu_write(&w, s, answers, &issue, e);
}

/* --- all paths ---------------------------------------------------------------------- */

static bool chemins_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(arena_free) struct arena own = arena_new(MEMORY);
	struct instrument_report bilan;
	struct err missed = { 0 };
	struct writing w;
	struct page page;
	struct html h;
	char *report = arena_alloc(r->a, REPORT);
	FILE *f;

	if (!open_one(&w, r, e))
		return false;
	f = report ? fmemopen(report, REPORT - 1, "w") : NULL;
	if (!f)
		return arena_refuse(r->a, e);
	instrument_check(&own, w.v.in, f, &bilan, &missed);
	fclose(f);
	page = page_for(r, message(r->a, r->lang, N_("%1 : %2"), tr(r->lang, N_("Suivre tous les chemins")),
				   w.v.in->titre));
	h = page_html(r, s);
	w.v.page = &page;
	w.v.rapport = report;
	w.v.bilan = &bilan;
	auteur_chemins(&h, &w.v);
	return true;
}

#define SLOW (ROUTE_SLOW | ROUTE_PRIVATE)

const struct route auteur_routes[] = {
	{ GET, "/agent/ecrire", liste_show, &can_author, NULL, 0,
	  N_("Écrire un questionnaire"), SLOW, NULL },
	{ POST, "/agent/ecrire", nouveau_send, &can_author, NULL, 0,
	  N_("Commencer un questionnaire"), SLOW, NULL },
	{ POST, "/agent/ecrire/coller", coller_send, &can_author, NULL, 0,
	  N_("Apporter un questionnaire"), SLOW, NULL },
	{ GET, "/agent/ecrire/{id}/{version}", one_show, &can_author, NULL, 0,
	  N_("Un questionnaire, pour son auteur"), SLOW, NULL },
	{ POST, "/agent/ecrire/{id}/{version}", general_send, &can_author, NULL, 0,
	  N_("Changer l’en-tête d’un questionnaire"), SLOW, NULL },
	{ GET, "/agent/ecrire/{id}/{version}/question", question_show, &can_author, NULL, 0,
	  N_("Écrire une question"), SLOW, NULL },
	{ POST, "/agent/ecrire/{id}/{version}/question", question_send, &can_author, NULL, 0,
	  N_("Enregistrer une question"), SLOW, NULL },
	{ POST, "/agent/ecrire/{id}/{version}/ordre", ordre_send, &can_author, NULL, 0,
	  N_("Déplacer ou retirer une question"), SLOW, NULL },
	{ POST, "/agent/ecrire/{id}/{version}/phrase", phrase_send, &can_author, NULL, 0,
	  N_("Changer ce qui est dit à la fin"), SLOW, NULL },
	{ POST, "/agent/ecrire/{id}/{version}/score", score_send, &can_author, NULL, 0,
	  N_("Ajouter un score, ou le lire en deux"), SLOW, NULL },
	{ POST, "/agent/ecrire/{id}/{version}/taire", taire_send, &can_author, NULL, 0,
	  N_("Retirer ce qui est dit à la fin"), SLOW, NULL },
	{ POST, "/agent/ecrire/{id}/{version}/etat", etat_send, &can_author, NULL, 0,
	  N_("Publier un questionnaire"), SLOW, NULL },
	{ GET, "/agent/ecrire/{id}/{version}/fichier", fichier_show, &can_author, NULL, 0,
	  N_("Le fichier d’un questionnaire"), SLOW, NULL },
	{ GET, "/agent/ecrire/{id}/{version}/fichier.json", fichier_send, &can_author, NULL, 0,
	  N_("Télécharger le fichier d’un questionnaire"), SLOW, NULL },
	{ GET, "/agent/ecrire/{id}/{version}/apercu", apercu_show, &can_author, NULL, 0,
	  N_("Voir et essayer"), SLOW, NULL },
	{ POST, "/agent/ecrire/{id}/{version}/apercu", apercu_send, &can_author, NULL, 0,
	  N_("Essayer des réponses"), SLOW, NULL },
	{ GET, "/agent/ecrire/{id}/{version}/chemins", chemins_show, &can_author, NULL, 0,
	  N_("Suivre tous les chemins"), SLOW, NULL },
	{ 0 },
};
