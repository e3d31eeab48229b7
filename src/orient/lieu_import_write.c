#include "orient/lieu_import_write.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "orient/lieu_absence.h"
#include "orient/lieu_import.sql.h"
#include "orient/passage.sql.h"
#include "orient/lieu_parole.h"
#include "orient/rapprochement.h"

enum { DAY = 10, CLE_MOST = 300, PLACE_MOST = 32 << 20 };

static const char *text_of(const char *s)
{
	return s ? s : "";
}

static const char *or_null(const char *s)
{
	return s && *s ? s : NULL;
}

bool lieu_source_read(struct db *db, struct arena *a, const struct env *env,
		      struct lieu_source *src, struct err *e)
{
	struct lieu_source_find_row row;

	if (!lieu_source_find(db, a, src->name, &row, &src->known, e))
		return false;
	if (!src->known) {
		uuid_new(env, src->id);
		src->imported[0] = '\0';
		return true;
	}
	snprintf(src->id, sizeof src->id, "%s", row.id);
	snprintf(src->imported, sizeof src->imported, "%s", text_of(row.importe_le));
	return true;
}

/* --- what the store has ------------------------------------------------------------- */

/* Is the stored record what the import would write?  Latitudes and longitudes are
 * compared as numbers, all else as text. */
static bool same_record(const struct lieu_record *rec, const struct lieu_stored_row *row)
{
	static const size_t at[LIEU_FIELDS] = {
#define COLUMN(field, column) [field] = offsetof(struct lieu_stored_row, column) + 1
		COLUMN(LIEU_PIVOT, pivot), COLUMN(LIEU_NOM, nom), COLUMN(LIEU_COMMUNE, commune),
		COLUMN(LIEU_CODE_POSTAL, code_postal), COLUMN(LIEU_CODE_INSEE, code_insee),
		COLUMN(LIEU_ADRESSE, adresse), COLUMN(LIEU_COMPLEMENT, complement_adresse),
		COLUMN(LIEU_TYPOLOGIE, typologie), COLUMN(LIEU_TELEPHONE, telephone),
		COLUMN(LIEU_COURRIELS, courriels), COLUMN(LIEU_SITE_WEB, site_web),
		COLUMN(LIEU_HORAIRES, horaires), COLUMN(LIEU_RESUME, presentation_resume),
		COLUMN(LIEU_DETAIL, presentation_detail), COLUMN(LIEU_SOURCE, source),
		COLUMN(LIEU_ITINERANCE, itinerance), COLUMN(LIEU_PARENTE, structure_parente),
		COLUMN(LIEU_DATE_MAJ, date_maj), COLUMN(LIEU_SERVICES, services),
		COLUMN(LIEU_PUBLICS, publics_specifiquement_adresses),
		COLUMN(LIEU_PRISES_EN_CHARGE, prise_en_charge_specifique),
		COLUMN(LIEU_FRAIS, frais_a_charge),
		COLUMN(LIEU_DISPOSITIFS, dispositif_programmes_nationaux),
		COLUMN(LIEU_FORMATIONS, formations_labels),
		COLUMN(LIEU_AUTRES_FORMATIONS, autres_formations_labels),
		COLUMN(LIEU_ACCES, modalites_acces),
		COLUMN(LIEU_ACCOMPAGNEMENTS, modalites_accompagnement),
		COLUMN(LIEU_ACCES_LIBRE, fiche_acces_libre), COLUMN(LIEU_PRISE_RDV, prise_rdv),
#undef COLUMN
	};

	for (int f = 0; f < LIEU_FIELDS; f++) {
		const char *stored;

		if (!at[f])
			continue;
		stored = *(const char *const *)((const char *)row + at[f] - 1);
		if (strcmp(text_of(stored), rec->v[f]))
			return false;
	}
	return strcmp(text_of(row->horaires_texte), rec->horaires_texte) == 0
	       && strcmp(row->position, rec->position_commune ? "commune" : "source") == 0
	       && !row->latitude_null && row->latitude == rec->lat
	       && !row->longitude_null && row->longitude == rec->lon;
}

/* A place that is public without anybody's yes becomes protected when the rule says so. */
static bool must_hide(const struct lieu_record *rec, const struct lieu_stored_row *row)
{
	return rec->protege && strcmp(row->publication, "publie") == 0
	       && !row->publication_motif;
}

static bool is_public(const struct lieu_record *rec, const struct lieu_stored_row *row)
{
	return strcmp(row->publication, "publie") == 0 && !must_hide(rec, row);
}

struct comparing {
	struct lieu_stage *s;
	const struct lieu_source *src;
	char now[ISO_TEXT];
	struct lieu_notes *notes;
	struct lieu_import_totals *out;
	size_t at;                      /* first staged row that is not yet met */
	struct staged *one;             /* a single row looked up by the id of its place */
	bool met;
};

