/*
 * Any bytes as the stored record of a user, or of a name: whatever is read
 * must be sound, and must be written as it was, in the form of now.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "user/user.h"
#include "user/users_tables.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void try_user(const uint8_t *bytes, size_t len)
{
	AUTO(buf_fini) struct buf again = { 0 };
	AUTO(buf_fini) struct buf roles = { 0 };
	struct user *user = mem_alloc(sizeof(*user));

	/* Behind each text's NUL there must be no reason to look. */
	memset(user, 'x', sizeof(*user));
	if (user_decode(bytes, len, user)) {
		assert(user->id != 0 && name_is_valid(user->name));
		assert(strlen(user->hash) < sizeof(user->hash));
		assert(user_state_word(user->state) != NULL);
		role_print(&roles, user->roles);
		assert(buf_len(&roles) > 0);
		user_encode(user, &again);
		if (bytes[0] == buf_at(&again)[0]) { /* not an older form */
			assert(buf_len(&again) == len);
			assert(memcmp(buf_at(&again), bytes, len) == 0);
		}
	} else {
		assert(user->name[0] == 'x');
	}
	mem_free(user);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	user_id id = 0;

	try_user(bytes, len);
	assert(users_decode_name(bytes, len, &id) == (id != 0));
	return 0;
}
