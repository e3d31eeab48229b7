/* The line of JSON that a leaf commits to, for what checks it again. */
#pragma once

#include "base/buf.h"
#include "core/journal.h"

/* From all members but numero, engagement, sel, efface and record. */
void journal_record_write(const struct journal_act *x, struct buf *b);
