#include "accompany/personne_efface.h"

#include "accompany/personne_efface.sql.h"

typedef bool personne_step(struct tx *tx, const char *usager, int64_t *changed, struct err *e);

/* Who points first, then who is pointed at. */
static personne_step *const steps[] = {
	personne_sans_messages, personne_sans_reponses, personne_sans_stop,
	personne_sans_codes, personne_sans_transferts, personne_sans_desaccords,
	personne_sans_histoire, personne_sans_actes, personne_sans_consentements,
	personne_sans_lectures, personne_sans_agents,
	personne_sans_autorisations, personne_sans_suite, personne_sans_mandats,
	personne_sans_identites, personne_sans_sessions, personne_sans_acces, personne_sans_carte,
	personne_sans_fiche, NULL,
};

static bool efface(const struct effacer *x, struct err *e)
{
	for (int i = 0; steps[i]; i++) {
		if (!steps[i](x->tx, x->cle, NULL, e))
			return false;
	}
	return true;
}

static bool put_fiche(struct db *db, struct arena *a, const char *cle, struct json_out *j,
		      struct err *e)
{
	struct personne_fiche_row f;
	bool found;

	if (!personne_fiche(db, a, cle, &f, &found, e))
		return false;
	if (!found)
		return true;
	json_put_text(j, "numero", f.numero);
	json_put_text(j, "nom", f.nom);
	json_put_text(j, "naissance", f.naissance);
	json_put_text(j, "telephone", f.telephone);
	json_put_text(j, "langue", f.langue);
	json_put_text(j, "garde", f.garde);
	json_put_text(j, "cree_le", f.cree_le);
	return true;
}

static bool put_mandats(struct db *db, struct arena *a, const char *cle, struct json_out *j,
			struct err *e)
{
	struct personne_mandats_row *m;
	size_t n;

	if (!personne_mandats(db, a, cle, &m, &n, e))
		return false;
	json_open_array(j, "mandats");
	for (size_t i = 0; i < n; i++) {
		json_open_object(j, NULL);
		json_put_text(j, "id", m[i].id);
		json_put_text(j, "structure", m[i].structure_id);
		json_put_text(j, "sorte", m[i].sorte);
		json_put_text(j, "proche", m[i].proche);
		json_put_text(j, "raison", m[i].raison);
		json_put_text(j, "duree", m[i].duree);
		json_put_text(j, "mode", m[i].mode);
		json_put_text(j, "etat", m[i].etat);
		json_put_text(j, "cree_le", m[i].cree_le);
		json_put_text(j, "signe_le", m[i].signe_le);
		json_put_text(j, "expire_le", m[i].expire_le);
		json_put_text(j, "arrete_le", m[i].arrete_le);
		json_put_text(j, "protection", m[i].protection);
		json_put_text(j, "protecteur", m[i].protecteur);
		json_put_text(j, "papier", m[i].papier);
		json_put_text(j, "renouvelle", m[i].renouvelle);
		json_put_text(j, "attestation", m[i].attestation);
		json_close_object(j);
	}
	json_close_array(j);
	return true;
}

static bool put_actes(struct db *db, struct arena *a, const char *cle, struct json_out *j,
		      struct err *e)
{
	struct personne_actes_row *x;
	size_t n;

	if (!personne_actes(db, a, cle, &x, &n, e))
		return false;
	json_open_array(j, "actes");
	for (size_t i = 0; i < n; i++) {
		json_open_object(j, NULL);
		json_put_text(j, "id", x[i].id);
		json_put_text(j, "mandat", x[i].mandat_id);
		json_put_text(j, "demarche", x[i].demarche);
		json_put_text(j, "fait", x[i].fait);
		json_put_text(j, "resultat", x[i].resultat);
		json_put_text(j, "reference", x[i].reference);
		json_put_text(j, "suite", x[i].suite);
		json_put_text(j, "documents", x[i].documents);
		json_put_text(j, "raison", x[i].raison);
		json_put_text(j, "le", x[i].le);
		json_put_int(j, "journal", x[i].numero);
		json_close_object(j);
	}
	json_close_array(j);
	return true;
}

