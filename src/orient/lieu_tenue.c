#include "orient/lieu_tenue.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "orient/lieu_parole.h"
#include "orient/lieu_parole.sql.h"
#include "orient/lieu_tenue.sql.h"
#include "web/i18n.h"

enum { PLACE_MOST = 32 << 20, DAY_TEXT = 11 };

const enum lieu_field tenue_champs[] = {
	LIEU_NOM, LIEU_TELEPHONE, LIEU_COURRIELS, LIEU_SITE_WEB, LIEU_PRISE_RDV, LIEU_ADRESSE,
	LIEU_COMPLEMENT, LIEU_HORAIRES, LIEU_SERVICES, LIEU_FRAIS, LIEU_ACCES, LIEU_RESUME,
	LIEU_FIELDS,
};

const char *tenue_libelle(const char *champ)
{
	static const char *const words[][2] = {
		{ "nom", N_("Nom") }, { "telephone", N_("Téléphone") },
		{ "courriels", N_("E-mail") }, { "site_web", N_("Site") },
		{ "prise_rdv", N_("Rendez-vous en ligne") }, { "adresse", N_("Adresse") },
		{ "complement_adresse", N_("Complément d’adresse") },
		{ "horaires", N_("Horaires") }, { "services", N_("Services") },
		{ "frais_a_charge", N_("Prix") }, { "modalites_acces", N_("Comment venir") },
		{ "presentation_resume", N_("Présentation") }, { "latitude", N_("Position") },
		{ "commune", N_("Commune") }, { "code_postal", N_("Code postal") },
		{ "pivot", N_("SIRET") }, { "typologie", N_("Type de lieu") },
		{ "structure_parente", N_("Structure") },
		{ "dispositif_programmes_nationaux", N_("Programmes et labels") },
		{ "confirme", N_("Tout est juste") },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(words[i][0], champ) == 0)
			return words[i][1];
	}
	return champ;
}

const struct choice signalement_sortes[] = {
	{ "ferme", N_("Ce lieu est fermé pour de bon"), NULL },
	{ "horaires", N_("Les horaires ne sont pas les bons"), NULL },
	{ "demenage", N_("Le lieu a déménagé"), NULL },
	{ "autre", N_("Autre chose"), NULL },
	{ NULL, NULL, NULL },
};

static const char *const par_noms[] = { "lieu", "coordination" };

struct moment_dit {
	char now[ISO_TEXT], day[DAY_TEXT];
};

static struct moment_dit said_now(const struct env *env)
{
	struct moment_dit m;

	iso_write(env_now(env), m.now);
	snprintf(m.day, sizeof m.day, "%.10s", m.now);
	return m;
}

static int field_of(const char *name)
{
	for (int f = 0; f < LIEU_FIELDS; f++) {
		if (strcmp(lieu_field_rules[f].name, name) == 0)
			return f;
	}
	return -1;
}

/* --- what the place says of itself --------------------------------------------------------- */

/* The voice of a place, as it is kept; empty when it never spoke. */
struct voix {
	char source[UUID_TEXT];
	const char *id_source;
	struct parole p;
};

static bool voix_read(struct tx *tx, struct arena *a, const struct env *env, const char *lieu_id,
		      struct voix *v, struct err *e)
{
	struct tenue_source_row src;
	struct tenue_parole_row row;
	bool found;

	if (!tenue_source(tx_db(tx), a, &src, &found, e))
		return false;
	if (found) {
		snprintf(v->source, sizeof v->source, "%s", src.id);
	} else {
		uuid_new(env, v->source);
		if (!tenue_source_add(tx, v->source, NULL, e))
			return false;
	}
	v->id_source = lieu_id;
	v->p.rec.horaires_texte = "";
	v->p.rec.lat = v->p.rec.lon = NAN;
	for (int f = 0; f < LIEU_FIELDS; f++)
		v->p.rec.v[f] = v->p.depuis[f] = "";
	if (!tenue_parole(tx_db(tx), a, lieu_id, &row, &found, e))
		return false;
	if (!found)
		return true;
	v->id_source = row.id_source;
	return !row.valeurs || parole_read(a, row.valeurs, &v->p, e);
}

static bool voix_write(struct tx *tx, struct arena *a, const struct voix *v, const char *lieu_id,
		       const struct moment_dit *m, struct err *e)
{
	const char *json = parole_json_propre(a, &v->p.rec, v->p.depuis);
	bool changed;

	if (a->spent)
		return arena_refuse(a, e);
	return tenue_parole_put(tx, v->source, v->id_source, lieu_id, json, m->day, m->now, NULL, e)
	       && lieu_recomposer(tx, a, lieu_id, m->now, &changed, e);
}

