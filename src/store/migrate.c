#include "store/migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/log.h"
#include "crypto/sha256.h"
#include "store/inside.h"
#include "store/migration.sql.h"

struct applied {
	struct migration_list_row *rows;
	size_t n;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* A file without the table is new, or is not ours. */
static bool has_table(struct db *db)
{
	return sqlite3_table_column_metadata(db->c, NULL, "migration", NULL, NULL, NULL, NULL,
					     NULL, NULL) == SQLITE_OK;
}

static bool read_applied(struct db *db, struct arena *a, struct applied *out, struct err *e)
{
	*out = (struct applied){ 0 };
	return !has_table(db) || migration_list(db, a, &out->rows, &out->n, e);
}

static const char *find_applied(const struct applied *done, const char *name)
{
	for (size_t i = 0; i < done->n; i++) {
		if (strcmp(done->rows[i].nom, name) == 0)
			return done->rows[i].empreinte;
	}
	return NULL;
}

static bool refuse_newer(struct db *db, const char *name, struct err *e)
{
	fail(e, E_CONFLICT, "%.120s a été ouvert par une version plus récente de Tremplin (%.60s).",
	     db->store->dir, name);
	return hint(e, "Installez la dernière version de Tremplin, ou restaurez une sauvegarde "
		    "faite avant la mise à jour.");
}

static bool refuse_changed(struct db *db, const char *name, struct err *e)
{
	fail(e, E_CONFLICT, "La migration %.60s n'est plus celle qui a préparé %.120s.", name,
	     db->store->dir);
	return hint(e, "Ce programme n'est pas une version publiée : revenez à celle d'avant, ou "
		    "partez d'un dossier vide.");
}

/* All that was applied must be ours, and as it was. */
static bool check_applied(struct db *db, const struct embedded_file *list,
			  const struct applied *done, struct err *e)
{
	char hash[SHA256_HEX];

	for (size_t i = 0; i < done->n; i++) {
		const struct embedded_file *f = list;

		while (f->name && strcmp(base_name(f->name), done->rows[i].nom))
			f++;
		if (!f->name)
			return refuse_newer(db, done->rows[i].nom, e);
		sha256_hex(f->p, (size_t)(f->end - f->p), hash);
		if (strcmp(hash, done->rows[i].empreinte))
			return refuse_changed(db, done->rows[i].nom, e);
	}
	return true;
}

static const struct embedded_file *first_missing(const struct embedded_file *list,
						 const struct applied *done)
{
	while (list->name && find_applied(done, base_name(list->name)))
		list++;
	return list->name ? list : NULL;
}

/* --- applying --------------------------------------------------------------------------- */

/* The text without the lines that only PostgreSQL understands. */
static char *for_sqlite(const struct embedded_file *f)
{
	char *text = strndup(f->p, (size_t)(f->end - f->p));

	for (char *line = text; line && *line;) {
		size_t n = strcspn(line, "\n");
		char kept = line[n];

		line[n] = '\0';
		if (strstr(line, "-- pg:"))
			memset(line, ' ', n);
		line[n] = kept;
		line += n + (kept != '\0');
	}
	return text;
}

static bool keys_hold(struct db *db, const char *name, struct err *e)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db->c, "PRAGMA foreign_key_check", -1, &s, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(s);
	sqlite3_finalize(s);
	if (rc == SQLITE_ROW)
		return fail(e, E_STORE, "La migration %.60s laisserait des renvois vers rien.", name);
	return rc == SQLITE_DONE || db_fail(db, rc, "foreign_key_check", e);
}

static bool apply_inside(struct db *db, const struct embedded_file *f, struct err *e)
{
	const char *name = base_name(f->name);
	char hash[SHA256_HEX], now[ISO_TEXT];
	char *sql = for_sqlite(f);
	bool good;

	if (!sql)
		return fail(e, E_LIMIT, "Il n'y a plus de mémoire.");
	sha256_hex(f->p, (size_t)(f->end - f->p), hash);
	iso_write(env_now(db->store->env), now);
	good = db_control(db, sql, e) && keys_hold(db, name, e) &&
		migration_add((struct tx *)db, name, hash, now, NULL, e);
	free(sql);
	return good;
}

