/* /lieux/{id}/signaler and /lieux/{id}/corriger. */
#include "orient/lieu_tenue_page.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent.h"
#include "core/commune.h"
#include "core/horaires_texte.h"
#include "core/vignette.h"
#include "orient/lieu_clean.h"
#include "orient/lieu_frein.h"
#include "orient/lieu_parole.h"
#include "orient/lieu_parole.sql.h"
#include "orient/lieu_tenue.sql.h"
#include "orient/tenue.htm.h"
#include "web/message.h"
#include "web/session.h"

enum { HOUR_MS = 3600 * 1000, DAY_MS = 24 * HOUR_MS, SECONDS_LEAST = 3000 };
enum { FROM_HERE = 12, FOR_ONE = 60, CODES_HERE = 10, CODES_ONE = 40 };
/* links that leave by themselves: an hour from one network, a day for one place, for all */
enum { LIENS_HERE = 4, LIENS_ONE = 3, LIENS_ALL = 300 };
enum { FERMETURES = 20 };

#define JOUR(day, words) { AT(corriger_entree, day), .kind = F_TEXT, .max = 120, .label = words }

const struct field signaler_fields[] = {
	{ AT(signaler_entree, sorte), .kind = F_CHOICE, .choices = signalement_sortes,
	  .required = true, .label = N_("Qu’est-ce qui ne va pas ?"),
	  .missing = N_("Choisissez ce qui ne va pas") },
	{ AT(signaler_entree, texte), .kind = F_TEXT, .max = 300,
	  .label = N_("Ce que vous savez"),
	  .hint = N_("Par exemple les bons horaires. Sans nom ni rien sur vous.") },
	{ AT(signaler_entree, surnom), .kind = F_TEXT, .max = 200, .label = N_("Laissez ce champ vide") },
	{ AT(signaler_entree, relu), .kind = F_TEXT, .max = 10, .label = N_("Relu") },
	{ 0 },
};

const struct field corriger_fields[] = {
	{ AT(corriger_entree, j), .kind = F_TEXT, .max = 60, .label = N_("Votre code"),
	  .hint = N_("Les huit chiffres que la coordination vous a donnés.") },
	{ AT(corriger_entree, entrer), .kind = F_BOOL, .label = N_("Votre code") },
	{ AT(corriger_entree, nom), .kind = F_TEXT, .max = 150, .label = N_("Nom du lieu") },
	{ AT(corriger_entree, telephone), .kind = F_TEXT, .max = 40, .label = N_("Téléphone") },
	{ AT(corriger_entree, courriels), .kind = F_TEXT, .max = 200, .label = N_("E-mail du lieu") },
	{ AT(corriger_entree, site_web), .kind = F_TEXT, .max = 200, .label = N_("Site") },
	{ AT(corriger_entree, prise_rdv), .kind = F_TEXT, .max = 200,
	  .label = N_("Adresse pour prendre rendez-vous en ligne") },
	{ AT(corriger_entree, adresse), .kind = F_TEXT, .max = 200, .label = N_("Numéro et rue"),
	  .hint = N_("Par exemple : 12 rue de la République") },
	{ AT(corriger_entree, complement_adresse), .kind = F_TEXT, .max = 150,
	  .label = N_("Bâtiment, étage") },
	{ AT(corriger_entree, commune), .kind = F_TEXT, .max = 80,
	  .label = N_("Commune ou code postal") },
	JOUR(lundi, N_("Lundi")), JOUR(mardi, N_("Mardi")), JOUR(mercredi, N_("Mercredi")),
	JOUR(jeudi, N_("Jeudi")), JOUR(vendredi, N_("Vendredi")), JOUR(samedi, N_("Samedi")),
	JOUR(dimanche, N_("Dimanche")),
	{ AT(corriger_entree, fermetures), .kind = F_TEXT, .max = 400,
	  .label = N_("Jours de fermeture à venir"),
	  .hint = N_("Par exemple : 24/12/2026, 02/08/2027 au 20/08/2027") },
	{ AT(corriger_entree, services), .kind = F_CHOICES, .choices = lieu_services,
	  .label = N_("On y aide pour") },
	{ AT(corriger_entree, frais_a_charge), .kind = F_CHOICES, .choices = lieu_frais,
	  .label = N_("Prix") },
	{ AT(corriger_entree, modalites_acces), .kind = F_CHOICES, .choices = lieu_acces,
	  .label = N_("Comment venir") },
	{ AT(corriger_entree, presentation_resume), .kind = F_TEXT, .max = 280,
	  .label = N_("Le lieu en une phrase") },
	{ 0 },
};

