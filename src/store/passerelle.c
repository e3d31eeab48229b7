/* Reading the description of a gateway: all that can be wrong is said here, with its line. */
#include "store/passerelle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/embedded.h"
#include "format/json_line.h"
#include "store/passerelle_inside.h"

enum { FILE_MOST = 64 << 10, PATH_MOST = 200, REGLAGES_MOST = 12, PAIRES_MOST = 40 };

static const char folder[] = "data/passerelles/";

struct lecture {
	struct arena *a;
	const char *where, *text;
	size_t n;
	struct passerelle *p;
	struct err *e;
};

/* --- refusing --------------------------------------------------------------------------- */

static bool bad(struct lecture *l, const char *path, const char *why)
{
	fail(l->e, E_INPUT, "« %.60s » : %s", path, why);
	return fail_at(l->e, l->where, json_line(l->text, l->n, path));
}

static const char *path_of(struct lecture *l, const char *parent, const char *name)
{
	return *parent ? arena_cat(l->a, parent, ".", name, NULL) : name;
}

static const char *path_at(struct lecture *l, const char *parent, size_t i)
{
	return arena_printf(l->a, "%s[%zu]", parent, i);
}

/* --- pieces ----------------------------------------------------------------------------- */

const json_t *json_at(const json_t *j, const char *pointer)
{
	while (j && *pointer == '/') {
		size_t n = strcspn(++pointer, "/"), used = 0;
		char name[80];

		for (size_t i = 0; i < n; i++) {
			char c = pointer[i];

			if (c == '~' && i + 1 < n)
				c = pointer[++i] == '1' ? '/' : '~';
			if (used == sizeof name - 1)
				return NULL;
			name[used++] = c;
		}
		name[used] = '\0';
		pointer += n;
		if (json_is_array(j))
			j = strspn(name, "0123456789") == used && used && used < 6
				? json_array_get(j, strtoul(name, NULL, 10)) : NULL;
		else
			j = json_object_get(j, name);
	}
	return *pointer ? NULL : j;
}

const char *json_text(struct arena *a, const json_t *j)
{
	if (json_is_string(j))
		return json_string_value(j);
	if (json_is_integer(j))
		return arena_printf(a, "%lld", (long long)json_integer_value(j));
	if (json_is_real(j))
		return arena_printf(a, "%.15g", json_real_value(j));
	if (json_is_boolean(j))
		return json_is_true(j) ? "true" : "false";
	return NULL;
}

bool gabarit_next(const char **at, struct morceau *out)
{
	const char *open = strstr(*at, "${"), *close = open ? strchr(open, '}') : NULL;

	*out = (struct morceau){ .before = *at, .nbefore = strlen(*at) };
	if (!close)
		return false;
	out->nbefore = (size_t)(open - *at);
	out->name = open + 2;
	out->nname = (size_t)(close - open - 2);
	*at = close + 1;
	return true;
}

/* A member that is a text; `usual` when it is absent (NULL: it must be there). */
static bool text_of(struct lecture *l, const json_t *o, const char *parent, const char *name,
		    const char *usual, const char **out)
{
	const json_t *j = json_object_get(o, name);

	*out = usual;
	if (!j)
		return usual || bad(l, path_of(l, parent, name), "cela manque.");
	if (!json_is_string(j))
		return bad(l, path_of(l, parent, name), "un texte est attendu.");
	*out = json_string_value(j);
	return true;
}

/* The same, NULL when it is absent. */
static bool maybe_text(struct lecture *l, const json_t *o, const char *parent,
		       const char *name, const char **out)
{
	if (!text_of(l, o, parent, name, "", out))
		return false;
	if (!json_object_get(o, name))
		*out = NULL;
	return true;
}

