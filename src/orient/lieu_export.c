#include "orient/lieu_export.h"

#include <math.h>
#include <string.h>

#include "base/date.h"
#include "core/command.h"
#include "format/xlsx.h"
#include "orient/lieu_ecriture.h"
#include "orient/lieu_ics.h"
#include "orient/lieu_sorti.sql.h"
#include "store/db.h"

enum {
	ONE_MOST = 4 << 20, LINE_MOST = 16 << 20, BAR_EVERY = 512, PIECE = 256 << 10,
	URL_MOST = 2083, EMAIL_MOST = 254,
};

#define SHEET "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#define CSV "text/csv; charset=utf-8"

const struct lieu_export_kind lieu_exports[EXPORT_FORMATS] = {
	[EXPORT_CSV] = { "csv", "donnees.csv", CSV },
	[EXPORT_JSON] = { "json", "donnees.json", "application/json" },
	[EXPORT_GEOJSON] = { "geojson", "donnees.geojson", "application/geo+json" },
	[EXPORT_XLSX] = { "xlsx", "donnees.xlsx", SHEET },
	[EXPORT_INCLUSION] = { "data-inclusion", "data-inclusion.json", "application/json" },
	[EXPORT_STRUCTURES] = { "data-inclusion-structures", "structures.json",
				"application/json" },
	[EXPORT_SERVICES] = { "data-inclusion-services", "services.json", "application/json" },
	[EXPORT_STRUCTURES_CSV] = { "data-inclusion-structures-csv", "structures.csv", CSV },
	[EXPORT_SERVICES_CSV] = { "data-inclusion-services-csv", "services.csv", CSV },
	[EXPORT_VCARD] = { "vcard", "contacts.vcf", "text/vcard; charset=utf-8" },
	[EXPORT_ICS] = { "ics", "horaires.ics", "text/calendar; charset=utf-8" },
	[EXPORT_ETENDU_CSV] = { "csv-etendu", "donnees-etendues.csv", CSV },
	[EXPORT_ETENDU_JSON] = { "json-etendu", "donnees-etendues.json", "application/json" },
};

static const struct lieu_ecriture *const writers[EXPORT_FORMATS] = {
	[EXPORT_CSV] = &ecriture_csv, [EXPORT_JSON] = &ecriture_json,
	[EXPORT_GEOJSON] = &ecriture_geojson, [EXPORT_XLSX] = &ecriture_xlsx,
	[EXPORT_INCLUSION] = &ecriture_inclusion, [EXPORT_STRUCTURES] = &ecriture_structures,
	[EXPORT_SERVICES] = &ecriture_services,
	[EXPORT_STRUCTURES_CSV] = &ecriture_structures_csv,
	[EXPORT_SERVICES_CSV] = &ecriture_services_csv, [EXPORT_VCARD] = &ecriture_vcard,
	[EXPORT_ICS] = &ecriture_ics,
	[EXPORT_ETENDU_CSV] = &ecriture_etendu_csv, [EXPORT_ETENDU_JSON] = &ecriture_etendu_json,
};

/* --- what formats share ------------------------------------------------------------------- */

void ecriture_gone(struct ecriture *w, const char *id, const char *day)
{
	struct json_out j = { &w->b, false };

	json_open_object(&j, NULL);
	json_put_text(&j, "id", id);
	json_put_text(&j, "date_maj", day);
	json_close_object(&j);
}

const char *ecriture_page(struct ecriture *w, const struct lieu *l)
{
	const char *base = w->ask->base;

	return base && *base ? arena_cat(&w->a, base, "/lieux/", l->id, NULL) : "";
}

const char *ecriture_first(struct ecriture *w, const char *list, bool (*good)(const char *))
{
	for (const char *s = list; *s;) {
		size_t n = strcspn(s, "|");
		const char *value = arena_strn(&w->a, s, n);

		if (good(value))
			return value;
		s += n + (s[n] == '|');
	}
	return NULL;
}

bool ecriture_is_url(const char *s)
{
	size_t n = strlen(s);
	const char *host = !strncmp(s, "https://", 8) ? s + 8 : !strncmp(s, "http://", 7) ? s + 7
			 : NULL;

	if (!host || n > URL_MOST || !*host || strchr("/?#:", *host))
		return false;
	for (; *s; s++) {
		if ((unsigned char)*s <= ' ' || (unsigned char)*s > 126
			|| strchr("<>\"{}|\\^`[]", *s))
			return false;
	}
	return true;
}

