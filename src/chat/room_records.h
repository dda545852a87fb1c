/*
 * Records that belong to rooms: in a table of the store whose key is the
 * room's name, a NUL, and a number, which the record has, too. Jobs and
 * start-up only; besides what is named, the errors of store_view().
 */
#ifndef RIALTO_CHAT_ROOM_RECORDS_H
#define RIALTO_CHAT_ROOM_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "store/record.h"
#include "store/store.h"

/* Bytes of a key, with a byte to spare. */
enum { ROOM_RECORD_KEY = NAME_MOST + 1 + RECORD_KEY + 1 };

/* Makes a key; number 0: how the keys of all records of the room begin. */
size_t room_record_key(const char *room, uint64_t number,
		       uint8_t key_r[ROOM_RECORD_KEY]);

/*
 * Reads a stored value, says its number, and adds it to list, unless that is
 * NULL. It may be asked again for what it has added. False: cannot be read.
 */
typedef bool room_record_fn(const void *value, size_t len, void *list,
			    uint64_t *number_r);

/* Reads those of a room into list: ERR_CORRUPT when one cannot be read. */
NODISCARD enum err room_records_load(struct store *store, const char *table,
				     const char *room, room_record_fn *read,
				     void *list);

/*
 * Checks that every record of the table can be read and has the number of its
 * key. Findings, a line each, are added to report and make it ERR_CORRUPT.
 */
NODISCARD enum err room_records_verify(struct store *store, const char *table,
				       room_record_fn *read,
				       struct buf *report);

#endif
