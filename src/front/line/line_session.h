/*
 * What the line service keeps for each session. All of it belongs to the
 * session's worker.
 */
#ifndef RIALTO_FRONT_LINE_LINE_SESSION_H
#define RIALTO_FRONT_LINE_LINE_SESSION_H

#include "base/buf.h"
#include "base/list.h"
#include "command/caller.h"
#include "front/line/dialog.h"
#include "front/line/telnet.h"

struct line_session {
	struct caller caller;
	struct telnet telnet;
	struct buf partial;      /* a line that has not ended yet */
	struct dialog *dialog;   /* a password prompt under way, or NULL */
	struct list person_link; /* in struct local_person */
	struct list seats;       /* struct local_seat.session_link */
	int64_t touched_ms;      /* monotonic: when the directory was told */
	bool is_machine;
	bool is_prompting;  /* "username: " or a dialog's prompt is open */
	bool was_prompted;  /* the line that runs was typed at a prompt */
	bool is_discarding; /* the rest of a line that was too long */
};

/* The line_session of a session of this service. */
struct line_session *line_session_of(const struct session *s);

void line_write(struct line_session *ls, const char *text);

/* "-- text", or "~~ text" in machine mode when nobody asked. */
void line_say(struct line_session *ls, bool is_asked, const char *text);

#endif
