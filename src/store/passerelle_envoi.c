/* From a message to the question that a gateway is asked, and what its answer means. */
#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "store/passerelle_inside.h"

enum { BODY_MOST = 64 << 10 };

enum place { PLACE_BRUT, PLACE_ADRESSE, PLACE_ENTETE };

struct ecriture {
	const struct passerelle *p;
	const struct passerelle_valeurs *v;
	struct arena *a;
	enum sms_alphabet alphabet;
	const char *url, *corps;        /* once they are made */
	const char *calculs[CALCULS_MOST];      /* the same */
	struct err *e;
};

/* --- values ----------------------------------------------------------------------------- */

/* Where the gateway calls back: our address with the message, its token and what it is to
 * fill in ("%d"), as it wants it. */
static const char *receipt_address(struct ecriture *w)
{
	const struct paires *k = &w->p->accuse.parametres;
	const char *out;

	if (!*w->v->retour || w->p->accuse.preuve != PREUVE_JETON)
		return "";
	out = arena_cat(w->a, w->v->retour, "/envois/retour/accuse?id=", w->v->id, "&jeton=",
			w->v->jeton, NULL);
	for (size_t i = 0; i < k->n; i++)
		out = arena_cat(w->a, out, "&", k->p[i].nom, "=",
				json_string_value(k->p[i].valeur), NULL);
	return out;
}

static const json_t *by_alphabet(struct ecriture *w, const char *name, size_t n)
{
	for (size_t i = 0; i < w->p->nalphabets; i++) {
		const struct par_alphabet *x = &w->p->alphabets[i];

		if (strlen(x->nom) == n && !memcmp(x->nom, name, n))
			return x->valeur[w->alphabet];
	}
	return NULL;
}

static bool is(const char *name, size_t n, const char *what)
{
	return strlen(what) == n && !memcmp(name, what, n);
}

static const char *built_in(struct ecriture *w, const char *name, size_t n)
{
	if (is(name, n, "to"))
		return w->v->to;
	if (is(name, n, "to_chiffres"))
		return w->v->to + (*w->v->to == '+');
	if (is(name, n, "to_00"))
		return arena_cat(w->a, "00", w->v->to + (*w->v->to == '+'), NULL);
	if (is(name, n, "text"))
		return w->v->text;
	if (is(name, n, "sender"))
		return w->v->sender;
	if (is(name, n, "id"))
		return w->v->id;
	if (is(name, n, "retour"))
		return receipt_address(w);
	if (is(name, n, "le"))
		return arena_printf(w->a, "%lld", (long long)(w->v->now / 1000));
	if (is(name, n, "url"))
		return w->url ? w->url : "";
	if (is(name, n, "corps"))
		return w->corps ? w->corps : "";
	return NULL;
}

static const char *expand(struct ecriture *w, const char *text, enum place place);

static const char *worked_out(struct ecriture *w, size_t i)
{
	const struct calcul *c = &w->p->calculs[i];
	const char *of = expand(w, c->de, PLACE_BRUT), *key = expand(w, c->cle, PLACE_BRUT);
	char out[SCEAU_TEXT];

	if (w->calculs[i])
		return w->calculs[i];
	if (c->base64_seul)
		return w->calculs[i] = sceau_base64(w->a, of, strlen(of));
	sceau_make(c->sceau, key, strlen(key), of, strlen(of), c->base64, out);
	return w->calculs[i] = arena_str(w->a, out);
}

static const char *value_of(struct ecriture *w, const char *name, size_t n)
{
	const char *out = built_in(w, name, n);
	const json_t *j = out ? NULL : by_alphabet(w, name, n);

	if (out || j)
		return out ? out : json_text(w->a, j);
	for (size_t i = 0; i < w->p->nreglages; i++) {
		if (is(name, n, w->p->reglages[i].nom))
			return w->v->reglages[i];
	}
	for (size_t i = 0; i < w->p->ncalculs; i++) {
		if (is(name, n, w->p->calculs[i].nom))
			return worked_out(w, i);
	}
	return "";
}

/* --- templates -------------------------------------------------------------------------- */

static void put_percent(struct buf *b, const char *s)
{
	static const char digits[] = "0123456789ABCDEF";

	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (isalnum(c) || strchr("-._~", c)) {
			buf_char(b, (char)c);
			continue;
		}
		buf_char(b, '%');
		buf_char(b, digits[c >> 4]);
		buf_char(b, digits[c & 15]);
	}
}