static void count(struct comparing *c, struct staged *p, bool public)
{
	bool written = p->fate == STAGED_NEW || p->fate == STAGED_CHANGED
		       || (p->fate == STAGED_PART && !p->same);

	c->out->nouveaux += p->fate == STAGED_NEW;
	c->out->modifies += written;
	c->out->inchanges += !written;
	c->out->non_publies += !public;
}

static bool same_value(const struct lieu_record *x, const struct lieu_record *y, int f)
{
	if (f == LIEU_LATITUDE || f == LIEU_LONGITUDE)
		return x->lat == y->lat && x->lon == y->lon
		       && x->position_commune == y->position_commune;
	return strcmp(x->v[f], y->v[f]) == 0
	       && (f != LIEU_HORAIRES || strcmp(x->horaires_texte, y->horaires_texte) == 0);
}

/* What the row says, each field with the day since when its source says so.  true: nothing
 * but the date moved. */
static bool speak(struct comparing *c, struct staged *p, const char *before, bool *same,
		  struct err *e)
{
	struct arena *a = &c->s->a;
	struct parole old = { .source = NULL };
	const char *depuis[LIEU_FIELDS] = { NULL };

	*same = before != NULL;
	if (before && !parole_read(a, before, &old, e))
		return false;
	for (int f = 0; before && f < LIEU_FIELDS; f++) {
		if (f == LIEU_ID)
			continue;
		if (same_value(&p->rec, &old.rec, f))
			depuis[f] = old.depuis[f];
		else
			*same = false;
	}
	p->valeurs = parole_json(a, &p->rec, depuis, p->rec.v[LIEU_DATE_MAJ], c->now);
	return !a->spent || arena_refuse(a, e);
}

/* The same for a place that several sources tell: this one says its part. */
static bool decide_part(struct comparing *c, struct staged *p,
			const struct lieu_stored_row *row, bool own, struct err *e)
{
	bool untouched = own && strcmp(row->empreinte, p->empreinte) == 0, same;

	p->lieu_id = arena_str(&c->s->a, row->id);
	if (!speak(c, p, own ? row->valeurs : NULL, &same, e))
		return false;
	p->fate = untouched && same && !must_hide(&p->rec, row) ? STAGED_SEEN : STAGED_PART;
	p->same = !must_hide(&p->rec, row) && (own ? same : same_record(&p->rec, row));
	count(c, p, is_public(&p->rec, row));
	return true;
}

/* What becomes of a row whose source has it, alone to speak of its place. */
static void decide(struct comparing *c, struct staged *p, const struct lieu_stored_row *row)
{
	bool untouched = strcmp(row->empreinte, p->empreinte) == 0;
	bool same = same_record(&p->rec, row) && !must_hide(&p->rec, row);

	p->lieu_id = arena_str(&c->s->a, row->id);
	if (untouched) {
		/* The same row as last time: only new rules or territories can change its
		 * place, and only while nobody else wrote there. */
		p->fate = same || strcmp(row->maj_le, row->importe_le) ? STAGED_SEEN
			  : STAGED_CHANGED;
	} else if (same) {
		p->fate = STAGED_KEPT;
	} else if (strcmp(p->rec.v[LIEU_DATE_MAJ], row->date_maj) < 0) {
		p->fate = STAGED_SEEN;
		lieu_note(c->notes, p->line, NULL, p->id, NOTE_SIGNALE,
			  "plus ancien que ce qui est connu (%s) : la fiche reste telle quelle",
			  row->date_maj);
	} else {
		p->fate = STAGED_CHANGED;
	}
	count(c, p, is_public(&p->rec, row));
}

/* Rows that were seen before and are not in the file; those that are known to be absent
 * are not told again. */
static bool add_absent(struct lieu_stage *s, const struct lieu_stored_row *row, struct err *e)
{
	if (row->absent_depuis)
		return true;
	if (s->nabsents == s->rabsents) {
		size_t room = s->rabsents ? s->rabsents * 2 : 256;
		const char **p = realloc(s->absents, room * sizeof *p);

		if (!p)
			return fail(e, E_LIMIT, "la mémoire manque pour lire cette source.");
		s->absents = p;
		s->rabsents = room;
	}
	s->absents[s->nabsents++] = arena_str(&s->a, row->id_source);
	return true;
}

static bool meet_own(const struct lieu_stored_row *row, void *arg, struct err *e)
{
	struct comparing *c = arg;

	for (; c->at < c->s->n; c->at++) {
		struct staged *p = &c->s->rows[c->at];
		int d = strcmp(p->id_source, row->id_source);

		if (d > 0)
			break;
		if (d == 0 && p->fate != STAGED_MERGED) {
			c->at++;
			p->vu = !row->absent_depuis && strncmp(row->vu_le, c->now, DAY) == 0;
			if (row->valeurs)
				return decide_part(c, p, row, true, e);
			decide(c, p, row);
			return true;
		}
	}
	c->out->absents++;
	return add_absent(c->s, row, e);
}

