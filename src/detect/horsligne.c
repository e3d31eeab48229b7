#include "detect/horsligne.h"

#include <math.h>
#include <string.h>

#include "base/embedded.h"
#include "core/lieu.h"
#include "crypto/sha256.h"
#include "detect/expression_node.h"
#include "web/html.h"

#define SHELL "data/hors-ligne/page.html"
#define STYLE "data/hors-ligne/style.txt"
#define ENGINE "data/hors-ligne/moteur.js"
#define PAGE "data/hors-ligne/page.js"

/* --- expressions ---------------------------------------------------------------------- */

static const char *const ops[] = {
	[OP_OR] = "ou", [OP_AND] = "et", [OP_NOT] = "non", [OP_EQ] = "eq", [OP_NE] = "ne",
	[OP_LT] = "lt", [OP_LE] = "le", [OP_GT] = "gt", [OP_GE] = "ge", [OP_ADD] = "+",
	[OP_SUB] = "-", [OP_MUL] = "*", [OP_DIV] = "/", [OP_NEG] = "neg", [OP_IS] = "est",
	[OP_IS_NOT] = "pas", [OP_STATE] = "etat", [OP_VALUE] = "valeur", [OP_COUNT] = "compte",
	[OP_RANK] = "rang", [OP_SCORE] = "score", [OP_KNOWN] = "connu",
};

static void put_bits(struct json_out *j, uint64_t bits)
{
	json_open_array(j, NULL);
	for (; bits; bits &= bits - 1)
		json_put_int(j, NULL, __builtin_ctzll(bits));
	json_close_array(j);
}

static void put_node(struct json_out *j, const char *name, const struct expression *x, int at)
{
	const struct node *n = &x->nodes[at];

	if (n->op == OP_NUMBER) {
		json_put_real(j, name, n->number);
		return;
	}
	if (n->op == OP_TRUE || n->op == OP_FALSE) {
		json_put_bool(j, name, n->op == OP_TRUE);
		return;
	}
	json_open_array(j, name);
	json_put_text(j, NULL, ops[n->op]);
	switch (n->op) {
	case OP_IS:
	case OP_IS_NOT:
		json_put_int(j, NULL, n->a);
		put_bits(j, n->options);
		break;
	case OP_STATE:
	case OP_RANK:
		json_put_int(j, NULL, n->a);
		json_put_int(j, NULL, n->b);
		break;
	case OP_VALUE:
	case OP_COUNT:
	case OP_SCORE:
	case OP_KNOWN:
		json_put_int(j, NULL, n->a);
		break;
	case OP_NOT:
	case OP_NEG:
		put_node(j, NULL, x, n->a);
		break;
	default:
		put_node(j, NULL, x, n->a);
		put_node(j, NULL, x, n->b);
		break;
	}
	json_close_array(j);
}

void expression_json(struct json_out *j, const char *name, const struct expression *x)
{
	if (x)
		put_node(j, name, x, x->root);
}

/* --- the questions -------------------------------------------------------------------- */

static void put_text(struct json_out *j, const char *name, const char *text)
{
	if (text)
		json_put_text(j, name, text);
}

static void put_reals(struct json_out *j, const char *name, const double *v, int n)
{
	if (!v)
		return;
	json_open_array(j, name);
	for (int i = 0; i < n; i++)
		json_put_real(j, NULL, v[i]);
	json_close_array(j);
}

static void put_ints(struct json_out *j, const char *name, const int *v, int n)
{
	json_open_array(j, name);
	for (int i = 0; i < n; i++)
		json_put_int(j, NULL, v[i]);
	json_close_array(j);
}

static void put_option(struct json_out *j, const struct item *it, const struct option *o)
{
	json_open_object(j, NULL);
	json_put_text(j, "id", o->id);
	put_text(j, "x", o->texte);
	put_text(j, "a", o->aide);
	if (o->exclusif)
		json_put_bool(j, "ex", true);
	if (o->formes) {
		json_open_array(j, "f");
		for (const char *const *f = o->formes; *f; f++)
			json_put_text(j, NULL, *f);
		json_close_array(j);
	}
	if (it->type == ITEM_IMAGE)
		put_reals(j, "z", o->zone, 4);
	json_close_object(j);
}

