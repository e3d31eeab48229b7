/* What leaves: departures, standards and calendars. */
#include "lieu_world.h"

#include "format/json.h"
#include "orient/lieu_ecriture.h"
#include "orient/lieu_ics.h"
#include "orient/lieu_import.sql.h"
#include "core/structure.h"
#include "store/db.h"

static const char places[] =
	"id,pivot,nom,commune,code_postal,adresse,latitude,longitude,horaires,date_maj,services,"
	"frais_a_charge,modalites_acces,modalites_accompagnement,publics_specifiquement_adresses,"
	"typologie,dispositif_programmes_nationaux,courriels,presentation_resume\n"
	"a,43493312300029,CCAS de Bondy,Bondy,93140,1 rue Fictive,48.9021,2.4801,Mo-Fr 09:00-12:00; PH off,"
	"2022-06-02,Aide aux démarches administratives|Accès internet et matériel informatique,Gratuit,"
	"Se présenter|Envoyer un mail avec une fiche de prescription,Accompagnement individuel|À distance,"
	"Seniors,CCAS|RFS,Conseillers numériques,contact@exemple.fr,Un accueil\n"
	"b,,PI.,Montreuil,93100,,48.87,2.45,,2022-06-03,Acquisition de matériel informatique à prix solidaire,"
	"Gratuit sous condition,,,,,,,\n"
	"c,,Sans code,Montreuil,,2 rue Fictive,48.86,2.44,,2022-06-03,,,,,,,,,\n";

static json_t *read_export(struct lieux_world *w, enum lieu_export_format format)
{
	char *text = world_export(w, format);
	json_t *j;

	accepts(json_read(text, strlen(text), &j, &w->err), &w->err);
	free(text);
	return j;
}

static const char *text_of(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s ? s : "";
}

static const json_t *named(const json_t *list, const char *nom)
{
	size_t i;
	json_t *o;

	json_array_foreach(list, i, o) {
		if (!strcmp(text_of(o, "nom"), nom))
			return o;
	}
	return NULL;
}

/* --- the national schema, to the letter ------------------------------------------------- */

TEST("a strict export has what the schema requires of every place, and invents nothing")
{
	struct lieux_world w = world_new(false);        /* no commune: no postal code either */
	const json_t *one;
	json_t *list;

	world_import(&w, world_file(&w, "a.csv", places), "hubik");
	list = read_export(&w, EXPORT_JSON);
	equals(json_array_size(list), 2);
	one = named(list, "PI.");
	same(text_of(one, "pivot"), "00000000000000");
	same(text_of(one, "adresse"), "Montreuil");
	same(text_of(named(list, "CCAS de Bondy"), "pivot"), "43493312300029");
	holds(!named(list, "Sans code"));
	json_decref(list);
	list = read_export(&w, EXPORT_GEOJSON);
	equals(json_array_size(json_object_get(list, "features")), 3);
	json_decref(list);
	world_end(&w);
}

TEST("the SIRET that national files write for none is none")
{
	holds(!siret_is_valid("00000000000000"));
	holds(siret_is_valid("43493312300029"));
}

/* --- data.inclusion ------------------------------------------------------------------------ */

static bool lists(const json_t *o, const char *name, const char *value)
{
	size_t i;
	json_t *v;

	json_array_foreach(json_object_get(o, name), i, v) {
		if (!strcmp(json_string_value(v), value))
			return true;
	}
	return false;
}

TEST("a place is a structure of data.inclusion, in its words")
{
	struct lieux_world w = world_new(true);
	json_t *list;
	const json_t *o;

	world_import(&w, world_file(&w, "a.csv", places), "hubik");
	list = read_export(&w, EXPORT_STRUCTURES);
	o = named(list, "CCAS de Bondy");
	same(text_of(o, "siret"), "43493312300029");
	same(text_of(o, "courriel"), "contact@exemple.fr");
	same(text_of(o, "horaires_accueil"), "Mo-Fr 09:00-12:00; PH off");
	holds(lists(o, "reseaux_porteurs", "ccas-cias"));
	holds(lists(o, "reseaux_porteurs", "france-service"));
	holds(lists(o, "reseaux_porteurs", "conseillers-numeriques"));
	/* three characters at least, and no stop at the end */
	holds(named(list, "Lieu PI"));
	holds(!json_object_get(named(list, "Lieu PI"), "siret"));
	json_decref(list);
	world_end(&w);
}

