#include "format/charset.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"

/* Windows-1252, 0x80 to 0x9f; the five bytes that it leaves empty are 0. */
static const uint16_t high_1252[32] = {
	0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
	0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
};

const char *charset_name(enum charset c)
{
	switch (c) {
	case CHARSET_UTF16LE:
	case CHARSET_UTF16BE: return "UTF-16";
	case CHARSET_1252:    return "Windows-1252";
	case CHARSET_ASCII:
	case CHARSET_UTF8:    break;
	}
	return "UTF-8";
}

/* What a file that is not text begins with: a phrase for a message; NULL for text. */
static const char *not_text(const unsigned char *p, size_t n)
{
	static const struct { const char *magic; size_t n; const char *what; } kinds[] = {
		{ "PK\3\4", 4, "un classeur Excel ou LibreOffice (ou une archive zip)" },
		{ "\xd0\xcf\x11\xe0", 4, "un ancien classeur Excel (.xls)" },
		{ "%PDF", 4, "un document PDF" },
		{ "\x1f\x8b", 2, "une archive compressée (gzip)" },
		{ "BZh", 3, "une archive compressée (bzip2)" },
		{ "7z\xbc\xaf", 4, "une archive 7z" },
		{ "\x89PNG", 4, "une image" },
		{ "\xff\xd8\xff", 3, "une image" },
		{ "SQLite format 3", 15, "une base de données SQLite" },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (n >= kinds[i].n && !memcmp(p, kinds[i].magic, kinds[i].n))
			return kinds[i].what;
	}
	return NULL;
}

static bool refuse_open(const char *name, int error, struct err *e)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		fail(e, E_MISSING, "le fichier n'existe pas.");
		hint(e, "Vérifiez son nom et son dossier.");
		break;
	case EACCES:
	case EPERM:
		fail(e, E_INPUT, "le fichier ne peut pas être lu : l'accès est refusé.");
		hint(e, "Donnez le droit de lecture à ce compte.");
		break;
	case EISDIR:
		fail(e, E_INPUT, "c'est un dossier, pas un fichier.");
		hint(e, "Donnez le nom d'un fichier de ce dossier.");
		break;
	default:
		fail(e, E_INPUT, "le fichier ne peut pas être lu (%s).", strerror(error));
	}
	return fail_at(e, name, 0);
}