/* A value at the head of an address is the address itself; further on it is a part. */
static void put_value(struct buf *b, const char *s, enum place place)
{
	if (place == PLACE_ADRESSE && b->n)
		put_percent(b, s);
	else
		buf_str(b, s);
}

static const char *expand(struct ecriture *w, const char *text, enum place place)
{
	struct buf b = buf_new(BODY_MOST);
	struct morceau m;
	const char *out;

	while (gabarit_next(&text, &m)) {
		buf_add(&b, m.before, m.nbefore);
		put_value(&b, value_of(w, m.name, m.nname), place);
	}
	buf_add(&b, m.before, m.nbefore);
	out = arena_strn(w->a, b.n ? b.p : "", b.n);
	if (b.full && w->e->kind == E_OK)
		fail(w->e, E_LIMIT, "Ce message est trop long pour la passerelle.");
	buf_free(&b);
	return out;
}

/* The one name that a template is, "${x}" alone; false when it is anything else. */
static bool alone(const char *text, struct morceau *m)
{
	return gabarit_next(&text, m) && !m->nbefore && !*text;
}

/* A pair that is one name without a value is left out. */
static bool is_left_out(struct ecriture *w, const json_t *v)
{
	struct morceau m;

	return json_is_string(v) && alone(json_string_value(v), &m)
	       && !*value_of(w, m.name, m.nname);
}

/* --- JSON ------------------------------------------------------------------------------- */

static void put_json(struct ecriture *w, struct json_out *j, const char *name, const json_t *v);

static void put_members(struct ecriture *w, struct json_out *j, const json_t *o)
{
	const char *name;
	json_t *v;

	json_object_foreach((json_t *)o, name, v) {
		if (!is_left_out(w, v))
			put_json(w, j, name, v);
	}
}

static void put_scalar(struct json_out *j, const char *name, const json_t *v)
{
	if (json_is_boolean(v))
		json_put_bool(j, name, json_is_true(v));
	else if (json_is_integer(v))
		json_put_int(j, name, json_integer_value(v));
	else if (json_is_real(v))
		json_put_real(j, name, json_real_value(v));
	else if (json_is_string(v))
		json_put_text(j, name, json_string_value(v));
	else
		json_put_null(j, name);
}

/* A text that is one name by alphabet takes the type that the file gives it. */
static const json_t *typed(struct ecriture *w, const json_t *v)
{
	struct morceau m;

	return alone(json_string_value(v), &m) ? by_alphabet(w, m.name, m.nname) : NULL;
}

static void put_json(struct ecriture *w, struct json_out *j, const char *name, const json_t *v)
{
	json_t *element;
	size_t i;

	if (json_is_object(v)) {
		json_open_object(j, name);
		put_members(w, j, v);
		json_close_object(j);
	} else if (json_is_array(v)) {
		json_open_array(j, name);
		json_array_foreach(v, i, element)
			put_json(w, j, NULL, element);
		json_close_array(j);
	} else if (json_is_string(v) && typed(w, v)) {
		put_scalar(j, name, typed(w, v));
	} else if (json_is_string(v)) {
		json_put_text(j, name, expand(w, json_string_value(v), PLACE_BRUT));
	} else {
		put_scalar(j, name, v);
	}
}

static const char *json_of(struct ecriture *w, const json_t *v)
{
	struct buf b = buf_new(BODY_MOST);
	struct json_out j = { &b, false };
	const char *out;

	put_json(w, &j, NULL, v);
	out = arena_strn(w->a, b.n ? b.p : "", b.n);
	buf_free(&b);
	return out;
}

/* --- the question ----------------------------------------------------------------------- */

static const char *pair_text(struct ecriture *w, const json_t *v)
{
	return json_is_string(v) ? expand(w, json_string_value(v), PLACE_BRUT) : json_of(w, v);
}

/* "a=b&c=d" of the pairs, percent-encoded. */
static const char *encoded(struct ecriture *w, const struct paires *k)
{
	struct buf b = buf_new(BODY_MOST);
	const char *out;

	for (size_t i = 0; i < k->n; i++) {
		if (is_left_out(w, k->p[i].valeur))
			continue;
		if (b.n)
			buf_char(&b, '&');
		put_percent(&b, k->p[i].nom);
		buf_char(&b, '=');
		put_percent(&b, pair_text(w, k->p[i].valeur));
	}
	out = arena_strn(w->a, b.n ? b.p : "", b.n);
	if (b.full && w->e->kind == E_OK)
		fail(w->e, E_LIMIT, "Ce message est trop long pour la passerelle.");
	buf_free(&b);
	return out;
}

