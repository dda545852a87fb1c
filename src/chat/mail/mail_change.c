#include "chat/mail/mail_change.h"

#include "base/mem.h"

void mail_change_fini(struct mail_change *change)
{
	mem_free(change->put);
	mem_free(change->drop);
}

void mail_change_put(struct mail_change *change, struct mail *mail)
{
	change->put = mem_resize(change->put, (change->put_count + 1) *
						      sizeof(change->put[0]));
	change->put[change->put_count++] = mail;
}

void mail_change_drop(struct mail_change *change,
		      const struct mail_trace *trace)
{
	change->drop = mem_resize(change->drop,
				  (change->drop_count + 1) * sizeof(*trace));
	change->drop[change->drop_count++] = *trace;
}

void mail_change_drop_mail(struct mail_change *change, const struct mail *mail)
{
	const struct mail_trace trace = { mail->id, mail->to, mail->from,
					  mail->read_ms };

	mail_change_drop(change, &trace);
}

static enum err write_all(struct store_txn *txn, void *arg)
{
	const struct mail_change *change = arg;
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < change->drop_count; i++)
		e = mail_table_delete(txn, change->store, &change->drop[i]);
	for (size_t i = 0; e == ERR_OK && i < change->put_count; i++)
		e = mail_table_put(txn, change->store, change->put[i]);
	return e;
}

enum err mail_change_run(struct mail_change *change)
{
	if (change->put_count == 0 && change->drop_count == 0)
		return ERR_OK;
	return store_run(change->store, write_all, change);
}
