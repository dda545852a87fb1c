/*
 * Lines of the line protocol as a client gets them: cut from a stream, and
 * taken apart. Nothing here decides anything. Any thread.
 */
#ifndef RIALTO_CLIENT_LINE_H
#define RIALTO_CLIENT_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"

/* A line that is longer is cut there. */
enum { LINE_MOST = 64 * 1024 };

/*
 * Takes a line from the start of in and sets text_r to it, without its end
 * (LF or CR LF) and safe to show (filter.h). False when no line is complete.
 */
NODISCARD bool line_take(struct buf *in, struct buf *text_r);

enum line_kind {
	LINE_OTHER,   /* the greeting, or anything unknown */
	LINE_MESSAGE, /* [room] name: words */
	LINE_ACTION,  /* [room] * name words */
	LINE_EVENT,   /* [room] -- name words */
	LINE_PRIVATE, /* name -> name: words */
	LINE_ANSWER,  /* -- words */
	LINE_NOTICE,  /* ~~ words */
	LINE_REFUSAL, /* !! code words */
	LINE_END,     /* == ok, == error code */
};

struct span {
	const char *at;
	size_t len;
};

/* A line's parts, all inside its text; a part it has not is empty. */
struct line {
	enum line_kind kind;
	bool is_replayed; /* an old line of a room: it carries its time */
	struct span room;
	struct span name;  /* who speaks or acts */
	struct span code;  /* LINE_REFUSAL, LINE_END; "ok" too */
	const char *words; /* behind everything above */
};

/* Borrows text, which comes from line_take(). */
void line_parse(const char *text, struct line *line_r);

/* The name at the start of text, if it has one there (base/text.h). */
struct span line_name(const char *text);

bool span_is(struct span s, const char *text);

#endif
