#include "orient/lieu_vcard.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/date.h"
#include "format/vtexte.h"

enum { CARD_MOST = 1 << 18 };

static void put(struct buf *out, struct arena *a, const char *name, const char *value)
{
	if (value && *value)
		vtexte_line(out, arena_printf(a, "%s:%s", name, value));
}

static void put_text(struct buf *out, struct arena *a, const char *name, const char *value)
{
	if (*value)
		put(out, a, name, vtexte_escape(a, value));
}

/* Each value of a list, under the same name. */
static void put_list(struct buf *out, struct arena *a, const char *name, const char *list,
		     bool text)
{
	for (const char *s = list; *s;) {
		size_t n = strcspn(s, "|");
		const char *value = arena_strn(a, s, n);

		put(out, a, name, text ? vtexte_escape(a, value) : value);
		s += n + (s[n] == '|');
	}
}

static void put_address(struct buf *out, struct arena *a, const struct lieu *l)
{
	put(out, a, "ADR;TYPE=work", arena_printf(a, ";%s;%s;%s;;%s;France",
	    vtexte_escape(a, l->complement_adresse), vtexte_escape(a, l->adresse),
	    vtexte_escape(a, l->commune),
	    vtexte_escape(a, l->code_postal)));
	if (!l->position_commune && isfinite(l->lat) && isfinite(l->lon))
		put(out, a, "GEO", arena_printf(a, "%.6f;%.6f", l->lat, l->lon));
}

static void put_note(struct buf *out, struct arena *a, const struct lieu *l)
{
	const char *hours = *l->horaires ? l->horaires : l->horaires_texte;
	const char *note = l->presentation_resume;

	if (*hours)
		note = arena_printf(a, "%s%sHoraires (%s) : %s", note, *note ? "\n" : "",
				    l->date_maj, hours);
	put_text(out, a, "NOTE", note);
}

bool lieu_vcard(struct buf *out, const struct lieu *l, const char *url, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(CARD_MOST);

	vtexte_line(out, "BEGIN:VCARD");
	vtexte_line(out, "VERSION:3.0");
	vtexte_line(out, "PRODID:-//Tremplin//FR");
	vtexte_line(out, arena_printf(&a, "UID:urn:uuid:%s", l->id));
	put_text(out, &a, "FN", l->nom);
	put(out, &a, "N", arena_printf(&a, "%s;;;;", vtexte_escape(&a, l->nom)));
	put_text(out, &a, "ORG", l->nom);
	put_text(out, &a, "TEL;TYPE=work,voice", l->telephone);
	put_list(out, &a, "EMAIL;TYPE=internet", l->courriels, true);
	put_address(out, &a, l);
	put(out, &a, "URL", url);
	put_list(out, &a, "URL", l->site_web, false);
	put_note(out, &a, l);
	put(out, &a, "REV", l->maj_le);
	vtexte_line(out, "END:VCARD");
	if (a.spent || out->full)
		return fail(e, E_LIMIT, "cette fiche est trop longue pour une carte de contact.");
	return true;
}

bool lieu_vcard_parti(struct buf *out, const char *id, const char *le, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(CARD_MOST);
	struct civil c;

	if (!iso_read(le, &c))
		return fail(e, E_STORE, "la date de départ d’un lieu est illisible.");
	vtexte_line(out, "BEGIN:VCARD");
	vtexte_line(out, "VERSION:3.0");
	vtexte_line(out, "PRODID:-//Tremplin//FR");
	vtexte_line(out, arena_printf(&a, "UID:urn:uuid:%s", id));
	vtexte_line(out, "FN:Lieu retiré de l’annuaire");
	vtexte_line(out, "N:Lieu retiré de l’annuaire;;;;");
	vtexte_line(out, arena_printf(&a, "NOTE:Retiré de l’annuaire depuis le %02d/%02d/%04d : "
		"cette carte peut être effacée.", c.day, c.month, c.year));
	put(out, &a, "REV", le);
	vtexte_line(out, "END:VCARD");
	return out->full ? fail(e, E_LIMIT, "la carte est trop longue.") : true;
}
