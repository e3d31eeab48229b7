#include "web/tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SESSIONS_MOST = 4096, SESSION_SECONDS = 3600 };

struct tls {
	pthread_mutex_t lock;
	SSL_CTX *now;
};

/* "Intermediate" of Mozilla's guide (version 5.7) without its DHE: browsers since 2014. */
static const char ciphers_of_1_2[] =
	"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
	"ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
	"ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

static bool set_usual(SSL_CTX *c)
{
	static const unsigned char name[] = "tremplin";

	/* browsers leave without a word: their session is still good, and HTTP says itself
	 * where a request ends */
	SSL_CTX_set_options(c, SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE
			    | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET | SSL_OP_PRIORITIZE_CHACHA);
	SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_SERVER);
	SSL_CTX_sess_set_cache_size(c, SESSIONS_MOST);
	SSL_CTX_set_timeout(c, SESSION_SECONDS);
	SSL_CTX_set_num_tickets(c, 1);
	return SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION)
	       && SSL_CTX_set_cipher_list(c, ciphers_of_1_2)
	       && SSL_CTX_set1_groups_list(c, "X25519:P-256:P-384")
	       && SSL_CTX_set_session_id_context(c, name, sizeof name - 1);
}

/* A key with a password would ask for it on the terminal; nobody is there. */
static int no_password(char *out, int room, int writing, void *arg)
{
	(void)out, (void)room, (void)writing, (void)arg;
	return 0;
}

static bool use_chain(SSL_CTX *c, BIO *b)
{
	X509 *x = PEM_read_bio_X509_AUX(b, NULL, no_password, NULL);
	bool ok = x && SSL_CTX_use_certificate(c, x) == 1;

	X509_free(x);
	while (ok && (x = PEM_read_bio_X509(b, NULL, no_password, NULL))) {
		ok = SSL_CTX_add0_chain_cert(c, x) == 1;
		if (!ok)
			X509_free(x);
	}
	if (ok)
		ERR_clear_error();              /* "no more of them" is the end */
	return ok;
}

static bool use_key(SSL_CTX *c, BIO *b)
{
	EVP_PKEY *key = PEM_read_bio_PrivateKey(b, NULL, no_password, NULL);
	bool ok = key && SSL_CTX_use_PrivateKey(c, key) == 1 && SSL_CTX_check_private_key(c) == 1;

	EVP_PKEY_free(key);
	return ok;
}

static bool refuse(const char *what, struct err *e)
{
	char why[120];

	ERR_error_string_n(ERR_get_error(), why, sizeof why);
	ERR_clear_error();
	fail(e, E_INPUT, "%s ne peut pas servir (%s).", what, why);
	return hint(e, "Les deux fichiers sont en PEM, sans mot de passe, et vont ensemble ; le "
		    "certificat du site vient avant ceux de son autorité.");
}

static SSL_CTX *context_of(const struct buf *cert, const struct buf *key, struct err *e)
{
	SSL_CTX *c = SSL_CTX_new(TLS_server_method());
	BIO *chain = BIO_new_mem_buf(cert->p, (int)cert->n);
	BIO *secret = BIO_new_mem_buf(key->p, (int)key->n);
	bool ok = c && chain && secret && set_usual(c);

	if (!ok)
		fail(e, E_LIMIT, "Il n’y a plus assez de mémoire pour le certificat.");
	else if (!use_chain(c, chain))
		ok = refuse("Le certificat", e);
	else if (!use_key(c, secret))
		ok = refuse("La clé du certificat", e);
	BIO_free(chain);
	BIO_free(secret);
	if (ok)
		return c;
	SSL_CTX_free(c);
	return NULL;
}

static bool read_pem(const char *path, struct buf *out, struct err *e)
{
	FILE *f = fopen(path, "re");
	char piece[4096];
	size_t n;
	bool ok;

	if (!f) {
		fail(e, E_INPUT, "%.200s ne peut pas être lu (%s).", path, strerror(errno));
		return hint(e, "Donnez --tls-cert et --tls-key, lisibles par ce compte.");
	}
	while ((n = fread(piece, 1, sizeof piece, f)) > 0)
		buf_add(out, piece, n);
	ok = !ferror(f) && !out->full;
	fclose(f);
	OPENSSL_cleanse(piece, sizeof piece);
	return ok || fail(e, E_INPUT, "%.200s est trop long pour un certificat ou une clé.", path);
}

static void forget(struct buf *b)
{
	if (b->p)
		OPENSSL_cleanse(b->p, b->n);
	buf_free(b);
}

bool tls_open(const char *cert_file, const char *key_file, struct tls **out, struct err *e)
{
	CLEANUP(forget) struct buf cert = buf_new(TLS_FILE_MOST), key = buf_new(TLS_FILE_MOST);
	struct tls *t;

	if (!cert_file || !key_file) {
		fail(e, E_INPUT, "Il manque le certificat ou sa clé.");
		return hint(e, "Donnez --tls-cert et --tls-key ensemble.");
	}
	if (!read_pem(cert_file, &cert, e) || !read_pem(key_file, &key, e))
		return false;
	t = calloc(1, sizeof *t);
	if (!t)
		return fail(e, E_LIMIT, "Il n’y a plus assez de mémoire pour démarrer.");
	pthread_mutex_init(&t->lock, NULL);
	t->now = context_of(&cert, &key, e);
	*out = t;
	if (t->now)
		return true;
	tls_close(out);
	return false;
}

void tls_close(struct tls **at)
{
	struct tls *t = *at;

	*at = NULL;
	if (!t)
		return;
	SSL_CTX_free(t->now);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

bool tls_renew(struct tls *t, const struct buf *cert, const struct buf *key, struct err *e)
{
	SSL_CTX *next = context_of(cert, key, e), *old;

	if (!next)
		return false;
	pthread_mutex_lock(&t->lock);
	old = t->now;
	t->now = next;
	pthread_mutex_unlock(&t->lock);
	SSL_CTX_free(old);                      /* its connections keep it until they end */
	return true;
}

SSL *tls_connection(struct tls *t)
{
	SSL *s;

	pthread_mutex_lock(&t->lock);
	s = SSL_new(t->now);
	pthread_mutex_unlock(&t->lock);
	return s;
}
