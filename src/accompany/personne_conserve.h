/*
 * How long what is kept of a person who is helped stays, and the job that ends it.
 *
 * Two years after the last contact (CNIL, référentiel des durées, délibération 2023-095) the
 * file of somebody who never signed a mandat is erased; of somebody who did, what serves to
 * reach them goes, and mandats and acts are archived six years after their end (prescription
 * of délits, code de procédure pénale, article 8), then erased.  Open sessions and codes sent
 * by telephone go a day after their end.
 */
#pragma once

#include "core/core.h"

struct personne_duree {
	const char *quoi, *duree, *fondement;   /* messages */
};
extern const struct personne_duree personne_durees[];   /* ends with a NULL quoi */

enum { PERSONNE_CONTACT_JOURS = 730, PERSONNE_ARCHIVE_JOURS = 2192, PERSONNE_ACCES_JOURS = 1 };

/* Erases what is past its time now.  Not inside a job. */
bool personne_conserve(struct core *core, struct err *e);
