/*
 * The lines that Rialto and a plugin send each other: one JSON object each,
 * as rialto-plugin(7) describes them. Any thread, no state.
 */
#ifndef RIALTO_PLUGIN_MESSAGE_H
#define RIALTO_PLUGIN_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "plugin/plugins.h"

enum {
	PLUGIN_VERSION = 1,
	PLUGIN_MESSAGE_BYTES = 1 << 17, /* a line from a plugin, at most */
	PLUGIN_DEPTH = 32,              /* of its objects and lists */
	PLUGIN_REFUSAL_BYTES = 400,
	PLUGIN_WHY = 120,
};

enum plugin_op { OP_HELLO, OP_ANSWER, OP_SAY, OP_LOG };

/* What a plugin said in its hello. */
struct plugin_offer {
	struct plugin_command commands[PLUGIN_COMMANDS_MOST];
	size_t command_count;
	char triggers[PLUGIN_TRIGGERS_MOST][PLUGIN_WORDS_BYTES + 1];
	size_t trigger_count;
	unsigned events; /* a bit for each enum plugin_event_kind */
};

/* Lines that a message owns. */
struct plugin_text {
	const char *all[PLUGIN_LINES_MOST];
	size_t count;
};

/* A message of a plugin. Everything in it was checked. */
struct plugin_message {
	enum plugin_op op;
	struct plugin_offer *offer; /* OP_HELLO; else NULL */
	uint64_t id;                /* OP_ANSWER */
	enum err result;            /* OP_ANSWER: ERR_OK, or a refusal */
	const char *text;           /* of a refusal, or OP_LOG; else "" */
	struct plugin_text user;    /* OP_ANSWER */
	struct plugin_text room;    /* OP_ANSWER, OP_SAY */
	char where[NAME_MOST + 1];  /* OP_SAY */
	char *state;                /* JSON, or NULL when none was sent */
	void *root;                 /* what the texts lie in */
};

/*
 * Reads a line without its end. False when it breaks the protocol: then why_r
 * says how, in words behind "it sent", and there is nothing to be freed.
 */
NODISCARD bool message_read(const char *line, size_t len,
			    struct plugin_message *message_r,
			    char why_r[PLUGIN_WHY]);
void message_fini(struct plugin_message *message);

/* Each adds a whole line, with its end. state: JSON, or NULL. */
void message_put_hello(struct buf *out, const char *name, const char *server,
		       const struct conf_pairs *settings, const char *state);
void message_put_use(struct buf *out, uint64_t id,
		     const struct plugin_use *use);
void message_put_event(struct buf *out, const struct plugin_event *event);
void message_put_bye(struct buf *out);

#endif
