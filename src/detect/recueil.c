#include "detect/recueil.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "detect/catalogue.h"
#include "detect/recueil.sql.h"
#include "detect/saisie.sql.h"

const struct choice recueil_ages[] = {
	{ "moins-15", N_("Moins de 15 ans"), NULL }, { "15-17", N_("De 15 à 17 ans"), NULL },
	{ "18", N_("18 ans ou plus"), NULL }, { 0 },
};
const struct choice recueil_modes[] = {
	{ "ecran", N_("À l’écran"), NULL }, { "papier", N_("Sur papier"), NULL },
	{ "telephone", N_("Au téléphone"), NULL }, { "terrain", N_("Sur le terrain"), NULL }, { 0 },
};
const struct choice recueil_provenances[] = {
	{ "declare", N_("La personne le dit"), NULL },
	{ "observe", N_("On l’a vu faire, côte à côte"), NULL },
	{ "teste", N_("Un exercice l’a montré"), NULL }, { 0 },
};
const struct choice recueil_moments[] = {
	{ "avant", N_("Avant l’atelier"), NULL }, { "apres", N_("Après l’atelier"), NULL }, { 0 },
};

/* --- numbers ------------------------------------------------------------------------ */

/* Nothing that is read in two ways: no I, L, O, U, 0 or 1. */
static const char letters[] = "ABCDEFGHJKMNPQRSTVWXYZ23456789";
enum { SIGNS = 12, ALPHABET = sizeof letters - 1 };

/* The last sign, of the eleven before it: Luhn's sum, in as many signs as there are. */
static int check_of(const char *signs)
{
	int sum = 0;

	for (int i = SIGNS - 2, twice = 1; i >= 0; i--, twice = !twice) {
		const char *at = memchr(letters, signs[i], ALPHABET);
		int n = (at ? (int)(at - letters) : 0) << twice;

		sum += n / ALPHABET + n % ALPHABET;
	}
	return (ALPHABET - sum % ALPHABET) % ALPHABET;
}

static void spell(const char *signs, char out[RECUEIL_NUMERO])
{
	snprintf(out, RECUEIL_NUMERO, "%.4s-%.4s-%.4s", signs, signs + 4, signs + 8);
}

void numero_make(const struct env *env, char out[RECUEIL_NUMERO])
{
	char signs[SIGNS];
	unsigned char drawn;

	for (int i = 0; i < SIGNS - 1;) {
		env_random(env, &drawn, 1);
		if (drawn < 256 / ALPHABET * ALPHABET)
			signs[i++] = letters[drawn % ALPHABET];
	}
	signs[SIGNS - 1] = letters[check_of(signs)];
	spell(signs, out);
}

bool numero_checks(const char numero[RECUEIL_NUMERO])
{
	char signs[SIGNS];
	int n = 0;

	for (const char *p = numero; *p && n < SIGNS; p++) {
		if (*p != '-')
			signs[n++] = *p;
	}
	return n == SIGNS && letters[check_of(signs)] == signs[SIGNS - 1];
}

bool numero_read(const char *typed, char out[RECUEIL_NUMERO])
{
	char signs[SIGNS];
	int n = 0;

	for (; *typed; typed++) {
		int c = toupper((unsigned char)*typed);

		if (c == ' ' || c == '-' || c == '.')
			continue;
		if (n == SIGNS || !strchr(letters, c))
			return false;
		signs[n++] = (char)c;
	}
	if (n == SIGNS)
		spell(signs, out);
	return n == SIGNS;
}

bool numero_hash(const char *numero, char out[SHA256_HEX])
{
	char one[RECUEIL_NUMERO];

	if (!numero_read(numero, one))
		return false;
	sha256_hex(one, strlen(one), out);
	return true;
}

/* --- keeping ------------------------------------------------------------------------ */

struct keeping {
	const struct env *env;
	struct arena *a;
	const struct recueil *r;
	const char *reponses, *profil, *hash;
	char id[UUID_TEXT], jour[40];
};

static void set_day(struct keeping *k)
{
	struct civil local = zone_local(&zone_paris, env_now(k->env));

	snprintf(k->jour, sizeof k->jour, "%04d-%02d-%02d", local.year, local.month,
		 local.day);
	if (k->r->le)
		snprintf(k->jour, sizeof k->jour, "%.10s", k->r->le);
}

