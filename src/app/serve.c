#include "app/serve.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "admit/agent_commands.h"
#include "accompany/mandat_demo.h"
#include "admit/agent_demo.h"
#include "admit/entree.h"
#include "admit/oidc.h"
#include "app/config.h"
#include "app/demo.h"
#include "app/modules.h"
#include "app/process.h"
#include "app/sandbox.h"
#include "app/site_page.h"
#include "app/watch.h"
#include "base/log.h"
#include "core/agent.h"
#include "core/effacement.h"
#include "core/journal_veille.h"
#include "core/repertoire.h"
#include "core/vignette.h"
#include "observe/fonds.h"
#include "observe/releve.h"
#include "orient/lieu_frein.h"
#include "orient/lieu_frein.h"
#include "orient/lieux_page.h"
#include "store/db.h"
#include "web/page.h"
#include "web/router.h"
#include "web/server.h"

enum { SETTINGS_MEMORY = 1 << 20 };

/* Everything that lives as long as the server does. */
struct serving {
	struct arena a;
	struct core core;
	struct page_site site;
	struct proxies proxies;
	bool behind_proxy;
	struct server *server;
	struct router *router;
	struct watch *watch;
	struct journal_veille *veille;
	struct entree *entree;
	struct processes *processes;
	const char *dir;
	struct envoi_reglages envoi;
	bool keeps;                     /* a demonstration whose folder stays */
};

static struct serving *serving_of(struct core *core)
{
	return (struct serving *)(void *)((char *)core - offsetof(struct serving, core));
}

static bool is_ready(struct core *core, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(core);
	CLEANUP(db_release) struct db *db = NULL;

	if (!held.r->ncommunes)
		return fail(e, E_BUSY, "Aucune commune n’est importée.");
	return db_acquire(core->store, &db, e) && processes_are_up(serving_of(core)->processes, e);
}

static struct page_site page_site_of(struct serving *s)
{
	const struct site *site = &s->core.site;

	return (struct page_site){
		.nom = site->nom,
		.territoire = site->territoire,
		.telephone = telephone_text(&s->a, site->telephone),
		.telephone_lien = site->telephone,
		.telephone_heures = site->telephone_heures,
		.accessibilite = site->accessibilite,
		.demo = site->demo,
		.bar = agent_bar,
	};
}

static bool open_router(struct serving *s, struct err *e)
{
	struct router_options r = {
		.env = s->core.env, .core = &s->core, .site = &s->site,
		.proxies = s->behind_proxy ? &s->proxies : NULL,
		.frames = !strcmp(s->core.site.cadres, "aucun") ? "'none'" : s->core.site.cadres,
		.server = s->server, .ready = is_ready,
		.error_page = page_error, .schemas = module_schemas,
	};

	if (!proxies_read(s->core.site.mandataires, s->core.site.champs_mandataire,
			  &s->proxies, e)
	    || !box_load(store_dir(s->core.store), "session", s->core.env, &r.box, e)
	    || !router_new(&r, &s->router, e))
		return false;
	for (const struct route *const *t = module_routes; *t; t++) {
		if (!router_add(s->router, *t, e))
			return false;
	}
	return true;
}

/* The files that pages need: those of the store, not its folder, since the keys are there. */
static bool confine(struct serving *s, struct err *e)
{
	const unsigned both = SANDBOX_READ | SANDBOX_WRITE;
	const char *const names[] = { "tremplin.db", "tremplin.db-wal", "tremplin.db-shm",
				      "fichiers", "journal", "tmp" };
	struct sandbox_path paths[sizeof names / sizeof *names + 1] = { { 0 } };
	struct confinement got;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		paths[i] = (struct sandbox_path){ arena_printf(&s->a, "%s/%s", s->dir, names[i]),
						  i < 3 ? both : both | SANDBOX_MAKE };
	if (!store_folder(s->core.store, "journal", e) || !store_folder(s->core.store, "fichiers", e))
		return false;
	store_rest(s->core.store);
	sandbox_hide();
	if (!sandbox_enter(SANDBOX_SERVE, paths, &got, e))
		return false;
	if (got.landlock && got.seccomp)
		log_info("confinement : %s", confinement_words(&got));
	else
		log_warning("confinement : %s (tremplin doctor dit pourquoi)",
			    confinement_words(&got));
	return true;
}

/* The address of this site, for who started it. */
static const char *own_address(struct serving *s)
{
	if (*s->core.site.adresse)
		return s->core.site.adresse;
	return arena_printf(&s->a, "%s://127.0.0.1:%d", server_https(s->server) ? "https" : "http",
			    server_port(s->server));
}

