#include "format/media.h"

#include <string.h>

const struct media_kind media_kinds[MEDIA_TYPES] = {
	[MEDIA_WEBM_SON] = { "weba", "audio/webm", "WebM", false },
	[MEDIA_WEBM] = { "webm", "video/webm", "WebM", true },
	[MEDIA_OGG] = { "ogg", "audio/ogg", "Ogg", false },
	[MEDIA_MP3] = { "mp3", "audio/mpeg", "MP3", false },
	[MEDIA_WAV] = { "wav", "audio/wav", "WAV", false },
	[MEDIA_M4A] = { "m4a", "audio/mp4", "M4A", false },
	[MEDIA_MP4] = { "mp4", "video/mp4", "MP4", true },
};

enum { HOURS_MS = 24 * 3600 * 1000 };

struct bytes_in {
	const uint8_t *p;
	size_t n;
};

static bool cut(struct err *e)
{
	fail(e, E_INPUT, "Ce fichier est coupé : il lui manque la fin.");
	return hint(e, "Envoyez-le de nouveau, ou enregistrez encore une fois.");
}

static bool begins(struct bytes_in b, size_t at, const char *what, size_t n)
{
	return b.n >= at && b.n - at >= n && memcmp(b.p + at, what, n) == 0;
}

#define BEGINS(b, at, what) begins(b, at, what, sizeof(what) - 1)

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint64_t be64(const uint8_t *p)
{
	return (uint64_t)be32(p) << 32 | be32(p + 4);
}

