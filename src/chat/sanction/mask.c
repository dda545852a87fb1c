#include "chat/sanction/mask.h"

#include <stdio.h>
#include <string.h>

#include "chat/sanction/glob.h"

static enum err refuse_wide(struct refusal *why, const char *text)
{
	return refusal_give(why, ERR_BAD_INPUT,
			    "%s is too wide. A glob needs %d letters or digits "
			    "in its name or its host; a network is /%d or "
			    "narrower, of IPv6 /%d.",
			    text, MASK_WEIGHT_LEAST, NETWORK_LEAST_4,
			    NETWORK_LEAST_6);
}

static enum err refuse_form(struct refusal *why)
{
	return refusal_give(why, ERR_BAD_INPUT,
			    "A mask is a name, user:NAME, guest:NAME, an "
			    "address, a network or a glob such as "
			    "troll*!guest@*.cloak.");
}

static enum err parse_named(const char *text, enum mask_kind kind,
			    const char *prefix, struct mask *mask_r,
			    struct refusal *why)
{
	const char *name = text + strlen(prefix);

	if (!name_is_valid(name))
		return refuse_form(why);
	mask_r->kind = kind;
	snprintf(mask_r->text, sizeof(mask_r->text), "%s%s", prefix, name);
	return ERR_OK;
}

static enum err parse_network(const struct network *network,
			      struct mask *mask_r, struct refusal *why)
{
	network_print(network, mask_r->text);
	if (network_is_wide(network))
		return refuse_wide(why, mask_r->text);
	mask_r->kind = MASK_NETWORK;
	mask_r->network = *network;
	return ERR_OK;
}

/* Whether the bytes may be in a glob: those of names and of hosts. */
static bool is_clean(const char *text)
{
	return text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789-_*?!@.:")] == '\0';
}

/* Fills the parts that are not there, and writes runs of stars as one. */
static bool complete(const char *text, char text_r[MASK_MOST + 1])
{
	const char *bang = strchr(text, '!');
	const char *at = strchr(text, '@');
	const char *name_end = bang != NULL ? bang : at;
	int name_len =
		name_end == NULL ? (int)strlen(text) : (int)(name_end - text);
	int user_len = bang == NULL ? 0
		       : at == NULL ? (int)strlen(bang + 1)
				    : (int)(at - bang - 1);
	char all[2 * MASK_MOST];
	size_t len = 0;

	if (at != NULL && bang != NULL && at < bang)
		return false;
	snprintf(all, sizeof(all), "%.*s!%.*s@%s", name_len > 0 ? name_len : 1,
		 name_len > 0 ? text : "*", user_len > 0 ? user_len : 1,
		 user_len > 0 ? bang + 1 : "*",
		 at != NULL && at[1] != '\0' ? at + 1 : "*");
	for (const char *from = all; *from != '\0'; from++) {
		if (from[0] == '*' && from[1] == '*')
			continue;
		if (len == MASK_MOST)
			return false;
		text_r[len++] = *from;
	}
	text_r[len] = '\0';
	return true;
}

static bool has_one(const char *text, char c)
{
	const char *first = strchr(text, c);

	return first != NULL && strchr(first + 1, c) == NULL;
}

/* Cloaks match it, but no address does. */
static bool is_cloaked(const char *host)
{
	size_t len = strlen(host);
	size_t end = strlen(CLOAK_END);

	return len >= end && strcmp(host + len - end, CLOAK_END) == 0;
}

/* Every cloak fits: so does one of digits that no cloak has. */
static bool is_any_cloak(const char *host)
{
	return glob_match(host, "00000000.00000000.00000000" CLOAK_END);
}

/* Letters and digits of the host that not every cloak has. */
static size_t host_weight(const char *host)
{
	size_t len = strlen(host);

	if (is_any_cloak(host))
		return 0;
	return glob_weight(host,
			   is_cloaked(host) ? len - strlen(CLOAK_END) : len);
}

static enum err parse_glob(const char *text, struct mask *mask_r,
			   struct refusal *why)
{
	char *bang;
	char *at;

	if (!is_clean(text) || !complete(text, mask_r->text) ||
	    !has_one(mask_r->text, '!') || !has_one(mask_r->text, '@'))
		return refuse_form(why);
	bang = strchr(mask_r->text, '!');
	at = strchr(mask_r->text, '@');
	/* Such as an address that is none: names have no dots. */
	if (strcspn(mask_r->text, ".:") < (size_t)(bang - mask_r->text))
		return refuse_form(why);
	mask_r->kind = MASK_GLOB;
	mask_r->user_at = (unsigned char)(bang + 1 - mask_r->text);
	mask_r->host_at = (unsigned char)(at + 1 - mask_r->text);
	if (glob_weight(mask_r->text, (size_t)(bang - mask_r->text)) <
		    MASK_WEIGHT_LEAST &&
	    host_weight(at + 1) < MASK_WEIGHT_LEAST)
		return refuse_wide(why, mask_r->text);
	return ERR_OK;
}

