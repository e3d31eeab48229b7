#include "observe/indice_api.h"

#include <math.h>
#include <string.h>

#include "core/core.h"
#include "core/indicateur.h"
#include "core/ressort.h"
#include "format/json.h"
#include "observe/endroit.h"
#include "observe/estimation.h"
#include "observe/indice_dire.h"
#include "observe/iris.h"
#include "observe/jeux_indice.h"
#include "observe/releve.h"
#include "store/db.h"
#include "web/query.h"
#include "web/right.h"

enum { USUAL = 500, MOST = 5000 };
static const size_t MEMORY = (size_t)64 << 20;

struct notes_in {
	const char *niveau, *departement, *apres, *poids, *sans, *avec;
	int64_t limite;
};

static const struct field notes_fields[] = {
	{ AT(notes_in, niveau), .kind = F_TEXT, .max = 12,
	  .label = N_("iris, commune, epci, departement (sinon), region ou pays") },
	{ AT(notes_in, departement), .kind = F_TEXT, .max = 3, .label = N_("Code du département") },
	{ AT(notes_in, apres), .kind = F_TEXT, .max = 12,
	  .label = N_("Page suivante : code du dernier territoire reçu") },
	{ AT(notes_in, limite), .kind = F_INT, .min = 0, .max = MOST,
	  .label = N_("Nombre de territoires par page") },
	{ AT(notes_in, poids), .kind = F_TEXT, .max = 4000,
	  .label = N_("Poids choisis : « indicateur:poids », séparés par des virgules") },
	{ AT(notes_in, sans), .kind = F_TEXT, .max = 4000,
	  .label = N_("Indicateurs laissés de côté, séparés par des virgules") },
	{ AT(notes_in, avec), .kind = F_TEXT, .max = 4000,
	  .label = N_("Indicateurs ajoutés, séparés par des virgules") },
	{ 0 },
};

static const struct field calcul_fields[] = {
	{ AT(notes_in, poids), .kind = F_TEXT, .max = 4000,
	  .label = N_("Poids choisis : « indicateur:poids », séparés par des virgules") },
	{ AT(notes_in, sans), .kind = F_TEXT, .max = 4000,
	  .label = N_("Indicateurs laissés de côté, séparés par des virgules") },
	{ AT(notes_in, avec), .kind = F_TEXT, .max = 4000,
	  .label = N_("Indicateurs ajoutés, séparés par des virgules") },
	{ 0 },
};

static void put_rank(struct json_out *j, const char *name, uint32_t rank)
{
	if (rank)
		json_put_int(j, name, rank);
	else
		json_put_null(j, name);
}

static const char *address(struct req *r, const char *path)
{
	return arena_cat(r->a, core_address(r), path, NULL);
}

/* --- one territory -------------------------------------------------------------------------- */

static bool put_indices(struct req *r, const struct endroit *ou, struct json_out *j, struct err *e)
{
	const struct methode **m;
	size_t n;

	if (!releve_methodes(r->core, r->a, &m, &n, e))
		return false;
	json_open_array(j, "indices");
	for (size_t k = 0; k < n; k++) {
		CLEANUP(releve_drop) const struct releve *v = NULL;
		const struct indice_table *t;
		const struct indice_resultat *res;
		size_t i;

		if (!releve_hold(r->core, m[k]->nom, &v, e))
			return false;
		t = v ? v->tables[ou->niveau] : NULL;
		if (!t || (i = table_find(t, ou->code)) >= t->u.n)
			continue;
		res = &v->resultats[ou->niveau];
		json_open_object(j, NULL);
		json_put_text(j, "methode", v->m->nom);
		json_put_text(j, "version", v->m->version);
		json_put_real(j, "score", res->totaux[i]);
		put_rank(j, "rang", res->rangs[i]);
		put_rank(j, "rang_min", res->bas ? res->bas[i] : 0);
		put_rank(j, "rang_max", res->haut ? res->haut[i] : 0);
		json_put_int(j, "classes", (int64_t)res->classes);
		json_put_text(j, "calcul", address(r, arena_cat(r->a, "/observatoire/methodes/",
			      v->m->nom, "/", ou->adresse, NULL)));
		json_close_object(j);
	}
	json_close_array(j);
	return true;
}

