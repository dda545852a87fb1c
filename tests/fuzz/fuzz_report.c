/*
 * Any bytes as the stored record of a report, and as that of its context:
 * whatever is read must be sound, and must be written as it was.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "chat/report/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void try_report(const uint8_t *bytes, size_t len)
{
	AUTO(buf_fini) struct buf again = { 0 };
	struct report *report = mem_alloc(sizeof(*report));

	/* Behind each text's NUL there must be no reason to look. */
	memset(report, 'x', sizeof(*report));
	if (report_decode(bytes, len, report)) {
		assert(strlen(report->name) <= NAME_MOST);
		assert(strlen(report->note) <= REPORT_WORDS_MOST);
		report_encode(report, &again);
		assert(buf_len(&again) == len);
		assert(memcmp(buf_at(&again), bytes, len) == 0);
	}
	mem_free(report);
}

static void try_context(const uint8_t *bytes, size_t len)
{
	AUTO(buf_fini) struct buf again = { 0 };
	struct report_context *context = mem_alloc(sizeof(*context));

	memset(context, 'x', sizeof(*context));
	if (report_context_decode(bytes, len, context)) {
		assert(context->count <= REPORT_LINES);
		report_context_encode(context, &again);
		assert(buf_len(&again) == len);
		assert(memcmp(buf_at(&again), bytes, len) == 0);
	}
	mem_free(context);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	try_report(bytes, len);
	try_context(bytes, len);
	return 0;
}
