#include "test.h"

#include "base/embedded.h"

#define SQLGEN_NO_MAIN
#include "tools/sqlgen.c"

/* Compiles one file; the result is what it would print: errors, or the C or SQL. */
static const char *compiled(const char *text, bool pg, bool header)
{
	static char out[60000];
	struct gen g;

	holds(sqlgen_open(&g));
	for (const struct embedded_file *f = embedded_migrations; f->name; f++)
		holds(sqlgen_migration(&g, f->name, f->p, (size_t)(f->end - f->p)));
	sqlite3_set_authorizer(g.db, allow, &g);
	if (!pg)
		emit_c_begin(&g, "f.sql", "f.sql.h");
	if (sqlgen_text(&g, "f.sql", text, strlen(text), pg))
		snprintf(out, sizeof out, "%s", buf_text(header ? &g.h : &g.c));
	else
		snprintf(out, sizeof out, "%s", buf_text(&g.errors));
	sqlgen_close(&g);
	return out;
}

#define contains(text, part) do { if (!strstr((text), (part))) \
	fail_msg("no \"%s\" in:\n%s", (part), (text)); } while (0)

struct refusal {
	const char *sql, *says;
};

TEST("a mistake in a named query is an error at its own line")
{
	static const struct refusal list[] = {
		{ "-- name: a() one\nSELECT nom,\n\tprenom\nFROM source;\n",
		  "f.sql:3: error: a: no such column: prenom" },
		{ "-- name: a() one\nSELECT nom FROM sources;\n", "f.sql:2: error: a: no such table: sources" },
		{ "-- name: a(text id) one\nSELECT nom FROM source\nWHERE id = :ids;\n",
		  "f.sql:3: error: a declares no parameter :ids" },
		{ "-- name: a(text id, int n) one\nSELECT nom FROM source WHERE id = :id;\n",
		  "f.sql:1: error: a declares n but its SQL has no :n" },
		{ "-- name: a(text id, text id) one\nSELECT nom FROM source WHERE id = :id;\n",
		  "f.sql:1: error: parameter id is declared twice" },
		{ "-- name: a(text id) one\nSELECT nom FROM source\nWHERE id = ?;\n",
		  "f.sql:3: error: write the parameter as :name" },
		{ "-- name: a(uuid id) one\nSELECT nom FROM source WHERE id = :id;\n",
		  "f.sql:1: error: 'uuid' is no parameter type" },
		{ "-- name: a() all\nSELECT nom FROM source;\n", "f.sql:1: error: say how many rows" },
		{ "-- name: a() one two\nSELECT nom FROM source;\n", "f.sql:1: error: nothing may follow" },
		{ "-- name: a one\nSELECT nom FROM source;\n",
		  "f.sql:1: error: write the parameters after the name" },
		{ "-- name: A() one\nSELECT nom FROM source;\n", "f.sql:1: error: 'A' is no query name" },
		{ "-- name: while() one\nSELECT nom FROM source;\n", "f.sql:1: error: 'while' is no query name" },
		{ "-- name: a() one\nSELECT nom,\n\tcount(*) AS n\nFROM source;\n",
		  "f.sql:3: error: column n of a is an expression" },
		{ "-- name: a() one\nSELECT nom,\n\tcount(*)\nFROM source;\n",
		  "f.sql:3: error: column 2 of a has no name C can use" },
		{ "-- name: a() one\nSELECT nom,\n\tid AS nom\nFROM source;\n",
		  ": error: two columns of a are named nom" },
		{ "-- name: a() one\nSELECT nom -- int\nFROM source;\n",
		  "f.sql:2: error: column nom is text in the schema, not int" },
		{ "-- name: a() one\nSELECT nom, -- text\n\tid\nFROM source\nWHERE complete -- int\n= 1;\n",
		  "f.sql:5: error: a gives no column complete" },
		{ "-- name: a() exec\nSELECT nom FROM source;\n", "f.sql:1: error: a only reads" },
		{ "-- name: a() exec\nDELETE FROM source RETURNING id;\n", "f.sql:1: error: a gives rows" },
		{ "-- name: a() many\nDELETE FROM source;\n", "f.sql:1: error: a gives no row" },
		{ "-- name: a() exec\nDROP TABLE source;\n", "f.sql:1: error: a: a named query is a SELECT" },
		{ "-- name: a() exec\nPRAGMA synchronous = OFF;\n", "f.sql:1: error: a: a named query is a SELECT" },
		{ "-- name: a() exec\nATTACH 'x' AS y;\n", "f.sql:1: error: a: a named query is a SELECT" },
		{ "-- name: a() many\nSELECT id FROM source;\nSELECT nom FROM source;\n",
		  "f.sql:3: error: a is followed by something else" },
		{ "-- name: a() many\nSELECT id\nFROM source\n", "f.sql:3: error: a does not end with ;" },
		{ "-- name: a() many\n-- nothing\n", "f.sql:1: error: a has no SQL" },
		{ "SELECT 1;\n-- name: a() many\nSELECT id FROM source;\n", "f.sql:1: error: nothing may stand before" },
		{ "-- name: a() many\nSELECT id FROM source;\n-- name: a() many\nSELECT id FROM source;\n",
		  "f.sql:3: error: a is the name of an earlier query" },
	};

	for (size_t i = 0; i < sizeof list / sizeof *list; i++)
		contains(compiled(list[i].sql, false, false), list[i].says);
}