static bool of_commune(int f)
{
	return f == LIEU_COMMUNE || f == LIEU_CODE_POSTAL || f == LIEU_CODE_INSEE;
}

static bool commune_changes(const struct lieu_record *rec, const struct tenue_correction *c)
{
	return c->v[LIEU_COMMUNE]
	       && (strcmp(c->v[LIEU_CODE_INSEE], rec->v[LIEU_CODE_INSEE])
		   || strcmp(c->v[LIEU_CODE_POSTAL], rec->v[LIEU_CODE_POSTAL])
		   || strcmp(c->v[LIEU_COMMUNE], rec->v[LIEU_COMMUNE]));
}

/* The three of them as one change, which a coordinator reads: "Bondy, 93140 (93010)". */
static const char *commune_text(struct arena *a, const char *const *v)
{
	return arena_cat(a, v[LIEU_COMMUNE], ", ", v[LIEU_CODE_POSTAL], " (", v[LIEU_CODE_INSEE],
			 ")", NULL);
}

static void commune_from_text(struct arena *a, const char *text, struct lieu_record *rec)
{
	const char *comma = strstr(text, ", "), *open = comma ? strstr(comma, " (") : NULL;

	if (!open)
		return;
	rec->v[LIEU_COMMUNE] = arena_strn(a, text, (size_t)(comma - text));
	rec->v[LIEU_CODE_POSTAL] = arena_strn(a, comma + 2, (size_t)(open - comma - 2));
	rec->v[LIEU_CODE_INSEE] = arena_strn(a, open + 2, strcspn(open + 2, ")"));
}

/* An address is said whole: the rest of it as the record has it now. */
static void take_address(struct voix *v, const struct lieu_record *rec, const char *since,
			 const struct tenue_correction *c)
{
	static const enum lieu_field rest[] = { LIEU_ADRESSE, LIEU_COMPLEMENT, LIEU_CODE_POSTAL,
		LIEU_COMMUNE, LIEU_CODE_INSEE };

	for (size_t i = 0; i < sizeof rest / sizeof *rest; i++) {
		v->p.rec.v[rest[i]] = c->v[rest[i]] ? c->v[rest[i]] : rec->v[rest[i]];
		v->p.depuis[rest[i]] = since;
	}
	if (((c->v[LIEU_ADRESSE] && strcmp(c->v[LIEU_ADRESSE], rec->v[LIEU_ADRESSE]))
	     || commune_changes(rec, c)) && !isnan(c->lat)) {
		v->p.rec.lat = c->lat;
		v->p.rec.lon = c->lon;
		v->p.rec.position_commune = true;
		v->p.depuis[LIEU_LATITUDE] = since;
	}
}

static bool note(struct tx *tx, const struct env *env, const struct tenue_correction *c,
		 const char *champ, const char *before, const char *after,
		 const struct moment_dit *m, struct err *e)
{
	char id[UUID_TEXT];

	uuid_new(env, id);
	return tenue_changement_add(tx, id, c->lieu_id, champ, before, after, m->now,
				    par_noms[c->par], c->agent_id, NULL, e);
}

bool tenue_corriger(struct tx *tx, const struct env *env, const struct tenue_correction *c,
		    size_t *changes, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(PLACE_MOST);
	struct moment_dit m = said_now(env);
	const char *since = arena_printf(&a, "%s %s", m.day, m.now);
	struct fiche_lue_row fiche;
	struct lieu_record rec;
	struct voix v = { .id_source = NULL };

	*changes = 0;
	if (!lieu_fiche_read(tx_db(tx), &a, c->lieu_id, &rec, &fiche, e)
	    || !paroles_fixer(tx, &a, c->lieu_id, e)
	    || !voix_read(tx, &a, env, c->lieu_id, &v, e))
		return false;
	for (int f = 0; f < LIEU_FIELDS; f++) {
		if (!c->v[f] || of_commune(f) || strcmp(c->v[f], rec.v[f]) == 0)
			continue;
		if (f == LIEU_ADRESSE || f == LIEU_COMPLEMENT)
			take_address(&v, &rec, since, c);
		v.p.rec.v[f] = c->v[f];
		v.p.depuis[f] = since;
		(*changes)++;
		if (!note(tx, env, c, lieu_field_rules[f].name, rec.v[f], c->v[f], &m, e))
			return false;
	}
	if (commune_changes(&rec, c)) {
		take_address(&v, &rec, since, c);
		(*changes)++;
		if (!note(tx, env, c, "commune", commune_text(&a, rec.v),
			  commune_text(&a, c->v), &m, e))
			return false;
	}
	if (c->acces_id && !tenue_acces_fini(tx, c->acces_id, m.now, NULL, e))
		return false;
	if (!*changes && !note(tx, env, c, "confirme", NULL, NULL, &m, e))
		return false;
	return voix_write(tx, &a, &v, c->lieu_id, &m, e)
	       && tenue_confirme(tx, c->lieu_id, m.day, m.now, NULL, e);
}