static uint32_t le32(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* n units of which `per` make a second, in milliseconds; 0 when it cannot be. */
static int64_t as_ms(uint64_t n, uint64_t per)
{
	if (!per || n / per > HOURS_MS / 1000)
		return 0;
	return (int64_t)(n * 1000 / per);
}

/* --- WAV (RIFF) --------------------------------------------------------------------- */

static bool read_wav(struct bytes_in b, struct media *out, struct err *e)
{
	uint32_t rate = 0;

	out->type = MEDIA_WAV;
	for (size_t at = 12; b.n - at >= 8;) {
		uint32_t size = le32(b.p + at + 4);
		bool data = BEGINS(b, at, "data");

		if (size > b.n - at - 8)
			return cut(e);
		if (BEGINS(b, at, "fmt ") && size >= 16)
			rate = le32(b.p + at + 16);
		if (data && !rate)
			break;
		if (data) {
			out->ms = as_ms(size, rate);
			return size || cut(e);
		}
		at += 8 + size + (size & 1);
		if (at > b.n)
			break;
	}
	return cut(e);
}

/* --- Ogg ---------------------------------------------------------------------------- */

/* Bytes of the page at `at` with its head; 0 when it is none, or not whole. */
static size_t ogg_page(struct bytes_in b, size_t at)
{
	size_t n, all;

	if (!BEGINS(b, at, "OggS") || b.n - at < 27)
		return 0;
	n = b.p[at + 26];
	all = 27 + n;
	if (b.n - at < all)
		return 0;
	for (size_t i = 0; i < n; i++)
		all += b.p[at + 27 + i];
	return b.n - at < all ? 0 : all;
}

static bool read_ogg(struct bytes_in b, struct media *out, struct err *e)
{
	size_t page = ogg_page(b, 0), first = b.n > 26 ? 27u + b.p[26] : b.n;
	uint64_t rate = 0, skip = 0, granule = 0;

	out->type = MEDIA_OGG;
	if (!page)
		return cut(e);
	if (BEGINS(b, first, "OpusHead") && page >= first + 12) {
		rate = 48000;
		skip = (uint64_t)b.p[first + 11] << 8 | b.p[first + 10];
	} else if (BEGINS(b, first, "\x01vorbis") && page >= first + 16) {
		rate = le32(b.p + first + 12);
	} else {
		fail(e, E_INPUT, "Ce fichier Ogg n’est ni de l’Opus ni du Vorbis.");
		return hint(e, "Enregistrez le son en Opus.");
	}
	for (size_t at = 0; at < b.n; at += page) {
		uint64_t here;

		page = ogg_page(b, at);
		if (!page)
			return cut(e);
		here = (uint64_t)le32(b.p + at + 10) << 32 | le32(b.p + at + 6);
		if (here != UINT64_MAX && here > granule)
			granule = here;
	}
	if (!granule)
		return cut(e);
	out->ms = as_ms(granule > skip ? granule - skip : 0, rate);
	return true;
}

/* --- MP3 ---------------------------------------------------------------------------- */

struct mp3_frame {
	size_t bytes;
	uint32_t samples, rate;
};

/* The head of a frame of layer III (ISO 11172-3, 13818-3); false when it is none. */
static bool mp3_head(struct bytes_in b, size_t at, struct mp3_frame *f)
{
	static const uint16_t fast[16] = { 0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224,
					   256, 320, 0 };
	static const uint16_t slow[16] = { 0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144,
					   160, 0 };
	static const uint16_t rates[4] = { 44100, 48000, 32000, 0 };
	const uint8_t *p = b.p + at;
	unsigned version, bits;

	if (b.n - at < 4 || p[0] != 0xff || (p[1] & 0xe0) != 0xe0 || (p[1] & 6) != 2)
		return false;
	version = p[1] >> 3 & 3;
	if (version == 1)
		return false;
	bits = version == 3 ? fast[p[2] >> 4] : slow[p[2] >> 4];
	f->rate = rates[p[2] >> 2 & 3] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
	f->samples = version == 3 ? 1152 : 576;
	if (!bits || !f->rate)
		return false;
	f->bytes = f->samples / 8 * bits * 1000 / f->rate + (p[2] >> 1 & 1);
	return true;
}

/* Bytes of an ID3v2 tag at the head of the file; 0 without one. */
static size_t id3_size(struct bytes_in b)
{
	if (!BEGINS(b, 0, "ID3") || b.n < 10)
		return 0;
	return 10 + ((size_t)(b.p[6] & 127) << 21 | (size_t)(b.p[7] & 127) << 14
		     | (size_t)(b.p[8] & 127) << 7 | (b.p[9] & 127));
}

static bool read_mp3(struct bytes_in b, size_t at, struct media *out, struct err *e)
{
	struct mp3_frame f;
	uint64_t samples = 0;
	uint32_t rate = 0;

	out->type = MEDIA_MP3;
	while (at < b.n && mp3_head(b, at, &f)) {
		if (b.n - at < f.bytes)
			return cut(e);
		samples += f.samples;
		rate = f.rate;
		at += f.bytes;
	}
	if (!rate)
		return cut(e);
	out->ms = as_ms(samples, rate);
	return true;
}

static bool is_mp3(struct bytes_in b)
{
	struct mp3_frame f, next;

	if (BEGINS(b, 0, "ID3"))
		return true;
	return b.n > 4 && mp3_head(b, 0, &f) && (f.bytes >= b.n || mp3_head(b, f.bytes, &next));
}

/* --- MP4 ---------------------------------------------------------------------------- */

struct mp4 {
	bool moov, mdat, sound, picture;
	int64_t ms;
};

static void mp4_mvhd(struct bytes_in b, struct mp4 *m)
{
	if (b.n >= 20 && b.p[0] == 0)
		m->ms = as_ms(be32(b.p + 16), be32(b.p + 12));
	else if (b.n >= 32 && b.p[0] == 1)
		m->ms = as_ms(be64(b.p + 24), be32(b.p + 20));
}

/* Boxes one after the other, into those that hold what we look for; false: cut short. */
static bool mp4_boxes(struct bytes_in b, int depth, struct mp4 *m)
{
	for (size_t at = 0; at < b.n;) {
		uint64_t size = b.n - at >= 8 ? be32(b.p + at) : 0;
		size_t head = 8;
		struct bytes_in in;

		if (b.n - at < 8)
			return false;
		if (size == 1 && b.n - at >= 16) {
			size = be64(b.p + at + 8);
			head = 16;
		} else if (size == 0) {
			size = b.n - at;
		}
		if (size < head || size > b.n - at)
			return false;
		in = (struct bytes_in){ b.p + at + head, (size_t)size - head };
		m->mdat |= BEGINS(b, at + 4, "mdat");
		m->moov |= BEGINS(b, at + 4, "moov");
		if (BEGINS(b, at + 4, "mvhd"))
			mp4_mvhd(in, m);
		if (BEGINS(b, at + 4, "hdlr") && in.n >= 12) {
			m->sound |= memcmp(in.p + 8, "soun", 4) == 0;
			m->picture |= memcmp(in.p + 8, "vide", 4) == 0;
		}
		if (depth < 3 && (BEGINS(b, at + 4, "moov") || BEGINS(b, at + 4, "trak")
				  || BEGINS(b, at + 4, "mdia")) && !mp4_boxes(in, depth + 1, m))
			return false;
		at += (size_t)size;
	}
	return true;
}

static bool mute(struct err *e)
{
	fail(e, E_INPUT, "Ce fichier n’a ni son ni image.");
	return hint(e, "Envoyez un enregistrement de la voix, ou une vidéo en langue des signes.");
}

static bool read_mp4(struct bytes_in b, struct media *out, struct err *e)
{
	struct mp4 m = { 0 };

	if (!mp4_boxes(b, 0, &m) || !m.moov || !m.mdat)
		return cut(e);
	if (!m.sound && !m.picture)
		return mute(e);
	out->type = m.picture ? MEDIA_MP4 : MEDIA_M4A;
	out->ms = m.ms;
	return true;
}

/* --- WebM (EBML) -------------------------------------------------------------------- */

enum {
	EBML_HEAD = 0x1a45dfa3, EBML_DOCTYPE = 0x4282, SEGMENT = 0x18538067, INFO = 0x1549a966,
	SCALE = 0x2ad7b1, DURATION = 0x4489, TRACKS = 0x1654ae6b, TRACK = 0xae, TRACK_TYPE = 0x83,
	CLUSTER = 0x1f43b675, TIMECODE = 0xe7, SIMPLE_BLOCK = 0xa3, BLOCK_GROUP = 0xa0,
	BLOCK = 0xa1,
};

struct webm {
	bool webm, sound, picture, blocks;
	uint64_t scale;                 /* nanoseconds of a unit */
	double duration;                /* units; 0: not said */
	uint64_t cluster, last;         /* units */
};

/* A number of EBML whose length is in its first byte; its bytes, 0 when it is not whole. */
static size_t vint(struct bytes_in b, size_t at, bool keep, uint64_t *out)
{
	size_t n = 1;

	if (at >= b.n || !b.p[at])
		return 0;
	while (!(b.p[at] & (0x80 >> (n - 1))))
		n++;
	if (b.n - at < n)
		return 0;
	*out = keep ? b.p[at] : b.p[at] & (0xffu >> n);
	for (size_t i = 1; i < n; i++)
		*out = *out << 8 | b.p[at + i];
	if (!keep && *out == (UINT64_MAX >> (64 - 7 * n)))
		*out = UINT64_MAX;              /* of unknown size */
	return n;
}

static uint64_t number(struct bytes_in b)
{
	uint64_t v = 0;

	for (size_t i = 0; i < b.n && i < 8; i++)
		v = v << 8 | b.p[i];
	return v;
}

static double real(struct bytes_in b)
{
	uint32_t word;
	uint64_t two;
	double d = 0;
	float f;

	if (b.n == 4) {
		word = be32(b.p);
		memcpy(&f, &word, sizeof f);
		d = (double)f;
	} else if (b.n == 8) {
		two = be64(b.p);
		memcpy(&d, &two, sizeof d);
	}
	return d > 0 && d < 1e15 ? d : 0;
}

static void webm_block(struct bytes_in b, struct webm *w)
{
	uint64_t track;
	size_t k = vint(b, 0, false, &track);
	int64_t at;

	if (!k || b.n - k < 3)
		return;
	at = (int16_t)(b.p[k] << 8 | b.p[k + 1]);
	w->blocks = true;
	if (w->cluster < UINT64_C(1) << 60 && (at >= 0 || w->cluster >= (uint64_t)-at)
	    && w->cluster + (uint64_t)at > w->last)
		w->last = w->cluster + (uint64_t)at;
}

static void webm_element(uint64_t id, struct bytes_in in, struct webm *w)
{
	switch (id) {
	case EBML_DOCTYPE:
		w->webm = in.n >= 4 && memcmp(in.p, "webm", 4) == 0;
		break;
	case SCALE:
		w->scale = number(in);
		break;
	case DURATION:
		w->duration = real(in);
		break;
	case TRACK_TYPE:
		w->picture |= number(in) == 1;
		w->sound |= number(in) == 2;
		break;
	case TIMECODE:
		w->cluster = number(in);
		break;
	case SIMPLE_BLOCK:
	case BLOCK:
		webm_block(in, w);
		break;
	default:
		break;
	}
}

/* Opened where they stand: what they hold follows as if it were beside them. */
static bool is_opened(uint64_t id)
{
	return id == EBML_HEAD || id == SEGMENT || id == INFO || id == TRACKS || id == TRACK
		|| id == CLUSTER || id == BLOCK_GROUP;
}

static bool read_webm(struct bytes_in b, struct media *out, struct err *e)
{
	struct webm w = { .scale = 1000000 };
	double ms;

	for (size_t at = 0; at < b.n;) {
		uint64_t id, size;
		size_t k = vint(b, at, true, &id), s = k ? vint(b, at + k, false, &size) : 0;
		bool open = k && is_opened(id);

		if (!s || (size == UINT64_MAX && !open)
		    || (size != UINT64_MAX && size > b.n - at - k - s))
			return cut(e);
		at += k + s;
		if (open)
			continue;
		webm_element(id, (struct bytes_in){ b.p + at, (size_t)size }, &w);
		at += (size_t)size;
	}
	if (!w.webm) {
		fail(e, E_INPUT, "Ce fichier est du Matroska, pas du WebM.");
		return hint(e, "Enregistrez-le en WebM.");
	}
	if (!w.sound && !w.picture)
		return mute(e);
	if (!w.blocks)
		return cut(e);
	ms = (w.duration > 0 ? w.duration : (double)w.last) * (double)w.scale / 1e6;
	out->type = w.picture ? MEDIA_WEBM : MEDIA_WEBM_SON;
	out->ms = ms >= 0 && ms < HOURS_MS ? (int64_t)(ms + 0.5) : 0;
	return true;
}

/* --- what it is --------------------------------------------------------------------- */

/* What people send by mistake, by its first bytes. */
static const char *other_name(struct bytes_in b)
{
	static const struct { const char *first; size_t n; const char *name; } all[] = {
		{ "%PDF", 4, "un PDF" }, { "\x89PNG", 4, "une image" }, { "\xff\xd8\xff", 3, "une image" },
		{ "GIF8", 4, "une image" }, { "PK\x03\x04", 4, "une archive ou un document" },
		{ "<!DOCTYPE", 9, "une page Web" }, { "<html", 5, "une page Web" },
		{ "<svg", 4, "un dessin" }, { "<?xml", 5, "du XML" }, { "\x7f" "ELF", 4, "un programme" },
		{ "MZ", 2, "un programme" }, { "#!", 2, "un programme" }, { "fLaC", 4, "du FLAC" },
		{ "#!AMR", 5, "de l’AMR" }, { "FORM", 4, "de l’AIFF" },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (begins(b, 0, all[i].first, all[i].n))
			return all[i].name;
	}
	return NULL;
}

static bool unknown(struct bytes_in b, struct err *e)
{
	const char *name = other_name(b);

	if (!b.n)
		fail(e, E_INPUT, "Ce fichier est vide.");
	else if (name)
		fail(e, E_INPUT, "Ce fichier n’est pas un enregistrement : c’est %s.", name);
	else
		fail(e, E_INPUT, "Ce fichier n’est pas un enregistrement que l’on sait lire.");
	return hint(e, "Sons : WebM, Ogg, MP3, WAV ou M4A. Vidéos : MP4 ou WebM.");
}

bool media_read(const void *p, size_t n, struct media *out, struct err *e)
{
	struct bytes_in b = { p, n };

	*out = (struct media){ 0 };
	if (BEGINS(b, 0, "RIFF") && BEGINS(b, 8, "WAVE"))
		return read_wav(b, out, e);
	if (BEGINS(b, 0, "OggS"))
		return read_ogg(b, out, e);
	if (BEGINS(b, 0, "\x1a\x45\xdf\xa3"))
		return read_webm(b, out, e);
	if (BEGINS(b, 4, "ftyp"))
		return read_mp4(b, out, e);
	if (is_mp3(b))
		return read_mp3(b, id3_size(b) < n ? id3_size(b) : n, out, e);
	return unknown(b, e);
}
