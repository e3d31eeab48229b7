#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/config.h"
#include "app/journal_command.h"
#include "core/journal.sql.h"
#include "core/journal_temoin.h"
#include "core/journal_veille.h"
#include "store/remote.h"

/* --- a file that witnesses -------------------------------------------------------------------- */

/* Whole under another name first: a stick that is pulled out keeps the old one. */
static bool write_file(struct livre *l, const char *path, const struct buf *b, struct err *e)
{
	const char *draft = arena_cat(&l->a, path, ".part", NULL);
	int fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool good;

	good = fd >= 0 && write(fd, b->p, b->n) == (ssize_t)b->n && !fsync(fd);
	if (fd >= 0 && close(fd))
		good = false;
	good = good && !rename(draft, path);
	return good || fail(e, E_STORE, "%.200s ne peut pas être écrit (%s).", path, strerror(errno));
}

static bool open_temoin(struct livre *l, const char *path, const struct note_key *journal,
			struct temoin_file *t, struct err *e)
{
	const char *nom = call_option(l->c, "--nom"), *p;
	char key[NOTE_KEY_TEXT];
	struct err why = { 0 };
	size_t n;

	if (livre_file(l, path, TEMOIN_FILE, &p, &n, &why))
		return temoin_read(p, n, &l->a, t, e);
	if (why.kind != E_MISSING) {
		*e = why;
		return false;
	}
	if (!temoin_new(l->c->env, nom ? nom : arena_cat(&l->a, journal->name, "/temoin", NULL),
			journal, t, e))
		return false;
	note_key_write(journal, key);
	fprintf(stderr, "Nouveau témoin du journal de clé :\n  %s\nComparez-la avec celle que donne qui "
		"tient ce journal.\n", key);
	return true;
}

static bool temoin_run(struct call *c, struct err *e)
{
	CLEANUP(livre_close) struct livre l = { 0 };
	CLEANUP(tuiles_free) struct tuiles *tiles = NULL;
	CLEANUP(buf_free) struct buf b = buf_new(TEMOIN_FILE);
	struct merkle_hash proof[MERKLE_PROOF];
	struct temoin_file t;
	struct journal_tete tete;
	struct note_key key;
	const char *line;
	size_t n = 0;
	uint64_t before;

	if (!livre_open(c, &l, e) || !livre_last(&l, &tete, &key, e)
	    || !open_temoin(&l, c->args[0], &key, &t, e))
		return false;
	before = t.head.size;
	tiles = tuiles_new(l.folder, tete.head.size);
	if (!tiles || (t.note && before <= tete.head.size
		       && !merkle_prove_growth(before, tete.head.size, tuiles_node, tiles,
		       	proof, &n, e)))
		return false;
	if (!temoin_see(&t, env_now(c->env), &tete, proof, n, &l.a, &line, e)
	    || !temoin_write(&t, &b, e) || !write_file(&l, c->args[0], &b, e))
		return false;
	fprintf(stderr, "Le journal est la suite de ce que ce témoin a vu : %llu actes, puis %llu.\n",
		(unsigned long long)before, (unsigned long long)tete.head.size);
	fprintf(c->out, "%llu\n", (unsigned long long)tete.head.size);
	line = arena_cat(&l.a, line, "\n", NULL);
	return journal_cosigned_by(l.s, &tete, &t.own, line, strlen(line), e);
}

/* --- being the witness of others ---------------------------------------------------- */

struct following {
	struct note_key key;
	const char *text;
	bool forget;
};

static bool follow(struct tx *tx, void *arg, struct err *e)
{
	struct following *k = arg;

	return k->forget ? journal_unfollow(tx, k->key.name, NULL, e) :
		journal_follow(tx, k->key.name, k->text, NULL, e);
}

static bool list_followed(struct livre *l, struct err *e)
{
	struct journal_followed_all_row *rows;
	struct note_head head;
	struct note_key own;
	struct note note;
	struct site site;
	const char *nom;
	char key[NOTE_KEY_TEXT];
	size_t n;

	if (!config_read(&l->a, call_option(l->c, "--data"), &site, e)
	    || !signer_open_local(call_option(l->c, "--data"), l->c->env, &l->signer, e))
		return false;
	nom = journal_site_name(&site, &l->a);
	if (!journal_witness_key(l->signer, *nom ? arena_cat(&l->a, nom, "/temoin", NULL)
		: "", &l->a,
				 &own, e)
	    || !journal_followed_all(l->db, &l->a, &rows, &n, e))
		return false;
	note_key_write(&own, key);
	fprintf(stderr, "Clé de témoin, à donner à ceux dont on suit le journal :\n  %s\n", key);
	for (size_t i = 0; i < n; i++) {
		struct err ignored = { 0 };
		bool known = rows[i].note && note_read(rows[i].note, strlen(rows[i].note),
			&note, &ignored)
			     && note_head_read(&note, &head, &ignored);

		fprintf(l->c->out, "%llu %s\n", known ? (unsigned long long)head.size : 0,
			rows[i].cle);
	}
	return true;
}

static bool suivre_run(struct call *c, struct err *e)
{
	CLEANUP(livre_close) struct livre l = { .c = c, .a = arena_new(1 << 20) };
	struct following k = { .forget = call_option(c, "--oublier") };

	if (!store_open(call_option(c, "--data"), STORE_COMMAND, c->env, &l.s, e)
	    || !db_acquire(l.s, &l.db, e))
		return false;
	if (!c->nargs)
		return list_followed(&l, e);
	k.text = c->args[0];
	if (!note_key_read(k.text, strlen(k.text), &k.key, e))
		return false;
	if (k.key.kind != NOTE_LOG)
		return fail(e, E_INPUT, "C’est la clé d’un témoin, pas celle d’un journal.");
	return store_write(l.s, follow, &k, e);
}

