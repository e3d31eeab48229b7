/* What the tests of the store share: a folder, one table to write in. */
#pragma once

#include "store/db.h"
#include "test.h"

#include <sys/types.h>

/* A child that the kernel ends when this process ends, whatever happens to a test. */
pid_t fork_that_dies_with_us(void);

struct store *open_store(const char *dir, enum store_mode mode);

/* One row of `reglage`, through the writer; E_CONFLICT when the key is there. */
bool add_setting(struct store *s, const char *key, const char *value, struct err *e);
/* The same, replacing. */
bool put_setting(struct store *s, const char *key, const char *value, struct err *e);
/* Opens the folder, reads one value into out (room for 40 bytes) and closes. */
const char *get_setting(const char *dir, const char *key, char out[40]);
int64_t count_settings(struct store *s);

/* Jobs: arg is a struct setting. */
struct setting {
	const char *key, *value;
};
bool add_setting_job(struct tx *tx, void *arg, struct err *e);
