/* Rows of territories for a table of counts: communes, then what they are parts of. */
#include <string.h>

#include "core/secret.h"

struct arbre {
	struct arena *a;
	const struct repertoire *r;
	struct secret_ligne *lignes;
	uint32_t *parents;
	const char **cles;              /* of rows above communes: level, code, and its parent's */
	size_t n, base;
	uint32_t *seaux, *suivants;     /* buckets of rows by key; + 1 */
	size_t nseaux;
};

static size_t empreinte(const char *s)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3u;
	return (size_t)(h ^ h >> 32);
}

static const char *nom_de(const struct repertoire *r, const char *niveau, const char *code)
{
	const struct territoire *t = repertoire_territoire(r, niveau, code);

	return t ? t->nom : *code ? code : "Ensemble";
}

/* The row of this level and code under `parent`, found or new. */
static uint32_t ligne_de(struct arbre *b, const char *niveau, const char *code,
			 uint32_t parent)
{
	const char *cle = arena_printf(b->a, "%s %s %u", niveau, code, parent);
	uint32_t *at = &b->seaux[empreinte(cle) % b->nseaux];

	for (uint32_t i = *at; i; i = b->suivants[i - 1]) {
		if (!strcmp(b->cles[i - 1], cle))
			return i - 1;
	}
	b->lignes[b->n] = (struct secret_ligne){ niveau, code, nom_de(b->r, niveau, code),
						 false };
	b->parents[b->n] = parent;
	b->cles[b->n] = cle;
	b->suivants[b->n] = *at;
	*at = (uint32_t)++b->n;
	return (uint32_t)b->n - 1;
}

static uint32_t parent_de(struct arbre *b, const struct commune *c, int niveaux)
{
	uint32_t at = SECRET_SANS_PARENT;

	if (niveaux & SECRET_TOTAL)
		at = ligne_de(b, "total", "", at);
	if (niveaux & SECRET_REGION && c && *c->region)
		at = ligne_de(b, "region", c->region, at);
	if (niveaux & SECRET_DEPARTEMENT && c && *c->departement)
		at = ligne_de(b, "departement", c->departement, at);
	if (niveaux & SECRET_EPCI && c && *c->epci)
		at = ligne_de(b, "epci", c->epci, at);
	return at;
}

/* An EPCI that has rows under two parents lies in both: each is a part of it. */
static void marque_parties(struct arbre *b)
{
	for (size_t i = b->base; i < b->n; i++) {
		size_t others = 0;

		if (strcmp(b->lignes[i].niveau, "epci"))
			continue;
		for (size_t j = b->base; j < b->n; j++)
			others += j != i && !strcmp(b->lignes[j].niveau, "epci")
				  && !strcmp(b->lignes[j].code, b->lignes[i].code);
		b->lignes[i].partie = others > 0;
	}
}

bool secret_lignes(struct arena *a, const struct repertoire *r, const char *const *codes,
		   size_t n, int niveaux, struct secret_ligne **lignes, uint32_t **parents,
		   size_t *nlignes, struct err *e)
{
	size_t room = 5 * n + 1;        /* each commune adds four rows at most */
	struct arbre b = { .a = a, .r = r, .n = n, .base = n, .nseaux = 2 * n + 1 };

	b.lignes = NEW_ARRAY(a, room, struct secret_ligne);
	b.parents = NEW_ARRAY(a, room, uint32_t);
	b.cles = NEW_ARRAY(a, room, const char *);
	b.suivants = NEW_ARRAY(a, room, uint32_t);
	b.seaux = NEW_ARRAY(a, b.nseaux, uint32_t);
	if (a->spent)
		return arena_refuse(a, e);
	for (size_t i = 0; i < n; i++) {
		const struct commune *c = repertoire_commune(r, codes[i]);

		b.lignes[i] = (struct secret_ligne){ c ? "commune" : "ligne", codes[i],
						     c ? c->nom : codes[i], false };
		b.parents[i] = parent_de(&b, c, niveaux);
	}
	if (a->spent)
		return arena_refuse(a, e);
	marque_parties(&b);
	*lignes = b.lignes;
	*parents = b.parents;
	*nlignes = b.n;
	return true;
}

void secret_sommes(const uint32_t *parents, size_t n, size_t lignes, size_t colonnes,
		   int64_t *valeurs)
{
	memset(valeurs + n * colonnes, 0, (lignes - n) * colonnes * sizeof *valeurs);
	for (size_t i = 0; i < n; i++) {
		for (uint32_t p = parents[i]; p != SECRET_SANS_PARENT; p = parents[p]) {
			for (size_t j = 0; j < colonnes; j++)
				valeurs[p * colonnes + j] += valeurs[i * colonnes + j];
		}
	}
}
