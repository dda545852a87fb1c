/*
 * Are the names in a settings file known, used once, and of the right shape?
 */
#ifndef RIALTO_CONF_NAMES_H
#define RIALTO_CONF_NAMES_H

#include "conf/complaints.h"
#include "conf/conf.h"
#include "conf/document.h"

/*
 * Complains about every unknown name, second use of a name, and section that
 * is no map or no list as the schema has it. Says nothing about values.
 */
void names_check(const struct conf_section *schema, const struct node *root,
		 struct complaints *complaints);

#endif
