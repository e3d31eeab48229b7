#include "detect/saisie_page.h"

#include <string.h>

#include "core/agent.h"
#include "core/commune.h"
#include "core/core.h"
#include "detect/catalogue.h"
#include "detect/papier_code.h"
#include "detect/parcours.h"
#include "detect/saisie.htm.h"
#include "web/message.h"
#include "web/query.h"

#define ICI "/agent/instruments/saisie/"

const struct field feuille_fields[] = {
	{ AT(feuille_in, numero), .kind = F_TEXT, .max = 20, .label = N_("Numéro de la feuille"),
	  .hint = N_("En bas de la feuille. Par exemple K7QM-3XPD-9FRW") },
	{ AT(feuille_in, age), .kind = F_CHOICE, .choices = recueil_ages,
	  .label = N_("Âge de la personne") },
	{ AT(feuille_in, accord), .kind = F_BOOL, .label = N_("La case G est cochée : d’accord pour garder") },
	{ AT(feuille_in, commune), .kind = F_TEXT, .max = COMMUNE_TYPED,
	  .label = N_("Commune ou code postal") },
	{ AT(feuille_in, provenance), .kind = F_CHOICE, .choices = recueil_provenances,
	  .label = N_("D’où viennent les réponses") },
	{ AT(feuille_in, moment), .kind = F_CHOICE, .choices = recueil_moments,
	  .label = N_("Avant ou après un atelier") },
	{ AT(feuille_in, groupe), .kind = F_TEXT, .max = RECUEIL_GROUPE,
	  .label = N_("Nom de l’atelier ou de l’enquête"), .hint = N_("Jamais le nom d’une personne.") },
	{ AT(feuille_in, deux_fois), .kind = F_BOOL,
	  .label = N_("Ces feuilles seront saisies deux fois") },
	{ AT(feuille_in, verifie), .kind = F_BOOL,
	  .label = N_("J’ai relu ces questions sur la feuille") },
	{ AT(feuille_in, version), .kind = F_TEXT, .max = 40, .label = N_("Version") },
	{ AT(feuille_in, faites), .kind = F_INT, .min = 0, .max = 100000, .label = N_("Faites") },
	{ 0 },
};

/* --- the questions of the sheet ------------------------------------------------------ */

static bool questions(struct saisie_feuille_view *v, bool read, struct reponse *answers,
		      struct err *e)
{
	struct saisie_question *q = NEW_ARRAY(v->a, (size_t)v->in->nitems + 1,
		struct saisie_question);

	if (!q)
		return arena_refuse(v->a, e);
	for (int i = 0; i < v->in->nitems; i++) {
		const struct item *it = &v->in->items[i];
		struct saisie_question *one = &q[v->nquestions];
		const char *name = arena_cat(v->a, "r.", it->id, NULL);
		const char *typed = read ? req_typed(v->r, name) : NULL;

		if (!item_printed(it))
			continue;
		*one = (struct saisie_question){ .item = it, .nom = name, .numero = ++v->nquestions,
			.id = arena_printf(v->a, "q%d", v->nquestions), .tape = typed
			? typed : "" };
		if (papier_code_read(v->a, it, one->tape, &answers[i]))
			continue;
		v->nerreurs++;
		one->erreur = arena_printf(v->a, "%d. %s", one->numero, tr(v->r->lang, it->noptions
			? N_("Tapez le numéro d’une case, S, R, ou rien.")
			: N_("Cette réponse ne se lit pas : vérifiez-la sur la feuille, ou tapez S, R, ou rien.")));
	}
	v->questions = q;
	return true;
}

/* Beside each question that differs, what was typed the first time. */
static void show_first(struct saisie_feuille_view *v, const struct saisie *k)
{
	struct saisie_question *q = (struct saisie_question *)v->questions;

	for (int i = 0, n = 0; i < v->in->nitems; i++) {
		if (!item_printed(&v->in->items[i]))
			continue;
		if (k->differe[i]) {
			q[n].avant = papier_code_write(v->a, &v->in->items[i], &k->premiere[i]);
			v->ndifferentes++;
		}
		n++;
	}
}

