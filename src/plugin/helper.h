/*
 * The launcher's own process: its loop. See launcher.h.
 */
#ifndef RIALTO_PLUGIN_HELPER_H
#define RIALTO_PLUGIN_HELPER_H

#include "base/attr.h"

/* Obeys orders on socket until its other end is closed; then ends. */
NORETURN void helper_run(int socket);

#endif
