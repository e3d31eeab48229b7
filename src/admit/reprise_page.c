/* After a login or a proof: the page that was wanted, or what had been typed. */
#include <string.h>

#include "admit/connexion.htm.h"
#include "admit/connexion_inside.h"
#include "admit/entree_inside.h"

static bool reprise_show(struct req *r, struct res *s, const struct reprise *kept)
{
	struct page page = admit_page(r, s, N_("Vous êtes de nouveau là"));
	struct html h = page_html(r, s);
	struct reprise_view v = { .r = r, .page = &page, .path = kept->path, .form = &kept->form,
				  .secrets = kept->secrets };

	s->status = 200;
	reprise_page(&h, &v);
	return true;
}

bool peu_de_codes_show(struct req *r, struct res *s, int left, struct err *e)
{
	struct page page = admit_page(r, s, N_("Codes de secours"));
	struct html h = page_html(r, s);
	struct reprise_view v = { .r = r, .page = &page, .codes_left = left, .retour = "/agent" };

	(void)e;
	peu_de_codes(&h, &v);
	return true;
}

bool entree_go_on(struct req *r, struct res *s, const char *agent, const struct suite *suite,
		  struct err *e)
{
	struct reprise kept;

	(void)e;
	if (suite->reprise && reprise_open(r, &entree_of(r)->box, suite->reprise, &kept)
	    && !strcmp(kept.agent, agent))
		return reprise_show(r, s, &kept);
	return res_see_other(s, suite->retour ? suite->retour : "/agent");
}
