#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/file.h"
#include "base/mem.h"
#include "crypto/identity_key.h"

struct place {
	char dir[40];
	char *path; /* dir/keys/identity.key */
};

static int set_up(void **state)
{
	struct place *p = mem_zero(sizeof(*p));

	snprintf(p->dir, sizeof(p->dir), "/tmp/rialto-identity-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	p->path = file_join(p->dir, "keys/identity.key");
	*state = p;
	return 0;
}

static int remove_one(const char *path, const struct stat *st UNUSED,
		      int flag UNUSED, struct FTW *at UNUSED)
{
	return remove(path);
}

static int tear_down(void **state)
{
	struct place *p = *state;

	nftw(p->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	mem_free(p->path);
	mem_free(p);
	return 0;
}

static void write_key(struct place *p, mode_t mode, const char *text)
{
	AUTO(mem_free_text) char *folder = file_folder(p->path);

	(void)mkdir(folder, 0700);
	assert_int_equal(file_write(p->path, mode, text, strlen(text)), ERR_OK);
}

/* The refusal must be said with the file and with words that help. */
static void assert_refused(struct place *p, enum err want, const char *words)
{
	struct buf why = { 0 };
	struct identity_key *key;

	assert_int_equal(identity_key_load(p->path, &key, &why), want);
	assert_null(key);
	assert_non_null(strstr(buf_text(&why), p->path));
	assert_non_null(strstr(buf_text(&why), words));
	buf_fini(&why);
}

static void is_made_for_us_alone_and_once(void **state)
{
	struct place *p = *state;
	struct buf why = { 0 };
	struct identity_key *key;
	struct identity_key *again;
	struct stat st;

	assert_int_equal(identity_key_make(p->path, &why), ERR_OK);
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(identity_key_load(p->path, &key, &why), ERR_OK);
	assert_int_equal(identity_key_make(p->path, &why), ERR_EXISTS);
	assert_int_equal(identity_key_load(p->path, &again, &why), ERR_OK);
	assert_string_equal(identity_key_text(key), identity_key_text(again));
	assert_int_equal(strlen(identity_key_text(key)), IDENTITY_TEXT - 1);
	identity_key_free(&key);
	identity_key_free(&again);
	buf_fini(&why);
}

static void no_two_are_the_same(void **state)
{
	struct place *p = *state;
	struct buf why = { 0 };
	struct identity_key *first;
	struct identity_key *second;

	assert_int_equal(identity_key_make(p->path, &why), ERR_OK);
	assert_int_equal(identity_key_load(p->path, &first, &why), ERR_OK);
	assert_int_equal(unlink(p->path), 0);
	assert_int_equal(identity_key_make(p->path, &why), ERR_OK);
	assert_int_equal(identity_key_load(p->path, &second, &why), ERR_OK);
	assert_string_not_equal(identity_key_text(first),
				identity_key_text(second));
	identity_key_free(&first);
	identity_key_free(&second);
	buf_fini(&why);
}

/* RFC 8410, section 10.3: as other programs write it. */
static const char of_the_rfc[] =
	"-----BEGIN PRIVATE KEY-----\n"
	"MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
	"-----END PRIVATE KEY-----\n";
static const uint8_t public_of_the_rfc[IDENTITY_PUBLIC] = {
	0x19, 0xbf, 0x44, 0x09, 0x69, 0x84, 0xcd, 0xfe, 0x85, 0x41, 0xba,
	0xc1, 0x67, 0xdc, 0x3b, 0x96, 0xc8, 0x50, 0x86, 0xaa, 0x30, 0xb6,
	0xb6, 0xcb, 0x0c, 0x5c, 0x38, 0xad, 0x70, 0x31, 0x66, 0xe1
};

static void is_read_from_pkcs8(void **state)
{
	struct place *p = *state;
	struct buf why = { 0 };
	struct identity_key *key;

	write_key(p, 0600, of_the_rfc);
	assert_int_equal(identity_key_load(p->path, &key, &why), ERR_OK);
	assert_memory_equal(identity_key_public(key), public_of_the_rfc,
			    IDENTITY_PUBLIC);
	identity_key_free(&key);
	buf_fini(&why);
}

static void is_refused_when_others_may_read_it(void **state)
{
	static const mode_t open_modes[] = { 0644, 0604, 0660, 0602, 0601 };
	struct place *p = *state;

	for (size_t i = 0; i < COUNT(open_modes); i++) {
		write_key(p, open_modes[i], of_the_rfc);
		assert_refused(p, ERR_NOT_ALLOWED, "make it 0600");
	}
}

/* The second is for ECDSA over P-256. */
static const char *const no_identities[] = {
	"",
	"-----BEGIN PRIVATE KEY-----\n"
	"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg3hG4ogIsfBi/cmPl\n"
	"aF0EEAWzZRATWpbTq4dPSsWyKEShRANCAAQzHju1v/wqN4w/5+VKUbF/Wkmuq/NA\n"
	"RY+GEBvMzziwqgehy3Avqkp4uKf+/GVOQNofgCmJqSDE4hp2dcg0toIa\n"
	"-----END PRIVATE KEY-----\n",
	"-----BEGIN PRIVATE KEY-----\n"
	"MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVh\n"
	"-----END PRIVATE KEY-----\n",
	"-----BEGIN PUBLIC KEY-----\n"
	"MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
	"-----END PUBLIC KEY-----\n",
};

static void is_refused_when_it_is_none(void **state)
{
	struct place *p = *state;

	assert_refused(p, ERR_NOT_FOUND, "does not exist");
	for (size_t i = 0; i < COUNT(no_identities); i++) {
		write_key(p, 0600, no_identities[i]);
		assert_refused(p, ERR_BAD_INPUT, "Ed25519");
	}
}

static void is_refused_when_it_is_long(void **state)
{
	struct place *p = *state;
	char text[5000];

	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	write_key(p, 0600, text);
	assert_refused(p, ERR_BAD_INPUT, "4096");
}

/* RFC 8032, 7.1, test 3. */
static void signs_as_in_the_rfc(void **state)
{
	static const uint8_t seed[IDENTITY_SEED] = {
		0xc5, 0xaa, 0x8d, 0xf4, 0x3f, 0x9f, 0x83, 0x7b,
		0xed, 0xb7, 0x44, 0x2f, 0x31, 0xdc, 0xb7, 0xb1,
		0x66, 0xd3, 0x85, 0x35, 0x07, 0x6f, 0x09, 0x4b,
		0x85, 0xce, 0x3a, 0x2e, 0x0b, 0x44, 0x58, 0xf7
	};
	static const uint8_t want[IDENTITY_SIGNATURE] = {
		0x62, 0x91, 0xd6, 0x57, 0xde, 0xec, 0x24, 0x02, 0x48, 0x27,
		0xe6, 0x9c, 0x3a, 0xbe, 0x01, 0xa3, 0x0c, 0xe5, 0x48, 0xa2,
		0x84, 0x74, 0x3a, 0x44, 0x5e, 0x36, 0x80, 0xd7, 0xdb, 0x5a,
		0xc3, 0xac, 0x18, 0xff, 0x9b, 0x53, 0x8d, 0x16, 0xf2, 0x90,
		0xae, 0x67, 0xf7, 0x60, 0x98, 0x4d, 0xc6, 0x59, 0x4a, 0x7c,
		0x15, 0xe9, 0x71, 0x6e, 0xd2, 0x8d, 0xc0, 0x27, 0xbe, 0xce,
		0xea, 0x1e, 0xc4, 0x0a
	};
	static const uint8_t text[] = { 0xaf, 0x82 };
	struct identity_key *key = identity_key_new(seed);
	uint8_t signature[IDENTITY_SIGNATURE];

	(void)state;
	identity_key_sign(key, text, sizeof(text), signature);
	assert_memory_equal(signature, want, sizeof(want));
	assert_true(identity_has_signed(identity_key_public(key), text,
					sizeof(text), signature));
	assert_false(identity_has_signed(identity_key_public(key), text, 1,
					 signature));
	signature[40] ^= 1;
	assert_false(identity_has_signed(identity_key_public(key), text,
					 sizeof(text), signature));
	identity_key_free(&key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
		ROW(is_made_for_us_alone_and_once),
		ROW(no_two_are_the_same),
		ROW(is_read_from_pkcs8),
		ROW(is_refused_when_others_may_read_it),
		ROW(is_refused_when_it_is_none),
		ROW(is_refused_when_it_is_long),
		ROW(signs_as_in_the_rfc),
	};

	return cmocka_run_group_tests_name("identity_key", tests, NULL, NULL);
}
