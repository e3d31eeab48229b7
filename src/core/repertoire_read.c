/* From the store to sorted arrays: one pass over each table, equal texts kept once. */
#include "core/repertoire.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/commune.h"
#include "core/contour.h"
#include "core/lieu.h"
#include "core/lieu_grid.h"
#include "core/lieu_local.h"
#include "core/passage.h"
#include "core/repertoire.sql.h"

enum { MEMORY_MOST = 512 << 20, LIEU_MOST = 4 << 20, INTERN_SLOTS = 1 << 16 };

/* Texts that come back often (communes, hours, lists) are kept once. */
struct intern {
	const char **texts;             /* INTERN_SLOTS of them, open addressing, never full */
	const struct horaires **hours;  /* what a text of hours was read as */
	size_t n;
};

struct reading {
	struct repertoire *r;
	struct arena *a;
	struct intern seen;
	struct commune *communes;
	struct territoire *territoires;
	struct nom_index *noms;
	struct postal_index *postaux, *anciens;
	struct lieu *lieux;
	struct passage *passages;
	struct contour *contours;
	size_t ncontours;
	bool parts;                     /* these contours are drawn on every map */
	size_t room;                    /* of the array that grows now */
	uint64_t hash;
};

/* Room for n elements: what is known beforehand is taken once. */
static void *expect(struct reading *d, int64_t n, size_t size)
{
	d->room = (size_t)n;
	return n ? arena_array(d->a, (size_t)n, size) : NULL;
}

/* One more element; an array that proves too short doubles. */
static void *push(struct reading *d, void **array, size_t n, size_t size)
{
	if (n == d->room) {
		size_t room = d->room ? d->room * 2 : 1024;
		void *p = arena_array(d->a, room, size);

		if (!p)
			return NULL;
		if (n)
			memcpy(p, *array, n * size);
		*array = p;
		d->room = room;
	}
	return (char *)*array + n * size;
}

static uint64_t hash_text(uint64_t h, const char *s)
{
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3u;
	return (h ^ 0xff) * 0x100000001b3u;
}

static size_t intern_slot(struct intern *t, const char *s)
{
	size_t i = hash_text(0xcbf29ce484222325u, s) % INTERN_SLOTS;

	while (t->texts[i] && strcmp(t->texts[i], s))
		i = (i + 1) % INTERN_SLOTS;
	return i;
}

/* A copy of s that equal texts share; "" for NULL. */
static const char *shared(struct reading *d, const char *s)
{
	size_t i;

	if (!s || !*s)
		return "";
	if (!d->seen.texts)                     /* one place at a time: nothing is kept */
		return arena_str(d->a, s);
	i = intern_slot(&d->seen, s);
	if (!d->seen.texts[i]) {
		if (d->seen.n > INTERN_SLOTS / 2)
			return arena_str(d->a, s);
		d->seen.texts[i] = arena_str(d->a, s);
		d->seen.n++;
	}
	return d->seen.texts[i];
}

static const char *own(struct reading *d, const char *s)
{
	return s && *s ? arena_str(d->a, s) : "";
}

static bool read_commune(const struct repertoire_communes_row *row, void *arg, struct err *e)
{
	struct reading *d = arg;
	struct commune *c = push(d, (void **)&d->communes, d->r->ncommunes, sizeof *c);

	if (!c)
		return arena_refuse(d->a, e);
	*c = (struct commune){
		.code = own(d, row->code),
		.nom = own(d, row->nom),
		.cle = own(d, row->nom_cle),
		.departement = shared(d, row->departement),
		.region = shared(d, row->region),
		.epci = shared(d, row->epci),
		.ept = shared(d, row->ept),
		.parent = shared(d, row->commune),
		.postaux = shared(d, row->codes_postaux),
		.population = row->population_null ? -1 : row->population,
		.lat = row->latitude_null ? NAN : row->latitude,
		.lon = row->longitude_null ? NAN : row->longitude,
		.approchee = row->position && !strcmp(row->position, "approchee"),
	};
	d->r->ncommunes++;
	d->hash = hash_text(d->hash, c->code);
	return true;
}

static bool read_territoire(const struct repertoire_territoires_row *row, void *arg,
			    struct err *e)
{
	struct reading *d = arg;
	struct territoire *t = push(d, (void **)&d->territoires, d->r->nterritoires, sizeof *t);

