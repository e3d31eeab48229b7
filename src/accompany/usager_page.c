/* /agent/usagers: the people one accompanies, and what is done with them. */
#include <string.h>

#include "accompany/pages.h"
#include "accompany/usager.htm.h"
#include "base/date.h"
#include "core/journal.h"
#include "core/lieu.h"
#include "store/signer.h"
#include "store/telephone.h"
#include "web/message.h"

const struct choice numero_sur[] = {
	{ "oui", N_("Oui, personne d’autre ne lit les messages"), NULL },
	{ "partage", N_("Quelqu’un d’autre les lit, et cela convient à la personne"), NULL },
	{ "non", N_("Non, ou elle ne sait pas : aucun message ne partira"), NULL },
	{ NULL, NULL, NULL },
};
const struct choice langues_parlees[] = {
	{ "fr", "Français", NULL }, { "en", "English", NULL }, { NULL, NULL, NULL },
};
const struct choice garder_ligne[] = {
	{ "non", N_("Non, rien n’est gardé"), NULL },
	{ "oui", N_("Oui, une ligne dans son historique"), NULL },
	{ NULL, NULL, NULL },
};
static const struct choice faits_dits[] = {
	{ "ouvert", N_("La fiche est ouverte."), NULL },
	{ "secret", N_("Le code secret est choisi. Vous ne l’avez pas vu."), NULL },
	{ "perdue", N_("L’ancienne carte ne sert plus : ses codes, le code secret et les espaces ouverts "
		       "sont fermés."), NULL },
	{ "ligne", N_("Une ligne est ajoutée à l’historique de la personne."), NULL },
	{ "rien", N_("C’est fait ensemble. Rien n’est gardé."), NULL },
	{ "signe", N_("L’autorisation commence maintenant."), NULL },
	{ "refuse", N_("C’est noté : la personne a refusé. Refuser ne change rien à ses droits."), NULL },
	{ "question", N_("Les deux SMS partent : ce que vous proposez, puis la question."), NULL },
	{ "prouve", N_("La preuve est prise. L’autorisation commencera quand « Oui » arrivera."), NULL },
	{ "arrete", N_("C’est arrêté, dès maintenant."), NULL },
	{ "acte", N_("L’acte est enregistré : une ligne au journal, une ligne dans l’historique de la "
		     "personne."), NULL },
	{ "lu", N_("Votre raison est notée. La personne la lira."), NULL },
	{ "limites", N_("Les limites de la structure sont enregistrées."), NULL },
	{ "repondu", N_("La réponse est enregistrée. La personne la lira dans son espace."), NULL },
	{ "desaccord", N_("C’est noté. La structure a quinze jours pour répondre ; ensuite, cela va à la "
			  "personne qui protège les données."), NULL },
	{ "masque", N_("C’est changé."), NULL },
	{ NULL, NULL, NULL },
};
const struct field fait_in_fields[] = {
	{ AT(rien_in, fait), .kind = F_CHOICE, .choices = faits_dits, .label = N_("Ce qui est fait") },
	{ 0 },
};
const struct field usager_fields[] = {
	{ AT(usager_in, nom), .kind = F_TEXT, .max = 80, .required = true,
	  .label = N_("Comment la personne s’appelle"),
	  .hint = N_("Comme elle le dit. Aucune pièce n’est demandée."),
	  .missing = N_("Écrivez comment la personne s’appelle") },
	{ AT(usager_in, naissance), .kind = F_TEXT, .max = 10, .label = N_("Année de naissance"),
	  .hint = N_("Seulement si une démarche la demande : 1954, ou 1954-03-02.") },
	{ AT(usager_in, telephone), .kind = F_TEXT, .max = 40, .label = N_("Téléphone"),
	  .hint = N_("Seulement si elle veut des messages. Un numéro peut servir à plusieurs personnes.") },
	{ AT(usager_in, sur), .kind = F_CHOICE, .choices = numero_sur,
	  .label = N_("Ce numéro est-il sûr ? Qui d’autre le lit ?") },
	{ AT(usager_in, langue), .kind = F_CHOICE, .choices = langues_parlees, .required = true,
	  .label = N_("Sa langue, pour les papiers et les messages") },
	{ AT(usager_in, garde), .kind = F_CHOICE, .choices = usager_gardes, .required = true,
	  .label = N_("Que veut-elle avoir ?"),
	  .hint = N_("Un papier ou un espace peut trahir quelqu’un chez lui. Ne rien avoir est un choix normal."),
	  .missing = N_("Demandez-lui ce qu’elle veut avoir") },
	{ 0 },
};
const struct field retrouver_fields[] = {
	{ AT(usager_in, numero), .kind = F_TEXT, .max = 20, .required = true,
	  .label = N_("Numéro de sa carte"), .missing = N_("Écrivez le numéro de la carte") },
	{ AT(usager_in, raison), .kind = F_TEXT, .max = 120, .required = true,
	  .label = N_("Pourquoi ouvrez-vous sa fiche ?"), .hint = N_("La personne le lira."),
	  .missing = N_("Dites pourquoi vous ouvrez sa fiche") },
	{ 0 },
};
const struct field secret_fields[] = {
	{ AT(secret_in, code_secret), .kind = F_TEXT, .max = 12, .label = N_("Votre code secret : six chiffres") },
	{ AT(secret_in, code_secret_2), .kind = F_TEXT, .max = 12, .label = N_("Le même, encore une fois") },
	{ 0 },
};
const struct field avec_fields[] = {
	{ AT(avec_in, demarche), .kind = F_CHOICE, .choices = demarches, .required = true,
	  .label = N_("Ce que vous avez fait ensemble"), .missing = N_("Choisissez une démarche") },
	{ AT(avec_in, texte), .kind = F_TEXT, .max = 200, .label = N_("En quelques mots, pour elle") },
	{ AT(avec_in, garder), .kind = F_CHOICE, .choices = garder_ligne, .required = true,
	  .label = N_("La personne veut-elle en garder une trace ?"),
	  .missing = N_("Demandez-lui si elle veut en garder une trace") },
	{ 0 },
};

