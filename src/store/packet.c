#include "store/packet.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { MAGIC = 0x74726d70 };

static_assert(sizeof(struct packet_head) == PACKET_HEAD, "no hole in the head");

static void part_free(struct packet_part *p)
{
	free(p->text);
	*p = (struct packet_part){ 0 };
}

static struct packet_part *part_find(struct inbox *in, uint64_t id)
{
	for (int i = 0; i < in->nparts; i++) {
		if (in->parts[i].head.id == id)
			return &in->parts[i];
	}
	return NULL;
}

/* A free place, or that of the message that was begun first. */
static struct packet_part *part_place(struct inbox *in)
{
	struct packet_part *oldest = &in->parts[0];

	for (int i = 0; i < in->nparts; i++) {
		if (!in->parts[i].head.id)
			return &in->parts[i];
		if (in->parts[i].turn < oldest->turn)
			oldest = &in->parts[i];
	}
	part_free(oldest);
	return oldest;
}

static struct packet_part *part_begin(struct inbox *in, const struct packet_head *h)
{
	struct packet_part *p = part_place(in);

	*p = (struct packet_part){ .head = *h, .turn = ++in->turn,
				   .text = malloc((size_t)h->total + 1) };
	if (p->text)
		return p;
	part_free(p);
	return NULL;
}

static enum packet_taken refuse(struct packet_part *p)
{
	if (p)
		part_free(p);
	return PACKET_REFUSED;
}

/* One of several packets. */
static enum packet_taken take_part(struct inbox *in, const unsigned char *p, size_t n,
				   struct message *out)
{
	const struct packet_head *h = &out->head;
	struct packet_part *part = part_find(in, h->id);

	if (!h->at && part)
		return refuse(part);
	if (!h->at)
		part = part_begin(in, h);
	if (!part || part->got != h->at || part->head.total != h->total || !n
	    || n > h->total - h->at)
		return refuse(part);
	memcpy(part->text + h->at, p, n);
	part->got += (uint32_t)n;
	if (part->got < h->total)
		return PACKET_PART;
	part->text[h->total] = '\0';
	*out = (struct message){ part->head, { part->text, h->total }, part->text };
	*part = (struct packet_part){ 0 };
	return PACKET_WHOLE;
}

enum packet_taken inbox_take(struct inbox *in, unsigned char *p, size_t n,
			     struct message *out)
{
	struct packet_head h;

	*out = (struct message){ 0 };
	if (n < PACKET_HEAD || n > PACKET)
		return PACKET_PART;
	memcpy(&h, p, PACKET_HEAD);
	if (h.magic != MAGIC || (!h.id && h.total != n - PACKET_HEAD))
		return PACKET_PART;
	out->head = h;
	if (h.total > in->most || h.at > h.total)
		return refuse(part_find(in, h.id));
	if (h.total != n - PACKET_HEAD || h.at)
		return take_part(in, p + PACKET_HEAD, n - PACKET_HEAD, out);
	p[n] = '\0';
	out->text = (struct bytes){ p + PACKET_HEAD, h.total };
	return PACKET_WHOLE;
}

void inbox_free(struct inbox *in)
{
	for (int i = 0; i < in->nparts; i++)
		part_free(&in->parts[i]);
}

size_t packet_write(struct packet_head *head, const void *text, unsigned char out[PACKET])
{
	size_t n = head->total - head->at;

	if (n > PACKET_TEXT)
		n = PACKET_TEXT;
	head->magic = MAGIC;
	memcpy(out, head, PACKET_HEAD);
	if (n)
		memcpy(out + PACKET_HEAD, (const char *)text + head->at, n);
	head->at += (uint32_t)n;
	return PACKET_HEAD + n;
}