/* Words that answer an open instrument wait to be read. */
static bool keep_words(struct tx *tx, const struct keeping *k, struct err *e)
{
	const struct recueil *r = k->r;

	for (int i = 0; r->in->ouvert && i < r->in->nitems; i++) {
		const struct item *it = &r->in->items[i];
		char id[UUID_TEXT];

		if (it->type != ITEM_NOTE || r->reponses[i].etat != REPONDU)
			continue;
		uuid_new(k->env, id);
		if (!parole_add(tx, id, k->id, it->id, r->reponses[i].texte, NULL, e))
			return false;
	}
	return true;
}

static bool keep_job(struct tx *tx, void *arg, struct err *e)
{
	const struct keeping *k = arg;
	const struct recueil *r = k->r;

	return (!r->avec || r->avec(tx, r->avec_arg, e))
		&& catalogue_hold(tx, k->a, k->env, r->in, e)
		&& reponse_add(tx, k->id, k->hash, r->in->id, r->in->version, r->structure,
			       r->commune, k->jour, r->mode, r->provenance, r->langue, r->moment,
			       r->groupe, k->reponses, k->profil, NULL, e)
		&& keep_words(tx, k, e);
}

const struct reponse *recueil_asked(struct arena *a, const struct instrument *in,
				    const struct reponse *r)
{
	struct reponse *kept = NEW_ARRAY(a, (size_t)in->nitems + 1, struct reponse);

	for (int i = 0; kept && i < in->nitems; i++) {
		if (item_asked(in, i, kept))
			kept[i] = r[i];
	}
	return kept;
}

/* Words of an open instrument are kept in one place alone, where a coordinator takes out
 * what names somebody: here, only that something was written. */
static const struct reponse *without_words(struct arena *a, const struct recueil *r,
					   const struct reponse *kept)
{
	struct reponse *out = NEW_ARRAY(a, (size_t)r->in->nitems + 1, struct reponse);

	for (int i = 0; out && i < r->in->nitems; i++) {
		out[i] = kept[i];
		if (r->in->ouvert && r->in->items[i].type == ITEM_NOTE)
			out[i].texte = "…";
	}
	return out ? out : kept;
}

static const char *profile_of(struct arena *a, const struct recueil *r)
{
	struct diagnostic d;

	instrument_score(r->in, r->reponses, &d);
	return r->in->nclasses ? arena_str(a, diagnostic_profil(&d)) : "";
}

bool recueil_keep(struct store *s, const struct env *env, struct arena *a, struct recueil *r,
		  struct err *e)
{
	struct keeping k = { .env = env, .a = a, .r = r };
	const struct reponse *kept = recueil_asked(a, r->in, r->reponses);
	char made[RECUEIL_NUMERO], hash[SHA256_HEX];

	if (!kept)
		return arena_refuse(a, e);
	if (r->in->conserver != CONSERVER_REPONSES)
		return fail(e, E_DENIED, "Cet instrument ne garde pas les réponses.");
	if (!r->numero && r->numeroter) {
		numero_make(env, made);
		r->numero = arena_str(a, made);
	}
	if (r->numero && !numero_hash(r->numero, hash))
		return fail(e, E_INPUT, "Ce numéro n’est pas un des nôtres.");
	k.hash = r->numero ? hash : NULL;
	r->reponses = kept;
	k.profil = profile_of(a, r);
	k.reponses = reponses_write(a, r->in, without_words(a, r, kept));
	uuid_new(env, k.id);
	set_day(&k);
	return store_write(s, keep_job, &k, e);
}

static bool count_job(struct tx *tx, void *arg, struct err *e)
{
	const struct keeping *k = arg;
	const struct recueil *r = k->r;

	return (!r->avec || r->avec(tx, r->avec_arg, e))
		&& reponse_compte_add(tx, r->in->id, r->in->version, r->structure, r->commune,
				  k->jour, k->profil, r->mode, r->provenance, NULL, e);
}

bool recueil_count(struct store *s, const struct env *env, struct arena *a,
		   const struct recueil *r, struct err *e)
{
	struct keeping k = { .env = env, .a = a, .r = r, .profil = profile_of(a, r) };

	set_day(&k);
	k.jour[7] = '\0';               /* the month */
	return store_write(s, count_job, &k, e);
}

/* --- erasing, reading --------------------------------------------------------------- */

struct erasing {
	struct store *s;
	char hash[SHA256_HEX];
	int64_t n;
};

