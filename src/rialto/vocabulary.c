#include "rialto/vocabulary.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "client/line.h"

struct words {
	char (*items)[NAME_MOST + 1];
	size_t count;
	size_t oldest; /* the next to go when full */
};

struct vocabulary {
	struct words commands; /* without '/' */
	struct words pairs;    /* commands of two words: "users approve" */
	struct words users;
	struct words rooms;
};

static void words_add(struct words *w, struct span s)
{
	char word[NAME_MOST + 1];
	size_t at = w->count;

	if (s.len == 0 || s.len > NAME_MOST)
		return;
	memcpy(word, s.at, s.len);
	word[s.len] = '\0';
	for (size_t i = 0; i < w->count; i++) {
		if (name_compare(w->items[i], word) == 0)
			return;
	}
	if (w->count == VOCABULARY_MOST) {
		at = w->oldest;
		w->oldest = (w->oldest + 1) % VOCABULARY_MOST;
	} else {
		w->items = mem_resize(w->items,
				      (w->count + 1) * sizeof(*w->items));
		w->count++;
	}
	memcpy(w->items[at], word, sizeof(word));
}

struct vocabulary *vocabulary_new(void)
{
	return mem_zero(sizeof(struct vocabulary));
}

void vocabulary_free(struct vocabulary **v)
{
	if (*v == NULL)
		return;
	mem_free((*v)->commands.items);
	mem_free((*v)->pairs.items);
	mem_free((*v)->users.items);
	mem_free((*v)->rooms.items);
	mem_free(*v);
	*v = NULL;
}

/* "/join" and its like, wherever they stand as a word of their own. */
static void learn_commands(struct vocabulary *v, const char *words)
{
	const char *at = words;

	while ((at = strchr(at, '/')) != NULL) {
		struct span s = line_name(at + 1);

		if ((at == words || strchr(" ,(", at[-1]) != NULL) &&
		    strchr(" ,.:;)", s.at[s.len]) != NULL)
			words_add(&v->commands, s);
		at = s.at + s.len;
	}
}

/* "/users approve NAME  let a registered user in", as /help has it. */
static void learn_pair(struct vocabulary *v, const char *words)
{
	struct span s;
	size_t second;

	if (words[0] != '/' || strstr(words, "  ") == NULL)
		return;
	s = line_name(words + 1);
	if (s.len == 0 || s.at[s.len] != ' ')
		return;
	second = strspn(s.at + s.len + 1, "abcdefghijklmnopqrstuvwxyz");
	s.len += 1 + second;
	if (second > 0 && s.at[s.len] == ' ')
		words_add(&v->pairs, s);
}

/*
 * One person of "ann (owner), ben; away: cleo": NULL when it is none, else
 * what is behind.
 */
static const char *learn_person(struct vocabulary *v, const char *at)
{
	struct span s;

	if (strncmp(at, "away: ", 6) == 0)
		at += 6;
	s = line_name(at);
	at += s.len;
	if (strncmp(at, " (", 2) == 0)
		at += strcspn(at, ")") + (strchr(at, ')') != NULL);
	if (s.len == 0 || strchr(",;", at[0]) == NULL)
		return NULL;
	words_add(&v->users, s);
	return at[0] == '\0' ? at : at + 1 + strspn(at + 1, " ");
}

/* The answers of /who, "den: ann, ben", and /rooms, "den 2 here". */
static void learn_answer(struct vocabulary *v, const char *words)
{
	struct span room = line_name(words);
	const char *at = words + room.len;
	size_t digits = at[0] == ' ' ? strspn(at + 1, "0123456789") : 0;

	if (digits > 0 && strncmp(at + 1 + digits, " here", 5) == 0)
		words_add(&v->rooms, room);
	if (room.len == 0 || strncmp(at, ": ", 2) != 0)
		return;
	at = learn_person(v, at + 2);
	if (at != NULL)
		words_add(&v->rooms, room);
	while (at != NULL && at[0] != '\0')
		at = learn_person(v, at);
}

void vocabulary_learn(struct vocabulary *v, const char *text)
{
	struct line line;

	line_parse(text, &line);
	words_add(&v->rooms, line.room);
	words_add(&v->users, line.name);
	if (line.kind == LINE_ANSWER) {
		learn_commands(v, line.words);
		learn_pair(v, line.words);
		learn_answer(v, line.words);
	}
}

/* The words of each kind in turn, as if they were one list. */
static const char *item(const struct words *const kinds[2], size_t at)
{
	for (size_t i = 0; i < 2; i++) {
		if (at < kinds[i]->count)
			return kinds[i]->items[at];
		at -= kinds[i]->count;
	}
	return NULL;
}

/* "approve" of "users approve", when "/users ap" is typed; else NULL. */
static const char *second_word(const char *pair, const char *typed,
			       size_t start)
{
	size_t len = strlen(typed);

	if (start < 3 || typed[0] != '/' || typed[start - 1] != ' ' ||
	    strncasecmp(pair, typed + 1, len - 1) != 0 ||
	    strchr(pair, ' ') != pair + start - 2)
		return NULL;
	return pair + start - 1;
}

char *vocabulary_match(const struct vocabulary *v, const char *typed,
		       size_t start, size_t *at_r)
{
	static const struct words none;
	const struct words *kinds[2] = { &v->users, &v->rooms };
	const char *word = typed + start;
	char lead[2] = "";
	const char *found;

	if (start == 0 && (word[0] == '/' || word[0] == '.')) {
		kinds[0] = word[0] == '/' ? &v->commands : &v->users;
		kinds[1] = &none;
		lead[0] = *word++;
	}
	while (*at_r < v->pairs.count) {
		found = second_word(v->pairs.items[(*at_r)++], typed, start);
		if (found != NULL)
			return mem_print("%s", found);
	}
	while ((found = item(kinds, *at_r - v->pairs.count)) != NULL) {
		(*at_r)++;
		if (strncasecmp(found, word, strlen(word)) == 0)
			return mem_print("%s%s", lead, found);
	}
	return NULL;
}
