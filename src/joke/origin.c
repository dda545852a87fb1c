#include "joke/origin.h"

#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "base/mem.h"

enum { URL_MOST = 2000 };

/* One part of a URL, for mem_free(); NULL when it has none. */
static char *get(CURLU *url, CURLUPart part)
{
	char *theirs = NULL, *ours;

	if (curl_url_get(url, part, &theirs, CURLU_DEFAULT_PORT) != CURLUE_OK)
		return NULL;
	ours = mem_text(theirs);
	curl_free(theirs);
	return ours;
}

static const char *take_apart(CURLU *url, struct origin *origin_r)
{
	AUTO(mem_free_text) char *scheme = get(url, CURLUPART_SCHEME);
	AUTO(mem_free_text) char *user = get(url, CURLUPART_USER);
	AUTO(mem_free_text) char *password = get(url, CURLUPART_PASSWORD);

	origin_r->host = get(url, CURLUPART_HOST);
	origin_r->port = get(url, CURLUPART_PORT);
	if (scheme == NULL || (strcasecmp(scheme, "http") != 0 &&
			       strcasecmp(scheme, "https") != 0))
		return "is neither http nor https";
	if (user != NULL || password != NULL)
		return "holds a name or password";
	if (origin_r->host == NULL || origin_r->port == NULL)
		return "names no server";
	return NULL;
}

const char *origin_parse(const char *url, struct origin *origin_r)
{
	CURLU *parsed = curl_url();
	const char *flaw = "is none";

	memset(origin_r, 0, sizeof(*origin_r));
	if (strlen(url) > URL_MOST)
		flaw = "is too long";
	else if (parsed != NULL &&
		 curl_url_set(parsed, CURLUPART_URL, url,
			      CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK)
		flaw = take_apart(parsed, origin_r);
	curl_url_cleanup(parsed);
	return flaw;
}

void origin_fini(struct origin *o)
{
	mem_free(o->host);
	mem_free(o->port);
	memset(o, 0, sizeof(*o));
}

bool origin_is_same(const struct origin *a, const struct origin *b)
{
	return strcasecmp(a->host, b->host) == 0 &&
	       strcmp(a->port, b->port) == 0;
}
