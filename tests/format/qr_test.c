#include "test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/qr.h"

/* Draws the path ("Mx yhNv1h-Nz"...) as a grey map of eight pixels a module. */
static void render(const struct qr *q, const char *file)
{
	int side = q->size * 8, x, y, w, n;
	unsigned char *p = malloc((size_t)side * (size_t)side);
	FILE *f = fopen(file, "wb");

	memset(p, 255, (size_t)side * (size_t)side);
	for (const char *s = q->path; sscanf(s, "M%d %dh%dv1h-%*dz%n", &x, &y, &w, &n) == 3; s += n) {
		for (int j = y * 8; j < y * 8 + 8; j++)
			memset(p + j * side + x * 8, 0, (size_t)w * 8);
	}
	fprintf(f, "P5\n%d %d\n255\n", side, side);
	fwrite(p, 1, (size_t)side * (size_t)side, f);
	fclose(f);
	free(p);
}

TEST("a QR code that is drawn is read back by zbar as the same address")
{
	static const char *const texts[] = {
		"https://tremplin.exemple.fr/lieux/01993c7a-3d2e-7b1f-9a55-0c4f2f7f7e10",
		"tel:+33123456789", "geo:48.90234,2.48390",
	};

	if (access("/usr/bin/zbarimg", X_OK)) {
		print_message("needs zbarimg (package zbar-tools)\n");
		skip();
	}
	for (size_t i = 0; i < 3; i++) {
		struct arena a = arena_new(1 << 20);
		struct err e = { 0 };
		char file[80], command[200], line[256] = "";
		struct qr q;
		FILE *f;

		accepts(qr_make(&a, texts[i], &q, &e), &e);
		snprintf(file, sizeof file, "%s/q.pgm", test_dir());
		render(&q, file);
		snprintf(command, sizeof command, "zbarimg --nodbus -q --raw %s 2>/dev/null", file);
		f = popen(command, "r");
		holds(f && fgets(line, sizeof line, f));
		pclose(f);
		line[strcspn(line, "\n")] = '\0';
		same(line, texts[i]);
		arena_free(&a);
	}
}

TEST("a text too long for a QR code is refused, and so is none")
{
	struct arena a = arena_new(1 << 20);
	struct err e = { 0 };
	char text[2600];
	struct qr q;

	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = '\0';
	refuses(E_LIMIT, qr_make(&a, text, &q, &e), &e);
	refuses(E_INPUT, qr_make(&a, "", &q, &e), &e);
	text[2331] = '\0';              /* ISO/IEC 18004: version 40-M holds 2,331 bytes */
	accepts(qr_make(&a, text, &q, &e), &e);
	equals(q.size, 177 + 8);
	arena_free(&a);
}
