#include "core/vignette.h"

#include <string.h>

#include "base/buf.h"
#include "core/horaires_texte.h"
#include "core/lieu_local.h"
#include "core/passage.h"
#include "web/message.h"

enum { DAYS_MONTH = 30, DAYS_ALERT = 30, DAYS_FRESH = 365, DAY_MS = 86400000 };

const char *telephone_text(struct arena *a, const char *n)
{
	char text[] = "0. .. .. .. ..";

	if (strncmp(n, "+33", 3) || strlen(n) != 12)
		return n;
	text[1] = n[3];
	for (int i = 0; i < 4; i++)
		memcpy(text + 3 + 3 * i, n + 4 + 2 * i, 2);
	return arena_strn(a, text, sizeof text - 1);
}

const char *lieu_adresse(struct arena *a, const struct lieu *l)
{
	return arena_cat(a, l->adresse, *l->adresse ? ", " : "", l->code_postal,
			 *l->code_postal ? " " : "", l->commune, NULL);
}

const char *choices_text(struct arena *a, const struct lang *lang,
			 const struct choice *table, uint32_t bits, int max)
{
	const char *out = "";
	int n = 0;

	for (int i = 0; table[i].slug && n < max; i++) {
		if (!(bits & 1u << i))
			continue;
		out = arena_cat(a, out, n ? ", " : "", tr(lang, table[i].label), NULL);
		n++;
	}
	return out;
}

int64_t lieu_age_days(const struct lieu *l, int64_t now)
{
	return l->maj_jour < 0 ? -1 : now / DAY_MS - l->maj_jour;
}

/* The first of a list joined by '|'. */
static const char *first_of(struct arena *a, const char *list)
{
	return arena_strn(a, list, strcspn(list, "|"));
}

static const char *why(struct arena *a, const struct lang *lang, const struct lieu *l,
		       const struct lieu_filter *asked)
{
	uint32_t services = asked ? asked->services & l->services : 0;
	uint32_t publics = asked ? asked->publics & l->publics : 0;
	uint32_t prises = asked ? asked->prises_en_charge & l->prises_en_charge : 0;
	uint32_t local = asked ? asked->equipements & l->equipements : 0;
	const char *parts[4];
	const char *out = "";

	parts[0] = choices_text(a, lang, lieu_services, services, 3);
	parts[1] = choices_text(a, lang, lieu_publics, publics, 3);
	parts[2] = choices_text(a, lang, lieu_prises_en_charge, prises, 3);
	parts[3] = choices_text(a, lang, lieu_equipements, local, EQUIPEMENTS);
	for (int i = 0; i < 4; i++) {
		if (*parts[i])
			out = arena_cat(a, out, *out ? " · " : "", parts[i], NULL);
	}
	if (*out)
		return out;
	if (*l->presentation_resume)
		return l->presentation_resume;
	return choices_text(a, lang, lieu_services, l->services, 3);
}

static const char *fees(const struct lang *lang, const struct lieu *l)
{
	for (int i = 0; lieu_frais[i].slug; i++) {
		if (l->frais & 1u << i)
			return tr(lang, lieu_frais[i].label);
	}
	return "";
}

static const char *received(const struct lang *lang, const struct lieu *l)
{
	if (!strcmp(l->publics_recus, "tous"))
		return tr(lang, N_("Ouvert à tout le monde"));
	if (!strcmp(l->publics_recus, "residents"))
		return tr(lang, N_("Pour les habitants de la commune"));
	if (!strcmp(l->publics_recus, "allocataires"))
		return tr(lang, N_("Pour les allocataires"));
	return "";
}

static const char *confirmed(struct arena *a, const struct lang *lang, const struct lieu *l,
			     int64_t now)
{
	int64_t days = lieu_age_days(l, now), n;
	char text[I18N_TEXT];
	const char *msgid;

	if (l->maj_jour < 0)
		return "";
	if (days < 1)
		return tr(lang, N_("Vérifié aujourd’hui"));
	n = days < DAYS_MONTH ? days : days < DAYS_FRESH ? days / DAYS_MONTH : days / DAYS_FRESH;
	if (days < DAYS_MONTH)
		msgid = tr_n(lang, n, "Vérifié il y a %1 jour", "Vérifié il y a %1 jours");
	else if (days < DAYS_FRESH)
		msgid = tr_n(lang, n, "Vérifié il y a %1 mois", "Vérifié il y a %1 mois");
	else
		msgid = tr_n(lang, n, "Vérifié il y a %1 an", "Vérifié il y a %1 ans");
	return message_fill(a, msgid, (const char *const[]){ number_text(lang, n, text) }, 1);
}

