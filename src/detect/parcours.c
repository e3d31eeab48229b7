/* /agent/instruments : an agent asks, a page at a time; /reponses/effacer : a person erases. */
#include "detect/parcours.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "core/commune.h"
#include "core/structure.h"
#include "detect/parcours.htm.h"
#include "detect/questionnaire.htm.h"
#include "web/message.h"

#define CLE_ID "ins.id"
#define CLE_VERSION "ins.v"
#define CLE_REPONSES "ins.r"
#define CLE_CADRE "ins.c"
#define CLE_FAIT "ins.n"        /* what was kept or counted: a number, or "1" */

const struct field ouverture_fields[] = {
	{ AT(ouverture, age), .kind = F_CHOICE, .choices = recueil_ages, .required = true,
	  .label = N_("Âge de la personne"), .missing = N_("Dites l’âge de la personne.") },
	{ AT(ouverture, provenance), .kind = F_CHOICE, .choices = recueil_provenances,
	  .required = true, .label = N_("D’où viendront les réponses"),
	  .missing = N_("Dites d’où viendront les réponses.") },
	{ AT(ouverture, mode), .kind = F_CHOICE, .choices = recueil_modes, .required = true,
	  .label = N_("Comment"), .missing = N_("Dites comment se fait le questionnaire.") },
	{ AT(ouverture, commune), .kind = F_TEXT, .max = COMMUNE_TYPED,
	  .label = N_("Commune ou code postal"), .hint = N_("Pour compter par territoire, rien d’autre.") },
	{ AT(ouverture, moment), .kind = F_CHOICE, .choices = recueil_moments,
	  .label = N_("Avant ou après un atelier") },
	{ AT(ouverture, groupe), .kind = F_TEXT, .max = RECUEIL_GROUPE,
	  .label = N_("Nom de l’atelier ou de l’enquête"), .hint = N_("Jamais le nom d’une personne.") },
	{ AT(ouverture, numero), .kind = F_TEXT, .max = 20,
	  .label = N_("Numéro de la feuille précédente"),
	  .hint = N_("Si la personne l’apporte et veut comparer.") },
	{ AT(ouverture, accord), .kind = F_BOOL,
	  .label = N_("La personne est d’accord pour que ses réponses soient gardées") },
	{ 0 },
};

struct effacement {
	const char *numero;
};
static const struct field effacement_fields[] = {
	{ AT(effacement, numero), .kind = F_TEXT, .max = 40, .required = true,
	  .label = N_("Votre numéro"), .hint = N_("Par exemple K7QM-3XPD-9FRW"),
	  .missing = N_("Tapez le numéro de votre feuille.") },
	{ 0 },
};

/* --- what the session holds --------------------------------------------------------- */

struct parcours {
	const struct instrument *in;
	struct reponse *reponses;
	int age;
	const char *provenance, *mode, *commune, *moment, *groupe, *numero;
	bool accord;
};

static const char *cadre_write(struct req *r, const struct ouverture *o, const char *commune)
{
	char numero[RECUEIL_NUMERO] = "";

	if (o->numero)
		numero_read(o->numero, numero);
	return arena_printf(r->a, "%d|%s|%s|%s|%s|%s|%d|%s", o->age,
		recueil_provenances[o->provenance].slug, recueil_modes[o->mode].slug, commune,
		o->moment < 0 ? "" : recueil_moments[o->moment].slug, numero, o->accord,
		o->groupe ? o->groupe : "");
}

static void cadre_read(struct arena *a, const char *text, struct parcours *p)
{
	const char *cells[8] = { "2", "declare", "ecran", "", "", "", "0", "" };

	for (int i = 0; text && i < 8; i++) {
		size_t n = i < 7 ? strcspn(text, "|") : strlen(text);

		cells[i] = arena_strn(a, text, n);
		text = text[n] ? text + n + 1 : NULL;
	}
	p->age = cells[0][0] - '0';
	p->provenance = cells[1];
	p->mode = cells[2];
	p->commune = cells[3];
	p->moment = cells[4];
	p->numero = *cells[5] ? cells[5] : NULL;
	p->accord = cells[6][0] == '1';
	p->groupe = cells[7];
}

static bool nothing_begun(struct err *e)
{
	fail(e, E_MISSING, "%s", N_("Aucun questionnaire n’est commencé dans ce navigateur."));
	return hint(e, "%s", N_("Choisissez-en un dans la liste. Après dix minutes sans rien faire, tout s’efface."));
}