static void put_item(struct json_out *j, const struct instrument *in, int i)
{
	const struct item *it = &in->items[i];
	const struct expression_item *x = &in->scope->items[i];

	json_open_object(j, NULL);
	json_put_text(j, "id", it->id);
	json_put_int(j, "t", it->type);
	put_text(j, "x", it->texte);
	put_text(j, "a", it->aide);
	put_text(j, "o", it->oral);
	json_open_array(j, "op");
	for (int k = 0; k < it->noptions; k++)
		put_option(j, it, &it->options[k]);
	json_close_array(j);
	put_reals(j, "vv", x->values, it->noptions);
	if (it->groupe)
		json_put_int(j, "g", it->groupe - in->groupes);
	if (it->type == ITEM_NOMBRE || it->type == ITEM_DATE) {
		json_put_real(j, "min", it->min);
		json_put_real(j, "max", it->max);
	}
	if (it->entier)
		json_put_bool(j, "ent", true);
	if (it->active)
		json_put_bool(j, "act", true);
	if (it->has_juste) {
		json_open_array(j, "j");
		for (int k = 0; k < it->noptions; k++)
			json_put_int(j, NULL, (int64_t)(it->juste >> 4 * k & 15));
		json_close_array(j);
	}
	expression_json(j, "si", it->si);
	json_close_object(j);
}

static void put_questions(struct json_out *j, const struct instrument *in)
{
	json_open_array(j, "items");
	for (int i = 0; i < in->nitems; i++)
		put_item(j, in, i);
	json_close_array(j);
	json_open_array(j, "groupes");
	for (int i = 0; i < in->ngroupes; i++) {
		json_open_object(j, NULL);
		put_text(j, "x", in->groupes[i].texte);
		put_text(j, "a", in->groupes[i].aide);
		json_close_object(j);
	}
	json_close_array(j);
	json_open_array(j, "pages");
	for (int i = 0; i < in->npages; i++) {
		json_open_object(j, NULL);
		put_text(j, "titre", in->pages[i].titre);
		put_ints(j, "items", in->pages[i].items, in->pages[i].nitems);
		json_close_object(j);
	}
	json_close_array(j);
}

/* --- what follows --------------------------------------------------------------------- */

static void put_scores(struct json_out *j, const struct instrument *in)
{
	json_open_array(j, "scores");
	for (int i = 0; i < in->nscores; i++) {
		const struct score *s = &in->scores[i];

		json_open_object(j, NULL);
		json_put_text(j, "id", s->id);
		put_text(j, "titre", s->titre);
		json_put_int(j, "calcul", s->calcul);
		put_ints(j, "items", s->items, s->nitems);
		put_reals(j, "poids", s->poids, s->nitems);
		json_put_real(j, "seuil", s->seuil);
		json_put_real(j, "part", s->part_minimale);
		expression_json(j, "formule", s->formule);
		json_open_array(j, "table");
		for (int k = 0; k < s->ntable; k++)
			put_reals(j, NULL, (double[]){ s->table[k].jusqu_a,
				s->table[k].valeur }, 2);
		json_close_array(j);
		json_close_object(j);
	}
	json_close_array(j);
}

static void put_tree(struct json_out *j, const struct instrument *in)
{
	json_open_array(j, "arbre");
	for (int i = 0; i < in->narbre; i++) {
		const struct embranchement *n = &in->arbre[i];

		json_open_object(j, NULL);
		json_put_int(j, "classe", n->classe);
		expression_json(j, "si", n->si);
		put_text(j, "parce_que", n->parce_que);
		put_text(j, "sinon", n->sinon);
		json_put_int(j, "oui", n->oui);
		json_put_int(j, "non", n->non);
		json_close_object(j);
	}
	json_close_array(j);
}

