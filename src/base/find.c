#include "base/find.h"

#include <string.h>

size_t find_first(const void *array, size_t n, size_t size, find_key *key_of,
		  const char *key)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(key_of((const char *)array + mid * size), key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}
