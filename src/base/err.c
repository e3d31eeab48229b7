#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

bool fail(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	va_list ap;

	e->kind = kind;
	e->hint[0] = '\0';
	va_start(ap, fmt);
	vsnprintf(e->msg, sizeof e->msg, fmt, ap);
	va_end(ap);
	utf8_trim_end(e->msg);
	return false;
}

bool hint(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e->hint, sizeof e->hint, fmt, ap);
	va_end(ap);
	utf8_trim_end(e->hint);
	return false;
}

bool fail_at(struct err *e, const char *file, long line)
{
	char msg[sizeof e->msg];

	char place[96];
	int n;

	if (line > 0)
		n = snprintf(place, sizeof place, "%.70s:%ld: ", file, line);
	else
		n = snprintf(place, sizeof place, "%.90s: ", file);
	memcpy(msg, e->msg, sizeof msg);
	memcpy(e->msg, place, (size_t)n);
	memcpy(e->msg + n, msg, sizeof msg - (size_t)n);
	e->msg[sizeof e->msg - 1] = '\0';
	utf8_trim_end(e->msg);
	return false;
}

int err_status(enum err_kind kind)
{
	switch (kind) {
	case E_OK:       return 200;
	case E_INPUT:    return 400;
	case E_DENIED:   return 403;
	case E_MISSING:  return 404;
	case E_CONFLICT: return 409;
	case E_LIMIT:    return 413;
	case E_BUSY:     return 503;
	case E_REMOTE:   return 502;
	case E_STORE:    break;
	}
	return 500;
}

int err_exit(enum err_kind kind)
{
	return kind == E_OK ? 0 : 1;
}