/* A member of another name is a mistake of typing: refused. */
static bool only(struct lecture *l, const json_t *o, const char *parent,
		 const char *const *known)
{
	const char *name;
	json_t *j;

	if (!json_is_object(o))
		return bad(l, parent, "un objet est attendu.");
	json_object_foreach((json_t *)o, name, j) {
		bool found = false;

		for (size_t i = 0; known[i] && !found; i++)
			found = !strcmp(known[i], name);
		if (!found)
			return bad(l, path_of(l, parent, name), "ce nom n’existe pas ici.");
	}
	return true;
}

static bool words_of(struct lecture *l, const json_t *o, const char *parent, const char *name,
		     const char *out[MOTS_MOST + 1])
{
	const json_t *list = json_object_get(o, name);
	const char *path = path_of(l, parent, name);
	size_t n = json_array_size(list);

	if (list && (!json_is_array(list) || n > MOTS_MOST))
		return bad(l, path, "une liste de textes est attendue, 16 au plus.");
	for (size_t i = 0; i < n; i++) {
		out[i] = json_string_value(json_array_get(list, i));
		if (!out[i])
			return bad(l, path_at(l, path, i), "un texte est attendu.");
	}
	return true;
}

/* --- templates -------------------------------------------------------------------------- */

static bool is_name(const char *s, size_t n, const char *name)
{
	return strlen(name) == n && !memcmp(s, name, n);
}

static bool is_known(const struct passerelle *p, const char *s, size_t n, bool retour)
{
	static const char *const sending[] = { "to", "to_chiffres", "to_00", "text", "sender", "id",
		"retour", "le", "url", "corps", NULL };
	static const char *const coming[] = { "adresse", "corps", "parametres", "le", NULL };

	for (const char *const *k = retour ? coming : sending; *k; k++) {
		if (is_name(s, n, *k))
			return true;
	}
	for (size_t i = 0; !retour && i < p->nreglages; i++) {
		if (is_name(s, n, p->reglages[i].nom))
			return true;
	}
	for (size_t i = 0; !retour && i < p->ncalculs; i++) {
		if (is_name(s, n, p->calculs[i].nom))
			return true;
	}
	for (size_t i = 0; !retour && i < p->nalphabets; i++) {
		if (is_name(s, n, p->alphabets[i].nom))
			return true;
	}
	return false;
}

static bool check_template(struct lecture *l, const char *path, const char *text, bool retour)
{
	struct morceau m;

	while (gabarit_next(&text, &m)) {
		if (!is_known(l->p, m.name, m.nname, retour))
			return bad(l, path, arena_printf(l->a, "« ${%.*s} » n’est ni un réglage, ni "
				   "une valeur connue.", (int)(m.nname < 40 ? m.nname : 40), m.name));
	}
	return !strstr(m.before, "${") || bad(l, path, "« ${ » sans « } ».");
}

/* Every text inside a JSON value. */
static bool check_json(struct lecture *l, const char *path, const json_t *j)
{
	const char *name;
	json_t *v;
	size_t i;

	if (json_is_string(j))
		return check_template(l, path, json_string_value(j), false);
	json_array_foreach(j, i, v) {
		if (!check_json(l, path_at(l, path, i), v))
			return false;
	}
	json_object_foreach((json_t *)j, name, v) {
		if (!check_json(l, path_of(l, path, name), v))
			return false;
	}
	return true;
}

static bool read_pairs(struct lecture *l, const json_t *o, const char *parent,
		       const char *member, bool templates, struct paires *out)
{
	json_t *list = json_object_get(o, member), *v;
	const char *path = path_of(l, parent, member), *name;

	if (!list)
		return true;
	if (!json_is_object(list) || json_object_size(list) > PAIRES_MOST)
		return bad(l, path, "un objet de noms et de textes est attendu, 40 au plus.");
	out->p = NEW_ARRAY(l->a, json_object_size(list), struct paire);
	if (!out->p)
		return arena_refuse(l->a, l->e);
	json_object_foreach(list, name, v) {
		if (templates ? !check_json(l, path_of(l, path, name), v) : !json_is_string(v))
			return templates ? false
				: bad(l, path_of(l, path, name), "un texte est attendu.");
		out->p[out->n++] = (struct paire){ name, v };
	}
	return true;
}

