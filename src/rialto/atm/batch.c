#include "rialto/atm/batch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "client/terminal.h"
#include "crypto/uuid.h"
#include "rialto/atm/receipts.h"
#include "rialto/atm/visit.h"
#include "rialto/source.h"
#include "rialto/wait.h"

enum {
	REFUSED = 1,
	UNUSABLE = 2,
	FILE_BYTES_MOST = 64 * 1024 * 1024,
	/* Sealed it is a third more, and 65,536 bytes at most. */
	OPERATION_MOST = 48 * 1024,
};

struct batch {
	struct visit visit;
	json_t *operations; /* an array of objects with "op" and "id" */
	bool has_refused;
};

static void complain(void *context UNUSED, const char *words)
{
	fprintf(stderr, "rialto: %s%s", words,
		strchr(words, '\n') != NULL ? "" : "\n");
}

/* What is wrong with an operation, or NULL; it has an id afterwards. */
static const char *check(json_t *object)
{
	static const char *const ours[] = { "hello", "login", "logout",
					    "signup" };
	const char *op = json_string_value(json_object_get(object, "op"));
	const json_t *id = json_object_get(object, "id");
	struct uuid uuid;
	char text[UUID_TEXT];

	if (op == NULL)
		return "it must be a JSON object with an \"op\"";
	for (size_t i = 0; i < COUNT(ours); i++) {
		if (strcmp(op, ours[i]) == 0)
			return "that is no operation for a batch";
	}
	if (id != NULL &&
	    (!json_is_string(id) || !uuid_parse(json_string_value(id), &uuid)))
		return "\"id\" must be a UUID";
	if (id == NULL) {
		uuid_make(clock_wall_ms(), &uuid);
		uuid_print(&uuid, text);
		json_object_set_new(object, "id", json_string(text));
	}
	return NULL;
}

static const char *take_line(struct batch *b, const char *line, size_t len)
{
	json_t *object;
	const char *flaw;

	if (strspn(line, " \t\r") >= len)
		return NULL;
	if (len > OPERATION_MOST)
		return "it is longer than 48 KiB";
	object = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
	flaw = check(object);
	if (flaw == NULL)
		json_array_append(b->operations, object);
	json_decref(object);
	return flaw;
}

/* All of the file before any of it is done; false after saying what is wrong.
 */
static bool take_file(struct batch *b, const char *path)
{
	AUTO(buf_wipe) struct buf text = { 0 }; /* with codes */
	enum err e = source_read(path, FILE_BYTES_MOST, &text);
	const char *flaw = NULL;
	unsigned number = 0;

	if (e != ERR_OK) {
		fprintf(stderr, "rialto: %s: %s\n", path, err_words(e));
		return false;
	}
	while (flaw == NULL && buf_len(&text) > 0) {
		const char *line = buf_text(&text);
		const char *end = memchr(line, '\n', buf_len(&text));
		size_t len =
			end != NULL ? (size_t)(end - line) : buf_len(&text);

		number++;
		flaw = take_line(b, line, len);
		buf_take(&text, end != NULL ? len + 1 : len);
	}
	if (flaw != NULL)
		fprintf(stderr, "rialto: %s:%u: %s\n", path, number, flaw);
	return flaw == NULL;
}

/* What a lost answer leaves in doubt; a batch repeats itself harmlessly. */
static bool moves_money(const char *op)
{
	static const char *const moving[] = { "deposit",  "withdraw", "pay",
					      "transfer", "hold",     "capture",
					      "release",  "reverse" };

	for (size_t i = 0; i < COUNT(moving); i++) {
		if (strcmp(op, moving[i]) == 0)
			return true;
	}
	return false;
}

static bool has_refusal(const struct answer *answer)
{
	const json_t *results = json_object_get(answer->object, "results");
	size_t i;
	json_t *result;

	json_array_foreach(results, i, result)
	{
		if (!json_is_true(json_object_get(result, "ok")))
			return true;
	}
	return !answer->is_ok;
}

/*
 * Whether the receipt in it, if there is one, is that of this server. Else it
 * is taken out, so that nobody keeps it.
 */
