/*
 * Between the store and the disk: a test linked with -Wl,--wrap=fdatasync can
 * make what is synced wait, fail, or be kept apart as what alone would
 * survive a power cut. fdatasync() is what the store calls for every file of
 * Berkeley DB's.
 */
#ifndef RIALTO_TESTS_STORE_DISK_H
#define RIALTO_TESTS_STORE_DISK_H

/* From now on a sync waits, until disk_release(). */
void disk_hold(void);
void disk_release(void);

/* Waits until a sync waits. */
void disk_await(void);

/* From now on every sync fails with this number. */
void disk_fail(int number);

/* The process is killed when it syncs for the count-th time from now. */
void disk_kill_at(int count);

/* From now on every synced file is copied to the directory `image`. */
void disk_mirror(const char *image);

#endif