/* --- parts ------------------------------------------------------------------------------ */

static bool is_setting_name(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return n && !s[n] && n <= 30;
}

static bool read_setting(struct lecture *l, const json_t *o, const char *path,
			 struct passerelle_reglage *out)
{
	static const char *const known[] = { "nom", "aide", "exemple", "usuel", "secret", NULL };

	if (!only(l, o, path, known) || !text_of(l, o, path, "nom", NULL, &out->nom)
	    || !text_of(l, o, path, "aide", "", &out->aide)
	    || !text_of(l, o, path, "exemple", "", &out->exemple)
	    || !maybe_text(l, o, path, "usuel", &out->usuel))
		return false;
	out->secret = json_is_true(json_object_get(o, "secret"));
	return (is_setting_name(out->nom) && !is_known(l->p, out->nom, strlen(out->nom), false))
	       || bad(l, path_of(l, path, "nom"), "ce nom est déjà pris, ou a autre chose que "
		      "des petites lettres, des chiffres et « _ ».");
}

static bool read_settings(struct lecture *l, const json_t *root)
{
	const json_t *list = json_object_get(root, "reglages"), *o;
	struct passerelle *p = l->p;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) > REGLAGES_MOST)
		return bad(l, "reglages", "une liste est attendue, 12 au plus.");
	p->reglages = NEW_ARRAY(l->a, json_array_size(list), struct passerelle_reglage);
	if (!p->reglages)
		return arena_refuse(l->a, l->e);
	json_array_foreach(list, i, o) {
		if (!read_setting(l, o, path_at(l, "reglages", i), &p->reglages[i]))
			return false;
		p->nreglages++;
	}
	return true;
}

static bool read_alphabets(struct lecture *l, const json_t *root)
{
	static const char *const known[] = { "gsm7", "ucs2", NULL };
	json_t *all = json_object_get(root, "alphabet"), *o;
	struct passerelle *p = l->p;
	const char *name;

	if (!all)
		return true;
	if (!json_is_object(all) || json_object_size(all) > 4)
		return bad(l, "alphabet", "un objet est attendu, 4 noms au plus.");
	json_object_foreach(all, name, o) {
		struct par_alphabet *x = &p->alphabets[p->nalphabets++];
		const char *path = path_of(l, "alphabet", name);

		x->nom = name;
		if (!only(l, o, path, known))
			return false;
		for (int i = 0; i < 2; i++) {
			x->valeur[i] = json_object_get(o, known[i]);
			if (!json_text(l->a, x->valeur[i]))
				return bad(l, path, "il faut « gsm7 » et « ucs2 », des textes.");
		}
	}
	return true;
}

static bool sceau_named(const char *name, enum sceau *out)
{
	for (int i = 0; sceaux[i]; i++) {
		if (!strcmp(sceaux[i], name)) {
			*out = (enum sceau)i;
			return true;
		}
	}
	return false;
}

/* "hex" (also absent) or "base64". */
static bool coding_of(struct lecture *l, const json_t *o, const char *path, bool *base64)
{
	const char *text;

	if (!text_of(l, o, path, "codage", "hex", &text))
		return false;
	*base64 = !strcmp(text, "base64");
	return *base64 || !strcmp(text, "hex")
	       || bad(l, path_of(l, path, "codage"), "c’est « hex » ou « base64 ».");
}

static bool read_calcul(struct lecture *l, const json_t *o, const char *path,
			struct calcul *out)
{
	static const char *const known[] = { "nom", "fonction", "codage", "cle", "de", NULL };
	const char *fonction;