/* --- shared ------------------------------------------------------------------------------ */

const char *fait_text(const struct req *r)
{
	const struct rien_in *in = r->in;

	return r->route->in == fait_in_fields && in->fait >= 0 ? tr(r->lang,
		faits_dits[in->fait].label)
		: NULL;
}

bool path_after(struct res *s, struct arena *a, const char *head, const char *id, const char *tail)
{
	return res_see_other(s, arena_cat(a, head, id, tail, NULL));
}

const char *demarches_titres(struct arena *a, const struct lang *l, unsigned bits)
{
	const char *out = "";

	for (int i = 0; i < DEMARCHES; i++) {
		if (bits >> i & 1)
			out = arena_cat(a, out, *out ? " ; " : "", tr(l, demarches[i].label), NULL);
	}
	return out;
}

static const char *genre_text(const struct req *r, const char *slug)
{
	int i = choice_find(histoire_genres, slug);

	return i < 0 ? slug : tr(r->lang, histoire_genres[i].label);
}

static bool fill_history(struct req *r, struct db *db, struct usager_view *v, bool tout,
	struct err *e)
{
	struct histoire_ligne *h;
	struct ligne_vue *out;

	if (!histoire_list(db, r->a, v->u.id, tout, NULL, 60, &h, &v->nh, e))
		return false;
	out = NEW_ARRAY(r->a, v->nh, struct ligne_vue);
	if (!out)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < v->nh; i++) {
		int d = h[i].demarche ? demarche_named(h[i].demarche) : -1;

		if (!strcmp(h[i].genre, "mandat-signe"))
			h[i].texte = NULL;
		out[i] = (struct ligne_vue){ h[i], genre_text(r, h[i].genre),
			moment_text(r->a, r->lang, h[i].le),
			d < 0 ? NULL : tr(r->lang, demarches[d].label), h[i].agent != NULL };
	}
	v->h = out;
	return true;
}

