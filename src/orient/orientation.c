#include "orient/orientation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/lieu_local.h"
#include "core/repertoire.h"
#include "core/vignette.h"
#include "orient/passages.h"
#include "orient/recherche.h"
#include "store/db.h"

enum { MEMORY = 8 << 20, FOUND_MOST = 100, FOUND_USUAL = 10 };

static void put_choices(struct json_out *j, const char *name, const struct choice *table,
			uint32_t bits)
{
	json_open_array(j, name);
	for (int i = 0; table[i].slug; i++) {
		if (bits & 1u << i)
			json_put_text(j, NULL, table[i].value);
	}
	json_close_array(j);
}

static void put_optional(struct json_out *j, const char *name, const char *text)
{
	json_put_text(j, name, *text ? text : NULL);
}

/* The stop that the distance is measured to, of a place that travels. */
static void put_stop(struct json_out *j, const struct passage_fois *f)
{
	json_open_object(j, "arret");
	passage_json(j, f);
	json_put_real(j, "latitude", f->p->lat);
	json_put_real(j, "longitude", f->p->lon);
	json_close_object(j);
}

static void put_found(struct json_out *j, const struct lieu_result *found)
{
	const struct lieu *l = found->lieu;

	json_open_object(j, NULL);
	json_put_text(j, "id", l->id);
	json_put_text(j, "nom", l->nom);
	json_put_real(j, "distance_m", floor(found->metres * 10 + 0.5) / 10);
	if (found->arret.p)
		put_stop(j, &found->arret);
	if (found->ouvert == OUVERT_INCONNU)
		json_put_null(j, "ouvert");
	else
		json_put_bool(j, "ouvert", found->ouvert == OUVERT_OUI);
	put_optional(j, "adresse", l->adresse);
	put_optional(j, "code_postal", l->code_postal);
	json_put_text(j, "commune", l->commune);
	put_optional(j, "code_insee", l->code_insee);
	put_optional(j, "telephone", l->telephone);
	put_optional(j, "horaires", l->horaires);
	put_optional(j, "horaires_texte", l->horaires_texte);
	put_choices(j, "services", lieu_services, l->services);
	put_choices(j, "modalites_acces", lieu_acces, l->acces);
	put_choices(j, "frais_a_charge", lieu_frais, l->frais);
	put_choices(j, "dispositif_programmes_nationaux", lieu_dispositifs, l->dispositifs);
	json_put_real(j, "latitude", l->lat);
	json_put_real(j, "longitude", l->lon);
	json_put_text(j, "position", l->position_commune ? "commune" : "source");
	json_put_text(j, "date_maj", l->date_maj);
	if (l->equipements)
		put_choices(j, "equipements", lieu_equipements, l->equipements);
	put_choices(j, "genre", lieu_genres, l->genre);
	put_optional(j, "source", *l->source_titre ? l->source_titre : l->source);
	json_close_object(j);
}

void orientation_json(struct json_out *j, const struct lieu_result *found, size_t n)
{
	json_open_object(j, NULL);
	json_open_array(j, "lieux");
	for (size_t i = 0; i < n; i++)
		put_found(j, &found[i]);
	json_close_array(j);
	json_close_object(j);
}

/* --- tremplin orientation find ------------------------------------------------------------ */

static bool read_choice(struct call *c, const char *option, const struct choice *table,
			uint64_t *bits, struct err *e)
{
	const char *text = call_option(c, option);
	int i;

	if (!text)
		return true;
	i = choice_find(table, text);
	if (i < 0) {
		struct buf known = buf_new(4096);

		for (int k = 0; table[k].slug && k < 12; k++)
			buf_printf(&known, "%s%s", k ? ", " : "", table[k].slug);
		fail(e, E_INPUT, "%s ne connaît pas « %s ».", option, text);
		hint(e, "Valeurs possibles : %s (ou le libellé national exact).",
		     buf_text(&known));
		buf_free(&known);
		return false;
	}
	*bits = 1ull << i;
	return true;
}

