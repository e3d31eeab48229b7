#include "core/structure.h"

#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "core/structure.sql.h"

const struct choice structure_pouvoirs[] = {
	{ "mandats", N_("Agir avec une autorisation (mandats)"), NULL },
	{ "lieux", N_("Corriger la fiche de ses lieux"), NULL },
	{ "instruments", N_("Écrire des questionnaires"), NULL },
	{ "resultats", N_("Garder les résultats d’un point, avec l’accord de la personne"), NULL },
	{ NULL, NULL, NULL },
};

const struct choice structure_etats[] = {
	{ "active", N_("Active"), NULL },
	{ "suspendue", N_("Suspendue"), NULL },
	{ "fermee", N_("Fermée"), NULL },
	{ NULL, NULL, NULL },
};

static int slug_at(const struct choice *table, const char *slug, int otherwise)
{
	for (int i = 0; table[i].slug; i++) {
		if (!strcmp(table[i].slug, slug))
			return i;
	}
	return otherwise;
}

static int type_at(const char *slug)
{
	int last = 0;

	while (structure_types[last].slug)
		last++;
	return slug_at(structure_types, slug, last - 1);        /* "autre" is the last */
}

unsigned pouvoirs_read(const char *text)
{
	unsigned bits = 0;

	while (*text) {
		size_t n = strcspn(text, "|");

		for (int i = 0; structure_pouvoirs[i].slug; i++) {
			if (strlen(structure_pouvoirs[i].slug) == n
			    && !memcmp(structure_pouvoirs[i].slug, text, n))
				bits |= 1u << i;
		}
		text += n + (text[n] == '|');
	}
	return bits;
}

const char *pouvoirs_write(struct arena *a, unsigned pouvoirs)
{
	const char *out = "";

	for (int i = 0; structure_pouvoirs[i].slug; i++) {
		if (pouvoirs & 1u << i)
			out = arena_cat(a, out, *out ? "|" : "", structure_pouvoirs[i].slug, NULL);
	}
	return out;
}

/* Rows of four queries have the same columns under four names. */
#define STRUCTURE_OF(row) ((struct structure){ \
	.id = (row).id, .nom = (row).nom, .type = type_at((row).type), .siret = (row).siret, \
	.rna = (row).rna, .commune = (row).commune, .adresse = (row).adresse, \
	.telephone = (row).telephone, .courriel = (row).courriel, \
	.pouvoirs = pouvoirs_read((row).pouvoirs), \
	.etat = (enum structure_etat)slug_at(structure_etats, (row).etat, STRUCTURE_FERMEE) })

bool structure_get(struct db *db, struct arena *a, const char *id, struct structure *out,
		   struct err *e)
{
	struct structure_row_row row;
	bool found;

	if (!structure_row(db, a, id, &row, &found, e))
		return false;
	if (!found) {
		fail(e, E_MISSING, "%s", N_("Cette structure n’existe pas."));
		return hint(e, "%s", N_("Cherchez-la par son nom dans la liste des structures."));
	}
	*out = STRUCTURE_OF(row);
	return true;
}

bool structure_by_siret(struct db *db, struct arena *a, const char *siret,
			struct structure *out, bool *found, struct err *e)
{
	struct structure_row_by_siret_row row;

	if (!structure_row_by_siret(db, a, siret, &row, found, e))
		return false;
	if (*found)
		*out = STRUCTURE_OF(row);
	return true;
}

bool structure_list(struct db *db, struct arena *a, const char *q, struct structure **out,
		    size_t *n, struct err *e)
{
	struct structure_rows_row *rows;
	char cle[200] = "";
	size_t all;

	if (!structure_rows(db, a, &rows, &all, e))
		return false;
	if (q)
		utf8_fold(q, cle, sizeof cle);
	*out = NEW_ARRAY(a, all, struct structure);
	*n = 0;
	if (all && !*out)
		return arena_refuse(a, e);
	for (size_t i = 0; i < all; i++) {
		if (strstr(rows[i].nom_cle, cle))
			(*out)[(*n)++] = STRUCTURE_OF(rows[i]);
	}
	return true;
}

/* --- writing ------------------------------------------------------------------------- */

static bool refuse_taken(const char *nom, bool siret, struct err *e)
{
	fail(e, E_CONFLICT, siret ? "Ce SIRET est déjà celui de « %s »." :
	     "Ce numéro RNA est déjà celui de « %s ».", nom);
	return hint(e, "%s", N_("Deux structures n’ont jamais le même numéro : ouvrez celle qui "
				"existe, ou vérifiez le numéro."));
}

static bool numbers_are_free(struct db *db, struct arena *a, const struct structure *s,
			     struct err *e)
{
	struct structure_row_by_siret_row other;
	struct structure_row_by_rna_row homonym;
	bool found = false;

	if (s->siret && !structure_row_by_siret(db, a, s->siret, &other, &found, e))
		return false;
	if (found && (!s->id || strcmp(other.id, s->id)))
		return refuse_taken(other.nom, true, e);
	found = false;
	if (s->rna && !structure_row_by_rna(db, a, s->rna, &homonym, &found, e))
		return false;
	if (found && (!s->id || strcmp(homonym.id, s->id)))
		return refuse_taken(homonym.nom, false, e);
	return true;
}

bool structure_save(struct tx *tx, const struct env *env, struct arena *a,
		    struct structure *s, struct err *e)
{
	char now[ISO_TEXT], id[UUID_TEXT], cle[400];
	int64_t changed = 1;

	if (!numbers_are_free(tx_db(tx), a, s, e))
		return false;
	iso_write(env_now(env), now);
	utf8_fold(s->nom, cle, sizeof cle);
	if (!s->id) {
		uuid_new(env, id);
		s->id = arena_str(a, id);
		return structure_add(tx, s->id, s->nom, cle, structure_types[s->type].slug,
				     s->siret, s->rna, s->commune, s->adresse, s->telephone,
				     s->courriel, pouvoirs_write(a, s->pouvoirs),
				     structure_etats[s->etat].slug, now, NULL, e);
	}
	if (!structure_change(tx, s->id, s->nom, cle, structure_types[s->type].slug, s->siret,
			      s->rna, s->commune, s->adresse, s->telephone, s->courriel,
			      pouvoirs_write(a, s->pouvoirs), structure_etats[s->etat].slug,
			      now, &changed, e))
		return false;
	return changed ? true : fail(e, E_MISSING, "%s", N_("Cette structure n’existe pas."));
}
