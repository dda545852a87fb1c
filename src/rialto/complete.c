#include "rialto/complete.h"

/* readline.h wants stdio.h before it. */
#include <stdio.h>

#include <readline/readline.h>

#include "base/mem.h"

static struct {
	const struct vocabulary *words;
	char *typed; /* up to the cursor */
	size_t start;
	size_t at;
} complete;

static char *next(const char *text UNUSED, int state)
{
	if (state == 0)
		complete.at = 0;
	return vocabulary_match(complete.words, complete.typed, complete.start,
				&complete.at);
}

static char **find(const char *text, int start, int end)
{
	/* The files of this machine are nobody's business here. */
	rl_attempted_completion_over = 1;
	mem_free(complete.typed);
	complete.typed = mem_print("%.*s", end, rl_line_buffer);
	complete.start = (size_t)start;
	return rl_completion_matches(text, next);
}

void complete_with(const struct vocabulary *words)
{
	complete.words = words;
	rl_attempted_completion_function = find;
	rl_completer_word_break_characters = " ";
	/* A question or a pager of readline's would stop everything else. */
	rl_completion_query_items = 0;
	rl_variable_bind("page-completions", "off");
	rl_variable_bind("completion-ignore-case", "on");
}
