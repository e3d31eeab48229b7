#include "observe/enquete.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/embedded.h"
#include "format/csv.h"
#include "format/json.h"
#include "observe/nombre.h"

int enquete_resultat_find(const struct enquete *q, const char *nom)
{
	for (size_t i = 0; i < q->nresultats; i++) {
		if (!strcmp(q->resultats[i].nom, nom))
			return (int)i;
	}
	return -1;
}

/* --- respondents, one after the other ----------------------------------------------------- */

struct lecture {
	struct arena *a;
	struct enquete *q;
	uint16_t *groupes;              /* modalities of each group, nvariables each */
	size_t ngroupes, groupes_room, room;
	uint32_t *table;                /* group + 1, open addressing */
	size_t table_room;
	const char **strates;
	size_t strates_room;
};

/* A larger copy of an array of the arena; NULL when it is spent. */
static void *larger(struct arena *a, const void *old, size_t n, size_t room, size_t size)
{
	void *p = arena_array(a, room, size);

	if (p && n)
		memcpy(p, old, n * size);
	return p;
}

static bool make_room(struct lecture *l, struct err *e)
{
	struct enquete *q = l->q;

	if (q->n < l->room)
		return true;
	if (q->n >= ENQUETE_REPONDANTS)
		return fail(e, E_LIMIT, "Une enquête a au plus %d répondants.", ENQUETE_REPONDANTS);
	l->room = l->room ? l->room * 2 : 1024;
	q->poids = larger(l->a, q->poids, q->n, l->room, sizeof *q->poids);
	q->groupes = larger(l->a, q->groupes, q->n, l->room, sizeof *q->groupes);
	q->strates = larger(l->a, q->strates, q->n, l->room, sizeof *q->strates);
	q->reponses = larger(l->a, q->reponses, q->n, l->room, sizeof *q->reponses);
	return l->a->spent ? arena_refuse(l->a, e) : true;
}

static size_t place_of(const struct lecture *l, const uint16_t *modalites)
{
	uint64_t h = 0xcbf29ce484222325u;
	size_t k = l->q->plan.nvariables, i;

	for (size_t v = 0; v < k; v++)
		h = (h ^ modalites[v]) * 0x100000001b3u;
	for (i = (size_t)(h ^ h >> 29) & (l->table_room - 1);
	     l->table[i] && memcmp(l->groupes + (l->table[i] - 1) * k, modalites,
				   k * sizeof *modalites);)
		i = (i + 1) & (l->table_room - 1);
	return i;
}

/* A table twice as large, with the groups that are known. */
static bool table_grow(struct lecture *l, struct err *e)
{
	size_t k = l->q->plan.nvariables;

	l->groupes_room = l->groupes_room ? l->groupes_room * 2 : 256;
	l->groupes = larger(l->a, l->groupes, l->ngroupes * k, l->groupes_room * k,
			    sizeof *l->groupes);
	l->table_room = l->groupes_room * 2;
	l->table = NEW_ARRAY(l->a, l->table_room, uint32_t);
	if (l->a->spent)
		return arena_refuse(l->a, e);
	for (size_t g = 0; g < l->ngroupes; g++)
		l->table[place_of(l, l->groupes + g * k)] = (uint32_t)g + 1;
	return true;
}

static bool groupe_of(struct lecture *l, const uint16_t *modalites, uint32_t *out, struct err *e)
{
	size_t k = l->q->plan.nvariables, i;

	if (l->ngroupes == l->groupes_room && !table_grow(l, e))
		return false;
	i = place_of(l, modalites);
	if (!l->table[i]) {
		memcpy(l->groupes + l->ngroupes * k, modalites, k * sizeof *modalites);
		l->table[i] = (uint32_t)++l->ngroupes;
	}
	*out = l->table[i] - 1;
	return true;
}

