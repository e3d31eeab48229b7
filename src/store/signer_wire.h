/* Questions and answers of store/signer.h, as the two processes write them. */
#pragma once

#include "crypto/totp.h"
#include "store/wire.h"

enum { SIGNER_SEAL = 1, SIGNER_TOTP, SIGNER_TAG, SIGNER_SIGN, SIGNER_PUBLIC,
	SIGNER_TOKEN, SIGNER_PUBLISHED };

void wire_put_totp(struct buf *b, const struct totp_ask *k);
void wire_get_totp(struct wire *w, struct totp_ask *k); /* code: part of the message */
void wire_put_totp_answer(struct buf *b, const struct totp_answer *v);
void wire_get_totp_answer(struct wire *w, struct totp_answer *v);
