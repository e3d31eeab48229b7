/* The space of a person, in one browser. */
#include <string.h>

#include "base/date.h"
#include "core/journal.h"
#include "core/usager.h"
#include "core/usager.sql.h"
#include "crypto/sha256.h"
#include "web/session.h"

static const char token_key[] = "usager";

enum { TOKEN = 32, LONGEST_MS = 60 * 60 * 1000 };

struct entering {
	struct req *r;
	const struct usager *u;
	enum usager_preuve how;
	char print[SHA256_HEX];
};

static bool enter_job(struct tx *tx, void *arg, struct err *e)
{
	struct entering *n = arg;
	const struct env *env = n->r->env;
	char now[ISO_TEXT], end[ISO_TEXT];

	iso_write(env_now(env), now);
	iso_write(env_now(env) + LONGEST_MS, end);
	return usager_session_put(tx, n->print, n->u->id, usager_preuves[n->how], now, end, NULL, e)
	       && journal_append(tx, env, &(struct journal_entry){ .genre = "connexion.personne",
			.structure = n->u->structure, .usager = n->u->id, .acteur = n->u->id,
			.mots = (struct journal_mot[]){ { "preuve", usager_preuves[n->how] },
							{ 0 } } }, NULL, e);
}

bool usager_enter(struct req *r, const struct usager *u, enum usager_preuve how, struct err *e)
{
	struct entering n = { .r = r, .u = u, .how = how };
	unsigned char token[TOKEN];
	char text[BASE64_ROOM(TOKEN)];

	env_random(r->env, token, sizeof token);
	base64_write(token, sizeof token, text);
	sha256_hex(text, strlen(text), n.print);
	if (!store_write(r->core->store, enter_job, &n, e))
		return false;
	session_renew(r->session);
	session_set(r->session, r->a, token_key, text);
	return true;
}

struct leaving {
	const struct env *env;
	char print[SHA256_HEX];
};

static bool leave_job(struct tx *tx, void *arg, struct err *e)
{
	struct leaving *l = arg;
	char now[ISO_TEXT];

	iso_write(env_now(l->env), now);
	return usager_session_end(tx, l->print, now, NULL, e);
}

bool usager_leave(struct req *r, struct err *e)
{
	const char *token = session_get(r->session, token_key);
	struct leaving l = { .env = r->env };

	if (!token)
		return true;
	sha256_hex(token, strlen(token), l.print);
	session_set(r->session, r->a, token_key, NULL);
	session_renew(r->session);
	return store_write(r->core->store, leave_job, &l, e);
}

static enum usager_preuve preuve_named(const char *slug)
{
	int i = 0;

	while (i < PREUVE_IDENTITE && strcmp(usager_preuves[i], slug) != 0)
		i++;
	return (enum usager_preuve)i;
}

bool usager_of(struct req *r, struct db *db, struct usager *out, enum usager_preuve *how,
	       bool *found, struct err *e)
{
	const char *token = r->session ? session_get(r->session, token_key) : NULL;
	struct usager_session_row_row row;
	char print[SHA256_HEX], now[ISO_TEXT];

	*found = false;
	if (!token)
		return true;
	sha256_hex(token, strlen(token), print);
	iso_write(env_now(r->env), now);
	if (!usager_session_row(db, r->a, print, now, &row, found, e) || !*found)
		return e->kind == E_OK;
	*out = (struct usager){ .id = row.id, .structure = row.structure_id, .numero = row.numero,
		.nom = row.nom ? row.nom : "", .naissance = row.naissance,
		.telephone = row.telephone, .telephone_sur = row.telephone_sur,
		.langue = row.langue, .garde = GARDE_ESPACE, .a_secret = row.secret != NULL,
		.bloque = row.essais >= USAGER_ESSAIS };
	if (how)
		*how = preuve_named(row.preuve);
	return true;
}

static bool is_usager(struct req *r)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct err e = { 0 };
	struct usager u;
	bool found = false;

	return r->core && db_acquire(r->core->store, &db, &e)
	       && usager_of(r, db, &u, NULL, &found, &e) && found;
}

static bool ask_card(struct req *r, struct res *s, struct err *e)
{
	(void)r, (void)e;
	return res_see_other(s, "/mon-espace/entrer");
}

const struct right can_usager = { "personne", is_usager, ask_card };
