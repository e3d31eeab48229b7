#include "orient/rapprochement_mots.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embedded.h"
#include "base/utf8.h"

enum { FORMES_MOST = 600, GENRES_MOST = 60, FOLDED_MOST = 400, WORD_MOST = 63 };
enum { SLOTS_START = 1 << 12, NUMERO_SIGNS = 5 };

/* A way of writing: one or more folded words that count as one, or as nothing. */
struct forme {
	const char *texte, *mot;
	size_t n;
	int genre;                      /* -1: none */
};

struct formes {
	struct forme v[FORMES_MOST];    /* sorted by text */
	size_t n;
};

struct mot {
	const char *texte;
	uint32_t hash, lignes;          /* names that have it */
	double rarete;
};

struct vocabulaire {
	struct arena *a;
	struct formes noms, voies;
	const char *genres[GENRES_MOST];        /* "!bus": what nothing else can be */
	int ngenres;
	uint64_t seuls, mairie, france_services, autorites;
	struct mot *mots;               /* mots[0] is nobody's */
	size_t n, room;
	uint32_t *slots;                /* open addressing, a power of two */
	size_t nslots;
};

/* --- the vocabulary ----------------------------------------------------------------- */

static uint32_t hash_of(const char *s, size_t n)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)s[i]) * 16777619u;
	return h;
}

static bool grow(struct vocabulaire *v)
{
	size_t nslots = v->nslots ? v->nslots * 2 : SLOTS_START;
	uint32_t *slots = NEW_ARRAY(v->a, nslots, uint32_t);
	struct mot *mots = NEW_ARRAY(v->a, nslots / 2, struct mot);

	if (!slots || !mots)
		return false;
	if (v->n)
		memcpy(mots, v->mots, v->n * sizeof *mots);
	else
		v->n = 1;
	for (size_t i = 1; i < v->n; i++) {
		size_t k = mots[i].hash & (nslots - 1);

		while (slots[k])
			k = (k + 1) & (nslots - 1);
		slots[k] = (uint32_t)i;
	}
	v->mots = mots;
	v->slots = slots;
	v->nslots = nslots;
	v->room = nslots / 2;
	return true;
}

/* The number of a word; 0 when there is no memory. */
static uint32_t mot_of(struct vocabulaire *v, const char *s, size_t n)
{
	uint32_t h = hash_of(s, n);
	size_t k;

	if (v->n == v->room && !grow(v))
		return 0;
	k = h & (v->nslots - 1);
	for (; v->slots[k]; k = (k + 1) & (v->nslots - 1)) {
		const struct mot *m = &v->mots[v->slots[k]];

		if (m->hash == h && strncmp(m->texte, s, n) == 0 && !m->texte[n])
			return v->slots[k];
	}
	v->mots[v->n] = (struct mot){ .texte = arena_strn(v->a, s, n), .hash = h };
	v->slots[k] = (uint32_t)v->n;
	return (uint32_t)v->n++;
}

double vocabulaire_rarete(const struct vocabulaire *v, uint32_t mot)
{
	return v->mots[mot].rarete;
}

const char *vocabulaire_texte(const struct vocabulaire *v, uint32_t mot)
{
	return v->mots[mot].texte;
}

uint64_t vocabulaire_france_services(const struct vocabulaire *v)
{
	return v->france_services;
}

uint64_t vocabulaire_autorites(const struct vocabulaire *v)
{
	return v->autorites;
}

size_t vocabulaire_taille(const struct vocabulaire *v)
{
	return v->n;
}

bool vocabulaire_peser(struct vocabulaire *v, size_t rows)
{
	for (size_t i = 1; i < v->n; i++) {
		double seen = v->mots[i].lignes ? v->mots[i].lignes : 1;

		v->mots[i].rarete = log(1 + (double)rows / seen);
	}
	return !v->a->spent;
}

/* --- the table of forms ------------------------------------------------------------- */

/* What has a door for each of its services. */
static const char *const autorites[] = { "mairie", "ccas", "intercommunalite", "departement",
	"prefecture", NULL };

static int genre_of(struct vocabulaire *v, const char *name)
{
	if (!*name)
		return -1;
	for (int i = 0; i < v->ngenres; i++) {
		if (strcmp(v->genres[i], name) == 0)
			return i;
	}
	if (v->ngenres == GENRES_MOST)
		return -1;
	v->genres[v->ngenres] = name;
	v->seuls |= (uint64_t)(*name == '!') << v->ngenres;
	v->mairie |= (uint64_t)(strcmp(name, "mairie") == 0) << v->ngenres;
	v->france_services |= (uint64_t)(strcmp(name, "france-services") == 0) << v->ngenres;
	for (const char *const *a = autorites; *a; a++)
		v->autorites |= (uint64_t)(strcmp(name, *a) == 0) << v->ngenres;
	return v->ngenres++;
}