static bool meet_one(const struct lieu_stored_row *row, void *arg, struct err *e)
{
	struct comparing *c = arg;
	bool first = !c->met;

	c->met = true;
	if (first) {
		struct lieu_record *rec = &c->one->rec;

		/* An export has only hours that can be read: it does not unsay the others. */
		if (!*rec->v[LIEU_HORAIRES] && !*rec->horaires_texte && row->horaires_texte)
			rec->horaires_texte = arena_str(&c->s->a, row->horaires_texte);
		return decide_part(c, c->one, row, false, e);
	}
	return true;
}

/* Is the text a UUIDv7, as our own ids are? */
static bool is_own_id(const char *s)
{
	if (strlen(s) != 36 || s[14] != '7' || !strchr("89ab", s[19]))
		return false;
	for (int i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s[i] != '-' : !strchr("0123456789abcdef", s[i]))
			return false;
	}
	return true;
}

/* A row that its source did not have: a place of ours by its own id, or a new one. */
static bool find_place(struct db *db, const struct env *env, struct comparing *c,
		       struct staged *p, struct err *e)
{
	struct arena *a = &c->s->a;
	struct lieu_id_taken_row taken;
	bool found = false;
	char id[UUID_TEXT];

	if (is_own_id(p->id) && !p->repeated) {
		if (!lieu_id_taken(db, a, p->id, &taken, &found, e))
			return false;
		c->one = p;
		c->met = false;
		if (found && !lieu_stored(db, NULL, taken.id, meet_one, c, e))
			return false;
		if (found && c->met)
			return true;
		if (!found)
			p->lieu_id = p->id;
	}
	if (!p->lieu_id) {
		uuid_new(env, id);
		p->lieu_id = arena_str(a, id);
	}
	p->fate = STAGED_NEW;
	count(c, p, !p->rec.protege);
	return true;
}

bool lieu_import_compare(struct db *db, const struct env *env, struct lieu_stage *s,
			 const struct lieu_source *src, struct lieu_notes *notes,
			 struct lieu_import_totals *out, struct err *e)
{
	struct comparing c = { .s = s, .src = src, .notes = notes, .out = out };

	iso_write(env_now(env), c.now);
	if (src->known && !lieu_stored(db, src->id, NULL, meet_own, &c, e))
		return false;
	for (size_t i = 0; i < s->n; i++) {
		struct staged *p = &s->rows[i];

		if (p->fate != STAGED_MERGED && !p->lieu_id && !find_place(db, env, &c, p, e))
			return false;
	}
	return !s->a.spent || arena_refuse(&s->a, e);
}

/* --- writing ------------------------------------------------------------------------ */

struct writing {
	struct lieu_stage *s;
	const struct lieu_source *src;
	const struct env *env;
	struct lieu_import_totals *out;
	char now[ISO_TEXT];
	size_t written;                 /* rows that must be compared with the other sources */
};

bool lieu_record_put(struct tx *tx, const char *lieu_id, const struct lieu_record *r,
		     const char *now, struct err *e)
{
	const struct protege_rule *hidden = r->protege;
	char cle[CLE_MOST];
	const char *v[LIEU_FIELDS];

	for (int f = 0; f < LIEU_FIELDS; f++)
		v[f] = or_null(r->v[f]);
	utf8_fold(r->v[LIEU_NOM], cle, sizeof cle);
	return lieu_add(tx, lieu_id, v[LIEU_PIVOT], r->v[LIEU_NOM], cle, r->v[LIEU_COMMUNE],
		v[LIEU_CODE_POSTAL], v[LIEU_CODE_INSEE], v[LIEU_ADRESSE], v[LIEU_COMPLEMENT],
		&r->lat, &r->lon, r->position_commune ? "commune" : "source", v[LIEU_TYPOLOGIE],
		v[LIEU_TELEPHONE], v[LIEU_COURRIELS], v[LIEU_SITE_WEB], v[LIEU_HORAIRES],
		v[LIEU_RESUME], v[LIEU_DETAIL], v[LIEU_SOURCE], v[LIEU_ITINERANCE],
		v[LIEU_PARENTE], r->v[LIEU_DATE_MAJ], v[LIEU_SERVICES], v[LIEU_PUBLICS],
		v[LIEU_PRISES_EN_CHARGE], v[LIEU_FRAIS], v[LIEU_DISPOSITIFS],
		v[LIEU_FORMATIONS], v[LIEU_AUTRES_FORMATIONS], v[LIEU_ACCES],
		v[LIEU_ACCOMPAGNEMENTS], v[LIEU_ACCES_LIBRE], v[LIEU_PRISE_RDV],
		or_null(r->horaires_texte), NULL, hidden ? "protege" : "publie",
		hidden ? hidden->motif : NULL, hidden != NULL, now, NULL, e);
}