	if (!t)
		return arena_refuse(d->a, e);
	*t = (struct territoire){
		.niveau = shared(d, row->niveau),
		.code = own(d, row->code),
		.nom = own(d, row->nom),
		.cle = own(d, row->nom_cle),
		.nature = shared(d, row->nature),
		.region = shared(d, row->region),
		.population = row->population_null ? -1 : row->population,
	};
	d->r->nterritoires++;
	return true;
}

static bool add_nom(struct reading *d, const char *cle, const char *nom, size_t commune,
		    bool ancien, struct err *e)
{
	struct nom_index *x = push(d, (void **)&d->noms, d->r->nnoms, sizeof *x);

	if (!x)
		return arena_refuse(d->a, e);
	*x = (struct nom_index){ cle, nom, (uint32_t)commune, ancien };
	d->r->nnoms++;
	return true;
}

static bool read_nom(const struct repertoire_noms_row *row, void *arg, struct err *e)
{
	struct reading *d = arg;
	const struct commune *c = repertoire_commune(d->r, row->code);

	if (!c)
		return true;
	return add_nom(d, own(d, row->nom_cle), own(d, row->nom),
		       (size_t)(c - d->r->communes), true, e);
}

static bool read_ancien(const struct repertoire_anciens_row *row, void *arg, struct err *e)
{
	struct reading *d = arg;
	const struct commune *c = repertoire_commune(d->r, row->code);
	struct postal_index *x;

	if (!c || repertoire_commune(d->r, row->ancien_code) || strlen(row->ancien_code) != 5)
		return true;
	x = push(d, (void **)&d->anciens, d->r->nanciens, sizeof *x);
	if (!x)
		return arena_refuse(d->a, e);
	memcpy(x->code, row->ancien_code, sizeof x->code);
	x->commune = (uint32_t)(c - d->r->communes);
	d->r->nanciens++;
	return true;
}

static bool read_contour(const struct repertoire_contours_row *row, void *arg, struct err *e)
{
	struct reading *d = arg;
	struct contour *c = push(d, (void **)&d->contours, d->ncontours, sizeof *c);
	const struct commune *commune = repertoire_commune(d->r, row->code);
	void *bytes = arena_alloc(d->a, row->trace.n);

	if (!c || !bytes)
		return arena_refuse(d->a, e);
	memcpy(bytes, row->trace.p, row->trace.n);
	c->code = commune ? commune->code : own(d, row->code);
	c->trace = (struct bytes){ bytes, row->trace.n };
	if (d->parts ? contour_open(d->a, c)
		     : contour_box(c->trace, &c->south, &c->west, &c->north, &c->east))
		d->ncontours++;
	return true;
}

/* All contours of one level, sorted by code. */
static bool read_contours(struct reading *d, struct db *db, const char *niveau, int64_t n,
			  const struct contour **out, size_t *nout, struct err *e)
{
	d->contours = expect(d, n, sizeof *d->contours);
	d->ncontours = 0;
	d->parts = *niveau == 'd';
	if (!repertoire_contours(db, niveau, read_contour, d, e))
		return false;
	*out = d->contours;
	*nout = d->ncontours;
	return true;
}

/* Hours are read once per distinct text; NULL when they are not understood. */
static const struct horaires *hours_of(struct reading *d, const char *text)
{
	struct err ignored;
	size_t i;

	if (!*text)
		return NULL;
	if (!d->seen.texts)
		return horaires_read(d->a, text, &ignored);
	i = intern_slot(&d->seen, text);
	if (d->seen.texts[i] != text)           /* not kept: the table is full */
		return horaires_read(d->a, text, &ignored);
	if (!d->seen.hours[i])
		d->seen.hours[i] = horaires_read(d->a, text, &ignored);
	return d->seen.hours[i];
}

