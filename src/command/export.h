/*
 * The export of what is held about one user, as one JSON object. Its members
 * are rows of tables, a table for each layer that holds something; whoever
 * stores more of a person adds a row. Jobs only.
 *
 * What others have said in confidence is for the staff's export alone.
 */
#ifndef RIALTO_COMMAND_EXPORT_H
#define RIALTO_COMMAND_EXPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "command/realm.h"
#include "user/user.h"

struct export
{
	struct realm *realm;
	struct user user;
	const char *by; /* who asks */
	bool is_staff;  /* and not for oneself */
};

struct export_part {
	const char *name; /* of the member */
	bool is_staff;    /* left out of one's own */
	/* *value_r is a new reference; it is put into the object. */
	enum err (*make)(const struct export *x, json_t **value_r);
};

/* Each ends with a row without a name. */
extern const struct export_part export_of_user[];
extern const struct export_part export_of_chat[];
extern const struct export_part export_of_mail[];
extern const struct export_part export_of_said[];
extern const struct export_part export_of_bank[];
extern const struct export_part export_of_standing[];

/* Adds the object to out, in lines. */
NODISCARD enum err export_print(const struct export *x, struct buf *out);

/* For rows. A moment: "2026-11-20T20:14:05.123Z", or null when it is 0. */
json_t *export_time(int64_t wall_ms);

/* "" is null. */
json_t *export_text(const char *text);

#endif
