#include "accompany/federation.h"

#include <string.h>

#include "accompany/federation.sql.h"
#include "base/date.h"
#include "crypto/sha256.h"

enum { VERIFIER_LEAST = 43, VERIFIER_MOST = 128 };

#define CLIENT(r) (struct federation_client){ .id = (r).id, .nom = (r).nom, .secret = (r).secret, \
	.secret_avant = (r).secret_avant, .secret_avant_fin = (r).secret_avant_fin, \
	.cles = (r).cles, .retours = (r).retours, .sorties = (r).sorties, \
	.strict = (r).strict, .pkce = (r).pkce, .signe = (r).signe, \
	.algorithme = (r).algorithme, .sel = (r).sel, .cree_le = (r).cree_le }

bool federation_client_get(struct db *db, struct arena *a, const char *id,
			   struct federation_client *out, bool *found, struct err *e)
{
	struct federation_client_one_row r;

	if (!federation_client_one(db, a, id, &r, found, e))
		return false;
	if (*found)
		*out = CLIENT(r);
	return true;
}

bool federation_client_list(struct db *db, struct arena *a, struct federation_client **out,
			    size_t *n, struct err *e)
{
	struct federation_clients_row *r;

	if (!federation_clients(db, a, &r, n, e))
		return false;
	*out = NEW_ARRAY(a, *n, struct federation_client);
	if (!*out)
		return arena_refuse(a, e);
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = CLIENT(r[i]);
	return true;
}

bool federation_is_on(struct req *r, bool *on, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct federation_clients_any_row any;

	if (!db_acquire(r->core->store, &db, e) || !federation_clients_any(db, r->a, &any, e))
		return false;
	*on = any.combien && *r->core->site.adresse;
	return true;
}

void federation_draw(const struct env *env, char out[FEDERATION_TEXTE])
{
	unsigned char some[32];

	env_random(env, some, sizeof some);
	base64_write(some, sizeof some, out);
}

void federation_mark(const char *text, char out[SHA256_HEX])
{
	sha256_hex(text, strlen(text), out);
}

const char *federation_sub(struct arena *a, const struct federation_client *c,
			   const char *usager)
{
	const char *whole = arena_cat(a, c->sel, "|", usager, NULL);
	char text[BASE64_ROOM(SHA256_BYTES)];
	uint8_t hash[SHA256_BYTES];

	sha256(whole, strlen(whole), hash);
	base64_write(hash, sizeof hash, text);
	return arena_str(a, text);
}

static void in_seconds(const struct env *env, int seconds, char out[ISO_TEXT])
{
	iso_write(env_now(env) + seconds * 1000, out);
}

/* --- agreeing ------------------------------------------------------------------------- */

bool federation_agree(struct tx *tx, const struct env *env, struct arena *a,
		      const struct accord *x, const char *code, struct err *e)
{
	const struct demande *d = x->demande;
	struct acte right = { .mandat = x->mandat, .agent = x->agent, .demarche = x->demarche };
	char mark[SHA256_HEX], acte[UUID_TEXT], until[ISO_TEXT];

	uuid_new(env, acte);
	in_seconds(env, FEDERATION_CODE_S, until);
	federation_mark(code, mark);
	return acte_allowed(tx_db(tx), env, a, &right, e)
	       && federation_code_add(tx, mark, x->client->id, x->mandat,
				      demarches[x->demarche].slug, x->agent, acte, d->redirect_uri,
				      d->nonce, d->defi, d->scope, x->identite, x->auth_s, until,
				      NULL, e);
}

/* --- exchanging ------------------------------------------------------------------------- */

static bool same_text(const char *a, const char *b)
{
	return a && b && strlen(a) == strlen(b) && box_same(a, b, strlen(b));
}

/* RFC 7636, 4.6: and a verifier for a code that asked for none is a sign of a swap. */
static bool verifier_is_right(const char *defi, const char *preuve)
{
	char text[BASE64_ROOM(SHA256_BYTES)];
	uint8_t hash[SHA256_BYTES];
	size_t n = preuve ? strlen(preuve) : 0;

	if (!defi || !preuve)
		return !defi && !preuve;
	if (n < VERIFIER_LEAST || n > VERIFIER_MOST)
		return false;
	sha256(preuve, n, hash);
	base64_write(hash, sizeof hash, text);
	return same_text(defi, text);
}

static enum echange_issue judge(const struct federation_code_one_row *c,
				const struct echange *x, const char *now)
{
	if (strcmp(c->client_id, x->client->id) != 0)
		return ECHANGE_AUTRE;
	if (c->utilise_le)
		return ECHANGE_SERVI;
	if (strcmp(c->expire_le, now) <= 0)
		return ECHANGE_PERIME;
	if (!same_text(c->retour, x->retour))
		return ECHANGE_RETOUR;
	if (!verifier_is_right(c->defi, x->preuve))
		return ECHANGE_PREUVE;
	return ECHANGE_BON;
}

