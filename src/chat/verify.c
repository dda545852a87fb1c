#include "chat/verify.h"

#include "chat/board/board.h"
#include "chat/guard/closing.h"
#include "chat/guard/guard_entry.h"
#include "chat/guard/note.h"
#include "chat/history/erasure.h"
#include "chat/history/history_table.h"
#include "chat/ignore/ignores.h"
#include "chat/mail/mail_table.h"
#include "chat/marker/marker.h"
#include "chat/modlog.h"
#include "chat/place.h"
#include "chat/report/report.h"
#include "chat/report/report_news.h"
#include "chat/rights/rights.h"
#include "chat/roster.h"
#include "chat/sanction/cloak.h"
#include "chat/sanction/sanction_table.h"

typedef enum err verify_fn(struct store *store, struct buf *report);

static verify_fn *const parts[] = {
	roster_verify,        rights_verify,         modlog_verify,
	guard_verify,         place_verify,          report_verify,
	report_news_verify,   sanction_table_verify, cloak_verify,
	closing_verify,       note_verify,           board_verify,
	history_table_verify, erasures_verify,       mail_verify,
	ignores_verify,       marker_verify,
};

enum err chat_verify(struct store *store, struct buf *report)
{
	enum err first = ERR_OK;

	for (size_t i = 0; i < COUNT(parts); i++) {
		enum err e = parts[i](store, report);

		if (first == ERR_OK)
			first = e;
	}
	return first;
}
