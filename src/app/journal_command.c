#include "app/journal_command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/config.h"
#include "base/date.h"
#include "core/journal.sql.h"
#include "core/journal_veille.h"
#include "core/journal_verif.h"
#include "format/json.h"
#include "store/tree.h"

enum { MEMORY = 256 << 20, PATH_ROOM = 1100 };

/* --- what all share ----------------------------------------------------------------------- */

static bool given_key(struct livre *l, const char *text, struct err *e)
{
	struct note_key key;

	if (!note_key_read(text, strlen(text), &key, e))
		return false;
	memcpy(l->public, key.public, BOX_PUBLIC);
	return true;
}

/* The folder's own key; never made here: a copy that is verified has none. */
static bool own_key(struct livre *l, const char *dir, struct err *e)
{
	struct stat st;

	if (!l->makes && stat(arena_cat(&l->a, dir, "/cles/journal", NULL), &st)) {
		fail(e, E_INPUT, "%.200s n’a pas la clé de son journal.", dir);
		return hint(e, "Donnez-la : --cle NOM+…, comme « tremplin journal root » l’écrit.");
	}
	return signer_open_local(dir, l->c->env, &l->signer, e)
	       && signer_public(l->signer, "journal", l->public, e);
}

bool livre_open(struct call *c, struct livre *l, struct err *e)
{
	const char *dir = call_option(c, "--data"), *key = call_option(c, "--cle");

	*l = (struct livre){ .c = c, .a = arena_new(MEMORY), .makes = l->makes };
	if (!(key ? given_key(l, key, e) : own_key(l, dir, e))
	    || !store_open(dir, STORE_COMMAND, c->env, &l->s, e) || !db_acquire(l->s, &l->db, e))
		return false;
	l->folder = journal_folder(l->s, &l->a);
	return true;
}

void livre_close(struct livre *l)
{
	db_release(&l->db);
	signer_close(&l->signer);
	if (l->s)
		store_close(l->s);
	arena_free(&l->a);
}

bool livre_last(struct livre *l, struct journal_tete *t, struct note_key *key, struct err *e)
{
	struct note note;

	if (!journal_last(l->db, &l->a, t, e) || !note_read(t->note, strlen(t->note), &note, e)
	    || !note_key_make(NOTE_LOG, t->head.origin, l->public, key, e))
		return false;
	if (note_verify(&note, key, NULL) == NOTE_SIGNED)
		return true;
	fail(e, E_CONFLICT, "La dernière tête n’est pas signée par la clé de ce journal.");
	return hint(e, "Lancez tremplin journal verify.");
}

bool livre_file(struct livre *l, const char *path, size_t most, const char **p, size_t *n,
		struct err *e)
{
	char *text = arena_alloc(&l->a, most + 1);
	FILE *f = text ? fopen(path, "re") : NULL;

	if (!text)
		return arena_refuse(&l->a, e);
	if (!f)
		return fail(e, errno == ENOENT ? E_MISSING : E_STORE,
			    "%.200s ne peut pas être lu (%s).", path, strerror(errno));
	*n = fread(text, 1, most + 1, f);
	fclose(f);
	*p = text;
	return *n <= most || fail(e, E_LIMIT, "%.200s est trop grand.", path);
}

static void print_json(struct call *c, struct buf *b)
{
	buf_char(b, '\n');
	fwrite(b->p, 1, b->n, c->out);
}

/* --- verify --------------------------------------------------------------------------------- */

static void seen(size_t done, size_t all)
{
	progress("journal", done, all);
}

static void verify_say(struct call *c, const struct journal_verif *v, bool sound)
{
	CLEANUP(buf_free) struct buf b = buf_new(64 << 10);
	struct json_out j = { &b, false };

	if (!c->json) {
		fprintf(c->out, sound ? "vérifié jusqu’à l’acte %lld\n" : "FAUX, lu jusqu’à l’acte %lld\n",
			(long long)v->feuilles);
		fprintf(stderr, "%lld actes : %lld lisibles, %lld effacés comme déclaré ; %lld têtes signées, "
			"%lld témoignages, %lld tuiles.\n", (long long)v->feuilles, (long long)v->lisibles,
			(long long)v->effaces, (long long)v->tetes, (long long)v->temoignages,
			(long long)v->tuiles);
		if (v->feuilles > v->signes)
			fprintf(stderr, "%lld actes plus récents attendent la prochaine signature.\n",
				(long long)(v->feuilles - v->signes));
		for (size_t i = 0; i < v->nfautes && i < JOURNAL_FAUTES; i++)
			fprintf(stderr, "- %s\n", v->fautes[i]);
		return;
	}
	json_open_object(&j, NULL);
	json_put_bool(&j, "sain", sound);
	json_put_int(&j, "actes", v->feuilles);
	json_put_int(&j, "lisibles", v->lisibles);
	json_put_int(&j, "effaces", v->effaces);
	json_put_int(&j, "signes", v->signes);
	json_put_int(&j, "tetes", v->tetes);
	json_put_int(&j, "temoignages", v->temoignages);
	json_put_int(&j, "tuiles", v->tuiles);
	json_open_array(&j, "fautes");
	for (size_t i = 0; i < v->nfautes && i < JOURNAL_FAUTES; i++)
		json_put_text(&j, NULL, v->fautes[i]);
	json_close_array(&j);
	json_close_object(&j);
	print_json(c, &b);
}

