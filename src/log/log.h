/*
 * What happened, one event a line: to standard error, or to systemd's journal
 * with fields when standard error leads there (JOURNAL_STREAM).
 *
 *     info: listener: ready service=line address=127.0.0.1:7170
 *
 * The words after the event are a format whose KEY=value pairs become journal
 * fields (RIALTO_KEY) as well. Control characters are shown as '?'. No
 * password, key or message text is ever given to these functions.
 * Any thread.
 */
#ifndef RIALTO_LOG_LOG_H
#define RIALTO_LOG_LOG_H

#include "base/attr.h"

/* As syslog's numbers. */
enum log_level {
	LOG_ERROR = 3,
	LOG_WARNING = 4,
	LOG_NOTICE = 5,
	LOG_INFO = 6,
	LOG_DEBUG = 7,
};

/* Chooses the journal or standard error. Before it, standard error. */
void log_open(void);

/* Events less urgent than this are dropped; LOG_INFO at first. */
void log_set_level(enum log_level least);

/* event is one word: what part of the program speaks. */
void log_event(enum log_level level, const char *event, const char *format, ...)
	PRINTF(3, 4);

#define log_error(event, ...) log_event(LOG_ERROR, event, __VA_ARGS__)
#define log_warning(event, ...) log_event(LOG_WARNING, event, __VA_ARGS__)
#define log_notice(event, ...) log_event(LOG_NOTICE, event, __VA_ARGS__)
#define log_info(event, ...) log_event(LOG_INFO, event, __VA_ARGS__)
#define log_debug(event, ...) log_event(LOG_DEBUG, event, __VA_ARGS__)

#endif