bool charset_open(const char *path, struct charset_file *f, struct err *e)
{
	const char *slash = strrchr(path, '/');
	struct stat st;

	*f = (struct charset_file){ .fd = -1 };
	f->name = strlen(path) > 60 && slash && slash[1] ? slash + 1 : path;
	f->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (f->fd < 0)
		return refuse_open(f->name, errno, e);
	if (fstat(f->fd, &st) || S_ISDIR(st.st_mode)) {
		charset_close(f);
		return refuse_open(f->name, EISDIR, e);
	}
	f->size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
	posix_fadvise(f->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return true;
}

void charset_open_text(const char *name, const char *p, size_t n, struct charset_file *f)
{
	*f = (struct charset_file){ .fd = -1, .name = name, .p = p, .end = p + n, .size = n };
}

void charset_close(struct charset_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

/* As many bytes as there are, up to n; -1 when the disk refuses. */
static ssize_t read_some(struct charset_file *f, unsigned char *p, size_t n)
{
	size_t done = 0;

	if (f->fd < 0) {
		n = n < (size_t)(f->end - f->p) ? n : (size_t)(f->end - f->p);
		memcpy(p, f->p, n);
		f->p += n;
		return (ssize_t)n;
	}
	while (done < n) {
		ssize_t k = read(f->fd, p + done, n - done);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return -1;
		if (!k)
			break;
		done += (size_t)k;
	}
	return (ssize_t)done;
}

/* UTF-16 without a mark: one byte in two is nearly always 0 in a table. */
static enum charset guess_utf16(const unsigned char *p, size_t n)
{
	size_t zeros[2] = { 0, 0 }, half;

	if (n > 1000)
		n = 1000;
	half = n / 2;
	for (size_t i = 0; i < half * 2; i++)
		zeros[i & 1] += !p[i];
	if (half >= 4 && zeros[1] > half * 6 / 10 && zeros[0] < half / 10)
		return CHARSET_UTF16LE;
	if (half >= 4 && zeros[0] > half * 6 / 10 && zeros[1] < half / 10)
		return CHARSET_UTF16BE;
	return CHARSET_ASCII;
}

/* Bytes of the mark at p; tells the encoding. */
static size_t recognise(struct charset_file *f, const unsigned char *p, size_t n)
{
	if (n >= 3 && !memcmp(p, "\xef\xbb\xbf", 3)) {
		f->charset = CHARSET_UTF8;
		f->marked = true;
		return 3;
	}
	if (n >= 2 && (!memcmp(p, "\xff\xfe", 2) || !memcmp(p, "\xfe\xff", 2))) {
		f->charset = p[0] == 0xff ? CHARSET_UTF16LE : CHARSET_UTF16BE;
		f->marked = true;
		return 2;
	}
	f->charset = guess_utf16(p, n);
	return 0;
}

/* Length of the character that starts at p, 0 when it is none, -1 when the piece cuts it. */
static int character(const unsigned char *p, const unsigned char *end)
{
	int n = *p < 0x80 ? 1 : *p < 0xc2 ? 0 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : *p < 0xf5 ? 4 : 0;

	for (int i = 1; i < n; i++) {
		if (p + i == end)
			return -1;
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	}
	return n && utf8_valid((const char *)p, (size_t)n) ? n : 0;
}

static const unsigned char *skip_ascii(const unsigned char *p, const unsigned char *end)
{
	uint64_t w;

	for (; end - p >= 8; p += 8) {
		memcpy(&w, p, 8);
		if (w & 0x8080808080808080u)
			break;
	}
	while (p < end && *p < 0x80)
		p++;
	return p;
}

/* UTF-8 when most of what is not ASCII reads as UTF-8, else Windows-1252. */
static enum charset guess_8_bits(const unsigned char *p, const unsigned char *end)
{
	size_t good = 0, bad = 0;

	for (;;) {
		int n;

		p = skip_ascii(p, end);
		if (p == end)
			break;
		n = character(p, end);
		if (n < 0)
			break;
		good += n > 0;
		bad += n == 0;
		p += n ? n : 1;
	}
	if (!good && !bad)
		return p == end ? CHARSET_ASCII : CHARSET_UTF8;
	return good > bad ? CHARSET_UTF8 : CHARSET_1252;
}

static long count_lines(const unsigned char *p, const unsigned char *end)
{
	long n = 0;

	for (; p < end; p++)
		n += *p == '\n' || (*p == '\r' && (p + 1 == end || p[1] != '\n'));
	return n;
}

static bool refuse_nul(struct err *e)
{
	fail(e, E_INPUT, "le fichier contient un octet nul : ce n'est pas du texte, ou il "
	     "est abîmé.");
	return hint(e, "Enregistrez de nouveau la source au format CSV, encodage UTF-8.");
}

static bool refuse_character(struct err *e, const char *charset)
{
	fail(e, E_INPUT, "un caractère n'est pas du %s, comme le reste du fichier.", charset);
	return hint(e, "Enregistrez de nouveau le fichier, encodage UTF-8.");
}

static bool take_utf8(struct charset_file *f, const unsigned char *p,
		      const unsigned char *end, bool last, struct buf *out,
		      const unsigned char **at, struct err *e)
{
	const unsigned char *q = p;

	for (;;) {
		int n;

		q = skip_ascii(q, end);
		if (q == end)
			break;
		n = character(q, end);
		if (n < 0 && !last)
			break;
		if (n <= 0) {
			*at = q;
			return refuse_character(e, "UTF-8");
		}
		q += n;
	}
	f->nheld = (size_t)(end - q);
	memcpy(f->held, q, f->nheld);
	buf_add(out, (const char *)p, (size_t)(q - p));
	return true;
}

static bool take_1252(const unsigned char *p, const unsigned char *end, struct buf *out,
		      const unsigned char **at, struct err *e)
{
	while (p < end) {
		const unsigned char *q = skip_ascii(p, end);
		uint32_t c;
		char one[4];

		buf_add(out, (const char *)p, (size_t)(q - p));
		if (q == end)
			break;
		c = *q >= 0xa0 ? *q : high_1252[*q - 0x80];
		if (!c) {
			*at = q;
			return refuse_character(e, "Windows-1252");
		}
		buf_add(out, one, utf8_write(one, c));
		p = q + 1;
	}
	return true;
}

static uint32_t unit(const struct charset_file *f, const unsigned char *p)
{
	return f->charset == CHARSET_UTF16LE ? (uint32_t)(p[0] | p[1] << 8)
					     : (uint32_t)(p[0] << 8 | p[1]);
}

static bool take_utf16(struct charset_file *f, const unsigned char *p,
		       const unsigned char *end, bool last, struct buf *out,
		       struct err *e)
{
	while (end - p >= 2) {
		uint32_t c = unit(f, p), low;
		char one[4];

		if (!c)
			return refuse_nul(e);
		if (c >= 0xdc00 && c < 0xe000)
			return refuse_character(e, "UTF-16");
		if (c >= 0xd800 && c < 0xdc00) {
			if (end - p < 4)
				break;
			low = unit(f, p + 2);
			if (low < 0xdc00 || low > 0xdfff)
				return refuse_character(e, "UTF-16");
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
			p += 2;
		}
		buf_add(out, one, utf8_write(one, c));
		p += 2;
	}
	f->nheld = (size_t)(end - p);
	memcpy(f->held, p, f->nheld);
	if (last && f->nheld) {
		fail(e, E_INPUT, "le fichier est coupé au milieu d'un caractère (UTF-16).");
		return hint(e, "Copiez ou téléchargez de nouveau le fichier.");
	}
	return true;
}

static bool take(struct charset_file *f, const unsigned char *p, size_t n, bool last,
		 struct buf *out, long *lines, struct err *e)
{
	const unsigned char *end = p + n, *at = NULL, *nul;
	bool ok;

	if (f->charset == CHARSET_UTF16LE || f->charset == CHARSET_UTF16BE) {
		ok = take_utf16(f, p, end, last, out, e);
		if (out->n)
			*lines = count_lines((unsigned char *)out->p,
					     (unsigned char *)out->p + out->n);
		return ok;
	}
	nul = memchr(p, 0, n);
	if (nul) {
		*lines = count_lines(p, nul);
		return refuse_nul(e);
	}
	if (f->charset == CHARSET_ASCII)
		f->charset = guess_8_bits(p, end);
	if (f->charset == CHARSET_1252)
		ok = take_1252(p, end, out, &at, e);
	else
		ok = take_utf8(f, p, end, last, out, &at, e);
	if (!ok)
		*lines = count_lines(p, at);
	return ok;
}

bool charset_read(struct charset_file *f, struct buf *out, long *lines, struct err *e)
{
	unsigned char piece[CHARSET_PIECE];
	size_t held = f->nheld, skip = 0;
	ssize_t n;

	buf_clear(out);
	*lines = 0;
	memcpy(piece, f->held, held);
	f->nheld = 0;
	n = read_some(f, piece + held, sizeof piece - held);
	if (n < 0) {
		fail(e, E_STORE, "la lecture du fichier s'est arrêtée (%s).", strerror(errno));
		return hint(e, "Copiez le fichier sur ce disque et recommencez.");
	}
	f->done += (uint64_t)n;
	if (!f->begun) {
		const char *what = not_text(piece, (size_t)n);

		if (what) {
			fail(e, E_INPUT, "ce n'est pas du texte : c'est %s.", what);
			return hint(e, "Ouvrez-le et enregistrez la feuille au format CSV (UTF-8).");
		}
		f->begun = true;
		skip = recognise(f, piece, (size_t)n);
	}
	if (!take(f, piece + skip, held + (size_t)n - skip, (size_t)n < sizeof piece - held,
		  out, lines, e))
		return false;
	if (out->full)
		return fail(e, E_LIMIT, "il manque de la mémoire pour lire le fichier.");
	return true;
}
