/* /agent/lieux: the list kept true.  Views: coordination.htm. */
#include "orient/coordination_page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "core/agent.h"
#include "core/vignette.h"
#include "format/csv.h"
#include "orient/coordination.htm.h"
#include "orient/coordination.sql.h"
#include "orient/lieu_origine.h"
#include "orient/lieu_parole.h"
#include "orient/lieu_parole.sql.h"
#include "orient/lieu_tenue.sql.h"
#include "orient/rapprochement.h"
#include "orient/sources_page.h"
#include "web/message.h"

enum { VIEUX_MOST = 50, CSV_MOST = 100000, YEAR = 365, CSV_BYTES = 32 << 20 };

static const struct choice tenir_choix[] = {
	{ "confirmer", N_("J’ai appelé, tout est juste"), NULL },
	{ "sms", N_("Envoyer un lien par SMS"), NULL },
	{ "courriel", N_("Envoyer un lien par e-mail"), NULL },
	{ "code", N_("Donner un code"), NULL },
	{ "separer", N_("Séparer : c’est un autre lieu"), NULL },
	{ "annuler", N_("Annuler"), NULL },
	{ "vrai", N_("C’était vrai"), NULL },
	{ "faux", N_("Rien à changer"), NULL },
	{ NULL, NULL, NULL },
};
enum faire { FAIRE_CONFIRMER, FAIRE_SMS, FAIRE_COURRIEL, FAIRE_CODE, FAIRE_SEPARER, FAIRE_ANNULER,
	FAIRE_VRAI, FAIRE_FAUX };

static const struct choice mots[] = {
	{ "meme", N_("C’est le même lieu"), NULL },
	{ "different", N_("Ce sont deux lieux"), NULL },
	{ "plus-tard", N_("Plus tard"), NULL },
	{ NULL, NULL, NULL },
};

const struct field tenir_fields[] = {
	{ AT(tenir_entree, faire), .kind = F_CHOICE, .choices = tenir_choix, .required = true,
	  .label = N_("Que faire ?") },
	{ AT(tenir_entree, cible), .kind = F_TEXT, .max = 300, .label = N_("Cible") },
	{ 0 },
};

const struct field doublon_fields[] = {
	{ AT(doublon_entree, source_a), .kind = F_TEXT, .max = 40, .required = true,
	  .label = N_("Source") },
	{ AT(doublon_entree, id_a), .kind = F_TEXT, .max = 300, .required = true,
	  .label = N_("Identifiant") },
	{ AT(doublon_entree, source_b), .kind = F_TEXT, .max = 40, .required = true,
	  .label = N_("Source") },
	{ AT(doublon_entree, id_b), .kind = F_TEXT, .max = 300, .required = true,
	  .label = N_("Identifiant") },
	{ AT(doublon_entree, mot), .kind = F_CHOICE, .choices = mots, .required = true,
	  .label = N_("Est-ce le même lieu ?") },
	{ 0 },
};

/* --- dates ------------------------------------------------------------------------------- */

static void a_year_ago(const struct env *env, char out[ISO_TEXT])
{
	iso_write(env_now(env) - (int64_t)YEAR * 24 * 3600 * 1000, out);
	out[10] = '\0';
}

