/* A call of a gateway: does it come from it, when, and what does it say? */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/utf8.h"
#include "store/passerelle_inside.h"

enum { AHEAD_S = 5 * 60, BEHIND_S = 3 * 24 * 3600, VALUE_MOST = 2000, ID_MOST = 100,
	SIGNED_MOST = 128 << 10 };

struct ecoute {
	const struct retour *r;
	const struct retour_appel *k;
	struct arena *a;
	const json_t *j;                /* the body, when it is JSON; NULL */
	struct err *e;
};

/* --- what it holds ---------------------------------------------------------------------- */

static const char *in_pairs(const struct retour_pair *p, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(p[i].name, name))
			return p[i].value;
	}
	return NULL;
}

/* The value of one part; NULL when it is not there, or is not clean. */
static const char *part(struct ecoute *w, const char *where)
{
	const char *s = NULL;

	if (!where || !*where)
		return NULL;
	if (*where == '/')
		s = json_text(w->a, json_at(w->j, where));
	if (!s)
		s = in_pairs(w->k->query, w->k->nquery, where);
	if (!s)
		s = in_pairs(w->k->form, w->k->nform, where);
	return s && strlen(s) <= VALUE_MOST && utf8_valid(s, strlen(s)) ? s : NULL;
}

/* A name of ours or theirs: short, printable ASCII. */
static const char *name_of(struct ecoute *w, const char *where)
{
	const char *s = part(w, where);

	if (!s || !*s || strlen(s) > ID_MOST)
		return NULL;
	for (const char *p = s; *p; p++) {
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f)
			return NULL;
	}
	return s;
}

/* --- when ------------------------------------------------------------------------------- */

static bool stale(struct err *e)
{
	fail(e, E_DENIED, "Cet appel porte une heure trop éloignée de la nôtre.");
	return hint(e, "Vérifiez l’horloge des deux serveurs.");
}

/* Seconds since 1970 (or milliseconds), or ISO 8601 in UTC. */
static bool read_time(const char *s, int64_t *seconds)
{
	static const struct zone utc = { "UTC", 0, DST_NONE };
	size_t n = strspn(s, "0123456789");
	struct civil c;
	char text[ISO_TEXT];

	if (n && n <= 13 && (!s[n] || s[n] == '.')) {
		*seconds = strtoll(s, NULL, 10);
		if (n == 13)
			*seconds /= 1000;
		return true;
	}
	if (strlen(s) < 19)
		return false;
	memcpy(text, s, 19);
	text[19] = '\0';
	text[10] = 'T';
	if (!iso_read(text, &c))
		return false;
	*seconds = zone_instant(&utc, &c) / 1000;
	return true;
}

static bool time_is_near(struct ecoute *w, const char *s)
{
	int64_t seconds, now = w->k->now / 1000;

	if (!s)
		return fail(w->e, E_DENIED, "Cet appel ne porte pas d’heure.");
	if (!read_time(s, &seconds))
		return fail(w->e, E_INPUT, "L’heure de cet appel n’est pas lisible.");
	return (seconds <= now + AHEAD_S && seconds >= now - BEHIND_S) || stale(w->e);
}

/* --- from whom -------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct retour_pair *)a)->name,
		      ((const struct retour_pair *)b)->name);
}

/* Names and values of the form one after the other, in the order of the names. */
static void put_sorted(struct ecoute *w, struct buf *b)
{
	struct retour_pair *p = NEW_ARRAY(w->a, w->k->nform, struct retour_pair);

	if (!p)
		return;
	if (w->k->nform) {
		memcpy(p, w->k->form, w->k->nform * sizeof *p);
		qsort(p, w->k->nform, sizeof *p, by_name);
	}
	for (size_t i = 0; i < w->k->nform; i++) {
		buf_str(b, p[i].name);
		buf_str(b, p[i].value);
	}
}

static void put_signed(struct ecoute *w, struct buf *b)
{
	const char *text = w->r->signe, *le;
	struct morceau m;

	while (gabarit_next(&text, &m)) {
		buf_add(b, m.before, m.nbefore);
		if (!strncmp(m.name, "adresse", m.nname)) {
			buf_str(b, w->k->adresse);
		} else if (!strncmp(m.name, "corps", m.nname)) {
			buf_add(b, w->k->corps, w->k->taille);
		} else if (!strncmp(m.name, "parametres", m.nname)) {
			put_sorted(w, b);
		} else {
			le = w->k->entete(w->k, w->r->le_entete ? w->r->le_entete : "");
			buf_str(b, le ? le : "");
		}
	}
	buf_add(b, m.before, m.nbefore);
}

static bool unsigned_(struct err *e)
{
	return fail(e, E_DENIED, "Cet appel n’est pas signé, ou l’est par quelqu’un d’autre.");
}

static bool signature_is_good(struct ecoute *w)
{
	const char *came = w->k->entete(w->k, w->r->entete);
	struct buf b = buf_new(SIGNED_MOST);
	char right[SCEAU_TEXT];
	bool full;

	if (!came || !*w->k->secret)
		return unsigned_(w->e);
	put_signed(w, &b);
	sceau_make(w->r->sceau, w->k->secret, strlen(w->k->secret), b.n ? b.p : "", b.n,
		   w->r->base64, right);
	full = b.full;
	buf_free(&b);
	if (full || !sceau_is(came, right))
		return unsigned_(w->e);
	return !w->r->le_entete || time_is_near(w, w->k->entete(w->k, w->r->le_entete));
}

