/*
 * What the files of the queue share: envoi.c, poste.c, retour.c.
 */
#pragma once

#include "store/envoi.h"

struct envoi_end {
	const char *id, *canal, *genre;
	enum envoi_etat etat;           /* REFUSE, PERIME or ANNULE */
	const char *motif;              /* may be NULL */
	const char *jour;               /* YYYY-MM-DD, where it is counted */
	int64_t segments;
};

/* Ends a message that waits or is under way: erases its text, says it in its history and in
 * the counts.  Nothing happens when it has ended already. */
bool envoi_finish(struct tx *tx, const struct envoi_end *k, struct err *e);