static bool parcours_read(struct req *r, struct parcours *p, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const char *id = session_get(r->session, CLE_ID);
	const char *version = session_get(r->session, CLE_VERSION);

	*p = (struct parcours){ 0 };
	if (!id || !version)
		return nothing_begun(e);
	if (!db_acquire(r->core->store, &db, e)
	    || !catalogue_version(db, r->a, id, version, &p->in, e))
		return false;
	p->reponses = NEW_ARRAY(r->a, (size_t)p->in->nitems + 1, struct reponse);
	if (!p->reponses)
		return arena_refuse(r->a, e);
	reponses_unpack(r->a, p->in, session_get(r->session, CLE_REPONSES), p->reponses);
	cadre_read(r->a, session_get(r->session, CLE_CADRE), p);
	return true;
}

static void forget(struct req *r)
{
	static const char *const keys[] = { CLE_ID, CLE_VERSION, CLE_REPONSES, CLE_CADRE,
		CLE_FAIT };

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		session_set(r->session, r->a, keys[i], NULL);
}

/* --- choosing ----------------------------------------------------------------------- */

static bool choix_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct page page = page_for(r, N_("Choisir un questionnaire"));
	struct html h = page_html(r, s);
	struct choix_view v = { .page = &page, .a = r->a };
	struct catalogue_ligne *lignes;
	struct err ignored = { 0 };
	struct parcours p;

	if (!db_acquire(r->core->store, &db, e)
	    || !catalogue_list(db, r->a, &lignes, &v.n, e))
		return false;
	v.lignes = lignes;
	if (parcours_read(r, &p, &ignored))
		v.en_cours = instrument_say(p.in, r->lang->tag, p.in->titre);
	parcours_choix(&h, &v);
	return true;
}

bool parcours_may_keep(const struct agent *g)
{
	return g->ici && g->ici->pouvoirs & POUVOIR_RESULTATS;
}

static bool ouverture_of(struct req *r, const struct instrument **in, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;

	return db_acquire(r->core->store, &db, e)
		&& catalogue_current(db, r->a, r->params[0], in, e);
}

static bool ouverture_show(struct req *r, struct res *s, struct err *e)
{
	struct ouverture_view v = { .r = r, .typed = NULL };
	struct page page;
	struct html h;

	if (!ouverture_of(r, &v.in, e))
		return false;
	page = page_for(r, instrument_say(v.in, r->lang->tag, v.in->titre));
	v.page = &page;
	v.garde = parcours_may_keep(req_agent(r)) && v.in->conserver == CONSERVER_REPONSES;
	v.minutes = (v.in->est_secondes + 30) / 60;
	h = page_html(r, s);
	parcours_ouverture(&h, &v);
	return true;
}

const char *parcours_commune(struct req *r, const struct field *fields, const char *typed)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	struct commune_match m[COMMUNE_MATCHES];
	size_t n;

	if (!typed || !*typed)
		return "";
	n = commune_find(held.r, typed, m, COMMUNE_MATCHES);
	if (n && commune_is_sure(m, n, typed))
		return arena_str(r->a, m[0].commune->code);
	req_refuse(r, fields, "commune", n
		   ? message(r->a, r->lang, N_("Plusieurs communes s’appellent ainsi : tapez le nom et le "
					       "code postal, comme « %1 »."), commune_label(r->a, m[0].commune))
		   : tr(r->lang, N_("Aucune commune n’est connue sous ce nom. Vérifiez l’orthographe, ou "
				    "tapez le code postal.")));
	return "";
}

static bool ouverture_send(struct req *r, struct res *s, struct err *e)
{
	const struct ouverture *o = r->in;
	const struct instrument *in;
	char numero[RECUEIL_NUMERO];
	const char *commune;

	if (!ouverture_of(r, &in, e))
		return false;
	commune = parcours_commune(r, ouverture_fields, o->commune);
	if (o->age == AGE_MOINS_15)
		req_refuse(r, ouverture_fields, "age", tr(r->lang,
			N_("Aucun questionnaire avant 15 ans. On peut aider sans rien demander.")));
	if (o->numero && !numero_read(o->numero, numero))
		req_refuse(r, ouverture_fields, "numero", tr(r->lang,
			N_("Ce numéro a douze lettres ou chiffres, en trois groupes de quatre.")));
	if (o->groupe && strchr(o->groupe, '|'))
		req_refuse(r, ouverture_fields, "groupe", tr(r->lang, N_("Écrivez-le avec des lettres et des chiffres.")));
	if (r->nerrors) {
		s->status = 400;
		return ouverture_show(r, s, e);
	}
	forget(r);
	session_set(r->session, r->a, CLE_ID, in->id);
	session_set(r->session, r->a, CLE_VERSION, in->version);
	session_set(r->session, r->a, CLE_CADRE, cadre_write(r, o, commune));
	return res_see_other(s, arena_cat(r->a, "/agent/instruments/question/", in->pages[0].id, NULL));
}

