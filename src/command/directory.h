/*
 * The directory: every session that somebody has logged in with, so that it
 * can be listed and ended from anywhere. Any thread.
 */
#ifndef RIALTO_COMMAND_DIRECTORY_H
#define RIALTO_COMMAND_DIRECTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "net/address.h"
#include "net/session.h"
#include "user/user.h"

struct directory;

/* Bytes of a way with its NUL. */
enum { DIRECTORY_WAY = 64 };

struct directory_entry {
	struct session_handle session;
	user_id user; /* 0: a guest */
	role_set roles;
	char name[NAME_MOST + 1];
	char host[ADDRESS_TEXT];
	char way[DIRECTORY_WAY]; /* how, and how protected */
	int64_t opened_ms;       /* wall clock */
	int64_t active_ms;       /* wall clock: the last line */
};

struct directory *directory_new(void);
void directory_free(struct directory **directory);

void directory_add(struct directory *directory,
		   const struct directory_entry *entry);
void directory_drop(struct directory *directory, struct session_handle session);

bool directory_has(struct directory *directory, struct session_handle session);

/* The name of who is here by the session; "" when it is not listed. */
void directory_print_name(struct directory *directory,
			  struct session_handle session,
			  char name_r[NAME_MOST + 1]);

/* A line came; the name may have changed. */
void directory_touch(struct directory *directory,
		     struct session_handle session);
void directory_rename(struct directory *directory, user_id user,
		      struct session_handle session, const char *name);

/* Other roles count from now on. */
void directory_change_roles(struct directory *directory,
			    struct session_handle session, role_set roles);

/*
 * Copies of the entries of a user, or of a session by its number, or of all
 * when both are 0; oldest first. Give them to mem_free().
 */
struct directory_entry *directory_list(struct directory *directory,
				       user_id user, uint64_t number,
				       size_t *count_r);

#endif
