#include "command/hold_list.h"

#include "bank/pending.h"
#include "base/clock.h"
#include "base/mem.h"

struct hold_list *hold_list_new(struct call *call, hold_list_show_fn *show)
{
	struct hold_list *list = mem_zero(sizeof(*list));

	bank_text_init(&list->text, call->realm, call->caller->user);
	list->show = show;
	list->now_ms = clock_wall_ms();
	return list;
}

struct accounts {
	struct account *list;
	size_t count;
};

static bool has_account(const struct accounts *mine, account_id id)
{
	for (size_t i = 0; i < mine->count; i++)
		if (mine->list[i].id == id)
			return true;
	return false;
}

static enum err show_one(struct hold_list *list, const struct accounts *mine,
			 const struct hold *hold)
{
	struct hold_seen seen = { .hold = hold,
				  .is_mine = has_account(mine, hold->to) };
	struct entry entry;
	enum err e = book_entry(list->task.realm->store, hold->seq, &entry);

	if (e != ERR_OK)
		return e;
	bank_text_name(&list->text, hold->from, seen.from);
	bank_text_name(&list->text, hold->to, seen.to);
	seen.memo = bank_text_hides_memo(&list->text, &entry) ? "" : entry.memo;
	list->show(list, &seen);
	list->count++;
	return ERR_OK;
}

static enum err show_side(struct hold_list *list, bool is_payer,
			  const struct accounts *mine)
{
	size_t first = list->count;
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < mine->count; i++) {
		size_t found;

		e = pending_holds(list->task.realm->store, mine->list[i].id,
				  is_payer, list->now_ms, list->found, &found);
		/* Nobody pays more at once, but may be paid more. */
		list->has_more |= !is_payer && found == PENDING_MOST;
		for (size_t j = 0; e == ERR_OK && j < found; j++) {
			if (!is_payer && has_account(mine, list->found[j].from))
				continue;
			if (list->count - first == HOLD_LIST_MOST) {
				list->has_more = true;
				return ERR_OK;
			}
			e = show_one(list, mine, &list->found[j]);
		}
	}
	return e;
}

enum err hold_list_read(struct hold_list *list)
{
	struct accounts mine;
	enum err e =
		book_accounts_of(list->task.realm->store, list->task.actor.user,
				 &mine.list, &mine.count);

	if (e != ERR_OK)
		return e;
	list->found = mem_array(PENDING_MOST, sizeof(*list->found));
	e = show_side(list, true, &mine);
	if (e == ERR_OK)
		e = show_side(list, false, &mine);
	mem_free(list->found);
	mem_free(mine.list);
	return e;
}
