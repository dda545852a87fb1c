#include "chat/sanction/whom.h"

#include <string.h>

#include "chat/chat_fields.h"
#include "user/users.h"

static enum err name_user(struct chat *chat, const char *name,
			  struct mask *mask_r, struct refusal *why)
{
	struct user user;
	enum err e = users_find(chat->users, name, &user);

	if (e == ERR_NO_SUCH_USER)
		return refusal_give(why, e,
				    "There is no user %s. Write guest:%s for "
				    "guests of that name.",
				    name, name);
	if (e == ERR_OK)
		mask_of_user(user.id, user.name, mask_r);
	return e;
}

static bool name_guest(struct chat *chat, const char *name, struct mask *mask_r)
{
	struct person *person = chat_person(chat, name);
	struct subject *subject = NULL;

	if (person != NULL && person_is_guest(person))
		subject = subject_of(person);
	person_unref(&person);
	if (subject == NULL)
		return false;
	mask_of_guest(subject, mask_r);
	subject_unref(&subject);
	return true;
}

enum err whom_mask(struct chat *chat, const char *text, struct mask *mask_r,
		   struct refusal *why)
{
	enum err e;

	if (name_is_valid(text))
		return name_guest(chat, text, mask_r)
			       ? ERR_OK
			       : name_user(chat, text, mask_r, why);
	e = mask_parse(text, mask_r, why);
	if (e == ERR_OK && mask_r->kind == MASK_USER)
		e = name_user(chat, text + strlen("user:"), mask_r, why);
	return e;
}

enum err whom_user(struct chat *chat, const struct mask *mask,
		   struct user *user_r)
{
	return mask->kind == MASK_USER
		       ? users_get(chat->users, mask->user, user_r)
		       : ERR_NO_SUCH_USER;
}
