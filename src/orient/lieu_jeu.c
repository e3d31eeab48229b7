#include "orient/lieu_jeu.h"

#include <math.h>
#include <string.h>

#include "core/lieu_record.h"
#include "orient/lieu_sorti.sql.h"

enum { ONE_MOST = 4 << 20 };

static bool put_places(const struct jeu *j, const struct jeu_lecture *l, struct jeu_sortie *s,
		       struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(ONE_MOST);
	const char *v[LIEU_FIELDS];

	for (size_t i = 0; i < l->r->nlieux; i++) {
		const struct lieu *p = &l->r->lieux[i];

		lieu_values(&a, p, v);
		for (size_t f = 0; f < j->n; f++) {
			if (f == LIEU_LATITUDE)
				jeu_nombre(s, *v[f] ? p->lat : (double)NAN);
			else if (f == LIEU_LONGITUDE)
				jeu_nombre(s, *v[f] ? p->lon : (double)NAN);
			else
				jeu_texte(s, *v[f] ? v[f] : NULL);
		}
		if (!jeu_ligne(s, e))
			return false;
		arena_reset(&a);
	}
	return true;
}

static const char *last_change(const struct jeu_lecture *l)
{
	const char *last = NULL;

	for (size_t i = 0; i < l->r->nlieux; i++) {
		const char *m = l->r->lieux[i].maj_le;

		if (m && *m && (!last || strcmp(m, last) > 0))
			last = m;
	}
	return last ? arena_strn(l->a, last, 10) : NULL;
}

static const char inclusion[] = "https://github.com/gip-inclusion/data-inclusion-schema";

static const struct jeu_autre others[] = {
	{ "data-inclusion.json", "application/json", "data.inclusion v1, structures et services",
	  inclusion },
	{ "structures.json", "application/json", "data.inclusion v1, structures (JSON)", inclusion },
	{ "services.json", "application/json", "data.inclusion v1, services (JSON)", inclusion },
	{ "structures.csv", "text/csv", "data.inclusion v1, structures (CSV)", inclusion },
	{ "services.csv", "text/csv", "data.inclusion v1, services (CSV)", inclusion },
	{ "donnees-etendues.csv", "text/csv", "CSV étendu, avec les champs locaux", NULL },
	{ "donnees-etendues.json", "application/json", "JSON étendu, avec les champs locaux", NULL },
	{ "contacts.vcf", "text/vcard", "Contacts (vCard)",
	  "https://www.rfc-editor.org/rfc/rfc2426" },
	{ "horaires.ics", "text/calendar", "Horaires (iCalendar)",
	  "https://www.rfc-editor.org/rfc/rfc5545" },
	{ 0 },
};

/* Sources that published places come from, each with its licence. */
static bool read_origins(const struct jeu_lecture *l, const struct jeu_origine **out,
			 struct err *e)
{
	struct lieux_sources_row *rows;
	struct jeu_origine *o;
	size_t n;

	*out = NULL;
	if (!l->db)
		return true;
	if (!lieux_sources(l->db, l->a, &rows, &n, e))
		return false;
	o = NEW_ARRAY(l->a, n + 1, struct jeu_origine);
	if (!o)
		return arena_refuse(l->a, e);
	for (size_t i = 0; i < n; i++)
		o[i] = (struct jeu_origine){ rows[i].titre, rows[i].licence, rows[i].adresse };
	*out = n ? o : NULL;
	return true;
}

bool lieu_jeux(const struct jeu_lecture *l, const struct jeu **out, size_t *n, struct err *e)
{
	struct jeu_colonne *c = NEW_ARRAY(l->a, LIEU_FIELDS, struct jeu_colonne);
	struct jeu *j = NEW(l->a, struct jeu);
	const struct jeu_origine *origins;

	if (!c || !j)
		return arena_refuse(l->a, e);
	if (!read_origins(l, &origins, e))
		return false;
	for (int f = 0; f < LIEU_FIELDS; f++) {
		const struct lieu_field_rule *rule = &lieu_field_rules[f];

		c[f] = (struct jeu_colonne){
			.nom = rule->name, .cle = f == LIEU_ID,
			.requis = f == LIEU_ID || f == LIEU_NOM || f == LIEU_COMMUNE,
			.type = rule->kind == LIEU_NUMBER ? JEU_NOMBRE
				: rule->kind == LIEU_DATE ? JEU_DATE : JEU_TEXTE,
			.description = rule->kind == LIEU_CHOICES
				? "Valeurs du schéma national 1.0.2, séparées par |"
				: rule->kind == LIEU_LIST ? "Valeurs séparées par |"
				: "Champ du schéma national 1.0.2",
		};
	}
	*j = (struct jeu){
		.slug = "lieux", .titre = "Lieux de médiation numérique",
		.description = "Les lieux publiés où l’on est aidé pour le numérique, au format du "
			"schéma national 1.0.2. Les adresses protégées n’y sont pas.",
		.source = "Chaque ligne dit la sienne (colonne « source »)",
		.licence = JEU_LICENCE_OUVERTE, .licence_lien = JEU_LICENCE_OUVERTE_LIEN,
		.maj = last_change(l), .mots = "médiation numérique|inclusion numérique|lieux",
		.colonnes = c, .n = LIEU_FIELDS, .geo = true,
		.autres = others, .origines = origins, .lignes = put_places,
	};
	*out = j;
	*n = 1;
	return true;
}