	if (!only(l, o, path, known) || !text_of(l, o, path, "nom", NULL, &out->nom)
	    || !text_of(l, o, path, "fonction", NULL, &fonction)
	    || !text_of(l, o, path, "cle", "", &out->cle)
	    || !text_of(l, o, path, "de", NULL, &out->de)
	    || !coding_of(l, o, path, &out->base64)
	    || !check_template(l, path_of(l, path, "cle"), out->cle, false)
	    || !check_template(l, path_of(l, path, "de"), out->de, false))
		return false;
	out->base64_seul = !strcmp(fonction, "base64");
	return out->base64_seul || sceau_named(fonction, &out->sceau)
	       || bad(l, path_of(l, path, "fonction"), "base64, sha1, sha256, hmac-sha1 ou "
		      "hmac-sha256.");
}

static bool read_calculs(struct lecture *l, const json_t *envoi)
{
	const json_t *list = json_object_get(envoi, "calculs"), *o;
	size_t i;

	if (list && (!json_is_array(list) || json_array_size(list) > CALCULS_MOST))
		return bad(l, "envoi.calculs", "une liste est attendue, 8 au plus.");
	json_array_foreach(list, i, o) {
		if (!read_calcul(l, o, path_at(l, "envoi.calculs", i), &l->p->calculs[i]))
			return false;
		l->p->ncalculs++;       /* it may use those before it */
	}
	return true;
}

static bool read_envoi(struct lecture *l, const json_t *root)
{
	static const char *const known[] = { "methode", "adresse", "requete", "entetes",
		"formulaire", "json", "calculs", NULL };
	const json_t *o = json_object_get(root, "envoi");
	struct passerelle *p = l->p;

	if (!only(l, o, "envoi", known) || !read_calculs(l, o)
	    || !text_of(l, o, "envoi", "methode", NULL, &p->methode)
	    || !text_of(l, o, "envoi", "adresse", NULL, &p->adresse)
	    || !check_template(l, "envoi.adresse", p->adresse, false)
	    || !read_pairs(l, o, "envoi", "requete", true, &p->requete)
	    || !read_pairs(l, o, "envoi", "entetes", true, &p->entetes)
	    || !read_pairs(l, o, "envoi", "formulaire", true, &p->formulaire))
		return false;
	if (strcmp(p->methode, "GET") && strcmp(p->methode, "POST"))
		return bad(l, "envoi.methode", "c’est GET ou POST.");
	p->json = json_object_get(o, "json");
	if (p->json && (!check_json(l, "envoi.json", p->json) || p->formulaire.n))
		return p->formulaire.n ? bad(l, "envoi.json", "un formulaire ou du JSON, pas les "
					     "deux.") : false;
	return (!p->json && !p->formulaire.n) || !strcmp(p->methode, "POST")
	       || bad(l, "envoi.methode", "un contenu ne part qu’avec POST.");
}

/* "200" or "200-299" */
static bool read_status(struct lecture *l, const char *path, const char *text,
			struct regle *r)
{
	char *end;

	r->de = r->a = (int)strtol(text, &end, 10);
	if (*end == '-')
		r->a = (int)strtol(end + 1, &end, 10);
	return (!*end && r->de >= 100 && r->a >= r->de && r->a <= 599)
	       || bad(l, path_of(l, path, "statut"), "c’est « 200 » ou « 200-299 ».");
}

static bool read_rule(struct lecture *l, const json_t *o, const char *path, struct regle *r)
{
	static const char *const known[] = { "statut", "pointeur", "mots", "commence", "contient",
		NULL };
	const char *status;

	return only(l, o, path, known) && text_of(l, o, path, "statut", NULL, &status)
	       && read_status(l, path, status, r)
	       && maybe_text(l, o, path, "pointeur", &r->pointeur)
	       && words_of(l, o, path, "mots", r->mots)
	       && maybe_text(l, o, path, "commence", &r->commence)
	       && maybe_text(l, o, path, "contient", &r->contient)
	       && (!*r->mots || r->pointeur || bad(l, path, "« mots » sans « pointeur »."));
}

static bool read_rules(struct lecture *l, const json_t *root, const char *name,
		       struct regles *out)
{
	const json_t *list = json_object_get(root, name), *o;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) > REGLES_MOST)
		return bad(l, name, "une liste est attendue, 8 au plus.");
	json_array_foreach(list, i, o) {
		if (!read_rule(l, o, path_at(l, name, i), &out->r[i]))
			return false;
		out->n++;
	}
	return true;
}

