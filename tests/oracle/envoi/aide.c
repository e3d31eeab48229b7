/*
 * aide gsm                     units in GSM 7 bit of each character, a line each
 * aide parts < TEXTS           "alphabet parts" of each text, a JSON string a line
 * aide numeros < NUMBERS       "+336... mobile", or "-", a line each
 * aide mettre DIR N [FROM]     puts N SMS in the queue of a folder: "message FROM.."
 * aide courriel NAME SUBJECT TEXT      the bytes of a mail
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/env.h"
#include "format/json.h"
#include "store/db.h"
#include "store/envoi.h"
#include "store/mail.h"
#include "store/sms.h"
#include "store/telephone.h"

static int refused(const struct err *e)
{
	fprintf(stderr, "%s %s\n", e->msg, e->hint);
	return 1;
}

static int gsm(void)
{
	for (uint32_t c = 0; c < 0x10000; c++)
		printf("%d\n", sms_gsm7(c));
	return 0;
}

static int parts(void)
{
	char line[16000];

	while (fgets(line, sizeof line, stdin)) {
		char whole[16100];
		json_t *j;
		struct err e;
		struct sms_cost k;

		snprintf(whole, sizeof whole, "[%s]", line);
		if (!json_read(whole, strlen(whole), &j, &e))
			return refused(&e);
		k = sms_cost(json_string_value(json_array_get(j, 0)));
		printf("%s %zu\n", k.alphabet == SMS_GSM7 ? "gsm7" : "ucs2", k.segments);
		json_decref(j);
	}
	return 0;
}

static int numbers(void)
{
	static const char *const kinds[] = { "mobile", "fixe", "etranger" };
	char line[200];

	while (fgets(line, sizeof line, stdin)) {
		struct telephone t;
		struct err e;

		line[strcspn(line, "\n")] = '\0';
		if (telephone_read(line, NULL, &t, &e))
			printf("%s %s\n", t.e164, kinds[t.kind]);
		else
			puts("-");
	}
	return 0;
}

struct lot {
	long from, n;
};

static bool put(struct tx *tx, void *arg, struct err *e)
{
	const struct lot *l = arg;

	for (long i = l->from; i < l->from + l->n; i++) {
		char to[20], text[40], id[UUID_TEXT];
		struct envoi m = { .canal = ENVOI_SMS, .genre = "essai", .destinataire = to, .texte = text };

		snprintf(to, sizeof to, "+336%08ld", 10000000 + i);
		snprintf(text, sizeof text, "message %ld", i);
		if (!envoi_put(tx, &m, id, e))
			return false;
	}
	return true;
}

static int fill(const char *dir, long n, long from)
{
	struct store *s;
	struct err e;

	if (!store_open(dir, STORE_COMMAND, &env_system, &s, &e))
		return refused(&e);
	for (long i = 0; i < n; i += 500) {
		struct lot l = { from + i, n - i < 500 ? n - i : 500 };

		if (!store_write(s, put, &l, &e))
			return refused(&e);
	}
	store_close(s);
	return 0;
}

static int mail(const char *name, const char *subject, const char *text)
{
	struct buf b = buf_new(MAIL_MOST);
	struct mail m = { .from = "aide@exemple.fr", .from_name = name, .reply_to = "",
		.to = "amina@exemple.fr", .subject = subject, .text = text, .html = text, .lang = "fr",
		.id = "0199", .date = 1795514400000 };
	struct err e;

	if (!mail_write(&m, &b, &e))
		return refused(&e);
	fwrite(b.p, 1, b.n, stdout);
	buf_free(&b);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "gsm"))
		return gsm();
	if (argc > 1 && !strcmp(argv[1], "parts"))
		return parts();
	if (argc > 1 && !strcmp(argv[1], "numeros"))
		return numbers();
	if (argc > 3 && !strcmp(argv[1], "mettre"))
		return fill(argv[2], strtol(argv[3], NULL, 10), argc > 4 ? strtol(argv[4], NULL, 10) : 0);
	if (argc > 4 && !strcmp(argv[1], "courriel"))
		return mail(argv[2], argv[3], argv[4]);
	fputs("aide gsm | parts | numeros | mettre DIR N [FROM] | courriel NAME SUBJECT TEXT\n", stderr);
	return 2;
}
