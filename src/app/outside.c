#include "app/outside.h"

#include "admit/oidc_reglages.h"
#include "base/log.h"

static void load_secret(const char *dir, const struct oidc_reglage *p, struct arena *a,
			struct remote *r)
{
	const char *file = p->secret[0] == '/' ? p->secret :
		arena_cat(a, dir, "/", p->secret, NULL);
	struct err e = { 0 };

	if (!remote_load_secret(r, p->chemin, file, oidc_reglage_origins(a, p), &e))
		log_error("%s %s", e.msg, e.hint);
}

bool outside_open(const char *dir, const struct site *site, struct arena *a,
		  struct remote **out, struct err *e)
{
	if (!remote_open_local(oidc_reglages_origins(a, site->oidc), NULL, out, e))
		return false;
	for (int i = 0; i < OIDC_PROVIDERS; i++) {
		if (site->oidc->p[i].issuer)
			load_secret(dir, &site->oidc->p[i], a, *out);
	}
	return true;
}
