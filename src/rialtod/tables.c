#include "rialtod/tables.h"

#include <stddef.h>

#include "audit/trail.h"
#include "bank/heard.h"
#include "bank/ledger.h"
#include "bank/mark.h"
#include "bank/schedule/standing.h"
#include "chat/chat.h"
#include "rialtod/host.h"
#include "user/users.h"

const char *const daemon_tables[] = {
	TRAIL_TABLES,    USERS_TABLES, CHAT_TABLES, LEDGER_TABLES, HEARD_TABLES,
	STANDING_TABLES, MARK_TABLES,  HOST_TABLES, NULL
};
