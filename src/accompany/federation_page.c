/* /federation/autoriser: the aidant picks for whom, and for what. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "accompany/federation.htm.h"
#include "accompany/federation.sql.h"
#include "accompany/federation_inside.h"
#include "accompany/mandat.h"
#include "base/date.h"
#include "core/agent.h"
#include "crypto/sha256.h"
#include "format/json.h"
#include "web/form.h"
#include "web/page.h"
#include "web/session.h"

static const struct choice sexes[] = {
	{ "female", N_("Femme"), NULL }, { "male", N_("Homme"), NULL }, { NULL, NULL, NULL },
};
#define IDENTITE(m) .name = #m, .at = offsetof(struct accord_in, i.m)
const struct field accord_fields[] = {
	{ AT(accord_in, demande), .kind = F_TEXT, .max = DEMANDE_MOST, .required = true,
	  .label = N_("Demande") },
	{ AT(accord_in, mandat), .kind = F_TEXT, .max = 40, .label = N_("Pour qui ?") },
	{ AT(accord_in, etape), .kind = F_TEXT, .max = 20, .label = N_("Étape") },
	{ AT(accord_in, refus), .kind = F_TEXT, .max = 4, .label = N_("Refus") },
	{ AT(accord_in, demarche), .kind = F_CHOICE, .choices = demarches,
	  .label = N_("Pour quelle démarche ?") },
	{ IDENTITE(given_name), .kind = F_TEXT, .max = 100,
	  .label = N_("Prénoms"), .hint = N_("Tous, comme à l’état civil.") },
	{ IDENTITE(family_name), .kind = F_TEXT, .max = 100,
	  .label = N_("Nom de naissance") },
	{ IDENTITE(preferred_username), .kind = F_TEXT,
	  .max = 100, .label = N_("Nom d’usage"), .hint = N_("S’il est différent.") },
	{ IDENTITE(birthdate), .kind = F_TEXT, .max = 30,
	  .label = N_("Date de naissance"), .hint = N_("Par exemple 02/03/1954.") },
	{ IDENTITE(gender), .kind = F_CHOICE, .choices = sexes,
	  .label = N_("Sexe à l’état civil") },
	{ IDENTITE(birthplace), .kind = F_TEXT, .max = 5,
	  .label = N_("Commune de naissance"), .hint = N_("Son code INSEE, 93008. Rien pour qui est né à l’étranger.") },
	{ IDENTITE(birthcountry), .kind = F_TEXT, .max = 5,
	  .label = N_("Pays de naissance"), .hint = N_("Son code INSEE : 99100 pour la France.") },
	{ IDENTITE(email), .kind = F_TEXT, .max = 254,
	  .label = N_("Son adresse e-mail"), .hint = N_("La sienne, jamais la vôtre.") },
	{ IDENTITE(phone_number), .kind = F_TEXT, .max = 20,
	  .label = N_("Son téléphone") },
	{ 0 },
};

/* Which scopes ask for the fields above, in the order of enum below. */
enum { I_GIVEN, I_FAMILY, I_PREFERRED, I_BIRTHDATE, I_GENDER, I_PLACE, I_COUNTRY, I_EMAIL,
	I_PHONE, I_ALL };
static const struct { const char *name; unsigned portees; } asked_by[I_ALL] = {
	[I_GIVEN] = { "given_name", PORTEE_PROFILE | PORTEE_GIVEN_NAME | PORTEE_PIVOT },
	[I_FAMILY] = { "family_name", PORTEE_PROFILE | PORTEE_FAMILY_NAME | PORTEE_PIVOT },
	[I_PREFERRED] = { "preferred_username", PORTEE_PROFILE | PORTEE_PREFERRED },
	[I_BIRTHDATE] = { "birthdate",
	PORTEE_PROFILE | PORTEE_BIRTH | PORTEE_BIRTHDATE | PORTEE_PIVOT },
	[I_GENDER] = { "gender", PORTEE_PROFILE | PORTEE_GENDER | PORTEE_PIVOT },
	[I_PLACE] = { "birthplace", PORTEE_BIRTH | PORTEE_BIRTHPLACE | PORTEE_PIVOT },
	[I_COUNTRY] = { "birthcountry", PORTEE_BIRTH | PORTEE_BIRTHCOUNTRY | PORTEE_PIVOT },
	[I_EMAIL] = { "email", PORTEE_EMAIL },
	[I_PHONE] = { "phone_number", PORTEE_PHONE },
};

