#include "rialtod/daemon.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/keeper.h"
#include "base/mem.h"
#include "chat/history/history.h"
#include "command/main_account.h"
#include "command/removal.h"
#include "command/task.h"
#include "command/under_way.h"
#include "crypto/certificate.h"
#include "log/log.h"
#include "net/jobs.h"
#include "rialtod/daemon_fields.h"
#include "rialtod/exits.h"
#include "rialtod/identity.h"
#include "rialtod/reload.h"
#include "rialtod/systemd.h"
#include "rialtod/tables.h"
#include "user/factor/factor_key.h"
#include "user/factor/factors.h"

enum {
	GRACE_MS = 3000,
	/* For a password that is being hashed when nobody asks any more. */
	HASHING_MS = 500,
	HASHER_NICE = 10,
	STORE_PERIOD_MS = 1000,
	CHAT_PERIOD_MS = 500,
	EXPIRY_PERIOD_MS = 3600 * 1000,
	EXPIRY_WARNING_DAYS = 30,
	DAY_MS = 86400 * 1000,
	/* For the store, listeners, epoll sets and what libraries open. */
	DESCRIPTORS_BESIDE = 128,
};

static bool open_store(struct daemon *d)
{
	AUTO(buf_fini) struct buf why = { 0 };
	struct store_options options = {
		.dir = d->settings.server.data,
		.tables = daemon_tables,
		.cache_bytes = (size_t)d->settings.server.cache_bytes,
	};

	enum err e = store_open(&options, &d->store, &why);

	if (e == ERR_OK)
		return true;
	if (e == ERR_CORRUPT || e == ERR_NEWER)
		d->status = EXIT_DATA;
	log_error("store", "%s", buf_text(&why));
	return false;
}

static bool open_audit(struct daemon *d)
{
	AUTO(buf_fini) struct buf why = { 0 };

	enum err e = audit_open(d->store, &d->settings.audit, &d->audit, &why);

	if (e == ERR_OK)
		return true;
	log_error("audit", "%s", buf_text(&why));
	/* A key or a folder that only somebody can put right. */
	if (e != ERR_IO && e != ERR_BUSY && e != ERR_STORAGE_FULL)
		d->status = EXIT_SETTINGS;
	return false;
}

/* Without a key everybody comes in who has no second factor. */
static bool open_factors(struct daemon *d)
{
	AUTO(buf_fini) struct buf why = { 0 };
	AUTO(secret_free) struct secret *key = NULL;
	enum err e = factor_key_get(d->settings.users.factor_key, &key, &why);

	if (e == ERR_NOT_ALLOWED || e == ERR_BAD_INPUT) {
		log_error("user", "%s", buf_text(&why));
		d->status = EXIT_SETTINGS;
		return false;
	}
	if (e != ERR_OK)
		log_notice("user", "there are no second factors: %s",
			   buf_text(&why));
	d->realm.factors = factors_new(d->store, audit_trail(d->audit), key);
	return true;
}

static bool open_bank(struct daemon *d)
{
	AUTO(buf_fini) struct buf why = { 0 };
	enum err e;

	d->house =
		bank_open(d->store, audit_trail(d->audit), &d->bank, &why, &e);
	if (e == ERR_OK)
		return true;
	log_error("bank", "%s", buf_text(&why));
	d->status = e == ERR_NOT_ALLOWED ? EXIT_SETTINGS
		    : e == ERR_CORRUPT   ? EXIT_DATA
					 : d->status;
	return false;
}

/* Behind open_store(), so that two daemons do not make one each. */
static bool open_identity(struct daemon *d)
{
	AUTO(buf_fini) struct buf why = { 0 };
	enum err e =
		identity_open(d->settings.server.identity, &d->identity, &why);

	if (e == ERR_OK)
		return true;
	log_error("identity", "%s", buf_text(&why));
	if (e != ERR_IO && e != ERR_STORAGE_FULL)
		d->status = EXIT_SETTINGS;
	return false;
}

static bool open_tls(struct daemon *d)
{
	AUTO(buf_fini) struct buf why = { 0 };

	if (tls_new(&d->settings.tls, NULL, &d->tls, &why) == ERR_OK)
		return true;
	d->status = EXIT_SETTINGS;
	log_error("tls", "%s", buf_text(&why));
	return false;
}

/* The inherited socket that is bound to this listener's address, or -1. */
static int find_inherited(struct daemon *d, const struct listener_settings *l,
			  int first, int count)
{
	for (int i = 0; i < count; i++) {
		if (listener_matches(l->address, d->folder, first + i))
			return first + i;
	}
	return -1;
}

static const struct service *service_of(const struct daemon *d,
					const struct listener_settings *l)
{
	return l->service == LISTENER_ATM ? atm_service(d->atm)
					  : line_service(d->line);
}

