/* GET and POST /agent/facteurs/application, /agent/facteurs/carte */
#include <string.h>

#include "admit/carte.sql.h"
#include "admit/compte.h"
#include "admit/connexion_inside.h"
#include "admit/entree_inside.h"
#include "admit/facteur.htm.h"
#include "admit/facteur.sql.h"
#include "admit/facteur_inside.h"
#include "base/date.h"
#include "crypto/totp.h"
#include "web/html.h"
#include "web/message.h"

enum { SEED = 20, SEED_MS = 60 * 60 * 1000, SEALED = 8 + 36 + SEED };

const struct field application_fields[] = {
	{ AT(application_in, cle), .kind = F_TEXT, .max = 300, .label = N_("Clé") },
	{ AT(application_in, code_secret), .kind = F_TEXT, .required = true, .max = 20,
	  .label = N_("Code"), .hint = N_("6 chiffres."), .missing = N_("Écrivez le code affiché.") },
	{ AT(application_in, nom), .kind = F_TEXT, .max = FACTEUR_NOM,
	  .label = N_("Nom de ce téléphone"), .hint = N_("Pour le reconnaître plus tard.") },
	{ 0 },
};

const struct field carte_fields[] = {
	{ AT(carte_in, serie), .kind = F_TEXT, .required = true, .max = 40,
	  .label = N_("Numéro de série"), .hint = N_("Au dos de la carte."),
	  .missing = N_("Écrivez le numéro qui est au dos de la carte.") },
	{ AT(carte_in, code_secret), .kind = F_TEXT, .required = true, .max = 20,
	  .label = N_("Code"), .hint = N_("6 ou 8 chiffres."),
	  .missing = N_("Écrivez le code que la carte affiche.") },
	{ 0 },
};

/* --- around what is added --------------------------------------------------------- */

struct around {
	struct enrolling *k;
	store_job *add;
	void *arg;
};

static bool around_job(struct tx *tx, void *arg, struct err *e)
{
	const struct around *w = arg;
	struct enrolling *k = w->k;

	if (k->accueil && !accueil_begin(tx, k->a, k->env, &k->invite, e))
		return false;
	if (!w->add(tx, w->arg, e))
		return false;
	return k->accueil ? accueil_end(tx, k->a, k->env, &k->invite, e) :
		compte_warn(tx, k->r, k->agent, N_("Un téléphone, une carte ou une clé a été ajouté à "
						   "votre compte."), e);
}

bool enrol(struct req *r, struct res *s, struct enrolling *k, const char *preuve, store_job *add,
	   void *arg, struct err *e)
{
	struct around w = { k, add, arg };
	struct finish f = { .agent = k->agent, .preuve = preuve, .also = around_job, .arg = &w };
	struct suite suite = { .retour = "/agent/codes-secours?etape=3" };

	if (!k->accueil)
		return store_write(r->core->store, around_job, &w, e)
		       && res_see_other(s, "/agent/facteurs");
	if (!entree_finish(r, s, &f, &suite, e))
		return false;
	accueil_forget(r);
	return true;
}

/* --- an application --------------------------------------------------------------- */

struct seed {
	unsigned char at[SEED];
};

/* The seed travels in the page, sealed, for this agent, for an hour. */
static const char *seal_seed(struct req *r, const char *agent, const struct seed *seed)
{
	unsigned char plain[SEALED], sealed[SEALED + BOX_OVERHEAD];
	char *text = NEW_ARRAY(r->a, BASE64_ROOM(sizeof sealed), char);
	const struct box *box = &entree_of(r)->box;
	int64_t now = env_now(r->env);

	memcpy(plain, &now, 8);
	memcpy(plain + 8, agent, 36);
	memcpy(plain + 44, seed->at, SEED);
	if (!text)
		return "";
	base64_write(sealed, box_seal(box, r->env, plain, sizeof plain, sealed), text);
	return text;
}

static bool open_seed(struct req *r, const char *agent, const char *text, struct seed *out)
{
	unsigned char plain[SEALED], sealed[SEALED + BOX_OVERHEAD];
	size_t n;
	int64_t at;

	if (!text || !base64_read(text, strlen(text), sealed, sizeof sealed, &n)
	    || n != sizeof sealed
	    || !box_open(&entree_of(r)->box, sealed, n, plain, &n) || n != sizeof plain)
		return false;
	memcpy(&at, plain, 8);
	memcpy(out->at, plain + 44, SEED);
	return !memcmp(plain + 8, agent, 36) && env_now(r->env) - at <= SEED_MS;
}

