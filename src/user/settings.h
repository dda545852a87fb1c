/*
 * The settings of users: the section users. Plain values; immutable once they
 * were handed over.
 */
#ifndef RIALTO_USER_SETTINGS_H
#define RIALTO_USER_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/quantity.h"
#include "conf/conf.h"
#include "user/user.h"

/* Whom /register lets in: everybody, whom an administrator approves, nobody. */
enum user_registration {
	REGISTRATION_OPEN,
	REGISTRATION_APPROVAL,
	REGISTRATION_CLOSED,
};

struct user_settings {
	int registration;                      /* enum user_registration */
	struct rate registrations_per_address; /* for quota_new() */
	bool guests;
	int password_hash; /* enum password_method */
	int64_t password_cost;
	int64_t password_min;
	int64_t lockout_s; /* for lockout_new() */

	/* Owned by the settings of the daemon: not in copies of these. */
	char *factor_key;                /* the path, see factor/factor_key.h */
	struct conf_words second_factor; /* roles that need one */
};

extern const struct conf_item user_conf_items[];

/* The roles that count only for who has a second factor. */
role_set user_settings_factor_roles(const struct user_settings *settings);

/*
 * Complains, in the section users, about a cost that its method lacks, and
 * about what is no role to need a second factor.
 */
void user_settings_check(struct conf_check *check,
			 const struct user_settings *settings);

#endif
