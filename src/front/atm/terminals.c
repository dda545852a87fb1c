#include "front/atm/terminals.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/thread.h"
#include "crypto/fingerprint.h"
#include "front/atm/settings.h"

struct terminal {
	uint8_t certificate[DIGEST_BYTES];
	char account[HOUSE_NAME];
};

struct terminals {
	struct mutex lock; /* rank: LOCK_TABLE */
	struct terminal *all GUARDED_BY(lock);
	size_t count GUARDED_BY(lock);
};

struct terminals *terminals_new(void)
{
	struct terminals *terminals = mem_zero(sizeof(*terminals));

	mutex_init(&terminals->lock, LOCK_TABLE);
	return terminals;
}

void terminals_free(struct terminals **terminals)
{
	if (*terminals == NULL)
		return;
	mem_free((*terminals)->all);
	mutex_fini(&(*terminals)->lock);
	mem_free(*terminals);
	*terminals = NULL;
}

static void read_one(const struct terminal_settings *settings,
		     struct terminal *terminal_r)
{
	bool is_read = fingerprint_parse(settings->certificate,
					 terminal_r->certificate);

	assert(is_read); /* it was checked */
	(void)is_read;
	(void)snprintf(terminal_r->account, sizeof(terminal_r->account), "%s",
		       settings->account);
}

void terminals_change(struct terminals *terminals,
		      const struct conf_list *settings)
{
	const struct terminal_settings *from = settings->items;
	struct terminal *fresh = mem_array(settings->count, sizeof(*fresh));
	struct terminal *before;

	for (size_t i = 0; i < settings->count; i++)
		read_one(&from[i], &fresh[i]);
	mutex_lock(&terminals->lock);
	before = terminals->all;
	terminals->all = fresh;
	terminals->count = settings->count;
	mutex_unlock(&terminals->lock);
	mem_free(before);
}

bool terminals_find(struct terminals *terminals,
		    const uint8_t certificate[DIGEST_BYTES],
		    char account_r[HOUSE_NAME])
{
	bool is_found = false;

	mutex_lock(&terminals->lock);
	for (size_t i = 0; i < terminals->count && !is_found; i++) {
		const struct terminal *t = &terminals->all[i];

		is_found =
			memcmp(t->certificate, certificate, DIGEST_BYTES) == 0;
		if (is_found)
			memcpy(account_r, t->account, HOUSE_NAME);
	}
	mutex_unlock(&terminals->lock);
	return is_found;
}
