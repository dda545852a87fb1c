#include "front/atm/request.h"

#include <assert.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "front/atm/parcel.h"

struct member;

/* True, or flaw says what the value must be. */
typedef bool take_fn(const struct member *member, json_t *value, void *field,
		     struct buf *flaw);

/* What a member is, and where it goes: the same in every request. */
struct member {
	const char *name;
	take_fn *take;
	size_t offset;
	int64_t least; /* bytes, items, or the number itself */
	int64_t most;
};

static bool PRINTF(2, 3) object_to(struct buf *flaw, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vprint(flaw, format, args);
	va_end(args);
	return false;
}

/* Its clean text; NULL, and flaw says why not. */
static const char *text_of(const struct member *m, json_t *value,
			   struct buf *flaw)
{
	const char *text = json_string_value(value);
	size_t len = json_string_length(value);
	const char *fault;

	if (text == NULL) {
		(void)object_to(flaw, "\"%s\" must be a text.", m->name);
		return NULL;
	}
	fault = text_flaw(text, len);
	if (fault != NULL)
		(void)object_to(flaw, "\"%s\" may not hold %s.", m->name,
				fault);
	else if ((int64_t)len < m->least || (int64_t)len > m->most)
		(void)object_to(flaw,
				"\"%s\" must have %" PRId64 " to %" PRId64
				" bytes.",
				m->name, m->least, m->most);
	else
		return text;
	return NULL;
}

static bool take_text(const struct member *m, json_t *value, void *field,
		      struct buf *flaw)
{
	const char *text = text_of(m, value, flaw);

	if (text == NULL)
		return false;
	memcpy(field, text, strlen(text) + 1);
	return true;
}

static bool take_secret(const struct member *m, json_t *value, void *field,
			struct buf *flaw)
{
	struct secret **secret = field;
	const char *text = text_of(m, value, flaw);

	if (text == NULL)
		return false;
	secret_free(secret);
	*secret = secret_new(text, strlen(text));
	return true;
}

static bool take_uuid(const struct member *m, json_t *value, void *field,
		      struct buf *flaw)
{
	const char *text = json_string_value(value);

	return (text != NULL && uuid_parse(text, field)) ||
	       object_to(flaw, "\"%s\" must be a UUID, not all zeros.",
			 m->name);
}

static bool take_number(const struct member *m, json_t *value, void *field,
			struct buf *flaw)
{
	int64_t number = json_integer_value(value);

	if (!json_is_integer(value))
		return object_to(flaw, "\"%s\" must be an integer.", m->name);
	if (number < m->least || number > m->most)
		return object_to(flaw,
				 "\"%s\" must be %" PRId64 " to %" PRId64 ".",
				 m->name, m->least, m->most);
	*(int64_t *)field = number;
	return true;
}

static bool take_bool(const struct member *m, json_t *value, void *field,
		      struct buf *flaw)
{
	if (!json_is_boolean(value))
		return object_to(flaw, "\"%s\" must be true or false.",
				 m->name);
	*(bool *)field = json_is_true(value);
	return true;
}

static bool take_array(const struct member *m, json_t *value, void *field,
		       struct buf *flaw)
{
	json_t **array = field;
	size_t count = json_array_size(value);

	if (!json_is_array(value))
		return object_to(flaw, "\"%s\" must be an array.", m->name);
	if ((int64_t)count < m->least || (int64_t)count > m->most)
		return object_to(flaw,
				 "\"%s\" must have %" PRId64 " to %" PRId64
				 " elements.",
				 m->name, m->least, m->most);
	for (size_t i = 0; i < count; i++)
		if (!json_is_object(json_array_get(value, i)))
			return object_to(flaw, "\"%s\" must hold objects only.",
					 m->name);
	json_decref(*array);
	*array = json_incref(value);
	return true;
}

#define TEXT(field, size)                                                      \
	{                                                                      \
#field, take_text, offsetof(struct request, field), 1,         \
			(size)-1                                               \
	}
#define SECRET(field, most)                                                    \
	{                                                                      \
#field, take_secret, offsetof(struct request, field), 1, most  \
	}
#define NUMBER(field, least, most)                                             \
	{                                                                      \
#field, take_number, offsetof(struct request, field), least,   \
			most                                                   \
	}

