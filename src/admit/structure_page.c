/* /agent/structures: for admins all of them, for the others their own. */
#include "admit/agents_page.h"

#include <string.h>

#include "admit/courriel.h"
#include "admit/structures.htm.h"
#include "core/commune.h"
#include "store/telephone.h"
#include "web/message.h"

const struct field structures_fields[] = {
	{ AT(structures_entree, q), .kind = F_TEXT, .max = 80, .label = N_("Nom de la structure") },
	{ 0 },
};

const struct field structure_fields[] = {
	{ AT(structure_entree, nom), .kind = F_TEXT, .max = 120, .required = true,
	  .label = N_("Nom de la structure"), .hint = N_("Comme sur la porte : CCAS de Bondy"),
	  .missing = N_("Écrivez le nom de la structure") },
	{ AT(structure_entree, type), .kind = F_CHOICE, .choices = structure_types,
	  .required = true, .label = N_("Type"), .missing = N_("Choisissez le type de la structure") },
	{ AT(structure_entree, siret), .kind = F_TEXT, .max = 40, .label = N_("SIRET"),
	  .hint = N_("14 chiffres. Laissez vide si la structure n’en a pas.") },
	{ AT(structure_entree, rna), .kind = F_TEXT, .max = 20, .label = N_("Numéro RNA"),
	  .hint = N_("D’une association sans SIRET : W et 9 chiffres.") },
	{ AT(structure_entree, commune), .kind = F_TEXT, .max = 80,
	  .label = N_("Commune ou code postal"), .hint = N_("Par exemple : Bondy, ou 93140") },
	{ AT(structure_entree, adresse), .kind = F_TEXT, .max = 200,
	  .label = N_("Numéro et rue") },
	{ AT(structure_entree, telephone), .kind = F_TEXT, .max = 40, .label = N_("Téléphone"),
	  .hint = N_("Celui que ses agents et le public peuvent appeler.") },
	{ AT(structure_entree, courriel), .kind = F_TEXT, .max = 254, .label = N_("Adresse e-mail") },
	{ AT(structure_entree, pouvoirs), .kind = F_CHOICES, .choices = structure_pouvoirs,
	  .label = N_("Ce qu’elle peut faire") },
	{ 0 },
};

const struct field structure_etat_fields[] = {
	{ AT(etat_entree, etat), .kind = F_CHOICE, .choices = structure_etats, .required = true,
	  .label = N_("État de la structure"), .missing = N_("Choisissez un état") },
	{ 0 },
};

/* --- the list ---------------------------------------------------------------------------- */

bool structures_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct page page = page_for(r, N_("Structures"));
	struct html h = page_html(r, s);
	struct structures_view v = { .in = r->in };
	struct structure *list;
	const char **communes;

	if (!db_acquire(r->core->store, &db, e)
	    || !structure_list(db, r->a, v.in->q, &list, &v.n, e))
		return false;
	communes = NEW_ARRAY(r->a, v.n, const char *);
	if (!communes)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < v.n; i++)
		communes[i] = commune_text(r, list[i].commune);
	v.s = list;
	v.communes = communes;
	structures_page(&h, &page, r, &v);
	return true;
}

/* --- one ----------------------------------------------------------------------------------- */

/* Any agent sees the structures they work in; admins see all. */
static bool find_seen(struct req *r, struct db *db, struct structure *out, struct err *e)
{
	const struct agent *g = req_agent(r);

	if (!agent_place(g, r->params[0]) && !req_is_admin(r)) {
		fail(e, E_DENIED, "%s", N_("Cette structure n’est pas de celles où vous "
					   "travaillez."));
		return hint(e, "%s", N_("Un administrateur du territoire peut vous renseigner."));
	}
	return structure_get(db, r->a, r->params[0], out, e);
}

static bool find_referents(struct req *r, struct db *db, struct structure_view *v,
			   struct err *e)
{
	struct agent *all, *kept;
	size_t n;

	if (!agent_list(db, r->a, v->s->id, &all, &n, e))
		return false;
	kept = NEW_ARRAY(r->a, n, struct agent);
	if (!kept)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < n; i++) {
		const struct agent_place *p = agent_place(&all[i], v->s->id);

		if (p && p->roles & ROLE_REFERENT && all[i].etat == AGENT_ACTIF)
			kept[v->nreferents++] = all[i];
	}
	v->referents = kept;
	return true;
}

