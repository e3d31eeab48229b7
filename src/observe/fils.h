/*
 * The same work on many things, shared between threads.
 */
#pragma once

#include <stddef.h>

enum { FILS_MOST = 8 };

/* Calls one(i, arg) for each i below n, once, in any order, on as many threads as there are
 * processors; returns when all are done.  `one` must touch nothing that another i touches. */
void fils_partager(size_t n, void (*one)(size_t i, void *arg), void *arg);

int fils_nombre(void);          /* threads that are used: 1 to FILS_MOST */