enum err mask_parse(const char *text, struct mask *mask_r, struct refusal *why)
{
	static const struct {
		const char *prefix;
		enum mask_kind kind;
	} prefixes[] = { { "user:", MASK_USER }, { "guest:", MASK_GUEST } };
	struct network network;

	memset(mask_r, 0, sizeof(*mask_r));
	if (strlen(text) > MASK_MOST)
		return refusal_give(why, ERR_BAD_INPUT,
				    "A mask has at most %d bytes.", MASK_MOST);
	for (size_t i = 0; i < COUNT(prefixes); i++) {
		size_t len = strlen(prefixes[i].prefix);

		if (strncmp(text, prefixes[i].prefix, len) == 0)
			return parse_named(text, prefixes[i].kind,
					   prefixes[i].prefix, mask_r, why);
	}
	if (network_parse(text, &network))
		return parse_network(&network, mask_r, why);
	return text[0] == '\0' ? refuse_form(why)
			       : parse_glob(text, mask_r, why);
}

void mask_of_user(user_id user, const char *name, struct mask *mask_r)
{
	memset(mask_r, 0, sizeof(*mask_r));
	mask_r->kind = MASK_USER;
	mask_r->user = user;
	snprintf(mask_r->text, sizeof(mask_r->text), "user:%s", name);
}

void mask_of_guest(const struct subject *guest, struct mask *mask_r)
{
	char text[MASK_MOST + 1];

	if (guest->count == 0 || guest->hosts[0].is_local)
		snprintf(text, sizeof(text), "guest:%s", guest->name);
	else
		snprintf(text, sizeof(text), "*!guest@%s",
			 guest->hosts[0].cloak);
	if (mask_parse(text, mask_r, NULL) != ERR_OK)
		memset(mask_r, 0, sizeof(*mask_r));
}

/* Without the copies that snprintf() would make of the parts. */
static bool match_part(const char *glob, size_t len, const char *text)
{
	char part[MASK_MOST + 1];

	memcpy(part, glob, len);
	part[len] = '\0';
	return glob_match(part, text);
}

static bool match_glob(const struct mask *mask, const struct subject *subject,
		       const char *who)
{
	const char *host = mask->text + mask->host_at;

	if (!match_part(mask->text, mask->user_at - 1U, subject->name) ||
	    !match_part(mask->text + mask->user_at,
			mask->host_at - mask->user_at - 1U, who))
		return false;
	for (size_t i = 0; i < subject->count; i++) {
		if (glob_match(host, subject->hosts[i].cloak) ||
		    glob_match(host, subject->hosts[i].address))
			return true;
	}
	return strcmp(host, "*") == 0;
}

static bool match_network(const struct mask *mask,
			  const struct subject *subject)
{
	for (size_t i = 0; i < subject->count; i++) {
		const struct subject_host *host = &subject->hosts[i];

		if (!host->is_local &&
		    network_has(&mask->network, &host->network))
			return true;
	}
	return false;
}

static bool match_name(const struct mask *mask, const struct subject *subject)
{
	return name_compare(mask->text + strlen("guest:"), subject->name) == 0;
}

bool mask_match(const struct mask *mask, const struct subject *subject)
{
	switch (mask->kind) {
	case MASK_USER:
		return mask->user != 0 && mask->user == subject->user;
	case MASK_GUEST:
		return subject->user == 0 && match_name(mask, subject);
	case MASK_NETWORK:
		return match_network(mask, subject);
	case MASK_GLOB:
		return match_glob(mask, subject,
				  subject->user != 0 ? "user" : "guest");
	}
	return false;
}

bool mask_match_guest(const struct mask *mask, const struct subject *subject)
{
	if (mask->kind == MASK_GUEST)
		return match_name(mask, subject);
	return mask->kind == MASK_GLOB && match_glob(mask, subject, "guest");
}

bool mask_tells_address(const struct mask *mask)
{
	const char *host = mask->text + mask->host_at;

	if (mask->kind == MASK_NETWORK)
		return true;
	return mask->kind == MASK_GLOB && strcmp(host, "*") != 0 &&
	       strcmp(host, "local") != 0 && !is_cloaked(host);
}

const char *mask_print_public(const struct mask *mask,
			      const uint8_t key[CLOAK_KEY],
			      char text_r[MASK_MOST + 1])
{
	struct network host = mask->network;

	network_widen(&host, 32, 64);
	if (mask->kind == MASK_NETWORK && host.bits == mask->network.bits &&
	    (host.bits == NETWORK_BITS || host.bits == 64))
		cloak_print(key, &host, text_r);
	else if (mask_tells_address(mask))
		snprintf(text_r, MASK_MOST + 1, "(address hidden)");
	else
		snprintf(text_r, MASK_MOST + 1, "%s", mask->text);
	return text_r;
}
