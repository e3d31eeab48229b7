/*
 * Stops for those who work: every agent sees all of them, "non public" ones too, with the
 * telephone to give; a coordinator writes them, and the local fields of any place.
 */
#pragma once

#include "core/lieu_local.h"
#include "orient/passage_saisie.h"
#include "web/page.h"

extern const struct route passage_agent_routes[];
extern const struct field lieu_local_fields[];

struct passage_agent_ligne {
	const char *lieu, *lien, *modifier, *ou, *prochain, *rythme, *telephone;
	bool non_public, publie;        /* publie: its place is */
};

struct passages_agent_view {
	const struct page *page;
	const struct passage_agent_ligne *lignes;
	size_t n;
	bool ecrit;                     /* may write */
};

struct lieu_local_in {
	uint64_t equipement, genre;
};
