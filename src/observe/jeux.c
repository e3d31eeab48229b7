#include "observe/jeux.h"

#include <math.h>
#include <string.h>

#include "core/indicateur.h"
#include "core/ressort.h"
#include "observe/iris.sql.h"
#include "observe/jeux_indice.h"

enum { METHODES = 40 };

#define TABLE(x) .colonnes = (x), .n = sizeof(x) / sizeof *(x)

static const char *const niveaux[] = { "iris", "commune", "arrondissement", "epci", "ept",
	"departement", "region", "france", NULL };

/* --- territories --------------------------------------------------------------------------- */

static const struct jeu_colonne territoire_colonnes[] = {
	{ "niveau", JEU_TEXTE, true, true, "commune, arrondissement, epci, ept, departement, region", niveaux },
	{ "code", JEU_TEXTE, true, true, "Code Insee, ou SIREN d’un regroupement de communes", NULL },
	{ "nom", JEU_TEXTE, false, true, "Nom, comme l’Insee l’écrit", NULL },
	{ "population", JEU_ENTIER, false, false, "Population municipale légale ; vide si inconnue", NULL },
	{ "departement", JEU_TEXTE, false, false, "Code du département", NULL },
	{ "region", JEU_TEXTE, false, false, "Code de la région", NULL },
	{ "epci", JEU_TEXTE, false, false, "SIREN du regroupement de communes", NULL },
	{ "ept", JEU_TEXTE, false, false, "SIREN de l’établissement public territorial", NULL },
	{ "lieux", JEU_ENTIER, false, true, "Lieux publiés dans ce territoire", NULL },
	{ "latitude", JEU_NOMBRE, false, false, "Degrés WGS 84 ; communes", NULL },
	{ "longitude", JEU_NOMBRE, false, false, "Degrés WGS 84 ; communes", NULL },
};

static void put_population(struct jeu_sortie *s, int64_t population)
{
	if (population < 0)
		jeu_vide(s);
	else
		jeu_entier(s, population);
}

static const char *or_null(const char *text)
{
	return text && *text ? text : NULL;
}

static bool put_commune(struct jeu_sortie *s, const struct commune *c, uint32_t lieux,
			struct err *e)
{
	jeu_texte(s, *c->parent ? "arrondissement" : "commune");
	jeu_texte(s, c->code);
	jeu_texte(s, c->nom);
	put_population(s, c->population);
	jeu_texte(s, or_null(c->departement));
	jeu_texte(s, or_null(c->region));
	jeu_texte(s, or_null(c->epci));
	jeu_texte(s, or_null(c->ept));
	jeu_entier(s, lieux);
	jeu_nombre(s, c->lat);
	jeu_nombre(s, c->lon);
	return jeu_ligne(s, e);
}

/* Places of each territory above the communes, beside r->territoires. */
static int64_t *lieux_above(struct arena *a, const struct repertoire *r, const uint32_t *counts)
{
	static const char *const above[] = { "departement", "region", "epci", "ept" };
	int64_t *sums = NEW_ARRAY(a, r->nterritoires + 1, int64_t);

	for (size_t i = 0; sums && i < r->ncommunes; i++) {
		const struct commune *c = &r->communes[i];

		for (size_t k = 0; counts[i] && !*c->parent && k < 4; k++) {
			const struct territoire *t = repertoire_territoire(r, above[k],
							commune_parent(c, above[k]));

			if (t)
				sums[t - r->territoires] += counts[i];
		}
	}
	return sums;
}

static bool put_territoires(const struct jeu *j, const struct jeu_lecture *l,
			    struct jeu_sortie *s, struct err *e)
{
	const struct repertoire *r = l->r;
	const uint32_t *counts = lieux_by_commune(l->a, r);
	const int64_t *sums = counts ? lieux_above(l->a, r, counts) : NULL;

	(void)j;
	if (!sums)
		return arena_refuse(l->a, e);
	for (size_t i = 0; i < r->nterritoires; i++) {
		const struct territoire *t = &r->territoires[i];

		jeu_texte(s, t->niveau);
		jeu_texte(s, t->code);
		jeu_texte(s, t->nom);
		put_population(s, t->population);
		jeu_texte(s, *t->niveau == 'd' ? t->code : NULL);
		jeu_texte(s, or_null(t->region));
		jeu_vide(s);
		jeu_vide(s);
		jeu_entier(s, sums[i]);
		jeu_vide(s);
		jeu_vide(s);
		if (!jeu_ligne(s, e))
			return false;
	}
	for (size_t i = 0; i < r->ncommunes; i++) {
		if (!put_commune(s, &r->communes[i], counts[i], e))
			return false;
	}
	return true;
}

/* --- IRIS ---------------------------------------------------------------------------------- */