TEST("all the mistakes of a file are told at once")
{
	const char *out = compiled("-- name: a() one\nSELECT x FROM source;\n"
				   "-- name: b() one\nSELECT y FROM source;\n", false, false);

	contains(out, "f.sql:2: error: a: no such column: x");
	contains(out, "f.sql:4: error: b: no such column: y");
}

TEST("a column has the type and the NULL of its table")
{
	const char *out = compiled("-- name: a() one\n"
		"SELECT id, complete, importe_le, l.latitude, trace, count(*) AS n, -- int\n"
		"\tmax(l.longitude) AS est -- real?\n"
		"FROM source JOIN lieu l USING (id) JOIN contour c ON c.code = l.code_insee;\n",
		false, true);

	contains(out, "\tconst char *id;\n\tint64_t complete;\n\tconst char *importe_le;\t/* or NULL */\n"
		 "\tdouble latitude;\n\tstruct bytes trace;\n\tint64_t n;\n\tdouble est;\n"
		 "\tbool latitude_null;\n\tbool est_null;\n};");
}

TEST("what an outer join, a value subquery or a union leaves open may be NULL")
{
	contains(compiled("-- name: a() many\nSELECT s.complete FROM lieu l\n"
			  "LEFT JOIN source s ON s.id = l.id;\n", false, true), "bool complete_null;");
	contains(compiled("-- name: a() many\nSELECT x.complete FROM lieu l LEFT OUTER JOIN\n"
			  "(SELECT id, complete FROM source) x USING (id);\n", false, true), "bool complete_null;");
	contains(compiled("-- name: a() many\nSELECT id, (SELECT complete FROM source) AS complete\n"
			  "FROM lieu;\n", false, true), "bool complete_null;");
	contains(compiled("-- name: a() many\nSELECT complete FROM source UNION SELECT NULL;\n",
			  false, true), "bool complete_null;");
	contains(compiled("-- name: a() many\nWITH t AS (SELECT complete, id FROM source)\n"
			  "SELECT t.complete FROM lieu LEFT JOIN t USING (id);\n", false, true),
		 "bool complete_null;");
	holds(!strstr(compiled("-- name: a() many\nSELECT s.complete -- int\nFROM lieu l\n"
			       "LEFT JOIN source s ON s.id = l.id;\n", false, true), "_null"));
	holds(!strstr(compiled("-- name: a() many\nSELECT s.complete FROM source s\n"
			       "LEFT JOIN lieu l ON s.id = l.id;\n", false, true), "_null"));
	holds(!strstr(compiled("-- name: a() many\nSELECT complete FROM source WHERE id IN\n"
			       "(SELECT id FROM source);\n", false, true), "_null"));
}