static bool read_remote_id(struct lecture *l, const json_t *root)
{
	static const char *const known[] = { "pointeur", "ligne", NULL };
	const json_t *o = json_object_get(root, "id_distant");

	if (!o)
		return true;
	if (!only(l, o, "id_distant", known)
	    || !maybe_text(l, o, "id_distant", "pointeur", &l->p->id_pointeur))
		return false;
	l->p->id_ligne = (int)json_integer_value(json_object_get(o, "ligne"));
	return true;
}

/* --- what comes back -------------------------------------------------------------------- */

static bool read_signature(struct lecture *l, const json_t *o, const char *path,
			   struct retour *r)
{
	const char *fonction;

	return text_of(l, o, path, "entete", NULL, &r->entete)
	       && text_of(l, o, path, "fonction", NULL, &fonction)
	       && text_of(l, o, path, "signe", NULL, &r->signe)
	       && coding_of(l, o, path, &r->base64)
	       && maybe_text(l, o, path, "le_entete", &r->le_entete)
	       && check_template(l, path_of(l, path, "signe"), r->signe, true)
	       && ((sceau_named(fonction, &r->sceau) && (r->sceau == SCEAU_HMAC_SHA1 ||
							 r->sceau == SCEAU_HMAC_SHA256))
		   || bad(l, path_of(l, path, "fonction"), "hmac-sha1 ou hmac-sha256."));
}

static bool read_proof(struct lecture *l, const json_t *o, const char *path, struct retour *r)
{
	const char *text;

	if (!text_of(l, o, path, "preuve", NULL, &text))
		return false;
	if (!strcmp(text, "signature")) {
		r->preuve = PREUVE_SIGNATURE;
		return read_signature(l, o, path, r);
	}
	if (!strcmp(text, "secret")) {
		r->preuve = PREUVE_SECRET;
		return maybe_text(l, o, path, "champ", &r->champ_secret)
		       && maybe_text(l, o, path, "entete", &r->entete)
		       && (r->champ_secret || r->entete
			   || bad(l, path, "le secret vient dans « champ » ou dans « entete »."));
	}
	r->preuve = PREUVE_JETON;
	return (!strcmp(text, "jeton") && r == &l->p->accuse)
	       || bad(l, path_of(l, path, "preuve"), r == &l->p->accuse
		      ? "jeton, secret ou signature." : "secret ou signature.");
}

static bool read_retour(struct lecture *l, const json_t *root, const char *name,
			struct retour *r)
{
	static const char *const known[] = { "preuve", "champ", "entete", "fonction", "codage",
		"signe", "le_entete", "parametres", "id_distant", "statut", "de", "texte", "le", "motif",
		"remis", "echec", "attente", NULL };
	const json_t *o = json_object_get(root, name);
	bool receipt = r == &l->p->accuse;

	if (!o)
		return true;
	r->la = true;
	return only(l, o, name, known) && read_proof(l, o, name, r)
	       && maybe_text(l, o, name, "id_distant", &r->id_distant)
	       && maybe_text(l, o, name, "le", &r->le)
	       && maybe_text(l, o, name, "motif", &r->motif)
	       && text_of(l, o, name, "statut", receipt ? NULL : "", &r->statut)
	       && text_of(l, o, name, "de", receipt ? "" : NULL, &r->de)
	       && text_of(l, o, name, "texte", receipt ? "" : NULL, &r->texte)
	       && words_of(l, o, name, "remis", r->remis)
	       && words_of(l, o, name, "echec", r->echec)
	       && words_of(l, o, name, "attente", r->attente)
	       && read_pairs(l, o, name, "parametres", false, &r->parametres)
	       && (!receipt || r->preuve == PREUVE_JETON || r->id_distant
		   || bad(l, name, "sans jeton, il faut « id_distant »."));
}

