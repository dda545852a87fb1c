#include "chat/gate.h"

#include "chat/flood/flood_gate.h"
#include "chat/guard/closing.h"
#include "chat/guard/guard_people.h"
#include "chat/mode/modes.h"
#include "chat/room_fields.h"
#include "chat/sanction/sanction_gate.h"

typedef enum err join_check(struct room *room, const struct actor *by,
			    const char *key, struct refusal *why);
typedef enum err speak_check(struct room *room, struct member *member,
			     const struct message *m, struct refusal *why);

/*
 * In this order: server-wide, sanctions, modes, flood, filters; but also joins
 * that are refused are counted, since keys are guessed so.
 */
static join_check *const join_checks[] = {
	flood_join,
	closing_join,
	sanction_gate_join,
	modes_join,
};

static speak_check *const speak_checks[] = {
	guard_speak, sanction_gate_speak, modes_speak,
	flood_speak, sanction_gate_sift,
};

static speak_check *const word_checks[] = {
	guard_speak,
	sanction_gate_speak,
	modes_words,
	sanction_gate_sift,
};

enum err gate_join(struct room *room, const struct actor *by, const char *key,
		   struct refusal *why)
{
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < COUNT(join_checks); i++)
		e = join_checks[i](room, by, key, why);
	return e;
}

enum err gate_return(struct room *room, const struct person *person,
		     struct refusal *why)
{
	enum err e = closing_check(room, why);

	return e == ERR_OK ? sanction_gate_return(room, person, why) : e;
}

enum err gate_speak(struct room *room, struct member *member,
		    const struct message *m, struct refusal *why)
{
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < COUNT(speak_checks); i++)
		e = speak_checks[i](room, member, m, why);
	return e;
}

enum err gate_words(struct room *room, struct member *member,
		    const struct message *m, struct refusal *why)
{
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < COUNT(word_checks); i++)
		e = word_checks[i](room, member, m, why);
	return e;
}
