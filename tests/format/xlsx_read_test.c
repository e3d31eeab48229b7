/* Workbooks from outside: what openpyxl and our own writer put is what comes, and what is no
 * workbook, or a wicked one, is refused in words. */
#include "test.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zip.h>

#include "base/buf.h"
#include "format/xlsx.h"
#include "format/xlsx_cell.h"
#include "format/xlsx_read.h"

#define has(text, word) holds(strstr((text), (word)) != NULL)

static char path[300];

static const char *in_dir(const char *name)
{
	snprintf(path, sizeof path, "%s/%s", test_dir(), name);
	return path;
}

/* The sheet as text: "line:a|b|c" and a star after what a formula computed. */
static void read_all(const char *file, const char *sheet, char *out, size_t room)
{
	CLEANUP(xlsx_read_close) struct xlsx_read *x = NULL;
	struct xlsx_read_row row;
	struct err e = { 0 };
	size_t n = 0;

	*out = '\0';
	accepts(xlsx_read_open(file, sheet, &x, &e), &e);
	while (xlsx_read_next(x, &row, &e)) {
		n += (size_t)snprintf(out + n, room - n, "%ld:", row.line);
		for (size_t i = 0; i < row.n; i++)
			n += (size_t)snprintf(out + n, room - n, "%s%s%s", i ? "|" : "",
					      row.cells[i], row.computed[i] ? "*" : "");
		n += (size_t)snprintf(out + n, room - n, "\n");
	}
	equals(e.kind, E_OK);
}