static void set_body(struct ecriture *w, struct http_field *type)
{
	if (w->p->json) {
		w->corps = json_of(w, w->p->json);
		*type = (struct http_field){ "Content-Type", "application/json" };
	} else if (w->p->formulaire.n) {
		w->corps = encoded(w, &w->p->formulaire);
		*type = (struct http_field){ "Content-Type", "application/x-www-form-urlencoded" };
	}
}

bool passerelle_ask(const struct passerelle *p, const struct passerelle_valeurs *v,
		    struct arena *a, struct http_ask *out, struct err *e)
{
	struct ecriture w = { .p = p, .v = v, .a = a, .e = e,
		.alphabet = sms_cost(v->text).alphabet };
	struct http_field *fields = NEW_ARRAY(a, p->entetes.n + 1, struct http_field);
	const char *query;
	size_t n = 0;

	if (!fields)
		return arena_refuse(a, e);
	*e = (struct err){ 0 };
	w.url = expand(&w, p->adresse, PLACE_ADRESSE);
	query = encoded(&w, &p->requete);
	if (*query)
		w.url = arena_cat(a, w.url, strchr(w.url, '?') ? "&" : "?", query, NULL);
	set_body(&w, &fields[0]);
	n = w.corps ? 1 : 0;
	for (size_t i = 0; i < p->entetes.n; i++) {
		const struct paire *k = &p->entetes.p[i];

		if (!is_left_out(&w, k->valeur))
			fields[n++] = (struct http_field){ k->nom, pair_text(&w, k->valeur) };
	}
	*out = (struct http_ask){ .method = p->methode, .url = w.url, .fields = fields,
		.nfields = n, .body = w.corps, .body_size = w.corps ? strlen(w.corps) : 0 };
	return e->kind != E_OK ? false : a->spent ? arena_refuse(a, e) : true;
}

/* --- the answer ------------------------------------------------------------------------- */

static bool is_word(const char *const *words, const char *text)
{
	for (; *words; words++) {
		if (!strcmp(*words, text))
			return true;
	}
	return false;
}

static bool rule_holds(const struct regle *r, const struct http_answer *answer,
		       const json_t *j, struct arena *a)
{
	const char *text = r->pointeur ? json_text(a, json_at(j, r->pointeur)) : NULL;

	if (answer->status < r->de || answer->status > r->a)
		return false;
	if (r->commence && strncmp(answer->body, r->commence, strlen(r->commence)))
		return false;
	if (r->contient && !strstr(answer->body, r->contient))
		return false;
	return !r->pointeur || (text && (!*r->mots || is_word(r->mots, text)));
}

static bool any_holds(const struct regles *k, const struct http_answer *answer,
		      const json_t *j, struct arena *a)
{
	for (size_t i = 0; i < k->n; i++) {
		if (rule_holds(&k->r[i], answer, j, a))
			return true;
	}
	return false;
}

/* A name that can be kept: short, printable ASCII. */
static const char *clean_id(struct arena *a, const char *s, size_t n)
{
	if (!s || !n || n > 100)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)s[i] <= ' ' || (unsigned char)s[i] >= 0x7f)
			return NULL;
	}
	return arena_strn(a, s, n);
}

static const char *remote_id(const struct passerelle *p, const struct http_answer *answer,
			     const json_t *j, struct arena *a)
{
	const char *s = answer->body;
	const char *text = p->id_pointeur ? json_text(a, json_at(j, p->id_pointeur)) : NULL;

	if (text)
		return clean_id(a, text, strlen(text));
	for (int line = 1; p->id_ligne && *s; line++) {
		size_t n = strcspn(s, "\r\n");

		if (line == p->id_ligne)
			return clean_id(a, s, n);
		s += n;
		s += *s == '\r';
		s += *s == '\n';
	}
	return NULL;
}

void passerelle_judge(const struct passerelle *p, const struct http_answer *answer,
		      struct arena *a, struct passerelle_verdict *out)
{
	CLEANUP(json_done) json_t *j = NULL;
	struct err e;

	if (*answer->body == '{' || *answer->body == '[')
		json_read(answer->body, answer->size, &j, &e);
	*out = (struct passerelle_verdict){ .dit = PASSERELLE_PANNE };
	if (any_holds(&p->succes, answer, j, a)) {
		out->dit = PASSERELLE_PREND;
		out->id_distant = remote_id(p, answer, j, a);
	} else if (any_holds(&p->definitif, answer, j, a)) {
		out->dit = PASSERELLE_REFUSE;
	}
	out->motif = arena_printf(a, "La passerelle a répondu %d.", answer->status);
}
