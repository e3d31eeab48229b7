/*
 * What a recording is, from its own bytes and never from its name: container, sound or
 * picture, how long.  Nothing is decoded.  Bytes in, facts out, no I/O, no memory.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct media_kind {
	const char *ext;                /* of the stored file, "ogg"; unique */
	const char *type;               /* Content-Type, "audio/ogg" */
	const char *name;               /* for people: "Ogg" */
	bool video;
};

enum media_type { MEDIA_WEBM_SON, MEDIA_WEBM, MEDIA_OGG, MEDIA_MP3, MEDIA_WAV, MEDIA_M4A, MEDIA_MP4,
	MEDIA_TYPES };
extern const struct media_kind media_kinds[MEDIA_TYPES];

struct media {
	enum media_type type;
	int64_t ms;                     /* how long; 0: the file does not say */
};

/*
 * WebM (Matroska with DocType webm), Ogg (Opus or Vorbis), MP3, WAV, MP4 and M4A.
 * E_INPUT: something else (named when it is known), cut short, or without sound or picture.
 */
bool media_read(const void *p, size_t n, struct media *out, struct err *e);
