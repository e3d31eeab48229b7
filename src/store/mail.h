/*
 * A mail: its bytes (RFC 5322, MIME), and one server that takes it (SMTP or SMTPS by
 * libcurl).
 *
 * Text first, HTML beside it (multipart/alternative); UTF-8 as quoted-printable, so that
 * every line is ASCII and short and needs no extension of any server on the way (8BITMIME,
 * which libcurl cannot declare); other fields as encoded words (RFC 2047).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct mail {
	const char *from;               /* "ne-pas-repondre@exemple.fr" */
	const char *from_name;          /* "Aide numérique"; "" when there is none */
	const char *reply_to;           /* "" when there is none */
	const char *to;
	const char *subject;            /* one line of UTF-8 */
	const char *text, *html;        /* UTF-8, \n; html may be NULL */
	const char *lang;               /* "fr" */
	const char *id;                 /* unique: becomes the Message-ID */
	int64_t date;                   /* ms */
};

enum { MAIL_MOST = 256 << 10 };         /* bytes of a mail on the wire */

/*
 * Writes the whole mail, lines ended by CRLF.  E_INPUT for a line break or a control sign
 * in an address, a name or the subject; E_LIMIT past MAIL_MOST.
 */
bool mail_write(const struct mail *m, struct buf *out, struct err *e);

/* "Aide numérique <a@exemple.fr>" or "a@exemple.fr", in two parts that live in `a`. */
bool mail_sender_read(struct arena *a, const char *text, const char **name,
		      const char **address, struct err *e);

/* --- the server ------------------------------------------------------------------------- */

struct smtp {
	const char *url;                /* "smtp://host:587" or "smtps://host:465" */
	const char *user, *password;    /* NULL: no login */
	const char *ca_file;            /* NULL: the authorities of the system */
	const char *helo;               /* our name; NULL: that of the machine */
	bool clear;                     /* smtp:// without TLS */
	int timeout_ms;                 /* 0: 30 s */
};

/* What a server said of one mail. */
enum mail_verdict {
	MAIL_TAKEN,
	MAIL_REFUSED,           /* 5xx for this recipient or this content: never again */
	MAIL_LATER,             /* 4xx for this mail: another may pass */
	MAIL_SICK,              /* the server itself: connection, login, 421, wrong sender */
};

struct mail_answer {
	enum mail_verdict verdict;
	int code;                       /* last of the server, 0 when it said none */
	/* 0 "connexion", "expéditeur", "destinataire", "contenu": where it stopped */
	const char *stage;
};

/*
 * Gives one mail to the server and waits for its answer (see also store/curl.h).  True
 * when the exchange could be begun: the answer tells what came of it, `e` why when it is
 * not MAIL_TAKEN.  E_INPUT when `to` or the settings cannot be.
 */
bool mail_send(const struct smtp *s, const struct mail *m, struct mail_answer *out,
	       struct err *e);
