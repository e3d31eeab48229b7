#include "admit/lien.h"

#include <ctype.h>
#include <string.h>

#include "admit/lien.sql.h"
#include "base/date.h"
#include "web/i18n.h"

static const char key[] = "liens";

/* Crockford's base 32: no I, L, O, U. */
static const char signs[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static const char *const sortes[] = { "premier", "invitation", "connexion", "secours" };

static enum lien_sorte sorte_of(const char *slug)
{
	int i = LIEN_SECOURS;

	while (i > LIEN_PREMIER && strcmp(sortes[i], slug))
		i--;
	return (enum lien_sorte)i;
}

bool lien_draw(struct signer *s, const struct env *env, struct lien_secret *out,
	       struct err *e)
{
	unsigned char chance[LIEN_CODE - 1];

	env_random(env, chance, sizeof chance);
	for (size_t i = 0; i < sizeof chance; i++)
		out->code[i] = signs[chance[i] & 31];
	out->code[LIEN_CODE - 1] = '\0';
	return signer_tag(s, key, (struct bytes){ out->code, LIEN_CODE - 1 }, out->empreinte, e);
}

bool lien_put(struct tx *tx, const struct env *env, const struct lien_secret *s,
	      const struct lien *l, struct err *e)
{
	char now[ISO_TEXT], until[ISO_TEXT];

	iso_write(env_now(env), now);
	iso_write(env_now(env) + (int64_t)l->minutes * 60 * 1000, until);
	if (!(l->agent ? lien_replace(tx, l->agent, sortes[l->sorte], now, NULL, e) :
	      lien_replace_first(tx, now, NULL, e)))
		return false;
	return lien_add(tx, s->empreinte, sortes[l->sorte], l->agent, l->navigateur, l->cree_par,
			now, until, NULL, e);
}

static bool refuse(const char *msg, struct err *e)
{
	fail(e, E_MISSING, "%s", msg);
	return hint(e, "%s", N_("Demandez-en un autre à qui vous l’a donné : le référent de votre "
				"structure, ou un administrateur."));
}

static const char unknown[] = N_("Ce lien ou ce code n’existe pas : il est peut-être mal recopié.");

bool lien_tag(struct signer *s, const char *typed, char empreinte[BOX_TAG_TEXT],
	      struct err *e)
{
	char code[LIEN_CODE];
	size_t n = 0;

	for (const char *p = typed; *p; p++) {
		char c = (char)toupper((unsigned char)*p);

		if (strchr(" -.\t", c))
			continue;
		c = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
		if (n == sizeof code - 1 || !strchr(signs, c))
			return refuse(unknown, e);
		code[n++] = c;
	}
	if (n != sizeof code - 1)
		return refuse(unknown, e);
	return signer_tag(s, key, (struct bytes){ code, n }, empreinte, e);
}

bool lien_look(struct db *db, struct arena *a, const struct env *env, const char *empreinte,
	       struct lien *out, struct err *e)
{
	struct lien_row_row row;
	char now[ISO_TEXT];
	bool found;

	if (!lien_row(db, a, empreinte, &row, &found, e))
		return false;
	if (!found)
		return refuse(unknown, e);
	if (row.utilise_le)
		return refuse(N_("Ce lien a déjà servi, ou un plus récent le remplace."), e);
	iso_write(env_now(env), now);
	if (strcmp(row.expire_le, now) <= 0)
		return refuse(N_("Ce lien n’est plus valable : trop de temps a passé."), e);
	*out = (struct lien){
		.sorte = sorte_of(row.sorte), .agent = row.agent_id,
		.navigateur = row.navigateur, .cree_par = row.cree_par,
	};
	return true;
}

bool lien_use(struct tx *tx, struct arena *a, const struct env *env, const char *empreinte,
	      struct lien *out, struct err *e)
{
	char now[ISO_TEXT];

	if (!lien_look(tx_db(tx), a, env, empreinte, out, e))
		return false;
	iso_write(env_now(env), now);
	return lien_spend(tx, empreinte, now, NULL, e);
}

bool lien_end(struct tx *tx, const struct env *env, const char *agent, struct err *e)
{
	char now[ISO_TEXT];

	iso_write(env_now(env), now);
	return lien_end_of(tx, agent, now, NULL, e);
}

const char *lien_path(struct arena *a, enum lien_sorte sorte, const char *code)
{
	return arena_cat(a, sorte == LIEN_PREMIER ? "/agent/premier/" : "/agent/bienvenue/",
			 code, NULL);
}

const char *lien_shown(struct arena *a, const char *code)
{
	return arena_printf(a, "%.4s-%.4s-%.4s-%.4s", code, code + 4, code + 8, code + 12);
}
