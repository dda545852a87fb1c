#include "chat/crowd.h"

#include <stdio.h>

void crowd_add(struct crowd *c, const char *name)
{
	if (c->count < CROWD_NAMES)
		snprintf(c->names[c->count], sizeof(c->names[0]), "%s", name);
	c->count++;
}

void crowd_tell(struct crowd *c, const char *did, struct buf *out)
{
	unsigned named = c->count < CROWD_NAMES ? c->count : CROWD_NAMES;

	for (unsigned i = 0; i < named; i++) {
		const char *glue = i == 0 ? "" : ", ";

		if (i > 0 && i + 1 == c->count)
			glue = " and ";
		buf_print(out, "%s%s", glue, c->names[i]);
	}
	if (c->count > named)
		buf_print(out, " and %u other%s", c->count - named,
			  c->count - named == 1 ? "" : "s");
	buf_print(out, " %s", did);
	c->count = 0;
}
