/*
 * A place where one is helped with digital things: the national schema 1.0.2
 * ("lieux de médiation numérique"), 32 fields, kept and exported letter for letter.
 * What people read are labels beside the national values (core/lieu_choix.h).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "core/horaires.h"
#include "core/passage.h"
#include "core/repertoire.h"
#include "web/route.h"

/* The nine enumerations of the schema, tables of struct choice made from
 * data/lieu_enumerations.csv by tools/enumc: slug, label (N_), exact national value. */
extern const struct choice lieu_services[], lieu_publics[], lieu_prises_en_charge[],
	lieu_frais[], lieu_dispositifs[], lieu_formations[], lieu_acces[],
	lieu_accompagnements[], lieu_itinerances[], lieu_typologies[];

/* A published place, as the repertoire keeps it.  Texts are never NULL: "" when absent. */
struct lieu {
	const char *id;                 /* ours, UUIDv7 */
	const char *pivot, *nom, *cle;
	const char *commune, *code_postal, *code_insee, *adresse, *complement_adresse;
	const char *typologie, *telephone, *courriels, *site_web, *horaires;
	const char *horaires_texte, *presentation_resume, *presentation_detail, *source;
	const char *structure_parente, *autres_formations_labels, *fiche_acces_libre, *prise_rdv;
	const char *publics_recus;      /* "tous", "residents", "allocataires" or "" */
	const char *date_maj;           /* YYYY-MM-DD */
	/* last day when somebody confirmed it: date_maj, or later; days since 1970, -1: none */
	int64_t maj_jour;
	const char *alerte;             /* "ferme", "horaires", "demenage": several say so; "" */
	int64_t alerte_jour;            /* of the last of them; -1 */
	const char *absent_depuis;      /* YYYY-MM-DD: no source lists it since; "" */
	const char *source_titre;       /* who gave it to us, for people */
	const char *cree_le, *maj_le;
	uint32_t services, publics, prises_en_charge, frais, dispositifs, formations, acces,
		 accompagnements, itinerance;   /* a bit per choice, in the order of the tables */
	double lat, lon;
	bool position_commune;          /* that of its commune: approximate */
	const struct horaires *heures;  /* NULL: none, or not understood */
	const struct calendrier *calendrier;
	uint32_t equipements, genre;    /* local fields: bits of core/lieu_local.h */
	const struct passage *passages; /* public stops of a place that travels */
	size_t npassages;
};

/* Only first social reception: no place of digital mediation. */
bool lieu_is_social(const struct lieu *l);

/* The text of a list field ("A|B") as bits of a table; values that the table has not are
 * left out.  `unknown`, when given, receives the first of them or NULL. */
uint32_t choices_read(const struct choice *table, const char *list, const char **unknown);
/* Index of an exact national value, a slug or a label; -1. */
int choice_find(const struct choice *table, const char *text);
size_t choice_count(const struct choice *table);
/* "A|B" in the table's order and the national words. */
const char *choices_write(struct arena *a, const struct choice *table, uint32_t bits);

/* What a search asks.  Everything is optional but the point. */
struct lieu_filter {
	double lat, lon;
	uint32_t services, publics, prises_en_charge, acces, accompagnements, dispositifs;
	                                /* 0: any; else at least one of the bits */
	uint32_t genre;                 /* 0: any; else at least one */
	uint32_t equipements;           /* all of them: who must charge and print needs both */
	bool gratuit;                   /* free, perhaps under condition */
	struct moment ouvert_le;        /* kind MOMENT_NONE: any time */
	double max_metres;              /* 0: no limit */
};

struct lieu_result {
	const struct lieu *lieu;
	double metres;                  /* along the great circle, mean radius 6,371,008.8 m */
	/* the stop that it is measured to, of a place that travels (core/lieu_etape.h);
	 * .p NULL: to the place itself */
	struct passage_fois arret;
	enum ouvert ouvert;             /* at the moment asked, else now */
};

/*
 * The places that fit, nearest first, ties by name then id; at most `max` from `skip` on.
 * `now`: milliseconds, for "open now" and the state of each.  `total`, when given,
 * receives how many fit.  A place whose hours are not known is not "open".
 */
size_t lieu_search(const struct repertoire *r, const struct lieu_filter *f, int64_t now,
		   size_t skip, struct lieu_result *out, size_t max, size_t *total);

/* Does the place itself fit, wherever it stands and whenever it opens? */
bool lieu_has(const struct lieu *l, const struct lieu_filter *f);

/* How many places fit, without sorting any. */
size_t lieu_count(const struct repertoire *r, const struct lieu_filter *f, int64_t now);

/* Which single filter, dropped, gives back the most places; PART_NONE when none does.
 * within: only places that near count, and the distance is no filter to drop (0: all). */
enum lieu_filter_part { PART_NONE, PART_SERVICE, PART_PUBLIC, PART_PRISE_EN_CHARGE,
	PART_GRATUIT, PART_ACCES, PART_ACCOMPAGNEMENT, PART_DISPOSITIF, PART_EQUIPEMENT,
	PART_GENRE, PART_OUVERT, PART_DISTANCE };
enum lieu_filter_part lieu_filter_to_drop(const struct repertoire *r,
					  const struct lieu_filter *f, int64_t now,
					  double within, size_t *gives);

/* Open now?  `now` in milliseconds, UTC; unknown without readable hours. */
enum ouvert lieu_ouvert(const struct lieu *l, int64_t now);

double distance_metres(double lat1, double lon1, double lat2, double lon2);
