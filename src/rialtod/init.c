#include "rialtod/init.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/key.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "crypto/certificate.h"
#include "crypto/identity_key.h"
#include "crypto/password.h"
#include "rialtod/ask.h"
#include "rialtod/audit.h"
#include "rialtod/tables.h"
#include "rialtod/template.h"
#include "store/store.h"
#include "user/factor/factor_key.h"
#include "user/users.h"

enum { HOSTS = HOSTS_MOST + 3 };

static int complain(const char *what, const char *why)
{
	fprintf(stderr, "rialtod: %s: %s\n", what, why);
	return EXIT_FAILURE;
}

/* Absent, or a folder with nothing in it. */
static bool is_free(const char *dir)
{
	DIR *d = opendir(dir);
	const struct dirent *entry;
	bool is_empty = true;

	if (d == NULL)
		return errno == ENOENT;
	while ((entry = readdir(d)) != NULL) {
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			is_empty = false;
	}
	closedir(d);
	return is_empty;
}

static bool make_folder(const char *dir, const char *name)
{
	AUTO(mem_free_text) char *path = file_join(dir, name);

	return mkdir(path, 0700) == 0;
}

static enum err write_file(const char *dir, const char *name, mode_t mode,
			   const struct buf *bytes)
{
	AUTO(mem_free_text) char *path = file_join(dir, name);

	return file_create(path, mode, buf_at(bytes), buf_len(bytes));
}

static enum err write_settings(const char *dir)
{
	AUTO(buf_fini) struct buf text = { 0 };

	for (size_t i = 0; template_lines[i] != NULL; i++)
		buf_print(&text, "%s\n", template_lines[i]);
	return write_file(dir, "rialto.yaml", 0600, &text);
}

static size_t collect_hosts(const struct options *options,
			    const char *hosts[HOSTS])
{
	size_t count = 0;

	for (size_t i = 0; i < options->host_count; i++)
		hosts[count++] = options->hosts[i];
	hosts[count++] = "localhost";
	hosts[count++] = "127.0.0.1";
	hosts[count++] = "::1";
	return count;
}

static enum err write_certificates(const char *dir,
				   const struct options *options)
{
	AUTO(certificate_pair_fini) struct certificate_pair ca = { 0 };
	AUTO(certificate_pair_fini) struct certificate_pair server = { 0 };
	const char *hosts[HOSTS];
	size_t count = collect_hosts(options, hosts);
	enum err e;

	certificate_make_ca("Rialto CA", &ca);
	certificate_make_server(&ca, hosts, count, &server);
	e = write_file(dir, "tls/ca.crt", 0644, &ca.certificate);
	if (e == ERR_OK)
		e = write_file(dir, "tls/ca.key", 0600, &ca.key);
	if (e == ERR_OK)
		e = write_file(dir, "tls/server.crt", 0644,
			       &server.certificate);
	if (e == ERR_OK)
		e = write_file(dir, "tls/server.key", 0600, &server.key);
	return e;
}

static enum err write_audit_key(const char *dir, struct buf *why)
{
	AUTO(mem_free_text) char *path = file_join(dir, "keys/audit.key");

	return audit_key_make(path, why);
}

static enum err write_identity(const char *dir, struct buf *why)
{
	AUTO(mem_free_text) char *path = file_join(dir, "keys/identity.key");

	return identity_key_make(path, why);
}

static enum err write_factor_key(const char *dir, struct buf *why)
{
	AUTO(mem_free_text) char *path = file_join(dir, "keys/factor.key");

	return factor_key_make(path, why);
}

static enum err add_admin(struct store *store, const char *name,
			  const struct secret *password)
{
	struct trail *trail = trail_new(store);
	struct users *users = users_new(store, trail);
	struct audit_entry entry;
	struct user user = { .state = USER_ACTIVE,
			     .roles = ROLE_GUEST | ROLE_USER | ROLE_ADMIN };
	enum err e;

	snprintf(user.name, sizeof(user.name), "%s", name);
	password_hash(password, PASSWORD_YESCRYPT, 5, user.hash);
	audit_sign(&entry, "daemon.init");
	e = users_add(users, &user, &entry);
	users_free(&users);
	trail_free(&trail);
	return e;
}

