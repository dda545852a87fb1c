/*
 * Any text as a mask: what is understood reads the same when it is printed,
 * and is not about everybody.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "chat/sanction/mask.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const uint8_t key[CLOAK_KEY] = { 1 };

/* Two who have no letter in common, in their names and hosts. */
static struct subject *make_subject(user_id user, const char *name,
				    const char *address, const char *cloak)
{
	struct subject *s = mem_zero(sizeof(*s) + sizeof(s->hosts[0]));

	atomic_init(&s->refs, 1);
	s->user = user;
	s->count = 1;
	snprintf(s->name, sizeof(s->name), "%s", name);
	snprintf(s->hosts[0].address, sizeof(s->hosts[0].address), "%s",
		 address);
	snprintf(s->hosts[0].cloak, sizeof(s->hosts[0].cloak), "%s", cloak);
	assert(network_parse_address(address, &s->hosts[0].network));
	return s;
}

static void check_subjects(const struct mask *mask)
{
	struct subject *a = make_subject(1, "aaaa", "11.11.11.11",
					 "aaaaaaaa.aaaaaaaa.aaaaaaaa.cloak");
	struct subject *b = make_subject(0, "bbbb", "22.22.22.22",
					 "bbbbbbbb.bbbbbbbb.bbbbbbbb.cloak");

	assert(!mask_match(mask, a) || !mask_match(mask, b));
	subject_unref(&a);
	subject_unref(&b);
}

static void check(const struct mask *mask)
{
	char text[MASK_MOST + 1];
	struct mask again;

	assert(mask->kind >= MASK_USER && mask->kind <= MASK_GLOB);
	assert(strlen(mask->text) <= MASK_MOST);
	assert(mask->user == 0);
	assert(mask_parse(mask->text, &again, NULL) == ERR_OK);
	assert(memcmp(mask, &again, sizeof(again)) == 0);
	check_subjects(mask);
	mask_print_public(mask, key, text);
	assert(!mask_tells_address(mask) || strcmp(text, mask->text) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text = mem_alloc(len + 1);
	struct refusal why = { 0 };
	struct mask mask;
	enum err e;

	memcpy(text, bytes, len);
	text[len] = '\0';
	e = mask_parse(text, &mask, &why);
	if (e == ERR_OK)
		check(&mask);
	else
		assert(e == ERR_BAD_INPUT && why.text[0] != '\0');
	mem_free(text);
	return 0;
}
