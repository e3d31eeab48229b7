#include "store/envoi.h"

#include <ctype.h>
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "store/envoi.sql.h"
#include "store/envoi_inside.h"
#include "store/inside.h"
#include "store/sms.h"
#include "store/telephone.h"

const char *const envoi_canaux[] = { "sms", "courriel", NULL };
const char *const envoi_etats[] = { "attente", "en_cours", "parti", "remis", "non_remis",
	"refuse", "perime", "annule", NULL };

enum { JETON_BYTES = 16, COURRIEL_MOST = 254, LOCAL_MOST = 64 };

/* --- what may be put -------------------------------------------------------------------- */

static bool is_domain(const char *s)
{
	size_t label = 0;
	bool dot = false;

	for (const char *p = s; *p; p++) {
		if (*p == '.') {
			if (!label || p[-1] == '-')
				return false;
			dot = true;
			label = 0;
		} else if (isalnum((unsigned char)*p) || (*p == '-' && label)) {
			if (++label > 63)
				return false;
		} else {
			return false;
		}
	}
	return dot && label && !isdigit((unsigned char)s[strlen(s) - 1]) && s[strlen(s) - 1] != '-';
}

bool courriel_is_good(const char *s)
{
	const char *at = strchr(s, '@');

	if (!at || at == s || at - s > LOCAL_MOST || strlen(s) > COURRIEL_MOST)
		return false;
	if (*s == '.' || at[-1] == '.')
		return false;
	for (const char *p = s; p < at; p++) {
		if (!isalnum((unsigned char)*p) && !strchr(".!#$%&'*+/=?^_`{|}~-", *p))
			return false;
		if (*p == '.' && p[1] == '.')
			return false;
	}
	return is_domain(at + 1);
}

static bool recipient_is_good(const struct envoi *m, struct err *e)
{
	struct telephone t;

	if (m->canal == ENVOI_COURRIEL) {
		if (courriel_is_good(m->destinataire))
			return true;
		fail(e, E_INPUT, "Ce n’est pas une adresse électronique.");
		return hint(e, "Une seule adresse, sur une ligne, comme prenom@exemple.fr.");
	}
	if (!telephone_read(m->destinataire, NULL, &t, e))
		return false;
	if (strcmp(t.e164, m->destinataire))
		return fail(e, E_INPUT, "Ce numéro n’est pas en forme internationale.");
	if (t.kind != TELEPHONE_FIXE)
		return true;
	fail(e, E_INPUT, "Ce numéro est celui d’un téléphone fixe : il ne reçoit pas de SMS.");
	return hint(e, "Donnez un numéro de mobile.");
}

/* Valid, not empty, not longer than `most` characters, without control signs but those of
 * lines where they may stand. */
static bool text_is_good(const char *s, size_t most, bool lines, const char *what,
			 struct err *e)
{
	size_t n = s ? strlen(s) : 0;

	if (!n || !utf8_valid(s, n))
		return fail(e, E_INPUT, "%s de ce message est vide ou illisible.", what);
	if (utf8_length(s) > most)
		return fail(e, E_LIMIT, "%s de ce message est trop long (%zu caractères au plus).",
			    what, most);
	for (; *s; s++) {
		if ((unsigned char)*s < ' ' && !(lines && (*s == '\n' || *s == '\t')))
			return fail(e, E_INPUT, lines ? "%s de ce message contient un caractère "
				    "invisible." : "%s de ce message contient un retour à la ligne.",
				    what);
	}
	return true;
}

static bool content_is_good(const struct envoi *m, struct err *e)
{
	if (m->canal == ENVOI_SMS)
		return text_is_good(m->texte, ENVOI_TEXTE_MOST, true, "Le texte", e);
	return text_is_good(m->objet, ENVOI_OBJET_MOST, false, "L’objet", e)
	       && text_is_good(m->texte, ENVOI_COURRIEL_MOST, true, "Le texte", e)
	       && (!m->html || text_is_good(m->html, ENVOI_COURRIEL_MOST, true, "Le texte", e));
}

/* --- putting ---------------------------------------------------------------------------- */