static const char *day_text(struct req *r, const char *iso)
{
	char day[11], text[I18N_TEXT];
	struct civil c;

	snprintf(day, sizeof day, "%.10s", iso ? iso : "");
	return iso_read(day, &c) ? arena_str(r->a, date_long(r->lang, &c, text)) : "";
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

static const char *tel_link(struct arena *a, const char *tel)
{
	return tel && *tel ? arena_cat(a, "tel:", tel, NULL) : "";
}

/* --- the list ---------------------------------------------------------------------------- */

static const char *sorte_label(struct req *r, const char *slug)
{
	for (const struct choice *c = signalement_sortes; c->slug; c++) {
		if (strcmp(c->slug, slug) == 0)
			return tr(r->lang, c->label);
	}
	return slug;
}

static bool fill_reported(struct req *r, struct db *db, struct coordination_view *v,
			  struct err *e)
{
	struct tenue_signales_row *rows;
	struct coordination_ligne *l;
	char n[I18N_TEXT];

	if (!tenue_signales(db, r->a, &rows, &v->nsignales, e))
		return false;
	l = NEW_ARRAY(r->a, v->nsignales + 1, struct coordination_ligne);
	for (size_t i = 0; l && i < v->nsignales; i++) {
		l[i] = (struct coordination_ligne){
			.lien = arena_cat(r->a, "/agent/lieux/", rows[i].lieu_id, NULL),
			.nom = rows[i].nom, .commune = rows[i].commune, .id = rows[i].lieu_id,
			.dit = arena_cat(r->a, sorte_label(r, rows[i].sorte),
					 rows[i].texte ? " : " : "",
					 rows[i].texte ? rows[i].texte : "", NULL),
			.depuis = message(r->a, r->lang, N_("%1 fois, le %2"),
					  number_text(r->lang, rows[i].nombre, n),
					  day_text(r, rows[i].jour)),
			.telephone = telephone_text(r->a, or_empty(rows[i].telephone)),
			.telephone_lien = tel_link(r->a, rows[i].telephone),
		};
	}
	v->signales = l;
	return l || arena_refuse(r->a, e);
}

static const char *last_day(const struct tenue_a_confirmer_row *row)
{
	return row->confirme_le && strcmp(row->confirme_le, row->date_maj) > 0 ? row->confirme_le
	       : row->date_maj;
}

static bool fill_old(struct req *r, struct db *db, const char *before,
		     struct coordination_view *v, struct err *e)
{
	struct tenue_a_confirmer_row *rows;
	struct coordination_ligne *l;

	if (!tenue_a_confirmer(db, r->a, before, VIEUX_MOST, &rows, &v->nvieux, e))
		return false;
	l = NEW_ARRAY(r->a, v->nvieux + 1, struct coordination_ligne);
	for (size_t i = 0; l && i < v->nvieux; i++) {
		l[i] = (struct coordination_ligne){
			.lien = arena_cat(r->a, "/agent/lieux/", rows[i].id, NULL),
			.nom = rows[i].nom, .commune = rows[i].commune, .id = rows[i].id,
			.depuis = day_text(r, last_day(&rows[i])),
			.telephone = telephone_text(r->a, or_empty(rows[i].telephone)),
			.telephone_lien = tel_link(r->a, rows[i].telephone),
		};
	}
	v->vieux = l;
	return l || arena_refuse(r->a, e);
}

static bool list_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct page page = page_for(r, N_("Tenir les lieux à jour"));
	struct coordination_view v = { .page = &page };
	struct tenue_nombres_row n;
	char before[ISO_TEXT];
	struct html h;

	a_year_ago(r->env, before);
	if (!db_acquire(r->core->store, &db, e) || !tenue_nombres(db, r->a, before, &n, e)
	    || !fill_reported(r, db, &v, e) || !fill_old(r, db, before, &v, e))
		return false;
	v.publies = n.publies;
	v.anciens = n.anciens;
	v.signalements = n.signalements;
	v.doublons = n.doublons;
	v.absents = n.absents;
	h = page_html(r, s);
	coordination_page(&h, &v);
	return true;
}

static void put_row(struct buf *b, const char *const *cells, int n)
{
	for (int i = 0; i < n; i++)
		csv_write_cell(b, cells[i], i == 0);
	buf_str(b, "\r\n");
}

static bool list_csv(struct req *r, struct res *s, struct err *e)
{
	static const char *const head[] = { "id", "nom", "code_postal", "commune", "telephone",
		"confirme_le" };
	CLEANUP(db_release) struct db *db = NULL;
	struct tenue_a_confirmer_row *rows;
	char before[ISO_TEXT];
	size_t n;

	a_year_ago(r->env, before);
	if (!db_acquire(r->core->store, &db, e)
	    || !tenue_a_confirmer(db, r->a, before, CSV_MOST, &rows, &n, e))
		return false;
	s->type = "text/csv; charset=utf-8";
	s->filename = "lieux-a-appeler.csv";
	put_row(&s->body, head, 6);
	for (size_t i = 0; i < n; i++) {
		const char *const cells[] = { rows[i].id, rows[i].nom,
			rows[i].code_postal ? rows[i].code_postal : "", rows[i].commune,
			telephone_text(r->a, rows[i].telephone ? rows[i].telephone : ""),
			last_day(&rows[i]) };

		put_row(&s->body, cells, 6);
	}
	return !s->body.full || fail(e, E_LIMIT, N_("Cette liste est trop longue pour un fichier."));
}

