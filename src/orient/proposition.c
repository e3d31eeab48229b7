#include "orient/proposition.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "orient/lieu_import.h"
#include "orient/proposition_plan.h"

enum { ARENA_MOST = 256 << 20, NAME_MOST = 300, SAMPLE_MOST = 80 };

/* A name or value on one line of a mapping: no line end, nothing that means something there.
 * Names are compared without punctuation, so that it stays the same name. */
static const char *on_line(struct arena *a, const char *s)
{
	size_t n = strlen(s) < NAME_MOST ? strlen(s) : NAME_MOST;
	char *out = arena_alloc(a, n + 1);
	size_t k = 0;

	for (size_t i = 0; out && i < n; i++) {
		bool skip = strchr("\n\r\t|", s[i]) || (s[i] == '-' && s[i + 1] == '>')
			    || (!k && strchr(" @#*\"", s[i]));

		out[k++] = skip ? ' ' : s[i];
		k -= out[k - 1] == ' ' && (k == 1 || out[k - 2] == ' ');
	}
	if (!out)
		return "";
	out[k] = '\0';
	utf8_trim_end(out);
	return out;
}

static int percent(double part)
{
	return (int)(100 * part + 0.5);
}

static const char *sample(struct arena *a, const struct colonne_vue *c)
{
	char text[SAMPLE_MOST];

	snprintf(text, sizeof text, "%s", c->nvaleurs ? on_line(a, c->valeurs[0].text) : "");
	utf8_trim_end(text);
	return arena_str(a, text);
}

/* --- blocks -------------------------------------------------------------------------- */

static void put_confidence(struct buf *b, const struct plan_colonne *k)
{
	buf_printf(b, "# confiance %d %% : ", percent(k->confiance));
	buf_str(b, k->nom >= 1 ? "le nom de la colonne" : k->nom > 0 ? "le nom de la colonne, à peu "
		"près" : "les valeurs seules, pas le nom");
	if (k->forme >= 0)
		buf_printf(b, " ; %d %% des %zu valeurs conviennent", percent(k->forme), k->c->n);
	buf_char(b, '\n');
}

static void put_columns(struct plan *p, struct buf *b, const struct plan_champ *field)
{
	for (size_t i = 0; i < field->noui; i++)
		buf_printf(b, "\tquand %s | oui -> %s\n", on_line(p->a, field->oui[i].c->nom),
			   field->oui[i].valeur);
	for (size_t i = 0; i < field->n; i++)
		buf_printf(b, "\tcolonne %s\n", on_line(p->a, field->colonnes[i].c->nom));
}

/* The different values of all the columns of a list field, cut. */
struct list_values {
	const struct piece *pieces[PLAN_COLONNES * PLAN_VALEURS];
	size_t n;
	bool cut[SEPARATEURS];
	bool plain;                     /* all of them are national values */
};

static bool has_piece(const struct list_values *v, const struct piece *piece)
{
	for (size_t i = 0; i < v->n; i++) {
		if (strcmp(v->pieces[i]->folded, piece->folded) == 0)
			return true;
	}
	return false;
}

static void gather(struct plan *p, enum lieu_field f, struct list_values *v)
{
	const struct plan_champ *field = &p->champs[f];

	*v = (struct list_values){ .plain = true };
	for (size_t i = 0; i < field->n; i++) {
		const struct pieces *found = plan_pieces(p, field->colonnes[i].c);

		for (int s = 0; s < SEPARATEURS; s++)
			v->cut[s] |= found->cut[s];
		for (size_t k = 0; k < found->n; k++) {
			bool exact;

			mots_valeur(p->m, f, found->list[k].text, &exact);
			v->plain &= exact;
			if (!has_piece(v, &found->list[k]))
				v->pieces[v->n++] = &found->list[k];
		}
	}
}

static void put_table(struct plan *p, struct buf *b, enum lieu_field f,
		      const struct list_values *v)
{
	const char *name = lieu_field_rules[f].name;
	bool exact;

	buf_printf(b, "table %s\n", name);
	for (size_t i = 0; i < v->n; i++) {
		const char *valeur = mots_valeur(p->m, f, v->pieces[i]->text, &exact);
		const char *old = on_line(p->a, v->pieces[i]->text);

		if (!*lieu_row_key(p->a, old))
			continue;
		if (valeur)
			buf_printf(b, "\t%s -> %s\n", old, valeur);
		else
			buf_printf(b, "\t# à compléter (%zu fois) : %s ->\n", v->pieces[i]->n, old);
	}
}

