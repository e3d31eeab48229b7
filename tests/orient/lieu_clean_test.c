#include "test.h"

#include "orient/lieu_clean.h"

static struct arena memory;

static struct arena *a(void)
{
	arena_free(&memory);
	memory = arena_new(8 << 20);
	return &memory;
}

#define becomes(call, expected) same((call).text, expected)

/* The first is the example of the schema 1.0.2; the second the head office of La Poste
 * (INSEE, SIRENE); the third has the digits of the first in another order. */
TEST("a SIRET is told by its control sum")
{
	holds(siret_is_valid("43493312300029"));
	holds(siret_is_valid("35600000000048"));
	holds(!siret_is_valid("43493312300092"));
	holds(!siret_is_valid("4349331230002"));
	holds(!siret_is_valid("434933123000290"));
}

/* INSEE: the establishments of La Poste follow a sum of digits that is a multiple of five.
 * 3+5+6+1+2+3 = 20. */
TEST("an establishment of La Poste has a sum of its own")
{
	holds(siret_is_valid("35600000000123"));
	holds(!siret_is_valid("35600000000124"));
	holds(!siret_is_valid("35600100000123"));
}

TEST("a pivot is a SIRET, an RNA number or a RIDET; anything else leaves the field")
{
	becomes(pivot_clean(a(), "434 933 123 00029", "51100"), "43493312300029");
	equals(pivot_clean(a(), "43493312300029", "51100").action, NOTE_NONE);
	becomes(pivot_clean(a(), "00000000000000", "09000"), "");
	equals(pivot_clean(a(), "00000000000000", "09000").action, NOTE_RETIRE);
	becomes(pivot_clean(a(), "W9C1000189", "97300"), "W9C1000189");
	becomes(pivot_clean(a(), "w751234567", "75001"), "W751234567");
	becomes(pivot_clean(a(), "0 769 620.001", "98800"), "0769620001");
	becomes(pivot_clean(a(), "0769620001", "75001"), "");
	becomes(pivot_clean(a(), "434933123", "51100"), "");
	becomes(pivot_clean(a(), "SIRET ?", "51100"), "");
	becomes(pivot_clean(a(), "", "51100"), "");
}

/* 012345678 and an establishment number whose control sum is right (computed apart). */
TEST("a SIRET whose first zero a spreadsheet dropped is put right")
{
	struct cleaned r = pivot_clean(a(), "1234567800002", "93420");

	same(r.text, "01234567800002");
	equals(r.action, NOTE_CORRIGE);
}

/* "+33180059880" is the example of the schema 1.0.2; overseas prefixes: ARCEP. */
TEST("telephones take the international form of their territory")
{
	becomes(telephone_clean(a(), "01 80 05 98 80", "75001"), "+33180059880");
	becomes(telephone_clean(a(), "01.80.05.98.80", "75001"), "+33180059880");
	becomes(telephone_clean(a(), "+33 (0)1 80 05 98 80", "75001"), "+33180059880");
	becomes(telephone_clean(a(), "0033180059880", "75001"), "+33180059880");
	becomes(telephone_clean(a(), "180059880", "75001"), "+33180059880");
	becomes(telephone_clean(a(), "Tél. : 01 80 05 98 80", "75001"), "+33180059880");
	becomes(telephone_clean(a(), "0596 12 34 56", "97200"), "+596596123456");
	becomes(telephone_clean(a(), "0692 12 34 56", "97400"), "+262692123456");
	becomes(telephone_clean(a(), "0508 41 23 45", "97500"), "+508412345");
	becomes(telephone_clean(a(), "27.12.34", "98800"), "+687271234");
	becomes(telephone_clean(a(), "40 12 34 56", "98714"), "+68940123456");
	equals(telephone_clean(a(), "+33180059880", "75001").action, NOTE_NONE);
}

TEST("short numbers stay, of two numbers the first is kept, what is none is left out")
{
	becomes(telephone_clean(a(), "3646", "75001"), "3646");
	becomes(telephone_clean(a(), "115", "75001"), "115");
	becomes(telephone_clean(a(), "01 80 05 98 80 / 06 12 34 56 78", "75001"), "+33180059880");
	becomes(telephone_clean(a(), "01 80 05 98 80 ou 06 12 34 56 78", "75001"), "+33180059880");
	becomes(telephone_clean(a(), "accueil ; 06 12 34 56 78", "75001"), "+33612345678");
	becomes(telephone_clean(a(), "01 80 05 98", "75001"), "");
	becomes(telephone_clean(a(), "271234", "75001"), "");
	becomes(telephone_clean(a(), "non communiqué", "75001"), "");
	becomes(telephone_clean(a(), "00000000000000000000000000000000000000000000000", "75001"), "");
}

