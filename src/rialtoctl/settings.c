#include "rialtoctl/settings.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "conf/document.h"

enum { FILE_MOST = 1 << 20 };

/* The text of a scalar in a map; "" when it is not there. */
static const char *scalar(const struct node *map, const char *key)
{
	const struct node *node = node_child(map, key, strlen(key));

	return node != NULL && node->text != NULL ? node->text : "";
}

static char *find_console(const struct node *root, const char *file)
{
	static const char lead[] = "unix:";
	const struct node *list =
		node_child(root, "listeners", strlen("listeners"));

	/* The daemon's own choice when the file leaves the listeners to it. */
	if (list == NULL || list->count == 0)
		return file_beside(file, "run/control.sock");
	for (size_t i = 0; i < list->count; i++) {
		const struct node *listener = &list->children[i];
		const char *address = scalar(listener, "address");

		if (strcmp(scalar(listener, "console"), "true") == 0 &&
		    strncmp(address, lead, strlen(lead)) == 0)
			return file_beside(file, address + strlen(lead));
	}
	return NULL;
}

char *settings_console(const char *file, char **problem_r)
{
	AUTO(buf_fini) struct buf text = { 0 }, words = { 0 };
	AUTO(complaints_fini) struct complaints complaints;
	struct node root;
	char *path;
	enum err e = file_read(file, FILE_MOST, &text);

	complaints_init(&complaints, file);
	if (e != ERR_OK) {
		*problem_r = mem_print("%s: %s", file, err_code(e));
		return NULL;
	}
	if (!document_read(buf_text(&text), buf_len(&text), &root,
			   &complaints)) {
		complaints_print(&complaints, &words);
		*problem_r = mem_text(buf_text(&words));
		return NULL;
	}
	path = find_console(&root, file);
	document_free(&root);
	if (path == NULL)
		*problem_r = mem_print("%s: no listener with console: true; "
				       "use --socket PATH",
				       file);
	return path;
}