static bool strate_of(struct lecture *l, const char *nom, uint32_t *out, struct err *e)
{
	size_t i = 0;

	while (i < l->q->nstrates && strcmp(l->strates[i], nom))
		i++;
	if (i == l->strates_room) {
		l->strates_room = i ? 2 * i : 64;
		l->strates = larger(l->a, l->strates, i, l->strates_room, sizeof *l->strates);
		if (!l->strates)
			return arena_refuse(l->a, e);
	}
	if (i == l->q->nstrates)
		l->strates[l->q->nstrates++] = arena_str(l->a, nom);
	*out = (uint32_t)i;
	return true;
}

static bool add(struct lecture *l, const uint16_t *modalites, double poids, const char *strate,
		size_t reponse, struct err *e)
{
	struct enquete *q = l->q;

	if (!make_room(l, e) || !groupe_of(l, modalites, &q->groupes[q->n], e)
	    || !strate_of(l, strate, &q->strates[q->n], e))
		return false;
	q->poids[q->n] = poids;
	q->reponses[q->n++] = (uint16_t)reponse;
	return true;
}

static bool finish(struct lecture *l, const char *path, struct err *e)
{
	struct enquete *q = l->q;
	double all = 0;

	for (size_t i = 0; i < q->n; i++)
		all += q->poids[i];
	if (!q->n || !(all > 0)) {
		fail(e, E_INPUT, "%s : aucun répondant n’a de réponse et de poids.", path);
		return hint(e, "%zu lignes ont été laissées de côté, une réponse manquant.",
			    q->ecartes);
	}
	q->plan.groupes = l->groupes;
	q->plan.ngroupes = l->ngroupes;
	for (size_t v = 0; v < q->plan.nvariables; v++)
		q->plan.nmarges += q->plan.variables[v].n;
	return true;
}

/* --- a CSV file --------------------------------------------------------------------------- */

struct colonnes {
	int poids, strate, resultat, variables[ENQUETE_VARIABLES];
};

static bool column(const struct csv *f, const char *path, const char *name, const char *why,
		   int *out, struct err *e)
{
	*out = csv_column(f, name);
	if (*out >= 0)
		return true;
	fail(e, E_INPUT, "%s : il n’y a pas de colonne « %s » (%s).", path, name, why);
	return hint(e, "Les colonnes de l’enquête portent les noms des variables des marges.");
}

static bool columns(const struct csv *f, const char *path, const struct enquete_colonnes *c,
		    const struct enquete *q, struct colonnes *out, struct err *e)
{
	out->poids = csv_column(f, c->poids ? c->poids : "poids");
	out->strate = csv_column(f, c->strate ? c->strate : "strate");
	if ((c->poids && !column(f, path, c->poids, "les poids", &out->poids, e))
	    || (c->strate && !column(f, path, c->strate, "les strates", &out->strate, e))
	    || !column(f, path, c->resultat, "le résultat", &out->resultat, e))
		return false;
	for (size_t v = 0; v < q->plan.nvariables; v++) {
		if (!column(f, path, q->plan.variables[v].nom, "une variable des marges",
			    &out->variables[v], e))
			return false;
	}
	return true;
}

static bool read_weight(const char *text, double *out, struct err *e)
{
	*out = 1;
	if (!text)
		return true;
	if (!nombre_lire(text, out))
		return fail(e, E_INPUT, "le poids « %.40s » n’est pas un nombre.", text);
	if (*out >= 0)
		return true;
	fail(e, E_INPUT, "le poids %.40s est négatif.", text);
	return hint(e, "Un répondant compte pour zéro personne ou plus.");
}

/* Modalities of a row; *whole false when one is not answered. */
static bool read_modalites(const struct enquete *q, const struct colonnes *c,
			   const struct csv_row *row, uint16_t *out, bool *whole, struct err *e)
{
	for (size_t v = 0; v < q->plan.nvariables; v++) {
		const struct calage_variable *x = &q->plan.variables[v];
		const char *text = row->cells[c->variables[v]];
		size_t m = 0;

		if (!*text)
			*whole = false;
		while (m < x->n && strcmp(x->modalites[m], text))
			m++;
		out[v] = (uint16_t)m;
		if (m < x->n || !*text)
			continue;
		fail(e, E_INPUT, "« %.60s » (%s) n’est pas dans les marges.", text, x->nom);
		return hint(e, "Les mêmes mots doivent désigner les mêmes personnes dans l’enquête et "
			    "dans les marges.");
	}
	return true;
}

