#include "chat/report/report_desk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "user/quota.h"

/* A guest has no name that lasts: a report of his is tied to his session. */
struct guest {
	uint64_t number;
	uint64_t session;
};

struct report_desk {
	struct quota *quota;
	/* With chat's change lock. */
	struct guest *guests;
	size_t guest_count;
};

struct report_desk *report_desk_new(void)
{
	struct report_desk *desk = mem_zero(sizeof(*desk));

	desk->quota = quota_new((struct rate){ REPORTS_PER_HOUR, 60 * 60 });
	return desk;
}

void report_desk_free(struct report_desk **desk)
{
	if (*desk == NULL)
		return;
	quota_free(&(*desk)->quota);
	mem_free((*desk)->guests);
	mem_free(*desk);
	*desk = NULL;
}

void report_desk_remember(struct report_desk *desk, uint64_t number,
			  uint64_t session)
{
	desk->guests = mem_resize(desk->guests, (desk->guest_count + 1) *
							sizeof(struct guest));
	desk->guests[desk->guest_count++] = (struct guest){ number, session };
}

uint64_t report_desk_recall(const struct report_desk *desk, uint64_t number)
{
	for (size_t i = 0; i < desk->guest_count; i++) {
		if (desk->guests[i].number == number)
			return desk->guests[i].session;
	}
	return 0;
}

void report_desk_forget(struct report_desk *desk, uint64_t number)
{
	size_t i = 0;

	while (i < desk->guest_count && desk->guests[i].number != number)
		i++;
	if (i < desk->guest_count)
		desk->guests[i] = desk->guests[--desk->guest_count];
}

enum err report_desk_take(struct report_desk *desk, const struct actor *by,
			  const char *site, struct refusal *why)
{
	char key[128];
	int64_t wait_s;

	if (by->user != 0)
		snprintf(key, sizeof(key), "user:%" PRIu64, by->user);
	else
		snprintf(key, sizeof(key), "site:%s", site);
	if (quota_take(desk->quota, key, &wait_s))
		return ERR_OK;
	return refusal_give(why, ERR_FLOOD,
			    "You have reported %d times within an hour. The "
			    "next one can be in %" PRId64 " min.",
			    REPORTS_PER_HOUR, (wait_s + 59) / 60);
}

bool report_is_about(const struct report *report, const struct actor *by)
{
	return report->target_user != 0 && report->target_user == by->user;
}

enum err report_may_read(const struct actor *by, struct refusal *why)
{
	if ((by->roles & ROLE_AUDITOR) != 0)
		return ERR_OK;
	return permit_check(PERMIT_REPORTS, rank_of_roles(by->roles),
			    RANK_GUEST) == ERR_OK
		       ? ERR_OK
		       : refusal_give(why, ERR_NOT_ALLOWED,
				      "That is for moderators.");
}

enum err report_check_words(const char *words, const char *what,
			    struct refusal *why)
{
	if (strlen(words) <= REPORT_WORDS_MOST)
		return ERR_OK;
	return refusal_give(why, ERR_BAD_INPUT, "%s has at most %d bytes.",
			    what, REPORT_WORDS_MOST);
}
