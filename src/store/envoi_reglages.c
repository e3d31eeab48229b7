#include "store/envoi_reglages.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "store/envoi.h"

enum { SECRET_MOST = 4096 };

struct lecture {
	struct arena *a;
	const struct reglage_brut *p;
	size_t n;
	struct err *e;
	const char *dir;
};

static const char *const known[] = {
	"sms_passerelle", "sms_expediteur", "sms_autorite", "sms_pays", "sms_ensemble",
	"sms_par_seconde", "sms_retour_adresse", "sms_retour_secret", "smtp", "smtp_utilisateur",
	"smtp_mot_de_passe", "smtp_autorite", "smtp_tls", "smtp_nom", "courriel_expediteur",
	"courriel_repondre_a", "envoi_dossier", "envoi_heures", "envoi_dimanche", "envoi_par_jour",
	"envoi_par_personne", "envoi_oubli_jours", NULL,
};

bool envoi_reglage_is(const char *cle)
{
	return !strncmp(cle, "sms_", 4) || !strncmp(cle, "smtp", 4)
	       || !strncmp(cle, "courriel_", 9) || !strncmp(cle, "envoi_", 6);
}

/* --- values ----------------------------------------------------------------------------- */

/* The environment comes after the file, and wins. */
static const struct reglage_brut *find(const struct lecture *l, const char *cle)
{
	for (size_t i = l->n; i--;) {
		if (!strcmp(l->p[i].cle, cle))
			return &l->p[i];
	}
	return NULL;
}

static void close_file(FILE **f)
{
	if (*f)
		fclose(*f);
}

/* The content of a file without the line end that an editor adds. */
static bool read_secret(struct lecture *l, const char *cle, const char *path,
			const char **out)
{
	const char *full = *path == '/' || !l->dir ? path
		: arena_cat(l->a, l->dir, "/", path, NULL);
	CLEANUP(close_file) FILE *f = fopen(full, "re");
	char text[SECRET_MOST + 1];
	size_t n;

	if (!f) {
		fail(l->e, E_INPUT, "« %s » : %.160s ne peut pas être lu.", cle, path);
		return hint(l->e, "Vérifiez le chemin et les droits : le compte de Tremplin doit "
				  "pouvoir lire ce fichier.");
	}
	n = fread(text, 1, sizeof text, f);
	while (n && (text[n - 1] == '\n' || text[n - 1] == '\r'))
		n--;
	if (!n || n > SECRET_MOST || memchr(text, '\0', n) || !utf8_valid(text, n))
		return fail(l->e, E_INPUT, "« %s » : %.160s est vide, trop long ou n’est pas du "
			    "texte.", cle, path);
	*out = arena_strn(l->a, text, n);
	return true;
}

static bool in_the_open(struct lecture *l, const char *cle)
{
	char name[64];
	size_t i;

	for (i = 0; cle[i] && i < sizeof name - 1; i++)
		name[i] = (char)toupper((unsigned char)cle[i]);
	name[i] = '\0';
	fail(l->e, E_INPUT, "« %s » est un secret : il ne s’écrit pas dans le fichier config.", cle);
	return hint(l->e, "Écrivez « %s = fichier:/chemin », ou donnez TREMPLIN_%s dans "
			  "l’environnement.", cle, name);
}

/* Text of a setting, `usual` when it is not there. */
static bool value(struct lecture *l, const char *cle, bool secret, const char *usual,
		  const char **out)
{
	const struct reglage_brut *r = find(l, cle);

	*out = usual;
	if (!r || !*r->valeur)
		return true;
	if (!strncmp(r->valeur, "fichier:", 8))
		return read_secret(l, cle, r->valeur + 8, out);
	if (secret && !r->secret_permis)
		return in_the_open(l, cle);
	*out = r->valeur;
	return true;
}

static bool number(struct lecture *l, const char *cle, int usual, int least, int most,
		   int *out)
{
	const char *text;
	char *end;
	long v;

	*out = usual;
	if (!value(l, cle, false, NULL, &text) || !text)
		return l->e->kind == E_OK;
	v = strtol(text, &end, 10);
	if (end == text || *end || v < least || v > most)
		return fail(l->e, E_INPUT, "« %s » est un nombre de %d à %d, pas « %.40s ».", cle,
			    least, most, text);
	*out = (int)v;
	return true;
}