static bool read_number(const char *option, const char *text, long low, long high, long *out,
			struct err *e)
{
	char *end;

	*out = strtol(text, &end, 10);
	if (!*text || *end || *out < low || *out > high)
		return fail(e, E_INPUT, "%s attend un nombre de %ld à %ld, pas « %s ».", option,
			    low, high, text);
	return true;
}

static bool read_point(const char *text, struct point *out, struct err *e)
{
	char *end;

	out->lat = strtod(text, &end);
	if (end != text && *end == ',') {
		const char *second = end + 1;

		out->lon = strtod(second, &end);
		out->given = end != second && !*end && fabs(out->lat) <= 90
			     && fabs(out->lon) <= 180;
	}
	if (!out->given) {
		fail(e, E_INPUT, "--at attend une latitude et une longitude, pas « %s ».", text);
		return hint(e, "Par exemple : --at 48.9022,2.4826");
	}
	return true;
}

static bool read_genre(struct call *c, struct recherche *q, struct err *e)
{
	uint64_t bits = 0;

	if (!read_choice(c, "--genre", lieu_genres, &bits, e))
		return false;
	for (int i = 0; lieu_genres[i].slug; i++) {
		if (bits >> i & 1)
			q->genre = i;
	}
	return true;
}

static bool read_question(struct call *c, struct recherche *q, long *limit, struct err *e)
{
	const char *at = call_option(c, "--at"), *when = call_option(c, "--ouvert-le");
	const char *most = call_option(c, "--limit"), *km = call_option(c, "--rayon");
	long number;

	q->commune = call_option(c, "--commune");
	if (!q->commune == !at) {
		fail(e, E_INPUT, "Dites d’où part la recherche : --commune ou --at.");
		return hint(e, "Par exemple : --commune 93010");
	}
	if (at && !read_point(at, &q->position, e))
		return false;
	if (when) {
		if (!iso_read(when, &q->ouvert.at))
			return fail(e, E_INPUT, "--ouvert-le attend une date et une heure comme "
				    "2026-11-24T10:00, pas « %s ».", when);
		q->ouvert.kind = MOMENT_AT;
	}
	*limit = FOUND_USUAL;
	if (most && !read_number("--limit", most, 1, FOUND_MOST, limit, e))
		return false;
	if (km) {
		if (!read_number("--rayon", km, 1, 500, &number, e))
			return false;
		q->rayon = number;
	}
	q->gratuit = call_option(c, "--gratuit") != NULL;
	return read_choice(c, "--service", lieu_services, &q->service, e)
	       && read_choice(c, "--public", lieu_publics, &q->publics, e)
	       && read_choice(c, "--prise-en-charge", lieu_prises_en_charge,
			      &q->prise_en_charge, e)
	       && read_choice(c, "--equipement", lieu_equipements, &q->equipement, e)
	       && read_genre(c, q, e);
}

static bool place_found(const struct ici *ici, const struct recherche *q, struct err *e)
{
	switch (ici->kind) {
	case ICI_TROUVE:
		return true;
	case ICI_PLUSIEURS:
		fail(e, E_INPUT, "« %s » peut être plusieurs communes.", q->commune);
		return hint(e, "Donnez le code INSEE, par exemple %s pour %s.",
			    ici->matches[0].commune->code, ici->matches[0].commune->nom);
	case ICI_SANS_POSITION:
		fail(e, E_INPUT, "La position de « %s » n’est pas connue.", q->commune);
		return hint(e, "Utilisez --at LATITUDE,LONGITUDE.");
	case ICI_RIEN:
	case ICI_INCONNU:
		break;
	}
	fail(e, E_MISSING, "La commune « %s » n’est pas connue.", q->commune ? q->commune : "");
	return hint(e, "Vérifiez le nom ou le code, ou importez les communes : "
		    "tremplin territoire import --help");
}