/* Where the commune of what the place says is; nothing said when nobody knows. */
static bool place_at_commune(struct tx *tx, struct arena *a, struct voix *v, const char *since,
			     struct err *e)
{
	struct tenue_commune_row row;
	bool found;

	if (!tenue_commune(tx_db(tx), a, v->p.rec.v[LIEU_CODE_INSEE], &row, &found, e))
		return false;
	found = found && !row.latitude_null && !row.longitude_null;
	v->p.rec.lat = found ? row.latitude : NAN;
	v->p.rec.lon = found ? row.longitude : NAN;
	v->p.rec.position_commune = found;
	v->p.depuis[LIEU_LATITUDE] = found ? since : "";
	return true;
}

/*
 * An address without one of its changes.  It is said whole or not at all: what the others
 * changed stays, this one is again what it was before; when none is left the place says
 * nothing of its address.
 */
static bool annuler_adresse(struct tx *tx, struct arena *a, const char *lieu_id,
			    const struct tenue_changement_row *row, struct voix *v, struct err *e)
{
	static const char *const parts[] = { "adresse", "commune", "complement_adresse" };
	static const enum lieu_field all[] = { LIEU_ADRESSE, LIEU_COMPLEMENT, LIEU_CODE_POSTAL,
		LIEU_COMMUNE, LIEU_CODE_INSEE, LIEU_LATITUDE };
	struct tenue_dernier_row last;
	const char *now = NULL, *since = "";
	bool left[3], same = false, moved;
	int f = field_of(row->champ);

	for (int i = 0; i < 3; i++) {
		if (!tenue_dernier(tx_db(tx), a, lieu_id, parts[i], &last, &left[i], e))
			return false;
		if (left[i] && strcmp(parts[i], row->champ) == 0) {
			same = true;
			now = last.apres;
		}
		if (left[i] && strcmp(last.le, since) > 0)
			since = arena_printf(a, "%.10s %s", last.le, last.le);
	}
	moved = left[0] || left[1];
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		bool said = all[i] == LIEU_LATITUDE ? moved : moved || left[2];

		v->p.depuis[all[i]] = said ? since : "";
		if (!said)
			v->p.rec.v[all[i]] = "";
	}
	v->p.rec.lat = v->p.rec.lon = NAN;
	if (!moved && !left[2])
		return true;
	now = same ? now : row->avant;
	if (f == LIEU_COMMUNE)
		commune_from_text(a, now ? now : "", &v->p.rec);
	else
		v->p.rec.v[f] = now ? now : "";
	return !moved || place_at_commune(tx, a, v, since, e);
}

bool tenue_annuler(struct tx *tx, const struct env *env, const char *lieu_id,
		   const char *changement, const char *agent_id, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(PLACE_MOST);
	struct moment_dit m = said_now(env);
	struct tenue_changement_row row;
	struct tenue_dernier_row last;
	struct voix v = { .id_source = NULL };
	bool found, before;
	int f;

	if (!tenue_changement(tx_db(tx), &a, changement, lieu_id, &row, &found, e))
		return false;
	if (!found || (f = field_of(row.champ)) < 0)
		return fail(e, E_MISSING, N_("Ce changement n’est pas de ceux qu’on peut annuler."));
	if (row.annule_le)
		return fail(e, E_CONFLICT, N_("Ce changement est déjà annulé."));
	if (!tenue_annule(tx, changement, m.now, agent_id, NULL, e)
	    || !voix_read(tx, &a, env, lieu_id, &v, e))
		return false;
	if (f == LIEU_ADRESSE || f == LIEU_COMPLEMENT || f == LIEU_COMMUNE)
		return annuler_adresse(tx, &a, lieu_id, &row, &v, e)
		       && voix_write(tx, &a, &v, lieu_id, &m, e);
	if (!tenue_dernier(tx_db(tx), &a, lieu_id, row.champ, &last, &before, e))
		return false;
	v.p.rec.v[f] = before && last.apres ? last.apres : "";
	v.p.depuis[f] = before ? arena_printf(&a, "%.10s %s", last.le, last.le) : "";
	return voix_write(tx, &a, &v, lieu_id, &m, e);
}