static bool yes_or_no(struct lecture *l, const char *cle, bool usual, bool *out)
{
	const char *text;

	*out = usual;
	if (!value(l, cle, false, NULL, &text) || !text)
		return l->e->kind == E_OK;
	*out = !strcmp(text, "oui");
	return *out || !strcmp(text, "non")
	       || fail(l->e, E_INPUT, "« %s » vaut oui ou non, pas « %.40s ».", cle, text);
}

/* "8-20", "8:30-19" */
static bool hours(struct lecture *l, struct envoi_reglages *out)
{
	const char *text;
	int h1 = 0, m1 = 0, h2 = 0, m2 = 0, n = 0, k = 0;

	if (!value(l, "envoi_heures", false, "8-20", &text))
		return false;
	if (sscanf(text, "%2d:%2d%n", &h1, &m1, &n) != 2)
		m1 = 0, sscanf(text, "%2d%n", &h1, &n);
	text += n;
	if (n && *text == '-') {
		text++;
		if (sscanf(text, "%2d:%2d%n", &h2, &m2, &k) != 2)
			m2 = 0, sscanf(text, "%2d%n", &h2, &k);
	}
	out->debut = h1 * 60 + m1;
	out->fin = h2 * 60 + m2;
	if (k && !text[k] && h1 >= 0 && m1 >= 0 && m1 < 60 && m2 >= 0 && m2 < 60
	    && out->debut < out->fin && out->fin <= 1440)
		return true;
	fail(l->e, E_INPUT, "« envoi_heures » ne peut pas être comprise.");
	return hint(l->e, "Écrivez par exemple « envoi_heures = 8-20 » ou « 8:30-19:00 ».");
}

/* --- ways ------------------------------------------------------------------------------- */

static enum envoi_voie way_of(const char *text)
{
	return !text || !*text ? VOIE_AUCUNE : !strcmp(text, "dossier") ? VOIE_DOSSIER
		: !strcmp(text, "journal") ? VOIE_JOURNAL : VOIE_SERVEUR;
}

static bool unknown_setting(struct lecture *l, const char *cle,
			    const struct passerelle_reglage *r, size_t n)
{
	const char *list = "";

	for (size_t i = 0; i < n; i++)
		list = arena_printf(l->a, "%s%ssms_%s", list, i ? ", " : "", r[i].nom);
	fail(l->e, E_INPUT, "« %s » n’est pas un réglage.", cle);
	return n ? hint(l->e, "Réglages de cette passerelle : %s.", list)
		 : hint(l->e, "docs/messages.md donne les réglages des messages.");
}

/* Every sms_ setting is ours or one that the gateway declares. */
static bool no_other(struct lecture *l, const struct passerelle_reglage *r, size_t n)
{
	for (size_t i = 0; i < l->n; i++) {
		const char *cle = l->p[i].cle;
		bool found = false;

		for (size_t k = 0; known[k] && !found; k++)
			found = !strcmp(known[k], cle);
		for (size_t k = 0; k < n && !found; k++)
			found = !strncmp(cle, "sms_", 4) && !strcmp(cle + 4, r[k].nom);
		if (!found && !(l->p[i].secret_permis && !r))
			return unknown_setting(l, cle, r, n);
	}
	return true;
}

static bool gateway_values(struct lecture *l, const struct passerelle_reglage *r, size_t n,
			   bool needed, struct envoi_reglages *out)
{
	const char **v = NEW_ARRAY(l->a, n + 1, const char *);

	if (!v)
		return arena_refuse(l->a, l->e);
	for (size_t i = 0; needed && i < n; i++) {
		const char *cle = arena_cat(l->a, "sms_", r[i].nom, NULL);

		if (!value(l, cle, r[i].secret, r[i].usuel, &v[i]))
			return false;
		if (!v[i]) {
			fail(l->e, E_INPUT, "Il manque le réglage « %s » (%s).", cle, r[i].aide);
			return hint(l->e, "La passerelle « %s » en a besoin.",
				    passerelle_title(out->passerelle));
		}
	}
	out->valeurs = v;
	return true;
}

