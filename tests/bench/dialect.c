#include "dialect.h"

#include <ctype.h>
#include <string.h>

#include "report.h"

static bool begins(const char *line, size_t len, const char *with)
{
	size_t with_len = strlen(with);

	return len >= with_len && memcmp(line, with, with_len) == 0;
}

static enum verdict judge_line(const struct dialect_step *step,
			       const char *line, size_t len)
{
	(void)step;
	if (len < 2 || line[0] != '=')
		return VERDICT_OTHER;
	return begins(line, len, "== ok") ? VERDICT_DONE : VERDICT_REFUSED;
}

/* Replies that are errors by number, but mean no refusal. */
static bool is_harmless(const char *reply)
{
	return memcmp(reply, "422", 3) == 0; /* no message of the day */
}

static enum verdict judge_irc(const struct dialect_step *step, const char *line,
			      size_t len)
{
	const char *word = line;

	if (len > 0 && line[0] == ':') {
		word = memchr(line, ' ', len);
		if (!word)
			return VERDICT_OTHER;
		word++;
	}
	len -= (size_t)(word - line);
	if (begins(word, len, "PING"))
		return VERDICT_PING;
	if (begins(word, len, "ERROR"))
		return VERDICT_REFUSED;
	if (len < 3 || !isdigit((unsigned char)word[0]))
		return VERDICT_OTHER;
	if (step->awaits && memcmp(word, step->awaits, 3) == 0)
		return VERDICT_DONE;
	if ((word[0] == '4' || word[0] == '5') && !is_harmless(word))
		return VERDICT_REFUSED;
	return VERDICT_OTHER;
}

static const struct dialect_step line_steps[] = {
	{ "/mode machine\n/guest %n\n", NULL, 2 },
	{ "/join %r\n", NULL, 1 },
	{ 0 },
};

static const struct dialect_step irc_steps[] = {
	{ "NICK %n\r\nUSER %n 0 * :%n\r\n", "001", 1 },
	{ "JOIN #%r\r\n", "366", 1 },
	{ 0 },
};

static const struct dialect dialects[] = {
	{ "line", line_steps, true, "", "\n", judge_line },
	{ "irc", irc_steps, false, "PRIVMSG #%r :", "\r\n", judge_irc },
};

const struct dialect *dialect_find(const char *name)
{
	for (unsigned i = 0; i < COUNT(dialects); i++) {
		if (strcmp(dialects[i].name, name) == 0)
			return &dialects[i];
	}
	fail("no protocol \"%s\": line or irc", name);
}

size_t dialect_print(char text_r[DIALECT_LINE_MOST], const char *format,
		     const char *name, const char *room)
{
	size_t len = 0;

	for (; *format; format++) {
		char one[2] = { *format, '\0' };
		const char *put = one;
		size_t n;

		if (*format == '%')
			put = *++format == 'n' ? name : room;
		n = strlen(put);
		if (len + n >= DIALECT_LINE_MOST)
			fail("a name too long");
		memcpy(text_r + len, put, n);
		len += n;
	}
	text_r[len] = '\0';
	return len;
}
