#include "format/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

#include "base/buf.h"

enum { QUIET = 4, PATH_MOST = 256 << 10 };

static void code_free(QRcode **code)
{
	QRcode_free(*code);
}

/* Runs of dark modules of each line, as rectangles one module high. */
static void draw(const QRcode *code, struct buf *b)
{
	for (int y = 0; y < code->width; y++) {
		const unsigned char *row = code->data + (size_t)y * (size_t)code->width;

		for (int x = 0; x < code->width; x++) {
			int from = x;

			while (x < code->width && (row[x] & 1))
				x++;
			if (x > from)
				buf_printf(b, "M%d %dh%dv1h-%dz", from + QUIET, y + QUIET,
					   x - from, x - from);
		}
	}
}

bool qr_make(struct arena *a, const char *text, struct qr *out, struct err *e)
{
	CLEANUP(code_free) QRcode *code = NULL;
	CLEANUP(buf_free) struct buf b = buf_new(PATH_MOST);
	size_t n = strlen(text);

	*out = (struct qr){ 0 };
	if (!n)
		return fail(e, E_INPUT, "Il n'y a rien à mettre dans le code QR.");
	if (n < 3000)
		code = QRcode_encodeData((int)n, (const unsigned char *)text, 0, QR_ECLEVEL_M);
	if (!code) {
		fail(e, E_LIMIT, "Ce texte est trop long pour un code QR.");
		return hint(e, "Donnez une adresse plus courte.");
	}
	draw(code, &b);
	out->size = code->width + 2 * QUIET;
	out->path = arena_strn(a, b.p, b.n);
	return a->spent ? arena_refuse(a, e) : true;
}