static bool open_listeners(struct daemon *d)
{
	int first;
	int count = systemd_sockets(&first);

	for (size_t i = 0; i < d->settings.listeners.count; i++) {
		const struct listener_settings *l =
			settings_listener(&d->settings, i);
		AUTO(buf_fini) struct buf why = { 0 };

		enum err e =
			server_listen(d->server, l, service_of(d, l), d->folder,
				      find_inherited(d, l, first, count), &why);

		if (e == ERR_OK)
			continue;
		if (e == ERR_BAD_INPUT)
			d->status = EXIT_SETTINGS;
		log_error("listener", "%s", buf_text(&why));
		return false;
	}
	return true;
}

static unsigned worker_count(const struct settings *settings)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (settings->server.workers != CONF_AUTO)
		return (unsigned)settings->server.workers;
	return processors < 1 ? 1 : processors > 64 ? 64 : (unsigned)processors;
}

static bool make_realm(struct daemon *d)
{
	struct realm *realm = &d->realm;
	const struct settings *s = &d->settings;

	mutex_init(&realm->lock, LOCK_DAEMON);
	mutex_init(&realm->acts, LOCK_ACT);
	realm->started_ms = clock_wall_ms();
	reload_serve(realm);
	realm->identity = d->identity;
	realm->store = d->store;
	realm->trail = audit_trail(d->audit);
	realm->tally = audit_tally(d->audit);
	realm->exporter = audit_exporter(d->audit);
	realm->ledger = bank_ledger(d->house);
	realm->takings = bank_takings(d->house);
	realm->users = users_new(d->store, realm->trail);
	realm->directory = directory_new();
	realm->arrivals = arrivals_new();
	realm->lockout = lockout_new(s->users.lockout_s);
	realm->registrations = quota_new(s->users.registrations_per_address);
	d->server = server_new(worker_count(s));
	realm->server = d->server;
	d->line = line_new(realm, d->server);
	d->atm = atm_new(realm);
	realm->chat = chat_new(
		&(struct chat_parts){ d->store, realm->users, realm->trail },
		&s->chat, line_subscribers(d->line),
		server_worker_count(d->server));
	d->host = host_new(realm, d->launcher, d->plugin_dir);
	reload_tell_realm(d, s);
	reload_tell_atm(d, s);
	if (chat_load(realm->chat) == ERR_OK)
		return true;
	d->status = EXIT_DATA;
	log_error("store", "the rooms cannot be read; rialtod --verify says "
			   "more");
	return false;
}

static void keep_store(void *arg)
{
	store_keep(arg);
}

static void keep_chat(void *arg)
{
	chat_tick(arg);
}

static void keep_certificate(void *arg)
{
	AUTO(buf_fini) struct buf fingerprint = { 0 };
	struct realm *realm = arg;
	int64_t expiry_ms;
	int64_t days;

	realm->certificate(realm, &fingerprint, &expiry_ms);
	days = (expiry_ms - clock_wall_ms()) / DAY_MS;
	if (days < EXPIRY_WARNING_DAYS)
		log_warning("tls", "the certificate ends days=%" PRId64, days);
}

/* A limit that the system does not allow would be a surprise in a storm. */
static void check_descriptors(const struct settings *s)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0 &&
	    files.rlim_cur < (rlim_t)s->limits.sessions + DESCRIPTORS_BESIDE)
		log_warning("daemon",
			    "limits.sessions is %" PRId64 ", but only %" PRIu64
			    " descriptors may be open; raise LimitNOFILE",
			    s->limits.sessions, (uint64_t)files.rlim_cur);
}

static void start_threads(struct daemon *d)
{
	const struct server_settings *s = &d->settings.server;
	size_t queue = (size_t)s->job_queue;

	d->realm.jobs = jobs_new("job", (unsigned)s->jobs, queue, 0);
	d->realm.hashers =
		jobs_new("hasher", (unsigned)s->hashing, queue, HASHER_NICE);
	d->realm.hash_shares = shares_new(queue, HASHES_PER_SITE);
	d->realm.search_shares = shares_new(SEARCHES_TOTAL, SEARCHES_PER_SITE);
	d->realm.under_way = under_way_new();
	d->keeper = keeper_new();
	keeper_add(d->keeper, STORE_PERIOD_MS, keep_store, d->store);
	keeper_add(d->keeper, CHAT_PERIOD_MS, keep_chat, d->realm.chat);
	keeper_add(d->keeper, EXPIRY_PERIOD_MS, keep_certificate, &d->realm);
	bank_begin(d->house, d->keeper, d->realm.jobs);
	d->scheduler = scheduler_new(&d->realm, d->keeper);
	recorder_begin(&d->recorder, d->keeper, d->realm.jobs, d->realm.chat);
	audit_begin(d->audit, tls_fingerprint(d->tls),
		    identity_key_text(d->identity));
	keep_certificate(&d->realm);
	check_descriptors(&d->settings);
	removal_resume(&d->realm);
	main_account_open_all(&d->realm);
	keeper_start(d->keeper);
	host_start(d->host, &d->settings, d->path);
	server_start(d->server, &d->settings.limits, d->tls);
	d->is_serving = true;
}

