#include "app/personne_command.h"

#include "app/modules.h"
#include "core/effacement.h"
#include "core/journal.h"
#include "store/envoi.h"

enum { EXPORT_MOST = 64 << 20 };

static void close_store(struct store **s)
{
	if (*s)
		store_close(*s);
}

struct noting {
	const struct env *env;
	const char *usager;
};

/* That a copy was given is an act too. */
static bool note(struct tx *tx, void *arg, struct err *e)
{
	const struct noting *k = arg;

	return journal_append(tx, k->env, &(struct journal_entry){ .genre = "export.personne",
				.usager = k->usager }, NULL, e);
}

static bool export_run(struct call *c, struct err *e)
{
	CLEANUP(close_store) struct store *s = NULL;
	CLEANUP(db_release) struct db *db = NULL;
	CLEANUP(buf_free) struct buf b = buf_new(EXPORT_MOST);
	struct noting k = { c->env, c->args[0] };

	if (!store_open(call_option(c, "--data"), STORE_COMMAND, c->env, &s, e)
	    || !store_write(s, note, &k, e) || !db_acquire(s, &db, e)
	    || !effacement_export(db, c->env, module_effaceurs, "usager", c->args[0], &b, e))
		return false;
	fwrite(b.p, 1, b.n, c->out);
	return true;
}

static bool erase_run(struct call *c, struct err *e)
{
	CLEANUP(close_store) struct store *s = NULL;

	if (!store_open(call_option(c, "--data"), STORE_COMMAND, c->env, &s, e)
	    || !effacement_run(s, module_effaceurs, "usager", c->args[0], NULL, e)
	    || !envoi_depot_forget(s, e))
		return false;
	fputs("Effacé. Les sauvegardes d’avant expirent d’elles-mêmes ; si l’une est relue, ce sera effacé de "
	      "nouveau.\n", stderr);
	return true;
}

static const struct command_option options[] = {
	{ "--data", "DIR", "dossier de données", true },
	{ 0 },
};

const struct command personne_commands[] = {
	{ "personne export", "ID", 1, 1, "Donne tout ce qui est gardé d’une personne aidée, en JSON",
	  "tremplin personne export --data /var/lib/tremplin 01a205b0-2011-7dcb-a113-e72129aefae4",
	  options, export_run },
	{ "personne efface", "ID", 1, 1, "Efface tout ce qui est gardé d’une personne aidée",
	  "tremplin personne efface --data /var/lib/tremplin 01a205b0-2011-7dcb-a113-e72129aefae4",
	  options, erase_run },
	{ 0 },
};