static const struct member members[] = {
	TEXT(op, REQUEST_OP),
	TEXT(user, REQUEST_WORD),
	SECRET(password, 1024),
	SECRET(code, REQUEST_TERM),
	TEXT(account, REQUEST_WORD),
	TEXT(from, REQUEST_WORD),
	TEXT(to, REQUEST_WORD),
	TEXT(amount, REQUEST_TERM),
	TEXT(month, REQUEST_TERM),
	{ "memo", take_text, offsetof(struct request, memo), 0,
	  REQUEST_MEMO - 1 },
	TEXT(client_nonce, REQUEST_NONCE),
	{ "id", take_uuid, offsetof(struct request, id), 0, 0 },
	{ "of", take_uuid, offsetof(struct request, of), 0, 0 },
	NUMBER(hold, 1, PARCEL_INTEGER_MOST),
	NUMBER(entry, 1, PARCEL_INTEGER_MOST),
	NUMBER(before, 1, PARCEL_INTEGER_MOST),
	NUMBER(limit, 1, 500),
	NUMBER(expires_ms, 1, PARCEL_INTEGER_MOST),
	NUMBER(v, 1, 1),
	{ "receipt", take_bool, offsetof(struct request, receipt), 0, 0 },
	{ "transfers", take_array, offsetof(struct request, transfers), 1,
	  BATCH_MOST },
};

#undef TEXT
#undef SECRET
#undef NUMBER

void request_init(struct request *r)
{
	memset(r, 0, sizeof(*r));
	r->receipt = true;
}

void request_fini(struct request *r)
{
	secret_free(&r->password);
	secret_free(&r->code);
	json_decref(r->transfers);
	mem_wipe(r, sizeof(*r));
	request_init(r);
}

static const struct member *find(const char *name, size_t len)
{
	for (size_t i = 0; i < COUNT(members); i++)
		if (strlen(members[i].name) == len &&
		    memcmp(members[i].name, name, len) == 0)
			return &members[i];
	return NULL;
}

static bool take(struct request *r, const struct member *m, json_t *value,
		 struct buf *flaw)
{
	return m->take(m, value, (char *)r + m->offset, flaw);
}

/* Takes a member that must be there out of the object. */
static bool take_out(struct request *r, json_t *object, const char *name,
		     struct buf *flaw)
{
	const struct member *m = find(name, strlen(name));
	json_t *value = json_object_get(object, name);
	bool is_taken = value != NULL
				? take(r, m, value, flaw)
				: object_to(flaw, "\"%s\" is missing.", name);

	(void)json_object_del(object, name);
	return is_taken;
}

bool request_begin(struct request *r, json_t *object, bool is_sealed,
		   struct buf *flaw)
{
	const char *id = json_string_value(json_object_get(object, "id"));

	if (is_sealed && id != NULL && uuid_parse(id, &r->id))
		(void)snprintf(r->id_text, sizeof(r->id_text), "%s", id);
	return (!is_sealed || take_out(r, object, "id", flaw)) &&
	       take_out(r, object, "op", flaw);
}

/* One word of a spec: "memo?". */
struct part {
	const char *name;
	size_t len;
	bool is_optional;
};

static bool next_part(const char **at, struct part *part_r)
{
	size_t len = strcspn(*at, " ");

	if (len == 0)
		return false;
	part_r->name = *at;
	part_r->is_optional = (*at)[len - 1] == '?';
	part_r->len = len - part_r->is_optional;
	*at += len + ((*at)[len] == ' ');
	return true;
}

static bool is_in(const char *spec, const char *name)
{
	struct part part;

	while (next_part(&spec, &part))
		if (strlen(name) == part.len &&
		    memcmp(name, part.name, part.len) == 0)
			return true;
	return false;
}

/* What the object has, but the spec has not. */
static bool refuse_unknown(json_t *object, const char *spec, struct buf *flaw)
{
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value)
	{
		AUTO(buf_fini) struct buf shown = { 0 };

		if (is_in(spec, name))
			continue;
		buf_print(&shown, "%.32s", name);
		text_clean(buf_at(&shown), buf_len(&shown));
		return object_to(flaw, "\"%s\" is no member of this request.",
				 buf_text(&shown));
	}
	return true;
}

bool request_read(struct request *r, json_t *object, const char *spec,
		  struct buf *flaw)
{
	const char *at = spec;
	size_t count = 0;
	struct part part;

	while (next_part(&at, &part)) {
		const struct member *m = find(part.name, part.len);
		json_t *value;

		assert(m != NULL);
		value = json_object_get(object, m->name);
		if (value == NULL && part.is_optional)
			continue;
		if (value == NULL)
			return object_to(flaw, "\"%s\" is missing.", m->name);
		if (!take(r, m, value, flaw))
			return false;
		count++;
	}
	return count == json_object_size(object) ||
	       refuse_unknown(object, spec, flaw);
}
