#include "command/realm.h"

void realm_settings(struct realm *realm, struct realm_settings *settings_r)
{
	mutex_lock(&realm->lock);
	*settings_r = realm->settings;
	mutex_unlock(&realm->lock);
}