/* --- one place ----------------------------------------------------------------------------- */

static bool fill_changes(struct req *r, struct db *db, struct tenir_view *v, struct err *e)
{
	struct tenue_changements_row *rows;
	struct changement_ligne *l;

	if (!tenue_changements(db, r->a, v->id, &rows, &v->nchangements, e))
		return false;
	l = NEW_ARRAY(r->a, v->nchangements + 1, struct changement_ligne);
	for (size_t i = 0; l && i < v->nchangements; i++) {
		bool place = strcmp(rows[i].par, "lieu") == 0;
		const char *nom = rows[i].prenom
			? arena_cat(r->a, rows[i].prenom, " ", rows[i].nom, NULL) : "";

		l[i] = (struct changement_ligne){ .id = rows[i].id,
			.champ = tr(r->lang, tenue_libelle(rows[i].champ)),
			.avant = rows[i].avant ? rows[i].avant : "",
			.apres = rows[i].apres ? rows[i].apres : "",
			.le = day_text(r, rows[i].le),
			.par = place ? tr(r->lang, N_("Le lieu lui-même")) : nom,
			.annule = rows[i].annule_le != NULL,
			.annulable = rows[i].apres != NULL };
	}
	v->changements = l;
	return l || arena_refuse(r->a, e);
}

static bool fill_reports(struct req *r, struct db *db, struct tenir_view *v, struct err *e)
{
	struct tenue_signalements_row *rows;
	struct signalement_ligne *l;

	if (!tenue_signalements(db, r->a, v->id, &rows, &v->nsignalements, e))
		return false;
	l = NEW_ARRAY(r->a, v->nsignalements + 1, struct signalement_ligne);
	for (size_t i = 0; l && i < v->nsignalements; i++)
		l[i] = (struct signalement_ligne){ rows[i].id, sorte_label(r, rows[i].sorte),
			rows[i].texte ? rows[i].texte : "", day_text(r, rows[i].jour),
			rows[i].nombre };
	v->signalements = l;
	return l || arena_refuse(r->a, e);
}

static bool fill_sources(struct req *r, const struct parole *p, size_t n, struct tenir_view *v,
			 struct err *e)
{
	struct source_ligne *l = NEW_ARRAY(r->a, n + 1, struct source_ligne);

	for (size_t i = 0; l && i < n; i++) {
		l[i] = (struct source_ligne){ .titre = p[i].titre,
			.id_source = p[i].lui_meme ? "" : p[i].id_source,
			.cible = arena_cat(r->a, p[i].source_id, "|", p[i].id_source, NULL),
			.depuis = day_text(r, p[i].date), .lui_meme = p[i].lui_meme,
			.absent = *p[i].absent_depuis ? message(r->a, r->lang,
				N_("(n’y est plus depuis le %1)"), day_text(r, p[i].absent_depuis))
				: "" };
	}
	v->sources = l;
	v->nsources = n;
	return l || arena_refuse(r->a, e);
}

static const char *hidden_why(struct req *r, const struct fiche_lue_row *f)
{
	const char *why = f->publication_motif ? f->publication_motif : "";

	if (strcmp(f->publication, "publie") == 0)
		return "";
	if (strcmp(f->publication, "protege") == 0)
		return message(r->a, r->lang, N_("lieu protégé (%1)"), why);
	if (strcmp(why, "absent") == 0)
		return tr(r->lang, N_("aucune source ne la donne plus"));
	return strcmp(why, "fusion") == 0 ? tr(r->lang, N_("réunie à une autre fiche")) : why;
}