/* --- for whom --------------------------------------------------------------------------- */

static bool list_people(struct req *r, struct personne_vue **out, size_t *n, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct federation_mandats_row *m;
	char now[ISO_TEXT];
	size_t rows;

	*n = 0;
	iso_write(env_now(r->env), now);
	if (!db_acquire(r->core->store, &db, e)
	    || !federation_mandats(db, r->a, req_agent(r)->id,
	    	req_agent(r)->ici->structure, now, &m,
				   &rows, e))
		return false;
	*out = NEW_ARRAY(r->a, rows, struct personne_vue);
	if (!*out)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < rows; i++) {
		char shown[USAGER_NUMERO_SHOWN];

		usager_numero_show(m[i].numero, shown);
		if (!i || strcmp(m[i].id, m[i - 1].id) != 0)
			(*out)[(*n)++] = (struct personne_vue){ .mandat = m[i].id, .nom = m[i].nom,
				.numero = arena_str(r->a, shown),
				.fin = fin_text(r->a, r->lang, m[i].expire_le) };
		if (demarche_named(m[i].demarche) >= 0)
			(*out)[*n - 1].demarches |= 1u << demarche_named(m[i].demarche);
	}
	return true;
}

/* Only those who allow something that the site takes. */
static size_t keep_useful(struct personne_vue *p, size_t n, unsigned taken)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		p[i].demarches &= taken;
		if (p[i].demarches)
			p[kept++] = p[i];
	}
	return kept;
}

static bool show_people(struct venue *v, struct res *s, struct err *e)
{
	struct req *r = v->r;
	struct page page = page_for(r, N_("Pour qui vous connectez-vous ?"));
	struct accord_view view = { .r = r, .v = v };
	struct html h = page_html(r, s);
	struct personne_vue *p;

	if (!list_people(r, &p, &view.n, e))
		return false;
	view.n = keep_useful(p, view.n, v->d.demarches);
	view.p = p;
	s->form_to = v->origin;
	s->cache = CACHE_NO_STORE;
	accord_qui_page(&h, &page, &view);
	return true;
}

static bool find_person(struct venue *v, const char *mandat, struct personne_vue *out,
			bool *found, struct err *e)
{
	struct personne_vue *p;
	size_t n;

	*found = false;
	if (!list_people(v->r, &p, &n, e))
		return false;
	n = keep_useful(p, n, v->d.demarches);
	for (size_t i = 0; i < n && !*found; i++) {
		*found = mandat && !strcmp(p[i].mandat, mandat);
		*out = p[i];
	}
	return true;
}

static bool show_rest(struct venue *v, struct res *s, const struct personne_vue *p)
{
	struct req *r = v->r;
	struct page page = page_for(r, N_("Se connecter en son nom"));
	struct accord_view view = { .r = r, .v = v, .p = p, .n = 1, .demarches = p->demarches };
	struct html h = page_html(r, s);

	for (int i = 0; i < I_ALL; i++) {
		view.identite[i] = v->d.portees & asked_by[i].portees;
		view.demande_identite |= view.identite[i];
	}
	s->form_to = v->origin;
	s->cache = CACHE_NO_STORE;
	accord_page(&h, &page, &view);
	return true;
}

/* --- who asks, and since when ----------------------------------------------------------- */

/* When this browser first brought this very demand: a demand that asks for a fresh proof is
 * not asked again and again while the aidant proves and chooses. */
static int64_t first_seen(struct venue *v)
{
	struct req *r = v->r;
	const char *kept = session_get(r->session, "federation");
	const char *bar = kept ? strchr(kept, '|') : NULL;
	int64_t now = env_now(r->env);
	char mark[SHA256_HEX];

	federation_mark(v->texte, mark);
	mark[16] = '\0';
	if (bar && (size_t)(bar - kept) == strlen(mark) && !memcmp(kept, mark, strlen(mark)))
		return strtoll(bar + 1, NULL, 10);
	session_set(r->session, r->a, "federation", arena_printf(r->a, "%s|%" PRId64, mark, now));
	return now;
}

/* prompt=login, max_age: the second since which the agent must have proved who they are. */
static int64_t proof_since(struct venue *v)
{
	int64_t first;

	if (!v->d.prompt_login && v->d.max_age < 0)
		return 0;
	first = first_seen(v) / 1000;
	return v->d.prompt_login ? first : first - v->d.max_age;
}

