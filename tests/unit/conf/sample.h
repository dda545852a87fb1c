/*
 * Settings with every type, for the tests of conf.
 */
#ifndef RIALTO_TESTS_CONF_SAMPLE_H
#define RIALTO_TESTS_CONF_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/quantity.h"
#include "conf/conf.h"

struct limits {
	int64_t sessions;
	int64_t idle_timeout_s;
	int64_t line_bytes;
	struct rate flood;
};

struct server {
	char *name;
	char *data;
	char *ca;
	bool is_open;
	int colour;
};

struct currency {
	int64_t scale;
};

/* Limits within limits, for the nights. */
struct night {
	int64_t sessions;
};

struct listener {
	char *service;
	char *address;
	bool tls;
};

struct settings {
	struct server server;
	struct limits limits;
	struct night night;
	struct currency currency;
	struct conf_list listeners;
};

extern const struct conf_section sample_schema[];

/*
 * Parses text, as if from dir/t.yaml, into s, which may hold anything before.
 * The complaints, the caller's; NULL when there are none.
 */
char *sample_parse(const char *text, conf_check_fn *check, struct settings *s);

/* Each line of want behind "dir/t.yaml:"; the caller's. */
char *sample_complaints(const char *want);

/* Nothing is in s, as conf_free() leaves it. */
void assert_zero(const struct settings *s);

#endif
