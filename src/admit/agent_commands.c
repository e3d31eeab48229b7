#include "admit/agent_commands.h"

#include <string.h>

#include "admit/agent_import.h"
#include "admit/courriel.h"
#include "admit/equipe.h"
#include "admit/equipe.sql.h"
#include "base/utf8.h"
#include "core/structure.h"
#include "format/json.h"

enum { MEMORY = 16 << 20, FILE_MOST = 1 << 20 };

/* One command under way. */
struct run {
	struct call *c;
	struct store *store;
	struct signer *signer;
	struct arena a;
	struct equipe *q;               /* inside the job */
};

static void run_end(struct run *w)
{
	signer_close(&w->signer);
	store_close(w->store);
	arena_free(&w->a);
}

static bool run_begin(struct run *w, struct call *c, enum store_mode mode, struct err *e)
{
	const char *dir = call_option(c, "--data");

	*w = (struct run){ .c = c, .a = arena_new(MEMORY) };
	return store_open(dir, mode, c->env, &w->store, e)
	       && signer_open_local(dir, c->env, &w->signer, e);
}

#define RUN_IN(w, c, mode, e) \
	CLEANUP(run_end) struct run w; \
	if (!run_begin(&w, c, mode, e)) \
		return false
#define RUN(w, c, e) RUN_IN(w, c, STORE_COMMAND, e)

struct verb {
	struct run *w;
	bool (*do_it)(struct equipe *q, void *arg, struct err *e);
	void *arg;
};

static bool job(struct tx *tx, void *arg, struct err *e)
{
	struct verb *v = arg;
	struct equipe q = { tx, v->w->c->env, &v->w->a, langs[0], NULL, NULL };

	return v->do_it(&q, v->arg, e);
}

static bool write_it(struct run *w, bool (*do_it)(struct equipe *, void *, struct err *),
		     void *arg, struct err *e)
{
	struct verb v = { w, do_it, arg };

	return store_write(w->store, job, &v, e);
}

/* --- naming what is meant ---------------------------------------------------------------- */

static bool is_same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* A structure by its id, its SIRET or its name. */
static bool find_structure(struct run *w, struct db *db, const char *named,
			   struct structure *out, struct err *e)
{
	char siret[STRUCTURE_SIRET] = "", cle[400], other[400];
	struct structure *all;
	struct err no;
	size_t n, found = 0;

	if (!structure_list(db, &w->a, NULL, &all, &n, e))
		return false;
	siret_read(named, siret, &no);
	utf8_fold(named, cle, sizeof cle);
	for (size_t i = 0; i < n; i++) {
		utf8_fold(all[i].nom, other, sizeof other);
		if (!is_same(all[i].id, named) && !is_same(all[i].siret, siret)
		    && strcmp(cle, other) != 0)
			continue;
		*out = all[i];
		found++;
	}
	if (found == 1)
		return true;
	fail(e, found ? E_CONFLICT : E_MISSING, found ?
	     "Plusieurs structures s’appellent « %s »." : "Aucune structure ne s’appelle « %s ».",
	     named);
	return hint(e, "« tremplin structure list --data %s » donne leurs identifiants.",
		    call_option(w->c, "--data"));
}

/* An agent by id, mail address or identifiant. */
static bool find_agent(struct run *w, struct db *db, const char *named, struct agent *out,
		       struct err *e)
{
	struct agent *all;
	struct err no;
	const char *mail = courriel_read(&w->a, named, &no);
	size_t n;

