/*
 * Messages between two of our processes, cut into packets of a socket that keeps their
 * bounds (SOCK_SEQPACKET): packets of several messages may be mixed.  Bytes in, messages
 * out; nothing here reads or writes a socket.
 */
#pragma once

#include "store/db.h"

enum { PACKET = 32 << 10, PACKET_HEAD = 40, PACKET_TEXT = PACKET - PACKET_HEAD, INBOX_PARTS = 32 };

/* Both ends are the same program: no byte order, no version. */
struct packet_head {
	uint32_t magic, op;
	uint64_t id;                    /* of the question, and of its answer; 0: of none */
	uint32_t total, at;             /* bytes of the message; where this part goes */
	uint32_t kind;                  /* of an answer: enum err_kind */
	uint32_t ms;                    /* of a question: how long it is waited for */
	uint64_t zero;
};

struct packet_part {
	struct packet_head head;        /* id 0: free */
	unsigned char *text;            /* owned; total bytes and a NUL */
	uint32_t got;
	uint64_t turn;                  /* the oldest gives way */
};

struct inbox {
	size_t most;                    /* bytes of a message */
	int nparts;                     /* messages that may be under way, <= INBOX_PARTS */
	uint64_t turn;
	struct packet_part parts[INBOX_PARTS];
};

struct message {
	struct packet_head head;
	struct bytes text;              /* a NUL follows */
	unsigned char *own;             /* free() it when done; may be NULL */
};

enum packet_taken {
	PACKET_PART,                    /* more of it must come, or it was no packet of ours */
	PACKET_WHOLE,                   /* *out is a message */
	PACKET_REFUSED,                 /* too long, or out of order: out->head names it */
};

/*
 * Takes one packet; p has room for one byte after n, which is changed.  The text of a
 * message of one packet is in p itself.
 */
enum packet_taken inbox_take(struct inbox *in, unsigned char *p, size_t n,
			     struct message *out);
void inbox_free(struct inbox *in);

/* Writes the packet of a message that starts at head->at; returns its bytes, and moves
 * head->at to the next (head->total: it was the last). */
size_t packet_write(struct packet_head *head, const void *text, unsigned char out[PACKET]);