TEST("what a place offers is one service of data.inclusion, with what it costs only when it is sure")
{
	struct lieux_world w = world_new(true);
	json_t *list;
	const json_t *o = NULL, *sous_condition = NULL;
	size_t i;
	json_t *v;

	world_import(&w, world_file(&w, "a.csv", places), "hubik");
	list = read_export(&w, EXPORT_SERVICES);
	equals(json_array_size(list), 2);
	json_array_foreach(list, i, v) {
		if (!strcmp(text_of(v, "commune"), "Bondy"))
			o = v;
		else
			sous_condition = v;
	}
	holds(lists(o, "thematiques", "numerique--acceder-a-des-services-en-ligne"));
	holds(lists(o, "thematiques", "numerique--acceder-a-une-connexion-internet"));
	same(text_of(o, "frais"), "gratuit");
	same(text_of(o, "type"), "accompagnement");
	holds(lists(o, "modes_accueil", "a-distance") && lists(o, "modes_accueil", "en-presentiel"));
	holds(lists(o, "mobilisable_par", "usagers") && lists(o, "mobilisable_par", "professionnels"));
	holds(lists(o, "publics", "seniors") && !lists(o, "publics", "tous-publics"));
	same(text_of(sous_condition, "frais"), "");
	same(text_of(sous_condition, "frais_precisions"), "Gratuit sous condition");
	same(text_of(sous_condition, "type"), "aide-materielle");
	holds(lists(sous_condition, "publics", "tous-publics"));
	json_decref(list);
	world_end(&w);
}

/* --- departures ---------------------------------------------------------------------------- */

struct hiding {
	const char *id, *how, *now;
	int64_t protected;
};

static bool hide(struct tx *tx, void *arg, struct err *e)
{
	struct hiding *h = arg;
	int64_t n;

	return lieu_set_publication(tx, h->id, h->how, "essai", h->protected, h->now, &n, e);
}

static char *since(struct lieux_world *w, enum lieu_export_format format, const char *day,
		   struct lieu_export_count *n)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct lieu_export_ask ask = { .format = format, .since = day, .folder = w->dir };
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	accepts(db_acquire(w->store, &db, &w->err), &w->err);
	ask.db = db;
	accepts(lieu_export(&ask, f, n, &w->err), &w->err);
	fclose(f);
	return text;
}

TEST("a place that is hidden leaves its id and a day in the next incremental export, nothing else")
{
	struct lieux_world w = world_new(true);
	struct hiding h = { .how = "protege", .now = "2026-11-24T08:00:00Z", .protected = 1 };
	struct lieu_export_count n;
	char id[40];
	char *text;

	world_import(&w, world_file(&w, "a.csv", places), "hubik");
	snprintf(id, sizeof id, "%s", (world_read(&w), world_lieu(&w, "CCAS de Bondy"))->id);
	h.id = id;
	accepts(store_write(w.store, hide, &h, &w.err), &w.err);
	for (int f = EXPORT_CSV; f <= EXPORT_GEOJSON; f++) {
		text = since(&w, (enum lieu_export_format)f, "2026-11-23", &n);
		equals(n.lieux, 0);
		equals(n.sortis, 1);
		holds(strstr(text, id) && strstr(text, "2026-11-24"));
		holds(!strstr(text, "CCAS") && !strstr(text, "Fictive") && !strstr(text, "48.9"));
		free(text);
	}
	text = since(&w, EXPORT_INCLUSION, "2026-11-23", &n);
	holds(strstr(text, id) && !strstr(text, "CCAS"));
	free(text);
	text = since(&w, EXPORT_JSON, "2026-11-25", &n);        /* left before */
	equals(n.sortis, 0);
	free(text);
	/* published again, it is no departure any more */
	h = (struct hiding){ .id = id, .how = "publie", .now = "2026-11-25T08:00:00Z" };
	accepts(store_write(w.store, hide, &h, &w.err), &w.err);
	text = since(&w, EXPORT_JSON, "2026-11-23", &n);
	equals(n.sortis, 0);
	equals(n.lieux, 1);
	free(text);
	world_end(&w);
}

