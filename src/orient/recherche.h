/*
 * What a person asks of the places, once for the page, the API and the command line:
 * near where, for what, when, how.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/commune.h"
#include "core/lieu.h"
#include "web/route.h"

struct recherche {
	const char *commune;            /* as typed: name, postal code, INSEE code */
	struct point position;          /* wins over the commune */
	uint64_t service, publics, prise_en_charge, acces, accompagnement, label, equipement;
	int genre;                      /* index of lieu_genres; -1: any */
	bool gratuit;
	struct moment ouvert;
	int64_t rayon;                  /* km; 0: no limit */
	int64_t debut;                  /* how many results to pass over */
	int64_t limite;                 /* how many to give; 0: ten */
	int carte;                      /* choice of recherche_carte; -1: yes */
};

extern const struct field recherche_fields[];
extern const struct choice recherche_carte[];   /* oui, non */
enum { CARTE_OUI, CARTE_NON };

enum { RECHERCHE_PAR_PAGE = 10, RECHERCHE_LIMITE = 50, RECHERCHE_DEBUT = 1000 };

/* Where the search starts from. */
enum ici_kind { ICI_RIEN, ICI_TROUVE, ICI_INCONNU, ICI_PLUSIEURS, ICI_SANS_POSITION };

struct ici {
	enum ici_kind kind;
	double lat, lon;
	const struct commune *commune;  /* NULL when a position was given */
	const char *ancien;             /* old name that was typed; NULL */
	struct commune_match matches[COMMUNE_MATCHES];
	size_t nmatches;
};

/* People type postal codes, programs INSEE codes: `code_first` decides when five digits
 * could be either. */
void ici_find(const struct repertoire *r, const struct recherche *q, bool code_first,
	      struct ici *out);

/* For programs, which are shown no choice: one place was found; E_INPUT or E_MISSING says what
 * was not. */
bool ici_found(const struct ici *ici, struct err *e);

struct lieu_filter recherche_filter(const struct recherche *q, const struct ici *ici);

/* True when something besides the place was asked. */
bool recherche_is_filtered(const struct recherche *q);

/* The question without one of its parts: what a link proposes. */
void recherche_drop(struct recherche *q, enum lieu_filter_part part);
