#include "chat/history/needles.h"

#include <string.h>

#include "base/fold.h"
#include "base/mem.h"

bool needles_add(struct needles *needles, const char *word)
{
	size_t len = strlen(word);
	size_t written = fold_text(
		word, len, buf_reserve(&needles->words, len * FOLD_GROWTH + 1));

	if (written == 0)
		return false;
	buf_added(&needles->words, written);
	needles->ends = mem_resize(needles->ends,
				   (needles->count + 1) * sizeof(size_t));
	needles->ends[needles->count++] = buf_len(&needles->words);
	return true;
}

void needles_fini(struct needles *needles)
{
	buf_fini(&needles->words);
	buf_fini(&needles->folded);
	mem_free(needles->ends);
	memset(needles, 0, sizeof(*needles));
}

bool needles_fit(struct needles *needles, const char *text, size_t len)
{
	const char *words = buf_at(&needles->words);
	size_t begin = 0;
	char *folded;

	if (needles->count == 0)
		return true;
	folded = buf_reserve(&needles->folded, len * FOLD_GROWTH + 1);
	len = fold_text(text, len, folded);
	for (size_t i = 0; i < needles->count; i++) {
		if (memmem(folded, len, words + begin,
			   needles->ends[i] - begin) == NULL)
			return false;
		begin = needles->ends[i];
	}
	return true;
}