/* What several persons reported not long ago, until somebody has looked. */
static const char *alert(const struct lang *lang, const struct lieu *l, int64_t now)
{
	if (!l->alerte || !*l->alerte || now / DAY_MS - l->alerte_jour > DAYS_ALERT)
		return "";
	if (!strcmp(l->alerte, "ferme"))
		return tr(lang, N_("Signalé fermé par plusieurs personnes, à vérifier"));
	if (!strcmp(l->alerte, "demenage"))
		return tr(lang, N_("Aurait déménagé, selon plusieurs personnes : à vérifier"));
	return tr(lang, N_("Horaires signalés faux par plusieurs personnes, à vérifier"));
}

/* "Ouvert mardi matin", when that was asked and is so. */
static const char *open_then(struct arena *a, const struct lang *lang,
			     const struct lieu_result *r, const struct moment *m)
{
	char date[I18N_TEXT], hour[I18N_TEXT];

	if (r->ouvert != OUVERT_OUI)
		return "";
	if (m->kind == MOMENT_HALF_DAY)
		return message(a, lang, m->afternoon ? N_("Ouvert %1 après-midi")
						     : N_("Ouvert %1 matin"),
			       weekday_name(lang, m->weekday));
	if (m->kind == MOMENT_AT)
		return message(a, lang, N_("Ouvert %1 à %2"), date_day(lang, &m->at, date),
			       time_short(lang, m->at.hour * 60 + m->at.minute, hour));
	return "";
}

static void describe_state(struct vignette *v, struct arena *a, const struct lang *lang,
			   const struct lieu_result *r, const struct lieu_filter *asked,
			   int64_t now)
{
	bool other = asked && asked->ouvert_le.kind > MOMENT_NOW;
	const struct lieu *l = r->lieu;
	struct civil local;

	v->etat = "";
	v->alors = other ? open_then(a, lang, r, &asked->ouvert_le) : "";
	if (r->arret.p) {
		char until[I18N_TEXT];

		v->ouvert = !other && r->ouvert == OUVERT_OUI;
		if (v->ouvert)
			v->etat = message(a, lang, N_("Sur place jusqu’à %1"), time_short(lang,
				passage_heure(r->arret.to), until));
		return;
	}
	if (!l->heures)
		return;
	local = zone_local(l->calendrier->zone, now);
	v->etat = horaires_phrase(a, lang, l->heures, l->calendrier, &local);
	v->ouvert = (other ? horaires_at(l->heures, l->calendrier, &local).ouvert : r->ouvert)
		    == OUVERT_OUI;
	v->ferme = !v->ouvert && *v->etat;
}

/* "Arrêt à Bondy, mardi 9 décembre, de 14 h à 17 h, à 2 km": where it is to be met. */
static void describe_stop(struct vignette *v, struct arena *a, const struct lang *lang,
			  const struct lieu_result *r, int64_t now)
{
	struct passage_fois next;
	char metres[I18N_TEXT];

	v->passage = "";
	if (r->arret.p) {
		v->passage = message(a, lang, N_("Arrêt à %1, %2, à %3"), r->arret.p->commune,
				     passage_quand(a, lang, &r->arret),
				     distance_text(lang, r->metres, metres));
		v->adresse = passage_ou(a, r->arret.p);
		v->approchee = false;
		v->distance = "";
	} else if (r->lieu->npassages && lieu_prochains(r->lieu, now, &next, 1)) {
		v->passage = message(a, lang, N_("Prochain passage : %1, %2"),
				     passage_quand(a, lang, &next), passage_ou(a, next.p));
	}
}

struct vignette vignette_make(struct arena *a, const struct lang *lang,
			      const struct lieu_result *r, int numero,
			      const struct lieu_filter *asked, int64_t now)
{
	const struct lieu *l = r->lieu;
	struct vignette v = { .numero = numero, .id = l->id, .nom = l->nom };
	const char *tel = first_of(a, l->telephone);
	char metres[I18N_TEXT];

	v.lien = arena_cat(a, "/lieux/", l->id, NULL);
	describe_state(&v, a, lang, r, asked, now);
	v.distance = asked
		? message(a, lang, N_("à %1"), distance_text(lang, r->metres, metres))
		: "";
	v.approchee = l->position_commune;
	v.frais = fees(lang, l);
	v.pourquoi = why(a, lang, l, asked);
	v.pourquoi_langue = v.pourquoi == l->presentation_resume ? "fr" : lang->tag;
	v.adresse = lieu_adresse(a, l);
	v.complement = l->complement_adresse;
	v.telephone = telephone_text(a, tel);
	v.telephone_lien = *tel ? arena_cat(a, "tel:", tel, NULL) : "";
	v.acces = choices_text(a, lang, lieu_acces, l->acces, 3);
	v.social = l->genre >> GENRE_SOCIAL & 1;
	v.seul = lieu_is_social(l);
	describe_stop(&v, a, lang, r, now);
	v.recus = received(lang, l);
	v.confirme = confirmed(a, lang, l, now);
	v.alerte = alert(lang, l, now);
	v.a_verifier = *l->horaires && lieu_age_days(l, now) > DAYS_FRESH;
	return v;
}
