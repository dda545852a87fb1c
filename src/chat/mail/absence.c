#include "chat/mail/absence.h"

#include <string.h>

#include "base/mem.h"

void absence_fini(struct absence *absence)
{
	mem_free(absence->text);
	mem_free(absence->told);
	memset(absence, 0, sizeof(*absence));
}

void absence_set(struct absence *absence, const char *text)
{
	absence_fini(absence);
	if (text != NULL && text[0] != '\0')
		absence->text = mem_text(text);
}

bool absence_note(struct absence *absence, uint64_t who)
{
	size_t known = absence->count < ABSENCE_TOLD_MOST ? absence->count
							  : ABSENCE_TOLD_MOST;

	for (size_t i = 0; i < known; i++) {
		if (absence->told[i] == who)
			return false;
	}
	if (known == absence->count && known < ABSENCE_TOLD_MOST)
		absence->told = mem_resize(
			absence->told, (known + 1) * sizeof(absence->told[0]));
	absence->told[absence->count++ % ABSENCE_TOLD_MOST] = who;
	return true;
}
