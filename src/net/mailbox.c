#include "net/mailbox.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"

/* Lists that grew in a storm are not kept. */
enum { MAILS_FIRST = 64, MAILS_KEPT = 4096 };

void mailbox_init(struct mailbox *m)
{
	m->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (m->wake_fd < 0) {
		perror("eventfd");
		exit(71); /* EX_OSERR */
	}
	mutex_init(&m->lock, LOCK_MAILBOX);
	atomic_init(&m->waiting, 0);
}

void mailbox_fini(struct mailbox *m)
{
	close(m->wake_fd);
	mutex_fini(&m->lock);
	mem_free(m->in.mails);
	mem_free(m->out.mails);
}

void mail_list_add(struct mail_list *list, struct mail mail)
{
	if (list->count == list->room) {
		list->room = list->room > 0 ? 2 * list->room : MAILS_FIRST;
		list->mails = mem_resize(list->mails,
					 list->room * sizeof(list->mails[0]));
	}
	list->mails[list->count++] = mail;
}

void mailbox_put(struct mailbox *m, struct mail mail)
{
	uint64_t one = 1;
	bool must_wake;

	mutex_lock(&m->lock);
	mail_list_add(&m->in, mail);
	atomic_store(&m->waiting, m->in.count);
	must_wake = m->is_asleep;
	m->is_asleep = false;
	mutex_unlock(&m->lock);
	if (must_wake) {
		ssize_t n = write(m->wake_fd, &one, sizeof(one));

		(void)n; /* a counter that is full wakes as well */
	}
}

size_t mailbox_take(struct mailbox *m, const struct mail **mails_r)
{
	struct mail_list empty = m->out;

	if (atomic_load(&m->waiting) == 0)
		return 0;
	if (empty.room > MAILS_KEPT) {
		mem_free(empty.mails);
		empty = (struct mail_list){ 0 };
	}
	empty.count = 0;
	mutex_lock(&m->lock);
	m->out = m->in;
	m->in = empty;
	atomic_store(&m->waiting, 0);
	mutex_unlock(&m->lock);
	*mails_r = m->out.mails;
	return m->out.count;
}

bool mailbox_sleep(struct mailbox *m)
{
	bool may_sleep;

	mutex_lock(&m->lock);
	may_sleep = m->in.count == 0;
	m->is_asleep = may_sleep;
	mutex_unlock(&m->lock);
	return may_sleep;
}

void mailbox_awake(struct mailbox *m)
{
	uint64_t count;
	ssize_t n;

	mutex_lock(&m->lock);
	m->is_asleep = false;
	mutex_unlock(&m->lock);
	n = read(m->wake_fd, &count, sizeof(count));
	(void)n; /* nobody may have written */
}
