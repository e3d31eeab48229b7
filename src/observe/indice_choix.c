/* The user's choice: which indicators, with which weights; as an address keeps it. */
#include "observe/indice.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "observe/nombre.h"

enum { MOT = 80 };
static const double POIDS_MOST = 1000;

void choix_defaut(const struct methode *m, struct indice_choix *out)
{
	memset(out, 0, sizeof *out);
	for (int i = 0; i < m->n; i++)
		out->poids[i] = m->indicateurs[i].choisi ? m->indicateurs[i].poids : 0;
	for (int g = 0; g < m->ngroupes; g++)
		out->groupes[g] = m->groupes[g].poids;
}

bool choix_est_defaut(const struct methode *m, const struct indice_choix *c)
{
	struct indice_choix d;

	choix_defaut(m, &d);
	return !memcmp(d.poids, c->poids, sizeof d.poids)
		&& !memcmp(d.groupes, c->groupes, sizeof d.groupes);
}

/* --- shares ----------------------------------------------------------------------- */

int choix_groupe(const struct methode *m, const struct indice_choix *c, int g)
{
	while (g > 0 && isnan(c->groupes[g]))
		g = m->groupes[g].parent;
	return g;
}

void choix_parts(const struct methode *m, const struct indice_choix *c, uint64_t present,
		 double parts[METHODE_INDICATEURS])
{
	double all[METHODE_GROUPES] = { 0 }, share[METHODE_GROUPES] = { 1 };
	int home[METHODE_INDICATEURS];

	for (int i = 0; i < m->n; i++) {
		home[i] = choix_groupe(m, c, m->indicateurs[i].groupe);
		if (present >> i & 1)
			all[home[i]] += c->poids[i];
	}
	for (int g = m->ngroupes - 1; g > 0; g--) {
		if (all[g] > 0)
			all[choix_groupe(m, c, m->groupes[g].parent)] += c->groupes[g];
	}
	for (int g = 1; g < m->ngroupes; g++) {
		int up = choix_groupe(m, c, m->groupes[g].parent);

		share[g] = all[g] > 0 && all[up] > 0 ? share[up] * c->groupes[g] / all[up] : 0;
	}
	for (int i = 0; i < m->n; i++) {
		int g = home[i];

		parts[i] = present >> i & 1 && all[g] > 0 ? share[g] * c->poids[i] / all[g] : 0;
	}
}

bool choix_valable(const struct methode *m, const struct indice_choix *c, struct err *e)
{
	double parts[METHODE_INDICATEURS], sum = 0;

	choix_parts(m, c, UINT64_MAX, parts);
	for (int i = 0; i < m->n; i++)
		sum += parts[i];
	if (sum > 0.5)
		return true;
	fail(e, E_INPUT, "les poids font zéro : aucun indicateur ne reste.");
	return hint(e, "Donnez un poids au-dessus de zéro à un indicateur au moins.");
}

/* --- reading ---------------------------------------------------------------------- */

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One word of a query, decoded, up to one of the bytes of `ends`; moves *p there. */
static bool read_word(const char **p, const char *ends, char out[MOT], struct err *e)
{
	size_t n = 0;

	while (**p && !strchr(ends, **p)) {
		const char *s = *p;
		char c = *s == '+' ? ' ' : *s;

		if (c == '%' && hex(s[1]) >= 0 && hex(s[2]) >= 0) {
			c = (char)(hex(s[1]) * 16 + hex(s[2]));
			*p += 2;
			if (strchr(ends, c) && c) {     /* %2C is a comma like another */
				++*p;
				out[n] = '\0';
				return true;
			}
		}
		if (n + 1 == MOT || !c)
			return fail(e, E_INPUT, "le choix des indicateurs ne se lit pas : un mot "
				    "est trop long.");
		out[n++] = c;
		++*p;
	}
	out[n] = '\0';
	if (**p)
		++*p;
	return true;
}

static bool set_weight(const struct methode *m, struct indice_choix *c, const char *who,
		       double poids, struct err *e)
{
	int i = methode_indicateur(m, who), g = methode_groupe(m, who);

	if (i >= 0)
		c->poids[i] = poids;
	else if (g > 0)
		c->groupes[g] = poids;
	else {
		fail(e, E_INPUT, "la méthode %s n’a pas d’indicateur « %.40s ».", m->nom, who);
		return hint(e, "Ses indicateurs : « tremplin indice check %s ».", m->nom);
	}
	return true;
}

