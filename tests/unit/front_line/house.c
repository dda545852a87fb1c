#include "house.h"

#include <assert.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bank/heard.h"
#include "bank/ledger.h"
#include "bank/mark.h"
#include "bank/schedule/standing.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "command/takings.h"
#include "command/task.h"
#include "crypto/certificate.h"
#include "user/factor/factors.h"

static const char *const tables[] = { TRAIL_TABLES, USERS_TABLES,
				      CHAT_TABLES,  LEDGER_TABLES,
				      HEARD_TABLES, STANDING_TABLES,
				      MARK_TABLES,  NULL };

static enum err reload(struct realm *realm UNUSED, struct buf *report)
{
	buf_add_text(report, "There is nothing to reload.");
	return ERR_OK;
}

static enum err renew(struct realm *realm UNUSED, struct buf *report)
{
	buf_add_text(report, "There is nothing to renew.");
	return ERR_NOT_FOUND;
}

static void certificate(struct realm *realm UNUSED, struct buf *fingerprint,
			int64_t *expiry_ms_r)
{
	buf_add_text(fingerprint, "SHA256:none");
	*expiry_ms_r = 0;
}

static void must(enum err e, struct buf *why)
{
	if (e == ERR_OK)
		return;
	fprintf(stderr, "%s %s\n", err_code(e), buf_text(why));
	abort();
}

static void write_pem(const char *path, const struct buf *pem)
{
	struct buf why = { 0 };

	must(file_write(path, 0600, buf_at(pem), buf_len(pem)), &why);
}

/* Plain sockets only; but a server wants to have a certificate. */
static void open_tls(struct house *h)
{
	static const char *const hosts[] = { "localhost" };
	AUTO(certificate_pair_fini) struct certificate_pair ca = { 0 };
	AUTO(certificate_pair_fini) struct certificate_pair pair = { 0 };
	AUTO(mem_free_text) char *crt = file_join(h->dir, "crt");
	AUTO(mem_free_text) char *key = file_join(h->dir, "key");
	struct tls_settings settings = { crt, key, NULL, NULL };
	AUTO(buf_fini) struct buf why = { 0 };

	certificate_make_ca("test", &ca);
	certificate_make_server(&ca, hosts, 1, &pair);
	write_pem(crt, &pair.certificate);
	write_pem(key, &pair.key);
	must(tls_new(&settings, NULL, &h->tls, &why), &why);
}

static void add_user(struct house *h, const char *name, role_set roles)
{
	static char hash[PASSWORD_HASH_MOST];
	struct user user = { .roles = roles | ROLE_GUEST | ROLE_USER,
			     .state = USER_ACTIVE };
	struct audit_entry entry = { .action = "user.test" };
	AUTO(buf_fini) struct buf why = { 0 };

	if (hash[0] == '\0') {
		AUTO(secret_free)
		struct secret *password = secret_new("password", 8);

		password_hash(password, PASSWORD_BCRYPT, 4, hash);
	}
	snprintf(user.name, sizeof(user.name), "%s", name);
	memcpy(user.hash, hash, sizeof(hash));
	must(users_add(h->realm.users, &user, &entry), &why);
}

static void listen_on(struct house *h, const char *name, bool is_console,
		      int telnet)
{
	AUTO(mem_free_text) char *address = mem_print("unix:%s", name);
	struct listener_settings settings = { .address = address,
					      .console = is_console,
					      .telnet = telnet };
	AUTO(buf_fini) struct buf why = { 0 };

	must(server_listen(h->realm.server, &settings, line_service(h->line),
			   h->dir, -1, &why),
	     &why);
}

static void drain(struct job *job)
{
	struct house *h = CONTAINER(job, struct house, bank);

	ledger_drain(h->realm.ledger);
}

/* The queue of the jobs is never so full here that it is refused. */
static void wake(void *arg)
{
	struct house *h = arg;

	if (jobs_submit(h->realm.jobs, &h->bank) != ERR_OK)
		abort();
}

static void open_bank(struct house *h)
{
	const struct bank_settings settings = {
		.currency = { "RIA", "R", 2 },
		.cash_account = "cash:till",
		.cash_per_deposit = MONEY_NONE,
		.cash_per_day = MONEY_NONE,
		.ceiling = MONEY_NONE,
		.per_transfer = MONEY_NONE,
		.per_day = MONEY_NONE,
		.approval_above = MONEY_NONE,
		.second_factor_above = MONEY_NONE,
		.rate = { .count = -1 },
	};
	struct realm *r = &h->realm;
	AUTO(buf_fini) struct buf why = { 0 };

	h->bank.run = drain;
	r->ledger = ledger_new(&(struct ledger_parts){ .store = r->store,
						       .trail = r->trail,
						       .wake = wake,
						       .call = wake,
						       .arg = h });
	must(ledger_set(r->ledger, &settings, &why), &why);
	r->takings = takings_new(r->store);
}