	if (!agent_list(db, &w->a, NULL, &all, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (is_same(all[i].id, named) || is_same(all[i].identifiant, named)
		    || is_same(all[i].courriel, mail)) {
			*out = all[i];
			return true;
		}
	}
	fail(e, E_MISSING, "Aucun agent n’a l’identifiant ni l’adresse « %s ».", named);
	return hint(e, "« tremplin agent list --data %s » donne leurs identifiants.",
		    call_option(w->c, "--data"));
}

static bool read_roles(const char *text, unsigned *out, struct err *e)
{
	*out = 0;
	while (*text) {
		size_t n = strcspn(text, ",|+");
		int i = 0;

		while (agent_roles[i].slug && (strlen(agent_roles[i].slug) != n
					       || memcmp(agent_roles[i].slug, text, n) != 0))
			i++;
		if (!agent_roles[i].slug) {
			fail(e, E_INPUT, "« %.*s » n’est pas un rôle.", (int)n, text);
			return hint(e, "Rôles : aidant, mediateur, accueil, referent, coordinateur, "
				       "admin ; plusieurs : aidant,referent.");
		}
		*out |= 1u << i;
		text += n + (text[n] != '\0');
	}
	return true;
}

/* --- agent invite ------------------------------------------------------------------------ */

struct inviting {
	struct invitation i;
	struct lien_secret s;
	struct invited out;
};

static bool invite(struct equipe *q, void *arg, struct err *e)
{
	struct inviting *v = arg;

	return equipe_invite(q, &v->i, &v->s, &v->out, e);
}

static void print_link(struct run *w, const char *agent, const char *identifiant,
		       const char *path, const char *code)
{
	CLEANUP(buf_free) struct buf b = buf_new(1 << 16);
	struct json_out j = { &b, false };

	if (!w->c->json) {
		fprintf(w->c->out, "%s\n", path);
		fprintf(stderr, "Ouvrez cette adresse sur le site, ou tapez le code %s sur la page "
			"/agent/bienvenue ; elle sert une fois.\n", lien_shown(&w->a, code));
		if (identifiant)
			fprintf(stderr, "Identifiant : %s\n", identifiant);
		return;
	}
	json_open_object(&j, NULL);
	json_put_text(&j, "agent", agent);
	json_put_text(&j, "identifiant", identifiant);
	json_put_text(&j, "lien", path);
	json_put_text(&j, "code", lien_shown(&w->a, code));
	json_close_object(&j);
	fprintf(w->c->out, "%s\n", buf_text(&b));
}

static bool run_invite(struct call *c, struct err *e)
{
	RUN(w, c, e);
	CLEANUP(db_release) struct db *db = NULL;
	const char *roles = call_option(c, "--role");
	struct inviting v = { 0 };
	struct structure st;

	v.i = (struct invitation){ call_option(c, "--prenom"), call_option(c, "--nom"),
				   call_option(c, "--courriel"), NULL, 0 };
	if (!read_roles(roles ? roles : "aidant", &v.i.roles, e)
	    || !db_acquire(w.store, &db, e)
	    || !find_structure(&w, db, call_option(c, "--structure"), &st, e)
	    || !lien_draw(w.signer, c->env, &v.s, e))
		return false;
	db_release(&db);
	v.i.structure = st.id;
	if (!write_it(&w, invite, &v, e))
		return false;
	if (v.out.known) {
		fprintf(stderr, "Cette personne avait déjà un compte : ses rôles sont donnés, sans "
			"nouvelle invitation.\n");
		return true;
	}
	print_link(&w, v.out.agent, v.out.identifiant, lien_path(&w.a, LIEN_INVITATION, v.s.code),
		   v.s.code);
	return true;
}

/* --- one account ------------------------------------------------------------------------- */

struct on_account {
	const char *agent, *structure;
	unsigned roles;
	struct lien_secret s;
};

static bool suspend(struct equipe *q, void *arg, struct err *e)
{
	return equipe_suspend(q, ((struct on_account *)arg)->agent, e);
}

static bool restore(struct equipe *q, void *arg, struct err *e)
{
	return equipe_restore(q, ((struct on_account *)arg)->agent, e);
}

static bool again(struct equipe *q, void *arg, struct err *e)
{
	struct on_account *o = arg;

	return equipe_invite_again(q, o->agent, &o->s, e);
}

static bool give_access(struct equipe *q, void *arg, struct err *e)
{
	struct on_account *o = arg;

	return equipe_give_access(q, o->agent, &o->s, e);
}

static bool set_roles(struct equipe *q, void *arg, struct err *e)
{
	struct on_account *o = arg;

	return equipe_set_roles(q, o->agent, o->structure, o->roles, e);
}

static bool leave(struct equipe *q, void *arg, struct err *e)
{
	struct on_account *o = arg;

	return equipe_leave(q, o->agent, o->structure, false, e);
}

static bool on_agent(struct call *c, bool (*verb)(struct equipe *, void *, struct err *),
		     const char *done, struct err *e)
{
	RUN(w, c, e);
	CLEANUP(db_release) struct db *db = NULL;
	struct on_account o = { 0 };
	struct agent g;

	if (!db_acquire(w.store, &db, e) || !find_agent(&w, db, c->args[0], &g, e))
		return false;
	db_release(&db);
	o.agent = g.id;
	if (!write_it(&w, verb, &o, e))
		return false;
	fprintf(stderr, "%s %s : %s.\n", g.prenom, g.nom, done);
	return true;
}

static bool run_suspend(struct call *c, struct err *e)
{
	return on_agent(c, suspend, "compte suspendu, sessions fermées", e);
}

static bool run_restore(struct call *c, struct err *e)
{
	return on_agent(c, restore, "compte rétabli", e);
}

static bool with_link(struct call *c, bool (*verb)(struct equipe *, void *, struct err *),
		      struct err *e)
{
	RUN(w, c, e);
	CLEANUP(db_release) struct db *db = NULL;
	struct on_account o = { 0 };
	struct agent g;

