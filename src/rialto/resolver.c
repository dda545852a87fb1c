#include "rialto/resolver.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/thread.h"

struct resolver {
	char *host;
	char *port;
	int fd;
	atomic_int holders; /* its owner and its thread; the last one frees */

	/* written by the thread before fd becomes readable */
	struct addrinfo *addresses;
	int result;
	int number; /* errno for EAI_SYSTEM */
};

static void unref(struct resolver *r)
{
	if (atomic_fetch_sub(&r->holders, 1) > 1)
		return;
	if (r->addresses != NULL)
		freeaddrinfo(r->addresses);
	close(r->fd);
	mem_free(r->host);
	mem_free(r->port);
	mem_free(r);
}

static void ask(void *arg)
{
	struct resolver *r = arg;
	const struct addrinfo wanted = {
		.ai_flags = AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM,
	};
	const uint64_t one = 1;
	ssize_t n;

	r->result = getaddrinfo(r->host, r->port, &wanted, &r->addresses);
	r->number = errno;
	n = write(r->fd, &one, sizeof(one));
	assert(n == (ssize_t)sizeof(one));
	unref(r);
}

struct resolver *resolver_new(const char *host, const char *port)
{
	struct resolver *r = mem_zero(sizeof(*r));
	struct thread thread;

	r->host = mem_text(host);
	r->port = mem_text(port);
	r->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	assert(r->fd >= 0);
	atomic_init(&r->holders, 2);
	thread_start(&thread, "resolver", ask, r);
	pthread_detach(thread.handle);
	return r;
}

void resolver_free(struct resolver **r)
{
	if (*r != NULL)
		unref(*r);
	*r = NULL;
}

int resolver_fd(const struct resolver *r)
{
	return r->fd;
}

const struct addrinfo *resolver_answer(const struct resolver *r,
				       const char **problem_r)
{
	uint64_t count;

	/* Reading is what makes the thread's writing visible here. */
	if (read(r->fd, &count, sizeof(count)) < 0 && errno != EAGAIN)
		assert(false);
	if (r->result == 0)
		return r->addresses;
	*problem_r = r->result == EAI_SYSTEM ? strerror(r->number)
					     : gai_strerror(r->result);
	return NULL;
}
