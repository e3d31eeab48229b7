/*
 * A list of objects in a file of any size: we find where each object begins and ends
 * (braces and quotes only), jansson reads it.  What stands around the list is skipped
 * the same way, so memory holds one piece of the file and one object.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/json.h"

enum { PIECE = 64 << 10, KEY = 200 };

struct json_list {
	int fd;                 /* -1: the text is in memory */
	const char *p, *end;    /* of the memory that is left */
	const char *name;
	char *path;
	uint64_t size, done;
	unsigned char piece[PIECE];
	size_t at, n;           /* in `piece` */
	long line;              /* of the next byte */
	bool ended, failed;     /* no byte is left; the disk refused */
	bool inside;            /* the list stands in a top-level object */
	bool first;             /* no object was read yet */
	bool over;              /* the list was closed */
	struct buf item;
	json_t *object;
};

static bool refuse_at(struct json_list *l, long line, struct err *e)
{
	return e->kind == E_INPUT ? fail_at(e, l->name, line) : false;
}

static bool refuse_cut(struct json_list *l, struct err *e)
{
	if (l->failed) {
		fail(e, E_STORE, "la lecture du fichier s'est arrêtée.");
		return hint(e, "Copiez le fichier sur ce disque et recommencez.");
	}
	fail(e, E_INPUT, "le fichier est coupé avant sa fin.");
	hint(e, "Téléchargez ou copiez de nouveau le fichier.");
	return refuse_at(l, l->line, e);
}

static bool refuse_syntax(struct json_list *l, const char *wanted, struct err *e)
{
	if (l->ended)
		return refuse_cut(l, e);
	fail(e, E_INPUT, "ce n'est pas du JSON valide : %s est attendu ici.", wanted);
	hint(e, "Souvent une virgule, un guillemet ou une accolade de trop ou qui manque.");
	return refuse_at(l, l->line, e);
}

/* --- bytes ----------------------------------------------------------------------------- */

static bool refill(struct json_list *l)
{
	ssize_t n = l->end - l->p;

	if (l->fd < 0) {
		n = n < PIECE ? n : PIECE;
		memcpy(l->piece, l->p, (size_t)n);
		l->p += n;
	} else {
		do
			n = read(l->fd, l->piece, sizeof l->piece);
		while (n < 0 && errno == EINTR);
	}
	l->failed |= n < 0;
	l->ended = n <= 0;
	l->at = 0;
	l->n = n > 0 ? (size_t)n : 0;
	l->done += l->n;
	return !l->ended;
}

/* The next byte without taking it; -1 at the end. */
static int peek(struct json_list *l)
{
	return l->at < l->n || (!l->ended && refill(l)) ? l->piece[l->at] : -1;
}

static int take(struct json_list *l)
{
	int c = peek(l);

	if (c >= 0)
		l->at++;
	l->line += c == '\n';
	return c;
}

static int skip_space(struct json_list *l)
{
	int c;

	while ((c = peek(l)) == ' ' || c == '\n' || c == '\t' || c == '\r')
		take(l);
	return c;
}

/* --- values ---------------------------------------------------------------------------- */

static bool keep(struct json_list *l, int c, struct err *e)
{
	buf_char(&l->item, (char)c);
	if (!l->item.full)
		return true;
	fail(e, E_INPUT, "un objet est trop gros (plus de %d Mo).", JSON_ITEM >> 20);
	hint(e, "Découpez le fichier en plusieurs objets plus petits.");
	return refuse_at(l, l->line, e);
}

/* Takes a string, its quotes included; into `item` when `keeping`. */
static bool take_string(struct json_list *l, bool keeping, struct err *e)
{
	bool escaped = false;
	int c = take(l);

	for (bool opened = false;; c = take(l), opened = true) {
		if (c < 0)
			return refuse_cut(l, e);
		if (keeping && !keep(l, c, e))
			return false;
		if (opened && c == '"' && !escaped)
			return true;
		escaped = opened && c == '\\' && !escaped;
	}
}

