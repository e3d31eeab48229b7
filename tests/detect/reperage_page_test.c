#include "point_world.h"

#include "detect/reperage.sql.h"

/* "commune mois profil mode nombre;" of every row that is kept. */
static const char *counts(struct point_world *w)
{
	struct reperage_comptes_row *rows;
	struct db *db = NULL;
	const char *out = "";
	size_t n;

	accepts(db_acquire(w->store, &db, &w->err), &w->err);
	accepts(reperage_comptes(db, &w->a, &rows, &n, &w->err), &w->err);
	db_release(&db);
	for (size_t i = 0; i < n; i++)
		out = arena_printf(&w->a, "%s%s %s %s %s %d;", out, rows[i].commune, rows[i].mois,
				   rows[i].profil, rows[i].mode, (int)rows[i].nombre);
	return out;
}

TEST("a whole point: five questions, then what can be said, where to go, and one more in the count")
{
	struct point_world w;

	point_open(&w);
	point_get(&w, "/reperage");
	equals(w.status, 200);
	shows(&w, "Refuser ne change rien à vos droits.");
	point_get(&w, "/reperage/question/blocage");
	shows(&w, "question 1 sur 5");
	shows(&w, "Je préfère ne pas répondre");
	point_answer_page(&w, "/reperage/question/blocage", "quoi=demarche&quand=semaine");
	shows(&w, "Titre de séjour, nationalité");
	shows(&w, "question 1 sur 5");
	point_answer_page(&w, "/reperage/question/demarche", "demarche=social");
	shows(&w, "question 2 sur 5");
	shows(&w, "href=\"/reperage/question/demarche\"");
	point_answer_page(&w, "/reperage/question/moyens", "appareil=smartphone&connexion=mobile");
	point_answer_page(&w, "/reperage/question/aisance", "aisance=peu");
	point_answer_page(&w, "/reperage/question/derniere", "derniere=avec_aide");
	same(counts(&w), "");
	point_answer_page(&w, "/reperage/question/appui", "entourage=non");
	shows(&w, "Un coup de main pour la démarche, cette semaine");
	shows(&w, "Vous savez déjà");
	shows(&w, "personne à côté pour aider");
	shows(&w, "usages du quotidien, démarches difficiles");
	shows(&w, "href=\"tel:3646\"");
	same(counts(&w), " 2026-11 tenace ecran 1;");
	point_answer_page(&w, "/reperage/lieu", "commune=bondy&moment=");
	shows(&w, "près de Bondy (93140)");
	shows(&w, "France services de la Gare");
	shows(&w, "/fiche?lieu=" LIEU_PASSERELLE "&amp;lieu=");
	same(counts(&w), "93010 2026-11 tenace ecran 1;");
	point_get(&w, "/reperage/resultat");
	same(counts(&w), "93010 2026-11 tenace ecran 1;");
	point_close(&w);
}

TEST("what is for today goes at once to who is there today, and the other questions wait")
{
	struct point_world w;

	point_open(&w);
	point_get(&w, "/reperage/question/blocage");
	point_answer_page(&w, "/reperage/question/blocage", "quoi=demarche&quand=jour");
	point_answer_page(&w, "/reperage/question/demarche", "demarche=argent");
	shows(&w, "dès aujourd’hui");
	shows(&w, "href=\"tel:0809401401\"");
	shows(&w, "Les autres questions peuvent attendre.");
	shows(&w, "href=\"/reperage/question/moyens\"");
	same(counts(&w), " 2026-11 indetermine ecran 1;");
	point_answer_page(&w, "/reperage/lieu", "commune=93140");
	holds(strstr(w.body, "France services de la Gare") < strstr(w.body, "La Passerelle"));
	point_get(&w, "/reperage/question/moyens");
	point_answer_page(&w, "/reperage/question/moyens", "appareil=aucun&connexion=aucune");
	shows(&w, "question 3 sur 5");
	point_close(&w);
}

TEST("one can stop at any point and get what can be given")
{
	struct point_world w;

	point_open(&w);
	point_get(&w, "/reperage/question/blocage");
	point_answer_page(&w, "/reperage/question/blocage", "quoi=apprendre&quand=plus_tard&vers=resultat");
	shows(&w, "Apprendre, à votre rythme");
	shows(&w, "indéterminé");
	shows(&w, "Continuer les questions");
	point_get(&w, "/reperage");
	shows(&w, "Reprendre");
	shows(&w, "Recommencer");
	point_answer_page(&w, "/reperage", "");
	hides(&w, "checked");
	point_close(&w);
}

TEST("not knowing, refusing and leaving empty are kept apart, and going back shows what was said")
{
	struct point_world w;

	point_open(&w);
	point_get(&w, "/reperage/question/blocage");
	point_answer_page(&w, "/reperage/question/blocage", "quoi=refus");
	point_get(&w, "/reperage/question/blocage");
	shows(&w, "id=\"quoi-refus\" value=\"refus\" checked");
	hides(&w, "id=\"quand-ne_sait_pas\" value=\"ne_sait_pas\" checked");
	point_answer_page(&w, "/reperage/question/blocage", "quoi=ne_sait_pas&quand=ne_sait_pas");
	point_get(&w, "/reperage/question/blocage");
	shows(&w, "id=\"quoi-ne_sait_pas\" value=\"ne_sait_pas\" checked");
	point_answer_page(&w, "/reperage/question/blocage", "");
	point_get(&w, "/reperage/question/blocage");
	hides(&w, "checked");
	point_close(&w);
}

