#include "observe/indicateur_annuaire.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/indicateur.h"
#include "observe/indicateur_import.sql.h"

enum { STEPS = 12 };                    /* a commune that moved more often is a loop */

const char *const niveau_names[NIVEAUX] = {
	"iris", "commune", "arrondissement", "epci", "ept", "departement", "region", "france",
};

enum niveau niveau_of(const char *name)
{
	static const struct { const char *name; enum niveau n; } others[] = {
		{ "com", N_COMMUNE }, { "city", N_COMMUNE }, { "arm", N_ARRONDISSEMENT },
		{ "dep", N_DEPARTEMENT }, { "département", N_DEPARTEMENT },
		{ "department", N_DEPARTEMENT }, { "reg", N_REGION }, { "région", N_REGION },
		{ "fr", N_FRANCE }, { "france", N_FRANCE }, { "country", N_FRANCE },
	};

	for (int i = 0; i < NIVEAUX; i++) {
		if (!strcasecmp(name, niveau_names[i]))
			return (enum niveau)i;
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		if (!strcasecmp(name, others[i].name))
			return others[i].n;
	}
	return N_AUCUN;
}

/* --- reading the store --------------------------------------------------------------------- */

/* Texts of the rows until everything is there and indexes can be found. */
struct links {
	char epci[TERRITOIRE_CODE], ept[TERRITOIRE_CODE], departement[4], region[4], commune[6];
};

struct reading {
	struct annuaire *a;
	struct links *links;            /* owned; as reperes */
	size_t links_room;
};

static void reading_free(struct reading *r)
{
	free(r->links);
}

static bool grow(void *array, size_t n, size_t *room, size_t size, struct err *e)
{
	char **p = array, *grown;
	size_t more = *room ? *room * 2 : 4096;

	if (n < *room)
		return true;
	grown = reallocarray(*p, more, size);
	if (!grown)
		return fail(e, E_LIMIT, "Il manque de la mémoire pour l'import.");
	*p = grown;
	*room = more;
	return true;
}

static void copy(char *to, size_t room, const char *from)
{
	snprintf(to, room, "%s", from ? from : "");
}

static bool take(const struct annuaire_territoires_row *r, void *arg, struct err *e)
{
	struct reading *in = arg;
	struct annuaire *a = in->a;
	enum niveau n = niveau_of(r->niveau);
	struct repere *p;
	struct links *l;

	if (n == N_AUCUN)
		return true;
	if (!grow(&a->reperes, a->n, &a->room, sizeof *a->reperes, e)
	    || !grow(&in->links, a->n, &in->links_room, sizeof *in->links, e))
		return false;
	l = &in->links[a->n];
	p = &a->reperes[a->n++];
	*p = (struct repere){ .niveau = (uint8_t)n, .commune = -1,
		.parents = { -1, -1, -1, -1 },
		.population = r->population_null ? -1 : (double)r->population,
		.lat = r->latitude_null ? NAN : r->latitude,
		.lon = r->longitude_null ? NAN : r->longitude };
	copy(p->code, sizeof p->code, r->code);
	copy(l->epci, sizeof l->epci, r->epci);
	copy(l->ept, sizeof l->ept, r->ept);
	copy(l->departement, sizeof l->departement, r->departement);
	copy(l->region, sizeof l->region, r->region);
	copy(l->commune, sizeof l->commune, r->commune);
	/* sorted by code afterwards: remembers whose links these are */
	p->commune = (int32_t)(a->n - 1);
	return true;
}

static int by_level(const void *x, const void *y)
{
	const struct repere *a = x, *b = y;

	return a->niveau != b->niveau ? a->niveau - b->niveau : strcmp(a->code, b->code);
}

static void link_up(struct reading *in)
{
	struct annuaire *a = in->a;

	for (size_t i = 0; i < a->n; i++) {
		struct repere *p = &a->reperes[i];
		const struct links *l = &in->links[p->commune];

		p->commune = -1;
		if (p->niveau == N_ARRONDISSEMENT)
			p->commune = annuaire_find(a, N_COMMUNE, l->commune);
		if (p->commune >= 0)
			a->reperes[p->commune].divisee = true;
		if (p->niveau != N_COMMUNE)
			continue;
		p->parents[0] = annuaire_find(a, N_EPCI, l->epci);
		p->parents[1] = annuaire_find(a, N_EPT, l->ept);
		p->parents[2] = annuaire_find(a, N_DEPARTEMENT, l->departement);
		p->parents[3] = annuaire_find(a, N_REGION, l->region);
	}
}

/* How many people each territory's communes have: what a sum must cover. */
static bool count_members(struct annuaire *a, struct err *e)
{
	a->membres = calloc(a->n ? a->n : 1, sizeof *a->membres);
	if (!a->membres)
		return fail(e, E_LIMIT, "Il manque de la mémoire pour l'import.");
	for (size_t i = a->first[N_COMMUNE]; i < a->first[N_COMMUNE + 1]; i++) {
		const struct repere *p = &a->reperes[i];

		for (int k = 0; k < PARENTS; k++) {
			if (p->parents[k] >= 0)
				a->membres[p->parents[k]] += p->population > 0 ? p->population : 1;
		}
		a->france += p->population > 0 ? p->population : 1;
	}
	return true;
}

