/* What the API of the observatory answers. */
#include "observe/indice_api.h"

#define TEXTE(n, what) { .name = n, .kind = S_TEXT, .about = what }
#define PEUT_ETRE(n, k, what) { .name = n, .kind = k, .nullable = true, .about = what }

static const struct schema_member rang_members[] = {
	TEXTE("methode", N_("Nom de la méthode")),
	TEXTE("version", NULL),
	PEUT_ETRE("score", S_REAL, N_("null : pas de note, jamais un zéro")),
	PEUT_ETRE("rang", S_INT, N_("1 : la note la plus haute de ce niveau")),
	PEUT_ETRE("rang_min", S_INT, N_("Neuf fois sur dix, le rang est au moins celui-ci…")),
	PEUT_ETRE("rang_max", S_INT, N_("… et au plus celui-ci, quand les poids et la façon de noter changent")),
	{ .name = "classes", .kind = S_INT, .about = N_("Combien de territoires ont un rang") },
	{ .name = "calcul", .kind = S_URI, .about = N_("Adresse qui dit comment la note est calculée") },
	{ 0 },
};

static const struct schema_member chiffre_members[] = {
	TEXTE("code", N_("Nom de l’indicateur")),
	TEXTE("libelle", NULL),
	TEXTE("unite", NULL),
	{ .name = "annee", .kind = S_INT },
	PEUT_ETRE("valeur", S_REAL, N_("null quand le statut n’est pas « valeur »")),
	TEXTE("statut", N_("valeur, secret, non_significatif, non_disponible ou sans_objet")),
	TEXTE("source", NULL),
	TEXTE("licence", NULL),
	TEXTE("reserve", N_("Ce qui n’a pas pu être vérifié de sa formule ; vide sinon")),
	{ 0 },
};

static const struct schema_member estimation_members[] = {
	TEXTE("enquete", NULL),
	{ .name = "annee", .kind = S_INT },
	TEXTE("resultat", NULL),
	TEXTE("libelle", NULL),
	TEXTE("statut", N_("estime, partiel, sans_objet, refuse, ou secret : moins de 11 personnes")),
	PEUT_ETRE("nombre", S_REAL, N_("Personnes estimées")),
	PEUT_ETRE("bas", S_REAL, N_("Intervalle dû à l’échantillon de l’enquête")),
	PEUT_ETRE("haut", S_REAL, NULL),
	TEXTE("avertissement", NULL),
	{ 0 },
};

static const struct schema_member territoire_members[] = {
	TEXTE("code", NULL),
	TEXTE("niveau", N_("iris, commune, arrondissement, epci, ept, departement ou region")),
	TEXTE("nom", NULL),
	PEUT_ETRE("population", S_INT, NULL),
	PEUT_ETRE("lieux", S_INT, N_("Lieux publiés dans ce territoire ; null : un IRIS")),
	{ .name = "indices", .kind = S_OBJECT, .list = true, .of = "IndiceDuTerritoire" },
	{ .name = "indicateurs", .kind = S_OBJECT, .list = true, .of = "Chiffre" },
	{ .name = "estimations", .kind = S_OBJECT, .list = true, .of = "Estimation" },
	{ 0 },
};

static const struct schema_member part_members[] = {
	TEXTE("code", NULL),
	TEXTE("libelle", NULL),
	{ .name = "part", .kind = S_REAL, .about = N_("Part du total, de 0 à 1 ; 0 : au choix") },
	{ 0 },
};

static const struct schema_member methode_members[] = {
	TEXTE("methode", NULL),
	TEXTE("version", NULL),
	TEXTE("titre", NULL),
	TEXTE("licence", NULL),
	{ .name = "echelle_min", .kind = S_REAL },
	{ .name = "echelle_max", .kind = S_REAL },
	{ .name = "haut_risque", .kind = S_BOOL,
	  .about = N_("Vrai : une note haute dit plus d’obstacles autour des habitants") },
	{ .name = "indicateurs", .kind = S_OBJECT, .list = true, .of = "PartDIndicateur" },
	{ .name = "page", .kind = S_URI },
	{ .name = "donnees", .kind = S_URI },
	{ 0 },
};

static const struct schema_member methodes_members[] = {
	{ .name = "indices", .kind = S_OBJECT, .list = true, .of = "Methode" },
	{ 0 },
};