static bool erase_job(struct tx *tx, void *arg, struct err *e)
{
	struct erasing *x = arg;
	int64_t sheets = 0;

	return parole_erase(tx, x->hash, NULL, e) && reponse_erase(tx, x->hash, &x->n, e)
	       && feuille_erase(tx, x->hash, &sheets, e) && (x->n += x->n ? 0 : sheets, true)
	       && (!x->n || effacement_note(x->s, "reponse", x->hash, e));
}

/* After a restore: by the hash that the list keeps. */
static bool erase_again(const struct effacer *x, struct err *e)
{
	return parole_erase(x->tx, x->cle, NULL, e) && reponse_erase(x->tx, x->cle, NULL, e)
	       && feuille_erase(x->tx, x->cle, NULL, e);
}

const struct effaceur recueil_effaceurs[] = {
	{ "reponse", "reponses", erase_again, NULL },
	{ NULL, NULL, NULL, NULL },
};

bool recueil_erase(struct store *s, const char *numero, int64_t *n, struct err *e)
{
	struct erasing x = { .s = s };

	*n = 0;
	if (!numero_hash(numero, x.hash)) {
		fail(e, E_INPUT, "%s", N_("Ce numéro a douze lettres ou chiffres, en trois groupes de quatre."));
		return hint(e, "%s", N_("Il est sur la feuille remise, en bas."));
	}
	if (!store_write(s, erase_job, &x, e))
		return false;
	*n = x.n;
	if (x.n)
		return true;
	fail(e, E_MISSING, "%s", N_("Rien n’est gardé sous ce numéro."));
	return hint(e, "%s", N_("Les réponses ont peut-être déjà été effacées."));
}

bool recueil_of(struct db *db, struct arena *a, const char *numero, struct recueil_garde **out,
		size_t *n, struct err *e)
{
	struct reponse_of_row *rows;
	char hash[SHA256_HEX];

	*n = 0;
	if (!numero_hash(numero, hash))
		return true;
	if (!reponse_of(db, a, hash, &rows, n, e))
		return false;
	*out = NEW_ARRAY(a, *n, struct recueil_garde);
	if (!*out)
		return arena_refuse(a, e);
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = (struct recueil_garde){ rows[i].instrument, rows[i].version, rows[i].le,
			rows[i].moment, rows[i].reponses, rows[i].profil };
	return true;
}

/* --- under another version ---------------------------------------------------------- */

struct rescoring {
	struct arena *a;
	const struct instrument *in;
	struct rescore *of;
};

enum { PASSAGES = 400 };

static void add_change(struct rescoring *k, const char *from, const char *to)
{
	struct rescore *o = k->of;
	size_t i = 0;

	while (i < o->npassages && (strcmp(o->passages[i].de, from) != 0
				    || strcmp(o->passages[i].vers, to) != 0))
		i++;
	if (i == PASSAGES)
		return;
	if (i == o->npassages)
		o->passages[o->npassages++] = (struct rescore_passage){ arena_str(k->a, from),
									arena_str(k->a, to), 0 };
	o->passages[i].nombre++;
}

static bool rescore_one(const struct reponse_each_row *row, void *arg, struct err *e)
{
	CLEANUP(arena_free) struct arena own = arena_new(4 << 20);
	struct rescoring *k = arg;
	struct err ignored = { 0 };
	struct diagnostic d;
	struct reponse *r;
	const char *now;

	(void)e;
	k->of->lues++;
	if (!reponses_read_text(&own, k->in, row->reponses, &r, &ignored)) {
		k->of->illisibles++;
		return true;
	}
	instrument_classify(k->in, r, &d);
	now = k->in->nclasses ? diagnostic_profil(&d) : "";
	if (strcmp(now, row->profil) == 0) {
		k->of->memes++;
		return true;
	}
	k->of->changees++;
	add_change(k, row->profil, now);
	return true;
}

bool recueil_rescore(struct db *db, struct arena *a, const struct instrument *in,
		     struct rescore **out, size_t *n, struct err *e)
{
	struct reponse_versions_row *versions;

	if (!reponse_versions(db, a, in->id, &versions, n, e))
		return false;
	*out = NEW_ARRAY(a, *n, struct rescore);
	if (!*out)
		return arena_refuse(a, e);
	for (size_t i = 0; i < *n; i++) {
		struct rescoring k = { .a = a, .in = in, .of = &(*out)[i] };

		k.of->version = versions[i].version;
		k.of->passages = NEW_ARRAY(a, PASSAGES, struct rescore_passage);
		if (!k.of->passages)
			return arena_refuse(a, e);
		if (!reponse_each(db, in->id, versions[i].version, rescore_one, &k, e))
			return false;
	}
	return true;
}
