#include "detect/catalogue.h"

#include <string.h>

#include "base/date.h"
#include "base/embedded.h"
#include "crypto/sha256.h"
#include "detect/catalogue.sql.h"

const struct choice instrument_etats[] = {
	[INSTRUMENT_BROUILLON] = { "brouillon", N_("Brouillon"), NULL },
	[INSTRUMENT_PUBLIE] = { "publie", N_("Publié"), NULL },
	[INSTRUMENT_RETIRE] = { "retire", N_("Retiré"), NULL },
	{ 0 },
};

static const char FOLDER[] = "data/instruments/";
enum { ROWS = 400 };

/* --- reading ------------------------------------------------------------------------ */

static const struct embedded_file *shipped(struct arena *a, const char *id)
{
	return embedded_find(embedded_files, arena_cat(a, FOLDER, id, ".json", NULL));
}

static bool read_text(struct arena *a, const char *id, const char *text, size_t n,
		      const struct instrument **out, struct err *e)
{
	return instrument_read(a, arena_cat(a, id, ".json", NULL), text, n, out, e);
}

static bool missing(const char *id, const char *version, struct err *e)
{
	if (version)
		fail(e, E_MISSING, "La version %.40s de « %.60s » n’est pas ici.", version, id);
	else
		fail(e, E_MISSING, "Aucun instrument ne s’appelle « %.60s ».", id);
	return hint(e, "La liste des instruments dit ce qu’il y a.");
}

static bool read_shipped(struct arena *a, const char *id, const struct instrument **out,
			 struct err *e)
{
	const struct embedded_file *f = shipped(a, id);

	return f ? read_text(a, id, f->p, (size_t)(f->end - f->p), out, e)
		 : missing(id, NULL, e);
}

bool catalogue_current(struct db *db, struct arena *a, const char *id,
		       const struct instrument **out, struct err *e)
{
	struct instrument_current_row row;
	bool found;

	if (!instrument_current(db, a, id, &row, &found, e))
		return false;
	return found ? read_text(a, id, row.fichier, strlen(row.fichier), out, e)
		     : read_shipped(a, id, out, e);
}

bool catalogue_version(struct db *db, struct arena *a, const char *id, const char *version,
		       const struct instrument **out, struct err *e)
{
	struct instrument_stored_row row;
	bool found;

	if (!instrument_stored(db, a, id, version, &row, &found, e))
		return false;
	if (found)
		return read_text(a, id, row.fichier, strlen(row.fichier), out, e);
	if (!shipped(a, id) || !read_shipped(a, id, out, e)
	    || strcmp((*out)->version, version) != 0)
		return missing(id, version, e);
	return true;
}

bool catalogue_draft(struct db *db, struct arena *a, const char *id, const char *version,
		     const char **text, const char **structure, struct err *e)
{
	struct instrument_stored_row row;
	bool found;

	*structure = NULL;
	if (!instrument_stored(db, a, id, version, &row, &found, e))
		return false;
	if (!found)
		return missing(id, version, e);
	*structure = row.structure_id;
	*text = row.fichier;
	if (strcmp(row.etat, "brouillon") == 0)
		return true;
	fail(e, E_CONFLICT, "Cette version est publiée : elle ne change plus.");
	return hint(e, "Faites-en une nouvelle version.");
}

static bool add_shipped(struct arena *a, struct catalogue_ligne *rows, size_t *n, struct err *e)
{
	for (const struct embedded_file *f = embedded_files; f->name && *n < ROWS; f++) {
		struct catalogue_ligne *l = &rows[*n];

		if (strncmp(f->name, FOLDER, sizeof FOLDER - 1) != 0)
			continue;
		if (!instrument_read(a, f->name, f->p, (size_t)(f->end - f->p), &l->in, e))
			return false;
		l->id = l->in->id;
		l->version = l->in->version;
		l->titre = l->in->titre;
		l->fichier = f->p;
		l->etat = INSTRUMENT_PUBLIE;
		l->livre = true;
		(*n)++;
	}
	return true;
}

/* The line that is shipped under that name and version; NULL. */
static struct catalogue_ligne *same_shipped(struct catalogue_ligne *rows, size_t n,
					    const struct instrument_rows_row *r)
{
	for (size_t i = 0; i < n; i++) {
		if (rows[i].livre && strcmp(rows[i].id, r->id) == 0
		    && strcmp(rows[i].version, r->version) == 0)
			return &rows[i];
	}
	return NULL;
}

bool catalogue_list(struct db *db, struct arena *a, struct catalogue_ligne **out, size_t *n,
		    struct err *e)
{
	struct catalogue_ligne *rows = NEW_ARRAY(a, ROWS, struct catalogue_ligne);
	struct instrument_rows_row *stored;
	size_t nstored, nshipped;

	*n = 0;
	if (!rows)
		return arena_refuse(a, e);
	if (!add_shipped(a, rows, n, e) || !instrument_rows(db, a, &stored, &nstored, e))
		return false;
	nshipped = *n;
	for (size_t i = 0; i < nstored && *n < ROWS; i++) {
		const struct instrument_rows_row *r = &stored[i];
		struct catalogue_ligne *l = r->livre ? same_shipped(rows, nshipped, r) : NULL;
		struct err ignored = { 0 };
		int etat = 0;

		if (l) {
			l->reponses = r->reponses;
			continue;
		}
		while (etat < INSTRUMENT_RETIRE && strcmp(instrument_etats[etat].slug,
			r->etat) != 0)
			etat++;
		l = &rows[(*n)++];
		*l = (struct catalogue_ligne){ .id = r->id, .version = r->version,
			.etat = r->livre ? INSTRUMENT_RETIRE : (enum instrument_etat)etat,
			.livre = r->livre, .reponses = r->reponses, .fichier = r->fichier,
			.structure = r->structure_id };
		read_text(a, r->id, r->fichier, strlen(r->fichier), &l->in, &ignored);
		l->titre = l->in ? l->in->titre : r->id;
	}
	*out = rows;
	return true;
}