static const struct schema_member note_members[] = {
	TEXTE("code", NULL),
	TEXTE("nom", NULL),
	PEUT_ETRE("population", S_REAL, NULL),
	PEUT_ETRE("score", S_REAL, N_("null : pas de note, jamais un zéro")),
	PEUT_ETRE("rang", S_INT, N_("Parmi tous les territoires de ce niveau")),
	PEUT_ETRE("rang_min", S_INT, N_("null quand les poids ne sont pas ceux de la méthode")),
	PEUT_ETRE("rang_max", S_INT, NULL),
	{ .name = "notes", .kind = S_ANY, .about = N_("La note de chaque indicateur, par son nom") },
	{ 0 },
};

static const struct schema_member notes_members[] = {
	TEXTE("methode", NULL),
	TEXTE("version", NULL),
	TEXTE("niveau", NULL),
	TEXTE("poids", N_("Ce qui a été choisi, à remettre dans l’adresse ; vide : la méthode telle quelle")),
	TEXTE("licence", NULL),
	TEXTE("origine", N_("D’où viennent les valeurs")),
	{ .name = "territoires", .kind = S_OBJECT, .list = true, .of = "Note" },
	PEUT_ETRE("suivant", S_TEXT, N_("À donner dans « apres » pour la page suivante ; null à la fin")),
	{ 0 },
};

static const struct schema_member etape_members[] = {
	TEXTE("code", NULL),
	TEXTE("libelle", NULL),
	{ .name = "valeur", .kind = S_REAL, .optional = true, .nullable = true,
	  .about = N_("Valeur brute, là où elle sert") },
	PEUT_ETRE("note", S_REAL, NULL),
	{ .name = "poids", .kind = S_REAL },
	{ .name = "part", .kind = S_REAL, .about = N_("Part du total, parmi ce qui est connu") },
	{ .name = "couverture", .kind = S_REAL, .optional = true, .nullable = true,
	  .about = N_("Part des habitants dont la note est connue") },
	{ 0 },
};

static const struct schema_member calcul_members[] = {
	TEXTE("code", NULL),
	TEXTE("nom", NULL),
	TEXTE("niveau", NULL),
	TEXTE("methode", NULL),
	TEXTE("version", NULL),
	PEUT_ETRE("population", S_REAL, NULL),
	TEXTE("statut", N_("valeur, sans objet ou non disponible")),
	PEUT_ETRE("score", S_REAL, NULL),
	{ .name = "indicateurs", .kind = S_OBJECT, .list = true, .of = "EtapeDeCalcul" },
	PEUT_ETRE("manques", S_TEXT, N_("Ce qui manque ou est emprunté")),
	{ .name = "rang", .kind = S_INT, .optional = true },
	{ .name = "classes", .kind = S_INT, .optional = true },
	{ .name = "rang_min", .kind = S_INT, .optional = true },
	{ .name = "rang_max", .kind = S_INT, .optional = true },
	{ .name = "tirages", .kind = S_INT, .optional = true },
	{ .name = "graine", .kind = S_INT, .optional = true },
	{ .name = "concentration", .kind = S_REAL, .optional = true },
	TEXTE("origine", NULL),
	TEXTE("source", NULL),
	{ 0 },
};

const struct schema indice_schemas[] = {
	{ "IndiceDuTerritoire", N_("La note d’un territoire, son rang et son doute"), rang_members },
	{ "Chiffre", N_("Un indicateur d’un territoire"), chiffre_members },
	{ "Estimation", N_("Combien de personnes, d’après une enquête"), estimation_members },
	{ "Territoire", N_("Un territoire et ce qui en est mesuré"), territoire_members },
	{ "PartDIndicateur", N_("Ce que pèse un indicateur"), part_members },
	{ "Methode", N_("Une méthode d’indice qui a des valeurs"), methode_members },
	{ "Methodes", N_("Les méthodes d’indice"), methodes_members },
	{ "Note", N_("La note d’un territoire dans une liste"), note_members },
	{ "Notes", N_("Une page de notes"), notes_members },
	{ "EtapeDeCalcul", N_("Un indicateur dans un calcul"), etape_members },
	{ "Calcul", N_("Le calcul d’une note, étape par étape"), calcul_members },
	{ 0 },
};
