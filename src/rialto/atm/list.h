/* What a digit chooses from, as many as the screen has room for. */
#ifndef RIALTO_RIALTO_ATM_LIST_H
#define RIALTO_RIALTO_ATM_LIST_H

#include <jansson.h>
#include <stdbool.h>

#include "rialto/atm/machine.h"

/* Takes over items, an array, or NULL. */
void list_set(struct machine *m, json_t *items);

/* The one that the key chooses, or NULL; borrowed. */
const json_t *list_at(const struct machine *m, char key);

/* Says those that are to be shown now, as the screen prints them. */
void list_show(struct machine *m);

/* Whether there are others, and to these. */
bool list_has_more(const struct machine *m);
bool list_has_first(const struct machine *m);
enum at list_more(struct machine *m);
enum at list_first(struct machine *m);

#endif
