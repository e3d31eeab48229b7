/*
 * Where a place that travels is: at its next public stop, or at the one of the moment that
 * was asked, never at the garage of the bus.  A place that also stays somewhere ("Fixe", or
 * hours of its own without "Itinérant") is at the nearer of the two.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/lieu.h"
#include "core/lieu_grid.h"

/* Does it stand somewhere by itself, besides its stops? */
bool lieu_stays(const struct lieu *l);

struct etape_ask {
	double x, y, z;                 /* from where, on the unit sphere */
	const struct moment *moment;
	int64_t now;                    /* ms, UTC */
	enum ouvert home;               /* is it open at home at that moment? */
};

struct etape_found {
	double chord2;
	struct passage_fois arret;      /* .p NULL: at home */
	enum ouvert ouvert;
};

/*
 * `e`: the n etapes of one place.  Without a moment, the next time that any of its stops
 * with a position has, the nearer of two at once; with one, the nearest stop that holds
 * then (of a half-day: the next one that has not ended).  A place whose stops have all
 * ended is at home.  false: nowhere at that moment.
 */
bool etape_choose(const struct lieu *l, const struct lieu_etape *e, size_t n,
		  const struct etape_ask *ask, struct etape_found *out);

double etape_chord2(const struct lieu_etape *e, double x, double y, double z);
