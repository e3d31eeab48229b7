#include "core/envoi_texte.h"

#include <string.h>

#include "core/courriel.htm.h"
#include "web/html.h"
#include "web/message.h"

enum { HTML_MOST = 64 << 10, PARTS_MOST = 20 };

/*
 * An object says nothing of anybody: it holds the site's name at most.  An SMS fits in one
 * part in French (tests/core/envoi_texte_test.c).
 */
const struct envoi_modele envoi_modeles[ENVOI_GENRES] = {
	[ENVOI_ESSAI] = {
		"essai", N_("Message d’essai"), N_("Message d’essai"),
		N_("Bonjour,\n\nCe message d’essai vient de %1. Il montre que les e-mails "
		   "partent. Il n’y a rien à faire."),
		N_("%1 : message d’essai. Les SMS partent. Il n’y a rien à faire."),
		0, { NULL }, false, 60,
	},
	[ENVOI_CONNEXION_LIEN] = {
		"connexion-lien", N_("Lien de connexion"), N_("Votre lien de connexion"),
		N_("Bonjour,\n\nPour entrer dans %1, ouvrez cette adresse dans les %3 minutes, "
		   "sur l’appareil où vous l’avez demandée :\n\n%2\n\nElle ne sert qu’une "
		   "fois. Si vous n’avez rien demandé, ne faites rien : personne n’est entré."),
		NULL,
		2, { "https://exemple.fr/connexion/lien?j=wQ8vL2rTn5Xc", "15" }, true, 15,
	},
	[ENVOI_CONNEXION_CODE] = {
		"connexion-code", N_("Code de connexion"), N_("Votre code de connexion"),
		N_("Bonjour,\n\nVotre code pour entrer dans %1 : %2\n\nIl sert une fois, dans les "
		   "%3 minutes. Ne le donnez à personne, même à un collègue. Si vous n’avez rien "
		   "demandé, ne faites rien : personne n’est entré."),
		N_("%1 : votre code est %2. Il sert une fois, dans les %3 minutes. Ne le donnez à "
		   "personne."),
		2, { "482 913", "10" }, true, 10,
	},
	[ENVOI_INVITATION] = {
		"invitation", N_("Invitation à rejoindre une structure"), N_("Votre compte sur %1"),
		N_("Bonjour,\n\n%2 vous ouvre un compte sur %1, pour travailler avec %3.\n\nOuvrez "
		   "cette adresse dans les %5 jours pour choisir comment vous vous "
		   "connecterez :\n\n%4\n\nElle ne sert qu’une fois. Si vous ne connaissez pas "
		   "cette structure, ne faites rien."),
		NULL,
		4, { N_("Amina B."), N_("CCAS de Bondy"), "https://exemple.fr/invitation?j=wQ8vL2rTn5Xc",
		     "7" }, false, 7 * 24 * 60,
	},
	[ENVOI_COMPTE_CHANGE] = {
		"compte-change", N_("Changement sur un compte"), N_("Un changement sur votre compte"),
		N_("Bonjour,\n\n%2 Cela a été fait sur %1, %3.\n\nSi c’est vous, il n’y a rien à "
		   "faire. Sinon, prévenez tout de suite le référent de votre structure."),
		NULL,
		2, { N_("Votre mot de passe a changé."), N_("le 22 novembre 2026 à 11 h 04") }, false, 0,
	},
	[ENVOI_ACCES] = {
		"acces", N_("Demande d’un compte"), N_("Une demande de compte"),
		N_("Bonjour,\n\nUne personne que %2 a identifiée demande un compte sur %1, pour "
		   "travailler avec %3.\n\nSi vous l’attendez, ouvrez cette adresse : son nom y est "
		   "écrit, et vous direz ce qu’elle pourra faire.\n\n%4\n\nSinon, ne faites rien : "
		   "sans votre invitation, aucun compte n’est ouvert."),
		NULL,
		3, { N_("ProConnect"), N_("CCAS de Bondy"), "https://exemple.fr/agent/agents/inviter" },
		false, 0,
	},
	[ENVOI_ADRESSE] = {
		"adresse", N_("Vérification d’une adresse e-mail"), N_("Votre code"),
		N_("Bonjour,\n\nQuelqu’un veut recevoir à cette adresse les messages de %1. Si c’est vous, "
		   "recopiez ce code sur la page ouverte : %2\n\nIl sert une fois, dans les %3 minutes. Si "
		   "vous n’avez rien demandé, ne faites rien."),
		NULL,
		2, { "482 913", "30" }, true, 30,
	},
	[ENVOI_LIEU] = {
		"lieu", N_("Mise à jour de la fiche d’un lieu"), N_("La fiche de votre lieu"),
		N_("Bonjour,\n\n%1 montre au public la fiche de %2. Est-elle juste ? Pour la relire et la "
		   "corriger, ouvrez cette adresse dans les %4 jours :\n\n%3\n\nElle sert une fois. Ce qui est "
		   "corrigé se voit tout de suite. Si ce lieu n’est pas le vôtre, ne faites rien."),
		N_("%1 : votre fiche, à relire sous %4 jours : %3"),
		3, { N_("la médiathèque de Bondy"), "https://exemple.fr/lieux/0193/corriger?j=wQ8v", "7" },
		false, 7 * 24 * 60,
	},
	[ENVOI_MANDAT_RECAP] = {
		"mandat-recap", N_("Ce qu’une structure propose de faire"), NULL, NULL,
		N_("%1 : %2 propose de faire pour vous : %3. Jusqu’au %4. Une question suit."),
		3, { N_("CCAS de Bondy"), N_("Logement"), N_("24 novembre 2026") }, true, 24 * 60,
	},
	[ENVOI_MANDAT_QUESTION] = {
		"mandat-question", N_("Question : êtes-vous d’accord ?"), NULL, NULL,
		N_("%1 : d’accord avec %2 ? Répondez Oui ou Non. Sans réponse avant %3, rien n’est fait."),
		2, { N_("CCAS de Bondy"), N_("demain 10 h") }, true, 24 * 60,
	},
	[ENVOI_MANDAT_ENCORE] = {
		"mandat-encore", N_("Réponse pas comprise"), NULL, NULL,
		N_("%1 : votre réponse n’est pas claire pour nous. Répondez seulement Oui ou Non."),
		0, { NULL }, true, 24 * 60,
	},
	[ENVOI_MANDAT_PREUVE] = {
		"mandat-preuve", N_("Oui reçu, il manque le code"), NULL, NULL,
		N_("%1 : Oui est arrivé. Pour finir, répondez Oui suivi d’un code de votre carte, ou donnez "
		   "votre accord sur place."),
		0, { NULL }, true, 24 * 60,
	},
	[ENVOI_MANDAT_COMMENCE] = {
		"mandat-commence", N_("L’autorisation commence"), NULL, NULL,
		N_("%1 : c’est noté, jusqu’au %2. Vous pouvez y mettre fin quand vous voulez, sans dire "
		   "pourquoi."),
		1, { N_("24 novembre 2026") }, true, 24 * 60,
	},
	[ENVOI_MANDAT_REFUSE] = {
		"mandat-refuse", N_("Refus reçu"), NULL, NULL,
		N_("%1 : Non est arrivé. Rien ne sera fait. Refuser ne change rien à vos droits."),
		0, { NULL }, true, 24 * 60,
	},
	[ENVOI_MANDAT_FIN] = {
		"mandat-fin", N_("Fin proche d’une autorisation"), NULL, NULL,
		N_("%1 : ce que vous avez permis à %2 finit le %3. Rien à faire si cela vous va."),
		2, { N_("CCAS de Bondy"), N_("24 novembre 2026") }, false, 48 * 60,
	},
	[ENVOI_DESACCORD] = {
		"desaccord", N_("Désaccord sans réponse"), N_("Un désaccord attend une réponse"),
		N_("Bonjour,\n\nUne personne a dit qu’elle n’était pas d’accord avec ce qui a été fait en "
		   "son nom. Sur %1, personne ne lui a répondu depuis %2 jours.\n\nEn tant que délégué à "
		   "la protection des données, ouvrez cette page avec le référent de la structure :"
		   "\n\n%3"),
		NULL,
		2, { "15", "https://exemple.fr/agent/desaccords" }, false, 0,
	},
};

