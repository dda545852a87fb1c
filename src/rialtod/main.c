#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "log/log.h"
#include "plugin/launcher.h"
#include "rialtod/daemon.h"
#include "rialtod/exits.h"
#include "rialtod/init.h"
#include "rialtod/offline.h"
#include "rialtod/options.h"
#include "rialtod/settings.h"
#include "rialtod/systemd.h"

/* As many descriptors as the system allows us. */
static void raise_limits(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return;
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
}

/* All threads inherit the mask, so that signals come to main alone. */
static void block_signals(sigset_t *waited)
{
	sigemptyset(waited);
	sigaddset(waited, SIGTERM);
	sigaddset(waited, SIGINT);
	sigaddset(waited, SIGHUP);
	sigprocmask(SIG_BLOCK, waited, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void wait_for_end(struct daemon *d, const sigset_t *waited)
{
	const struct timespec second = { 1, 0 };

	for (;;) {
		int number = sigtimedwait(waited, NULL, &second);

		if (number == SIGTERM || number == SIGINT)
			return;
		if (number == SIGHUP)
			daemon_reload(d);
		daemon_watch(d);
	}
}

static int serve(const struct options *options, struct settings *settings,
		 struct launcher *launcher)
{
	const struct daemon_parts parts = { options->config, launcher,
					    options->plugin_dir };
	struct daemon *d;
	sigset_t waited;
	int status;

	log_open();
	if (launcher == NULL)
		log_error("plugin", "the launcher of plugins cannot be "
				    "forked; they stay down");
	raise_limits();
	block_signals(&waited);
	d = daemon_start(&parts, settings, &status);
	if (d == NULL)
		return status;
	systemd_ready();
	wait_for_end(d, &waited);
	log_notice("daemon", "stopping");
	systemd_stopping();
	daemon_stop(&d);
	log_notice("daemon", "stopped");
	return EXIT_SUCCESS;
}

static int run(const struct options *options, struct settings *settings,
	       struct launcher *launcher)
{
	switch (options->mode) {
	case MODE_CHECK_CONFIG:
		printf("%s is in order\n", options->config);
		return EXIT_SUCCESS;
	case MODE_VERIFY:
		return offline_verify(settings);
	case MODE_EXPORT_AUDIT:
		return offline_export_audit(settings);
	case MODE_RESTORE:
		return offline_restore(settings, options->target);
	case MODE_RESET_PASSWORD:
		return offline_reset_password(settings, options->target);
	case MODE_RENEW:
		return offline_renew(settings, options->ca_key);
	case MODE_INIT:
	case MODE_SERVE:
		break;
	}
	return serve(options, settings, launcher);
}

static enum err load(const struct options *options, struct settings *settings,
		     struct buf *complaints)
{
	if (options->mode == MODE_CHECK_CONFIG)
		return settings_examine(options->config, settings, complaints);
	return settings_load(options->config, settings, complaints);
}

int main(int argc, char **argv)
{
	AUTO(launcher_free) struct launcher *launcher = NULL;
	AUTO(settings_free) struct settings settings = { 0 };
	AUTO(buf_fini) struct buf complaints = { 0 };
	struct options options;

	options_read(&options, argc, argv);
	log_set_level((enum log_level)options.log_level);
	umask(0077);
	/* While there is nothing that plugins must not have. */
	if (options.mode == MODE_SERVE)
		launcher = launcher_start();
	if (options.mode == MODE_INIT)
		return init_run(&options);
	if (load(&options, &settings, &complaints) != ERR_OK) {
		fputs(buf_text(&complaints), stderr);
		return EXIT_SETTINGS;
	}
	return run(&options, &settings, launcher);
}
