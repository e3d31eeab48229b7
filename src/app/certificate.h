/*
 * Main may not open files any more when the certificate is renewed: it asks the keeper, which
 * reads the two files that were named at the start, and no other.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"

/* Main's side. */
bool certificate_ask(int control, struct buf *cert, struct buf *key, struct err *e);

/* The keeper's: answers CONTROL_CERTIFICATE. */
void certificate_answer(int control, const char *cert_file, const char *key_file);
