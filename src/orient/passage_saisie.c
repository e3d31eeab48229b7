#include "orient/passage_saisie.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "base/utf8.h"
#include "core/commune.h"
#include "core/lieu.h"
#include "core/ressort.h"
#include "orient/passage.sql.h"

#define FAR_METRES 30000.0

const struct field passage_fields[] = {
	{ AT(passage_saisie, lieu), .kind = F_TEXT, .max = 200, .required = true,
	  .label = N_("Le lieu qui se déplace"),
	  .hint = N_("Son nom entier, ou l’identifiant de sa page"),
	  .missing = N_("Écrivez le nom du bus, de la permanence ou du lieu.") },
	{ AT(passage_saisie, arret), .kind = F_TEXT, .max = 120, .required = true,
	  .label = N_("Où il s’arrête"), .hint = N_("Par exemple : place de la mairie"),
	  .missing = N_("Écrivez où il s’arrête.") },
	{ AT(passage_saisie, commune), .kind = F_TEXT, .max = 80, .required = true,
	  .label = N_("Commune"), .hint = N_("Son nom, son code postal ou son code INSEE"),
	  .missing = N_("Écrivez la commune de l’arrêt.") },
	{ AT(passage_saisie, adresse), .kind = F_TEXT, .max = 200, .label = N_("Adresse") },
	{ AT(passage_saisie, position), .kind = F_POINT, .label = N_("Position"),
	  .hint = N_("Latitude et longitude ; sans elle, celle de la commune") },
	{ AT(passage_saisie, quand), .kind = F_TEXT, .max = 180, .label = N_("Rythme"),
	  .hint = N_("2e mardi du mois de 14h à 17h ; lundi et jeudi 9h-12h ; ou Tu[2] 14:00-17:00. "
		     "Pas les jours fériés.") },
	{ AT(passage_saisie, dates), .kind = F_TEXT, .max = 8000, .label = N_("Dates en plus, ou seules dates"),
	  .hint = N_("Une par ligne, avec les heures : 8/12/2026 de 14h à 17h") },
	{ AT(passage_saisie, sauf), .kind = F_TEXT, .max = 8000, .label = N_("Dates sans passage"),
	  .hint = N_("Une par ligne : 22/12/2026") },
	{ AT(passage_saisie, debut), .kind = F_TEXT, .max = 10, .label = N_("Le rythme commence le") },
	{ AT(passage_saisie, fin), .kind = F_TEXT, .max = 10, .label = N_("Il finit le") },
	{ AT(passage_saisie, precisions), .kind = F_TEXT, .max = 200, .label = N_("Précisions"),
	  .hint = N_("Devant la salle des fêtes ; sonner. Jamais le nom d’une personne.") },
	{ AT(passage_saisie, non_public), .kind = F_BOOL,
	  .label = N_("Arrêt non public : connu des partenaires et par téléphone seulement") },
	{ 0 },
};

struct verif {
	struct db *db;
	const struct repertoire *r;
	struct arena *a;
	const struct passage_saisie *in;
	struct passage_propre *out;
	const char **champ;
	struct err *e;
};

static bool refuse(struct verif *k, const char *champ, const char *why, const char *advice)
{
	*k->champ = champ;
	fail(k->e, E_INPUT, "%s", why);
	return advice ? hint(k->e, "%s", advice) : false;
}

static const char *or_null(const char *s)
{
	return s && *s ? s : NULL;
}

static bool check_place(struct verif *k)
{
	struct passage_lieux_row *rows;
	char cle[300];
	size_t n;

	if (!or_null(k->in->lieu))
		return refuse(k, "lieu", N_("Écrivez le nom du bus, de la permanence ou du lieu."), NULL);
	utf8_fold(k->in->lieu, cle, sizeof cle);
	if (!passage_lieux(k->db, k->a, k->in->lieu, cle, &rows, &n, k->e))
		return false;
	if (!n)
		return refuse(k, "lieu", N_("Nous ne connaissons pas ce lieu. Importez-le d’abord, ou "
					    "vérifiez son nom."), NULL);
	if (n > 1)
		return refuse(k, "lieu", N_("Plusieurs lieux ont ce nom : écrivez l’identifiant de sa "
					    "page."), NULL);
	k->out->lieu_id = rows[0].id;
	return true;
}