	if (!db_acquire(w.store, &db, e) || !find_agent(&w, db, c->args[0], &g, e)
	    || !lien_draw(w.signer, c->env, &o.s, e))
		return false;
	db_release(&db);
	o.agent = g.id;
	if (!write_it(&w, verb, &o, e))
		return false;
	print_link(&w, g.id, g.identifiant, lien_path(&w.a, LIEN_INVITATION, o.s.code), o.s.code);
	return true;
}

static bool run_again(struct call *c, struct err *e)
{
	return with_link(c, again, e);
}

static bool run_access(struct call *c, struct err *e)
{
	return with_link(c, give_access, e);
}

/* Roles, or the end of them, in one structure. */
static bool in_structure(struct call *c, struct on_account *o,
			 bool (*verb)(struct equipe *, void *, struct err *), struct err *e)
{
	RUN(w, c, e);
	CLEANUP(db_release) struct db *db = NULL;
	struct structure st;
	struct agent g;

	if (!db_acquire(w.store, &db, e) || !find_agent(&w, db, c->args[0], &g, e)
	    || !find_structure(&w, db, call_option(c, "--structure"), &st, e))
		return false;
	db_release(&db);
	o->agent = g.id;
	o->structure = st.id;
	return write_it(&w, verb, o, e);
}

static bool run_role(struct call *c, struct err *e)
{
	struct on_account o = { 0 };

	return read_roles(call_option(c, "--role"), &o.roles, e)
	       && in_structure(c, &o, set_roles, e);
}

static bool run_leave(struct call *c, struct err *e)
{
	struct on_account o = { 0 };

	return in_structure(c, &o, leave, e);
}

/* --- lists ------------------------------------------------------------------------------- */

static void put_roles(struct json_out *j, unsigned roles)
{
	json_open_array(j, "roles");
	for (int i = 0; agent_roles[i].slug; i++) {
		if (roles >> i & 1)
			json_put_text(j, NULL, agent_roles[i].slug);
	}
	json_close_array(j);
}

static void agent_json(struct json_out *j, const struct agent *g)
{
	json_open_object(j, NULL);
	json_put_text(j, "id", g->id);
	json_put_text(j, "prenom", g->prenom);
	json_put_text(j, "nom", g->nom);
	json_put_text(j, "courriel", g->courriel);
	json_put_text(j, "identifiant", g->identifiant);
	json_put_text(j, "etat", agent_etats[g->etat].slug);
	json_open_array(j, "structures");
	for (size_t i = 0; i < g->nplaces; i++) {
		json_open_object(j, NULL);
		json_put_text(j, "id", g->places[i].structure);
		json_put_text(j, "nom", g->places[i].nom);
		put_roles(j, g->places[i].roles);
		json_close_object(j);
	}
	json_close_array(j);
	json_close_object(j);
}

static void agent_line(FILE *out, const struct agent *g)
{
	fprintf(out, "%s\t%s %s\t%s\t", g->identifiant, g->prenom, g->nom,
		agent_etats[g->etat].slug);
	for (size_t i = 0; i < g->nplaces; i++) {
		fprintf(out, "%s%s :", i ? " ; " : "", g->places[i].nom);
		for (int k = 0; agent_roles[k].slug; k++) {
			if (g->places[i].roles >> k & 1)
				fprintf(out, " %s", agent_roles[k].slug);
		}
	}
	fputc('\n', out);
}

static bool run_list(struct call *c, struct err *e)
{
	RUN(w, c, e);
	CLEANUP(db_release) struct db *db = NULL;
	CLEANUP(buf_free) struct buf b = buf_new(8 << 20);
	struct json_out j = { &b, false };
	const char *named = call_option(c, "--structure");
	struct structure st = { 0 };
	struct agent *all;
	size_t n;

	if (!db_acquire(w.store, &db, e)
	    || (named && !find_structure(&w, db, named, &st, e))
	    || !agent_list(db, &w.a, st.id, &all, &n, e))
		return false;
	json_open_object(&j, NULL);
	json_open_array(&j, "agents");
	for (size_t i = 0; i < n; i++) {
		if (c->json)
			agent_json(&j, &all[i]);
		else
			agent_line(c->out, &all[i]);
	}
	json_close_array(&j);
	json_close_object(&j);
	if (c->json)
		fprintf(c->out, "%s\n", buf_text(&b));
	return true;
}

/* --- agent import ------------------------------------------------------------------------ */

static bool read_file(struct run *w, const char *path, const char **text, size_t *n,
		      struct err *e)
{
	FILE *f = fopen(path, "re");
	char *p = arena_alloc(&w->a, FILE_MOST);