static bool look(struct db *db, const struct env *env, struct arena *a, struct echange *x,
		 struct federation_code_one_row *c, struct err *e)
{
	char mark[SHA256_HEX], now[ISO_TEXT];
	bool found;

	iso_write(env_now(env), now);
	federation_mark(x->code ? x->code : "", mark);
	if (!federation_code_one(db, a, mark, c, &found, e))
		return false;
	x->issue = found ? judge(c, x, now) : ECHANGE_INCONNU;
	if (x->issue != ECHANGE_BON)
		return true;
	x->usager = c->usager_id;
	x->agent = c->agent_id;
	x->nonce = c->nonce;
	x->portee = c->portee;
	x->demarche = demarche_named(c->demarche);
	x->auth_s = c->auth_le;
	return true;
}

bool federation_look(struct db *db, const struct env *env, struct arena *a, struct echange *x,
		     struct err *e)
{
	struct federation_code_one_row c;

	return look(db, env, a, x, &c, e);
}

/* The act, unless the right went away meanwhile. */
static bool record(struct tx *tx, const struct env *env, struct arena *a,
		   const struct federation_code_one_row *c, struct echange *x, struct err *e)
{
	struct err why = { 0 };
	int64_t numero;
	struct acte act = { .id = c->acte_id, .mandat = c->mandat_id, .agent = c->agent_id,
		.demarche = x->demarche, .resultat = 0, .site = x->client->id,
		.fait = arena_cat(a, "Connexion à ", x->client->nom, NULL) };

	if (acte_record(tx, env, a, &act, &numero, &why))
		return true;
	if (why.kind != E_CONFLICT && why.kind != E_DENIED && why.kind != E_MISSING) {
		*e = why;
		return false;
	}
	x->issue = ECHANGE_DROIT;
	return true;
}

bool federation_exchange(struct tx *tx, const struct env *env, struct arena *a,
			 struct echange *x, struct err *e)
{
	char mark[SHA256_HEX], token[SHA256_HEX], now[ISO_TEXT], until[ISO_TEXT];
	struct federation_code_one_row c;

	iso_write(env_now(env), now);
	in_seconds(env, FEDERATION_JETON_S, until);
	if (!look(tx_db(tx), env, a, x, &c, e)
	    || (x->issue == ECHANGE_BON && !record(tx, env, a, &c, x, e)))
		return false;
	federation_mark(x->code ? x->code : "", mark);
	federation_mark(x->jeton, token);
	if (x->issue == ECHANGE_BON)
		return federation_code_used(tx, mark, now, token, until, NULL, e);
	return x->issue == ECHANGE_INCONNU || federation_code_break(tx, mark, now, NULL, e);
}

bool federation_identity(struct db *db, const struct env *env, struct arena *a,
			 const char *jeton, struct identite_vue *out, struct err *e)
{
	struct federation_jeton_one_row t;
	struct err why = { 0 };
	char mark[SHA256_HEX], now[ISO_TEXT];
	bool found;

	*out = (struct identite_vue){ 0 };
	iso_write(env_now(env), now);
	federation_mark(jeton, mark);
	if (!federation_jeton_one(db, a, mark, &t, &found, e))
		return false;
	if (!found || strcmp(t.jeton_expire_le, now) <= 0)
		return true;
	*out = (struct identite_vue){ .client = t.client_id, .sub_de = t.usager_id,
		.identite = t.identite, .portee = t.portee,
		.demarche = demarche_named(t.demarche) };
	out->bon = acte_allowed(db, env, a, &(struct acte){ .mandat = t.mandat_id,
			.agent = t.agent_id, .demarche = out->demarche }, &why);
	if (!out->bon && why.kind == E_STORE) {
		*e = why;
		return false;
	}
	return true;
}

bool federation_leave_site(struct tx *tx, const struct env *env, const char *agent,
			   const char *client, struct err *e)
{
	char now[ISO_TEXT];

	iso_write(env_now(env), now);
	return federation_leave(tx, agent, client, now, NULL, e);
}

static bool forget_job(struct tx *tx, void *arg, struct err *e)
{
	const struct env *env = arg;
	char now[ISO_TEXT], long_ago[ISO_TEXT];

	iso_write(env_now(env), now);
	iso_write(env_now(env) - FEDERATION_OUBLI_MS, long_ago);
	return federation_forget(tx, long_ago, NULL, e)
	       && federation_forget_identite(tx, now, NULL, e)
	       && federation_signe_forget(tx, now, NULL, e);
}

bool federation_tend(struct core *core, struct err *e)
{
	return store_write(core->store, forget_job, (void *)(uintptr_t)core->env, e);
}
