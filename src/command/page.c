#include "command/page.h"

#include "bank/book.h"
#include "bank/schedule/calendar.h"

struct page *page_new(struct call *call, size_t size, page_show_fn *show)
{
	struct page *page = CONTAINER(look_new(call, size), struct page, look);

	page->show = show;
	return page;
}

static bool look_at(const struct entry *entry, void *arg)
{
	struct page *page = arg;
	int month = (int)(entry->date / 100);

	/* A clock that was put back leaves later months among the earlier. */
	if (page->month != 0 && month != page->month)
		return month > page->month;
	page->has_older =
		page->count == page->most || page->looks == PAGE_LOOKS_MOST;
	if (page->has_older)
		return false;
	page->looks++;
	page->oldest = entry->seq;
	page->count += page->show(page, entry);
	return true;
}

/* The newest entry of the page. */
static enum err find_start(struct page *page, uint64_t newest, uint64_t *seq_r)
{
	struct task *task = &page->look.task;
	const struct posting *posting;
	struct entry entry;
	enum err e;

	*seq_r = newest;
	if (page->before == 0)
		return ERR_OK;
	e = book_entry(task->realm->store, page->before, &entry);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	posting = e == ERR_OK ? entry_posting(&entry, page->account.id) : NULL;
	if (posting == NULL)
		return refusal_give(&task->why, ERR_NOT_FOUND,
				    "#%llu is no entry of that account.",
				    (unsigned long long)page->before);
	*seq_r = posting->previous;
	return ERR_OK;
}

enum err page_read(struct page *page, uint64_t newest)
{
	uint64_t seq;
	enum err e = find_start(page, newest, &seq);

	return e != ERR_OK ? e
			   : book_back(page->look.task.realm->store,
				       &page->account, seq, look_at, page);
}

/* What was in it when a month began that has no entries. */
static enum err find_quiet(struct page *page, struct account_month *month_r)
{
	const struct account *account = &page->account;
	struct store *store = page->look.task.realm->store;
	int opened = calendar_month(account->opened_ms);
	enum err e = ERR_NOT_FOUND;

	if ((int)account_month(account) < page->month) {
		*month_r = (struct account_month){ .posted = account->posted };
		return ERR_OK;
	}
	for (int month = page->month; e == ERR_NOT_FOUND && month > opened;) {
		month = calendar_month_plus(month, -1);
		e = book_month(store, account, (uint32_t)month, month_r);
	}
	if (e == ERR_OK)
		*month_r = (struct account_month){ .posted = month_r->posted };
	return e;
}

enum err page_find_month(struct page *page, struct account_month *month_r)
{
	struct task *task = &page->look.task;
	char opened[MONTH_TEXT];
	enum err e = book_month(task->realm->store, &page->account,
				(uint32_t)page->month, month_r);

	if (e == ERR_NOT_FOUND)
		e = find_quiet(page, month_r);
	if (e != ERR_NOT_FOUND)
		return e;
	calendar_print_month(calendar_month(page->account.opened_ms), opened);
	return refusal_give(&task->why, e, "The account was opened in %s.",
			    opened);
}
