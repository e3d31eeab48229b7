/* totp < "BASE32 SECONDS PERIOD DIGITS" lines: the code of each, as totp_code makes it. */
#include <stdio.h>

#include "crypto/totp.h"

int main(void)
{
	char text[200], seed[TOTP_SEED_MOST], code[9];
	long long seconds;
	int period, digits;
	struct err e = { 0 };
	size_t n;

	while (scanf("%199s %lld %d %d", text, &seconds, &period, &digits) == 4) {
		bool ok = base32_read(text, seed, sizeof seed, &n)
			  && totp_code(seed, n, seconds / period, digits, code, &e);

		puts(ok ? code : "refused");
	}
	return 0;
}