/* The head in a file: one that was kept, or that of a witness. */
static bool kept_head(struct livre *l, const char *path, struct note *note, struct note_head *head,
		      struct err *e)
{
	const char *p, *start;
	size_t n;

	if (!livre_file(l, path, NOTE_MOST, &p, &n, e))
		return false;
	/* the file of a witness has its own lines before it, up to an empty one */
	if (n > 18 && !memcmp(p, "tremplin temoin v1", 18) && (start = memmem(p, n, "\n\n", 2))) {
		n -= (size_t)(start + 2 - p);
		p = start + 2;
	}
	return note_read(p, n, note, e) && note_head_read(note, head, e);
}

static bool verify_run(struct call *c, struct err *e)
{
	CLEANUP(livre_close) struct livre l = { 0 };
	const char *kept = call_option(c, "--tete");
	struct journal_verif v = { .progress = seen };
	struct note_head head;
	struct note note;

	if (!livre_open(c, &l, e) || (kept && !kept_head(&l, kept, &note, &head, e)))
		return false;
	v.folder = l.folder;
	v.public = l.public;
	v.garde = kept ? &head : NULL;
	if (!journal_verify(l.db, &l.a, &v, e))
		return false;
	progress_end();
	verify_say(c, &v, !v.nfautes);
	if (!v.nfautes)
		return true;
	fail(e, E_CONFLICT, "Le journal n’est plus ce qui a été enregistré (%zu faute%s).", v.nfautes,
	     v.nfautes > 1 ? "s" : "");
	return hint(e, "Gardez ce dossier tel quel, prévenez le délégué à la protection des données, "
		    "comparez avec une sauvegarde.");
}

/* --- heads ---------------------------------------------------------------------------------- */

static bool root_run(struct call *c, struct err *e)
{
	CLEANUP(livre_close) struct livre l = { 0 };
	CLEANUP(buf_free) struct buf b = buf_new(4096), root = buf_new(64);
	struct json_out j = { &b, false };
	struct journal_tete t;
	struct note_key key;
	char text[NOTE_KEY_TEXT];

	if (!livre_open(c, &l, e) || !livre_last(&l, &t, &key, e))
		return false;
	note_key_write(&key, text);
	note_hash_write(&t.head.root, &root);
	if (c->json) {
		json_open_object(&j, NULL);
		json_put_text(&j, "origine", t.head.origin);
		json_put_int(&j, "taille", (int64_t)t.head.size);
		json_put_text(&j, "racine", buf_text(&root));
		json_put_text(&j, "cle", text);
		json_close_object(&j);
		print_json(c, &b);
		return true;
	}
	fprintf(c->out, "%llu %s %s\n", (unsigned long long)t.head.size, buf_text(&root), text);
	return true;
}

static bool checkpoint_run(struct call *c, struct err *e)
{
	CLEANUP(livre_close) struct livre l = { .makes = true };
	struct journal_tete t;
	struct site site;

	if (!livre_open(c, &l, e) || !config_read(&l.a, call_option(c, "--data"), &site, e))
		return false;
	if (l.signer ? !journal_seal(l.s, l.signer, journal_site_name(&site, &l.a), &l.a, &t, e)
	    : !journal_last(l.db, &l.a, &t, e))
		return false;
	fputs(t.cosignee, c->out);
	return true;
}

/* --- proofs ----------------------------------------------------------------------------------- */

static bool read_number(const char *text, int64_t *out, struct err *e)
{
	char *end;

	errno = 0;
	*out = strtoll(text, &end, 10);
	return (!errno && end != text && !*end && *out >= 0 && *text >= '0')
	       || fail(e, E_INPUT, "« %.40s » n’est pas le numéro d’un acte.", text);
}