static void read_choices(struct lieu *l, const struct repertoire_lieux_row *row)
{
	static const struct { const struct choice *table; size_t at, from; } lists[] = {
#define LIST(table, bits, column) \
	{ table, offsetof(struct lieu, bits), offsetof(struct repertoire_lieux_row, column) }
		LIST(lieu_services, services, services),
		LIST(lieu_publics, publics, publics_specifiquement_adresses),
		LIST(lieu_prises_en_charge, prises_en_charge, prise_en_charge_specifique),
		LIST(lieu_frais, frais, frais_a_charge),
		LIST(lieu_dispositifs, dispositifs, dispositif_programmes_nationaux),
		LIST(lieu_formations, formations, formations_labels),
		LIST(lieu_acces, acces, modalites_acces),
		LIST(lieu_accompagnements, accompagnements, modalites_accompagnement),
		LIST(lieu_itinerances, itinerance, itinerance),
#undef LIST
	};

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		const char *text = *(const char *const *)((const char *)row + lists[i].from);

		*(uint32_t *)((char *)l + lists[i].at) =
			text ? choices_read(lists[i].table, text, NULL) : 0;
	}
}

static void read_texts(struct reading *d, struct lieu *l,
		       const struct repertoire_lieux_row *row)
{
	l->id = own(d, row->id);
	l->pivot = own(d, row->pivot);
	l->nom = own(d, row->nom);
	l->cle = own(d, row->nom_cle);
	l->commune = shared(d, row->commune);
	l->code_postal = shared(d, row->code_postal);
	l->code_insee = shared(d, row->code_insee);
	l->adresse = own(d, row->adresse);
	l->complement_adresse = shared(d, row->complement_adresse);
	l->typologie = shared(d, row->typologie);
	l->telephone = shared(d, row->telephone);
	l->courriels = shared(d, row->courriels);
	l->site_web = shared(d, row->site_web);
	l->horaires = shared(d, row->horaires);
	l->horaires_texte = shared(d, row->horaires_texte);
	l->presentation_resume = shared(d, row->presentation_resume);
	l->presentation_detail = shared(d, row->presentation_detail);
	l->source = shared(d, row->source);
	l->structure_parente = shared(d, row->structure_parente);
	l->autres_formations_labels = shared(d, row->autres_formations_labels);
	l->fiche_acces_libre = shared(d, row->fiche_acces_libre);
	l->prise_rdv = shared(d, row->prise_rdv);
	l->publics_recus = shared(d, row->publics_recus);
	l->date_maj = shared(d, row->date_maj);
	l->source_titre = shared(d, row->source_titre);
	l->cree_le = shared(d, row->cree_le);
	l->maj_le = shared(d, row->maj_le);
}

/* Days since 1970 of YYYY-MM-DD; -1 when it is no date. */
static int64_t day_of(const char *iso)
{
	struct civil c;

	return iso_read(iso, &c) ? date_days(c.year, c.month, c.day) : -1;
}

static void read_lieu_into(struct reading *d, struct lieu *l,
			   const struct repertoire_lieux_row *row)
{
	int64_t confirmed;

	memset(l, 0, sizeof *l);
	read_texts(d, l, row);
	read_choices(l, row);
	l->maj_jour = day_of(l->date_maj);
	confirmed = row->confirme_le ? day_of(row->confirme_le) : -1;
	l->maj_jour = confirmed > l->maj_jour ? confirmed : l->maj_jour;
	l->alerte = shared(d, row->alerte);
	l->alerte_jour = row->alerte_le ? day_of(row->alerte_le) : -1;
	l->absent_depuis = shared(d, row->absent_depuis);
	l->lat = row->latitude_null ? NAN : row->latitude;
	l->lon = row->longitude_null ? NAN : row->longitude;
	l->position_commune = !strcmp(row->position, "commune");
	l->heures = hours_of(d, l->horaires);
	l->equipements = row->equipements ? choices_read(lieu_equipements,
		row->equipements, NULL) : 0;
	l->genre = lieu_genre(row->genre ? row->genre : "", l->typologie, l->services != 0);
	l->calendrier = calendrier_de(*l->code_insee ? l->code_insee : l->code_postal);
}

static bool read_lieu(const struct repertoire_lieux_row *row, void *arg, struct err *e)
{
	struct reading *d = arg;
	struct lieu *l = push(d, (void **)&d->lieux, d->r->nlieux, sizeof *l);

	if (!l)
		return arena_refuse(d->a, e);
	read_lieu_into(d, l, row);
	d->r->nlieux++;
	d->hash = hash_text(hash_text(d->hash, l->id), l->maj_le);
	d->hash = (d->hash ^ l->equipements ^ (uint64_t)l->genre << 32) * 0x100000001b3u;
	return true;
}