static bool put_chiffres(struct req *r, struct db *db, const struct endroit *ou,
			 struct json_out *j, struct err *e)
{
	const struct indicateur *list;
	struct indicateur_fait *f;
	size_t nlist, n;

	if (!indicateur_list(db, r->a, &list, &nlist, e)
	    || !indicateur_of(db, r->a, ou->mot, ou->code, &f, &n, e))
		return false;
	json_open_array(j, "indicateurs");
	for (size_t i = 0; i < n; i++) {
		const struct indicateur *d = indicateur_find(list, nlist, f[i].indicateur);

		json_open_object(j, NULL);
		json_put_text(j, "code", f[i].indicateur);
		json_put_text(j, "libelle", d ? d->libelle : f[i].indicateur);
		json_put_text(j, "unite", d ? d->unite : "");
		json_put_int(j, "annee", f[i].annee);
		json_put_real(j, "valeur", f[i].v.valeur);
		json_put_text(j, "statut", indicateur_statut_names[f[i].v.statut]);
		json_put_text(j, "source", d ? d->source : "");
		json_put_text(j, "licence", d ? d->licence : "");
		json_put_text(j, "reserve", indicateur_reserve(d));
		json_close_object(j);
	}
	json_close_array(j);
	return true;
}

static bool put_estimations(struct req *r, struct db *db, const struct endroit *ou,
			    struct json_out *j, struct err *e)
{
	struct estimation_gardee *x;
	size_t n;

	if (!estimation_of(db, r->a, ou->mot, ou->code, &x, &n, e))
		return false;
	json_open_array(j, "estimations");
	for (size_t i = 0; i < n; i++) {
		json_open_object(j, NULL);
		json_put_text(j, "enquete", x[i].enquete);
		json_put_int(j, "annee", x[i].annee);
		json_put_text(j, "resultat", x[i].resultat);
		json_put_text(j, "libelle", x[i].libelle);
		json_put_text(j, "statut", estimation_statuts[x[i].statut]);
		json_put_real(j, "nombre", x[i].nombre);
		json_put_real(j, "bas", x[i].bas);
		json_put_real(j, "haut", x[i].haut);
		json_put_text(j, "avertissement", x[i].avertissement);
		json_close_object(j);
	}
	json_close_array(j);
	return true;
}

static int64_t places_of(const struct repertoire *rep, const struct endroit *ou,
			 const uint32_t *counts)
{
	int64_t n = ou->commune ? counts[ou->commune - rep->communes] : 0;

	for (size_t i = 0; ou->territoire && i < rep->ncommunes; i++) {
		if (commune_in(&rep->communes[i], ou->territoire))
			n += counts[i];
	}
	return n;
}

/* Of an IRIS the store has to be asked, which may not know it. */
static bool people_of(struct req *r, struct db *db, struct endroit *ou, int64_t *people,
		      struct err *e)
{
	struct iris one;
	bool found = true;

	if (ou->niveau != NIVEAU_IRIS) {
		*people = ou->commune ? ou->commune->population : ou->territoire->population;
		return true;
	}
	if (!iris_find(db, r->a, ou->code, &one, &found, e))
		return false;
	if (!found)
		return fail(e, E_MISSING, N_("Nous ne connaissons pas ce territoire."));
	ou->nom = one.nom;
	*people = isnan(one.population) ? -1 : llround(one.population);
	return true;
}

static bool api_territoire(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	CLEANUP(db_release) struct db *db = NULL;
	struct json_out j = { &s->body, false };
	const uint32_t *counts;
	struct endroit ou;
	int64_t people;

	if (!endroit_find(r->a, held.r, r->params[0], &ou) || ou.niveau == NIVEAU_PAYS)
		return fail(e, E_MISSING, N_("Nous ne connaissons pas ce territoire."));
	counts = lieux_by_commune(r->a, held.r);
	if (!counts)
		return arena_refuse(r->a, e);
	if (!db_acquire(r->core->store, &db, e))
		return false;
	if (!people_of(r, db, &ou, &people, e))
		return false;
	json_open_object(&j, NULL);
	json_put_text(&j, "code", ou.code);
	json_put_text(&j, "niveau", ou.mot);
	json_put_text(&j, "nom", ou.nom);
	if (people >= 0)
		json_put_int(&j, "population", people);
	else
		json_put_null(&j, "population");
	if (ou.niveau == NIVEAU_IRIS)           /* no place is counted in a quarter */
		json_put_null(&j, "lieux");
	else
		json_put_int(&j, "lieux", places_of(held.r, &ou, counts));
	if (!put_indices(r, &ou, &j, e) || !put_chiffres(r, db, &ou, &j, e)
	    || !put_estimations(r, db, &ou, &j, e))
		return false;
	json_close_object(&j);
	return true;
}

