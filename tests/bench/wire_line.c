/*
 * Rialto as people have it: sessions in machine mode that say "/pay NAME AMOUNT
 * memo id=UUID" and are answered "== ok".
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "contender.h"
#include "crypto/uuid.h"
#include "report.h"
#include "wire.h"

enum { GREETINGS = 2 /* answers until a session is in */ };

struct line_mind {
	unsigned heard; /* greetings */
};

static void greet(struct wire_session *s)
{
	char lines[128];
	int len =
		snprintf(lines, sizeof(lines),
			 "/mode machine\n/login p%u bench-password\n", s->user);

	peer_send(&s->peer, lines, (size_t)len);
}

static void hear(struct wire_session *s, const char *line, size_t len)
{
	struct line_mind *mind = s->mind;

	if (len < 3 || memcmp(line, "== ", 3) != 0)
		return;
	if (len < 5 || memcmp(line + 3, "ok", 2) != 0)
		fail("p%u is answered %.*s", s->user, (int)len, line);
	if (s->is_in)
		wire_answer(s);
	else if (++mind->heard == GREETINGS)
		wire_enter(s);
}

static void line_open(const struct contender_plan *plan)
{
	static const struct wire_tongue tongue = {
		.mind_bytes = sizeof(struct line_mind),
		.greet = greet,
		.hear = hear,
	};

	wire_open(plan, &tongue);
}

static void line_ask(unsigned client, const struct transfer *t)
{
	struct wire_session *s = wire_payer(client, t);
	struct uuid id;
	char text[UUID_TEXT];
	char line[256];
	int len;

	memcpy(id.bytes, t->id, TRANSFER_ID);
	uuid_print(&id, text);
	len = snprintf(line, sizeof(line),
		       "/pay p%u %" PRId64 ".%02d %s id=%s\n", wire_payee(s, t),
		       t->amount / 100, (int)(t->amount % 100), t->memo, text);
	wire_ask(s, line, (size_t)len);
}

static const struct contender wire = {
	.name = "wire",
	.open = line_open,
	.ask = line_ask,
	.wait = wire_wait,
	.cpu_ns = wire_cpu_ns,
	.check = wire_check,
	.close = wire_close,
};

const struct contender *const contender_wire = &wire;