static void open_realm(struct house *h)
{
	struct realm *r = &h->realm;

	mutex_init(&r->lock, LOCK_DAEMON);
	mutex_init(&r->acts, LOCK_ACT);
	r->reload = reload;
	r->renew = renew;
	r->certificate = certificate;
	r->started_ms = clock_wall_ms();
	snprintf(r->settings.name, sizeof(r->settings.name), "House");
	r->settings.users = (struct user_settings){
		.registration = REGISTRATION_OPEN,
		.registrations_per_address = { CONF_NONE, 0 },
		.guests = true,
		.password_hash = PASSWORD_BCRYPT,
		.password_cost = 4,
		.password_min = 8,
		.lockout_s = 0,
	};
	h->identity = identity_key_new((const uint8_t[IDENTITY_SEED]){ 1 });
	r->identity = h->identity;
	r->trail = trail_new(r->store);
	r->tally = tally_new(r->trail);
	r->users = users_new(r->store, r->trail);
	r->factors = factors_new(r->store, r->trail, NULL);
	r->directory = directory_new();
	r->arrivals = arrivals_new();
	r->lockout = lockout_new(0);
	r->registrations = quota_new((struct rate){ CONF_NONE, 0 });
	open_bank(h);
}

void house_open(struct house *h, unsigned workers, role_set ann)
{
	static char lobby[] = "lobby";
	struct store_options options = { .dir = h->dir, .tables = tables };
	struct realm *r = &h->realm;
	AUTO(buf_fini) struct buf why = { 0 };

	memset(h, 0, sizeof(*h));
	snprintf(h->dir, sizeof(h->dir), "/tmp/rialto-house-XXXXXX");
	if (mkdtemp(h->dir) == NULL)
		abort();
	h->limits =
		(struct limits){ 1000, -1, 4096, 65536, 1 << 20, 10, 60, -1 };
	h->chat = (struct chat_settings){ .default_room = lobby,
					  .rooms_per_user = 10,
					  .replay = 20 };
	h->jobs = 2;
	open_tls(h);
	must(store_open(&options, &r->store, &why), &why);
	open_realm(h);
	r->server = server_new(workers);
	h->line = line_new(r, r->server);
	r->chat = chat_new(&(struct chat_parts){ r->store, r->users, r->trail },
			   &h->chat, line_subscribers(h->line), workers);
	must(chat_load(r->chat), &why);
	listen_on(h, "auto", false, TELNET_AUTO);
	listen_on(h, "always", false, TELNET_ALWAYS);
	listen_on(h, "console", true, TELNET_NEVER);
	add_user(h, "ann", ann);
	add_user(h, "ben", 0);
}

void house_start(struct house *h)
{
	h->realm.jobs = jobs_new("job", h->jobs, 256, 0);
	h->realm.hashers = jobs_new("hasher", 1, 256, 0);
	h->realm.hash_shares = shares_new(256, HASHES_PER_SITE);
	h->realm.search_shares = shares_new(SEARCHES_TOTAL, SEARCHES_PER_SITE);
	server_start(h->realm.server, &h->limits, h->tls);
}

static int remove_one(const char *path, const struct stat *st UNUSED,
		      int flag UNUSED, struct FTW *at UNUSED)
{
	return remove(path);
}

void house_close(struct house *h)
{
	struct realm *r = &h->realm;

	server_stop(r->server, 5000);
	atomic_store(&r->is_deserted, true);
	jobs_stop(r->hashers);
	jobs_stop(r->jobs);
	jobs_free(&r->hashers);
	jobs_free(&r->jobs);
	ledger_drain(r->ledger);
	takings_keep(r->takings);
	store_flush(r->store);
	server_free(&r->server);
	chat_free(&r->chat);
	line_free(&h->line);
	shares_free(&r->hash_shares);
	shares_free(&r->search_shares);
	quota_free(&r->registrations);
	lockout_free(&r->lockout);
	arrivals_free(&r->arrivals);
	directory_free(&r->directory);
	takings_free(&r->takings);
	ledger_free(&r->ledger);
	factors_free(&r->factors);
	users_free(&r->users);
	tally_free(&r->tally);
	trail_free(&r->trail);
	store_close(&r->store);
	identity_key_free(&h->identity);
	tls_unref(&h->tls);
	mutex_fini(&r->lock);
	mutex_fini(&r->acts);
	nftw(h->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int house_connect(const struct house *h, const char *listener)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int n = snprintf(un.sun_path, sizeof(un.sun_path), "%s/%s", h->dir,
			 listener);

	assert(n > 0 && (size_t)n < sizeof(un.sun_path));
	if (fd >= 0 && connect(fd, (struct sockaddr *)&un, sizeof(un)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}
