#include "command/status.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bank/book.h"
#include "bank/ledger.h"
#include "base/attr.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "chat/guard/lockdown.h"
#include "chat/history/history.h"

/* One fact: a number, a text, or a moment. */
struct fact {
	const char *name; /* in JSON */
	const char *words;
	enum {
		FACT_COUNT,
		FACT_BYTES,
		FACT_SECONDS,
		FACT_MOMENT,
		FACT_UNTIL
	} kind;
	int64_t value;
};

enum { FACTS = 32 };

/* Zeros when they cannot be read: then worse things are in the log. */
static void count_records(struct trail *trail, uint64_t *records_r,
			  uint64_t *waiting_r)
{
	struct trail_head head;

	*records_r = 0;
	*waiting_r = 0;
	if (trail_head(trail, &head) == ERR_OK &&
	    trail_waiting(trail, waiting_r) == ERR_OK)
		*records_r = head.sequence;
}

/* Likewise. */
static uint64_t count_entries(struct store *store)
{
	struct book_head head;

	return book_head(store, &head) == ERR_OK ? head.seq : 0;
}

static uint64_t count_orders(struct ledger *ledger)
{
	struct ledger_figures figures;

	ledger_figures(ledger, &figures);
	return figures.waiting;
}

static size_t count_plugins(struct plugins *plugins, size_t *up_r)
{
	struct plugin_status *all = NULL;
	size_t count = plugins == NULL ? 0 : plugins_list(plugins, &all);

	*up_r = 0;
	for (size_t i = 0; i < count; i++)
		*up_r += all[i].state == PLUGIN_UP;
	mem_free(all);
	return count;
}

static size_t collect(struct realm *realm, struct fact facts[FACTS])
{
	AUTO(buf_fini) struct buf fingerprint = { 0 };
	struct scribe_status history;
	struct store_status store;
	struct room **rooms;
	size_t room_total;
	uint64_t records;
	uint64_t waiting;
	size_t plugins_up;
	int64_t expiry_ms = 0;
	size_t n = 0;

	store_status(realm->store, &store);
	history_status(realm->chat, &history);
	rooms = chat_rooms(realm->chat, &room_total);
	chat_free_rooms(rooms, room_total);
	realm->certificate(realm, &fingerprint, &expiry_ms);
	count_records(realm->trail, &records, &waiting);
#define FACT(name, words, kind, value)                                         \
	facts[n++] = (struct fact){ name, words, kind, (int64_t)(value) }
	FACT("pid", "process", FACT_COUNT, getpid());
	FACT("uptime_s", "up for", FACT_SECONDS,
	     (clock_wall_ms() - realm->started_ms) / 1000);
	FACT("sessions", "sessions", FACT_COUNT,
	     server_sessions(realm->server));
	FACT("workers", "workers", FACT_COUNT,
	     server_worker_count(realm->server));
	FACT("rooms", "rooms", FACT_COUNT, room_total);
	FACT("jobs_waiting", "jobs waiting", FACT_COUNT,
	     jobs_waiting(realm->jobs));
	FACT("hashes_waiting", "passwords waiting", FACT_COUNT,
	     jobs_waiting(realm->hashers));
	FACT("plugins", "plugins", FACT_COUNT,
	     count_plugins(realm->plugins, &plugins_up));
	FACT("plugins_up", "plugins up", FACT_COUNT, plugins_up);
	FACT("commits", "transactions", FACT_COUNT, store.commits);
	FACT("flushes", "flushes", FACT_COUNT, store.flushes);
	FACT("data_bytes", "data", FACT_BYTES, store.data_bytes);
	FACT("log_bytes", "journal", FACT_BYTES, store.log_bytes);
	FACT("free_bytes", "free space", FACT_BYTES, store.free_bytes);
	FACT("reserve_bytes", "reserve", FACT_BYTES, store.reserve_bytes);
	FACT("last_backup_ms", "last backup", FACT_MOMENT,
	     store.last_backup_ms);
	FACT("lockdown_until_ms", "lockdown", FACT_UNTIL,
	     lockdown_get(realm->chat).until_ms);
	FACT("audit_records", "audit records", FACT_COUNT, records);
	FACT("audit_waiting", "audit records waiting", FACT_COUNT, waiting);
	FACT("history_waiting", "messages to be written", FACT_COUNT,
	     history.waiting);
	FACT("history_lost", "messages not kept", FACT_COUNT, history.lost);
	FACT("bank_entries", "entries of the bank", FACT_COUNT,
	     count_entries(realm->store));
	FACT("bank_waiting", "orders waiting", FACT_COUNT,
	     count_orders(realm->ledger));
	FACT("certificate_expiry_ms", "certificate ends", FACT_MOMENT,
	     expiry_ms);
#undef FACT
	return n;
}

