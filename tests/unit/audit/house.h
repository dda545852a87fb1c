/* A store with a trail for the tests of this folder, in a folder of its own. */
#ifndef RIALTO_TESTS_AUDIT_HOUSE_H
#define RIALTO_TESTS_AUDIT_HOUSE_H

#include <stdint.h>

#include "audit/exporter.h"
#include "audit/settings.h"
#include "audit/trail.h"
#include "audit/verify.h"
#include "base/buf.h"
#include "store/store.h"

struct house {
	char dir[32];
	char *data;
	struct audit_settings settings; /* files in dir */
	struct store *store;
	struct trail *trail;
	struct exporter *exporter; /* NULL until house_export() */
};

/* For cmocka: a house with an open store. */
int house_set_up(void **state);
int house_tear_down(void **state);

/* Exported to the end: an archive of three files, four records in each. */
enum {
	HOUSE_FILES = 3,
	HOUSE_EACH = 4,
	HOUSE_RECORDS = HOUSE_FILES * HOUSE_EACH,
};
int house_set_up_full(void **state);

/* The store alone; an exporter is dropped as if the daemon was killed. */
void house_open(struct house *h);
void house_close(struct house *h);

/* One act of its own; with a detail. */
enum err house_note(struct house *h, const char *action);

/* count acts in one transaction. */
enum err house_note_many(struct house *h, unsigned count);

/* Makes an exporter, or fails the test. */
void house_export(struct house *h);

/* Exports everything that is there. */
void house_finish(struct house *h);

/* Kills and starts again: store and exporter. */
void house_restart(struct house *h);

/* The archive's path of a number; the caller's. */
char *house_archive(const struct house *h, uint64_t number);

/* A whole file, which must be there. */
void house_read(const char *path, struct buf *bytes);
void house_write(const char *path, const void *bytes, size_t len);

/* How many lines of audit.log hold text. */
unsigned house_count_lines(const struct house *h, const char *text);

/* Fails unless audit.log and the archive both hold 1 to count, once each. */
void house_assert_exported(struct house *h, uint64_t count);

/* audit_verify(); or the test fails unless it finds nothing, or this. */
enum err house_verify(struct house *h, struct buf *report,
		      struct audit_extent *extent);
void house_assert_whole(struct house *h);
void house_assert_found(struct house *h, const char *words);

#endif