static const char *in_fours(struct arena *a, const char *key)
{
	const char *out = "";

	for (size_t i = 0; i < strlen(key); i += 4)
		out = arena_printf(a, "%s%s%.4s", out, i ? " " : "", key + i);
	return out;
}

static const char *url_part(struct req *r, const char *s)
{
	CLEANUP(buf_free) struct buf b = buf_new(4 << 10);
	struct html h = { .out = &b, .lang = r->lang };

	html_url_part(&h, s);
	return arena_str(r->a, buf_text(&b));
}

/* The key as applications read it (Google Authenticator, "Key Uri Format"). */
static const char *otpauth(struct req *r, const struct agent *g, const char *key)
{
	const char *site = url_part(r, r->site && *r->site->nom ? r->site->nom : "Tremplin");

	return arena_cat(r->a, "otpauth://totp/", site, ":", url_part(r, g->identifiant), "?secret=",
			 key, "&issuer=", site, "&algorithm=SHA1&digits=6&period=30", NULL);
}

static bool application_show(struct req *r, struct res *s, const struct enrolling *k,
			     const struct seed *seed, struct err *e)
{
	struct page page = admit_page(r, s, N_("Une application sur un téléphone"));
	struct html h = page_html(r, s);
	struct application_view v = { .r = r, .page = &page, .accueil = k->accueil,
				      .prenom = k->who.prenom };
	char key[BASE32_ROOM(SEED)];

	base32_write(seed->at, SEED, key);
	v.cle_lue = in_fours(r->a, key);
	v.cle = seal_seed(r, k->agent, seed);
	v.uri = otpauth(r, &k->who, key);
	if (!qr_make(r->a, v.uri, &v.qr, e))
		return false;
	application_page(&h, &v);
	return true;
}

bool application_get(struct req *r, struct res *s, struct err *e)
{
	struct enrolling k;
	struct seed seed;

	if (!enrolling_of(r, &k, e))
		return false;
	env_random(r->env, seed.at, sizeof seed.at);
	return application_show(r, s, &k, &seed, e);
}

struct adding {
	struct enrolling *k;
	char id[UUID_TEXT];
	const char *nom, *serie;
	struct bytes graine;
	struct totp_answer found;
};

static bool add_application(struct tx *tx, void *arg, struct err *e)
{
	const struct adding *d = arg;
	char now[ISO_TEXT];

	iso_write(env_now(d->k->env), now);
	return facteur_add_application(tx, d->id, d->k->agent, d->nom, d->graine, d->found.step,
				       now, NULL, e)
	       && enrolling_trace(tx, d->k, TRACE_FACTEUR_AJOUTE, d->nom, e);
}

static const char *phone_name(struct req *r, const char *typed)
{
	return typed && *typed ? typed : tr(r->lang, N_("Mon téléphone"));
}

bool application_post(struct req *r, struct res *s, struct err *e)
{
	const struct application_in *in = r->in;
	struct enrolling k;
	struct adding d = { .k = &k };
	struct seed seed;
	struct totp_ask ask = { .code = in->code_secret, .now = env_now(r->env),
				.step = APPLICATION_PAS, .digits = APPLICATION_CHIFFRES,
				.tolerance = FACTEUR_TOLERANCE };

	if (!enrolling_of(r, &k, e))
		return false;
	if (!open_seed(r, k.agent, in->cle, &seed)) {
		env_random(r->env, seed.at, sizeof seed.at);
		req_refuse(r, application_fields, "code_secret",
			   N_("Cette page était ouverte depuis trop longtemps : scannez le nouveau carré."));
	}
	if (!r->nerrors && !totp_check(seed.at, SEED, &ask, &d.found, e))
		return false;
	if (!r->nerrors && !d.found.ok)
		req_refuse(r, application_fields, "code_secret",
			   N_("Ce code n’est pas le bon. Vérifiez que l’heure du téléphone est réglée "
			      "automatiquement, puis recopiez le code suivant."));
	if (r->nerrors)
		return application_show(r, s, &k, &seed, e);
	uuid_new(r->env, d.id);
	d.nom = phone_name(r, in->nom);
	return signer_seal(r->core->signer, "graines", (struct bytes){ seed.at, SEED }, r->a,
			   &d.graine, e)
	       && enrol(r, s, &k, "application", add_application, &d, e);
}

/* --- a card ----------------------------------------------------------------------- */

