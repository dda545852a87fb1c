/* A CA, and a server's TLS with a certificate by it. */
#ifndef RIALTO_TESTS_UNIT_NET_CREDENTIALS_H
#define RIALTO_TESTS_UNIT_NET_CREDENTIALS_H

#include "net/tls.h"

/* Made anew; writes the files below /tmp and removes them again. */
struct tls *credentials_new(void);

/* The same, with that CA as the CA of clients. */
struct tls *credentials_new_asking(void);

#endif
