/* Questions to the sender (store/remote.h), as the two processes write them. */
#pragma once

#include "store/remote.h"
#include "store/rpc.h"

/* The side without network. */
bool remote_ask_fetch(struct rpc *rpc, const struct remote_ask *ask, struct arena *a,
		      struct remote_answer *out, struct err *e);
bool remote_ask_verify(struct rpc *rpc, const char *secret, const char *token,
		       struct arena *a, struct bytes *payload, struct err *e);
