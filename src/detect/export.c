#include "detect/export.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/poids.h"
#include "detect/recueil.sql.h"

enum { FIXED = 7 };

static const struct jeu_colonne fixed[FIXED] = {
	{ "version", JEU_TEXTE, false, true, "Version de l’instrument.", NULL },
	{ "mois", JEU_TEXTE, false, true, "Mois de la réponse, AAAA-MM.", NULL },
	{ "mode", JEU_TEXTE, false, true, "ecran, papier, telephone, terrain ou fichier.", NULL },
	{ "provenance", JEU_TEXTE, false, true, "declare, observe ou teste.", NULL },
	{ "langue", JEU_TEXTE, false, true, "Langue des questions lues.", NULL },
	{ "moment", JEU_TEXTE, false, false, "avant ou apres un atelier.", NULL },
	{ "groupe", JEU_TEXTE, false, false, "Nom de l’atelier ou de l’enquête.", NULL },
};

struct exporting {
	const struct instrument *in;
	struct jeu_sortie *s;
	const double *poids;            /* NULL: no quotas */
	size_t at;
};

/* --- weights ------------------------------------------------------------------------ */

struct weighing {
	const struct instrument *in;
	struct arena *a;
	int items[INSTRUMENT_OPTIONS], nitems;
	int8_t *cells;
	size_t n, room;
};

static bool weigh_row(const struct reponses_for_export_row *row, void *arg, struct err *e)
{
	CLEANUP(arena_free) struct arena own = arena_new(4 << 20);
	struct weighing *w = arg;
	struct reponse *r;

	if (!reponses_read_text(&own, w->in, row->reponses, &r, e))
		return false;
	if (w->n == w->room) {
		size_t room = w->room ? 2 * w->room : 256, row_size = (size_t)w->nitems;
		int8_t *cells = NEW_ARRAY(w->a, room * (row_size ? row_size : 1), int8_t);

		if (!cells)
			return arena_refuse(w->a, e);
		if (w->n)
			memcpy(cells, w->cells, w->n * row_size);
		w->cells = cells;
		w->room = room;
	}
	for (int i = 0; i < w->nitems; i++) {
		const struct reponse *one = &r[w->items[i]];

		w->cells[w->n * (size_t)w->nitems + (size_t)i] = one->etat == REPONDU && one->choix
			? (int8_t)__builtin_ctzll(one->choix) : -1;
	}
	w->n++;
	return true;
}

/* How many answers there are, and their weights when the instrument has quotas that can be
 * reached (NULL otherwise: the column stays empty). */
static bool weigh(const struct jeu_lecture *l, const struct instrument *in, size_t *n,
		  const double **poids, struct err *e)
{
	struct weighing w = { .in = in, .a = l->a };
	double *out;
	int empty;

	w.nitems = poids_items(in, w.items, INSTRUMENT_OPTIONS);
	if (!reponses_for_export(l->db, in->id, in->version, weigh_row, &w, e))
		return false;
	*n = w.n;
	*poids = NULL;
	if (!in->nquotas || !w.n)
		return true;
	out = NEW_ARRAY(l->a, w.n, double);
	if (!out)
		return arena_refuse(l->a, e);
	if (poids_caler(in, w.cells, w.n, out, &empty))
		*poids = out;
	return true;
}

/* --- rows --------------------------------------------------------------------------- */

/* Codes, "a|b" for several; three ways of not answering, and "non_posee". */
static void put_answer(struct exporting *x, struct arena *a, int item, const struct reponse *r)
{
	const struct item *it = &x->in->items[item];
	char *bar, *words;

	if (!item_asked(x->in, item, r)) {
		jeu_texte(x->s, "non_posee");
		return;
	}
	r += item;
	if (r->etat != REPONDU) {
		jeu_texte(x->s, r->etat == NE_SAIT_PAS ? REPONSE_NE_SAIT_PAS
			  : r->etat == REFUS ? REPONSE_REFUS : "");
	} else if (it->type == ITEM_NOTE) {
		jeu_texte(x->s, "ecrit");
	} else if (it->type == ITEM_TEXTE) {
		jeu_texte(x->s, r->choix ? it->options[__builtin_ctzll(r->choix)].id : "autre");
	} else {
		words = (char *)arena_str(a, reponse_write(a, it, r));
		while (it->type != ITEM_NOMBRE && (bar = strchr(words, ',')))
			*bar = '|';
		jeu_texte(x->s, words);
	}
}

static bool put_row(const struct reponses_for_export_row *row, void *arg, struct err *e)
{
	CLEANUP(arena_free) struct arena own = arena_new(4 << 20);
	struct exporting *x = arg;
	struct diagnostic d;
	struct reponse *r;

	if (!reponses_read_text(&own, x->in, row->reponses, &r, e))
		return false;
	jeu_texte(x->s, row->version);
	jeu_texte(x->s, row->mois);
	jeu_texte(x->s, row->mode);
	jeu_texte(x->s, row->provenance);
	jeu_texte(x->s, row->langue);
	jeu_texte(x->s, row->moment);
	jeu_texte(x->s, row->groupe);
	for (int i = 0; i < x->in->nitems; i++)
		put_answer(x, &own, i, r);
	instrument_classify(x->in, r, &d);
	for (int i = 0; i < x->in->nscores; i++)
		jeu_nombre(x->s, d.scores[i]);
	jeu_texte(x->s, row->profil);
	if (x->in->nquotas)
		jeu_nombre(x->s, x->poids ? x->poids[x->at] : (double)NAN);
	x->at++;
	return jeu_ligne(x->s, e);
}