static const struct choice lien_moyens[] = {
	{ "sms", N_("Par SMS"), NULL }, { "courriel", N_("Par e-mail"), NULL },
	{ NULL, NULL, NULL },
};

const struct field lieu_lien_fields[] = {
	{ AT(lieu_lien_entree, moyen), .kind = F_CHOICE, .choices = lien_moyens, .required = true,
	  .label = N_("Comment l’envoyer ?"), .missing = N_("Choisissez comment l’envoyer") },
	{ 0 },
};

/* --- which place ------------------------------------------------------------------------- */

struct about {
	struct fiche_lue_row fiche;
	struct lieu_record rec;
	const char *id;
};

/* A place that people can see, or had seen; what is protected is to nobody here. */
static bool about_read(struct req *r, struct about *k, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;

	k->id = r->params[0];
	if (!db_acquire(r->core->store, &db, e))
		return false;
	if (!lieu_fiche_read(db, r->a, k->id, &k->rec, &k->fiche, e) && e->kind != E_MISSING)
		return false;
	if (e->kind == E_MISSING || strcmp(k->fiche.publication, "publie")) {
		fail(e, E_MISSING, N_("Ce lieu n’est pas, ou n’est plus, dans notre liste."));
		return hint(e, N_("Cherchez un autre lieu près de chez vous."));
	}
	return true;
}

/* --- reports ----------------------------------------------------------------------------- */

static bool signaler_form(struct req *r, struct res *s, const struct about *k, bool relire,
			  bool trop)
{
	struct page page = page_for(r, message(r->a, r->lang, N_("Signaler une erreur : %1"),
						k->rec.v[LIEU_NOM]));
	char now[24];
	struct signaler_view v = { .page = &page, .r = r, .id = k->id, .nom = k->rec.v[LIEU_NOM],
		.telephone = telephone_text(r->a, k->rec.v[LIEU_TELEPHONE]), .relire = relire,
		.trop = trop, .in = r->in };
	struct html h;

	snprintf(now, sizeof now, "%lld", (long long)env_now(r->env));
	session_set(r->session, r->a, "signaler", now);
	page.no_index = true;
	h = page_html(r, s);
	signaler_page(&h, &v);
	return true;
}

static bool signaler_show(struct req *r, struct res *s, struct err *e)
{
	struct about k;

	return about_read(r, &k, e) && signaler_form(r, s, &k, false, false);
}

/* Nobody reads and chooses in three seconds; who does is asked to read again. */
static bool too_fast(struct req *r)
{
	const char *seen = session_get(r->session, "signaler");

	return !seen || env_now(r->env) - strtoll(seen, NULL, 10) < SECONDS_LEAST;
}

struct reporting {
	struct req *r;
	const struct about *k;
	const struct signaler_entree *in;
};

static bool report_job(struct tx *tx, void *arg, struct err *e)
{
	struct reporting *p = arg;

	return tenue_signaler(tx, p->r->env, p->k->id, p->in->sorte, p->in->texte, e);
}

static bool thank(struct req *r, struct res *s, const struct about *k, bool correction,
		  size_t changes)
{
	struct page page = page_for(r, correction ? N_("Merci, c’est corrigé") : N_("Merci"));
	struct tenue_fait_view v = { &page, k->id, k->rec.v[LIEU_NOM], correction, changes };
	struct html h;

	page.no_index = true;
	h = page_html(r, s);
	tenue_merci(&h, &v);
	return true;
}

