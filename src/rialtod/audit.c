#include "rialtod/audit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "crypto/certificate.h"
#include "crypto/identity_key.h"
#include "log/log.h"

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS };

struct audit {
	struct trail *trail;
	struct tally *tally;
	struct exporter *exporter;
	struct keeper *clerk; /* exports; NULL unless the daemon serves */
	bool has_begun;       /* and that is recorded */
	char certificate[FINGERPRINT_TEXT]; /* at the start */
	char identity[IDENTITY_TEXT];
};

enum err audit_open(struct store *store, const struct audit_settings *settings,
		    struct audit **audit_r, struct buf *why)
{
	struct audit *audit = mem_zero(sizeof(*audit));
	enum err e;

	*audit_r = audit;
	audit->trail = trail_new(store);
	audit->tally = tally_new(audit->trail);
	e = exporter_new(audit->trail, settings, &audit->exporter, why);
	if (e != ERR_OK)
		audit_close(audit_r);
	return e;
}

void audit_close(struct audit **audit)
{
	if (*audit == NULL)
		return;
	exporter_free(&(*audit)->exporter);
	tally_free(&(*audit)->tally);
	trail_free(&(*audit)->trail);
	mem_free(*audit);
	*audit = NULL;
}

struct trail *audit_trail(struct audit *audit)
{
	return audit->trail;
}

struct tally *audit_tally(struct audit *audit)
{
	return audit->tally;
}

const struct exporter *audit_exporter(const struct audit *audit)
{
	return audit->exporter;
}

void audit_sign(struct audit_entry *entry_r, const char *action)
{
	memset(entry_r, 0, sizeof(*entry_r));
	AUDIT_SET(entry_r->action, action);
	snprintf(entry_r->actor, sizeof(entry_r->actor), "console:%u",
		 (unsigned)getuid());
	AUDIT_SET(entry_r->detail, "offline");
}

/* What the daemon itself does happens, whether it can be recorded or not. */
static bool note(struct audit *audit, const struct audit_entry *entry)
{
	enum err e = trail_note(audit->trail, entry);

	if (e != ERR_OK)
		log_warning("audit", "%s is not recorded: %s", entry->action,
			    err_words(e));
	return e == ERR_OK;
}

static bool record(struct audit *audit, const char *action)
{
	struct audit_entry entry = { 0 };

	AUDIT_SET(entry.action, action);
	snprintf(entry.detail, sizeof(entry.detail),
		 "version=%s process=%ld certificate=%s identity=%s",
		 PACKAGE_VERSION, (long)getpid(), audit->certificate,
		 audit->identity);
	return note(audit, &entry);
}

void audit_certificate(struct audit *audit, const char *fingerprint)
{
	struct audit_entry entry = { .action = "server.certificate" };

	AUDIT_SET(entry.target, fingerprint);
	(void)note(audit, &entry);
}

void audit_reloaded(struct audit *audit, enum err outcome)
{
	struct audit_entry entry = { .action = "server.reload",
				     .detail = "SIGHUP" };

	AUDIT_SET(entry.outcome, err_code(outcome));
	(void)note(audit, &entry);
}

static void keep_export(void *arg)
{
	struct audit *audit = arg;

	tally_tick(audit->tally); /* no more than the exporter then takes */
	exporter_tick(audit->exporter);
}

static void keep_minute(void *arg)
{
	struct audit *audit = arg;

	/* A start on a full disk is recorded once there is space. */
	if (!audit->has_begun)
		audit->has_begun = record(audit, "daemon.start");
}

static void keep_hour(void *arg)
{
	exporter_tell(((struct audit *)arg)->trail);
}

static void hurry(void *arg)
{
	keeper_hurry(arg);
}

void audit_begin(struct audit *audit, const char *certificate,
		 const char *identity)
{
	snprintf(audit->certificate, sizeof(audit->certificate), "%s",
		 certificate);
	snprintf(audit->identity, sizeof(audit->identity), "%s", identity);
	exporter_tell(audit->trail);
	audit->clerk = keeper_new();
	trail_on_haste(audit->trail, hurry, audit->clerk);
	audit->has_begun = record(audit, "daemon.start");
	keeper_add(audit->clerk, EXPORTER_PERIOD_MS, keep_export, audit);
	keeper_add(audit->clerk, MINUTE_MS, keep_minute, audit);
	keeper_add(audit->clerk, HOUR_MS, keep_hour, audit);
	keeper_start(audit->clerk);
}

void audit_end(struct audit *audit)
{
	trail_on_haste(audit->trail, NULL, NULL);
	keeper_free(&audit->clerk);
	tally_finish(audit->tally);
	(void)record(audit, "daemon.stop");
	exporter_finish(audit->exporter);
	exporter_tell(audit->trail);
}

void audit_reopen(struct audit *audit)
{
	exporter_reopen(audit->exporter);
}
