/*
 * What leaves of an instrument: its answers as a dataset (CSV, XLSX, JSON) and the codebook
 * that says what each code means.  Answers leave without commune, structure, day or words
 * that somebody wrote, in an order that says nothing, and only when eleven people answered.
 */
#pragma once

#include <stdbool.h>

#include "core/jeu.h"
#include "detect/instrument.h"

enum { EXPORT_SEUIL = 11 };

/* E_DENIED below EXPORT_SEUIL answers to that version. */
bool export_reponses(const struct jeu_lecture *l, const struct instrument *in,
		     enum jeu_format format, const char *folder, struct buf *out, struct err *e);

/* One row a code: question, type, words, code, label, value. */
bool export_codes(const struct jeu_lecture *l, const struct instrument *in,
		  enum jeu_format format, const char *folder, struct buf *out, struct err *e);
