#include "front/atm/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "front/atm/parcel.h"

static const char all[] =
	"user? password? code? account? from? to? amount? month? memo? "
	"client_nonce? of? hold? entry? before? limit? expires_ms? receipt? "
	"transfers? v?";

static const struct member_case {
	const char *spec;
	const char *text;
	const char *flaw; /* NULL: it is read */
} member_cases[] = {
	{ "", "{}", NULL },
	{ "to amount account? memo?", "{'to':'ben','amount':'1'}", NULL },
	{ "to amount account? memo?",
	  "{'memo':'','amount':'1','to':'ben','account':'savings'}", NULL },
	{ "to amount account? memo?", "{'to':'ben'}",
	  "\"amount\" is missing." },
	{ "to amount account? memo?", "{'amount':'1'}", "\"to\" is missing." },
	{ "to amount", "{'to':'ben','amount':'1','memo':'x'}",
	  "\"memo\" is no member of this request." },
	{ "to amount", "{'to':'ben','amount':'1','To':'x'}",
	  "\"To\" is no member of this request." },
	{ "to", "{'to':'ben','':1}", "\"\" is no member of this request." },
	{ "", "{'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa':1}",
	  "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" is no member of this "
	  "request." },
	{ all, "{'to':null}", "\"to\" must be a text." },
	{ all, "{'to':1}", "\"to\" must be a text." },
	{ all, "{'to':['ben']}", "\"to\" must be a text." },
	{ all, "{'to':''}", "\"to\" must have 1 to 79 bytes." },
	{ all, "{'to':'\\u0007'}", "\"to\" may not hold control characters." },
	{ all, "{'amount':10}", "\"amount\" must be a text." },
	{ all, "{'amount':1.5}", "\"amount\" must be a text." },
	{ all, "{'amount':'1111111111111111111111111111111111111111'}",
	  "\"amount\" must have 1 to 39 bytes." },
	{ all, "{'hold':0}", "\"hold\" must be 1 to 9007199254740991." },
	{ all, "{'hold':-1}", "\"hold\" must be 1 to 9007199254740991." },
	{ all, "{'hold':'57'}", "\"hold\" must be an integer." },
	{ all, "{'hold':57.0}", "\"hold\" must be an integer." },
	{ all, "{'hold':true}", "\"hold\" must be an integer." },
	{ all, "{'hold':9007199254740991}", NULL },
	{ all, "{'limit':0}", "\"limit\" must be 1 to 500." },
	{ all, "{'limit':501}", "\"limit\" must be 1 to 500." },
	{ all, "{'limit':500}", NULL },
	{ all, "{'v':2}", "\"v\" must be 1 to 1." },
	{ all, "{'receipt':0}", "\"receipt\" must be true or false." },
	{ all, "{'receipt':'false'}", "\"receipt\" must be true or false." },
	{ all, "{'of':'1'}", "\"of\" must be a UUID, not all zeros." },
	{ all, "{'of':'00000000-0000-0000-0000-000000000000'}",
	  "\"of\" must be a UUID, not all zeros." },
	{ all, "{'of':'0193A4c2-1f5e-7cc1-8b1f-0123456789ab'}", NULL },
	{ all, "{'transfers':{}}", "\"transfers\" must be an array." },
	{ all, "{'transfers':[]}",
	  "\"transfers\" must have 1 to 1000 elements." },
	{ all, "{'transfers':[{},1]}",
	  "\"transfers\" must hold objects only." },
	{ all, "{'transfers':[{},{}]}", NULL },
	{ all, "{'password':''}", "\"password\" must have 1 to 1024 bytes." },
	{ all, "{'password':12345678}", "\"password\" must be a text." },
};

/* JSON is easier to read with one kind of quotes in C. */
static json_t *read_object(const char *text)
{
	AUTO(buf_fini) struct buf copy = { 0 };
	const char *flaw = NULL;
	json_t *object;

	buf_add_text(&copy, text);
	for (size_t i = 0; i < buf_len(&copy); i++)
		if (buf_at(&copy)[i] == '\'')
			buf_at(&copy)[i] = '"';
	object = parcel_read(buf_at(&copy), buf_len(&copy), &flaw);
	if (object == NULL)
		fail_msg("%s: %s", text, flaw);
	return object;
}

