#include "rialto/identify.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "client/line.h"
#include "rialto/prompt.h"

enum { IDENTIFY_MS = 15 * 1000, INPUT_MOST = 256 * 1024 };

/* What servers say that know nothing of it, or cannot here. */
static const char *const refusals[] = {
	"unknown-command", "login-required", "usage",
	"tls13-required",  "not-allowed",
};

static void settle(struct identify *i, enum identify_state state,
		   const char *why)
{
	i->state = state;
	i->why = why;
	negotiation_wipe(&i->negotiation);
}

void identify_begin(struct identify *i, struct link *l)
{
	memset(i, 0, sizeof(*i));
	i->due_ms = clock_mono_ms() + IDENTIFY_MS;
	if (link_negotiate(l, &i->negotiation) != ERR_OK) {
		settle(i, IDENTIFY_NONE, "its TLS is older than 1.3");
		return;
	}
	link_send(l, "/identity ", strlen("/identity "));
	link_send(l, i->negotiation.nonce_text,
		  strlen(i->negotiation.nonce_text));
	link_send(l, "\n", 1);
}

/* The answer's nonce and JWS, behind "identity ". */
static void check(struct identify *i, const char *words)
{
	size_t nonce = strcspn(words, " ");
	const char *jws = words[nonce] == ' ' ? words + nonce + 1 : "";
	struct session_keys keys;
	const char *why = NULL;

	if (negotiation_check(&i->negotiation, words, nonce, jws, strlen(jws),
			      &keys, i->identity, &why) == ERR_OK) {
		session_keys_wipe(&keys);
		settle(i, IDENTIFY_PROVEN, NULL);
	} else {
		i->identity[0] = '\0';
		settle(i, IDENTIFY_WRONG, why);
	}
}

static bool is_refusal(const struct line *line)
{
	if (line->kind != LINE_REFUSAL)
		return false;
	for (size_t i = 0; i < COUNT(refusals); i++) {
		if (span_is(line->code, refusals[i]))
			return true;
	}
	return false;
}

static bool take_line(struct identify *i, const char *text)
{
	static const char answer[] = "identity ";
	struct line line;

	line_parse(text, &line);
	if (line.kind == LINE_ANSWER &&
	    strncmp(line.words, answer, strlen(answer)) == 0)
		check(i, line.words + strlen(answer));
	else if (is_refusal(&line))
		settle(i, IDENTIFY_NONE, "it shows no identity");
	return i->state != IDENTIFY_BUSY;
}

/* Behind the prompt that a line may begin with. */
static const char *behind_prompt(const char *text)
{
	const char *colon = strstr(text, ": ");

	if (colon != NULL &&
	    prompt_find(text, (size_t)(colon + 2 - text)) != PROMPT_NONE)
		return colon + 2;
	return text;
}

bool identify_take(struct identify *i, struct buf *in)
{
	AUTO(buf_fini) struct buf before = { 0 };
	AUTO(buf_fini) struct buf line = { 0 };
	bool is_done = false;

	while (!is_done && line_take(in, &line)) {
		is_done = take_line(i, behind_prompt(buf_text(&line)));
		if (!is_done)
			buf_print(&before, "%s\n", buf_text(&line));
	}
	buf_add(&before, buf_at(in), buf_len(in));
	buf_reset(in);
	buf_add(in, buf_at(&before), buf_len(&before));
	return is_done;
}

void identify_turn(struct identify *i, struct link *l)
{
	if (i->state != IDENTIFY_BUSY || identify_take(i, link_input(l)))
		return;
	if (link_state(l) == LINK_DOWN)
		settle(i, IDENTIFY_NONE, "it ended the connection");
	else if (clock_mono_ms() >= i->due_ms)
		settle(i, IDENTIFY_NONE, "it does not say who it is");
	else if (buf_len(link_input(l)) > INPUT_MOST)
		settle(i, IDENTIFY_NONE, "it says everything but who it is");
}
