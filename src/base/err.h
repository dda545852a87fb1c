/*
 * What can go wrong, and the stable lower-case code that people and scripts
 * see for it, the same in every front-end.
 */
#ifndef RIALTO_BASE_ERR_H
#define RIALTO_BASE_ERR_H

#include "base/attr.h"

/* X(name, code): ERR_OK is 0. */
#define ERR_TABLE(X)                                                           \
	X(OK, "ok")                                                            \
	X(BAD_INPUT, "bad-input")                                              \
	X(LINE_TOO_LONG, "line-too-long")                                      \
	X(UNKNOWN_COMMAND, "unknown-command")                                  \
	X(USAGE, "usage")                                                      \
	X(BUSY, "busy")                                                        \
	X(NOT_ALLOWED, "not-allowed")                                          \
	X(NOT_FOUND, "not-found")                                              \
	X(EXISTS, "exists")                                                    \
	X(STORAGE_FULL, "storage-full")                                        \
	X(TOO_MANY_SESSIONS, "too-many-sessions")                              \
	X(TIMEOUT, "timeout")                                                  \
	X(SLOW_READER, "slow-reader")                                          \
	X(AUDIT_DOWN, "audit-down")                                            \
	X(SHUTTING_DOWN, "shutting-down")                                      \
	X(INTERNAL, "internal")                                                \
	X(BAD_LOGIN, "bad-login")                                              \
	X(LOCKED_OUT, "locked-out")                                            \
	X(LOGIN_REQUIRED, "login-required")                                    \
	X(ALREADY_LOGGED_IN, "already-logged-in")                              \
	X(BAD_NAME, "bad-name")                                                \
	X(NAME_TAKEN, "name-taken")                                            \
	X(WEAK_PASSWORD, "weak-password")                                      \
	X(REGISTRATION_CLOSED, "registration-closed")                          \
	X(APPROVAL_PENDING, "approval-pending")                                \
	X(DISABLED, "disabled")                                                \
	X(GUESTS_OFF, "guests-off")                                            \
	X(CODE_REQUIRED, "code-required")                                      \
	X(BAD_CODE, "bad-code")                                                \
	X(SESSION_ENDED, "session-ended")                                      \
	X(LAST_ADMIN, "last-admin")                                            \
	X(NO_ROOM, "no-room")                                                  \
	X(NO_SUCH_ROOM, "no-such-room")                                        \
	X(NO_SUCH_USER, "no-such-user")                                        \
	X(ROOM_LIMIT, "room-limit")                                            \
	X(RANK, "rank")                                                        \
	X(ROOM_FULL, "room-full")                                              \
	X(ROOM_CLOSED, "room-closed")                                          \
	X(BANNED, "banned")                                                    \
	X(INVITE_ONLY, "invite-only")                                          \
	X(BAD_KEY, "bad-key")                                                  \
	X(QUIETED, "quieted")                                                  \
	X(MUTED, "muted")                                                      \
	X(MODERATED, "moderated")                                              \
	X(SLOW_MODE, "slow-mode")                                              \
	X(NEWCOMER, "newcomer")                                                \
	X(TOPIC_LOCKED, "topic-locked")                                        \
	X(FILTERED, "filtered")                                                \
	X(HELD, "held")                                                        \
	X(FLOOD, "flood")                                                      \
	X(IGNORED, "ignored")                                                  \
	X(LOCKDOWN, "lockdown")                                                \
	X(LIMIT, "limit")                                                      \
	X(USERS_ONLY, "users-only")                                            \
	X(BAD_AMOUNT, "bad-amount")                                            \
	X(INSUFFICIENT_FUNDS, "insufficient-funds")                            \
	X(ABOVE_CEILING, "above-ceiling")                                      \
	X(FROZEN, "frozen")                                                    \
	X(NO_SUCH_ACCOUNT, "no-such-account")                                  \
	X(ACCOUNT_CLOSED, "account-closed")                                    \
	X(NOT_EMPTY, "not-empty")                                              \
	X(NO_SUCH_HOLD, "no-such-hold")                                        \
	X(HOLD_CLOSED, "hold-closed")                                          \
	X(NO_SUCH_REQUEST, "no-such-request")                                  \
	X(REQUEST_CLOSED, "request-closed")                                    \
	X(WINDOW_CLOSED, "window-closed")                                      \
	X(ID_CONFLICT, "id-conflict")                                          \
	X(SELF_PAYMENT, "self-payment")                                        \
	X(APPROVAL_NEEDED, "approval-needed")                                  \
	X(BAD_JSON, "bad-json")                                                \
	X(TOO_LARGE, "too-large")                                              \
	X(HELLO_FIRST, "hello-first")                                          \
	X(BAD_NONCE, "bad-nonce")                                              \
	X(TLS13_REQUIRED, "tls13-required")                                    \
	X(BAD_REQUEST, "bad-request")                                          \
	X(UNKNOWN_OP, "unknown-op")                                            \
	X(MAC_FAILED, "mac-failed")                                            \
	X(REPLAY, "replay")                                                    \
	X(PLUGIN_TIMEOUT, "plugin-timeout")                                    \
	X(PLUGIN_DOWN, "plugin-down")                                          \
	X(IO, "internal")                                                      \
	X(CORRUPT, "internal")                                                 \
	X(NEWER, "internal")                                                   \
	X(AGAIN, "internal")

enum err {
#define X(name, code) ERR_##name,
	ERR_TABLE(X)
#undef X
		ERR_COUNT
};

/* The code of e: "ok", "bad-input" and so on. Any thread. */
const char *err_code(enum err e);

/* Words for a log or a terminal, where no better ones are at hand. */
const char *err_words(enum err e);

#endif
