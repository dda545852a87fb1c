#include "rialto/login.h"

#include <string.h>

#include "base/mem.h"
#include "crypto/random.h"

void login_init(struct login *l, const char *name, bool is_guest,
		struct secret *password)
{
	memset(l, 0, sizeof(*l));
	l->name =
		name == NULL && is_guest ? login_guest_name() : mem_text(name);
	l->is_guest = is_guest;
	l->password = password;
}

void login_fini(struct login *l)
{
	mem_free(l->name);
	secret_free(&l->password);
}

void login_begin(struct login *l)
{
	l->name_was_sent = false;
	l->name_was_typed = false;
	l->password_was_sent = false;
	l->is_in = false;
}

char *login_answer_name(struct login *l)
{
	/* A name that led nowhere would do so again. */
	if (l->name == NULL || l->name_was_sent || l->name_was_typed)
		return NULL;
	l->name_was_sent = true;
	return mem_print(l->is_guest ? "/guest %s" : "%s", l->name);
}

const struct secret *login_answer_password(struct login *l)
{
	/* Without our name before it, it is about another, or a change. */
	bool is_ours = l->name_was_sent && !l->name_was_typed;

	l->name_was_sent = false;
	if (!is_ours || l->password_was_sent)
		return NULL;
	l->password_was_sent = true;
	return l->password;
}

void login_typed_name(struct login *l)
{
	l->name_was_typed = true;
}

void login_typed_password(struct login *l, struct secret *password)
{
	secret_free(&l->password);
	l->password = password;
}

static void set_name(struct login *l, struct span name)
{
	mem_free(l->name);
	l->name = mem_print("%.*s", (int)name.len, name.at);
}

/* "You are max now."; or, of somebody in a room, "ann is anna now". */
static void learn_new_name(struct login *l, const struct line *line)
{
	static const char you_are[] = "You are ";
	const char *words = line->words;
	struct span name;

	if (line->kind == LINE_EVENT && span_is(line->name, l->name) &&
	    strncmp(words, "is ", strlen("is ")) == 0) {
		name = line_name(words + strlen("is "));
		if (name.len > 0 && strcmp(name.at + name.len, " now") == 0)
			set_name(l, name);
	} else if (line->kind == LINE_ANSWER && l->is_guest &&
		   strncmp(words, you_are, strlen(you_are)) == 0) {
		name = line_name(words + strlen(you_are));
		if (name.len > 0 && strcmp(name.at + name.len, " now.") == 0)
			set_name(l, name);
	}
}

void login_learn(struct login *l, const struct line *line)
{
	static const char welcome[] = "Welcome, ";
	struct span name;

	if (line->kind == LINE_REFUSAL && !l->is_in &&
	    span_is(line->code, "bad-login"))
		secret_free(&l->password);
	if (l->is_in)
		learn_new_name(l, line);
	if (l->is_in || line->kind != LINE_ANSWER ||
	    strncmp(line->words, welcome, strlen(welcome)) != 0)
		return;
	name = line_name(line->words + strlen(welcome));
	if (name.len == 0)
		return;
	set_name(l, name);
	l->is_guest = l->password == NULL;
	l->is_in = true;
}

char *login_guest_name(void)
{
	static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
	char name[] = "guest-......";

	for (char *at = strchr(name, '.'); at != NULL && *at == '.'; at++)
		*at = letters[random_below(sizeof(letters) - 1)];
	return mem_text(name);
}
