#include "admit/conservation.h"

#include "admit/conservation.sql.h"
#include "base/date.h"
#include "core/journal_efface.h"

static const int64_t DAY_MS = 24 * 3600 * 1000;

static bool erase(struct tx *tx, void *arg, struct err *e)
{
	const struct env *const *env = arg;
	int64_t ms = env_now(*env);
	char now[ISO_TEXT], traces[ISO_TEXT], liens[ISO_TEXT];

	iso_write(ms, now);
	iso_write(ms - CONSERVE_TRACES_JOURS * DAY_MS, traces);
	iso_write(ms - CONSERVE_LIENS_JOURS * DAY_MS, liens);
	return conservation_traces(tx, traces, NULL, e) && conservation_liens(tx, liens, NULL, e)
	       && conservation_partis(tx, traces, now, NULL, e);
}

bool conservation_run(struct store *s, const struct env *env, struct err *e)
{
	return store_write(s, erase, &env, e) && journal_conserve(s, e);
}
