/* floor: 1000 edges */
/* Any file of rows is refused in words, or gives an index at each level above, told aloud. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "observe/indice_dire.h"

static const char communes[] =
	"code,nom,departement,region,epci,ept,population,commune\n"
	"01001,Alpha,01,84,200000001,,1000,\n01004,Deserte,01,84,200000001,,0,\n"
	"69123,Lyon,69,84,200046977,,4000,\n69381,Lyon 1er,69,84,,,1000,69123\n"
	"93001,Epsilon,93,11,200054781,200057875,2000,\n";

static const struct decoupage *country(struct arena *a)
{
	char path[] = "/tmp/tremplin-fuzz-XXXXXX";
	const struct decoupage *d;
	int fd = mkstemp(path);
	struct err e = { 0 };

	if (fd < 0 || write(fd, communes, sizeof communes - 1) != sizeof communes - 1)
		abort();
	close(fd);
	if (!decoupage_csv(path, NULL, a, &d, &e))
		abort();
	unlink(path);
	return d;
}

static void use(struct arena *a, struct entree *t)
{
	struct indice_choix c;
	struct indice_table *base;
	struct err e = { 0 };
	struct rangs_tirage draws = rangs_defaut(t->m);

	choix_defaut(t->m, &c);
	draws.tirages = 4;
	draws.fils = 1;
	if (!table_base(a, t, true, true, &base, &e))
		return;
	for (int level = (int)t->niveau; level < NIVEAUX; level++) {
		struct indice_table *up;
		struct indice_resultat r;
		struct buf b = buf_new(1 << 22);

		if (!table_monter(a, base, (enum niveau)level, &up, &e))
			continue;
		if (!table_compter(a, up, &c, &draws, &r, &e))
			abort();
		indice_csv(&b, up, &r);
		for (size_t i = 0; i < up->u.n; i++) {
			if (r.rangs[i] > up->u.n || (r.rangs[i] && isnan(r.totaux[i])))
				abort();
			if (i < 3 && !indice_expliquer(a, &b, up, &c, &r, &draws, up->u.codes[i],
						       &e))
				abort();
		}
		buf_free(&b);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const char *const methods[] = { "ifn-2023", "deri-1.0", "idi", "ifn-2019" };
	static struct arena kept;
	static const struct decoupage *d;
	struct arena a = arena_new(64 << 20);
	const struct methode *m;
	struct entree *t;
	struct err e = { 0 };

	if (!d) {
		kept = arena_new(4 << 20);
		d = country(&kept);
	}
	if (!n || !methode_open(&a, methods[p[0] % 4], &m, &e))
		return 0;
	if (entree_lire_texte(&a, m, d, "f.csv", (const char *)p + 1, n - 1, -1, p[0] & 4, &t, &e))
		use(&a, t);
	else if (!e.msg[0])
		abort();
	arena_free(&a);
	return 0;
}
