#include "detect/rapport.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "detect/catalogue.h"
#include "format/json.h"

#define FORME "hors-ligne/1"
enum { MEMORY = 64 << 20, SCRATCH = 8 << 20 };

static bool at_line(struct err *e, long line, const struct err *why)
{
	fail(e, why->kind, "Ligne %ld : %s", line, why->msg);
	return hint(e, "%s", *why->hint ? why->hint
		    : N_("Rapportez le fichier tel que la page l’a enregistré, sans le changer."));
}

static bool refuse(struct err *e, long line, const char *what)
{
	struct err why = { 0 };

	fail(&why, E_INPUT, "%s", what);
	return at_line(e, line, &why);
}

/* --- one line ------------------------------------------------------------------------- */

struct reading {
	struct arena *a;
	json_t *o;
	long line;
	struct err *e;
};

static bool text(const struct reading *r, const char *name, const char **out)
{
	const char *v = json_text_of(r->o, name);

	if (!v || utf8_length(v) > RAPPORT_MOT)
		return refuse(r->e, r->line, arena_printf(r->a, "« %s » manque, ou est trop long.", name));
	*out = arena_str(r->a, v);
	return true;
}

static bool choice(const struct reading *r, const char *name, const struct choice *of, bool may,
		   int *out)
{
	const char *v = json_text_of(r->o, name);

	*out = -1;
	for (int i = 0; v && of[i].slug; i++) {
		if (strcmp(of[i].slug, v) == 0)
			*out = i;
	}
	return *out >= 0 || (may && (!v || !*v))
	       || refuse(r->e, r->line, arena_printf(r->a, "« %s » n’est pas compris.", name));
}

static bool read_number(const struct reading *r, struct rapport_feuille *f)
{
	char numero[RECUEIL_NUMERO];
	const char *typed;

	if (!text(r, "numero", &typed))
		return false;
	if (!numero_read(typed, numero) || !numero_checks(numero))
		return refuse(r->e, r->line, N_("Ce numéro n’est pas celui d’une feuille."));
	f->numero = arena_str(r->a, numero);
	return true;
}

static bool read_answers(const struct reading *r, struct rapport_feuille *f)
{
	const json_t *answers = json_object_get(r->o, "reponses");
	char *dumped = json_is_object(answers) ? json_dumps(answers, JSON_COMPACT) : NULL;

	if (!dumped)
		return refuse(r->e, r->line, N_("Les réponses manquent."));
	f->reponses = arena_str(r->a, dumped);
	free(dumped);
	return true;
}

static bool read_fields(const struct reading *r, struct rapport_feuille *f)
{
	const char *form = json_text_of(r->o, "tremplin"), *mode = json_text_of(r->o, "mode");
	struct civil day;
	int age;

	f->ligne = r->line;
	f->accord = json_is_true(json_object_get(r->o, "accord"));
	if (!form || strcmp(form, FORME) != 0)
		return refuse(r->e, r->line,
			N_("Ce n’est pas une feuille d’une page hors ligne, ou elle est d’une version plus récente de Tremplin."));
	if (!mode || strcmp(mode, "terrain") != 0)
		return refuse(r->e, r->line, N_("« mode » n’est pas « terrain »."));
	if (!read_number(r, f) || !text(r, "instrument", &f->instrument)
	    || !text(r, "version", &f->version) || !text(r, "langue", &f->langue)
	    || !text(r, "le", &f->le) || !text(r, "commune", &f->commune)
	    || !text(r, "groupe", &f->groupe) || !text(r, "profil", &f->profil)
	    || !choice(r, "age", recueil_ages, false, &age)
	    || !choice(r, "provenance", recueil_provenances, false, &f->provenance)
	    || !choice(r, "moment", recueil_moments, true, &f->moment) || !read_answers(r, f))
		return false;
	f->age = (enum age)age;
	if (!iso_read(f->le, &day))
		return refuse(r->e, r->line, N_("« le » n’est pas une date."));
	if (f->age == AGE_MOINS_15)
		return refuse(r->e, r->line, N_("Aucun questionnaire avant 15 ans."));
	if (utf8_length(f->groupe) > RECUEIL_GROUPE || strchr(f->groupe, '|'))
		return refuse(r->e, r->line, N_("« groupe » n’est pas compris."));
	return lang_find(f->langue) || refuse(r->e, r->line, N_("Cette langue n’est pas connue."));
}

static bool read_line(struct arena *a, const char *p, size_t n, long line,
		      struct rapport_feuille *f, struct err *e)
{
	CLEANUP(json_done) json_t *root = NULL;
	struct err why = { 0 };
	struct reading r = { .a = a, .line = line, .e = e };

	if (!json_read(p, n, &root, &why) || !json_is_object(root))
		return refuse(e, line, N_("Elle ne se lit pas."));
	r.o = root;
	return read_fields(&r, f);
}

static bool same_sheet(const struct rapport_feuille *x, const struct rapport_feuille *y)
{
	return strcmp(x->version, y->version) == 0 && strcmp(x->reponses, y->reponses) == 0
	       && x->accord == y->accord && x->age == y->age;
}

/* Whether it stands among the n before; *same: it says the same. */
static bool met(const struct rapport_feuille *f, size_t n, const struct rapport_feuille *one,
		bool *same)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(f[i].numero, one->numero) != 0
		    || strcmp(f[i].instrument, one->instrument) != 0)
			continue;
		*same = same_sheet(&f[i], one);
		return true;
	}
	return false;
}

