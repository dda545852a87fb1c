/* The screens of the machine: what each shows, and where each key leads. */
#include "rialto/atm/acts.h"
#include "rialto/atm/machine.h"

static const struct choice start_choices[] = {
	{ .key = 'q', .words = "Quit. Any other key begins.", .leads = AT_END },
	{ 0 },
};

static const struct choice menu_choices[] = {
	{ .key = '1', .words = "Balance", .act = act_balance },
	{ .key = '2', .words = "Deposit", .act = act_deposit },
	{ .key = '3', .words = "Withdraw", .act = act_withdraw },
	{ .key = '4', .words = "Pay", .act = act_pay },
	{ .key = '5', .words = "Statement", .act = act_history },
	{ .key = '6', .words = "Accounts", .act = act_accounts },
	{ .key = '7', .words = "Receipt again", .act = act_receipt },
	{ .key = 'c', .words = "Receipt to copy", .act = act_signed_receipt },
	{ .key = '0', .words = "End", .leads = AT_START },
	{ 0 },
};

static const struct choice amount_choices[] = {
	{ .key = '1', .words = "10", .amount = "10", .act = act_has_amount },
	{ .key = '2', .words = "20", .amount = "20", .act = act_has_amount },
	{ .key = '3', .words = "50", .amount = "50", .act = act_has_amount },
	{ .key = '4', .words = "100", .amount = "100", .act = act_has_amount },
	{ .key = '5', .words = "200", .amount = "200", .act = act_has_amount },
	{ .key = '6', .words = "Another amount", .leads = AT_OTHER_AMOUNT },
	{ .key = '0', .words = "Back", .leads = AT_MENU },
	{ 0 },
};

/* Other keys than before: one that was pressed twice confirms nothing. */
static const struct choice confirm_choices[] = {
	{ .key = 'y', .words = "Yes", .act = act_confirm },
	{ .key = 'n', .words = "No", .leads = AT_MENU },
	{ 0 },
};

/* AT_END where any key leads says that not any key will do. */
const struct screen screens[AT_END] = {
	[AT_START] = { .title = "Rialto cash machine",
		       .prompt = "Press a key: ",
		       .choices = start_choices,
		       .leads = AT_NAME,
		       .back = AT_END,
		       .may_wait = true },
	[AT_NAME] = { .title = "Who are you?",
		      .prompt = "Name: ",
		      .take = act_name,
		      .missing = "Please type your name.",
		      .back = AT_START },
	[AT_PASSWORD] = { .title = "Your password, which is not shown",
			  .prompt = "Password: ",
			  .take = act_password,
			  .is_secret = true,
			  .missing = "Please type your password.",
			  .back = AT_START },
	[AT_CODE] = { .title = "The code of your second factor",
		      .prompt = "Code: ",
		      .take = act_code,
		      .missing = "Please type the code.",
		      .back = AT_START },
	[AT_MENU] = { .title = "Menu",
		      .prompt = "Your choice: ",
		      .choices = menu_choices,
		      .leads = AT_END,
		      .back = AT_START },
	[AT_RECEIVER] = { .title = "Pay",
			  .prompt = "To whom: ",
			  .take = act_receiver,
			  .back = AT_MENU },
	[AT_AMOUNT] = { .title = "How much?",
			.prompt = "Your choice: ",
			.choices = amount_choices,
			.leads = AT_END,
			.back = AT_MENU },
	[AT_OTHER_AMOUNT] = { .title = "How much?",
			      .prompt = "Amount: ",
			      .take = act_amount,
			      .back = AT_AMOUNT },
	[AT_MEMO] = { .title = "A few words for the receiver, or nothing",
		      .prompt = "Memo: ",
		      .take = act_memo,
		      .back = AT_MENU },
	[AT_CONFIRM] = { .title = "Is this right?",
			 .prompt = "Your choice: ",
			 .choices = confirm_choices,
			 .leads = AT_END,
			 .back = AT_MENU },
	[AT_MONEY_CODE] = { .title = "So much needs the code of your second "
				     "factor",
			    .prompt = "Code: ",
			    .take = act_money_code,
			    .missing = "Please type the code.",
			    .back = AT_MENU },
	[AT_TEXT] = { .title = "Rialto cash machine",
		      .prompt = "Press a key to go on: ",
		      .leads = AT_MENU,
		      .back = AT_MENU },
};