static void run_python(const char *script, const char *file)
{
	int status;
	pid_t pid;

	if (access("/usr/lib/python3/dist-packages/openpyxl", F_OK)) {
		print_message("needs python3-openpyxl\n");
		skip();
	}
	pid = fork();
	if (!pid) {
		execlp("/usr/bin/python3", "python3", "-c", script, file, NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	holds(WIFEXITED(status) && !WEXITSTATUS(status));
}

/* A zip of the parts: name, content, name, content, NULL. */
static const char *zipped(const char *name, const char *const *parts)
{
	const char *file = in_dir(name);
	zip_t *z = zip_open(file, ZIP_CREATE | ZIP_TRUNCATE, NULL);

	for (; *parts; parts += 2)
		zip_file_add(z, parts[0], zip_source_buffer(z, parts[1], strlen(parts[1]), 0), 0);
	equals(zip_close(z), 0);
	return file;
}

#define TYPES "[Content_Types].xml", "<Types/>"
#define RELS "_rels/.rels", "<Relationships><Relationship Id='r1' Type='x/officeDocument' " \
	"Target='xl/workbook.xml'/></Relationships>"
#define BOOK "xl/workbook.xml", "<workbook xmlns:r='r'><sheets>" \
	"<sheet name='Été' sheetId='1' r:id='a'/></sheets></workbook>"
#define BOOK_RELS "xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id='a' Type='x/worksheet' " \
	"Target='worksheets/sheet1.xml'/><Relationship Id='b' Type='x/styles' Target='/xl/styles.xml'/>" \
	"<Relationship Id='c' Type='x/sharedStrings' Target='sharedStrings.xml'/></Relationships>"

TEST("a workbook of openpyxl is read as it was written: texts, numbers, dates, hours, formulas")
{
	static const char script[] =
		"import sys, datetime as d, openpyxl\n"
		"w = openpyxl.Workbook(); s = w.active; s.title = 'Lieux'\n"
		"s.append(['Liste des lieux']); s.merge_cells('A1:E1')\n"
		"s.append([])\n"
		"s.append(['Nom', 'Code', 'Maj', 'Heure', 'Wifi', 'Total'])\n"
		"s.append(['Médiathèque <&> \"x\"', 1000, d.date(2022, 3, 4), d.time(9, 30), True, '=1+1'])\n"
		"s['B4'].number_format = '00000'\n"
		"s.append(['  Ligne\\n2 ', 48.9028, d.datetime(2024, 2, 29, 23, 59, 59), None, False, 1e14])\n"
		"s['C6'] = d.date(1900, 1, 15); s['A6'] = -0.1 - 0.2; s['D6'] = '#REF!'; s['D6'].data_type = 'e'\n"
		"s['A1000000'] = 'loin'\n"
		"w.create_sheet('Vide'); c = w.create_sheet('Autre'); c['C2'] = 'ici'\n"
		"w.save(sys.argv[1])\n";
	char out[2000], *file = strdup(in_dir("o.xlsx"));
	struct xlsx_read *x = NULL;
	struct err e = { 0 };

	run_python(script, file);
	read_all(file, NULL, out, sizeof out);
	same(out, "1:Liste des lieux\n3:Nom|Code|Maj|Heure|Wifi|Total\n"
	     "4:Médiathèque <&> \"x\"|01000|2022-03-04|09:30|oui\n"
	     "5:Ligne\n2|48.9028|2024-02-29T23:59:59||non|100000000000000\n"
	     "6:-0.3||1900-01-15\n1000000:loin\n");
	read_all(file, "AUTRE", out, sizeof out);
	same(out, "2:||ici\n");
	read_all(file, "vide", out, sizeof out);
	same(out, "");
	refuses(E_INPUT, xlsx_read_open(file, "Lieu", &x, &e), &e);
	has(e.hint, "Lieux, Vide, Autre");
	accepts(xlsx_read_open(file, NULL, &x, &e), &e);
	equals(xlsx_read_sheets(x), 3);
	holds(!xlsx_read_has_macros(x));
	same(xlsx_read_described(x), "XLSX, feuille « Lieux »");
	for (struct xlsx_read_row row; xlsx_read_next(x, &row, &e);)
		;
	equals(xlsx_read_lost(x), 2);           /* =1+1, which openpyxl does not compute, and #REF! */
	xlsx_read_close(&x);
	free(file);
}

TEST("a workbook that counts its days from 1904 gives the same dates")
{
	static const char script[] =
		"import sys, datetime as d, openpyxl\n"
		"from openpyxl.utils.datetime import CALENDAR_MAC_1904\n"
		"w = openpyxl.Workbook(); w.epoch = CALENDAR_MAC_1904\n"
		"w.active.append([d.date(2022, 3, 4), d.date(1904, 1, 2)])\n"
		"w.save(sys.argv[1])\n";
	char out[200], *file = strdup(in_dir("mac.xlsx"));

	run_python(script, file);
	read_all(file, NULL, out, sizeof out);
	same(out, "1:2022-03-04|1904-01-02\n");
	free(file);
}

TEST("what our own writer puts in a workbook comes back")
{
	CLEANUP(xlsx_free) struct xlsx *x = NULL;
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	CLEANUP(xlsx_read_close) struct xlsx_read *r = NULL;
	struct xlsx_read_row row;
	struct err e = { 0 };

	accepts(xlsx_new(test_dir(), &x, &e), &e);
	accepts(xlsx_sheet(x, "Lieux", &e), &e);
	xlsx_title(x, "nom");
	xlsx_text(x, NULL);
	xlsx_text(x, "=1+1");
	accepts(xlsx_row(x, &e), &e);
	accepts(xlsx_row(x, &e), &e);
	xlsx_number(x, 0.1);
	xlsx_number(x, 21870034000015);
	xlsx_text(x, "é\n_x");
	accepts(xlsx_row(x, &e), &e);
	accepts(xlsx_end(&x, &b, &e), &e);
	accepts(xlsx_read_open_bytes("m.xlsx", b.p, b.n, NULL, &r, &e), &e);
	holds(xlsx_read_next(r, &row, &e));
	equals(row.n, 3);
	same(row.cells[0], "nom");
	same(row.cells[1], "");
	same(row.cells[2], "=1+1");
	holds(!row.computed[2]);
	holds(xlsx_read_next(r, &row, &e));
	equals(row.line, 3);
	same(row.cells[0], "0.1");
	same(row.cells[1], "21870034000015");
	same(row.cells[2], "é\n_x");
	holds(!xlsx_read_next(r, &row, &e));
	equals(e.kind, E_OK);
	holds(!xlsx_read_next(r, &row, &e));
}

TEST("prefixes, rich and inline texts, a formula with its value, and hidden sheets are understood")
{
	static const char *const parts[] = { TYPES, RELS,
		"xl/workbook.xml", "<x:workbook xmlns:x='m' xmlns:r='r'><x:sheets>"
		"<x:sheet name='Listes' state='hidden' r:id='z'/><x:sheet name='Été' r:id='a'/>"
		"</x:sheets></x:workbook>", BOOK_RELS,
		"xl/styles.xml", "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='[$-40C]d mmm "
		"yyyy;@'/><numFmt numFmtId='165' formatCode='0.00\"d\"'/></numFmts><cellStyleXfs>"
		"<xf numFmtId='14'/></cellStyleXfs><cellXfs><xf numFmtId='0'/><xf numFmtId='164'/>"
		"<xf numFmtId='165'/></cellXfs></styleSheet>",
		"xl/sharedStrings.xml", "<sst><si><t>un</t></si><si><r><t>de</t></r><r><t xml:space="
		"'preserve'>ux </t></r><rPh><t>lu</t></rPh></si></sst>",
		"xl/worksheets/sheet1.xml", "<x:worksheet xmlns:x='m'><x:sheetData>"
		"<x:row><x:c t='s'><x:v>1</x:v></x:c><x:c t='inlineStr'><x:is><x:t>là_x000A_bas</x:t></x:is>"
		"</x:c><x:c><x:f>A1</x:f><x:v>7</x:v></x:c><x:c t='str'><x:f>T()</x:f><x:v>dit</x:v></x:c>"
		"<x:c s='1'><x:v>44624</x:v></x:c><x:c s='2'><x:v>44624</x:v></x:c><x:c t='s'><x:v>9</x:v>"
		"</x:c><x:c t='s'><x:v>0</x:v></x:c></x:row><x:row r='3'/><x:row><x:c r='B4' s='1'/></x:row>"
		"</x:sheetData><x:pageMargins/></x:worksheet>", NULL };
	char out[400];

	read_all(zipped("main.xlsx", parts), NULL, out, sizeof out);
	same(out, "1:deux|là\nbas|7*|dit*|2022-03-04|44624||un\n");
}

static struct err refused(const char *file)
{
	CLEANUP(xlsx_read_close) struct xlsx_read *x = NULL;
	struct xlsx_read_row row;
	struct err e = { 0 };

	if (xlsx_read_open(file, NULL, &x, &e)) {
		while (xlsx_read_next(x, &row, &e))
			;
	}
	holds(e.kind != E_OK);
	has(e.msg, file);
	holds(e.hint[0]);
	return e;
}

static const char *raw_file(const char *name, const char *p, size_t n)
{
	const char *file = in_dir(name);
	FILE *f = fopen(file, "w");

	fwrite(p, 1, n, f);
	fclose(f);
	return file;
}

TEST("what is no workbook that we read is named, with what to do")
{
	static const char ole[] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 etc. E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";
	static const char *const ods[] = { "mimetype", "application/vnd.oasis.opendocument.spreadsheet",
					   "content.xml", "<x/>", NULL };
	static const char *const xlsb[] = { TYPES, "xl/workbook.bin", "x", NULL };
	static const char *const zip[] = { "lieux.csv", "nom\n", NULL };
	static const char *const docx[] = { TYPES, "_rels/.rels", "<Relationships/>", NULL };
	static const char *const alone[] = { TYPES, RELS, BOOK, BOOK_RELS, NULL };
	struct err e = refused(raw_file("a.xls", ole, 16));

	has(e.msg, ".xls");
	has(e.hint, "enregistrez en .xlsx ou CSV");
	e = refused(raw_file("b.xlsx", ole, sizeof ole));
	has(e.msg, "mot de passe");
	has(e.hint, ".xlsx ou CSV");
	has(refused(zipped("c.ods", ods)).msg, "OpenDocument");
	has(refused(zipped("d.xlsb", xlsb)).msg, ".xlsb");
	has(refused(zipped("e.zip", zip)).msg, "archive");
	has(refused(zipped("f.docx", docx)).msg, "autre document");
	has(refused(zipped("g.xlsx", alone)).msg, "sheet1.xml");
	has(refused(raw_file("h.xlsx", "PK\3\4 coupé", 12)).msg, "abîmé");
	equals(refused(in_dir("absent.xlsx")).kind, E_MISSING);
}

static struct err refused_sheet(const char *sheet)
{
	const char *const parts[] = { TYPES, RELS, BOOK, BOOK_RELS, "xl/worksheets/sheet1.xml", sheet,
				      NULL };

	return refused(zipped("sheet.xlsx", parts));
}

TEST("XML that is broken, that declares entities, or cells beyond any table are refused")
{
	has(refused_sheet("<worksheet><sheetData><row><c><v>1</v></row>").msg, "abîmé");
	has(refused_sheet("<!DOCTYPE x [<!ENTITY a 'aaaa'>]><worksheet/>").msg, "DTD");
	has(refused_sheet("<worksheet><sheetData><row><c r='ZZZ1'><v>1</v></c></row></sheetData>"
			  "</worksheet>").msg, "colonne 2 000");
}

/* `n` times the same row in one sheet; its file. */
static const char *repeated(const char *name, const char *row, size_t n)
{
	size_t k = strlen(row);
	char *text = malloc(k * n + 200), *p = text;
	const char *const parts[] = { TYPES, RELS, BOOK, BOOK_RELS, "xl/worksheets/sheet1.xml", text,
				      NULL };
	const char *file;

	p = stpcpy(p, "<worksheet><sheetData>");
	for (size_t i = 0; i < n; i++)
		p = mempcpy(p, row, k);
	stpcpy(p, "<row><c t='inlineStr'><is><t>fin</t></is></c></row></sheetData></worksheet>");
	file = zipped(name, parts);
	free(text);
	return file;
}

TEST("a sheet of many empty rows is read in little memory, and one that swells is refused")
{
	char out[100], *blank = malloc(600);
	struct rusage before, after;
	const char *file = repeated("vide.xlsx", "<row><c s='1'/><c s='1'/><c s='1'/></row>", 200000);

	getrusage(RUSAGE_SELF, &before);
	read_all(file, NULL, out, sizeof out);
	getrusage(RUSAGE_SELF, &after);
	same(out, "200001:fin\n");
	holds(after.ru_maxrss - before.ru_maxrss < 4096);
	memset(blank, ' ', 599);
	blank[599] = '\0';
	equals(refused(repeated("bombe.xlsx", blank, 60000)).kind, E_LIMIT);
	free(blank);
}

TEST("formats tell dates, hours and codes from numbers")
{
	static const struct { const char *code, *raw, *text; } cases[] = {
		{ "dd/mm/yyyy", "44624", "2022-03-04" }, { "jj/mm/aaaa", "44624", "2022-03-04" },
		{ "mmm\\-yy", "44624", "2022-03-04" }, { "[h]:mm", "0.5", "12:00" },
		{ "h\"h\"mm", "0.375", "09:00" }, { "00000", "1000", "01000" },
		{ "#,##0.00", "1234.5", "1234.5" }, { "[Red]0", "3", "3" }, { "General", "3", "3" },
		{ "\"daté\" 0", "3", "3" }, { "0.0E+00", "33123456789", "33123456789" },
		{ "dd/mm/yyyy hh:mm", "44624.75", "2022-03-04T18:00:00" }, { "@", "12", "12" },
	};
	char out[CELL_TEXT], name[8];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		holds(cell_number_text(cases[i].raw, cell_format_of_code(cases[i].code), false, out));
		same(out, cases[i].text);
	}
	holds(cell_number_text("60", cell_format_of_id(14), false, out));
	equals(cell_column("A1"), 0);
	equals(cell_column("AB12"), 27);
	equals(cell_column("7"), -1);
	cell_column_name(701, name);
	same(name, "ZZ");
	cell_column_name(27, name);
	same(name, "AB");
}