static enum err make_data(const char *dir, const char *admin,
			  const struct secret *password, struct buf *why)
{
	AUTO(mem_free_text) char *data = file_join(dir, "data");
	struct store_options store_options = { .dir = data,
					       .tables = daemon_tables };
	struct store *store;
	enum err e = store_open(&store_options, &store, why);

	if (e != ERR_OK)
		return e;
	e = add_admin(store, admin, password);
	store_close(&store);
	return e;
}

static void remove_tree(const char *dir)
{
	DIR *d = opendir(dir);
	const struct dirent *entry;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		AUTO(mem_free_text) char *path = file_join(dir, entry->d_name);

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (unlink(path) != 0)
			remove_tree(path);
	}
	if (d != NULL)
		closedir(d);
	rmdir(dir);
}

static enum err fill(const char *dir, const struct options *options,
		     const struct secret *password, struct buf *why)
{
	enum err e;

	if (!make_folder(dir, "tls") || !make_folder(dir, "run"))
		return file_err(errno);
	e = write_settings(dir);
	if (e == ERR_OK)
		e = write_certificates(dir, options);
	if (e == ERR_OK)
		e = write_audit_key(dir, why);
	if (e == ERR_OK)
		e = write_identity(dir, why);
	if (e == ERR_OK)
		e = write_factor_key(dir, why);
	if (e == ERR_OK)
		e = make_data(dir, options->admin, password, why);
	return e;
}

/* Without slashes at its end. */
static char *clean_path(const char *path)
{
	char *clean = mem_text(path);
	size_t len = strlen(clean);

	while (len > 1 && clean[len - 1] == '/')
		clean[--len] = '\0';
	return clean;
}

static void print_certificate(const char *dir)
{
	AUTO(buf_fini) struct buf pem = { 0 };
	AUTO(mem_free_text) char *path = file_join(dir, "tls/server.crt");
	char fingerprint[FINGERPRINT_TEXT];

	if (file_read(path, 1 << 20, &pem) == ERR_OK &&
	    certificate_fingerprint(buf_at(&pem), buf_len(&pem), fingerprint) ==
		    ERR_OK)
		printf("Certificate %s\n", fingerprint);
}

static void print_identity(const char *dir)
{
	AUTO(identity_key_free) struct identity_key *key = NULL;
	AUTO(buf_fini) struct buf why = { 0 };
	AUTO(mem_free_text) char *path = file_join(dir, "keys/identity.key");

	if (identity_key_load(path, &key, &why) == ERR_OK)
		printf("Identity %s\n", identity_key_text(key));
}

static void tell(const char *dir)
{
	printf("%s is ready: rialtod --config %s/rialto.yaml\n", dir, dir);
	print_certificate(dir);
	print_identity(dir);
	printf("Clients trust it by %s/tls/ca.crt; keep ca.key away from the "
	       "server.\n",
	       dir);
}

static int check(const struct options *options, const char *dir)
{
	if (!name_is_valid(options->admin))
		return complain(options->admin,
				"a name is an ASCII letter, then letters, "
				"digits, - or _, at most 32 in all");
	for (size_t i = 0; i < options->host_count; i++) {
		if (!certificate_host_is_valid(options->hosts[i]))
			return complain(options->hosts[i],
					"this is no host name or address");
	}
	if (!is_free(dir))
		return complain(dir, "something is there already; --init "
				     "never overwrites");
	return EXIT_SUCCESS;
}

int init_run(const struct options *options)
{
	AUTO(mem_free_text) char *dir = clean_path(options->target);
	AUTO(mem_free_text) char *fresh = mem_print("%s.new-XXXXXX", dir);
	AUTO(secret_free) struct secret *password = NULL;
	AUTO(buf_fini) struct buf why = { 0 };
	enum err e;

	if (check(options, dir) != EXIT_SUCCESS)
		return EXIT_FAILURE;
	password = ask_new_password(options->admin);
	if (password == NULL)
		return complain(options->admin, "no password, so nothing was "
						"made");
	if (mkdtemp(fresh) == NULL)
		return complain(fresh, strerror(errno));
	e = fill(fresh, options, password, &why);
	if (e == ERR_OK && rename(fresh, dir) != 0)
		e = file_err(errno);
	if (e != ERR_OK) {
		remove_tree(fresh);
		return complain(dir, buf_len(&why) > 0 ? buf_text(&why)
						       : err_words(e));
	}
	tell(dir);
	return EXIT_SUCCESS;
}
