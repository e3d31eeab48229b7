/* What the two sides of store/rpc.h share. */
#pragma once

#include "store/packet.h"
#include "store/rpc.h"

/* Without an id: said by the side that answers, or about it. */
enum { RPC_HELLO = 1, RPC_GONE };

int64_t rpc_now(void);                  /* milliseconds, monotonic */

/* Sends a whole message; false when the other side is gone, or takes nothing until then. */
bool rpc_send(int fd, struct packet_head head, struct bytes text, int64_t until);
