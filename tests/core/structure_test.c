#include "test.h"

#include "core/lieu.h"
#include "core/structure.h"

TEST("a type of structure is a word of the national typology, so that exports can say it")
{
	for (int i = 0; structure_types[i].slug; i++) {
		if (choice_find(lieu_typologies, structure_types[i].value) < 0)
			fail_msg("%s is not in the national list", structure_types[i].value);
	}
}

TEST("what a structure may do is written and read back, unknown words left out")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 16);
	unsigned all = POUVOIR_MANDATS | POUVOIR_LIEUX | POUVOIR_INSTRUMENTS | POUVOIR_RESULTATS;

	for (unsigned p = 0; p <= all; p++)
		equals(pouvoirs_read(pouvoirs_write(&a, p)), p);
	same(pouvoirs_write(&a, POUVOIR_MANDATS | POUVOIR_RESULTATS), "mandats|resultats");
	equals(pouvoirs_read("mandats|tout|lieux"), POUVOIR_MANDATS | POUVOIR_LIEUX);
	equals(pouvoirs_read(""), 0);
}
