/*
 * data.inclusion v1: a place is a structure, and one service when it says what it offers.
 * Enumerations letter for letter (gip-inclusion/data-inclusion-schema 1.0.8, schemas/v1);
 * what each of our values becomes is ours, told in docs/exports.md.  No name of a person.
 */
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "core/structure.h"
#include "format/csv.h"
#include "format/json.h"
#include "orient/lieu_ecriture.h"

enum { LIST_MOST = 8, NOM_MOST = 150, NOM_LEAST = 3, TEXT_MOST = 10000, TEXT_LEAST = 5 };

static const char producer[] = "tremplin";

/* What one of our words becomes there. */
struct word {
	const char *slug;               /* of core/lieu.h */
	const char *there;
};

static const struct word reseaux_typologie[] = {
	{ "aci", "aci" }, { "afpa", "afpa" }, { "ai", "ai" }, { "ase", "ase" },
	{ "avip", "creches-avip" }, { "caarud", "caarud" }, { "cada", "cada" }, { "caf", "caf" },
	{ "cap-emploi", "cap-emploi-reseau-cheops" }, { "cava", "cava" }, { "cc", "communes" },
	{ "ccas", "ccas-cias" }, { "ccons", "chambres-consulaires" }, { "cd", "departements" },
	{ "cdas", "departements" }, { "chrs", "chrs" }, { "chu", "chu" }, { "cias", "ccas-cias" },
	{ "cidff", "cidff" }, { "cmp", "cmp" }, { "cms", "cms" }, { "cpam", "cpam" },
	{ "cph", "cph" }, { "csapa", "csapa" }, { "dept", "departements" },
	{ "e2c", "ecoles-de-la-deuxieme-chance" }, { "ea", "ea" }, { "eatt", "eatt" },
	{ "ei", "ei" }, { "eiti", "eiti" }, { "epci", "communes" },
	{ "epi", "espaces-publics-numeriques" }, { "epide", "epide" },
	{ "epn", "espaces-publics-numeriques" }, { "esat", "esat" }, { "etti", "etti" },
	{ "fabrique", "fabrique-de-territoire" },
	{ "fais", "federation-des-acteurs-de-la-solidarite" }, { "ft", "france-travail" },
	{ "geiq", "geiq" }, { "huda", "huda" }, { "la-poste", "la-poste" },
	{ "mde", "maisons-de-l-emploi" }, { "mdef", "maisons-de-l-emploi" }, { "mdph", "mdph" },
	{ "mds", "maisons-des-solidarites" }, { "mjc", "mjc" }, { "ml", "mission-locale" },
	{ "msa", "mutualite-sociale-agricole" }, { "msap", "msap" }, { "muni", "communes" },
	{ "odc", "delegataire-conseil-departemental" }, { "pad", "points-justice" },
	{ "pij-bij", "reseau-information-jeunesse" }, { "pimms", "pimms-mediation" },
	{ "pjj", "pjj" }, { "plie", "plie" }, { "reg", "regions" },
	{ "ressourcerie", "ressourceries" }, { "rfs", "france-service" },
	{ "rs-fjt", "residences-fjt" }, { "spip", "spip" }, { "udaf", "departements" }, { 0 },
};

static const struct word reseaux_dispositif[] = {
	{ "aidants-connect", "aidants-connect" },
	{ "conseillers-numeriques", "conseillers-numeriques" }, { "emmaus-connect", "emmaus" },
	{ "france-services", "france-service" },
	{ "grande-ecole-du-numerique", "grandes-ecoles-du-numerique" },
	{ "croix-rouge", "croix-rouge" }, { "point-caf", "caf" },
	{ "relais-emmaus-connect", "emmaus" }, { 0 },
};

static const char skills[] = "numerique--maitriser-les-fondamentaux-du-numerique";
static const struct word thematiques[] = {
	{ "demarches", "numerique--acceder-a-des-services-en-ligne" },
	{ "acces", "numerique--acceder-a-une-connexion-internet" },
	{ "materiel", "numerique--acquerir-un-equipement" },
	{ "outils-quotidien", skills }, { "insertion-pro", skills }, { "securite", skills },
	{ "parentalite", skills }, { "loisirs", skills }, { "comprehension", skills }, { 0 },
};

