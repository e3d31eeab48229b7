#include "format/xlsx_package.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * A deflated stream grows 1,032 times at most; the emptiest sheets that offices write grow
 * less than a hundred times (tests/format/xlsx_read_test.c measures a million empty rows).
 */
enum { FILE_MOST_MB = 256, INFLATED_MOST_MB = 1024, RATIO_MOST = 400, RATIO_FROM_MB = 16 };
enum { PARTS_MOST = 20000, OLE_LOOK = 1 << 20 };

static const char resave[] = "Ouvrez-le dans votre tableur et enregistrez en .xlsx ou CSV.";

bool package_refuse(const struct package *k, const char *what, const char *advice,
		    struct err *e)
{
	fail(e, E_INPUT, "%s", what);
	if (advice)
		hint(e, "%s", advice);
	return fail_at(e, k->name, 0);
}

/* --- opening ------------------------------------------------------------------------ */

/* An OLE file: the old .xls, or an .xlsx that a password encrypts. */
static bool refuse_ole(const struct package *k, const char *head, size_t n, struct err *e)
{
	static const char name[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";

	if (memmem(head, n, name, sizeof name - 1))
		return package_refuse(k, "ce classeur est protégé par un mot de passe.",
				      "Ôtez le mot de passe, puis enregistrez en .xlsx ou CSV.", e);
	return package_refuse(k, "c'est un ancien classeur Excel (.xls).", resave, e);
}

static bool check_kind(const struct package *k, struct err *e)
{
	if (package_has(k, "xl/workbook.bin"))
		return package_refuse(k, "c'est un classeur binaire (.xlsb).", resave, e);
	if (package_has(k, "content.xml") && package_has(k, "mimetype"))
		return package_refuse(k, "c'est un classeur OpenDocument (.ods).", resave, e);
	if (!package_has(k, "[Content_Types].xml"))
		return package_refuse(k, "c'est une archive zip, pas un classeur.",
				      "Décompressez-la, et donnez le fichier qu'elle contient.", e);
	if (zip_get_num_entries(k->zip, 0) > PARTS_MOST)
		return package_refuse(k, "cette archive a trop de morceaux pour un classeur.",
				      resave, e);
	return true;
}

static bool open_source(zip_source_t *source, struct package *k, struct err *e)
{
	zip_error_t why;

	zip_error_init(&why);
	k->zip = source ? zip_open_from_source(source, ZIP_RDONLY, &why) : NULL;
	zip_error_fini(&why);
	if (k->zip)
		return check_kind(k, e);
	if (source)
		zip_source_free(source);
	return package_refuse(k, "ce classeur est abîmé ou incomplet : il ne s'ouvre pas.",
			      "Téléchargez-le de nouveau, ou ouvrez-le dans votre tableur et "
			      "enregistrez-le en .xlsx ou CSV.", e);
}

static bool is_ole(const char *p, size_t n)
{
	return n >= 8 && memcmp(p, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) == 0;
}

bool package_open_bytes(const char *name, const char *p, size_t n, struct package *k,
			struct err *e)
{
	*k = (struct package){ .name = name };
	if (is_ole(p, n))
		return refuse_ole(k, p, n, e);
	if (open_source(zip_source_buffer_create(p, n, 0, NULL), k, e))
		return true;
	package_close(k);
	return false;
}

/* The head of the file, enough to know an OLE one; and its size. */
static bool look(const struct package *k, const char *path, struct err *e)
{
	char *head = malloc(OLE_LOOK);
	FILE *f = fopen(path, "rb");
	size_t n = f && head ? fread(head, 1, OLE_LOOK, f) : 0;
	bool good = f && head;
	long size = 0;

	if (!good) {
		fail(e, errno == ENOENT ? E_MISSING : E_INPUT, "ce fichier ne peut pas être lu.");
		hint(e, "Vérifiez son nom et vos droits.");
		fail_at(e, k->name, 0);
	} else if (is_ole(head, n)) {
		good = refuse_ole(k, head, n, e);
	} else if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) > (long)FILE_MOST_MB << 20) {
		fail(e, E_LIMIT, "ce classeur dépasse %d Mo.", FILE_MOST_MB);
		hint(e, "Enregistrez la feuille utile seule, ou en CSV.");
		good = fail_at(e, k->name, 0);
	}
	if (f)
		fclose(f);
	free(head);
	return good;
}

bool package_open(const char *path, struct package *k, struct err *e)
{
	*k = (struct package){ .name = path };
	if (!look(k, path, e))
		return false;
	if (open_source(zip_source_file_create(path, 0, -1, NULL), k, e))
		return true;
	package_close(k);
	return false;
}

void package_close(struct package *k)
{
	if (k->zip)
		zip_discard(k->zip);
	k->zip = NULL;
}

bool package_has(const struct package *k, const char *part)
{
	return zip_name_locate(k->zip, part, ZIP_FL_NOCASE) >= 0;
}

/* --- a part ------------------------------------------------------------------------- */

static const char *local(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon ? colon + 1 : name;
}

const char *part_attribute(const char **attributes, const char *name)
{
	for (; *attributes; attributes += 2) {
		if (strcmp(local(attributes[0]), name) == 0)
			return attributes[1];
	}
	return NULL;
}

/* expat gives one pointer to its handlers: these stand between. */
struct bridge {
	struct part *part;
	const struct part_calls *calls;
	void *arg;
};

