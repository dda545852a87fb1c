#include "chat/sanction/sanction_change.h"

#include "chat/room_fields.h"
#include "chat/roster.h"
#include "chat/sanction/sanction_table.h"

enum err sanction_change_write(struct store_txn *txn, void *arg)
{
	const struct sanction_change *c = arg;
	const char *room = room_name(c->room);
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < c->drop_count; i++)
		e = sanction_table_delete(txn, c->store, room, c->dropped[i]);
	if (e == ERR_OK && c->added != NULL)
		e = sanction_table_put(txn, c->store, room, c->added);
	for (size_t i = 0; e == ERR_OK && i < c->leaver_count; i++) {
		if (c->leavers[i] != 0)
			e = roster_erase_member(txn, c->store, c->leavers[i],
						room);
	}
	return e;
}

void sanction_change_apply(const struct sanction_change *c)
{
	struct sanctions *all = &c->room->sanctions;

	mutex_lock(&c->room->lock);
	for (size_t i = 0; i < c->drop_count; i++)
		sanctions_drop(all, c->dropped[i]);
	if (c->added != NULL)
		sanctions_add(all, c->added);
	mutex_unlock(&c->room->lock);
}