static void put_typology(struct json_out *j, const struct instrument *in)
{
	json_put_int(j, "methode", in->methode);
	json_open_array(j, "classes");
	for (int i = 0; i < in->nclasses; i++) {
		json_open_object(j, NULL);
		json_put_text(j, "id", in->classes[i].id);
		put_text(j, "x", in->classes[i].professionnel);
		put_text(j, "parce_que", in->classes[i].parce_que);
		put_reals(j, "centre", in->classes[i].centre, in->nvariables);
		json_close_object(j);
	}
	json_close_array(j);
	put_ints(j, "typologie", in->typologie_items, in->ntypologie_items);
	json_put_real(j, "part", in->part_minimale);
	expression_json(j, "suffit", in->suffit);
	put_text(j, "indetermine", in->indetermine);
	put_text(j, "indetermine_parce_que", in->indetermine_parce_que);
	put_ints(j, "variables", in->variables, in->nvariables);
	put_reals(j, "echelles", in->echelles, in->nvariables);
	json_open_array(j, "regles");
	for (int i = 0; i < in->nregles; i++) {
		json_open_object(j, NULL);
		expression_json(j, "si", in->regles[i].si);
		json_put_int(j, "classe", in->regles[i].classe);
		json_put_real(j, "poids", in->regles[i].poids);
		put_text(j, "parce_que", in->regles[i].parce_que);
		json_close_object(j);
	}
	json_close_array(j);
	put_tree(j, in);
}

static void put_orientation(struct json_out *j, const struct instrument *in)
{
	expression_json(j, "urgent", in->urgent);
	json_open_array(j, "orientation");
	for (int i = 0; i < in->norientation; i++) {
		const struct orientation_regle *o = &in->orientation[i];

		json_open_object(j, NULL);
		expression_json(j, "quand", o->quand);
		json_put_text(j, "service", lieu_services[o->service].slug);
		json_put_real(j, "priorite", o->priorite);
		put_text(j, "dire", o->dire);
		put_text(j, "pourquoi", o->pourquoi);
		put_text(j, "agent", o->agent);
		put_text(j, "ressource", o->ressource);
		json_close_object(j);
	}
	json_close_array(j);
	json_open_array(j, "phrases");
	for (int i = 0; i < in->nphrases; i++) {
		json_open_object(j, NULL);
		expression_json(j, "quand", in->phrases[i].quand);
		json_put_int(j, "genre", in->phrases[i].genre);
		put_text(j, "texte", in->phrases[i].texte);
		json_close_object(j);
	}
	json_close_array(j);
}

/* --- words ---------------------------------------------------------------------------- */

