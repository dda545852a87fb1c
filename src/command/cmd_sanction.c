/* Commands about the lists of a room: bans, quiets, exemptions, filters. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "chat/sanction/invite.h"
#include "chat/sanction/kick.h"
#include "chat/sanction/pardon.h"
#include "chat/sanction/pattern.h"
#include "chat/sanction/sanction_list.h"
#include "chat/sanction/sentence.h"
#include "command/families.h"
#include "command/task.h"

/* An act on the lists of a room, or a question about them. */
struct trial {
	struct task task;
	struct room *room; /* a reference */
	enum sanction_kind kind;
	char *whom; /* a name, a mask, a pattern, a number */
	struct term term;
	struct outcome outcome;
	struct sanction lifted;
};

static void drop(struct task *task)
{
	struct trial *trial = CONTAINER(task, struct trial, task);

	room_unref(&trial->room);
	mem_free(trial->whom);
	outcome_fini(&trial->outcome);
}

/* Between the text of a filter and its term. */
static const char filter_mark[] = " -- ";

/* How each kind is told when it was set, tried, and lifted. */
static const struct {
	const char *set;
	const char *tried;
	const char *lifted;
} words[SANCTION_KINDS] = {
	[SANCTION_BAN] = { "Banned", "Would ban", "No longer banned" },
	[SANCTION_QUIET] = { "Quieted", "Would quiet", "No longer quieted" },
	[SANCTION_EXEMPT] = { "Exempt", "Would exempt", "No longer exempt" },
	[SANCTION_ADMIT] = { "Admitted", "Would admit", "No longer admitted" },
	[SANCTION_PASS] = { "Invited", "Would invite", "No longer invited" },
	[SANCTION_REFUSE] = { "Filtered", "", "No longer filtered" },
	[SANCTION_HOLD] = { "Held", "", "No longer held" },
	[SANCTION_MUTE] = { "Muted for", "", "No longer muted for" },
};

/* Starts a task about a room; NULL in whom or term is nothing. */
static enum err start_in(struct call *call, struct room *room,
			 enum sanction_kind kind, const char *whom,
			 const struct term *term, task_fn *stage,
			 enum err (*finish)(struct call *call,
					    struct task *task))
{
	struct trial *trial = mem_zero(sizeof(*trial));

	trial->room = room_ref(room);
	trial->kind = kind;
	trial->whom = whom == NULL ? NULL : mem_text(whom);
	if (term != NULL)
		trial->term = *term;
	return task_start(call, &trial->task, TASK_JOBS, stage, finish, drop);
}

/* The same about the current room. */
static enum err start(struct call *call, enum sanction_kind kind,
		      const char *whom, const struct term *term, task_fn *stage,
		      enum err (*finish)(struct call *call, struct task *task))
{
	if (call->caller->room == NULL)
		return call_refuse(call, ERR_NO_ROOM,
				   "You are in no room: write /in ROOM /%s.",
				   call->command->verb);
	return start_in(call, call->caller->room, kind, whom, term, stage,
			finish);
}

static struct sentence sentence_of(const struct trial *trial)
{
	return (struct sentence){ .kind = trial->kind,
				  .whom = trial->whom,
				  .term = &trial->term };
}

static void stage_pass(struct task *task)
{
	struct trial *trial = CONTAINER(task, struct trial, task);
	struct sentence sentence = sentence_of(trial);

	task_answer(task,
		    sentence_pass(task->realm->chat, &task->actor, trial->room,
				  &sentence, &trial->outcome, &task->why));
}

static void stage_try(struct task *task)
{
	struct trial *trial = CONTAINER(task, struct trial, task);
	struct sentence sentence = sentence_of(trial);

	task_answer(task,
		    sentence_try(task->realm->chat, &task->actor, trial->room,
				 &sentence, &trial->outcome, &task->why));
}

static enum err finish_pass(struct call *call, struct task *task)
{
	struct trial *trial = CONTAINER(task, struct trial, task);
	const struct sanction *s = &trial->outcome.entry;
	char term[TERM_TEXT];

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	call_say(call, "%s: %s in %s %s, #%llu.", words[s->kind].set,
		 s->mask.text, room_name(trial->room),
		 term_print(s->until_ms, term), (unsigned long long)s->id);
	if (trial->outcome.count > 0)
		call_say(call, "Of those here: %s.",
			 buf_text(&trial->outcome.names));
	return ERR_OK;
}