/* Hashed first: neither a secret's length nor where it differs shows in the time taken. */
static bool same_secret(const char *came, const char *right)
{
	char a[SCEAU_TEXT], b[SCEAU_TEXT];

	sceau_make(SCEAU_SHA256, "", 0, came, strlen(came), false, a);
	sceau_make(SCEAU_SHA256, "", 0, right, strlen(right), false, b);
	return *right && sceau_is(a, b);
}

static bool secret_is_good(struct ecoute *w)
{
	const char *came = w->r->entete ? w->k->entete(w->k, w->r->entete)
		: part(w, w->r->champ_secret);

	return (came && same_secret(came, w->k->secret)) || unsigned_(w->e);
}

static bool is_proved(struct ecoute *w)
{
	const char *le;

	if (!w->r->la)
		return fail(w->e, E_MISSING, "Cette passerelle n’appelle pas de cette façon.");
	if (w->r->preuve == PREUVE_SIGNATURE && !signature_is_good(w))
		return false;
	if (w->r->preuve == PREUVE_SECRET && !secret_is_good(w))
		return false;
	if (w->k->json && !w->j)
		return fail(w->e, E_INPUT, "Le corps de cet appel n’est pas du JSON.");
	/* a gateway that gives no time is held by the one use of each call */
	le = part(w, w->r->le);
	return !le || !*le || time_is_near(w, le);
}

/* --- both kinds ------------------------------------------------------------------------- */

static const json_t *body_of(const struct retour_appel *k, json_t **owned)
{
	struct err e;

	if (k->json)
		json_read(k->corps, k->taille, owned, &e);
	return *owned;
}

static bool is_word(const char *const *words, const char *text)
{
	for (; *words; words++) {
		if (!strcmp(*words, text))
			return true;
	}
	return false;
}

static bool read_accuse(struct ecoute *w, struct retour_accuse *out)
{
	const char *status = part(w, w->r->statut), *why = part(w, w->r->motif);

	*out = (struct retour_accuse){ .prouve = w->r->preuve != PREUVE_JETON };
	if (w->r->preuve == PREUVE_JETON) {
		out->id = name_of(w, "id");
		out->jeton = name_of(w, "jeton");
	}
	out->id_distant = name_of(w, w->r->id_distant);
	if (!status || (!out->id && !out->id_distant))
		return fail(w->e, E_INPUT, "Cet accusé ne dit pas de quel message il s’agit, ou ce "
			    "qu’il est devenu.");
	if (w->r->preuve == PREUVE_JETON && !out->jeton)
		return unsigned_(w->e);
	if (is_word(w->r->remis, status))
		out->sort = RETOUR_REMIS;
	else if (is_word(w->r->echec, status))
		out->sort = RETOUR_ECHEC;
	else if (is_word(w->r->attente, status))
		out->sort = RETOUR_ATTENTE;
	else
		return fail(w->e, E_INPUT, "Cet accusé porte un état inconnu.");
	if (out->sort == RETOUR_ECHEC)
		out->motif = why && *why && strlen(why) <= 60 && !strpbrk(why, "\r\n")
			? arena_cat(w->a, "Non remis : ", why, NULL)
			: arena_cat(w->a, "Non remis (", strlen(status) < 30 ? status : "?", ")",
				    NULL);
	return true;
}

/* Texts are copied: those of the body die with it. */
static bool keep_accuse(struct arena *a, struct retour_accuse *out, struct err *e)
{
	out->id = out->id ? arena_str(a, out->id) : NULL;
	out->jeton = out->jeton ? arena_str(a, out->jeton) : NULL;
	out->id_distant = out->id_distant ? arena_str(a, out->id_distant) : NULL;
	return a->spent ? arena_refuse(a, e) : true;
}

bool passerelle_accuse(const struct passerelle *p, const struct retour_appel *appel,
		       struct arena *a, struct retour_accuse *out, struct err *e)
{
	CLEANUP(json_done) json_t *owned = NULL;
	struct ecoute w = { &p->accuse, appel, a, body_of(appel, &owned), e };

	return is_proved(&w) && read_accuse(&w, out) && keep_accuse(a, out, e);
}

bool passerelle_reponse(const struct passerelle *p, const struct retour_appel *appel,
			struct arena *a, struct retour_reponse *out, struct err *e)
{
	CLEANUP(json_done) json_t *owned = NULL;
	struct ecoute w = { &p->reponse, appel, a, body_of(appel, &owned), e };
	const char *de, *texte, *id;

	if (!is_proved(&w))
		return false;
	de = part(&w, w.r->de);
	texte = part(&w, w.r->texte);
	id = name_of(&w, w.r->id_distant);
	if (!de || !*de || !texte)
		return fail(e, E_INPUT, "Cette réponse ne dit pas qui répond, ou quoi.");
	*out = (struct retour_reponse){ .de = arena_str(a, de), .texte = arena_str(a, texte),
		.id_distant = id ? arena_str(a, id) : NULL };
	return a->spent ? arena_refuse(a, e) : true;
}
