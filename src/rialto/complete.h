/* The Tab key of readline, fed from what was learnt. */
#ifndef RIALTO_RIALTO_COMPLETE_H
#define RIALTO_RIALTO_COMPLETE_H

#include "rialto/vocabulary.h"

/* Borrows words for as long as readline is used. */
void complete_with(const struct vocabulary *words);

#endif
