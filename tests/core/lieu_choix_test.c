#include "test.h"

#include "core/lieu.h"

/* Values: schema 1.0.2 and npm @gouvfr-anct/lieux-de-mediation-numerique 2.3.0. */
TEST("each enumeration has as many values as the national schema")
{
	equals(choice_count(lieu_services), 9);
	equals(choice_count(lieu_publics), 5);
	equals(choice_count(lieu_prises_en_charge), 7);
	equals(choice_count(lieu_frais), 3);
	equals(choice_count(lieu_dispositifs), 11);
	equals(choice_count(lieu_formations), 10);
	equals(choice_count(lieu_acces), 6);
	equals(choice_count(lieu_accompagnements), 4);
	equals(choice_count(lieu_itinerances), 2);
	equals(choice_count(lieu_typologies), 92);
}

TEST("a choice is found by its national value, its slug or its label")
{
	int i = choice_find(lieu_services, "Aide aux démarches administratives");

	holds(i >= 0);
	same(lieu_services[i].slug, "demarches");
	equals(choice_find(lieu_services, "demarches"), i);
	equals(choice_find(lieu_services, lieu_services[i].label), i);
	equals(choice_find(lieu_services, "aide"), -1);
	equals(choice_find(lieu_services, ""), -1);
}

TEST("a list becomes bits and comes back in the national words")
{
	struct arena a = arena_new(1 << 16);
	uint32_t bits = choices_read(lieu_frais, "Payant | Gratuit||", NULL);

	equals(bits, 5);
	same(choices_write(&a, lieu_frais, bits), "Gratuit|Payant");
	same(choices_write(&a, lieu_frais, 0), "");
	equals(choices_read(lieu_frais, NULL, NULL), 0);
	arena_free(&a);
}

TEST("the first value that a table has not is named, the others are kept")
{
	const char *unknown;

	equals(choices_read(lieu_frais, "Gratuit|Troc|Adhésion", &unknown), 1);
	equals(strncmp(unknown, "Troc|", 5), 0);
	equals(choices_read(lieu_frais, "Gratuit", &unknown), 1);
	holds(!unknown);
}

/* POSTURE: what people read is never the national word where that word labels them. */
TEST("people read plain words where the national value names a lack")
{
	int i = choice_find(lieu_prises_en_charge, "Illettrisme");

	same(lieu_prises_en_charge[i].label, "Aide pour lire et écrire");
	i = choice_find(lieu_prises_en_charge, "Surdité");
	same(lieu_prises_en_charge[i].label, "Personnes sourdes ou malentendantes, LSF");
	i = choice_find(lieu_prises_en_charge, "Handicaps mentaux");
	same(lieu_prises_en_charge[i].label, "Handicap intellectuel ou psychique");
}
