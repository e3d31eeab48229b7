/*
 * A message of the catalogue with values, as text: message(a, lang, N_("à %1"), distance).
 * Values are texts, numbered from 1; templates write {@à %1|distance} instead.
 */
#pragma once

#include "base/arena.h"
#include "web/i18n.h"

const char *message_fill(struct arena *a, const char *translated, const char *const *values,
			 int n);

#define message(a, lang, msgid, ...) \
	message_fill((a), tr((lang), (msgid)), (const char *const[]){ __VA_ARGS__ }, \
		     (int)(sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *)))
