#include "rialtod/tables.h"

#include <stddef.h>

#include "chat/roster.h"
#include "user/users.h"

const char *const daemon_tables[] = { USERS_TABLES, ROSTER_TABLES, NULL };
