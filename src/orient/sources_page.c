#include "orient/sources_page.h"

#include "base/date.h"
#include "core/agent.h"
#include "core/core.h"
#include "orient/sources.htm.h"
#include "orient/sources.sql.h"
#include "web/message.h"

static struct source_champ champ(const char *nom, int64_t avec, int64_t lieux)
{
	return (struct source_champ){ nom, avec, lieux ? 100 * avec / lieux : 0, lieux - avec };
}

/* "3 mars 2026"; "" for a source that was never imported. */
static const char *day_of(struct req *r, const char *moment)
{
	struct civil c;
	char text[I18N_TEXT];

	return moment && iso_read(moment, &c) ? arena_str(r->a, date_long(r->lang, &c, text)) : "";
}

static void fill(struct req *r, const struct sources_bilan_row *row, struct source_vue *out)
{
	const int64_t n = row->lieux;
	const struct source_champ champs[SOURCE_CHAMPS] = {
		champ(N_("Commune"), row->commune, n),
		champ(N_("Adresse"), row->adresse, n),
		champ(N_("Position exacte"), row->position, n),
		champ(N_("Téléphone"), row->telephone, n),
		champ(N_("E-mail"), row->courriels, n),
		champ(N_("Site web"), row->site_web, n),
		champ(N_("Horaires"), row->horaires + row->horaires_texte, n),
		champ(N_("dont horaires calculables"), row->horaires, n),
		champ(N_("Services"), row->services, n),
		champ(N_("Prix"), row->frais, n),
		champ(N_("Façon d’accompagner"), row->accompagnements, n),
		champ(N_("SIRET ou autre pivot"), row->pivot, n),
	};

	*out = (struct source_vue){ .titre = row->titre ? row->titre : row->nom,
		.jour = day_of(r, row->importe_le),
		.lieux = n, .caches = row->caches, .complete = row->complete != 0 };
	for (int i = 0; i < SOURCE_CHAMPS; i++)
		out->champs[i] = champs[i];
}

bool sources_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct page page = page_for(r, N_("Ce que donnent les sources"));
	struct sources_view v = { .page = &page };
	struct sources_bilan_row *rows;
	struct source_vue *sources;
	struct html h;

	if (!db_acquire(r->core->store, &db, e) || !sources_bilan(db, r->a, &rows, &v.n, e))
		return false;
	sources = NEW_ARRAY(r->a, v.n, struct source_vue);
	if (!sources)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < v.n; i++)
		fill(r, &rows[i], &sources[i]);
	v.sources = sources;
	h = page_html(r, s);
	sources_page(&h, &v);
	return true;
}