TEST("a commune that several can be meant by is asked again, an unknown one is said")
{
	struct point_world w;

	point_open(&w);
	point_get(&w, "/reperage/question/blocage");
	point_answer_page(&w, "/reperage/question/blocage", "quoi=demarche&vers=resultat");
	point_answer_page(&w, "/reperage/lieu", "commune=Pavillons");
	shows(&w, "Les Pavillons-sous-Bois");
	point_answer_page(&w, "/reperage/lieu", "commune=saint");
	shows(&w, "De quelle commune parle-t-on");
	shows(&w, "value=\"93066\"");
	point_answer_page(&w, "/reperage/lieu", "commune=saint&code=93066");
	shows(&w, "près de Saint-Denis");
	point_answer_page(&w, "/reperage/lieu", "commune=Zzyzx");
	shows(&w, "Aucune commune n’est connue sous ce nom");
	shows(&w, "value=\"Zzyzx\"");
	point_close(&w);
}

TEST("an answer that is not on the page is refused, and a page that does not exist is said")
{
	struct point_world w;

	point_open(&w);
	point_get(&w, "/reperage/question/blocage");
	point_post(&w, "/reperage/question/blocage", "quoi=%3Cscript%3E");
	equals(w.status, 400);
	point_get(&w, "/reperage/question/autre");
	equals(w.status, 404);
	point_close(&w);
}

TEST("the paper form has every question and code of the file, and typing it in gives the result")
{
	struct point_world w;
	const struct instrument *in = reperage_instrument();

	point_open(&w);
	point_get(&w, "/reperage/papier");
	for (int i = 0; i < in->nitems; i++) {
		shows(&w, arena_printf(&w.a, "%d. %s", i + 1, ""));
		shows(&w, in->items[i].options[in->items[i].noptions - 1].texte);
	}
	point_get(&w, "/reperage/saisie");
	point_post(&w, "/reperage/saisie", "quoi=12&quand=2");
	equals(w.status, 400);
	shows(&w, "href=\"#q1\"");
	shows(&w, "value=\"12\"");
	point_answer_page(&w, "/reperage/saisie",
		"quoi=1&quand=b&demarche=10&appareil=5&connexion=s&aisance=R&derniere=5&entourage=&commune=Bondy");
	shows(&w, "près de Bondy");
	shows(&w, "une démarche attendue cette semaine");
	shows(&w, "usages rares");
	same(counts(&w), "93010 2026-11 eloigne papier 1;");
	point_close(&w);
}

TEST("the sheet has one place and two spare ones, names nobody, and needs no session")
{
	struct point_world w;

	point_open(&w);
	point_get(&w, "/fiche?lieu=" LIEU_GARE "&lieu=" LIEU_PASSERELLE "&lieu=" LIEU_GARE "&lieu=inconnu");
	equals(w.status, 200);
	holds(strstr(w.body, "France services de la Gare") < strstr(w.body, "La Passerelle"));
	shows(&w, "01 00 00 00 01");
	shows(&w, "Rendez-vous le");
	shows(&w, "À apporter");
	shows(&w, "QR code");
	shows(&w, "Elle ne porte aucun nom");
	shows(&w, "dimanche");
	point_get(&w, "/fiche?lieu=" LIEU_GARE "&choix=1&avec=telephone");
	shows(&w, "01 00 00 00 01");
	hides(&w, "Rendez-vous le");
	hides(&w, "rue des Peupliers");
	hides(&w, "<title>QR");
	point_get(&w, "/fiche?lieu=inconnu");
	equals(w.status, 404);
	point_get(&w, "/fiche");
	equals(w.status, 303);
	same(point_location(&w), "/lieux");
	point_close(&w);
}

static void ask_api(struct point_world *w, const char *json)
{
	point_ask(w, arena_printf(&w->a, "POST /api/v1/reperage HTTP/1.1\r\nHost: tremplin.test\r\n"
		"Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", strlen(json), json));
}

TEST("the API gives the questions and what follows answers, and counts only when asked")
{
	struct point_world w;
	const char *json = "{\"reponses\":{\"quoi\":\"materiel\",\"quand\":\"jour\"}}";
	const char *counted = "{\"reponses\":{\"aisance\":\"peu\",\"derniere\":\"avec_aide\"},\"commune\":\"93010\",\"compter\":true}";
	const char *wrong = "{\"reponses\":{\"quoi\":\"rien\"}}";

	point_open(&w);
	point_get(&w, "/api/v1/reperage");
	equals(w.status, 200);
	shows(&w, "\"est_secondes\"");
	ask_api(&w, json);
	equals(w.status, 200);
	shows(&w, "\"urgent\":true");
	shows(&w, "\"service\":\"acces\"");
	same(counts(&w), "");
	ask_api(&w, counted);
	same(counts(&w), "93010 2026-11 tenace api 1;");
	ask_api(&w, wrong);
	equals(w.status, 400);
	shows(&w, "quoi");
	point_close(&w);
}

TEST("two persons of one commune are two, and a third that changes moves")
{
	struct point_world w;
	const struct compte a = { "reperage", "1", "93010", "2026-11", "tenace", "ecran" };
	const struct compte b = { "reperage", "1", "93010", "2026-11", "eloigne", "ecran" };

	point_open(&w);
	accepts(compte_keep(w.store, NULL, &a, &w.err), &w.err);
	accepts(compte_keep(w.store, NULL, &a, &w.err), &w.err);
	accepts(compte_keep(w.store, NULL, &b, &w.err), &w.err);
	same(counts(&w), "93010 2026-11 eloigne ecran 1;93010 2026-11 tenace ecran 2;");
	accepts(compte_keep(w.store, &b, &a, &w.err), &w.err);
	same(counts(&w), "93010 2026-11 tenace ecran 3;");
	accepts(compte_keep(w.store, &a, &b, &w.err), &w.err);
	same(counts(&w), "93010 2026-11 eloigne ecran 1;93010 2026-11 tenace ecran 2;");
	point_close(&w);
}
