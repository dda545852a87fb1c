/*
 * Any bytes as the stored record of a private message, and as that of whom
 * somebody ignores: what is read must be written as it was.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "chat/ignore/ignore.h"
#include "chat/mail/mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void try_mail(const uint8_t *bytes, size_t len)
{
	AUTO(buf_fini) struct buf again = { 0 };
	struct mail mail;

	if (!mail_decode(bytes, len, &mail))
		return;
	mail_encode(&mail, &again);
	assert(buf_len(&again) == len);
	assert(memcmp(buf_at(&again), bytes, len) == 0);
	mail_fini(&mail);
}

static void try_ignores(const uint8_t *bytes, size_t len)
{
	AUTO(buf_fini) struct buf again = { 0 };
	struct ignore_list list;

	/* Behind each text's NUL there must be no reason to look. */
	memset(&list, 'x', sizeof(list));
	if (!ignore_decode(bytes, len, &list))
		return;
	assert(list.count > 0 && list.count <= IGNORES_MOST);
	ignore_encode(&list, &again);
	assert(buf_len(&again) == len);
	assert(memcmp(buf_at(&again), bytes, len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	try_mail(bytes, len);
	try_ignores(bytes, len);
	return 0;
}