static const struct {
	const char *name, *text;
} words[] = {
	{ "probleme", N_("Il y a un problème") },
	{ "langue", N_("Langue") },
	{ "droits", N_("Refuser ne change rien à vos droits.") },
	{ "droits.suite", N_("On peut passer une question, s’arrêter quand on veut, et demander d’effacer.") },
	{ "horsligne",
		N_("Cette page marche sans réseau et n’envoie rien. Fermée, elle oublie tout, sauf si vous demandez le contraire.") },
	{ "age", N_("Âge de la personne") },
	{ "age.moins-15", N_("Moins de 15 ans") },
	{ "age.15-17", N_("De 15 à 17 ans") },
	{ "age.18", N_("18 ans ou plus") },
	{ "age.absent", N_("Dites l’âge de la personne.") },
	{ "age.jeune", N_("Aucun questionnaire avant 15 ans. On peut aider sans rien demander.") },
	{ "provenance", N_("D’où viendront les réponses") },
	{ "provenance.declare", N_("La personne le dit") },
	{ "provenance.observe", N_("On l’a vu faire, côte à côte") },
	{ "provenance.teste", N_("Un exercice l’a montré") },
	{ "provenance.absent", N_("Dites d’où viendront les réponses.") },
	{ "commune", N_("Commune ou code postal") },
	{ "commune.aide", N_("Pour compter par territoire, rien d’autre.") },
	{ "atelier", N_("Un atelier, ou une enquête") },
	{ "moment", N_("Avant ou après un atelier") },
	{ "moment.avant", N_("Avant l’atelier") },
	{ "moment.apres", N_("Après l’atelier") },
	{ "groupe", N_("Nom de l’atelier ou de l’enquête") },
	{ "groupe.aide", N_("Jamais le nom d’une personne.") },
	{ "accord", N_("La personne est d’accord pour que ses réponses soient gardées") },
	{ "garde.comptes",
		N_("Les réponses attendent sur cet appareil, sans nom ; rapportées, elles sont comptées, et aucune n’est gardée.") },
	{ "garde.reponses", N_("Sans accord, rien n’est gardé. Avec : sans nom, et sous un numéro qui permet de tout faire effacer.") },
	{ "garde.rien", N_("Aucune réponse d’un adulte n’est gardée : le résultat est pour la personne seule.") },
	{ "commencer", N_("Commencer") },
	{ "nsp", N_("Je ne sais pas") },
	{ "refus", N_("Je préfère ne pas répondre") },
	{ "illisible", N_("« %1 » : cette réponse ne se lit pas. Vérifiez-la, ou laissez vide.") },
	{ "retour", N_("Retour") },
	{ "page", N_("Page %1 sur %2") },
	{ "continuer", N_("Continuer") },
	{ "arreter", N_("S’arrêter là") },
	{ "dire", N_("À dire : « %1 »") },
	{ "et", N_(", et ") },
	{ "imprimer", N_("Imprimer") },
	{ "savez", N_("Vous savez déjà") },
	{ "bloque", N_("Ce qui bloque :") },
	{ "peut", N_("On peut") },
	{ "propose", N_("Ce qu’on propose") },
	{ "loin", N_("Pour aller plus loin") },
	{ "feuille", N_("Cette feuille est à vous. Refuser ne change rien à vos droits.") },
	{ "numero", N_("Votre numéro : %1") },
	{ "numero.suite",
		N_("Vos réponses seront rapportées sans votre nom. "
		   "Pour les faire effacer, à tout moment : donnez ce numéro, ou tapez-le sur la page « Effacer mes réponses » du site.") },
	{ "garder", N_("Garder les réponses, et donner un numéro") },
	{ "garder.aide", N_("La personne est d’accord, et peut encore dire non : rien n’est gardé avant ce bouton.") },
	{ "mineur", N_("Entre 15 et 17 ans, rien n’est gardé de cette personne : un compte de plus, sans nom ni réponse.") },
	{ "pro", N_("Pour le professionnel : comment on en arrive là") },
	{ "lecture", N_("Lecture d’ensemble :") },
	{ "seconde", N_("L’autre lecture possible, « %1 », est %2 :") },
	{ "proche.tres", N_("très proche") },
	{ "proche.assez", N_("assez proche") },
	{ "proche.loin", N_("loin") },
	{ "peu", N_("pas assez de réponses") },
	{ "terminer", N_("Terminer : à la personne suivante") },
	{ "rapporter", N_("À rapporter") },
	{ "feuilles", N_("Feuilles qui attendent sur cet appareil : %1.") },
	{ "feuilles.non", N_("Aucune feuille n’attend sur cet appareil.") },
	{ "enregistrer", N_("Enregistrer le fichier %1") },
	{ "reseau", N_("Rapporter maintenant, par le réseau") },
	{ "tenir", N_("Les garder sur cet appareil quand la page se ferme") },
	{ "tenir.aide", N_("Seulement si l’appareil n’est qu’à votre équipe.") },
	{ "effacer", N_("Elles sont rapportées : les effacer d’ici") },
	{ "effacer.sur", N_("Effacer de cet appareil les %1 feuilles ? Cela ne se défait pas.") },
	{ "partir", N_("Des réponses ne sont pas enregistrées.") },
	{ NULL, NULL },
};

static void put_translations(struct json_out *j, const struct horsligne *h)
{
	const struct instrument *in = h->in;

	json_open_object(j, "textes");
	for (int l = 0; l < h->nlangues; l++) {
		json_open_object(j, h->langues[l]->tag);
		for (int i = 0; i < in->ntraductions; i++) {
			const struct traduction *t = &in->traductions[i];

			if (strcmp(t->langue, h->langues[l]->tag) == 0)
				json_put_text(j, t->texte, t->dit);
		}
		json_close_object(j);
	}
	json_close_object(j);
	json_open_object(j, "mots");
	for (int l = 0; l < h->nlangues; l++) {
		json_open_object(j, h->langues[l]->tag);
		for (int i = 0; words[i].name; i++)
			json_put_text(j, words[i].name, tr(h->langues[l], words[i].text));
		json_close_object(j);
	}
	json_close_object(j);
}

bool horsligne_langues(struct arena *a, const struct instrument *in, const char *tags,
		       struct horsligne *out, struct err *e)
{
	const struct lang **l = NEW_ARRAY(a, (size_t)in->nlangues + 1, const struct lang *);

