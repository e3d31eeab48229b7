#include "app/donnees_page.h"

#include <string.h>

#include "app/donnees_page.htm.h"
#include "app/modules.h"
#include "core/core.h"
#include "store/db.h"
#include "web/i18n.h"
#include "web/right.h"

enum { JEUX = 400, AUTRES = 16 };

/* Every dataset of every module, read for one request. */
struct reading {
	struct holding held;
	struct db *db;
	struct jeu_lecture l;
	struct jeu *jeux;
	size_t n;
};

static void reading_end(struct reading *d)
{
	db_release(&d->db);
	if (d->held.r)
		core_let_go(&d->held);
}

static bool reading_begin(struct req *r, struct reading *d, struct err *e)
{
	d->held = core_hold(r->core);
	if (!db_acquire(r->core->store, &d->db, e))
		return false;
	d->l = (struct jeu_lecture){ r->a, d->held.r, d->db, r->core };
	d->jeux = NEW_ARRAY(r->a, JEUX, struct jeu);
	if (!d->jeux)
		return arena_refuse(r->a, e);
	for (jeu_liste *const *m = module_jeux; *m; m++) {
		const struct jeu *some;
		size_t n;

		if (!(*m)(&d->l, &some, &n, e))
			return false;
		for (size_t i = 0; i < n && d->n < JEUX; i++)
			d->jeux[d->n++] = some[i];
	}
	return true;
}

static const struct jeu *find(const struct reading *d, const char *slug, struct err *e)
{
	for (size_t i = 0; i < d->n; i++) {
		if (!strcmp(d->jeux[i].slug, slug))
			return &d->jeux[i];
	}
	fail(e, E_MISSING, N_("Nous ne connaissons pas ce jeu de données."));
	hint(e, N_("La liste est à l’adresse /donnees."));
	return NULL;
}

const char *jeu_type_words(enum jeu_type t)
{
	static const char *const words[] = { N_("texte"), N_("nombre entier"), N_("nombre"), N_("date") };

	return words[t];
}

static bool donnees_list(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(reading_end) struct reading d = { 0 };
	struct page page = page_for(r, N_("Données ouvertes"));
	struct donnees_view v = { .page = &page };
	struct html h = page_html(r, s);

	if (!reading_begin(r, &d, e))
		return false;
	v.jeux = d.jeux;
	v.n = d.n;
	donnees_ouvertes(&h, &v);
	return true;
}

static const char *file_of(struct req *r, const struct jeu *j, const char *name)
{
	return arena_cat(r->a, "/donnees/", j->slug, "/", name, NULL);
}

static bool donnees_one(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(reading_end) struct reading d = { 0 };
	struct jeu_fichier files[JEU_FORMATS + AUTRES + 1];
	struct donnees_view v = { .fichiers = files, .n = 1, .maj = "" };
	char text[I18N_TEXT];
	struct civil day;
	struct page page;
	struct html h;

	if (!reading_begin(r, &d, e) || !(v.jeux = find(&d, r->params[0], e)))
		return false;
	for (int f = 0; f < JEU_FORMATS; f++) {
		static const char *const names[] = { "CSV", "XLSX", "JSON", "GeoJSON" };

		if (f == JEU_GEOJSON && !v.jeux->geo)
			continue;
		files[v.nfichiers++] = (struct jeu_fichier){ names[f],
			file_of(r, v.jeux, arena_cat(r->a, "donnees.", jeu_extensions[f], NULL)),
			jeu_types[f] };
	}
	for (int i = 0; v.jeux->autres && v.jeux->autres[i].fichier && i < AUTRES; i++) {
		const struct jeu_autre *f = &v.jeux->autres[i];

		files[v.nfichiers++] = (struct jeu_fichier){ f->titre,
			file_of(r, v.jeux, f->fichier), f->type };
	}
	files[v.nfichiers++] = (struct jeu_fichier){ "Table Schema",
		file_of(r, v.jeux, "schema.json"), "application/json" };
	if (v.jeux->maj && iso_read(v.jeux->maj, &day))
		v.maj = arena_str(r->a, date_long(r->lang, &day, text));
	v.adresse = arena_cat(r->a, core_address(r), "/donnees/", v.jeux->slug, NULL);
	page = page_for(r, v.jeux->titre);
	v.page = &page;
	h = page_html(r, s);
	donnees_jeu(&h, &v);
	return true;
}

static bool write_data(struct req *r, struct res *s, const struct reading *d,
		       const struct jeu *j, enum jeu_format f, struct err *e)
{
	const char *folder = arena_cat(r->a, store_dir(r->core->store), "/tmp", NULL);

	s->type = jeu_types[f];
	s->filename = arena_cat(r->a, j->slug, ".", jeu_extensions[f], NULL);
	return store_folder(r->core->store, "tmp", e)
	       && jeu_ecrire(j, &d->l, f, folder, &s->body, e);
}

static bool donnees_file(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(reading_end) struct reading d = { 0 };
	const struct jeu *j;

	if (!reading_begin(r, &d, e))
		return false;
	j = find(&d, r->params[0], e);
	if (!j)
		return false;
	if (!strcmp(r->params[1], "schema.json")) {
		s->type = "application/json";
		jeu_schema(j, arena_cat(r->a, core_address(r), file_of(r, j, "donnees.csv"), NULL),
			   &s->body);
		return true;
	}
	for (int f = 0; f < JEU_FORMATS; f++) {
		if ((f != JEU_GEOJSON || j->geo)
		    && !strcmp(r->params[1], arena_cat(r->a, "donnees.", jeu_extensions[f], NULL)))
			return write_data(r, s, &d, j, (enum jeu_format)f, e);
	}
	fail(e, E_MISSING, N_("Ce jeu de données n’a pas ce fichier."));
	return hint(e, N_("Ses fichiers sont dans sa page."));
}

static bool catalogue(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(reading_end) struct reading d = { 0 };
	const struct site *site = &r->core->site;
	struct jeu_catalogue c = {
		.base = core_address(r), .titre = site->nom,
		.description = "Données ouvertes de l’inclusion numérique du territoire",
		.editeur = *site->editeur ? site->editeur : site->nom, .contact = site->contact };

	if (!reading_begin(r, &d, e))
		return false;
	c.jeux = d.jeux;
	c.n = d.n;
	s->type = "application/ld+json";
	jeu_catalogue_ecrire(&c, &s->body);
	return true;
}

const struct route donnees_routes[] = {
	{ GET, "/donnees", donnees_list, CAN_PUBLIC, NULL, 0, N_("Les jeux de données ouverts"),
	  ROUTE_SLOW, NULL },
	{ GET, "/donnees/{jeu}", donnees_one, CAN_PUBLIC, NULL, 0,
	  N_("Un jeu de données : colonnes, source, licence, fichiers"), ROUTE_SLOW, NULL },
	{ GET, "/donnees/{jeu}/{fichier}", donnees_file, CAN_PUBLIC, NULL, 0,
	  N_("Un fichier d’un jeu de données"), ROUTE_SLOW, NULL },
	{ GET, "/catalog.jsonld", catalogue, CAN_PUBLIC, NULL, 0,
	  N_("Le catalogue des données (DCAT)"), ROUTE_SLOW, NULL },
	{ 0 },
};