static const struct word publics[] = {
	{ "jeunes", "jeunes" }, { "etudiants", "etudiants" }, { "familles", "familles" },
	{ "seniors", "seniors" }, { "femmes", "femmes" }, { 0 },
};

static const struct word mobilisations[] = {
	{ "se-presenter", "se-presenter" }, { "telephoner", "telephoner" },
	{ "mail", "envoyer-un-courriel" }, { "prescription", "envoyer-un-courriel" }, { 0 },
};

struct list {
	const char *v[LIST_MOST];
	size_t n;
};

static void add(struct list *l, const char *v)
{
	for (size_t i = 0; i < l->n; i++) {
		if (!strcmp(l->v[i], v))
			return;
	}
	if (l->n < LIST_MOST)
		l->v[l->n++] = v;
}

static bool has(const struct choice *table, uint32_t bits, const char *slug)
{
	for (int i = 0; bits && table[i].slug; i++, bits >>= 1) {
		if (bits & 1 && !strcmp(table[i].slug, slug))
			return true;
	}
	return false;
}

static bool only(const struct choice *table, uint32_t bits, const char *slug)
{
	return bits && !(bits & (bits - 1)) && has(table, bits, slug);
}

static void add_word(struct list *l, const struct word *words, const char *slug)
{
	for (; words->slug; words++) {
		if (!strcmp(words->slug, slug))
			add(l, words->there);
	}
}

static void add_words(struct list *l, const struct word *words, const struct choice *table,
		      uint32_t bits)
{
	for (int i = 0; bits && table[i].slug; i++, bits >>= 1) {
		if (bits & 1)
			add_word(l, words, table[i].slug);
	}
}

/* There are more typologies than bits: they are the texts of the list. */
static void add_typologies(struct list *l, const char *codes)
{
	for (const char *s = codes; *s;) {
		size_t n = strcspn(s, "|");

		for (const struct choice *c = lieu_typologies; c->slug; c++) {
			if (!strncmp(c->value, s, n) && !c->value[n])
				add_word(l, reseaux_typologie, c->slug);
		}
		s += n + (s[n] == '|');
	}
}

/* --- one record, in JSON or in CSV ------------------------------------------------------- */

struct fiche {
	struct ecriture *w;
	struct json_out j;
	bool csv;
	size_t column;
};

static struct fiche fiche_begin(struct ecriture *w, bool csv)
{
	struct fiche f = { .w = w, .j = { &w->b, false }, .csv = csv };

	if (!csv && w->n)
		buf_str(&w->b, ",\n");
	if (!csv)
		json_open_object(&f.j, NULL);
	return f;
}

static void fiche_end(struct fiche *f)
{
	if (f->csv)
		buf_str(&f->w->b, "\r\n");
	else
		json_close_object(&f->j);
}

static void put(struct fiche *f, const char *name, const char *v)
{
	if (f->csv)
		csv_write_cell(&f->w->b, v, f->column == 0);
	else if (v && *v)
		json_put_text(&f->j, name, v);
	f->column++;
}

static void put_degrees(struct fiche *f, const char *name, const struct lieu *l, double v)
{
	bool known = !l->position_commune && isfinite(v);
	char text[JSON_NUMBER];

	if (f->csv)
		csv_write_cell(&f->w->b, known ? json_real_text(v, text) : NULL, f->column == 0);
	else if (known)
		json_put_real(&f->j, name, v);
	f->column++;
}

/* A list; in CSV the same JSON inside the cell. */
static void put_list(struct fiche *f, const char *name, const struct list *l)
{
	CLEANUP(buf_free) struct buf cell = buf_new(1 << 16);
	struct json_out own = { &cell, false }, *j = f->csv ? &own : &f->j;

	if (l->n) {
		json_open_array(j, f->csv ? NULL : name);
		for (size_t i = 0; i < l->n; i++)
			json_put_text(j, NULL, l->v[i]);
		json_close_array(j);
	}
	if (f->csv)
		csv_write_cell(&f->w->b, l->n ? buf_text(&cell) : NULL, f->column == 0);
	f->column++;
}

