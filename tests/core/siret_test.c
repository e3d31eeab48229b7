#include "test.h"

#include "core/structure.h"

static const char *refused(const char *typed)
{
	static struct err e;
	char out[STRUCTURE_SIRET];

	refuses(E_INPUT, siret_read(typed, out, &e), &e);
	holds(e.hint[0]);
	return e.msg;
}

TEST("a SIRET is read with the spaces and points that people put in it")
{
	struct err e;
	char out[STRUCTURE_SIRET];

	accepts(siret_read(" 434 933 123 00029 ", out, &e), &e);
	same(out, "43493312300029");
	accepts(siret_read("434.933.123-00029", out, &e), &e);
	accepts(siret_read("434\xc2\xa0" "933\xe2\x80\xaf" "12300029", out, &e), &e);
	same(out, "43493312300029");
	/* an establishment of La Poste: digits that add up to a multiple of five */
	accepts(siret_read("356 000 000 00123", out, &e), &e);
}

TEST("a SIRET with a wrong key, too short or too long says which")
{
	same(refused("434 933 123 00092"), "Ce SIRET a une erreur : sa clé ne correspond pas.");
	same(refused("4349331230002"), "Il manque des chiffres : un SIRET en a 14.");
	same(refused("434933123000290"), "Il y a trop de chiffres : un SIRET en a 14.");
	same(refused("mairie de Bondy"), "Un SIRET n’a que des chiffres : 14.");
	same(refused(""), "Un SIRET n’a que des chiffres : 14.");
	same(refused("00000000000000"), "Ce SIRET a une erreur : sa clé ne correspond pas.");
}

TEST("a number of another country, or another French number, is called by its name")
{
	/* numbers that their owners publish: Belgian State railways, Nestlé, Inditex, Eni,
	 * Banque de Luxembourg */
	holds(strstr(refused("BE 0203.430.576"), "Belgique"));
	holds(strstr(refused("0203 430 576"), "Belgique"));
	holds(strstr(refused("CHE-116.281.710"), "Suisse"));
	holds(strstr(refused("CHE-116.281.710 TVA"), "Suisse"));
	holds(strstr(refused("A15075062"), "Espagne"));
	holds(strstr(refused("IT 00905811006"), "Italie"));
	holds(strstr(refused("00905811006"), "Italie"));
	holds(strstr(refused("LU 12345678"), "Luxembourg"));
	holds(strstr(refused("DE 811 123 456"), "Allemagne"));
	holds(strstr(refused("434 933 123"), "SIREN"));
	holds(strstr(refused("FR 12 434933123"), "TVA"));
	holds(strstr(refused("W931 004 321"), "RNA"));
	holds(strstr(refused("1234567.001"), "RIDET"));
	holds(strstr(refused("A12345"), "Tahiti"));
}

TEST("an RNA is W and nine signs, in capitals")
{
	struct err e;
	char out[STRUCTURE_RNA];

	accepts(rna_read("w931 004 321", out, &e), &e);
	same(out, "W931004321");
	accepts(rna_read("W9R1001234", out, &e), &e);   /* La Réunion */
	refuses(E_INPUT, rna_read("931004321", out, &e), &e);
	refuses(E_INPUT, rna_read("W93100432", out, &e), &e);
}
