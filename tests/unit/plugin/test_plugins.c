/* Plugins with a launcher and a program of a few lines, without a daemon. */
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/thread.h"
#include "plugin/launcher.h"
#include "plugin/plugins.h"

/* Answers with the state that it was given, and keeps the id; or not. */
static const char program[] =
	"#!/bin/sh\n"
	"read hello\n"
	"state=${hello#*\\\"state\\\":}; state=${state%\\}}\n"
	"echo '{\"op\":\"hello\",\"v\":1,\"commands\":[{\"name\":\"echo\"}],"
	"\"lines\":[\"get_echo\"]}'\n"
	"while read line; do\n"
	"id=${line#*\\\"id\\\":}; id=${id%%,*}\n"
	"case $line in\n"
	"*hang*) ;;\n"
	"*use*) echo '{\"op\":\"answer\",\"id\":'$id',\"user\":[\"'$state'\"],"
	"\"state\":'$id'}' ;;\n"
	"*bye*) exit ;;\n"
	"esac\n"
	"done\n";

static struct launcher *launcher;

struct house {
	char dir[64];
	char *file;
	struct plugins *plugins;
	struct plugin_host host;

	struct mutex lock;
	struct cond told;
	unsigned done GUARDED_BY(lock);
	enum err result GUARDED_BY(lock);
	char line[64] GUARDED_BY(lock);
	char state[64] GUARDED_BY(lock); /* as on the disk */
	enum err saving GUARDED_BY(lock);
};

static void save(void *arg, const char *name, const char *bytes, size_t len,
		 plugin_saved_fn *done, void *done_arg)
{
	struct house *h = arg;
	enum err e;

	assert_string_equal(name, "echo");
	mutex_lock(&h->lock);
	e = h->saving;
	if (e == ERR_OK)
		snprintf(h->state, sizeof(h->state), "%.*s", (int)len, bytes);
	mutex_unlock(&h->lock);
	done(done_arg, e);
}

static enum err load(void *arg, const char *name, struct buf *state_r)
{
	struct house *h = arg;

	(void)name;
	buf_add_text(state_r, h->state);
	return ERR_OK;
}

static void note(void *arg, const struct plugin_answer *answer)
{
	struct house *h = arg;

	mutex_lock(&h->lock);
	h->done++;
	h->result = answer->result;
	snprintf(h->line, sizeof(h->line), "%s",
		 answer->user.count > 0 ? answer->user.all[0] : answer->text);
	cond_wake_all(&h->told);
	mutex_unlock(&h->lock);
}

static void begin(struct house *h, struct launcher *with, const char *path)
{
	static char name[] = "echo";
	struct plugin_settings settings = { .name = name,
					    .deadline_s = 60,
					    .memory_bytes = 1 << 30 };
	struct plugin_list list = { &settings,  1,      "Rialto",
				    "/nowhere", h->dir, NULL };

	settings.program = mem_text(path);
	h->host = (struct plugin_host){ .arg = h, .save = save, .load = load };
	h->plugins = plugins_new(with, &h->host);
	plugins_start(h->plugins, &list);
	mem_free(settings.program);
}

static int set_up(void **state)
{
	struct house *h = mem_zero(sizeof(*h));

	mutex_init(&h->lock, LOCK_TABLE);
	cond_init(&h->told);
	snprintf(h->dir, sizeof(h->dir), "/tmp/rialto-plugin-XXXXXX");
	assert_non_null(mkdtemp(h->dir));
	h->file = file_join(h->dir, "echo.sh");
	assert_int_equal(
		file_write(h->file, 0755, program, sizeof(program) - 1),
		ERR_OK);
	*state = h;
	return 0;
}

static int tear_down(void **state)
{
	struct house *h = *state;

	plugins_free(&h->plugins);
	unlink(h->file);
	rmdir(h->dir);
	mem_free(h->file);
	cond_fini(&h->told);
	mutex_fini(&h->lock);
	mem_free(h);
	return 0;
}

static struct plugin_status status_of(struct house *h)
{
	struct plugin_status *all;
	struct plugin_status status;

	assert_int_equal(plugins_list(h->plugins, &all), 1);
	status = all[0];
	mem_free(all);
	return status;
}

static void await_state(struct house *h, enum plugin_state wanted)
{
	while (status_of(h).state != wanted)
		sched_yield();
}

static enum err ask(struct house *h, const char *args)
{
	static const char *const roles[] = { "user", NULL };
	const struct plugin_use use = {
		.command = "echo", .args = args, .user = "ann", .roles = roles
	};

	return plugins_use(h->plugins, &use, note, h);
}

static void await_done(struct house *h, unsigned count)
{
	mutex_lock(&h->lock);
	while (h->done < count)
		cond_wait(&h->told, &h->lock);
	mutex_unlock(&h->lock);
}

