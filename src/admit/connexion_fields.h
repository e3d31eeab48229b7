/* What the pages that log in read. */
#pragma once

#include "web/route.h"

struct connexion_in { const char *identifiant, *mot_de_passe; };
struct lien_in { const char *courriel; };
struct code_in { const char *code_secret; };
struct secours_in { const char *code_secret_secours; int perdu; };
struct jeton_in { const char *jeton; };

extern const struct field connexion_fields[], lien_fields[], code_fields[], secours_fields[],
	jeton_fields[];

enum perdu { PERDU_RIEN, PERDU_TELEPHONE, PERDU_CARTE, PERDU_TOUT };
extern const struct choice perdu_choices[];
