#include "chat/mail/mail_box.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/chat_fields.h"
#include "chat/mail/mail_change.h"

enum err mail_count(struct chat *chat, user_id user, size_t *count_r)
{
	struct mails box = { 0 };
	enum err e = mail_table_box(chat->store, user, &box);

	*count_r = mails_waiting(&box);
	mails_fini(&box);
	return e;
}

/* Is there still room on the page? */
static bool fits(const struct mail_page *page)
{
	return page->mails.count < MAIL_PAGE &&
	       mails_bytes(&page->mails) < MAIL_PAGE_BYTES;
}

/* Its text moves from the box to the page. */
static void turn(struct mail_page *page, struct mail *mail)
{
	page->mails.list[page->mails.count++] = *mail;
	mail->text = mem_text("");
}

static void pick_waiting(struct mail_page *page, struct mails *box)
{
	for (size_t i = 0; i < box->count; i++) {
		if (box->list[i].read_ms != 0)
			continue;
		if (fits(page))
			turn(page, &box->list[i]);
		else
			page->waiting_r++;
	}
}

static void reverse(struct mails *mails)
{
	for (size_t i = 0; i < mails->count / 2; i++) {
		struct mail *other = &mails->list[mails->count - 1 - i];
		struct mail mail = mails->list[i];

		mails->list[i] = *other;
		*other = mail;
	}
}

/* The latest of all, but those shown before. */
static void pick_latest(struct mail_page *page, struct mails *box)
{
	for (size_t i = box->count; i-- > 0;) {
		struct mail *mail = &box->list[i];
		bool is_below = page->before == 0 || mail->id < page->before;

		if (is_below && fits(page)) {
			turn(page, mail);
			continue;
		}
		page->has_older_r = page->has_older_r || is_below;
		page->waiting_r += mail->read_ms == 0;
	}
	reverse(&page->mails);
}

/* With the change lock. */
static enum err mark(struct chat *chat, struct mail_page *page)
{
	struct mail_change change = { .store = chat->store };
	int64_t now_ms = clock_wall_ms();
	enum err e;

	for (size_t i = 0; i < page->mails.count; i++) {
		struct mail *mail = &page->mails.list[i];

		if (mail->read_ms != 0)
			continue;
		mail->read_ms = now_ms;
		mail_change_put(&change, mail);
	}
	e = mail_change_run(&change);
	mail_change_fini(&change);
	page->is_unmarked_r = e == ERR_STORAGE_FULL;
	return page->is_unmarked_r ? ERR_OK : e;
}

/* With the change lock. */
static enum err fill(struct chat *chat, const struct actor *by,
		     struct mail_page *page)
{
	struct mails box = { 0 };
	enum err e = mail_table_box(chat->store, by->user, &box);

	page->mails.list = mem_array(MAIL_PAGE, sizeof(struct mail));
	if (e == ERR_OK && page->is_all)
		pick_latest(page, &box);
	else if (e == ERR_OK)
		pick_waiting(page, &box);
	mails_fini(&box);
	return e == ERR_OK ? mark(chat, page) : e;
}

enum err mail_take(struct chat *chat, const struct actor *by,
		   struct mail_page *page)
{
	enum err e;

	mutex_lock(&chat->change);
	e = chat_check_actor(by);
	if (e == ERR_OK)
		e = fill(chat, by, page);
	mutex_unlock(&chat->change);
	return e;
}

/* With the change lock. */
static enum err delete_some(struct chat *chat, const struct mails *box,
			    uint64_t id, size_t *count_r, size_t *unread_r)
{
	struct mail_change change = { .store = chat->store };
	enum err e;

	for (size_t i = 0; i < box->count; i++) {
		const struct mail *mail = &box->list[i];

		if (id != 0 && mail->id != id)
			continue;
		mail_change_drop_mail(&change, mail);
		*unread_r += mail->read_ms == 0;
		++*count_r;
	}
	e = *count_r == 0 ? ERR_NOT_FOUND : mail_change_run(&change);
	mail_change_fini(&change);
	return e;
}

enum err mail_delete(struct chat *chat, const struct actor *by, uint64_t id,
		     size_t *count_r, size_t *unread_r)
{
	struct mails box = { 0 };
	enum err e;

	*count_r = 0;
	*unread_r = 0;
	mutex_lock(&chat->change);
	e = mail_table_box(chat->store, by->user, &box);
	if (e == ERR_OK)
		e = delete_some(chat, &box, id, count_r, unread_r);
	mutex_unlock(&chat->change);
	mails_fini(&box);
	return e;
}

enum err mail_forget(struct chat *chat, user_id user)
{
	struct mail_change change = { .store = chat->store };
	struct mail_traces sent = { 0 };
	struct mails box = { 0 };
	enum err e = mail_table_box(chat->store, user, &box);

	if (e == ERR_OK)
		e = mail_table_sent(chat->store, user, &sent);
	for (size_t i = 0; i < box.count; i++)
		mail_change_drop_mail(&change, &box.list[i]);
	for (size_t i = 0; i < sent.count; i++)
		mail_change_drop(&change, &sent.list[i]);
	if (e == ERR_OK)
		e = mail_change_run(&change);
	mail_change_fini(&change);
	mail_traces_fini(&sent);
	mails_fini(&box);
	return e;
}
