#include "detect/apport.h"

bool apport_read(struct arena *a, const char *name, const char *p, size_t n, const char *langue,
		 const char **out, struct err *e)
{
	(void)name, (void)langue;
	*out = arena_strn(a, p, n);
	return !a->spent || arena_refuse(a, e);
}