static enum err finish_try(struct call *call, struct task *task)
{
	struct trial *trial = CONTAINER(task, struct trial, task);
	const struct sanction *s = &trial->outcome.entry;
	size_t count = trial->outcome.count;

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	call_say(call, "%s %s: of those in %s %s.", words[s->kind].tried,
		 s->mask.text, room_name(trial->room),
		 count == 0 ? "nobody" : buf_text(&trial->outcome.names));
	return ERR_OK;
}

/* "--dry-run TROLL 2h spam" is "TROLL". */
static enum err try_sentence(struct call *call, enum sanction_kind kind)
{
	char *whom = call->argc > 1 ? call->argv[1] : NULL;

	if (whom == NULL)
		return call_usage(call);
	whom[strcspn(whom, " ")] = '\0';
	return start(call, kind, whom, NULL, stage_try, finish_try);
}

static enum err pass_sentence(struct call *call, enum sanction_kind kind)
{
	struct refusal why = { 0 };
	struct term term;
	enum err e;

	if (strcmp(call->argv[0], "--dry-run") == 0)
		return try_sentence(call, kind);
	e = term_parse(call->argc > 1 ? call->argv[1] : NULL, &term, &why);
	if (e != ERR_OK)
		return call_refuse_why(call, e, &why);
	return start(call, kind, call->argv[0], &term, stage_pass, finish_pass);
}

static enum err cmd_ban(struct call *call)
{
	return pass_sentence(call, SANCTION_BAN);
}

static enum err cmd_quiet(struct call *call)
{
	return pass_sentence(call, SANCTION_QUIET);
}

static enum err cmd_exempt(struct call *call)
{
	return pass_sentence(call, SANCTION_EXEMPT);
}

static enum err cmd_admit(struct call *call)
{
	return pass_sentence(call, SANCTION_ADMIT);
}

static void stage_pardon(struct task *task)
{
	struct trial *trial = CONTAINER(task, struct trial, task);

	task_answer(task, pardon_give(task->realm->chat, &task->actor,
				      trial->room, trial->kind, trial->whom,
				      &trial->lifted, &task->why));
}

static enum err finish_pardon(struct call *call, struct task *task)
{
	struct trial *trial = CONTAINER(task, struct trial, task);
	const struct sanction *s = &trial->lifted;

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	call_say(call, "%s in %s: #%llu, set by %s.", words[s->kind].lifted,
		 room_name(trial->room), (unsigned long long)s->id, s->by);
	return ERR_OK;
}

static enum err pardon(struct call *call, enum sanction_kind kind)
{
	return start(call, kind, call->argv[0], NULL, stage_pardon,
		     finish_pardon);
}

static enum err cmd_unban(struct call *call)
{
	return pardon(call, SANCTION_BAN);
}

static enum err cmd_unquiet(struct call *call)
{
	return pardon(call, SANCTION_QUIET);
}

static enum err cmd_unexempt(struct call *call)
{
	return pardon(call, SANCTION_EXEMPT);
}

static enum err cmd_unadmit(struct call *call)
{
	return pardon(call, SANCTION_ADMIT);
}

static enum err cmd_filter_remove(struct call *call)
{
	return pardon(call, SANCTION_REFUSE);
}

/* As a text may be anything, its term stands behind " -- ". */
static enum err cmd_filter_add(struct call *call)
{
	const char *line = call->argv[0];
	const char *mark = strstr(line, filter_mark);
	AUTO(mem_free_text)
	char *text = mark == NULL ? mem_text(line)
				  : mem_print("%.*s", (int)(mark - line), line);
	char pattern[PATTERN_MOST + 1];
	enum sanction_kind kind;
	struct refusal why = { 0 };
	struct term term;
	enum err e = term_parse(
		mark == NULL ? NULL : mark + strlen(filter_mark), &term, &why);

	if (e == ERR_OK)
		e = pattern_parse(text, &kind, pattern, &why);
	if (e != ERR_OK)
		return call_refuse_why(call, e, &why);
	return start(call, kind, pattern, &term, stage_pass, finish_pass);
}

static void stage_list(struct task *task)
{
	struct trial *trial = CONTAINER(task, struct trial, task);

	task_answer(task, sanction_list_print(task->realm->chat, &task->actor,
					      trial->room, trial->kind,
					      &task->text, &task->why));
}

static enum err finish_list(struct call *call, struct task *task)
{
	struct trial *trial = CONTAINER(task, struct trial, task);

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	if (buf_len(&task->text) == 0)
		call_say(call, "%s has no such entries.",
			 room_name(trial->room));
	call_say_lines(call, &task->text);
	return ERR_OK;
}