/* --- asking another to witness ------------------------------------------------------ */

struct asking {
	struct livre *l;
	struct remote *remote;
	const char *url;
	struct journal_tete tete;
	struct remote_answer answer;
};

static bool ask(struct asking *k, uint64_t old, struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(JOURNAL_PREUVE);
	struct remote_ask r = { .url = k->url, .method = "POST", .type = "text/plain" };

	if (!journal_prove_growth(k->l->folder, old, &k->tete, &b, e))
		return false;
	r.body = (struct bytes){ b.p, b.n };
	return remote_fetch(k->remote, &r, &k->l->a, &k->answer, e);
}

/* The size that the witness has seen, out of its 409. */
static bool read_size(const struct remote_answer *a, uint64_t *out)
{
	const char *p = a->body.p;

	*out = 0;
	for (size_t i = 0; i < a->body.n && i < 18 && p[i] >= '0' && p[i] <= '9'; i++)
		*out = *out * 10 + (uint64_t)(p[i] - '0');
	return a->status == 409 && !strncmp(a->type, "text/x.tlog.size", 16);
}

static bool refused(const struct asking *k, struct err *e)
{
	fail(e, k->answer.status >= 500 ? E_REMOTE : E_CONFLICT, "Le témoin refuse (%d).",
	     k->answer.status);
	return hint(e, "%s", k->answer.status == 404 ? "Il ne suit pas ce journal : donnez-lui sa clé "
		    "(tremplin journal root)." :
		    k->answer.status == 409 || k->answer.status == 422 ?
		    "Il a vu un autre passé que celui-ci : c’est grave, gardez tout et cherchez pourquoi." :
		    "Il en dit peut-être plus dans son propre journal de service.");
}

static bool cosigner_run(struct call *c, struct err *e)
{
	CLEANUP(livre_close) struct livre l = { 0 };
	CLEANUP(remote_close) struct remote *remote = NULL;
	const char *base = c->args[0], *text = call_option(c, "--temoin");
	struct asking k = { .l = &l };
	struct note_key key, witness;
	uint64_t old = 0;

	if (!note_key_read(text, strlen(text), &witness, e) || !livre_open(c, &l, e)
	    || !livre_last(&l, &k.tete, &key, e))
		return false;
	k.url = arena_cat(&l.a, base, "/add-checkpoint", NULL);
	/* the origin: up to the first slash after "https://" */
	text = strstr(base, "://");
	text = text ? arena_strn(&l.a, base, (size_t)(text + 3 - base) + strcspn(text + 3,
		"/")) : base;
	if (!remote_open_local(text, call_option(c, "--autorite"), &remote, e))
		return false;
	k.remote = remote;
	if (!ask(&k, 0, e))
		return false;
	if (k.answer.status == 409 && read_size(&k.answer, &old) && old <= k.tete.head.size
	    && !ask(&k, old, e))
		return false;
	if (k.answer.status != 200)
		return refused(&k, e);
	if (!journal_cosigned_by(l.s, &k.tete, &witness, k.answer.body.p, k.answer.body.n, e))
		return false;
	fprintf(stderr, "Le témoin %s a signé la tête de %llu actes.\n", witness.name,
		(unsigned long long)k.tete.head.size);
	return true;
}

static const struct command_option temoin_options[] = {
	{ "--data", "DIR", "dossier de données", true },
	{ "--cle", "CLE", "clé du journal, si le dossier n’a pas la sienne (une copie)", false },
	{ "--nom", "NOM", "nom d’un nouveau témoin : un mot, comme mairie/temoin", false },
	{ 0 },
};

static const struct command_option suivre_options[] = {
	{ "--data", "DIR", "dossier de données", true },
	{ "--oublier", NULL, "ne plus suivre ce journal", false },
	{ 0 },
};

static const struct command_option cosigner_options[] = {
	{ "--data", "DIR", "dossier de données", true },
	{ "--temoin", "CLE", "clé du témoin : « tremplin journal suivre » l’écrit chez lui", true },
	{ "--cle", "CLE", "clé du journal, si le dossier n’a pas la sienne (une copie)", false },
	{ "--autorite", "FICHIER", "certificat PEM d’une autorité privée", false },
	{ 0 },
};

const struct command journal_temoin_commands[] = {
	{ "journal temoin", "FICHIER", 1, 1,
	  "Montre le journal à un témoin (un fichier, sur une clé USB) qui s’en souvient et le signe",
	  "tremplin journal temoin --data /var/lib/tremplin /media/usb/temoin", temoin_options,
	  temoin_run },
	{ "journal suivre", "CLE", 0, 1,
	  "Accepte d’être le témoin d’un autre journal ; sans clé, liste ceux qui le sont",
	  "tremplin journal suivre --data /var/lib/tremplin aide.exemple.fr/journal+0123abcd+AZ…",
	  suivre_options, suivre_run },
	{ "journal cosigner", "ADRESSE", 1, 1,
	  "Demande à un témoin, par le réseau, de signer la dernière tête",
	  "tremplin journal cosigner --data /var/lib/tremplin --temoin hub.fr/journal/temoin+89ab+BK… "
	  "https://hub.fr/journal/temoin", cosigner_options, cosigner_run },
	{ 0 },
};
