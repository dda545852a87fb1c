/*
 * The guard: who may not come in, or not speak, anywhere on this server. The
 * entries in memory; guard_entry.h has their records, guard_act.h the acts.
 * An entry past its time no longer counts, whoever removes it when. Any
 * thread.
 */
#ifndef RIALTO_CHAT_GUARD_H
#define RIALTO_CHAT_GUARD_H

#include "base/attr.h"
#include "base/err.h"
#include "chat/guard/guard_entry.h"
#include "chat/refusal.h"

struct guard;

/* Bans and mutes together. */
enum { GUARD_MOST = 5000 };

struct guard *guard_new(void);
void guard_free(struct guard **guard);

/* Start-up: ERR_CORRUPT. */
NODISCARD enum err guard_load(struct guard *guard, struct store *store);

/* Copies. Ids only grow. */
void guard_add(struct guard *guard, const struct guard_entry *entry);
void guard_drop(struct guard *guard, uint64_t id);

/* False when there is none that still counts. */
bool guard_get(struct guard *guard, enum guard_kind kind, uint64_t id,
	       struct guard_entry *entry_r);

/* All that are kept, also those whose time is over. */
size_t guard_count(struct guard *guard);

/* Copies of those of a kind that still count; give them to mem_free(). */
struct guard_entry *guard_list(struct guard *guard, enum guard_kind kind,
			       size_t *count_r);

/* Ids of up to most entries that ended before then; returns how many. */
size_t guard_list_over(struct guard *guard, int64_t then_ms, uint64_t *ids_r,
		       size_t most);

/* The id of the entry that hits the subject for longest; 0: none. */
uint64_t guard_find(struct guard *guard, enum guard_kind kind,
		    const struct guard_subject *subject);

/* ERR_BANNED or ERR_MUTED, with the reason and until when. */
NODISCARD enum err guard_check(struct guard *guard, enum guard_kind kind,
			       const struct guard_subject *subject,
			       struct refusal *why);

/* The same of one mute that was found before; ERR_OK when it is over. */
NODISCARD enum err guard_check_mute(struct guard *guard, uint64_t id,
				    struct refusal *why);

/* Writes "muted until 2026-11-20 20:14: REASON" or "banned for good: …". */
void guard_print_words(const struct guard_entry *entry, struct refusal *words);

#endif