static bool put_passage(struct annuaire *a, const char *ancien, const char *nouveau,
			const char *date, enum passage_nature nature, struct err *e)
{
	struct passage *p;

	if (strlen(ancien) != 5 || strlen(nouveau) != 5)
		return true;
	if (!grow(&a->passages, a->npassages, &a->passages_room, sizeof *a->passages, e))
		return false;
	p = &a->passages[a->npassages++];
	*p = (struct passage){ .nature = (uint8_t)nature };
	memcpy(p->ancien, ancien, 6);
	memcpy(p->nouveau, nouveau, 6);
	copy(p->date, sizeof p->date, date);
	return true;
}

static bool take_old(const struct annuaire_anciens_row *r, void *arg, struct err *e)
{
	return put_passage(arg, r->ancien_code, r->code, "", P_FUSION, e);
}

static bool take_passage(const struct annuaire_passages_all_row *r, void *arg, struct err *e)
{
	enum passage_nature n = !strcmp(r->nature, "fusion") ? P_FUSION
				: !strcmp(r->nature, "scission") ? P_SCISSION : P_CODE;

	return put_passage(arg, r->ancien, r->nouveau, r->date_effet, n, e);
}

static int by_old(const void *x, const void *y)
{
	const struct passage *a = x, *b = y;
	int c = strcmp(a->ancien, b->ancien);

	if (!c)
		c = strcmp(b->date, a->date);
	return c ? c : strcmp(a->nouveau, b->nouveau);
}

bool annuaire_read(struct db *db, struct annuaire *out, struct err *e)
{
	CLEANUP(reading_free) struct reading in = { .a = out };

	*out = (struct annuaire){ 0 };
	if (!annuaire_territoires(db, take, &in, e))
		return false;
	if (out->n)
		qsort(out->reperes, out->n, sizeof *out->reperes, by_level);
	for (size_t i = 0, n = 0; n <= NIVEAUX; n++) {
		while (i < out->n && out->reperes[i].niveau < n)
			i++;
		out->first[n] = i;
	}
	link_up(&in);
	if (!count_members(out, e) || !annuaire_anciens(db, take_old, out, e)
	    || !annuaire_passages_all(db, take_passage, out, e))
		return false;
	if (out->npassages)
		qsort(out->passages, out->npassages, sizeof *out->passages, by_old);
	return true;
}

void annuaire_free(struct annuaire *a)
{
	free(a->reperes);
	free(a->passages);
	free(a->membres);
}

/* --- finding ------------------------------------------------------------------------------- */

int32_t annuaire_find(const struct annuaire *a, enum niveau n, const char *code)
{
	size_t low = a->first[n], high = a->first[n + 1];

	while (low < high) {
		size_t mid = (low + high) / 2;
		int c = strcmp(a->reperes[mid].code, code);

		if (!c)
			return (int32_t)mid;
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return -1;
}

const struct passage *annuaire_passages(const struct annuaire *a, const char *ancien,
					size_t *n)
{
	size_t low = 0, high = a->npassages, end;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (strcmp(a->passages[mid].ancien, ancien) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (end = low; end < a->npassages && !strcmp(a->passages[end].ancien, ancien); )
		end++;
	*n = end - low;
	return *n ? &a->passages[low] : NULL;
}

/* A commune of today, or a municipal arrondissement. */
static int32_t find_living(const struct annuaire *a, const char *code)
{
	int32_t i = annuaire_find(a, N_COMMUNE, code);

	return i >= 0 ? i : annuaire_find(a, N_ARRONDISSEMENT, code);
}

static void arrive(struct code_lu *out, int32_t where)
{
	for (int i = 0; i < out->n; i++) {
		if (out->vers[i] == where)
			return;
	}
	if (out->n < ARRIVEES)
		out->vers[out->n++] = where;
}

/* Follows what a commune that is no more became, its last movement first. */
static void follow(const struct annuaire *a, const char *code, int steps, struct code_lu *out)
{
	size_t n;
	const struct passage *p = steps ? annuaire_passages(a, code, &n) : NULL;
	int before = out->n;

	if (!p)
		return;
	for (size_t i = 0; i < n; i++) {
		int32_t here = find_living(a, p[i].nouveau);

		if (i && out->n > before && strcmp(p[i].date, p[0].date))
			return;                 /* an older movement of the same code */
		if (here >= 0)
			arrive(out, here);
		else if (strcmp(p[i].nouveau, code))
			follow(a, p[i].nouveau, steps - 1, out);
	}
}

/* --- codes of files ------------------------------------------------------------------------ */

static bool is_digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!isdigit((unsigned char)s[i]))
			return false;
	}
	return true;
}

