/* The cells of a stage: rows, measures, readings. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "observe/indicateur_stage.h"

struct stage stage_of(const struct annuaire *a)
{
	return (struct stage){ .annuaire = a, .a = arena_new(64 << 20) };
}

void stage_drop(struct stage *s)
{
	for (size_t i = 0; i < s->nmeasures; i++) {
		free(s->measures[i].statut);
		free(s->measures[i].origine);
		free(s->measures[i].num);
		free(s->measures[i].den);
	}
	for (size_t i = 0; i < s->nconnus; i++)
		free(s->connus[i].n);
	free(s->measures);
	free(s->rows);
	free(s->index);
	free(s->iris);
	arena_free(&s->a);
}

/* --- measures ------------------------------------------------------------------------------ */

static bool make_cells(struct measure *m, size_t from, size_t to)
{
	uint8_t *statut = reallocarray(m->statut, to, 1), *origine;
	double *num, *den;

	if (!statut)
		return false;
	m->statut = statut;
	origine = reallocarray(m->origine, to, 1);
	if (!origine)
		return false;
	m->origine = origine;
	num = reallocarray(m->num, to, sizeof *num);
	if (!num)
		return false;
	m->num = num;
	memset(statut + from, CELL_VIDE, to - from);
	memset(origine + from, 0, to - from);
	if (!m->ratio && !m->den)
		return true;
	den = reallocarray(m->den, to, sizeof *den);
	if (den)
		m->den = den;
	return den != NULL;
}

size_t stage_measure(struct stage *s, const char *indicateur, const char *nature, int annee,
		     bool ratio, double facteur)
{
	struct measure *m;

	for (size_t i = 0; i < s->nmeasures; i++) {
		if (s->measures[i].annee == annee
		    && !strcmp(s->measures[i].indicateur, indicateur))
			return i;
	}
	if (s->nmeasures == s->measures_room) {
		size_t room = s->measures_room ? s->measures_room * 2 : 64;

		m = reallocarray(s->measures, room, sizeof *m);
		if (!m)
			return SIZE_MAX;
		s->measures = m;
		s->measures_room = room;
	}
	m = &s->measures[s->nmeasures];
	*m = (struct measure){ .indicateur = indicateur, .nature = nature, .annee = annee,
			       .ratio = ratio, .facteur = facteur };
	if (s->room && !make_cells(m, 0, s->room))
		return SIZE_MAX;
	return s->nmeasures++;
}

/* --- rows ---------------------------------------------------------------------------------- */

static size_t hash(enum niveau n, const char *code)
{
	uint64_t h = 0xcbf29ce484222325u ^ (uint64_t)n;

	for (; *code; code++)
		h = (h ^ (unsigned char)*code) * 0x100000001b3u;
	return (size_t)(h ^ h >> 29);
}

static size_t slot(const struct stage *s, enum niveau n, const char *code)
{
	size_t i = hash(n, code) & (s->index_room - 1);

	while (s->index[i]) {
		const struct stage_row *r = &s->rows[s->index[i] - 1];

		if (r->niveau == n && !strcmp(r->code, code))
			break;
		i = (i + 1) & (s->index_room - 1);
	}
	return i;
}

static bool grow_index(struct stage *s, size_t room)
{
	uint32_t *old = s->index, *index = calloc(room, sizeof *index);

	if (!index)
		return false;
	s->index = index;
	s->index_room = room;
	for (size_t i = 0; i < s->n; i++)
		index[slot(s, (enum niveau)s->rows[i].niveau, s->rows[i].code)] = (uint32_t)i + 1;
	free(old);
	return true;
}

static bool grow_rows(struct stage *s)
{
	size_t room = s->room ? s->room * 2 : 1024;
	struct stage_row *rows = reallocarray(s->rows, room, sizeof *rows);

	if (!rows)
		return false;
	s->rows = rows;
	for (size_t i = 0; i < s->nmeasures; i++) {
		if (!make_cells(&s->measures[i], s->room, room))
			return false;
	}
	s->room = room;
	return grow_index(s, room * 2);
}

