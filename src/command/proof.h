/*
 * A proof: the code of the second factor that a caller gives, for a login or
 * within one. It is looked at in a job; what was wrong counts as a wrong
 * password does.
 */
#ifndef RIALTO_COMMAND_PROOF_H
#define RIALTO_COMMAND_PROOF_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "command/command.h"
#include "command/task.h"
#include "user/factor/code.h"
#include "user/factor/factors.h"

struct proof {
	bool is_given;
	bool is_code; /* else what was given cannot be one */
	struct code code;
	struct factor_trial trial;
};

/* Takes what was written; "" is nothing given. */
void proof_read(struct proof *proof, const char *text);

/* Wipes it. */
void proof_fini(struct proof *proof);

/*
 * A job: looks at the code of the user, who is called name, and does with the
 * factor what use says. As factors_try().
 */
NODISCARD enum err proof_try(struct proof *proof, struct task *task,
			     user_id user, const char *name,
			     enum factor_use use);

/*
 * In the session's worker: refuses with what proof_try() has returned, and
 * counts it; the third wrong one ends the session. Returns the code.
 */
enum err proof_refuse(struct call *call, const struct proof *proof,
		      const char *name, enum err e);

/* Of one that was right: what its owner had better know, in lines. */
void proof_tell(struct call *call, const struct proof *proof);

#endif