static bool one_page(struct req *r, struct res *s, const char *code, const char *fait,
		     struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct fiche_lue_row fiche;
	struct lieu_record rec;
	struct tenir_view v = { .id = r->params[0], .code = code, .fait = fait };
	struct parole *p;
	struct page page;
	struct html h;
	size_t n;

	if (!db_acquire(r->core->store, &db, e)
	    || !lieu_fiche_read(db, r->a, v.id, &rec, &fiche, e)
	    || !paroles_of(db, r->a, v.id, &p, &n, e) || !fill_sources(r, p, n, &v, e)
	    || !fill_changes(r, db, &v, e) || !fill_reports(r, db, &v, e)
	    || !lieu_origine_champs(r, p, n, &v.champs, &v.nchamps, e))
		return false;
	v.nom = rec.v[LIEU_NOM];
	v.adresse = arena_cat(r->a, rec.v[LIEU_ADRESSE], *rec.v[LIEU_ADRESSE] ? ", " : "",
			      rec.v[LIEU_CODE_POSTAL], " ", rec.v[LIEU_COMMUNE], NULL);
	v.telephone = telephone_text(r->a, rec.v[LIEU_TELEPHONE]);
	v.telephone_lien = tel_link(r->a, rec.v[LIEU_TELEPHONE]);
	v.courriel = arena_strn(r->a, rec.v[LIEU_COURRIELS], strcspn(rec.v[LIEU_COURRIELS], "|"));
	v.mobile = strncmp(rec.v[LIEU_TELEPHONE], "+33", 3) == 0
		   ? strchr("67", rec.v[LIEU_TELEPHONE][3]) && rec.v[LIEU_TELEPHONE][3]
		   : *rec.v[LIEU_TELEPHONE] == '+';
	v.etat = hidden_why(r, &fiche);
	v.publie = !*v.etat;
	v.absent = fiche.absent_depuis ? message(r->a, r->lang,
		N_("Aucune source ne donne plus ce lieu depuis le %1."),
		day_text(r, fiche.absent_depuis)) : "";
	v.confirme = message(r->a, r->lang, N_("Confirmé le %1"), day_text(r,
		fiche.confirme_le && strcmp(fiche.confirme_le, fiche.date_maj) > 0
		? fiche.confirme_le : fiche.date_maj));
	v.adresse_corriger = arena_cat(r->a, core_address(r), "/lieux/", v.id, "/corriger", NULL);
	page = page_for(r, v.nom);
	v.page = &page;
	h = page_html(r, s);
	tenir_page(&h, &v);
	return true;
}

static bool one_show(struct req *r, struct res *s, struct err *e)
{
	return one_page(r, s, NULL, NULL, e);
}

struct doing {
	struct req *r;
	const struct tenir_entree *in;
	const char *agent;
};

static bool separate(struct tx *tx, struct doing *d, const char *now, struct err *e)
{
	const char *target = d->in->cible ? d->in->cible : "", *bar = strchr(target, '|'), *lieu;

	if (!bar)
		return fail(e, E_MISSING, N_("Cette source n’est plus là."));
	return rapprochement_separer(tx, arena_strn(d->r->a, target, (size_t)(bar - target)),
				     bar + 1, d->agent, now, &lieu, d->r->a, e);
}

static bool do_job(struct tx *tx, void *arg, struct err *e)
{
	struct doing *d = arg;
	const struct env *env = d->r->env;
	const char *id = d->r->params[0], *target = d->in->cible ? d->in->cible : "";
	char now[ISO_TEXT];

	iso_write(env_now(env), now);
	switch ((enum faire)d->in->faire) {
	case FAIRE_SEPARER:
		return separate(tx, d, now, e);
	case FAIRE_ANNULER:
		return tenue_annuler(tx, env, id, target, d->agent, e);
	case FAIRE_VRAI:
	case FAIRE_FAUX:
		return tenue_signalement_fini(tx, env, id, target, d->in->faire == FAIRE_VRAI,
					      d->agent, e);
	default:
		return tenue_confirmer(tx, env, id, d->agent, e);
	}
}

