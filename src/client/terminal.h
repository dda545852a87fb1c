/*
 * Asking the person at the controlling terminal, wherever standard input and
 * output go. Waits for the answer; one thread.
 */
#ifndef RIALTO_CLIENT_TERMINAL_H
#define RIALTO_CLIENT_TERMINAL_H

#include <stdbool.h>

#include "base/attr.h"
#include "crypto/secret.h"

enum terminal_answer {
	TERMINAL_OK,
	TERMINAL_NONE,      /* there is no terminal */
	TERMINAL_CANCELLED, /* Ctrl-C, Ctrl-D */
};

/*
 * Shows question and reads one line, without its end; what is typed is shown
 * only with echo. The terminal is left as it was found, whatever happens.
 */
NODISCARD enum terminal_answer terminal_ask(const char *question, bool echo,
					    struct secret **answer_r);

#endif