static void put_list(struct plan *p, struct buf *b, enum lieu_field f)
{
	static const char *const shown[SEPARATEURS] = { "|", ";", "\\n", "\" / \"", "," };
	struct list_values *v = NEW(p->a, struct list_values);
	bool table;

	if (!v)
		return;
	gather(p, f, v);
	table = p->champs[f].n && !v->plain;
	put_columns(p, b, &p->champs[f]);
	for (int s = 0; s < SEPARATEURS; s++) {
		if (v->cut[s])
			buf_printf(b, "\tcouper %s\n", shown[s]);
	}
	if (table) {
		buf_printf(b, "\tavec-table %s\n", lieu_field_rules[f].name);
		put_table(p, b, f, v);
	}
}

static void put_field(struct plan *p, struct buf *b, enum lieu_field f)
{
	static const char *const orders[] = { "", "jour-mois-annee", "mois-jour-annee",
					      "annee-mois-jour" };
	const struct plan_champ *field = &p->champs[f];

	if (!field->n && !field->noui)
		return;
	buf_char(b, '\n');
	for (size_t i = 0; i < field->n; i++)
		put_confidence(b, &field->colonnes[i]);
	if (field->noui)
		buf_str(b, "# colonnes de oui et de non, d'après leur nom : à vérifier\n");
	buf_printf(b, "champ %s\n", lieu_field_rules[f].name);
	if (lieu_field_rules[f].kind == LIEU_CHOICES) {
		put_list(p, b, f);
		return;
	}
	put_columns(p, b, field);
	if (f == LIEU_DATE_MAJ)
		buf_printf(b, "\tdate %s\n", orders[plan_ordre(field->colonnes[0].c)]);
}

/* --- lines of the whole file ----------------------------------------------------------- */

static void put_head(struct plan *p, const struct lieu_rows_ask *ask, struct buf *b)
{
	char source[SOURCE_MOST + 1];

	lieu_source_name(ask->path, source);
	for (char *s = source; *s; s++) {
		if (strchr(":|\n\r\t", *s))
			*s = '-';
	}
	buf_printf(b, "# Correspondance proposée pour « %s », d'après ses %zu premières lignes "
		   "(%s).\n# À relire ligne par ligne, puis : tremplin lieu import --data DIR "
		   "--mapping CE-FICHIER FICHIER\n# Les mots de ce fichier : docs/mappings.md\n",
		   on_line(p->a, ask->path), p->r->lus, on_line(p->a, p->r->described));
	buf_printf(b, "titre %s\nsource %s\n# « oui » si le fichier est la liste entière de cette "
		   "source\ncomplet non\n", on_line(p->a, source), source);
	if (ask->feuille)
		buf_printf(b, "feuille %s\n", ask->feuille);
	if (p->r->entete > 1)
		buf_printf(b, "# les titres des colonnes ne sont pas à la première ligne\nentete "
			   "%ld\n", p->r->entete);
}

static void put_same_names(struct plan *p, struct buf *b)
{
	const struct plan_champ *nom = &p->champs[LIEU_NOM];
	const struct colonne_vue *c = nom->n ? nom->colonnes[0].c : NULL;

	if (c && !c->trop && 10 * c->nvaleurs < 6 * c->n)
		buf_str(b, "\n# Beaucoup de lignes portent le même nom. Si ce sont les services d'un même "
			"lieu, ôtez\n# le bloc « champ id » et écrivez : reunir oui\n");
}

/* Without a column of communes, other texts may name the one of the postal code. */
static void put_town(struct plan *p, struct buf *b)
{
	const struct plan_champ *nom = &p->champs[LIEU_NOM], *adresse = &p->champs[LIEU_ADRESSE];
	const struct colonne_vue *where = p->adresse ? p->adresse
					  : adresse->n ? adresse->colonnes[0].c : NULL;

	if (p->champs[LIEU_COMMUNE].n || !(p->adresse || p->champs[LIEU_CODE_POSTAL].n))
		return;
	buf_str(b, "\n# pas de colonne de la commune : celle du code postal que ces textes nomment\n");
	if (where)
		buf_printf(b, "commune-dans %s\n", on_line(p->a, where->nom));
	buf_printf(b, "commune-dans %s\n", on_line(p->a, nom->colonnes[0].c->nom));
}