/* --- writing ------------------------------------------------------------------------ */

struct change {
	const struct env *env;
	struct arena *a;
	const struct instrument *in;
	const char *id, *version, *text, *structure, *etat, *avant;
};

static bool put_job(struct tx *tx, void *arg, struct err *e)
{
	const struct change *c = arg;
	struct instrument_stored_row row;
	char now[ISO_TEXT], print[SHA256_HEX];
	int64_t changed;
	bool found;

	iso_write(env_now(c->env), now);
	sha256_hex(c->text, strlen(c->text), print);
	if (!instrument_stored(tx_db(tx), c->a, c->in->id, c->in->version, &row, &found, e))
		return false;
	if (!found)
		return instrument_add(tx, c->in->id, c->in->version, "brouillon", c->text, print, 0,
				      c->structure, now, NULL, e);
	if (!instrument_change(tx, c->in->id, c->in->version, c->text, print, now, &changed, e))
		return false;
	if (changed)
		return true;
	fail(e, E_CONFLICT, "La version %.40s de « %.60s » est publiée : elle ne change plus.",
	     c->in->version, c->in->id);
	return hint(e, "Donnez un autre numéro de version.");
}

bool catalogue_save(struct store *s, const struct env *env, struct arena *a, const char *text,
		    const char *structure, const struct instrument **out, struct err *e)
{
	struct change c = { .env = env, .a = a, .text = text, .structure = structure };
	const struct instrument *shipped_one;
	struct err ignored = { 0 };

	if (!instrument_read(a, "instrument.json", text, strlen(text), &c.in, e))
		return false;
	if (shipped(a, c.in->id) && read_shipped(a, c.in->id, &shipped_one, &ignored)
	    && strcmp(shipped_one->version, c.in->version) == 0) {
		fail(e, E_CONFLICT, "« %.60s » %.40s est un instrument de Tremplin.", c.in->id,
		     c.in->version);
		return hint(e, "Donnez un autre nom ou un autre numéro de version.");
	}
	*out = c.in;
	return store_write(s, put_job, &c, e);
}

static bool state_job(struct tx *tx, void *arg, struct err *e)
{
	const struct change *c = arg;
	char now[ISO_TEXT];
	int64_t changed;

	iso_write(env_now(c->env), now);
	if (!instrument_state(tx, c->id, c->version, c->etat, c->avant, now, &changed, e))
		return false;
	return changed || fail(e, E_CONFLICT, "Cet instrument a changé d’état entre-temps.");
}

bool catalogue_publish(struct store *s, const struct env *env, struct arena *a, const char *id,
		       const char *version, struct err *e)
{
	struct change c = { .env = env, .id = id, .version = version, .etat = "publie",
			    .avant = "brouillon" };
	CLEANUP(db_release) struct db *db = NULL;
	const struct instrument *in;
	int missed;

	if (!db_acquire(s, &db, e) || !catalogue_version(db, a, id, version, &in, e))
		return false;
	missed = instrument_cases(in, NULL);
	if (missed) {
		fail(e, E_INPUT, "%d cas de test ne passent pas.", missed);
		return hint(e, "La page de vérification dit lesquels.");
	}
	return store_write(s, state_job, &c, e);
}

bool catalogue_retire(struct store *s, const struct env *env, const char *id,
		      const char *version, struct err *e)
{
	struct change c = { .env = env, .id = id, .version = version, .etat = "retire",
			    .avant = "publie" };

	return store_write(s, state_job, &c, e);
}

static bool drop_job(struct tx *tx, void *arg, struct err *e)
{
	const struct change *c = arg;
	int64_t changed;

	if (!instrument_drop(tx, c->id, c->version, &changed, e))
		return false;
	return changed || fail(e, E_CONFLICT, "Seul un brouillon s’efface.");
}

bool catalogue_drop(struct store *s, const char *id, const char *version, struct err *e)
{
	struct change c = { .id = id, .version = version };

	return store_write(s, drop_job, &c, e);
}

bool catalogue_hold(struct tx *tx, struct arena *a, const struct env *env,
		    const struct instrument *in, struct err *e)
{
	struct instrument_stored_row row;
	char now[ISO_TEXT], print[SHA256_HEX];
	const char *text = arena_strn(a, in->text, in->size);
	bool found;

	if (!instrument_stored(tx_db(tx), a, in->id, in->version, &row, &found, e))
		return false;
	if (found && strcmp(row.fichier, text) == 0)
		return true;
	if (found) {
		fail(e, E_CONFLICT, "« %.60s » %.40s n’est plus celui qui a été répondu.", in->id,
		     in->version);
		return hint(e, "Un instrument qui change prend un nouveau numéro de version.");
	}
	iso_write(env_now(env), now);
	sha256_hex(text, strlen(text), print);
	return instrument_add(tx, in->id, in->version, "publie", text, print, 1, NULL, now,
		NULL, e);
}