static bool put_rows(const struct jeu *j, const struct jeu_lecture *l, struct jeu_sortie *s,
		     struct err *e)
{
	const struct exporting *of = j->de;
	struct exporting x = { of->in, s, of->poids, 0 };

	return reponses_for_export(l->db, x.in->id, x.in->version, put_row, &x, e);
}

static const struct jeu_colonne *columns_of(struct arena *a, const struct instrument *in,
					    size_t *n)
{
	size_t most = FIXED + (size_t)in->nitems + (size_t)in->nscores + 2, at = FIXED;
	struct jeu_colonne *c = NEW_ARRAY(a, most, struct jeu_colonne);

	if (!c)
		return NULL;
	memcpy(c, fixed, sizeof fixed);
	for (int i = 0; i < in->nitems; i++)
		c[at++] = (struct jeu_colonne){ in->items[i].id, JEU_TEXTE, false, false,
						in->items[i].texte, NULL };
	for (int i = 0; i < in->nscores; i++)
		c[at++] = (struct jeu_colonne){ arena_cat(a, "score_", in->scores[i].id, NULL),
			JEU_NOMBRE, false, false, in->scores[i].titre, NULL };
	c[at++] = (struct jeu_colonne){ "profil", JEU_TEXTE, false, false,
					"Profil que donne cette version.", NULL };
	if (in->nquotas)
		c[at++] = (struct jeu_colonne){ "poids", JEU_NOMBRE, false, false,
			"Poids, calé sur les quotas de l’instrument ; vide quand une case du quota n’a personne.", NULL };
	*n = at;
	return c;
}

bool export_reponses(const struct jeu_lecture *l, const struct instrument *in,
		     enum jeu_format format, const char *folder, struct buf *out, struct err *e)
{
	struct exporting of = { .in = in };
	struct jeu j = { .slug = in->id, .titre = in->titre, .description = in->avertissement,
			 .source = in->source, .licence = in->licence, .lignes = put_rows,
			 .de = &of };
	size_t n;

	if (!weigh(l, in, &n, &of.poids, e))
		return false;
	if (n < EXPORT_SEUIL) {
		fail(e, E_DENIED, "%s", N_("Moins de onze personnes ont répondu : leurs réponses ne sortent pas."));
		return hint(e, "%s", N_("Elles sortiront quand il y en aura assez pour que personne ne soit reconnu."));
	}
	j.colonnes = columns_of(l->a, in, &j.n);
	if (!j.colonnes)
		return arena_refuse(l->a, e);
	return jeu_ecrire(&j, l, format, folder, out, e);
}

/* --- codebook ----------------------------------------------------------------------- */

static const struct jeu_colonne code_columns[] = {
	{ "question", JEU_TEXTE, true, true, "Nom de la question, tel qu’en colonne.", NULL },
	{ "type", JEU_TEXTE, false, true, "Type de question.", NULL },
	{ "texte", JEU_TEXTE, false, true, "La question, telle qu’elle est lue.", NULL },
	{ "condition", JEU_TEXTE, false, false, "Quand elle est posée ; vide : toujours.", NULL },
	{ "code", JEU_TEXTE, true, false, "Ce qui peut être dans la colonne.", NULL },
	{ "libelle", JEU_TEXTE, false, false, "Ce que ce code veut dire.", NULL },
	{ "valeur", JEU_NOMBRE, false, false, "Ce qu’il vaut dans les scores.", NULL },
};

static bool put_code(struct jeu_sortie *s, const struct item *it, const char *code,
		     const char *label, double value, struct err *e)
{
	jeu_texte(s, it->id);
	jeu_texte(s, it->groupe ? it->groupe->appariement ? "appariement" : "matrice"
				: item_types[it->type]);
	jeu_texte(s, it->texte);
	jeu_texte(s, it->si_texte);
	jeu_texte(s, code);
	jeu_texte(s, label);
	jeu_nombre(s, value);
	return jeu_ligne(s, e);
}

static bool put_item_codes(struct jeu_sortie *s, const struct item *it, struct err *e)
{
	for (int i = 0; i < it->noptions; i++) {
		const struct option *o = &it->options[i];

		if (!put_code(s, it, o->id, o->texte, o->valeur, e))
			return false;
	}
	if (!it->noptions && !put_code(s, it, "", it->unite, NAN, e))
		return false;
	return put_code(s, it, REPONSE_NE_SAIT_PAS, "Ne sait pas", NAN, e)
		&& put_code(s, it, REPONSE_REFUS, "Ne souhaite pas répondre", NAN, e)
		&& put_code(s, it, "", "Sans réponse", NAN, e)
		&& (!it->si || put_code(s, it, "non_posee", "Question non posée", NAN, e));
}

static bool put_codes(const struct jeu *j, const struct jeu_lecture *l, struct jeu_sortie *s,
		      struct err *e)
{
	const struct instrument *in = j->de;

	(void)l;
	for (int i = 0; i < in->nitems; i++) {
		if (!put_item_codes(s, &in->items[i], e))
			return false;
	}
	return true;
}

bool export_codes(const struct jeu_lecture *l, const struct instrument *in,
		  enum jeu_format format, const char *folder, struct buf *out, struct err *e)
{
	const struct jeu j = { .slug = in->id, .titre = in->titre, .description = in->avertissement,
		.source = in->source, .licence = in->licence, .colonnes = code_columns,
		.n = sizeof code_columns / sizeof *code_columns, .lignes = put_codes, .de = in };

	return jeu_ecrire(&j, l, format, folder, out, e);
}
