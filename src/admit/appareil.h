/* What a browser says of itself, in a few words: "Firefox, Windows".  For the list of one's
 * own sessions; nothing finer is kept. */
#pragma once

#include "base/arena.h"

/* user_agent may be NULL. */
const char *appareil_words(struct arena *a, const char *user_agent);
