#include "rialtod/identity.h"

#include "log/log.h"

enum err identity_open(const char *path, struct identity_key **key_r,
		       struct buf *why)
{
	enum err e = identity_key_load(path, key_r, why);

	if (e != ERR_NOT_FOUND)
		return e;
	buf_reset(why);
	e = identity_key_make(path, why);
	if (e == ERR_OK)
		e = identity_key_load(path, key_r, why);
	if (e == ERR_OK)
		log_warning("identity",
			    "the key %s is made, so clients that knew another "
			    "one will warn: put that back if there was one; "
			    "keep a copy apart from this machine identity=%s",
			    path, identity_key_text(*key_r));
	return e;
}

void identity_check(struct conf_check *check, const char *path)
{
	AUTO(identity_key_free) struct identity_key *key = NULL;
	AUTO(buf_fini) struct buf why = { 0 };
	enum err e = identity_key_load(path, &key, &why);

	if (e != ERR_OK && e != ERR_NOT_FOUND)
		conf_complain(check, "server.identity", "cannot be used: %s",
			      buf_text(&why));
}
