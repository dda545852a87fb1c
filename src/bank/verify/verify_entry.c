/* An entry by itself: is it as one of its kind must be? */
#include <inttypes.h>

#include "bank/verify/verify_fields.h"

enum legs { LEGS_NONE, LEGS_SOME, LEGS_PERHAPS };

static const struct shape {
	enum legs legs;
	bool has_subject; /* which it touches, with or without a leg */
	bool has_reference;
} shapes[ENTRY_KINDS] = {
	[ENTRY_CURRENCY] = { LEGS_NONE, false, false },
	[ENTRY_RULES] = { LEGS_NONE, false, false },
	[ENTRY_OPEN] = { LEGS_NONE, true, false },
	[ENTRY_TERMS] = { LEGS_NONE, true, false },
	[ENTRY_FREEZE] = { LEGS_NONE, true, false },
	[ENTRY_CLOSE] = { LEGS_NONE, true, false },
	[ENTRY_HOLDERS] = { LEGS_NONE, true, false },
	[ENTRY_TILL] = { LEGS_PERHAPS, true, false },
	[ENTRY_DEPOSIT] = { LEGS_SOME, false, false },
	[ENTRY_WITHDRAW] = { LEGS_SOME, false, false },
	[ENTRY_PAY] = { LEGS_SOME, false, false },
	[ENTRY_TRANSFER] = { LEGS_SOME, false, false },
	[ENTRY_HOLD] = { LEGS_NONE, true, false },
	[ENTRY_CAPTURE] = { LEGS_SOME, true, true },
	[ENTRY_RELEASE] = { LEGS_NONE, true, true },
	[ENTRY_EXPIRE] = { LEGS_NONE, true, true },
	[ENTRY_REVERSE] = { LEGS_SOME, false, true },
	[ENTRY_INTEREST] = { LEGS_SOME, false, false },
	[ENTRY_OPENING] = { LEGS_SOME, false, false },
	[ENTRY_ADJUST] = { LEGS_SOME, false, false },
};

static bool is_shaped(const struct entry *entry, const struct shape *shape)
{
	if (shape->legs == LEGS_NONE && entry->leg_count > 0)
		return false;
	if (shape->legs == LEGS_SOME && entry->leg_count == 0)
		return false;
	if (shape->has_subject && entry->subject == 0)
		return false;
	if (entry->kind == ENTRY_OPEN && entry->subject != entry->seq)
		return false;
	return !shape->has_reference ||
	       (entry->reference > 0 && entry->reference < entry->seq);
}

static void need_posting(struct verify *v, const struct entry *entry,
			 account_id account)
{
	if (entry_posting(entry, account) == NULL)
		verify_tell(v,
			    "entry #%" PRIu64 " moves something in account "
			    "#%" PRIu64 " without a posting",
			    entry->seq, account);
}

static bool is_touched(const struct entry *entry, account_id account)
{
	for (unsigned i = 0; i < entry->leg_count; i++)
		if (entry->legs[i].debit == account ||
		    entry->legs[i].credit == account)
			return true;
	return shapes[entry->kind].has_subject && entry->subject == account;
}

static void check_posting(struct verify *v, const struct entry *entry,
			  const struct posting *posting)
{
	if (!is_touched(entry, posting->account))
		verify_tell(v,
			    "entry #%" PRIu64 " has a posting of account "
			    "#%" PRIu64 ", in which it moves nothing",
			    entry->seq, posting->account);
	if (entry_posting(entry, posting->account) != posting)
		verify_tell(v,
			    "entry #%" PRIu64 " has two postings of account "
			    "#%" PRIu64,
			    entry->seq, posting->account);
}

void verify_shape(struct verify *v, const struct entry *entry)
{
	const struct shape *shape = &shapes[entry->kind];

	if (!is_shaped(entry, shape))
		verify_tell(v, "entry #%" PRIu64 " is not as a %s is",
			    entry->seq, entry_kind_word(entry->kind));
	for (unsigned i = 0; i < entry->leg_count; i++) {
		need_posting(v, entry, entry->legs[i].debit);
		need_posting(v, entry, entry->legs[i].credit);
	}
	if (shape->has_subject)
		need_posting(v, entry, entry->subject);
	for (unsigned i = 0; i < entry->posting_count; i++)
		check_posting(v, entry, &entry->postings[i]);
}