/* Of a place that is published, and nowhere else. */
static bool read_passage(const struct repertoire_passages_row *row, void *arg, struct err *e)
{
	struct reading *d = arg;
	struct lieu *l = (struct lieu *)repertoire_lieu(d->r, row->lieu_id);
	const struct commune *c = repertoire_commune(d->r, row->code_insee);
	struct passage *p = l ? push(d, (void **)&d->passages, d->r->npassages, sizeof *p) : NULL;
	struct passage_texte t;

	if (!l)
		return true;
	if (!p)
		return arena_refuse(d->a, e);
	*p = (struct passage){
		.id = own(d, row->id), .lieu_id = l->id, .lieu = l, .arret = own(d, row->arret),
		.commune = shared(d, row->commune), .code_insee = shared(d, row->code_insee),
		.adresse = own(d, row->adresse), .precisions = own(d, row->precisions),
		.lat = row->latitude_null ? c ? c->lat : NAN : row->latitude,
		.lon = row->longitude_null ? c ? c->lon : NAN : row->longitude,
		.maj = iso_instant(row->maj_le),
	};
	t = (struct passage_texte){ shared(d, row->horaires), shared(d, row->dates),
		shared(d, row->sauf), shared(d, row->debut), shared(d, row->fin) };
	d->hash = hash_text(hash_text(d->hash, p->id), row->maj_le);
	d->r->npassages++;
	return passage_ouvrir(d->a, p, &t) || arena_refuse(d->a, e);
}

/* Each place knows its own. */
static void link_passages(struct reading *d)
{
	d->r->passages = d->passages;
	for (size_t i = 0; i < d->r->npassages; i++) {
		struct lieu *l = (struct lieu *)d->passages[i].lieu;

		if (!l->npassages++)
			l->passages = &d->passages[i];
	}
}

struct each {
	struct reading d;
	bool (*one)(const struct lieu *l, void *arg, struct err *e);
	void *arg;
};

static bool each_lieu(const struct repertoire_lieux_row *row, void *arg, struct err *e)
{
	struct each *each = arg;
	struct lieu l;

	arena_reset(each->d.a);
	read_lieu_into(&each->d, &l, row);
	return !each->d.a->spent ? each->one(&l, each->arg, e) : arena_refuse(each->d.a, e);
}

bool repertoire_each_lieu(struct db *db, bool (*one)(const struct lieu *l, void *arg,
						     struct err *e),
			  void *arg, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(LIEU_MOST);
	struct each each = { .d = { .a = &a }, .one = one, .arg = arg };

	return repertoire_lieux(db, each_lieu, &each, e);
}

static int by_cle(const void *a, const void *b)
{
	const struct nom_index *x = a, *y = b;
	int d = strcmp(x->cle, y->cle);

	return d ? d : (x->commune > y->commune) - (x->commune < y->commune);
}

static int by_postal(const void *a, const void *b)
{
	const struct postal_index *x = a, *y = b;
	int d = strcmp(x->code, y->code);

	return d ? d : (x->commune > y->commune) - (x->commune < y->commune);
}

static bool index_postaux(struct reading *d, size_t i, struct err *e)
{
	const char *p = d->communes[i].postaux;

	while (*p) {
		size_t n = strcspn(p, "|");

		if (n == 5) {
			struct postal_index *x = push(d, (void **)&d->postaux, d->r->npostaux,
						      sizeof *x);

			if (!x)
				return arena_refuse(d->a, e);
			*x = (struct postal_index){ .commune = (uint32_t)i };
			memcpy(x->code, p, 5);
			d->r->npostaux++;
		}
		p += n + (p[n] == '|');
	}
	return true;
}

