#include "command/meaning.h"

#include <string.h>
#include <strings.h>

#include "base/attr.h"

static const struct {
	const char *part; /* of the arguments */
	const char *meaning;
} words[] = {
	{ "--dry-run", "--dry-run changes nothing, and says whom it would "
		       "hit." },
	{ "[AGE]", "COUNT: how many messages. AGE: how old, 1m or more, such "
		   "as 12h or 30d." },
	{ "|default]", "off: nothing. default: as much as the server allows." },
	{ "CODE", "CODE: six digits of your authenticator app, or a recovery "
		  "code." },
	{ "MASK", "MASK: user:NAME, guest:NAME, 192.0.2.7, 192.0.2.0/24, or a "
		  "glob: troll*!*@*." },
	{ "NETWORK", "NETWORK: 192.0.2.0/24 or 2001:db8::/48." },
	{ "[DURATION]", "DURATION: 30s, 10m, 2h, 7d or 4w; without one it is "
			"for good." },
	{ "[DURATION|", "DURATION: 30s, 10m, 2h or 7d." },
	{ "[KIND...]",
	  "KIND: rooms, private, invitations or memos; none: all." },
	{ "LETTERS", "/mode help lists the letters and words." },
	{ "ROLE", "ROLE: moderator, teller, shopkeeper, auditor or admin." },
	{ "hold", "hold shows it to the ops only; mute quiets who said it." },
	{ "EVERY", "EVERY: daily, weekly, monthly or yearly. DATE: "
		   "2026-12-31." },
	{ "glob", "glob fits the whole line, with * for anything; literal is "
		  "found anywhere." },
	{ "WHEN", "WHEN: 20:00, yesterday, 2026-11-14, \"2026-11-14 20:00\", "
		  "or 3d (days ago)." },
	{ "before ID", "Behind an ID a number says how many lines." },
	{ "before #ID] [N]", "N: how many entries, 1 to 100; without it, "
			     "ten." },
	{ "ID [", "ID: the number behind # in /history, /holds and notices." },
	{ "[in:", "Words in double quotes occur together. until:WHEN ends "
		  "it." },
	{ "AMOUNT", "AMOUNT: 10, 10.5 or 10.50." },
	{ "AMOUNT", "Behind it all, id=UUID makes it safe to ask again: it is "
		    "done once." },
	{ "[ACCOUNT]", "ACCOUNT: savings, or shared:NAME; without one your "
		       "main account." },
	{ "LABEL|", "LABEL: such as savings. shared:NAME is of all whom you "
		    "name, and yours." },
	{ "until=", "until=3d: it ends in three days by itself; without it, "
		    "in seven." },
	{ "MONTH", "MONTH: 2026-11, or november, the last one." },
	{ "FROM TO", "FROM, TO: your own name for your main account, savings, "
		     "shared:NAME." },
	{ "[ACCOUNT by:", "Also until:WHEN, amount:5 or amount:5-10, kind:pay, "
			  "before:#ID." },
	{ "LIMIT=", "LIMIT: floor, ceiling, per_transfer, per_day, or rate "
		    "(percent a year)." },
	{ "LIMIT=", "AMOUNT may also be none, or default." },
	{ "NONCE", "NONCE: 32 random bytes in base64url; for clients, not for "
		   "people." },
	{ "TERM", "TERM: for how long, why, or both: 2h, a wave, 2h a wave." },
};

const char *meaning_next(const char *arguments, size_t *at)
{
	while (*at < COUNT(words)) {
		size_t i = (*at)++;

		if (strstr(arguments, words[i].part) != NULL)
			return words[i].meaning;
	}
	return NULL;
}

static const struct {
	const char *word;
	const char *verb;
} verbs[] = {
	{ "back", "away" },         { "block", "ignore" },
	{ "dm", "tell" },           { "exit", "quit" },
	{ "find", "search" },       { "grep", "search" },
	{ "inbox", "mail" },        { "list", "rooms" },
	{ "log", "review" },        { "logs", "review" },
	{ "messages", "mail" },     { "msg", "tell" },
	{ "names", "who" },         { "part", "leave" },
	{ "pm", "tell" },           { "query", "tell" },
	{ "scrollback", "review" }, { "silence", "quiet" },
	{ "unblock", "unignore" },  { "unread", "review" },
	{ "unsend", "delete" },     { "whisper", "tell" },
};

const char *meaning_verb(const char *word)
{
	for (size_t i = 0; i < COUNT(verbs); i++) {
		if (strcasecmp(word, verbs[i].word) == 0)
			return verbs[i].verb;
	}
	return NULL;
}
