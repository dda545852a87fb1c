#include "store/marker.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "store/folder.h"

enum { MARKER_MOST = 4 << 20, FILES_MOST = 50000 };

static const char marker_name[] = "backup";
static const char first_line[] = "rialto backup 1";

void marker_init(struct marker *marker)
{
	memset(marker, 0, sizeof(*marker));
}

void marker_fini(struct marker *marker)
{
	mem_free(marker->files);
	marker_init(marker);
}

bool marker_add(struct marker *marker, const char *name, uint64_t bytes)
{
	struct marker_file *file;

	if (strlen(name) >= sizeof(file->name) || marker->count == FILES_MOST)
		return false;
	marker->files =
		mem_resize(marker->files, (marker->count + 1) * sizeof(*file));
	file = &marker->files[marker->count++];
	memset(file, 0, sizeof(*file));
	memcpy(file->name, name, strlen(name));
	file->bytes = bytes;
	return true;
}

enum err marker_write(const struct marker *marker, const char *dir)
{
	AUTO(mem_free_text) char *path = file_join(dir, marker_name);
	AUTO(buf_fini) struct buf text;
	char when[CLOCK_TEXT];

	buf_init(&text);
	clock_print(marker->made_ms, when);
	buf_print(&text, "%s\nmade %" PRId64 " %s\n", first_line,
		  marker->made_ms, when);
	for (size_t i = 0; i < marker->count; i++)
		buf_print(&text, "file %s %" PRIu64 "\n", marker->files[i].name,
			  marker->files[i].bytes);
	buf_add_text(&text, "end\n");
	return file_create(path, 0600, buf_at(&text), buf_len(&text));
}

/* Cuts the next word off a line; "" when there is none. */
static const char *next_word(char **line)
{
	const char *word = strsep(line, " ");

	return word != NULL ? word : "";
}

/* One line "file NAME BYTES"; the names are those that backups hold. */
static bool read_file_line(struct marker *marker, char *line)
{
	bool is_file = strcmp(next_word(&line), "file") == 0;
	const char *name = next_word(&line);
	int64_t bytes;

	return is_file && quantity_number(next_word(&line), &bytes) &&
	       line == NULL && (name_is_table(name) || name_is_log(name)) &&
	       marker_add(marker, name, (uint64_t)bytes);
}

/* One line "made MILLISECONDS WHEN"; the last is for people. */
static bool read_made_line(struct marker *marker, char *line)
{
	return strcmp(next_word(&line), "made") == 0 &&
	       quantity_number(next_word(&line), &marker->made_ms);
}

/* Takes the text apart in place. */
static bool parse(struct marker *marker, char *text)
{
	char *line = strsep(&text, "\n");

	if (strcmp(line, first_line) != 0)
		return false;
	line = strsep(&text, "\n");
	if (line == NULL || !read_made_line(marker, line))
		return false;
	while ((line = strsep(&text, "\n")) != NULL && strcmp(line, "end") != 0)
		if (!read_file_line(marker, line))
			return false;
	return line != NULL && marker->count > 0;
}

static bool is_there(const struct marker_file *file, int dir_fd)
{
	struct stat st;

	if (fstatat(dir_fd, file->name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !S_ISREG(st.st_mode))
		return false;
	/* A log file may have been replaced by a longer one of its number. */
	return name_is_log(file->name) ? (uint64_t)st.st_size >= file->bytes
				       : (uint64_t)st.st_size == file->bytes;
}

enum err marker_read(struct marker *marker, const char *dir, int dir_fd,
		     struct buf *why)
{
	AUTO(mem_free_text) char *path = file_join(dir, marker_name);
	AUTO(buf_fini) struct buf bytes;
	AUTO(mem_free_text) char *text = NULL;
	enum err e;

	buf_init(&bytes);
	e = file_read(path, MARKER_MOST, &bytes);
	if (e == ERR_NOT_FOUND) {
		buf_print(why,
			  "%s holds no whole backup: the file `%s`, which is "
			  "written last, is missing",
			  dir, marker_name);
		return ERR_BAD_INPUT;
	}
	if (e != ERR_OK) {
		buf_print(why, "%s cannot be read", path);
		return e;
	}
	text = mem_text(buf_text(&bytes));
	if (!parse(marker, text)) {
		buf_print(why, "%s is damaged", path);
		return ERR_BAD_INPUT;
	}
	for (size_t i = 0; i < marker->count; i++) {
		if (is_there(&marker->files[i], dir_fd))
			continue;
		buf_print(why,
			  "%s holds no whole backup: %s is missing or not as "
			  "long as it was",
			  dir, marker->files[i].name);
		return ERR_BAD_INPUT;
	}
	return ERR_OK;
}
