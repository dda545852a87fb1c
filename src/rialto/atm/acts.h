/* What the keys of the machine do; each says which screen comes next. */
#ifndef RIALTO_RIALTO_ATM_ACTS_H
#define RIALTO_RIALTO_ATM_ACTS_H

#include "rialto/atm/machine.h"

/* What a login tells beside the name. */
void act_learn(struct machine *m, const json_t *login);

/* To the login. */
enum at act_begin(struct machine *m);
enum at act_name(struct machine *m, const char *typed);
enum at act_password(struct machine *m, const char *typed);
enum at act_code(struct machine *m, const char *typed);

/* Whether it could be somebody's; says so if not. */
bool act_is_name(struct machine *m, const char *typed);

/* Somebody who is new here. */
enum at act_signup(struct machine *m);
enum at act_new_name(struct machine *m, const char *typed);
enum at act_new_password(struct machine *m, const char *typed);
enum at act_new_again(struct machine *m, const char *typed);

/* What the bank says. */
enum at act_balance(struct machine *m);
enum at act_accounts(struct machine *m);
enum at act_receipt(struct machine *m);
enum at act_signed_receipt(struct machine *m);

/* What was moved, a page at a time. */
enum at act_statement(struct machine *m);
enum at act_whose(struct machine *m, const json_t *account);
enum at act_month(struct machine *m, const char *typed);
enum at act_all(struct machine *m);
enum at act_older(struct machine *m);
enum at act_newer(struct machine *m);
void statement_show(struct machine *m);
bool statement_has_older(const struct machine *m);
bool statement_has_newer(const struct machine *m);
bool statement_has_month(const struct machine *m);

/* What moves money: a screen after the other, then it is carried out. */
enum at act_deposit(struct machine *m);
enum at act_withdraw(struct machine *m);
enum at act_pay(struct machine *m);
enum at act_receiver(struct machine *m, const char *typed);
enum at act_to_amount(struct machine *m);
enum at act_other_amount(struct machine *m);
enum at act_has_amount(struct machine *m);
enum at act_amount(struct machine *m, const char *typed);
enum at act_memo(struct machine *m, const char *typed);
enum at act_confirm(struct machine *m);
enum at act_money_code(struct machine *m, const char *typed);

/* "Pay 30.25 to ben (lunch)", and whether that is right. */
void act_say(struct machine *m, const char *verb, const char *end);
enum at act_ask(struct machine *m);

enum at act_transfer(struct machine *m);
enum at act_from(struct machine *m, const json_t *account);
enum at act_to(struct machine *m, const json_t *account);

/* Money that is set aside. */
enum at act_holds(struct machine *m);
void holds_print(const void *context, const json_t *hold, size_t nth,
		 struct buf *line_r);
enum at act_set_aside(struct machine *m);
enum at act_hold(struct machine *m, const json_t *hold);
enum at act_capture(struct machine *m);
enum at act_part(struct machine *m, const char *typed);
enum at act_release(struct machine *m);

#endif