/* Ways in as each kind of agent. */
static bool offer_demo(struct serving *s, struct err *e)
{
	struct demo_agent agents[DEMO_AGENTS];
	struct demo_personne helped;
	size_t n;

	if (!agents_demo(s->core.store, s->core.signer, s->core.env, &s->a, agents, &n, e))
		return false;
	if (n)
		fputs("Pour entrer comme l’un des agents inventés (chaque lien sert une fois) :\n",
		      stderr);
	for (size_t i = 0; i < n; i++)
		fprintf(stderr, "  %s (%s)\n    %s%s\n", agents[i].nom, agents[i].role,
			own_address(s), agents[i].path);
	if (s->keeps)                   /* a folder of one's own gets nobody's life */
		return true;
	if (!mandat_demo(s->core.store, s->core.signer, s->core.env, &s->a, &helped, e))
		return false;
	if (helped.nom)
		fprintf(stderr, "Pour entrer comme une personne aidée, inventée, %s :\n    %s/mon-espace/entrer\n"
			"    carte %s, code secret %s\n", helped.nom, own_address(s), helped.numero,
			helped.secret);
	return true;
}

/* Nobody can log in yet: the link that lets somebody begin, once. */
static bool offer_first(struct serving *s, struct err *e)
{
	const char *path;

	if (s->core.site.demo)
		return offer_demo(s, e);
	if (!premier_link(s->core.store, s->core.signer, s->core.env, &s->a, &path, e))
		return false;
	if (!path)
		return true;
	fprintf(stderr, "Aucun administrateur encore. Pour créer le premier compte, ouvrez (une fois, "
		"dans les 24 heures) :\n  %s%s\n", own_address(s), path);
	return true;
}

static bool open_all(struct serving *s, const char *dir, const struct server_options *o,
		     struct err *e)
{
	struct repertoire *first = NULL;

	if (!server_open(o, &s->server, e) || !watch_read(s->core.store, &first, e)
	    || !oidc_new(s->core.site.oidc, &s->core.oidc, e))
		return false;
	s->core.slot = repertoire_slot_new(first);
	s->site = page_site_of(s);
	s->core.orient = orient_prepare(&s->a);
	s->core.effaceurs = module_effaceurs;
	s->core.freins = lieu_freins_new(s->core.env);
	s->core.releves = releves_new();
	s->core.fonds = fonds_new();
	if (!open_router(s, e) || !confine(s, e) || !processes_meet(s->processes, &s->core, e)
	    || !entree_open(&s->core, &s->entree, e)
	    || !effacement_resume(s->core.store, s->core.effaceurs, e)
	    || !watch_start(&s->core, first->version, &s->watch, e)
	    || !journal_veille_start(&s->core, &s->veille, e))
		return false;
	server_heavy(s->server, entree_heavy(s->entree));
	/* Before it is said that we listen: a link made by a command afterwards is the newer. */
	if (!offer_first(s, e))
		return false;
	fprintf(stderr, "Tremplin écoute sur %s://%s:%d\n",
		server_https(s->server) ? "https" : "http", "127.0.0.1",
		server_port(s->server));
	log_info("%zu lieux, %zu communes, données dans %s", first->nlieux, first->ncommunes, dir);
	if (!first->ncommunes)
		log_warning("aucune commune : tremplin territoire import --data %s FICHIER…", dir);
	return true;
}

static bool serve(struct serving *s, const char *dir, const struct server_options *o,
		  struct err *e)
{
	struct server_options renewed = *o;
	bool ok;

	renewed.tls_again = processes_certificate;
	renewed.tls_at = s->processes;
	ok = open_all(s, dir, &renewed, e)
		  && server_run(s->server, router_dispatcher(s->router), e);

	if (!ok && e->kind == E_BUSY && s->watch) {
		log_error("%s", e->msg);
		_exit(1);               /* something still runs: it may use what we would free */
	}
	watch_stop(&s->watch);
	journal_veille_stop(&s->veille);
	entree_close(&s->entree);       /* what it still answers goes through the server */
	server_close(&s->server);
	router_close(&s->router);
	repertoire_slot_free(s->core.slot);
	lieu_freins_free(s->core.freins);
	releves_free(s->core.releves);
	fonds_free(s->core.fonds);
	store_close(s->core.store);
	processes_stop(&s->processes, &s->core);
	oidc_free(&s->core.oidc);
	envoi_reglages_close(&s->envoi);
	arena_free(&s->a);
	return ok;
}

