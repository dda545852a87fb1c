/* The texts of the board, as answers. */
#ifndef RIALTO_COMMAND_BOARD_TEXT_H
#define RIALTO_COMMAND_BOARD_TEXT_H

#include <stdbool.h>

#include "chat/board/board.h"
#include "command/command.h"

/* Says the text; false when there is none. */
bool board_text_say(struct call *call, enum board_part part);

/* Says those of which there is a bit (1 << part), as far as there are any. */
void board_text_say_all(struct call *call, unsigned parts);

#endif
