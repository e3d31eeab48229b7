/*
 * Sheets that come back from a page without network (detect/horsligne.h): lines of JSON,
 * one a person.
 *
 *     {"tremplin":"hors-ligne/1","numero":"K7QM-3XPD-9FRW","instrument":"reperage",
 *      "version":"1.0.0","mode":"terrain","langue":"ar","le":"2026-11-22","age":"18",
 *      "accord":true,"provenance":"declare","moment":"","commune":"93200","groupe":"",
 *      "reponses":{"quoi":"demarche"},"profil":"tenace"}
 *
 * A sheet counts once, by its number: bringing a file twice changes nothing.  The result of
 * the page is never believed: answers are scored again here, and `profil` only tells how
 * often the two differ.  A file is read whole before anything is written.
 */
#pragma once

#include "detect/saisie.h"

enum { RAPPORT_FEUILLES = 400, RAPPORT_MOT = 80, RAPPORT_JOURS = 400 };

struct rapport_feuille {
	long ligne;
	const char *numero, *instrument, *version, *langue, *le, *commune, *groupe, *profil;
	const char *reponses;           /* JSON, as reponses_write writes */
	enum age age;
	int provenance, moment;         /* recueil_*; moment -1: not said */
	bool accord;
};

/* E_INPUT "Ligne 3 : ..." for the first line that is wrong.  The same line twice is one. */
bool rapport_read(struct arena *a, const char *text, size_t n, struct rapport_feuille **out,
		  size_t *count, struct err *e);

struct rapport_bilan {
	int gardees, comptees, rien;    /* rien: no consent, nothing to count */
	int deja;                       /* brought back or typed before */
	int autres;                     /* the page said another profile than ours */
};

/*
 * Checks them all (E_INPUT, E_MISSING with the line), then writes each: `commune` is a code
 * by now, `garde`: this structure may keep answers.  Whatever stops it in between, the same
 * file may come again.
 */
bool rapport_put(struct store *s, const struct env *env, const struct rapport_feuille *f, size_t n,
		 const char *structure, bool garde, struct rapport_bilan *out, struct err *e);
