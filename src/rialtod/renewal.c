#include "rialtod/renewal.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

enum { PEM_MOST = 1 << 20 };

/* The files, and what is in them. */
struct files {
	char certificate[PATH_MAX]; /* where a link leads to */
	char *ca_certificate;
	char *ca_key;
	struct buf chain;
	struct certificate_pair ca;
};

static void files_fini(struct files *f)
{
	mem_free(f->ca_certificate);
	mem_free(f->ca_key);
	buf_fini(&f->chain);
	certificate_pair_fini(&f->ca);
}

static enum err refuse_file(const char *path, enum err e, struct buf *why)
{
	buf_print(why, "%s: %s", path, err_words(e));
	return e;
}

static enum err read_ca(struct files *f, struct buf *why)
{
	enum err e = file_read(f->ca_certificate, PEM_MOST, &f->ca.certificate);

	if (e == ERR_NOT_FOUND) {
		buf_print(why,
			  "there is no %s: only a certificate that --init "
			  "made can be renewed here; renew this one where it "
			  "comes from, and reload",
			  f->ca_certificate);
		return e;
	}
	if (e != ERR_OK)
		return refuse_file(f->ca_certificate, e, why);
	e = file_read(f->ca_key, PEM_MOST, &f->ca.key);
	if (e == ERR_NOT_FOUND) {
		buf_print(why,
			  "there is no %s, the key of the CA: put it back for "
			  "as long as this takes; or name it where it is with "
			  "rialtod --renew-certificate --ca-key FILE, and "
			  "reload",
			  f->ca_key);
		return e;
	}
	return e == ERR_OK ? e : refuse_file(f->ca_key, e, why);
}

static enum err read_files(struct files *f, const struct tls_settings *settings,
			   const char *ca_key, struct buf *why)
{
	enum err e;

	if (realpath(settings->certificate, f->certificate) == NULL)
		return refuse_file(settings->certificate, file_err(errno), why);
	f->ca_certificate = file_beside(settings->certificate, "ca.crt");
	f->ca_key = ca_key != NULL
			    ? mem_text(ca_key)
			    : file_beside(settings->certificate, "ca.key");
	e = file_read(f->certificate, PEM_MOST, &f->chain);
	return e == ERR_OK ? read_ca(f, why)
			   : refuse_file(f->certificate, e, why);
}

static enum err check_folder(const struct files *f, struct buf *why)
{
	AUTO(mem_free_text) char *folder = file_folder(f->certificate);

	if (access(folder, W_OK | X_OK) == 0)
		return ERR_OK;
	buf_print(why,
		  "%s may not be written by this process (%s): run rialtod "
		  "--renew-certificate as root, and reload",
		  folder, strerror(errno));
	return ERR_NOT_ALLOWED;
}

static enum err write_files(const struct files *f, const struct buf *renewed,
			    struct buf *why)
{
	AUTO(mem_free_text) char *old = mem_print("%s.old", f->certificate);
	enum err e =
		file_write(old, 0644, buf_at(&f->chain), buf_len(&f->chain));

	if (e != ERR_OK)
		return refuse_file(old, e, why);
	e = file_replace(f->certificate, buf_at(renewed), buf_len(renewed));
	return e == ERR_OK ? e : refuse_file(f->certificate, e, why);
}

static enum err describe(const struct buf *renewed, struct renewal *renewal_r)
{
	enum err e = certificate_fingerprint(buf_at(renewed), buf_len(renewed),
					     renewal_r->fingerprint);

	return e == ERR_OK
		       ? certificate_expiry(buf_at(renewed), buf_len(renewed),
					    &renewal_r->expiry_ms)
		       : e;
}

enum err renewal_make(const struct tls_settings *settings, const char *ca_key,
		      struct renewal *renewal_r, struct buf *why)
{
	AUTO(files_fini) struct files f = { 0 };
	AUTO(buf_fini) struct buf renewed = { 0 };
	AUTO(buf_fini) struct buf flaw = { 0 };
	enum err e = read_files(&f, settings, ca_key, why);

	if (e == ERR_OK)
		e = check_folder(&f, why);
	if (e != ERR_OK)
		return e;
	e = certificate_renew(&f.ca, &f.chain, &renewed, &flaw);
	if (e == ERR_OK)
		e = describe(&renewed, renewal_r);
	if (e != ERR_OK) {
		buf_print(why,
			  "%s cannot be renewed with %s and %s: %s; one that "
			  "--init did not make is renewed where it comes from",
			  f.certificate, f.ca_certificate, f.ca_key,
			  buf_text(&flaw));
		return e;
	}
	return write_files(&f, &renewed, why);
}
