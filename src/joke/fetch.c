#include "joke/fetch.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/clock.h"
#include "base/mem.h"
#include "joke/origin.h"
#include "joke/reach.h"

struct fetch {
	CURLM *multi;
	CURL *easy; /* the request under way, or NULL */
	char *url;
	struct origin home; /* of url */
	int64_t timeout_ms;

	bool is_running;
	int64_t end_ms;
	int redirects;
	bool is_home;        /* this request goes to the host of url */
	const char *refused; /* why we broke it off, if we did */
	size_t bytes;        /* received, headers and all */
	struct buf body;
	char reason[128];
};

static size_t count(struct fetch *f, size_t n)
{
	f->bytes += n;
	if (f->bytes <= FETCH_MOST)
		return n;
	f->refused = "the answer is too long";
	return 0;
}

static size_t on_header(char *bytes UNUSED, size_t size, size_t n, void *arg)
{
	return count(arg, size * n);
}

static size_t on_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct fetch *f = arg;

	if (count(f, size * n) == 0)
		return 0;
	buf_add(&f->body, bytes, size * n);
	return size * n;
}

static curl_socket_t on_socket(void *arg, curlsocktype purpose UNUSED,
			       struct curl_sockaddr *address)
{
	struct fetch *f = arg;

	if (!f->is_home && !reach_is_public(&address->addr)) {
		f->refused =
			"a redirect leads to an address that is not public";
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
		      address->protocol);
}

static void set_bounds(struct fetch *f, CURL *easy)
{
	long left_ms = (long)(f->end_ms - clock_mono_ms());

	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
			 (long)CURL_HTTP_VERSION_1_1);
	/* One connection each: so each one's address is looked at. */
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/* Else the end of a name's lookup would be waited for. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	/* 0 would be no bound at all. */
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, left_ms > 0 ? left_ms : 1L);
}

static void set_calls(struct fetch *f, CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, f);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, f);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, f);
}

/* Asks for url, the first one or where a redirect leads. */
static void request(struct fetch *f, const char *url, bool is_home)
{
	CURL *easy = curl_easy_init();

	f->easy = easy;
	f->is_home = is_home;
	f->refused = NULL;
	f->bytes = 0;
	buf_reset(&f->body);
	if (easy == NULL)
		return;
	set_bounds(f, easy);
	set_calls(f, easy);
	curl_easy_setopt(easy, CURLOPT_USERAGENT,
			 "rialto-joke/" PACKAGE_VERSION);
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_multi_add_handle(f->multi, easy);
}

static void drop(struct fetch *f)
{
	if (f->easy == NULL)
		return;
	curl_multi_remove_handle(f->multi, f->easy);
	curl_easy_cleanup(f->easy);
	f->easy = NULL;
}

static enum fetch_state fail(struct fetch *f, const char *reason)
{
	snprintf(f->reason, sizeof(f->reason), "%s", reason);
	f->is_running = false;
	drop(f);
	return FETCH_FAILED;
}

/* Goes where the server says, or does not. */
static enum fetch_state redirect(struct fetch *f, const char *url)
{
	AUTO(mem_free_text) char *next = mem_text(url);
	AUTO(origin_fini) struct origin there;
	const char *flaw = origin_parse(next, &there);
	char reason[sizeof(f->reason)];

	if (flaw != NULL) {
		snprintf(reason, sizeof(reason), "the URL of a redirect %s",
			 flaw);
		return fail(f, reason);
	}
	if (f->redirects == FETCH_REDIRECTS)
		return fail(f, "too many redirects");
	f->redirects++;
	drop(f);
	request(f, next, origin_is_same(&there, &f->home));
	return FETCH_RUNNING;
}

/* The cage lets nobody have a socket without the grant. */
static const char *words_for(const struct fetch *f, CURLcode result)
{
	int fd;

	if (f->refused != NULL)
		return f->refused;
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 && errno != EMFILE)
		return "there is no network; does the plugin have network: "
		       "true?";
	if (fd >= 0)
		close(fd);
	return curl_easy_strerror(result);
}

static enum fetch_state conclude(struct fetch *f, CURLcode result)
{
	char reason[sizeof(f->reason)];
	char *next = NULL;
	long status = 0;

	if (result != CURLE_OK)
		return fail(f, words_for(f, result));
	curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(f->easy, CURLINFO_REDIRECT_URL, &next);
	if (next != NULL)
		return redirect(f, next);
	if (status == 200) {
		f->is_running = false;
		drop(f);
		return FETCH_DONE;
	}
	snprintf(reason, sizeof(reason), "the answer is %ld", status);
	return fail(f, reason);
}

struct fetch *fetch_new(const char *url, int64_t timeout_ms,
			const char **flaw_r)
{
	struct fetch *f = mem_zero(sizeof(*f));

	f->url = mem_text(url);
	f->timeout_ms = timeout_ms;
	*flaw_r = origin_parse(url, &f->home);
	if (*flaw_r != NULL) {
		fetch_free(&f);
		return NULL;
	}
	f->multi = curl_multi_init();
	if (f->multi == NULL) {
		*flaw_r = "takes more memory than there is";
		fetch_free(&f);
	}
	return f;
}

void fetch_free(struct fetch **fetch)
{
	struct fetch *f = *fetch;

	if (f == NULL)
		return;
	drop(f);
	if (f->multi != NULL)
		curl_multi_cleanup(f->multi);
	origin_fini(&f->home);
	buf_fini(&f->body);
	mem_free(f->url);
	mem_free(f);
	*fetch = NULL;
}

void fetch_start(struct fetch *f)
{
	assert(!f->is_running);
	f->is_running = true;
	f->end_ms = clock_mono_ms() + f->timeout_ms;
	f->redirects = 0;
	request(f, f->url, true);
}

bool fetch_is_running(const struct fetch *f)
{
	return f->is_running;
}

enum fetch_state fetch_step(struct fetch *f)
{
	CURLMsg *message;
	int running, queued;

	if (f->easy == NULL ||
	    curl_multi_perform(f->multi, &running) != CURLM_OK)
		return fail(f, "libcurl gives up");
	message = curl_multi_info_read(f->multi, &queued);
	if (message == NULL || message->msg != CURLMSG_DONE)
		return FETCH_RUNNING;
	return conclude(f, message->data.result);
}

const struct buf *fetch_body(const struct fetch *f)
{
	return &f->body;
}

const char *fetch_reason(const struct fetch *f)
{
	return f->reason;
}

const char *fetch_host(const struct fetch *f)
{
	return f->home.host;
}

void fetch_wait(struct fetch *f, int fd, int wait_ms)
{
	struct curl_waitfd also = { .fd = fd, .events = CURL_WAIT_POLLIN };

	curl_multi_poll(f->multi, &also, 1, wait_ms, NULL);
}
