/*
 * A list of what may be called: the rest does not exist, so that programs do
 * what they do on an older kernel. Where only some arguments are allowed, and
 * where programs should learn that they may not, it is refused.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "plugin/cage.h"

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

static const char *const allowed[] = {
	/* files and what looks like them */
	"_llseek", "access", "chdir", "close", "close_range", "dup", "dup2",
	"dup3", "epoll_create", "epoll_create1", "epoll_ctl", "epoll_pwait",
	"epoll_pwait2", "epoll_wait", "eventfd", "eventfd2", "faccessat",
	"faccessat2", "fadvise64", "fchdir", "fstat", "fstat64", "fstatat64",
	"fstatfs", "fstatfs64", "getcwd", "getdents", "getdents64", "lseek",
	"lstat", "lstat64", "newfstatat", "pipe", "pipe2", "poll", "ppoll",
	"ppoll_time64", "pread64", "preadv", "preadv2", "pselect6",
	"pselect6_time64", "pwrite64", "pwritev", "read", "readahead",
	"readlink", "readlinkat", "readv", "select", "signalfd", "signalfd4",
	"stat", "stat64", "statfs", "statfs64", "statx", "timerfd_create",
	"timerfd_gettime", "timerfd_settime", "umask", "write", "writev",
	/* what it has open already */
	"getpeername", "getsockname", "getsockopt", "recv", "recvfrom",
	"recvmsg", "send", "sendmsg", "shutdown",
	/* memory */
	"brk", "madvise", "membarrier", "mincore", "mmap", "mmap2", "mprotect",
	"mremap", "msync", "munmap",
	/* itself and its threads */
	"arch_prctl", "capget", "exit", "exit_group", "futex", "futex_time64",
	"futex_waitv", "get_robust_list", "getcpu", "getegid", "geteuid",
	"getgid", "getgroups", "getpgid", "getpgrp", "getpid", "getppid",
	"getresgid", "getresuid", "getrlimit", "getrusage", "getsid", "gettid",
	"getuid", "restart_syscall", "rseq", "sched_get_priority_max",
	"sched_get_priority_min", "sched_getaffinity", "sched_getparam",
	"sched_getscheduler", "sched_yield", "set_robust_list",
	"set_thread_area", "set_tid_address", "setrlimit", "sysinfo", "times",
	"ugetrlimit", "uname",
	/* signals, time, chance */
	"alarm", "clock_getres", "clock_getres_time64", "clock_gettime",
	"clock_gettime64", "clock_nanosleep", "clock_nanosleep_time64",
	"getitimer", "getrandom", "gettimeofday", "nanosleep", "pause",
	"rt_sigaction", "rt_sigpending", "rt_sigprocmask", "rt_sigreturn",
	"rt_sigsuspend", "rt_sigtimedwait", "rt_sigtimedwait_time64",
	"setitimer", "sigaltstack", "sigreturn", "time", "timer_create",
	"timer_delete", "timer_getoverrun", "timer_gettime", "timer_settime"
};

/* Where Landlock says which. */
static const char *const of_files[] = { "open", "openat" };

/* With the network only: as a client, never as a server. */
static const char *const with_network[] = { "connect", "recvmmsg", "sendmmsg",
					    "sendto" };

/* Refused, rather than unknown. */
static const char *const refused[] = {
	"bind",
	"execveat",
	"fork",
	"kcmp",
	"listen",
	"pidfd_getfd",
	"pidfd_open",
	"pidfd_send_signal",
	"process_madvise",
	"process_vm_readv",
	"process_vm_writev",
	"ptrace",
	"setpgid",
	"setpriority",
	"setsid",
	"vfork",
};

static bool add_names(scmp_filter_ctx filter, uint32_t action,
		      const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int number = seccomp_syscall_resolve_name(names[i]);

		/* Not of this processor, or not known to this library. */
		if (number == __NR_SCMP_ERROR || number < 0)
			continue;
		if (seccomp_rule_add(filter, action, number, 0) != 0)
			return false;
	}
	return true;
}

/* A call that is allowed when its arguments are right, else refused. */
struct narrow {
	int number;
	unsigned count;
	struct scmp_arg_cmp args[3];
};

static bool add_narrow(scmp_filter_ctx filter, uint32_t action,
		       const struct narrow *all, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (all[i].number < 0)
			continue;
		if (seccomp_rule_add_array(filter, action, all[i].number,
					   all[i].count, all[i].args) != 0)
			return false;
	}
	return true;
}

