/* zones CODE... : local times of many instants, as our tables give them, for zones.py. */
#include <inttypes.h>
#include <stdio.h>

#include "core/horaires.h"

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const struct zone *z = calendrier_de(argv[i])->zone;

		/* 2020 to 2036, every 4 h 57: a change of clock is never far. */
		for (int64_t s = 1577836800; s < 2082758400; s += 17820) {
			struct civil c = zone_local(z, s * 1000);

			printf("%s %s %" PRId64 " %04d-%02d-%02dT%02d:%02d %" PRId64 "\n", argv[i],
			       z->name, s, c.year, c.month, c.day, c.hour, c.minute,
			       zone_instant(z, &c) / 1000);
		}
	}
	return 0;
}
