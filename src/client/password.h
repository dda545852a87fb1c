/* A password that a script hands over. Waits for the bytes. Any thread. */
#ifndef RIALTO_CLIENT_PASSWORD_H
#define RIALTO_CLIENT_PASSWORD_H

#include "base/attr.h"
#include "base/err.h"
#include "crypto/secret.h"

/* More bytes than any daemon takes; a longer line is a mistake. */
enum { PASSWORD_LINE_MOST = 1024 };

/*
 * Reads the first line, without its end. ERR_BAD_INPUT when it is empty,
 * longer than PASSWORD_LINE_MOST or holds a NUL; ERR_IO.
 */
NODISCARD enum err password_from_fd(int fd, struct secret **password_r);

/* The same from a file, which may be a pipe. Also as file_err(). */
NODISCARD enum err password_from_file(const char *path,
				      struct secret **password_r);

#endif