/* --- asking ------------------------------------------------------------------------- */

static const char *question_link(struct req *r, const struct instrument *in, int page)
{
	if (page >= in->npages)
		return "/agent/instruments/resultat";
	return arena_cat(r->a, "/agent/instruments/question/", in->pages[page].id, NULL);
}

static bool page_answered(const struct parcours *p, int page)
{
	const struct instrument_page *g = &p->in->pages[page];

	for (int i = 0; i < g->nitems; i++) {
		if (p->reponses[g->items[i]].etat != SANS_REPONSE)
			return true;
	}
	return false;
}

/* Where it was left: the page after the last one that has an answer. */
static bool question_resume(struct req *r, struct res *s, struct err *e)
{
	struct parcours p;
	int last = -1;

	if (!parcours_read(r, &p, e))
		return false;
	for (int i = 0; i < p.in->npages; i++)
		last = page_answered(&p, i) ? i : last;
	return res_see_other(s, question_link(r, p.in, page_after(p.in, last, p.reponses)));
}

static bool find_page(struct req *r, const struct parcours *p, int *page, struct err *e)
{
	*page = page_named(p->in, r->params[0]);
	return *page >= 0 || fail(e, E_MISSING, "%s", N_("Cette question n’existe pas."));
}

static bool question_write(struct req *r, struct res *s, const struct parcours *p, int at,
			   const struct question_erreur *errors, int nerrors, struct err *e)
{
	struct questionnaire_view v = { .r = r, .a = r->a, .in = p->in, .erreurs = errors,
					.nerreurs = nerrors };
	int before = page_before(p->in, at, p->reponses);
	struct ecoute ecoute;
	struct page page;
	struct html h;

	if (!questionnaire_items(&v, at, p->reponses))
		return arena_refuse(r->a, e);
	if (!v.nitems)
		return res_see_other(s, question_link(r, p->in, page_after(p->in, at,
			p->reponses)));
	if (!ecoute_load(r, p->in, &ecoute, e))
		return false;
	ecoute_items(&ecoute, p->in, v.items, v.nitems);
	v.ecoute = &ecoute;
	page = page_for(r, instrument_say(p->in, r->lang->tag, v.ecran->titre));
	page.error = nerrors > 0;
	if (nerrors)
		s->status = 400;
	v.page = &page;
	v.action = question_link(r, p->in, at);
	v.retour = before < 0 ? arena_cat(r->a, "/agent/instruments/", p->in->id, NULL)
			      : question_link(r, p->in, before);
	v.envoi = tr(r->lang, N_("Continuer"));
	v.terminer = tr(r->lang, N_("S’arrêter là"));
	h = page_html(r, s);
	questionnaire_page(&h, &v);
	return true;
}

static bool question_show(struct req *r, struct res *s, struct err *e)
{
	struct parcours p;
	int at;

	return parcours_read(r, &p, e) && find_page(r, &p, &at, e)
		&& question_write(r, s, &p, at, NULL, 0, e);
}

/* False when the answers do not fit in the session: the page says which to shorten. */
static bool keep_answers(struct req *r, const struct parcours *p)
{
	const char *packed = reponses_pack(r->a, p->in, p->reponses), *kept;

	session_set(r->session, r->a, CLE_REPONSES, packed);
	kept = session_get(r->session, CLE_REPONSES);
	return kept && strcmp(kept, packed) == 0;
}

static bool question_send(struct req *r, struct res *s, struct err *e)
{
	struct question_erreur errors[QUESTION_ERREURS];
	const char *to = req_typed(r, "vers");
	struct parcours p;
	int at, n;

	if (!parcours_read(r, &p, e) || !find_page(r, &p, &at, e)
	    || !questionnaire_read(r, p.in, at, p.reponses, errors, &n, e))
		return false;
	if (!n && !keep_answers(r, &p))
		errors[n++] = (struct question_erreur){ p.in->pages[at].items[0],
			p.in->items[p.in->pages[at].items[0]].id,
			tr(r->lang, N_("Cela fait trop de texte pour un seul questionnaire : écrivez plus court.")) };
	if (n)
		return question_write(r, s, &p, at, errors, n, e);
	session_set(r->session, r->a, CLE_FAIT, NULL);
	return res_see_other(s, to && strcmp(to, "resultat") == 0 ? "/agent/instruments/resultat"
			     : question_link(r, p.in, page_after(p.in, at, p.reponses)));
}

