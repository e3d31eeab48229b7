/* tremplin carte import */
#include "admit/carte.h"

#include <string.h>

#include "admit/carte.sql.h"
#include "base/date.h"
#include "core/structure.h"
#include "core/trace.h"
#include "format/json.h"
#include "store/signer.h"

enum { MEMORY = 64 << 20 };

struct importing {
	struct call *c;
	struct store *store;
	struct signer *signer;
	struct arena a;
	struct cartes_lues lues;
	struct bytes *sealed;           /* beside each line */
	const char *structure;          /* NULL: the territory's stock */
	size_t taken;
};

static void importing_end(struct importing *w)
{
	for (size_t i = 0; i < w->lues.n; i++)
		memset(w->lues.lignes[i].graine, 0, sizeof w->lues.lignes[i].graine);
	signer_close(&w->signer);
	store_close(w->store);
	arena_free(&w->a);
}

static bool seal_all(struct importing *w, struct err *e)
{
	w->sealed = NEW_ARRAY(&w->a, w->lues.n, struct bytes);
	if (!w->sealed)
		return arena_refuse(&w->a, e);
	for (size_t i = 0; i < w->lues.n; i++) {
		struct graine_ligne *l = &w->lues.lignes[i];

		const struct bytes seed = { l->graine, l->taille };

		if (!l->refus && !signer_seal(w->signer, "graines", seed, &w->a, &w->sealed[i], e))
			return false;
		progress("cartes", i + 1, w->lues.n);
	}
	progress_end();
	return true;
}

static bool write_cards(struct tx *tx, void *arg, struct err *e)
{
	struct importing *w = arg;
	struct trace line = { .action = TRACE_CARTES_IMPORTEES, .structure = w->structure };
	char now[ISO_TEXT];
	int64_t added;

	w->taken = 0;
	iso_write(env_now(w->c->env), now);
	for (size_t i = 0; i < w->lues.n; i++) {
		struct graine_ligne *l = &w->lues.lignes[i];

		if (l->refus)
			continue;
		if (!carte_add(tx, l->serie, w->sealed[i], l->pas, l->chiffres, w->structure, now,
			       &added, e))
			return false;
		l->nouvelle = added;
		w->taken += added > 0;
	}
	line.objet = arena_printf(&w->a, "%zu", w->taken);
	return !w->taken || trace_put(tx, w->c->env, &line, e);
}

static size_t tell(struct importing *w, const char *file)
{
	size_t refused = 0;

	for (size_t i = 0; i < w->lues.n; i++) {
		const struct graine_ligne *l = &w->lues.lignes[i];
		const char *why = l->refus ? l->refus : "cette carte est déjà dans le stock.";

		if (l->nouvelle)
			continue;
		refused++;
		fprintf(stderr, "%s:%ld: %s\n", file, l->line, why);
	}
	return refused;
}

static void print_counts(struct importing *w, size_t refused)
{
	CLEANUP(buf_free) struct buf b = buf_new(1 << 10);
	struct json_out j = { &b, false };

	if (!w->c->json) {
		fprintf(stderr, "%zu cartes lues, %zu ajoutées au stock, %zu refusées.\n", w->lues.n,
			w->taken, refused);
		if (w->taken)
			fprintf(stderr, "Effacez maintenant le fichier des graines : qui le lit peut "
				"imiter chaque carte.\n");
		return;
	}
	json_open_object(&j, NULL);
	json_put_int(&j, "lus", (int64_t)w->lues.n);
	json_put_int(&j, "acceptes", (int64_t)w->taken);
	json_put_int(&j, "refuses", (int64_t)refused);
	json_close_object(&j);
	fprintf(w->c->out, "%s\n", buf_text(&b));
}

static bool find_structure(struct importing *w, const char *siret, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	char read[STRUCTURE_SIRET];
	struct structure found;
	bool any;

	if (!siret)
		return true;
	if (!siret_read(siret, read, e) || !db_acquire(w->store, &db, e)
	    || !structure_by_siret(db, &w->a, read, &found, &any, e))
		return false;
	if (!any) {
		fail(e, E_MISSING, "Aucune structure n’a le SIRET %s.", read);
		return hint(e, "« tremplin structure list » donne celles qui sont connues.");
	}
	w->structure = found.id;
	return true;
}

static bool run_import(struct call *c, struct err *e)
{
	CLEANUP(importing_end) struct importing w = { .c = c, .a = arena_new(MEMORY) };
	const char *dir = call_option(c, "--data"), *file = c->args[0];
	size_t refused;

	if (!cartes_read(file, &w.a, &w.lues, e)
	    || !store_open(dir, STORE_COMMAND, c->env, &w.store, e)
	    || !signer_open_local(dir, c->env, &w.signer, e)
	    || !find_structure(&w, call_option(c, "--siret"), e) || !seal_all(&w, e)
	    || !store_write_alone(w.store, write_cards, &w, e))
		return false;
	refused = tell(&w, file);
	print_counts(&w, refused);
	if (w.taken || !refused)
		return true;
	fail(e, E_INPUT, "Aucune carte n’est ajoutée.");
	return hint(e, "Corrigez les lignes dites plus haut et relancez.");
}

static const struct command_option import_options[] = {
	{ "--data", "DIR", "le dossier de données", true },
	{ "--siret", "SIRET", "la structure qui détient ces cartes (sinon : le stock du territoire)", false },
	{ 0 },
};

const struct command carte_commands[] = {
	{ .words = "carte import", .args = "FICHIER", .min_args = 1, .max_args = 1,
	  .summary = "Ajoute au stock des cartes à codes (CSV : serie, graine, pas, chiffres)",
	  .example = "tremplin carte import --data /var/lib/tremplin cartes.csv",
	  .options = import_options, .run = run_import },
	{ 0 },
};