static bool signaler_post(struct req *r, struct res *s, struct err *e)
{
	const struct signaler_entree *in = r->in;
	struct reporting p = { .r = r, .in = in };
	struct lieu_freins *f = r->core->freins;
	const char *who = req_client_group(r);
	struct about k;

	if (!about_read(r, &k, e))
		return false;
	p.k = &k;
	if (r->nerrors)
		return signaler_form(r, s, &k, false, false);
	if (((in->surnom && *in->surnom) || too_fast(r)) && !(in->relu && !too_fast(r)))
		return signaler_form(r, s, &k, true, false);
	if (!lieu_frein(f, "signaler", who, FROM_HERE, HOUR_MS)
	    || !lieu_frein(f, "lieu", k.id, FOR_ONE, DAY_MS)) {
		s->status = 429;
		return signaler_form(r, s, &k, false, true);
	}
	/* the same from one place on one day counts once */
	if (lieu_frein(f, arena_cat(r->a, k.id, signalement_sortes[in->sorte].slug, NULL), who, 1,
		       DAY_MS) || (in->texte && *in->texte)) {
		if (!store_write(r->core->store, report_job, &p, e) && e->kind != E_LIMIT)
			return false;
	}
	return thank(r, s, &k, false, 0);
}

/* --- corrections: the form ------------------------------------------------------------------ */

static uint64_t bits_of(const struct choice *table, const char *list)
{
	return choices_read(table, list, NULL);
}

static void fill_hours(struct req *r, const struct about *k, struct corriger_entree *in,
		       struct corriger_view *v)
{
	const struct calendrier *c = calendrier_de(*k->rec.v[LIEU_CODE_INSEE]
						   ? k->rec.v[LIEU_CODE_INSEE]
						   : k->rec.v[LIEU_CODE_POSTAL]);
	struct horaires_ligne lines[HORAIRES_LIGNES];
	struct err ignored = { 0 };
	const struct horaires *h = *k->rec.v[LIEU_HORAIRES]
				   ? horaires_read(r->a, k->rec.v[LIEU_HORAIRES], &ignored) : NULL;
	const char **days = &in->lundi;
	struct civil local = zone_local(c->zone, env_now(r->env));
	size_t n;

	v->hebdo = !h || horaires_is_weekly(h);
	v->horaires = *k->rec.horaires_texte ? k->rec.horaires_texte : k->rec.v[LIEU_HORAIRES];
	if (*k->rec.horaires_texte)
		v->hebdo = false;
	if (!h || !v->hebdo)
		return;
	n = horaires_lignes(r->a, langs[0], h, c, date_days(local.year, local.month, local.day),
			    false, lines);
	for (size_t i = 0; i < n && i < 7; i++)
		days[i] = lines[i].heures;
}

/* The commune as the form shows it and understands it again, with the place's postal code. */
static const char *commune_shown(struct arena *a, const struct lieu_record *rec)
{
	if (!*rec->v[LIEU_CODE_POSTAL])
		return rec->v[LIEU_COMMUNE];
	return arena_cat(a, rec->v[LIEU_COMMUNE], " (", rec->v[LIEU_CODE_POSTAL], ")", NULL);
}

static void fill_entry(struct req *r, const struct about *k, struct corriger_entree *in,
		       struct corriger_view *v)
{
	const char *const *x = k->rec.v;

	fields_clear(corriger_fields, in, sizeof *in);
	in->nom = x[LIEU_NOM];
	in->telephone = telephone_text(r->a, x[LIEU_TELEPHONE]);
	in->courriels = x[LIEU_COURRIELS];
	in->site_web = x[LIEU_SITE_WEB];
	in->prise_rdv = x[LIEU_PRISE_RDV];
	in->adresse = x[LIEU_ADRESSE];
	in->complement_adresse = x[LIEU_COMPLEMENT];
	in->commune = commune_shown(r->a, &k->rec);
	in->services = bits_of(lieu_services, x[LIEU_SERVICES]);
	in->frais_a_charge = bits_of(lieu_frais, x[LIEU_FRAIS]);
	in->modalites_acces = bits_of(lieu_acces, x[LIEU_ACCES]);
	in->presentation_resume = x[LIEU_RESUME];
	fill_hours(r, k, in, v);
}

