/* The tables of the store that this daemon uses. */
#ifndef RIALTO_RIALTOD_TABLES_H
#define RIALTO_RIALTOD_TABLES_H

/* Ended by NULL. */
extern const char *const daemon_tables[];

#endif
