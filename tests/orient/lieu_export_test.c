#include "lieu_world.h"

#include <math.h>

#include "format/json.h"
#include "orient/lieu_vcard.h"

static const char places[] =
	"id,pivot,nom,commune,code_postal,adresse,latitude,longitude,typologie,telephone,courriels,"
	"site_web,horaires,presentation_resume,presentation_detail,source,itinerance,"
	"structure_parente,date_maj,services,publics_specifiquement_adresses,"
	"prise_en_charge_specifique,frais_a_charge,dispositif_programmes_nationaux,formations_labels,"
	"autres_formations_labels,modalites_acces,modalites_accompagnement,fiche_acces_libre,prise_rdv\n"
	"structure-1,43493312300029,\"La \"\"Quincaillerie\"\", numérique\",Bondy,93140,1 rue Fictive,"
	"48.9021,2.4801,TIERS_LIEUX|ASSO,+33180059880,contact@exemple.fr|accueil@exemple.fr,"
	"https://www.exemple.fr|https://m.exemple.fr,Mo-Fr 09:00-12:00,"
	"\"Notre association propose\ndes ateliers\",\"- le lundi\n- le mardi ; =SOMME(A1)\",Hubik,"
	"Fixe,Pôle fictif,2022-06-02,Aide aux démarches administratives|Acquisition de matériel "
	"informatique à prix solidaire,Seniors|Femmes,Surdité|Langues étrangères (anglais),"
	"Gratuit sous condition|Payant,Conseillers numériques|France Services,"
	"Formé à « Mon Espace Santé »|ORDI 3.0,Label un|Label deux,Se présenter|Téléphoner,"
	"Dans un atelier collectif|À distance,https://acceslibre.beta.gouv.fr/app/x/,"
	"https://www.exemple.fr/rdv\n"
	"structure-2,,=2+3,Montreuil,93100,2 rue Fictive,,,,,,,horaires d'été,,\"-5 ans\",Hubik,,,2022-06-03,,,,,,,,,,,\n";

static char *again(enum lieu_export_format format, const char *name, const char *text)
{
	struct lieux_world w = world_new(true);
	char *out;

	world_import(&w, world_file(&w, name, text), "export");
	out = world_export(&w, format);
	world_end(&w);
	return out;
}

/* Everything but horaires_texte comes back, ids included: an id of ours stays the id. */
TEST("what is exported comes back the same from an empty folder")
{
	static const struct { enum lieu_export_format format; const char *name; } ways[] = {
		{ EXPORT_CSV, "e.csv" }, { EXPORT_JSON, "e.json" }, { EXPORT_GEOJSON, "e.geojson" },
	};
	struct lieux_world w = world_new(true);

	world_import(&w, world_file(&w, "a.csv", places), "hubik");
	for (int i = 0; i < 3; i++) {
		char *first = world_export(&w, ways[i].format);
		char *second = again(ways[i].format, ways[i].name, first);

		same(second, first);
		free(first);
		free(second);
	}
	world_end(&w);
}

TEST("an export imported where it came from adds no place")
{
	struct lieux_world w = world_new(true);
	struct lieu_import_totals t;
	char *text;

	world_import(&w, world_file(&w, "a.csv", places), "hubik");
	text = world_export(&w, EXPORT_CSV);
	t = world_import(&w, world_file(&w, "e.csv", text), "export");
	equals(t.nouveaux, 0);
	equals(t.modifies, 0);
	equals(world_read(&w)->nlieux, 2);
	free(text);
	world_end(&w);
}

TEST("the CSV has the 32 columns of the schema in its order")
{
	struct lieux_world w = world_new(true);
	char *text = world_export(&w, EXPORT_CSV);

	same(text, "id,pivot,nom,commune,code_postal,code_insee,adresse,complement_adresse,latitude,"
	     "longitude,typologie,telephone,courriels,site_web,horaires,presentation_resume,"
	     "presentation_detail,source,itinerance,structure_parente,date_maj,services,"
	     "publics_specifiquement_adresses,prise_en_charge_specifique,frais_a_charge,"
	     "dispositif_programmes_nationaux,formations_labels,autres_formations_labels,"
	     "modalites_acces,modalites_accompagnement,fiche_acces_libre,prise_rdv\r\n");
	free(text);
	world_end(&w);
}

TEST("--since keeps the places that changed that day or later")
{
	struct lieux_world w = world_new(true);
	struct lieu_export_ask ask = { .format = EXPORT_JSON, .since = "2026-11-22" };
	struct lieu_export_count n;
	FILE *f = fopen("/dev/null", "w");

	world_import(&w, world_file(&w, "a.csv", places), "hubik");
	ask.r = world_read(&w);
	accepts(lieu_export(&ask, f, &n, &w.err), &w.err);
	equals(n.lieux, 2);
	ask.since = "2026-11-23";
	accepts(lieu_export(&ask, f, &n, &w.err), &w.err);
	equals(n.lieux, 0);
	fclose(f);
	world_end(&w);
}

TEST("the JSON of a place has numbers for its position and the national words")
{
	struct lieux_world w = world_new(true);
	char *text;
	json_t *j, *one;

	world_import(&w, world_file(&w, "a.csv", places), "hubik");
	text = world_export(&w, EXPORT_JSON);
	accepts(json_read(text, strlen(text), &j, &w.err), &w.err);
	equals(json_array_size(j), 2);
	one = json_array_get(j, json_object_get(json_array_get(j, 0), "latitude") ? 0 : 1);
	holds(json_real_value(json_object_get(one, "latitude")) == 48.9021);
	same(json_string_value(json_object_get(one, "frais_a_charge")),
	     "Gratuit sous condition|Payant");
	json_decref(j);
	free(text);
	world_end(&w);
}

/* RFC 2426: lines end with CR LF, no line of more than 75 bytes, signs escaped. */
TEST("a place makes a card that telephones read")
{
	struct lieux_world w = world_new(true);
	struct buf b = buf_new(1 << 16);
	const struct lieu *l;
	const char *s;

	world_import(&w, world_file(&w, "a.csv", places), "hubik");
	l = world_lieu(&w, "La \"Quincaillerie\", numérique");
	holds(l);
	accepts(lieu_vcard(&b, l, "https://aide.exemple.fr/lieux/1", &w.err), &w.err);
	s = buf_text(&b);
	equals(strncmp(s, "BEGIN:VCARD\r\nVERSION:3.0\r\n", 26), 0);
	holds(strstr(s, "\r\nFN:La \"Quincaillerie\"\\, numérique\r\n"));
	holds(strstr(s, "\r\nTEL;TYPE=work,voice:+33180059880\r\n"));
	holds(strstr(s, "\r\nADR;TYPE=work:;;1 rue Fictive;Bondy;;93140;France\r\n"));
	holds(strstr(s, "\r\nGEO:48.902100;2.480100\r\n"));
	holds(strstr(s, "\r\nNOTE:Notre association propose\\ndes ateliers\\nHoraires"));
	holds(strstr(s, "\r\nEND:VCARD\r\n"));
	for (; *s; s += strcspn(s, "\n") + 1)
		holds(strcspn(s, "\r") <= 75);
	buf_free(&b);
	world_end(&w);
}