static void put_place(struct plan *p, struct buf *b)
{
	static const char *const days[JOURS] = { "lundi", "mardi", "mercredi", "jeudi", "vendredi",
		"samedi", "dimanche" };

	if (p->adresse)
		buf_printf(b, "\n# l'adresse entière sur une ligne (%d %% des valeurs)\nadresse-entiere "
			   "%s\n", percent(regard_part(p->adresse, SORTE_ADRESSE)),
			   on_line(p->a, p->adresse->nom));
	put_town(p, b);
	if (p->x && p->y)
		buf_printf(b, "\n# des nombres de la taille du Lambert-93 (EPSG 2154)\nprojection 2154 "
			   "%s | %s\n", on_line(p->a, p->x->nom), on_line(p->a, p->y->nom));
	if (p->heures)
		buf_printf(b, "\n# heures en français : %d %% des %zu valeurs se lisent en entier\n"
			   "horaires-texte %s\n", percent(regard_part(p->heures, SORTE_HEURES)),
			   p->heures->n, on_line(p->a, p->heures->nom));
	for (int i = 0; i < JOURS; i++) {
		if (p->jours[i])
			buf_printf(b, "jour %s %s\n", days[i], on_line(p->a, p->jours[i]->nom));
	}
}

static void put_left(struct plan *p, struct buf *b)
{
	bool first = true;

	for (size_t i = 0; i < p->r->n; i++) {
		const struct colonne_vue *c = p->r->colonnes[i];

		if (p->prise[i])
			continue;
		if (first)
			buf_str(b, "\n# À décider : ces colonnes ne vont nulle part pour l'instant.\n");
		first = false;
		if (c->n)
			buf_printf(b, "# %s : %zu valeur%s, par exemple « %s »\n", on_line(p->a, c->nom),
				   c->n, c->n > 1 ? "s" : "", sample(p->a, c));
		else
			buf_printf(b, "# %s : toujours vide\n", on_line(p->a, c->nom));
		buf_printf(b, "ignorer %s\n", on_line(p->a, c->nom));
	}
}

/* --- all of it ------------------------------------------------------------------------- */

static void count(const struct plan *p, struct proposition_totals *t)
{
	t->lus = p->r->lus;
	t->colonnes = p->r->n;
	t->reprises = t->champs = 0;
	for (size_t i = 0; i < p->r->n; i++)
		t->reprises += p->prise[i];
	for (int f = 0; f < LIEU_FIELDS; f++)
		t->champs += p->champs[f].n || p->champs[f].noui;
	t->champs += p->adresse && !p->champs[LIEU_ADRESSE].n;
	t->champs += (p->heures || p->jours[0] || p->jours[1]) && !p->champs[LIEU_HORAIRES].n;
	t->champs += p->x && p->y ? 2 : 0;
}

static bool check_regard(const struct lieu_rows_ask *ask, const struct plan *p, struct err *e)
{
	if (!p->r->lus)
		fail(e, E_INPUT, "le fichier ne contient aucun lieu.");
	else if (!p->champs[LIEU_NOM].n)
		fail(e, E_INPUT, "aucune colonne ne ressemble au nom d'un lieu.");
	else
		return true;
	hint(e, "La ligne des titres est-elle la bonne ? Un lieu a au moins un nom ; écrivez la "
	     "correspondance à la main (docs/mappings.md).");
	return fail_at(e, ask->path, 0);
}

/* What we propose must read without a mistake. */
static bool check_text(struct arena *a, struct buf *b, struct err *e)
{
	const struct correspondance *c;

	if (a->spent || b->full)
		return fail(e, E_LIMIT, "ce fichier a trop de colonnes ou de valeurs.");
	return correspondance_read(a, "proposition", b->p, b->n, &c, e);
}

bool proposition_write(const struct lieu_rows_ask *ask, struct buf *out,
		       struct proposition_totals *totals, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(ARENA_MOST);
	struct regard *r = NEW(&a, struct regard);
	struct plan *p = NEW(&a, struct plan);
	struct mots m;

	if (!r || !p)
		return arena_refuse(&a, e);
	if (!regard_read(&a, ask, r, e) || !mots_read(&a, &m, e))
		return false;
	plan_make(&a, r, &m, p);
	if (!check_regard(ask, p, e))
		return false;
	put_head(p, ask, out);
	for (int f = 0; f < LIEU_FIELDS; f++)
		put_field(p, out, (enum lieu_field)f);
	put_same_names(p, out);
	put_place(p, out);
	put_left(p, out);
	count(p, totals);
	return check_text(&a, out, e);
}
