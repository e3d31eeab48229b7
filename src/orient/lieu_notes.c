#include "orient/lieu_notes.h"

#include <stdarg.h>

#include <string.h>

#include "base/utf8.h"
#include "format/csv.h"

enum { NOTE_MOST = 1 << 20, VALUE_MOST = 400, WHY_MOST = 600 };

const char *const lieu_action_names[NOTE_ACTIONS] = {
	[NOTE_NONE] = "",
	[NOTE_CORRIGE] = "corrigé",
	[NOTE_TRADUIT] = "traduit",
	[NOTE_COMPLETE] = "complété",
	[NOTE_SIGNALE] = "signalé",
	[NOTE_RETIRE] = "retiré",
	[NOTE_NON_PUBLIE] = "non publié",
	[NOTE_FUSIONNE] = "fusionné",
	[NOTE_REFUSE] = "refusé",
};

struct lieu_notes lieu_notes_new(FILE *out)
{
	struct lieu_notes n = { .out = out, .line = buf_new(NOTE_MOST) };

	if (out && fputs("ligne,champ,valeur,action,explication\n", out) < 0)
		n.broken = true;
	return n;
}

void lieu_notes_free(struct lieu_notes *n)
{
	buf_free(&n->line);
}

/* The report names a value, it does not copy a page of it. */
static void put_value(struct buf *b, const char *value)
{
	char text[VALUE_MOST + 4];
	int n = snprintf(text, VALUE_MOST, "%s", value ? value : "");

	if (n >= VALUE_MOST) {
		size_t end;

		utf8_trim_end(text);
		end = strlen(text);
		memcpy(text + end, "…", sizeof "…");
	}
	csv_write_cell(b, text, false);
}

void lieu_note(struct lieu_notes *n, long line, const char *field, const char *value,
	       enum lieu_action action, const char *why, ...)
{
	char text[WHY_MOST];
	va_list ap;

	n->counts[action]++;
	if (!n->out || n->broken)
		return;
	va_start(ap, why);
	vsnprintf(text, sizeof text, why, ap);
	va_end(ap);
	utf8_trim_end(text);
	buf_clear(&n->line);
	buf_int(&n->line, line);
	csv_write_cell(&n->line, field ? field : "(ligne)", false);
	put_value(&n->line, value);
	csv_write_cell(&n->line, lieu_action_names[action], false);
	csv_write_cell(&n->line, text, false);
	buf_char(&n->line, '\n');
	if (fwrite(n->line.p, 1, n->line.n, n->out) != n->line.n)
		n->broken = true;
}
