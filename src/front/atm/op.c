#include "front/atm/op.h"

#include <string.h>

/* One a line, so that changes stay apart. */
/* clang-format off */
static const struct op *const families[] = {
	ops_login,
	ops_account,
	ops_history,
	ops_hold,
	ops_money,
	ops_batch,
	ops_lookup,
	NULL,
};
/* clang-format on */

const struct op *op_find(const char *name)
{
	for (size_t f = 0; families[f] != NULL; f++)
		for (const struct op *op = families[f]; op->name != NULL; op++)
			if (strcmp(op->name, name) == 0)
				return op;
	return NULL;
}