/* --- a whole file ----------------------------------------------------------------------- */

static bool read_all(struct lecture *l, const json_t *root)
{
	static const char *const known[] = { "nom", "titre", "source", "reglages", "alphabet",
		"envoi", "succes", "definitif", "id_distant", "accuse", "reponse", NULL };
	struct passerelle *p = l->p;

	return only(l, root, "", known) && text_of(l, root, "", "nom", NULL, &p->nom)
	       && text_of(l, root, "", "titre", p->nom, &p->titre)
	       && text_of(l, root, "", "source", "", &p->source)
	       && read_settings(l, root) && read_alphabets(l, root) && read_envoi(l, root)
	       && read_rules(l, root, "succes", &p->succes)
	       && read_rules(l, root, "definitif", &p->definitif)
	       && (p->succes.n || bad(l, "succes", "rien ne dirait qu’un message est parti."))
	       && read_remote_id(l, root) && read_retour(l, root, "accuse", &p->accuse)
	       && read_retour(l, root, "reponse", &p->reponse)
	       && (!l->a->spent || arena_refuse(l->a, l->e));
}

bool passerelle_read(struct arena *a, const char *where, const char *text, size_t n,
		     struct passerelle **out, struct err *e)
{
	struct passerelle *p = NEW(a, struct passerelle);
	struct lecture l = { .a = a, .where = where, .text = text, .n = n, .p = p, .e = e };

	*out = NULL;
	if (!p)
		return arena_refuse(a, e);
	if (!json_read(text, n, &p->racine, e))
		return json_refused_in(e, where);
	if (!read_all(&l, p->racine)) {
		json_decref(p->racine);
		return false;
	}
	*out = p;
	return true;
}

void passerelle_close(struct passerelle **p)
{
	if (*p)
		json_decref((*p)->racine);
	*p = NULL;
}

const char *passerelle_name(size_t i)
{
	for (const struct embedded_file *f = embedded_files; f->name; f++) {
		if (!strncmp(f->name, folder, sizeof folder - 1) && !i--)
			return f->name + sizeof folder - 1;
	}
	return NULL;
}

static void close_file(FILE **f)
{
	if (*f)
		fclose(*f);
}

static bool open_path(struct arena *a, const char *path, struct passerelle **out,
		      struct err *e)
{
	CLEANUP(close_file) FILE *f = fopen(path, "re");
	char *text = arena_alloc(a, FILE_MOST + 1);
	size_t n;

	if (!text)
		return arena_refuse(a, e);
	if (!f)
		return fail(e, E_INPUT, "%.200s ne peut pas être lu.", path);
	n = fread(text, 1, FILE_MOST + 1, f);
	if (n > FILE_MOST)
		return fail(e, E_LIMIT, "%.200s est trop gros pour une passerelle.", path);
	return passerelle_read(a, path, text, n, out, e);
}

bool passerelle_open(struct arena *a, const char *name, struct passerelle **out,
		     struct err *e)
{
	const struct embedded_file *f;
	size_t n = strlen(name);

	*out = NULL;
	if (strchr(name, '/') || (n > 5 && !strcmp(name + n - 5, ".json")))
		return open_path(a, name, out, e);
	f = embedded_find(embedded_files, arena_cat(a, folder, name, ".json", NULL));
	if (f)
		return passerelle_read(a, f->name, f->p, (size_t)(f->end - f->p), out, e);
	fail(e, E_MISSING, "Aucune passerelle SMS ne s’appelle « %.60s ».", name);
	return hint(e, "« tremplin envoi passerelles » les donne ; ou le chemin d’un fichier JSON.");
}

const char *passerelle_title(const struct passerelle *p)
{
	return p->titre;
}

const char *passerelle_source(const struct passerelle *p)
{
	return p->source;
}

const struct passerelle_reglage *passerelle_reglages(const struct passerelle *p, size_t *n)
{
	*n = p->nreglages;
	return p->reglages;
}
