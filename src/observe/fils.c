#include "observe/fils.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

struct partage {
	size_t n;
	void (*one)(size_t i, void *arg);
	void *arg;
	atomic_size_t next;
};

static void *take_some(void *p)
{
	struct partage *s = p;

	for (size_t i; (i = atomic_fetch_add(&s->next, 1)) < s->n;)
		s->one(i, s->arg);
	return NULL;
}

int fils_nombre(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > FILS_MOST ? FILS_MOST : (int)n;
}

void fils_partager(size_t n, void (*one)(size_t i, void *arg), void *arg)
{
	struct partage s = { .n = n, .one = one, .arg = arg };
	int want = fils_nombre(), made = 0;
	pthread_t id[FILS_MOST];

	/* A thread that the system refuses is one less: the others do its share. */
	while (made < want - 1 && (size_t)made + 1 < n
	       && !pthread_create(&id[made], NULL, take_some, &s))
		made++;
	take_some(&s);
	for (int k = 0; k < made; k++)
		pthread_join(id[k], NULL);
}
