/*
 * TLS of the server: 1.2 and 1.3, forward secrecy and authenticated ciphers only.
 *
 * Sessions may be resumed for an hour, from a cache of this process: no ticket holds one, so
 * there is no key that would open what was recorded.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <openssl/ssl.h>

#include "base/buf.h"
#include "base/err.h"

enum { TLS_FILE_MOST = 64 << 10 };      /* bytes of a certificate with its chain, of a key */

struct tls;

/* PEM files.  E_INPUT says which cannot be read or does not go with the other. */
bool tls_open(const char *cert_file, const char *key_file, struct tls **out, struct err *e);
void tls_close(struct tls **t);         /* for CLEANUP; NULL inside is allowed */

/* Other PEM texts for the connections that come; on failure the old ones stay. */
bool tls_renew(struct tls *t, const struct buf *cert, const struct buf *key, struct err *e);

/* One connection, from any thread; NULL without memory. */
SSL *tls_connection(struct tls *t);