static const char *done_words(struct req *r, int what)
{
	static const char *const words[] = {
		[FAIRE_CONFIRMER] = N_("C’est noté : confirmé aujourd’hui."),
		[FAIRE_SMS] = N_("Le lien part par SMS."),
		[FAIRE_COURRIEL] = N_("Le lien part par e-mail."),
		[FAIRE_SEPARER] = N_("C’est séparé : ce sont deux lieux, pour toujours."),
		[FAIRE_ANNULER] = N_("C’est annulé."), [FAIRE_VRAI] = N_("C’est noté."),
		[FAIRE_FAUX] = N_("C’est noté."),
	};

	return tr(r->lang, words[what]);
}

static bool give(struct req *r, struct res *s, const struct doing *d, struct err *e)
{
	struct tenue_acces t = { .core = r->core, .a = r->a, .lieu_id = r->params[0],
		.agent_id = d->agent, .adresse = core_address(r),
		.moyen = d->in->faire == FAIRE_SMS ? ACCES_SMS
			 : d->in->faire == FAIRE_CODE ? ACCES_CODE : ACCES_COURRIEL };

	if (!tenue_acces_donner(&t, e))
		return false;
	return d->in->faire == FAIRE_CODE
	       ? one_page(r, s, arena_str(r->a, t.secret), NULL, e)
	       : one_page(r, s, NULL, done_words(r, d->in->faire), e);
}

static bool one_post(struct req *r, struct res *s, struct err *e)
{
	struct doing d = { .r = r, .in = r->in, .agent = req_agent(r)->id };

	if (r->nerrors)
		return fail(e, E_INPUT, "%s", r->errors[0].msg);
	if (d.in->faire == FAIRE_SMS || d.in->faire == FAIRE_COURRIEL || d.in->faire == FAIRE_CODE)
		return give(r, s, &d, e);
	if (!store_write(r->core->store, do_job, &d, e))
		return false;
	if (d.in->faire == FAIRE_CONFIRMER && d.in->cible && !strcmp(d.in->cible, "liste"))
		return res_see_other(s, "/agent/lieux#vieux");
	return one_page(r, s, NULL, done_words(r, d.in->faire), e);
}

/* --- pairs that may be one place ------------------------------------------------------------- */

static const struct parole *said_by(const struct parole *p, size_t n, const char *source,
				    const char *id)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(p[i].source_id, source) == 0 && strcmp(p[i].id_source, id) == 0)
			return &p[i];
	}
	return NULL;
}

static const char *shown(struct req *r, const struct parole *p, enum lieu_field f)
{
	if (f == LIEU_TELEPHONE)
		return telephone_text(r->a, p->rec.v[f]);
	return p->rec.v[f];
}

static bool fill_pair(struct req *r, const struct parole *a, const struct parole *b,
		      struct doublons_view *v, struct err *e)
{
	static const enum lieu_field fields[] = { LIEU_NOM, LIEU_ADRESSE, LIEU_COMPLEMENT,
		LIEU_CODE_POSTAL, LIEU_COMMUNE, LIEU_PIVOT, LIEU_PARENTE, LIEU_TYPOLOGIE,
		LIEU_TELEPHONE, LIEU_COURRIELS, LIEU_SITE_WEB, LIEU_SERVICES, LIEU_DISPOSITIFS };
	enum { FIELDS = sizeof fields / sizeof *fields };
	struct doublon_ligne *l = NEW_ARRAY(r->a, FIELDS + 2, struct doublon_ligne);

	for (size_t i = 0; l && i < FIELDS; i++) {
		const char *x = shown(r, a, fields[i]), *y = shown(r, b, fields[i]);

		if (!*x && !*y)
			continue;
		l[v->n++] = (struct doublon_ligne){
			tr(r->lang, tenue_libelle(lieu_field_rules[fields[i]].name)), x, y,
			strcmp(x, y) == 0 };
	}
	if (l && !isnan(a->rec.lat) && !isnan(b->rec.lat) && !a->rec.position_commune
	    && !b->rec.position_commune) {
		char d[I18N_TEXT];

		distance_text(r->lang, distance_metres(a->rec.lat, a->rec.lon, b->rec.lat,
						       b->rec.lon), d);
		l[v->n++] = (struct doublon_ligne){ tr(r->lang, N_("De l’un à l’autre")),
			arena_str(r->a, d), "", true };
	}
	v->lignes = l;
	return l || arena_refuse(r->a, e);
}

