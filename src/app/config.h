/*
 * The settings of a data folder: DIR/config, lines "cle = valeur", every one optional.
 * An environment variable TREMPLIN_CLE wins over the file.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "core/core.h"
#include "store/envoi_reglages.h"

/* Fills `out` with what is set and sensible values for the rest; texts live in `a`.
 * E_INPUT with FILE:LINE for an unknown key or a line that is none. */
bool config_read(struct arena *a, const char *dir, struct site *out, struct err *e);

/*
 * The settings of messages (store/envoi_reglages.h), for that territory; `parts` says which
 * secrets are read.  Texts live in `a`, until envoi_reglages_close.
 */
bool config_envoi(struct arena *a, const char *dir, const struct site *site, unsigned parts,
		  struct envoi_reglages *out, struct err *e);

/* Wipes the settings of messages from this process's environment: the sender has its own
 * copy, and who serves pages needs none of their secrets. */
void config_envoi_forget(void);