static const struct jeu_colonne iris_colonnes[] = {
	{ "code", JEU_TEXTE, true, true, "Code de l’IRIS : neuf caractères, ceux de la commune d’abord", NULL },
	{ "nom", JEU_TEXTE, false, false, "Nom, comme le fichier d’origine l’écrit", NULL },
	{ "commune", JEU_TEXTE, false, true, "Code de la commune d’aujourd’hui ; celui d’avant quand rien "
	  "d’importé ne dit ce qu’elle est devenue", NULL },
	{ "nom_commune", JEU_TEXTE, false, false, "Nom de la commune ; vide si elle n’est plus connue", NULL },
	{ "type", JEU_TEXTE, false, false, "H : habitat ; A : activité ; D : divers ; Z : commune entière", NULL },
	{ "population", JEU_NOMBRE, false, false, "Habitants ; pas toujours un nombre entier à cette échelle", NULL },
	{ "annee", JEU_ENTIER, false, false, "Année de la population", NULL },
	{ "latitude", JEU_NOMBRE, false, false, "Degrés WGS 84 : milieu du contour, ou des équipements", NULL },
	{ "longitude", JEU_NOMBRE, false, false, "Degrés WGS 84", NULL },
};

struct putting_iris {
	const struct jeu_lecture *l;
	struct jeu_sortie *s;
};

static bool put_iris(const struct iris_all_row *row, void *arg, struct err *e)
{
	struct putting_iris *p = arg;
	const struct commune *c = commune_of_code(p->l->r, row->commune);

	jeu_texte(p->s, row->code);
	jeu_texte(p->s, strcmp(row->nom, row->code) ? row->nom : NULL);
	jeu_texte(p->s, row->commune);
	jeu_texte(p->s, c ? c->nom : NULL);
	jeu_texte(p->s, row->type);
	jeu_nombre(p->s, row->population_null ? NAN : row->population);
	if (row->annee_null)
		jeu_vide(p->s);
	else
		jeu_entier(p->s, row->annee);
	jeu_nombre(p->s, row->latitude_null ? NAN : row->latitude);
	jeu_nombre(p->s, row->longitude_null ? NAN : row->longitude);
	return jeu_ligne(p->s, e);
}

static bool put_all_iris(const struct jeu *j, const struct jeu_lecture *l, struct jeu_sortie *s,
			 struct err *e)
{
	struct putting_iris p = { l, s };

	(void)j;
	return iris_all(l->db, put_iris, &p, e);
}

/* --- indicators ---------------------------------------------------------------------------- */

static const struct jeu_colonne catalogue_colonnes[] = {
	{ "code", JEU_TEXTE, true, true, "Nom de l’indicateur dans les fichiers et les adresses", NULL },
	{ "libelle", JEU_TEXTE, false, true, "Ce qu’il mesure", NULL },
	{ "unite", JEU_TEXTE, false, false, "Unité", NULL },
	{ "sens", JEU_ENTIER, false, true, "1 : plus il est haut, plus l’environnement "
	  "rend le numérique difficile ; -1 : l’inverse ; 0 : ni l’un ni l’autre", NULL },
	{ "nature", JEU_TEXTE, false, false, "part, nombre, moyenne, distance, montant ou score", NULL },
	{ "source", JEU_TEXTE, false, false, "Qui le publie", NULL },
	{ "licence", JEU_TEXTE, false, false, "Licence de la source", NULL },
	{ "url", JEU_TEXTE, false, false, "Où la source le publie", NULL },
	{ "note", JEU_TEXTE, false, false, "Ce qu’il faut savoir pour le lire", NULL },
};

static bool put_catalogue(const struct jeu *j, const struct jeu_lecture *l,
			  struct jeu_sortie *s, struct err *e)
{
	const struct indicateur *list;
	size_t n;

	(void)j;
	if (!indicateur_list(l->db, l->a, &list, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		jeu_texte(s, list[i].code);
		jeu_texte(s, list[i].libelle);
		jeu_texte(s, or_null(list[i].unite));
		jeu_entier(s, list[i].sens);
		jeu_texte(s, or_null(list[i].nature));
		jeu_texte(s, or_null(list[i].source));
		jeu_texte(s, or_null(list[i].licence));
		jeu_texte(s, or_null(list[i].url));
		jeu_texte(s, or_null(list[i].note));
		if (!jeu_ligne(s, e))
			return false;
	}
	return true;
}

static const char *const statuts[] = { "valeur", "secret", "non_significatif",
	"non_disponible", "sans_objet", NULL };

static const struct jeu_colonne valeur_colonnes[] = {
	{ "niveau", JEU_TEXTE, true, true, "Niveau du territoire", niveaux },
	{ "code", JEU_TEXTE, true, true, "Code du territoire", NULL },
	{ "nom", JEU_TEXTE, false, false, "Nom du territoire ; vide s’il n’est plus connu", NULL },
	{ "annee", JEU_ENTIER, true, true, "Année de la donnée", NULL },
	{ "valeur", JEU_NOMBRE, false, false, "Vide quand le statut n’est pas « valeur » : jamais un zéro", NULL },
	{ "statut", JEU_TEXTE, false, true, "Pourquoi la valeur manque, quand elle manque", statuts },
	{ "reporte", JEU_ENTIER, false, true, "1 : reportée depuis des codes d’avant (communes fusionnées ou séparées)", NULL },
	{ "calcule", JEU_ENTIER, false, true, "1 : sommée par nous depuis les communes", NULL },
};

struct putting {
	struct jeu_sortie *s;
};

static bool put_valeur(const struct indicateur_ligne *l, void *arg, struct err *e)
{
	struct putting *p = arg;

	jeu_texte(p->s, l->serie->niveau);
	jeu_texte(p->s, l->v->code);
	jeu_texte(p->s, or_null(l->nom));
	jeu_entier(p->s, l->serie->annee);
	jeu_nombre(p->s, l->v->valeur);
	jeu_texte(p->s, indicateur_statut_names[l->v->statut]);
	jeu_entier(p->s, (l->v->origine & ORIGINE_REPORTE) != 0);
	jeu_entier(p->s, (l->v->origine & ORIGINE_CALCULE) != 0);
	return jeu_ligne(p->s, e);
}

static bool put_valeurs(const struct jeu *j, const struct jeu_lecture *l, struct jeu_sortie *s,
			struct err *e)
{
	struct putting p = { s };
	struct indicateur_ask ask = { .indicateur = j->de };

