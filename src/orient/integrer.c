#include "orient/integrer.h"

#include <stdlib.h>
#include <string.h>

#include "core/core.h"
#include "orient/integrer.htm.h"
#include "web/message.h"
#include "web/query.h"

const struct field integrer_fields[] = {
	{ AT(integrer_in, commune), .kind = F_TEXT, .max = 80, .label = N_("Commune ou code postal"),
	  .hint = N_("Les lieux les plus proches, le plus proche d’abord") },
	{ AT(integrer_in, departement), .kind = F_TEXT, .max = 3, .label = N_("Code du département"),
	  .hint = N_("Tous ses lieux, par ordre alphabétique. Par exemple : 93") },
	{ AT(integrer_in, service), .kind = F_CHOICE, .choices = lieu_services,
	  .label = N_("Besoin") },
	{ AT(integrer_in, nombre), .kind = F_INT, .min = 0, .max = INTEGRER_MOST,
	  .label = N_("Nombre de lieux (20 au plus)") },
	{ 0 },
};

/* Where the list is about, and which places it has. */
struct choosing {
	struct req *r;
	const struct repertoire *rep;
	struct recherche q;
	struct ici ici;
	const struct territoire *departement;
	struct lieu_filter f;
	struct lieu_result found[INTEGRER_MOST];
	size_t n;
};

/* The commune, else the département, else that of the site; false with the field refused. */
static bool choose(struct choosing *k)
{
	const struct integrer_in *in = k->r->in;
	const char *code = in->departement;

	k->q = (struct recherche){ .commune = in->commune, .genre = -1, .carte = -1,
				   .service = in->service < 0 ? 0 : 1u << in->service };
	if (in->commune && *in->commune) {
		ici_find(k->rep, &k->q, true, &k->ici);
		if (k->ici.kind == ICI_TROUVE)
			return true;
		req_refuse(k->r, integrer_fields, "commune", k->ici.kind == ICI_PLUSIEURS
			? N_("Ce nom désigne plusieurs communes : donnez le code Insee.")
			: N_("Cette commune n’est pas connue : vérifiez son nom, ou donnez le code "
			     "postal."));
		return false;
	}
	if (!code || !*code)
		code = k->r->core->site.departement;
	k->departement = code && *code ? repertoire_territoire(k->rep, "departement", code) : NULL;
	if (!k->departement && in->departement && *in->departement)
		req_refuse(k->r, integrer_fields, "departement",
			   N_("Ce département n’est pas connu : écrivez son code, comme 93 ou 2A."));
	return k->departement != NULL;
}

static int by_nom(const void *a, const void *b)
{
	const struct lieu_result *x = a, *y = b;
	int d = strcmp(x->lieu->cle, y->lieu->cle);

	return d ? d : strcmp(x->lieu->id, y->lieu->id);
}

static void find_in(struct choosing *k, size_t most)
{
	struct lieu_result *all = NEW_ARRAY(k->r->a, k->rep->nlieux + 1, struct lieu_result);
	size_t n = 0;

	for (size_t i = 0; all && i < k->rep->nlieux; i++) {
		const struct lieu *l = &k->rep->lieux[i];
		const struct commune *c = repertoire_commune(k->rep, l->code_insee);

		if (c && !strcmp(c->departement, k->departement->code)
		    && (!k->f.services || l->services & k->f.services))
			all[n++] = (struct lieu_result){ .lieu = l, .ouvert =
				lieu_ouvert(l, env_now(k->r->env)) };
	}
	if (!all)
		return;
	qsort(all, n, sizeof *all, by_nom);
	k->n = n < most ? n : most;
	memcpy(k->found, all, k->n * sizeof *all);
}

static void find(struct choosing *k)
{
	const struct integrer_in *in = k->r->in;
	size_t most = in->nombre > 0 ? (size_t)in->nombre : INTEGRER_USUAL;

	k->f = recherche_filter(&k->q, &k->ici);
	if (k->departement)
		find_in(k, most);
	else
		k->n = lieu_search(k->rep, &k->f, env_now(k->r->env), 0, k->found, most, NULL);
}