static bool refuse(struct code_lu *out, const char *why)
{
	out->why = why;
	return false;
}

/* Upper case, without spaces; false when it is too long to be a code. */
static bool normal(const char *text, char out[16])
{
	size_t n = 0;

	for (; *text; text++) {
		if (isspace((unsigned char)*text))
			continue;
		if (n == 15)
			return false;
		out[n++] = (char)toupper((unsigned char)*text);
	}
	out[n] = '\0';
	return n > 0;
}

static void put_zero(char code[16], struct code_lu *out)
{
	memmove(code + 1, code, strlen(code) + 1);
	code[0] = '0';
	out->repare = true;
}

static bool read_commune(const struct annuaire *a, char code[16], struct code_lu *out)
{
	int32_t here;

	/* 1001 is Ain's 01001 or nothing: no other code ends so. */
	if (strlen(code) == 4 && is_digits(code, 4))
		put_zero(code, out);
	if (strlen(code) != 5 || !isdigit((unsigned char)code[0]) || !is_digits(code + 2, 3))
		return refuse(out, "code INSEE impossible");
	copy(out->code, sizeof out->code, code);
	here = find_living(a, code);
	if (here >= 0) {
		out->niveau = (enum niveau)a->reperes[here].niveau;
		arrive(out, here);
		return true;
	}
	out->niveau = N_COMMUNE;
	follow(a, code, STEPS, out);
	out->reporte = out->n > 0;
	out->sans_histoire = !out->n;
	return out->n > 0 || refuse(out, "commune inconnue aujourd'hui, d'hier non plus");
}

static bool departement_known(const struct annuaire *a, const char *code)
{
	char departement[4];

	indicateur_departement("iris", code, departement);
	return annuaire_find(a, N_DEPARTEMENT, departement) >= 0;
}

static bool read_iris(const struct annuaire *a, char code[16], struct code_lu *out)
{
	char commune[16];
	struct code_lu of = { 0 };

	if (strlen(code) == 8 && is_digits(code, 8))
		put_zero(code, out);
	if (strlen(code) != 9 || !is_digits(code + 2, 7))
		return refuse(out, "code IRIS impossible");
	copy(out->code, sizeof out->code, code);
	snprintf(commune, sizeof commune, "%.5s", code);
	out->niveau = N_IRIS;
	if (!read_commune(a, commune, &of)) {
		out->sans_histoire = of.sans_histoire;
		/* of a commune of before: the IRIS stays, under the only name that it had */
		return of.sans_histoire && departement_known(a, code)
		       ? true : refuse(out, "la commune de cet IRIS n'est pas connue");
	}
	out->vers[0] = of.vers[0];
	out->n = 1;
	return true;
}

static bool read_upper(const struct annuaire *a, enum niveau n, char code[16],
		       struct code_lu *out)
{
	int32_t here;

	if ((n == N_DEPARTEMENT || n == N_REGION) && strlen(code) == 1 && is_digits(code, 1))
		put_zero(code, out);
	if (strlen(code) >= TERRITOIRE_CODE)
		return refuse(out, "code de territoire impossible");
	copy(out->code, sizeof out->code, code);
	out->niveau = n;
	here = annuaire_find(a, n, code);
	if (here < 0 && n == N_EPCI) {
		here = annuaire_find(a, N_EPT, code);
		out->niveau = here < 0 ? N_EPCI : N_EPT;
	}
	if (here < 0)
		return refuse(out, "territoire inconnu");
	arrive(out, here);
	return true;
}

static enum niveau guess(const struct annuaire *a, const char *code)
{
	size_t n = strlen(code);

	if (n == 9 && (annuaire_find(a, N_EPCI, code) >= 0 || annuaire_find(a, N_EPT, code) >= 0))
		return N_EPCI;
	return n >= 8 ? N_IRIS : N_COMMUNE;
}

bool annuaire_code(const struct annuaire *a, enum niveau n, const char *text,
		   struct code_lu *out)
{
	char code[16];
	const char *dash = strrchr(text, '-');

	*out = (struct code_lu){ .niveau = n, .why = "" };
	/* Insee's newer files write 2024-COM-01001 */
	if (dash && isdigit((unsigned char)text[0]) && strchr(text, '-') != dash)
		text = dash + 1;
	if (!*text)
		return refuse(out, "le code manque");
	if (strchr(text, '+') || strchr(text, ','))
		return refuse(out, "code abîmé par un tableur : mettez la colonne au format texte");
	if (!normal(text, code))
		return refuse(out, "code de territoire impossible");
	if (n == N_AUCUN)
		n = guess(a, code);
	if (n == N_IRIS)
		return read_iris(a, code, out);
	if (n == N_COMMUNE || n == N_ARRONDISSEMENT)
		return read_commune(a, code, out);
	if (n != N_FRANCE)
		return read_upper(a, n, code, out);
	copy(out->code, sizeof out->code, "FR");
	out->niveau = N_FRANCE;
	return true;
}
