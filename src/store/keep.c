#include <db.h>

#include "log/log.h"
#include "store/env.h"
#include "store/logs.h"
#include "store/store.h"

enum {
	CLEAN_PERCENT = 30,
	CHECKPOINT_KIB = 32 << 10,
	CHECKPOINT_MINUTES = 1,
	SPARE_SPACE = 64 << 20, /* free bytes, beside all that is needed */
};

/*
 * On a full disk what lies in the cache is written at once, while the reserve
 * still has room for it; a new reserve file comes when there is space again.
 */
static bool keep_space(struct store *store)
{
	bool was_full = atomic_load(&store->space.is_full);
	bool is_full;

	space_look(&store->space);
	is_full = atomic_load(&store->space.is_full);
	if (!is_full && !atomic_load(&store->space.is_made) &&
	    space_make(&store->space) == ERR_OK)
		log_notice("store", "the reserve is there again");
	return is_full && !was_full;
}

/* A nearly full disk shall not become full by spares. */
static void keep_spares(struct store *store)
{
	uint64_t needed =
		space_needed(&store->space) + spares_need(&store->spares);

	if (atomic_load(&store->space.free) > needed + SPARE_SPACE)
		spares_fill(&store->spares);
	else
		spares_drop(&store->spares);
}

void store_tidy(struct store *store)
{
	atomic_store(&store->is_untidy, true);
}

void store_keep(struct store *store)
{
	DB_ENV *env = store->env;
	bool fills_up = keep_space(store);
	bool is_urgent = atomic_exchange(&store->is_untidy, false) || fills_up;
	int pages;
	int rc;

	/* What nobody waits for shall not wait much longer than a second. */
	committer_kick(store->committer);
	(void)env->memp_trickle(env, CLEAN_PERCENT, &pages);
	rc = env->txn_checkpoint(env, is_urgent ? 0 : CHECKPOINT_KIB,
				 is_urgent ? 0 : CHECKPOINT_MINUTES, 0);
	if (rc != 0)
		log_warning("store", "no checkpoint: %s", db_strerror(rc));
	logs_remove(store);
	keep_spares(store);
}
