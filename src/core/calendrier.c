#include "core/calendrier.h"

#include <string.h>

/* The row whose code is the first n letters of `code`. */
static const struct calendrier *row(const char *code, size_t n)
{
	for (const struct calendrier *c = calendriers + 1; c->departement; c++) {
		if (strlen(c->departement) == n && !memcmp(c->departement, code, n))
			return c;
	}
	return NULL;
}

const struct calendrier *calendrier_de(const char *code)
{
	/* A commune of its own zone, else its département: three figures overseas. */
	static const size_t lengths[] = { 5, 3, 2 };
	size_t n = code ? strlen(code) : 0;

	for (size_t i = 0; i < 3; i++) {
		const struct calendrier *c = lengths[i] <= n ? row(code, lengths[i]) : NULL;

		if (c)
			return c;
	}
	return calendriers;
}

bool calendrier_ferie(const struct calendrier *c, int64_t day, const char **nom)
{
	struct civil at = date_civil(day);
	int64_t since_easter = day - date_easter(at.year);

	for (int i = 0; feries[i].nom; i++) {
		const struct ferie *f = &feries[i];

		if (!(c->feries >> i & 1) || at.year < f->depuis || at.year > f->jusque)
			continue;
		if (f->month ? f->month == at.month && f->day == at.day
			     : f->paques == since_easter) {
			if (nom)
				*nom = f->nom;
			return true;
		}
	}
	return false;
}
