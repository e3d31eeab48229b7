#include "orient/lieu_schema.h"

#include <string.h>

#include "core/lieu_record.h"
#include "format/json.h"

enum { PATTERN_MOST = 1 << 14, RESUME_MOST = 280 };

/* What the standard requires, and how it writes what is no enumeration. */
static const struct { enum lieu_field field; bool required; const char *pattern; } rules[] = {
	{ LIEU_ID, true, NULL }, { LIEU_PIVOT, true, "^[a-zA-Z0-9]{9,14}$" },
	{ LIEU_NOM, true, NULL }, { LIEU_COMMUNE, true, NULL },
	{ LIEU_CODE_POSTAL, true, "^\\d{5}$" },
	{ LIEU_CODE_INSEE, false, "^([013-9]\\d|2[AB1-9])\\d{3}$" }, { LIEU_ADRESSE, true, NULL },
	{ LIEU_TELEPHONE, false, "^(\\+33|\\+590|\\+594|\\+262|\\+596|\\+269|\\+687|\\+689|\\+508|"
	  "\\+681)(\\d){6,9}$" },
	{ LIEU_DATE_MAJ, true, NULL },
};

static const char *type_of(enum lieu_field_kind kind)
{
	return kind == LIEU_NUMBER ? "number" : kind == LIEU_DATE ? "date" : "string";
}

/* (?:(?:^|\|)(A|B))+$, with the signs of the words escaped.  The standard gives none for
 * typologies: there are ninety of them. */
static const char *list_pattern(struct buf *b, const struct choice *c)
{
	buf_str(b, "(?:(?:^|\\|)(");
	for (int i = 0; c[i].slug; i++) {
		buf_str(b, i ? "|" : "");
		for (const char *s = c[i].value; *s; s++) {
			if (strchr("()", *s))
				buf_char(b, '\\');
			buf_char(b, *s);
		}
	}
	buf_str(b, "))+$");
	return buf_text(b);
}

static void put_constraints(struct json_out *o, enum lieu_field f)
{
	CLEANUP(buf_free) struct buf b = buf_new(PATTERN_MOST);
	const struct choice *c = lieu_field_rules[f].choices;
	const char *pattern = c && f != LIEU_TYPOLOGIE ? list_pattern(&b, c) : NULL;
	bool required = false;

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		if (rules[i].field == f) {
			required = rules[i].required;
			pattern = rules[i].pattern;
		}
	}
	json_open_object(o, "constraints");
	json_put_bool(o, "required", required);
	if (f == LIEU_ID)
		json_put_bool(o, "unique", true);
	if (pattern)
		json_put_text(o, "pattern", pattern);
	if (f == LIEU_RESUME)
		json_put_int(o, "maxLength", RESUME_MOST);
	json_close_object(o);
}

void lieu_schema(struct buf *out, const char *adresse)
{
	struct json_out o = { .b = out };

	json_open_object(&o, NULL);
	json_put_text(&o, "$schema", "https://frictionlessdata.io/schemas/table-schema.json");
	json_put_text(&o, "name", "standard-mediation-num");
	json_put_text(&o, "version", "1.0.2");
	json_put_text(&o, "title", "Lieux de médiation numérique");
	json_put_text(&o, "homepage", "https://github.com/LaMednum/standard-mediation-num");
	json_put_text(&o, "path", adresse);
	json_open_array(&o, "fields");
	for (int f = 0; f < LIEU_FIELDS; f++) {
		const struct lieu_field_rule *rule = &lieu_field_rules[f];

		json_open_object(&o, NULL);
		json_put_text(&o, "name", rule->name);
		json_put_text(&o, "type", type_of(rule->kind));
		if (rule->kind == LIEU_LIST || rule->kind == LIEU_CHOICES)
			json_put_text(&o, "description", "Valeurs séparées par |");
		put_constraints(&o, (enum lieu_field)f);
		json_close_object(&o);
	}
	json_close_array(&o);
	json_open_array(&o, "missingValues");
	json_put_text(&o, NULL, "");
	json_close_array(&o);
	json_open_array(&o, "primaryKey");
	json_put_text(&o, NULL, "id");
	json_close_array(&o);
	json_close_object(&o);
}
