/* The settings of chat: the section chat. */
#ifndef RIALTO_CHAT_SETTINGS_H
#define RIALTO_CHAT_SETTINGS_H

#include <stdint.h>

#include "base/quantity.h"
#include "conf/conf.h"

struct chat_settings {
	char *default_room;
	int64_t rooms_per_user;
	int64_t replay;
	int64_t history_count;   /* 0: nothing is kept; CONF_NONE: no limit */
	int64_t history_bytes;   /* of each room; CONF_NONE: no limit */
	int64_t history_age_s;   /* CONF_NONE: no limit */
	int64_t delete_window_s; /* for one's own words; CONF_NONE: no limit */

	/* Flood control: see flood.h. A rate.count of 0 or less is none. */
	struct rate flood; /* messages, by one person */
	struct rate flood_joins;
	struct rate flood_repeats;
	struct rate flood_room; /* likewise in one room, by anybody */
	struct rate flood_room_joins;
	struct rate flood_room_repeats;
	struct rate flood_acts;     /* moderating acts, by one user */
	struct rate flood_patience; /* refusals, before the next grade */
	int64_t flood_quiet_s;      /* 0 or less: none */
	int64_t flood_ban_s;        /* likewise */
	int64_t flood_decay_s;
};

extern const struct conf_item chat_conf_items[];

#endif
