#include "command/board_text.h"

#include "base/clock.h"

static const char *const titles[BOARD_PARTS] = {
	[BOARD_RULES] = "Rules",
	[BOARD_MOTD] = "Message of the day",
};

bool board_text_say(struct call *call, enum board_part part)
{
	AUTO(buf_fini) struct buf text = { 0 };
	char when[CLOCK_TEXT];
	struct post post;

	if (!board_get(call->realm->chat, part, &post))
		return false;
	clock_print(post.time_ms, when);
	call_say(call, "%s (%s, %s):", titles[part], post.by, when);
	buf_add_text(&text, post.text);
	call_say_lines(call, &text);
	return true;
}

void board_text_say_all(struct call *call, unsigned parts)
{
	for (unsigned i = 0; i < BOARD_PARTS; i++) {
		if ((parts & (1U << i)) != 0)
			board_text_say(call, i);
	}
}
