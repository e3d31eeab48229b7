/* Names and words of methods, and where their files are. */
#include "observe/methode.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/embedded.h"

const char *const niveau_mots[NIVEAUX + 1] = {
	"iris", "commune", "epci", "departement", "region", "pays", NULL,
};

const char *const niveau_pluriels[NIVEAUX] = {
	"IRIS", "communes", "EPCI", "départements", "régions", "pays",
};

int niveau_find(const char *mot)
{
	for (int i = 0; niveau_mots[i]; i++) {
		if (!strcmp(niveau_mots[i], mot))
			return i;
	}
	return -1;
}

int methode_indicateur(const struct methode *m, const char *code)
{
	for (int i = 0; i < m->n; i++) {
		if (!strcmp(m->indicateurs[i].code, code))
			return i;
	}
	return -1;
}

int methode_groupe(const struct methode *m, const char *code)
{
	for (int g = 0; g < m->ngroupes; g++) {
		if (!strcmp(m->groupes[g].code, code))
			return g;
	}
	return -1;
}

/* --- words ------------------------------------------------------------------------ */

void norme_bornes(const struct norme *n, double *bas, double *haut)
{
	*bas = -INFINITY;
	*haut = INFINITY;
	if (n->type == NORME_DECILE) {
		*bas = 1;
		*haut = n->classes;
	} else if (n->type == NORME_POINTS) {
		*bas = -n->nseuils / 2;
		*haut = n->nseuils / 2;
	} else if (n->type == NORME_CENTILE) {
		*bas = 0;
		*haut = 100;
	} else if (n->type == NORME_MINMAX && (n->borner || n->portee != PORTEE_FIXE)) {
		*bas = fmin(n->vers[0], n->vers[1]);
		*haut = fmax(n->vers[0], n->vers[1]);
	}
}

static const char *minmax_mots(struct arena *a, const struct norme *n, enum niveau unite)
{
	if (n->portee == PORTEE_FIXE)
		return arena_printf(a, "de %g à %g quand la valeur va de %g à %g%s (bornes fixes)",
				    n->vers[0], n->vers[1], n->bas, n->haut,
				    n->log ? " en log10" : "");
	if (n->portee == PORTEE_PARENT)
		return arena_printf(a, "de %g à %g entre le minimum et le maximum des %s de "
				    "chaque %s", n->vers[0], n->vers[1],
				    niveau_pluriels[unite], niveau_mots[n->parent]);
	return arena_printf(a, "de %g à %g entre le minimum et le maximum de tous les %s",
			    n->vers[0], n->vers[1], niveau_pluriels[unite]);
}

const char *norme_mots(struct arena *a, const struct norme *n, enum niveau unite)
{
	switch (n->type) {
	case NORME_DECILE:
		return arena_printf(a, n->classes == 10 ? "décile parmi les %2$s, de 1 à %1$d"
				    : "classe parmi les %2$s, de 1 à %1$d", n->classes,
				    niveau_pluriels[unite]);
	case NORME_POINTS:
		return arena_printf(a, "points de -%d à +%d selon la place parmi les %s",
				    n->nseuils / 2, n->nseuils / 2, niveau_pluriels[unite]);
	case NORME_MINMAX:
		return minmax_mots(a, n, unite);
	case NORME_ZSCORE:
		return arena_printf(a, "écart à la moyenne des %s, en écarts-types",
				    niveau_pluriels[unite]);
	case NORME_RAPPORT:
		return "rapport à la moyenne par habitant, base 100";
	case NORME_CENTILE:
		return arena_printf(a, "part des %s en dessous, en %%", niveau_pluriels[unite]);
	}
	return "";
}

/* --- files ------------------------------------------------------------------------ */

static bool read_file(struct arena *a, const char *path, const char **text, size_t *n,
		      struct err *e)
{
	FILE *f = fopen(path, "rb");
	char *p = arena_alloc(a, METHODE_BYTES + 1);
	bool bad;

	if (!f) {
		fail(e, E_MISSING, "%s : ce fichier ne s’ouvre pas.", path);
		return hint(e, "Vérifiez son chemin ; « tremplin indice list » montre les "
			    "méthodes fournies.");
	}
	if (!p) {
		fclose(f);
		return arena_refuse(a, e);
	}
	*n = fread(p, 1, METHODE_BYTES + 1, f);
	bad = ferror(f) != 0;
	fclose(f);
	*text = p;
	return !bad || fail(e, E_MISSING, "%s : ce fichier ne se lit pas.", path);
}

bool methode_open(struct arena *a, const char *name, const struct methode **out,
		  struct err *e)
{
	const struct embedded_file *f;
	const char *text;
	size_t n = strlen(name);

	if (strchr(name, '/') || (n > 5 && !strcmp(name + n - 5, ".json")))
		return read_file(a, name, &text, &n, e)
			&& methode_read(a, name, text, n, out, e);
	f = embedded_find(embedded_files, arena_cat(a, "data/methodes/", name, ".json", NULL));
	if (!f) {
		fail(e, E_MISSING, "aucune méthode ne s’appelle « %.60s ».", name);
		return hint(e, "« tremplin indice list » montre celles qui sont fournies ; la "
			    "vôtre est un fichier : --method ./ma-methode.json");
	}
	return methode_read(a, f->name, f->p, (size_t)(f->end - f->p), out, e);
}

bool methode_list(struct arena *a, const struct methode ***out, size_t *n, struct err *e)
{
	static const char folder[] = "data/methodes/";
	size_t most = 0;

	*n = 0;
	for (const struct embedded_file *f = embedded_files; f->name; f++)
		most += !strncmp(f->name, folder, sizeof folder - 1);
	*out = arena_array(a, most, sizeof **out);
	if (!*out)
		return arena_refuse(a, e);
	for (const struct embedded_file *f = embedded_files; f->name; f++) {
		if (strncmp(f->name, folder, sizeof folder - 1) != 0)
			continue;
		if (!methode_read(a, f->name, f->p, (size_t)(f->end - f->p), &(*out)[*n], e))
			return false;
		++*n;
	}
	return true;
}
