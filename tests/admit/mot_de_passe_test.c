#include "admit/mot_de_passe.h"
#include "test.h"

#include <stdlib.h>

static const char *const nobody[] = { NULL };

static void refused(const char *password)
{
	if (!mot_de_passe_refus(password, nobody))
		fail_msg("taken: %s", password);
}

static void taken(const char *password)
{
	const char *why = mot_de_passe_refus(password, nobody);

	if (why)
		fail_msg("refused: %s (%s)", password, why);
}

TEST("a short password is refused, and four words that have nothing in common are taken")
{
	refused("Xk7!qv2");
	refused("cactus lune");
	taken("cactus tambour neige virgule");
	taken("Ma voisine élève 3 chèvres");
	taken("zK8$hq2Lm0vT");
	taken("péniche+girouette");
}

TEST("the commonest passwords are refused in whatever dress")
{
	refused("motdepasse123");
	refused("MotDePasse2026!");
	refused("M0td3p@$$e2026");
	refused("password12345");
	refused("P4ssw0rd!2024");
	refused("azertyuiop12");
	refused("Azertyuiop2026");
	refused("1234567890azerty");
	refused("soleilsoleil");
	refused("Bienvenue2026!");
	refused("Franceservices93");
	refused("je t'aime mon amour");
	refused("Marseille13013");
	refused("Mohamed20081990");
}

TEST("patterns are refused without a list")
{
	refused("aaaaaaaaaaaa");
	refused("abcdefghijklmnop");
	refused("zyxwvutsrqponm");
	refused("xk7xk7xk7xk7");
	refused("ababababababab");
	refused("837465920174");
	refused("!!!!!!!!!!!!!");
}

TEST("a password that is mostly one's own name is refused")
{
	static const char *const amina[] = { "Amina", "Benhaddou", "amina.benhaddou@bondy.fr", NULL };

	holds(mot_de_passe_refus("AminaBenhaddou93", amina));
	holds(mot_de_passe_refus("benhaddou-amina", amina));
	holds(!mot_de_passe_refus("Amina cueille des girolles", amina));
}

TEST("a password of any length or bytes is answered")
{
	char many[2000];

	for (size_t n = 0; n < sizeof many; n += 97) {
		memset(many, 'a' + (char)(n % 26), n);
		many[n] = '\0';
		refused(many);
	}
	refused("\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff");
}