static void print_bytes(struct buf *out, int64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	int64_t amount = bytes / 1024;
	size_t unit = 0;

	while (amount >= 10 * 1024 && unit + 1 < COUNT(units)) {
		amount /= 1024;
		unit++;
	}
	buf_print(out, "%" PRId64 " %s", amount, units[unit]);
}

static void print_value(struct buf *out, const struct fact *fact)
{
	char span[QUANTITY_TEXT];
	char when[CLOCK_TEXT];

	switch (fact->kind) {
	case FACT_SECONDS:
		quantity_print_seconds(fact->value, span);
		buf_add_text(out, span);
		break;
	case FACT_MOMENT:
		clock_print(fact->value, when);
		buf_add_text(out, fact->value == 0 ? "never" : when);
		break;
	case FACT_UNTIL:
		clock_print(fact->value, when);
		buf_print(out, "%s%s", fact->value == 0 ? "none" : "until ",
			  fact->value == 0 ? "" : when);
		break;
	case FACT_BYTES:
		print_bytes(out, fact->value);
		break;
	case FACT_COUNT:
		buf_print(out, "%" PRId64, fact->value);
		break;
	}
}

/* The texts: what is not a number. */
struct texts {
	struct realm_settings settings;
	struct store_status store;
	struct buf fingerprint;
};

static void collect_texts(struct realm *realm, struct texts *texts)
{
	int64_t expiry_ms;

	realm_settings(realm, &texts->settings);
	store_status(realm->store, &texts->store);
	buf_init(&texts->fingerprint);
	realm->certificate(realm, &texts->fingerprint, &expiry_ms);
}

void status_print(struct realm *realm, struct buf *out)
{
	struct fact facts[FACTS];
	size_t count = collect(realm, facts);
	struct texts texts;

	collect_texts(realm, &texts);
	buf_print(out, "name: %s\nversion: %s\n", texts.settings.name,
		  PACKAGE_VERSION);
	for (size_t i = 0; i < count; i++) {
		buf_print(out, "%s: ", facts[i].words);
		print_value(out, &facts[i]);
		buf_add_char(out, '\n');
	}
	buf_print(out, "certificate: %s\n", buf_text(&texts.fingerprint));
	buf_print(out, "identity: %s\n", identity_key_text(realm->identity));
	if (texts.store.is_full)
		buf_add_text(out, "THE DISK IS FULL: changes are refused\n");
	buf_fini(&texts.fingerprint);
}

void status_print_json(struct realm *realm, struct buf *out)
{
	struct fact facts[FACTS];
	size_t count = collect(realm, facts);
	json_t *object = json_object();
	struct texts texts;
	char *text;

	collect_texts(realm, &texts);
	json_object_set_new(object, "name", json_string(texts.settings.name));
	json_object_set_new(object, "version", json_string(PACKAGE_VERSION));
	for (size_t i = 0; i < count; i++)
		json_object_set_new(object, facts[i].name,
				    json_integer(facts[i].value));
	json_object_set_new(object, "certificate",
			    json_string(buf_text(&texts.fingerprint)));
	json_object_set_new(object, "identity",
			    json_string(identity_key_text(realm->identity)));
	json_object_set_new(object, "disk_full",
			    json_boolean(texts.store.is_full));
	text = json_dumps(object, JSON_COMPACT);
	if (text != NULL)
		buf_add_text(out, text);
	free(text);
	json_decref(object);
	buf_fini(&texts.fingerprint);
}
