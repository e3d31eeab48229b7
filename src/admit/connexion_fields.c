#include "admit/connexion_fields.h"

#include "admit/mot_de_passe.h"

enum { NAME_MOST = 200, CODE_MOST = 20, JETON_MOST = 40 };

const struct field connexion_fields[] = {
	{ AT(connexion_in, identifiant), .kind = F_TEXT, .required = true, .max = NAME_MOST,
	  .label = N_("Adresse e-mail ou identifiant"),
	  .missing = N_("Écrivez votre adresse e-mail ou votre identifiant.") },
	{ AT(connexion_in, mot_de_passe), .kind = F_TEXT, .required = true,
	  .max = MOT_DE_PASSE_MOST, .label = N_("Mot de passe"),
	  .missing = N_("Écrivez votre mot de passe.") },
	{ 0 },
};

const struct field lien_fields[] = {
	{ AT(lien_in, courriel), .kind = F_TEXT, .required = true, .max = NAME_MOST,
	  .label = N_("Adresse e-mail du compte"),
	  .missing = N_("Écrivez l’adresse e-mail de votre compte.") },
	{ 0 },
};

const struct field code_fields[] = {
	{ AT(code_in, code_secret), .kind = F_TEXT, .required = true, .max = CODE_MOST,
	  .label = N_("Code"), .hint = N_("Les 6 ou 8 chiffres affichés maintenant."),
	  .missing = N_("Écrivez le code affiché.") },
	{ 0 },
};

const struct choice perdu_choices[] = {
	{ "rien", N_("Rien n’est perdu : je ne l’ai pas avec moi"), NULL },
	{ "telephone", N_("Mon téléphone est perdu, volé ou changé"), NULL },
	{ "carte", N_("Ma carte est perdue, volée ou cassée"), NULL },
	{ "tout", N_("Le téléphone et la carte"), NULL },
	{ 0 },
};

const struct field secours_fields[] = {
	{ AT(secours_in, code_secret_secours), .kind = F_TEXT, .required = true, .max = CODE_MOST,
	  .label = N_("Code de secours"), .hint = N_("Dix lettres et chiffres, comme K7QM2-XWD9A."),
	  .missing = N_("Écrivez un des codes de votre feuille.") },
	{ AT(secours_in, perdu), .kind = F_CHOICE, .required = true, .choices = perdu_choices,
	  .label = N_("Qu’est-ce qui manque ?"),
	  .hint = N_("Ce qui est perdu ne pourra plus servir à entrer dans votre compte.") },
	{ 0 },
};

const struct field jeton_fields[] = {
	{ AT(jeton_in, jeton), .kind = F_TEXT, .required = true, .max = JETON_MOST,
	  .label = N_("Code"), .hint = N_("Par exemple K7QM-2XWD-9AB3-77Q2."),
	  .missing = N_("Recopiez le code de votre invitation ou du mail.") },
	{ 0 },
};