	if (!f)
		return fail(e, E_MISSING, "%s : ce fichier ne peut pas être lu.", path);
	*n = p ? fread(p, 1, FILE_MOST, f) : 0;
	fclose(f);
	if (!p)
		return arena_refuse(&w->a, e);
	if (*n == FILE_MOST)
		return fail(e, E_LIMIT, "%s : une liste d’agents fait moins de 1 Mo.", path);
	*text = p;
	return true;
}

static bool import_all(struct equipe *q, void *arg, struct err *e)
{
	return import_write(q, arg, e);
}

static void import_report(struct run *w, const struct import *m)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct import_line *l = &m->lines[i];

		if (l->refus)
			fprintf(stderr, "%s:%ld: %s\n", w->c->args[0], l->line, l->refus);
		else if (!l->out.known)
			fprintf(w->c->out, "%s\t%s %s\t%s\n", l->out.identifiant, l->i.prenom,
				l->i.nom, lien_path(&w->a, LIEN_INVITATION, l->s.code));
	}
	fprintf(stderr, "%zu invités, %zu qui avaient déjà un compte, %zu lignes refusées.\n",
		m->invited, m->known, m->refused);
}

static bool run_import(struct call *c, struct err *e)
{
	RUN(w, c, e);
	CLEANUP(db_release) struct db *db = NULL;
	const char *text;
	struct structure st;
	struct import m;
	size_t n = 0;

	if (!read_file(&w, c->args[0], &text, &n, e) || !db_acquire(w.store, &db, e)
	    || !find_structure(&w, db, call_option(c, "--structure"), &st, e))
		return false;
	db_release(&db);
	if (!import_read(&w.a, langs[0], c->args[0], text, n, st.id, &m, e)
	    || !import_draw(w.signer, c->env, &m, e) || !write_it(&w, import_all, &m, e))
		return false;
	import_report(&w, &m);
	return true;
}

/* --- the first one ----------------------------------------------------------------------- */

struct first {
	const struct env *env;
	struct lien_secret s;
};

static bool put_first(struct tx *tx, void *arg, struct err *e)
{
	struct first *f = arg;

	return lien_put(tx, f->env, &f->s, &(struct lien){ .sorte = LIEN_PREMIER,
			.minutes = LIEN_PREMIER_MIN }, e);
}

