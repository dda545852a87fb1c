#include <inttypes.h>

#include "bank/verify/verify_fields.h"

enum err verify_due(struct verify *v, struct store_table *index,
		    const char *what, const struct due *due)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t marks[DUE_MARKS][DUE_MARK];
	enum err e = ERR_OK;

	due_marks(due, marks);
	for (size_t i = 0; e == ERR_OK && i < DUE_MARKS; i++)
		e = verify_get(v, index, marks[i], DUE_MARK, &value);
	if (e == ERR_NOT_FOUND)
		verify_tell(v,
			    "%s #%" PRIu64 " is open, but the index of %ss "
			    "does not have it everywhere",
			    what, due->number, what);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}
