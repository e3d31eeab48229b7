#include "orient/lieu_stage.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_MOST = 1000000 };
static const size_t stage_bytes = (size_t)1 << 30;

struct lieu_stage lieu_stage_new(void)
{
	return (struct lieu_stage){ .a = arena_new(stage_bytes) };
}

void lieu_stage_free(struct lieu_stage *s)
{
	arena_free(&s->a);
	free(s->rows);
	free(s->absents);
	*s = (struct lieu_stage){ 0 };
}

static bool room_for_one(struct lieu_stage *s, struct err *e)
{
	size_t room = s->room ? s->room * 2 : 1024;
	struct staged *rows;

	if (s->n < s->room)
		return true;
	rows = s->n < ROWS_MOST ? realloc(s->rows, room * sizeof *rows) : NULL;
	if (!rows) {
		fail(e, E_LIMIT, "ce fichier a trop de lignes pour être importé en une fois.");
		return hint(e, "Coupez-le en plusieurs fichiers, un par région par exemple.");
	}
	s->rows = rows;
	s->room = room;
	return true;
}

bool lieu_stage_add(struct lieu_stage *s, const struct staged *row, struct err *e)
{
	struct staged *p;

	if (!room_for_one(s, e))
		return false;
	p = &s->rows[s->n];
	*p = *row;
	p->id = arena_str(&s->a, row->id);
	p->id_source = arena_str(&s->a, row->id_source);
	p->champs = arena_str(&s->a, row->champs);
	for (int f = 0; f < LIEU_FIELDS; f++)
		p->rec.v[f] = *row->rec.v[f] ? arena_str(&s->a, row->rec.v[f]) : "";
	for (int i = 0; i < LOCAUX; i++)
		p->rec.local[i] = row->rec.local[i] ? arena_str(&s->a, row->rec.local[i]) : NULL;
	if (*row->rec.horaires_texte)
		p->rec.horaires_texte = arena_str(&s->a, row->rec.horaires_texte);
	if (s->a.spent)
		return arena_refuse(&s->a, e);
	s->n++;
	return true;
}

/* By id in the source, then the one to keep first: the latest date, else the last line. */
static int by_source_id(const void *a, const void *b)
{
	const struct staged *x = a, *y = b;
	int d = strcmp(x->id_source, y->id_source);

	if (!d)
		d = strcmp(y->rec.v[LIEU_DATE_MAJ], x->rec.v[LIEU_DATE_MAJ]);
	return d ? d : (x->line < y->line) - (x->line > y->line);
}

static int by_id(const void *a, const void *b)
{
	const struct staged *const *x = a, *const *y = b;
	int d = strcmp((*x)->id, (*y)->id);

	return d ? d : ((*x)->line > (*y)->line) - ((*x)->line < (*y)->line);
}

/* Marks the ids that several providers of the file use; returns how many rows repeat one. */
static size_t mark_repeated(struct lieu_stage *s, struct lieu_notes *notes)
{
	struct staged **order = malloc((s->n + 1) * sizeof *order);
	size_t count = 0, n = 0;

	for (size_t i = 0; order && i < s->n; i++) {
		if (s->rows[i].fate != STAGED_MERGED)
			order[n++] = &s->rows[i];
	}
	if (n)
		qsort(order, n, sizeof *order, by_id);
	for (size_t i = 1; i < n; i++) {
		if (strcmp(order[i]->id, order[i - 1]->id))
			continue;
		order[i]->repeated = order[i - 1]->repeated = true;
		count++;
		lieu_note(notes, order[i]->line, "id", order[i]->id, NOTE_SIGNALE,
			  "la ligne %ld a le même identifiant chez un autre fournisseur (« %s », "
			  "ici « %s ») : deux lieux différents, gardés tous les deux",
			  order[i - 1]->line, order[i - 1]->rec.v[LIEU_SOURCE],
			  order[i]->rec.v[LIEU_SOURCE]);
	}
	free(order);
	return count;
}

/* Adds the lists of a row to those of the row that stands for it; what the source says is
 * then both. */
static void unite(struct lieu_stage *s, struct staged *kept, const struct staged *row)
{
	char both[2 * SHA256_HEX];

	for (int f = 0; f < LIEU_FIELDS; f++) {
		const struct choice *table = lieu_field_rules[f].choices;

		if (table && *row->rec.v[f] && f != LIEU_TYPOLOGIE)
			kept->rec.v[f] = choices_write(&s->a, table,
						       choices_read(table, kept->rec.v[f], NULL)
						       | choices_read(table, row->rec.v[f], NULL));
		else if (!*kept->rec.v[f])
			kept->rec.v[f] = row->rec.v[f];
	}
	snprintf(both, sizeof both, "%s%s", kept->empreinte, row->empreinte);
	sha256_hex(both, strlen(both), kept->empreinte);
}

size_t lieu_stage_merge(struct lieu_stage *s, struct lieu_notes *notes, size_t *repeated)
{
	size_t merged = 0, kept = 0;

	if (s->n)
		qsort(s->rows, s->n, sizeof *s->rows, by_source_id);
	for (size_t i = 1; i < s->n; i++) {
		if (strcmp(s->rows[i].id_source, s->rows[kept].id_source)) {
			kept = i;
			continue;
		}
		s->rows[i].fate = STAGED_MERGED;
		merged++;
		if (s->reunir) {
			unite(s, &s->rows[kept], &s->rows[i]);
			lieu_note(notes, s->rows[i].line, NULL, s->rows[i].id, NOTE_FUSIONNE,
				  "même lieu que la ligne %ld, à laquelle ses listes s'ajoutent",
				  s->rows[kept].line);
			continue;
		}
		lieu_note(notes, s->rows[i].line, NULL, s->rows[i].id, NOTE_FUSIONNE,
			  "même identifiant que la ligne %ld, qui est gardée (%s)",
			  s->rows[kept].line,
			  strcmp(s->rows[kept].rec.v[LIEU_DATE_MAJ],
				 s->rows[i].rec.v[LIEU_DATE_MAJ])
			  ? "date_maj plus récente" : "même date_maj, plus loin dans le fichier");
	}
	*repeated = mark_repeated(s, notes);
	return merged;
}