static struct server_options options_of(const struct call *c)
{
	const char *listen = call_option(c, "--listen");

	return (struct server_options){
		.listen = listen ? listen : "127.0.0.1:8080",
		.tls_cert = call_option(c, "--tls-cert"),
		.tls_key = call_option(c, "--tls-key"),
	};
}

/* Before anything is served. */
static void give_up(struct serving *s)
{
	store_close(s->core.store);
	processes_stop(&s->processes, &s->core);
	envoi_reglages_close(&s->envoi);
	arena_free(&s->a);
}

/* What proves the calls of a gateway; its own secrets stay with the sender. */
static bool read_messages(struct serving *s, struct err *e)
{
	s->core.envoi = &s->envoi;
	if (!config_envoi(&s->a, s->dir, &s->core.site, REGLAGES_RECEVOIR, &s->envoi, e))
		return false;
	config_envoi_forget();
	return true;
}

static bool run_serve(struct call *c, struct err *e)
{
	struct serving s = { .a = arena_new(SETTINGS_MEMORY), .core = { .env = c->env },
			     .behind_proxy = call_option(c, "--derriere-proxy") };
	struct server_options o = options_of(c);
	const char *dir = call_option(c, "--data");

	const struct processes_ask ask = { .dir = dir, .env = c->env, .tls_cert = o.tls_cert,
					   .tls_key = o.tls_key };

	s.dir = dir;
	if (!processes_start(&ask, &s.processes, e)
	    || !store_open(dir, STORE_SERVE, c->env, &s.core.store, e)
	    || !config_read(&s.a, dir, &s.core.site, e) || !read_messages(&s, e)) {
		give_up(&s);
		return false;
	}
	return serve(&s, dir, &o, e);
}

static bool run_demo(struct call *c, struct err *e)
{
	struct serving s = { .a = arena_new(SETTINGS_MEMORY), .core = { .env = c->env } };
	struct server_options o = options_of(c);
	struct demo d;
	const struct processes_ask ask = { .dir = d.dir, .env = c->env, .at_end = demo_erase,
					   .at = &d };
	bool ok;

	if (!demo_choose(&d, call_option(c, "--data"), e))
		return false;
	s.dir = d.dir;
	s.keeps = !d.temporary;
	/* messages go in a folder where who tries can read them, unless that is set */
	setenv("TREMPLIN_SMS_PASSERELLE", "dossier", 0);
	setenv("TREMPLIN_SMTP", "dossier", 0);
	ok = processes_start(&ask, &s.processes, e) && demo_open(&d, c->env, e)
	     && config_read(&s.a, d.dir, &s.core.site, e) && read_messages(&s, e);
	s.core.store = d.store;
	if (!ok) {
		if (!s.processes)
			demo_erase(&d);         /* else the keeper does, when all have ended */
		give_up(&s);
		return false;
	}
	demo_site(&s.core.site);
	fputs("Démonstration : les lieux et les structures sont inventés ; "
	      "les communes sont vraies.\n", stderr);
	fprintf(stderr, "Les messages ne partent pas : lisez-les dans %s/messages.\n", d.dir);
	return serve(&s, d.dir, &o, e);
}

static const struct command_option serve_options[] = {
	{ "--data", "DIR", "le dossier de données (créé s’il manque)", true },
	{ "--listen", "ADRESSE", "où écouter (127.0.0.1:8080)", false },
	{ "--tls-cert", "FICHIER", "certificat PEM, pour servir en https sans mandataire", false },
	{ "--tls-key", "FICHIER", "clé PEM du certificat", false },
	{ "--derriere-proxy", NULL, "croit le mandataire de cette machine (ou ceux de config : mandataires)", false },
	{ 0 },
};

static const struct command_option demo_options[] = {
	{ "--listen", "ADRESSE", "où écouter (127.0.0.1:8080)", false },
	{ "--data", "DIR", "garde les données ici ; sans elle, tout disparaît à la fin", false },
	{ 0 },
};

const struct command serve_commands[] = {
	{ .words = "serve", .summary = "Sert les pages et l’API",
	  .example = "tremplin serve --data /var/lib/tremplin --listen 127.0.0.1:8080",
	  .options = serve_options, .run = run_serve },
	{ .words = "demo", .summary = "Montre Tremplin avec des lieux inventés en Seine-Saint-Denis",
	  .example = "tremplin demo --listen 127.0.0.1:8080",
	  .options = demo_options, .run = run_demo },
	{ 0 },
};
