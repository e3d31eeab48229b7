#include "admit/facteur.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "admit/facteur.sql.h"
#include "base/date.h"
#include "base/log.h"
#include "crypto/totp.h"

const struct second_facteur second_facteurs[] = {
	{ "application", N_("Une application sur un téléphone"),
	  N_("Elle affiche un code de 6 chiffres qui change toutes les 30 secondes, même sans "
	     "réseau : FreeOTP, Aegis, Google Authenticator…"),
	  "/agent/facteurs/application", NULL, NULL },
	{ "carte", N_("Une carte à codes"),
	  N_("Une petite carte avec un écran, remise par votre référent. Sans téléphone."),
	  "/agent/facteurs/carte", NULL, NULL },
	{ "cle", N_("Une clé de sécurité"),
	  N_("Une clé USB ou sans contact, ou un ordinateur qui demande un doigt ou un code. Un faux "
	     "site n’en tire rien. Demande un navigateur récent."),
	  "/agent/facteurs/cle", "/agent/connexion/cle", NULL },
	{ 0 },
};

const struct second_facteur *second_facteur(const char *sorte)
{
	for (const struct second_facteur *f = second_facteurs; f->sorte; f++) {
		if (!strcmp(f->sorte, sorte))
			return f;
	}
	return NULL;
}

bool facteur_list(struct db *db, struct arena *a, const char *agent, struct facteur **out,
		  size_t *n, struct err *e)
{
	struct facteur_rows_row *rows;

	if (!facteur_rows(db, a, agent, &rows, n, e))
		return false;
	*out = NEW_ARRAY(a, *n, struct facteur);
	if (!*out)
		return arena_refuse(a, e);
	for (size_t i = 0; i < *n; i++) {
		const struct facteur_rows_row *r = &rows[i];
		bool card = r->carte && !r->carte_pas_null && !r->carte_chiffres_null;

		(*out)[i] = (struct facteur){
			.id = r->id, .sorte = r->sorte, .nom = r->nom, .carte = r->carte,
			.graine = card ? r->carte_graine : r->graine,
			.pas = card ? (int)r->carte_pas : APPLICATION_PAS,
			.chiffres = card ? (int)r->carte_chiffres : APPLICATION_CHIFFRES,
			.derive = r->derive, .dernier_pas = r->dernier_pas, .essais = r->essais,
			.cree_le = r->cree_le, .vu_le = r->vu_le,
		};
	}
	return true;
}

/* --- codes ------------------------------------------------------------------------ */

static bool try_one(struct req *r, const struct facteur *f, const char *code,
		    struct code_found *out, struct err *e)
{
	struct totp_ask ask = { .code = code, .now = env_now(r->env), .step = f->pas,
				.digits = f->chiffres, .tolerance = FACTEUR_TOLERANCE,
				.drift = (int)f->derive, .last = f->dernier_pas };
	struct totp_answer answer;

	if (!signer_totp_check(r->core->signer, f->graine, &ask, &answer, e))
		return false;
	out->replayed |= answer.replayed;
	if (!answer.ok)
		return true;
	out->ok = true;
	out->step = answer.step;
	out->drift = answer.drift;
	snprintf(out->facteur, sizeof out->facteur, "%s", f->id);
	snprintf(out->sorte, sizeof out->sorte, "%s", f->sorte);
	return true;
}

bool facteur_try(struct req *r, const struct facteur *list, size_t n, const char *code,
		 struct code_found *out, struct err *e)
{
	size_t tried = 0, locked = 0;

	*out = (struct code_found){ .env = r->env };
	for (size_t i = 0; i < n && !out->ok; i++) {
		if (!list[i].graine.n)
			continue;
		if (list[i].essais >= FACTEUR_ESSAIS) {
			locked++;
			continue;
		}
		tried++;
		if (!try_one(r, &list[i], code, out, e))
			return false;
	}
	out->locked = locked && !tried;
	return true;
}

bool facteur_used(struct tx *tx, void *arg, struct err *e)
{
	const struct code_found *found = arg;
	char now[ISO_TEXT];
	int64_t changed;

	iso_write(env_now(found->env), now);
	if (!facteur_accept(tx, found->facteur, found->step, found->drift, now, &changed, e))
		return false;
	if (changed)
		return true;
	fail(e, E_DENIED, "%s", N_("Ce code vient de servir."));
	return hint(e, "%s", N_("Attendez que votre téléphone ou votre carte en affiche un autre."));
}

static bool miss(struct tx *tx, void *agent, struct err *e)
{
	return facteur_miss(tx, agent, NULL, e);
}

bool facteur_wrong(struct req *r, const char *agent, struct err *e)
{
	return store_write(r->core->store, miss, (void *)(uintptr_t)agent, e);
}

/* --- recovery codes --------------------------------------------------------------- */

/* Crockford's base 32, as in lien.c. */
static const char signs[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static bool tag_of(struct signer *s, const char *agent, const char code[CODE_SECOURS],
		   char empreinte[BOX_TAG_TEXT], struct err *e)
{
	char text[UUID_TEXT + CODE_SECOURS];
	int n = snprintf(text, sizeof text, "%.36s:%.10s", agent, code);

	return signer_tag(s, "secours", (struct bytes){ text, (size_t)n }, empreinte, e);
}

bool secours_draw(struct signer *s, const struct env *env, const char *agent,
		  struct code_secours out[CODES_SECOURS], struct err *e)
{
	for (int i = 0; i < CODES_SECOURS; i++) {
		unsigned char chance[CODE_SECOURS - 1];
		char code[CODE_SECOURS];

		env_random(env, chance, sizeof chance);
		for (size_t k = 0; k < sizeof chance; k++)
			code[k] = signs[chance[k] & 31];
		code[CODE_SECOURS - 1] = '\0';
		snprintf(out[i].shown, sizeof out[i].shown, "%.5s-%.5s", code, code + 5);
		if (!tag_of(s, agent, code, out[i].empreinte, e))
			return false;
	}
	return true;
}

bool secours_put(struct tx *tx, const struct env *env, const char *agent,
		 const struct code_secours list[CODES_SECOURS], struct err *e)
{
	char now[ISO_TEXT];

	iso_write(env_now(env), now);
	if (!secours_drop(tx, agent, NULL, e))
		return false;
	for (int i = 0; i < CODES_SECOURS; i++) {
		if (!secours_add(tx, agent, list[i].empreinte, now, NULL, e))
			return false;
	}
	return true;
}

bool secours_tag(struct signer *s, const char *agent, const char *typed,
		 char empreinte[BOX_TAG_TEXT], bool *possible, struct err *e)
{
	char code[CODE_SECOURS] = "";
	size_t n = 0;

	*possible = true;
	for (const char *p = typed; *p && *possible; p++) {
		char c = (char)toupper((unsigned char)*p);

		if (c == ' ' || c == '-' || c == '.')
			continue;
		c = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
		*possible = n < sizeof code - 1 && strchr(signs, c);
		if (*possible)
			code[n++] = c;
	}
	*possible = *possible && n == sizeof code - 1;
	return tag_of(s, agent, code, empreinte, e);
}

bool secours_left(struct db *db, struct arena *a, const char *agent, int *left, struct err *e)
{
	struct secours_count_row row;

	if (!secours_count(db, a, agent, &row, e))
		return false;
	*left = (int)row.n;
	return true;
}
