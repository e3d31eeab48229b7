#include "observe/terrain.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "core/lieu.h"
#include "observe/terrain.sql.h"

const struct choice terrain_sortes[] = {
	{ "cheminement", N_("Cheminement (extrait d’entretiens)"), NULL },
	{ "note", N_("Note"), NULL },
	{ "document", N_("Document"), NULL },
	{ 0 },
};

const struct choice terrain_themes[] = {
	{ "bloque", N_("Ce qui bloque"), NULL },
	{ "marche", N_("Ce qui marche"), NULL },
	{ "voies", N_("Par quelles voies on fait ses démarches"), NULL },
	{ "aide", N_("Qui aide, et comment"), NULL },
	{ "apprendre", N_("Apprendre"), NULL },
	{ "equiper", N_("S’équiper, se connecter"), NULL },
	{ "autre", N_("Autre chose"), NULL },
	{ 0 },
};

static int index_of(const struct choice *table, const char *slug)
{
	int i = choice_find(table, slug);

	return i < 0 ? 0 : i;
}

bool terrain_published(struct db *db, struct arena *a, const char *niveau, const char *code,
		       struct terrain **out, size_t *n, struct err *e)
{
	struct terrain_of_row *rows;

	if (!terrain_of(db, a, niveau, code, &rows, n, e))
		return false;
	*out = NEW_ARRAY(a, *n + 1, struct terrain);
	if (!*out)
		return arena_refuse(a, e);
	for (size_t i = 0; i < *n; i++) {
		(*out)[i] = (struct terrain){ .id = rows[i].id, .niveau = niveau, .code = code,
			.sorte = index_of(terrain_sortes, rows[i].sorte),
			.theme = index_of(terrain_themes, rows[i].theme), .titre = rows[i].titre,
			.texte = rows[i].texte, .lien = rows[i].lien, .source = rows[i].source,
			.publie = true };
	}
	return true;
}

bool terrain_all(struct db *db, struct arena *a, struct terrain **out, size_t *n,
		 struct err *e)
{
	struct terrain_list_row *rows;

	if (!terrain_list(db, a, &rows, n, e))
		return false;
	*out = NEW_ARRAY(a, *n + 1, struct terrain);
	if (!*out)
		return arena_refuse(a, e);
	for (size_t i = 0; i < *n; i++) {
		(*out)[i] = (struct terrain){ .id = rows[i].id, .niveau = rows[i].niveau,
			.code = rows[i].code, .sorte = index_of(terrain_sortes, rows[i].sorte),
			.theme = index_of(terrain_themes, rows[i].theme), .titre = rows[i].titre,
			.texte = "", .publie = rows[i].publie };
	}
	return true;
}

bool terrain_read(struct db *db, struct arena *a, const char *id, struct terrain *out,
		  struct err *e)
{
	struct terrain_get_row r;

	if (!terrain_get(db, a, id, &r, e))
		return false;
	*out = (struct terrain){ .id = r.id, .niveau = r.niveau, .code = r.code,
		.sorte = index_of(terrain_sortes, r.sorte),
		.theme = index_of(terrain_themes, r.theme), .titre = r.titre, .texte = r.texte,
		.lien = r.lien, .source = r.source, .consenti = r.consenti, .relu = r.relu,
		.publie = r.publie };
	return true;
}

/* --- writing ------------------------------------------------------------------------------- */

static bool check(const struct terrain *t, struct err *e)
{
	if (t->lien && strncmp(t->lien, "https://", 8))
		return fail(e, E_INPUT, "%s", N_("Le lien commence par https://"));
	if (t->sorte != TERRAIN_CHEMINEMENT)
		return true;
	if (strcmp(t->niveau, "departement")) {
		fail(e, E_INPUT, "%s", N_("Un cheminement se rattache à un département, jamais à une "
					  "commune : on pourrait y reconnaître quelqu’un."));
		return hint(e, "%s", N_("Choisissez le département."));
	}
	if (t->publie && !(t->consenti && t->relu)) {
		fail(e, E_INPUT, "%s", N_("Un cheminement n’est publié que si la personne est d’accord "
					  "et a relu l’extrait."));
		return hint(e, "%s", N_("Enregistrez-le sans le publier en attendant."));
	}
	return true;
}

struct saving {
	const struct env *env;
	const struct terrain *t;
	const char *agent;
	char le[ISO_TEXT];
};

static bool save(struct tx *tx, void *arg, struct err *e)
{
	const struct saving *s = arg;
	const struct terrain *t = s->t;

	return terrain_put(tx, t->id, t->niveau, t->code, terrain_sortes[t->sorte].slug,
			   terrain_themes[t->theme].slug, t->titre, t->texte, t->lien, t->source,
			   t->consenti, t->relu, t->publie, s->agent, s->le, NULL, e);
}

bool terrain_save(struct store *s, const struct env *env, struct arena *a, struct terrain *t,
		  const char *agent, struct err *e)
{
	struct saving job = { .env = env, .t = t, .agent = agent };
	char id[UUID_TEXT];

	if (!check(t, e))
		return false;
	if (!t->id) {
		uuid_new(env, id);
		t->id = arena_str(a, id);
	}
	iso_write(env_now(env), job.le);
	return store_write(s, save, &job, e);
}

static bool remove_one(struct tx *tx, void *arg, struct err *e)
{
	int64_t changed;

	if (!terrain_delete(tx, arg, &changed, e))
		return false;
	return changed || fail(e, E_MISSING, "%s", N_("Cela n’existe pas, ou plus."));
}

bool terrain_remove(struct store *s, const char *id, struct err *e)
{
	char copy[UUID_TEXT];

	snprintf(copy, sizeof copy, "%s", id);
	return store_write(s, remove_one, copy, e);
}