TEST("e-mail addresses that are none leave the list")
{
	becomes(courriels_clean(a(), "contact@laquincaillerie.tl|accueil@laquincaillerie.tl"),
		"contact@laquincaillerie.tl|accueil@laquincaillerie.tl");
	becomes(courriels_clean(a(), "contact@exemple.fr; mairie@exemple.fr"),
		"contact@exemple.fr|mairie@exemple.fr");
	becomes(courriels_clean(a(), "mailto:contact@exemple.fr"), "contact@exemple.fr");
	becomes(courriels_clean(a(), "contact@exemple"), "");
	becomes(courriels_clean(a(), "contact at exemple.fr"), "");
	becomes(courriels_clean(a(), "a@b@exemple.fr"), "");
	becomes(courriels_clean(a(), "<script>@exemple.fr"), "");
}

TEST("an address that bears a person's name is not published")
{
	struct cleaned r = courriels_clean(a(), "sophie.durand@exemple.fr|mairie@exemple.fr");

	same(r.text, "mairie@exemple.fr");
	equals(r.action, NOTE_NON_PUBLIE);
	holds(courriel_is_personal("durand.sophie@exemple.fr"));
	holds(courriel_is_personal("j.durand@exemple.fr"));
	holds(courriel_is_personal("jean-paul.martin@exemple.fr"));
	holds(courriel_is_personal("karim@exemple.fr"));
}

TEST("the address of a structure is not taken for a person's")
{
	holds(!courriel_is_personal("france.services@exemple.fr"));
	holds(!courriel_is_personal("mairie.saint-denis@exemple.fr"));
	holds(!courriel_is_personal("accueil.martin.luther.king@exemple.fr"));
	holds(!courriel_is_personal("contact@exemple.fr"));
	holds(!courriel_is_personal("mediatheque-jean.vilar@exemple.fr"));
	holds(!courriel_is_personal("c.social@exemple.fr"));
	holds(!courriel_is_personal("lepotcommun@exemple.fr"));
}

TEST("names of persons leave a text, names of places and functions stay")
{
	becomes(persons_hidden(a(), "Demander Mme Durand au 01."),
		"Demander [nom non publié] au 01.");
	becomes(persons_hidden(a(), "Contact : Sophie Durand - accueil"),
		"Contact : [nom non publié] - accueil");
	becomes(persons_hidden(a(), "(M. Jean DURAND)"), "([nom non publié])");
	becomes(persons_hidden(a(), "Monsieur le Maire et Madame la Directrice"),
		"Monsieur le Maire et Madame la Directrice");
	equals(persons_hidden(a(), "Contact : Mairie de Bondy. Forum. PM. Claire").action,
	       NOTE_NONE);
	becomes(person_before_job(a(), "SOPHIE DURAND CNFS ASSOCIATION FICTIVE"),
		"CNFS ASSOCIATION FICTIVE");
	becomes(person_before_job(a(), "Martin Luther King, centre social"),
		"Martin Luther King, centre social");
	becomes(person_before_job(a(), "Conseiller numérique de Bondy"),
		"Conseiller numérique de Bondy");
}

TEST("addresses of the web are completed, or left out")
{
	becomes(urls_clean(a(), "www.exemple.fr", true), "https://www.exemple.fr");
	becomes(urls_clean(a(), "http://www.exemple.fr/a?b=c", true),
		"http://www.exemple.fr/a?b=c");
	becomes(urls_clean(a(), "https://https://exemple.fr", true), "https://exemple.fr");
	becomes(urls_clean(a(), "http//exemple.fr", true), "http://exemple.fr");
	becomes(urls_clean(a(), "https:/exemple.fr", true), "https://exemple.fr");
	becomes(urls_clean(a(), "exemple.fr|m.facebook.com/exemple", true),
		"https://exemple.fr|https://m.facebook.com/exemple");
	becomes(urls_clean(a(), "exemple.fr|autre.fr", false), "https://exemple.fr");
	becomes(urls_clean(a(), "javascript:alert(1)", true), "");
	becomes(urls_clean(a(), "https://banque.fr@mechant.fr/", true), "");
	becomes(urls_clean(a(), "aucun", true), "");
	becomes(urls_clean(a(), "https://exemple.fr/\"onclick", true), "");
}

