#include "audit/exporter.h"

#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "audit/archive_reader.h"
#include "audit/key.h"
#include "audit/line.h"
#include "audit/resume.h"
#include "audit/sink.h"
#include "base/file.h"
#include "base/mem.h"
#include "log/log.h"

enum { RECORDS_AT_ONCE = 1000, ROUNDS_MOST = 64 };

struct exporter {
	struct trail *trail;
	const struct audit_settings *settings;
	struct secret *key;
	atomic_bool must_reopen;

	/* The rest belongs to the thread that exports. */
	struct sink log;
	struct sink archive;
	struct archive_chain chain; /* its seal is NULL before a record */
	uint64_t number;            /* of our file of the archive */
	uint8_t previous[DIGEST_BYTES];
	struct trail_head archived; /* collected for the archive up to here */
	uint64_t logged;            /* and for the log */
	uint64_t stored;            /* up to where the cursor was stored */
	bool is_stuck;              /* and it was said */

	/* What is durable: seen is, once ticket is. */
	uint64_t durable;
	uint64_t seen;
	uint64_t ticket;
};

static enum err get_key(struct exporter *x, struct buf *why)
{
	const char *path = x->settings->key;
	AUTO(buf_fini) struct buf trouble = { 0 };
	bool has_archive;
	enum err e = audit_key_load(path, &x->key, &trouble);

	if (e == ERR_OK)
		return e;
	buf_add(why, buf_at(&trouble), buf_len(&trouble));
	if (e != ERR_NOT_FOUND)
		return e;
	e = resume_has_archive(x->trail, x->settings, &has_archive);
	if (e != ERR_OK)
		return e;
	if (has_archive) {
		buf_print(why,
			  ", but %s was sealed with it; put it back, or name "
			  "another audit.archive and audit.key",
			  x->settings->archive);
		return ERR_NOT_FOUND;
	}
	buf_reset(why);
	e = audit_key_make(path, why);
	if (e == ERR_OK)
		e = audit_key_load(path, &x->key, why);
	if (e == ERR_OK)
		log_notice("audit",
			   "the key %s is made; keep a copy of it "
			   "apart from this machine",
			   path);
	return e;
}

static enum err find_place(struct exporter *x, struct buf *why)
{
	struct resume resume;
	enum err e = resume_find(x->trail, x->settings, x->key, &resume, why);

	if (e != ERR_OK)
		return e;
	x->archived = resume.archived;
	x->logged = resume.logged;
	x->number = resume.number;
	memcpy(x->previous, resume.previous, sizeof(x->previous));
	x->stored = x->archived.sequence;
	if (x->logged < x->stored)
		x->stored = x->logged;
	trail_bound(x->trail, (uint64_t)x->settings->backlog);
	trail_follow(x->trail, x->stored);
	return ERR_OK;
}

/* A full disk may have space later; anything else is a mistake. */
static enum err open_log(struct exporter *x, struct buf *why)
{
	enum err e;

	sink_init(&x->log, x->settings->file, false);
	e = sink_open(&x->log);
	if (e == ERR_OK || e == ERR_STORAGE_FULL)
		return ERR_OK;
	buf_print(why,
		  "%s cannot be written: %s; let audit.file name a file that "
		  "can",
		  x->settings->file, err_words(e));
	return e;
}

/* Its file is made with the first record; whether it can be is seen now. */
static enum err check_archive(struct exporter *x, struct buf *why)
{
	AUTO(mem_free_text)
	char *folder = file_folder(x->settings->archive);
	enum err e = ERR_OK;

	if (access(folder, W_OK | X_OK) != 0)
		e = file_err(errno);
	if (e != ERR_OK)
		buf_print(why,
			  "%s: no file can be made in %s: %s; let "
			  "audit.archive name one in a folder where it can",
			  x->settings->archive, folder, err_words(e));
	return e;
}

enum err exporter_new(struct trail *trail,
		      const struct audit_settings *settings,
		      struct exporter **exporter_r, struct buf *why)
{
	struct exporter *x = mem_zero(sizeof(*x));
	enum err e;