/* The aidant is there, with two factors, recently enough; else the page that asks is
 * answered and *ready is false. */
static bool aidant_ready(struct venue *v, struct res *s, bool *ready, struct err *e)
{
	struct req *r = v->r;

	*ready = false;
	if (!can_aidant.allows(r))
		return can_aidant.ask(r, s, e);
	if (proof_since(v) > req_agent(r)->prouve_ms / 1000 && r->core->entry.ask_proof)
		return r->core->entry.ask_proof(r, s, e);
	*ready = true;
	return true;
}

static bool autoriser_get(struct req *r, struct res *s, struct err *e)
{
	struct venue v;
	bool ready;

	if (!federation_open(r, e) || !venue_read(r, r->query, &v, e))
		return false;
	venue_log(&v);
	if (v.refus.error)
		return venue_send_error(&v, s, v.refus.error, v.refus.why);
	if (v.d.prompt_none)
		return venue_send_error(&v, s, can_aidant.allows(r) ? "interaction_required" :
			"login_required", "an aidant has to choose");
	if (!aidant_ready(&v, s, &ready, e))
		return false;
	return !ready || show_people(&v, s, e);
}

/* A form of the site itself: no cookie came with it, so it goes on as an address. */
static bool autoriser_post(struct req *r, struct res *s, struct err *e)
{
	const char *text = arena_strn(r->a, r->raw_body ? r->raw_body : "", r->raw_size);

	if (!federation_open(r, e))
		return false;
	if (r->raw_size > 4 * DEMANDE_MOST || strlen(text) != r->raw_size
	    || text[strcspn(text, "\r\n #")])
		return fail(e, E_INPUT, "%s", N_("Cette demande n’est pas lisible."));
	return res_see_other(s, arena_cat(r->a, FEDERATION_AUTORISER "?", text, NULL));
}

/* --- agreeing ------------------------------------------------------------------------- */

static bool is_code(const char *text)
{
	size_t n = strlen(text);

	return n == 5 && strspn(text, "0123456789AB") == n;
}

static void refuse_field(struct req *r, const char *name, const char *msgid)
{
	req_refuse(r, accord_fields, name, tr(r->lang, msgid));
}

/* "1954-03-02" of what was typed, "02/03/1954" or the same; NULL when it is no day. */
static const char *day_of(struct arena *a, const char *typed)
{
	const char *t = typed, *iso = typed;
	struct civil day;

	if (strlen(t) == 10 && t[2] == '/' && t[5] == '/')
		iso = arena_printf(a, "%.4s-%.2s-%.2s", t + 6, t + 3, t);
	return strlen(iso) == 10 && iso_read(arena_cat(a, iso, "T00:00:00Z", NULL), &day) ? iso :
		NULL;
}

/* What was typed of the person's identity; only what the site asks for. */
static const char *identity_json(struct venue *v, const struct identite_in *in)
{
	const char *const values[I_ALL] = {
		[I_GIVEN] = in->given_name, [I_FAMILY] = in->family_name,
		[I_PREFERRED] = in->preferred_username,
		[I_BIRTHDATE] = in->birthdate ? day_of(v->r->a, in->birthdate) : NULL,
		[I_GENDER] = in->gender >= 0 ? sexes[in->gender].slug : NULL,
		[I_PLACE] = in->birthplace, [I_COUNTRY] = in->birthcountry,
		[I_EMAIL] = in->email, [I_PHONE] = in->phone_number,
	};
	CLEANUP(buf_free) struct buf b = buf_new(4 << 10);
	struct json_out j = { &b, false };
	bool any = false;

	json_open_object(&j, NULL);
	for (int i = 0; i < I_ALL; i++) {
		if (!values[i] || !(v->d.portees & asked_by[i].portees))
			continue;
		json_put_text(&j, asked_by[i].name, values[i]);
		any = true;
	}
	json_close_object(&j);
	return any ? arena_str(v->r->a, buf_text(&b)) : NULL;
}

static void check_identity(struct req *r, const struct identite_in *in)
{
	if (in->birthdate && !day_of(r->a, in->birthdate))
		refuse_field(r, "birthdate", N_("La date s’écrit jour, mois, année : 02/03/1954."));
	if (in->birthplace && !is_code(in->birthplace))
		refuse_field(r, "birthplace", N_("Le code INSEE d’une commune a cinq signes : 93008."));
	if (in->birthcountry && !is_code(in->birthcountry))
		refuse_field(r, "birthcountry", N_("Le code INSEE d’un pays a cinq chiffres : 99100."));
}