struct who {
	enum tenue_par par;
	const char *agent_id, *acces_id, *secret;
};

static bool corriger_form(struct req *r, struct res *s, const struct about *k,
			  const struct who *who, struct err *e)
{
	struct page page = page_for(r, message(r->a, r->lang, N_("Corriger la fiche : %1"),
						k->rec.v[LIEU_NOM]));
	struct corriger_view v = { .page = &page, .r = r, .id = k->id, .nom = k->rec.v[LIEU_NOM],
		.secret = who ? who->secret : NULL, .demande = !who,
		.connu = tenue_acces_connu(r->a, &k->rec) };
	struct corriger_entree *in = NEW(r->a, struct corriger_entree);
	struct html h;

	if (!in)
		return arena_refuse(r->a, e);
	if (who)
		fill_entry(r, k, in, &v);
	else
		fields_clear(corriger_fields, in, sizeof *in);
	v.in = in;
	page.no_index = true;
	h = page_html(r, s);
	corriger_page(&h, &v);
	return true;
}

/* Who corrects: a coordinator who is logged in, else whoever has the link or the code. */
static bool who_is(struct req *r, const struct about *k, const char *secret, struct who *w,
		   struct err *e)
{
	const struct agent *agent;

	memset(w, 0, sizeof *w);
	if (!secret && r->core->entry.agent_of && r->core->entry.agent_of(r)) {
		agent = req_agent(r);
		if (agent && (agent_roles_here(agent) & ROLES_TERRITORY)) {
			w->par = PAR_COORDINATION;
			w->agent_id = agent->id;
			return true;
		}
	}
	if (!secret)
		return fail(e, E_DENIED, N_("Il faut un lien ou un code pour corriger cette fiche."));
	if (!lieu_frein(r->core->freins, "code", req_client_group(r), CODES_HERE, HOUR_MS)
	    || !lieu_frein(r->core->freins, "code-lieu", k->id, CODES_ONE, DAY_MS)) {
		fail(e, E_DENIED, N_("Trop d’essais. Réessayez plus tard, ou appelez la coordination."));
		return false;
	}
	w->par = PAR_LIEU;
	w->secret = secret;
	return tenue_acces_ouvre(r->core, r->a, k->id, secret, &w->acces_id, &w->agent_id, e);
}

static bool ask_code(struct req *r, struct res *s, const struct about *k, struct err *e)
{
	if (e->kind != E_DENIED)
		return false;
	if (req_typed(r, "j"))
		req_refuse(r, corriger_fields, "j", arena_str(r->a, tr(r->lang, e->msg)));
	*e = (struct err){ .kind = E_OK };
	return corriger_form(r, s, k, NULL, e);
}

static bool corriger_show(struct req *r, struct res *s, struct err *e)
{
	const struct corriger_entree *in = r->in;
	struct about k;
	struct who w;

	if (!about_read(r, &k, e))
		return false;
	return who_is(r, &k, in->j && *in->j ? in->j : NULL, &w, e)
	       ? corriger_form(r, s, &k, &w, e) : ask_code(r, s, &k, e);
}

/* --- corrections: what came ------------------------------------------------------------------ */

/* "24/12/2026" or "24/12/2026 au 02/01/2027" as rules of OpenStreetMap. */
static bool read_closing(const char *s, size_t n, struct buf *out)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec" };
	int d1, m1, y1, d2, m2, y2, got, used = 0;
	char text[60];

	if (n >= sizeof text)
		return false;
	memcpy(text, s, n);
	text[n] = '\0';
	got = sscanf(text, " %2d/%2d/%4d au %2d/%2d/%4d %n", &d1, &m1, &y1, &d2, &m2, &y2, &used);
	if (got < 6)
		got = sscanf(text, " %2d/%2d/%4d %n", &d1, &m1, &y1, &used);
	if ((got != 3 && got != 6) || (size_t)used != n || m1 < 1 || m1 > 12 || d1 < 1
	    || d1 > date_month_length(y1, m1) || y1 < 2000)
		return false;
	buf_printf(out, "; %04d %s %02d", y1, months[m1 - 1], d1);
	if (got == 6) {
		if (m2 < 1 || m2 > 12 || d2 < 1 || d2 > date_month_length(y2, m2)
		    || date_days(y2, m2, d2) < date_days(y1, m1, d1))
			return false;
		buf_printf(out, "-%04d %s %02d", y2, months[m2 - 1], d2);
	}
	buf_str(out, " off");
	return true;
}

