/*
 * What became of communes: INSEE's "mouvements" (v_mvtcommune) and tables of passage.  Only
 * what moves a code from one commune to another is kept.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "observe/indicateur_run.h"

static bool has(const struct run *r, const char *name)
{
	return tableau_column(&r->t, name) >= 0;
}

static bool is_code(const char *s)
{
	if (strlen(s) != 5 || !isdigit((unsigned char)s[0]))
		return false;
	for (int i = 2; i < 5; i++) {
		if (!isdigit((unsigned char)s[i]))
			return false;
	}
	return isdigit((unsigned char)s[1]) || !strncmp(s, "2A", 2) || !strncmp(s, "2B", 2);
}

/* A commune's code, its lost zero given back. */
static bool read_code(struct run *r, const struct csv_row *row, int column, char out[6])
{
	const char *text = cellule(row, column);
	char code[8];

	snprintf(code, sizeof code, strlen(text) == 4 ? "0%.5s" : "%.6s", text);
	if (!is_code(code)) {
		note_refus(&r->notes, row->line, r->t.names[column], text, "code INSEE impossible");
		return false;
	}
	if (strlen(text) == 4)
		r->notes.repares++;
	memcpy(out, code, 6);
	return true;
}

/* "2019-01-01", "01/01/2019" or "01/01/19". */
static bool read_date(const char *s, char out[11])
{
	int d, m, y, end = 0;
	long year;

	if (sscanf(s, "%4d-%2d-%2d%n", &y, &m, &d, &end) == 3 && (size_t)end == strlen(s)) {
		year = y;
	} else if (sscanf(s, "%2d/%2d/%4d%n", &d, &m, &y, &end) == 3 && (size_t)end == strlen(s)) {
		year = y >= 100 ? y : y >= 40 ? 1900 + y : 2000 + y;
	} else {
		return false;
	}
	if (year < 1900 || year > 2100 || m < 1 || m > 12 || d < 1 || d > 31)
		return false;
	snprintf(out, 11, "%04ld-%02d-%02d", year, m, d);
	return true;
}

static bool keep(struct run *r, const char *from, const char *to, const char *date,
		 const char *nature, struct err *e)
{
	struct passage_lu *p;

	r->out->acceptes++;
	if (!strcmp(from, to))
		return true;
	if (r->npassages == r->passages_room) {
		size_t room = r->passages_room ? r->passages_room * 2 : 1024;

		p = reallocarray(r->passages, room, sizeof *p);
		if (!p)
			return fail(e, E_LIMIT, "Il manque de la mémoire pour l'import.");
		r->passages = p;
		r->passages_room = room;
	}
	p = &r->passages[r->npassages++];
	*p = (struct passage_lu){ .nature = nature };
	memcpy(p->ancien, from, 6);
	memcpy(p->nouveau, to, 6);
	snprintf(p->date, sizeof p->date, "%s", date);
	return true;
}

/* --- mouvements ---------------------------------------------------------------------------- */

bool fits_mouvements(const struct run *r)
{
	return has(r, "MOD") && has(r, "DATE_EFF") && has(r, "COM_AV") && has(r, "COM_AP");
}

/*
 * INSEE's kinds of events: 20 creation, 21 restored; 30 to 34 suppressed, merged, associated;
 * 41 and 50 another code.  The others (10 name, 35, 70, 71 communes déléguées) move nothing.
 * Source: dictionnaire du Code officiel géographique, fichier des événements.
 */
static const char *nature_of(const char *mod)
{
	long m = strtol(mod, NULL, 10);

	if (m == 20 || m == 21)
		return "scission";
	if (m >= 30 && m <= 34)
		return "fusion";
	return m == 41 || m == 50 ? "code" : NULL;
}

static bool take_event(struct run *r, const struct csv_row *row, const int at[6],
		       struct err *e)
{
	const char *nature = nature_of(cellule(row, at[0]));
	const char *date = cellule(row, at[1]);
	char from[6], to[6], day[11];
	bool communes = at[4] < 0 || (!strcmp(cellule(row, at[4]), "COM")
				      && !strcmp(cellule(row, at[5]), "COM"));

	if (!nature || !communes) {
		r->out->ignores++;
		return true;
	}
	if (!read_date(date, day)) {
		note_refus(&r->notes, row->line, "DATE_EFF", date, "date impossible");
		return true;
	}
	if (!read_code(r, row, at[2], from) || !read_code(r, row, at[3], to))
		return true;
	return keep(r, from, to, day, nature, e);
}

bool read_mouvements(struct run *r, struct err *e)
{
	static const char *const names[] = { "MOD", "DATE_EFF", "COM_AV", "COM_AP",
		"TYPECOM_AV", "TYPECOM_AP" };
	struct csv_row row;
	int at[6];

	for (int i = 0; i < 6; i++)
		at[i] = tableau_column(&r->t, names[i]);
	r->source = "Insee, Code officiel géographique";
	while (run_next(r, &row, e)) {
		if (!take_event(r, &row, at, e))
			return false;
	}
	return e->kind == E_OK;
}

/* --- tables of passage --------------------------------------------------------------------- */

/* CODGEO_2024 of CODGEO_INI,CODGEO_2024; -1. */
static int find_target(const struct run *r, int *year)
{
	for (size_t i = 0; i < r->t.n; i++) {
		const char *name = r->t.names[i];

		if (!strncmp(name, "CODGEO_", 7) && isdigit((unsigned char)name[7])) {
			*year = (int)strtol(name + 7, NULL, 10);
			return (int)i;
		}
	}
	return tableau_column(&r->t, "nouveau");
}

bool fits_passage(const struct run *r)
{
	int year = 0;

	return (has(r, "CODGEO_INI") && find_target(r, &year) >= 0)
	       || (has(r, "ancien") && has(r, "nouveau"));
}

bool read_passage(struct run *r, struct err *e)
{
	int year = r->name_year, from = tableau_column(&r->t, "CODGEO_INI");
	int to = find_target(r, &year);
	char day[16] = "", old[6], new[6];
	struct csv_row row;

	if (from < 0)
		from = tableau_column(&r->t, "ancien");
	if (year > 1900 && year < 2100)
		snprintf(day, sizeof day, "%04d-01-01", year);
	r->source = "Insee, Code officiel géographique";
	while (run_next(r, &row, e)) {
		if (!read_code(r, &row, from, old) || !read_code(r, &row, to, new))
			continue;
		if (!keep(r, old, new, day, "fusion", e))
			return false;
	}
	return e->kind == E_OK;
}