bool premier_link(struct store *s, struct signer *signer, const struct env *env,
		  struct arena *a, const char **path, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct first f = { .env = env };
	bool has;

	*path = NULL;
	if (!db_acquire(s, &db, e) || !equipe_has_admin(db, a, &has, e))
		return false;
	db_release(&db);
	if (has)
		return true;
	if (!lien_draw(signer, env, &f.s, e) || !store_write(s, put_first, &f, e))
		return false;
	*path = lien_path(a, LIEN_PREMIER, f.s.code);
	return true;
}

static bool run_first(struct call *c, struct err *e)
{
	const char *path;

	RUN_IN(w, c, STORE_CREATE, e);          /* the first word said to an empty folder */
	if (!premier_link(w.store, w.signer, c->env, &w.a, &path, e))
		return false;
	if (!path) {
		fail(e, E_CONFLICT, "Ce territoire a déjà un administrateur.");
		return hint(e, "S’il ne peut plus entrer : tremplin agent acces, ou reinvite s’il "
			       "n’est jamais venu.");
	}
	fprintf(c->out, "%s\n", path);
	fputs("Ouvrez cette adresse sur le site dans les 24 heures : elle sert une fois.\n", stderr);
	return true;
}

/* --- structures -------------------------------------------------------------------------- */

static bool save_structure(struct equipe *q, void *arg, struct err *e)
{
	return equipe_save_structure(q, arg, e);
}

static bool read_type(const char *slug, int *out, struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(4096);

	for (*out = 0; structure_types[*out].slug; ++*out) {
		if (!strcmp(structure_types[*out].slug, slug))
			return true;
		buf_str(&b, *out ? ", " : "");
		buf_str(&b, structure_types[*out].slug);
	}
	fail(e, E_INPUT, "« %s » n’est pas un type de structure. Types : %s.", slug, buf_text(&b));
	return false;
}

static bool run_structure_add(struct call *c, struct err *e)
{
	const char *type = call_option(c, "--type"), *siret = call_option(c, "--siret");
	struct structure s = { .nom = c->args[0], .commune = call_option(c, "--commune"),
			       .pouvoirs = POUVOIR_MANDATS | POUVOIR_LIEUX };
	char digits[STRUCTURE_SIRET];

	RUN_IN(w, c, STORE_CREATE, e);
	if (!read_type(type ? type : "autre", &s.type, e)
	    || (siret && !siret_read(siret, digits, e)))
		return false;
	s.siret = siret ? digits : NULL;
	if (!write_it(&w, save_structure, &s, e))
		return false;
	fprintf(c->out, "%s\n", s.id);
	return true;
}

static void structure_json(struct json_out *j, const struct structure *s)
{
	json_open_object(j, NULL);
	json_put_text(j, "id", s->id);
	json_put_text(j, "nom", s->nom);
	json_put_text(j, "type", structure_types[s->type].slug);
	json_put_text(j, "siret", s->siret);
	json_put_text(j, "rna", s->rna);
	json_put_text(j, "commune", s->commune);
	json_put_text(j, "etat", structure_etats[s->etat].slug);
	json_close_object(j);
}

static bool run_structure_list(struct call *c, struct err *e)
{
	RUN(w, c, e);
	CLEANUP(db_release) struct db *db = NULL;
	CLEANUP(buf_free) struct buf b = buf_new(8 << 20);
	struct json_out j = { &b, false };
	struct structure *all;
	size_t n;

	if (!db_acquire(w.store, &db, e)
	    || !structure_list(db, &w.a, c->nargs ? c->args[0] : NULL, &all, &n, e))
		return false;
	json_open_object(&j, NULL);
	json_open_array(&j, "structures");
	for (size_t i = 0; i < n; i++) {
		if (c->json)
			structure_json(&j, &all[i]);
		else
			fprintf(c->out, "%s\t%s\t%s\t%s\n", all[i].id, all[i].nom,
				structure_types[all[i].type].slug,
				structure_etats[all[i].etat].slug);
	}
	json_close_array(&j);
	json_close_object(&j);
	if (c->json)
		fprintf(c->out, "%s\n", buf_text(&b));
	return true;
}

/* --- what they are called ---------------------------------------------------------------- */

#define DATA { "--data", "DIR", "dossier des données", true }
#define STRUCTURE { "--structure", "NOM", "nom, SIRET ou identifiant de la structure", true }
#define END { NULL, NULL, NULL, false }

