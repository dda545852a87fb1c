#include "message.h"

#include <string.h>

static const char digits[] = "0123456789abcdef";

/* What people say, over and over. */
static const char padding[] =
	" what news on the rialto? the ducats are gone and the ships at sea"
	" what news on the rialto? the ducats are gone and the ships at sea"
	" what news on the rialto? the ducats are gone and the ships at sea"
	" what news on the rialto? the ducats are gone and the ships at sea"
	" what news on the rialto? the ducats are gone and the ships at sea"
	" what news on the rialto? the ducats are gone and the ships at sea";

_Static_assert(sizeof(padding) > MESSAGE_MOST - MESSAGE_HEAD, "too short");

static void put_hex(char *text, unsigned count, uint32_t number)
{
	while (count-- > 0) {
		text[count] = digits[number & 15];
		number >>= 4;
	}
}

/* False unless all are lower-case hex digits. */
static bool take_hex(const char *text, unsigned count, uint32_t *number_r)
{
	uint32_t number = 0;

	for (unsigned i = 0; i < count; i++) {
		unsigned c = (unsigned char)text[i];
		unsigned digit = c <= '9' ? c - '0' : c - 'a' + 10;

		if (digit > 15)
			return false;
		number = number << 4 | digit;
	}
	*number_r = number;
	return true;
}

void message_write(char *text_r, unsigned len, unsigned sender, uint32_t seq)
{
	text_r[0] = '@';
	put_hex(text_r + 1, 4, sender);
	put_hex(text_r + 5, 8, seq);
	memcpy(text_r + MESSAGE_HEAD, padding, len - MESSAGE_HEAD);
}

bool message_read(const char *text, unsigned len, uint32_t *sender_r,
		  uint32_t *seq_r)
{
	return text[0] == '@' && take_hex(text + 1, 4, sender_r) &&
	       take_hex(text + 5, 8, seq_r) &&
	       memcmp(text + MESSAGE_HEAD, padding, len - MESSAGE_HEAD) == 0;
}
