/*
 * The time, in one place, so that tests can move it. Any thread.
 */
#ifndef RIALTO_BASE_CLOCK_H
#define RIALTO_BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds since 1970-01-01 UTC; may jump. */
int64_t clock_wall_ms(void);

/* Milliseconds and microseconds that only grow. */
int64_t clock_mono_ms(void);
int64_t clock_mono_us(void);

/*
 * For tests: from now on all three clocks stand still and are moved by
 * clock_fake_advance() alone. Call before any thread starts.
 */
void clock_fake(int64_t wall_ms);
void clock_fake_advance(int64_t ms);

/* Bytes for clock_print(), with its NUL. */
enum { CLOCK_TEXT = 24 };

/* Writes "2026-11-20 20:14" in the local time zone. */
void clock_print(int64_t wall_ms, char text_r[CLOCK_TEXT]);

/* The same, without the date when it is that of now_ms: "20:14". */
void clock_print_near(int64_t wall_ms, int64_t now_ms, char text_r[CLOCK_TEXT]);

#endif
