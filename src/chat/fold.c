#include "chat/fold.h"

#include <stdint.h>

#include "base/attr.h"

/* Capitals of two bytes, and how far away their small letters are. */
static const struct {
	uint16_t first;
	uint16_t last;
	uint16_t step;
	uint16_t distance;
} capitals[] = {
	{ 0x00c0, 0x00d6, 1, 32 }, { 0x00d8, 0x00de, 1, 32 },
	{ 0x0100, 0x012e, 2, 1 },  { 0x0132, 0x0136, 2, 1 },
	{ 0x0139, 0x0147, 2, 1 },  { 0x014a, 0x0176, 2, 1 },
	{ 0x0179, 0x017d, 2, 1 },  { 0x0391, 0x03a1, 1, 32 },
	{ 0x03a3, 0x03ab, 1, 32 }, { 0x0400, 0x040f, 1, 80 },
	{ 0x0410, 0x042f, 1, 32 },
};

static uint16_t fold_letter(uint16_t letter)
{
	for (size_t i = 0; i < COUNT(capitals); i++) {
		if (letter >= capitals[i].first && letter <= capitals[i].last)
			return (letter - capitals[i].first) %
						       capitals[i].step ==
					       0
				       ? letter + capitals[i].distance
				       : letter;
	}
	return letter;
}

void fold_text(const char *text, size_t len, char *folded_r)
{
	const uint8_t *from = (const uint8_t *)text;
	uint8_t *to = (uint8_t *)folded_r;

	for (size_t i = 0; i < len; i++) {
		uint8_t c = from[i];
		uint16_t letter;

		if ((c & 0xe0) != 0xc0 || i + 1 == len) {
			to[i] = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
			continue;
		}
		letter = (uint16_t)((c & 0x1f) << 6 | (from[i + 1] & 0x3f));
		if ((from[i + 1] & 0xc0) == 0x80)
			letter = fold_letter(letter);
		else
			letter = 0;
		to[i] = letter == 0 ? c : (uint8_t)(0xc0 | letter >> 6);
		if (letter != 0)
			to[++i] = (uint8_t)(0x80 | (letter & 0x3f));
	}
}
