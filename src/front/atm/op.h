/*
 * The table of what can be asked. In the session's worker.
 *
 * An op is run with its members read into the session's request, and returns
 * as a command does (see command.h): it adds members to the session's answer
 * and returns ERR_OK, returns what call_refuse() returned, or returns what
 * task_start() returned, whose finish does likewise.
 */
#ifndef RIALTO_FRONT_ATM_OP_H
#define RIALTO_FRONT_ATM_OP_H

#include <stdbool.h>

#include "base/err.h"
#include "command/command.h"
#include "front/atm/atm_session.h"

struct op {
	const char *name;
	const char *members; /* see request_read() */
	bool is_open;        /* also before the login */
	enum err (*run)(struct call *call, struct atm_session *as);
};

/* NULL: there is no such op. */
const struct op *op_find(const char *name);

/* The families, each ended by a row without a name. */
extern const struct op ops_login[];
extern const struct op ops_account[];
extern const struct op ops_history[];
extern const struct op ops_hold[];
extern const struct op ops_money[];
extern const struct op ops_batch[];
extern const struct op ops_lookup[];

#endif
