#include "accompany/consentement.h"

#include <string.h>

#include "accompany/consentement.sql.h"
#include "accompany/mandat.sql.h"
#include "base/date.h"
#include "base/utf8.h"
#include "core/envoi_texte.h"
#include "core/journal.h"
#include "store/envoi.h"
#include "store/signer.h"
#include "web/message.h"

/* --- what people write --------------------------------------------------------------- */

/* Letters and digits alone, folded: " Oüi !" gives "oui", "Oui 4821 7736" "oui48217736". */
static void squeeze(const char *text, char *out, size_t room)
{
	char folded[64];
	size_t n = 0;

	utf8_fold(text, folded, sizeof folded);
	for (const char *p = folded; *p && n + 1 < room; p++) {
		if (*p != ' ')
			out[n++] = *p;
	}
	out[n] = '\0';
}

enum reponse oui_read(const char *text, char code[USAGER_CODE + 1])
{
	char said[48];
	enum reponse word;
	size_t n;

	*code = '\0';
	squeeze(text, said, sizeof said);
	word = !strncmp(said, "oui", 3) ? REPONSE_OUI : !strncmp(said, "non", 3) ? REPONSE_NON :
	       REPONSE_AUTRE;
	if (word == REPONSE_AUTRE || !said[3])
		return word;
	n = strspn(said + 3, "0123456789");
	if (said[3 + n] || (n != USAGER_SECRET && n != USAGER_CODE))
		return REPONSE_AUTRE;           /* "oui mais", "nonante" */
	memcpy(code, said + 3, n + 1);
	return word;
}

/* --- asking ------------------------------------------------------------------------------ */

bool consentement_of(struct db *db, struct arena *a, const char *mandat,
		     struct consentement_vu *out, struct err *e)
{
	struct consentement_last_row r;
	bool found;

	*out = (struct consentement_vu){ 0 };
	if (!consentement_last(db, a, mandat, &r, &found, e))
		return false;
	if (found)
		*out = (struct consentement_vu){ r.id, r.etat, r.telephone, r.oui_le, r.preuve_le,
			r.expire_le, (int)r.essais, true };
	return true;
}

static const char *demarches_text(struct arena *a, const struct lang *lang, unsigned bits)
{
	const char *out = "";

	for (int i = 0; i < DEMARCHES; i++) {
		if (bits >> i & 1)
			out = arena_cat(a, out, *out ? ", " : "", tr(lang,
				demarches[i].label), NULL);
	}
	return out;
}

static const struct lang *lang_of(const char *tag)
{
	const struct lang *l = lang_find(tag);

	return l ? l : langs[0];
}

enum { RECAP_FIRST_MS = 5000 };         /* the queue keeps no order within one millisecond */

static bool put(struct tx *tx, struct arena *a, const struct env *env, const struct site *site,
		enum envoi_genre genre, const struct lang *lang, const char *to,
		const char *const *values, int64_t not_before, struct err *e)
{
	struct envoi m = { .canal = ENVOI_SMS, .destinataire = to, .pas_avant = not_before };
	char id[UUID_TEXT];

	return envoi_texte(a, site, genre, lang, values, env_now(env), &m, e)
	       && envoi_put(tx, &m, id, e);
}

static bool send_both(struct tx *tx, const struct core *core, struct arena *a,
		      const struct mandat *m, const struct usager *u, const char *expire,
		      struct err *e)
{
	const struct lang *lang = lang_of(u->langue);
	char end[ISO_TEXT];

	iso_write(mandat_end(env_now(core->env), m->duree), end);
	return put(tx, a, core->env, &core->site, ENVOI_MANDAT_RECAP, lang, u->telephone,
		   (const char *[]){ m->structure_nom, demarches_text(a, lang, m->demarches),
				     fin_text(a, lang, end) }, 0, e)
	       && put(tx, a, core->env, &core->site, ENVOI_MANDAT_QUESTION, lang, u->telephone,
		      (const char *[]){ m->structure_nom, moment_text(a, lang, expire) },
		      env_now(core->env) + RECAP_FIRST_MS, e);
}

