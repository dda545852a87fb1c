/*
 * A mask: whom an entry of a list is about.
 *
 *     user:ann                 a user, whatever the name becomes
 *     guest:zoe                guests of that name
 *     192.0.2.7  192.0.2.0/24  2001:db8::/64
 *     zoe*!guest@*.cloak       a glob over name!user@host, where user is
 *                              "user" or "guest", and host is matched against
 *                              the address and against its cloak
 *
 * Plain values; any thread.
 */
#ifndef RIALTO_CHAT_MASK_H
#define RIALTO_CHAT_MASK_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/text.h"
#include "chat/network.h"
#include "chat/refusal.h"
#include "chat/sanction/subject.h"
#include "user/user.h"

enum mask_kind { MASK_USER = 1, MASK_GUEST, MASK_NETWORK, MASK_GLOB };

enum {
	MASK_MOST = 128,

	/* Letters and digits that a glob must have in its name or its host. */
	MASK_WEIGHT_LEAST = 2,
};

struct mask {
	enum mask_kind kind;
	user_id user;             /* MASK_USER; 0 until somebody has looked */
	struct network network;   /* MASK_NETWORK */
	char text[MASK_MOST + 1]; /* as it is printed */
	/* MASK_GLOB: where the parts of its text begin. */
	unsigned char user_at;
	unsigned char host_at;
};

/*
 * Reads a mask; "zoe*", "zoe!guest" and "*@host" are completed. ERR_BAD_INPUT
 * with words: what is no mask, what is too long, and what is too wide.
 */
NODISCARD enum err mask_parse(const char *text, struct mask *mask_r,
			      struct refusal *why);

/* "user:NAME" for that user. */
void mask_of_user(user_id user, const char *name, struct mask *mask_r);

/*
 * What fits a guest who is here: all guests of the same address, by its cloak;
 * by name when the host has none.
 */
void mask_of_guest(const struct subject *guest, struct mask *mask_r);

bool mask_match(const struct mask *mask, const struct subject *subject);

/* The same, if the subject were a guest; of masks that may be for guests. */
bool mask_match_guest(const struct mask *mask, const struct subject *subject);

/* It is about addresses as such, which are for moderators alone. */
bool mask_tells_address(const struct mask *mask);

/*
 * As ops may see it: an address by its cloak, a network not at all.
 */
const char *mask_print_public(const struct mask *mask,
			      const uint8_t key[CLOAK_KEY],
			      char text_r[MASK_MOST + 1]);

#endif