static bool resultat_of(struct lecture *l, const char *nom, size_t *out, struct err *e)
{
	int known = enquete_resultat_find(l->q, nom);
	struct enquete_resultat *r;

	*out = (size_t)known;
	if (known >= 0)
		return true;
	if (l->q->nresultats == ENQUETE_RESULTATS) {
		fail(e, E_INPUT, "le résultat a plus de %d valeurs différentes.", ENQUETE_RESULTATS);
		return hint(e, "Donnez une colonne de quelques valeurs, par exemple « oui » et « non ».");
	}
	*out = l->q->nresultats++;
	r = &l->q->resultats[*out];
	r->nom = r->libelle = arena_str(l->a, nom);
	return true;
}

static bool read_row(struct lecture *l, const struct colonnes *c, const struct csv_row *row,
		     struct err *e)
{
	uint16_t modalites[ENQUETE_VARIABLES];
	const char *answer = row->cells[c->resultat];
	bool whole = *answer != '\0';
	size_t reponse;
	double poids;

	if (!read_weight(c->poids >= 0 ? row->cells[c->poids] : NULL, &poids, e)
	    || !read_modalites(l->q, c, row, modalites, &whole, e))
		return false;
	if (!whole) {
		l->q->ecartes++;
		return true;
	}
	return resultat_of(l, answer, &reponse, e)
	       && add(l, modalites, poids, c->strate >= 0 ? row->cells[c->strate] : "", reponse, e);
}

/* "a,b": each must be a result. */
static bool mark_concerned(struct enquete *q, const char *list, struct err *e)
{
	while (list && *list) {
		size_t n = strcspn(list, ",");
		bool found = false;

		for (size_t i = 0; i < q->nresultats; i++) {
			const char *nom = q->resultats[i].nom;

			if (strlen(nom) == n && !strncmp(nom, list, n))
				found = q->resultats[i].concerne = true;
		}
		if (!found)
			return fail(e, E_INPUT, "« %.*s » n’est pas un résultat de l’enquête.", (int)n,
				    list);
		list += n + (list[n] == ',');
	}
	return true;
}

static const char *base_name(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	const char *dot = strrchr(name, '.');

	return arena_strn(a, name, dot ? (size_t)(dot - name) : strlen(name));
}

static struct enquete *enquete_new(struct arena *a)
{
	struct enquete *q = NEW(a, struct enquete);

	if (!q)
		return NULL;
	q->titre = q->source = q->licence = q->url = q->champ = q->avertissement = "";
	q->resultats = NEW_ARRAY(a, ENQUETE_RESULTATS, struct enquete_resultat);
	return q->resultats ? q : NULL;
}

static bool read_table(struct arena *a, struct csv *f, const char *path,
		       const struct enquete_colonnes *c, const struct calage_variable *variables,
		       size_t nvariables, struct enquete **out, struct err *e)
{
	struct lecture l = { .a = a, .q = enquete_new(a) };
	struct colonnes at;
	struct csv_row row;

	if (!l.q)
		return arena_refuse(a, e);
	l.q->nom = l.q->titre = base_name(a, path);
	l.q->plan.variables = variables;
	l.q->plan.nvariables = nvariables;
	if (!columns(f, path, c, l.q, &at, e))
		return false;
	e->kind = E_OK;
	while (csv_next(f, &row, e)) {
		if (!read_row(&l, &at, &row, e))
			return fail_at(e, path, row.line);
	}
	*out = l.q;
	return e->kind == E_OK && finish(&l, path, e) && mark_concerned(l.q, c->concernes, e);
}

