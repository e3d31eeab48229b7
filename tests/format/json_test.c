#include "test.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "format/json.h"

static const char *file_of(const void *p, size_t n)
{
	static char path[64];
	FILE *f;

	snprintf(path, sizeof path, "%s/x.json", test_dir());
	f = fopen(path, "wb");
	if (!f || fwrite(p, 1, n, f) != n || fclose(f))
		abort();
	return path;
}

static const char *const keys[] = { "lieux", "features", NULL };

static bool walks(const char *path, size_t *n, long *last, struct err *e)
{
	CLEANUP(json_list_close) struct json_list *l = NULL;
	json_t *o;

	*n = 0;
	if (!json_list_open(path, keys, &l, e))
		return false;
	while (json_list_next(l, &o, last, e))
		++*n;
	return e->kind == E_OK;
}

TEST("objects of a list come one by one with the line where each begins")
{
	static const char *const texts[] = {
		"[\n{\"a\":1},\n\n{\"a\":2}\n]\n",
		"{\"type\":\"x{[\",\"n\":[1,{\"lieux\":[]}],\n\"lieux\":[{\"a\":1},\n\n{\"a\":2}],\"z\":-1.5e3 }",
		"\xef\xbb\xbf{ \"features\" :[\n{\"a\":1}\n,\n{\"a\":2}]}",
	};

	for (size_t i = 0; i < 3; i++) {
		CLEANUP(json_list_close) struct json_list *l = NULL;
		struct err e = { 0 };
		char number[32];
		json_t *o;
		long line;

		accepts(json_list_open(file_of(texts[i], strlen(texts[i])), keys, &l, &e), &e);
		holds(json_list_next(l, &o, &line, &e));
		equals(line, 2);
		holds(json_list_next(l, &o, &line, &e));
		equals(line, 4);
		same(json_member_text(o, "a", number, sizeof number), "2");
		holds(!json_list_next(l, &o, &line, &e));
		equals(e.kind, E_OK);
		holds(!json_list_next(l, &o, &line, &e));
		equals(e.kind, E_OK);
	}
}

TEST("broken JSON is refused with its line and a reason")
{
	static const struct { const char *text, *place, *word; } files[] = {
		{ "", "x.json: ", "vide" },
		{ "<html>", "x.json: ", "pas du JSON" },
		{ "{\"a\":[1]}", "x.json: ", "liste" },
		{ "{}", "x.json: ", "liste" },
		{ "[\n{\"a\":1,\n\"a\":2}]", "x.json:3: ", "deux fois" },
		{ "[{\"a\":1}\n,{\"a\":", "x.json:2: ", "coupé" },
		{ "[{\"a\":1}\n{\"a\":1}]", "x.json:2: ", "virgule" },
		{ "[\n1]", "x.json:2: ", "objet" },
		{ "[{\"a\":\"\\ud800\"}]", "x.json:1: ", "valide" },
		{ "[{\"a\":\"\xe9\"}]", "x.json:1: ", "UTF-8" },
		{ "[{\"a\":\"\\u0000\"}]", "x.json:1: ", "octet nul" },
		{ "[{\"a\":1e999}]", "x.json:1: ", "nombre" },
		{ "[{\"a\":99999999999999999999}]", "x.json:1: ", "nombre" },
		{ "[{\"a\":01}]", "x.json:1: ", "valide" },
		{ "[{\"a\":NaN}]", "x.json:1: ", "valide" },
		{ "[{}]\n]", "x.json:2: ", "après la fin" },
		{ "{\"lieux\":[{}]", "x.json:1: ", "coupé" },
		{ "{\"lieux\":[{}],}", "x.json:1: ", "nom de champ" },
		{ "[{\"a\":[}]", "x.json:1: ", "valide" },
		{ "\xff\xfe[\0", "x.json: ", "UTF-16" },
	};

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct err e = { 0 };
		size_t n;
		long line;

		refuses(E_INPUT, walks(file_of(files[i].text, strlen(files[i].text)), &n, &line, &e), &e);
		if (!strstr(e.msg, files[i].place) || !(strstr(e.msg, files[i].word) || strstr(e.hint, files[i].word)))
			fail_msg("%zu, %s: %s (%s)", i, files[i].word, e.msg, e.hint);
	}
}

