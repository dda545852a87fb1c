/* etc/rialto.yaml, line by line, for --init; ended by NULL. Generated. */
#ifndef RIALTO_RIALTOD_TEMPLATE_H
#define RIALTO_RIALTOD_TEMPLATE_H

extern const char *const template_lines[];

#endif
