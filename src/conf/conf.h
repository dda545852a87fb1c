/*
 * Settings: a YAML file read into typed structs through tables.
 *
 * The engine knows no setting. Each folder exports a struct and a table of
 * items (struct conf_item) that says where each value goes; the daemon puts
 * the tables together in a schema. One load reports every mistake it finds,
 * as `file:line:column: what; what would be right`.
 */
#ifndef RIALTO_CONF_CONF_H
#define RIALTO_CONF_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

/* The value "none" and "auto" where an item allows them. */
enum { CONF_NONE = -1, CONF_AUTO = -2 };

enum conf_type {
	CONF_BOOL = 1, /* bool */
	CONF_NUMBER,   /* int64_t, min to max */
	CONF_SECONDS,  /* int64_t seconds: 10s 5m 1h 90d */
	CONF_BYTES,    /* int64_t bytes: 64K 8M */
	CONF_RATE,     /* struct rate: 60/1h; min to max is of the count */
	CONF_TEXT,     /* char *, owned by the struct; min to max bytes */
	CONF_PATH,     /* char *, made absolute from the file's folder */
	CONF_CHOICE,   /* int: the index of the word in words */
	CONF_WORDS,    /* struct conf_words: a word, or a list of words */
	CONF_PAIRS,    /* struct conf_pairs: names of any kind, with values */
};

/* Owned by the struct; empty where the file says none. */
struct conf_words {
	char **all;
	size_t count;
};

struct conf_pair {
	char *name;
	char *text; /* as written: "" where nothing is */
	bool is_quoted;
};

/* Owned by the struct; each name once, in the file's order. */
struct conf_pairs {
	struct conf_pair *all;
	size_t count;
};

enum conf_flag {
	CONF_LIVE = 1,     /* takes effect on a reload */
	CONF_MAY_NONE = 2, /* "none" is CONF_NONE (in a rate, its count), */
	CONF_MAY_AUTO =
		4, /* "auto" is CONF_AUTO; both NULL for a text or path */
	CONF_REQUIRED = 8, /* no default: must be given (lists only) */
};

struct conf_item {
	const char *name; /* NULL ends the table */
	size_t offset;    /* of the field in the struct */
	enum conf_type type;
	unsigned flags;     /* enum conf_flag */
	const char *preset; /* the default, written as in the file */
	int64_t min;
	int64_t max;              /* 0: no upper bound; of a text, 4096 */
	const char *const *words; /* CONF_CHOICE: ended by NULL */
};

enum conf_kind {
	CONF_MAP = 1, /* name: { item: value, … } */
	CONF_LIST,    /* name: [ { item: value, … }, … ] */
};

/* One element of a CONF_LIST section as the struct sees it. */
struct conf_list {
	void *items; /* count structs of section->size bytes, one block */
	size_t count;
};

struct conf_section {
	const char *name; /* NULL ends the schema; a dot nests: "bank.cash" */
	enum conf_kind kind;
	const struct conf_item *items;
	size_t offset; /* of the section's struct, or struct conf_list */
	size_t size;   /* of the section's struct, or of one list element */
	/* CONF_LIST: the elements when the file names none, as YAML text. */
	const char *preset;
};

/*
 * A check of one's own over the whole settings, run by conf_load() once every
 * item by itself is right. It calls conf_complain() for what it finds.
 */
struct conf_check;
typedef void conf_check_fn(struct conf_check *check, const void *settings);

/*
 * Adds a complaint about the value at where, as "limits.line" or, in the
 * second listener, "listeners[1].address". Its text begins with where, so
 * the format is what follows: "is %d; it must be at least 20". It gets the
 * line and column that the value has in the file (those of the nearest thing
 * around it when it came from a preset).
 */
void conf_complain(struct conf_check *check, const char *where,
		   const char *format, ...) PRINTF(3, 4);

/*
 * Reads path into settings, a zeroed struct that the schema describes, with
 * presets for what the file leaves out; check may be NULL. On ERR_BAD_INPUT
 * (mistakes), and on ERR_NOT_FOUND and the like from the file, the complaints,
 * a line each, are added to complaints and settings is left freed and zeroed.
 */
NODISCARD enum err conf_load(const struct conf_section *schema,
			     conf_check_fn *check, const char *path,
			     void *settings, struct buf *complaints);

/* As conf_load() from memory; path is used for messages and folders. */
NODISCARD enum err conf_parse(const struct conf_section *schema,
			      conf_check_fn *check, const char *path,
			      const char *text, size_t len, void *settings,
			      struct buf *complaints);

/*
 * Calls changed(arg, "server.workers", is_live) for each value that differs,
 * a list counting as one value and as live only when all its items are.
 */
void conf_compare(const struct conf_section *schema, const void *a,
		  const void *b,
		  void (*changed)(void *arg, const char *name, bool is_live),
		  void *arg);

/* Frees what a load allocated inside settings and zeroes it. */
void conf_free(const struct conf_section *schema, void *settings);

#endif
