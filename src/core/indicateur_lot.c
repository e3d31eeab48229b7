/* Chunks: how the values of a département are packed, read back, and written. */
#include "core/indicateur.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/indicateur.sql.h"

enum { HEAD = 6, VERSION = 1, LOT_MOST = 200000 };

const char *const indicateur_tables[] = {
	"indicateur", "indicateur_serie", "indicateur_lot", "iris", "commune_passage", NULL,
};

const char *const indicateur_statut_names[STATUTS] = {
	"valeur", "secret", "non_significatif", "non_disponible", "sans_objet",
};

void indicateur_departement(const char *niveau, const char *code, char out[4])
{
	size_t n = code[0] == '9' && (code[1] == '7' || code[1] == '8') ? 3 : 2;

	out[0] = '\0';
	if (strcmp(niveau, "commune") && strcmp(niveau, "iris") && strcmp(niveau, "arrondissement"))
		return;
	if (strlen(code) < n)
		return;
	memcpy(out, code, n);
	out[n] = '\0';
}

/* --- bytes ------------------------------------------------------------------------------- */

static size_t width_of(const struct indicateur_valeur *v, size_t n)
{
	size_t w = 1;

	for (size_t i = 0; i < n; i++) {
		size_t k = strnlen(v[i].code, TERRITOIRE_CODE - 1);

		w = k > w ? k : w;
	}
	return w;
}

size_t indicateur_pack_size(const struct indicateur_valeur *v, size_t n)
{
	return HEAD + n * (width_of(v, n) + 1 + 8);
}

static void put_le(unsigned char *p, uint64_t v, int bytes)
{
	for (int i = 0; i < bytes; i++, v >>= 8)
		p[i] = (unsigned char)v;
}

static uint64_t get_le(const unsigned char *p, int bytes)
{
	uint64_t v = 0;

	for (int i = bytes; i-- > 0; )
		v = v << 8 | p[i];
	return v;
}

void indicateur_pack(const struct indicateur_valeur *v, size_t n, unsigned char *out)
{
	size_t w = width_of(v, n);
	unsigned char *codes = out + HEAD, *states = codes + n * w, *values = states + n;

	out[0] = VERSION;
	out[1] = (unsigned char)w;
	put_le(out + 2, n, 4);
	memset(codes, 0, n * w);
	for (size_t i = 0; i < n; i++) {
		uint64_t bits = 0;

		memcpy(codes + i * w, v[i].code, strnlen(v[i].code, w));
		states[i] = (unsigned char)(v[i].statut | v[i].origine << 4);
		if (v[i].statut == STATUT_VALEUR)
			memcpy(&bits, &v[i].valeur, 8);
		put_le(values + i * 8, bits, 8);
	}
}

/* The i-th value of a chunk whose sizes were checked; false when it cannot be one. */
static bool unpack_one(const unsigned char *p, size_t w, size_t n, size_t i,
		       struct indicateur_valeur *v)
{
	const unsigned char *codes = p + HEAD, *states = codes + n * w;
	uint64_t bits = get_le(states + n + i * 8, 8);

	memset(v, 0, sizeof *v);
	memcpy(v->code, codes + i * w, w);
	v->statut = states[i] & 15;
	v->origine = states[i] >> 4;
	v->valeur = NAN;
	if (v->statut == STATUT_VALEUR)
		memcpy(&v->valeur, &bits, 8);
	return v->statut < STATUTS && (v->statut != STATUT_VALEUR || isfinite(v->valeur));
}

bool indicateur_unpack(struct bytes b, struct indicateur_valeur *out, size_t *n)
{
	const unsigned char *p = b.p;
	size_t w;

	*n = 0;
	if (b.n < HEAD || p[0] != VERSION)
		return false;
	w = p[1];
	*n = (size_t)get_le(p + 2, 4);
	if (w < 1 || w >= TERRITOIRE_CODE || *n > LOT_MOST || b.n != HEAD + *n * (w + 9))
		return false;
	for (size_t i = 0; out && i < *n; i++) {
		if (!unpack_one(p, w, *n, i, &out[i]))
			return false;
	}
	return true;
}

/* --- writing ----------------------------------------------------------------------------- */

struct writing {
	struct tx *tx;
	struct arena *a;                /* of one chunk */
	const char *indicateur, *niveau;
	int annee;
	size_t changed, added, filled;  /* filled may wrap: it is a difference */
};

static bool damaged(const struct writing *w, struct err *e)
{
	return fail(e, E_STORE, "Les valeurs enregistrées de %s (%s, %d) sont illisibles.",
		    w->indicateur, w->niveau, w->annee);
}

static bool read_old(const struct writing *w, const char *departement,
		     struct indicateur_valeur **old, size_t *n, struct err *e)
{
	struct indicateur_lot_get_row row;
	bool found;