bool usager_view_fill(struct req *r, struct db *db, struct usager_view *v, const char *structure,
		      bool tout, struct err *e)
{
	char now[ISO_TEXT], numero[USAGER_NUMERO_SHOWN];
	struct mandat *m;
	struct mandat_vu *vu;

	v->r = r;
	iso_write(env_now(r->env), now);
	usager_numero_show(v->u.numero, numero);
	v->numero = arena_str(r->a, numero);
	if (!mandat_list(db, r->a, v->u.id, structure, now, &m, &v->nm, e))
		return false;
	vu = NEW_ARRAY(r->a, v->nm, struct mandat_vu);
	if (!vu)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < v->nm; i++)
		vu[i] = (struct mandat_vu){ m[i], demarches_titres(r->a, r->lang, m[i].ouvertes),
			demarches_titres(r->a, r->lang, m[i].demarches),
			fin_text(r->a, r->lang, m[i].expire_le), jour_text(r->a, r->lang,
			m[i].signe_le) };
	v->m = vu;
	return fill_history(r, db, v, tout, e);
}

/* Known to this agent where they work, or refused with whom to ask. */
bool usager_known(struct req *r, struct db *db, const char *id, struct usager *out,
		       struct err *e)
{
	const struct agent *g = req_agent(r);
	struct gens_knows_row row;
	char now[ISO_TEXT];
	bool found = false;

	iso_write(env_now(r->env), now);
	if (g->ici && !gens_knows(db, r->a, id, g->id, g->ici->structure, now, &row, &found, e))
		return false;
	if (!found) {
		fail(e, E_DENIED, "%s", N_("Vous n’êtes pas de ceux qui accompagnent cette personne."));
		return hint(e, "%s", N_("Avec elle, ouvrez sa fiche par le numéro de sa carte, et dites "
					"pourquoi."));
	}
	return usager_get(db, r->a, id, out, e);
}

/* --- the list, a new one ----------------------------------------------------------------- */

static bool list_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct page page = page_for(r, N_("Les personnes que j’accompagne"));
	struct html h = page_html(r, s);
	struct gens_view v = { .r = r };
	const struct agent *g = req_agent(r);
	struct gens_of_row *rows = NULL;
	char shown[USAGER_NUMERO_SHOWN];

	if (!db_acquire(r->core->store, &db, e)
	    || (g->ici && !gens_of(db, r->a, g->id, g->ici->structure, &rows, &v.n, e)))
		return false;
	v.g = rows;
	v.numeros = NEW_ARRAY(r->a, v.n, const char *);
	if (!v.numeros)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < v.n; i++) {
		usager_numero_show(rows[i].numero, shown);
		v.numeros[i] = arena_str(r->a, shown);
	}
	gens_page(&h, &page, &v);
	return true;
}

static bool new_show(struct req *r, struct res *s, struct err *e)
{
	struct page page = page_for(r, N_("Ouvrir la fiche d’une personne"));
	struct html h = page_html(r, s);

	(void)e;
	usager_nouveau_page(&h, &page, r);
	return true;
}

struct opening {
	struct req *r;
	struct usager u;
};

static bool open_job(struct tx *tx, void *arg, struct err *e)
{
	struct opening *o = arg;

	return usager_add(tx, o->r->env, o->r->a, &o->u, req_agent(o->r)->id, e);
}

static bool birth_is_good(const char *s)
{
	struct civil c;
	size_t n = strlen(s);

	return n == 4 ? strspn(s, "0123456789") == 4 && (*s == '1' || *s == '2')
		: n == 10 && iso_read(s, &c);
}

static void read_usager(struct req *r, const struct usager_in *in, struct usager *u)
{
	struct telephone t;
	struct err why = { 0 };

	u->nom = in->nom;
	u->naissance = in->naissance;
	u->langue = langues_parlees[in->langue < 0 ? 0 : in->langue].slug;
	u->garde = (enum usager_garde)(in->garde < 0 ? GARDE_PAPIER : in->garde);
	if (in->naissance && !birth_is_good(in->naissance))
		req_refuse(r, usager_fields, "naissance", tr(r->lang, N_("Écrivez une année : 1954, ou une "
									 "date : 1954-03-02.")));
	if (!in->telephone)
		return;
	if (!telephone_read(in->telephone, r->core->site.departement, &t, &why)) {
		req_refuse(r, usager_fields, "telephone", tr(r->lang, why.msg));
		return;
	}
	u->telephone = arena_str(r->a, t.e164);
	u->telephone_sur = in->sur == 0 || in->sur == 1;
	if (in->sur < 0)
		req_refuse(r, usager_fields, "sur", tr(r->lang, N_("Demandez-lui si ce numéro est sûr, et qui "
								   "d’autre le lit.")));
}

