/* The CSV of an index, and why a value is not there. */
#include "observe/indice_dire.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "format/csv.h"
#include "observe/nombre.h"

static void number_cell(struct buf *b, double v)
{
	char text[NOMBRE_TEXTE];

	buf_char(b, ',');
	if (!isnan(v))
		buf_str(b, nombre_ecrire(v, text));
}

static void rank_cell(struct buf *b, const uint32_t *ranks, size_t i)
{
	buf_char(b, ',');
	if (ranks && ranks[i])
		buf_int(b, ranks[i]);
}

void indice_csv(struct buf *b, const struct indice_table *t, const struct indice_resultat *r)
{
	buf_str(b, "code,nom,population,score,rang,rang_min,rang_max");
	for (int k = 0; k < t->m->n; k++) {
		if (t->x[k])
			buf_printf(b, ",%s", t->m->indicateurs[k].code);
	}
	buf_char(b, '\n');
	for (size_t i = 0; i < t->u.n; i++) {
		csv_write_cell(b, t->u.codes[i], true);
		csv_write_cell(b, t->u.noms[i], false);
		number_cell(b, t->u.population[i]);
		if (t->u.etat[i] & UNITE_VIDE)
			buf_str(b, ",sans objet");
		else
			number_cell(b, r->totaux[i]);
		rank_cell(b, r->rangs, i);
		rank_cell(b, r->bas, i);
		rank_cell(b, r->haut, i);
		for (int k = 0; k < t->m->n; k++) {
			if (t->x[k])
				number_cell(b, t->x[k][i]);
		}
		buf_char(b, '\n');
	}
}

/* --- what is missing -------------------------------------------------------------- */

static const char *mark_words(uint8_t mark, const struct methode *m)
{
	static const char *const words[STATUTS] = {
		"", "secret statistique", "non significatif", "non disponible", "sans objet",
	};

	if (mark < STATUTS)
		return mark ? words[mark] : "ne se calcule pas";
	if (mark == MARQUE_PARENT)
		return m->manquant_niveau == NIVEAU_COMMUNE ? "valeur reprise de la commune"
			: "valeur reprise du territoire qui le contient";
	return "valeur moyenne des territoires voisins";
}

const char *indice_manques(struct arena *a, const struct indice_table *t,
			   const struct indice_choix *c, size_t i)
{
	double parts[METHODE_INDICATEURS];
	const char *all = NULL;

	choix_parts(t->m, c, UINT64_MAX, parts);
	for (int k = 0; k < t->m->n; k++) {
		const char *name = t->m->indicateurs[k].libelle, *why = NULL;
		uint8_t mark = t->base || !t->entree->marques[k] ? 0 : t->entree->marques[k][i];

		if (!(parts[k] > 0))
			continue;
		if (!t->x[k])
			why = "pas de colonne";
		else if (isnan(t->x[k][i]))
			why = t->base ? "aucune partie ne l’a" : mark_words(mark, t->m);
		else if (mark >= STATUTS)
			why = mark_words(mark, t->m);
		else if (t->couvert[k] && t->couvert[k][i] < 0.9995)
			why = arena_printf(a, "connu pour %.0f %% des habitants",
					   100 * t->couvert[k][i]);
		if (why)
			all = arena_cat(a, all ? all : "", all ? " ; " : "", name, " : ", why, NULL);
	}
	return all;
}
