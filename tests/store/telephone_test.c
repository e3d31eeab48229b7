#include "store/telephone.h"

#include "test.h"

TEST("a number is understood as people write it")
{
	static const struct { const char *typed, *e164; enum telephone_kind kind; } cases[] = {
		{ "06 12 34 56 78", "+33612345678", TELEPHONE_MOBILE }, { "0612345678", "+33612345678", TELEPHONE_MOBILE },
		{ "06.12.34.56.78", "+33612345678", TELEPHONE_MOBILE }, { "06-12-34-56-78", "+33612345678", TELEPHONE_MOBILE },
		{ "06/12/34/56/78", "+33612345678", TELEPHONE_MOBILE }, { "(06) 12 34 56 78", "+33612345678", TELEPHONE_MOBILE },
		{ "+33 6 12 34 56 78", "+33612345678", TELEPHONE_MOBILE }, { "+33 (0)6 12 34 56 78", "+33612345678", TELEPHONE_MOBILE },
		{ "+33 06 12 34 56 78", "+33612345678", TELEPHONE_MOBILE }, { "0033 6 12 34 56 78", "+33612345678", TELEPHONE_MOBILE },
		{ "33612345678", "+33612345678", TELEPHONE_MOBILE }, { "612345678", "+33612345678", TELEPHONE_MOBILE },
		{ "06\xc2\xa0" "12\xe2\x80\xaf" "34 56 78", "+33612345678", TELEPHONE_MOBILE },
		{ " 07 56 78 90 12 ", "+33756789012", TELEPHONE_MOBILE }, { "01 23 45 67 89", "+33123456789", TELEPHONE_FIXE },
		{ "09 70 00 00 00", "+33970000000", TELEPHONE_FIXE },
		/* overseas: dialled like the others in France, with their own country code outside */
		{ "0690 12 34 56", "+590690123456", TELEPHONE_MOBILE }, { "0690123456", "+590690123456", TELEPHONE_MOBILE },
		{ "0694 12 34 56", "+594694123456", TELEPHONE_MOBILE }, { "0696 12 34 56", "+596696123456", TELEPHONE_MOBILE },
		{ "0692 12 34 56", "+262692123456", TELEPHONE_MOBILE }, { "0693 12 34 56", "+262693123456", TELEPHONE_MOBILE },
		{ "0639 12 34 56", "+262639123456", TELEPHONE_MOBILE }, { "0262 12 34 56", "+262262123456", TELEPHONE_FIXE },
		{ "0590 12 34 56", "+590590123456", TELEPHONE_FIXE }, { "+262 692 12 34 56", "+262692123456", TELEPHONE_MOBILE },
		{ "+262 (0)692 12 34 56", "+262692123456", TELEPHONE_MOBILE }, { "00590690123456", "+590690123456", TELEPHONE_MOBILE },
		{ "+687 75 12 34", "+687751234", TELEPHONE_MOBILE }, { "+689 87 12 34 56", "+68987123456", TELEPHONE_MOBILE },
		{ "+508 55 12 34", "+508551234", TELEPHONE_MOBILE }, { "+681 82 12 34", "+681821234", TELEPHONE_MOBILE },
		{ "+32 470 12 34 56", "+32470123456", TELEPHONE_ETRANGER }, { "0044 7700 900123", "+447700900123", TELEPHONE_ETRANGER },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct telephone t;
		struct err e;

		if (!telephone_read(cases[i].typed, NULL, &t, &e))
			fail_msg("%s: %s", cases[i].typed, e.msg);
		same(t.e164, cases[i].e164);
		equals(t.kind, cases[i].kind);
	}
}

TEST("a number that costs its caller, a short one and one that is none are refused, with words")
{
	static const struct { const char *typed, *words; } bad[] = {
		{ "08 92 12 34 56", "surtaxé" }, { "0800 12 34 56", "surtaxé" }, { "+33 899 12 34 56", "surtaxé" },
		{ "+262 892 12 34 56", "surtaxé" }, { "+590 892 12 34 56", "surtaxé" }, { "+1 900 555 0123", "surtaxé" },
		{ "+979 123 456 789", "surtaxé" }, { "+882 16 1234567", "surtaxé" }, { "0033892123456", "surtaxé" },
		{ "3639", "court" }, { "15", "court" }, { "118218", "court" }, { "3 63 9", "court" },
		{ "06 12 34 56", "chiffres" }, { "06 12 34 56 789", "chiffres" }, { "+33 6 12 34 56", "chiffres" },
		{ "00 12 34 56 78", "longueur" }, { "0000000000", "longueur" }, { "+0612345678", "longueur" },
		{ "07 12 34 56 78", "existe pas" }, { "+33 690 12 34 56", "existe pas" },
		{ "abc", "pas un numéro" }, { "", "pas un numéro" }, { " ", "pas un numéro" }, { "+", "pas un numéro" },
		{ "06 12 34 56 78 poste 3", "pas un numéro" }, { "06 12 34 56 78\n", "pas un numéro" },
		{ "+33612345678+", "pas un numéro" }, { "1234567890123456789012", "trop long" },
		{ "٠٦١٢٣٤٥٦٧٨", "pas un numéro" }, { "06 12 34 56 78;06 12 34 56 79", "pas un numéro" },
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct telephone t;
		struct err e = { 0 };

		if (telephone_read(bad[i].typed, NULL, &t, &e))
			fail_msg("accepted: %s as %s", bad[i].typed, t.e164);
		equals(e.kind, E_INPUT);
		if (!strstr(e.msg, bad[i].words))
			fail_msg("%s: %s", bad[i].typed, e.msg);
	}
}

TEST("six or eight digits are a whole number where they are, and there alone")
{
	static const struct { const char *typed, *where, *e164; } cases[] = {
		{ "75 12 34", "988", "+687751234" }, { "87 12 34 56", "987", "+68987123456" },
		{ "55 12 34", "975", "+508551234" }, { "82 12 34", "986", "+681821234" },
		{ "75 12 34", "93", NULL }, { "75 12 34", NULL, NULL }, { "0612345678", "988", "+33612345678" },
		{ "0508 55 12 34", "93", "+508551234" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct telephone t;
		struct err e;
		bool read = telephone_read(cases[i].typed, cases[i].where, &t, &e);

		equals(read, cases[i].e164 != NULL);
		if (read)
			same(t.e164, cases[i].e164);
	}
}

TEST("a number is shown in pairs, or with its middle hidden")
{
	char text[48], shown[32];

	same(telephone_shown("+33612345678", shown), "+33 6 12 34 56 78");
	same(telephone_shown("+262692123456", shown), "+262 6 92 12 34 56");
	same(telephone_shown("+687751234", shown), "+687 75 12 34");
	same(telephone_shown("+447700900123", shown), "+447700900123");
	same(telephone_shown("3639", shown), "3639");
	same(telephone_masked("+33612345678", text), "+33 6 •• •• •• 78");
	same(telephone_masked("+262692123456", text), "+262 6 •• •• •• 56");
	same(telephone_masked("+447700900123", text), "+447•••••••23");
}