/* --- methods -------------------------------------------------------------------------------- */

static void put_methode(struct req *r, const struct methode *m, struct json_out *j)
{
	struct indice_choix choix;
	double parts[METHODE_INDICATEURS];

	choix_defaut(m, &choix);
	choix_parts(m, &choix, UINT64_MAX, parts);
	json_open_object(j, NULL);
	json_put_text(j, "methode", m->nom);
	json_put_text(j, "version", m->version);
	json_put_text(j, "titre", m->titre);
	json_put_text(j, "licence", m->licence);
	json_put_real(j, "echelle_min", m->echelle[0]);
	json_put_real(j, "echelle_max", m->echelle[1]);
	json_put_bool(j, "haut_risque", m->haut_risque);
	json_open_array(j, "indicateurs");
	for (int k = 0; k < m->n; k++) {
		json_open_object(j, NULL);
		json_put_text(j, "code", m->indicateurs[k].code);
		json_put_text(j, "libelle", m->indicateurs[k].libelle);
		json_put_real(j, "part", parts[k]);
		json_close_object(j);
	}
	json_close_array(j);
	json_put_text(j, "page", address(r, arena_cat(r->a, "/observatoire/methodes/", m->nom, NULL)));
	json_put_text(j, "donnees", address(r, arena_cat(r->a, "/donnees/indice-", m->nom, NULL)));
	json_close_object(j);
}

static bool api_indices(struct req *r, struct res *s, struct err *e)
{
	struct json_out j = { &s->body, false };
	const struct methode **m;
	size_t n;

	if (!releve_methodes(r->core, r->a, &m, &n, e))
		return false;
	json_open_object(&j, NULL);
	json_open_array(&j, "indices");
	for (size_t i = 0; i < n; i++)
		put_methode(r, m[i], &j);
	json_close_array(&j);
	json_close_object(&j);
	return true;
}

/* --- scores --------------------------------------------------------------------------------- */

struct scoring {
	const struct releve *v;
	const struct indice_table *t;
	struct indice_choix choix;
	struct indice_resultat own;
	const struct indice_resultat *res;
	const char *query;              /* the choice, shortest */
};

static void scoring_end(struct scoring *k)
{
	releve_drop(&k->v);
}

static bool count(struct req *r, struct arena *scratch, const char *methode, int niveau,
		  struct scoring *k, struct err *e)
{
	CLEANUP(buf_free) struct buf q = buf_new(8 << 10);

	if (!releve_hold(r->core, methode, &k->v, e))
		return false;
	if (!k->v) {
		fail(e, E_MISSING, N_("Aucune valeur n’est importée pour cette méthode."));
		return hint(e, N_("Celles qui en ont sont à l’adresse /api/v1/indices."));
	}
	k->t = niveau >= 0 ? k->v->tables[niveau] : NULL;
	if (!k->t)
		return fail(e, E_INPUT, N_("« niveau » : rien n’est calculé à ce niveau."));
	if (!choix_lire(k->v->m, r->query, &k->choix, e))
		return false;
	choix_ecrire(&q, k->v->m, &k->choix);
	k->query = arena_str(r->a, buf_text(&q));
	k->res = &k->v->resultats[niveau];
	if (choix_est_defaut(k->v->m, &k->choix))
		return true;
	k->res = &k->own;
	return table_compter(scratch, k->t, &k->choix, NULL, &k->own, e);
}

static bool is_asked(const struct repertoire *rep, const struct notes_in *in, const char *code,
		     enum niveau niveau)
{
	const struct commune *c;
	char commune[6];

	if (in->apres && strcmp(code, in->apres) <= 0)
		return false;
	if (!in->departement)
		return true;
	if (niveau == NIVEAU_DEPARTEMENT)
		return !strcmp(code, in->departement);
	if (niveau > NIVEAU_COMMUNE)
		return false;
	memcpy(commune, code, 5);
	commune[5] = '\0';
	c = repertoire_commune(rep, commune);
	return c && !strcmp(c->departement, in->departement);
}