TEST("ten thousand lists in one another are refused, not followed")
{
	char *p = malloc(20010);
	struct err e = { 0 };
	json_t *j;
	size_t n;
	long line;

	memcpy(p, "[{\"a\":", 6);
	memset(p + 6, '[', 20000);
	refuses(E_INPUT, walks(file_of(p, 20006), &n, &line, &e), &e);
	holds(strstr(e.msg, "niveaux"));
	refuses(E_INPUT, json_read(p, 20006, &j, &e), &e);
	holds(strstr(e.msg, "niveaux"));
	memcpy(p, "{\"b\":  ", 6);
	refuses(E_INPUT, walks(file_of(p, 20006), &n, &line, &e), &e);
	free(p);
}

TEST("two gigabytes that hold no list are refused without being kept")
{
	char path[64];
	struct err e = { 0 };
	struct rusage before, after;
	size_t n;
	long line;
	int fd;

	snprintf(path, sizeof path, "%s/big.json", test_dir());
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	holds(write(fd, "[{\"a\":1}", 8) == 8);
	equals(ftruncate(fd, 2ll << 30), 0);
	close(fd);
	getrusage(RUSAGE_SELF, &before);
	refuses(E_INPUT, walks(path, &n, &line, &e), &e);
	getrusage(RUSAGE_SELF, &after);
	equals(n, 1);
	holds(after.ru_maxrss - before.ru_maxrss < 8 << 10);    /* KB */
}

TEST("a document from memory is read strictly")
{
	CLEANUP(json_done) json_t *j = NULL;
	struct err e = { 0 };

	const char *text = "{\"a\":1.5,\"b\":true,\"c\":null,\"d\":\"é\"}";
	char number[32];

	accepts(json_read(text, strlen(text), &j, &e), &e);
	same(json_member_text(j, "a", number, sizeof number), "1.5");
	same(json_member_text(j, "b", number, sizeof number), "true");
	same(json_member_text(j, "d", number, sizeof number), "é");
	holds(!json_member_text(j, "c", number, sizeof number));
	holds(!json_member_text(j, "absent", number, sizeof number));
	json_done(&j);
	refuses(E_INPUT, json_read("{\"a\":1,\"a\":2}", 13, &j, &e), &e);
	refuses(E_INPUT, json_read("{} x", 4, &j, &e), &e);
	refuses(E_INPUT, json_read("", 0, &j, &e), &e);
}

TEST("what is written reads back the same with jansson")
{
	CLEANUP(buf_free) struct buf b = buf_new(1 << 16);
	CLEANUP(json_done) json_t *j = NULL;
	struct json_out out = { &b, false };
	struct err e = { 0 };

	json_open_object(&out, NULL);
	json_put_text(&out, "t", "a\"\\\n\t\x01é</script>");
	json_put_int(&out, "i", INT64_MIN);
	json_put_real(&out, "r", 0.1);
	json_put_real(&out, "nan", NAN);
	json_put_bool(&out, "b", false);
	json_open_array(&out, "l");
	json_put_int(&out, NULL, 1);
	json_open_object(&out, NULL);
	json_close_object(&out);
	json_put_null(&out, NULL);
	json_close_array(&out);
	json_put_text(&out, "z", NULL);
	json_close_object(&out);
	accepts(json_read(b.p, b.n, &j, &e), &e);
	same(json_string_value(json_object_get(j, "t")), "a\"\\\n\t\x01é</script>");
	holds(json_integer_value(json_object_get(j, "i")) == INT64_MIN);
	holds(json_real_value(json_object_get(j, "r")) == 0.1);
	holds(json_is_null(json_object_get(j, "nan")) && json_is_null(json_object_get(j, "z")));
	holds(json_is_false(json_object_get(j, "b")));
	equals(json_array_size(json_object_get(j, "l")), 3);
	holds(strstr(buf_text(&b), "\"r\":0.1,"));
}

TEST("the published lists of places are walked to their end")
{
	static const struct { const char *file; size_t rows; } lists[] = {  /* SOURCES.md */
		{ "lieux/cnfs_2022-12.json", 4930 }, { "lieux/data-inclusion_2023-02.json", 3811 },
		{ "lieux/haute-vienne.json", 561 },
	};

	for (size_t i = 0; i < 3; i++) {
		needs_data(path, lists[i].file);
		struct err e = { 0 };
		size_t n;
		long line;

		accepts(walks(path, &n, &line, &e), &e);
		equals(n, lists[i].rows);
	}
}