static bool set_text(const struct methode *m, struct indice_choix *c, const char *who,
		     const char *value, struct err *e)
{
	double poids;

	if (!nombre_lire(value, &poids) || !(poids >= 0) || poids > POIDS_MOST) {
		fail(e, E_INPUT, "le poids de %.40s n’est pas un nombre de 0 à %g : « %.20s ».",
		     who, POIDS_MOST, value);
		return hint(e, "0 laisse l’indicateur de côté, 1 est le poids ordinaire.");
	}
	return set_weight(m, c, who, poids, e);
}

/* "a:2,b:0" */
static bool read_weights(const struct methode *m, struct indice_choix *c, const char *p,
			 const char *end, struct err *e)
{
	char text[16 * METHODE_INDICATEURS + 1024], *at = text;
	char who[MOT], value[MOT];
	const char *q;

	if ((size_t)(end - p) >= sizeof text)
		return fail(e, E_INPUT, "le choix des indicateurs est trop long.");
	memcpy(text, p, (size_t)(end - p));
	text[end - p] = '\0';
	for (q = at; *q;) {
		if (!read_word(&q, ":", who, e) || !read_word(&q, ",", value, e))
			return false;
		if (!*value)
			return fail(e, E_INPUT, "le poids de %.40s manque (écrire %.40s:1).", who,
				    who);
		if (!set_text(m, c, who, value, e))
			return false;
	}
	return true;
}

/* "a,b": left out, or taken in with the weight that the method gives. */
static bool read_names(const struct methode *m, struct indice_choix *c, const char *p,
		       const char *end, bool taken, struct err *e)
{
	while (p < end) {
		char who[MOT];
		const char *stop = p;
		double poids = 0;
		int i;

		if (!read_word(&stop, ",&", who, e))
			return false;
		i = methode_indicateur(m, who);
		if (taken && i >= 0)
			poids = m->indicateurs[i].poids > 0 ? m->indicateurs[i].poids : 1;
		if (*who && !set_weight(m, c, who, poids, e))
			return false;
		p = stop;
	}
	return true;
}

static bool read_pair(const struct methode *m, struct indice_choix *c, const char *p,
		      const char *end, struct err *e)
{
	const char *eq = memchr(p, '=', (size_t)(end - p)), *v = eq ? eq + 1 : end;
	size_t n = (size_t)((eq ? eq : end) - p);
	char who[MOT], value[MOT];
	const char *q = p + 6;

	if (n == 5 && !memcmp(p, "poids", 5))
		return read_weights(m, c, v, end, e);
	if (n == 4 && !memcmp(p, "sans", 4))
		return read_names(m, c, v, end, false, e);
	if (n == 4 && !memcmp(p, "avec", 4))
		return read_names(m, c, v, end, true, e);
	if (n <= 6 || memcmp(p, "poids.", 6) != 0 || !eq)
		return true;                    /* of the page, not ours */
	if (!read_word(&q, "=", who, e))
		return false;
	q = v;
	if (!read_word(&q, "&", value, e))
		return false;
	return !*value || set_text(m, c, who, value, e);
}

bool choix_lire(const struct methode *m, const char *query, struct indice_choix *out,
		struct err *e)
{
	choix_defaut(m, out);
	for (const char *p = query; *p;) {
		const char *end = p + strcspn(p, "&");

		if (end > p && !read_pair(m, out, p, end, e))
			return false;
		p = end + (*end == '&');
	}
	return choix_valable(m, out, e);
}

/* --- writing ---------------------------------------------------------------------- */

static void write_weight(struct buf *b, const char *code, double poids, bool *first)
{
	char number[NOMBRE_TEXTE];

	buf_str(b, *first ? "poids=" : ",");
	buf_printf(b, "%s:%s", code, nombre_ecrire(poids, number));
	*first = false;
}

void choix_ecrire(struct buf *b, const struct methode *m, const struct indice_choix *c)
{
	struct indice_choix d;
	bool first = true;

	choix_defaut(m, &d);
	for (int i = 0; i < m->n; i++) {
		if (c->poids[i] != d.poids[i])
			write_weight(b, m->indicateurs[i].code, c->poids[i], &first);
	}
	for (int g = 1; g < m->ngroupes; g++) {
		if (!isnan(c->groupes[g]) && c->groupes[g] != d.groupes[g])
			write_weight(b, m->groupes[g].code, c->groupes[g], &first);
	}
}