static void put_note(struct json_out *j, const struct scoring *k, size_t i)
{
	const struct indice_table *t = k->t;

	json_open_object(j, NULL);
	json_put_text(j, "code", t->u.codes[i]);
	json_put_text(j, "nom", t->u.noms[i]);
	json_put_real(j, "population", t->u.population[i]);
	json_put_real(j, "score", k->res->totaux[i]);
	put_rank(j, "rang", k->res->rangs[i]);
	put_rank(j, "rang_min", k->res->bas ? k->res->bas[i] : 0);
	put_rank(j, "rang_max", k->res->haut ? k->res->haut[i] : 0);
	json_open_object(j, "notes");
	for (int x = 0; x < k->v->m->n; x++) {
		if (t->x[x])
			json_put_real(j, k->v->m->indicateurs[x].code, t->x[x][i]);
	}
	json_close_object(j);
	json_close_object(j);
}

static bool api_notes(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	CLEANUP(arena_free) struct arena scratch = arena_new(MEMORY);
	CLEANUP(scoring_end) struct scoring k = { 0 };
	const struct notes_in *in = r->in;
	int64_t left = in->limite ? in->limite : USUAL;
	int niveau = niveau_find(in->niveau ? in->niveau : "departement");
	struct json_out j = { &s->body, false };
	const char *last = NULL;
	size_t i = 0;

	if (!count(r, &scratch, r->params[0], niveau, &k, e))
		return false;
	json_open_object(&j, NULL);
	json_put_text(&j, "methode", k.v->m->nom);
	json_put_text(&j, "version", k.v->m->version);
	json_put_text(&j, "niveau", niveau_mots[niveau]);
	json_put_text(&j, "poids", k.query);
	json_put_text(&j, "licence", INDICE_LICENCE);
	json_put_text(&j, "origine", k.t->entree->origine);
	json_open_array(&j, "territoires");
	for (; i < k.t->u.n; i++) {
		if (!is_asked(held.r, in, k.t->u.codes[i], (enum niveau)niveau))
			continue;
		if (!left--)
			break;
		last = k.t->u.codes[i];
		put_note(&j, &k, i);
	}
	json_close_array(&j);
	json_put_text(&j, "suivant", i < k.t->u.n && last ? last : NULL);
	json_close_object(&j);
	return true;
}

static bool api_calcul(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	CLEANUP(arena_free) struct arena scratch = arena_new(MEMORY);
	CLEANUP(scoring_end) struct scoring k = { 0 };
	struct endroit ou;

	if (!endroit_find(r->a, held.r, r->params[1], &ou))
		return fail(e, E_MISSING, N_("Nous ne connaissons pas ce territoire."));
	return count(r, &scratch, r->params[0], (int)ou.niveau, &k, e)
	       && indice_expliquer_json(r->a, &s->body, k.t, &k.choix, k.res,
			k.res == &k.own ? NULL : &k.v->tirage, ou.code, e);
}

const struct route indice_api_routes[] = {
	{ GET, "/api/v1/territoires/{code}", api_territoire, CAN_PUBLIC, NULL, 0,
	  N_("Un territoire : indices, indicateurs, estimations"), ROUTE_JSON | ROUTE_SLOW, "Territoire" },
	{ GET, "/api/v1/indices", api_indices, CAN_PUBLIC, NULL, 0,
	  N_("Les méthodes d’indice qui ont des valeurs"), ROUTE_JSON | ROUTE_SLOW, "Methodes" },
	{ GET, "/api/v1/indices/{methode}", api_notes, CAN_PUBLIC, notes_fields,
	  sizeof(struct notes_in), N_("Les notes d’un indice, avec les poids que l’on veut"),
	  ROUTE_JSON | ROUTE_SLOW, "Notes" },
	{ GET, "/api/v1/indices/{methode}/{code}", api_calcul, CAN_PUBLIC, calcul_fields,
	  sizeof(struct notes_in), N_("Le calcul d’une note, étape par étape"),
	  ROUTE_JSON | ROUTE_SLOW, "Calcul" },
	{ 0 },
};
