#include "store/meta.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "store/folder.h"
#include "store/record.h"
#include "store/txn.h"

enum { VERSION = 1 };

static const char schema_key[] = "schema";
static const char backup_key[] = "backup";
static const char table_prefix[] = "table/";

static enum err put(struct store_txn *txn, const char *key,
		    const struct buf *value)
{
	return store_put(txn, txn_meta(txn), key, strlen(key), buf_at(value),
			 buf_len(value));
}

static enum err put_number(struct store_txn *txn, const char *key,
			   uint64_t number)
{
	AUTO(buf_fini) struct buf value;

	buf_init(&value);
	record_begin(&value, VERSION);
	record_put_u64(&value, number);
	return put(txn, key, &value);
}

static enum err get_number(struct store_txn *txn, const char *key,
			   uint64_t *number_r)
{
	AUTO(buf_fini) struct buf value;
	struct record_reader r;
	enum err e;

	buf_init(&value);
	e = store_get(txn, txn_meta(txn), key, strlen(key), &value);
	if (e != ERR_OK)
		return e;
	record_open(&r, buf_at(&value), buf_len(&value));
	*number_r = record_get_u64(&r);
	return record_close(&r) && r.version == VERSION ? ERR_OK : ERR_CORRUPT;
}

enum err meta_check_schema(struct store_txn *txn, uint32_t *schema_r)
{
	uint64_t schema = 0;
	enum err e = get_number(txn, schema_key, &schema);

	if (e != ERR_OK)
		return e;
	if (schema == 0 || schema > UINT32_MAX)
		return ERR_CORRUPT;
	*schema_r = (uint32_t)schema;
	return schema > STORE_SCHEMA ? ERR_NEWER : ERR_OK;
}

enum err meta_put_schema(struct store_txn *txn)
{
	return put_number(txn, schema_key, STORE_SCHEMA);
}

enum err meta_has_table(struct store_txn *txn, const char *name, bool *has_r)
{
	AUTO(mem_free_text) char *key = mem_print("%s%s", table_prefix, name);
	uint64_t schema;
	enum err e = get_number(txn, key, &schema);

	*has_r = e == ERR_OK;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err meta_put_table(struct store_txn *txn, const char *name)
{
	AUTO(mem_free_text) char *key = mem_print("%s%s", table_prefix, name);

	return put_number(txn, key, STORE_SCHEMA);
}

struct search {
	int dir_fd;
	struct buf *report;
};

static bool look_for(const struct store_record *record, void *arg)
{
	const struct search *search = arg;
	size_t prefix_len = strlen(table_prefix);
	AUTO(mem_free_text)
	char *file = mem_print("%.*s.db", (int)(record->key_len - prefix_len),
			       (const char *)record->key + prefix_len);

	if (!folder_has(search->dir_fd, file))
		buf_print(search->report, "%s is missing\n", file);
	return true;
}

enum err meta_find_lost(struct store_txn *txn, int dir_fd, struct buf *report)
{
	struct search search = { .dir_fd = dir_fd, .report = report };

	return store_walk(txn, txn_meta(txn), table_prefix,
			  strlen(table_prefix), look_for, &search);
}

enum err meta_get_backup(struct store_txn *txn, struct meta_backup *backup_r)
{
	AUTO(buf_fini) struct buf value;
	struct record_reader r;
	enum err e;

	buf_init(&value);
	e = store_get(txn, txn_meta(txn), backup_key, strlen(backup_key),
		      &value);
	if (e != ERR_OK)
		return e;
	record_open(&r, buf_at(&value), buf_len(&value));
	backup_r->ms = record_get_i64(&r);
	backup_r->log = record_get_u32(&r);
	return record_close(&r) && r.version == VERSION ? ERR_OK : ERR_CORRUPT;
}

enum err meta_put_backup(struct store_txn *txn,
			 const struct meta_backup *backup)
{
	AUTO(buf_fini) struct buf value;

	buf_init(&value);
	record_begin(&value, VERSION);
	record_put_i64(&value, backup->ms);
	record_put_u32(&value, backup->log);
	return put(txn, backup_key, &value);
}

enum err store_next(struct store_txn *txn, const char *name, uint64_t *number_r)
{
	AUTO(mem_free_text) char *key = mem_print("next/%s", name);
	uint64_t last = 0;
	enum err e = get_number(txn, key, &last);

	if (e == ERR_OK && last == UINT64_MAX)
		e = ERR_CORRUPT;
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	e = put_number(txn, key, last + 1);
	if (e == ERR_OK)
		*number_r = last + 1;
	return e;
}
