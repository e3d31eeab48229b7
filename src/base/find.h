/* Search by halves in what is sorted by a text. */
#pragma once

#include <stddef.h>

typedef const char *find_key(const void *element);

/* Index of the first of n elements (size bytes each, sorted by key_of with strcmp) whose
 * key is not before `key`; n when there is none. */
size_t find_first(const void *array, size_t n, size_t size, find_key *key_of,
		  const char *key);