bool consentement_ask(struct tx *tx, const struct core *core, struct arena *a,
		      const char *mandat, const char *agent, struct err *e)
{
	const struct env *env = core->env;
	char id[UUID_TEXT], now[ISO_TEXT], end[ISO_TEXT];
	struct usager u;
	struct mandat m;
	int64_t changed;

	uuid_new(env, id);
	iso_write(env_now(env), now);
	iso_write(env_now(env) + (int64_t)CONSENTEMENT_HEURES * 3600 * 1000, end);
	if (!mandat_get(tx_db(tx), a, mandat, now, &m, e)
	    || !usager_get(tx_db(tx), a, m.usager, &u, e))
		return false;
	if (!u.telephone || !u.telephone_sur) {
		fail(e, E_CONFLICT, "%s", N_("Cette personne n’a pas donné de numéro sûr."));
		return hint(e, "%s", N_("Faites signer sur place, ou par un appel à deux agents."));
	}
	if (protection_regles[m.protection].second)
		return fail(e, E_CONFLICT, "%s", N_("Deux signatures sont nécessaires : cela se fait sur "
						    "place."));
	if (!mandat_wait(tx, mandat, "sms", &changed, e))
		return false;
	if (!changed)
		return fail(e, E_CONFLICT, "%s", N_("Cette autorisation n’attend plus de signature."));
	return consentement_take_back(tx, mandat, NULL, e)
	       && consentement_put(tx, id, mandat, "sms", u.telephone, agent, NULL, now,
	       	end, NULL, e)
	       && send_both(tx, core, a, &m, &u, end, e)
	       && journal_append(tx, env, &(struct journal_entry){ .genre = "consentement.demande",
			.structure = m.structure, .usager = m.usager, .acteur = agent,
			.objet = mandat, .mots = (struct journal_mot[]){ { "canal", "sms" },
			{ "question", id }, { 0 } } }, NULL, e);
}

/* --- both halves ------------------------------------------------------------------------ */

static bool begin(struct tx *tx, const struct env *env, struct arena *a, const char *id,
		  const char *mandat, const char *preuve, const char *agent, struct err *e)
{
	return consentement_end(tx, id, "oui", NULL, e)
	       && mandat_sign(tx, env, a, &(struct signature){ .mandat = mandat, .agent = agent,
			.preuve = arena_cat(a, "sms+", preuve, NULL) }, e);
}

bool consentement_prove(struct tx *tx, const struct env *env, struct arena *a,
			const char *mandat, const char *preuve, const char *agent, bool *begun,
			struct err *e)
{
	struct consentement_vu c;
	char now[ISO_TEXT];

	*begun = false;
	iso_write(env_now(env), now);
	if (!consentement_of(tx_db(tx), a, mandat, &c, e))
		return false;
	if (!c.present || strcmp(c.etat, "attente") != 0 || strcmp(c.expire_le, now) <= 0)
		return fail(e, E_CONFLICT, "%s", N_("Aucune question n’attend de réponse."));
	if (!consentement_proved(tx, c.id, preuve, now, NULL, e))
		return false;
	*begun = c.oui_le != NULL;
	return !*begun || begin(tx, env, a, c.id, mandat, preuve, agent, e);
}

bool consentement_voice(struct tx *tx, const struct env *env, struct arena *a,
			const char *mandat, const char *agent_1, const char *agent_2,
			struct err *e)
{
	char id[UUID_TEXT], now[ISO_TEXT];
	struct agent_aide_row row;
	struct mandat m;
	int64_t changed;
	bool found;

	uuid_new(env, id);
	iso_write(env_now(env), now);
	if (!strcmp(agent_1, agent_2))
		return fail(e, E_INPUT, "%s", N_("Un appel se fait à deux agents : l’un lit, l’autre écoute."));
	if (!mandat_get(tx_db(tx), a, mandat, now, &m, e)
	    || !agent_aide(tx_db(tx), a, agent_2, m.structure, &row, &found, e))
		return false;
	if (!found)
		return fail(e, E_DENIED, "%s", N_("Le deuxième agent n’est pas un aidant de votre structure."));
	if (!mandat_wait(tx, mandat, "voix", &changed, e) || !consentement_take_back(tx,
		mandat, NULL, e))
		return false;
	return consentement_put(tx, id, mandat, "voix", NULL, agent_1, agent_2, now, now, NULL, e)
	       && consentement_end(tx, id, "oui", NULL, e)
	       && journal_append(tx, env, &(struct journal_entry){ .genre = "consentement.recu",
			.structure = m.structure, .usager = m.usager, .acteur = agent_1,
			.objet = mandat, .mots = (struct journal_mot[]){ { "canal", "voix" },
			{ "temoin", agent_2 }, { 0 } } }, NULL, e)
	       && mandat_sign(tx, env, a, &(struct signature){ .mandat = mandat,
			.agent = agent_1, .preuve = "voix+code" }, e);
}

/* --- what comes back --------------------------------------------------------------------- */

struct answering {
	struct core *core;
	struct arena *a;
	const struct reponse_unread_row *row;
	const char *question;           /* id of the one it answers; NULL: none, or several */
	bool several, proved;
	enum reponse said;
};

static bool took(struct tx *tx, const struct answering *w,
		 const struct consentement_waiting_row *q, const char *word, struct err *e)
{
	return journal_append(tx, w->core->env, &(struct journal_entry){
			.genre = "consentement.recu", .structure = q->structure_id,
			.usager = q->usager_id, .acteur = q->usager_id, .objet = q->mandat_id,
			.mots = (struct journal_mot[]){ { "canal", "sms" }, { "mot", word },
			{ "question", q->id }, { 0 } } }, NULL, e);
}

