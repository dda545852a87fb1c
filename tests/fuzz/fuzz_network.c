/*
 * Any bytes as an address or a network: what is read is written so that it
 * reads the same, and holds itself.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "chat/network.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text = mem_zero(len + 1);
	struct network network;
	struct network again;
	char printed[NETWORK_TEXT];

	memcpy(text, bytes, len);
	if (network_parse(text, &network)) {
		network_print(&network, printed);
		assert(network_parse(printed, &again));
		assert(memcmp(&again, &network, sizeof(network)) == 0);
		assert(network_has(&network, &again));
		network_widen(&again, NETWORK_LEAST_4, NETWORK_LEAST_6);
		assert(network_has(&again, &network));
	}
	mem_free(text);
	return 0;
}
