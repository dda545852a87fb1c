/* What the keys of the machine do; each says which screen comes next. */
#ifndef RIALTO_RIALTO_ATM_ACTS_H
#define RIALTO_RIALTO_ATM_ACTS_H

#include "rialto/atm/machine.h"

/* To the login. */
enum at act_begin(struct machine *m);
enum at act_name(struct machine *m, const char *typed);
enum at act_password(struct machine *m, const char *typed);
enum at act_code(struct machine *m, const char *typed);

/* What the bank says. */
enum at act_balance(struct machine *m);
enum at act_history(struct machine *m);
enum at act_accounts(struct machine *m);
enum at act_receipt(struct machine *m);
enum at act_signed_receipt(struct machine *m);

/* What moves money: a screen after the other, then it is carried out. */
enum at act_deposit(struct machine *m);
enum at act_withdraw(struct machine *m);
enum at act_pay(struct machine *m);
enum at act_receiver(struct machine *m, const char *typed);
enum at act_has_amount(struct machine *m);
enum at act_amount(struct machine *m, const char *typed);
enum at act_memo(struct machine *m, const char *typed);
enum at act_confirm(struct machine *m);
enum at act_money_code(struct machine *m, const char *typed);

#endif
