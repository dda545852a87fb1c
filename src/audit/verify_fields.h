/* What verify.c, verify_archive.c and verify_log.c share. */
#ifndef RIALTO_AUDIT_VERIFY_FIELDS_H
#define RIALTO_AUDIT_VERIFY_FIELDS_H

#include <stdbool.h>
#include <stdio.h>

#include "audit/verify.h"

enum {
	VERIFY_FINDINGS = 100, /* that are told */
	VERIFY_LINE = 16384,   /* no line of ours is as long */
};

/* The readable lines, each compared with the record at hand. */
struct verify_log {
	FILE *file;             /* NULL: there is none */
	char line[VERIFY_LINE]; /* the next one, without its "\n" */
	size_t len;             /* 0: it is longer than any of ours */
	bool has_line;
	bool has_begun;    /* the first line's record was found */
	bool is_missing;   /* a record has no line, and that was said */
	bool is_adrift;    /* records of the archive are unknown */
	uint64_t number;   /* of the line */
	uint64_t sequence; /* of its record; 0: none can be read */
	uint64_t before;   /* and of the line before it */
	struct buf again;
};

struct verifier {
	struct trail *trail;
	const struct audit_settings *settings;
	const struct secret *key;
	const struct trail_head *known; /* NULL: none, or it was seen */
	struct audit_extent *extent;
	struct buf *report;
	unsigned findings;

	/* What the store says, read before anything else. */
	struct trail_head begin;
	struct trail_head head;
	struct trail_cursor cursor;

	/* The record before the next one, where nothing is wrong with it. */
	struct trail_head last;
	bool is_last_known;

	struct verify_log log;
};

void verify_find(struct verifier *v, const char *format, ...) PRINTF(2, 3);

/* Looks whether it is the known one. */
void verify_known(struct verifier *v, const struct audit_record *record);

void verify_archive(struct verifier *v);

/* No log is no lines. */
void verify_log_open(struct verifier *v);
void verify_log_close(struct verifier *v);

/* The archive's next record; is_covered: it was exported long ago. */
void verify_log_record(struct verifier *v, const struct audit_record *record,
		       bool is_covered);

/* Some records of the archive cannot be read: their lines pass. */
void verify_log_skip(struct verifier *v);

/* Behind the archive: what it does not hold yet, the store does. */
NODISCARD enum err verify_log_end(struct verifier *v);

#endif
