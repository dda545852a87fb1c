#include "chat/refusal.h"

#include <stdarg.h>
#include <stdio.h>

enum err refusal_give(struct refusal *why, enum err code, const char *format,
		      ...)
{
	va_list args;

	if (why == NULL)
		return code;
	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	return code;
}
