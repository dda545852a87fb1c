#include "rialtod/systemd.h"

#ifdef HAVE_SYSTEMD

#include <inttypes.h>
#include <systemd/sd-daemon.h>
#include <time.h>

void systemd_ready(void)
{
	sd_notify(0, "READY=1");
}

void systemd_reloading(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIi64,
		   (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000);
}

void systemd_stopping(void)
{
	sd_notify(0, "STOPPING=1");
}

void systemd_status(size_t sessions)
{
	sd_notifyf(0, "STATUS=%zu session%s", sessions,
		   sessions == 1 ? "" : "s");
}

int64_t systemd_watchdog_ms(void)
{
	uint64_t usec = 0;

	if (sd_watchdog_enabled(0, &usec) <= 0)
		return 0;
	return (int64_t)(usec / 1000);
}

void systemd_feed_watchdog(void)
{
	sd_notify(0, "WATCHDOG=1");
}

int systemd_sockets(int *first_r)
{
	int count = sd_listen_fds(1);

	*first_r = SD_LISTEN_FDS_START;
	return count > 0 ? count : 0;
}

#else

void systemd_ready(void)
{
}

void systemd_reloading(void)
{
}

void systemd_stopping(void)
{
}

void systemd_status(size_t sessions)
{
	(void)sessions;
}

int64_t systemd_watchdog_ms(void)
{
	return 0;
}

void systemd_feed_watchdog(void)
{
}

int systemd_sockets(int *first_r)
{
	*first_r = -1;
	return 0;
}

#endif