const struct envoi_modele *envoi_modele_find(const char *slug)
{
	for (int i = 0; i < ENVOI_GENRES; i++) {
		if (!strcmp(envoi_modeles[i].slug, slug))
			return &envoi_modeles[i];
	}
	return NULL;
}

/* --- the HTML beside a text ------------------------------------------------------------- */

static bool is_address(const char *s)
{
	return (!strncmp(s, "https://", 8) || !strncmp(s, "http://", 7)) && !strpbrk(s, " \n");
}

/* Cuts the text at empty lines. */
static size_t cut(struct arena *a, const char *text, struct courriel_part parts[PARTS_MOST])
{
	size_t n = 0;

	while (*text && n < PARTS_MOST) {
		const char *end = strstr(text, "\n\n");
		size_t length = end ? (size_t)(end - text) : strlen(text);

		parts[n].texte = arena_strn(a, text, length);
		parts[n].lien = is_address(parts[n].texte);
		n++;
		text += length;
		text += strspn(text, "\n");
	}
	return n;
}

static const char *html_of(struct arena *a, const struct lang *lang, const char *title,
			   const char *text)
{
	struct courriel_part parts[PARTS_MOST];
	struct courriel_view v = { .titre = title, .langue = lang->tag, .parts = parts,
		.dir = lang->rtl ? "rtl" : "ltr" };
	struct buf b = buf_new(HTML_MOST);
	struct html h = { .out = &b, .lang = lang };
	const char *out;

	v.n = cut(a, text, parts);
	courriel_page(&h, &v);
	out = arena_strn(a, b.p, b.n);
	buf_free(&b);
	return out;
}

