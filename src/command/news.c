#include "command/news.h"

#include "base/mem.h"
#include "chat/mail/mail_box.h"
#include "chat/report/report_news.h"
#include "command/low_news.h"
#include "command/standing_text.h"
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