bool tenue_confirmer(struct tx *tx, const struct env *env, const char *lieu_id,
		     const char *agent_id, struct err *e)
{
	struct tenue_correction c = { .lieu_id = lieu_id, .par = PAR_COORDINATION,
				      .agent_id = agent_id };
	struct moment_dit m = said_now(env);
	int64_t changed;

	if (!tenue_confirme(tx, lieu_id, m.day, m.now, &changed, e))
		return false;
	if (!changed)
		return fail(e, E_MISSING, N_("Ce lieu n’est pas, ou n’est plus, dans notre liste."));
	return note(tx, env, &c, "confirme", NULL, NULL, &m, e);
}

/* --- reports --------------------------------------------------------------------------- */

struct somme {
	int64_t n[SIGNALE_AUTRE];
};

static bool sum_row(const struct tenue_signalements_somme_row *row, void *arg, struct err *e)
{
	struct somme *s = arg;

	(void)e;
	for (int i = 0; i < SIGNALE_AUTRE; i++) {
		if (strcmp(signalement_sortes[i].slug, row->sorte) == 0)
			s->n[i] = row->n;
	}
	return true;
}

/* What several persons say, the gravest first. */
static bool set_alert(struct tx *tx, const char *lieu_id, const char *from,
		      const struct moment_dit *m, struct err *e)
{
	static const int gravest[] = { SIGNALE_FERME, SIGNALE_DEMENAGE, SIGNALE_HORAIRES };
	struct somme s = { { 0 } };
	const char *alert = NULL;

	if (!tenue_signalements_somme(tx_db(tx), lieu_id, from, sum_row, &s, e))
		return false;
	for (int i = 2; i >= 0; i--) {
		if (s.n[gravest[i]] >= SIGNALE_PLUSIEURS)
			alert = signalement_sortes[gravest[i]].slug;
	}
	return tenue_alerte(tx, lieu_id, alert, alert ? m->day : NULL, m->now, NULL, e);
}

static void days_before(const struct moment_dit *m, int days, char out[ISO_TEXT])
{
	struct civil c;

	out[0] = '\0';
	if (!iso_read(m->day, &c))
		return;
	iso_write((date_days(c.year, c.month, c.day) - days) * 24 * 3600 * 1000, out);
	out[10] = '\0';
}

bool tenue_signaler(struct tx *tx, const struct env *env, const char *lieu_id, int sorte,
		    const char *texte, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 16);
	struct moment_dit m = said_now(env);
	const char *slug = signalement_sortes[sorte].slug;
	struct tenue_signalement_compte_row known;
	struct tenue_signalements_attente_row waiting;
	char from[ISO_TEXT], id[UUID_TEXT];
	bool found = false;

	days_before(&m, SIGNALE_JOURS, from);
	if (!tenue_signalements_attente(tx_db(tx), &a, lieu_id, &waiting, e)
	    || !tenue_signalement_compte(tx_db(tx), &a, lieu_id, slug, from, &known, &found, e))
		return false;
	uuid_new(env, id);
	if (found && (!texte || !*texte || waiting.n >= SIGNALE_MOST)) {
		if (!tenue_signalement_encore(tx, known.id, m.day, NULL, e))
			return false;
	} else if (waiting.n >= SIGNALE_MOST) {
		return fail(e, E_LIMIT, N_("Beaucoup de signalements attendent déjà pour ce lieu."));
	} else if (!tenue_signalement_add(tx, id, lieu_id, slug, texte && *texte ? texte : NULL,
					  m.day, NULL, e)) {
		return false;
	}
	return set_alert(tx, lieu_id, from, &m, e);
}

bool tenue_signalement_fini(struct tx *tx, const struct env *env, const char *lieu_id,
			    const char *signalement, bool vrai, const char *agent_id,
			    struct err *e)
{
	struct moment_dit m = said_now(env);
	char from[ISO_TEXT];
	int64_t changed;

	days_before(&m, SIGNALE_JOURS, from);
	if (!tenue_signalement_decide(tx, signalement, lieu_id, vrai ? "vrai" : "faux", m.now,
				      agent_id, &changed, e))
		return false;
	if (!changed)
		return fail(e, E_MISSING, N_("Ce signalement n’attend plus."));
	return set_alert(tx, lieu_id, from, &m, e);
}
