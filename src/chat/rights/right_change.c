#include "chat/rights/right_change.h"

#include "chat/room_fields.h"
#include "chat/roster.h"

enum err right_change_write(struct store_txn *txn, void *arg)
{
	const struct right_change *c = arg;
	const char *room = room_name(c->room);
	enum err e = ERR_OK;

	if (c->facts != NULL)
		e = roster_write_room(txn, c->store, c->facts);
	for (size_t i = 0; e == ERR_OK && i < COUNT(c->dropped); i++) {
		if (c->dropped[i] != 0)
			e = rights_delete(txn, c->store, room, c->dropped[i]);
	}
	if (e == ERR_OK && c->right != NULL)
		e = rights_put(txn, c->store, room, c->right);
	return e;
}

void right_change_apply(const struct right_change *c)
{
	struct room *room = c->room;

	mutex_lock(&room->lock);
	if (c->facts != NULL) {
		room->facts.owner = c->facts->owner;
		room->facts.successor = c->facts->successor;
	}
	for (size_t i = 0; i < COUNT(c->dropped); i++) {
		if (c->dropped[i] != 0)
			rights_drop(&room->rights, c->dropped[i]);
	}
	if (c->right != NULL)
		rights_set(&room->rights, c->right);
	mutex_unlock(&room->lock);
}