static bool prove_run(struct call *c, struct err *e)
{
	CLEANUP(livre_close) struct livre l = { 0 };
	struct journal_tete t;
	struct note_key key;
	const char *text;
	int64_t numero;

	if (!read_number(c->args[0], &numero, e) || !livre_open(c, &l, e)
	    || !livre_last(&l, &t, &key, e)
	    || !journal_prove(l.db, l.folder, numero, &t, &l.a, &text, e))
		return false;
	fputs(text, c->out);
	return true;
}

/* Without a store: somebody else's proof, and the key that they say is ours. */
static bool check_run(struct call *c, struct err *e)
{
	struct livre l = { .c = c, .a = arena_new(MEMORY) };
	const char *text = call_option(c, "--cle"), *p;
	struct journal_proof proof;
	struct note_key key;
	size_t n;
	bool good;

	good = note_key_read(text, strlen(text), &key, e)
	       && livre_file(&l, c->args[0], JOURNAL_PREUVE, &p, &n, e)
	       && journal_proof_check(p, n, &key, &l.a, &proof, e);
	if (good) {
		fprintf(c->out, "%s\n", proof.record);
		fprintf(stderr, "C’est l’acte %llu du journal %s, qui en avait %llu quand sa tête a été signée.\n",
			(unsigned long long)proof.index, proof.head.origin,
			(unsigned long long)proof.head.size);
	}
	arena_free(&l.a);
	return good;
}

/* --- audit -------------------------------------------------------------------------- */

/* The head to compare with: in a file, or the last one before a day. */
static bool since(struct livre *l, const char *text, struct note *note, struct note_head *head,
		  struct err *e)
{
	struct journal_head_before_row row;
	struct civil day;
	bool found;

	if (strlen(text) != 10 || !iso_read(arena_cat(&l->a, text, "T00:00:00Z", NULL), &day))
		return kept_head(l, text, note, head, e);
	if (!journal_head_before(l->db, &l->a, text, &row, &found, e))
		return false;
	if (!found)
		return fail(e, E_MISSING, "Aucune tête n’était signée avant le %s.", text);
	return note_read(row.note, strlen(row.note), note, e) && note_head_read(note, head, e);
}

static bool grew(struct livre *l, const struct note_head *old, const struct journal_tete *t,
		 struct err *e)
{
	CLEANUP(tuiles_free) struct tuiles *tiles = tuiles_new(l->folder, t->head.size);
	struct merkle_hash proof[MERKLE_PROOF];
	size_t n;

	if (!tiles)
		return fail(e, E_LIMIT, "La mémoire manque.");
	if (old->size > t->head.size) {
		fail(e, E_CONFLICT, "Cette tête dit %llu actes ; le journal n’en a plus que %llu.",
		     (unsigned long long)old->size, (unsigned long long)t->head.size);
		return hint(e, "Une copie plus ancienne a pris sa place, ou le journal a été restauré.");
	}
	if (!merkle_prove_growth(old->size, t->head.size, tuiles_node, tiles, proof, &n, e))
		return false;
	return merkle_grew(old->size, t->head.size, &old->root, &t->head.root, proof, n)
	       || fail(e, E_CONFLICT, "Le journal n’est pas la suite de cette tête : le passé a changé.");
}

static bool audit_run(struct call *c, struct err *e)
{
	CLEANUP(livre_close) struct livre l = { 0 };
	CLEANUP(buf_free) struct buf b = buf_new(JOURNAL_PREUVE);
	const char *from = call_option(c, "--since");
	struct note_key key, older;
	struct journal_tete t;
	struct note_head old;
	struct note note;

	if (!livre_open(c, &l, e) || !livre_last(&l, &t, &key, e) || !since(&l, from,
		&note, &old, e)
	    || !note_key_make(NOTE_LOG, old.origin, l.public, &older, e))
		return false;
	if (note_verify(&note, &older, NULL) != NOTE_SIGNED)
		return fail(e, E_CONFLICT, "Cette tête n’est pas signée par la clé de ce journal.");
	if (!grew(&l, &old, &t, e))
		return false;
	if (call_option(c, "--preuve")) {
		if (!journal_prove_growth(l.folder, old.size, &t, &b, e))
			return false;
		fwrite(b.p, 1, b.n, c->out);
		return true;
	}
	fprintf(c->out, "%llu %llu\n", (unsigned long long)old.size, (unsigned long long)t.head.size);
	fprintf(stderr, "Rien n’a changé avant l’acte %llu ; %llu actes se sont ajoutés.\n",
		(unsigned long long)old.size, (unsigned long long)(t.head.size - old.size));
	if (strcmp(old.origin, t.head.origin))
		fprintf(stderr, "Le journal a changé de nom après une restauration : %s, puis %s.\n",
			old.origin, t.head.origin);
	return true;
}

