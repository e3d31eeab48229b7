/*
 * /territoires/{code}/portrait: the relation of a territory to its administrations, after
 * the "portrait de vulnérabilité e-administrative" of Mazet and Sorin (2020).  A portrait, not a
 * score: by which ways démarches can be done here, who helps, what the field says.
 *
 * /agent/terrain: where a coordinator writes down what the field says.
 */
#pragma once

#include "observe/terrain.h"
#include "web/page.h"
#include "web/route.h"

extern const struct route relation_routes[];
extern const struct field terrain_fields[];

struct relation_ligne {
	const char *titre;
	int64_t nombre;
};

struct relation_view {
	const struct page *page;
	const char *nom, *lien;         /* of the territory */
	int64_t lieux;                  /* places in it */
	int64_t demarches;              /* those that help with démarches */
	const struct relation_ligne *voies, *heures, *aides;
	size_t nvoies, nheures, naides;
	const char *reperages;          /* "faire le point" was done here N times; "" under the threshold */
	const struct terrain *terrain;
	size_t nterrain;
};

struct terrain_ligne {
	const char *titre, *lien, *territoire, *sorte;
	bool publie;
};

struct terrains_view {
	const struct page *page;
	const struct terrain_ligne *lignes;
	size_t n;
};

struct terrain_entree {
	const char *territoire, *titre, *texte, *lien, *source;
	int sorte, theme;
	bool consenti, relu, publie;
};