/* What the measures that counted say, in words. */
static bool fill_reasons(struct req *r, const char *slugs, struct doublons_view *v,
			 struct err *e)
{
	static const struct { const char *slug, *text; } words[] = {
		{ "pivot_egal", N_("Même SIRET") },
		{ "pivot_et_nom", N_("Même SIRET, noms plus ou moins proches") },
		{ "pivot_sur_place", N_("Même SIRET, au même endroit") },
		{ "siren_egal", N_("Même organisme, autre établissement (SIREN)") },
		{ "siren_different", N_("Deux organismes (SIREN différents)") },
		{ "nom", N_("Noms qui se ressemblent") },
		{ "nom_contenu", N_("Le nom de l’un est dans celui de l’autre") },
		{ "nom_egal", N_("Même nom") },
		{ "nom_sur_place", N_("Noms qui se ressemblent, au même endroit") },
		{ "genre_egal", N_("Même sorte de lieu") },
		{ "genre_sur_place", N_("Même sorte de lieu, au même endroit") },
		{ "genre_different", N_("Deux sortes de lieux") },
		{ "genre_en_plus", N_("Un des noms dit une sorte de lieu que l’autre ne dit pas") },
		{ "voie", N_("Rues qui se ressemblent") },
		{ "adresse_egale", N_("Même adresse") },
		{ "adresse_presque", N_("Presque la même adresse") },
		{ "numero_different", N_("Deux numéros dans la rue") },
		{ "voie_differente", N_("Deux rues") },
		{ "proche", N_("Près l’un de l’autre") },
		{ "loin", N_("Loin l’un de l’autre") },
		{ "telephone_egal", N_("Même téléphone") },
		{ "telephone_different", N_("Deux téléphones") },
		{ "domaine_egal", N_("Même nom de domaine (site ou adresse électronique)") },
		{ "meme_liste", N_("Deux lignes d’une même liste") },
		{ "commune_differente", N_("Deux communes") },
	};
	enum { WORDS = sizeof words / sizeof *words };
	const char **out = NEW_ARRAY(r->a, WORDS, const char *);

	for (const char *s = slugs; out && s && *s; s += strcspn(s, "|"), s += *s == '|') {
		for (size_t i = 0; i < WORDS && v->nraisons < WORDS; i++) {
			if (strcspn(s, "|") == strlen(words[i].slug)
			    && !strncmp(s, words[i].slug, strlen(words[i].slug)))
				out[v->nraisons++] = tr(r->lang, words[i].text);
		}
	}
	v->raisons = out;
	return out || arena_refuse(r->a, e);
}

static bool read_pair(struct req *r, struct db *db, struct doublons_view *v, struct err *e)
{
	struct doublon_prochain_row row;
	struct parole *pa, *pb;
	const struct parole *a, *b;
	char n[I18N_TEXT];
	size_t na, nb;
	bool found;

	if (!doublon_prochain(db, r->a, &row, &found, e) || !found)
		return e->kind == E_OK;
	if (!paroles_of(db, r->a, row.lieu_a, &pa, &na, e)
	    || !paroles_of(db, r->a, row.lieu_b, &pb, &nb, e))
		return false;
	a = said_by(pa, na, row.source_a, row.id_a);
	b = said_by(pb, nb, row.source_b, row.id_b);
	if (!a || !b)
		return fail(e, E_STORE, "une paire n'a plus ses lignes.");
	*v = (struct doublons_view){ .page = v->page, .reste = v->reste, .source_a = row.source_a,
		.id_a = row.id_a, .source_b = row.source_b, .id_b = row.id_b,
		.titre_a = row.titre_a ? row.titre_a : row.nom_a,
		.titre_b = row.titre_b ? row.titre_b : row.nom_b,
		.lien_a = arena_cat(r->a, "/agent/lieux/", row.lieu_a, NULL),
		.lien_b = arena_cat(r->a, "/agent/lieux/", row.lieu_b, NULL),
		.score = arena_str(r->a, number_text(r->lang, (int64_t)(row.score * 100), n)),
		.protege = !strcmp(row.publication_a, "protege")
			   || !strcmp(row.publication_b, "protege") };
	return fill_reasons(r, row.raisons, v, e) && fill_pair(r, a, b, v, e);
}

