#include "rialto/connect.h"

#include <stdio.h>

#include "rialto/wait.h"

/* Each line of words, as this program says things. */
static void say(struct buf *words)
{
	if (buf_len(words) > 0)
		fprintf(stderr, "rialto: %s", buf_text(words));
}

/* Waits until it is known who answers. */
static bool check_identity(struct link *l, struct trust *trust)
{
	AUTO(buf_fini) struct buf words = { 0 };
	struct identify who;
	bool is_trusted;

	identify_begin(&who, l);
	while (who.state == IDENTIFY_BUSY) {
		wait_turn(l, NULL, 0, who.due_ms);
		identify_turn(&who, l);
	}
	/* Where nothing can be said any more, it may have said why. */
	if (link_state(l) == LINK_DOWN)
		return true;
	is_trusted = trust_identify(trust, &who, true, &words);
	say(&words);
	return is_trusted;
}

struct link *connect_first(const struct options *o,
			   const struct link_trust *cas, struct trust *trust)
{
	AUTO(buf_fini) struct buf words = { 0 };
	struct link *l = link_new(cas, CONNECT_PROTOCOL, o->address.host,
				  o->address.port);
	bool is_trusted;

	while (link_state(l) == LINK_BUSY)
		wait_turn(l, NULL, 0, INT64_MAX);
	if (link_state(l) == LINK_DOWN) {
		fprintf(stderr, "rialto: cannot connect to %s: %s\n",
			o->address.text, link_problem(l));
		link_free(&l);
		return NULL;
	}
	is_trusted = trust_check(trust, link_peer(l), true, &words);
	say(&words);
	if (is_trusted)
		link_accept(l);
	if (!is_trusted || !check_identity(l, trust))
		link_free(&l);
	return l;
}
