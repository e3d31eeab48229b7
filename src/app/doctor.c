/* tremplin doctor : looks at a data folder and says which command mends what is wrong. */
#include "app/doctor.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "app/config.h"
#include "app/doctor.sql.h"
#include "app/sandbox.h"
#include "base/date.h"
#include "core/journal_tete.h"
#include "format/json.h"
#include "store/db.h"

enum {
	MEMORY = 1 << 20, DAY_MS = 86400000, UNSIGNED_MOST = 20000, BACKUP_DAYS = 8, SPACE_MB = 200,
};

enum finding { FINE, WARN, WRONG };

struct doctor {
	struct call *call;
	struct arena a;
	const char *dir;
	int warnings, faults;
	struct buf text;
	struct json_out json;
};

static void say(struct doctor *d, enum finding f, const char *what, const char *mend)
{
	static const char *const words[] = { "bien     ", "attention", "erreur   " };
	static const char *const codes[] = { "bien", "attention", "erreur" };

	d->warnings += f == WARN;
	d->faults += f == WRONG;
	if (d->call->json) {
		json_open_object(&d->json, NULL);
		json_put_text(&d->json, "etat", codes[f]);
		json_put_text(&d->json, "constat", what);
		json_put_text(&d->json, "remede", *mend ? mend : NULL);
		json_close_object(&d->json);
		return;
	}
	fprintf(d->call->out, "%s  %s\n", words[f], what);
	if (f != FINE && *mend)
		fprintf(d->call->out, "           → %s\n", mend);
}

static void check_folder(struct doctor *d)
{
	struct stat st;
	struct statvfs fs;

	if (stat(d->dir, &st) || !S_ISDIR(st.st_mode)) {
		say(d, WRONG, "le dossier de données n’existe pas",
		    "tremplin serve --data DIR le crée ; ou vérifiez le chemin");
		return;
	}
	if (st.st_mode & 077)
		say(d, WARN, "le dossier de données est lisible par d’autres comptes",
		    arena_printf(&d->a, "chmod 700 %s", d->dir));
	else
		say(d, FINE, "le dossier de données n’est lisible que par son compte", "");
	if (!statvfs(d->dir, &fs)) {
		unsigned long long mb = (unsigned long long)fs.f_bavail * fs.f_frsize >> 20;
		const char *text = arena_printf(&d->a, "%llu Mo libres sur le disque", mb);

		say(d, mb < SPACE_MB ? WRONG : FINE, text,
		    "faites de la place : sans elle, rien ne peut être enregistré");
	}
}

/* Secrets are read, and never said. */
static void check_messages(struct doctor *d, const struct site *site)
{
	struct envoi_reglages r;
	struct err e = { 0 };

	if (!config_envoi(&d->a, d->dir, site, REGLAGES_PARTIR | REGLAGES_RECEVOIR, &r, &e)) {
		say(d, WRONG, e.msg, e.hint);
		return;
	}
	if (envoi_peut(&r, ENVOI_SMS) && envoi_peut(&r, ENVOI_COURRIEL))
		say(d, FINE, "SMS et e-mails sont réglés", "");
	else
		say(d, WARN, envoi_peut(&r, ENVOI_SMS) ? "les e-mails ne sont pas réglés"
		    : envoi_peut(&r, ENVOI_COURRIEL) ? "les SMS ne sont pas réglés"
		    : "ni SMS ni e-mail ne sont réglés : aucun message ne part",
		    "docs/messages.md ; puis tremplin envoi essai --data DIR --a NUMERO");
	if (r.sms == VOIE_SERVEUR && !*r.retour)
		say(d, WARN, "la passerelle SMS ne sait pas où dire ce que les messages deviennent",
		    "réglez « adresse », ou « sms_retour_adresse »");
	if (r.courriel == VOIE_SERVEUR && r.smtp.clear)
		say(d, WARN, "les e-mails partent sans chiffrement (smtp_tls = non)",
		    "retirez ce réglage, sauf si le serveur est sur cette machine");
	envoi_reglages_close(&r);
}

