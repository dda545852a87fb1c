/* What the joke plugin answers to what Rialto says. */
#ifndef RIALTO_JOKE_PLUGIN_H
#define RIALTO_JOKE_PLUGIN_H

#include "base/attr.h"
#include "joke/supply.h"
#include "joke/wire.h"

/* Serves until Rialto ends it; an exit status. */
NODISCARD int plugin_run(struct wire *wire, struct supply *supply);

#endif
