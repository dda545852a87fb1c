#include "rialtod/reload.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "log/log.h"
#include "rialtod/daemon_fields.h"
#include "rialtod/renewal.h"
#include "rialtod/systemd.h"

static struct daemon *daemon_of(struct realm *realm)
{
	return CONTAINER(realm, struct daemon, realm);
}

void reload_tell_realm(struct daemon *d, const struct settings *s)
{
	struct realm *realm = &d->realm;

	mutex_lock(&realm->lock);
	snprintf(realm->settings.name, sizeof(realm->settings.name), "%s",
		 s->server.name);
	realm->settings.users = s->users;
	realm->settings.users.factor_key = NULL;
	realm->settings.users.second_factor = (struct conf_words){ 0 };
	realm->settings.factor_roles = user_settings_factor_roles(&s->users);
	mutex_unlock(&realm->lock);
}

/* Cash accounts that are new are made first. */
void reload_tell_atm(struct daemon *d, const struct settings *s)
{
	const struct terminal_settings *all = s->terminals.items;

	for (size_t i = 0; i < s->terminals.count; i++) {
		enum err e = ledger_open_till(d->realm.ledger, all[i].account);

		if (e != ERR_OK)
			log_error("bank", "there is no account %s: %s",
				  all[i].account, err_words(e));
	}
	atm_change(d->atm, &s->atm, &s->terminals);
}

static void certificate(struct realm *realm, struct buf *fingerprint,
			int64_t *expiry_ms_r)
{
	struct daemon *d = daemon_of(realm);

	mutex_lock(&d->reload);
	buf_add_text(fingerprint, tls_fingerprint(d->tls));
	*expiry_ms_r = tls_expiry_ms(d->tls);
	mutex_unlock(&d->reload);
}

/* What a reload changes, and what it does not. */
struct notes {
	struct buf *report;
	bool is_bank_kept;
};

static void note_live(void *arg, const char *name, bool is_live)
{
	const struct notes *notes = arg;

	if (notes->is_bank_kept && strncmp(name, "bank.", 5) == 0)
		return;
	if (is_live)
		buf_print(notes->report, "%s is changed.\n", name);
}

static void note_fixed(void *arg, const char *name, bool is_live)
{
	const struct notes *notes = arg;

	if (!is_live)
		buf_print(notes->report, "%s changes only with a restart.\n",
			  name);
}

/* Amounts are read in the file's currency, so they wait for it. */
static bool change_bank_locked(struct daemon *d, const struct bank_conf *conf)
{
	struct bank_settings fresh;

	bank_settings_make(conf, &fresh);
	return bank_settings_change(&d->bank, &fresh);
}

/* The settings in force: fresh ones, or those before. */
static void change_ledger_locked(struct daemon *d)
{
	AUTO(buf_fini) struct buf why = { 0 };

	if (ledger_set(d->realm.ledger, &d->bank, &why) != ERR_OK)
		log_error("bank", "the rules are as before: %s",
			  buf_text(&why));
}

static void apply_locked(struct daemon *d, struct settings *fresh,
			 struct tls *tls)
{
	settings_free(&d->live);
	d->live = *fresh;
	tls_unref(&d->tls);
	d->tls = tls;
	reload_tell_realm(d, &d->live);
	lockout_set_longest(d->realm.lockout, d->live.users.lockout_s);
	quota_set_rate(d->realm.registrations,
		       d->live.users.registrations_per_address);
	chat_change_settings(d->realm.chat, &d->live.chat);
	server_change(d->server, &d->live.limits, d->tls);
	reload_tell_atm(d, &d->live);
	host_change(d->host, &d->live, d->path);
	change_ledger_locked(d);
}

static enum err reload_locked(struct daemon *d, struct buf *report)
{
	struct notes notes = { .report = report };
	struct settings fresh;
	struct tls *tls;
	enum err e = settings_load(d->path, &fresh, report);

	if (e != ERR_OK)
		return e;
	e = tls_new(&fresh.tls, d->tls, &tls, report);
	if (e != ERR_OK) {
		settings_free(&fresh);
		return e;
	}
	notes.is_bank_kept = !change_bank_locked(d, &fresh.bank);
	conf_compare(settings_schema,
		     d->live.server.name == NULL ? &d->settings : &d->live,
		     &fresh, note_live, &notes);
	conf_compare(settings_schema, &d->settings, &fresh, note_fixed, &notes);
	if (notes.is_bank_kept)
		buf_add_text(report, "The section bank waits for that restart "
				     "as a whole.\n");
	if (buf_len(report) == 0)
		buf_add_text(report, "No setting is changed; the certificate "
				     "was read again.\n");
	apply_locked(d, &fresh, tls);
	return ERR_OK;
}

static enum err reload(struct realm *realm, struct buf *report)
{
	struct daemon *d = daemon_of(realm);
	AUTO(buf_fini) struct buf copy = { 0 };
	char before[FINGERPRINT_TEXT];
	char after[FINGERPRINT_TEXT];
	enum err e;
	char *at;
	char *line;

	audit_reopen(d->audit); /* also when the settings have a mistake */
	mutex_lock(&d->reload);
	snprintf(before, sizeof(before), "%s", tls_fingerprint(d->tls));
	e = reload_locked(d, report);
	snprintf(after, sizeof(after), "%s", tls_fingerprint(d->tls));
	mutex_unlock(&d->reload);
	if (strcmp(before, after) != 0)
		audit_certificate(d->audit, after);
	buf_add(&copy, buf_at(report), buf_len(report));
	buf_add_char(&copy, '\0');
	at = buf_at(&copy);
	while ((line = strsep(&at, "\n")) != NULL) {
		if (line[0] != '\0')
			log_event(e == ERR_OK ? LOG_NOTICE : LOG_ERROR,
				  "reload", "%s", line);
	}
	if (e != ERR_OK)
		log_error("reload", "nothing was changed");
	return e;
}

/* Those who came before keep the certificate that they were shown. */
static enum err renew_locked(struct daemon *d, struct buf *report)
{
	const struct settings *s =
		d->live.server.name == NULL ? &d->settings : &d->live;
	char when[CLOCK_TEXT];
	struct renewal renewal;
	struct tls *tls;
	enum err e = renewal_make(&s->tls, NULL, &renewal, report);

	if (e == ERR_OK)
		e = tls_new(&s->tls, d->tls, &tls, report);
	if (e != ERR_OK)
		return e;
	tls_unref(&d->tls);
	d->tls = tls;
	server_change(d->server, &s->limits, d->tls);
	clock_print(renewal.expiry_ms, when);
	buf_print(report, "The certificate is renewed until %s: %s\n", when,
		  renewal.fingerprint);
	return ERR_OK;
}

static enum err renew(struct realm *realm, struct buf *report)
{
	struct daemon *d = daemon_of(realm);
	enum err e;

	mutex_lock(&d->reload);
	e = renew_locked(d, report);
	mutex_unlock(&d->reload);
	if (e == ERR_OK)
		log_notice("tls", "%.*s", (int)buf_len(report) - 1,
			   buf_text(report));
	return e;
}

void daemon_reload(struct daemon *d)
{
	AUTO(buf_fini) struct buf report = { 0 };
	enum err e;

	systemd_reloading();
	e = reload(&d->realm, &report);
	audit_reloaded(d->audit, e);
	systemd_ready();
}

void reload_serve(struct realm *realm)
{
	realm->reload = reload;
	realm->renew = renew;
	realm->certificate = certificate;
}