static bool new_post(struct req *r, struct res *s, struct err *e)
{
	const struct agent *g = req_agent(r);
	struct opening o = { .r = r };

	if (!g->ici)
		return fail(e, E_DENIED, "%s", N_("Vous ne travaillez dans aucune structure active."));
	o.u.structure = g->ici->structure;
	read_usager(r, r->in, &o.u);
	if (r->nerrors)
		return new_show(r, s, e);
	return store_write(r->core->store, open_job, &o, e)
	       && path_after(s, r->a, "/agent/usagers/", o.u.id, "?fait=ouvert");
}

/* --- found again by the number of the card, with a reason ---------------------------- */

static bool find_show(struct req *r, struct res *s, struct err *e)
{
	struct page page = page_for(r, N_("Retrouver une personne par sa carte"));
	struct html h = page_html(r, s);

	(void)e;
	retrouver_page(&h, &page, r);
	return true;
}

struct finding {
	struct req *r;
	struct usager u;
	const char *raison;
	struct mandat *m;
	size_t n;
};

static bool found_job(struct tx *tx, void *arg, struct err *e)
{
	struct finding *f = arg;

	for (size_t i = 0; i < f->n; i++) {
		if (!mandat_read_for(tx, f->r->env, &f->m[i], req_agent(f->r)->id, f->raison, e))
			return false;
	}
	return true;
}

static bool find_post(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct usager_in *in = r->in;
	const struct agent *g = req_agent(r);
	struct finding f = { .r = r, .raison = in->raison };
	char numero[USAGER_NUMERO], now[ISO_TEXT];
	struct err why = { 0 };
	bool found = false;

	iso_write(env_now(r->env), now);
	if (in->numero && !usager_numero_read(in->numero, numero, &why))
		req_refuse(r, retrouver_fields, "numero", tr(r->lang, why.msg));
	if (r->nerrors)
		return find_show(r, s, e);
	if (!db_acquire(r->core->store, &db, e)
	    || !usager_by_numero(db, r->a, numero, &f.u, &found, e))
		return false;
	/* another structure's is as if it were not there */
	if (!found || !g->ici || strcmp(f.u.structure, g->ici->structure) != 0) {
		req_refuse(r, retrouver_fields, "numero", tr(r->lang, N_("Aucune personne de votre structure "
									 "n’a cette carte.")));
		return find_show(r, s, e);
	}
	if (!mandat_list(db, r->a, f.u.id, g->ici->structure, now, &f.m, &f.n, e))
		return false;
	db_release(&db);
	return store_write(r->core->store, found_job, &f, e)
	       && path_after(s, r->a, "/agent/usagers/", f.u.id, "?fait=lu");
}

/* --- one person ------------------------------------------------------------------------ */

static bool one_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct usager_view v = { .r = r, .fait = fait_text(r) };
	struct html h = page_html(r, s);
	struct page page;

	if (!db_acquire(r->core->store, &db, e) || !usager_known(r, db, r->params[0], &v.u, e)
	    || !usager_view_fill(r, db, &v, req_agent(r)->ici->structure, true, e))
		return false;
	v.aidant = req_agent(r)->ici->roles & ROLE_AIDANT;
	page = page_for(r, v.u.nom);
	usager_page(&h, &page, &v);
	return true;
}

/* --- the secret: typed by the person, on this screen ---------------------------------- */

static bool secret_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct page page = page_for(r, N_("Choisissez votre code secret"));
	struct html h = page_html(r, s);
	struct usager_view v = { .r = r };

	if (!db_acquire(r->core->store, &db, e) || !usager_known(r, db, r->params[0], &v.u, e))
		return false;
	secret_page(&h, &page, &v);
	return true;
}

