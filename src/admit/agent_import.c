#include "admit/agent_import.h"

#include <stdio.h>
#include <string.h>

#include "admit/courriel.h"
#include "base/utf8.h"
#include "format/csv.h"
#include "web/message.h"

enum { PRENOM, NOM, COURRIEL, ROLE, COLUMNS };

struct reading {
	struct arena *a;
	const struct lang *lang;
	struct csv *csv;
	int at[COLUMNS];                /* -1: not there */
	struct import *m;
};

static int first_column(const struct csv *c, const char *const *names)
{
	for (; *names; names++) {
		int at = csv_column(c, *names);

		if (at >= 0)
			return at;
	}
	return -1;
}

static bool find_columns(struct reading *d, struct err *e)
{
	static const char *const names[COLUMNS][6] = {
		[PRENOM] = { "prenom", "first name", "firstname" },
		[NOM] = { "nom", "nom de famille", "last name", "lastname" },
		[COURRIEL] = { "courriel", "email", "e-mail", "mail", "adresse e-mail" },
		[ROLE] = { "role", "roles", "fonction" },
	};

	for (int i = 0; i < COLUMNS; i++)
		d->at[i] = first_column(d->csv, names[i]);
	if (d->at[PRENOM] >= 0 && d->at[NOM] >= 0 && d->at[ROLE] >= 0)
		return true;
	fail(e, E_INPUT, "%s", N_("Il manque une colonne : prenom, nom ou role."));
	return hint(e, "%s", N_("La première ligne donne le nom des colonnes : "
				"prenom;nom;courriel;role. Une adresse peut manquer."));
}

static const char *cell(const struct reading *d, const struct csv_row *row, int column)
{
	const char *text = d->at[column] < 0 ? "" : row->cells[d->at[column]];

	return *text ? arena_str(d->a, text) : NULL;
}

/* The bit of a role by its slug or its label, however it is written; 0. */
static unsigned role_named(const char *text)
{
	char typed[80], slug[80], label[80];

	utf8_fold(text, typed, sizeof typed);
	for (int i = 0; agent_roles[i].slug; i++) {
		utf8_fold(agent_roles[i].slug, slug, sizeof slug);
		utf8_fold(agent_roles[i].label, label, sizeof label);
		if (!strcmp(typed, slug) || !strcmp(typed, label))
			return 1u << i;
	}
	return 0;
}

/* false: one of them is none, left in `bad`. */
static bool read_roles(struct reading *d, const char *text, unsigned *out, const char **bad)
{
	*out = 0;
	while (*text) {
		size_t n = strcspn(text, "|+,/");
		const char *one = arena_strn(d->a, text, n);
		unsigned bit = role_named(one);

		*bad = one;
		if (!bit)
			return false;
		*out |= bit;
		text += n + (text[n] != '\0');
	}
	return *out != 0;
}

static bool same_name(const struct invitation *x, const struct invitation *y)
{
	char a[200], b[200], c[200], d[200];

	utf8_fold(x->prenom, a, sizeof a);
	utf8_fold(y->prenom, b, sizeof b);
	utf8_fold(x->nom, c, sizeof c);
	utf8_fold(y->nom, d, sizeof d);
	return !strcmp(a, b) && !strcmp(c, d);
}

/* An earlier line that names the same person; 0. */
static long line_before(const struct import *m, const struct import_line *l)
{
	for (size_t k = 0; k < m->n; k++) {
		const struct invitation *o = &m->lines[k].i;

		if (!o->prenom || !o->nom || &m->lines[k] == l)
			continue;
		if (l->i.courriel && o->courriel ? !strcmp(l->i.courriel, o->courriel) :
		    same_name(&l->i, o))
			return m->lines[k].line;
	}
	return 0;
}