/* Names and postal codes of the communes that were read. */
static bool index_communes(struct reading *d, struct db *db, struct err *e)
{
	struct repertoire *r = d->r;

	for (size_t i = 0; i < r->ncommunes; i++) {
		struct commune *parent = *d->communes[i].parent
			? (struct commune *)repertoire_commune(r, d->communes[i].parent) : NULL;

		if (parent)
			parent->divisee = true;
		if (!add_nom(d, d->communes[i].cle, d->communes[i].nom, i, false, e))
			return false;
	}
	if (!repertoire_noms(db, read_nom, d, e))
		return false;
	if (r->nnoms)
		qsort(d->noms, r->nnoms, sizeof *d->noms, by_cle);
	r->noms = d->noms;
	d->postaux = expect(d, (int64_t)(r->ncommunes + r->ncommunes / 5), sizeof *d->postaux);
	r->masques = commune_masks(d->a, r->noms, r->nnoms);
	for (size_t i = 0; i < r->ncommunes; i++) {
		if (!index_postaux(d, i, e))
			return false;
	}
	if (r->npostaux)
		qsort(d->postaux, r->npostaux, sizeof *d->postaux, by_postal);
	r->postaux = d->postaux;
	d->room = 0;
	if (!repertoire_anciens(db, read_ancien, d, e))
		return false;
	r->anciens = d->anciens;
	return true;
}

static bool read_lieux(struct reading *d, struct db *db, int64_t n, struct err *e)
{
	struct repertoire *r = d->r;

	d->lieux = expect(d, n, sizeof *d->lieux);
	if (!repertoire_lieux(db, read_lieu, d, e))
		return false;
	r->lieux = d->lieux;
	d->room = 0;
	if (!repertoire_passages(db, read_passage, d, e))
		return false;
	link_passages(d);
	return true;
}

static bool read_all(struct reading *d, struct db *db, bool lieux, struct err *e)
{
	struct repertoire *r = d->r;
	struct repertoire_counts_row n;

	if (!repertoire_counts(db, d->a, &n, e))
		return false;
	d->communes = expect(d, n.communes, sizeof *d->communes);
	if (!repertoire_communes(db, read_commune, d, e))
		return false;
	r->communes = d->communes;
	d->noms = expect(d, n.communes + n.noms, sizeof *d->noms);
	if (!index_communes(d, db, e))
		return false;
	d->territoires = expect(d, n.territoires, sizeof *d->territoires);
	if (!repertoire_territoires(db, read_territoire, d, e))
		return false;
	r->territoires = d->territoires;
	if (!read_contours(d, db, "departement", n.contours, &r->contours, &r->ncontours, e)
	    || !read_contours(d, db, "commune", n.limites, &r->limites, &r->nlimites, e))
		return false;
	if (lieux && !read_lieux(d, db, n.lieux, e))
		return false;
	r->grid = lieu_grid_make(d->a, r->lieux, r->nlieux);
	return r->grid ? true : arena_refuse(d->a, e);
}

const char *const repertoire_tables[] = {
	"territoire", "territoire_nom", "contour", "lieu", "lieu_source", "lieu_alias",
	"passage", "lieu_local", NULL,
};

static bool read_new(struct db *db, bool lieux, struct repertoire **out, struct err *e)
{
	struct repertoire *r = calloc(1, sizeof *r);
	struct reading d = { .r = r, .hash = 0xcbf29ce484222325u };
	bool ok = false;

	if (!r)
		return fail(e, E_STORE, "La mémoire manque pour lire les lieux.");
	r->memory = arena_new(MEMORY_MOST);
	d.a = &r->memory;
	d.seen.texts = calloc(INTERN_SLOTS, sizeof *d.seen.texts);
	d.seen.hours = calloc(INTERN_SLOTS, sizeof *d.seen.hours);
	if (d.seen.texts && d.seen.hours)
		ok = read_all(&d, db, lieux, e);
	else
		fail(e, E_STORE, "La mémoire manque pour lire les lieux.");
	free(d.seen.texts);
	free(d.seen.hours);
	if (!ok || r->memory.spent) {
		if (ok)
			arena_refuse(&r->memory, e);
		repertoire_free(r);
		return false;
	}
	for (int i = 0; i < 16; i++)
		r->etag[i] = "0123456789abcdef"[d.hash >> (60 - 4 * i) & 15];
	*out = r;
	return true;
}

bool repertoire_read(struct db *db, struct repertoire **out, struct err *e)
{
	return read_new(db, true, out, e);
}

bool repertoire_read_territoires(struct db *db, struct repertoire **out, struct err *e)
{
	return read_new(db, false, out, e);
}
