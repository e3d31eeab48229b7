#include "test.h"

#include <math.h>

#include "detect/expression.h"

static const char *const colours[] = { "rouge", "vert", "bleu" };
static const double weights[] = { 1, 2, 4 };
static const char *const sizes[] = { "petit", "grand" };
static const struct expression_item items[] = {
	{ .name = "couleur", .options = colours, .values = weights, .noptions = 3 },
	{ .name = "taille", .options = sizes, .values = NULL, .noptions = 2 },
};
static const char *const scores[] = { "total" };
static const struct expression_scope scope = { items, 2, scores, 1 };

static const struct expression *reads(struct arena *a, enum expression_type type,
				      const char *text)
{
	struct err e = { 0 };
	const struct expression *x = expression_read(a, text, type, &scope, &e);

	if (!x)
		fail_msg("%s: %s", text, e.msg);
	return x;
}

/* Condition with couleur = vert, taille unknown to the person, total = 3. */
static bool is(const char *text)
{
	const struct reponse r[2] = { { .etat = REPONDU, .choix = 2 }, { .etat = NE_SAIT_PAS, .choix = 0 } };
	const double total[] = { 3 };
	struct arena a = arena_new(1 << 20);
	const struct expression_values v = { r, total };
	bool holds = expression_holds(reads(&a, EXPRESSION_CONDITION, text), &v);

	arena_free(&a);
	return holds;
}

static double number(const char *text)
{
	const struct reponse r[2] = { { .etat = REPONDU, .choix = 2 }, { .etat = NE_SAIT_PAS, .choix = 0 } };
	const double total[] = { 3 };
	struct arena a = arena_new(1 << 20);
	const struct expression_values v = { r, total };
	double n = expression_number(reads(&a, EXPRESSION_NUMBER, text), &v);

	arena_free(&a);
	return n;
}

static void refused(const char *text, const char *word)
{
	struct arena a = arena_new(1 << 20);
	struct err e = { 0 };

	if (expression_read(&a, text, EXPRESSION_CONDITION, &scope, &e))
		fail_msg("accepted: %s", text);
	equals(e.kind, E_INPUT);
	if (!strstr(e.msg, word))
		fail_msg("%s: « %s » says nothing of « %s »", text, e.msg, word);
	arena_free(&a);
}

TEST("arithmetic follows the usual precedence")
{
	near_to(number("1 + 2 * 3 - 4 / 2"), 5, 0);
	near_to(number("(1 + 2) * 3"), 9, 0);
	near_to(number("8 - 2 - 1"), 5, 0);
	near_to(number("8 / 2 / 2"), 2, 0);
	near_to(number("--2 * -3"), -6, 0);
	near_to(number("valeur(couleur) + score(total)"), 5, 0);
}

TEST("« et » binds tighter than « ou », and « non » tighter still")
{
	holds(is("vrai ou vrai et faux"));
	holds(!is("(vrai ou vrai) et faux"));
	holds(is("non faux et vrai"));
	holds(!is("non (faux ou vrai)"));
	holds(is("non non vrai"));
	holds(is("1 + 1 = 2 et 2 < 3 ou faux"));
}

TEST("an answer equals its option and is among a list that has it")
{
	holds(is("couleur = 'vert'"));
	holds(!is("couleur = 'rouge'"));
	holds(is("couleur != 'rouge'"));
	holds(is("couleur dans ('bleu', 'vert')"));
	holds(!is("couleur dans ('bleu', 'rouge')"));
}

TEST("an answer that is not there equals nothing and differs from nothing")
{
	holds(!is("taille = 'petit'"));
	holds(!is("taille != 'petit'"));
	holds(is("non (taille = 'petit')"));
}

TEST("not knowing, refusing and not answering are three different things")
{
	struct arena a = arena_new(1 << 20);
	static const char *const texts[] = { "sans_reponse(taille)", "repondu(taille)",
					     "ne_sait_pas(taille)", "refuse(taille)" };

	for (int etat = 0; etat < 4; etat++) {
		const struct reponse r[2] = { { 0 }, { .etat = (enum reponse_etat)etat, .choix = 1 } };
		const double total[] = { 0 };
		const struct expression_values v = { r, total };

		for (int i = 0; i < 4; i++)
			equals(expression_holds(reads(&a, EXPRESSION_CONDITION, texts[i]), &v),
			       i == etat);
	}
	arena_free(&a);
}

TEST("several choices: equality means that one is among them")
{
	struct arena a = arena_new(1 << 20);
	const struct reponse r[2] = { { .etat = REPONDU, .choix = 1 | 4 }, { .etat = SANS_REPONSE, .choix = 0 } };
	const double total[] = { NAN };
	const struct expression_values v = { r, total };

	holds(expression_holds(reads(&a, EXPRESSION_CONDITION, "couleur = 'bleu'"), &v));
	holds(!expression_holds(reads(&a, EXPRESSION_CONDITION, "couleur = 'vert'"), &v));
	near_to(expression_number(reads(&a, EXPRESSION_NUMBER, "valeur(couleur)"), &v), 5, 0);
	near_to(expression_number(reads(&a, EXPRESSION_NUMBER, "compte(couleur)"), &v), 2, 0);
	arena_free(&a);
}

TEST("dividing by what may be zero gives no number, and no number makes every comparison false")
{
	holds(isnan(number("1 / (score(total) - 3)")));
	holds(isnan(number("1 + 2 * (3 / (score(total) - 3))")));
	holds(!is("1 / (score(total) - 3) = 1 / (score(total) - 3)"));
	holds(!is("1 / (score(total) - 3) != 1"));
	holds(!is("1 / (score(total) - 3) < 1 ou 1 / (score(total) - 3) >= 1"));
}

TEST("dividing by zero itself is refused with its column")
{
	refused("1 / 0 = 1", "colonne 5");
	refused("1 + 2 * (3 / (1 - 1)) = 1", "division par zéro");
	refused("score(total) / 0 > 2", "division par zéro");
}

TEST("a spelling mistake is refused with its column")
{
	refused("coleur = 'vert'", "coleur");
	refused("couleur = 'jaune'", "jaune");
	refused("couleur = vert", "apostrophes");
	refused("1 = 1 et couleur = 'jaune'", "colonne 20");
	refused("score(autre) > 1", "autre");
	refused("valeur(taille) > 1", "taille");
	refused("couleur", "repondu");
	refused("couleur + 1 > 2", "valeur");
	refused("1 + 2", "condition");
	refused("vrai + 1 = 2", "nombre");
	refused("(vrai", "parenth");
	refused("vrai)", "suit");
	refused("", "pas finie");
	refused("vrai vrai", "suit");
	refused("1 < 2 < 3", "suit");
	refused("1.2.3 = 1", "nombre");
}

TEST("an expression too deep or too long is refused, and nothing breaks")
{
	char deep[1001];

	memset(deep, '(', 1000);
	deep[1000] = '\0';
	refused(deep, "profonde");
	for (int i = 0; i < 1000; i += 4)
		memcpy(deep + i, "non ", 4);
	refused(deep, "profonde");
	memset(deep, '-', 1000);
	refused(deep, "profonde");
	for (int i = 0; i < 999; i += 2)
		memcpy(deep + i, "1+", 2);
	refused(deep, "longue");
}