bool structure_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct fait_entree *in = r->in;
	struct structure st;
	struct structure_view v = { .s = &st, .admin = req_is_admin(r) };
	struct html h = page_html(r, s);
	struct page page;

	if (!db_acquire(r->core->store, &db, e) || !find_seen(r, db, &st, e)
	    || !find_referents(r, db, &v, e))
		return false;
	v.referent = v.admin || agent_may(req_agent(r), ROLE_REFERENT, st.id);
	v.commune = commune_text(r, st.commune);
	v.fait = in->fait >= 0 ? tr(r->lang, faits[in->fait].label) : NULL;
	page = page_for(r, st.nom);
	structure_page(&h, &page, &v);
	return true;
}

/* --- writing one -------------------------------------------------------------------------- */

static void refuse_text(struct req *r, const char *name, const struct err *why)
{
	req_refuse(r, structure_fields, name,
		   arena_cat(r->a, tr(r->lang, why->msg), *why->hint ? " " : "",
			     tr(r->lang, why->hint), NULL));
}

/* "Saint-Denis (93200), Saint-Denis (97400)" */
static const char *proposals(struct req *r, const struct commune_match *m, size_t n)
{
	const char *out = "";

	for (size_t i = 0; i < n && i < 4; i++)
		out = arena_cat(r->a, out, i ? ", " : "", commune_label(r->a, m[i].commune), NULL);
	return out;
}

static void read_commune(struct req *r, const char *typed, struct structure *s)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	struct commune_match m[COMMUNE_MATCHES];
	size_t n = typed ? commune_find(held.r, typed, m, COMMUNE_MATCHES) : 0;

	if (!typed)
		return;
	if (n && commune_is_sure(m, n, typed))
		s->commune = arena_str(r->a, m[0].commune->code);
	else if (n)
		req_refuse(r, structure_fields, "commune",
			   message(r->a, r->lang, N_("Plusieurs communes vont avec « %1 ». Écrivez "
						     "celle-ci en entier : %2."), typed,
				   proposals(r, m, n)));
	else
		req_refuse(r, structure_fields, "commune",
			   message(r->a, r->lang, N_("Nous ne trouvons pas « %1 ». Essayez avec le "
						     "code postal."), typed));
}

static void read_numbers(struct req *r, const struct structure_entree *in, struct structure *s)
{
	char siret[STRUCTURE_SIRET], rna[STRUCTURE_RNA];
	struct telephone tel;
	struct err why = { 0 };

	if (in->siret && siret_read(in->siret, siret, &why))
		s->siret = arena_str(r->a, siret);
	else if (in->siret)
		refuse_text(r, "siret", &why);
	if (in->rna && rna_read(in->rna, rna, &why))
		s->rna = arena_str(r->a, rna);
	else if (in->rna)
		refuse_text(r, "rna", &why);
	if (in->telephone && telephone_read(in->telephone, r->core->site.departement, &tel, &why))
		s->telephone = arena_str(r->a, tel.e164);
	else if (in->telephone)
		refuse_text(r, "telephone", &why);
	if (in->courriel && !(s->courriel = courriel_read(r->a, in->courriel, &why)))
		refuse_text(r, "courriel", &why);
}

/* What was typed, checked; r->nerrors says whether it can be written. */
static struct structure typed_structure(struct req *r, const char *id)
{
	const struct structure_entree *in = r->in;
	struct structure s = {
		.id = id, .nom = in->nom, .type = in->type, .adresse = in->adresse,
		.pouvoirs = (unsigned)in->pouvoirs,
	};

	read_numbers(r, in, &s);
	read_commune(r, in->commune, &s);
	return s;
}

/* What the form shows of a structure that exists. */
static struct structure_entree entree_of(struct req *r, const struct structure *s)
{
	char shown[32];

	return (struct structure_entree){
		.nom = s->nom, .type = s->type, .siret = s->siret, .rna = s->rna,
		.commune = commune_text(r, s->commune), .adresse = s->adresse,
		.telephone = s->telephone ? arena_str(r->a, telephone_shown(s->telephone, shown)) :
			     NULL,
		.courriel = s->courriel, .pouvoirs = s->pouvoirs,
	};
}

static bool show_form(struct req *r, struct res *s, const struct structure *was,
		      const struct structure_entree *in)
{
	struct page page = page_for(r, was ? title_of(r, N_("Modifier la structure"), was->nom) :
				    N_("Ajouter une structure"));
	struct html h = page_html(r, s);

	structure_form_page(&h, &page, r, was, in, req_is_admin(r));
	return true;
}

