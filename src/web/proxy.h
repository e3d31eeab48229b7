/*
 * Who asks, when a proxy stands between: addresses of the proxies that are believed, and
 * the fields in which they say for whom they ask.  Nobody else is believed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "web/http1.h"

struct sockaddr;

/* An IPv6 address; IPv4 as ::ffff:192.0.2.1 (RFC 4291).  All zero: not known. */
struct net_address {
	uint8_t ip[16];
};

enum { NET_TEXT = 46, PROXIES_MOST = 32 };

struct net_address net_of(const struct sockaddr *from);
bool net_read(const char *s, size_t n, struct net_address *out);        /* without port */
/* "192.0.2.1", "2001:db8::1"; "" when it is not known. */
void net_text(const struct net_address *a, char out[NET_TEXT]);
/* What one household or office has: the address itself, "2001:db8:1:2::/64" in IPv6. */
void net_text_group(const struct net_address *a, char out[NET_TEXT + 4]);

enum proxy_field {
	PROXY_FOR = 1, PROXY_PROTO = 2, PROXY_HOST = 4,         /* X-Forwarded-... */
	PROXY_FORWARDED = 8,                                    /* Forwarded (RFC 7239) */
};

struct proxies {
	struct net_address at[PROXIES_MOST];
	int bits[PROXIES_MOST];         /* of the prefix, 0..128 */
	int n;
	unsigned fields;                /* those that are believed */
};

/*
 * `addresses`: "127.0.0.1 ::1 10.0.0.0/8", between spaces or commas; "" is this machine
 * itself.  `fields`: "X-Forwarded-For X-Forwarded-Proto X-Forwarded-Host" (also ""), or
 * "Forwarded"; both kinds at once are refused, since a proxy that writes one lets the other
 * through.  E_INPUT names the word that is wrong.
 */
bool proxies_read(const char *addresses, const char *fields, struct proxies *out,
		  struct err *e);

struct forwarded {
	struct net_address client;      /* the nearest one that is no proxy of ours */
	bool https;
	struct slice host;              /* .p NULL: not said */
};

/* What the head says of a request that came from `from`.  p NULL: no proxy is believed. */
struct forwarded proxies_ask(const struct proxies *p, const struct net_address *from,
			     const struct http1_head *h);
