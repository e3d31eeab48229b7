/* floor: 100 edges */
/*
 * What people choose as a password: any bytes get an answer, and one that is taken is long
 * enough, valid, and is taken again.
 */
#include <stdlib.h>
#include <string.h>

#include "admit/mot_de_passe.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const char *const about[] = { "Amina", "Benali", "amina.b", "amina@exemple.fr", NULL };
	static const char *const nobody[] = { NULL };
	char text[600];
	size_t length;

	if (n >= sizeof text)
		return 0;
	memcpy(text, p, n);
	text[n] = '\0';
	if (mot_de_passe_refus(text, about))
		return 0;
	length = utf8_length(text);
	if (!utf8_valid(text, strlen(text)) || length < MOT_DE_PASSE_LEAST
	    || length > MOT_DE_PASSE_MOST || mot_de_passe_refus(text, nobody))
		abort();
	return 0;
}