struct agreeing {
	struct req *r;
	struct accord x;
	char code[FEDERATION_TEXTE];
};

static bool agree_job(struct tx *tx, void *arg, struct err *e)
{
	struct agreeing *g = arg;

	return federation_agree(tx, g->r->env, g->r->a, &g->x, g->code, e);
}

static bool agree(struct venue *v, struct res *s, const struct personne_vue *p, struct err *e)
{
	const struct accord_in *in = v->r->in;
	struct agreeing g = { .r = v->r, .x = { .client = &v->client, .demande = &v->d,
		.mandat = p->mandat, .agent = req_agent(v->r)->id, .demarche = in->demarche,
		.identite = identity_json(v, &in->i),
		.auth_s = req_agent(v->r)->prouve_ms / 1000 } };

	federation_draw(v->r->env, g.code);
	if (!store_write(v->r->core->store, agree_job, &g, e))
		return false;
	session_set(v->r->session, v->r->a, "federation", NULL);
	return venue_send_code(v, s, g.code);
}

static bool accord_post(struct req *r, struct res *s, struct err *e)
{
	const struct accord_in *in = r->in;
	struct personne_vue p;
	struct venue v;
	bool ready, found;

	if (!federation_open(r, e))
		return false;
	if (!in->demande)
		return fail(e, E_INPUT, "%s", N_("Cette demande n’est pas lisible."));
	if (!venue_read(r, in->demande, &v, e))
		return false;
	if (v.refus.error)
		return venue_send_error(&v, s, v.refus.error, v.refus.why);
	if (in->refus)
		return venue_send_error(&v, s, "access_denied", "the aidant went back");
	if (!aidant_ready(&v, s, &ready, e))
		return false;
	if (!ready)
		return true;
	if (!find_person(&v, in->mandat, &p, &found, e))
		return false;
	if (!found) {
		refuse_field(r, "mandat", N_("Choisissez pour qui."));
		return show_people(&v, s, e);
	}
	if (!in->etape || strcmp(in->etape, "accord") != 0)
		return show_rest(&v, s, &p);
	if (in->demarche < 0 || !(p.demarches >> in->demarche & 1))
		refuse_field(r, "demarche", N_("Choisissez la démarche."));
	check_identity(r, &in->i);
	return r->nerrors ? show_rest(&v, s, &p) : agree(&v, s, &p, e);
}

enum { CALLED = ROUTE_SLOW | ROUTE_CALL };

const struct route federation_routes[] = {
	{ GET, "/.well-known/openid-configuration", configuration_get, CAN_PUBLIC, NULL, 0,
	  N_("Configuration du fournisseur d’identité (OpenID)"), CALLED, NULL },
	{ GET, FEDERATION_CLES, cles_get, CAN_PUBLIC, NULL, 0,
	  N_("Clés publiques du fournisseur d’identité"), CALLED, NULL },
	{ GET, FEDERATION_AUTORISER, autoriser_get, CAN_PUBLIC, NULL, 0,
	  N_("Se connecter à un autre site au nom d’une personne"),
	  ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ POST, FEDERATION_AUTORISER, autoriser_post, CAN_PUBLIC, NULL, 0,
	  N_("Se connecter à un autre site au nom d’une personne"), CALLED, NULL },
	{ POST, "/federation/accord", accord_post, &can_aidant, accord_fields,
	  sizeof(struct accord_in), N_("Choisir pour qui et pour quoi se connecter"),
	  ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ POST, FEDERATION_JETON, jeton_post, CAN_PUBLIC, NULL, 0,
	  N_("Échanger un code contre un jeton"), CALLED, NULL },
	{ GET, FEDERATION_IDENTITE, identite_get, CAN_PUBLIC, NULL, 0,
	  N_("Lire qui est la personne"), CALLED, NULL },
	{ POST, FEDERATION_IDENTITE, identite_get, CAN_PUBLIC, NULL, 0,
	  N_("Lire qui est la personne"), CALLED, NULL },
	{ GET, FEDERATION_SORTIE, sortie_get, CAN_PUBLIC, NULL, 0,
	  N_("Quitter un site où l’on était au nom d’une personne"),
	  ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ 0 },
};
