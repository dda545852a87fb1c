/*
 * Fills the folder of a daemon that does not run with users, p0 and so on,
 * each with an account that has funds in it.
 */
#include "base/mem.h"
#include "options.h"
#include "vault.h"

int main(int argc, char **argv)
{
	static struct vault vault;
	const char *home = "home";
	const char *password = "bench-password";
	int64_t count = 100000;
	int64_t funds = 10000000;
	account_id *accounts;

	options_read(
		(const struct option_row[]){
			{ "home", &home, NULL, 0, 0, "made by --init" },
			{ "password", &password, NULL, 0, 0, "of all users" },
			{ "users", NULL, &count, 1, 10000000, "" },
			{ "funds", NULL, &funds, 1, INT64_MAX,
			  "of each, in minor units" },
			{ 0 },
		},
		argc, argv);
	accounts = mem_array((size_t)count, sizeof(*accounts));
	vault_open(&vault, home);
	vault_fill(&vault, vault_register(&vault, count, password), count,
		   funds, accounts);
	vault_close(&vault);
	mem_free(accounts);
	return 0;
}