static bool check_receipt(const struct batch *b, json_t *object)
{
	AUTO(buf_fini) struct buf words = { 0 };
	AUTO(buf_fini) struct buf id = { 0 };
	const char *why = NULL;

	if (!json_is_object(object) ||
	    json_object_get(object, "receipt") == NULL)
		return true;
	if (receipts_read(answer_text(object, "receipt"),
			  desk_identity(b->visit.desk), &words, &why) == ERR_OK)
		return true;
	json_object_set_new(object, "receipt", json_null());
	answer_add(object, "re", &id);
	fprintf(stderr,
		"rialto: WARNING: the receipt of %s is not valid: %s.\n"
		"Somebody may stand between you and the bank, or be in its "
		"place. Nothing\nmore is done.\n",
		buf_text(&id), why);
	return false;
}

/* False when it could not be written. */
static bool print(const json_t *object)
{
	char *text = json_dumps(object, JSON_COMPACT);

	/* What a terminal would take for more than text is written in ASCII. */
	if (text_flaw(text, strlen(text)) != NULL) {
		mem_free(text);
		text = json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII);
	}
	puts(text);
	mem_free(text);
	if (fflush(stdout) == 0)
		return true;
	fprintf(stderr, "rialto: cannot write: %s\n", strerror(errno));
	return false;
}

/*
 * False when the answer could not be had, or not be written, or its receipt
 * is not valid.
 */
static bool carry_out(struct batch *b, const json_t *operation)
{
	AUTO(buf_wipe) struct buf request = { 0 };
	AUTO(answer_fini) struct answer answer = { 0 };
	const char *id = answer_text(operation, "id");
	bool is_valid;
	char *text = json_dumps(operation, JSON_COMPACT);

	buf_add_text(&request, text);
	mem_wipe(text, strlen(text)); /* a code may be in it */
	mem_free(text);
	if (visit_ask(&b->visit, &request, id,
		      moves_money(answer_text(operation, "op")),
		      &answer) != DESK_OK) {
		fprintf(stderr, "rialto: what became of %s is not known\n", id);
		return false;
	}
	b->has_refused = b->has_refused || has_refusal(&answer);
	is_valid = check_receipt(b, answer.object) &&
		   check_receipt(b, json_object_get(answer.object, "answer"));
	return print(answer.object) && is_valid;
}

static bool wait_for(void *context UNUSED, int64_t wait_ms)
{
	int64_t due_ms = clock_mono_ms() + wait_ms;

	while (clock_mono_ms() < due_ms)
		wait_turn(NULL, NULL, 0, due_ms);
	return true;
}

static struct secret *ask_code(void *context UNUSED)
{
	struct secret *code = NULL;

	(void)!terminal_ask("Code: ", true, &code);
	return code;
}

static bool log_in(struct batch *b, const char *user,
		   const struct secret *password)
{
	AUTO(answer_fini) struct answer answer = { 0 };
	AUTO(secret_free) struct secret *code = NULL;
	enum desk_outcome outcome =
		visit_login(&b->visit, user, password, NULL, &answer);

	if (outcome == DESK_OK && strcmp(answer.code, "code-required") == 0) {
		code = ask_code(b);
		if (code != NULL) {
			answer_fini(&answer);
			outcome = visit_login(&b->visit, user, password, code,
					      &answer);
		}
	}
	if (outcome == DESK_OK && answer.is_ok)
		return true;
	fprintf(stderr, "rialto: cannot log in: %s\n",
		outcome == DESK_OK ? answer.text : desk_problem(b->visit.desk));
	return false;
}

int batch_run(const struct options *o, struct desk *desk,
	      const struct secret *password)
{
	struct batch b = {
		.visit = { .desk = desk,
			   .tell = complain,
			   .ask_code = ask_code,
			   .wait = wait_for },
		.operations = json_array(),
	};
	bool is_usable = take_file(&b, o->batch_file) &&
			 log_in(&b, o->address.user, password);

	for (size_t i = 0; is_usable && i < json_array_size(b.operations);
	     i++) {
		is_usable = carry_out(&b, json_array_get(b.operations, i));
		json_array_set_new(b.operations, i, json_null());
	}
	visit_leave(&b.visit);
	json_decref(b.operations);
	if (!is_usable)
		return UNUSABLE;
	return b.has_refused ? REFUSED : 0;
}
