/* The fields of the daemon, for the files of this folder that act on it. */
#ifndef RIALTO_RIALTOD_DAEMON_FIELDS_H
#define RIALTO_RIALTOD_DAEMON_FIELDS_H

#include "base/thread.h"
#include "command/realm.h"
#include "crypto/identity_key.h"
#include "front/atm/atm.h"
#include "front/line/line.h"
#include "net/server.h"
#include "rialtod/audit.h"
#include "rialtod/bank.h"
#include "rialtod/daemon.h"
#include "rialtod/host.h"
#include "rialtod/recorder.h"
#include "rialtod/scheduler.h"

struct daemon {
	const char *path;
	const char *plugin_dir;
	struct launcher *launcher;
	char *folder;
	struct realm realm;
	struct identity_key *identity;
	struct store *store;
	struct audit *audit;
	struct bank *house; /* the ledger, and who carries it on */
	struct server *server;
	struct line *line;
	struct atm *atm;
	struct keeper *keeper;
	struct host *host;
	struct settings settings; /* of the start: immutable */
	bool is_serving;
	struct recorder recorder;
	struct scheduler *scheduler;
	int status;     /* the exit status when it cannot start */
	int64_t fed_ms; /* monotonic: the watchdog */

	struct mutex reload; /* one reload at a time; rank: LOCK_RELOAD */
	struct settings live GUARDED_BY(reload);      /* of the last load */
	struct bank_settings bank GUARDED_BY(reload); /* in force */
	struct tls *tls GUARDED_BY(reload);
};

#endif