/* Takes an object or an array whole. */
static bool take_nested(struct json_list *l, bool keeping, struct err *e)
{
	int depth = 0;

	do {
		int c = peek(l);

		if (c < 0)
			return refuse_cut(l, e);
		if (c == '"') {
			if (!take_string(l, keeping, e))
				return false;
			continue;
		}
		take(l);
		if (keeping && !keep(l, c, e))
			return false;
		depth += (c == '{' || c == '[') - (c == '}' || c == ']');
		if (depth > JSON_DEPTH) {
			fail(e, E_INPUT, "plus de %d niveaux de listes ou d'objets l'un dans "
			     "l'autre.", JSON_DEPTH);
			return refuse_at(l, l->line, e);
		}
	} while (depth > 0);
	return true;
}

static bool skip_value(struct json_list *l, struct err *e)
{
	int c = skip_space(l);

	if (c == '"')
		return take_string(l, false, e);
	if (c == '{' || c == '[')
		return take_nested(l, false, e);
	if (c < 0 || !strchr("-0123456789tfn", c))
		return refuse_syntax(l, "une valeur", e);
	for (int n = 0; (c = peek(l)) >= 0 && !strchr(",}] \t\r\n", c) && n < KEY; n++)
		take(l);
	return true;
}

/* --- the list -------------------------------------------------------------------------- */

static bool is_key(struct json_list *l, const char *const *keys)
{
	for (; keys && *keys; keys++) {
		size_t n = strlen(*keys);

		if (l->item.n == n + 2 && !memcmp(l->item.p + 1, *keys, n))
			return true;
	}
	return false;
}

static bool refuse_no_list(struct json_list *l, const char *const *keys, struct err *e)
{
	fail(e, E_INPUT, "ce fichier JSON ne contient pas de liste d'objets.");
	if (keys && *keys)
		hint(e, "Elle est attendue au premier niveau, ou sous « %s ».", *keys);
	else
		hint(e, "Elle est attendue au premier niveau : [ {...}, {...} ].");
	return refuse_at(l, 0, e);
}

/* One `"name":` of the top-level object, kept in `item`. */
static bool take_name(struct json_list *l, struct err *e)
{
	buf_clear(&l->item);
	if (skip_space(l) != '"')
		return refuse_syntax(l, "un nom de champ entre guillemets", e);
	if (!take_string(l, true, e))
		return false;
	if (skip_space(l) != ':')
		return refuse_syntax(l, "« : »", e);
	take(l);
	return true;
}

static bool find_list(struct json_list *l, const char *const *keys, struct err *e)
{
	int c;

	if (skip_space(l) == '}')
		return refuse_no_list(l, keys, e);
	do {
		if (!take_name(l, e))
			return false;
		if (is_key(l, keys) && skip_space(l) == '[') {
			take(l);
			l->inside = true;
			return true;
		}
		if (!skip_value(l, e))
			return false;
		c = skip_space(l);
		if (c == '}')
			return refuse_no_list(l, keys, e);
		if (c != ',')
			return refuse_syntax(l, "« , » ou « } »", e);
		take(l);
	} while (true);
}

static bool start(struct json_list *l, const char *const *keys, struct err *e)
{
	int c = peek(l);

	if (l->n >= 3 && !memcmp(l->piece, "\xef\xbb\xbf", 3))
		l->at = 3;
	if (l->n >= 2 && (!memcmp(l->piece, "\xff\xfe", 2) || !memcmp(l->piece, "\xfe\xff", 2))) {
		fail(e, E_INPUT, "ce fichier est en UTF-16.");
		hint(e, "Enregistrez-le de nouveau, encodage UTF-8.");
		return refuse_at(l, 0, e);
	}
	c = skip_space(l);
	if (c < 0 && !l->failed) {
		fail(e, E_INPUT, "le fichier est vide.");
		return refuse_at(l, 0, e);
	}
	if (c == '[') {
		take(l);
		return true;
	}
	if (c == '{') {
		take(l);
		return find_list(l, keys, e);
	}
	if (l->failed)
		return refuse_cut(l, e);
	fail(e, E_INPUT, "ce n'est pas du JSON.");
	hint(e, "Un fichier JSON commence par [ ou {.");
	return refuse_at(l, 0, e);
}