/* The seven cells and the closed days, as one text; NULL and an error beside the field. */
static const char *read_hours(struct req *r, const struct about *k,
			      const struct corriger_entree *in)
{
	CLEANUP(buf_free) struct buf b = buf_new(4000);
	const char *const *days = &in->lundi;
	const char *cells[7], *osm;
	struct err e = { 0 };
	bool some = false;

	for (int i = 0; i < 7; i++) {
		cells[i] = days[i] ? days[i] : "";
		some |= *cells[i] != '\0';
	}
	osm = some ? horaires_from_french(r->a, cells, &e) : k->rec.v[LIEU_HORAIRES];
	if (!osm) {
		req_refuse(r, corriger_fields, "lundi", message(r->a, r->lang,
			N_("Ces horaires ne se lisent pas : %1 Écrivez « 9h-12h, 14h-17h »."), e.msg));
		return NULL;
	}
	buf_str(&b, osm);
	for (const char *s = in->fermetures ? in->fermetures : ""; *s; s += *s == ',') {
		size_t n = strcspn(s, ",");

		if (n && !read_closing(s, n, &b)) {
			req_refuse(r, corriger_fields, "fermetures", tr(r->lang,
				N_("Écrivez chaque fermeture comme 24/12/2026, ou 24/12/2026 au "
				   "02/01/2027, avec une virgule entre deux")));
			return NULL;
		}
		s += n;
	}
	return arena_str(r->a, buf_text(&b) + (strncmp(buf_text(&b), "; ", 2) == 0 ? 2 : 0));
}