	*exporter_r = x;
	x->trail = trail;
	x->settings = settings;
	e = get_key(x, why);
	if (e == ERR_OK)
		e = find_place(x, why);
	if (e == ERR_OK)
		e = open_log(x, why);
	if (e == ERR_OK)
		e = check_archive(x, why);
	if (e == ERR_OK)
		return e;
	if (buf_len(why) == 0)
		buf_print(why, "the audit trail cannot be exported: %s",
			  err_words(e));
	exporter_free(exporter_r);
	return e;
}

void exporter_free(struct exporter **exporter)
{
	struct exporter *x = *exporter;

	if (x == NULL)
		return;
	*exporter = NULL;
	if (x->log.path != NULL)
		sink_fini(&x->log);
	if (x->archive.path != NULL)
		sink_fini(&x->archive);
	archive_chain_fini(&x->chain);
	secret_free(&x->key);
	mem_free(x);
}

const struct secret *exporter_key(const struct exporter *exporter)
{
	return exporter->key;
}

const struct audit_settings *exporter_settings(const struct exporter *exporter)
{
	return exporter->settings;
}

void exporter_reopen(struct exporter *exporter)
{
	atomic_store(&exporter->must_reopen, true);
}

/*
 * Is what was seen on the disk? Without waiting for it, unless writers may soon
 * wait for us: perhaps nobody else waits for the disk meanwhile.
 */
static bool is_durable(const struct exporter *x)
{
	struct store *store = trail_store(x->trail);

	if (store_is_durable(store, x->ticket))
		return true;
	if (x->is_stuck || !trail_is_pressing(x->trail))
		return false;
	store_flush(store);
	return true;
}

/* Looks how far the trail is on the disk. */
static void look(struct exporter *x)
{
	struct trail_head head;

	if (!is_durable(x))
		return;
	x->durable = x->seen;
	if (trail_head(x->trail, &head) != ERR_OK)
		return;
	x->seen = head.sequence;
	x->ticket = store_ticket(trail_store(x->trail));
	if (is_durable(x))
		x->durable = x->seen;
}

/* The first record of this run begins our file. */
static void begin_archive(struct exporter *x, uint64_t first)
{
	AUTO(mem_free_text)
	char *path = archive_path(x->settings->archive, x->number);
	struct archive_header header = { .number = x->number, .first = first };

	memcpy(header.before, x->archived.hash, DIGEST_BYTES);
	memcpy(header.previous, x->previous, DIGEST_BYTES);
	sink_init(&x->archive, path, true);
	archive_begin(&x->chain, x->key, &header, &x->archive.pending);
}

struct collecting {
	struct exporter *x;
	unsigned count;
};

static bool collect_one(const struct trail_row *row, void *arg)
{
	struct collecting *c = arg;
	struct exporter *x = c->x;
	uint64_t sequence = row->record->sequence;

	if (sequence > x->durable || c->count == RECORDS_AT_ONCE)
		return false;
	c->count++;
	if (sequence > x->logged) {
		audit_print_line(row->record, &x->log.pending);
		x->logged = sequence;
	}
	if (sequence <= x->archived.sequence)
		return true;
	if (x->chain.seal == NULL)
		begin_archive(x, sequence);
	archive_add(&x->chain, row->bytes, row->len, &x->archive.pending);
	x->archived.sequence = sequence;
	memcpy(x->archived.hash, row->record->hash, DIGEST_BYTES);
	return true;
}

static uint64_t collected(const struct exporter *x)
{
	return x->logged < x->archived.sequence ? x->logged
						: x->archived.sequence;
}

static enum err collect(struct exporter *x)
{
	struct collecting c = { x, 0 };

	return trail_walk_rows(x->trail, collected(x) + 1, collect_one, &c);
}

