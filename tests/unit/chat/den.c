#include "den.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "chat/sanction/pardon.h"
#include "chat/sanction/sentence.h"

static const char *const names[] = { "zoe",   "user1", "user2",
				     "user3", "user4", "user5" };

void den_come(struct den *den, int who)
{
	den->people[who] = hall_come(den->hall, (user_id)who, names[who],
				     who != ANN, (uint64_t)who + 10);
}

void den_open(struct den *den, struct hall *h)
{
	struct right right = { .user = BEN, .rank = RANK_OP };

	*den = (struct den){ .hall = h };
	for (int who = ZOE; who <= DAN; who++) {
		den_come(den, who);
		if (who == ANN)
			assert_int_equal(hall_join(h, den->people[who], "den"),
					 ERR_OK);
	}
	den->room = chat_room(h->chat, "den");
	mutex_lock(&den->room->lock);
	rights_set(&den->room->rights, &right);
	mutex_unlock(&den->room->lock);
	for (int who = BEN; who <= DAN; who++)
		assert_int_equal(hall_join(h, den->people[who], "den"), ERR_OK);
	assert_int_equal(hall_join(h, den->people[ZOE], "den"), ERR_OK);
	mutex_lock(&den->room->lock);
	den->room->notices = 0; /* so that what follows is told by name */
	mutex_unlock(&den->room->lock);
	hall_hush(h);
}

void den_close(struct den *den)
{
	for (int who = ZOE; who < PEOPLE; who++) {
		if (den->people[who] != NULL)
			hall_go(den->hall, &den->people[who], who != ANN);
	}
	room_unref(&den->room);
}

struct actor den_actor(struct den *den, int who, role_set more)
{
	struct actor by = hall_actor(den->people[who]);

	by.roles |= more;
	return by;
}

enum err den_pass(struct den *den, int who, enum sanction_kind kind,
		  const char *whom, const char *term_text,
		  struct answer *answer_r)
{
	struct actor by = den_actor(den, who, 0);
	struct term term;
	struct sentence sentence = { kind, whom, &term };
	struct outcome outcome = { 0 };
	enum err e;

	memset(answer_r, 0, sizeof(*answer_r));
	assert_int_equal(term_parse(term_text, &term, NULL), ERR_OK);
	e = sentence_pass(den->hall->chat, &by, den->room, &sentence, &outcome,
			  &answer_r->why);
	answer_r->entry = outcome.entry;
	snprintf(answer_r->names, sizeof(answer_r->names), "%s",
		 buf_text(&outcome.names));
	outcome_fini(&outcome);
	return e;
}

void den_must_pass(struct den *den, int who, enum sanction_kind kind,
		   const char *whom, const char *term)
{
	struct answer answer;
	enum err e = den_pass(den, who, kind, whom, term, &answer);

	if (e != ERR_OK)
		fail_msg("%s: %s", whom, answer.why.text);
}

enum err den_pardon(struct den *den, int who, enum sanction_kind kind,
		    const char *what)
{
	struct actor by = den_actor(den, who, 0);
	struct sanction lifted;

	return pardon_give(den->hall->chat, &by, den->room, kind, what, &lifted,
			   NULL);
}

enum err den_say(struct den *den, int who, const char *text)
{
	return hall_say(den->hall, den->people[who], "den", text);
}

enum err den_join(struct den *den, int who)
{
	return hall_join(den->hall, den->people[who], "den");
}

bool den_has(struct den *den, int who)
{
	return room_has(den->room, den->people[who]);
}

size_t den_entries(struct den *den)
{
	return den->room->sanctions.count;
}
