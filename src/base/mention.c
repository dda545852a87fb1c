#include "base/mention.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

/*
 * Of each byte: what it is in a name, in lower case; or that it is a part of a
 * word which is no name; or else 0, for what stands between words.
 */
enum { FOREIGN = 1, FIRST_LETTER = 'a', LAST_LETTER = 'z' };

static const uint8_t kinds[0x80] = {
	['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd', ['E'] = 'e',
	['F'] = 'f', ['G'] = 'g', ['H'] = 'h', ['I'] = 'i', ['J'] = 'j',
	['K'] = 'k', ['L'] = 'l', ['M'] = 'm', ['N'] = 'n', ['O'] = 'o',
	['P'] = 'p', ['Q'] = 'q', ['R'] = 'r', ['S'] = 's', ['T'] = 't',
	['U'] = 'u', ['V'] = 'v', ['W'] = 'w', ['X'] = 'x', ['Y'] = 'y',
	['Z'] = 'z', ['a'] = 'a', ['b'] = 'b', ['c'] = 'c', ['d'] = 'd',
	['e'] = 'e', ['f'] = 'f', ['g'] = 'g', ['h'] = 'h', ['i'] = 'i',
	['j'] = 'j', ['k'] = 'k', ['l'] = 'l', ['m'] = 'm', ['n'] = 'n',
	['o'] = 'o', ['p'] = 'p', ['q'] = 'q', ['r'] = 'r', ['s'] = 's',
	['t'] = 't', ['u'] = 'u', ['v'] = 'v', ['w'] = 'w', ['x'] = 'x',
	['y'] = 'y', ['z'] = 'z', ['0'] = '0', ['1'] = '1', ['2'] = '2',
	['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6', ['7'] = '7',
	['8'] = '8', ['9'] = '9', ['-'] = '-', ['_'] = '_',
};

static unsigned kind_of(unsigned char c)
{
	return c < sizeof(kinds) ? kinds[c] : (unsigned)FOREIGN;
}

static bool is_letter(unsigned kind)
{
	return kind >= FIRST_LETTER && kind <= LAST_LETTER;
}

/*
 * Letters beyond ASCII make a word foreign, but marks of punctuation, pictures
 * and ideographs (U+2000 and above, U+0080 to U+00BF) stand between words.
 * Returns how many bytes; text is valid UTF-8, or taken byte by byte.
 */
static size_t skip_wide(const char *at, const char *end, bool *is_between_r)
{
	unsigned char c = (unsigned char)*at;
	size_t len = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;

	if (len > (size_t)(end - at))
		len = (size_t)(end - at);
	*is_between_r = c == 0xc2 || c > 0xe1;
	return len;
}

void mention_begin(struct mention_cursor *c, const char *text, size_t len)
{
	c->at = text;
	c->end = text + len;
	c->rest.len = 0;
}

static uint32_t add_hash(uint32_t hash, unsigned kind)
{
	return hash * 31 + kind;
}

uint32_t mention_hash(const char *name, size_t len)
{
	uint32_t hash = 0;

	for (size_t i = 0; i < len; i++)
		hash = add_hash(hash, kind_of((unsigned char)name[i]));
	return hash;
}

/* Goes behind the word at c->at; false: it cannot be a name. */
static bool take_word(struct mention_cursor *c, struct mention *m_r)
{
	bool is_name = true;
	const char *at = c->at;

	m_r->name = at;
	m_r->hash = 0;
	while (at < c->end) {
		unsigned kind = kind_of((unsigned char)*at);

		if (kind == 0)
			break;
		if (kind == FOREIGN) {
			bool is_between;
			size_t len = skip_wide(at, c->end, &is_between);

			if (is_between)
				break;
			is_name = false;
			at += len;
			continue;
		}
		m_r->hash = add_hash(m_r->hash, kind);
		at++;
	}
	m_r->len = (size_t)(at - m_r->name);
	c->at = at;
	return is_name && m_r->len > 0;
}

static bool is_mark(char c)
{
	return c == '-' || c == '_';
}

/* Goes behind what stands between words, and marks before one: "--ann". */
static void skip_between(struct mention_cursor *c)
{
	while (c->at < c->end) {
		unsigned kind = kind_of((unsigned char)*c->at);
		bool is_between;
		size_t len;

		if (kind == 0 || is_mark(*c->at)) {
			c->at++;
			continue;
		}
		if (kind != FOREIGN)
			return;
		len = skip_wide(c->at, c->end, &is_between);
		if (!is_between)
			return;
		c->at += len;
	}
}

static void trim(const struct mention *m, struct mention *rest_r)
{
	*rest_r = *m;
	while (rest_r->len > 0 && is_mark(rest_r->name[rest_r->len - 1]))
		rest_r->len--;
	if (rest_r->len == m->len || rest_r->len > NAME_MOST)
		rest_r->len = 0;
	else
		rest_r->hash = mention_hash(rest_r->name, rest_r->len);
}

bool mention_next(struct mention_cursor *c, struct mention *m_r)
{
	if (c->rest.len > 0) {
		*m_r = c->rest;
		c->rest.len = 0;
		return true;
	}
	while (c->at < c->end) {
		skip_between(c);
		if (!take_word(c, m_r) ||
		    !is_letter(kind_of((unsigned char)m_r->name[0])))
			continue;
		trim(m_r, &c->rest);
		if (m_r->len <= NAME_MOST)
			return true;
		if (c->rest.len > 0)
			return mention_next(c, m_r);
	}
	return false;
}

bool mention_has(const char *text, size_t len, const char *name)
{
	size_t name_len = strlen(name);
	struct mention_cursor c;
	struct mention m;

	mention_begin(&c, text, len);
	while (mention_next(&c, &m)) {
		if (m.len == name_len &&
		    strncasecmp(m.name, name, name_len) == 0)
			return true;
	}
	return false;
}
