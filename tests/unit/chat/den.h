/*
 * A room with people in it: Ann owns the den, Ben is an op, Cleo and Dan are
 * members, Zoe is a guest; Eve has not come yet.
 */
#ifndef RIALTO_TESTS_UNIT_CHAT_DEN_H
#define RIALTO_TESTS_UNIT_CHAT_DEN_H

#include "chat/room_fields.h"
#include "chat/sanction/sanction.h"
#include "hall.h"

/* The users are called user1, user2 … by their number. */
enum { ZOE, ANN, BEN, CLEO, DAN, EVE, PEOPLE };

/* Ann has the first ear, all the others have the second. */
struct den {
	struct hall *hall;
	struct room *room;
	struct person *people[PEOPLE];
};

void den_open(struct den *den, struct hall *h);
void den_close(struct den *den);

/* A session comes. */
void den_come(struct den *den, int who);

struct actor den_actor(struct den *den, int who, role_set more);

/* What came of it. */
struct answer {
	struct sanction entry;
	char names[128]; /* whom it hit */
	struct refusal why;
};

/* sentence_pass() and pardon_give(). */
enum err den_pass(struct den *den, int who, enum sanction_kind kind,
		  const char *whom, const char *term, struct answer *answer_r);
void den_must_pass(struct den *den, int who, enum sanction_kind kind,
		   const char *whom, const char *term);
enum err den_pardon(struct den *den, int who, enum sanction_kind kind,
		    const char *what);

enum err den_say(struct den *den, int who, const char *text);
enum err den_join(struct den *den, int who);
bool den_has(struct den *den, int who);

/* How many entries the lists have. */
size_t den_entries(struct den *den);

#endif