static bool fill_decided(struct req *r, struct db *db, struct doublons_view *v, struct err *e)
{
	struct doublon_decides_row *rows;
	struct doublon_decide *d;

	if (!doublon_decides(db, r->a, &rows, &v->ndecides, e))
		return false;
	d = NEW_ARRAY(r->a, v->ndecides + 1, struct doublon_decide);
	if (!d)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < v->ndecides; i++) {
		const struct doublon_decides_row *x = &rows[i];

		d[i] = (struct doublon_decide){ x->source_a, x->id_a, x->source_b, x->id_b,
			x->nom_a, x->nom_b, x->titre_a ? x->titre_a : x->source_nom_a,
			x->titre_b ? x->titre_b : x->source_nom_b, day_text(r, x->decide_le),
			x->nom ? arena_cat(r->a, x->prenom, " ", x->nom, NULL) : "",
			!strcmp(x->etat, "meme") };
	}
	v->decides = d;
	return true;
}

static bool pairs_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct page page = page_for(r, N_("Est-ce le même lieu ?"));
	struct doublons_view v = { .page = &page };
	struct tenue_nombres_row n;
	struct html h;

	if (!db_acquire(r->core->store, &db, e) || !tenue_nombres(db, r->a, "", &n, e))
		return false;
	v.reste = n.doublons;
	if (!read_pair(r, db, &v, e) || !fill_decided(r, db, &v, e))
		return false;
	h = page_html(r, s);
	doublons_page(&h, &v);
	return true;
}

static bool decide_job(struct tx *tx, void *arg, struct err *e)
{
	struct req *r = arg;
	const struct doublon_entree *in = r->in;
	struct rapprochement_paire p = { in->source_a, in->id_a, in->source_b, in->id_b };
	char now[ISO_TEXT];

	iso_write(env_now(r->env), now);
	return rapprochement_decider(tx, &p, (enum rapprochement_mot)in->mot, req_agent(r)->id, now,
				     e);
}

static bool pairs_post(struct req *r, struct res *s, struct err *e)
{
	if (r->nerrors)
		return fail(e, E_INPUT, "%s", r->errors[0].msg);
	return store_write(r->core->store, decide_job, r, e)
	       && res_see_other(s, "/agent/lieux/doublons");
}

const struct route coordination_routes[] = {
	{ GET, "/agent/lieux", list_show, &can_coordinate, NULL, 0, N_("Tenir les lieux à jour"),
	  ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/agent/lieux.csv", list_csv, &can_coordinate, NULL, 0,
	  N_("Les lieux à appeler, pour un tableur"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/agent/lieux/sources", sources_show, &can_coordinate, NULL, 0,
	  N_("Ce que donnent les sources"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/agent/lieux/doublons", pairs_show, &can_coordinate, NULL, 0,
	  N_("Deux fiches, un lieu ?"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ POST, "/agent/lieux/doublons", pairs_post, &can_coordinate, doublon_fields,
	  sizeof(struct doublon_entree), N_("Dire si c’est le même lieu"),
	  ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/agent/lieux/{id}", one_show, &can_coordinate, NULL, 0,
	  N_("Tenir un lieu à jour"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ POST, "/agent/lieux/{id}", one_post, &can_coordinate, tenir_fields,
	  sizeof(struct tenir_entree), N_("Confirmer, donner un lien ou un code, séparer, annuler"),
	  ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ 0 },
};
