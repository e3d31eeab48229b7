/*
 * Tests read as sentences: TEST("a mandat that ended cannot be revoked") { ... }.
 * They register themselves, run in any order, in one process (tests/test_main.c);
 * the assertions are those of cmocka.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#undef fail                      /* ours fills a struct err */
#undef fail_msg                  /* cmocka's ends in its own `fail` */
#define fail_msg(...) do { \
	print_error("ERROR: " __VA_ARGS__); print_error("\n"); \
	_fail(__FILE__, __LINE__); } while (0)

#include "base/arena.h"
#include "base/env.h"
#include "base/err.h"

void test_register(const char *name, const char *file, void (*body)(void **));

#define TEST_(sentence, n) TEST__(sentence, n)
#define TEST__(sentence, n) \
	static void test_##n(void **state); \
	__attribute__((constructor)) static void test_reg_##n(void) \
	{ test_register(sentence, __FILE__, test_##n); } \
	static void test_##n(__attribute__((unused)) void **state)
#define TEST(sentence) TEST_(sentence, __LINE__)

#define equals(a, b) assert_int_equal((intmax_t)(a), (intmax_t)(b))
#define same(a, b) assert_string_equal((a), (b))
#define holds(x) assert_true(x)
#define near_to(a, b, by) holds(fabs((double)(a) - (double)(b)) <= (by))

/* The call succeeds; otherwise its error is printed. */
#define accepts(call, e) do { if (!(call)) fail_msg("%s (%s)", (e)->msg, (e)->hint); } while (0)
/* The call refuses with this kind of error, and says something. */
#define refuses(kind_, call, e) do { \
	if (call) fail_msg("accepted: %s", #call); \
	if ((e)->kind != (kind_)) fail_msg("kind %d, not %d: %s", (e)->kind, (kind_), (e)->msg); \
	assert_true((e)->msg[0]); } while (0)

/* A frozen clock (2026-11-22T10:00:00Z until test_time_set) and a repeatable chance. */
extern const struct env env_test;
void test_time_set(const char *iso);

/* A new empty folder that is removed when the process ends. */
const char *test_dir(void);

/* A file of ../shared/data, or NULL (then call skip_without(...)): tests with real data
 * are skipped, with a word, where it is absent. */
const char *real_data(const char *name);
#define needs_data(path, name) const char *path = real_data(name); \
	if (!path) { print_message("needs ../shared/data/%s\n", name); skip(); }
