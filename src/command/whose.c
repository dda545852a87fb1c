#include "command/whose.h"

#include "base/attr.h"

static const struct {
	role_set role;
	const char *words;
} whose[] = {
	{ ROLE_ADMIN, "administrators" },    { ROLE_MODERATOR, "moderators" },
	{ ROLE_AUDITOR, "auditors" },        { ROLE_TELLER, "tellers" },
	{ ROLE_USER, "users with a login" },
};

void whose_print(role_set roles, struct buf *out)
{
	for (size_t i = 0; i < COUNT(whose); i++) {
		if ((roles & whose[i].role) == 0)
			continue;
		roles &= ~whose[i].role;
		if (buf_len(out) > 0)
			buf_add_text(out, roles == 0 ? " and " : ", ");
		buf_add_text(out, whose[i].words);
	}
}
