#include "rialtod/offline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/export.h"
#include "audit/key.h"
#include "audit/verify.h"
#include "bank/verify/verify.h"
#include "base/clock.h"
#include "chat/verify.h"
#include "crypto/password.h"
#include "rialtod/ask.h"
#include "rialtod/audit.h"
#include "rialtod/renewal.h"
#include "rialtod/tables.h"
#include "store/backup.h"
#include "store/store.h"
#include "user/users.h"

static int complain(const char *what, enum err e, struct buf *why)
{
	fprintf(stderr, "rialtod: %s: %s\n", what,
		buf_len(why) > 0 ? buf_text(why) : err_words(e));
	return EXIT_FAILURE;
}

static enum err verify_audit(const struct settings *settings,
			     struct trail *trail, struct buf *report)
{
	AUTO(secret_free) struct secret *key = NULL;
	AUTO(buf_fini) struct buf why = { 0 };
	AUTO(buf_fini) struct buf words = { 0 };
	struct audit_extent extent;
	enum err no_key = audit_key_load(settings->audit.key, &key, &why);
	struct audit_scope scope = { &settings->audit, key, NULL };
	enum err e = audit_verify(trail, &scope, report, &extent);

	if (e != ERR_OK && no_key != ERR_OK)
		buf_print(report, "audit: %s\n", buf_text(&why));
	if (e == ERR_OK) {
		audit_print_extent(&extent, &words);
		printf("audit: %s", buf_text(&words));
	}
	return e;
}

static enum err verify_bank(struct store *store, struct users *users,
			    struct buf *report)
{
	struct bank_scope scope = { .store = store, .users = users };
	AUTO(buf_fini) struct buf words = { 0 };
	struct bank_extent extent;
	char hash[DIGEST_TEXT];
	enum err e = bank_verify(&scope, report, &extent);

	if (e == ERR_OK) {
		bank_print_extent(&extent, &words);
		digest_print(extent.head.hash, hash);
		printf("bank: %s; head seq=%" PRIu64 " hash=%s\n",
		       buf_text(&words), extent.head.seq, hash);
	}
	return e;
}

static enum err verify_contents(const struct settings *settings,
				struct store *store, struct buf *report)
{
	struct trail *trail = trail_new(store);
	struct users *users = users_new(store, trail);
	enum err of_users = users_verify(users, report);
	enum err of_rooms = chat_verify(store, report);
	enum err of_bank = verify_bank(store, users, report);
	enum err of_audit = verify_audit(settings, trail, report);

	users_free(&users);
	trail_free(&trail);
	if (of_users != ERR_OK)
		return of_users;
	if (of_rooms != ERR_OK)
		return of_rooms;
	return of_bank != ERR_OK ? of_bank : of_audit;
}

int offline_verify(const struct settings *settings)
{
	struct store_options options = { .dir = settings->server.data,
					 .tables = daemon_tables };
	AUTO(buf_fini) struct buf report = { 0 };
	struct store *store;
	enum err e = store_verify(&options, &report);

	if (e == ERR_OK)
		e = store_open(&options, &store, &report);
	if (e == ERR_OK) {
		e = verify_contents(settings, store, &report);
		store_close(&store);
	}
	if (e != ERR_OK)
		return complain(settings->server.data, e, &report);
	printf("%s: everything is in order\n", settings->server.data);
	return EXIT_SUCCESS;
}

/* The archive and its key are enough: no data, and perhaps another machine. */
int offline_export_audit(const struct settings *settings)
{
	AUTO(secret_free) struct secret *key = NULL;
	AUTO(buf_fini) struct buf why = { 0 };
	uint64_t count;
	enum err e = audit_key_load(settings->audit.key, &key, &why);

	if (e == ERR_OK)
		e = audit_export(&settings->audit, key, stdout, &why, &count);
	if (e != ERR_OK)
		return complain(settings->audit.archive, e, &why);
	return EXIT_SUCCESS;
}

/* From here on the trail is another than the one that was exported. */
static enum err note_restore(const struct settings *settings,
			     const char *backup, struct buf *why)
{
	struct store_options options = { .dir = settings->server.data,
					 .tables = daemon_tables };
	struct audit_entry entry;
	struct trail *trail;
	struct store *store;
	enum err e = store_open(&options, &store, why);

	if (e != ERR_OK)
		return e;
	trail = trail_new(store);
	audit_sign(&entry, AUDIT_RESTORE);
	AUDIT_SET(entry.target, backup);
	e = trail_note(trail, &entry);
	trail_free(&trail);
	store_close(&store);
	return e;
}

int offline_restore(const struct settings *settings, const char *backup)
{
	AUTO(buf_fini) struct buf why = { 0 };
	enum err e = backup_restore(backup, settings->server.data, &why);

	if (e == ERR_OK)
		e = note_restore(settings, backup, &why);
	if (e != ERR_OK)
		return complain(settings->server.data, e, &why);
	printf("%s is restored from %s\n", settings->server.data, backup);
	return EXIT_SUCCESS;
}

static enum err set_hash(struct user *user, void *arg)
{
	const char *hash = arg;

	user_set_hash(user, hash, USER_CONSOLE, clock_wall_ms());
	return ERR_OK;
}

static enum err reset(struct store *store, const char *name, char *hash,
		      struct buf *why)
{
	struct trail *trail = trail_new(store);
	struct users *users = users_new(store, trail);
	struct audit_entry entry;
	struct user user;
	enum err e = users_find(users, name, &user);

	audit_sign(&entry, "user.password");
	if (e == ERR_OK)
		e = users_edit(users, user.id, set_hash, hash, &entry, NULL);
	else if (e == ERR_NO_SUCH_USER)
		buf_print(why, "there is no user %s", name);
	users_free(&users);
	trail_free(&trail);
	return e;
}

int offline_reset_password(const struct settings *settings, const char *name)
{
	struct store_options options = { .dir = settings->server.data,
					 .tables = daemon_tables };
	char hash[PASSWORD_HASH_MOST];
	AUTO(buf_fini) struct buf why = { 0 };
	AUTO(secret_free) struct secret *password = NULL;
	struct store *store;
	enum err e = store_open(&options, &store, &why);

	if (e != ERR_OK)
		return complain(settings->server.data, e, &why);
	password = ask_new_password(name);
	if (password == NULL) {
		store_close(&store);
		return EXIT_FAILURE;
	}
	password_hash(password,
		      (enum password_method)settings->users.password_hash,
		      (int)settings->users.password_cost, hash);
	e = reset(store, name, hash, &why);
	store_close(&store);
	if (e != ERR_OK)
		return complain(name, e, &why);
	printf("%s has a new password\n", name);
	return EXIT_SUCCESS;
}

int offline_renew(const struct settings *settings, const char *ca_key)
{
	AUTO(buf_fini) struct buf why = { 0 };
	char when[CLOCK_TEXT];
	struct renewal renewal;
	enum err e = renewal_make(&settings->tls, ca_key, &renewal, &why);

	if (e != ERR_OK)
		return complain(settings->tls.certificate, e, &why);
	clock_print(renewal.expiry_ms, when);
	printf("%s is renewed until %s: %s\n"
	       "A daemon that runs takes it up, and records it, at: rialtoctl "
	       "reload\n",
	       settings->tls.certificate, when, renewal.fingerprint);
	return EXIT_SUCCESS;
}