static void hex_of(const unsigned char *p, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*out++ = digits[p[i] >> 4];
		*out++ = digits[p[i] & 15];
	}
	*out = '\0';
}

static bool add(struct tx *tx, const struct env *env, const struct envoi *m,
		const char id[UUID_TEXT], const char *text, int64_t *added, struct err *e)
{
	unsigned char chance[JETON_BYTES];
	char jeton[JETON_BYTES * 2 + 1], created[ISO_TEXT], from[ISO_TEXT], end[ISO_TEXT];
	int64_t now = env_now(env), start = m->pas_avant > now ? m->pas_avant : now;
	bool sms = m->canal == ENVOI_SMS;

	env_random(env, chance, sizeof chance);
	hex_of(chance, sizeof chance, jeton);
	iso_write(now, created);
	iso_write(start, from);
	iso_write(m->expire ? m->expire : start + ENVOI_DUREE_MS, end);
	return envoi_add(tx, id, envoi_canaux[m->canal], m->genre, m->cle, m->destinataire,
			 m->structure, m->langue ? m->langue : "fr", sms ? NULL : m->objet, text,
			 sms ? NULL : m->html, sms ? (int64_t)sms_cost(text).segments : 0,
			 m->urgent, from, end, jeton, created, added, e);
}

/* The one that was there before under this key. */
static bool find_before(struct tx *tx, struct arena *a, const char *cle, char id[UUID_TEXT],
			struct err *e)
{
	struct envoi_by_key_row row;
	bool found = false;

	if (!envoi_by_key(tx_db(tx), a, cle, &row, &found, e))
		return false;
	if (!found || strlen(row.id) >= UUID_TEXT)
		return fail(e, E_STORE, "Ce message n’a pas pu être gardé.");
	memcpy(id, row.id, strlen(row.id) + 1);
	return true;
}

bool envoi_put(struct tx *tx, const struct envoi *m, char id[UUID_TEXT], struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(256 << 10);
	const struct env *env = store_env(tx_db(tx)->store);
	const char *text = m->texte;
	char now[ISO_TEXT];
	int64_t added = 0;

	if (!recipient_is_good(m, e) || !content_is_good(m, e))
		return false;
	if (m->canal == ENVOI_SMS)
		text = sms_plain(&a, text);
	uuid_new(env, id);
	if (!add(tx, env, m, id, text, &added, e))
		return false;
	if (!added)
		return find_before(tx, &a, m->cle, id, e);
	iso_write(env_now(env), now);
	return envoi_history_add(tx, id, envoi_etats[ENVOI_ATTENTE], NULL, now, NULL, e);
}

/* --- ending ----------------------------------------------------------------------------- */

bool envoi_finish(struct tx *tx, const struct envoi_end *k, struct err *e)
{
	char now[ISO_TEXT];
	int64_t changed;

	iso_write(env_now(store_env(tx_db(tx)->store)), now);
	if (!envoi_end(tx, k->id, envoi_etats[k->etat], k->motif, now, &changed, e))
		return false;
	return !changed
	       || (envoi_history_add(tx, k->id, envoi_etats[k->etat], k->motif, now, NULL, e)
		   && envoi_day_add(tx, k->jour, k->canal, k->genre, envoi_etats[k->etat],
				    k->segments, NULL, e));
}

bool envoi_cancel(struct tx *tx, const char *cle, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(64 << 10);
	struct envoi_by_key_row key;
	struct envoi_get_row m;
	bool found = false;
	char now[ISO_TEXT];

	if (!envoi_by_key(tx_db(tx), &a, cle, &key, &found, e))
		return false;
	if (!found || strcmp(key.etat, envoi_etats[ENVOI_ATTENTE]))
		return true;
	if (!envoi_get(tx_db(tx), &a, key.id, &m, &found, e))
		return false;
	iso_write(env_now(store_env(tx_db(tx)->store)), now);
	now[10] = '\0';                 /* the day, near enough for a count */
	return envoi_finish(tx, &(struct envoi_end){ .id = m.id, .etat = ENVOI_ANNULE,
			    .canal = m.canal, .genre = m.genre, .segments = m.segments,
			    .jour = now }, e);
}