	return indicateur_each(l->db, &ask, put_valeur, &p, e);
}

static struct jeu jeu_of(struct arena *a, const struct indicateur *d, const char *code,
			 const struct indicateur_serie *last)
{
	return (struct jeu){
		.slug = arena_cat(a, "indicateur-", code, NULL),
		.titre = d ? d->libelle : code,
		.description = d && *d->note ? d->note : "Valeurs par territoire et par année.",
		.source = *last->source ? last->source : d ? d->source : "",
		.licence = *last->licence ? last->licence : d && *d->licence ? d->licence
			   : "Licence non précisée par la source",
		.licence_lien = JEU_LICENCE_OUVERTE_LIEN,
		.maj = arena_strn(a, last->importe_le, strnlen(last->importe_le, 10)),
		.mots = "inclusion numérique|indicateur|territoires", TABLE(valeur_colonnes),
		.lignes = put_valeurs, .de = code,
	};
}

bool observe_jeux(const struct jeu_lecture *l, const struct jeu **out, size_t *n,
		  struct err *e)
{
	const struct indicateur *list;
	struct indicateur_serie *series;
	struct iris_total_row iris;
	size_t nlist, nseries, k = 2;
	struct jeu *j;

	if (!indicateur_list(l->db, l->a, &list, &nlist, e)
	    || !indicateur_series(l->db, l->a, NULL, NULL, &series, &nseries, e)
	    || !iris_total(l->db, l->a, &iris, e))
		return false;
	j = NEW_ARRAY(l->a, nseries + 3 + METHODES, struct jeu);
	if (!j)
		return arena_refuse(l->a, e);
	j[0] = (struct jeu){
		.slug = "territoires", .titre = "Territoires, populations et nombre de lieux",
		.description = "Communes, arrondissements, regroupements de communes, départements "
			"et régions, avec leur population et le nombre de lieux publiés.",
		.source = "Insee, Code officiel géographique et populations légales",
		.licence = JEU_LICENCE_OUVERTE, .licence_lien = JEU_LICENCE_OUVERTE_LIEN,
		.mots = "communes|population|territoires", TABLE(territoire_colonnes), .geo = true,
		.lignes = put_territoires };
	j[1] = (struct jeu){
		.slug = "indicateurs", .titre = "Catalogue des indicateurs",
		.description = "Ce que mesure chaque indicateur, son unité, son sens et sa source.",
		.source = "Tremplin ; chaque ligne dit la sienne", .licence = JEU_LICENCE_OUVERTE,
		.licence_lien = JEU_LICENCE_OUVERTE_LIEN,
		.mots = "inclusion numérique|indicateurs", TABLE(catalogue_colonnes),
		.lignes = put_catalogue };
	if (iris.n)
		j[k++] = (struct jeu){
			.slug = "iris", .titre = "IRIS : noms, communes et populations",
			.description = "Les quartiers de l’Insee que les fichiers importés nomment : à quelle "
				"commune ils sont, combien d’habitants ils ont. Leurs indicateurs sont dans les "
				"autres jeux, au niveau « iris ».",
			.source = "Insee, IGN", .licence = JEU_LICENCE_OUVERTE,
			.licence_lien = JEU_LICENCE_OUVERTE_LIEN,
			.mots = "IRIS|quartiers|territoires", TABLE(iris_colonnes), .geo = true,
			.lignes = put_all_iris };
	if (!jeux_indices(l, j, METHODES, &k, e))
		return false;
	for (size_t i = 0; i < nseries; i++) {
		if (i + 1 < nseries && !strcmp(series[i].indicateur, series[i + 1].indicateur))
			continue;
		j[k++] = jeu_of(l->a, indicateur_find(list, nlist, series[i].indicateur),
				series[i].indicateur, &series[i]);
	}
	*out = j;
	*n = k;
	return !l->a->spent || arena_refuse(l->a, e);
}
