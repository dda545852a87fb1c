#include "base/mem.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static NORETURN void out_of_memory(void)
{
	static const char text[] = "out of memory\n";
	ssize_t n = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)n;
	_exit(71); /* EX_OSERR */
}

static void *must(void *ptr)
{
	if (ptr == NULL)
		out_of_memory();
	return ptr;
}

void *mem_zero(size_t size)
{
	return must(calloc(1, size > 0 ? size : 1));
}

void *mem_array(size_t count, size_t size)
{
	return must(calloc(count > 0 ? count : 1, size > 0 ? size : 1));
}

void *mem_alloc(size_t size)
{
	return must(malloc(size > 0 ? size : 1));
}

void *mem_resize(void *ptr, size_t size)
{
	return must(realloc(ptr, size > 0 ? size : 1));
}

void *mem_copy(const void *bytes, size_t size)
{
	void *copy = mem_alloc(size);

	if (size > 0)
		memcpy(copy, bytes, size);
	return copy;
}

char *mem_text(const char *text)
{
	return text == NULL ? NULL : mem_copy(text, strlen(text) + 1);
}

char *mem_print(const char *format, ...)
{
	va_list args;
	char *text = NULL;
	int n;

	va_start(args, format);
	n = vasprintf(&text, format, args);
	va_end(args);
	if (n < 0)
		out_of_memory();
	return text;
}

void mem_free(void *ptr)
{
	free(ptr);
}

void mem_free_text(char **text)
{
	free(*text);
	*text = NULL;
}

void mem_wipe(void *bytes, size_t size)
{
	if (size > 0)
		explicit_bzero(bytes, size);
}

void mem_wipe_free(void *ptr)
{
	mem_wipe(ptr, malloc_usable_size(ptr));
	free(ptr);
}

/* A sanitizer would have its array elsewhere. */
void __attribute__((noinline, no_sanitize("address"))) mem_wipe_stack(void)
{
	char bytes[8192];

	mem_wipe(bytes, sizeof(bytes));
}