static bool put_rest(struct db *db, struct arena *a, const char *cle, struct json_out *j,
		     struct err *e)
{
	struct personne_histoire_row *h;
	struct personne_desaccords_row *d;
	size_t nh, nd;

	if (!personne_histoire(db, a, cle, &h, &nh, e)
	    || !personne_desaccords(db, a, cle, &d, &nd, e))
		return false;
	json_open_array(j, "histoire");
	for (size_t i = 0; i < nh; i++) {
		json_open_object(j, NULL);
		json_put_text(j, "genre", h[i].genre);
		json_put_text(j, "demarche", h[i].demarche);
		json_put_text(j, "texte", h[i].texte);
		json_put_text(j, "le", h[i].le);
		json_close_object(j);
	}
	json_close_array(j);
	json_open_array(j, "desaccords");
	for (size_t i = 0; i < nd; i++) {
		json_open_object(j, NULL);
		json_put_text(j, "texte", d[i].texte);
		json_put_text(j, "etat", d[i].etat);
		json_put_text(j, "reponse", d[i].reponse);
		json_put_text(j, "le", d[i].le);
		json_close_object(j);
	}
	json_close_array(j);
	return true;
}

/* A list of objects, one a row; `put` writes the members of row r. */
#define PUT_LIST(query, nom, put) \
	static bool put_##query(struct db *db, struct arena *a, const char *cle, \
				struct json_out *j, struct err *e) \
	{ \
		struct query##_row *rows; \
		size_t n; \
		\
		if (!query(db, a, cle, &rows, &n, e)) \
			return false; \
		json_open_array(j, nom); \
		for (size_t i = 0; i < n; i++) { \
			const struct query##_row *r = &rows[i]; \
			\
			json_open_object(j, NULL); \
			put; \
			json_close_object(j); \
		} \
		json_close_array(j); \
		return true; \
	}
#define T(member) json_put_text(j, #member, r->member)

PUT_LIST(personne_autorisations, "autorisations",
	 (T(mandat_id), T(demarche), T(arretee_le), T(arretee_par)))
PUT_LIST(personne_agents, "agents", (T(mandat_id), T(prenom), T(nom), T(depuis)))
PUT_LIST(personne_lectures, "lectures", (T(mandat_id), T(prenom), T(nom), T(raison), T(le)))
PUT_LIST(personne_consentements, "consentements", (T(mandat_id), T(canal), T(telephone), T(etat),
	 T(oui_le), T(preuve), T(preuve_le), T(cree_le)))
PUT_LIST(personne_transferts, "transferts", (T(mandat_id), T(vers), T(etat), T(le)))
PUT_LIST(personne_identites, "identites", (T(fournisseur), T(sujet), T(liee_le)))
PUT_LIST(personne_venues, "venues", (T(preuve), T(cree_le), T(fermee_le)))
PUT_LIST(personne_messages, "messages", (T(genre), T(destinataire), T(etat), T(cree_le)))
PUT_LIST(personne_reponses, "reponses", (T(texte), T(recu_le)))

static bool donne(struct db *db, struct arena *a, const char *cle, struct json_out *j,
		  struct err *e)
{
	return put_fiche(db, a, cle, j, e) && put_mandats(db, a, cle, j, e)
	       && put_personne_autorisations(db, a, cle, j, e)
	       && put_personne_agents(db, a, cle, j, e) && put_personne_lectures(db, a, cle, j, e)
	       && put_personne_consentements(db, a, cle, j, e)
	       && put_personne_transferts(db, a, cle, j, e) && put_actes(db, a, cle, j, e)
	       && put_rest(db, a, cle, j, e) && put_personne_identites(db, a, cle, j, e)
	       && put_personne_venues(db, a, cle, j, e) && put_personne_messages(db, a, cle, j, e)
	       && put_personne_reponses(db, a, cle, j, e);
}

const struct effaceur personne_effaceurs[] = {
	{ "usager", "accompagnement", efface, donne },
	{ NULL, NULL, NULL, NULL },
};
