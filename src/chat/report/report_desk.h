/*
 * The desk of the moderators, where people report somebody: how often they
 * may, which guests have, and what holds for all that is done with a report.
 * report_file.h and report_close.h do it.
 */
#ifndef RIALTO_CHAT_REPORT_DESK_H
#define RIALTO_CHAT_REPORT_DESK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/refusal.h"
#include "chat/report/report.h"

/* Of a user, or of a guest's address. */
enum { REPORTS_PER_HOUR = 5 };

struct report_desk;

struct report_desk *report_desk_new(void);
void report_desk_free(struct report_desk **desk);

/* Takes one of those an hour; site is whose address counts: ERR_FLOOD. */
NODISCARD enum err report_desk_take(struct report_desk *desk,
				    const struct actor *by, const char *site,
				    struct refusal *why);

/*
 * With chat's change lock held. A guest has no name that lasts, so a report of
 * his is tied to his session, for as long as the daemon runs; 0: to none.
 */
void report_desk_remember(struct report_desk *desk, uint64_t number,
			  uint64_t session);
uint64_t report_desk_recall(const struct report_desk *desk, uint64_t number);
void report_desk_forget(struct report_desk *desk, uint64_t number);

/* May by see reports? Moderators, and auditors, who read everything. */
NODISCARD enum err report_may_read(const struct actor *by, struct refusal *why);

/* Is it about him? Then it is for him as if it were not there. */
bool report_is_about(const struct report *report, const struct actor *by);

/* ERR_BAD_INPUT above REPORT_WORDS_MOST; what: "The note". */
NODISCARD enum err report_check_words(const char *words, const char *what,
				      struct refusal *why);

#endif