struct choosing {
	const struct env *env;
	const char *usager, *agent, *structure;
	char tag[BOX_TAG_TEXT];
	char tags[USAGER_CODES][BOX_TAG_TEXT];
};

static bool secret_job(struct tx *tx, void *arg, struct err *e)
{
	struct choosing *c = arg;

	return usager_secret_set(tx, c->env, c->usager, c->tag, e)
	       && journal_append(tx, c->env, &(struct journal_entry){ .genre = "personne.secret",
			.structure = c->structure, .usager = c->usager, .acteur = c->agent,
			.objet = c->usager }, NULL, e);
}

static bool secret_post(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct secret_in *in = r->in;
	const struct agent *g = req_agent(r);
	char one[USAGER_SECRET + 1], two[USAGER_SECRET + 1];
	struct choosing c = { .env = r->env, .agent = g->id };
	struct err why = { 0 };
	struct usager u;

	if (!db_acquire(r->core->store, &db, e) || !usager_known(r, db, r->params[0], &u, e))
		return false;
	db_release(&db);
	if (!usager_secret_read(in->code_secret, one, &why))
		req_refuse(r, secret_fields, "code_secret", tr(r->lang, why.msg));
	else if (!usager_secret_read(in->code_secret_2, two, &why) || strcmp(one, two) != 0)
		req_refuse(r, secret_fields, "code_secret_2", tr(r->lang, N_("Les deux codes ne sont pas les "
									     "mêmes.")));
	if (r->nerrors)
		return secret_show(r, s, e);
	c.usager = u.id;
	c.structure = u.structure;
	return usager_tag(r->core->signer, r->a, u.id, one, c.tag, e)
	       && store_write(r->core->store, secret_job, &c, e)
	       && path_after(s, r->a, "/agent/usagers/", u.id, "?fait=secret");
}

/* --- the card -------------------------------------------------------------------------- */

static bool codes_job(struct tx *tx, void *arg, struct err *e)
{
	struct choosing *c = arg;

	return usager_codes_set(tx, c->usager, c->tags, e)
	       && journal_append(tx, c->env, &(struct journal_entry){ .genre = "personne.carte",
			.structure = c->structure, .usager = c->usager, .acteur = c->agent,
			.objet = c->usager }, NULL, e);
}

/* "4821 7736": eight digits, each as likely. */
static void draw_code(const struct env *env, char out[USAGER_CODE + 1])
{
	unsigned char b;

	for (int i = 0; i < USAGER_CODE;) {
		env_random(env, &b, 1);
		if (b < 250)
			out[i++] = (char)('0' + b % 10);
	}
	out[USAGER_CODE] = '\0';
}

static bool card_post(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct usager_view v = { .r = r };
	struct choosing c = { .env = r->env, .agent = req_agent(r)->id };
	struct carte_view k = { .v = &v };
	struct html h = page_html(r, s);
	struct page page;
	char code[USAGER_CODE + 1];

	if (!db_acquire(r->core->store, &db, e) || !usager_known(r, db, r->params[0], &v.u, e)
	    || !usager_view_fill(r, db, &v, v.u.structure, false, e))
		return false;
	db_release(&db);
	c.usager = v.u.id;
	c.structure = v.u.structure;
	for (int i = 0; i < USAGER_CODES; i++) {
		draw_code(r->env, code);
		k.codes[i] = arena_printf(r->a, "%.4s %.4s", code, code + 4);
		if (!usager_tag(r->core->signer, r->a, v.u.id, code, c.tags[i], e))
			return false;
	}
	k.adresse = arena_cat(r->a, core_address(r), "/mon-espace/entrer?numero=", v.u.numero, NULL);
	if (!qr_make(r->a, k.adresse, &k.qr, e) || !store_write(r->core->store, codes_job, &c, e))
		return false;
	page = page_for(r, N_("La carte"));
	carte_personne_page(&h, &page, &k);
	return true;
}

static bool lost_job(struct tx *tx, void *arg, struct err *e)
{
	struct choosing *c = arg;

	return usager_card_lost(tx, c->env, c->usager, e);
}

