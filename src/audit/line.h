/*
 * An audit record as a line for people: its time in UTC (ISO 8601), then a
 * KEY=value for every field, "-" where there is nothing. What could be taken
 * for something else is in quotes, with \" and \\; what cannot be shown is a
 * '?'. So a line never holds another one. Any thread.
 */
#ifndef RIALTO_AUDIT_LINE_H
#define RIALTO_AUDIT_LINE_H

#include <stddef.h>
#include <stdint.h>

#include "audit/entry.h"
#include "base/buf.h"

/* Bytes of a time with its NUL: "2026-11-20T20:14:05.123Z". */
enum { AUDIT_TIME = 32 };

void audit_print_time(int64_t wall_ms, char text_r[AUDIT_TIME]);

/* Adds the line, ended by "\n". */
void audit_print_line(const struct audit_record *record, struct buf *out);

/* The sequence number in a line (without its end), or 0. */
uint64_t audit_line_sequence(const char *line, size_t len);

#endif