static bool put_row(struct tx *tx, const struct writing *w, const struct staged *p,
		    struct err *e)
{
	return lieu_source_row(tx, w->src->id, p->id_source, p->lieu_id, p->champs, p->empreinte,
			       p->valeurs, or_null(p->rec.v[LIEU_DATE_MAJ]), w->now, NULL, e);
}

/* What one source says of a place that several tell: the record is made of all of them. */
static bool put_part(struct tx *tx, const struct writing *w, const struct staged *p,
		     struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(PLACE_MOST);

	if (!paroles_fixer(tx, &a, p->lieu_id, e) || !put_row(tx, w, p, e)
	    || !lieu_recomposer(tx, &a, p->lieu_id, w->now, NULL, e))
		return false;
	return !p->rec.protege
	       || lieu_hide(tx, p->lieu_id, p->rec.protege->motif, w->now, NULL, e);
}

static bool put_staged(struct tx *tx, struct writing *w, const struct staged *p,
		       struct err *e)
{
	if (p->fate == STAGED_MERGED)
		return true;
	if ((p->rec.local[LOCAL_EQUIPEMENTS] || p->rec.local[LOCAL_GENRE])
	    && !local_put(tx, p->lieu_id, "source", text_of(p->rec.local[LOCAL_EQUIPEMENTS]),
			  text_of(p->rec.local[LOCAL_GENRE]), NULL, w->now, NULL, e))
		return false;
	if (p->fate == STAGED_SEEN)
		return p->vu || lieu_source_seen(tx, w->src->id, p->id_source, w->now, NULL, e);
	w->written++;
	if (p->fate == STAGED_PART)
		return put_part(tx, w, p, e);
	if (p->fate != STAGED_KEPT && !lieu_record_put(tx, p->lieu_id, &p->rec, w->now, e))
		return false;
	return put_row(tx, w, p, e);
}

/* Only a whole list says anything by its silence. */
static bool note_absents(struct tx *tx, struct writing *w, struct err *e)
{
	for (size_t i = 0; w->src->complet && i < w->s->nabsents; i++) {
		if (!lieu_absence_ligne(tx, w->src->id, w->s->absents[i], w->now, e))
			return false;
	}
	return lieu_absence_noter(tx, w->src->id, w->now, &w->out->partis, e);
}

/* What is new is compared with the other sources before anybody sees it. */
static bool compare_sources(struct tx *tx, struct writing *w, struct err *e)
{
	struct rapprochement_ask ask = { .tout = false };
	struct rapprochement_totals t;

	if (!w->written || w->src->sans_reunir)
		return true;
	if (!rapprochement_run(tx, w->env, &ask, &t, e))
		return false;
	w->out->rapproches = t.fusionnes;
	w->out->doutes = t.doutes;
	w->out->retenus = t.retenus;
	return true;
}

/* Two imports of one source at once: the second would not have seen what the first wrote. */
static bool check_source(struct tx *tx, const struct writing *w, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 16);
	struct lieu_source_find_row row;
	bool found;

	if (!lieu_source_find(tx_db(tx), &a, w->src->name, &row, &found, e))
		return false;
	if (found == w->src->known
	    && (!found || strcmp(text_of(row.importe_le), w->src->imported) == 0))
		return true;
	fail(e, E_CONFLICT, "un autre import de la source « %s » vient de finir.", w->src->name);
	return hint(e, "Relancez la commande : elle tiendra compte de ce qu'il a écrit.");
}

static bool write_job(struct tx *tx, void *arg, struct err *e)
{
	struct writing *w = arg;

	if (!check_source(tx, w, e))
		return false;
	if (!w->src->known
	    && !lieu_source_add(tx, w->src->id, w->src->name, w->src->title, NULL, e))
		return false;
	for (size_t i = 0; i < w->s->n; i++) {
		if (!put_staged(tx, w, &w->s->rows[i], e))
			return false;
	}
	return lieu_source_imported(tx, w->src->id, w->src->complet, w->now, NULL, e)
	       && note_absents(tx, w, e)
	       && compare_sources(tx, w, e);
}

bool lieu_import_write(struct store *store, struct lieu_stage *s, const struct lieu_source *src,
		       struct lieu_import_totals *out, struct err *e)
{
	struct writing w = { .s = s, .src = src, .env = store_env(store), .out = out };

	iso_write(env_now(w.env), w.now);
	return store_write_alone(store, write_job, &w, e);
}