/* --- both ------------------------------------------------------------------------------- */

static const char *filled(struct arena *a, const struct site *site,
			  const struct envoi_modele *k, const struct lang *lang,
			  const char *msgid, const char *const *values)
{
	const char *all[1 + ENVOI_VALUES] = { *site->nom ? site->nom : "Tremplin" };

	for (int i = 0; i < k->nvalues; i++)
		all[1 + i] = values[i];
	return message_fill(a, tr(lang, msgid), all, 1 + k->nvalues);
}

bool envoi_texte(struct arena *a, const struct site *site, enum envoi_genre genre,
		 const struct lang *lang, const char *const *values, int64_t now,
		 struct envoi *m, struct err *e)
{
	const struct envoi_modele *k = &envoi_modeles[genre];
	const char *text = m->canal == ENVOI_SMS ? k->sms : k->courriel;

	if (!text)
		return fail(e, E_INPUT, m->canal == ENVOI_SMS
			    ? "Ce message ne part pas par SMS."
			    : "Ce message ne part pas par courriel.");
	m->genre = k->slug;
	m->langue = lang->tag;
	m->urgent = k->urgent;
	m->expire = k->minutes ? now + (int64_t)k->minutes * 60 * 1000 : 0;
	m->texte = filled(a, site, k, lang, text, values);
	m->objet = m->html = NULL;
	if (m->canal == ENVOI_COURRIEL) {
		m->objet = filled(a, site, k, lang, k->objet, values);
		m->html = html_of(a, lang, m->objet, m->texte);
	}
	return a->spent ? arena_refuse(a, e) : true;
}