#define COMPARE(index, how, a, b)                                              \
	{                                                                      \
		index, how, (uint64_t)(a), (uint64_t)(b)                       \
	}
#define IS(index, value) COMPARE(index, SCMP_CMP_EQ, value, 0)
#define NOT(index, value) COMPARE(index, SCMP_CMP_NE, value, 0)
/* The kernel looks at no more of an int. */
#define INT(index, value) COMPARE(index, SCMP_CMP_MASKED_EQ, UINT32_MAX, value)
#define HAS(index, mask, value) COMPARE(index, SCMP_CMP_MASKED_EQ, mask, value)

enum {
	NAMESPACES = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
		     CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET,
	SOCKET_KIND = 0xf, /* of a socket's type; the rest are flags */
};

/* Threads are no processes: they share all, and end with it. */
static bool add_own(scmp_filter_ctx filter)
{
	uint64_t thread = CLONE_THREAD | CLONE_VM | CLONE_SIGHAND;
	uint64_t self = (uint64_t)getpid();
	const struct narrow calls[] = {
		{ SCMP_SYS(clone), 1, { HAS(0, thread | NAMESPACES, thread) } },
		{ SCMP_SYS(kill), 1, { IS(0, self) } },
		{ SCMP_SYS(tgkill), 1, { IS(0, self) } },
		{ SCMP_SYS(rt_sigqueueinfo), 1, { IS(0, self) } },
		{ SCMP_SYS(rt_tgsigqueueinfo), 1, { IS(0, self) } },
		{ SCMP_SYS(prlimit64), 1, { IS(0, 0) } },
		{ SCMP_SYS(prctl), 1, { IS(0, PR_SET_NAME) } },
		{ SCMP_SYS(prctl), 1, { IS(0, PR_GET_NAME) } },
		{ SCMP_SYS(prctl), 1, { IS(0, PR_SET_VMA) } },
		{ SCMP_SYS(ioctl), 1, { IS(1, TCGETS) } },
		{ SCMP_SYS(ioctl), 1, { IS(1, FIONREAD) } },
		{ SCMP_SYS(ioctl), 1, { IS(1, FIONBIO) } },
		{ SCMP_SYS(ioctl), 1, { IS(1, FIOCLEX) } },
		{ SCMP_SYS(ioctl), 1, { IS(1, FIONCLEX) } },
		/* A datagram socket could be sent elsewhere. */
		{ SCMP_SYS(socketpair),
		  2,
		  { IS(0, AF_UNIX), HAS(1, SOCKET_KIND, SOCK_STREAM) } },
		/* send() is this without an address. */
		{ SCMP_SYS(sendto), 1, { IS(4, 0) } },
	};

	return add_narrow(filter, SCMP_ACT_ALLOW, calls, COUNT(calls));
}

/* Said in words that programs understand. */
static bool refuse_others(scmp_filter_ctx filter)
{
	uint64_t self = (uint64_t)getpid();
	const struct narrow calls[] = {
		{ SCMP_SYS(clone), 1, { HAS(0, CLONE_THREAD, 0) } },
		{ SCMP_SYS(kill), 1, { NOT(0, self) } },
		{ SCMP_SYS(tgkill), 1, { NOT(0, self) } },
		{ SCMP_SYS(prlimit64), 1, { NOT(0, 0) } },
	};

	return add_narrow(filter, SCMP_ACT_ERRNO(EPERM), calls, COUNT(calls));
}

/* Whom signals about a file go to, say, may not be changed. */
static bool add_fcntl(scmp_filter_ctx filter)
{
	static const int commands[] = { F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD,
					F_SETFD, F_GETFL,         F_SETFL,
					F_GETLK, F_GETPIPE_SZ };

	for (size_t i = 0; i < COUNT(commands); i++) {
		const struct narrow calls[] = {
			{ SCMP_SYS(fcntl), 1, { IS(1, commands[i]) } },
			{ SCMP_SYS(fcntl64), 1, { IS(1, commands[i]) } },
		};

		if (!add_narrow(filter, SCMP_ACT_ALLOW, calls, COUNT(calls)))
			return false;
	}
	return true;
}

