/* Words of a language that no message holds: how dates, hours and numbers are written. */
#pragma once

#include "web/i18n.h"

struct lang_words {
	const char *months[12], *days[7];       /* as inside a date */
	const char *first;              /* day of the month; NULL: 1 */
	const char *date, *day;         /* %w weekday, %d day, %m month, %y year */
	const char *group, *decimal;    /* 1 234,5 */
	const char *hour;               /* between hours and minutes */
	const char *full_hour;          /* instead of it and of 00; NULL: as the others */
};
