/*
 * Where the SMS gateway calls: receipts and answers.  Open to all, since it has no account;
 * what it says is proved by a token, a secret or a signature (store/passerelle.h), or
 * refused.
 */
#pragma once

#include "web/route.h"

extern const struct route envoi_retour_routes[];