static bool lost_post(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct choosing c = { .env = r->env };
	struct usager u;

	if (!db_acquire(r->core->store, &db, e) || !usager_known(r, db, r->params[0], &u, e))
		return false;
	db_release(&db);
	c.usager = u.id;
	return store_write(r->core->store, lost_job, &c, e)
	       && path_after(s, r->a, "/agent/usagers/", u.id, "?fait=perdue");
}

/* --- doing with ----------------------------------------------------------------------- */

static bool with_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct page page = page_for(r, N_("Faire avec"));
	struct html h = page_html(r, s);
	struct usager_view v = { .r = r };

	if (!db_acquire(r->core->store, &db, e) || !usager_known(r, db, r->params[0], &v.u, e))
		return false;
	avec_page(&h, &page, &v);
	return true;
}

struct together {
	struct req *r;
	const struct usager *u;
};

static bool with_job(struct tx *tx, void *arg, struct err *e)
{
	struct together *t = arg;
	const struct avec_in *in = t->r->in;

	return histoire_put(tx, t->r->env, &(struct ligne){ .usager = t->u->id,
			.structure = req_agent(t->r)->ici->structure, .agent = req_agent(t->r)->id,
			.genre = "avec", .demarche = demarches[in->demarche].slug,
			.texte = in->texte,
			.numero = -1 }, e);
}

static bool with_post(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct avec_in *in = r->in;
	struct usager u;
	struct together t = { r, &u };

	if (r->nerrors)
		return with_show(r, s, e);
	if (!db_acquire(r->core->store, &db, e) || !usager_known(r, db, r->params[0], &u, e))
		return false;
	db_release(&db);
	if (in->garder != 1)
		return path_after(s, r->a, "/agent/usagers/", u.id, "?fait=rien");
	return store_write(r->core->store, with_job, &t, e)
	       && path_after(s, r->a, "/agent/usagers/", u.id, "?fait=ligne");
}

enum { HERE = ROUTE_SLOW | ROUTE_PRIVATE };
#define IN(fields, type) fields, sizeof(struct type)

const struct route usager_routes[] = {
	{ GET, "/agent/usagers", list_show, &can_receive, NULL, 0,
	  N_("Les personnes que j’accompagne"), HERE, NULL },
	{ GET, "/agent/usagers/nouveau", new_show, &can_receive, NULL, 0,
	  N_("Ouvrir la fiche d’une personne"), HERE, NULL },
	{ POST, "/agent/usagers/nouveau", new_post, &can_receive, IN(usager_fields, usager_in),
	  N_("Ouvrir la fiche d’une personne"), HERE, NULL },
	{ GET, "/agent/usagers/retrouver", find_show, &can_aidant, NULL, 0,
	  N_("Retrouver une personne par sa carte"), HERE, NULL },
	{ POST, "/agent/usagers/retrouver", find_post, &can_aidant, IN(retrouver_fields, usager_in),
	  N_("Retrouver une personne par sa carte"), HERE, NULL },
	{ GET, "/agent/usagers/{id}", one_show, &can_receive, IN(fait_in_fields, rien_in),
	  N_("Une personne"), HERE, NULL },
	{ GET, "/agent/usagers/{id}/secret", secret_show, &can_receive, NULL, 0,
	  N_("La personne choisit son code secret"), HERE, NULL },
	{ POST, "/agent/usagers/{id}/secret", secret_post, &can_receive, IN(secret_fields, secret_in),
	  N_("La personne choisit son code secret"), HERE, NULL },
	{ POST, "/agent/usagers/{id}/carte", card_post, &can_receive, NULL, 0,
	  N_("Imprimer la carte d’une personne"), HERE, NULL },
	{ POST, "/agent/usagers/{id}/carte-perdue", lost_post, &can_receive, NULL, 0,
	  N_("La carte d’une personne est perdue"), HERE, NULL },
	{ GET, "/agent/usagers/{id}/avec", with_show, &can_receive, NULL, 0, N_("Faire avec"), HERE,
	  NULL },
	{ POST, "/agent/usagers/{id}/avec", with_post, &can_receive, IN(avec_fields, avec_in),
	  N_("Faire avec"), HERE, NULL },
	{ 0 },
};
