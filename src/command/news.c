#include "command/news.h"

#include "bank/ledger.h"
#include "bank/tiding.h"
#include "base/mem.h"
#include "chat/mail/mail_box.h"
#include "chat/report/report_news.h"
#include "command/low_news.h"
#include "command/standing_text.h"
#include "command/takings.h"
#include "log/log.h"

struct news {
	struct job job;
	struct realm *realm;
	struct person *person; /* a reference */
	size_t waiting;        /* messages that were told of */
};

static void free_news(struct news *news)
{
	person_unref(&news->person);
	mem_free(news);
}

static void tell_tiding(void *arg, const struct tiding *tiding,
			const char *text)
{
	AUTO(buf_fini) struct buf line = { 0 };
	const struct realm *realm = arg;

	buf_print(&line, "While you were away: %s", text);
	(void)takings_tell_of(realm->takings, tiding->user,
			      &(struct takings_cause){ .tiding = tiding->name },
			      buf_text(&line));
}

static enum err tell_tidings(const struct news *news)
{
	struct realm *realm = news->realm;
	user_id user = person_user(news->person);
	struct bank_settings settings;

	if (user == 0)
		return ERR_OK;
	ledger_settings(realm->ledger, &settings);
	return tiding_tell(realm->store, realm->users, &settings.currency, user,
			   tell_tiding, realm);
}

static void tell(struct job *job)
{
	struct news *news = CONTAINER(job, struct news, job);
	enum err e = report_news_tell(news->realm->chat, news->person);

	if (e != ERR_OK)
		log_warning("login", "news of reports: %s", err_words(e));
	e = mail_tell_waiting(news->realm->chat, news->person, news->waiting);
	if (e != ERR_OK)
		log_warning("login", "news of messages: %s", err_words(e));
	e = low_news_tell(news->realm, news->person);
	if (e != ERR_OK)
		log_warning("login", "news of balances: %s", err_words(e));
	e = standing_news_tell(news->realm, news->person);
	if (e != ERR_OK)
		log_warning("login", "news of standing orders: %s",
			    err_words(e));
	e = tell_tidings(news);
	if (e != ERR_OK)
		log_warning("login", "news of the bank: %s", err_words(e));
	free_news(news);
}

void news_tell(struct realm *realm, struct person *person, size_t waiting)
{
	struct news *news = mem_zero(sizeof(*news));

	news->realm = realm;
	news->person = person_ref(person);
	news->waiting = waiting;
	news->job.run = tell;
	if (jobs_submit(realm->jobs, &news->job) != ERR_OK)
		free_news(news);
}