/* --- what follows ------------------------------------------------------------------- */

const char *phrases_join(struct arena *a, const struct lang *l, const struct diagnostic *d,
			 enum phrase_genre g)
{
	const char *out = "";

	for (int i = 0; i < d->nphrases[g]; i++) {
		const char *between = !i ? "" : i + 1 < d->nphrases[g] ? ", " : tr(l, N_(", et "));

		out = arena_cat(a, out, between,
				instrument_say(d->instrument, l->tag,
				d->phrases[g][i]->texte), NULL);
	}
	return out;
}

/* What the person answered the time before, when they brought their number. */
static bool read_before(struct req *r, const struct parcours *p, struct diagnostic *before,
			bool *found, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct recueil_garde *g;
	struct reponse *old;
	struct err ignored = { 0 };
	size_t n;

	*found = false;
	if (!p->numero)
		return true;
	if (!db_acquire(r->core->store, &db, e) || !recueil_of(db, r->a, p->numero, &g, &n, e))
		return false;
	for (size_t i = 0; i < n && !*found; i++) {
		if (strcmp(g[i].instrument, p->in->id) != 0
		    || !reponses_read_text(r->a, p->in, g[i].reponses, &old, &ignored))
			continue;
		instrument_score(p->in, old, before);
		*found = true;
	}
	return true;
}

static struct recueil recueil_from(struct req *r, const struct parcours *p)
{
	const struct agent *g = req_agent(r);

	return (struct recueil){ .in = p->in, .reponses = p->reponses,
		.structure = g->ici ? g->ici->structure : NULL, .commune = p->commune,
		.mode = p->mode, .provenance = p->provenance, .langue = r->lang->tag,
		.moment = p->moment, .groupe = p->groupe, .numero = p->numero, .numeroter = true };
}

/* One more person, when that is all that is kept: once, not at each look at the page. */
static bool count_once(struct req *r, const struct parcours *p, struct err *e)
{
	const struct recueil k = recueil_from(r, p);

	if (!k.structure || session_get(r->session, CLE_FAIT) || p->in->conserver == CONSERVER_RIEN
	    || (p->in->conserver == CONSERVER_REPONSES && p->age != AGE_15_17))
		return true;
	if (!recueil_count(r->core->store, r->env, r->a, &k, e))
		return false;
	session_set(r->session, r->a, CLE_FAIT, "1");
	return true;
}

static bool issue_write(struct req *r, struct res *s, const char *erreur, struct err *e)
{
	struct page page = page_for(r, N_("Ce qu’on peut faire"));
	struct html h = page_html(r, s);
	struct issue_view v = { .page = &page, .a = r->a, .erreur = erreur };
	struct civil local = zone_local(&zone_paris, env_now(r->env));
	const char *done = session_get(r->session, CLE_FAIT);
	struct diagnostic d, before;
	struct parcours p;
	bool compared;

	if (!parcours_read(r, &p, e) || !read_before(r, &p, &before, &compared, e))
		return false;
	instrument_score(p.in, p.reponses, &d);
	v.in = p.in;
	v.d = &d;
	v.savez = phrases_join(r->a, r->lang, &d, PHRASE_SAVEZ);
	v.bloque = phrases_join(r->a, r->lang, &d, PHRASE_BLOQUE);
	v.peut = phrases_join(r->a, r->lang, &d, PHRASE_PEUT);
	v.date = arena_printf(r->a, "%02d/%02d/%04d", local.day, local.month, local.year);
	v.radar = radar_make(r->a, &d, compared ? &before : NULL, r->lang->tag);
	v.retour = question_link(r, p.in, page_before(p.in, p.in->npages, p.reponses));
	v.mineur = p.age == AGE_15_17;
	v.peut_garder = p.accord && !v.mineur && parcours_may_keep(req_agent(r))
		&& p.in->conserver == CONSERVER_REPONSES;
	v.numero = done && strcmp(done, "1") != 0 ? done : NULL;
	page.error = erreur != NULL;
	parcours_issue(&h, &v);
	return true;
}

