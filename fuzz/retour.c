/* floor: 440 edges */
/* Any call of any gateway is understood or refused in words, and none is believed without
 * its proof.  First byte: which gateway, and receipt or answer; then the query up to a line
 * end, a header up to another, the body. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "store/passerelle.h"
#include "store/retour_pairs.h"

static const char *const gateways[] = { "kannel", "ovh-rest", "ovh-http2sms", "brevo", "allmysms",
	"twilio" };

static const char *header_of(const struct retour_appel *k, const char *name)
{
	(void)name;
	return k->at;
}

static void check_text(const char *s)
{
	if (s && !utf8_valid(s, strlen(s)))
		abort();
}

static void receive(const struct passerelle *p, const struct retour_appel *k, struct arena *a,
		    bool receipt)
{
	struct retour_accuse accuse;
	struct retour_reponse reponse;
	struct err e = { 0 };
	bool good = receipt ? passerelle_accuse(p, k, a, &accuse, &e)
		: passerelle_reponse(p, k, a, &reponse, &e);

	if (!good && !e.msg[0])
		abort();
	if (good && receipt) {
		if (!accuse.prouve && (!accuse.jeton || !accuse.id))
			abort();
		check_text(accuse.motif);
	} else if (good) {
		check_text(reponse.de);
		check_text(reponse.texte);
	}
}

/* What stands before the next line end; *p then stands behind it. */
static char *cut(struct arena *a, const char **p, const char *end)
{
	const char *stop = memchr(*p, '\n', (size_t)(end - *p));
	char *out;

	stop = stop ? stop : end;
	out = (char *)arena_strn(a, *p, (size_t)(stop - *p));
	*p = stop < end ? stop + 1 : end;
	return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	CLEANUP(arena_free) struct arena a = arena_new(8 << 20);
	CLEANUP(passerelle_close) struct passerelle *p = NULL;
	const char *s = (const char *)data + 1, *end = (const char *)data + n, *query,
		*header, *body;
	struct retour_appel k = { .methode = "POST", .entete = header_of, .secret = "s3cret",
		.adresse = "https://aide.exemple.fr/envois/retour/accuse", .now = 1795514400000 };
	struct retour_pair *q, *f;
	struct err e = { 0 };

	if (!n || !passerelle_open(&a, gateways[data[0] % 6], &p, &e))
		return 0;
	query = cut(&a, &s, end);
	header = cut(&a, &s, end);
	body = arena_strn(&a, s, (size_t)(end - s));
	k.at = (void *)header;
	k.corps = body;
	k.taille = (size_t)(end - s);
	k.json = k.taille && *body == '{';
	if (!retour_pairs(&a, query, strlen(query), &q, &k.nquery, &e)
	    || !retour_pairs(&a, body, k.json ? 0 : k.taille, &f, &k.nform, &e)) {
		if (!e.msg[0])
			abort();
		return 0;
	}
	k.query = q;
	k.form = f;
	receive(p, &k, &a, data[0] & 64);
	return 0;
}
