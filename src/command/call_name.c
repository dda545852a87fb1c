/* A name that somebody wants to have. */
#include "command/command.h"
#include "command/main_account.h"
#include "plugin/plugins.h"

enum err call_check_name(struct call *call, const char *name)
{
	const struct realm *realm = call->realm;

	if (!name_is_valid(name))
		return call_fail(call, ERR_BAD_NAME);
	if (main_account_is_reserved(name))
		return call_refuse(call, ERR_NAME_TAKEN,
				   "%s is an account of the house.", name);
	if (realm->plugins != NULL && plugins_has_name(realm->plugins, name))
		return call_refuse(call, ERR_NAME_TAKEN,
				   "%s is the name of a plugin.", name);
	return ERR_OK;
}
