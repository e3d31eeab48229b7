/*
 * Errors are values.  A function that can fail returns bool and takes `struct err *e`
 * last; false means that `e` says what happened, in a sentence for the person who asked.
 *
 * The kind decides the HTTP status and the exit code (err_status, err_exit), the sentence
 * is a fact without blame or function name, the hint says what to do.
 */
#pragma once

#include <stdbool.h>

#define CLEANUP(fn) __attribute__((cleanup(fn)))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define MUST_CHECK __attribute__((warn_unused_result))

enum err_kind {
	E_OK,
	E_INPUT,        /* what was given cannot be understood: 400, exit 1 */
	E_DENIED,       /* not allowed to this agent: 403 */
	E_MISSING,      /* nothing has this name: 404 */
	E_CONFLICT,     /* true, but not now: 409 */
	E_LIMIT,        /* more than we accept: 413 */
	E_BUSY,         /* try again in a moment: 503 */
	E_STORE,        /* disk or database: 500, nothing was changed */
	E_REMOTE,       /* another server did not answer: 502 */
};

struct err {
	enum err_kind kind;
	char msg[320];          /* UTF-8, one sentence, never empty after a failure */
	char hint[240];         /* what to do; may be empty */
};

/* Fills `e` and returns false, so that a refusal reads `return fail(e, E_INPUT, ...)`. */
bool fail(struct err *e, enum err_kind kind, const char *fmt, ...) PRINTF(3, 4);

/* Adds what to do to an error that `fail` has filled; returns false. */
bool hint(struct err *e, const char *fmt, ...) PRINTF(2, 3);

/* Puts words before the sentence, "communes.csv:12: ..."; returns false. */
bool fail_at(struct err *e, const char *file, long line);

int err_status(enum err_kind kind);     /* HTTP status, 200 for E_OK */
int err_exit(enum err_kind kind);       /* exit code: 0, or 1 when refused or failed */
