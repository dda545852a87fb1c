#include "base/clock.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static atomic_bool is_fake;
static atomic_int_least64_t fake_wall_ms;
static atomic_int_least64_t fake_mono_ms;

static int64_t read_us(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_wall_ms(void)
{
	if (atomic_load_explicit(&is_fake, memory_order_relaxed))
		return atomic_load(&fake_wall_ms);
	return read_us(CLOCK_REALTIME) / 1000;
}

int64_t clock_mono_us(void)
{
	if (atomic_load_explicit(&is_fake, memory_order_relaxed))
		return atomic_load(&fake_mono_ms) * 1000;
	return read_us(CLOCK_MONOTONIC);
}

int64_t clock_mono_ms(void)
{
	return clock_mono_us() / 1000;
}

void clock_fake(int64_t wall_ms)
{
	atomic_store(&fake_wall_ms, wall_ms);
	atomic_store(&fake_mono_ms, 1000);
	atomic_store(&is_fake, true);
}

void clock_fake_advance(int64_t ms)
{
	atomic_fetch_add(&fake_wall_ms, ms);
	atomic_fetch_add(&fake_mono_ms, ms);
}

void clock_print(int64_t wall_ms, char text_r[CLOCK_TEXT])
{
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm tm;

	if (localtime_r(&seconds, &tm) == NULL ||
	    strftime(text_r, CLOCK_TEXT, "%Y-%m-%d %H:%M", &tm) == 0)
		snprintf(text_r, CLOCK_TEXT, "?");
}

void clock_print_near(int64_t wall_ms, int64_t now_ms, char text_r[CLOCK_TEXT])
{
	enum { DATE = 10 };
	char now[CLOCK_TEXT];
	char then[CLOCK_TEXT];

	clock_print(now_ms, now);
	clock_print(wall_ms, then);
	snprintf(text_r, CLOCK_TEXT, "%s",
		 strncmp(now, then, DATE) == 0 ? then + DATE + 1 : then);
}
