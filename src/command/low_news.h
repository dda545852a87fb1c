/* Accounts that have become low while their people were away. Jobs only. */
#ifndef RIALTO_COMMAND_LOW_NEWS_H
#define RIALTO_COMMAND_LOW_NEWS_H

#include "base/attr.h"
#include "base/err.h"
#include "chat/person.h"
#include "command/realm.h"

/* Tells somebody who came in, unless that was told before. */
NODISCARD enum err low_news_tell(const struct realm *realm,
				 struct person *person);

#endif
