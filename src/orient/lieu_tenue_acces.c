/* Links and codes by which a place corrects itself. */
#include "orient/lieu_tenue.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "core/envoi_texte.h"
#include "core/vignette.h"
#include "orient/lieu_parole.h"
#include "orient/lieu_parole.sql.h"
#include "orient/lieu_tenue.sql.h"
#include "store/signer.h"

enum { TOKEN = 24, CODE_DIGITS = 8, DAY_MS = 24 * 3600 * 1000 };

static const char *const moyens[] = { "sms", "courriel", "code" };

/* What is kept of a secret: a tag that only the signer makes, so that eight digits cannot be
 * tried against a stolen store. */
static bool tag_of(struct core *core, struct arena *a, const char *lieu_id, const char *secret,
		   char out[BOX_TAG_TEXT], struct err *e)
{
	char plain[ACCES_SECRET];
	const char *text;
	size_t n = 0;

	for (const char *p = secret; *p && n < sizeof plain - 1; p++) {
		if (*p != ' ' && !(p - secret == CODE_DIGITS / 2 && *p == '-'))
			plain[n++] = *p;
	}
	plain[n] = '\0';
	text = arena_cat(a, "lieu\n", lieu_id, "\n", plain, NULL);
	if (!core->signer)
		return fail(e, E_REMOTE, "les clés ne sont pas disponibles.");
	return signer_tag(core->signer, "liens", (struct bytes){ text, strlen(text) }, out, e);
}

static void draw_secret(const struct env *env, enum acces_moyen moyen, char out[ACCES_SECRET])
{
	unsigned char bytes[TOKEN];

	env_random(env, bytes, sizeof bytes);
	if (moyen == ACCES_CODE) {
		uint64_t n = 0;

		for (int i = 0; i < 8; i++)
			n = n << 8 | bytes[i];
		snprintf(out, ACCES_SECRET, "%04u-%04u", (unsigned)(n % 10000),
			 (unsigned)(n / 10000 % 10000));
	} else {
		base64_write(bytes, sizeof bytes, out);
	}
}

struct giving {
	struct tenue_acces *t;
	char tag[BOX_TAG_TEXT], id[UUID_TEXT], now[ISO_TEXT], until[ISO_TEXT];
	int days;
};

/* The first of "a|b". */
static const char *first_of(struct arena *a, const char *list)
{
	return arena_strn(a, list, strcspn(list, "|"));
}

static bool no_way(enum acces_moyen moyen, struct err *e)
{
	fail(e, E_INPUT, moyen == ACCES_SMS
	     ? N_("Nous ne connaissons pas de téléphone mobile de ce lieu.")
	     : N_("Nous ne connaissons pas d’adresse e-mail de ce lieu."));
	return hint(e, N_("Donnez un code par téléphone ou sur papier."));
}

/* Mobile numbers of France and overseas begin with 6 or 7 after the country's code; there a
 * link by SMS arrives. */
static bool is_mobile(const char *tel)
{
	static const char *const codes[] = { "+336", "+337", "+262692", "+262693", "+262639",
		"+590690", "+590691", "+596696", "+596697", "+594694", "+508", "+687", "+689", NULL };

	for (const char *const *c = codes; *c; c++) {
		if (strncmp(tel, *c, strlen(*c)) == 0)
			return true;
	}
	return false;
}

/* Eight digits of a number, or a mail, whose middle nobody reads who does not know it. */
static const char *masked_number(struct arena *a, const char *international)
{
	CLEANUP(buf_free) struct buf b = buf_new(80);
	const char *s = telephone_text(a, international);
	size_t digits = 0, seen = 0;

	for (const char *p = s; *p; p++)
		digits += *p >= '0' && *p <= '9';
	for (const char *p = s; *p; p++) {
		bool digit = *p >= '0' && *p <= '9';

		if (digit && seen >= 2 && seen + 2 < digits)
			buf_str(&b, "•");
		else
			buf_add(&b, p, 1);
		seen += digit;
	}
	return arena_str(a, buf_text(&b));
}

