/*
 * A right: who may ask for a route.  One constant object each, declared where the right
 * has its meaning; web has the one of everybody.
 */
#pragma once

#include "web/route.h"

struct right {
	const char *name;                               /* in the permission matrix: "public" */
	bool (*allows)(const struct req *r);            /* NULL: everybody */
};