static const struct command_option data_options[] = { DATA, END };

static const struct command_option invite_options[] = {
	DATA, STRUCTURE,
	{ "--prenom", "PRENOM", "prénom", true },
	{ "--nom", "NOM", "nom", true },
	{ "--courriel", "ADRESSE", "adresse e-mail ; sans elle, l’agent a un identifiant", false },
	{ "--role", "ROLES", "aidant (sans option), mediateur, accueil, referent, coordinateur, admin", false },
	END,
};

static const struct command_option role_options[] = {
	DATA, STRUCTURE,
	{ "--role", "ROLES", "les rôles qui remplacent ceux d’avant : aidant,referent", true },
	END,
};

static const struct command_option place_options[] = { DATA, STRUCTURE, END };

static const struct command_option list_options[] = {
	DATA, { "--structure", "NOM", "seulement ceux de cette structure", false }, END,
};

static const struct command_option add_options[] = {
	DATA,
	{ "--type", "TYPE", "ccas, association, france-services, mediatheque… (autre)", false },
	{ "--siret", "SIRET", "14 chiffres", false },
	{ "--commune", "CODE", "code INSEE de la commune", false },
	END,
};

const struct command agents_commands[] = {
	{ "agent premier", NULL, 0, 0, "Écrit le lien à usage unique du premier administrateur",
	  "tremplin agent premier --data /var/lib/tremplin", data_options, run_first },
	{ "agent invite", NULL, 0, 0, "Invite un agent dans une structure et écrit son lien à usage unique",
	  "tremplin agent invite --data /var/lib/tremplin --structure \"CCAS de Bondy\" "
	  "--prenom Amina --nom Benali --role referent", invite_options, run_invite },
	{ "agent reinvite", "AGENT", 1, 1, "Écrit un nouveau lien pour un agent qui n’est pas encore venu",
	  "tremplin agent reinvite --data /var/lib/tremplin amina.b", data_options, run_again },
	{ "agent acces", "AGENT", 1, 1, "Écrit un lien pour qui a perdu mot de passe, téléphone et codes",
	  "tremplin agent acces --data /var/lib/tremplin amina.b", data_options, run_access },
	{ "agent suspend", "AGENT", 1, 1, "Suspend un compte et ferme ses sessions",
	  "tremplin agent suspend --data /var/lib/tremplin amina.benali@ville.fr", data_options,
	  run_suspend },
	{ "agent retablir", "AGENT", 1, 1, "Rétablit un compte suspendu",
	  "tremplin agent retablir --data /var/lib/tremplin amina.b", data_options, run_restore },
	{ "agent role", "AGENT", 1, 1, "Remplace les rôles d’un agent dans une structure",
	  "tremplin agent role --data /var/lib/tremplin --structure \"CCAS de Bondy\" --role "
	  "aidant,referent amina.b", role_options, run_role },
	{ "agent depart", "AGENT", 1, 1, "Enregistre le départ d’un agent d’une structure",
	  "tremplin agent depart --data /var/lib/tremplin --structure \"CCAS de Bondy\" amina.b",
	  place_options, run_leave },
	{ "agent import", "FICHIER", 1, 1, "Invite une liste d’agents : prenom, nom, courriel, role",
	  "tremplin agent import --data /var/lib/tremplin --structure \"CCAS de Bondy\" agents.csv",
	  place_options, run_import },
	{ "agent list", NULL, 0, 0, "Liste les agents, leurs structures et leurs rôles",
	  "tremplin agent list --data /var/lib/tremplin --json", list_options, run_list },
	{ "structure add", "NOM", 1, 1, "Ajoute une structure et écrit son identifiant",
	  "tremplin structure add --data /var/lib/tremplin --type ccas --siret 26930000000016 "
	  "\"CCAS de Bondy\"", add_options, run_structure_add },
	{ "structure list", "MOTS", 0, 1, "Liste les structures dont le nom contient ces mots",
	  "tremplin structure list --data /var/lib/tremplin bondy", data_options,
	  run_structure_list },
	{ NULL, NULL, 0, 0, NULL, NULL, NULL, NULL },
};