	*n = 0;
	if (!indicateur_lot_get(tx_db(w->tx), w->a, w->indicateur, w->niveau, w->annee,
				departement, &row, &found, e))
		return false;
	if (!found)
		return true;
	if (!indicateur_unpack(row.valeurs, NULL, n))
		return damaged(w, e);
	*old = NEW_ARRAY(w->a, *n, struct indicateur_valeur);
	if (!*old)
		return arena_refuse(w->a, e);
	return indicateur_unpack(row.valeurs, *old, n) || damaged(w, e);
}

static bool same_value(const struct indicateur_valeur *x, const struct indicateur_valeur *y)
{
	return x->statut == y->statut && x->origine == y->origine
	       && (x->statut != STATUT_VALEUR || x->valeur == y->valeur);
}

/* How near a value is to what was published of this very territory. */
static int closeness(const struct indicateur_valeur *v)
{
	if (v->origine & ORIGINE_HERITE)
		return 0;
	if (v->origine & ORIGINE_CALCULE)
		return 1;
	return v->origine & ORIGINE_REPORTE ? 2 : 3;
}

/* What was published stands before what was carried over, worked out or inherited. */
static bool outdone(const struct indicateur_valeur *old, const struct indicateur_valeur *v)
{
	return closeness(v) < closeness(old) && old->statut != STATUT_NON_DISPONIBLE;
}

/* Both lists sorted by code, into `to`; counts what is new or different. */
static size_t merge(struct writing *w, const struct indicateur_valeur *old, size_t nold,
		    const struct indicateur_valeur *v, size_t n, struct indicateur_valeur *to)
{
	size_t i = 0, j = 0, k = 0;

	while (i < nold || j < n) {
		int order = i == nold ? 1 : j == n ? -1 : strcmp(old[i].code, v[j].code);

		if (order < 0) {
			to[k++] = old[i++];
		} else if (order > 0) {
			w->added++;
			w->changed++;
			w->filled += v[j].statut == STATUT_VALEUR;
			to[k++] = v[j++];
		} else if (same_value(&old[i], &v[j]) || outdone(&old[i], &v[j])) {
			to[k++] = old[i++];
			j++;
		} else {
			w->changed++;
			w->filled += v[j].statut == STATUT_VALEUR;
			w->filled -= old[i++].statut == STATUT_VALEUR;
			to[k++] = v[j++];
		}
	}
	return k;
}

static bool write_lot(struct writing *w, const char *departement,
		      const struct indicateur_valeur *v, size_t n, struct err *e)
{
	struct indicateur_valeur *old = NULL, *all;
	size_t nold, before = w->changed, k;
	struct bytes b;

	if (!read_old(w, departement, &old, &nold, e))
		return false;
	all = NEW_ARRAY(w->a, n + nold, struct indicateur_valeur);
	if (!all)
		return arena_refuse(w->a, e);
	k = merge(w, old, nold, v, n, all);
	if (w->changed == before)
		return true;
	b.n = indicateur_pack_size(all, k);
	b.p = arena_alloc(w->a, b.n);
	if (!b.p)
		return arena_refuse(w->a, e);
	indicateur_pack(all, k, (unsigned char *)(uintptr_t)b.p);
	return indicateur_lot_put(w->tx, w->indicateur, w->niveau, w->annee, departement, b,
				  NULL, e);
}

static bool write_serie(struct writing *w, const char *import, struct err *e)
{
	struct indicateur_serie_size_row old;
	bool found;

	if (!w->changed)
		return true;
	if (!indicateur_serie_size(tx_db(w->tx), w->a, w->indicateur, w->niveau, w->annee, &old,
				   &found, e))
		return false;
	return indicateur_serie_put(w->tx, w->indicateur, w->niveau, w->annee,
				    old.nombre + (int64_t)w->added,
				    old.renseignes + (int64_t)w->filled, import, NULL, e);
}

bool indicateur_write(struct tx *tx, const char *import, const char *indicateur,
		      const char *niveau, int annee, const struct indicateur_valeur *values,
		      size_t n, size_t *changed, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(64 << 20);
	struct writing w = { .tx = tx, .a = &a, .indicateur = indicateur, .niveau = niveau,
			     .annee = annee };
	char departement[4], next[4];

	for (size_t i = 0, from = 0; i < n; i++) {
		indicateur_departement(niveau, values[i].code, departement);
		if (i + 1 < n) {
			indicateur_departement(niveau, values[i + 1].code, next);
			if (!strcmp(departement, next))
				continue;
		}
		if (!write_lot(&w, departement, values + from, i + 1 - from, e))
			return false;
		arena_reset(&a);
		from = i + 1;
	}
	*changed += w.changed;
	return write_serie(&w, import, e);
}
