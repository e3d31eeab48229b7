#include "admit/courriel.h"

#include <ctype.h>
#include <string.h>

#include "web/i18n.h"

enum { MOST = 254, LOCAL_MOST = 64 };

/* RFC 5321 "dot-atom": what providers really give. */
static bool is_local(const char *s, size_t n)
{
	if (!n || n > LOCAL_MOST || s[0] == '.' || s[n - 1] == '.')
		return false;
	for (size_t i = 0; i < n; i++) {
		if ((!isalnum((unsigned char)s[i]) && !strchr("!#$%&'*+-/=?^_`{|}~.", s[i]))
		    || (s[i] == '.' && s[i + 1] == '.'))
			return false;
	}
	return true;
}

static bool is_label(const char *s, size_t n)
{
	if (!n || n > 63 || s[0] == '-' || s[n - 1] == '-')
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!isalnum((unsigned char)s[i]) && s[i] != '-')
			return false;
	}
	return true;
}

static bool is_domain(const char *s)
{
	int labels = 0;

	for (;; s++) {
		size_t n = strcspn(s, ".");

		if (!is_label(s, n))
			return false;
		labels++;
		s += n;
		if (!*s)
			return labels > 1 && n > 1;
	}
}

const char *courriel_read(struct arena *a, const char *typed, struct err *e)
{
	const char *start = typed + strspn(typed, " \t"), *at;
	size_t n = strlen(start);
	char *out;

	while (n && (start[n - 1] == ' ' || start[n - 1] == '\t'))
		n--;
	out = arena_alloc(a, n + 1);
	if (!out) {
		arena_refuse(a, e);
		return NULL;
	}
	for (size_t i = 0; i < n; i++)
		out[i] = (char)tolower((unsigned char)start[i]);
	at = strrchr(out, '@');
	if (n <= MOST && at && is_local(out, (size_t)(at - out)) && is_domain(at + 1))
		return out;
	fail(e, E_INPUT, "%s", strpbrk(start, "\r\n") ?
	     N_("Une adresse e-mail tient sur une seule ligne.") :
	     N_("Cette adresse e-mail n’est pas écrite comme il faut."));
	hint(e, "%s", N_("Une adresse s’écrit comme amina.benali@ville.fr, sans espace ni accent."));
	return NULL;
}
