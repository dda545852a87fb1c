#include "rialtod/settings.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "net/address.h"
#include "rialtod/identity.h"

static const char listeners_preset[] =
	"[{ service: line, address: \"127.0.0.1:7170\" },"
	" { service: atm, address: \"127.0.0.1:7171\" },"
	" { service: line, address: \"unix:run/control.sock\","
	" tls: false, console: true }]";

#define MAP(name, items, field)                                                \
	{                                                                      \
		name, CONF_MAP, items, offsetof(struct settings, field),       \
			sizeof(((struct settings *)0)->field), NULL            \
	}

const struct conf_section settings_schema[] = {
	MAP("server", server_conf_items, server),
	{ "listeners", CONF_LIST, listener_conf_items,
	  offsetof(struct settings, listeners),
	  sizeof(struct listener_settings), listeners_preset },
	MAP("tls", tls_conf_items, tls),
	MAP("limits", limits_conf_items, limits),
	MAP("users", user_conf_items, users),
	MAP("chat", chat_conf_items, chat),
	MAP("bank", bank_conf_items, bank),
	MAP("bank.currency", bank_currency_conf_items, bank),
	MAP("bank.cash", bank_cash_conf_items, bank),
	MAP("bank.limits", bank_limits_conf_items, bank),
	MAP("bank.fees", bank_fees_conf_items, bank),
	MAP("atm", atm_conf_items, atm),
	{ "terminals", CONF_LIST, terminal_conf_items,
	  offsetof(struct settings, terminals),
	  sizeof(struct terminal_settings), NULL },
	MAP("audit", audit_conf_items, audit),
	{ "plugins", CONF_LIST, plugin_conf_items,
	  offsetof(struct settings, plugins), sizeof(struct plugin_settings),
	  NULL },
	{ 0 },
};

const struct listener_settings *settings_listener(const struct settings *s,
						  size_t index)
{
	const struct listener_settings *all = s->listeners.items;

	return &all[index];
}

static void check_listener(struct conf_check *check,
			   const struct listener_settings *l, size_t index)
{
	AUTO(buf_fini) struct buf why = { 0 };
	struct address address;
	char where[64];

	snprintf(where, sizeof(where), "listeners[%zu].address", index);
	if (!address_parse(l->address, ".", &address, &why)) {
		conf_complain(check, where, "is \"%s\"; %s", l->address,
			      buf_text(&why));
		return;
	}
	if (l->console && !address_is_unix(&address))
		conf_complain(check, where,
			      "is %s; a console must be a Unix "
			      "socket, unix:PATH",
			      l->address);
	snprintf(where, sizeof(where), "listeners[%zu].console", index);
	if (l->console && l->service != LISTENER_LINE)
		conf_complain(check, where,
			      "is true; only the service line has a console");
	snprintf(where, sizeof(where), "listeners[%zu].tls", index);
	if (!l->tls && l->service == LISTENER_ATM)
		conf_complain(check, where,
			      "is false; the service atm needs TLS");
	if (!l->tls && !address_is_local(&address))
		conf_complain(check, where,
			      "is false; without TLS only loopback addresses "
			      "and Unix sockets may be used");
}

static void check(struct conf_check *check, const void *settings)
{
	const struct settings *s = settings;

	for (size_t i = 0; i < s->listeners.count; i++)
		check_listener(check, settings_listener(s, i), i);
	if (s->listeners.count == 0)
		conf_complain(check, "listeners",
			      "is empty; nobody could come in");
	if (!name_is_valid(s->chat.default_room))
		conf_complain(check, "chat.default_room",
			      "is \"%s\"; it must be an ASCII letter, then "
			      "letters, digits, - or _",
			      s->chat.default_room);
	user_settings_check(check, &s->users);
	bank_settings_check(check, &s->bank);
	terminal_settings_check(check, &s->terminals);
	plugin_settings_check(check, &s->plugins);
}

static void check_files(struct conf_check *files, const void *settings)
{
	const struct settings *s = settings;

	check(files, s);
	tls_settings_check(files, &s->tls);
	identity_check(files, s->server.identity);
}

enum err settings_load(const char *path, struct settings *settings,
		       struct buf *complaints)
{
	memset(settings, 0, sizeof(*settings));
	return conf_load(settings_schema, check, path, settings, complaints);
}

enum err settings_examine(const char *path, struct settings *settings,
			  struct buf *complaints)
{
	memset(settings, 0, sizeof(*settings));
	return conf_load(settings_schema, check_files, path, settings,
			 complaints);
}

void settings_free(struct settings *settings)
{
	conf_free(settings_schema, settings);
}

char *settings_folder(const char *path)
{
	AUTO(mem_free_text) char *inside = file_beside(path, ".");

	inside[strlen(inside) - 2] = '\0'; /* without the "/." */
	return mem_text(inside);
}
