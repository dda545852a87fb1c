/*
 * Memory that is always there: running out ends the program, so every size
 * taken from outside must be bounded before it gets here. Any thread.
 */
#ifndef RIALTO_BASE_MEM_H
#define RIALTO_BASE_MEM_H

#include <stddef.h>

#include "base/attr.h"

/* Zeroed memory for the caller to give to mem_free(). */
NODISCARD void *mem_zero(size_t size);

/* Zeroed memory for count items of size bytes; overflow ends the program. */
NODISCARD void *mem_array(size_t count, size_t size);

/* Uninitialized memory. */
NODISCARD void *mem_alloc(size_t size);

/* As realloc(): ptr may be NULL; what is added is not initialized. */
NODISCARD void *mem_resize(void *ptr, size_t size);

NODISCARD void *mem_copy(const void *bytes, size_t size);

/* A copy of text; NULL gives NULL. */
NODISCARD char *mem_text(const char *text);

NODISCARD char *mem_print(const char *format, ...) PRINTF(1, 2);

/* Frees what was allocated here; NULL is left alone. */
void mem_free(void *ptr);

/* For AUTO(): frees *text. */
void mem_free_text(char **text);

/* Overwrites size bytes with zeros, whatever the optimizer thinks of it. */
void mem_wipe(void *bytes, size_t size);

/* Wipes and frees what malloc() gave: all of it, so a library may call it. */
void mem_wipe_free(void *ptr);

/*
 * Overwrites what functions that have returned, called from where this is
 * called, have left of keys on the stack: 8 KiB of it.
 */
void mem_wipe_stack(void);

#endif
