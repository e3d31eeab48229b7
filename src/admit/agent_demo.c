#include "admit/agent_demo.h"

#include <string.h>

#include "admit/equipe.h"
#include "base/embedded.h"
#include "format/csv.h"

struct demo_line {
	struct structure s;
	struct invitation i;
	struct lien_secret link;
	const char *role;               /* as the file writes it */
};

struct seeding {
	const struct env *env;
	struct arena *a;
	struct demo_line lines[DEMO_AGENTS];
	size_t nlines;
	struct demo_agent *out;
	size_t *n;
};

static const char *cell(struct seeding *d, struct csv *c, const struct csv_row *row,
			const char *name)
{
	int at = csv_column(c, name);

	return at >= 0 && row->cells[at][0] ? arena_str(d->a, row->cells[at]) : NULL;
}

static int type_named(const char *slug)
{
	int i = 0;

	while (structure_types[i].slug && strcmp(structure_types[i].slug, slug) != 0)
		i++;
	return i;
}

static unsigned roles_named(const char *text)
{
	unsigned bits = 0;

	for (int i = 0; agent_roles[i].slug; i++) {
		if (strstr(text, agent_roles[i].slug))
			bits |= 1u << i;
	}
	return bits;
}

static void read_line(struct seeding *d, struct csv *c, const struct csv_row *row)
{
	struct demo_line *l = &d->lines[d->nlines++];

	l->s = (struct structure){
		.nom = cell(d, c, row, "structure"), .type = type_named(cell(d, c, row, "type")),
		.siret = cell(d, c, row, "siret"), .commune = cell(d, c, row, "commune"),
		.adresse = cell(d, c, row, "adresse"), .telephone = cell(d, c, row, "telephone"),
		.pouvoirs = pouvoirs_read(cell(d, c, row, "pouvoirs")),
	};
	l->role = cell(d, c, row, "role");
	l->i = (struct invitation){ cell(d, c, row, "prenom"), cell(d, c, row, "nom"),
				    cell(d, c, row, "courriel"), NULL, roles_named(l->role) };
}

static bool read_file(struct seeding *d, struct signer *signer, struct err *e)
{
	static const char name[] = "data/demonstration/agents.csv";
	const struct embedded_file *f = embedded_find(embedded_files, name);
	CLEANUP(csv_close) struct csv *c = NULL;
	struct csv_row row;

	if (!csv_open_text(name, f->p, (size_t)(f->end - f->p), &c, e))
		return false;
	*e = (struct err){ 0 };
	while (d->nlines < DEMO_AGENTS && csv_next(c, &row, e)) {
		read_line(d, c, &row);
		if (!lien_draw(signer, d->env, &d->lines[d->nlines - 1].link, e))
			return false;
	}
	return e->kind == E_OK;
}

static void tell(struct seeding *d, const struct demo_line *l)
{
	d->out[(*d->n)++] = (struct demo_agent){
		arena_cat(d->a, l->i.prenom, " ", l->i.nom, NULL),
		arena_cat(d->a, l->role, ", ", l->s.nom, NULL),
		lien_path(d->a, LIEN_INVITATION, l->link.code),
	};
}

/* The structure of this line: the one of the line before, or a new one. */
static bool add_structure(struct equipe *q, struct seeding *d, struct demo_line *l,
			  struct err *e)
{
	for (struct demo_line *o = d->lines; o < l; o++) {
		if (!strcmp(o->s.nom, l->s.nom)) {
			l->s.id = o->s.id;
			return true;
		}
	}
	return equipe_save_structure(q, &l->s, e);
}

static bool seed(struct equipe *q, struct seeding *d, struct err *e)
{
	for (size_t i = 0; i < d->nlines; i++) {
		struct demo_line *l = &d->lines[i];
		struct invited who;

		if (!add_structure(q, d, l, e))
			return false;
		l->i.structure = l->s.id;
		if (!equipe_invite(q, &l->i, &l->link, &who, e))
			return false;
	}
	return true;
}

/* A later start of a folder that is kept: new links for who has not come. */
static bool renew(struct equipe *q, struct seeding *d, struct agent *all, size_t n,
		  struct err *e)
{
	for (size_t i = 0; i < n && i < d->nlines; i++) {
		struct demo_line *l = &d->lines[i];

		if (all[i].etat != AGENT_INVITE || !all[i].nplaces)
			continue;
		l->i = (struct invitation){ .prenom = all[i].prenom, .nom = all[i].nom };
		l->s.nom = all[i].places[0].nom;
		l->role = all[i].identifiant;
		if (!equipe_invite_again(q, all[i].id, &l->link, e))
			return false;
		tell(d, l);
	}
	return true;
}

static bool fill(struct tx *tx, void *arg, struct err *e)
{
	struct seeding *d = arg;
	struct equipe q = { tx, d->env, d->a, langs[0], NULL, NULL };
	struct agent *all;
	size_t n;

	if (!agent_list(tx_db(tx), d->a, NULL, &all, &n, e))
		return false;
	if (n)
		return renew(&q, d, all, n, e);
	if (!seed(&q, d, e))
		return false;
	for (size_t i = 0; i < d->nlines; i++) {
		bool again = false;     /* elsewhere too: the link is that of the last one */

		for (size_t k = i + 1; k < d->nlines; k++)
			again = again || (!strcmp(d->lines[k].i.nom, d->lines[i].i.nom)
					  && !strcmp(d->lines[k].i.prenom, d->lines[i].i.prenom));
		if (!again)
			tell(d, &d->lines[i]);
	}
	return true;
}

bool agents_demo(struct store *s, struct signer *signer, const struct env *env,
		 struct arena *a, struct demo_agent out[DEMO_AGENTS], size_t *n, struct err *e)
{
	struct seeding *d = NEW(a, struct seeding);

	if (!d)
		return arena_refuse(a, e);
	*n = 0;
	*d = (struct seeding){ .env = env, .a = a, .out = out, .n = n };
	return read_file(d, signer, e) && store_write(s, fill, d, e);
}
