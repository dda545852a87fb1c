#include "chat/mail/mail.h"

#include <string.h>

#include "base/mem.h"
#include "store/record.h"

enum { MAIL_VERSION = 1 };

void mail_fini(struct mail *mail)
{
	mem_free(mail->text);
	mail->text = NULL;
}

void mail_encode(const struct mail *mail, struct buf *out)
{
	record_begin(out, MAIL_VERSION);
	record_put_u64(out, mail->id);
	record_put_u64(out, mail->to);
	record_put_u64(out, mail->from);
	record_put_i64(out, mail->time_ms);
	record_put_i64(out, mail->read_ms);
	record_put_text(out, mail->text);
}

bool mail_decode(const void *bytes, size_t len, struct mail *mail_r)
{
	struct record_reader r;
	size_t size;

	memset(mail_r, 0, sizeof(*mail_r));
	record_open(&r, bytes, len);
	mail_r->id = record_get_u64(&r);
	mail_r->to = record_get_u64(&r);
	mail_r->from = record_get_u64(&r);
	mail_r->time_ms = record_get_i64(&r);
	mail_r->read_ms = record_get_i64(&r);
	size = r.left + 1;
	mail_r->text = mem_alloc(size);
	record_get_text(&r, mail_r->text, size);
	if (record_close(&r) && r.version == MAIL_VERSION && mail_r->id != 0 &&
	    mail_r->to != 0 && mail_r->from != 0)
		return true;
	mail_fini(mail_r);
	return false;
}

void mails_fini(struct mails *mails)
{
	for (size_t i = 0; i < mails->count; i++)
		mail_fini(&mails->list[i]);
	mem_free(mails->list);
	memset(mails, 0, sizeof(*mails));
}

size_t mails_waiting(const struct mails *mails)
{
	size_t count = 0;

	for (size_t i = 0; i < mails->count; i++)
		count += mails->list[i].read_ms == 0;
	return count;
}

size_t mails_bytes(const struct mails *mails)
{
	size_t bytes = 0;

	for (size_t i = 0; i < mails->count; i++)
		bytes += strlen(mails->list[i].text);
	return bytes;
}

void mail_print_waiting(size_t count, struct buf *out)
{
	if (count == 1)
		buf_add_text(out, "1 private message is waiting: /mail");
	else if (count > 0)
		buf_print(out, "%zu private messages are waiting: /mail",
			  count);
}