static bool refuse_open(struct json_list *l, int error, struct err *e)
{
	if (error == ENOENT || error == ENOTDIR) {
		fail(e, E_MISSING, "le fichier n'existe pas.");
		hint(e, "Vérifiez son nom et son dossier.");
	} else if (error == EISDIR) {
		fail(e, E_INPUT, "c'est un dossier, pas un fichier.");
		hint(e, "Donnez le nom d'un fichier de ce dossier.");
	} else {
		fail(e, E_INPUT, "le fichier ne peut pas être lu (%s).", strerror(error));
	}
	return fail_at(e, l->name, 0);
}

static bool open_file(struct json_list *l, const char *path, struct err *e)
{
	const char *slash;
	struct stat st;

	l->path = strdup(path);
	if (!l->path)
		return fail(e, E_LIMIT, "il manque de la mémoire pour lire le fichier.");
	slash = strrchr(l->path, '/');
	l->name = strlen(path) > 60 && slash && slash[1] ? slash + 1 : l->path;
	l->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (l->fd < 0)
		return refuse_open(l, errno, e);
	if (fstat(l->fd, &st) || S_ISDIR(st.st_mode))
		return refuse_open(l, EISDIR, e);
	l->size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
	return true;
}

static struct json_list *list_new(void)
{
	struct json_list *l = calloc(1, sizeof *l);

	if (!l)
		return NULL;
	l->fd = -1;
	l->line = 1;
	l->first = true;
	l->item = buf_new(JSON_ITEM);
	return l;
}

bool json_list_open(const char *path, const char *const *keys, struct json_list **out,
		    struct err *e)
{
	struct json_list *l = list_new();

	*out = NULL;
	if (!l)
		return fail(e, E_LIMIT, "il manque de la mémoire pour lire le fichier.");
	if (!open_file(l, path, e) || !start(l, keys, e)) {
		json_list_close(&l);
		return false;
	}
	*out = l;
	return true;
}

bool json_list_open_text(const char *name, const char *p, size_t n, const char *const *keys,
			 struct json_list **out, struct err *e)
{
	struct json_list *l = list_new();

	*out = NULL;
	if (!l)
		return fail(e, E_LIMIT, "il manque de la mémoire pour lire le fichier.");
	l->name = name;
	l->p = p;
	l->end = p + n;
	l->size = n;
	if (!start(l, keys, e)) {
		json_list_close(&l);
		return false;
	}
	*out = l;
	return true;
}

void json_list_close(struct json_list **l)
{
	if (!*l)
		return;
	if ((*l)->fd >= 0)
		close((*l)->fd);
	json_done(&(*l)->object);
	buf_free(&(*l)->item);
	free((*l)->path);
	free(*l);
	*l = NULL;
}

/* After the list: the rest of the object around it, then nothing. */
static bool finish(struct json_list *l, struct err *e)
{
	int c;

	l->over = true;
	while (l->inside && (c = skip_space(l)) != '}') {
		if (c != ',')
			return refuse_syntax(l, "« , » ou « } »", e);
		take(l);
		if (!take_name(l, e) || !skip_value(l, e))
			return false;
	}
	if (l->inside)
		take(l);
	if (skip_space(l) >= 0) {
		fail(e, E_INPUT, "il y a du texte après la fin du JSON.");
		return refuse_at(l, l->line, e);
	}
	return l->failed ? refuse_cut(l, e) : true;
}

/* Stands before the next object; false at the end of the list or on an error. */
static bool to_item(struct json_list *l, struct err *e)
{
	int c = skip_space(l);

	if (c == ']') {
		take(l);
		finish(l, e);
		return false;
	}
	if (!l->first) {
		if (c != ',')
			return refuse_syntax(l, "« , » ou « ] »", e);
		take(l);
		c = skip_space(l);
	}
	l->first = false;
	return c == '{' ? true : refuse_syntax(l, "un objet {...}", e);
}

bool json_list_next(struct json_list *l, json_t **out, long *line, struct err *e)
{
	long within;

	e->kind = E_OK;
	*out = NULL;
	json_done(&l->object);
	if (l->over || !to_item(l, e))
		return false;
	buf_clear(&l->item);
	*line = l->line;
	if (!take_nested(l, true, e))
		return false;
	if (!json_read_part(l->item.p, l->item.n, &l->object, &within, e))
		return refuse_at(l, *line + within - 1, e);
	*out = l->object;
	return true;
}

double json_list_progress(const struct json_list *l)
{
	return l->size ? (double)l->done / (double)l->size : 0;
}