static bool say(struct tx *tx, const struct answering *w, const struct consentement_waiting_row *q,
		enum envoi_genre genre, const char *const *values, struct err *e)
{
	return put(tx, w->a, w->core->env, &w->core->site, genre, lang_of(q->langue),
		   w->row->expediteur, values, 0, e);
}

static bool yes(struct tx *tx, struct answering *w, const struct consentement_waiting_row *q,
		const char *now, struct err *e)
{
	struct consentement_vu c;
	struct mandat m;

	if (!consentement_yes(tx, q->id, now, NULL, e) || !took(tx, w, q, "oui", e)
	    || !consentement_of(tx_db(tx), w->a, q->mandat_id, &c, e))
		return false;
	if (!w->proved && !c.preuve_le)
		return say(tx, w, q, ENVOI_MANDAT_PREUVE, NULL, e);
	return begin(tx, w->core->env, w->a, q->id, q->mandat_id, w->proved ? "code"
		: "secret", NULL, e)
	       && mandat_get(tx_db(tx), w->a, q->mandat_id, now, &m, e)
	       && say(tx, w, q, ENVOI_MANDAT_COMMENCE,
		      (const char *[]){ fin_text(w->a, lang_of(q->langue), m.expire_le) }, e);
}

static bool no(struct tx *tx, struct answering *w, const struct consentement_waiting_row *q,
	       struct err *e)
{
	return consentement_end(tx, q->id, "non", NULL, e) && took(tx, w, q, "non", e)
	       && mandat_refuse(tx, w->core->env, w->a, q->mandat_id, q->usager_id, e)
	       && say(tx, w, q, ENVOI_MANDAT_REFUSE, NULL, e);
}

static bool again(struct tx *tx, struct answering *w, const struct consentement_waiting_row *q,
		  struct err *e)
{
	if (q->essais >= CONSENTEMENT_ESSAIS)   /* silence will end it */
		return true;
	return consentement_again(tx, q->id, NULL, e)
	       && say(tx, w, q, ENVOI_MANDAT_ENCORE, NULL, e);
}

static bool answer_job(struct tx *tx, void *arg, struct err *e)
{
	struct answering *w = arg;
	struct consentement_waiting_row *q;
	const struct consentement_waiting_row *mine = NULL;
	char now[ISO_TEXT];
	int64_t mark;
	size_t n;

	iso_write(env_now(w->core->env), now);
	if (!reponse_set_read(tx, w->row->id, now, &mark, e) || !mark)
		return e->kind == E_OK;         /* somebody else took it */
	if (!consentement_waiting(tx_db(tx), w->a, w->row->expediteur, now, &q, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		/* what was written before the question answers something else */
		if (strcmp(w->row->recu_le, q[i].cree_le) >= 0
		    && (w->question ? !strcmp(q[i].id, w->question) : n == 1))
			mine = &q[i];
	}
	if (!mine && n > 1 && !w->question && w->said != REPONSE_NON)
		return say(tx, w, &q[n - 1], ENVOI_MANDAT_PREUVE, NULL, e);
	if (!mine)
		return true;                    /* an old question, another number, twice */
	return w->said == REPONSE_OUI ? yes(tx, w, mine, now, e) :
	       w->said == REPONSE_NON ? no(tx, w, mine, e) : again(tx, w, mine, e);
}

/* Whose code is it, among the people whose question waits at this number? */
static bool find_code(struct answering *w, const char *code, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct consentement_waiting_row *q;
	char now[ISO_TEXT];
	struct err wrong = { 0 };
	size_t n;

	iso_write(env_now(w->core->env), now);
	if (!db_acquire(w->core->store, &db, e)
	    || !consentement_waiting(db, w->a, w->row->expediteur, now, &q, &n, e))
		return false;
	db_release(&db);
	for (size_t i = 0; i < n && !w->proved; i++) {
		bool right;

		if (usager_prove(w->core, w->a, q[i].usager_id, code, &right, NULL,
			&wrong) && right) {
			w->proved = true;
			w->question = q[i].id;
		}
	}
	return true;
}

bool consentement_answers(struct core *core, struct arena *a, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct reponse_unread_row *rows;
	size_t n;

	if (!db_acquire(core->store, &db, e) || !reponse_unread(db, a, &rows, &n, e))
		return false;
	db_release(&db);
	for (size_t i = 0; i < n; i++) {
		char code[USAGER_CODE + 1];
		struct answering w = { .core = core, .a = a, .row = &rows[i] };

		w.said = oui_read(rows[i].texte, code);
		if (*code && w.said == REPONSE_OUI && strlen(code) == USAGER_CODE
		    && !find_code(&w, code, e))
			return false;
		if (!store_write(core->store, answer_job, &w, e))
			return false;
	}
	return true;
}
