/* Where a person's files are, by the XDG base directories. */
#ifndef RIALTO_RIALTO_FOLDER_H
#define RIALTO_RIALTO_FOLDER_H

#include "base/attr.h"
#include "base/err.h"

/*
 * $VARIABLE/name, or ~/usual/name where the variable is no absolute path.
 * NULL when there is no home either.
 */
NODISCARD char *folder_file(const char *variable, const char *usual,
			    const char *name);

/* Makes the folder and those above it that are missing, for the owner only. */
NODISCARD enum err folder_make(const char *folder);

#endif