static bool save(struct equipe *q, void *arg, struct err *e)
{
	return equipe_save_structure(q, arg, e);
}

/* Writes it and goes to its page, or shows the form again with what is wrong. */
static bool save_typed(struct req *r, struct res *s, struct structure *typed,
		       const struct structure *was, const char *fait, struct err *e)
{
	if (r->nerrors)
		return show_form(r, s, was, r->in);
	typed->etat = was ? was->etat : STRUCTURE_ACTIVE;
	if (equipe_do(r, save, typed, e))
		return res_see_other(s, arena_cat(r->a, "/agent/structures/", typed->id, "?fait=",
						  fait, NULL));
	if (e->kind != E_CONFLICT)
		return false;
	refuse_text(r, typed->siret ? "siret" : "rna", e);
	return show_form(r, s, was, r->in);
}

bool structure_new(struct req *r, struct res *s, struct err *e)
{
	struct structure_entree in;

	(void)e;
	fields_clear(structure_fields, &in, sizeof in);
	in.pouvoirs = POUVOIR_MANDATS | POUVOIR_LIEUX;
	return show_form(r, s, NULL, &in);
}

bool structure_create(struct req *r, struct res *s, struct err *e)
{
	struct structure typed = typed_structure(r, NULL);

	return save_typed(r, s, &typed, NULL, "cree", e);
}

bool structure_edit(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct structure_entree in;
	struct structure was;

	if (!db_acquire(r->core->store, &db, e)
	    || !equipe_structure(r, db, r->params[0], &was, e))
		return false;
	in = entree_of(r, &was);
	return show_form(r, s, &was, &in);
}

/* A referent's form has three fields: the others are as they were. */
static void keep_fields(struct req *r, const struct structure *was, struct structure *typed)
{
	struct structure all = *was;

	if (req_is_admin(r))
		return;
	for (int i = 0; i < r->nerrors;) {
		const char *name = r->errors[i].field->name;

		if (!strcmp(name, "adresse") || !strcmp(name, "telephone")
		    || !strcmp(name, "courriel"))
			i++;
		else
			r->errors[i] = r->errors[--r->nerrors];
	}
	all.adresse = typed->adresse;
	all.telephone = typed->telephone;
	all.courriel = typed->courriel;
	*typed = all;
}

bool structure_update(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct structure was, typed;

	if (!db_acquire(r->core->store, &db, e)
	    || !equipe_structure(r, db, r->params[0], &was, e))
		return false;
	db_release(&db);
	typed = typed_structure(r, was.id);
	keep_fields(r, &was, &typed);
	return save_typed(r, s, &typed, &was, "modifie", e);
}

/* --- its state ------------------------------------------------------------------------------ */

static bool show_state(struct req *r, struct res *s, const struct structure *was,
		       const struct etat_entree *in)
{
	struct page page = page_for(r, title_of(r, N_("Suspendre ou fermer la structure"),
						was->nom));
	struct html h = page_html(r, s);

	structure_state_page(&h, &page, r, was, in);
	return true;
}

bool structure_state(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct structure was;
	struct etat_entree in;

	if (!db_acquire(r->core->store, &db, e)
	    || !structure_get(db, r->a, r->params[0], &was, e))
		return false;
	in = (struct etat_entree){ .etat = (int)was.etat };
	return show_state(r, s, &was, &in);
}

struct state_change {
	const char *structure;
	enum structure_etat etat;
};

static bool set_state(struct equipe *q, void *arg, struct err *e)
{
	const struct state_change *c = arg;

	return equipe_set_state(q, c->structure, c->etat, e);
}

bool structure_set_state(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct etat_entree *in = r->in;
	struct structure was;
	struct state_change c;

	if (!db_acquire(r->core->store, &db, e)
	    || !structure_get(db, r->a, r->params[0], &was, e))
		return false;
	db_release(&db);
	if (r->nerrors)
		return show_state(r, s, &was, in);
	c = (struct state_change){ was.id, (enum structure_etat)in->etat };
	return (c.etat == was.etat || equipe_do(r, set_state, &c, e))
	       && res_see_other(s, arena_cat(r->a, "/agent/structures/", was.id, "?fait=etat",
					     NULL));
}
