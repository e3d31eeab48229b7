/* voisins DIR DEPARTEMENT: pairs of communes whose stored outlines touch, "code code". */
#include <stdio.h>
#include <string.h>

#include "core/repertoire.h"
#include "observe/voisinage.h"
#include "store/db.h"

int main(int argc, char **argv)
{
	struct arena a = arena_new(256 << 20);
	const struct contour *list[4096];
	const char *codes[4096];
	struct repertoire *r;
	struct voisinage v;
	struct store *s;
	struct db *db;
	struct err e;
	size_t n = 0;

	if (argc < 3 || !store_open(argv[1], STORE_COMMAND, &env_system, &s, &e)
	    || !db_acquire(s, &db, &e) || !repertoire_read(db, &r, &e))
		return 2;
	for (size_t i = 0; i < r->nlimites && n < 4096; i++) {
		if (strncmp(r->limites[i].code, argv[2], strlen(argv[2])))
			continue;
		codes[n] = r->limites[i].code;
		list[n++] = &r->limites[i];
	}
	if (!voisinage_contigus(&a, list, n, &v, &e))
		return 1;
	for (size_t i = 0; i < n; i++) {
		for (uint32_t k = v.debuts[i]; k < v.debuts[i + 1]; k++)
			printf("%s %s\n", codes[i], codes[v.voisins[k]]);
	}
	repertoire_free(r);
	db_release(&db);
	store_close(s);
	arena_free(&a);
	return 0;
}
