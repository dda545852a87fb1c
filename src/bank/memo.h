/*
 * Memos as people see them. The bank keeps what was written; what it shows
 * cannot be taken for its own words behind it. Any thread.
 */
#ifndef RIALTO_BANK_MEMO_H
#define RIALTO_BANK_MEMO_H

#include <stdbool.h>

#include "bank/entry.h"

enum { MEMO_SHOWN = MEMO + 3 };

/*
 * " (lunch)"; "" for none. A memo whose own parentheses do not pair, or that
 * goes on right behind one as the bank would, has brackets in their place.
 */
void memo_remark(const char *memo, char text_r[MEMO_SHOWN]);

/*
 * " lunch", for where the bank goes on with a full stop; as memo_remark() when
 * the memo could be read as what follows then.
 */
void memo_words(const char *memo, char text_r[MEMO_SHOWN]);

/*
 * Whether the memo may be the rest of the amount that was written in front of
 * it: that has no point, and the memo's first word is nothing but digits,
 * commas and points, as in "1 000" or "1,50".
 */
bool memo_is_amount(const char *amount, const char *memo);

#endif