static bool carte_show(struct req *r, struct res *s, const struct enrolling *k, struct err *e)
{
	struct page page = admit_page(r, s, N_("Une carte à codes"));
	struct html h = page_html(r, s);
	struct facteurs_view v = { .r = r, .page = &page, .accueil = k->accueil,
				   .prenom = k->who.prenom };

	(void)e;
	carte_page(&h, &v);
	return true;
}

bool carte_get(struct req *r, struct res *s, struct err *e)
{
	struct enrolling k;

	return enrolling_of(r, &k, e) && carte_show(r, s, &k, e);
}

static bool add_card(struct tx *tx, void *arg, struct err *e)
{
	const struct adding *d = arg;
	char now[ISO_TEXT];
	int64_t taken;

	iso_write(env_now(d->k->env), now);
	if (!carte_take(tx, d->serie, &taken, e))
		return false;
	if (!taken)
		return fail(e, E_CONFLICT, "Cette carte vient d’être remise à quelqu’un d’autre.");
	return facteur_add_card(tx, d->id, d->k->agent, d->nom, d->serie, d->found.drift,
				d->found.step, now, NULL, e)
	       && enrolling_trace(tx, d->k, TRACE_CARTE_REMISE, d->serie, e);
}

/* A card of the stock, or of one of their structures. */
static bool is_for(const struct agent *g, const char *structure)
{
	return !structure || agent_place(g, structure);
}

static const char *why_no_card(bool found, const struct carte_row_row *c, const struct agent *g)
{
	if (!found || !is_for(g, c->structure_id))
		return N_("Aucune carte n’a ce numéro ici. Relisez le dos de la carte ; si c’est bien lui, "
			  "l’administrateur doit d’abord ajouter la carte au stock.");
	if (!strcmp(c->etat, "remise"))
		return N_("Cette carte est déjà à quelqu’un.");
	if (strcmp(c->etat, "libre"))
		return N_("Cette carte a été déclarée perdue ou retirée : elle ne peut plus servir.");
	return NULL;
}

/* What a serial is compared by: its letters and digits, in capitals. */
static const char *serial_key(struct arena *a, const char *typed)
{
	char *key = arena_alloc(a, strlen(typed) + 1), *out = key;

	for (const char *c = typed; key && *c; c++)
		if (!strchr(" -._", *c))
			*out++ = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
	return key ? key : "";
}

bool carte_check(struct req *r, struct res *s, const struct agent *g, const char *serie,
		 const char *code, struct totp_answer *out, const char **exact, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct freins *f = entree_freins(r);
	int64_t wait = frein_wait(f, FREIN_CODE, g->id);
	struct totp_ask ask = { .code = code, .now = env_now(r->env),
				.tolerance = CARTE_TOLERANCE_FIRST };
	struct carte_row_row c;
	const char *why;
	bool found;

	if (wait) {
		refuse_wait(r, s, carte_fields, "code_secret", wait);
		return true;
	}
	if (!db_acquire(r->core->store, &db, e)
	    || !carte_row(db, r->a, serial_key(r->a, serie), &c, &found, e))
		return false;
	why = why_no_card(found, &c, g);
	if (why) {
		req_refuse(r, carte_fields, "serie", why);
		frein_fail(f, FREIN_CODE, g->id);
		return true;
	}
	ask.step = (int)c.pas;
	ask.digits = (int)c.chiffres;
	*exact = c.serie;
	if (!signer_totp_check(r->core->signer, c.graine, &ask, out, e))
		return false;
	if (!out->ok) {
		frein_fail(f, FREIN_CODE, g->id);
		req_refuse(r, carte_fields, "code_secret",
			   N_("Ce code n’est pas celui de cette carte. Appuyez de nouveau sur son bouton, et "
			      "recopiez tous les chiffres."));
	}
	return true;
}

bool carte_post(struct req *r, struct res *s, struct err *e)
{
	const struct carte_in *in = r->in;
	struct enrolling k;
	struct adding d = { .k = &k };

	if (!enrolling_of(r, &k, e))
		return false;
	if (!r->nerrors
	    && !carte_check(r, s, &k.who, in->serie, in->code_secret, &d.found, &d.serie, e))
		return false;
	if (r->nerrors)
		return carte_show(r, s, &k, e);
	uuid_new(r->env, d.id);
	d.nom = message(r->a, r->lang, N_("Carte %1"), d.serie);
	return enrol(r, s, &k, "carte", add_card, &d, e);
}