TEST("dates are written year-month-day, and none is in the future")
{
	const struct civil today = { .year = 2026, .month = 11, .day = 22 };

	becomes(date_clean(a(), "2022-06-02", &today), "2022-06-02");
	becomes(date_clean(a(), "02/06/2022", &today), "2022-06-02");
	becomes(date_clean(a(), "2022-06-02T10:11:12.000Z", &today), "2022-06-02");
	becomes(date_clean(a(), "2022-06-02 10:11:12", &today), "2022-06-02");
	becomes(date_clean(a(), "2027-01-01", &today), "2026-11-22");
	becomes(date_clean(a(), "31/02/2022", &today), "");
	becomes(date_clean(a(), "hier", &today), "");
}

TEST("codes get back the zero that a spreadsheet dropped")
{
	becomes(code_postal_clean(a(), "1000"), "01000");
	becomes(code_postal_clean(a(), "93 140"), "93140");
	becomes(code_postal_clean(a(), "F-93140"), "93140");
	becomes(code_postal_clean(a(), "9314A"), "");
	becomes(code_insee_clean(a(), "1053"), "01053");
	becomes(code_insee_clean(a(), "2a004"), "2A004");
	becomes(code_insee_clean(a(), "0null"), "");
	becomes(code_insee_clean(a(), "2C004"), "");
}

TEST("degrees are read with a point or a comma, and nothing around")
{
	double v;

	holds(degrees_read("43,52609", &v) && v == 43.52609);
	holds(degrees_read("-2.5", &v) && v == -2.5);
	holds(!degrees_read("43.5N", &v));
	holds(!degrees_read("", &v));
	holds(!degrees_read("nan", &v));
	holds(!degrees_read("0x1p3", &v));
	holds(!degrees_read("1e999", &v));
}

TEST("a line loses its invisible signs and keeps its accents")
{
	becomes(line_clean(a(), "  La\tQuincaillerie \n numérique "), "La Quincaillerie numérique");
	becomes(line_clean(a(), "L&#39;atelier &amp; le caf&eacute;"), "L'atelier & le café");
	becomes(line_clean(a(), "Fresnes-LÃ©guillon"), "Fresnes-Léguillon");
	becomes(line_clean(a(), "zéro\xe2\x80\x8b largeur"), "zéro largeur");
	becomes(line_clean(a(), "R&D"), "R&D");
	equals(line_clean(a(), "Médiathèque d'Été").action, NOTE_NONE);
}

TEST("HTML becomes plain text, and what is no tag stays")
{
	becomes(text_clean(a(), "<p>Bonjour<br>à tous</p><script>alert(1)</script>"),
		"Bonjour\nà tous");
	becomes(text_clean(a(), "<ul><li>Un</li><li>Deux</li></ul>"), "- Un\n- Deux");
	becomes(text_clean(a(), "de 8 < 12 ans, 3 > 2"), "de 8 < 12 ans, 3 > 2");
	becomes(text_clean(a(), "<!-- note --><b>gras</b>"), "gras");
	becomes(text_clean(a(), "&lt;b&gt;gras&lt;/b&gt;"), "gras");
	becomes(text_clean(a(), "<img src=x onerror=alert(1)>"), "");
}

TEST("Markdown becomes plain text")
{
	becomes(text_clean(a(), "# Titre\n\n**Gras** et __gras__\n* un\n* deux"),
		"Titre\n\nGras et gras\n- un\n- deux");
	becomes(text_clean(a(), "\\- L'évènementiel\r\n\r\n\r\n\\- La suite"),
		"- L'évènementiel\n\n- La suite");
	becomes(text_clean(a(), "voir [le site](https://exemple.fr) !"),
		"voir le site (https://exemple.fr) !");
	becomes(text_clean(a(), "![photo](x.png) fin"), "photo fin");
	becomes(text_clean(a(), "au [téléphone] ou [courriel]"), "au [téléphone] ou [courriel]");
	becomes(text_clean(a(), "a_b_c et 2*3"), "a_b_c et 2*3");
}

TEST("a text that is already plain is not touched")
{
	equals(text_clean(a(), "Une ligne.\n\nUne autre : 8 h - 12 h").action, NOTE_NONE);
	equals(text_clean(a(), "").action, NOTE_NONE);
}
