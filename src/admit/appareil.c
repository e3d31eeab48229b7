#include "admit/appareil.h"

#include <stddef.h>
#include <string.h>

#include "web/i18n.h"

struct sign {
	const char *seen, *name;
};

/* The first that is seen counts: many say that they are Chrome, and Chrome that it is Safari. */
static const struct sign browsers[] = {
	{ "Edg", "Edge" }, { "OPR/", "Opera" }, { "SamsungBrowser", "Samsung Internet" },
	{ "Firefox/", "Firefox" }, { "FxiOS", "Firefox" }, { "CriOS", "Chrome" },
	{ "Chromium", "Chromium" }, { "Chrome/", "Chrome" }, { "Safari/", "Safari" },
	{ "Trident/", "Internet Explorer" }, { 0 },
};

static const struct sign systems[] = {
	{ "Windows", "Windows" }, { "Android", "Android" }, { "iPhone", "iPhone" },
	{ "iPad", "iPad" }, { "Mac OS X", "Mac" }, { "CrOS", "Chromebook" },
	{ "Linux", "Linux" }, { 0 },
};

static const char *find(const struct sign *all, const char *s)
{
	while (s && all->seen && !strstr(s, all->seen))
		all++;
	return s ? all->name : NULL;
}

const char *appareil_words(struct arena *a, const char *user_agent)
{
	const char *browser = find(browsers, user_agent), *system = find(systems, user_agent);

	if (browser && system)
		return arena_cat(a, browser, ", ", system, NULL);
	return browser ? browser : system ? system : N_("Navigateur inconnu");
}