	if (!l)
		return arena_refuse(a, e);
	out->in = in;
	out->langues = l;
	out->nlangues = 0;
	for (int i = 0; i < in->nlangues; i++) {
		const struct lang *one = lang_find(in->langues[i]);
		const char *at = tags ? strstr(tags, in->langues[i]) : NULL;
		char end = at ? at[strlen(in->langues[i])] : '\0';

		if (one && (!i || !tags || !*tags || (at && (at == tags || at[-1] == ',')
						      && (!end || end == ','))))
			l[out->nlangues++] = one;
	}
	if (!out->nlangues)
		l[out->nlangues++] = langs[0];
	return true;
}

/* --- the file ------------------------------------------------------------------------- */

void horsligne_json(struct buf *b, const struct horsligne *h)
{
	const struct instrument *in = h->in;
	struct json_out j = { b, false };

	json_open_object(&j, NULL);
	json_put_text(&j, "id", in->id);
	json_put_text(&j, "version", in->version);
	put_text(&j, "titre", in->titre);
	put_text(&j, "avertissement", in->avertissement);
	json_put_int(&j, "conserver", in->conserver);
	json_put_bool(&j, "garde", h->garde && in->conserver == CONSERVER_REPONSES);
	json_put_text(&j, "adresse", h->adresse);
	json_open_array(&j, "langues");
	for (int i = 0; i < h->nlangues; i++) {
		json_open_object(&j, NULL);
		json_put_text(&j, "tag", h->langues[i]->tag);
		json_put_text(&j, "nom", h->langues[i]->name);
		json_put_bool(&j, "rtl", h->langues[i]->rtl);
		json_close_object(&j);
	}
	json_close_array(&j);
	put_questions(&j, in);
	put_scores(&j, in);
	put_typology(&j, in);
	put_orientation(&j, in);
	put_translations(&j, h);
	json_close_object(&j);
}

static void base64(const uint8_t in[SHA256_BYTES], char out[45])
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	int n = 0;

	for (int i = 0; i < SHA256_BYTES; i += 3) {
		bool last = i + 2 >= SHA256_BYTES;
		unsigned v = (unsigned)in[i] << 16 | (unsigned)in[i + 1] << 8 | (last ? 0
			: in[i + 2]);

		for (int k = 18; k >= 0; k -= 6)
			out[n++] = digits[v >> k & 63];
	}
	out[43] = '=';
	out[44] = '\0';
}

static void put_part(struct buf *b, const char *name)
{
	const struct embedded_file *f = embedded_find(embedded_files, name);

	buf_add(b, f->p, (size_t)(f->end - f->p));
}

static void put_hash(struct buf *b, const char *name)
{
	const struct embedded_file *f = embedded_find(embedded_files, name);
	uint8_t sum[SHA256_BYTES];
	char text[45];

	sha256(f->p, (size_t)(f->end - f->p), sum);
	base64(sum, text);
	buf_str(b, " 'sha256-");
	buf_str(b, text);
	buf_str(b, "'");
}

/* A browser that knows hashes ignores 'unsafe-inline'; older ones need it. */
static void put_policy(struct buf *b)
{
	buf_str(b, "default-src 'none'; base-uri 'none'; form-action 'none'; "
		"script-src 'unsafe-inline'");
	put_hash(b, ENGINE);
	put_hash(b, PAGE);
	buf_str(b, "; style-src 'unsafe-inline'");
	put_hash(b, STYLE);
}

/* JSON between tags of HTML: no "<" is left in it. */
static void put_instrument(struct buf *b, const struct horsligne *h)
{
	struct buf json = buf_new(8 << 20);

	horsligne_json(&json, h);
	for (size_t i = 0; i < json.n; i++) {
		if (json.p[i] == '<')
			buf_str(b, "\\u003c");
		else
			buf_char(b, json.p[i]);
	}
	b->full |= json.full;
	buf_free(&json);
}

void horsligne_page(struct buf *b, const struct horsligne *h)
{
	struct html title = { .out = b, .lang = h->langues[0] };
	const char *p = embedded_find(embedded_files, SHELL)->p, *mark;

	while ((mark = strstr(p, "{{"))) {
		buf_add(b, p, (size_t)(mark - p));
		p = strstr(mark, "}}") + 2;
		switch (mark[2]) {
		case 'c':
			put_policy(b);
			break;
		case 't':
			html_text(&title, h->in->titre);
			break;
		case 'i':
			put_instrument(b, h);
			break;
		default:
			put_part(b, mark[2] == 's' ? STYLE : mark[2] == 'm' ? ENGINE : PAGE);
			break;
		}
	}
	buf_str(b, p);
}
