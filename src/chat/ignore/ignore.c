#include "chat/ignore/ignore.h"

#include <string.h>

#include "store/record.h"

enum { IGNORE_VERSION = 1 };

static const struct {
	enum ignore_kind kind;
	const char *word;
} kinds[] = {
	{ IGNORE_ROOMS, "rooms" },
	{ IGNORE_PRIVATE, "private" },
	{ IGNORE_INVITATIONS, "invitations" },
	{ IGNORE_MEMOS, "memos" },
};

unsigned ignore_kind(const char *word)
{
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (name_compare(kinds[i].word, word) == 0)
			return kinds[i].kind;
	}
	return 0;
}

void ignore_print_kinds(unsigned set, struct buf *out)
{
	const char *comma = "";

	for (size_t i = 0; i < COUNT(kinds); i++) {
		if ((set & kinds[i].kind) == 0)
			continue;
		buf_print(out, "%s%s", comma, kinds[i].word);
		comma = ", ";
	}
}

bool ignore_is_for(const struct ignore *entry, uint64_t number,
		   const char *guest)
{
	if (entry->number != 0 && entry->number == number)
		return true;
	return entry->guest[0] != '\0' && guest[0] != '\0' &&
	       name_compare(entry->guest, guest) == 0;
}

struct ignore *ignore_list_find(struct ignore_list *list, uint64_t number,
				const char *guest)
{
	for (size_t i = 0; i < list->count; i++) {
		if (ignore_is_for(&list->list[i], number, guest))
			return &list->list[i];
	}
	return NULL;
}

bool ignore_list_add(struct ignore_list *list, const struct ignore *more)
{
	struct ignore *entry =
		ignore_list_find(list, more->number, more->guest);

	if (entry == NULL) {
		if (list->count == IGNORES_MOST)
			return false;
		entry = &list->list[list->count++];
		*entry = *more;
	}
	entry->number = more->number;
	entry->kinds |= more->kinds;
	return true;
}

void ignore_list_take(struct ignore_list *list, struct ignore *entry,
		      unsigned set)
{
	size_t i = (size_t)(entry - list->list);

	entry->kinds &= ~set;
	if (entry->kinds != 0)
		return;
	list->count--;
	memmove(entry, entry + 1, (list->count - i) * sizeof(*entry));
}

void ignore_encode(const struct ignore_list *list, struct buf *out)
{
	record_begin(out, IGNORE_VERSION);
	record_put_u8(out, (uint8_t)list->count);
	for (size_t i = 0; i < list->count; i++) {
		const struct ignore *entry = &list->list[i];

		record_put_u64(out,
			       entry->guest[0] != '\0' ? 0 : entry->number);
		record_put_text(out, entry->guest);
		record_put_u8(out, (uint8_t)entry->kinds);
	}
}

bool ignore_decode(const void *bytes, size_t len, struct ignore_list *list_r)
{
	struct record_reader r;
	size_t count;
	bool is_good = true;

	memset(list_r, 0, sizeof(*list_r));
	record_open(&r, bytes, len);
	count = record_get_u8(&r);
	if (count == 0 || count > IGNORES_MOST)
		return false;
	for (; list_r->count < count; list_r->count++) {
		struct ignore *entry = &list_r->list[list_r->count];

		entry->number = record_get_u64(&r);
		record_get_text(&r, entry->guest, sizeof(entry->guest));
		entry->kinds = record_get_u8(&r);
		is_good = is_good && entry->kinds != 0 &&
			  entry->kinds <= IGNORE_ALL &&
			  (entry->number == 0) == name_is_valid(entry->guest);
	}
	return record_close(&r) && r.version == IGNORE_VERSION && is_good;
}
