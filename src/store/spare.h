/*
 * Spare log files: as long as a log file, and full of zeros that are on the
 * disk. The keeper makes them ahead of need. A log file that was one is written
 * to where it has its blocks already: so a sync has nothing to wait for but its
 * own bytes. A log file without one is merely allocated (see env.c).
 *
 * What an earlier process left is removed, never used: nobody knows whether its
 * zeros have reached the disk, and what lay in those blocks may look like log.
 */
#ifndef RIALTO_STORE_SPARE_H
#define RIALTO_STORE_SPARE_H

#include <stdbool.h>
#include <stdint.h>

/* The keeper's. */
struct spares {
	int dir_fd;
	unsigned made;      /* a bit for each that was there */
	unsigned wanted;    /* how many shall be */
	unsigned logs_made; /* by the process, see env_logs_made() */
};

/* Before any log file is made in the directory. */
void spares_init(struct spares *spares, int dir_fd);

/* The log is open: from now on, log files that are made count. */
void spares_start(struct spares *spares);

/*
 * Makes those that are missing, as many as are likely to be used before the
 * next call; none before a log file was full for the first time. Takes as long
 * as the disk does.
 */
void spares_fill(struct spares *spares);

/* Bytes that spares_fill() may take. */
uint64_t spares_need(const struct spares *spares);

/* Gives their space back. */
void spares_drop(struct spares *spares);

/*
 * Makes a spare the log file of this path. False: there is none, or the file is
 * there already. Any thread; never waits for the disk.
 */
bool spare_use(const char *path);

#endif
