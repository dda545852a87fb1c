/*
 * What systemd is told (sd_notify(3)) and gives (sd_listen_fds(3)). Without
 * it, or built without it, everything here does nothing. Main thread only.
 */
#ifndef RIALTO_RIALTOD_SYSTEMD_H
#define RIALTO_RIALTOD_SYSTEMD_H

#include <stddef.h>
#include <stdint.h>

void systemd_ready(void);
void systemd_reloading(void);
void systemd_stopping(void);
void systemd_status(size_t sessions);

/* How often it wants to hear that we live; 0: never. */
int64_t systemd_watchdog_ms(void);
void systemd_feed_watchdog(void);

/* Inherited sockets: descriptors *first_r and on; returns how many. */
int systemd_sockets(int *first_r);

#endif