size_t stage_look(const struct stage *s, enum niveau n, const char *code)
{
	size_t i = s->index_room ? slot(s, n, code) : 0;

	return s->index_room && s->index[i] ? s->index[i] - 1 : SIZE_MAX;
}

size_t stage_find(struct stage *s, enum niveau n, const char *code, int32_t repere)
{
	size_t i = stage_look(s, n, code);

	if (i != SIZE_MAX)
		return i;
	if (s->n == s->room && !grow_rows(s))
		return SIZE_MAX;
	s->rows[s->n] = (struct stage_row){ .niveau = (uint8_t)n, .repere = repere };
	memcpy(s->rows[s->n].code, code, strnlen(code, TERRITOIRE_CODE - 1));
	s->index[slot(s, n, code)] = (uint32_t)s->n + 1;
	return s->n++;
}

/* --- readings ------------------------------------------------------------------------------ */

bool stage_is_empty(const struct stage *s, size_t measure, size_t row)
{
	return s->measures[measure].statut[row] == CELL_VIDE;
}

/* Of two reasons not to know, the one that binds more; nobody concerned binds nothing. */
static uint8_t worse(uint8_t x, uint8_t y)
{
	static const uint8_t rank[STATUTS] = { 0, 4, 3, 2, 1 };

	return rank[x] >= rank[y] ? x : y;
}

static bool need_weights(struct stage *s, struct measure *m)
{
	if (m->den)
		return true;
	m->den = calloc(s->room, sizeof *m->den);
	for (size_t i = 0; m->den && i < s->n; i++)
		m->den[i] = s->rows[i].poids > 0 ? s->rows[i].poids : 1;
	return m->den != NULL;
}

static bool adds_up(const struct measure *m)
{
	return m->ratio || !strcmp(m->nature, "nombre");
}

/* A second reading in a cell; sans objet is nobody, so it changes nothing. */
static void merge(struct measure *m, size_t row, const struct cell *c, double weight)
{
	uint8_t had = m->statut[row];

	if (adds_up(m) && had != STATUT_SANS_OBJET && c->statut != STATUT_SANS_OBJET) {
		m->num[row] += c->num;
		if (m->ratio)
			m->den[row] += c->den;
		m->statut[row] = worse(had, c->statut);
	} else if (c->statut == STATUT_SANS_OBJET) {
		return;
	} else if (had == STATUT_SANS_OBJET) {
		m->statut[row] = c->statut;
		m->num[row] = c->num;
		if (m->den)
			m->den[row] = m->ratio ? c->den : weight;
	} else {
		m->statut[row] = worse(had, c->statut);
		m->num[row] = (m->num[row] * m->den[row] + c->num * weight)
			      / (m->den[row] + weight);
		m->den[row] += weight;
	}
}

bool stage_put(struct stage *s, size_t measure, size_t row, const struct cell *c,
	       double weight, bool reporte)
{
	struct measure *m = &s->measures[measure];
	struct cell own = *c;

	if (own.statut == STATUT_VALEUR && m->ratio && own.den <= 0)
		own.statut = STATUT_SANS_OBJET;
	if (own.statut != STATUT_VALEUR)
		own.num = own.den = 0;
	if (!(weight > 0))
		weight = 1;
	if (!(s->rows[row].poids > 0))
		s->rows[row].poids = weight;
	if (reporte) {
		m->origine[row] |= ORIGINE_REPORTE;
		if (!adds_up(m) && !need_weights(s, m))
			return false;
	}
	if (m->statut[row] != CELL_VIDE) {
		if (!adds_up(m) && !need_weights(s, m))
			return false;
		merge(m, row, &own, weight);
		return true;
	}
	m->statut[row] = own.statut;
	m->num[row] = own.num;
	if (m->den)
		m->den[row] = m->ratio ? own.den : weight;
	return true;
}