bool enquete_csv(struct arena *a, const char *path, const struct enquete_colonnes *c,
		 const struct calage_variable *variables, size_t nvariables,
		 struct enquete **out, struct err *e)
{
	CLEANUP(csv_close) struct csv *f = NULL;

	return csv_open(path, &f, e)
	       && read_table(a, f, path, c, variables, nvariables, out, e);
}

bool enquete_csv_text(struct arena *a, const char *path, const char *p, size_t n,
		      const struct enquete_colonnes *c, const struct calage_variable *variables,
		      size_t nvariables, struct enquete **out, struct err *e)
{
	CLEANUP(csv_close) struct csv *f = NULL;

	return csv_open_text(path, p, n, &f, e)
	       && read_table(a, f, path, c, variables, nvariables, out, e);
}

/* --- shares of a published survey ----------------------------------------------------------- */

struct fiche {                          /* the JSON file, being read */
	struct lecture l;
	const char *path;
	struct calage_variable variable;
	const char *modalites[ENQUETE_MODALITES];
	double effet;
};

static bool text_of(const struct fiche *f, const json_t *o, const char *member, const char *absent,
		    const char **out, struct err *e)
{
	const char *text = json_string_value(json_object_get(o, member));

	*out = text ? arena_str(f->l.a, text) : absent;
	return *out || fail(e, E_INPUT, "%s : il manque le texte « %s ».", f->path, member);
}

static bool number_of(const struct fiche *f, const json_t *o, const char *member, double absent,
		      double least, double most, double *out, struct err *e)
{
	const json_t *v = json_object_get(o, member);

	*out = json_is_number(v) ? json_number_value(v) : absent;
	if ((!v || json_is_number(v)) && *out >= least && *out <= most)
		return true;
	return fail(e, E_INPUT, "%s : « %s » doit être un nombre de %g à %g.", f->path, member, least,
		    most);
}

static bool read_resultats(struct fiche *f, const json_t *root, struct err *e)
{
	const json_t *list = json_object_get(root, "resultats");
	struct enquete *q = f->l.q;

	for (size_t i = 0; i < json_array_size(list) && i < ENQUETE_RESULTATS; i++) {
		const json_t *o = json_array_get(list, i);
		struct enquete_resultat *r = &q->resultats[q->nresultats++];

		if (!text_of(f, o, "nom", NULL, &r->nom, e)
		    || !text_of(f, o, "libelle", r->nom, &r->libelle, e))
			return false;
		r->concerne = json_is_true(json_object_get(o, "concerne"));
	}
	if (q->nresultats >= 2)
		return true;
	return fail(e, E_INPUT, "%s : « resultats » doit nommer de 2 à %d résultats.", f->path,
		    ENQUETE_RESULTATS);
}

/* As many respondents as the survey is worth, at least one a result that has a share. */
static bool add_shares(struct fiche *f, const json_t *shares, uint16_t modality, double n,
		       struct err *e)
{
	const char *nom = f->modalites[modality];
	double sum = 0;

	for (size_t i = 0; i < f->l.q->nresultats; i++)
		sum += json_number_value(json_array_get(shares, i));
	if (json_array_size(shares) != f->l.q->nresultats || fabs(sum - 100) > .6)
		return fail(e, E_INPUT, "%s : les parts de « %s » doivent être %zu et faire 100 %%, "
			    "elles font %g.", f->path, nom, f->l.q->nresultats, sum);
	for (size_t i = 0; i < f->l.q->nresultats; i++) {
		double share = json_number_value(json_array_get(shares, i)) / sum;
		double count = share > 0 ? fmax(1, round(share * n)) : 0;

		if (share < 0)
			return fail(e, E_INPUT, "%s : une part de « %s » est négative.", f->path, nom);
		for (double k = 0; k < count; k++) {
			if (!add(&f->l, &modality, share * n / count, nom, i, e))
				return false;
		}
	}
	return true;
}

