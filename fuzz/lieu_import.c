/* floor: 1000 edges */
/*
 * A row of any text goes through a format and the cleaning: whatever comes out is what the
 * schema and the pages may be given.  The input is the format (one byte: '1' 1.0.2, '2'
 * 2022, 'F' France services), then one "column<TAB>value" a line; "\n" in a value is U+2028.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "orient/lieu_import_clean.h"

static const struct commune communes[] = {
	{ "69123", "Lyon", "lyon", "69", "84", "", "", "", "69001|69002", 522000, 45.758, 4.835,
	  false, true },
	{ "69381", "Lyon 1er Arrondissement", "lyon 1er arrondissement", "69", "84", "", "",
	  "69123", "69001", 29000, 45.77, 4.83, false, false },
	{ "93010", "Bondy", "bondy", "93", "11", "", "", "", "93140", 51490, 48.9028, 2.4845,
	  false, false },
	{ "97411", "Saint-Denis", "saint denis", "974", "04", "", "", "", "97400|97490", 155000,
	  -20.93, 55.44, false, false },
};
static const struct nom_index noms[] = {
	{ "bondy", "Bondy", 2, false }, { "lyon", "Lyon", 0, false },
	{ "lyon 1er arrondissement", "Lyon 1er Arrondissement", 1, false },
	{ "saint denis", "Saint-Denis", 3, false },
};
static const struct postal_index postaux[] = {
	{ "69001", 0 }, { "69001", 1 }, { "69002", 0 }, { "93140", 2 }, { "97400", 3 },
	{ "97490", 3 },
};

static void must(bool good)
{
	if (!good)
		abort();
}

/* One "column<TAB>value" a line; what is no UTF-8 does not pass the door. */
static void row_read(struct arena *a, char *s, struct lieu_row *row)
{
	row->n = 0;
	row->line = 2;
	while (*s && row->n < 60) {
		size_t n = strcspn(s, "\n");
		char *tab, *next = s + n + (s[n] == '\n');

		s[n] = '\0';
		tab = strchr(s, '\t');
		if (tab) {
			*tab = '\0';
			for (char *p = tab + 1; (p = strstr(p, "\xe2\x80\xa8")) != NULL;)
				memcpy(p, "\n\n\n", 3);
			row->names[row->n] = row->keys[row->n] = s;
			row->values[row->n++] = arena_str(a, tab + 1);
		}
		s = next;
	}
}

static void check_list(const char *list, const char *const *heads)
{
	for (; *list; list += strcspn(list, "|"), list += *list == '|') {
		bool good = false;

		for (int i = 0; heads[i]; i++)
			good |= strncasecmp(list, heads[i], strlen(heads[i])) == 0;
		must(good);
	}
}

static void check_record(const struct lieu_record *r)
{
	static const char *const web[] = { "https://", "http://", NULL };
	const char *tel = r->v[LIEU_TELEPHONE];

	for (int f = 0; f < LIEU_FIELDS; f++) {
		must(r->v[f] && utf8_valid(r->v[f], strlen(r->v[f])));
		if (lieu_field_rules[f].kind != LIEU_TEXT)
			must(!strpbrk(r->v[f], "\n\r\t"));
		if (lieu_field_rules[f].choices && f != LIEU_TYPOLOGIE) {
			const char *unknown;

			choices_read(lieu_field_rules[f].choices, r->v[f], &unknown);
			must(!unknown);
		}
	}
	must(*r->v[LIEU_NOM] && strlen(r->v[LIEU_DATE_MAJ]) == 10);
	must(isfinite(r->lat) && fabs(r->lat) <= 90 && fabs(r->lon) <= 180);
	must(!*r->v[LIEU_PIVOT] || strlen(r->v[LIEU_PIVOT]) >= 7);
	must(tel[strspn(tel, "+0123456789")] == '\0' && strlen(tel) <= 13);
	check_list(r->v[LIEU_SITE_WEB], web);
	check_list(r->v[LIEU_PRISE_RDV], web);
	check_list(r->v[LIEU_ACCES_LIBRE], web);
	must(!strchr(r->v[LIEU_COURRIELS], ' ') && !strchr(r->v[LIEU_COURRIELS], '<'));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena a = arena_new(64 << 20);
	struct repertoire r = { .communes = communes, .ncommunes = 4, .noms = noms, .nnoms = 4,
		.postaux = postaux, .npostaux = 6 };
	struct lieu_notes notes = lieu_notes_new(NULL);
	struct lieu_mapping m = { .a = &a, .notes = &notes,
		.migration = migration_read(&a), .line = 2 };
	struct lieu_cleaning c = { .a = &a, .notes = &notes, .r = &r,
		.protege = protege_rules_read(&a), .migration = m.migration,
		.today = { .year = 2026, .month = 11, .day = 22 }, .file_date = "2022-01-01",
		.file_date_why = "essai", .line = 2 };
	struct lieu_draft d = { .par_jour = false };
	struct lieu_record record;
	struct lieu_row row;
	char *text = malloc(n + 1);

	must(text != NULL);
	if (n)
		memcpy(text, p, n);
	text[n] = '\0';
	if (n && utf8_valid(text, strlen(text))) {
		const struct lieu_format *f = *text == '2' ? &lieu_format_2022
			: *text == 'F' ? &lieu_format_france_services : &lieu_format_102;

		for (int i = 0; i < LIEU_FIELDS; i++)
			d.v[i] = "";
		row_read(&a, text + 1, &row);
		f->map(&m, &row, &d);
		if (lieu_clean(&c, &d, &record) && !a.spent)
			check_record(&record);
	}
	free(text);
	lieu_notes_free(&notes);
	arena_free(&a);
	return 0;
}