static const char *cell(struct arena *a, const char **s)
{
	size_t n = strcspn(*s, ";\n");
	const char *out = arena_strn(a, *s, n);

	*s += n + ((*s)[n] == ';');
	return out;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct forme *)a)->texte, ((const struct forme *)b)->texte);
}

static void read_formes(struct vocabulaire *v, const char *s)
{
	bool header = true;

	for (; *s; s += strcspn(s, "\n"), s += *s == '\n') {
		struct formes *t;
		struct forme *f;
		const char *line = s;

		if (*s == '#' || *s == '\n')
			continue;
		if (header) {
			header = false;
			continue;
		}
		t = strcmp(cell(v->a, &line), "voie") == 0 ? &v->voies : &v->noms;
		if (t->n == FORMES_MOST)
			continue;
		f = &t->v[t->n++];
		f->texte = cell(v->a, &line);
		f->mot = cell(v->a, &line);
		f->genre = genre_of(v, cell(v->a, &line));
		f->n = strlen(f->texte);
	}
	qsort(v->noms.v, v->noms.n, sizeof *v->noms.v, by_text);
	qsort(v->voies.v, v->voies.n, sizeof *v->voies.v, by_text);
}

struct vocabulaire *vocabulaire_new(struct arena *a)
{
	const struct embedded_file *f = embedded_find(embedded_files,
						      "data/rapprochement_mots.csv");
	struct vocabulaire *v = NEW(a, struct vocabulaire);

	if (!v)
		return NULL;
	v->a = a;
	if (f)
		read_formes(v, f->p);
	return a->spent || !grow(v) ? NULL : v;
}

/* The longest form that stands at s, in whole words; NULL. */
static const struct forme *forme_at(const struct formes *t, const char *s)
{
	const struct forme *found = NULL;
	size_t n = strcspn(s, " "), low = 0, high = t->n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (strncmp(t->v[mid].texte, s, n) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < t->n && strncmp(t->v[low].texte, s, n) == 0; low++) {
		const struct forme *f = &t->v[low];

		if (strncmp(f->texte, s, f->n) == 0 && (s[f->n] == ' ' || !s[f->n])
		    && (!found || f->n > found->n))
			found = f;
	}
	return found;
}

/* --- the words of a text ------------------------------------------------------------ */

static bool has(const struct mots *m, uint32_t mot)
{
	for (int i = 0; i < m->n; i++) {
		if (m->v[i] == mot)
			return true;
	}
	return false;
}

static void add(struct vocabulaire *v, struct mots *m, const char *s, size_t n)
{
	uint32_t mot = mot_of(v, s, n < WORD_MOST ? n : WORD_MOST);

	if (mot && m->n < TRAITS_MOTS && !has(m, mot))
		m->v[m->n++] = mot;
}

/* The words of a folded text, each in the way that counts. */
static void read_mots(struct vocabulaire *v, const struct formes *t, const char *s,
		      struct mots *m, uint64_t *genres)
{
	m->n = 0;
	m->commune = 0;
	while (*s) {
		const struct forme *f = forme_at(t, s);
		size_t n = f ? f->n : strcspn(s, " ");

		if (!f)
			add(v, m, s, n);
		else if (*f->mot)
			add(v, m, f->mot, strlen(f->mot));
		if (f && f->genre >= 0 && genres)
			*genres |= (uint64_t)1 << f->genre;
		s += n + (s[n] == ' ');
	}
}

/* Marks the words of a name that its commune has too. */
static void mark_commune(struct vocabulaire *v, struct mots *nom, const char *commune)
{
	struct mots of;
	char folded[FOLDED_MOST];

	utf8_fold(commune, folded, sizeof folded);
	read_mots(v, &v->noms, folded, &of, NULL);
	for (int i = 0; i < nom->n; i++) {
		if (has(&of, nom->v[i]))
			nom->commune |= (uint16_t)(1u << i);
	}
}

/* The number in the street and where the street begins: after the first number of at most
 * four digits, unless it stands for a box ("BP 12", "CS 40123"). */
