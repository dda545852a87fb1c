#include "audit/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "log/log.h"

void sink_init(struct sink *sink, const char *path, bool is_fresh)
{
	memset(sink, 0, sizeof(*sink));
	sink->path = mem_text(path);
	sink->fd = -1;
	sink->is_fresh = is_fresh;
}

void sink_fini(struct sink *sink)
{
	if (sink->fd >= 0)
		close(sink->fd);
	sink->fd = -1;
	buf_fini(&sink->pending);
	mem_free(sink->path);
	sink->path = NULL;
}

static enum err sync_name(const struct sink *sink)
{
	AUTO(mem_free_text) char *folder = file_folder(sink->path);

	return file_sync_folder(folder);
}

static enum err open_file(const struct sink *sink, int *fd_r)
{
	int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC;
	enum err e;

	*fd_r = open(sink->path, flags | (sink->is_fresh ? O_EXCL : 0), 0600);
	if (*fd_r < 0)
		return file_err(errno);
	e = sync_name(sink);
	if (e != ERR_OK) {
		close(*fd_r);
		*fd_r = -1;
		if (sink->is_fresh)
			unlink(sink->path);
	}
	return e;
}

enum err sink_open(struct sink *sink)
{
	return sink->fd >= 0 ? ERR_OK : open_file(sink, &sink->fd);
}

enum err sink_reopen(struct sink *sink)
{
	int fd;
	enum err e = open_file(sink, &fd);

	if (e != ERR_OK)
		return e;
	if (sink->fd >= 0)
		close(sink->fd);
	sink->fd = fd;
	return ERR_OK;
}

bool sink_is_gone(const struct sink *sink)
{
	struct stat st;

	return sink->fd >= 0 && fstat(sink->fd, &st) == 0 && st.st_nlink == 0;
}

static NORETURN void die(const struct sink *sink)
{
	log_error("audit",
		  "%s cannot be synced: %s; what is on the disk is "
		  "unknown",
		  sink->path, strerror(errno));
	_exit(74); /* EX_IOERR */
}

enum err sink_flush(struct sink *sink)
{
	enum err e = sink_open(sink);

	if (e != ERR_OK)
		return e;
	while (buf_len(&sink->pending) > 0) {
		ssize_t n = write(sink->fd, buf_at(&sink->pending),
				  buf_len(&sink->pending));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return file_err(errno);
		buf_take(&sink->pending, (size_t)n);
		sink->has_unsynced = true;
	}
	/* A character device, for instance, has nothing to sync. */
	if (sink->has_unsynced && fdatasync(sink->fd) != 0 && errno != EINVAL &&
	    errno != EROFS)
		die(sink);
	sink->has_unsynced = false;
	buf_fini(&sink->pending);
	return ERR_OK;
}
