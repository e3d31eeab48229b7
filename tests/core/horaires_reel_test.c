#include "test.h"

#include "core/horaires.h"
#include "format/json.h"

/* How many hours of a real file are understood, and why the others are not: so far, and no
 * fewer.  "words": the hours are a French text, which horaires_from_text may understand. */
struct tally {
	int rows, understood, texts, alone, three, same, words;
};

static void count(struct tally *t, const char *hours)
{
	struct arena a = arena_new(1 << 20);
	struct err e = { 0 };

	t->rows++;
	if (horaires_read(&a, hours, &e))
		t->understood++;
	else if (horaires_from_text(&a, hours, &(struct err){ 0 }))
		t->texts++;
	else if (strstr(e.msg, "une heure seule"))
		t->alone++;
	else if (strstr(e.msg, "trois heures"))
		t->three++;
	else if (strstr(e.msg, "à la même heure"))
		t->same++;
	else
		t->words++;
	arena_free(&a);
}

static struct tally tally(const char *path)
{
	struct tally t = { 0 };
	struct json_list *list CLEANUP(json_list_close) = NULL;
	struct err e = { 0 };
	json_t *one;
	long line;

	accepts(json_list_open(path, NULL, &list, &e), &e);
	while (json_list_next(list, &one, &line, &e)) {
		char number[JSON_NUMBER];
		const char *hours = json_member_text(one, "horaires", number, sizeof number);

		if (hours && *hours)
			count(&t, hours);
	}
	equals(e.kind, E_OK);
	print_message("%s: %d hours, %d understood, %d French texts; refused: %d without an end, "
		      "%d of three times, %d of no length, %d of other words\n", path, t.rows,
		      t.understood, t.texts, t.alone, t.three, t.same, t.words);
	return t;
}

TEST("the hours of the conseillers numériques are understood")
{
	needs_data(path, "lieux/cnfs_2022-12.json");
	struct tally t = tally(path);

	equals(t.rows, 4249);
	equals(t.understood, 4182);
	equals(t.alone + t.three + t.same, 24 + 29 + 14);
	equals(t.words, 0);
}

TEST("the hours of data.inclusion are understood")
{
	needs_data(path, "lieux/data-inclusion_2023-02.json");
	struct tally t = tally(path);

	equals(t.rows, 2820);
	equals(t.understood, 2694);
	equals(t.texts, 47);
	equals(t.alone + t.three + t.same, 14 + 17 + 9);
	equals(t.words, 39);
}