static int read_numero(const char *s, const char **street)
{
	const char *before = "";

	*street = s;
	while (*s) {
		size_t n = strcspn(s, " "), digits = strspn(s, "0123456789");
		bool box = strncmp(before, "bp ", 3) == 0 || strncmp(before, "cs ", 3) == 0;

		/* "213bis" */
		if (digits && digits < NUMERO_SIGNS && n - digits <= 3 && !box) {
			*street = s + n + (s[n] == ' ');
			return (int)strtol(s, NULL, 10);
		}
		before = s;
		s += n + (s[n] == ' ');
	}
	return -1;
}

static void read_voie(struct vocabulaire *v, const char *adresse, struct traits *t)
{
	char folded[FOLDED_MOST];
	const char *street;

	utf8_fold(adresse, folded, sizeof folded);
	t->numero = read_numero(folded, &street);
	read_mots(v, &v->voies, street, &t->voie, NULL);
	if (!t->voie.n && street != folded)     /* "ZA de la Gare 12" */
		read_mots(v, &v->voies, folded, &t->voie, NULL);
}

/* What follows @ or // when it is the place's own and not a provider of mail or pages. */
static uint32_t domaine_of(const char *courriels, const char *site)
{
	static const char *const shared[] = { "gmail.com", "orange.fr", "wanadoo.fr", "free.fr",
		"hotmail.fr", "hotmail.com", "yahoo.fr", "outlook.fr", "outlook.com", "laposte.net",
		"sfr.fr", "neuf.fr", "facebook.com", "fr-fr.facebook.com", "live.fr",
		"conseiller-numerique.fr", "france-services.gouv.fr", "instagram.com", NULL };
	const char *p = strchr(courriels, '@');
	size_t n;

	if (p) {
		p++;
	} else {
		p = strstr(site, "://");
		if (!p)
			return 0;
		p += 3;
		p += strncmp(p, "www.", 4) == 0 ? 4 : 0;
	}
	n = strcspn(p, "/|?#:");
	for (const char *const *s = shared; *s; s++) {
		if (strlen(*s) == n && strncmp(*s, p, n) == 0)
			return 0;
	}
	return n ? hash_of(p, n) | 1 : 0;
}

bool traits_read(struct vocabulaire *v, const struct traits_texte *x, struct traits *t)
{
	char folded[FOLDED_MOST], commune[FOLDED_MOST];

	t->genres = 0;
	utf8_fold(x->nom, folded, sizeof folded);
	read_mots(v, &v->noms, folded, &t->nom, &t->genres);
	t->seuls = t->genres & v->seuls;
	mark_commune(v, &t->nom, x->commune);
	utf8_fold(x->commune, commune, sizeof commune);
	if (*folded && strcmp(folded, commune) == 0)
		t->genres |= v->mairie;         /* named by its commune alone */
	for (int i = 0; i < t->nom.n; i++)
		v->mots[t->nom.v[i]].lignes++;
	read_voie(v, x->adresse, t);
	snprintf(t->pivot, sizeof t->pivot, "%s", x->pivot);
	t->insee = arena_str(v->a, x->insee);
	t->postal = arena_str(v->a, x->postal);
	t->telephone = arena_str(v->a, x->telephone);
	t->domaine = domaine_of(x->courriels, x->site_web);
	t->lat = x->position_commune ? NAN : x->lat;
	t->lon = x->position_commune ? NAN : x->lon;
	return !v->a->spent;
}

/* --- two words ---------------------------------------------------------------------- */

static double jaro(const char *a, size_t na, const char *b, size_t nb)
{
	bool ua[WORD_MOST + 1] = { false }, ub[WORD_MOST + 1] = { false };
	size_t reach = (na > nb ? na : nb) / 2, m = 0, half = 0, k = 0;

	reach = reach ? reach - 1 : 0;
	for (size_t i = 0; i < na; i++) {
		size_t from = i > reach ? i - reach : 0;

		for (size_t j = from; j < nb && j <= i + reach; j++) {
			if (ub[j] || a[i] != b[j])
				continue;
			ua[i] = ub[j] = true;
			m++;
			break;
		}
	}
	if (!m)
		return 0;
	for (size_t i = 0; i < na; i++) {
		if (!ua[i])
			continue;
		while (!ub[k])
			k++;
		half += a[i] != b[k++];
	}
	return ((double)m / (double)na + (double)m / (double)nb
		+ ((double)m - (double)half / 2) / (double)m) / 3;
}

double mots_ressemblance(const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b), same = 0;
	double j;

	if (!na || !nb || na > WORD_MOST || nb > WORD_MOST)
		return 0;
	j = jaro(a, na, b, nb);
	while (same < 4 && same < na && same < nb && a[same] == b[same])
		same++;
	return j + (double)same * 0.1 * (1 - j);
}