static const char *refusal(struct reading *d, const struct import_line *l, const char *courriel,
			   const char *role)
{
	struct err why = { 0 };
	char number[24];
	long before;

	if (!l->i.prenom || !l->i.nom)
		return tr(d->lang, N_("Il manque le prénom ou le nom."));
	if (utf8_length(l->i.prenom) > 60 || utf8_length(l->i.nom) > 60)
		return tr(d->lang, N_("Le prénom ou le nom est trop long."));
	if (strchr(l->i.prenom, '\n') || strchr(l->i.nom, '\n'))
		return tr(d->lang, N_("Un nom tient sur une seule ligne."));
	if (courriel && !courriel_read(d->a, courriel, &why))
		return arena_str(d->a, tr(d->lang, why.msg));
	if (!l->i.roles)
		return role ? message(d->a, d->lang, N_("« %1 » n’est pas un rôle."), role) :
			      tr(d->lang, N_("Il manque le rôle."));
	before = line_before(d->m, l);
	if (!before)
		return NULL;
	snprintf(number, sizeof number, "%ld", before);
	return message(d->a, d->lang, N_("Cette personne est déjà à la ligne %1."), number);
}

static void read_line(struct reading *d, const struct csv_row *row, const char *structure)
{
	struct import_line *l = &d->m->lines[d->m->n];
	const char *courriel = cell(d, row, COURRIEL), *role = cell(d, row, ROLE), *bad = role;
	struct err why;

	*l = (struct import_line){ .line = row->line };
	l->i = (struct invitation){ cell(d, row, PRENOM), cell(d, row, NOM), NULL, structure, 0 };
	if (courriel)
		l->i.courriel = courriel_read(d->a, courriel, &why);
	if (role && !read_roles(d, role, &l->i.roles, &bad))
		l->i.roles = 0;
	l->refus = refusal(d, l, courriel, bad);
	d->m->n++;
}

bool import_read(struct arena *a, const struct lang *lang, const char *name, const char *text,
		 size_t n, const char *structure, struct import *out, struct err *e)
{
	CLEANUP(csv_close) struct csv *csv = NULL;
	struct reading d = { .a = a, .lang = lang, .m = out };
	struct csv_row row;

	*out = (struct import){ .lines = NEW_ARRAY(a, IMPORT_MOST, struct import_line) };
	if (!out->lines)
		return arena_refuse(a, e);
	if (!csv_open_text(name, text, n, &csv, e))
		return false;
	d.csv = csv;
	if (!find_columns(&d, e))
		return false;
	*e = (struct err){ 0 };
	while (csv_next(csv, &row, e)) {
		if (out->n == IMPORT_MOST)
			return fail(e, E_LIMIT, "%s", N_("Une liste a 500 personnes au plus."));
		read_line(&d, &row, structure);
	}
	if (e->kind != E_OK)
		return false;
	return out->n ? true : fail(e, E_INPUT, "%s", N_("Cette liste n’a aucune personne."));
}

bool import_draw(struct signer *s, const struct env *env, struct import *m, struct err *e)
{
	for (size_t i = 0; i < m->n; i++) {
		if (!m->lines[i].refus && !lien_draw(s, env, &m->lines[i].s, e))
			return false;
	}
	return true;
}

static const char *refused_because(struct equipe *q, const struct err *why)
{
	return arena_cat(q->a, tr(q->lang, why->msg), *why->hint ? " " : "",
			 tr(q->lang, why->hint), NULL);
}

bool import_write(struct equipe *q, struct import *m, struct err *e)
{
	m->invited = m->known = m->refused = 0;
	for (size_t i = 0; i < m->n; i++) {
		struct import_line *l = &m->lines[i];

		if (!l->refus && !equipe_invite(q, &l->i, &l->s, &l->out, e)) {
			if (e->kind != E_INPUT && e->kind != E_CONFLICT && e->kind != E_DENIED)
				return false;
			l->refus = refused_because(q, e);
		}
		m->refused += l->refus != NULL;
		m->known += !l->refus && l->out.known;
		m->invited += !l->refus && !l->out.known;
	}
	return true;
}
