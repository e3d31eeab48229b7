#include "orient/lieu_origine.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "core/horaires_texte.h"
#include "core/vignette.h"
#include "web/message.h"

enum { SAID_MOST = 200 };

static const enum lieu_field told[] = {
	LIEU_NOM, LIEU_ADRESSE, LIEU_TELEPHONE, LIEU_COURRIELS, LIEU_SITE_WEB, LIEU_HORAIRES,
	LIEU_PRISE_RDV, LIEU_SERVICES, LIEU_DISPOSITIFS, LIEU_FRAIS, LIEU_ACCES,
};

/* "du lundi au vendredi : de 9 h à 12 h ; samedi : fermé" */
static const char *hours_in_words(struct req *r, const struct lieu_record *rec)
{
	const char *code = *rec->v[LIEU_CODE_INSEE] ? rec->v[LIEU_CODE_INSEE]
			   : rec->v[LIEU_CODE_POSTAL];
	const struct calendrier *c = calendrier_de(code);
	struct horaires_ligne lines[HORAIRES_LIGNES];
	struct err ignored = { 0 };
	const struct horaires *h = horaires_read(r->a, rec->v[LIEU_HORAIRES], &ignored);
	struct civil now = zone_local(c->zone, env_now(r->env));
	const char *out = "";
	size_t n;

	if (!h || !horaires_is_weekly(h))
		return rec->v[LIEU_HORAIRES];
	n = horaires_lignes(r->a, r->lang, h, c, date_days(now.year, now.month, now.day), true,
			    lines);
	for (size_t i = 0; i < n; i++)
		out = arena_cat(r->a, out, *out ? " ; " : "", lines[i].jour, " : ",
				lines[i].heures, NULL);
	return out;
}

static const char *in_words(struct req *r, const struct lieu_record *rec, enum lieu_field f)
{
	const struct choice *table = lieu_field_rules[f].choices;
	const char *text = rec->v[f];

	if (table)
		return choices_text(r->a, r->lang, table, choices_read(table, text, NULL), 12);
	if (f == LIEU_TELEPHONE)
		return telephone_text(r->a, text);
	if (f == LIEU_HORAIRES)
		text = *text ? hours_in_words(r, rec) : rec->horaires_texte;
	if (strlen(text) > SAID_MOST)
		return arena_cat(r->a, arena_strn(r->a, text, SAID_MOST), "…", NULL);
	return text;
}

static const char *since(struct req *r, const char *depuis)
{
	char day[11], text[I18N_TEXT];
	struct civil c;

	snprintf(day, sizeof day, "%.10s", depuis);
	if (!iso_read(day, &c))
		return "";
	return message(r->a, r->lang, N_("depuis le %1"), date_long(r->lang, &c, text));
}

/* What the others say when it is something else. */
static const char *others(struct req *r, const struct parole *p, size_t n, int chosen,
			  enum lieu_field f, const char *shown)
{
	const char *out = "";

	for (size_t i = 0; i < n; i++) {
		const char *text = in_words(r, &p[i].rec, f);

		if ((int)i == chosen || !*text || strcmp(text, shown) == 0)
			continue;
		out = arena_cat(r->a, out, *out ? " ; " : "", text, " (", p[i].titre, ", ",
				since(r, p[i].depuis[f]), ")", NULL);
	}
	return out;
}

bool lieu_origine_champs(struct req *r, const struct parole *p, size_t n,
			 const struct champ_ligne **out, size_t *nout, struct err *e)
{
	enum { TOLD = sizeof told / sizeof *told };
	struct champ_ligne *l = NEW_ARRAY(r->a, TOLD + 1, struct champ_ligne);
	struct lieu_choisi c;

	*nout = 0;
	if (!l)
		return arena_refuse(r->a, e);
	paroles_choisir(r->a, p, n, env_now(r->env) / (24 * 3600 * 1000), &c);
	for (size_t i = 0; i < TOLD; i++) {
		enum lieu_field f = told[i];
		int de = c.de[f];
		const char *text = in_words(r, &c.rec, f);

		if (de < 0 || !*text)
			continue;
		l[(*nout)++] = (struct champ_ligne){
			tr(r->lang, tenue_libelle(lieu_field_rules[f].name)), text, p[de].titre,
			since(r, p[de].depuis[f]), others(r, p, n, de, f, text) };
	}
	*out = l;
	return true;
}
