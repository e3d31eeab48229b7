#include "test.h"

#include "base/buf.h"

TEST("a buffer whose ceiling is small stops there, whatever comes")
{
	struct buf b = buf_new(1000);

	for (int i = 0; i < 3000; i++)
		buf_str(&b, "abc");
	holds(b.full);
	holds(b.n <= 1000);
	buf_free(&b);
}
