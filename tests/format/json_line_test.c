#include "test.h"

#include "format/json.h"
#include "format/json_line.h"

static const char *const text =
	"{ \"a\": 1,\n"
	"  \"b\": [ { \"c\": \"x\\\"]}\" },\n"
	"         { \"c\": [1,\n"
	"                  2] } ],\n"
	"  \"d\": true }\n";

TEST("a path in JSON leads to its line")
{
	size_t n = strlen(text);

	equals(json_line(text, n, ""), 1);
	equals(json_line(text, n, "a"), 1);
	equals(json_line(text, n, "b[0].c"), 2);
	equals(json_line(text, n, "b[1]"), 3);
	equals(json_line(text, n, "b[1].c[1]"), 4);
	equals(json_line(text, n, "d"), 5);
}

TEST("what is no JSON is refused at a line of its file")
{
	json_t *j = NULL;
	struct err e = { 0 };

	refuses(E_INPUT, json_read("{\n \"a\": }", 9, &j, &e), &e);
	json_refused_in(&e, "essai.json");
	equals(strncmp(e.msg, "essai.json:2: ", 14), 0);
}

TEST("a path that leads nowhere stops at what exists")
{
	size_t n = strlen(text);

	equals(json_line(text, n, "b[1].z"), 3);
	equals(json_line(text, n, "b[9].c"), 2);
	equals(json_line(text, n, "z"), 1);
	equals(json_line(text, n, "a.b.c"), 1);
}
