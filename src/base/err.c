#include "base/err.h"

#include <assert.h>

static const char *const codes[] = {
#define X(name, code) code,
	ERR_TABLE(X)
#undef X
};

const char *err_code(enum err e)
{
	assert(e < ERR_COUNT);
	return codes[e];
}

const char *err_words(enum err e)
{
	switch (e) {
	case ERR_NOT_FOUND:
		return "it does not exist";
	case ERR_NOT_ALLOWED:
		return "permission denied";
	case ERR_EXISTS:
		return "it exists already";
	case ERR_STORAGE_FULL:
		return "the disk is full";
	case ERR_BUSY:
		return "it is in use";
	case ERR_CORRUPT:
		return "it is damaged";
	case ERR_IO:
		return "it cannot be read or written";
	default:
		return err_code(e);
	}
}