static const char *masked_mail(struct arena *a, const char *mail)
{
	const char *at = strrchr(mail, '@');

	return at && at > mail ? arena_cat(a, arena_strn(a, mail, 1), "•••", at, NULL) : "";
}

struct acces_connu tenue_acces_connu(struct arena *a, const struct lieu_record *rec)
{
	const char *tel = rec->v[LIEU_TELEPHONE];

	return (struct acces_connu){
		.sms = is_mobile(tel) ? masked_number(a, tel) : "",
		.courriel = masked_mail(a, first_of(a, rec->v[LIEU_COURRIELS])),
	};
}

static bool send_link(struct tx *tx, const struct giving *g, const struct lieu_record *rec,
		      struct err *e)
{
	struct tenue_acces *t = g->t;
	bool sms = t->moyen == ACCES_SMS;
	const char *to = sms ? rec->v[LIEU_TELEPHONE] : first_of(t->a, rec->v[LIEU_COURRIELS]);
	char days[8], id[UUID_TEXT];
	const char *values[] = { rec->v[LIEU_NOM],
		arena_cat(t->a, t->adresse, "/lieux/", t->lieu_id, "/corriger?j=", t->secret, NULL),
		days };
	struct envoi m = { .canal = sms ? ENVOI_SMS : ENVOI_COURRIEL, .destinataire = to };

	snprintf(days, sizeof days, "%d", g->days);
	if (!*to || (sms && !is_mobile(to)))
		return no_way(t->moyen, e);
	return envoi_texte(t->a, &t->core->site, ENVOI_LIEU, langs[0], values,
			   env_now(t->core->env), &m, e)
	       && envoi_put(tx, &m, id, e);
}

static bool give_job(struct tx *tx, void *arg, struct err *e)
{
	struct giving *g = arg;
	struct tenue_acces *t = g->t;
	struct fiche_lue_row fiche;
	struct lieu_record rec;

	return lieu_fiche_read(tx_db(tx), t->a, t->lieu_id, &rec, &fiche, e)
	       && tenue_acces_add(tx, g->id, t->lieu_id, g->tag, moyens[t->moyen], g->now, g->until,
				  t->agent_id, NULL, e)
	       && (t->moyen == ACCES_CODE || send_link(tx, g, &rec, e));
}

bool tenue_acces_donner(struct tenue_acces *t, struct err *e)
{
	struct giving g = { .t = t, .days = t->moyen == ACCES_CODE ? ACCES_CODE_JOURS
					    : ACCES_LIEN_JOURS };
	int64_t now = env_now(t->core->env);

	draw_secret(t->core->env, t->moyen, t->secret);
	if (!tag_of(t->core, t->a, t->lieu_id, t->secret, g.tag, e))
		return false;
	uuid_new(t->core->env, g.id);
	iso_write(now, g.now);
	iso_write(now + (int64_t)g.days * DAY_MS, g.until);
	return store_write(t->core->store, give_job, &g, e);
}

bool tenue_acces_ouvre(struct core *core, struct arena *a, const char *lieu_id,
		       const char *secret, const char **acces_id, const char **agent_id,
		       struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct tenue_acces_trouve_row row;
	char tag[BOX_TAG_TEXT], now[ISO_TEXT];
	bool found = false;

	iso_write(env_now(core->env), now);
	if (!tag_of(core, a, lieu_id, secret, tag, e) || !db_acquire(core->store, &db, e)
	    || !tenue_acces_trouve(db, a, lieu_id, tag, now, &row, &found, e))
		return false;
	if (!found) {
		fail(e, E_DENIED, N_("Ce lien ou ce code ne sert plus : il a déjà servi, ou il est trop "
				     "ancien."));
		return hint(e, N_("Demandez-en un autre, par cette page ou à la coordination."));
	}
	*acces_id = row.id;
	*agent_id = row.agent_id;
	return true;
}