/* --- values ------------------------------------------------------------------------------- */

/* At most that many characters, cut between two. */
static const char *clip(struct arena *a, const char *s, size_t most)
{
	const char *p = s, *end = s + strlen(s);
	uint32_t c;

	for (size_t i = 0; p < end && i < most; i++)
		p += utf8_read(p, end, &c);
	return p < end ? arena_strn(a, s, (size_t)(p - s)) : s;
}

static size_t characters(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += (*s & 0xc0) != 0x80;
	return n;
}

/* 3 to 150 characters that do not end with a stop. */
static const char *nom_of(struct arena *a, const struct lieu *l)
{
	const char *nom = clip(a, l->nom, NOM_MOST);
	size_t n = strlen(nom);

	while (n && strchr(". ", nom[n - 1]))
		n--;
	nom = arena_strn(a, nom, n);
	return characters(nom) < NOM_LEAST ? arena_cat(a, "Lieu ", nom, NULL) : nom;
}

static const char *description_of(struct arena *a, const struct lieu *l)
{
	const char *text = *l->presentation_detail ? l->presentation_detail
		: l->presentation_resume;

	return characters(text) < TEXT_LEAST ? "" : clip(a, text, TEXT_MOST);
}

static const char *code_of(const char *code)
{
	return strlen(code) == 5 && !code[strspn(code, "0123456789ABab")] ? code : "";
}

static const char *id_of(struct ecriture *w, const struct lieu *l, const char *more)
{
	return arena_cat(&w->a, producer, "--", l->id, more, NULL);
}

static void put_place(struct fiche *f, const struct lieu *l)
{
	put(f, "commune", l->commune);
	put(f, "code_postal", strspn(l->code_postal, "0123456789") == 5 ? code_of(l->code_postal)
		: "");
	put(f, "code_insee", code_of(l->code_insee));
	put(f, "adresse", l->adresse);
	put(f, "complement_adresse", l->complement_adresse);
	put_degrees(f, "longitude", l, l->lon);
	put_degrees(f, "latitude", l, l->lat);
}

static void put_contact(struct fiche *f, const struct lieu *l)
{
	put(f, "telephone", l->telephone);
	put(f, "courriel", ecriture_first(f->w, l->courriels, ecriture_is_email));
}

/* --- structures --------------------------------------------------------------------------- */

static const char *const structure_columns[] = {
	"source", "id", "nom", "date_maj", "lien_source", "siret", "commune", "code_postal",
	"code_insee", "adresse", "complement_adresse", "longitude", "latitude", "telephone",
	"courriel", "site_web", "description", "horaires_accueil", "accessibilite_lieu",
	"reseaux_porteurs", NULL,
};

static void put_structure(struct ecriture *w, const struct lieu *l, bool csv)
{
	struct fiche f = fiche_begin(w, csv);
	struct list reseaux = { .n = 0 };
	const char *siret = strlen(l->pivot) == 14 && siret_is_valid(l->pivot) ? l->pivot : "";
	const char *page = ecriture_page(w, l);

	put(&f, "source", producer);
	put(&f, "id", id_of(w, l, NULL));
	put(&f, "nom", nom_of(&w->a, l));
	put(&f, "date_maj", l->date_maj);
	put(&f, "lien_source", ecriture_is_url(page) ? page : "");
	put(&f, "siret", siret);
	put_place(&f, l);
	put_contact(&f, l);
	put(&f, "site_web", ecriture_first(w, l->site_web, ecriture_is_url));
	put(&f, "description", description_of(&w->a, l));
	put(&f, "horaires_accueil", l->horaires);
	put(&f, "accessibilite_lieu", ecriture_is_url(l->fiche_acces_libre) ? l->fiche_acces_libre
		: "");
	add_typologies(&reseaux, l->typologie);
	add_words(&reseaux, reseaux_dispositif, lieu_dispositifs, l->dispositifs);
	put_list(&f, "reseaux_porteurs", &reseaux);
	fiche_end(&f);
}

/* --- services ----------------------------------------------------------------------------- */