TEST("a shelter that never was published is not even a departure")
{
	struct lieux_world w = world_new(true);
	struct lieu_export_count n;
	char *text;

	world_import(&w, world_file(&w, "a.csv", "id,nom,commune,code_postal,adresse,date_maj,typologie\n"
		     "1,CHRS fictif,Bondy,93140,1 rue Fictive,2022-01-01,CHRS\n"), "hubik");
	text = since(&w, EXPORT_JSON, "2020-01-01", &n);
	equals(n.lieux + n.sortis, 0);
	same(text, "[\n\n]\n");
	free(text);
	world_end(&w);
}

/* --- calendars ------------------------------------------------------------------------------- */

static const char *calendar(struct lieux_world *w, struct buf *b, struct arena *a, const char *hours,
			    const char *insee)
{
	struct lieu l = {
		.id = "01a202b2-c500-744e-b9a3-fc5b94492f8f", .nom = "Lieu, \"fictif\"", .commune = "Bondy",
		.code_postal = "93140", .adresse = "1 rue Fictive", .maj_le = "2026-11-20T08:00:00Z",
		.calendrier = calendrier_de(insee), .lat = 48.9, .lon = 2.48,
	};

	l.heures = horaires_read(a, hours, &w->err);
	holds(l.heures);
	buf_clear(b);
	/* Sunday 22 November 2026: the week begins on Monday 16 */
	ics_lieu(b, a, &l, date_days(2026, 11, 22), "https://aide.exemple.fr/lieux/1", NULL);
	return buf_text(b);
}

TEST("a year that was read once is told the same of the next place with these hours")
{
	struct lieux_world w = { .store = NULL };
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20), again = buf_new(1 << 20);
	struct ics_memoire *m = ics_memoire_new();
	struct lieu l = { .id = "1", .nom = "Lieu", .commune = "Bondy", .code_postal = "93140",
		.adresse = "1 rue Fictive", .maj_le = "2026-11-20T08:00:00Z",
		.calendrier = calendrier_de("93010"), .lat = 48.9, .lon = 2.48 };
	static const char *const hours[] = { "Mo-Fr 09:00-12:00; PH off", "We[2] 14:00-17:00",
		"Mo-Fr 09:00-12:00; PH off", "Tu 10:00-12:00 \"sur rendez-vous\"", "We[2] 14:00-17:00",
		"Tu 10:00-12:00 \"sur rendez-vous\"" };

	for (size_t i = 0; i < sizeof hours / sizeof *hours; i++) {
		l.horaires = hours[i];
		l.heures = horaires_read(&a, hours[i], &w.err);
		holds(l.heures);
		ics_lieu(&b, &a, &l, date_days(2026, 11, 22), "", NULL);
		ics_lieu(&again, &a, &l, date_days(2026, 11, 22), "", m);
	}
	same(buf_text(&again), buf_text(&b));
	l.calendrier = calendrier_de("67482");          /* other holidays, the same words */
	l.horaires = hours[0];
	l.heures = horaires_read(&a, hours[0], &w.err);
	buf_clear(&b);
	buf_clear(&again);
	ics_lieu(&b, &a, &l, date_days(2026, 11, 22), "", NULL);
	ics_lieu(&again, &a, &l, date_days(2026, 11, 22), "", m);
	same(buf_text(&again), buf_text(&b));
	ics_memoire_free(m);
}

static int times(const char *text, const char *what)
{
	int n = 0;

	for (; (text = strstr(text, what)); text++)
		n++;
	return n;
}

