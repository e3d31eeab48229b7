/* The words of mandats: enumerations, rules of protected adults with their sources, days. */
#include "accompany/mandat.h"

#include "base/date.h"
#include "web/message.h"

const struct choice mandat_durees[] = {
	{ "SHORT", N_("Aujourd’hui seulement"), NULL },
	{ "MONTH", N_("Un mois (31 jours)"), NULL },
	{ "SEMESTER", N_("Six mois (182 jours)"), NULL },
	{ "LONG", N_("Un an (365 jours)"), NULL },
	{ NULL, NULL, NULL },
};
const int mandat_jours[] = { 1, 31, 182, 365 };

const struct choice mandat_etats[] = {
	{ "prepare", N_("À signer"), NULL },
	{ "demande", N_("Réponse attendue"), NULL },
	{ "actif", N_("En cours"), NULL },
	{ "refuse", N_("Refusée"), NULL },
	{ "arrete", N_("Arrêtée"), NULL },
	{ "fini", N_("Finie"), NULL },
	{ "abandonne", N_("Sans réponse"), NULL },
	{ NULL, NULL, NULL },
};

const struct choice mandat_modes[] = {
	{ "ecran", N_("Sur place, avec son code secret"), NULL },
	{ "papier", N_("Sur place, avec une signature sur papier"), NULL },
	{ "sms", N_("À distance, par SMS"), NULL },
	{ "voix", N_("À distance, par téléphone, à deux agents"), NULL },
	{ NULL, NULL, NULL },
};

const struct choice mandat_raisons[] = {
	{ "temps", N_("C’est urgent, et il n’y a pas le temps de le faire ensemble"), NULL },
	{ "distance", N_("La personne ne peut pas se déplacer"), NULL },
	{ "suite", N_("Il faudra revenir sur le site plus tard, sans elle"), NULL },
	{ "materiel", N_("Elle n’a pas d’appareil ou de connexion"), NULL },
	{ "demande", N_("Elle préfère que nous le fassions"), NULL },
	{ NULL, NULL, NULL },
};

const struct choice mandat_papiers[] = {
	{ "remis", N_("La personne l’emporte"), NULL },
	{ "structure", N_("Il reste à la structure, elle peut le demander"), NULL },
	{ "aucun", N_("On n’imprime rien"), NULL },
	{ NULL, NULL, NULL },
};

const struct choice mandat_protections[] = {
	{ "aucune", N_("Aucune mesure de protection"), NULL },
	{ "sauvegarde", N_("Sauvegarde de justice"), NULL },
	{ "curatelle", N_("Curatelle, simple ou renforcée"), NULL },
	{ "tutelle", N_("Tutelle"), NULL },
	{ "habilitation", N_("Habilitation familiale"), NULL },
	{ NULL, NULL, NULL },
};

/* Code civil, version of 2026-11; read without a lawyer: the pages say so. */
const struct protection_regle protection_regles[] = {
	[PROTECTION_AUCUNE] = { false, false, N_("La personne signe seule."),
		"Code civil, art. 1984" },
	[PROTECTION_SAUVEGARDE] = { false, false,
		N_("La personne garde ses droits et signe seule, sauf pour ce que le juge a confié à un "
		   "mandataire spécial : demandez à voir la décision."),
		"Code civil, art. 433 à 439, 435 surtout" },
	[PROTECTION_CURATELLE] = { true, false,
		N_("Le curateur assiste : la personne signe, et lui aussi. Il faut les deux signatures."),
		"Code civil, art. 440, 467 et 472" },
	[PROTECTION_TUTELLE] = { true, true,
		N_("Le tuteur représente : il signe. La personne est prévenue, dans ses mots, et son avis "
		   "est demandé."),
		"Code civil, art. 440, 457-1, 473 et 496" },
	[PROTECTION_HABILITATION] = { true, false,
		N_("Le proche habilité signe dans la limite de la décision du juge, qui dit s’il assiste ou "
		   "représente : lisez-la ensemble."),
		"Code civil, art. 494-1 à 494-12, 494-6 surtout" },
};

const char *const protection_personnels =
	N_("Certains actes sont à la personne seule, quelle que soit la mesure : déclarer la naissance "
	   "d’un enfant ou le reconnaître, l’autorité parentale, choisir ou changer le nom d’un enfant, "
	   "consentir à une adoption (Code civil, art. 458). Personne ne les fait à sa place.");

static struct civil paris(const char *iso)
{
	static const struct zone utc = { "UTC", 0, DST_NONE };
	struct civil c = { 1970, 1, 1, 0, 0, 0 };

	iso_read(iso, &c);
	return zone_local(&zone_paris, zone_instant(&utc, &c));
}

const char *jour_text(struct arena *a, const struct lang *lang, const char *iso)
{
	char text[I18N_TEXT];
	struct civil c;

	if (!iso)
		return "";
	c = paris(iso);
	return arena_str(a, date_long(lang, &c, text));
}

const char *moment_text(struct arena *a, const struct lang *lang, const char *iso)
{
	char text[I18N_TEXT];
	struct civil c;

	if (!iso)
		return "";
	c = paris(iso);
	return message(a, lang, N_("%1 à %2"), jour_text(a, lang, iso),
		       time_short(lang, c.hour * 60 + c.minute, text));
}

const char *fin_text(struct arena *a, const struct lang *lang, const char *expire)
{
	char text[I18N_TEXT];
	struct civil c;

	if (!expire)
		return "";
	c = paris(expire);
	c = date_civil(date_days(c.year, c.month, c.day) - 1);
	return arena_str(a, date_long(lang, &c, text));
}
