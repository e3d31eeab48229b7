/* floor: 180 edges */
/* Any query as a demand of a site: what is taken has all that an answer needs, and no more. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "accompany/federation_demande.h"

static const struct federation_client clients[] = {
	{ .id = "site", .retours = "https://site.fr/retour" },
	{ .id = "strict", .retours = "https://site.fr/retour", .strict = true, .pkce = true },
};

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void is_plain(const char *text)
{
	must(text && *text && strlen(text) <= DEMANDE_VALUE);
	for (; *text; text++)
		must(*text >= 0x20 && *text <= 0x7e);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	for (int i = 0; i < 2; i++) {
		struct arena a = arena_new(1 << 20);
		struct demande d;
		struct demande_refus r;

		demande_read(&a, (const char *)p, n, &d);
		r = demande_check(&d, &clients[i]);
		if (r.error) {
			must(r.why && *r.why);
		} else {
			is_plain(d.state);
			is_plain(d.nonce);
			must(n <= DEMANDE_MOST && d.portees & PORTEE_OPENID && d.demarches
			     && !(d.demarches >> DEMARCHES) && d.max_age >= -1);
			must(!d.defi || strlen(d.defi) == 43);
			must(!clients[i].strict || (d.defi && !d.nunknown));
			must(!d.prompt_none || !d.prompt_login);
			federation_address_is(clients[i].retours, d.redirect_uri);
		}
		arena_free(&a);
	}
	return 0;
}
