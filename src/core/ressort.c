#include "core/ressort.h"

#include <string.h>

#include "base/utf8.h"
#include "core/commune.h"
#include "core/lieu.h"

enum { KEY = 128, AU_DESSUS = 32 };

const struct commune *commune_of_code(const struct repertoire *r, const char *code)
{
	const struct commune *c = repertoire_commune(r, code);
	size_t from = 0, to = r->nanciens;

	while (!c && from < to) {
		size_t mid = from + (to - from) / 2;
		int d = strcmp(r->anciens[mid].code, code);

		if (!d)
			c = &r->communes[r->anciens[mid].commune];
		if (d < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return c;
}

static const char REGION[] = "region-";

const struct territoire *territoire_of_code(const struct repertoire *r, const char *code)
{
	const struct territoire *t;

	if (!strncmp(code, REGION, sizeof REGION - 1))
		return repertoire_territoire(r, "region", code + sizeof REGION - 1);
	t = repertoire_territoire(r, "departement", code);
	t = t ? t : repertoire_territoire(r, "ept", code);
	return t ? t : repertoire_territoire(r, "epci", code);
}

const struct territoire *territoire_typed(const struct repertoire *r, const char *typed)
{
	const struct territoire *t = territoire_of_code(r, typed);
	char key[KEY];

	utf8_fold(typed, key, sizeof key);
	for (size_t i = 0; !t && *key && i < r->nterritoires; i++) {
		if (!strcmp(r->territoires[i].cle, key))
			t = &r->territoires[i];
	}
	return t;
}

const struct commune *commune_typed(const struct repertoire *r, const char *typed)
{
	const struct commune *c = commune_of_code(r, typed);
	struct commune_match m[COMMUNE_MATCHES];
	size_t n = c ? 0 : commune_find(r, typed, m, COMMUNE_MATCHES);

	return n && commune_is_sure(m, n, typed) ? m[0].commune : c;
}

const char *territoire_lien(struct arena *a, const struct territoire *t)
{
	return arena_cat(a, "/territoires/", !strcmp(t->niveau, "region") ? REGION : "", t->code,
			 NULL);
}

const char *commune_parent(const struct commune *c, const char *niveau)
{
	return *niveau == 'd' ? c->departement : *niveau == 'r' ? c->region
	       : !strcmp(niveau, "ept") ? c->ept : c->epci;
}

bool commune_in(const struct commune *c, const struct territoire *t)
{
	return !*c->parent && !strcmp(commune_parent(c, t->niveau), t->code);
}

/* Communes that count for one territory above them. */
struct voix {
	const char *code;
	int64_t habitants;
};

static void add_voix(struct voix *v, size_t *n, const struct commune *c, const char *code)
{
	size_t i = 0;

	while (i < *n && strcmp(v[i].code, code))
		i++;
	if (i == AU_DESSUS)
		return;
	if (i == *n)
		v[(*n)++] = (struct voix){ code, 0 };
	/* One more than none: communes without a known population still lie somewhere. */
	v[i].habitants += 1 + (c->population > 0 ? c->population : 0);
}

const char *territoire_dans(const struct repertoire *r, const struct territoire *t,
			    const char *niveau)
{
	struct voix v[AU_DESSUS];
	size_t n = 0, best = 0;

	if (!strcmp(niveau, "region") && *t->region)
		return t->region;
	if (!strcmp(t->niveau, niveau))
		return t->code;
	for (size_t i = 0; i < r->ncommunes; i++) {
		const struct commune *c = &r->communes[i];

		if (commune_in(c, t) && *commune_parent(c, niveau))
			add_voix(v, &n, c, commune_parent(c, niveau));
	}
	for (size_t i = 1; i < n; i++)
		best = v[i].habitants > v[best].habitants ? i : best;
	return n ? v[best].code : "";
}

const uint32_t *lieux_by_commune(struct arena *a, const struct repertoire *r)
{
	uint32_t *counts = NEW_ARRAY(a, r->ncommunes + 1, uint32_t);

	for (size_t i = 0; counts && i < r->nlieux; i++) {
		const struct commune *c = commune_of_code(r, r->lieux[i].code_insee);
		const struct commune *parent = c && *c->parent
					       ? repertoire_commune(r, c->parent) : NULL;

		if (c)
			counts[c - r->communes]++;
		if (parent)
			counts[parent - r->communes]++;
	}
	return counts;
}
