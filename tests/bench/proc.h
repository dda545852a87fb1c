/*
 * What the kernel knows about a process: processor time and memory.
 */
#ifndef RIALTO_BENCH_PROC_H
#define RIALTO_BENCH_PROC_H

#include <stdint.h>
#include <sys/types.h>

/* Nanoseconds on a clock that only grows. */
int64_t proc_now_ns(void);

/*
 * Processor time, user and system, of all threads of a process since its
 * start, to the nanosecond (its CPU-time clock, the sum that /proc/PID/stat
 * shows rounded to ticks). 0 for pid 0; a process that is gone ends the run.
 */
int64_t proc_cpu_ns(pid_t pid);

/* The calling process's own. */
int64_t proc_own_cpu_ns(void);

/* The calling thread's own. */
int64_t proc_thread_cpu_ns(void);

/*
 * Of a process and its children, those that ended and those that live; of
 * their children only what has ended. To the tick.
 */
int64_t proc_family_cpu_ns(pid_t pid);

/* Of all processes and of other virtual machines, to the tick. */
int64_t proc_all_cpu_ns(void);

/* Resident memory in KiB (/proc/PID/smaps_rollup); ends the run on failure. */
int64_t proc_resident_kib(pid_t pid);

/* Lets this process open count more files, or ends the run. */
void proc_allow_files(int64_t count);

#endif