/* --- export ------------------------------------------------------------------------- */

static bool export_run(struct call *c, struct err *e)
{
	CLEANUP(livre_close) struct livre l = { 0 };
	CLEANUP(tree_let_go) int held = -1;
	const char *to = c->args[0];
	struct journal_tete t;
	struct note_key key;
	char text[NOTE_KEY_TEXT];

	if (!livre_open(c, &l, e) || !tree_hold(l.folder, false, &held, e)
	    || !livre_last(&l, &t, &key, e) || !tree_make(to, e)
	    || !tree_make(arena_cat(&l.a, to, "/tile", NULL), e)
	    || !tree_copy(arena_cat(&l.a, l.folder, "/tile", NULL), arena_cat(&l.a, to,
	    	"/tile", NULL), e)
	    || !tuile_put(to, "checkpoint", t.cosignee, strlen(t.cosignee), e))
		return false;
	note_key_write(&key, text);
	if (!tuile_put(to, "cle", text, strlen(text), e))
		return false;
	fprintf(stderr, "%llu actes : tuiles, tête signée et clé dans %s. Les textes des actes n’y sont pas.\n",
		(unsigned long long)t.head.size, to);
	fprintf(c->out, "%s\n", to);
	return true;
}

static const struct command_option verify_options[] = {
	{ "--data", "DIR", "dossier de données", true },
	{ "--cle", "CLE", "clé du journal, si le dossier n’a pas la sienne (une copie)", false },
	{ "--tete", "FICHIER", "vérifie aussi contre une tête gardée, ou celle d’un témoin", false },
	{ 0 },
};

static const struct command_option journal_options[] = {
	{ "--data", "DIR", "dossier de données", true },
	{ "--cle", "CLE", "clé du journal, si le dossier n’a pas la sienne (une copie)", false },
	{ 0 },
};

static const struct command_option check_options[] = {
	{ "--cle", "CLE", "clé du journal : NOM+…, donnée par qui le tient", true },
	{ 0 },
};

static const struct command_option audit_options[] = {
	{ "--data", "DIR", "dossier de données", true },
	{ "--since", "TETE", "tête gardée (un fichier), ou une date : 2026-11-22", true },
	{ "--cle", "CLE", "clé du journal, si le dossier n’a pas la sienne (une copie)", false },
	{ "--preuve", NULL, "écrit la preuve, que d’autres programmes vérifient", false },
	{ 0 },
};

const struct command journal_commands[] = {
	{ "journal verify", NULL, 0, 0, "Vérifie tout le journal : actes, têtes signées, tuiles, témoins",
	  "tremplin journal verify --data /var/lib/tremplin", verify_options, verify_run },
	{ "journal root", NULL, 0, 0, "Dit la taille, la racine et la clé de la dernière tête signée",
	  "tremplin journal root --data /var/lib/tremplin", journal_options, root_run },
	{ "journal checkpoint", NULL, 0, 0, "Signe une tête maintenant, et l’écrit",
	  "tremplin journal checkpoint --data /var/lib/tremplin >tete", journal_options, checkpoint_run },
	{ "journal prove", "N", 1, 1, "Écrit la preuve qu’un acte est au journal",
	  "tremplin journal prove 73894 --data /var/lib/tremplin >acte.tlog-proof", journal_options,
	  prove_run },
	{ "journal check", "PREUVE", 1, 1, "Vérifie une telle preuve, sans le dossier de données",
	  "tremplin journal check acte.tlog-proof --cle aide.exemple.fr/journal+0123abcd+AZ…",
	  check_options, check_run },
	{ "journal export", "DOSSIER", 1, 1, "Copie les tuiles, la tête et la clé, à publier ou à confier",
	  "tremplin journal export --data /var/lib/tremplin copie-du-journal", journal_options,
	  export_run },
	{ "journal audit", NULL, 0, 0, "Vérifie que le journal est la suite d’une tête gardée",
	  "tremplin journal audit --data /var/lib/tremplin --since tete", audit_options, audit_run },
	{ 0 },
};
