/* cards DIR OUT N : the cards of N published places of a data folder, spread over the list,
 * as OUT/0.vcf, OUT/1.vcf... */
#include <stdio.h>
#include <stdlib.h>

#include "core/repertoire.h"
#include "orient/lieu_vcard.h"
#include "store/db.h"

static bool write_card(const char *dir, int i, const struct lieu *l, struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	char path[4096], url[100];
	FILE *f;

	snprintf(path, sizeof path, "%s/%d.vcf", dir, i);
	snprintf(url, sizeof url, "https://aide.exemple.fr/lieux/%s", l->id);
	if (!lieu_vcard(&b, l, url, e))
		return false;
	f = fopen(path, "w");
	if (!f || fwrite(b.p, 1, b.n, f) != b.n || fclose(f))
		return fail(e, E_STORE, "%s", path);
	return true;
}

int main(int argc, char **argv)
{
	struct store *s = NULL;
	struct db *db = NULL;
	struct repertoire *r = NULL;
	struct err e = { 0 };
	int n = argc == 4 ? (int)strtol(argv[3], NULL, 10) : 0;
	bool good = n > 0 && store_open(argv[1], STORE_COMMAND, &env_system, &s, &e)
		    && db_acquire(s, &db, &e) && repertoire_read(db, &r, &e);

	for (int i = 0; good && i < n; i++)
		good = write_card(argv[2], i, &r->lieux[(size_t)i * r->nlieux / (size_t)n], &e);
	if (!good)
		fprintf(stderr, "cards: %s\n", e.msg);
	repertoire_free(r);
	db_release(&db);
	store_close(s);
	return !good;
}