bool ecriture_is_email(const char *s)
{
	static const char local[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    ".!#$%&'*+/=?^_`{|}~-";
	const char *at = strchr(s, '@');
	size_t n = strlen(s);

	if (!at || at == s || n > EMAIL_MOST || strspn(s, local) != (size_t)(at - s)
	    || *s == '.' || at[-1] == '.' || strstr(s, ".."))
		return false;
	return strchr(at, '.') && at[1] != '.' && at[1] != '-' && s[n - 1] != '.'
	       && !at[1 + strspn(at + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789.-")];
}

/* --- the file ----------------------------------------------------------------------------- */

static bool refuse(struct err *e)
{
	fail(e, E_STORE, "l'export n'a pas pu être écrit en entier.");
	return hint(e, "Vérifiez la place qui reste sur le disque, puis recommencez.");
}

static bool flush(struct ecriture *w, size_t least, struct err *e)
{
	bool good;

	if (w->a.spent)
		return arena_refuse(&w->a, e);
	if (!w->b.full && (!w->b.n || w->b.n < least))          /* XLSX writes its own */
		return true;
	good = !w->b.full && fwrite(w->b.p, 1, w->b.n, w->out) == w->b.n;
	buf_clear(&w->b);
	return good || refuse(e);
}

struct driving {
	struct ecriture w;
	const struct lieu_ecriture *f;
	struct lieu_export_count count;
	size_t read;
};

/* What is only first social reception is no place of mediation: standards do without it. */
static bool is_wide(enum lieu_export_format f)
{
	return f == EXPORT_GEOJSON || f == EXPORT_XLSX || f == EXPORT_VCARD || f == EXPORT_ICS
	       || f == EXPORT_ETENDU_CSV || f == EXPORT_ETENDU_JSON;
}

static bool put_one(struct driving *d, const struct lieu *l, struct err *e)
{
	const struct lieu_export_ask *ask = d->w.ask;

	d->read++;
	if (ask->bar && ask->r && d->read % BAR_EVERY == 0)
		progress("Export", d->read, ask->r->nlieux);
	if ((ask->since && strcmp(l->maj_le, ask->since) < 0)
	    || (ask->wanted && !ask->wanted(l, ask->wanted_arg))
	    || (lieu_is_social(l) && !is_wide(ask->format)))
		return true;
	e->kind = E_OK;
	if (d->f->one(&d->w, l, e)) {
		d->count.lieux += !d->w.pass;
		d->w.n++;
	} else if (e->kind != E_OK) {
		return false;
	} else {
		d->count.incomplets += !d->w.pass;
	}
	if (!flush(&d->w, PIECE, e))
		return false;
	arena_reset(&d->w.a);
	return true;
}

static bool put_read(const struct lieu *l, void *arg, struct err *e)
{
	return put_one(arg, l, e);
}

static bool put_gone(const struct lieux_sortis_row *row, void *arg, struct err *e)
{
	struct driving *d = arg;
	const char *day = arena_strn(&d->w.a, row->le, strnlen(row->le, 10));

	d->w.parti = row;
	if (!d->f->gone(&d->w, row->lieu_id, day, e))
		return false;
	d->count.sortis++;
	d->w.n++;
	arena_reset(&d->w.a);
	return flush(&d->w, PIECE, e);
}

static bool run_pass(struct driving *d, struct err *e)
{
	const struct lieu_export_ask *ask = d->w.ask;

	d->w.n = 0;
	if (!d->f->begin(&d->w, e))
		return false;
	for (size_t i = 0; ask->r && i < ask->r->nlieux; i++) {
		if (!put_one(d, &ask->r->lieux[i], e))
			return false;
	}
	if (!ask->r && !repertoire_each_lieu(ask->db, put_read, d, e))
		return false;
	if (ask->since && ask->db && d->f->gone && !ask->wanted
	    && !lieux_sortis(ask->db, ask->since, put_gone, d, e))
		return false;
	return d->f->end(&d->w, e) && flush(&d->w, 0, e);
}

bool lieu_export(const struct lieu_export_ask *ask, FILE *out, struct lieu_export_count *count,
		 struct err *e)
{
	const struct lieu_ecriture *f = writers[ask->format];
	struct driving d = {
		.f = f,
		.w = { .ask = ask, .b = buf_new(LINE_MOST), .a = arena_new(ONE_MOST), .out = out },
	};
	struct civil today = zone_local(&zone_paris, ask->now);
	int passes = f->passes ? f->passes : 1;
	bool good = true;

	d.w.today = date_days(today.year, today.month, today.day);
	for (d.w.pass = 0; good && d.w.pass < passes; d.w.pass++) {
		d.read = 0;
		good = run_pass(&d, e);
	}
	if (ask->bar)
		progress_end();
	ics_memoire_free(d.w.souvenirs);
	xlsx_free(&d.w.x);
	buf_free(&d.w.b);
	arena_free(&d.w.a);
	if (count)
		*count = d.count;
	return good && (!fflush(out) || refuse(e));
}
