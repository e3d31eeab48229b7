#include "store/retour.h"

#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "crypto/sceau.h"
#include "crypto/sha256.h"
#include "store/envoi.h"
#include "store/envoi.sql.h"
#include "store/inside.h"
#include "store/telephone.h"

enum { MEMORY = 256 << 10, WORD_MOST = 24 };

static bool again(struct err *e)
{
	return fail(e, E_CONFLICT, "Cet appel a déjà été pris.");
}

/* Remembers that this was said; E_CONFLICT when it was before. */
static bool once(struct tx *tx, const char *fingerprint, const char *now, struct err *e)
{
	int64_t added;

	return envoi_retour_add(tx, fingerprint, now, &added, e) && (added || again(e));
}

static bool find(struct tx *tx, struct arena *a, const struct retour_accuse *k,
		 struct envoi_get_row *out, struct err *e)
{
	struct envoi_by_remote_row by;
	const char *id = k->id;
	bool found = false;

	if (!id) {
		if (!envoi_by_remote(tx_db(tx), a, k->id_distant, &by, &found, e))
			return false;
		id = found ? by.id : "";
	}
	if (!envoi_get(tx_db(tx), a, id, out, &found, e))
		return false;
	return found || fail(e, E_MISSING, "Aucun message ne porte ce nom.");
}

/* A receipt about what waits still, or was ended by us, changes nothing. */
static bool may_change(const struct envoi_get_row *m, struct err *e)
{
	if (!strcmp(m->etat, envoi_etats[ENVOI_PARTI])
	    || !strcmp(m->etat, envoi_etats[ENVOI_EN_COURS]))
		return true;
	return again(e);
}

bool retour_accuse(struct tx *tx, const struct retour_accuse *k, const char *jour,
		   struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(MEMORY);
	struct envoi_get_row m;
	const char *state = envoi_etats[k->sort == RETOUR_REMIS ? ENVOI_REMIS : ENVOI_NON_REMIS];
	const char *said;
	char now[ISO_TEXT], fingerprint[SHA256_HEX];

	if (!find(tx, &a, k, &m, e))
		return false;
	if (!k->prouve && (!k->jeton || !sceau_is(k->jeton, m.jeton)))
		return fail(e, E_DENIED, "Cet appel n’est pas signé, ou l’est par quelqu’un "
			    "d’autre.");
	iso_write(env_now(store_env(tx_db(tx)->store)), now);
	said = arena_printf(&a, "accuse\n%s\n%d", m.id, (int)k->sort);
	sha256_hex(said, strlen(said), fingerprint);
	if (!may_change(&m, e) || !once(tx, fingerprint, now, e))
		return false;
	if (k->sort == RETOUR_ATTENTE)
		return true;
	return envoi_receipt(tx, m.id, state, k->motif, now, NULL, e)
	       && envoi_history_add(tx, m.id, state, k->motif, now, NULL, e)
	       && envoi_day_add(tx, m.jour ? m.jour : jour, m.canal, m.genre, state, m.segments,
				NULL, e);
}

/* --- answers ---------------------------------------------------------------------------- */

/* The first word, folded. */
static void first_word(const char *text, char out[WORD_MOST])
{
	char folded[WORD_MOST * 2];

	utf8_fold(text, folded, sizeof folded);
	folded[strcspn(folded, " ")] = '\0';
	memcpy(out, folded, WORD_MOST - 1);
	out[WORD_MOST - 1] = '\0';
	utf8_trim_end(out);
}

static bool obey(struct tx *tx, const char *number, const char *word, const char *now,
		 struct err *e)
{
	if (!strcmp(word, "stop") || !strcmp(word, "arret"))
		return envoi_stop_put(tx, number, now, NULL, e);
	if (!strcmp(word, "start") || !strcmp(word, "reprendre"))
		return envoi_stop_drop(tx, number, NULL, e);
	return true;
}

static bool keep(struct tx *tx, const struct retour_reponse *k, const char *number,
		 const char *now, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(MEMORY);
	struct envoi_last_for_row last;
	char id[UUID_TEXT], word[WORD_MOST];
	bool found = false;
	int64_t added;

	first_word(k->texte, word);
	uuid_new(store_env(tx_db(tx)->store), id);
	if (!envoi_last_for(tx_db(tx), &a, number, &last, &found, e)
	    || !envoi_reponse_add(tx, id, number, k->texte, word, found ? last.id : NULL,
				  k->id_distant, now, &added, e))
		return false;
	return added ? obey(tx, number, word, now, e) : again(e);
}

/* Gateways write numbers with their country, often without the "+". */
static bool sender_read(const char *from, const char *departement, struct telephone *out,
			struct err *e)
{
	char text[TELEPHONE_TEXT + 1];
	size_t n;

	from += strspn(from, " ");
	n = strspn(from, "0123456789");
	if (*from == '0' || n < 9 || n > 15 || from[n])
		return telephone_read(from, departement, out, e);
	text[0] = '+';
	memcpy(text + 1, from, n + 1);
	return telephone_read(text, departement, out, e);
}

bool retour_reponse(struct tx *tx, const struct retour_reponse *k, const char *departement,
		    const char *empreinte, struct err *e)
{
	struct telephone t;
	char now[ISO_TEXT];

	if (!sender_read(k->de, departement, &t, e))
		return false;
	iso_write(env_now(store_env(tx_db(tx)->store)), now);
	return once(tx, empreinte, now, e) && keep(tx, k, t.e164, now, e);
}