static bool read_modality(struct fiche *f, const json_t *o, struct err *e)
{
	size_t m = f->variable.n;
	const char *indicators;
	double n;

	if (!text_of(f, o, "nom", NULL, &f->modalites[m], e)
	    || !text_of(f, o, "indicateurs", "", &indicators, e)
	    || !number_of(f, o, "repondants", 0, 1, ENQUETE_REPONDANTS, &n, e))
		return false;
	f->l.q->indicateurs[m] = indicators;
	f->variable.n++;
	return add_shares(f, json_object_get(o, "parts"), (uint16_t)m, n / f->effet, e);
}

static bool read_head(struct fiche *f, const json_t *root, struct err *e)
{
	struct enquete *q = f->l.q;
	double year;

	if (!text_of(f, root, "enquete", NULL, &q->nom, e)
	    || !text_of(f, root, "titre", NULL, &q->titre, e)
	    || !text_of(f, root, "source", NULL, &q->source, e)
	    || !text_of(f, root, "champ", NULL, &q->champ, e)
	    || !text_of(f, root, "licence", "", &q->licence, e)
	    || !text_of(f, root, "url", "", &q->url, e)
	    || !text_of(f, root, "avertissement", "", &q->avertissement, e)
	    || !text_of(f, root, "variable", NULL, &f->variable.nom, e)
	    || !number_of(f, root, "annee", 0, 0, 2200, &year, e)
	    || !number_of(f, root, "effet_plan", 1, 1, 100, &f->effet, e))
		return false;
	q->annee = (int)year;
	return read_resultats(f, root, e);
}

static bool read_fiche(struct arena *a, const char *path, const json_t *root,
		       struct enquete **out, struct err *e)
{
	struct fiche *f = NEW(a, struct fiche);
	const json_t *list = json_object_get(root, "modalites");
	size_t n = json_array_size(list);

	if (!f || !(f->l.q = enquete_new(a)))
		return arena_refuse(a, e);
	f->l.a = a;
	f->path = path;
	f->variable.modalites = f->modalites;
	f->l.q->plan.variables = &f->variable;
	f->l.q->plan.nvariables = 1;
	f->l.q->indicateurs = NEW_ARRAY(a, n, const char *);
	if (!f->l.q->indicateurs)
		return arena_refuse(a, e);
	if (!read_head(f, root, e))
		return false;
	if (n < 1 || n > ENQUETE_MODALITES)
		return fail(e, E_INPUT, "%s : « modalites » doit en avoir de 1 à %d.", path,
			    ENQUETE_MODALITES);
	for (size_t i = 0; i < n; i++) {
		if (!read_modality(f, json_array_get(list, i), e))
			return false;
	}
	*out = f->l.q;
	return finish(&f->l, path, e);
}

static bool read_whole(const char *path, struct buf *b, struct err *e)
{
	FILE *f = fopen(path, "rb");
	char part[4096];
	size_t n;

	if (!f) {
		fail(e, E_MISSING, "%s : ce fichier ne s’ouvre pas.", path);
		return hint(e, "Donnez le nom d’une enquête fournie, ou un fichier .json ou .csv.");
	}
	while ((n = fread(part, 1, sizeof part, f)))
		buf_add(b, part, n);
	fclose(f);
	return !b->full || fail(e, E_LIMIT, "%s dépasse 1 Mo.", path);
}

bool enquete_json_text(struct arena *a, const char *path, const char *p, size_t n,
		       struct enquete **out, struct err *e)
{
	CLEANUP(json_done) json_t *root = NULL;

	if (!json_read(p, n, &root, e))
		return fail_at(e, path, 0);
	return read_fiche(a, path, root, out, e);
}

bool enquete_open(struct arena *a, const char *name, struct enquete **out, struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	const struct embedded_file *f;

	f = embedded_find(embedded_files, arena_cat(a, "data/enquetes/", name, ".json", NULL));
	if (f)
		return enquete_json_text(a, name, f->p, (size_t)(f->end - f->p), out, e);
	return read_whole(name, &b, e) && enquete_json_text(a, name, b.p ? b.p : "", b.n, out, e);
}
