#include "observe/indicateur_notes.h"

#include <stdarg.h>

#include "base/utf8.h"
#include "format/csv.h"

enum { VALEUR_MOST = 120, TEXTE_MOST = 400 };

static void write_line(struct indicateur_notes *n, long line, const char *champ,
		       const char *valeur, const char *action, const char *texte)
{
	char short_one[VALEUR_MOST];

	if (!n->out || n->broken)
		return;
	snprintf(short_one, sizeof short_one, "%s", valeur);
	utf8_trim_end(short_one);
	buf_clear(&n->line);
	csv_write_cell(&n->line, n->fichier, true);
	buf_char(&n->line, ',');
	buf_int(&n->line, line);
	csv_write_cell(&n->line, champ, false);
	csv_write_cell(&n->line, short_one, false);
	csv_write_cell(&n->line, action, false);
	csv_write_cell(&n->line, texte, false);
	buf_char(&n->line, '\n');
	n->broken = n->line.full
		    || fwrite(n->line.p, 1, n->line.n, n->out) != n->line.n;
}

bool note_refus(struct indicateur_notes *n, long line, const char *champ, const char *valeur,
		const char *fmt, ...)
{
	char why[TEXTE_MOST];
	struct err e = { 0 };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	utf8_trim_end(why);
	if (n->refuses < REFUS_GARDES) {
		if (*valeur)
			fail(&e, E_INPUT, "%s%s%s : « %.40s »", champ, *champ ? ", " : "", why,
			     valeur);
		else
			fail(&e, E_INPUT, "%s%s%s", champ, *champ ? ", " : "", why);
		fail_at(&e, n->fichier, line);
		snprintf(n->refus[n->refuses], REFUS_TEXTE, "%.*s", REFUS_TEXTE - 1, e.msg);
		utf8_trim_end(n->refus[n->refuses]);
	}
	n->refuses++;
	write_line(n, line, champ, valeur, "refusé", why);
	return false;
}

void note_ligne(struct indicateur_notes *n, long line, const char *champ, const char *valeur,
		const char *action, const char *fmt, ...)
{
	char texte[TEXTE_MOST];
	va_list ap;

	if (!n->out)
		return;
	va_start(ap, fmt);
	vsnprintf(texte, sizeof texte, fmt, ap);
	va_end(ap);
	utf8_trim_end(texte);
	write_line(n, line, champ, valeur, action, texte);
}