static const char *const service_columns[] = {
	"source", "structure_id", "id", "nom", "description", "date_maj", "lien_source",
	"thematiques", "type", "frais", "frais_precisions", "publics", "publics_precisions",
	"modes_accueil", "modes_mobilisation", "lien_mobilisation", "mobilisable_par", "commune",
	"code_postal", "code_insee", "adresse", "complement_adresse", "longitude", "latitude",
	"telephone", "courriel", "horaires_accueil", NULL,
};

/* What people read of each bit, joined. */
static const char *words_of(struct arena *a, const struct choice *table, uint32_t bits)
{
	const char *text = "";

	for (int i = 0; table[i].slug; i++) {
		if (bits >> i & 1)
			text = *text ? arena_cat(a, text, ", ", table[i].value, NULL)
				: table[i].value;
	}
	return text;
}

static const char *type_of(const struct lieu *l)
{
	if (only(lieu_services, l->services, "materiel"))
		return "aide-materielle";
	if (has(lieu_accompagnements, l->accompagnements, "individuel"))
		return "accompagnement";
	return has(lieu_accompagnements, l->accompagnements, "atelier") ? "atelier" : "";
}

/* Only what is free, or costs, without a condition has a word there. */
static const char *frais_of(const struct lieu *l)
{
	if (only(lieu_frais, l->frais, "gratuit"))
		return "gratuit";
	return only(lieu_frais, l->frais, "payant") ? "payant" : "";
}

static void put_how(struct fiche *f, const struct lieu *l)
{
	static const char *const alone[] = { "se-presenter", "telephoner", "mail", "rdv-en-ligne" };
	const char *rdv = ecriture_is_url(l->prise_rdv) ? l->prise_rdv : "";
	struct list accueil = { .n = 0 }, mobilisation = { .n = 0 }, par = { .n = 0 };
	bool distance = has(lieu_accompagnements, l->accompagnements, "distance");

	if (distance)
		add(&accueil, "a-distance");
	if (!only(lieu_accompagnements, l->accompagnements, "distance"))
		add(&accueil, "en-presentiel");
	add_words(&mobilisation, mobilisations, lieu_acces, l->acces);
	if (*rdv)
		add(&mobilisation, "utiliser-lien-mobilisation");
	if (has(lieu_acces, l->acces, "prescription"))
		add(&par, "professionnels");
	for (size_t i = 0; i < sizeof alone / sizeof *alone; i++) {
		if (*rdv || has(lieu_acces, l->acces, alone[i]))
			add(&par, "usagers");
	}
	put_list(f, "modes_accueil", &accueil);
	put_list(f, "modes_mobilisation", &mobilisation);
	put(f, "lien_mobilisation", rdv);
	put_list(f, "mobilisable_par", &par);
}

static void put_for_whom(struct fiche *f, const struct lieu *l)
{
	struct list all = { .n = 0 };

	add_words(&all, publics, lieu_publics, l->publics);
	if (!all.n)
		add(&all, "tous-publics");
	put_list(f, "publics", &all);
	put(f, "publics_precisions", words_of(&f->w->a, lieu_prises_en_charge, l->prises_en_charge));
}

static void put_service(struct ecriture *w, const struct lieu *l, bool csv)
{
	struct fiche f = fiche_begin(w, csv);
	struct list themes = { .n = 0 };
	const char *page = ecriture_page(w, l), *text = description_of(&w->a, l);
	const char *offers = words_of(&w->a, lieu_services, l->services);

	add_words(&themes, thematiques, lieu_services, l->services);
	put(&f, "source", producer);
	put(&f, "structure_id", id_of(w, l, NULL));
	put(&f, "id", id_of(w, l, "--mediation-numerique"));
	put(&f, "nom", "Médiation numérique");
	put(&f, "description", clip(&w->a, arena_cat(&w->a, "Services proposés : ", offers, ".",
						     *text ? "\n\n" : "", text, NULL), TEXT_MOST));
	put(&f, "date_maj", l->date_maj);
	put(&f, "lien_source", ecriture_is_url(page) ? page : "");
	put_list(&f, "thematiques", &themes);
	put(&f, "type", type_of(l));
	put(&f, "frais", frais_of(l));
	put(&f, "frais_precisions", words_of(&w->a, lieu_frais, l->frais));
	put_for_whom(&f, l);
	put_how(&f, l);
	put_place(&f, l);
	put_contact(&f, l);
	put(&f, "horaires_accueil", l->horaires);
	fiche_end(&f);
}