static enum err list(struct call *call, enum sanction_kind kind)
{
	enum err e;
	struct room *room = call_room(call, &e);

	if (room == NULL)
		return e;
	e = start_in(call, room, kind, NULL, NULL, stage_list, finish_list);
	room_unref(&room);
	return e;
}

static enum err cmd_sanctions(struct call *call)
{
	return list(call, (enum sanction_kind)0);
}

static enum err cmd_filters(struct call *call)
{
	return list(call, SANCTION_REFUSE);
}

static void stage_kick(struct task *task)
{
	struct trial *trial = CONTAINER(task, struct trial, task);

	task_answer(task,
		    kick_give(task->realm->chat, &task->actor, trial->room,
			      trial->whom, trial->term.reason, &task->why));
}

static enum err finish_kick(struct call *call, struct task *task)
{
	struct trial *trial = CONTAINER(task, struct trial, task);

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	call_say(call, "%s is out of %s.", trial->whom, room_name(trial->room));
	return ERR_OK;
}

static enum err cmd_kick(struct call *call)
{
	struct term term = { 0 };
	struct refusal why = { 0 };
	enum err e = ERR_OK;

	if (call->argc > 1)
		e = term_parse_reason(call->argv[1], &term, &why);
	if (e != ERR_OK)
		return call_refuse_why(call, e, &why);
	return start(call, SANCTION_BAN, call->argv[0], &term, stage_kick,
		     finish_kick);
}

static void stage_invite(struct task *task)
{
	struct trial *trial = CONTAINER(task, struct trial, task);

	task_answer(task, invite_give(task->realm->chat, &task->actor,
				      trial->room, trial->whom, &task->why));
}

static enum err finish_invite(struct call *call, struct task *task)
{
	struct trial *trial = CONTAINER(task, struct trial, task);

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	call_say(call, "%s is invited to %s, for an hour.", trial->whom,
		 room_name(trial->room));
	return ERR_OK;
}

static enum err cmd_invite(struct call *call)
{
	return start(call, SANCTION_PASS, call->argv[0], NULL, stage_invite,
		     finish_invite);
}

#define WHOM "NAME|MASK [DURATION] [REASON]"
#define TRIED "[--dry-run] " WHOM

const struct command commands_sanction[] = {
	{ "kick", 1, 2, ROLE_GUEST, COMMAND_REST, cmd_kick, "NAME [REASON]",
	  "put somebody out of the room" },
	{ "ban", 1, 2, ROLE_GUEST, COMMAND_REST, cmd_ban, TRIED,
	  "keep out of the room" },
	{ "unban", 1, 1, ROLE_GUEST, 0, cmd_unban, "NUMBER|NAME|MASK",
	  "lift a ban" },
	{ "quiet", 1, 2, ROLE_GUEST, COMMAND_REST, cmd_quiet, TRIED,
	  "let listen only" },
	{ "unquiet", 1, 1, ROLE_GUEST, 0, cmd_unquiet, "NUMBER|NAME|MASK",
	  "lift a quiet" },
	{ "exempt", 1, 2, ROLE_GUEST, COMMAND_REST, cmd_exempt, WHOM,
	  "neither bans nor quiets hit them" },
	{ "unexempt", 1, 1, ROLE_GUEST, 0, cmd_unexempt, "NUMBER|NAME|MASK",
	  "lift an exemption" },
	{ "invite", 1, 1, ROLE_GUEST, 0, cmd_invite, "NAME",
	  "let somebody into the room once, within an hour" },
	{ "admit", 1, 2, ROLE_GUEST, COMMAND_REST, cmd_admit, WHOM,
	  "let in without an invitation" },
	{ "unadmit", 1, 1, ROLE_GUEST, 0, cmd_unadmit, "NUMBER|NAME|MASK",
	  "lift an admission" },
	{ "sanctions", 0, 1, ROLE_GUEST, 0, cmd_sanctions, "[ROOM]",
	  "the lists of a room: who is banned, quieted and so on" },
	{ "filter add", 1, 1, ROLE_GUEST, COMMAND_REST, cmd_filter_add,
	  "[refuse|hold|mute] [literal|glob] TEXT [-- TERM]", "catch words" },
	{ "filter remove", 1, 1, ROLE_GUEST, 0, cmd_filter_remove, "NUMBER",
	  "take a word filter away" },
	{ "filters", 0, 1, ROLE_GUEST, 0, cmd_filters, "[ROOM]",
	  "the word filters of a room" },
	{ 0 },
};
