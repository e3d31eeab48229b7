#include "format/media.h"

#include <stdlib.h>

#include "test.h"

/* Smallest files that are whole: written by hand from RFC 7845, RIFF, ISO 14496-12, Matroska. */
#define WAV_HEAD "RIFF\x34\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\x10\0\0\0"
static const char wav[] = WAV_HEAD "0123456789abcdef";
static const char ogg[] =
	"OggS\0\x02\0\0\0\0\0\0\0\0" "ser1" "\0\0\0\0" "crc1" "\x01\x13" "OpusHead\x01\x01\x38\x01\x80\xbb\0\0\0\0\0"
	"OggS\0\x04\xb8\xbc\0\0\0\0\0\0" "ser1" "\x01\0\0\0" "crc2" "\x01\x04" "data";
static const char m4a[] =
	"\0\0\0\x10" "ftypM4A \0\0\0\0"
	"\0\0\0\x58" "moov"
	"\0\0\0\x24" "mvhd\0\0\0\0\0\0\0\0\0\0\0\0" "\0\0\x03\xe8" "\0\0\x09\xc4" "\0\0\0\0\0\0\0\0"
	"\0\0\0\x2c" "trak" "\0\0\0\x24" "mdia" "\0\0\0\x1c" "hdlr\0\0\0\0\0\0\0\0" "soun" "\0\0\0\0\0\0\0\0"
	"\0\0\0\x0c" "mdat" "data";
static const char weba[] =
	"\x1a\x45\xdf\xa3\x87\x42\x82\x84" "webm"
	"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff"
	"\x16\x54\xae\x6b\x85\xae\x83\x83\x81\x02"
	"\x1f\x43\xb6\x75\x01\xff\xff\xff\xff\xff\xff\xff\xe7\x82\x03\xe8\xa3\x86\x81\x01\xf4\x80" "ab";

static enum media_type type_of(const char *p, size_t n, int64_t *ms)
{
	struct media m;
	struct err e = { 0 };

	accepts(media_read(p, n, &m, &e), &e);
	*ms = m.ms;
	return m.type;
}

TEST("a recording is known by its bytes, and says how long it is")
{
	int64_t ms;

	equals(type_of(wav, sizeof wav - 1, &ms), MEDIA_WAV);
	equals(ms, 1);                          /* 16 bytes at 16000 a second */
	equals(type_of(ogg, sizeof ogg - 1, &ms), MEDIA_OGG);
	equals(ms, 1000);                       /* 48312 samples, of which 312 are skipped */
	equals(type_of(m4a, sizeof m4a - 1, &ms), MEDIA_M4A);
	equals(ms, 2500);
	equals(type_of(weba, sizeof weba - 1, &ms), MEDIA_WEBM_SON);
	equals(ms, 1500);                       /* a cluster at 1000, a block 500 later */
}

TEST("a recording that is cut anywhere is refused, and never read past its end")
{
	static const struct { const char *p; size_t n; } all[] = {
		{ wav, sizeof wav - 1 }, { ogg, sizeof ogg - 1 }, { m4a, sizeof m4a - 1 },
		{ weba, sizeof weba - 1 },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		for (size_t n = 0; n < all[i].n; n++) {
			char *copy = malloc(n ? n : 1);
			struct media m;
			struct err e = { 0 };

			memcpy(copy, all[i].p, n);
			refuses(E_INPUT, media_read(copy, n, &m, &e), &e);
			free(copy);
		}
	}
}

TEST("what is no recording is refused by what it is")
{
	static const struct { const char *p; const char *word; } all[] = {
		{ "%PDF-1.7 and more", "PDF" }, { "<!DOCTYPE html><p>", "page Web" },
		{ "\x89PNG\r\n\x1a\n....", "image" }, { "PK\x03\x04.........", "archive" },
		{ "\x7f" "ELF.............", "programme" }, { "", "vide" }, { "bonjour", "sait lire" },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct media m;
		struct err e = { 0 };

		refuses(E_INPUT, media_read(all[i].p, strlen(all[i].p), &m, &e), &e);
		if (!strstr(e.msg, all[i].word))
			fail_msg("no \"%s\" in: %s", all[i].word, e.msg);
	}
}
