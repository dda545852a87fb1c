#include "rialto/atm/receipts.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "client/receipt.h"
#include "rialto/folder.h"

enum { DATE = 10, NAMES = 9 };

enum err receipts_read(const char *receipt, const char *identity,
		       struct buf *words, const char **why)
{
	char signer[IDENTITY_TEXT];
	enum err e = receipt_open(receipt, strlen(receipt), words, signer, why);

	if (e != ERR_OK || strcmp(signer, identity) == 0)
		return e;
	*why = "it was signed by another than this server";
	return ERR_MAC_FAILED;
}

char *receipts_folder(void)
{
	return folder_file("XDG_DATA_HOME", ".local/share", "rialto/receipts");
}

enum err receipts_save(const char *folder, const char *receipt, int64_t time_ms,
		       int64_t entry, char **path_r)
{
	AUTO(mem_free_text) char *text = mem_print("%s\n", receipt);
	char time[CLOCK_TEXT];
	enum err e = folder_make(folder);

	clock_print(time_ms, time);
	*path_r = NULL;
	/* Another server may have an entry of that number. */
	for (int i = 1; i <= NAMES && e == ERR_OK; i++) {
		char *path =
			mem_print("%s/%.*s-%" PRId64 "%s%.0d.jws", folder, DATE,
				  time, entry, i > 1 ? "-" : "", i > 1 ? i : 0);

		e = file_create(path, 0600, text, strlen(text));
		if (e == ERR_OK) {
			*path_r = path;
			return ERR_OK;
		}
		mem_free(path);
		if (e == ERR_EXISTS && i < NAMES)
			e = ERR_OK;
	}
	return e;
}