static bool read_sms(struct lecture *l, unsigned parts, struct envoi_reglages *out)
{
	const struct passerelle_reglage *r = NULL;
	const char *name;
	size_t n = 0;

	if (!value(l, "sms_passerelle", false, NULL, &name)
	    || !value(l, "sms_expediteur", false, "", &out->expediteur)
	    || !value(l, "sms_autorite", false, NULL, &out->sms_autorite)
	    || !value(l, "sms_pays", false, "33 590 594 596 262 508 681 687 689", &out->pays)
	    || !number(l, "sms_ensemble", 8, 1, ENVOI_ENSEMBLE_MOST, &out->sms_ensemble)
	    || !number(l, "sms_par_seconde", 0, 0, 1000, &out->sms_par_seconde)
	    || !value(l, "sms_retour_adresse", false, out->adresse, &out->retour))
		return false;
	out->retour_secret = "";
	if ((parts & REGLAGES_RECEVOIR)
	    && !value(l, "sms_retour_secret", true, "", &out->retour_secret))
		return false;
	out->sms = way_of(name);
	if (out->sms == VOIE_SERVEUR) {
		if (l->dir && strchr(name, '/') && *name != '/')
			name = arena_cat(l->a, l->dir, "/", name, NULL);
		if (!passerelle_open(l->a, name, &out->passerelle, l->e))
			return false;
		r = passerelle_reglages(out->passerelle, &n);
	}
	return no_other(l, r, n) && gateway_values(l, r, n, parts & REGLAGES_PARTIR, out);
}

static bool sender_of(struct lecture *l, struct envoi_reglages *out)
{
	const char *text;

	out->de = out->de_nom = "";
	if (!value(l, "courriel_expediteur", false, NULL, &text)
	    || !value(l, "courriel_repondre_a", false, "", &out->repondre_a))
		return false;
	if (out->courriel != VOIE_AUCUNE && !text) {
		if (out->courriel == VOIE_SERVEUR) {
			fail(l->e, E_INPUT, "Il manque le réglage « courriel_expediteur ».");
			return hint(l->e, "Écrivez « courriel_expediteur = Aide numérique "
				    "<ne-pas-repondre@exemple.fr> ».");
		}
		text = "Tremplin <tremplin@localhost.localdomain>";
	}
	if (text && !mail_sender_read(l->a, text, &out->de_nom, &out->de, l->e))
		return false;
	return !*out->repondre_a || courriel_is_good(out->repondre_a)
	       || fail(l->e, E_INPUT, "« courriel_repondre_a » n’est pas une adresse électronique.");
}

static bool read_mail(struct lecture *l, unsigned parts, struct envoi_reglages *out)
{
	struct smtp *s = &out->smtp;
	bool tls;

	if (!value(l, "smtp", false, NULL, &s->url)
	    || !value(l, "smtp_utilisateur", false, NULL, &s->user)
	    || !value(l, "smtp_autorite", false, NULL, &s->ca_file)
	    || !value(l, "smtp_nom", false, NULL, &s->helo)
	    || !yes_or_no(l, "smtp_tls", true, &tls))
		return false;
	if ((parts & REGLAGES_PARTIR)
	    && !value(l, "smtp_mot_de_passe", true, NULL, &s->password))
		return false;
	s->clear = !tls;
	out->courriel = way_of(s->url);
	if (out->courriel == VOIE_SERVEUR && strncmp(s->url, "smtps://", 8)
	    && strncmp(s->url, "smtp://", 7)) {
		fail(l->e, E_INPUT, "« smtp » commence par smtps:// ou smtp://, pas « %.60s ».", s->url);
		return hint(l->e, "Par exemple smtps://smtp.exemple.fr:465 ; « dossier » ou « journal » "
				  "pour essayer.");
	}
	return sender_of(l, out);
}

bool envoi_reglages_read(struct arena *a, const struct reglage_brut *p, size_t n,
			 unsigned parts, struct envoi_reglages *out, struct err *e)
{
	struct lecture l = { a, p, n, e, out->dir };

	*e = (struct err){ 0 };
	if (!out->zone)
		out->zone = &zone_paris;
	if (!out->adresse)
		out->adresse = "";
	if (read_sms(&l, parts, out) && read_mail(&l, parts, out) && hours(&l, out)
	    && value(&l, "envoi_dossier", false, NULL, &out->dossier)
	    && yes_or_no(&l, "envoi_dimanche", false, &out->dimanche)
	    && number(&l, "envoi_par_jour", 2000, 0, 10000000, &out->par_jour)
	    && number(&l, "envoi_par_personne", 10, 0, 1000, &out->par_personne)
	    && number(&l, "envoi_oubli_jours", 30, 2, 3650, &out->oubli_jours)
	    && (!a->spent || arena_refuse(a, e)))
		return true;
	envoi_reglages_close(out);
	return false;
}

void envoi_reglages_close(struct envoi_reglages *r)
{
	passerelle_close(&r->passerelle);
}

bool envoi_peut(const struct envoi_reglages *r, enum envoi_canal canal)
{
	return (canal == ENVOI_SMS ? r->sms : r->courriel) != VOIE_AUCUNE;
}