static bool issue_show(struct req *r, struct res *s, struct err *e)
{
	return issue_write(r, s, NULL, e);
}

/* Keeps, when the person agreed; counts, when that is all that the instrument keeps. */
static bool issue_keep(struct req *r, struct res *s, struct err *e)
{
	struct parcours p;
	struct recueil k;

	if (!parcours_read(r, &p, e))
		return false;
	if (session_get(r->session, CLE_FAIT))
		return res_see_other(s, "/agent/instruments/resultat");
	if (!p.accord || p.age == AGE_15_17 || !parcours_may_keep(req_agent(r)))
		return fail(e, E_DENIED, "%s", N_("Rien ne peut être gardé : il faut l’accord de la personne, "
						  "18 ans, et une structure qui garde des réponses."));
	k = recueil_from(r, &p);
	if (!recueil_keep(r->core->store, r->env, r->a, &k, e))
		return false;
	session_set(r->session, r->a, CLE_FAIT, k.numero);
	return res_see_other(s, "/agent/instruments/resultat");
}

/* The last act: counts what is only counted, and forgets. */
static bool issue_end(struct req *r, struct res *s, struct err *e)
{
	struct parcours p;
	struct err ignored = { 0 };

	if (parcours_read(r, &p, &ignored) && !count_once(r, &p, e))
		return false;
	forget(r);
	return res_see_other(s, "/agent/instruments");
}

/* --- erasing ------------------------------------------------------------------------ */

static bool effacer_write(struct req *r, struct res *s, const char *done, const char *refused)
{
	struct page page = page_for(r, N_("Effacer mes réponses"));
	struct html h = page_html(r, s);

	page.error = refused || r->nerrors;
	effacer_page(&h, &page, r, effacement_fields, done, refused);
	return true;
}

static bool effacer_show(struct req *r, struct res *s, struct err *e)
{
	(void)e;
	return effacer_write(r, s, NULL, NULL);
}

static bool effacer_send(struct req *r, struct res *s, struct err *e)
{
	const struct effacement *in = r->in;
	struct err why = { 0 };
	int64_t n;

	if (r->nerrors) {
		s->status = 400;
		return effacer_write(r, s, NULL, NULL);
	}
	if (recueil_erase(r->core->store, in->numero, &n, &why))
		return effacer_write(r, s, message(r->a, r->lang, n > 1
			? N_("C’est fait : %1 questionnaires sont effacés.")
			: N_("C’est fait : %1 questionnaire est effacé."),
			arena_printf(r->a, "%lld", (long long)n)), NULL);
	if (why.kind != E_INPUT && why.kind != E_MISSING) {
		*e = why;
		return false;
	}
	s->status = 400;
	return effacer_write(r, s, NULL, tr(r->lang, why.msg));
}

const struct route parcours_routes[] = {
	{ GET, "/agent/instruments", choix_show, &can_receive, NULL, 0,
	  N_("Choisir un questionnaire"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/agent/instruments/{id}", ouverture_show, &can_receive, NULL, 0,
	  N_("Avant un questionnaire"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ POST, "/agent/instruments/{id}", ouverture_send, &can_receive, ouverture_fields,
	  sizeof(struct ouverture), N_("Commencer un questionnaire"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/agent/instruments/question", question_resume, &can_receive, NULL, 0,
	  N_("Reprendre un questionnaire"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/agent/instruments/question/{page}", question_show, &can_receive, NULL, 0,
	  N_("Une page de questionnaire"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ POST, "/agent/instruments/question/{page}", question_send, &can_receive, NULL, 0,
	  N_("Répondre à une page de questionnaire"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/agent/instruments/resultat", issue_show, &can_receive, NULL, 0,
	  N_("Ce qui suit d’un questionnaire"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ POST, "/agent/instruments/resultat", issue_keep, &can_receive, NULL, 0,
	  N_("Garder les réponses"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ POST, "/agent/instruments/fin", issue_end, &can_receive, NULL, 0,
	  N_("Terminer un questionnaire"), ROUTE_SLOW | ROUTE_PRIVATE | ROUTE_FORGETS, NULL },
	{ GET, "/reponses/effacer", effacer_show, CAN_PUBLIC, NULL, 0,
	  N_("Effacer mes réponses"), 0, NULL },
	{ POST, "/reponses/effacer", effacer_send, CAN_PUBLIC, effacement_fields,
	  sizeof(struct effacement), N_("Effacer ce qui est gardé sous un numéro"), ROUTE_SLOW, NULL },
	{ 0 },
};
