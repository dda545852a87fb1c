#include "rialtod/tables.h"

#include <stddef.h>

#include "audit/trail.h"
#include "chat/roster.h"
#include "user/users.h"

const char *const daemon_tables[] = { TRAIL_TABLES, USERS_TABLES, ROSTER_TABLES,
				      NULL };
