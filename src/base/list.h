/*
 * A doubly linked list through a field of its items. The list owns nothing
 * and locks nothing.
 */
#ifndef RIALTO_BASE_LIST_H
#define RIALTO_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

/* The head of a list, or the link inside an item. */
struct list {
	struct list *next;
	struct list *prev;
};

/* Makes an empty head, or a link that is in no list. */
static inline void list_init(struct list *l)
{
	l->next = l;
	l->prev = l;
}

/* Of a head: nothing in it. Of a link: in no list. */
static inline bool list_is_empty(const struct list *l)
{
	return l->next == l;
}

static inline void list_append(struct list *head, struct list *link)
{
	link->prev = head->prev;
	link->next = head;
	head->prev->next = link;
	head->prev = link;
}

/* Takes link out of its list, if it is in one. */
static inline void list_remove(struct list *link)
{
	link->prev->next = link->next;
	link->next->prev = link->prev;
	list_init(link);
}

/* Moves everything in from to the end of to. */
static inline void list_splice(struct list *to, struct list *from)
{
	if (list_is_empty(from))
		return;
	from->next->prev = to->prev;
	to->prev->next = from->next;
	from->prev->next = to;
	to->prev = from->prev;
	list_init(from);
}

/* The item of type `type` whose link is l. */
#define LIST_ITEM(l, type, field) CONTAINER(l, type, field)

/*
 * Walks the links of head with l; the body may remove l, and only l.
 * Needs a second cursor of the same type for that.
 */
#define list_foreach(l, after, head)                                           \
	for ((l) = (head)->next, (after) = (l)->next; (l) != (head);           \
	     (l) = (after), (after) = (l)->next)

#endif