static void members_are_checked(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(member_cases); i++) {
		const struct member_case *c = &member_cases[i];
		AUTO(buf_fini) struct buf flaw = { 0 };
		json_t *object = read_object(c->text);
		struct request r;

		request_init(&r);
		if (request_read(&r, object, c->spec, &flaw) !=
		    (c->flaw == NULL))
			fail_msg("%s: %s", c->text, buf_text(&flaw));
		assert_string_equal(buf_text(&flaw),
				    c->flaw == NULL ? "" : c->flaw);
		request_fini(&r);
		parcel_free(&object);
	}
}

static void members_arrive(void **state)
{
	json_t *object = read_object(
		"{'user':'ann','password':'s\\u00e4','code':'123456',"
		"'account':'a','from':'b','to':'c','amount':'1.5',"
		"'month':'2026-11','memo':'for \\\"you\\\"','client_nonce':'n',"
		"'of':'0193a4c2-1f5e-7cc1-8b1f-0123456789ab','hold':1,"
		"'entry':2,'before':3,'limit':4,'expires_ms':5,"
		"'receipt':false,'transfers':[{'to':'x'}],'v':1}");
	AUTO(buf_fini) struct buf flaw = { 0 };
	struct request r;
	char of[UUID_TEXT];

	(void)state;
	request_init(&r);
	assert_true(r.receipt);
	assert_true(request_read(&r, object, all, &flaw));
	parcel_free(&object);
	uuid_print(&r.of, of);
	assert_string_equal(of, "0193a4c2-1f5e-7cc1-8b1f-0123456789ab");
	assert_string_equal(r.user, "ann");
	assert_string_equal(r.password->bytes, "s\xc3\xa4");
	assert_string_equal(r.code->bytes, "123456");
	assert_string_equal(r.account, "a");
	assert_string_equal(r.from, "b");
	assert_string_equal(r.to, "c");
	assert_string_equal(r.amount, "1.5");
	assert_string_equal(r.month, "2026-11");
	assert_string_equal(r.memo, "for \"you\"");
	assert_string_equal(r.client_nonce, "n");
	assert_int_equal(r.hold, 1);
	assert_int_equal(r.entry, 2);
	assert_int_equal(r.before, 3);
	assert_int_equal(r.limit, 4);
	assert_int_equal(r.expires_ms, 5);
	assert_false(r.receipt);
	assert_int_equal(json_array_size(r.transfers), 1);
	request_fini(&r);
	assert_null(r.password);
	assert_null(r.transfers);
	assert_string_equal(r.user, "");
}

#define ID "0193a4c2-1f5e-7cc1-8b1f-0123456789AB"

static const struct begin_case {
	const char *text;
	const char *id; /* that is known */
	const char *flaw;
} begin_cases[] = {
	{ "{'op':'pay','id':'" ID "'}", ID, NULL },
	{ "{'op':'pay'}", "", "\"id\" is missing." },
	{ "{'op':'pay','id':1}", "", "\"id\" must be a UUID, not all zeros." },
	{ "{'op':'pay','id':'x'}", "",
	  "\"id\" must be a UUID, not all zeros." },
	{ "{'id':'" ID "'}", ID, "\"op\" is missing." },
	{ "{'op':[],'id':'" ID "'}", ID, "\"op\" must be a text." },
};

static void id_and_op_come_first(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(begin_cases); i++) {
		const struct begin_case *c = &begin_cases[i];
		AUTO(buf_fini) struct buf flaw = { 0 };
		json_t *object = read_object(c->text);
		struct request r;

		request_init(&r);
		assert_int_equal(request_begin(&r, object, true, &flaw),
				 c->flaw == NULL);
		assert_string_equal(r.id_text, c->id);
		assert_string_equal(buf_text(&flaw),
				    c->flaw == NULL ? "" : c->flaw);
		if (c->flaw == NULL) {
			assert_string_equal(r.op, "pay");
			assert_int_equal(json_object_size(object), 0);
		}
		request_fini(&r);
		parcel_free(&object);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_checked),
		cmocka_unit_test(members_arrive),
		cmocka_unit_test(id_and_op_come_first),
	};

	parcel_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