static void asks_and_keeps(void **state)
{
	struct house *h = *state;
	struct plugin_command command;

	begin(h, launcher, "./echo.sh");
	await_state(h, PLUGIN_UP);
	assert_true(plugins_find(h->plugins, "ECHO", &command));
	assert_true(command.is_up);
	assert_true(plugins_trigger(h->plugins, "Get_Echo", &command));
	assert_string_equal(command.name, "echo");
	assert_false(plugins_trigger(h->plugins, "get_echo!", &command));
	assert_true(plugins_has_name(h->plugins, "Echo"));
	assert_int_equal(ask(h, ""), ERR_OK);
	await_done(h, 1);
	assert_int_equal(h->result, ERR_OK);
	assert_string_equal(h->line, "null");
	assert_string_equal(h->state, "1");
	assert_int_equal(plugins_reload(h->plugins, "echo"), ERR_OK);
	while (ask(h, "") != ERR_OK)
		sched_yield();
	await_done(h, 2);
	/* The one from before the reload, or after it. */
	assert_true(h->result == ERR_PLUGIN_DOWN || h->result == ERR_OK);
	assert_int_equal(status_of(h).restarts, 0);
}

static void what_cannot_be_kept_was_not_done(void **state)
{
	struct house *h = *state;

	snprintf(h->state, sizeof(h->state), "5");
	h->saving = ERR_STORAGE_FULL;
	begin(h, launcher, "./echo.sh");
	await_state(h, PLUGIN_UP);
	assert_int_equal(ask(h, ""), ERR_OK);
	await_done(h, 1);
	assert_int_equal(h->result, ERR_STORAGE_FULL);
	mutex_lock(&h->lock);
	h->saving = ERR_OK;
	mutex_unlock(&h->lock);
	/* It is started anew with what is on the disk. */
	while (status_of(h).restarts == 0)
		sched_yield();
	await_state(h, PLUGIN_UP);
	assert_int_equal(ask(h, ""), ERR_OK);
	await_done(h, 2);
	assert_int_equal(h->result, ERR_OK);
	assert_string_equal(h->line, "5");
}

static void every_use_is_answered_once(void **state)
{
	struct house *h = *state;

	begin(h, launcher, "./echo.sh");
	await_state(h, PLUGIN_UP);
	for (unsigned i = 0; i < PLUGIN_USES_MOST; i++)
		assert_int_equal(ask(h, "hang"), ERR_OK);
	assert_int_equal(ask(h, ""), ERR_BUSY);
	plugins_stop(h->plugins);
	assert_int_equal(h->done, PLUGIN_USES_MOST);
	assert_int_equal(h->result, ERR_PLUGIN_DOWN);
	assert_int_equal(ask(h, ""), ERR_PLUGIN_DOWN);
	assert_int_equal(h->done, PLUGIN_USES_MOST);
}

static void off_and_on(void **state)
{
	struct house *h = *state;

	begin(h, launcher, "./echo.sh");
	await_state(h, PLUGIN_UP);
	assert_int_equal(plugins_switch(h->plugins, "echo", true), ERR_EXISTS);
	assert_int_equal(plugins_switch(h->plugins, "echo", false), ERR_OK);
	await_state(h, PLUGIN_OFF);
	assert_int_equal(ask(h, ""), ERR_PLUGIN_DOWN);
	assert_int_equal(plugins_reload(h->plugins, "echo"), ERR_OK);
	assert_int_equal(plugins_switch(h->plugins, "echo", true), ERR_OK);
	await_state(h, PLUGIN_UP);
	assert_int_equal(plugins_switch(h->plugins, "joke", true),
			 ERR_NOT_FOUND);
	assert_int_equal(plugins_reload(h->plugins, "joke"), ERR_NOT_FOUND);
}

static void await_error(struct house *h, const char *error)
{
	while (status_of(h).error[0] == '\0')
		sched_yield();
	if (strncmp(status_of(h).error, error, strlen(error)) != 0)
		fail_msg("%s, not: %s", status_of(h).error, error);
	assert_non_null(strstr(status_of(h).error, h->dir));
}

static void one_that_is_not_there(void **state)
{
	struct house *h = *state;

	begin(h, launcher, "./nobody");
	await_error(h, "there is no such program: ");
	assert_true(plugins_knows(h->plugins, "echo"));
	assert_int_equal(ask(h, ""), ERR_PLUGIN_DOWN);
}

/* What a program may begin with, and how; and what is said of it. */
static const struct flaw_case {
	const char *text;
	mode_t mode;
	const char *error;
} flaw_cases[] = {
	{ "#!/bin/sh\n", 0644, "it may not be run; " },
	{ "#!/nowhere/sh\n", 0755, "what its first line names cannot be " },
	{ "echo\n", 0755, "it is no program; " },
};

static void one_that_cannot_be_run(void **state)
{
	struct house *h = *state;

	for (size_t i = 0; i < COUNT(flaw_cases); i++) {
		const struct flaw_case *c = &flaw_cases[i];

		assert_int_equal(
			file_write(h->file, c->mode, c->text, strlen(c->text)),
			ERR_OK);
		begin(h, launcher, "./echo.sh");
		await_error(h, c->error);
		plugins_free(&h->plugins);
	}
}

static void without_a_launcher(void **state)
{
	struct house *h = *state;

	begin(h, NULL, "./echo.sh");
	assert_int_equal(status_of(h).state, PLUGIN_DOWN);
	assert_int_equal(ask(h, ""), ERR_PLUGIN_DOWN);
	assert_false(plugins_want(h->plugins, PLUGIN_SAID));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(asks_and_keeps),
		CASE(what_cannot_be_kept_was_not_done),
		CASE(every_use_is_answered_once),
		CASE(off_and_on),
		CASE(one_that_is_not_there),
		CASE(one_that_cannot_be_run),
		CASE(without_a_launcher),
	};
	int failed;

	launcher = launcher_start();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	launcher_free(&launcher);
	return failed;
}
