#include "test.h"

#include "web/session.h"

static struct box box_now(void)
{
	struct box b;

	box_make(&env_test, &b);
	return b;
}

TEST("what a visitor answered comes back with the cookie")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	struct box box = box_now();
	struct session s, back = { 0 };
	char cookie[SESSION_COOKIE];

	session_new(&s, &box, &env_test);
	session_set(&s, &a, "commune", "93010");
	session_set(&s, &a, "besoin", "été");
	session_set(&s, &a, "commune", "93008");
	holds(s.changed);
	session_seal(&s, &box, &env_test, cookie);
	holds(session_open(&back, &box, &env_test, &a, cookie, strlen(cookie)));
	same(session_get(&back, "commune"), "93008");
	same(session_get(&back, "besoin"), "été");
	equals(session_get(&back, "nom") == NULL, 1);
	equals(back.n, 2);
	same(back.csrf, s.csrf);
	holds(back.known && !back.changed);
	holds(session_token_is(&back, s.csrf));
}

TEST("a cookie shows nothing of what it keeps")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	struct box box = box_now();
	struct session s;
	char one[SESSION_COOKIE], two[SESSION_COOKIE];

	session_new(&s, &box, &env_test);
	session_set(&s, &a, "commune", "93010");
	session_seal(&s, &box, &env_test, one);
	session_seal(&s, &box, &env_test, two);
	holds(!strstr(one, "93010"));
	holds(strcmp(one, two));
}

TEST("a cookie lasts ten minutes, then says that it was too old")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	struct box box = box_now();
	struct session s, back = { 0 };
	char cookie[SESSION_COOKIE];

	test_time_set("2026-11-22T10:00:00Z");
	session_new(&s, &box, &env_test);
	session_set(&s, &a, "commune", "93010");
	session_seal(&s, &box, &env_test, cookie);
	test_time_set("2026-11-22T10:10:00Z");
	holds(session_open(&back, &box, &env_test, &a, cookie, strlen(cookie)));
	test_time_set("2026-11-22T10:10:01Z");
	back = (struct session){ 0 };
	holds(!session_open(&back, &box, &env_test, &a, cookie, strlen(cookie)));
	holds(back.expired);
	equals(back.n, 0);
	test_time_set("2026-11-22T10:00:00Z");
}

TEST("an altered cookie, or one of another key, is nobody's")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	struct box box = box_now(), other = box_now();
	struct session s, back = { 0 };
	char cookie[SESSION_COOKIE];

	session_new(&s, &box, &env_test);
	session_seal(&s, &box, &env_test, cookie);
	holds(!session_open(&back, &other, &env_test, &a, cookie, strlen(cookie)));
	cookie[20] = cookie[20] == 'A' ? 'B' : 'A';
	holds(!session_open(&back, &box, &env_test, &a, cookie, strlen(cookie)));
	holds(!session_open(&back, &box, &env_test, &a, "", 0));
	holds(!session_open(&back, &box, &env_test, &a, "tremplin", 8));
	holds(!back.expired && !back.known);
}

TEST("two visitors never share a token, and no other token opens")
{
	struct box box = box_now();
	struct session one, two;

	session_new(&one, &box, &env_test);
	session_new(&two, &box, &env_test);
	holds(strcmp(one.csrf, two.csrf));
	equals(strlen(one.csrf), 43);
	holds(!session_token_is(&one, two.csrf));
	holds(!session_token_is(&one, ""));
	holds(!session_token_is(&one, NULL));
}

TEST("a session has a ceiling, and stays readable at it")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	struct box box = box_now();
	struct session s, back = { 0 };
	char cookie[SESSION_COOKIE], key[16], value[101];

	memset(value, 'x', 100);
	value[100] = '\0';
	session_new(&s, &box, &env_test);
	for (int i = 0; i < 100; i++) {
		snprintf(key, sizeof key, "k%02d", i);
		session_set(&s, &a, key, value);
	}
	equals(s.n, SESSION_BYTES / 105);
	session_seal(&s, &box, &env_test, cookie);
	holds(strlen(cookie) < 3800);           /* browsers keep 4096 bytes with name and attributes */
	holds(session_open(&back, &box, &env_test, &a, cookie, strlen(cookie)));
	equals(back.n, s.n);
	for (int i = 0; i < 100; i++) {
		snprintf(key, sizeof key, "k%02d", i);
		session_set(&s, &a, key, NULL);
	}
	equals(s.n, 0);
	for (int i = 0; i < 100; i++) {
		snprintf(key, sizeof key, "k%02d", i);
		session_set(&s, &a, key, "");
	}
	equals(s.n, SESSION_VALUES);
}

TEST("what belongs to logins outlasts the ten minutes with the language, and nothing else does")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	struct box box = box_now();
	struct session s, back = { 0 };
	char cookie[SESSION_COOKIE];

	test_time_set("2026-11-22T10:00:00Z");
	session_new(&s, &box, &env_test);
	session_set(&s, &a, "commune", "93010");
	session_set(&s, &a, ".agent", "un jeton");
	session_set(&s, &a, "langue", "en");
	session_seal(&s, &box, &env_test, cookie);
	test_time_set("2026-11-22T10:10:00Z");
	holds(session_open(&back, &box, &env_test, &a, cookie, strlen(cookie)));
	same(session_get(&back, "commune"), "93010");
	test_time_set("2026-11-22T10:10:01Z");
	holds(session_open(&back, &box, &env_test, &a, cookie, strlen(cookie)));
	same(session_get(&back, ".agent"), "un jeton");
	same(session_get(&back, "langue"), "en");
	holds(!session_get(&back, "commune"));
	holds(back.known && back.changed);
	test_time_set("2026-11-22T22:00:01Z");
	back = (struct session){ 0 };
	holds(!session_open(&back, &box, &env_test, &a, cookie, strlen(cookie)));
	holds(back.expired);
}

TEST("a renewed session has another token, and keeps what it knew")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	struct box box = box_now();
	struct session next, s, before;

	session_new(&next, &box, &env_test);
	session_new(&s, &box, &env_test);
	session_set(&s, &a, ".agent", "un jeton");
	s.next = &next;
	before = s;
	session_renew(&s);
	holds(strcmp(s.csrf, before.csrf));
	holds(memcmp(s.id, before.id, SESSION_ID));
	holds(!session_token_is(&s, before.csrf));
	same(session_get(&s, ".agent"), "un jeton");
	holds(s.changed);
}