/* Without Landlock nothing else keeps it from changing what is there. */
static bool add_files(scmp_filter_ctx filter)
{
	static const uint64_t changing = O_ACCMODE | O_CREAT | O_TRUNC;
	const struct narrow calls[] = {
		{ SCMP_SYS(open), 1, { HAS(1, changing, O_RDONLY) } },
		{ SCMP_SYS(openat), 1, { HAS(2, changing, O_RDONLY) } },
	};

	return cage_has_files() ? add_names(filter, SCMP_ACT_ALLOW, of_files,
					    COUNT(of_files))
				: add_narrow(filter, SCMP_ACT_ALLOW, calls,
					     COUNT(calls));
}

/*
 * Not SO_LINGER: closing such a socket may take hours, and it could be sent to
 * us along with a line.
 */
static bool add_options(scmp_filter_ctx filter)
{
	static const int levels[] = { IPPROTO_IP, IPPROTO_IPV6, IPPROTO_TCP,
				      IPPROTO_UDP };
	static const int options[] = { SO_KEEPALIVE, SO_PRIORITY,  SO_RCVBUF,
				       SO_RCVTIMEO,  SO_REUSEADDR, SO_SNDBUF,
				       SO_SNDTIMEO };

	for (size_t i = 0; i < COUNT(levels); i++) {
		const struct narrow call = { SCMP_SYS(setsockopt),
					     1,
					     { INT(1, levels[i]) } };

		if (!add_narrow(filter, SCMP_ACT_ALLOW, &call, 1))
			return false;
	}
	for (size_t i = 0; i < COUNT(options); i++) {
		const struct narrow call = { SCMP_SYS(setsockopt),
					     2,
					     { INT(1, SOL_SOCKET),
					       INT(2, options[i]) } };

		if (!add_narrow(filter, SCMP_ACT_ALLOW, &call, 1))
			return false;
	}
	return true;
}

/* TCP and UDP alone, by whatever name. */
static bool add_sockets(scmp_filter_ctx filter, int family)
{
	static const struct {
		int kind;
		int protocol;
	} all[] = {
		{ SOCK_STREAM, 0 },
		{ SOCK_STREAM, IPPROTO_TCP },
		{ SOCK_DGRAM, 0 },
		{ SOCK_DGRAM, IPPROTO_UDP },
	};

	for (size_t i = 0; i < COUNT(all); i++) {
		const struct narrow call = { SCMP_SYS(socket),
					     3,
					     { INT(0, family),
					       HAS(1, SOCKET_KIND, all[i].kind),
					       INT(2, all[i].protocol) } };

		if (!add_narrow(filter, SCMP_ACT_ALLOW, &call, 1))
			return false;
	}
	return true;
}

static bool add_network(scmp_filter_ctx filter)
{
	return add_sockets(filter, AF_INET) && add_sockets(filter, AF_INET6) &&
	       add_names(filter, SCMP_ACT_ALLOW, with_network,
			 COUNT(with_network));
}

/* The addresses were drawn by chance, and the plugin does not know them. */
static bool add_start(scmp_filter_ctx filter, const void *path,
		      const void *args, const void *environment)
{
	const struct narrow call = { SCMP_SYS(execve),
				     3,
				     { IS(0, (uintptr_t)path),
				       IS(1, (uintptr_t)args),
				       IS(2, (uintptr_t)environment) } };

	return add_narrow(filter, SCMP_ACT_ALLOW, &call, 1);
}

bool cage_has_calls(void)
{
	return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0 || errno != EINVAL;
}

bool cage_calls(bool network, const void *path, const void *args,
		const void *environment)
{
	scmp_filter_ctx filter;
	bool is_right;
	int outcome = 0;

	if (!cage_has_calls())
		return true;
	filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	if (filter == NULL)
		return false;
	is_right = add_names(filter, SCMP_ACT_ALLOW, allowed, COUNT(allowed)) &&
		   add_names(filter, SCMP_ACT_ERRNO(EPERM), refused,
			     COUNT(refused)) &&
		   add_own(filter) && refuse_others(filter) &&
		   add_fcntl(filter) && add_files(filter) &&
		   add_options(filter) && (!network || add_network(filter)) &&
		   add_start(filter, path, args, environment);
	if (is_right)
		outcome = seccomp_load(filter);
	seccomp_release(filter);
	errno = -outcome;
	return is_right && outcome == 0;
}