TEST("what writes asks for a transaction, what reads for a connection")
{
	contains(compiled("-- name: a(text id) exec\nDELETE FROM source WHERE id = :id;\n", false, true),
		 "bool a(struct tx *tx, const char *id,\n\t\tint64_t *changed, struct err *e);");
	contains(compiled("-- name: a(text id, int? n) maybe\nUPDATE source SET complete = :n WHERE "
			  "id = :id\nRETURNING nom;\n", false, true),
		 "bool a(struct tx *tx, struct arena *a, const char *id, const int64_t *n_,\n"
		 "\t\tstruct a_row *out, bool *found, struct err *e);");
	contains(compiled("-- name: a() each\nSELECT id FROM source;\n", false, true),
		 "bool a(struct db *db,\n\t\tbool (*row)(const struct a_row *, void *arg, struct err *), "
		 "void *arg, struct err *e);");
}

TEST("the SQL in C has no comment, and its parameters by place")
{
	contains(compiled("-- name: a(text id, text nom) one\nSELECT id, -- why\n\tnom /* x; */\n"
			  "FROM source WHERE nom = :nom AND id <> :id\nAND id <> ':id -- \"; ';\n", false, false),
		 "\t\t\"SELECT id, \"\n\t\t\"nom \"\n\t\t\"FROM source WHERE nom = \?2 AND id <> \?1 \"\n"
		 "\t\t\"AND id <> ':id -- \\\"; '\",");
}

TEST("a line for one engine is not seen by the other")
{
	static const char sql[] = "-- name: a(text id) many\nSELECT id FROM source WHERE true\n"
		"AND id = CAST(:id AS TEXT) -- sqlite: x\nAND id = :id::text -- pg: y\n;\n";

	contains(compiled(sql, false, false), "WHERE true \"\n\t\t\"AND id = CAST(\?1 AS TEXT)\",");
	contains(compiled(sql, true, false), "AND id = $1::text");
	holds(!strstr(compiled(sql, true, false), "CAST"));
}

TEST("PostgreSQL gets typed parameters, and types of its own in a cast")
{
	const char *out = compiled("-- name: a(text t, int? i, real r, blob b) many\n"
		"SELECT CAST(:i AS INTEGER) AS i, -- int?\n\tCAST(:r AS REAL) AS r, -- real\n"
		"\t:t || 'CAST(x AS REAL)' AS t, -- text\n\tx'0aFF' = :b AS b -- int\n;\n", true, false);

	contains(out, "PREPARE a (text, bigint, double precision, bytea) AS\n");
	contains(out, "CAST($2 AS BIGINT) AS i");
	contains(out, "CAST($3 AS DOUBLE PRECISION) AS r");
	contains(out, "$1 || 'CAST(x AS REAL)'");
	contains(out, "'\\x0aFF'::bytea = $4");
}

TEST("PostgreSQL gets the same tables: wider types, plain order of bytes, no STRICT")
{
	static const char sql[] = "CREATE TABLE t (\n\tn INTEGER PRIMARY KEY,\n\tm INTEGER NOT NULL,\n"
		"\tr REAL, b BLOB, -- why TEXT\n\tc TEXT NOT NULL CHECK (c <> 'TEXT')\n) STRICT;\n"
		"CREATE INDEX t_c ON t (c);\n";
	struct gen g;

	holds(sqlgen_open(&g));
	emit_pg_migration(&g, "m.sql", sql, strlen(sql));
	contains(buf_text(&g.c), "n BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,\n");
	contains(buf_text(&g.c), "m BIGINT NOT NULL,\n");
	contains(buf_text(&g.c), "r DOUBLE PRECISION, b BYTEA,");
	contains(buf_text(&g.c), "c TEXT COLLATE \"C\" NOT NULL CHECK (c <> 'TEXT')\n) ;\n");
	contains(buf_text(&g.c), "CREATE INDEX t_c ON t (c);\n");
	holds(!strstr(buf_text(&g.c), "STRICT"));
	sqlgen_close(&g);
}

TEST("a migration that does not run, or whose table is not STRICT, is refused")
{
	static const char bad[] = "CREATE TABLE t (\n\tn INTEGER,\n) STRICT;\n";
	static const char loose[] = "CREATE TABLE t (n INTEGER);\n";
	struct gen g;

	holds(sqlgen_open(&g));
	holds(!sqlgen_migration(&g, "m.sql", bad, strlen(bad)));
	contains(buf_text(&g.errors), "m.sql:3: error: near \")\"");
	holds(!sqlgen_migration(&g, "m.sql", loose, strlen(loose)));
	contains(buf_text(&g.errors), "m.sql:1: error: table t is not STRICT");
	sqlgen_close(&g);
}
