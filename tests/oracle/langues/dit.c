/*
 * oracle/langues/dit: what Tremplin says in each language, for who compares.
 *
 *	TAG pluriel I0 I1 ... I1000             index of the plural form of 0 to 1000
 *	TAG date 2026-11-22 TEXT
 *	TAG jour 2026-11-22 TEXT
 *	TAG nombre 1234567 TEXT
 */
#include <stdio.h>

#include "base/date.h"
#include "web/i18n.h"

static void dates(const struct lang *l)
{
	char text[I18N_TEXT];

	for (int month = 1; month <= 12; month++) {
		struct civil c = { 2026, month, month + 1, 0, 0, 0 };

		printf("%s date 2026-%02d-%02d %s\n", l->tag, month, c.day, date_long(l, &c, text));
		printf("%s jour 2026-%02d-%02d %s\n", l->tag, month, c.day, date_day(l, &c, text));
	}
}

int main(void)
{
	char text[I18N_TEXT];

	for (const struct lang *const *l = langs; *l; l++) {
		printf("%s pluriel", (*l)->tag);
		for (int n = 0; n <= 1000; n++)
			printf(" %d", (*l)->plural(n));
		putchar('\n');
		dates(*l);
		printf("%s nombre 1234567 %s\n", (*l)->tag, number_text(*l, 1234567, text));
	}
	return 0;
}
