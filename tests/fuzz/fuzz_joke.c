/*
 * Any bytes as what a joke server answers: whatever gets into the stock may be
 * said in a room. The first line also as the URL of a redirect.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "joke/origin.h"
#include "joke/reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check_line(const char *line)
{
	size_t len = strlen(line);

	assert(len > 0 && len <= JOKE_LINE);
	assert(text_flaw(line, len) == NULL);
}

static void try_url(const uint8_t *bytes, size_t len)
{
	AUTO(mem_free_text) char *url = mem_zero(len + 1);
	AUTO(origin_fini) struct origin origin;

	if (len > 0)
		memcpy(url, bytes, len);
	url[strcspn(url, "\n")] = '\0';
	if (origin_parse(url, &origin) != NULL)
		return;
	assert(origin.host[0] != '\0' && origin.port[0] != '\0');
	assert(strncasecmp(url, "http", 4) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	AUTO(stock_fini) struct stock stock = { 0 };
	enum err e = reading_add((const char *)bytes, len, &stock);
	struct joke *joke;

	assert((e == ERR_OK) == (stock.count > 0));
	assert(stock.count <= STOCK_MOST);
	while ((joke = stock_take(&stock)) != NULL) {
		check_line(joke->setup);
		if (joke->punchline != NULL)
			check_line(joke->punchline);
		joke_free(&joke);
	}
	try_url(bytes, len);
	return 0;
}
