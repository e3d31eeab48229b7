/* floor: 330 edges */
#include <stdlib.h>
#include <string.h>

#include "admit/agent_import.h"
#include "admit/courriel.h"
#include "base/utf8.h"
#include "core/structure.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* Numbers, an address and a list of agents as people give them: what is accepted is clean. */
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	CLEANUP(arena_free) struct arena a = arena_new(8 << 20);
	char siret[STRUCTURE_SIRET], rna[STRUCTURE_RNA];
	const char *text = arena_strn(&a, (const char *)p, n), *mail;
	struct err e = { 0 };
	struct import m;

	if (siret_read(text, siret, &e) && (strlen(siret) != 14 || !siret_is_valid(siret)))
		abort();
	if (rna_read(text, rna, &e) && strlen(rna) != 10)
		abort();
	mail = courriel_read(&a, text, &e);
	if (mail && (strlen(mail) > 254 || strpbrk(mail, " \t\r\n<>,;\"") || !strchr(mail, '@')))
		abort();
	if (import_read(&a, langs[0], "liste", (const char *)p, n, "s", &m, &e)) {
		for (size_t i = 0; i < m.n; i++) {
			const struct import_line *l = &m.lines[i];

			if (!l->refus && (!l->i.prenom || !l->i.nom || !l->i.roles
					  || strchr(l->i.nom, '\n')))
				abort();
		}
	}
	return 0;
}