static void print_text(struct call *c, struct arena *a, const struct lieu_result *found,
		       size_t n)
{
	static const char *const state[] = { "fermé", "ouvert", "horaires non connus" };

	for (size_t i = 0; i < n; i++) {
		const struct lieu *l = found[i].lieu;
		char metres[I18N_TEXT];

		fprintf(c->out, "%2zu. %s\n    %s, à %s, %s\n", i + 1, l->nom, lieu_adresse(a, l),
			distance_text(langs[0], found[i].metres, metres),
			state[found[i].ouvert]);
		if (*l->telephone)
			fprintf(c->out, "    %s\n", telephone_text(a, l->telephone));
	}
	if (!n)
		fputs("Aucun lieu connu ne répond à tous ces critères.\n", stderr);
}

static bool print_json(struct call *c, const struct lieu_result *found, size_t n,
		       struct err *e)
{
	struct buf b = buf_new(MEMORY);
	struct json_out j = { &b, false };
	bool ok;

	orientation_json(&j, found, n);
	buf_char(&b, '\n');
	ok = !b.full && fwrite(b.p, 1, b.n, c->out) == b.n;
	buf_free(&b);
	return ok ? true : fail(e, E_STORE, "La sortie n’a pas pu être écrite.");
}

static bool answer(struct call *c, const struct repertoire *r, const struct recherche *q,
		   long limit, struct err *e)
{
	struct lieu_result found[FOUND_MOST];
	struct arena a = arena_new(MEMORY);
	struct lieu_filter f;
	struct ici ici;
	size_t n;
	bool ok = true;

	ici_find(r, q, true, &ici);
	if (!place_found(&ici, q, e))
		return false;
	f = recherche_filter(q, &ici);
	n = lieu_search(r, &f, env_now(c->env), 0, found, (size_t)limit, NULL);
	if (c->json)
		ok = print_json(c, found, n, e);
	else
		print_text(c, &a, found, n);
	arena_free(&a);
	return ok;
}

static bool orientation_find(struct call *c, struct err *e)
{
	struct recherche q = { .carte = -1, .genre = -1 };
	struct repertoire *r = NULL;
	struct store *s = NULL;
	struct db *db = NULL;
	long limit;
	bool ok;

	if (!read_question(c, &q, &limit, e)
	    || !store_open(call_option(c, "--data"), STORE_COMMAND, c->env, &s, e))
		return false;
	ok = db_acquire(s, &db, e) && repertoire_read(db, &r, e)
	     && answer(c, r, &q, limit, e);
	repertoire_free(r);
	db_release(&db);
	store_close(s);
	return ok;
}

static const struct command_option find_options[] = {
	{ "--data", "DIR", "le dossier de données", true },
	{ "--commune", "CODE", "code INSEE, code postal ou nom de la commune", false },
	{ "--at", "LAT,LON", "position, en degrés (WGS 84)", false },
	{ "--service", "S", "besoin : demarches, outils-quotidien… ou le libellé national", false },
	{ "--public", "P", "public : jeunes, seniors… ou le libellé national", false },
	{ "--prise-en-charge", "X", "aide particulière : illettrisme… ou le libellé national", false },
	{ "--equipement", "E", "sur place : wifi, impression, recharge…", false },
	{ "--genre", "G", "mediation ou social (premier accueil social)", false },
	{ "--gratuit", NULL, "gratuit, au moins sous condition", false },
	{ "--ouvert-le", "MOMENT", "ouvert à ce moment, heure du lieu : 2026-11-24T10:00", false },
	{ "--rayon", "KM", "pas plus loin", false },
	{ "--limit", "N", "combien de lieux (10, au plus 100)", false },
	{ 0 },
};

const struct command orientation_commands[] = {
	{ .words = "orientation find", .summary = "Trouve les lieux les plus proches qui conviennent",
	  .example = "tremplin orientation find --data /var/lib/tremplin --commune 93010 "
		     "--service demarches --ouvert-le 2026-11-24T10:00",
	  .options = find_options, .run = orientation_find },
	{ 0 },
};
