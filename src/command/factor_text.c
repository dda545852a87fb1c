#include "command/factor_text.h"

#include <qrencode.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

enum {
	ISSUER_MOST = 48, /* bytes of the name of the server, once encoded */
	WIDTH_MOST = 76,  /* columns of a QR code, with its margin */
	MARGIN = 2,       /* modules */
	GROUP = 4,        /* letters of a secret */
};

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || strchr("-._~", c) != NULL;
}

/* As in an address (RFC 3986), at most so many bytes of it. */
static void add_encoded(struct buf *out, const char *text, size_t most)
{
	size_t begin = buf_len(out);
	size_t whole = begin; /* up to the end of a character */

	for (; *text != '\0'; text++) {
		if (((unsigned char)*text & 0xC0) != 0x80)
			whole = buf_len(out);
		if (is_plain(*text))
			buf_add_char(out, *text);
		else
			buf_print(out, "%%%02X", (unsigned char)*text);
		if (buf_len(out) - begin > most) {
			out->end -= buf_len(out) - whole;
			return;
		}
	}
}

/* As apps read it; what is not said is SHA-1, six digits and 30 s. */
static void make_address(const char *server, const char *name,
			 const char secret[TOTP_TEXT], struct buf *out)
{
	buf_add_text(out, "otpauth://totp/");
	add_encoded(out, server, ISSUER_MOST);
	buf_add_char(out, ':');
	add_encoded(out, name, SIZE_MAX);
	buf_print(out, "?secret=%s&issuer=", secret);
	add_encoded(out, server, ISSUER_MOST);
}

static bool is_light(const QRcode *code, int x, int y)
{
	x -= MARGIN;
	y -= MARGIN;
	if (x < 0 || y < 0 || x >= code->width || y >= code->width)
		return true;
	return (code->data[y * code->width + x] & 1) == 0;
}

/* Two rows of modules a line. What is light is drawn: screens are dark. */
static void add_modules(const QRcode *code, struct buf *out)
{
	static const char *const halves[] = { " ", "\342\226\204",
					      "\342\226\200", "\342\226\210" };
	int width = code->width + 2 * MARGIN;

	for (int y = 0; y < width; y += 2) {
		for (int x = 0; x < width; x++)
			buf_add_text(out, halves[(is_light(code, x, y) << 1) |
						 is_light(code, x, y + 1)]);
		buf_add_char(out, '\n');
	}
}

/* False when it would be too wide, or the library lacks memory. */
static bool add_code(const char *address, struct buf *out)
{
	QRcode *code =
		QRcode_encodeString(address, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
	bool fits = code != NULL && code->width + 2 * MARGIN <= WIDTH_MOST;

	if (fits)
		add_modules(code, out);
	if (code != NULL)
		mem_wipe(code->data, (size_t)code->width * (size_t)code->width);
	QRcode_free(code);
	return fits;
}

void factor_text_offer(const char *server, const char *name,
		       const uint8_t secret[TOTP_SECRET], struct buf *out)
{
	AUTO(buf_wipe) struct buf address = { 0 };
	char text[TOTP_TEXT];

	totp_print(secret, text);
	make_address(server, name, text, &address);
	if (add_code(buf_text(&address), out))
		buf_add_text(out, "Scan this with your authenticator app, or "
				  "open this address with it:\n");
	else
		buf_add_text(out, "Open this address with your authenticator "
				  "app:\n");
	buf_print(out, "%s\nOr type in, as a code that changes with time:",
		  buf_text(&address));
	for (size_t i = 0; text[i] != '\0'; i++) {
		if (i % GROUP == 0)
			buf_add_char(out, ' ');
		buf_add_char(out, text[i]);
	}
	buf_add_text(out, "\nThen write /factor confirm and the six digits "
			  "that it shows. Until then\nnothing is changed.\n");
	mem_wipe(text, sizeof(text));
}

void factor_text_sheet(const struct code_sheet *sheet, struct buf *out)
{
	buf_add_text(out, "Recovery codes, each good once in place of the six "
			  "digits. They are not shown\nagain: write them down, "
			  "and keep them where your phone is not.\n");
	for (size_t i = 0; i < CODE_SHEET; i++)
		buf_print(out, "%s%s", sheet->codes[i],
			  i % 2 == 0 ? "   " : "\n");
}

void factor_text_state(const struct factor_facts *facts, struct buf *out)
{
	char when[CLOCK_TEXT];

	clock_print(facts->since_ms, when);
	if (facts->is_on)
		buf_print(out, "on since %s; %u recovery code%s left", when,
			  facts->recovery_left,
			  facts->recovery_left == 1 ? "" : "s");
	else if (facts->taken_by[0] != '\0')
		buf_print(out, "off: %s switched it off, %s", facts->taken_by,
			  when);
	else
		buf_add_text(out, "off");
}

enum err factor_text_print(struct task *task, user_id user)
{
	struct factor_facts facts;
	enum err e = factors_look(task->realm->factors, user, &facts);

	if (e != ERR_OK || (!facts.is_on && facts.taken_by[0] == '\0'))
		return e;
	buf_add_text(&task->text, "second factor: ");
	factor_text_state(&facts, &task->text);
	buf_add_char(&task->text, '\n');
	return ERR_OK;
}
