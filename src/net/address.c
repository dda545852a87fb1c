#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/quantity.h"

static bool parse_unix(const char *path, const char *folder,
		       struct address *address_r, struct buf *why)
{
	AUTO(mem_free_text)
	char *whole = path[0] == '/' ? mem_text(path) : file_join(folder, path);
	struct sockaddr_un un = { .sun_family = AF_UNIX };

	if (path[0] == '\0' || strlen(whole) >= sizeof(un.sun_path)) {
		buf_print(why, "its path must have 1 to %zu bytes",
			  sizeof(un.sun_path) - 1);
		return false;
	}
	memcpy(un.sun_path, whole, strlen(whole) + 1);
	memset(address_r, 0, sizeof(*address_r));
	memcpy(&address_r->storage, &un, sizeof(un));
	address_r->len = sizeof(un);
	return true;
}

static bool parse_port(const char *text, in_port_t *port_r)
{
	int64_t port;

	if (!quantity_number(text, &port) || port < 1 || port > 65535)
		return false;
	*port_r = htons((in_port_t)port);
	return true;
}

static bool parse_ip(const char *host, in_port_t port,
		     struct address *address_r)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = port };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
				    .sin6_port = port };
	size_t len = strlen(host);
	bool is_bracketed = len > 2 && host[0] == '[' && host[len - 1] == ']';
	char text[ADDRESS_TEXT];

	if (is_bracketed)
		snprintf(text, sizeof(text), "%.*s", (int)len - 2, host + 1);
	else
		snprintf(text, sizeof(text), "%s", host);
	memset(address_r, 0, sizeof(*address_r));
	if (strcmp(host, "*") == 0) {
		in6.sin6_addr = in6addr_any;
	} else if (!is_bracketed && inet_pton(AF_INET, text, &in.sin_addr)) {
		memcpy(&address_r->storage, &in, sizeof(in));
		address_r->len = sizeof(in);
		return true;
	} else if (!is_bracketed ||
		   inet_pton(AF_INET6, text, &in6.sin6_addr) != 1) {
		return false;
	}
	memcpy(&address_r->storage, &in6, sizeof(in6));
	address_r->len = sizeof(in6);
	return true;
}

bool address_parse(const char *text, const char *folder,
		   struct address *address_r, struct buf *why)
{
	const char *colon = strrchr(text, ':');
	char host[INET6_ADDRSTRLEN + 2];
	in_port_t port;

	if (strncmp(text, "unix:", 5) == 0)
		return parse_unix(text + 5, folder, address_r, why);
	if (colon != NULL && (size_t)(colon - text) < sizeof(host)) {
		snprintf(host, sizeof(host), "%.*s", (int)(colon - text), text);
		if (parse_port(colon + 1, &port) &&
		    parse_ip(host, port, address_r))
			return true;
	}
	buf_add_text(why, "write ADDRESS:PORT, [IPV6]:PORT, *:PORT or "
			  "unix:PATH");
	return false;
}

bool address_is_unix(const struct address *a)
{
	return a->storage.ss_family == AF_UNIX;
}

static struct sockaddr_in as_in(const struct address *a)
{
	struct sockaddr_in in;

	memcpy(&in, &a->storage, sizeof(in));
	return in;
}

static struct sockaddr_in6 as_in6(const struct address *a)
{
	struct sockaddr_in6 in6;

	memcpy(&in6, &a->storage, sizeof(in6));
	return in6;
}

bool address_is_local(const struct address *a)
{
	struct in6_addr six;

	if (address_is_unix(a))
		return true;
	if (a->storage.ss_family == AF_INET)
		return ntohl(as_in(a).sin_addr.s_addr) >> 24 == 127;
	six = as_in6(a).sin6_addr;
	return IN6_IS_ADDR_LOOPBACK(&six);
}

static void print_in6(struct in6_addr six, bool is_site,
		      char text_r[ADDRESS_TEXT])
{
	char text[INET6_ADDRSTRLEN];

	if (IN6_IS_ADDR_V4MAPPED(&six)) {
		inet_ntop(AF_INET, &six.s6_addr[12], text_r, ADDRESS_TEXT);
		return;
	}
	if (is_site)
		memset(&six.s6_addr[8], 0, 8);
	inet_ntop(AF_INET6, &six, text, sizeof(text));
	snprintf(text_r, ADDRESS_TEXT, is_site ? "%s/64" : "%s", text);
}

static void print(const struct address *a, bool is_site,
		  char text_r[ADDRESS_TEXT])
{
	if (a->storage.ss_family == AF_INET) {
		struct in_addr four = as_in(a).sin_addr;

		inet_ntop(AF_INET, &four, text_r, ADDRESS_TEXT);
	} else if (a->storage.ss_family == AF_INET6) {
		print_in6(as_in6(a).sin6_addr, is_site, text_r);
	} else {
		snprintf(text_r, ADDRESS_TEXT, "local");
	}
}

void address_print_host(const struct address *a, char text_r[ADDRESS_TEXT])
{
	print(a, false, text_r);
}

void address_print_site(const struct address *a, char text_r[ADDRESS_TEXT])
{
	print(a, true, text_r);
}