static bool check_commune(struct verif *k)
{
	const char *typed = or_null(k->in->commune);
	const struct commune *c = typed ? commune_typed(k->r, typed) : NULL;

	if (!typed)
		return refuse(k, "commune", N_("Écrivez la commune de l’arrêt."), NULL);
	if (!c)
		return refuse(k, "commune", N_("Nous ne connaissons pas cette commune, ou plusieurs ont ce "
					       "nom : écrivez son code INSEE."), NULL);
	k->out->commune = arena_str(k->a, c->nom);
	k->out->code_insee = arena_str(k->a, c->code);
	k->out->lat = k->out->lon = NAN;
	if (!k->in->position.given)
		return true;
	if (isfinite(c->lat) && distance_metres(c->lat, c->lon, k->in->position.lat,
						k->in->position.lon) > FAR_METRES) {
		k->out->doute = N_("Cette position est à plus de 30 km de la commune.");
		return true;
	}
	k->out->lat = k->in->position.lat;
	k->out->lon = k->in->position.lon;
	return true;
}

/* A day as the store writes it. */
static bool check_day(struct verif *k, const char *champ, const char *text, const char **out)
{
	struct passage_jour *j;
	size_t n;

	*out = NULL;
	if (!or_null(text))
		return true;
	if (!passage_dates(k->a, text, false, &j, &n, k->e) || n != 1)
		return refuse(k, champ, N_("Cette date ne se lit pas : écrivez-la comme 1/9/2026."), NULL);
	*out = passage_dates_ecrire(k->a, j, 1, false);
	return true;
}

static bool check_days(struct verif *k, const char *champ, const char *text, bool hours,
		       const char **out)
{
	struct passage_jour *j;
	size_t n;

	*k->champ = champ;
	if (!passage_dates(k->a, text ? text : "", hours, &j, &n, k->e))
		return false;
	*out = or_null(passage_dates_ecrire(k->a, j, n, hours));
	return true;
}

static bool check_when(struct verif *k)
{
	const struct passage_saisie *in = k->in;
	struct passage_propre *out = k->out;

	out->horaires = NULL;
	*k->champ = "quand";
	if (or_null(in->quand) && !passage_regle(k->a, in->quand, &out->horaires, k->e))
		return false;
	if (!check_days(k, "dates", in->dates, true, &out->dates)
	    || !check_days(k, "sauf", in->sauf, false, &out->sauf)
	    || !check_day(k, "debut", in->debut, &out->debut)
	    || !check_day(k, "fin", in->fin, &out->fin))
		return false;
	if (!out->horaires && !out->dates)
		return refuse(k, "quand", N_("Écrivez un rythme, ou au moins une date."), NULL);
	if (out->debut && out->fin && strcmp(out->debut, out->fin) > 0)
		return refuse(k, "fin", N_("Le rythme finit avant de commencer."), NULL);
	return true;
}

bool passage_verifier(struct db *db, const struct repertoire *r, struct arena *a,
		      const struct passage_saisie *in, struct passage_propre *out,
		      const char **champ, struct err *e)
{
	struct verif k = { db, r, a, in, out, champ, e };

	*champ = "lieu";
	if (!check_place(&k))
		return false;
	if (!or_null(in->arret))
		return refuse(&k, "arret", N_("Écrivez où il s’arrête."), NULL);
	if (!check_commune(&k) || !check_when(&k))
		return false;
	out->arret = in->arret;
	out->adresse = or_null(in->adresse);
	out->precisions = or_null(in->precisions);
	out->non_public = in->non_public;
	return !a->spent || arena_refuse(a, e);
}

bool passage_enregistrer(struct tx *tx, const struct env *env, struct arena *a,
			 struct passage_propre *p, const char *agent, struct err *e)
{
	char id[UUID_TEXT], now[ISO_TEXT];

	if (!p->id) {
		uuid_new(env, id);
		p->id = arena_str(a, id);
	}
	iso_write(env_now(env), now);
	return arret_put(tx, p->id, p->lieu_id, p->source, p->id_source, p->arret, p->commune,
			   p->code_insee, p->adresse, isnan(p->lat) ? NULL : &p->lat,
			   isnan(p->lon) ? NULL : &p->lon, p->horaires, p->dates, p->sauf, p->debut,
			   p->fin, p->precisions, p->non_public, agent, now, NULL, e);
}
