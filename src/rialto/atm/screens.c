/* The screens of the machine: what each shows, and where each key leads. */
#include "rialto/atm/accounts.h"
#include "rialto/atm/acts.h"
#include "rialto/atm/list.h"
#include "rialto/atm/machine.h"

static const struct choice start_choices[] = {
	{ .key = 'n', .words = "New here: make a login.", .act = act_signup },
	{ .key = 'q', .words = "Quit. Any other key begins.", .leads = AT_END },
	{ 0 },
};

static const struct choice menu_choices[] = {
	{ .key = '1', .words = "Balance", .act = act_balance },
	{ .key = '2', .words = "Deposit", .act = act_deposit },
	{ .key = '3', .words = "Withdraw", .act = act_withdraw },
	{ .key = '4', .words = "Pay", .act = act_pay },
	{ .key = '5', .words = "Statement", .act = act_statement },
	{ .key = '6', .words = "Accounts", .act = act_accounts },
	{ .key = '7', .words = "Receipt again", .act = act_receipt },
	{ .key = '8', .words = "Money set aside", .act = act_holds },
	{ .key = '9',
	  .words = "Transfer between your accounts",
	  .act = act_transfer,
	  .is_there = accounts_are_many },
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
	{ .key = '6', .words = "Another amount", .act = act_other_amount },
	{ .key = '0', .words = "Back", .leads = AT_MENU },
	{ 0 },
};

static const struct choice life_choices[] = {
	{ .key = '1', .words = "1 day", .days = 1, .act = act_ask },
	{ .key = '2', .words = "7 days", .days = 7, .act = act_ask },
	{ .key = '3', .words = "30 days", .days = 30, .act = act_ask },
	{ .key = '4', .words = "90 days", .days = 90, .act = act_ask },
	{ .key = '0', .words = "Back", .leads = AT_MENU },
	{ 0 },
};

/* Below a list: its items have the other digits. */
#define LIST_CHOICES                                                           \
	{ .key = 'm',                                                          \
	  .words = "More of these",                                            \
	  .act = list_more,                                                    \
	  .is_there = list_has_more },                                         \
		{ .key = 'f',                                                  \
		  .words = "The first of these",                               \
		  .act = list_first,                                           \
		  .is_there = list_has_first },                                \
	{                                                                      \
		.key = '0', .words = "Back", .leads = AT_MENU                  \
	}

static const struct choice account_choices[] = { LIST_CHOICES, { 0 } };

static const struct choice holds_choices[] = {
	{ .key = 's', .words = "Set money aside", .act = act_set_aside },
	LIST_CHOICES,
	{ 0 },
};

static const struct choice hold_choices[] = {
	{ .key = 't', .words = "Take it", .act = act_capture },
	{ .key = 'p', .words = "Take a part of it", .leads = AT_PART },
	{ .key = 'g', .words = "Give it back", .act = act_release },
	{ .key = '0', .words = "Back", .leads = AT_HOLDS },
	{ 0 },
};

static const struct choice statement_choices[] = {
	{ .key = 'o',
	  .words = "Older",
	  .act = act_older,
	  .is_there = statement_has_older },
	{ .key = 'n',
	  .words = "Newer",
	  .act = act_newer,
	  .is_there = statement_has_newer },
	{ .key = 'm', .words = "A month", .leads = AT_MONTH },
	{ .key = 'a',
	  .words = "All months",
	  .act = act_all,
	  .is_there = statement_has_month },
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
	[AT_NEW_NAME] = { .title = "A login of your own",
			  .prompt = "The name that you want: ",
			  .take = act_new_name,
			  .missing = "Please type a name.",
			  .back = AT_START },
	[AT_NEW_PASSWORD] = { .title = "A password, which is not shown",
			      .prompt = "New password: ",
			      .take = act_new_password,
			      .is_secret = true,
			      .missing = "Please type a password.",
			      .back = AT_START },
	[AT_NEW_AGAIN] = { .title = "The same password again",
			   .prompt = "Again: ",
			   .take = act_new_again,
			   .is_secret = true,
			   .missing = "Please type it again.",
			   .back = AT_NEW_PASSWORD },
	[AT_MENU] = { .title = "Menu",
		      .prompt = "Your choice: ",
		      .choices = menu_choices,
		      .leads = AT_END,
		      .back = AT_START },
	[AT_RECEIVER] = { .title = "Who is it for?",
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
	[AT_LIFE] = { .title = "For how long?",
		      .prompt = "Your choice: ",
		      .choices = life_choices,
		      .leads = AT_END,
		      .back = AT_MENU },
	[AT_FROM] = { .title = "From which account?",
		      .prompt = "Your choice: ",
		      .choices = account_choices,
		      .print = accounts_print,
		      .pick = act_from,
		      .show = list_show,
		      .leads = AT_END,
		      .back = AT_MENU },
	[AT_TO] = { .title = "To which account?",
		    .prompt = "Your choice: ",
		    .choices = account_choices,
		    .print = accounts_print,
		    .pick = act_to,
		    .show = list_show,
		    .leads = AT_END,
		    .back = AT_MENU },
	[AT_HOLDS] = { .title = "Money set aside",
		       .prompt = "Your choice: ",
		       .choices = holds_choices,
		       .print = holds_print,
		       .pick = act_hold,
		       .show = list_show,
		       .leads = AT_END,
		       .back = AT_MENU },
	[AT_HOLD] = { .title = "Set aside for you",
		      .prompt = "Your choice: ",
		      .choices = hold_choices,
		      .leads = AT_END,
		      .back = AT_HOLDS },
	[AT_PART] = { .title = "How much of it?",
		      .prompt = "Amount: ",
		      .take = act_part,
		      .back = AT_HOLDS },
	[AT_WHOSE] = { .title = "The statement of which account?",
		       .prompt = "Your choice: ",
		       .choices = account_choices,
		       .print = accounts_print,
		       .pick = act_whose,
		       .show = list_show,
		       .leads = AT_END,
		       .back = AT_MENU },
	[AT_STATEMENT] = { .title = "Statement, the newest first",
			   .prompt = "Your choice: ",
			   .choices = statement_choices,
			   .show = statement_show,
			   .leads = AT_END,
			   .back = AT_MENU },
	[AT_MONTH] = { .title = "Which month?",
		       .prompt = "Month, such as 2026-11: ",
		       .take = act_month,
		       .back = AT_STATEMENT },
	[AT_CONFIRM] = { .title = "Is this right?",
			 .prompt = "Your choice: ",
			 .choices = confirm_choices,
			 .leads = AT_END,
			 .back = AT_MENU,
			 .is_careful = true },
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
	[AT_DOUBT] = { .title = "Rialto cash machine",
		       .prompt = "Press a key to go on: ",
		       .leads = AT_START,
		       .back = AT_START },
};
