/*
 * Gives every file of a fuzzer's corpus to the fuzzer once, as a TAP test, so
 * that what was found stays mended. The corpus of fuzz_NAME is
 * $RIALTO_SOURCE/tests/fuzz/corpus/NAME, unless a folder is named.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"

enum { INPUT_MOST = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static char *corpus_of(const char *program)
{
	const char *source = getenv("RIALTO_SOURCE");
	const char *name = strstr(program, "fuzz_");

	for (const char *at = name; at != NULL; at = strstr(at + 1, "fuzz_"))
		name = at;
	if (source == NULL || name == NULL)
		return NULL;
	return mem_print("%s/tests/fuzz/corpus/%s", source,
			 name + strlen("fuzz_"));
}

static int is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool replay(const char *folder, const char *name)
{
	AUTO(mem_free_text) char *path = file_join(folder, name);
	AUTO(buf_fini) struct buf input;
	uint8_t *copy;

	buf_init(&input);
	if (file_read(path, INPUT_MOST, &input) != ERR_OK)
		return false;
	/* Not a byte longer, so that a sanitizer sees reads behind the end. */
	copy = mem_copy(buf_at(&input), buf_len(&input));
	LLVMFuzzerTestOneInput(copy, buf_len(&input));
	mem_free(copy);
	return true;
}

int main(int argc, char **argv)
{
	AUTO(mem_free_text)
	char *folder = argc > 1 ? mem_text(argv[1]) : corpus_of(argv[0]);
	struct dirent **names = NULL;
	int count = -1;
	int failed = 0;

	if (folder != NULL)
		count = scandir(folder, &names, is_input, alphasort);
	if (count < 0) {
		fprintf(stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
		return 2;
	}
	printf("1..%d\n", count);
	for (int i = 0; i < count; i++) {
		bool is_read = replay(folder, names[i]->d_name);

		printf("%sok %d - %s\n", is_read ? "" : "not ", i + 1,
		       names[i]->d_name);
		fflush(stdout);
		failed += !is_read;
		free(names[i]);
	}
	free(names);
	return failed > 0;
}