/* Once when it begins, once when it is over. */
static void say(struct exporter *x, const char *what, enum err e)
{
	if (e == ERR_OK && x->is_stuck)
		log_notice("audit", "the trail is exported again");
	else if (e != ERR_OK && !x->is_stuck)
		log_error("audit",
			  "%s cannot be written: %s; when %" PRId64
			  " records wait, acts are refused",
			  what, err_words(e), x->settings->backlog);
	if (x->is_stuck != (e != ERR_OK))
		trail_stick(x->trail, e != ERR_OK);
	x->is_stuck = e != ERR_OK;
}

/* The cursor can follow later: the next start finds what the files hold. */
static enum err store_cursor(struct exporter *x)
{
	struct trail_cursor cursor = { x->archived, x->chain.place };
	enum err e;

	if (x->stored == collected(x) || x->chain.seal == NULL ||
	    x->logged != x->archived.sequence)
		return ERR_OK;
	e = trail_advance(x->trail, &cursor);
	if (e == ERR_OK)
		x->stored = cursor.last.sequence;
	return e == ERR_STORAGE_FULL || e == ERR_BUSY ? ERR_OK : e;
}

static enum err flush(struct exporter *x)
{
	const char *what = x->settings->archive;
	enum err e = ERR_OK;

	if (x->archive.path != NULL) /* the evidence first */
		e = sink_flush(&x->archive);
	if (e == ERR_OK) {
		what = x->settings->file;
		e = sink_flush(&x->log);
	}
	if (e == ERR_OK) {
		trail_follow(x->trail, collected(x));
		what = "the cursor of the audit trail";
		e = store_cursor(x);
	}
	say(x, what, e);
	return e;
}

/* What was in it is lost, which audit_verify() finds; not what comes. */
static void replace_archive(struct exporter *x)
{
	log_error("audit", "%s was removed; the archive goes on in a new file",
		  x->archive.path);
	memcpy(x->previous, x->chain.place.end, sizeof(x->previous));
	x->number++;
	archive_chain_fini(&x->chain);
	sink_fini(&x->archive);
}

static void look_after_files(struct exporter *x)
{
	if (buf_len(&x->log.pending) == 0 && sink_is_gone(&x->log)) {
		log_error("audit", "%s was removed", x->settings->file);
		atomic_store(&x->must_reopen, true);
	}
	if (x->archive.path != NULL && buf_len(&x->archive.pending) == 0 &&
	    sink_is_gone(&x->archive))
		replace_archive(x);
}

static void reopen(struct exporter *x)
{
	enum err e;

	if (buf_len(&x->log.pending) > 0 ||
	    !atomic_exchange(&x->must_reopen, false))
		return;
	e = sink_reopen(&x->log);
	if (e == ERR_OK)
		log_info("audit", "%s is opened anew", x->settings->file);
	else
		log_error("audit",
			  "%s cannot be opened anew: %s; the old file "
			  "stays in use",
			  x->settings->file, err_words(e));
}

/* So many have come meanwhile that they are not left for the next turn. */
static bool has_many(struct exporter *x)
{
	look(x);
	return x->durable - collected(x) >= RECORDS_AT_ONCE;
}

void exporter_tick(struct exporter *x)
{
	enum err e = ERR_OK;
	unsigned rounds = 0;

	look(x);
	if (collected(x) < x->durable)
		look_after_files(x);
	reopen(x);
	if (x->is_stuck || collected(x) != x->stored)
		e = flush(x);
	while (e == ERR_OK && collected(x) < x->durable) {
		e = collect(x);
		if (e == ERR_OK)
			e = flush(x);
		else
			say(x, "the audit trail", e);
		if (collected(x) == x->durable &&
		    (++rounds == ROUNDS_MOST || !has_many(x)))
			break;
	}
}

void exporter_finish(struct exporter *x)
{
	store_flush(trail_store(x->trail));
	exporter_tick(x);
}

void exporter_tell(struct trail *trail)
{
	char hex[DIGEST_TEXT];
	struct trail_head head;

	if (trail_head(trail, &head) != ERR_OK)
		return;
	digest_print(head.hash, hex);
	log_notice("audit", "head seq=%" PRIu64 " hash=%s", head.sequence, hex);
}