bool rapport_read(struct arena *a, const char *p, size_t n, struct rapport_feuille **out,
		  size_t *count, struct err *e)
{
	struct rapport_feuille *f = NEW_ARRAY(a, RAPPORT_FEUILLES, struct rapport_feuille);
	const char *end = p + n;
	bool same = false;
	long line = 0;

	*count = 0;
	if (!f)
		return arena_refuse(a, e);
	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		size_t k = (size_t)((nl ? nl : end) - p);
		const char *from = p;

		line++;
		p += k + (nl != NULL);
		if (k && from[k - 1] == '\r')
			k--;
		if (!k)
			continue;
		if (*count == RAPPORT_FEUILLES)
			return fail(e, E_LIMIT, "Plus de %d feuilles : rapportez-les en plusieurs fois.",
				    RAPPORT_FEUILLES);
		if (!read_line(a, from, k, line, &f[*count], e))
			return false;
		if (!met(f, *count, &f[*count], &same))
			(*count)++;
		else if (!same)
			return refuse(e, line, N_("Ce numéro est déjà plus haut, avec d’autres réponses."));
	}
	*out = f;
	return *count > 0 || fail(e, E_INPUT, "%s", N_("Aucune feuille à rapporter ici."));
}

/* --- all of them ---------------------------------------------------------------------- */

struct checked {
	const struct instrument *in;
	struct reponse *reponses;
};

/* A file speaks of one instrument, or of a few: each is read once. */
static bool check_one(struct db *db, struct arena *a, const struct rapport_feuille *f, size_t i,
		      struct checked *c, struct err *e)
{
	struct err why = { 0 };

	for (size_t k = 0; k < i && !c[i].in; k++) {
		if (strcmp(f[k].instrument, f[i].instrument) == 0
		    && strcmp(f[k].version, f[i].version) == 0)
			c[i].in = c[k].in;
	}
	if ((!c[i].in
	     && !catalogue_version(db, a, f[i].instrument, f[i].version, &c[i].in, &why))
	    || !reponses_read_text(a, c[i].in, f[i].reponses, &c[i].reponses, &why))
		return at_line(e, f[i].ligne, &why);
	return true;
}

/* The day on the device, unless its clock is wrong: then today's. */
static const char *day_of(const struct rapport_feuille *f, const struct env *env)
{
	struct civil now = zone_local(&zone_paris, env_now(env)), then;
	int64_t today = date_days(now.year, now.month, now.day), day;

	if (!iso_read(f->le, &then))
		return NULL;
	day = date_days(then.year, then.month, then.day);
	return strlen(f->le) == 10 && day <= today && day >= today - RAPPORT_JOURS ? f->le : NULL;
}

static struct saisie sheet_of(const struct rapport_feuille *f, const struct checked *c,
			      const struct env *env, const char *structure, bool garde)
{
	bool keeps = c->in->conserver == CONSERVER_REPONSES;

	return (struct saisie){
		.r = { .in = c->in, .reponses = c->reponses, .structure = structure,
		       .commune = f->commune, .mode = "terrain", .langue = f->langue,
		       .le = day_of(f, env),
		       .provenance = recueil_provenances[f->provenance].slug,
		       .moment = f->moment < 0 ? "" : recueil_moments[f->moment].slug,
		       .groupe = f->groupe, .numero = f->numero },
		.garder = keeps && garde && f->accord && f->age == AGE_18,
		.compter = c->in->conserver == CONSERVER_COMPTES || (keeps && f->age == AGE_15_17),
	};
}

static bool says_another(const struct rapport_feuille *f, const struct checked *c)
{
	struct diagnostic d;

	instrument_score(c->in, c->reponses, &d);
	return c->in->nclasses && strcmp(f->profil, diagnostic_profil(&d)) != 0;
}

static void count_issue(struct rapport_bilan *b, enum saisie_issue issue)
{
	b->gardees += issue == SAISIE_GARDEE;
	b->comptees += issue == SAISIE_COMPTEE;
	b->rien += issue == SAISIE_RIEN;
	b->deja += issue == SAISIE_DIFFERE;
}

/* One sheet, in an arena that serves again for the next. */
static bool put_one(struct store *s, const struct env *env, struct saisie *k,
		    struct rapport_bilan *out, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(SCRATCH);
	struct err why = { 0 };

	if (saisie_put(s, env, &a, k, &why)) {
		count_issue(out, k->issue);
		return true;
	}
	out->deja++;
	if (why.kind == E_CONFLICT || why.kind == E_DENIED)
		return true;
	*e = why;
	return false;
}

bool rapport_put(struct store *s, const struct env *env, const struct rapport_feuille *f, size_t n,
		 const char *structure, bool garde, struct rapport_bilan *out, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(MEMORY);
	CLEANUP(db_release) struct db *db = NULL;
	struct checked *c = NEW_ARRAY(&a, n, struct checked);

	*out = (struct rapport_bilan){ 0 };
	if (!c)
		return arena_refuse(&a, e);
	if (!db_acquire(s, &db, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!check_one(db, &a, f, i, c, e))
			return false;
	}
	db_release(&db);
	for (size_t i = 0; i < n; i++) {
		struct saisie k = sheet_of(&f[i], &c[i], env, structure, garde);

		out->autres += says_another(&f[i], &c[i]);
		if (!put_one(s, env, &k, out, e))
			return false;
	}
	return true;
}
