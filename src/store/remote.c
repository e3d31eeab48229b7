#include "store/remote.h"

bool remote_fetch(struct remote *r, const struct remote_ask *ask, struct arena *a,
		  struct remote_answer *out, struct err *e)
{
	(void)r, (void)ask, (void)a;
	*out = (struct remote_answer){ 0 };
	return fail(e, E_REMOTE, "Ce serveur n’a pas d’accès au réseau.");
}