static void check_config(struct doctor *d)
{
	struct site site;
	struct err e = { 0 };

	if (!config_read(&d->a, d->dir, &site, &e)) {
		say(d, WRONG, e.msg, e.hint);
		return;
	}
	say(d, FINE, "les réglages se lisent", "");
	if (!*site.adresse)
		say(d, WARN, "l’adresse publique n’est pas réglée : les QR codes des fiches "
		    "donnent l’adresse que le navigateur a utilisée",
		    arena_printf(&d->a, "echo 'adresse = https://…' >> %s/config", d->dir));
	if (!*site.telephone)
		say(d, WARN, "aucun numéro de téléphone pour les personnes sans internet",
		    arena_printf(&d->a, "echo 'telephone = +33…' >> %s/config", d->dir));
	if (!*site.editeur || !*site.contact)
		say(d, WARN, "les mentions légales sont incomplètes (editeur, contact)",
		    arena_printf(&d->a, "complétez %s/config", d->dir));
	check_messages(d, &site);
}

static void check_counts(struct doctor *d, const struct doctor_counts_row *n)
{
	struct arena *a = &d->a;

	if (!n->communes)
		say(d, WRONG, "aucune commune : la recherche ne sait pas d’où partir",
		    "tremplin territoire import --data DIR communes.csv");
	else
		say(d, FINE, arena_printf(a, "%lld communes, %lld contours de départements",
					  (long long)n->communes, (long long)n->contours), "");
	if (n->sans_position)
		say(d, WARN, arena_printf(a, "%lld communes sans position",
					  (long long)n->sans_position),
		    "importez un fichier de communes avec latitude et longitude");
	if (!n->lieux)
		say(d, WRONG, "aucun lieu publié", "tremplin lieu import --data DIR lieux.csv");
	else
		say(d, FINE, arena_printf(a, "%lld lieux publiés, %lld protégés",
					  (long long)n->lieux, (long long)n->proteges), "");
	if (n->anciens * 4 > n->lieux)
		say(d, WARN, arena_printf(a, "%lld lieux n’ont pas été confirmés depuis un an",
					  (long long)n->anciens),
		    "demandez aux structures de les confirmer, ou réimportez des listes fraîches");
	if (n->sans_horaires * 4 > n->lieux)
		say(d, WARN, arena_printf(a, "%lld lieux sans horaires",
					  (long long)n->sans_horaires), "");
}

/* Only how far it is signed: verifying all of it has its own command. */
static void check_journal(struct doctor *d, struct db *db)
{
	const char *mend = arena_printf(&d->a, "tremplin journal verify --data %s dit pourquoi", d->dir);
	struct journal_tete t = { { .size = 0 }, NULL, NULL };
	struct err e = { 0 };
	int64_t n;

	if (!journal_count(db, &d->a, &n, &e)
	    || (!journal_last(db, &d->a, &t, &e) && e.kind != E_MISSING)) {
		say(d, WRONG, e.msg, e.hint);
		return;
	}
	if (n - (int64_t)t.head.size > UNSIGNED_MOST)
		say(d, WARN, arena_printf(&d->a, "journal : %lld actes, seulement %lld signés",
					  (long long)n, (long long)t.head.size), mend);
	else
		say(d, FINE, arena_printf(&d->a, "journal : %lld actes, %lld signés", (long long)n,
					  (long long)t.head.size), "");
}

static void check_store(struct doctor *d)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct store *s = NULL;
	struct doctor_counts_row n;
	struct err e = { 0 };
	char year_ago[ISO_TEXT];

	iso_write(env_now(d->call->env) - 365ll * DAY_MS, year_ago);
	year_ago[10] = '\0';
	if (!store_open(d->dir, STORE_COMMAND, d->call->env, &s, &e)
	    || !store_verify(s, &e) || !db_acquire(s, &db, &e)
	    || !doctor_counts(db, &d->a, year_ago, &n, &e)) {
		say(d, WRONG, e.msg, e.hint);
	} else {
		say(d, FINE, "la base est entière", "");
		check_journal(d, db);
		check_counts(d, &n);
	}
	db_release(&db);
	db = NULL;
	store_close(s);
}

/* Days since the newest file of DIR/sauvegardes; -1 when there is none. */
static int64_t newest_backup(struct doctor *d)
{
	DIR *dir = opendir(arena_printf(&d->a, "%s/sauvegardes", d->dir));
	int64_t now = env_now(d->call->env), newest = -1;
	struct dirent *f;

	while (dir && (f = readdir(dir))) {
		struct stat st;

		if (f->d_name[0] == '.'
		    || fstatat(dirfd(dir), f->d_name, &st, AT_SYMLINK_NOFOLLOW))
			continue;
		if (st.st_mtime > newest)
			newest = st.st_mtime;
	}
	if (dir)
		closedir(dir);
	return newest < 0 ? -1 : (now / 1000 - newest) / 86400;
}

