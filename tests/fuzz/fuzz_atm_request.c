/* Any bytes as the text of a request: what is taken of it fits its members. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "front/atm/parcel.h"
#include "front/atm/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check_text(const char *text)
{
	assert(text_flaw(text, strlen(text)) == NULL);
}

static void check(const struct request *r)
{
	check_text(r->user);
	check_text(r->account);
	check_text(r->from);
	check_text(r->to);
	check_text(r->amount);
	check_text(r->month);
	check_text(r->memo);
	assert(r->limit >= 0 && r->limit <= 500);
	assert(r->hold >= 0 && r->hold <= PARCEL_INTEGER_MOST);
	assert(r->transfers == NULL ||
	       json_array_size(r->transfers) <= BATCH_MOST);
}

static void read_transfers(json_t *transfers)
{
	size_t i;
	json_t *transfer;

	json_array_foreach(transfers, i, transfer)
	{
		AUTO(buf_fini) struct buf flaw = { 0 };
		struct request r;

		request_init(&r);
		if (request_read(&r, transfer, "id? to amount account? memo?",
				 &flaw))
			check(&r);
		request_fini(&r);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const char spec[] =
		"user? password? code? account? from? to? amount? month? memo? "
		"client_nonce? of? hold? entry? before? limit? expires_ms? "
		"receipt? transfers? v?";
	AUTO(buf_fini) struct buf flaw = { 0 };
	const char *why = NULL;
	json_t *object = parcel_read((const char *)bytes, len, &why);
	struct request r;

	if (object == NULL) {
		assert(why != NULL);
		return 0;
	}
	request_init(&r);
	if (request_begin(&r, object, true, &flaw) &&
	    request_read(&r, object, spec, &flaw)) {
		check(&r);
		if (r.transfers != NULL)
			read_transfers(r.transfers);
	} else {
		assert(buf_len(&flaw) > 0);
	}
	request_fini(&r);
	parcel_free(&object);
	return 0;
}
