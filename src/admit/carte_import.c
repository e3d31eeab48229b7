/* A file of seeds: what each line says, and why it cannot be taken. */
#include <stdlib.h>
#include <string.h>

#include "admit/carte.h"
#include "format/csv.h"

enum { SERIE, GRAINE, PAS, CHIFFRES, COLUMNS };

struct reading {
	struct arena *a;
	struct csv *csv;
	int at[COLUMNS];
	struct cartes_lues *out;
};

static bool find_columns(struct reading *d, const char *path, struct err *e)
{
	static const char *const names[COLUMNS][6] = {
		[SERIE] = { "serie", "numero de serie", "serial", "serial_number", "numero" },
		[GRAINE] = { "graine", "seed", "secret", "cle", "key" },
		[PAS] = { "pas", "step", "interval", "timestep" },
		[CHIFFRES] = { "chiffres", "digits" },
	};

	for (int i = 0; i < COLUMNS; i++) {
		d->at[i] = -1;
		for (int k = 0; k < 6 && names[i][k] && d->at[i] < 0; k++)
			d->at[i] = csv_column(d->csv, names[i][k]);
	}
	if (d->at[SERIE] >= 0 && d->at[GRAINE] >= 0)
		return true;
	fail(e, E_INPUT, "il manque la colonne serie ou la colonne graine.");
	fail_at(e, path, 1);
	return hint(e, "Attendu : serie;graine, et s'il le faut pas;chiffres (60 secondes, 6 chiffres).");
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 32);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool hex_read(const char *s, unsigned char *out, size_t room, size_t *n)
{
	size_t length = strlen(s);

	*n = length / 2;
	if (length % 2 || *n > room)
		return false;
	for (size_t i = 0; i < *n; i++) {
		int high = hex_digit(s[2 * i]), low = hex_digit(s[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

static bool seed_read(const char *s, struct graine_ligne *l)
{
	return (hex_read(s, l->graine, sizeof l->graine, &l->taille)
		|| base32_read(s, l->graine, sizeof l->graine, &l->taille))
	       && l->taille >= TOTP_SEED_LEAST;
}

/* The number of a cell; `usual` when the column or the cell is empty; -1 when it is none. */
static int number(const struct reading *d, const struct csv_row *row, int column, int usual)
{
	const char *s = d->at[column] < 0 ? "" : row->cells[d->at[column]];
	char *end;
	long v = strtol(s, &end, 10);

	if (!*s)
		return usual;
	return *end || v < 0 || v > 1000 ? -1 : (int)v;
}

static bool serial_is_plain(const char *s)
{
	return *s && strlen(s) <= CARTE_SERIE
	       && !s[strspn(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_. ")];
}

static const char *refusal(const struct graine_ligne *l, bool seed)
{
	if (!serial_is_plain(l->serie))
		return "le numéro de série manque, ou a d'autres signes que des lettres et des chiffres.";
	if (!seed)
		return "la graine n'est ni en hexadécimal ni en base32, ou elle a moins de 10 octets.";
	if (l->pas != 30 && l->pas != 60)
		return "le pas est de 30 ou de 60 secondes.";
	if (l->chiffres < 6 || l->chiffres > 8)
		return "un code a 6, 7 ou 8 chiffres.";
	return NULL;
}

static void read_line(struct reading *d, const struct csv_row *row)
{
	struct graine_ligne *l = &d->out->lignes[d->out->n++];
	bool seed;

	*l = (struct graine_ligne){ .line = row->line };
	l->serie = arena_str(d->a, row->cells[d->at[SERIE]]);
	l->pas = number(d, row, PAS, 60);
	l->chiffres = number(d, row, CHIFFRES, 6);
	seed = seed_read(row->cells[d->at[GRAINE]], l);
	l->refus = refusal(l, seed);
}

static int by_serial(const void *x, const void *y)
{
	const struct graine_ligne *a = *(struct graine_ligne *const *)x;
	const struct graine_ligne *b = *(struct graine_ligne *const *)y;
	int c = strcmp(a->serie, b->serie);

	return c ? c : a->line < b->line ? -1 : 1;
}

static bool refuse_doubles(struct reading *d, struct err *e)
{
	size_t n = d->out->n;
	struct graine_ligne **order = NEW_ARRAY(d->a, n, struct graine_ligne *);

	if (!order)
		return arena_refuse(d->a, e);
	for (size_t i = 0; i < n; i++)
		order[i] = &d->out->lignes[i];
	qsort(order, n, sizeof *order, by_serial);
	for (size_t i = 1; i < n; i++) {
		struct graine_ligne *a = order[i - 1], *b = order[i];

		if (strcmp(a->serie, b->serie) != 0)
			continue;
		if (!a->refus)
			a->refus = arena_printf(d->a, "le numéro %s est aussi à la ligne %ld : aucune des "
						"deux n'est prise.", a->serie, b->line);
		if (!b->refus)
			b->refus = arena_printf(d->a, "le numéro %s est aussi à la ligne %ld : aucune des "
						"deux n'est prise.", b->serie, a->line);
	}
	return true;
}

bool cartes_read(const char *path, struct arena *a, struct cartes_lues *out, struct err *e)
{
	CLEANUP(csv_close) struct csv *c = NULL;

	return csv_open(path, &c, e) && cartes_read_table(c, path, a, out, e);
}

bool cartes_read_table(struct csv *c, const char *path, struct arena *a,
		       struct cartes_lues *out, struct err *e)
{
	struct reading d = { .a = a, .out = out };
	struct csv_row row;

	*out = (struct cartes_lues){ .lignes = NEW_ARRAY(a, CARTES_MOST, struct graine_ligne) };
	if (!out->lignes)
		return arena_refuse(a, e);
	d.csv = c;
	if (!find_columns(&d, path, e))
		return false;
	while (csv_next(c, &row, e)) {
		if (out->n == CARTES_MOST) {
			fail(e, E_LIMIT, "plus de %d cartes dans un fichier.", CARTES_MOST);
			fail_at(e, path, row.line);
			return hint(e, "Coupez le fichier en deux.");
		}
		read_line(&d, &row);
	}
	return e->kind == E_OK && refuse_doubles(&d, e);
}
