#include "admit/cle.h"

#include <stdlib.h>
#include <string.h>

#include "admit/cle.sql.h"
#include "base/date.h"
#include "core/trace.h"
#include "crypto/box.h"
#include "format/json.h"
#include "web/session.h"

static const char awaited_key[] = ".cle";
static const char *const uses[] = { "webauthn.create", "webauthn.get" };

enum { CHALLENGE_BYTES = 32 };

static bool start_again(struct err *e)
{
	fail(e, E_CONFLICT, "%s", N_("La demande à votre clé de sécurité a expiré, ou a déjà servi."));
	return hint(e, "%s", N_("Recommencez, ou utilisez un autre moyen."));
}

/* --- the challenge ------------------------------------------------------------------------ */

const char *cle_challenge(struct req *r, enum cle_use use)
{
	char *text = arena_alloc(r->a, BASE64_ROOM(CHALLENGE_BYTES));
	unsigned char raw[CHALLENGE_BYTES];

	if (!text)
		return "";
	env_random(r->env, raw, sizeof raw);
	base64_write(raw, sizeof raw, text);
	session_set(r->session, r->a, awaited_key,
		    arena_printf(r->a, "%d %lld %s", (int)use, (long long)env_now(r->env), text));
	return text;
}

bool cle_challenge_take(struct req *r, enum cle_use use, struct cle_awaited *out, struct err *e)
{
	const char *kept = session_get(r->session, awaited_key);
	int64_t age;
	char *end;

	if (!kept)
		return start_again(e);
	kept = arena_str(r->a, kept);
	session_set(r->session, r->a, awaited_key, NULL);
	if (kept[0] - '0' != (int)use)
		return start_again(e);
	out->drawn_ms = strtoll(kept + 1, &end, 10);
	out->challenge = *end == ' ' ? end + 1 : end;
	age = env_now(r->env) - out->drawn_ms;
	return (age >= 0 && age < CLE_CHALLENGE_MS && *out->challenge) || start_again(e);
}

const char *cle_rp(struct req *r)
{
	const char *host = strstr(core_address(r), "://");
	const char *rp;

	if (!host)
		return NULL;
	host += 3;
	rp = arena_strn(r->a, host, strcspn(host, ":/"));
	return *rp && *rp != '[' && rp[strspn(rp, "0123456789.")] ? rp : NULL;
}

const char *cle_origin(struct req *r)
{
	const char *address = core_address(r), *host = strstr(address, "://");
	const char *usual = !strncmp(address, "https:", 6) ? ":443" : ":80";
	size_t n = host ? (size_t)(host + 3 - address) + strcspn(host + 3, "/") : strlen(address);
	size_t port = strlen(usual);

	if (n > port && !strncmp(address + n - port, usual, port))
		n -= port;
	return arena_strn(r->a, address, n);
}

/* --- what the browser says -------------------------------------------------------------- */

static bool same_text(const char *a, const char *b)
{
	return a && strlen(a) == strlen(b) && box_same(a, b, strlen(b));
}

static bool elsewhere(struct err *e)
{
	fail(e, E_DENIED, "La réponse de votre clé de sécurité est faite pour un autre site, ou pour une "
	     "autre demande.");
	return hint(e, "Vérifiez l’adresse de cette page, puis recommencez.");
}

static const char *text_of(const json_t *o, const char *name)
{
	return json_string_value(json_object_get(o, name));
}

bool cle_client_read(const char *text, size_t n, const struct cle_client_ask *ask,
		     unsigned char hash[SHA256_BYTES], struct err *e)
{
	CLEANUP(json_done) json_t *o = NULL;
	struct err why = { 0 };
	const json_t *cross;
	struct sha256 *h;

	if (n > WEBAUTHN_DATA_MOST || !json_read(text, n, &o, &why) || !json_is_object(o))
		return fail(e, E_INPUT, "La réponse du navigateur n’est pas lisible.");
	cross = json_object_get(o, "crossOrigin");
	if (!same_text(text_of(o, "type"), uses[ask->use])
	    || !same_text(text_of(o, "challenge"), ask->challenge)
	    || !same_text(text_of(o, "origin"), ask->origin)
	    || (cross && !json_is_false(cross)) || json_object_get(o, "topOrigin"))
		return elsewhere(e);
	h = sha256_new();
	sha256_add(h, text, n);
	sha256_end(h, hash);
	return true;
}

/* --- keys ---------------------------------------------------------------------------------- */

bool cle_list(struct db *db, struct arena *a, const char *agent, struct cle **out, size_t *n,
	      struct err *e)
{
	struct cles_of_row *rows;

	if (!cles_of(db, a, agent, &rows, n, e))
		return false;
	*out = NEW_ARRAY(a, *n + 1, struct cle);
	for (size_t i = 0; *out && i < *n; i++) {
		struct cle *c = &(*out)[i];

		*c = (struct cle){ .id = rows[i].id, .nom = rows[i].nom,
				   .cree_le = rows[i].cree_le, .vu_le = rows[i].vu_le };
		c->key.id = (struct webauthn_bytes){ rows[i].cle_id.p, rows[i].cle_id.n };
		c->key.public = (struct webauthn_bytes){ rows[i].cle_publique.p,
							 rows[i].cle_publique.n };
		c->key.alg = (int)rows[i].cle_algorithme;
		c->key.counter = (uint32_t)rows[i].cle_compteur;
	}
	return *out || arena_refuse(a, e);
}

static bool is_new(struct tx *tx, struct arena *a, const struct cle_acte *by,
		   const struct webauthn_key *k, struct err *e)
{
	struct cle_known_row known;
	struct cle_count_row count;
	bool found;

	if (!cle_known(tx_db(tx), a, (struct bytes){ k->id.p, k->id.n }, &known, &found, e)
	    || !cle_count(tx_db(tx), a, by->agent, &count, e))
		return false;
	if (found) {
		fail(e, E_CONFLICT, "%s", N_("Cette clé de sécurité est déjà enregistrée."));
		return hint(e, "%s", N_("Chaque clé ne sert qu’à un compte, et ne s’ajoute qu’une fois."));
	}
	if (count.n >= CLE_PAR_AGENT) {
		fail(e, E_CONFLICT, "%s", N_("Vous avez déjà dix clés de sécurité."));
		return hint(e, "%s", N_("Retirez d’abord une clé qui ne sert plus."));
	}
	return true;
}

bool cle_add(struct tx *tx, const struct env *env, struct arena *a, const struct cle_acte *by,
	     const char *nom, const struct webauthn_key *k, struct err *e)
{
	char id[UUID_TEXT], now[ISO_TEXT];

	if (!is_new(tx, a, by, k, e))
		return false;
	uuid_new(env, id);
	iso_write(env_now(env), now);
	return cle_put(tx, id, by->agent, nom, (struct bytes){ k->id.p, k->id.n },
		       (struct bytes){ k->public.p, k->public.n }, k->alg, k->counter, now, NULL, e)
	       && trace_put(tx, env, &(struct trace){
			.action = TRACE_FACTEUR_AJOUTE, .agent = by->agent, .session = by->session,
			.cible = by->agent, .structure = by->structure, .objet = nom }, e);
}

bool cle_served(struct tx *tx, const struct env *env, const char *id, uint32_t counter,
		int64_t drawn_ms, struct err *e)
{
	char now[ISO_TEXT], drawn[ISO_TEXT];
	int64_t changed = 0;

	iso_write(env_now(env), now);
	iso_write(drawn_ms, drawn);
	if (!cle_put_served(tx, id, counter, now, drawn, &changed, e))
		return false;
	return changed || start_again(e);
}
