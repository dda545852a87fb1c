#include "client/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/mem.h"

/* What a terminal gives as one line at most (Linux, N_TTY). */
enum { ANSWER_MOST = 4096 };

static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

static volatile sig_atomic_t caught;

static void note(int number)
{
	caught = number;
}

struct guard {
	struct sigaction was[COUNT(ending)];
	sigset_t mask; /* as it was */
	sigset_t open; /* while waiting */
};

/* A signal that would end the program ends the wait instead. */
static void guard_begin(struct guard *g)
{
	struct sigaction noting = { .sa_handler = note };
	sigset_t set;

	caught = 0;
	sigemptyset(&noting.sa_mask);
	sigemptyset(&set);
	for (size_t i = 0; i < COUNT(ending); i++)
		sigaddset(&set, ending[i]);
	sigprocmask(SIG_BLOCK, &set, &g->mask);
	g->open = g->mask;
	for (size_t i = 0; i < COUNT(ending); i++) {
		sigaction(ending[i], &noting, &g->was[i]);
		sigdelset(&g->open, ending[i]);
	}
}

static void guard_end(struct guard *g)
{
	for (size_t i = 0; i < COUNT(ending); i++)
		sigaction(ending[i], &g->was[i], NULL);
	sigprocmask(SIG_SETMASK, &g->mask, NULL);
	if (caught != 0 && caught != SIGINT)
		raise(caught);
}

static bool say(int fd, const char *text)
{
	return write(fd, text, strlen(text)) == (ssize_t)strlen(text);
}

/* False when a signal came first; signals come here and nowhere else. */
static bool wait_for(int fd, const struct guard *g)
{
	struct pollfd input = { fd, POLLIN, 0 };

	while (caught == 0) {
		if (ppoll(&input, 1, NULL, &g->open) > 0)
			return true;
		if (errno != EINTR)
			return false;
	}
	return false;
}

static enum terminal_answer read_line(int fd, const struct guard *g,
				      struct secret **answer_r)
{
	enum terminal_answer answer = TERMINAL_CANCELLED;
	char bytes[ANSWER_MOST];
	size_t len = 0;
	ssize_t n = 1;

	while (n > 0 && len < sizeof(bytes) && wait_for(fd, g)) {
		n = read(fd, bytes + len, sizeof(bytes) - len);
		if (n > 0)
			len += (size_t)n;
		if (n > 0 && bytes[len - 1] == '\n') {
			*answer_r = secret_new(bytes, len - 1);
			answer = TERMINAL_OK;
			break;
		}
	}
	mem_wipe(bytes, sizeof(bytes));
	return answer;
}

static enum terminal_answer ask(int fd, const struct guard *g,
				const char *question, bool echo,
				struct secret **answer_r)
{
	enum terminal_answer answer = TERMINAL_NONE;
	struct termios was, now;

	if (tcgetattr(fd, &was) != 0)
		return TERMINAL_NONE;
	now = was;
	now.c_lflag |= ICANON | ISIG | ECHO;
	if (!echo)
		now.c_lflag = (now.c_lflag & ~(tcflag_t)ECHO) | ECHONL;
	/* A shell that took over meanwhile would find, and leave, no echo. */
	now.c_cc[VSUSP] = _POSIX_VDISABLE;
	if (tcsetattr(fd, TCSADRAIN, &now) == 0 && say(fd, question))
		answer = read_line(fd, g, answer_r);
	if (answer == TERMINAL_CANCELLED)
		(void)say(fd, "\n");
	tcsetattr(fd, TCSADRAIN, &was);
	return answer;
}

enum terminal_answer terminal_ask(const char *question, bool echo,
				  struct secret **answer_r)
{
	enum terminal_answer answer;
	struct guard guard;
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return TERMINAL_NONE;
	guard_begin(&guard);
	answer = ask(fd, &guard, question, echo, answer_r);
	close(fd);
	guard_end(&guard);
	return answer;
}