const char *saisie_vide(const struct saisie_feuille_view *v, const char *typed)
{
	return *typed ? typed : tr(v->r->lang, N_("rien"));
}

/* --- the page ------------------------------------------------------------------------ */

static const char *agreement(struct req *r, const struct saisie_bilan *b)
{
	char share[I18N_TEXT];

	if (!b->comparees)
		return NULL;
	return message(r->a, r->lang, N_("Saisies deux fois ici : %1 feuilles, %2 % de réponses identiques."),
		       arena_printf(r->a, "%lld", (long long)b->feuilles),
		       real_text(r->lang,
		       100.0 * (double)b->identiques / (double)b->comparees, share));
}

static bool show(struct req *r, struct res *s, struct saisie_feuille_view *v, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct agent *g = req_agent(r);
	struct saisie_bilan bilan = { 0 };
	struct page page = page_for(r, message(r->a, r->lang, N_("%1, saisir des feuilles"),
		instrument_say(v->in, r->lang->tag, v->in->titre)));
	struct html h;

	if (!db_acquire(r->core->store, &db, e)
	    || (g->ici && !saisie_bilan(db, r->a, v->in->id, g->ici->structure, &bilan, e)))
		return false;
	db_release(&db);
	v->accord = agreement(r, &bilan);
	v->garde = parcours_may_keep(g) && v->in->conserver == CONSERVER_REPONSES;
	v->page = &page;
	page.error = v->nerreurs || v->ndifferentes || v->refus || r->nerrors;
	if (page.error)
		s->status = 400;
	h = page_html(r, s);
	saisie_feuille(&h, v);
	return true;
}

static bool open_sheet(struct req *r, const char *version, struct saisie_feuille_view *v,
		       struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;

	*v = (struct saisie_feuille_view){ .r = r, .a = r->a };
	return db_acquire(r->core->store, &db, e)
	       && (version && *version ? catalogue_version(db, r->a, r->params[0], version,
	       	&v->in, e)
		   : catalogue_current(db, r->a, r->params[0], &v->in, e));
}

static const char *done_words(struct req *r, const char *what)
{
	static const char *const words[][2] = {
		{ "gardee", N_("Feuille gardée. À la suivante.") },
		{ "comptee", N_("Feuille comptée : sans accord écrit, ou avant 18 ans, rien d’autre n’est gardé.") },
		{ "rien", N_("Feuille lue. Rien n’est gardé : la case G n’est pas cochée, ou votre structure ne garde pas de réponses.") },
		{ "attend", N_("Première saisie faite. La feuille attend la deuxième.") },
		{ NULL, NULL } };

	for (int i = 0; what && words[i][0]; i++) {
		if (!strcmp(words[i][0], what))
			return tr(r->lang, words[i][1]);
	}
	return NULL;
}

static bool saisie_show(struct req *r, struct res *s, struct err *e)
{
	const struct feuille_in *in = r->in;
	struct saisie_feuille_view v;
	struct reponse *answers;

	if (!open_sheet(r, in->version, &v, e))
		return false;
	answers = NEW_ARRAY(r->a, (size_t)v.in->nitems + 1, struct reponse);
	if (!answers)
		return arena_refuse(r->a, e);
	v.typed = in;
	v.fait = done_words(r, req_typed(r, "fait"));
	return questions(&v, false, answers, e) && show(r, s, &v, e);
}

/* --- a sheet that was typed ---------------------------------------------------------- */

static void check_head(struct req *r, const struct feuille_in *in)
{
	char numero[RECUEIL_NUMERO];

	if (!in->numero || !*in->numero)
		req_refuse(r, feuille_fields, "numero", tr(r->lang, N_("Tapez le numéro de la feuille.")));
	else if (!numero_read(in->numero, numero) || !numero_checks(numero))
		req_refuse(r, feuille_fields, "numero", tr(r->lang,
			N_("Ce numéro n’est pas celui d’une feuille : relisez-le, lettre par lettre.")));
	if (in->age < 0)
		req_refuse(r, feuille_fields, "age", tr(r->lang, N_("Dites l’âge de la personne.")));
	else if (in->age == AGE_MOINS_15)
		req_refuse(r, feuille_fields, "age", tr(r->lang,
			N_("Aucun questionnaire avant 15 ans. On peut aider sans rien demander.")));
}