static const char *title_of(struct choosing *k)
{
	if (k->departement)
		return message(k->r->a, k->r->lang, N_("Lieux d’aide au numérique : %1"),
			       k->departement->nom);
	return k->ici.commune ? message(k->r->a, k->r->lang, N_("Lieux d’aide au numérique près de %1"),
					k->ici.commune->nom)
		: tr(k->r->lang, N_("Lieux d’aide au numérique"));
}

/* The whole list, on the site itself. */
static const char *all_of(struct choosing *k)
{
	struct recherche q = k->q;

	if (k->departement)
		return arena_cat(k->r->a, core_address(k->r), "/territoires/",
				 k->departement->code, NULL);
	if (k->ici.commune)
		q.commune = k->ici.commune->code;
	return arena_cat(k->r->a, core_address(k->r), "/lieux?",
			 query_write(k->r->a, recherche_fields, &q), NULL);
}

/* The address of the frame, with what was understood. */
static const char *frame_of(struct choosing *k)
{
	struct integrer_in in = *(const struct integrer_in *)k->r->in;

	in.commune = k->ici.commune ? k->ici.commune->code : NULL;
	in.departement = k->departement ? k->departement->code : NULL;
	return arena_cat(k->r->a, core_address(k->r), "/integrer/liste?",
			 query_write(k->r->a, integrer_fields, &in), NULL);
}

/* In the attribute of a code that is copied: & and quotes escaped. */
static const char *attribute(struct arena *a, const char *s)
{
	const char *out = "";

	while (*s) {
		size_t n = strcspn(s, "&\"<");

		out = arena_printf(a, "%s%.*s%s", out, (int)n, s, s[n] == '&' ? "&amp;" : s[n] == '"'
				   ? "&quot;" : s[n] == '<' ? "&lt;" : "");
		s += n + (s[n] != '\0');
	}
	return out;
}

static void write_code(struct choosing *k, struct integrer_view *v)
{
	struct arena *a = k->r->a;

	v->voir = frame_of(k);
	v->code_voir = attribute(a, v->voir);
	v->code_titre = attribute(a, v->titre);
	v->code_tous = attribute(a, v->tous);
	v->code_base = attribute(a, v->base);
}

bool integrer_page(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	const struct integrer_in *in = r->in;
	struct choosing k = { .r = r, .rep = held.r };
	struct integrer_in shown = *in;
	struct integrer_view v = { .r = r, .in = &shown, .base = core_address(r) };
	bool asked = *r->query != '\0', found = asked && !r->nerrors && choose(&k);
	struct page page;
	struct html h;

	(void)e;
	if (asked && !found && !r->nerrors)
		req_refuse(r, integrer_fields, "commune", N_("Donnez une commune, ou un département."));
	if (!shown.nombre)
		shown.nombre = INTEGRER_USUAL;
	if (found) {
		v.titre = title_of(&k);
		v.tous = all_of(&k);
		write_code(&k, &v);
	}
	page = page_for(r, N_("Mettre les lieux sur votre site"));
	v.page = &page;
	h = page_html(r, s);
	integrer(&h, &v);
	return true;
}

bool integrer_liste(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	struct choosing k = { .r = r, .rep = held.r };
	struct integrer_view v = { .r = r, .in = r->in, .base = core_address(r), .titre =
				   tr(r->lang, N_("Lieux d’aide au numérique")) };
	struct vignette *cards;
	struct page page;
	struct html h;

	(void)e;
	v.tous = arena_cat(r->a, v.base, "/lieux", NULL);
	if (!r->nerrors && choose(&k)) {
		find(&k);
		v.titre = title_of(&k);
		v.tous = all_of(&k);
	} else if (!r->nerrors) {
		req_refuse(r, integrer_fields, "commune", N_("Donnez une commune, ou un département."));
	}
	cards = NEW_ARRAY(r->a, k.n + 1, struct vignette);
	for (size_t i = 0; cards && i < k.n; i++)
		cards[i] = vignette_make(r->a, r->lang, &k.found[i], (int)i + 1, &k.f,
					 env_now(r->env));
	for (size_t i = 0; cards && k.departement && i < k.n; i++)
		cards[i].distance = "";         /* from nowhere */
	v.lieux = cards;
	v.n = cards ? k.n : 0;
	page = page_for(r, v.titre);
	page.no_index = true;
	v.page = &page;
	h = page_html(r, s);
	integrer_cadre(&h, &v);
	return true;
}