/* --- the files ----------------------------------------------------------------------------- */

static bool list_begin(struct ecriture *w, struct err *e)
{
	(void)e;
	buf_str(&w->b, "[\n");
	return true;
}

static bool list_end(struct ecriture *w, struct err *e)
{
	(void)e;
	buf_str(&w->b, "\n]\n");
	return true;
}

static bool list_gone(struct ecriture *w, const char *id, const char *day, struct err *e)
{
	(void)e;
	buf_str(&w->b, w->n ? ",\n" : "");
	ecriture_gone(w, arena_cat(&w->a, producer, "--", id, NULL), day);
	return true;
}

static bool structure_one(struct ecriture *w, const struct lieu *l, struct err *e)
{
	(void)e;
	if (!*l->date_maj || !*l->nom)
		return false;
	put_structure(w, l, false);
	return true;
}

static bool service_one(struct ecriture *w, const struct lieu *l, struct err *e)
{
	(void)e;
	if (!l->services || !*l->date_maj || !*l->nom)
		return false;
	put_service(w, l, false);
	return true;
}

static bool columns(struct ecriture *w, const char *const *names)
{
	for (size_t i = 0; names[i]; i++)
		csv_write_cell(&w->b, names[i], i == 0);
	buf_str(&w->b, "\r\n");
	return true;
}

static bool structures_csv_begin(struct ecriture *w, struct err *e)
{
	(void)e;
	return columns(w, structure_columns);
}

static bool services_csv_begin(struct ecriture *w, struct err *e)
{
	(void)e;
	return columns(w, service_columns);
}

static bool structure_csv_one(struct ecriture *w, const struct lieu *l, struct err *e)
{
	(void)e;
	if (!*l->date_maj || !*l->nom)
		return false;
	put_structure(w, l, true);
	return true;
}

static bool service_csv_one(struct ecriture *w, const struct lieu *l, struct err *e)
{
	(void)e;
	if (!l->services || !*l->date_maj || !*l->nom)
		return false;
	put_service(w, l, true);
	return true;
}

/* A line of its source, its id and a date: the first columns of structures. */
static bool structure_csv_gone(struct ecriture *w, const char *id, const char *day, struct err *e)
{
	(void)e;
	for (size_t i = 0; structure_columns[i]; i++)
		csv_write_cell(&w->b, i == 1 ? arena_cat(&w->a, producer, "--", id, NULL)
			       : i == 3 ? day : NULL, i == 0);
	buf_str(&w->b, "\r\n");
	return true;
}

static bool nothing(struct ecriture *w, struct err *e)
{
	(void)w;
	(void)e;
	return true;
}

/* {"structures":[...],"services":[...]}; structures that left have an id and a date. */
static bool both_begin(struct ecriture *w, struct err *e)
{
	(void)e;
	buf_str(&w->b, w->pass ? "\n],\"services\":[\n" : "{\"structures\":[\n");
	return true;
}

static bool both_one(struct ecriture *w, const struct lieu *l, struct err *e)
{
	return w->pass ? service_one(w, l, e) : structure_one(w, l, e);
}

static bool both_gone(struct ecriture *w, const char *id, const char *day, struct err *e)
{
	return w->pass ? true : list_gone(w, id, day, e);
}

static bool both_end(struct ecriture *w, struct err *e)
{
	(void)e;
	buf_str(&w->b, w->pass ? "\n]}\n" : "");
	return true;
}

const struct lieu_ecriture ecriture_structures = { 0, list_begin, structure_one, list_gone,
						   list_end };
const struct lieu_ecriture ecriture_services = { 0, list_begin, service_one, NULL, list_end };
const struct lieu_ecriture ecriture_structures_csv = { 0, structures_csv_begin,
	structure_csv_one, structure_csv_gone, nothing };
const struct lieu_ecriture ecriture_services_csv = { 0, services_csv_begin, service_csv_one, NULL,
						     nothing };
const struct lieu_ecriture ecriture_inclusion = { 2, both_begin, both_one, both_gone, both_end };
