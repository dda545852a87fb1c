#include "rialto/identities.h"

#include <stdint.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "rialto/known_hosts.h"

static const char lead[] = "SHA256:";

enum { LEAD = sizeof(lead) - 1, DIGITS = IDENTITY_KID - 1 };

char *identities_path(void)
{
	AUTO(mem_free_text) char *hosts = known_hosts_path();

	return hosts != NULL ? file_beside(hosts, "known_identities") : NULL;
}

bool identities_parse(const char *text, char identity_r[IDENTITY_TEXT])
{
	size_t len = strlen(text);
	char said[IDENTITY_TEXT];
	uint8_t bytes[32];

	if (len == IDENTITY_TEXT && text[len - 1] == '=')
		len--;
	if (len != IDENTITY_TEXT - 1 || strncmp(text, lead, LEAD) != 0)
		return false;
	memcpy(said, text, len);
	said[len] = '\0';
	for (char *at = said + LEAD; *at != '\0'; at++) {
		if (*at == '+')
			*at = '-';
		else if (*at == '/')
			*at = '_';
	}
	if (!base64url_read_exactly(said + LEAD, DIGITS, bytes, sizeof(bytes)))
		return false;
	memcpy(identity_r, said, sizeof(said));
	return true;
}

/* Whether what is before the port of "host:port" is host. */
static bool is_host(const char *line, size_t len, const char *host)
{
	size_t host_len = len;

	while (host_len > 0 && line[host_len - 1] != ':')
		host_len--;
	if (host_len == 0)
		return false;
	host_len--;
	if (line[0] == '[' && host_len > 1) {
		line++;
		host_len -= 2;
	}
	return host_len == strlen(host) && memcmp(line, host, host_len) == 0;
}

/* Whose it is, when a line is about that identity; 0 when it is not. */
static size_t match(const char *line, size_t len, const char *host,
		    const char *identity)
{
	const char *space = memchr(line, ' ', len);
	size_t text = strlen(identity);
	size_t name;

	if (space == NULL)
		return 0;
	name = (size_t)(space - line);
	if (len - name - 1 != text || memcmp(space + 1, identity, text) != 0 ||
	    (host != NULL && !is_host(line, name, host)))
		return 0;
	return name;
}

bool identities_know(const char *text, size_t len, const char *host,
		     const char *identity, struct buf *whose_r)
{
	const char *end = text + len;

	while (text < end) {
		const char *next = memchr(text, '\n', (size_t)(end - text));
		size_t line = (size_t)((next != NULL ? next : end) - text);
		size_t cr = line > 0 && text[line - 1] == '\r' ? 1 : 0;
		size_t name = match(text, line - cr, host, identity);

		if (name > 0) {
			if (whose_r != NULL)
				buf_add(whose_r, text, name);
			return true;
		}
		text += line + 1;
	}
	return false;
}

enum err identities_search(const char *path, const char *host,
			   const char *identity, struct buf *whose_r)
{
	AUTO(buf_fini) struct buf text = { 0 };
	enum err e = file_read(path, KNOWN_HOSTS_MOST, &text);

	if (e != ERR_OK)
		return e;
	return identities_know(buf_text(&text), buf_len(&text), host, identity,
			       whose_r)
		       ? ERR_OK
		       : ERR_NOT_FOUND;
}
