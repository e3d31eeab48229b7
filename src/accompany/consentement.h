/*
 * Consent from afar.  A number that says "Oui" is not enough: the person's secret, a code of
 * their card, or somebody who stands beside them goes with it.
 *
 *	consentement_ask: two SMS, what will be allowed first, then the question
 *	consentement_answers: what came back, read from the gateway's signed call (store/retour.h)
 *	consentement_prove: the person proves who they are (their space, or the code in the SMS)
 * When the number said yes and the person is proved, the mandat begins.
 */
#pragma once

#include "accompany/mandat.h"

enum { CONSENTEMENT_ESSAIS = 3 };

enum reponse { REPONSE_OUI, REPONSE_NON, REPONSE_AUTRE };

/*
 * Reads an answer: "Oui", "OUI !", " o u i ", "oüi", "Oui." are yes; "Non" in the same ways is
 * no; anything else asks again.  A code of six or eight digits after the word is put in
 * `code` ("" without).
 */
enum reponse oui_read(const char *text, char code[USAGER_CODE + 1]);

struct consentement_vu {
	const char *id, *etat, *telephone, *oui_le, *preuve_le, *expire_le;
	int essais;
	bool present;                   /* there is one */
};
/* The last question about this mandat. */
bool consentement_of(struct db *db, struct arena *a, const char *mandat,
		     struct consentement_vu *out, struct err *e);

/* E_CONFLICT: no safe telephone.  An older question of this mandat is taken back. */
bool consentement_ask(struct tx *tx, const struct core *core, struct arena *a,
		      const char *mandat, const char *agent, struct err *e);

/* The person is proved (their secret in their space, an agent beside them): begins when the
 * number has said yes; *begun. */
bool consentement_prove(struct tx *tx, const struct env *env, struct arena *a,
			const char *mandat, const char *preuve, const char *agent, bool *begun,
			struct err *e);

/* A call: both agents are of the structure and are two; the person said yes to each line and
 * gave a code of their card, checked before. */
bool consentement_voice(struct tx *tx, const struct env *env, struct arena *a,
			const char *mandat, const char *agent_1, const char *agent_2,
			struct err *e);

/* Reads what came back; not in a job.  Called a few times a second: costs one query. */
bool consentement_answers(struct core *core, struct arena *a, struct err *e);
