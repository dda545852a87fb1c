#include "chat/trace.h"

#include "base/clock.h"
#include "base/mem.h"
#include "chat/room_fields.h"

static void copy_sanctions_locked(struct room *room, user_id user,
				  struct trace *trace) REQUIRES(room->lock)
{
	const struct sanctions *all = &room->sanctions;
	int64_t now_ms = clock_wall_ms();

	for (size_t i = 0; i < all->count; i++) {
		const struct sanction *s = all->list[i];

		if (s->mask.kind != MASK_USER || s->mask.user != user ||
		    sanction_is_filter(s->kind) || sanction_is_over(s, now_ms))
			continue;
		trace->sanctions = mem_resize(trace->sanctions,
					      (trace->count + 1) * sizeof(*s));
		trace->sanctions[trace->count++] = *s;
	}
}

void trace_find(struct room *room, user_id user, struct trace *trace_r)
{
	const struct right *right;

	*trace_r = (struct trace){ 0 };
	mutex_lock(&room->lock);
	trace_r->facts = room->facts;
	trace_r->rank = room_rank_of(room, user, ROLE_USER);
	right = rights_find(&room->rights, user);
	trace_r->has_right = right != NULL;
	if (right != NULL)
		trace_r->right = *right;
	copy_sanctions_locked(room, user, trace_r);
	mutex_unlock(&room->lock);
}

void trace_fini(struct trace *trace)
{
	mem_free(trace->sanctions);
	*trace = (struct trace){ 0 };
}
