#include "store/mail.h"

#include "test.h"

static struct mail a_mail(void)
{
	return (struct mail){ .from = "ne-pas-repondre@exemple.fr", .from_name = "Aide", .reply_to = "",
		.to = "amina@exemple.fr", .subject = "Bonjour", .text = "Bonjour", .lang = "fr", .id = "0199",
		.date = 1795514400000 };
}

static const char *written(struct arena *a, const struct mail *m)
{
	CLEANUP(buf_free) struct buf b = buf_new(MAIL_MOST);
	struct err e;

	accepts(mail_write(m, &b, &e), &e);
	return arena_strn(a, b.p, b.n);
}

TEST("a mail has its date, its sender, its name and its text, in lines that end as they must")
{
	struct arena a = arena_new(1 << 20);
	struct mail m = a_mail();
	const char *text = written(&a, &m);

	holds(strstr(text, "Date: Tue, 24 Nov 2026 10:00:00 +0000\r\n"));
	holds(strstr(text, "From: \"Aide\"\r\n <ne-pas-repondre@exemple.fr>\r\n"));
	holds(strstr(text, "To: amina@exemple.fr\r\n"));
	holds(strstr(text, "Subject: Bonjour\r\n"));
	holds(strstr(text, "Message-ID: <0199@exemple.fr>\r\n"));
	holds(strstr(text, "Auto-Submitted: auto-generated\r\n"));
	holds(strstr(text, "\r\n\r\nBonjour\r\n"));
	for (const char *p = text; *p; p++)
		holds(*p != '\n' || (p > text && p[-1] == '\r'));
	arena_free(&a);
}

TEST("no line of a mail is longer than 78 signs, and each is ASCII")
{
	struct arena a = arena_new(1 << 20);
	struct mail m = a_mail();
	const char *text;
	size_t column = 0;

	m.from_name = "Département de la Seine-Saint-Denis, aide aux démarches numériques et à l’accès aux droits";
	m.subject = "Une très longue phrase d’objet, avec des accents éèàùç et un emoji 😀, qui ne tient pas en une ligne";
	m.text = "élan élan élan élan élan élan élan élan élan élan élan élan élan élan élan élan élan élan élan\n"
		".\n..\nFrom moi\n=3D\nfin de ligne avec un espace \n\t\n";
	m.html = "<p>😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀</p>";
	text = written(&a, &m);
	for (const char *p = text; *p; p++) {
		holds((unsigned char)*p < 0x80);
		column = *p == '\n' ? 0 : column + 1;
		holds(column <= 79);            /* the CR counts here */
	}
	holds(strstr(text, "\r\n=2E\r\n") && !strstr(text, "\r\n.\r\n"));
	holds(strstr(text, "\r\n=46rom moi\r\n"));
	holds(strstr(text, "espace=20\r\n") && strstr(text, "\r\n=3D3D\r\n"));
	arena_free(&a);
}

TEST("a line break in an address, a name or an object is refused")
{
	static const char *const bad[] = { "a\r\nBcc: x@exemple.fr", "a\nb", "a\rb", "a\x01", "a\x7f" };
	CLEANUP(buf_free) struct buf b = buf_new(MAIL_MOST);
	struct err e;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct mail subject = a_mail(), name = a_mail(), to = a_mail(), from = a_mail(), reply = a_mail();

		subject.subject = name.from_name = to.to = from.from = reply.reply_to = bad[i];
		refuses(E_INPUT, mail_write(&subject, &b, &e), &e);
		refuses(E_INPUT, mail_write(&name, &b, &e), &e);
		refuses(E_INPUT, mail_write(&to, &b, &e), &e);
		refuses(E_INPUT, mail_write(&from, &b, &e), &e);
		refuses(E_INPUT, mail_write(&reply, &b, &e), &e);
	}
}

TEST("a sender is a name with its address, or an address alone")
{
	static const char *const bad[] = { "", "Aide", "Aide <>", "Aide <a@b>", "<a@exemple.fr", "a@exemple.fr>",
		"Aide <a@exemple.fr> x", "Ai\nde <a@exemple.fr>" };
	struct arena a = arena_new(1 << 16);
	const char *name, *address;
	struct err e;

	accepts(mail_sender_read(&a, "Aide numérique <aide@exemple.fr>", &name, &address, &e), &e);
	same(name, "Aide numérique");
	same(address, "aide@exemple.fr");
	accepts(mail_sender_read(&a, "aide@exemple.fr", &name, &address, &e), &e);
	same(name, "");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		refuses(E_INPUT, mail_sender_read(&a, bad[i], &name, &address, &e), &e);
	arena_free(&a);
}

TEST("a password does not leave in the clear towards another machine")
{
	struct smtp s = { .url = "smtp://smtp.exemple.fr:25", .user = "u", .password = "p", .clear = true };
	struct mail m = a_mail();
	struct mail_answer answer;
	struct err e;

	refuses(E_INPUT, mail_send(&s, &m, &answer, &e), &e);
	s.url = "http://smtp.exemple.fr";
	refuses(E_INPUT, mail_send(&s, &m, &answer, &e), &e);
	s = (struct smtp){ .url = "smtp://127.0.0.1:1", .user = "u", .password = "p", .clear = true };
	accepts(mail_send(&s, &m, &answer, &e), &e);    /* asked, and nobody listens */
	equals(answer.verdict, MAIL_SICK);
	same(answer.stage, "connexion");
}
