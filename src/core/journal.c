#include "core/journal.h"

#include <string.h>

#include "base/date.h"
#include "core/journal.sql.h"
#include "core/journal_efface.h"
#include "core/journal_record.h"
#include "crypto/merkle.h"
#include "format/json.h"

static bool is_genre(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz-");

	return n && s[n] == '.' && s[n + 1]
	       && !s[n + 1 + strspn(s + n + 1, "abcdefghijklmnopqrstuvwxyz-")];
}

/* The names in order, each once: two programs write the same bytes. */
static bool sorted(const struct journal_mot *mots, const struct journal_mot *out[JOURNAL_MOTS],
		   size_t *n)
{
	*n = 0;
	for (; mots && mots->nom; mots++) {
		size_t at = *n;

		if (!mots->valeur)
			continue;
		if (*n == JOURNAL_MOTS)
			return false;
		for (; at && strcmp(out[at - 1]->nom, mots->nom) > 0; at--)
			out[at] = out[at - 1];
		if (at && !strcmp(out[at - 1]->nom, mots->nom))
			return false;
		out[at] = mots;
		++*n;
	}
	return true;
}

static bool write_mots(const struct journal_mot *mots, struct buf *b)
{
	const struct journal_mot *order[JOURNAL_MOTS];
	struct json_out j = { b, false };
	size_t n;

	if (!sorted(mots, order, &n))
		return false;
	json_open_object(&j, NULL);
	for (size_t i = 0; i < n; i++)
		json_put_text(&j, order[i]->nom, order[i]->valeur);
	json_close_object(&j);
	return true;
}

void journal_record_write(const struct journal_act *x, struct buf *b)
{
	struct json_out j = { b, false };

	json_open_object(&j, NULL);
	json_put_text(&j, "acteur", x->acteur);
	json_put_text(&j, "genre", x->genre);
	json_put_text(&j, "le", x->le);
	json_put_text(&j, "objet", x->objet);
	json_put_text(&j, "structure", x->structure);
	buf_str(b, ",\"texte\":");
	buf_str(b, x->texte);
	json_put_text(&j, "usager", x->usager);
	json_put_int(&j, "v", 1);
	json_close_object(&j);
}

bool journal_append(struct tx *tx, const struct env *env, const struct journal_entry *x,
		    int64_t *numero, struct err *e)
{
	CLEANUP(buf_free) struct buf texte = buf_new(JOURNAL_RECORD);
	CLEANUP(buf_free) struct buf record = buf_new(JOURNAL_SALT + JOURNAL_RECORD);
	CLEANUP(arena_free) struct arena a = arena_new(4 << 10);
	struct journal_leaf_add_row row;
	unsigned char sel[JOURNAL_SALT], engagement[MERKLE_HASH];
	char le[ISO_TEXT];
	struct journal_act act = {
		.le = le, .genre = x->genre, .structure = x->structure, .usager = x->usager,
		.acteur = x->acteur, .objet = x->objet };

	iso_write(env_now(env), le);
	if (!is_genre(x->genre) || !journal_duree_of(x->genre) || !write_mots(x->mots, &texte))
		return fail(e, E_STORE, "Cet acte ne peut pas être écrit au journal.");
	act.texte = buf_text(&texte);
	env_random(env, sel, sizeof sel);
	buf_add(&record, (const char *)sel, sizeof sel);
	journal_record_write(&act, &record);
	if (texte.full || record.full)
		return fail(e, E_LIMIT, "Ce texte est trop long pour le journal.");
	merkle_digest(record.p, record.n, engagement);
	if (!journal_leaf_add(tx, &a, (struct bytes){ engagement, sizeof engagement }, &row, e)
	    || !journal_act_add(tx, row.numero, (struct bytes){ sel, sizeof sel }, le, x->genre,
				x->structure, x->usager, x->acteur, x->objet, act.texte, NULL, e))
		return false;
	if (numero)
		*numero = row.numero;
	return true;
}

bool journal_get(struct db *db, struct arena *a, int64_t numero, struct journal_act *out,
		 struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(JOURNAL_RECORD);
	struct journal_act_row r;
	bool found;

	if (!journal_act(db, a, numero, &r, &found, e))
		return false;
	if (!found)
		return fail(e, E_MISSING, "Le journal n’a pas d’acte de ce numéro.");
	*out = (struct journal_act){
		.numero = r.numero, .engagement = r.engagement, .efface = !r.genre, .sel = r.sel,
		.le = r.le, .genre = r.genre, .structure = r.structure_id,
		.usager = r.usager_id, .acteur = r.acteur, .objet = r.objet, .texte = r.texte };
	if (out->efface)
		return true;
	journal_record_write(out, &b);
	out->record = arena_strn(a, b.p, b.n);
	return a->spent ? arena_refuse(a, e) : true;
}

bool journal_count(struct db *db, struct arena *a, int64_t *out, struct err *e)
{
	struct journal_size_row r;

	if (!journal_size(db, a, &r, e))
		return false;
	*out = r.taille;
	return true;
}
