/* Sessions in the store: opened, renewed, closed, listed. */
#include "admit/session.h"

#include <string.h>

#include "admit/session.sql.h"
#include "admit/session_inside.h"
#include "base/date.h"
#include "core/trace.h"
#include "crypto/box.h"
#include "crypto/sha256.h"

static void token_draw(const struct env *env, char token[AGENT_TOKEN_TEXT],
		       char empreinte[SHA256_HEX])
{
	unsigned char chance[32];

	env_random(env, chance, sizeof chance);
	base64_write(chance, sizeof chance, token);
	sha256_hex(token, AGENT_TOKEN_TEXT - 1, empreinte);
}

bool agent_session_open(struct tx *tx, const struct env *env,
			const struct agent_session_ask *ask, struct agent_session_made *made,
			struct err *e)
{
	char empreinte[SHA256_HEX], now[ISO_TEXT], expire[ISO_TEXT];
	struct trace line = { .action = TRACE_CONNEXION, .agent = ask->agent, .session = made->id,
			      .cible = ask->agent, .structure = ask->structure,
			      .objet = ask->appareil };

	uuid_new(env, made->id);
	token_draw(env, made->token, empreinte);
	iso_write(env_now(env), now);
	iso_write(env_now(env) + AGENT_LONGEST_MS, expire);
	return agent_session_add(tx, made->id, empreinte, ask->agent, ask->structure,
				 ask->preuves, ask->appareil, now, expire, NULL, e)
	       && trace_put(tx, env, &line, e);
}

bool agent_session_renew(struct tx *tx, const struct env *env, const char *id, bool proved,
			 char token[AGENT_TOKEN_TEXT], struct err *e)
{
	char empreinte[SHA256_HEX], now[ISO_TEXT];
	int64_t changed;

	token_draw(env, token, empreinte);
	iso_write(env_now(env), now);
	if (!agent_session_token(tx, id, empreinte, &changed, e))
		return false;
	if (!changed) {
		fail(e, E_DENIED, "%s", N_("Votre session est fermée."));
		return hint(e, "%s", N_("Connectez-vous de nouveau."));
	}
	return !proved || agent_session_proved(tx, id, now, NULL, e);
}

bool agent_session_cover(struct tx *tx, const char *id, bool on, struct err *e)
{
	return agent_session_cover_set(tx, id, on, NULL, e);
}

bool agent_session_close(struct tx *tx, const struct env *env, const char *id,
			 const char *par, struct err *e)
{
	char now[ISO_TEXT];

	iso_write(env_now(env), now);
	return agent_session_end(tx, id, now, par, NULL, e);
}

bool agent_session_close_others(struct tx *tx, const struct env *env, const char *agent,
				const char *but, const char *par, struct err *e)
{
	char now[ISO_TEXT];

	iso_write(env_now(env), now);
	return agent_session_end_others(tx, agent, but ? but : "", now, par, NULL, e);
}

bool agent_session_list(struct sessions *m, struct db *db, struct arena *a, const char *agent,
			struct agent_session_line **out, size_t *n, struct err *e)
{
	struct agent_session_rows_row *rows;
	char now[ISO_TEXT], seen[ISO_TEXT];

	iso_write(env_now(m->env), now);
	if (!agent_session_rows(db, a, agent, now, &rows, n, e))
		return false;
	*out = NEW_ARRAY(a, *n, struct agent_session_line);
	if (!*out)
		return arena_refuse(a, e);
	for (size_t i = 0; i < *n; i++) {
		int64_t vu = sessions_seen(m, rows[i].id);

		iso_write(vu, seen);
		(*out)[i] = (struct agent_session_line){
			.id = rows[i].id, .appareil = rows[i].appareil, .cree_le = rows[i].cree_le,
			.vu_le = rows[i].vu_le, .ecran = rows[i].ecran != 0,
		};
		if (strcmp(seen, rows[i].vu_le) > 0)
			(*out)[i].vu_le = arena_str(a, seen);
	}
	return true;
}
