#include "front/atm/settings.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "bank/settings.h"
#include "crypto/fingerprint.h"

enum { ONE_DAY = 86400, CERTIFICATE_MOST = 128 };

const struct conf_item atm_conf_items[] = {
	{ "idle_timeout", offsetof(struct atm_settings, idle_timeout_s),
	  CONF_SECONDS, CONF_LIVE, "5m", 5, ONE_DAY, NULL },
	{ 0 },
};

const struct conf_item terminal_conf_items[] = {
	{ "certificate", offsetof(struct terminal_settings, certificate),
	  CONF_TEXT, CONF_LIVE | CONF_REQUIRED, NULL, 1, CERTIFICATE_MOST,
	  NULL },
	{ "account", offsetof(struct terminal_settings, account), CONF_TEXT,
	  CONF_LIVE | CONF_REQUIRED, NULL, 1, HOUSE_NAME - 1, NULL },
	{ 0 },
};

/* Another terminal, before this one, has the certificate. */
static bool is_known(const struct terminal_settings *all, size_t index,
		     const uint8_t digest[DIGEST_BYTES])
{
	uint8_t other[DIGEST_BYTES];

	for (size_t i = 0; i < index; i++)
		if (fingerprint_parse(all[i].certificate, other) &&
		    memcmp(other, digest, DIGEST_BYTES) == 0)
			return true;
	return false;
}

static void check_terminal(struct conf_check *check,
			   const struct terminal_settings *all, size_t index)
{
	const struct terminal_settings *t = &all[index];
	uint8_t digest[DIGEST_BYTES];
	char where[64];

	(void)snprintf(where, sizeof(where), "terminals[%zu].certificate",
		       index);
	if (!fingerprint_parse(t->certificate, digest))
		conf_complain(check, where,
			      "is \"%s\"; it must be the certificate's "
			      "fingerprint, SHA256: and 43 characters of "
			      "base64, or 64 hexadecimal digits",
			      t->certificate);
	else if (is_known(all, index, digest))
		conf_complain(check, where,
			      "is another terminal's; each has one of its own");
	(void)snprintf(where, sizeof(where), "terminals[%zu].account", index);
	if (!bank_is_till_name(t->account))
		conf_complain(check, where,
			      "is \"%s\"; it must be cash: and a name: an "
			      "ASCII letter, then letters, digits, - or _",
			      t->account);
}

void terminal_settings_check(struct conf_check *check,
			     const struct conf_list *terminals)
{
	for (size_t i = 0; i < terminals->count; i++)
		check_terminal(check, terminals->items, i);
	if (terminals->count > TERMINALS_MOST)
		conf_complain(check, "terminals",
			      "are %zu; there may be at most %d",
			      terminals->count, TERMINALS_MOST);
}
