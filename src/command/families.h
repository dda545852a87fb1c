/*
 * The families of commands, a table and a file each: cmd_session.c and so on.
 * Each ends with a row without a verb.
 */
#ifndef RIALTO_COMMAND_FAMILIES_H
#define RIALTO_COMMAND_FAMILIES_H

#include "command/command.h"

extern const struct command commands_session[];
extern const struct command commands_identity[];
extern const struct command commands_bank[];
extern const struct command commands_statement[];
extern const struct command commands_bank_admin[];
extern const struct command commands_bank_entries[];
extern const struct command commands_hold[];
extern const struct command commands_bank_act[];
extern const struct command commands_approval[];
extern const struct command commands_bank_move[];
extern const struct command commands_bank_export[];
extern const struct command commands_bank_verify[];
extern const struct command commands_bank_import[];
extern const struct command commands_teller[];
extern const struct command commands_teller_look[];
extern const struct command commands_request[];
extern const struct command commands_split[];
extern const struct command commands_undo[];
extern const struct command commands_standing[];
extern const struct command commands_account[];
extern const struct command commands_talk[];
extern const struct command commands_room[];
extern const struct command commands_mode[];
extern const struct command commands_rights[];
extern const struct command commands_sanction[];
extern const struct command commands_modlog[];
extern const struct command commands_audit[];
extern const struct command commands_guard[];
extern const struct command commands_close[];
extern const struct command commands_board[];
extern const struct command commands_samesite[];
extern const struct command commands_note[];
extern const struct command commands_person[];
extern const struct command commands_mail[];
extern const struct command commands_ignore[];
extern const struct command commands_report[];
extern const struct command commands_delete[];
extern const struct command commands_retention[];
extern const struct command commands_review[];
extern const struct command commands_search[];
extern const struct command commands_mentions[];
extern const struct command commands_help[];
extern const struct command commands_server[];
extern const struct command commands_user[];
extern const struct command commands_factor[];
extern const struct command commands_user_add[];
extern const struct command commands_user_remove[];
extern const struct command commands_bank_clock[];
extern const struct command commands_export[];
extern const struct command commands_plugins[];

#endif
