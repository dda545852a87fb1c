#include "rialto/atm/atm.h"

#include <stdio.h>

#include "base/mem.h"
#include "rialto/atm/batch.h"
#include "rialto/atm/desk.h"
#include "rialto/atm/machine.h"

enum { UNUSABLE = 2 };

/* The first connection, so that whom to trust is settled before all else. */
static bool open_desk(const struct options *o, struct desk *desk)
{
	AUTO(buf_fini) struct buf words = { 0 };
	enum desk_outcome outcome = desk_open(desk, true, &words);

	if (buf_len(&words) > 0)
		fprintf(stderr, "rialto: %s", buf_text(&words));
	if (outcome == DESK_LOST)
		fprintf(stderr, "rialto: cannot connect to %s: %s\n",
			o->address.text, desk_problem(desk));
	return outcome == DESK_OK;
}

int atm_run(const struct options *o, const struct link_trust *cas,
	    struct trust *trust, const struct secret *password)
{
	AUTO(desk_free) struct desk *desk = desk_new(o, cas, trust);

	if (!open_desk(o, desk))
		return UNUSABLE;
	if (o->batch_file != NULL)
		return batch_run(o, desk, password);
	return machine_run(o, desk, password);
}