struct daemon *daemon_start(const struct daemon_parts *parts,
			    struct settings *settings, int *status_r)
{
	struct daemon *d = mem_zero(sizeof(*d));

	d->status = EXIT_FAILURE;
	d->path = parts->path;
	d->launcher = parts->launcher;
	d->plugin_dir = parts->plugin_dir;
	d->folder = settings_folder(parts->path);
	d->settings = *settings;
	memset(settings, 0, sizeof(*settings));
	bank_settings_make(&d->settings.bank, &d->bank);
	mutex_init(&d->reload, LOCK_RELOAD);
	if (open_tls(d) && open_store(d) && open_identity(d) && open_audit(d) &&
	    open_factors(d) && open_bank(d) && make_realm(d) &&
	    open_listeners(d)) {
		start_threads(d);
		log_notice("daemon", "ready version=%s workers=%u",
			   PACKAGE_VERSION, server_worker_count(d->server));
		return d;
	}
	*status_r = d->status;
	daemon_stop(&d);
	return NULL;
}

/*
 * Hashing cannot be broken off, and where others leave it no processor it may
 * last: all that was promised is made durable, and the process ends with it.
 */
static NORETURN void leave_hashing(struct daemon *d)
{
	jobs_abandon(d->realm.hashers);
	jobs_stop(d->realm.jobs);
	bank_end(d->house);
	history_close(d->realm.chat);
	audit_end(d->audit);
	store_flush(d->store);
	log_notice("daemon", "stopped while hashing a password");
	_exit(EXIT_SUCCESS);
}

void daemon_stop(struct daemon **d)
{
	struct daemon *daemon = *d;

	*d = NULL;
	atomic_store(&daemon->realm.is_stopping, true);
	if (daemon->store != NULL)
		store_hurry(daemon->store, GRACE_MS + HASHING_MS);
	/* First those who ask, then those who work for them, then the data. */
	if (daemon->is_serving) {
		host_dismiss(daemon->host);
		server_stop(daemon->server, GRACE_MS);
	}
	atomic_store(&daemon->realm.is_deserted, true);
	if (daemon->is_serving)
		host_stop(daemon->host);
	keeper_free(&daemon->keeper);
	/* A task goes from one set to the other and back. */
	if (daemon->is_serving &&
	    !jobs_stop_within(daemon->realm.hashers, HASHING_MS))
		leave_hashing(daemon);
	if (daemon->realm.jobs != NULL) {
		jobs_stop(daemon->realm.hashers);
		jobs_stop(daemon->realm.jobs);
		bank_end(daemon->house);
	}
	if (daemon->is_serving)
		history_close(daemon->realm.chat);
	jobs_free(&daemon->realm.hashers);
	jobs_free(&daemon->realm.jobs);
	scheduler_free(&daemon->scheduler);
	if (daemon->is_serving)
		audit_end(daemon->audit);
	if (daemon->store != NULL)
		store_flush(daemon->store); /* and the last answers are freed */
	server_free(&daemon->server);
	chat_free(&daemon->realm.chat);
	line_free(&daemon->line);
	atm_free(&daemon->atm);
	host_free(&daemon->host); /* uses were answered into mailboxes */
	shares_free(&daemon->realm.hash_shares);
	shares_free(&daemon->realm.search_shares);
	under_way_free(&daemon->realm.under_way);
	quota_free(&daemon->realm.registrations);
	lockout_free(&daemon->realm.lockout);
	arrivals_free(&daemon->realm.arrivals);
	directory_free(&daemon->realm.directory);
	factors_free(&daemon->realm.factors);
	users_free(&daemon->realm.users);
	bank_close(&daemon->house);
	audit_close(&daemon->audit);
	store_close(&daemon->store);
	identity_key_free(&daemon->identity);
	tls_unref(&daemon->tls);
	settings_free(&daemon->live);
	settings_free(&daemon->settings);
	mem_free(daemon->folder);
	mem_free(daemon);
}

void daemon_watch(struct daemon *d)
{
	int64_t period_ms = systemd_watchdog_ms();
	int64_t now_ms = clock_mono_ms();

	systemd_status(server_sessions(d->server));
	if (period_ms == 0 || now_ms - d->fed_ms < period_ms / 3)
		return;
	/* Fed only while every worker answers. */
	if (server_is_alive(d->server)) {
		systemd_feed_watchdog();
		d->fed_ms = now_ms;
	}
}