static void on_start(void *arg, const char *name, const char **attributes)
{
	struct bridge *b = arg;

	b->calls->start(b->arg, local(name), attributes);
}

static void on_end(void *arg, const char *name)
{
	struct bridge *b = arg;

	b->calls->end(b->arg, local(name));
}

static void on_text(void *arg, const char *s, int n)
{
	struct bridge *b = arg;

	b->calls->text(b->arg, s, n);
}

static void on_doctype(void *arg, const char *name, const char *system, const char *public,
		       int internal)
{
	(void)name, (void)system, (void)public, (void)internal;
	part_refuse(((struct bridge *)arg)->part, "ce classeur déclare un DTD, ce qu'aucun tableur "
		    "n'écrit.", resave);
}

void part_refuse(struct part *p, const char *what, const char *advice)
{
	if (p->bad.kind == E_OK)
		package_refuse(p->k, what, advice, &p->bad);
	XML_StopParser(p->xml, XML_FALSE);
}

void part_pause(struct part *p)
{
	XML_StopParser(p->xml, XML_TRUE);
}

static bool refuse_part(const struct package *k, const char *name, const char *what,
			struct err *e)
{
	char text[PART_NAME + 80];

	snprintf(text, sizeof text, "ce classeur est incomplet : « %.100s » %s.", name, what);
	return package_refuse(k, text, resave, e);
}

static bool start_xml(struct part *p, const struct part_calls *calls, void *arg, struct err *e)
{
	struct bridge *b = malloc(sizeof *b);

	p->xml = XML_ParserCreate(NULL);
	if (!b || !p->xml) {
		free(b);
		return fail(e, E_LIMIT, "il manque de la mémoire pour lire le fichier.");
	}
	*b = (struct bridge){ p, calls, arg };
	XML_SetUserData(p->xml, b);
	XML_SetElementHandler(p->xml, on_start, on_end);
	XML_SetCharacterDataHandler(p->xml, on_text);
	XML_SetStartDoctypeDeclHandler(p->xml, on_doctype);
	return true;
}

bool part_open(struct package *k, const char *name, const struct part_calls *calls, void *arg,
	       struct part *p, struct err *e)
{
	zip_int64_t at = zip_name_locate(k->zip, name, ZIP_FL_NOCASE);
	zip_stat_t st;

	*p = (struct part){ .k = k };
	if (at < 0)
		return refuse_part(k, name, "n'y est pas", e);
	zip_stat_init(&st);
	if (zip_stat_index(k->zip, (zip_uint64_t)at, 0, &st))
		return refuse_part(k, name, "ne se lit pas", e);
	if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) && st.encryption_method)
		return package_refuse(k, "ce classeur est protégé par un mot de passe.",
				      "Ôtez le mot de passe, puis enregistrez en .xlsx ou CSV.", e);
	p->packed = st.comp_size;
	p->size = st.size;
	p->f = zip_fopen_index(k->zip, (zip_uint64_t)at, 0);
	if (!p->f)
		return refuse_part(k, name, "ne se lit pas", e);
	if (start_xml(p, calls, arg, e))
		return true;
	part_close(p);
	return false;
}

void part_close(struct part *p)
{
	if (p->f)
		zip_fclose(p->f);
	if (p->xml) {
		free(XML_GetUserData(p->xml));
		XML_ParserFree(p->xml);
	}
	p->f = NULL;
	p->xml = NULL;
}

static bool swells(const struct part *p)
{
	return p->k->inflated > (uint64_t)INFLATED_MOST_MB << 20
	       || (p->done > (uint64_t)RATIO_FROM_MB << 20
		   && p->done / RATIO_MOST > p->packed);
}

/* The next piece to expat; false when the archive cannot give it. */
static enum XML_Status feed(struct part *p, struct err *e)
{
	void *to = XML_GetBuffer(p->xml, PART_PIECE);
	zip_int64_t n = to ? zip_fread(p->f, to, PART_PIECE) : -1;

	if (n < 0) {
		refuse_part(p->k, "une feuille", "est abîmée", e);
		return XML_STATUS_ERROR;
	}
	p->done += (uint64_t)n;
	p->k->inflated += (uint64_t)n;
	if (swells(p)) {
		fail(e, E_LIMIT, "ce classeur se déplie sans fin : il n'est pas lu.");
		hint(e, "Un classeur de lieux tient en quelques mégaoctets : enregistrez la "
		     "feuille utile en CSV.");
		fail_at(e, p->k->name, 0);
		return XML_STATUS_ERROR;
	}
	p->last = n == 0;
	return XML_ParseBuffer(p->xml, (int)n, p->last);
}

enum part_state part_run(struct part *p, struct err *e)
{
	XML_ParsingStatus now;
	enum XML_Status status;

	e->kind = E_OK;
	for (;;) {
		XML_GetParsingStatus(p->xml, &now);
		if (now.parsing == XML_FINISHED)
			return PART_END;
		status = now.parsing == XML_SUSPENDED ? XML_ResumeParser(p->xml) : feed(p, e);
		if (p->bad.kind != E_OK)
			*e = p->bad;
		else if (status == XML_STATUS_SUSPENDED)
			return PART_PAUSED;
		else if (status == XML_STATUS_ERROR && e->kind == E_OK)
			package_refuse(p->k, "ce classeur est abîmé : son contenu n'est pas du XML "
				       "bien formé.", resave, e);
		if (e->kind != E_OK)
			return PART_BAD;
		if (p->last && status == XML_STATUS_OK)
			return PART_END;
	}
}
