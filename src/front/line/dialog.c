#include "front/line/dialog.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "command/command.h"
#include "crypto/secret.h"

enum { STEPS_MOST = 3 };

/* What each verb asks; the last answer repeats the one before. */
static const struct script {
	const char *verb;
	const char *prompts[STEPS_MOST + 1];
	bool is_repeated;
	bool has_name; /* the name is the command's first argument */
} scripts[] = {
	{ "login", { "password: " }, false, true },
	{ "register", { "new password: ", "repeat password: " }, true, true },
	{ "factor on", { "password: " }, false, false },
	{ "passwd",
	  { "old password: ", "new password: ", "repeat password: " },
	  true,
	  false },
};

struct dialog {
	const struct script *script;
	char name[NAME_MOST + 1];
	struct secret *answers[STEPS_MOST];
	int step;
};

struct dialog *dialog_new(const char *verb, const char *name)
{
	struct dialog *d = mem_zero(sizeof(*d));

	for (size_t i = 0; i < COUNT(scripts); i++) {
		if (strcmp(scripts[i].verb, verb) == 0)
			d->script = &scripts[i];
	}
	assert(d->script != NULL);
	snprintf(d->name, sizeof(d->name), "%s", name);
	return d;
}

void dialog_free(struct dialog **d)
{
	if (*d == NULL)
		return;
	for (int i = 0; i < STEPS_MOST; i++)
		secret_free(&(*d)->answers[i]);
	mem_free(*d);
	*d = NULL;
}

const char *dialog_prompt(const struct dialog *d)
{
	return d->script->prompts[d->step];
}

bool dialog_answer(struct dialog *d, const char *line)
{
	d->answers[d->step++] = secret_new(line, strlen(line));
	return d->script->prompts[d->step] != NULL;
}

void dialog_run(struct dialog *d, struct caller *caller)
{
	char *args[STEPS_MOST];
	int given = d->step;
	int count = 0;

	if (d->script->is_repeated) {
		if (!secret_equal(d->answers[given - 1],
				  d->answers[given - 2])) {
			caller->ops->refuse(caller, ERR_BAD_INPUT,
					    "The two are not the same: nothing "
					    "was changed.");
			caller->ops->done(caller, ERR_BAD_INPUT);
			return;
		}
		given--;
	}
	if (d->script->has_name)
		args[count++] = d->name;
	for (int i = 0; i < given; i++)
		args[count++] = d->answers[i]->bytes;
	command_call(caller, d->script->verb, count, args);
}