TEST("hours become as few events as say them, closed on public holidays")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	struct lieux_world w = { 0 };
	const char *s = calendar(&w, &b, &a, "Mo-Fr 09:00-12:00; PH off", "93010");

	equals(times(s, "BEGIN:VEVENT"), 1);
	holds(strstr(s, "DTSTART;TZID=Europe/Paris:20261116T090000\r\n"));
	/* 9 in the winter of Paris is 8 in UTC */
	holds(strstr(s, "RRULE:FREQ=WEEKLY;UNTIL=20271119T080000Z;BYDAY=MO,TU,WE,TH,FR\r\n"));
	holds(strstr(s, "EXDATE;TZID=Europe/Paris:20261225T090000\r\n"));
	holds(strstr(s, "EXDATE;TZID=Europe/Paris:20270514T090000\r\n") == NULL);      /* no holiday */
	holds(strstr(s, "EXDATE;TZID=Europe/Paris:20270506T090000\r\n"));       /* Ascension */
	holds(strstr(s, "SUMMARY:Ouvert : Lieu\\, \"fictif\"\r\n"));
	/* 26 December is one in Moselle, a Saturday in 2026; Vendredi saint is the 26th of March 2027 */
	s = calendar(&w, &b, &a, "Mo-Fr 09:00-12:00; PH off", "57463");
	holds(strstr(s, "EXDATE;TZID=Europe/Paris:20270326T090000\r\n"));
}

TEST("a season is an event of its own, the second Tuesday a monthly rule, an appointment to confirm")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	struct lieux_world w = { 0 };
	const char *s = calendar(&w, &b, &a, "Jul-Aug Mo 09:00-12:00", "93010");

	equals(times(s, "BEGIN:VEVENT"), 1);
	holds(strstr(s, "DTSTART;TZID=Europe/Paris:20270705T090000\r\n"));
	holds(strstr(s, "UNTIL=20270830T070000Z;BYDAY=MO\r\n"));
	s = calendar(&w, &b, &a, "Tu[2] 14:00-17:00", "93010");
	holds(strstr(s, "RRULE:FREQ=MONTHLY;UNTIL=20271109T130000Z;BYDAY=2TU\r\n"));
	s = calendar(&w, &b, &a, "Tu[-1] 14:00-17:00", "93010");
	holds(strstr(s, ";BYDAY=-1TU\r\n"));
	s = calendar(&w, &b, &a, "We 14:00-17:00 \"sur rdv\"", "93010");
	holds(strstr(s, "DESCRIPTION:sur rdv\r\n"));
	s = calendar(&w, &b, &a, "Fr 20:00-02:00", "97411");
	holds(strstr(s, "DTEND;TZID=Indian/Reunion:20261121T020000\r\n"));
	s = calendar(&w, &b, &a, "24/7", "93010");
	holds(strstr(s, "BYDAY=MO,TU,WE,TH,FR,SA,SU\r\n"));
}

TEST("a zone is told with its changes of hour")
{
	CLEANUP(buf_free) struct buf b = buf_new(1 << 16);
	const char *s;

	ics_zone(&b, calendrier_de("93")->zone);
	s = buf_text(&b);
	holds(strstr(s, "TZID:Europe/Paris\r\n") && strstr(s, "BEGIN:DAYLIGHT\r\n"));
	holds(strstr(s, "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"));
	buf_clear(&b);
	ics_zone(&b, calendrier_de("98718")->zone);     /* Marquises */
	holds(strstr(buf_text(&b), "TZOFFSETTO:-0930\r\n") && !strstr(buf_text(&b), "DAYLIGHT"));
}

/* --- values that others accept wrongly --------------------------------------------------------- */

TEST("addresses of the web and of mail are held against what they are")
{
	holds(ecriture_is_url("https://www.exemple.fr/a?b=c#d") && ecriture_is_url("http://exemple.fr"));
	holds(!ecriture_is_url("www.exemple.fr") && !ecriture_is_url("https://") && !ecriture_is_url(""));
	holds(!ecriture_is_url("https://a b.fr") && !ecriture_is_url("https://exemple.fr/[x]"));
	holds(!ecriture_is_url("javascript:alert(1)") && !ecriture_is_url("https:///x"));
	holds(ecriture_is_email("contact@exemple.fr") && ecriture_is_email("a.b+c@ville-de.fr"));
	holds(!ecriture_is_email("contact@exemple") && !ecriture_is_email("contact exemple.fr"));
	holds(!ecriture_is_email("@exemple.fr") && !ecriture_is_email("a..b@exemple.fr"));
	holds(!ecriture_is_email("a@exemple.fr,b@exemple.fr") && !ecriture_is_email("a@-x.fr"));
}
