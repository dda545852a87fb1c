/*
 * Landlock is spoken by system calls, since neither the C library nor all
 * headers know it: see linux/landlock.h and landlock(7).
 */
#include "plugin/cage.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

enum {
	CREATE_VERSION = 1,
	RULE_PATH_BENEATH = 1,

	FS_EXECUTE = 1 << 0,
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_VERSION_1 = (1 << 13) - 1,
	FS_REFER = 1 << 13,     /* version 2 */
	FS_TRUNCATE = 1 << 14,  /* version 3 */
	FS_IOCTL_DEV = 1 << 15, /* version 5 */

	NET_BIND = 1 << 0,    /* TCP; version 4 */
	NET_CONNECT = 1 << 1, /* likewise */
	SCOPE_ALL = 3,        /* version 6: abstract Unix sockets and signals */

	READ = FS_READ_FILE | FS_READ_DIR,
	RUN = READ | FS_EXECUTE,
	USE = FS_READ_FILE | FS_WRITE_FILE,
	OF_FILES = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE,
};

struct ruleset {
	uint64_t fs;
	uint64_t net;
	uint64_t scoped;
};

struct path_beneath {
	uint64_t allowed;
	int32_t parent;
} __attribute__((packed));

struct grant {
	const char *path;
	unsigned access;
	bool network; /* only with that */
};

/*
 * Parts of /usr and no more, since with some prefixes our own files lie there.
 * What is not there, or leads to something secret, is left out.
 */
static const struct grant grants[] = {
	{ "/bin", RUN, false },
	{ "/sbin", RUN, false },
	{ "/lib", RUN, false },
	{ "/lib32", RUN, false },
	{ "/lib64", RUN, false },
	{ "/usr/bin", RUN, false },
	{ "/usr/sbin", RUN, false },
	{ "/usr/lib", RUN, false },
	{ "/usr/lib32", RUN, false },
	{ "/usr/lib64", RUN, false },
	{ "/usr/libexec", RUN, false },
	{ "/usr/share", READ, false },
	{ "/usr/local/bin", RUN, false },
	{ "/usr/local/lib", RUN, false },
	{ "/usr/local/libexec", RUN, false },
	{ "/usr/local/share", READ, false },
	{ PKGDATADIR, READ, false },
	{ "/etc/ld.so.cache", FS_READ_FILE, false },
	{ "/etc/alternatives", READ, false },
	{ "/etc/localtime", FS_READ_FILE, false },
	{ "/etc/ssl/openssl.cnf", FS_READ_FILE, false },
	{ "/dev/null", USE, false },
	{ "/dev/zero", FS_READ_FILE, false },
	{ "/dev/random", FS_READ_FILE, false },
	{ "/dev/urandom", FS_READ_FILE, false },
	/* Not all of it: net/ has the addresses of everybody's peers. */
	{ "/proc/self/auxv", FS_READ_FILE, false },
	{ "/proc/self/cmdline", FS_READ_FILE, false },
	{ "/proc/self/environ", FS_READ_FILE, false },
	{ "/proc/self/fd", READ, false },
	{ "/proc/self/limits", FS_READ_FILE, false },
	{ "/proc/self/maps", FS_READ_FILE, false },
	{ "/proc/self/smaps", FS_READ_FILE, false },
	{ "/proc/self/stat", FS_READ_FILE, false },
	{ "/proc/self/statm", FS_READ_FILE, false },
	{ "/proc/self/status", FS_READ_FILE, false },
	{ "/etc/resolv.conf", FS_READ_FILE, true },
	{ "/run/systemd/resolve", READ, true },
	{ "/etc/hosts", FS_READ_FILE, true },
	{ "/etc/host.conf", FS_READ_FILE, true },
	{ "/etc/gai.conf", FS_READ_FILE, true },
	{ "/etc/nsswitch.conf", FS_READ_FILE, true },
	{ "/etc/services", FS_READ_FILE, true },
	{ "/etc/protocols", FS_READ_FILE, true },
	{ "/etc/ssl/certs", READ, true },
	{ "/etc/pki/tls/certs", READ, true },
	{ "/etc/pki/ca-trust/extracted", READ, true },
};

static long version(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_VERSION);
}

bool cage_has_files(void)
{
	return version() > 0;
}

/* inner is outer, or lies in it; both are real paths. */
static bool is_within(const char *inner, const char *outer)
{
	size_t len = strlen(outer);

	return strncmp(inner, outer, len) == 0 &&
	       (inner[len] == '\0' || inner[len] == '/' || len == 1);
}

/* The real path of what is there; else the path as it is. */
static char *real_path(const char *path)
{
	char *found = realpath(path, NULL);

	return found != NULL ? found : mem_text(path);
}

/* Would who sees path see a secret, or is it within one? */
static bool is_secret(const char *path, const struct launch_order *order)
{
	const char *secret = order->secrets;

	while (*secret != '\0') {
		AUTO(mem_free_text) char *real = real_path(secret);

		if (is_within(real, path) || is_within(path, real))
			return true;
		secret += strlen(secret) + 1;
	}
	return false;
}

static bool add_rule(int rules, const char *path, unsigned access)
{
	struct path_beneath rule = { .allowed = access };
	struct stat info;
	bool is_added;

	rule.parent = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent < 0)
		return true; /* not there: nothing to be seen */
	if (fstat(rule.parent, &info) == 0 && !S_ISDIR(info.st_mode))
		rule.allowed &= OF_FILES;
	is_added = syscall(SYS_landlock_add_rule, rules, RULE_PATH_BENEATH,
			   &rule, 0) == 0;
	close(rule.parent);
	return is_added;
}

static bool add_unless_secret(int rules, const char *path, unsigned access,
			      const struct launch_order *order)
{
	AUTO(mem_free_text) char *real = real_path(path);

	return is_secret(real, order) || add_rule(rules, real, access);
}

/* The program's folder; where that holds secrets, the program alone. */
static bool add_program(int rules, const char *program,
			const struct launch_order *order)
{
	AUTO(mem_free_text) char *real = real_path(program);
	AUTO(mem_free_text) char *folder = file_folder(real);

	return add_rule(rules, is_secret(folder, order) ? real : folder, RUN);
}

static int make_rules(long known, bool network)
{
	struct ruleset set = { .fs = FS_VERSION_1 };
	size_t size = known < 4   ? sizeof(set.fs)
		      : known < 6 ? offsetof(struct ruleset, scoped)
				  : sizeof(set);

	set.fs |= known >= 2 ? FS_REFER : 0;
	set.fs |= known >= 3 ? FS_TRUNCATE : 0;
	set.fs |= known >= 5 ? FS_IOCTL_DEV : 0;
	set.net = network ? NET_BIND : NET_BIND | NET_CONNECT;
	set.scoped = SCOPE_ALL;
	return (int)syscall(SYS_landlock_create_ruleset, &set, size, 0);
}

bool cage_files(const char *program, const struct launch_order *order)
{
	long known = version();
	bool is_right;
	int rules;

	if (known < 1)
		return true;
	rules = make_rules(known, order->network);
	if (rules < 0)
		return false;
	is_right = add_program(rules, program, order);
	for (size_t i = 0; is_right && i < COUNT(grants); i++) {
		if (!grants[i].network || order->network)
			is_right = add_unless_secret(rules, grants[i].path,
						     grants[i].access, order);
	}
	is_right =
		is_right && syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	close(rules);
	return is_right;
}