/* A value as an import would clean it; what cannot be kept is refused beside its field. */
static const char *cleaned_or_refused(struct req *r, const char *field, const char *typed,
				      struct cleaned c)
{
	if (*typed && !*c.text)
		req_refuse(r, corriger_fields, field, message(r->a, r->lang,
			N_("Cette valeur ne convient pas : %1."), c.why ? c.why : ""));
	return c.text;
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

/* The postal code of the place in that commune: the one it has, the one that was typed, the
 * only one; NULL when the commune has several and nobody said which. */
static const char *postal_in(struct req *r, const struct commune *c, const char *typed,
			     const char *now)
{
	const char *only = strchr(c->postaux, '|') ? NULL : c->postaux;
	size_t n;

	for (const char *p = c->postaux; *p; p += n + (p[n] == '|')) {
		const char *code;

		n = strcspn(p, "|");
		code = arena_strn(r->a, p, n);
		if (strstr(typed, code))
			return code;
		if (strcmp(code, now) == 0)
			only = code;
	}
	return only;
}

static bool commune_refused(struct req *r, const char *words)
{
	req_refuse(r, corriger_fields, "commune", words);
	return false;
}

/* The commune that was typed, when it is not the one that the form showed. */
static bool read_commune(struct req *r, const struct repertoire *rep, const struct about *k,
			 const char *typed, struct tenue_correction *c)
{
	struct commune_match m[COMMUNE_MATCHES];
	const struct commune *found;
	const char *cp;
	size_t n;

	if (!typed || strcmp(typed, commune_shown(r->a, &k->rec)) == 0)
		return true;
	n = commune_find(rep, typed, m, COMMUNE_MATCHES);
	if (!commune_is_sure(m, n, typed))
		return commune_refused(r, n ? message(r->a, r->lang,
			N_("Plusieurs communes répondent à « %1 » : écrivez le nom et le code postal, par "
			   "exemple %2"), typed, commune_label(r->a, m[0].commune))
			: message(r->a, r->lang, N_("Nous ne trouvons pas « %1 ». Écrivez le nom de la "
			   "commune ou son code postal, par exemple 93140."), typed));
	found = m[0].commune;
	cp = postal_in(r, found, typed, k->rec.v[LIEU_CODE_POSTAL]);
	if (!cp)
		return commune_refused(r, message(r->a, r->lang,
			N_("%1 a plusieurs codes postaux : écrivez aussi celui du lieu"), found->nom));
	c->v[LIEU_COMMUNE] = found->nom;
	c->v[LIEU_CODE_INSEE] = found->code;
	c->v[LIEU_CODE_POSTAL] = cp;
	return true;
}

static void read_correction(struct req *r, const struct about *k,
			    const struct corriger_entree *in, struct tenue_correction *c)
{
	const char *cp = k->rec.v[LIEU_CODE_POSTAL];
	const char *tel = or_empty(in->telephone), *nom = or_empty(in->nom);
	const char *hours = read_hours(r, k, in);

	if (!*nom)
		req_refuse(r, corriger_fields, "nom", tr(r->lang, N_("Écrivez le nom du lieu")));
	c->v[LIEU_NOM] = line_clean(r->a, nom).text;
	c->v[LIEU_TELEPHONE] = cleaned_or_refused(r, "telephone", tel,
						  telephone_clean(r->a, tel, cp));
	c->v[LIEU_COURRIELS] = cleaned_or_refused(r, "courriels", or_empty(in->courriels),
						  courriels_clean(r->a, or_empty(in->courriels)));
	c->v[LIEU_SITE_WEB] = cleaned_or_refused(r, "site_web", or_empty(in->site_web),
						 urls_clean(r->a, or_empty(in->site_web), true));
	c->v[LIEU_PRISE_RDV] = cleaned_or_refused(r, "prise_rdv", or_empty(in->prise_rdv),
						  urls_clean(r->a, or_empty(in->prise_rdv), false));
	c->v[LIEU_ADRESSE] = line_clean(r->a, or_empty(in->adresse)).text;
	c->v[LIEU_COMPLEMENT] = line_clean(r->a, or_empty(in->complement_adresse)).text;
	c->v[LIEU_RESUME] = persons_hidden(r->a, or_empty(in->presentation_resume)).text;
	c->v[LIEU_SERVICES] = choices_write(r->a, lieu_services, (uint32_t)in->services);
	c->v[LIEU_FRAIS] = choices_write(r->a, lieu_frais, (uint32_t)in->frais_a_charge);
	c->v[LIEU_ACCES] = choices_write(r->a, lieu_acces, (uint32_t)in->modalites_acces);
	if (hours && (*hours || !*k->rec.horaires_texte))
		c->v[LIEU_HORAIRES] = hours;
}

/* Without a change the way the form shows hours must not make one. */
static void keep_same_hours(struct req *r, const struct about *k, struct tenue_correction *c)
{
	struct corriger_entree was;
	struct corriger_view v = { .page = NULL };
	const char *const *x = &((const struct corriger_entree *)r->in)->lundi;
	const char *const *y = &was.lundi;
	bool same = !((const struct corriger_entree *)r->in)->fermetures;

	fields_clear(corriger_fields, &was, sizeof was);
	fill_hours(r, k, &was, &v);
	for (int i = 0; i < 7; i++)
		same &= strcmp(or_empty(x[i]), or_empty(y[i])) == 0;
	if (same)
		c->v[LIEU_HORAIRES] = NULL;
}

struct correcting {
	const struct env *env;
	struct tenue_correction c;
	size_t changes;
};

static bool correct_job(struct tx *tx, void *arg, struct err *e)
{
	struct correcting *k = arg;

	return tenue_corriger(tx, k->env, &k->c, &k->changes, e);
}

static bool corriger_again(struct req *r, struct res *s, const struct about *k,
			   const struct who *w, struct err *e)
{
	return corriger_form(r, s, k, w, e);
}

static bool corriger_post(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	const struct corriger_entree *in = r->in;
	struct correcting job = { .env = r->env };
	const struct commune *commune;
	struct about k;
	struct who w;

	if (!about_read(r, &k, e))
		return false;
	if (!who_is(r, &k, in->j && *in->j ? in->j : NULL, &w, e))
		return ask_code(r, s, &k, e);
	if (in->entrer)
		return corriger_form(r, s, &k, &w, e);
	read_commune(r, held.r, &k, in->commune, &job.c);
	read_correction(r, &k, in, &job.c);
	if (r->nerrors)
		return corriger_again(r, s, &k, &w, e);
	keep_same_hours(r, &k, &job.c);
	commune = repertoire_commune(held.r, job.c.v[LIEU_CODE_INSEE] ? job.c.v[LIEU_CODE_INSEE]
				     : k.rec.v[LIEU_CODE_INSEE]);
	job.c.lat = commune ? commune->lat : NAN;
	job.c.lon = commune ? commune->lon : NAN;
	job.c.lieu_id = k.id;
	job.c.par = w.par;
	job.c.agent_id = w.agent_id;
	job.c.acces_id = w.acces_id;
	if (!store_write(r->core->store, correct_job, &job, e))
		return false;
	return thank(r, s, &k, true, job.changes);
}

/* --- a link, asked by the place itself ------------------------------------------------------- */

static bool lien_wanted(struct req *r, const struct about *k)
{
	struct lieu_freins *f = r->core->freins;

	return lieu_frein(f, "lien", req_client_group(r), LIENS_HERE, HOUR_MS)
	       && lieu_frein(f, "lien-lieu", k->id, LIENS_ONE, DAY_MS)
	       && lieu_frein(f, "lien-tous", "", LIENS_ALL, DAY_MS);
}

/* The answer is the same whether a message leaves or not: who asks learns nothing, and who is
 * entitled reads it on the telephone or in the mail of the place. */
static bool lien_post(struct req *r, struct res *s, struct err *e)
{
	const struct lieu_lien_entree *in = r->in;
	struct page page = page_for(r, N_("Un lien pour corriger la fiche"));
	struct lieu_lien_view v = { .page = &page, .jours = ACCES_LIEN_JOURS };
	struct tenue_acces t = { .core = r->core, .a = r->a, .adresse = core_address(r) };
	struct acces_connu known;
	struct about k;
	struct html h;

	if (!about_read(r, &k, e))
		return false;
	if (r->nerrors)
		return corriger_form(r, s, &k, NULL, e);
	known = tenue_acces_connu(r->a, &k.rec);
	t.moyen = in->moyen == ACCES_SMS ? ACCES_SMS : ACCES_COURRIEL;
	t.lieu_id = v.id = k.id;
	v.sms = t.moyen == ACCES_SMS;
	v.vers = v.sms ? known.sms : known.courriel;
	v.nom = k.rec.v[LIEU_NOM];
	if (!*v.vers)
		return corriger_form(r, s, &k, NULL, e);
	if (lien_wanted(r, &k) && !tenue_acces_donner(&t, e))
		return false;
	page.no_index = true;
	h = page_html(r, s);
	lieu_lien_parti(&h, &v);
	return true;
}

const struct route tenue_routes[] = {
	{ GET, "/lieux/{id}/signaler", signaler_show, CAN_PUBLIC, NULL, 0,
	  N_("Signaler une erreur sur un lieu"), ROUTE_SLOW, NULL },
	{ POST, "/lieux/{id}/signaler", signaler_post, CAN_PUBLIC, signaler_fields,
	  sizeof(struct signaler_entree), N_("Envoyer un signalement"), ROUTE_SLOW, NULL },
	{ GET, "/lieux/{id}/corriger", corriger_show, CAN_PUBLIC, corriger_fields,
	  sizeof(struct corriger_entree), N_("Corriger la fiche de son lieu"),
	  ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ POST, "/lieux/{id}/corriger", corriger_post, CAN_PUBLIC, corriger_fields,
	  sizeof(struct corriger_entree), N_("Enregistrer une correction"),
	  ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ POST, "/lieux/{id}/corriger/lien", lien_post, CAN_PUBLIC, lieu_lien_fields,
	  sizeof(struct lieu_lien_entree), N_("Recevoir un lien pour corriger la fiche de son lieu"),
	  ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ 0 },
};
