#include "app/entretien.h"

#include <stdlib.h>
#include <string.h>

#include "app/modules.h"
#include "core/effacement.h"
#include "core/journal_tete.h"
#include "format/json.h"
#include "store/sauvegarde.h"

static void close_store(struct store **s)
{
	store_close(*s);
}

/* Prints what was put in the object of `j` as one line of JSON. */
static void print_json(struct call *c, struct buf *b)
{
	buf_char(b, '\n');
	fwrite(b->p, 1, b->n, c->out);
	buf_free(b);
}

/* --- backup ----------------------------------------------------------------------------- */

static bool read_days(const struct call *c, int *days, struct err *e)
{
	const char *text = call_option(c, "--garder");
	char *end;
	long n;

	*days = SAUVEGARDE_JOURS;
	if (!text)
		return true;
	n = strtol(text, &end, 10);
	if (end == text || *end || n < 1 || n > 3650) {
		fail(e, E_INPUT, "--garder %.40s n'est pas un nombre de jours.", text);
		return hint(e, "Donnez un nombre de 1 à 3650 ; sans --garder : %d.",
			    SAUVEGARDE_JOURS);
	}
	*days = (int)n;
	return true;
}

/* Where older backups stand beside the new one. */
static void parent_of(const char *path, char out[SAUVEGARDE_PATH])
{
	char *slash;

	snprintf(out, SAUVEGARDE_PATH, "%s", path);
	slash = strrchr(out, '/');
	if (slash == out)
		slash++;
	if (slash)
		*slash = '\0';
	else
		snprintf(out, SAUVEGARDE_PATH, ".");
}

static void backup_say(struct call *c, const struct sauvegarde *made, int removed, int days)
{
	if (c->json) {
		struct buf b = buf_new(16 << 10);
		struct json_out j = { &b, false };

		json_open_object(&j, NULL);
		json_put_text(&j, "sauvegarde", made->path);
		json_put_int(&j, "fichiers", (int64_t)made->files);
		json_put_int(&j, "octets", made->bytes);
		json_put_int(&j, "expirees", removed);
		json_close_object(&j);
		print_json(c, &b);
		return;
	}
	fprintf(c->out, "%s\n", made->path);
	fprintf(stderr, "Sauvegarde relue et vérifiée : %zu fichier%s, %ld ko.\n", made->files,
		made->files > 1 ? "s" : "", (long)((made->bytes + 999) / 1000));
	if (removed)
		fprintf(stderr, "%d sauvegarde%s de plus de %d jours supprimée%s.\n", removed,
			removed > 1 ? "s" : "", days, removed > 1 ? "s" : "");
}

/* That a copy of everything was made is known to the journal. */
static bool note_backup(struct tx *tx, void *arg, struct err *e)
{
	return journal_append(tx, arg, &(struct journal_entry){ .genre = "journal.sauvegarde" }, NULL, e);
}

static bool backup_run(struct call *c, struct err *e)
{
	CLEANUP(close_store) struct store *s = NULL;
	struct sauvegarde made;
	char folder[SAUVEGARDE_PATH];
	int days, removed;

	if (!read_days(c, &days, e) ||
	    !store_open(call_option(c, "--data"), STORE_COMMAND, c->env, &s, e) ||
	    !sauvegarde_make(s, call_option(c, "--sortie"), &made, e))
		return false;
	parent_of(made.path, folder);
	if (!store_write(s, note_backup, (void *)c->env, e))
		return false;
	if (!sauvegarde_expire(folder, days, c->env, &removed, e))
		return false;
	backup_say(c, &made, removed, days);
	return true;
}

static const struct command_option backup_options[] = {
	{ "--data", "DIR", "dossier de données", true },
	{ "--sortie", "DOSSIER", "où la ranger (un dossier qui existe), ou son nom ; sinon DIR/sauvegardes",
	  false },
	{ "--garder", "JOURS", "supprime les sauvegardes plus vieilles, à côté (35)", false },
	{ 0 },
};

/* --- restore ---------------------------------------------------------------------------- */

/* The journal says at once that it was restored; a server that starts would, too. */
static bool declare_restore(struct call *c, struct err *e)
{
	CLEANUP(close_store) struct store *s = NULL;
	CLEANUP(signer_close) struct signer *g = NULL;
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	const char *dir = call_option(c, "--data");
	struct journal_tete t;

	return store_open(dir, STORE_CREATE, c->env, &s, e)
	       && effacement_resume(s, module_effaceurs, e)
	       && signer_open_local(dir, c->env, &g, e) && journal_seal(s, g, NULL, &a, &t, e);
}

static bool restore_run(struct call *c, struct err *e)
{
	const char *dir = call_option(c, "--data");
	char aside[SAUVEGARDE_PATH];

	if (!sauvegarde_restore(dir, c->args[0], c->env, aside, e) || !declare_restore(c, e))
		return false;
	if (c->json) {
		struct buf b = buf_new(16 << 10);
		struct json_out j = { &b, false };

		json_open_object(&j, NULL);
		json_put_text(&j, "restauree", c->args[0]);
		json_put_text(&j, "remplacee", *aside ? aside : NULL);
		json_close_object(&j);
		print_json(c, &b);
		return true;
	}
	fprintf(stderr, "%s contient de nouveau ce que la sauvegarde avait gardé.\n", dir);
	if (*aside)
		fprintf(stderr, "Ce qui s'y trouvait est mis de côté :\n");
	if (*aside)
		fprintf(c->out, "%s\n", aside);
	return true;
}

/* --- migrate ---------------------------------------------------------------------------- */

static bool migrate_run(struct call *c, struct err *e)
{
	CLEANUP(close_store) struct store *s = NULL;
	int n;

	if (!store_open(call_option(c, "--data"), STORE_MIGRATE, c->env, &s, e))
		return false;
	n = store_migrated(s);
	if (c->json)
		fprintf(c->out, "{\"migrations\":%d}\n", n);
	else if (n)
		fprintf(stderr, "%d migration%s appliquée%s ; une copie d'avant est dans "
			"sauvegardes/.\n", n, n > 1 ? "s" : "", n > 1 ? "s" : "");
	else
		fprintf(stderr, "Les données sont déjà à jour.\n");
	return true;
}

static const struct command_option data_options[] = {
	{ "--data", "DIR", "dossier de données", true },
	{ 0 },
};

const struct command entretien_commands[] = {
	{ "backup", NULL, 0, 0, "Copie les données, vérifie la copie, oublie les plus vieilles",
	  "tremplin backup --data /var/lib/tremplin", backup_options, backup_run },
	{ "restore", "SAUVEGARDE", 1, 1,
	  "Remet une sauvegarde en place ; met de côté ce qui s'y trouve",
	  "tremplin restore --data /var/lib/tremplin /var/lib/tremplin/sauvegardes/tremplin-2026-11-22T10-00-00Z",
	  data_options, restore_run },
	{ "migrate", NULL, 0, 0, "Met les données à la version du programme, après une copie",
	  "tremplin migrate --data /var/lib/tremplin", data_options, migrate_run },
	{ 0 },
};
