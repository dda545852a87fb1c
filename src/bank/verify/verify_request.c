/* Requests: their records, their index, and the entries that paid them. */
#include <inttypes.h>

#include "bank/verify/verify_fields.h"
#include "store/record.h"

static bool is_paid_by(const struct request *request, const struct entry *entry)
{
	return request->state == REQUEST_PAID && request->entry == entry->seq &&
	       entry->leg_count > 0 &&
	       request->amount == entry->legs[0].amount &&
	       request->asker == entry->legs[0].credit;
}

static enum err get_request(const struct verify *v, uint64_t number,
			    struct request *request_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	enum err e =
		verify_get_at(v, v->tables.requests.requests, number, &value);

	if (e == ERR_OK &&
	    !request_decode(buf_at(&value), buf_len(&value), request_r))
		e = ERR_NOT_FOUND;
	return e;
}

enum err verify_request_entry(struct verify *v, const struct entry *entry)
{
	struct request request;
	enum err e;

	if (entry->request == 0)
		return ERR_OK;
	e = get_request(v, entry->request, &request);
	if (e == ERR_NOT_FOUND || (e == ERR_OK && !is_paid_by(&request, entry)))
		verify_tell(v,
			    "entry #%" PRIu64 " pays request #%" PRIu64
			    ", which is not as paid by it",
			    entry->seq, entry->request);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err check_paid(struct verify *v, const struct request *request)
{
	struct entry entry;
	enum err e = verify_entry(v, request->entry, &entry);

	if (e == ERR_NOT_FOUND ||
	    (e == ERR_OK && entry.request != request->number))
		verify_tell(v,
			    "request #%" PRIu64 " was paid by #%" PRIu64
			    ", which did not",
			    request->number, request->entry);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err verify_request_row(struct verify *v, const struct store_record *record)
{
	struct request request;
	struct due due;

	if (record->key_len != RECORD_KEY ||
	    !request_decode(record->value, record->value_len, &request) ||
	    request.number != record_key_number(record->key)) {
		verify_tell(v, "bank_requests: a record cannot be read");
		return ERR_OK;
	}
	v->extent->requests++;
	if (request.number != v->request + 1)
		verify_tell(v,
			    "requests are missing before #%" PRIu64
			    ", behind #%" PRIu64,
			    request.number, v->request);
	v->request = request.number;
	due = request_due(&request);
	if (request.state == REQUEST_OPEN)
		return verify_due(v, v->tables.requests.index, "request", &due);
	return request.state == REQUEST_PAID ? check_paid(v, &request) : ERR_OK;
}

enum err verify_request_mark(struct verify *v,
			     const struct store_record *record)
{
	struct request request;
	struct due due;
	uint64_t number;
	enum err e;

	if (!due_number(record, &number)) {
		verify_tell(v, "bank_request_index: a record cannot be read");
		return ERR_OK;
	}
	e = get_request(v, number, &request);
	if (e == ERR_OK && request.state == REQUEST_OPEN) {
		due = request_due(&request);
		if (due_has_mark(&due, record->key))
			return ERR_OK;
	}
	if (e == ERR_OK || e == ERR_NOT_FOUND)
		verify_tell(v,
			    "the index of requests has #%" PRIu64
			    " where no such request is open",
			    number);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}
