#include "store/remote_wire.h"

#include "store/wire.h"

enum { FETCH = 1, VERIFY, MARGIN_MS = 1000 };

static bool unreadable(struct err *e)
{
	return fail(e, E_REMOTE, "La réponse de l’expéditeur ne peut pas être lue.");
}

/* --- the side without network ----------------------------------------------------------------- */

/* Nothing is asked twice: a code of OpenID serves once. */
static bool call(struct rpc *rpc, unsigned op, struct buf *b, int ms, struct arena *a,
		 struct bytes *answer, struct err *e)
{
	bool good = b->full ? fail(e, E_LIMIT, "Cette demande est trop longue.") :
		rpc_call(rpc, op, (struct bytes){ b->p, b->n }, ms, a, answer, NULL, e);

	buf_free(b);
	return good;
}

bool remote_ask_fetch(struct rpc *rpc, const struct remote_ask *ask, struct arena *a,
		      struct remote_answer *out, struct err *e)
{
	int ms = ask->timeout_ms ? ask->timeout_ms : REMOTE_TIMEOUT_MS;
	struct buf b = buf_new(REMOTE_ASK_MOST);
	struct bytes answer;
	struct wire w;

	wire_put_text(&b, ask->url);
	wire_put_text(&b, ask->method);
	wire_put_text(&b, ask->type);
	wire_put_text(&b, ask->accept);
	wire_put_text(&b, ask->authorization);
	wire_put_bytes(&b, ask->body);
	wire_put_text(&b, ask->secret);
	wire_put_int(&b, ms);
	if (!call(rpc, FETCH, &b, ms + MARGIN_MS, a, &answer, e))
		return false;
	w = wire_of(answer);
	out->status = wire_get_small(&w, 100, 999);
	out->type = wire_get_text(&w);
	out->body = wire_get_bytes(&w);
	out->max_age = wire_get_int(&w);
	return (wire_done(&w) && out->type && out->body.p) || unreadable(e);
}

bool remote_ask_verify(struct rpc *rpc, const char *secret, const char *token,
		       struct arena *a, struct bytes *payload, struct err *e)
{
	struct buf b = buf_new(REMOTE_ASK_MOST);

	wire_put_text(&b, secret);
	wire_put_text(&b, token);
	return call(rpc, VERIFY, &b, REMOTE_TIMEOUT_MS, a, payload, e);
}

/* --- the side with it: what it reads may come from a handler that was hijacked ---------------- */

static bool read_fetch(struct wire *w, struct remote_ask *ask, struct err *e)
{
	ask->url = wire_get_text(w);
	ask->method = wire_get_text(w);
	ask->type = wire_get_text(w);
	ask->accept = wire_get_text(w);
	ask->authorization = wire_get_text(w);
	ask->body = wire_get_bytes(w);
	ask->secret = wire_get_text(w);
	ask->timeout_ms = wire_get_small(w, 1, REMOTE_TIMEOUT_MOST);
	return (wire_done(w) && ask->url)
	       || fail(e, E_INPUT, "Cette demande ne peut pas être lue.");
}

static bool answer_fetch(struct remote *r, struct wire *w, struct arena *a,
			 struct bytes *answer, struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(REMOTE_ANSWER_MOST);
	struct remote_answer got;
	struct remote_ask ask;

	if (!read_fetch(w, &ask, e))
		return false;
	if (!remote_fetch(r, &ask, a, &got, e))
		return false;
	wire_put_int(&b, got.status);
	wire_put_text(&b, got.type);
	wire_put_bytes(&b, got.body);
	wire_put_int(&b, got.max_age);
	if (b.full)
		return fail(e, E_LIMIT, "La réponse est trop longue.");
	*answer = (struct bytes){ arena_strn(a, b.p, b.n), b.n };
	return a->spent ? arena_refuse(a, e) : true;
}

bool remote_answer(struct remote *r, unsigned op, struct bytes ask, struct arena *a,
		   struct bytes *answer, struct err *e)
{
	struct wire w = wire_of(ask);
	const char *secret, *token;

	if (op == FETCH)
		return answer_fetch(r, &w, a, answer, e);
	secret = wire_get_text(&w);
	token = wire_get_text(&w);
	if (op != VERIFY || !wire_done(&w) || !secret || !token)
		return fail(e, E_INPUT, "Cette demande ne peut pas être lue.");
	return remote_verify(r, secret, token, a, answer, e);
}
