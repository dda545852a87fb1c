/* Any bytes as a line of a plugin: what is taken of it may be told. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "plugin/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check_lines(const struct plugin_text *lines)
{
	assert(lines->count <= PLUGIN_LINES_MOST);
	for (size_t i = 0; i < lines->count; i++) {
		size_t len = strlen(lines->all[i]);

		assert(len > 0 && len <= PLUGIN_LINE_BYTES);
		assert(text_flaw(lines->all[i], len) == NULL);
	}
}

static void check_offer(const struct plugin_offer *offer)
{
	assert(offer->command_count <= PLUGIN_COMMANDS_MOST);
	assert(offer->trigger_count <= PLUGIN_TRIGGERS_MOST);
	for (size_t i = 0; i < offer->command_count; i++) {
		const struct plugin_command *c = &offer->commands[i];

		assert(name_is_valid(c->name));
		assert(text_flaw(c->usage, strlen(c->usage)) == NULL);
		assert(text_flaw(c->help, strlen(c->help)) == NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct plugin_message m;
	char why[PLUGIN_WHY] = "";

	if (!message_read((const char *)bytes, len, &m, why)) {
		assert(why[0] != '\0' && m.root == NULL && m.state == NULL);
		return 0;
	}
	check_lines(&m.user);
	check_lines(&m.room);
	assert(text_flaw(m.text, strlen(m.text)) == NULL);
	assert(m.state == NULL || strlen(m.state) <= PLUGIN_STATE_BYTES);
	assert((m.op == OP_HELLO) == (m.offer != NULL));
	if (m.offer != NULL)
		check_offer(m.offer);
	message_fini(&m);
	return 0;
}
