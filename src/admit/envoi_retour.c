#include "admit/envoi_retour.h"

#include <string.h>

#include "base/log.h"
#include "core/core.h"
#include "crypto/sha256.h"
#include "store/envoi_reglages.h"
#include "store/retour.h"
#include "store/retour_pairs.h"
#include "web/right.h"

/* Text without a word: a gateway may send what we answer to the person as an SMS. */
static const char plain[] = "text/plain; charset=utf-8";

struct arrivee {
	struct retour_appel appel;
	char empreinte[SHA256_HEX];     /* of the call as it came */
};

/* --- reading ---------------------------------------------------------------------------- */

static const char *header_of(const struct retour_appel *k, const char *name)
{
	return *name ? req_header(k->at, name) : NULL;
}

static bool type_is(struct req *r, const char *type)
{
	const char *came = req_header(r, "content-type");
	size_t n = strlen(type);

	return came && !strncasecmp(came, type, n)
	       && (!came[n] || came[n] == ';' || came[n] == ' ');
}

static void fingerprint(struct req *r, char out[SHA256_HEX])
{
	struct sha256 *h = sha256_new();

	sha256_add(h, r->path, strlen(r->path) + 1);
	sha256_add(h, r->query, strlen(r->query) + 1);
	sha256_add(h, r->raw_body, r->raw_size);
	sha256_end_hex(h, out);
}

static const char *whole_address(struct req *r)
{
	const char *base = *r->core->envoi->retour ? r->core->envoi->retour : core_address(r);

	return arena_cat(r->a, base, r->path, *r->query ? "?" : "", r->query, NULL);
}

static bool read_call(struct req *r, struct arrivee *out, struct err *e)
{
	struct retour_pair *query, *form;
	size_t nquery, nform;
	bool json = type_is(r, "application/json");
	size_t size = json || r->method == GET ? 0 : r->raw_size;

	if (!r->core->envoi || !r->core->envoi->passerelle)
		return fail(e, E_MISSING, "Aucune passerelle SMS n’est réglée ici.");
	if (r->head)
		return fail(e, E_INPUT, "Une passerelle appelle par GET ou POST.");
	if (!retour_pairs(r->a, r->query, strlen(r->query), &query, &nquery, e)
	    || !retour_pairs(r->a, r->raw_body, size, &form, &nform, e))
		return false;
	out->appel = (struct retour_appel){
		.methode = r->method == GET ? "GET" : "POST", .adresse = whole_address(r),
		.query = query, .nquery = nquery, .form = form, .nform = nform,
		.corps = r->raw_size ? r->raw_body : "", .taille = r->raw_size, .json = json,
		.entete = header_of, .at = r, .secret = r->core->envoi->retour_secret,
		.now = env_now(r->env),
	};
	fingerprint(r, out->empreinte);
	return true;
}

/* --- writing ---------------------------------------------------------------------------- */

struct ecrit {
	struct req *r;
	const struct retour_accuse *accuse;
	const struct retour_reponse *reponse;
	const char *empreinte;
	char jour[ISO_TEXT];
};

static bool accuse_job(struct tx *tx, void *arg, struct err *e)
{
	struct ecrit *w = arg;

	return retour_accuse(tx, w->accuse, w->jour, e);
}

static bool reponse_job(struct tx *tx, void *arg, struct err *e)
{
	struct ecrit *w = arg;

	return retour_reponse(tx, w->reponse, w->r->core->envoi->departement, w->empreinte, e);
}

/* The call is answered by its status; what was refused is told in the log, without what it
 * held. */
static bool answer(struct req *r, struct res *s, bool good, const struct err *e)
{
	s->type = plain;
	s->cache = CACHE_NO_STORE;
	s->status = good ? 200 : err_status(e->kind);
	if (!good)
		log_warning("envoi : appel de la passerelle refusé (%d, %s) : %s", s->status,
			    r->route->path, e->msg);
	return true;
}

static bool take_accuse(struct req *r, struct res *s, struct err *e)
{
	struct arrivee a;
	struct retour_accuse k;
	struct ecrit w = { .r = r, .accuse = &k };
	bool good;

	iso_write(env_now(r->env), w.jour);
	w.jour[10] = '\0';
	good = read_call(r, &a, e)
		&& passerelle_accuse(r->core->envoi->passerelle, &a.appel, r->a, &k, e)
		&& store_write(r->core->store, accuse_job, &w, e);
	return answer(r, s, good, e);
}

static bool take_reponse(struct req *r, struct res *s, struct err *e)
{
	struct arrivee a;
	struct retour_reponse k;
	struct ecrit w = { .r = r, .reponse = &k, .empreinte = a.empreinte };
	bool good = read_call(r, &a, e)
		&& passerelle_reponse(r->core->envoi->passerelle, &a.appel, r->a, &k, e)
		&& store_write(r->core->store, reponse_job, &w, e);

	return answer(r, s, good, e);
}

enum { CALLED = ROUTE_SLOW | ROUTE_CALL };

const struct route envoi_retour_routes[] = {
	{ GET, "/envois/retour/accuse", take_accuse, CAN_PUBLIC, NULL, 0,
	  N_("Accusé de réception d’une passerelle SMS"), CALLED, NULL },
	{ POST, "/envois/retour/accuse", take_accuse, CAN_PUBLIC, NULL, 0,
	  N_("Accusé de réception d’une passerelle SMS"), CALLED, NULL },
	{ GET, "/envois/retour/reponse", take_reponse, CAN_PUBLIC, NULL, 0,
	  N_("Réponse à un SMS"), CALLED, NULL },
	{ POST, "/envois/retour/reponse", take_reponse, CAN_PUBLIC, NULL, 0,
	  N_("Réponse à un SMS"), CALLED, NULL },
	{ 0 },
};
