/*
 * The settings of net: the sections server, listeners, tls and limits.
 * Plain values; immutable once they were handed over.
 */
#ifndef RIALTO_NET_SETTINGS_H
#define RIALTO_NET_SETTINGS_H

#include <stdint.h>

#include "conf/conf.h"
#include "net/listener.h"
#include "net/tls.h"

/* Section limits; CONF_NONE where the file says none. */
struct limits {
	int64_t sessions;
	int64_t sessions_per_address;
	int64_t line_bytes;
	int64_t input_per_turn_bytes;
	int64_t output_queue_bytes;
	int64_t handshake_timeout_s;
	int64_t login_timeout_s;
	int64_t idle_timeout_s;
};

/* Section server. */
struct server_settings {
	char *name;
	char *data;
	char *identity;      /* the file of the identity key */
	int64_t cache_bytes; /* of the store */
	int64_t workers;     /* CONF_AUTO: one per processor */
	int64_t jobs;
	int64_t job_queue;
	int64_t hashing;
};

extern const struct conf_item limits_conf_items[];
extern const struct conf_item server_conf_items[];
extern const struct conf_item tls_conf_items[];
extern const struct conf_item listener_conf_items[];

/* Complains about files of the section tls that cannot be used. */
void tls_settings_check(struct conf_check *check,
			const struct tls_settings *settings);

/* The words of listener_settings.service, ended by NULL. */
extern const char *const listener_services[];

#endif
