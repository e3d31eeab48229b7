#include "test.h"

#include "crypto/totp.h"

static const char seed[] = "12345678901234567890";      /* of RFC 6238, appendix B */
enum { SEED = sizeof seed - 1, PERIOD = 30 };

static struct totp_answer checked(struct totp_ask ask)
{
	struct totp_answer out;
	struct err e = { 0 };

	accepts(totp_check(seed, SEED, &ask, &out, &e), &e);
	return out;
}

static const char *code_at(int64_t seconds, int digits)
{
	static char out[9];
	struct err e = { 0 };

	accepts(totp_code(seed, SEED, seconds / PERIOD, digits, out, &e), &e);
	return out;
}

TEST("one-time codes are those of RFC 6238, appendix B")
{
	same(code_at(59, 8), "94287082");
	same(code_at(1111111109, 8), "07081804");
	same(code_at(1111111111, 8), "14050471");
	same(code_at(1234567890, 8), "89005924");
	same(code_at(2000000000, 8), "69279037");
	same(code_at(20000000000, 8), "65353130");
}

TEST("a code is accepted within its tolerance, and its step is told")
{
	struct totp_ask ask = { .code = "050 471", .now = 1111111111000, .step = PERIOD,
				.digits = 6, .tolerance = 1 };
	struct totp_answer got = checked(ask);

	holds(got.ok);
	equals(got.step, 1111111111 / PERIOD);
	equals(got.drift, 0);
	ask.now += PERIOD * 1000;                       /* a step late */
	got = checked(ask);
	holds(got.ok);
	equals(got.drift, -1);
	ask.now += PERIOD * 1000;                       /* two */
	holds(!checked(ask).ok);
	ask.drift = -1;                                 /* but known to be late */
	got = checked(ask);
	holds(got.ok);
	equals(got.drift, -2);
}

TEST("a code is accepted once, and none that is older afterwards")
{
	struct totp_ask ask = { .code = "081804", .now = 1111111109000, .step = PERIOD,
				.digits = 6, .tolerance = 2 };
	struct totp_answer got = checked(ask);

	holds(got.ok);
	ask.last = got.step;
	got = checked(ask);
	holds(!got.ok && got.replayed);
	ask.last = 1111111111 / PERIOD;                 /* the next one was accepted */
	got = checked(ask);
	holds(!got.ok && got.replayed);
	ask.code = "081805";
	got = checked(ask);
	holds(!got.ok && !got.replayed);
}

TEST("what is no code of so many digits is wrong, not an error")
{
	static const char *const typed[] = { "", "      ", "08180", "0818044", "08180a", "-81804",
					     "081804\n", "٠٨١٨٠٤" };
	struct totp_ask ask = { .now = 1111111109000, .step = PERIOD, .digits = 6,
				.tolerance = 30 };

	for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
		ask.code = typed[i];
		holds(!checked(ask).ok);
	}
}

TEST("a check of a code that is asked out of its ranges is refused")
{
	struct totp_ask good = { .code = "081804", .now = 1, .step = 30, .digits = 6 };
	struct totp_ask bad[7] = { good, good, good, good, good, good, good };
	struct totp_answer out;
	struct err e = { 0 };

	bad[0].step = 0, bad[1].step = 45, bad[2].digits = 9, bad[3].tolerance = 31;
	bad[4].drift = 2001, bad[5].now = -1, bad[6].code = NULL;
	for (int i = 0; i < 7; i++)
		refuses(E_INPUT, totp_check(seed, SEED, &bad[i], &out, &e), &e);
	refuses(E_INPUT, totp_check(seed, 9, &good, &out, &e), &e);
	refuses(E_INPUT, totp_check(seed, 65, &good, &out, &e), &e);
}

TEST("base32 is that of RFC 4648, section 10")
{
	static const char *const pairs[][2] = {
		{ "", "" }, { "f", "MY" }, { "fo", "MZXQ" }, { "foo", "MZXW6" },
		{ "foob", "MZXW6YQ" }, { "fooba", "MZXW6YTB" }, { "foobar", "MZXW6YTBOI" },
	};

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		char text[32], back[8];
		size_t n;

		base32_write(pairs[i][0], strlen(pairs[i][0]), text);
		same(text, pairs[i][1]);
		holds(base32_read(pairs[i][1], back, sizeof back, &n));
		equals(n, strlen(pairs[i][0]));
		assert_memory_equal(back, pairs[i][0], n);
	}
}

TEST("base32 is read as people copy it, and nothing else")
{
	char back[6];
	size_t n;

	holds(base32_read("mzxw 6ytb-oi======", back, sizeof back, &n));
	equals(n, 6);
	holds(!base32_read("MZXW6YTBOI", back, 5, &n));         /* does not fit */
	holds(!base32_read("MZXW1", back, sizeof back, &n));    /* 1 is no sign of it */
	holds(!base32_read("MZ", back, sizeof back, &n));       /* bits are left over */
	holds(!base32_read("MY=A", back, sizeof back, &n));
	holds(!base32_read("M", back, sizeof back, &n));
}