static void check_backups(struct doctor *d)
{
	int64_t days = newest_backup(d);
	const char *mend = arena_printf(&d->a, "tremplin backup --data %s", d->dir);

	if (days < 0)
		say(d, WARN, "aucune sauvegarde", mend);
	else if (days > BACKUP_DAYS)
		say(d, WARN, arena_printf(&d->a, "la dernière sauvegarde a %lld jours",
					  (long long)days), mend);
	else
		say(d, FINE, arena_printf(&d->a, "dernière sauvegarde il y a %lld jours",
					  (long long)days), "");
}

/* --- confinement ------------------------------------------------------------------------- */

static void close_file(FILE **f)
{
	if (*f)
		fclose(*f);
}

/* The number after "name:" in /proc/PID/status; -1 when it cannot be read. */
static long status_of(struct doctor *d, long pid, const char *name)
{
	CLEANUP(close_file) FILE *f = fopen(arena_printf(&d->a, "/proc/%ld/status", pid), "re");
	char line[256];
	size_t n = strlen(name);

	while (f && fgets(line, sizeof line, f)) {
		if (!strncmp(line, name, n) && line[n] == ':')
			return strtol(line + n + 1, NULL, 10);
	}
	return -1;
}

/* The process that holds serve.lock; 0 when no server runs. */
static long server_of(struct doctor *d)
{
	CLEANUP(close_file) FILE *f = fopen(arena_printf(&d->a, "%s/serve.lock", d->dir), "re");
	char pid[16] = "";

	if (!f || !flock(fileno(f), LOCK_SH | LOCK_NB) || !fgets(pid, sizeof pid, f))
		return 0;
	return strtol(pid, NULL, 10);
}

static void check_server(struct doctor *d)
{
	long pid = server_of(d);

	if (!pid)
		return;
	if (status_of(d, pid, "Seccomp") == 2 && status_of(d, pid, "NoNewPrivs") == 1)
		say(d, FINE, arena_printf(&d->a, "le serveur qui tourne (processus %ld) est confiné",
					  pid), "");
	else
		say(d, WARN, arena_printf(&d->a, "le serveur qui tourne (processus %ld) n’est pas "
					  "confiné", pid), "regardez « confinement » dans son journal");
}

static void check_confinement(struct doctor *d)
{
	struct confinement offer = sandbox_offer();
	bool whole = offer.landlock && offer.seccomp;

	say(d, whole ? FINE : WARN,
	    arena_printf(&d->a, "confinement que permet ce noyau : %s", confinement_words(&offer)),
	    "Linux 6.1 ou plus récent, « landlock » dans lsm= ; l’unité systemd protège en attendant");
	check_server(d);
}

static bool doctor_run(struct call *c, struct err *e)
{
	struct doctor d = { .call = c, .a = arena_new(MEMORY), .dir = call_option(c, "--data"),
			    .text = buf_new(MEMORY) };
	bool well;

	d.json.b = &d.text;
	if (c->json)
		json_open_array(&d.json, NULL);
	check_folder(&d);
	if (!d.faults) {
		check_config(&d);
		check_store(&d);
		check_backups(&d);
		check_confinement(&d);
	}
	if (c->json) {
		json_close_array(&d.json);
		fprintf(c->out, "%s\n", buf_text(&d.text));
	}
	buf_free(&d.text);
	well = !d.faults;
	arena_free(&d.a);
	if (well)
		return true;
	fail(e, E_STORE, "%d point%s à corriger.", d.faults, d.faults > 1 ? "s" : "");
	return hint(e, "Les lignes « → » disent comment.");
}

static const struct command_option options[] = {
	{ "--data", "DIR", "le dossier de données", true },
	{ 0 },
};

const struct command doctor_commands[] = {
	{ .words = "doctor", .summary = "Examine un dossier de données et dit quoi réparer",
	  .example = "tremplin doctor --data /var/lib/tremplin", .options = options,
	  .run = doctor_run },
	{ 0 },
};
