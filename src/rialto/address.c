#include "rialto/address.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "base/quantity.h"
#include "base/text.h"

enum { HOST_MOST = 255 };

static bool has_only(const char *text, size_t len, const char *allowed)
{
	return strspn(text, allowed) >= len;
}

/* The host up to its end; NULL when it has none. */
static const char *host_end(const char *host)
{
	const char *end;

	if (host[0] == '[') {
		end = strchr(host, ']');
		return end != NULL && (end[1] == ':' || end[1] == '\0')
			       ? end + 1
			       : NULL;
	}
	end = strchr(host, ':');
	return end != NULL ? end : host + strlen(host);
}

static const char *check_host(const char *host, size_t len)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789.-_:%[]";

	if (len == 0 || (host[0] == '[' && len == 2))
		return "the host is missing";
	if (len > HOST_MOST)
		return "the host is too long";
	if (!has_only(host, len, letters))
		return "the host may hold letters, digits, '.', '-' and '_'";
	return NULL;
}

static const char *check_port(const char *port, int64_t *number_r)
{
	if (!quantity_number(port, number_r) || *number_r < 1 ||
	    *number_r > 65535)
		return "the port must be a number, 1 to 65535";
	return NULL;
}

static const char *check_user(const char *user)
{
	if (user[0] == '\0')
		return "the user before '@' is missing";
	if (text_flaw(user, strlen(user)) != NULL || strchr(user, ' ') != NULL)
		return "the user may not hold spaces or control characters";
	return NULL;
}

static void lower(char *text)
{
	for (; *text != '\0'; text++) {
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
	}
}

const char *address_parse(const char *text, struct address *address_r)
{
	return address_parse_at(text, ADDRESS_PORT, address_r);
}

const char *address_parse_at(const char *text, int default_port,
			     struct address *address_r)
{
	const char *at = strchr(text, '@');
	const char *host = at != NULL ? at + 1 : text;
	const char *end = host_end(host);
	int64_t port = default_port;
	const char *problem;
	struct address a = { 0 };
	size_t len;

	memset(address_r, 0, sizeof(*address_r));
	if (end == NULL)
		return "the ']' of the IPv6 address is missing";
	if (host[0] != '[' && strchr(host, ':') != strrchr(host, ':'))
		return "an IPv6 address must be in brackets, as in [::1]";
	len = (size_t)(end - host);
	problem = check_host(host, len);
	if (problem == NULL && end[0] == ':')
		problem = check_port(end + 1, &port);
	if (problem != NULL)
		return problem;
	a.user = at != NULL ? mem_print("%.*s", (int)(at - text), text) : NULL;
	a.host = host[0] == '[' ? mem_print("%.*s", (int)len - 2, host + 1)
				: mem_print("%.*s", (int)len, host);
	lower(a.host);
	a.port = mem_print("%d", (int)port);
	a.text =
		mem_print(host[0] == '[' ? "[%s]:%s" : "%s:%s", a.host, a.port);
	*address_r = a;
	problem = a.user != NULL ? check_user(a.user) : NULL;
	if (problem != NULL)
		address_fini(address_r);
	return problem;
}

void address_fini(struct address *a)
{
	mem_free(a->user);
	mem_free(a->host);
	mem_free(a->port);
	mem_free(a->text);
	memset(a, 0, sizeof(*a));
}