/* One migration, in its own transaction; nothing when another process was faster. */
static bool apply(struct db *db, const struct embedded_file *f, struct arena *a, struct err *e)
{
	struct applied done;
	bool good;

	if (!db_control(db, "BEGIN IMMEDIATE", e))
		return false;
	good = read_applied(db, a, &done, e);
	if (good && !find_applied(&done, base_name(f->name)))
		good = apply_inside(db, f, e);
	if (good && db_control(db, "COMMIT", e))
		return true;
	sqlite3_exec(db->c, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

/* --- before ----------------------------------------------------------------------------- */

static bool copy_before(struct db *db, const char *name, struct err *e)
{
	char path[PATH_ROOM * 2], now[ISO_TEXT];

	iso_write(env_now(db->store->env), now);
	for (char *p = now; *p; p++) {
		if (*p == ':')
			*p = '-';
	}
	return store_folder(db->store, "sauvegardes", e) &&
		snprintf(path, sizeof path, "%s/sauvegardes/avant-%.*s-%s.db", db->store->dir,
			 (int)strcspn(name, "."), name, now) > 0 &&
		store_backup(db->store, path, e);
}

static bool refuse_outdated(struct db *db, const char *name, struct err *e)
{
	fail(e, E_CONFLICT, "%.160s attend une mise à jour (%.60s).", db->store->dir, name);
	return hint(e, "Arrêtez le service, puis : tremplin migrate --data %.100s", db->store->dir);
}

static bool is_ours(struct db *db, struct err *e)
{
	sqlite3_stmt *s = NULL;
	int rc;

	if (has_table(db))
		return true;
	rc = sqlite3_prepare_v2(db->c, "PRAGMA schema_version", -1, &s, NULL);
	if (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW &&
	    sqlite3_column_int64(s, 0) == 0) {
		sqlite3_finalize(s);
		return true;
	}
	sqlite3_finalize(s);
	if (rc != SQLITE_ROW)
		return db_fail(db, rc, "schema_version", e);
	fail(e, E_CONFLICT, "%.200s n'est pas un fichier de Tremplin.", db->store->file);
	return hint(e, "Donnez à --data un autre dossier.");
}

static bool migrate_with(struct db *db, const struct embedded_file *list, bool may,
			 int *applied, struct arena *a, struct err *e)
{
	struct applied done;
	const struct embedded_file *f;

	if (!is_ours(db, e) || !read_applied(db, a, &done, e) ||
	    !check_applied(db, list, &done, e))
		return false;
	f = first_missing(list, &done);
	if (!f)
		return true;
	if (!may)
		return refuse_outdated(db, base_name(f->name), e);
	if (done.n && !copy_before(db, base_name(f->name), e))
		return false;
	/* a table is rebuilt by copy, drop and rename: keys are checked before the commit */
	if (!db_control(db, "PRAGMA foreign_keys = OFF", e))
		return false;
	for (; f->name; f++) {
		if (find_applied(&done, base_name(f->name)))
			continue;
		if (!apply(db, f, a, e))
			return false;
		*applied += 1;
	}
	log_info("%d migration%s dans %s", *applied, *applied > 1 ? "s" : "", db->store->dir);
	return db_control(db, "PRAGMA foreign_keys = ON", e);
}

bool migrate(struct db *db, const struct embedded_file *list, bool may, int *applied,
	     struct err *e)
{
	struct arena a = arena_new(4 << 20);
	int count = 0;
	bool good = migrate_with(db, list, may, &count, &a, e);

	if (applied)
		*applied = count;
	arena_free(&a);
	return good;
}

bool migrate_known(struct db *db, const struct embedded_file *list, struct err *e)
{
	struct arena a = arena_new(4 << 20);
	struct applied done;
	bool good = is_ours(db, e) && read_applied(db, &a, &done, e) &&
		check_applied(db, list, &done, e);

	arena_free(&a);
	return good;
}