static struct saisie saisie_of(struct req *r, const struct instrument *in,
			       const struct reponse *answers, const char *commune)
{
	const struct feuille_in *f = r->in;
	const struct agent *g = req_agent(r);
	bool may = parcours_may_keep(g) && in->conserver == CONSERVER_REPONSES;
	char numero[RECUEIL_NUMERO];

	numero_read(f->numero, numero);
	return (struct saisie){
		.r = { .in = in, .reponses = answers, .structure = g->ici->structure,
		       .commune = commune, .mode = "papier", .langue = r->lang->tag,
		       .provenance = recueil_provenances[f->provenance < 0 ? 0
		       : f->provenance].slug,
		       .moment = f->moment < 0 ? "" : recueil_moments[f->moment].slug,
		       .groupe = f->groupe ? f->groupe : "", .numero = arena_str(r->a, numero) },
		.garder = may && f->accord && f->age == AGE_18,
		.compter = in->conserver == CONSERVER_COMPTES
			|| (in->conserver == CONSERVER_REPONSES && f->age == AGE_15_17),
		.deux_fois = f->deux_fois, .verifie = f->verifie,
	};
}

/* The next sheet of the stack, with what they have in common filled in. */
static bool next_sheet(struct req *r, struct res *s, const struct instrument *in,
		       enum saisie_issue issue)
{
	static const char *const done[] = { "gardee", "comptee", "rien", "attend" };
	const struct feuille_in *f = r->in;
	const struct feuille_in next = { .version = in->version, .commune = f->commune,
		.groupe = f->groupe, .age = -1, .provenance = f->provenance, .moment = f->moment,
		.deux_fois = f->deux_fois, .faites = (f->faites > 0 ? f->faites : 0) + 1 };

	return res_see_other(s, arena_cat(r->a, ICI, in->id, "?fait=", done[issue], "&",
					  query_write(r->a, feuille_fields, &next), NULL));
}

static bool saisie_send(struct req *r, struct res *s, struct err *e)
{
	const struct feuille_in *in = r->in;
	struct saisie_feuille_view v;
	struct err why = { 0 };
	struct reponse *answers;
	const char *commune;
	struct saisie k;

	if (!open_sheet(r, in->version, &v, e))
		return false;
	answers = NEW_ARRAY(r->a, (size_t)v.in->nitems + 1, struct reponse);
	if (!answers)
		return arena_refuse(r->a, e);
	v.typed = in;
	if (!req_agent(r)->ici)
		return fail(e, E_DENIED, "%s", N_("Choisissez d’abord la structure où vous travaillez."));
	check_head(r, in);
	commune = parcours_commune(r, feuille_fields, in->commune);
	if (!questions(&v, true, answers, e))
		return false;
	if (r->nerrors || v.nerreurs)
		return show(r, s, &v, e);
	k = saisie_of(r, v.in, answers, commune);
	if (!saisie_put(r->core->store, r->env, r->a, &k, &why)) {
		if (why.kind != E_CONFLICT && why.kind != E_DENIED) {
			*e = why;
			return false;
		}
		v.refus = arena_str(r->a, why.msg);
		return show(r, s, &v, e);
	}
	if (k.issue != SAISIE_DIFFERE)
		return next_sheet(r, s, v.in, k.issue);
	show_first(&v, &k);
	return show(r, s, &v, e);
}

const struct route saisie_routes[] = {
	{ GET, "/agent/instruments/papier/{id}", papier_instrument_show, &can_agent, papier_fields,
	  sizeof(struct papier_in), N_("Questionnaire à imprimer"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/agent/instruments/telephone/{id}", papier_telephone_show, &can_agent, papier_fields,
	  sizeof(struct papier_in), N_("Questionnaire au téléphone"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/agent/instruments/saisie/{id}", saisie_show, &can_receive, feuille_fields,
	  sizeof(struct feuille_in), N_("Saisir des feuilles remplies"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ POST, "/agent/instruments/saisie/{id}", saisie_send, &can_receive, feuille_fields,
	  sizeof(struct feuille_in), N_("Garder une feuille remplie"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ 0 },
};
