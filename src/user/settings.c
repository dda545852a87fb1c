#include "user/settings.h"

#include <inttypes.h>
#include <stddef.h>

#include "crypto/password.h"

enum { COST_LEAST = 1, COST_MOST = 16, LOCKOUT_MOST_S = 7 * 24 * 60 * 60 };

static const char *const registration_words[] = {
	[REGISTRATION_OPEN] = "open",
	[REGISTRATION_APPROVAL] = "approval",
	[REGISTRATION_CLOSED] = "closed",
	NULL,
};

const struct conf_item user_conf_items[] = {
	{ "registration", offsetof(struct user_settings, registration),
	  CONF_CHOICE, CONF_LIVE, "open", 0, 0, registration_words },
	{ "registrations_per_address",
	  offsetof(struct user_settings, registrations_per_address), CONF_RATE,
	  CONF_LIVE | CONF_MAY_NONE, "60/1h", 1, 1000000, NULL },
	{ "guests", offsetof(struct user_settings, guests), CONF_BOOL,
	  CONF_LIVE, "true", 0, 0, NULL },
	{ "password_hash", offsetof(struct user_settings, password_hash),
	  CONF_CHOICE, CONF_LIVE, "yescrypt", 0, 0, password_methods },
	{ "password_cost", offsetof(struct user_settings, password_cost),
	  CONF_NUMBER, CONF_LIVE, "5", COST_LEAST, COST_MOST, NULL },
	{ "password_min", offsetof(struct user_settings, password_min),
	  CONF_NUMBER, CONF_LIVE, "8", PASSWORD_LEAST, PASSWORD_MOST, NULL },
	{ "lockout", offsetof(struct user_settings, lockout_s), CONF_SECONDS,
	  CONF_LIVE | CONF_MAY_NONE, "15m", 1, LOCKOUT_MOST_S, NULL },
	{ "factor_key", offsetof(struct user_settings, factor_key), CONF_PATH,
	  0, "keys/factor.key", 0, 0, NULL },
	{ "second_factor", offsetof(struct user_settings, second_factor),
	  CONF_WORDS, CONF_LIVE | CONF_MAY_NONE, "none", 0, 0, NULL },
	{ 0 },
};

/*
 * A higher cost than these takes seconds, or a gigabyte and more; bcrypt below
 * 10 is too cheap to try out (4 takes a millisecond).
 */
static const struct cost_range {
	int64_t least;
	int64_t most;
} cost_ranges[] = {
	[PASSWORD_YESCRYPT] = { COST_LEAST, 11 },
	[PASSWORD_BCRYPT] = { 10, COST_MOST },
};

static enum role factor_role(const char *word)
{
	enum role role = role_parse(word);

	return role == ROLE_GUEST || role == ROLE_USER ? (enum role)0 : role;
}

role_set user_settings_factor_roles(const struct user_settings *settings)
{
	role_set roles = 0;

	for (size_t i = 0; i < settings->second_factor.count; i++)
		roles |= (role_set)factor_role(settings->second_factor.all[i]);
	return roles;
}

static void check_factor(struct conf_check *check,
			 const struct user_settings *settings)
{
	for (size_t i = 0; i < settings->second_factor.count; i++) {
		const char *word = settings->second_factor.all[i];

		if (factor_role(word) == (enum role)0)
			conf_complain(check, "users.second_factor",
				      "has \"%s\"; it must be none, or a list "
				      "of moderator, teller, shopkeeper, "
				      "auditor, admin",
				      word);
	}
}

void user_settings_check(struct conf_check *check,
			 const struct user_settings *settings)
{
	const struct cost_range *range = &cost_ranges[settings->password_hash];
	int64_t cost = settings->password_cost;

	check_factor(check, settings);
	if (cost < range->least || cost > range->most)
		conf_complain(check, "users.password_cost",
			      "is %" PRId64 "; with %s it must be %" PRId64
			      " to %" PRId64,
			      cost, password_methods[settings->password_hash],
			      range->least, range->most);
}
