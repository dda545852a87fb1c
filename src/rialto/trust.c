#include "rialto/trust.h"

#include <string.h>

#include "base/mem.h"
#include "client/terminal.h"
#include "rialto/identities.h"
#include "rialto/known_hosts.h"

struct trust {
	const struct options *options;
	char *path; /* of the known hosts; NULL when there is no home */

	char *identities; /* likewise of who they are */

	/* Accepted since the start, in case it could not be written down. */
	char accepted[FINGERPRINT_TEXT];
	char identity[IDENTITY_TEXT]; /* the one that it had before */
};

struct trust *trust_new(const struct options *o)
{
	struct trust *t = mem_zero(sizeof(*t));

	t->options = o;
	t->path = known_hosts_path();
	t->identities = identities_path();
	return t;
}

void trust_free(struct trust **t)
{
	if (*t == NULL)
		return;
	mem_free((*t)->path);
	mem_free((*t)->identities);
	mem_free(*t);
	*t = NULL;
}

static const char *host(const struct trust *t)
{
	return t->options->address.text;
}

static void explain_change(const struct trust *t, const struct peer *peer,
			   const struct known_host *known, struct buf *words)
{
	buf_print(
		words,
		"%s shows another certificate than before. Either its "
		"administrator\nreplaced it, or somebody pretends to be this "
		"server. Nothing was sent.\n"
		"  before: %s\n"
		"  now:    %s\n"
		"Ask the administrator for the fingerprint. If the new one is "
		"right, delete\nline %u of %s and connect again.\n",
		host(t), known->fingerprint, peer->fingerprint, known->line,
		t->path);
}

static void explain_new(const struct trust *t, const struct peer *peer,
			struct buf *words)
{
	buf_print(words,
		  "%s was never seen before, and no CA vouches for it.\n"
		  "The fingerprint of its certificate is\n  %s\n",
		  host(t), peer->fingerprint);
}

static const char *or_home(const char *path)
{
	return path != NULL ? path : "a home folder";
}

static void remember(struct trust *t, const struct peer *peer,
		     struct buf *words)
{
	enum err e = t->path != NULL ? known_hosts_add(t->path, host(t),
						       peer->fingerprint)
				     : ERR_NOT_FOUND;

	memcpy(t->accepted, peer->fingerprint, sizeof(t->accepted));
	if (e == ERR_OK)
		buf_print(words, "Remembered %s with the fingerprint %s.\n",
			  host(t), peer->fingerprint);
	else
		buf_print(words,
			  "%s is trusted this time only: its fingerprint could "
			  "not be written to\n%s (%s).\n",
			  host(t), or_home(t->path), err_code(e));
}

/* Asks until the answer is yes or no. */
static enum terminal_answer ask(const char *before, bool *is_yes_r)
{
	AUTO(mem_free_text)
	char *question = mem_print("%sTrust it from now on (yes/no)? ", before);
	const char *text = question;
	struct secret *answer = NULL;
	enum terminal_answer outcome;
	bool is_no = false;

	*is_yes_r = false;
	do {
		outcome = terminal_ask(text, true, &answer);
		if (outcome != TERMINAL_OK)
			return outcome;
		*is_yes_r = strcmp(answer->bytes, "yes") == 0;
		is_no = strcmp(answer->bytes, "no") == 0;
		secret_free(&answer);
		text = "Please answer yes or no: ";
	} while (!*is_yes_r && !is_no);
	return outcome;
}

static bool check_new(struct trust *t, const struct peer *peer, bool may_ask,
		      struct buf *words)
{
	AUTO(buf_fini) struct buf about = { 0 };
	enum terminal_answer outcome = TERMINAL_NONE;
	bool is_trusted = t->options->accept_new;

	explain_new(t, peer, &about);
	if (!is_trusted && may_ask)
		outcome = ask(buf_text(&about), &is_trusted);
	if (is_trusted) {
		remember(t, peer, words);
	} else if (outcome == TERMINAL_NONE) {
		buf_add(words, buf_at(&about), buf_len(&about));
		buf_add_text(words, "It is not trusted. Use --accept-new to "
				    "trust it without a question, or "
				    "--ca FILE.\n");
	} else {
		buf_add_text(words, "It is not trusted. Nothing was sent.\n");
	}
	return is_trusted;
}

static void explain_unreadable(const char *path, enum err e, struct buf *words)
{
	buf_print(words,
		  "%s cannot be read (%s); it must be a file "
		  "of yours, at most 1 MiB.\n",
		  path, err_code(e));
}

static bool check_known(struct trust *t, const struct peer *peer, bool may_ask,
			struct buf *words)
{
	struct known_host known;
	enum err e = ERR_NOT_FOUND;

	if (t->path != NULL)
		e = known_hosts_read(t->path, host(t), &known);
	if (e == ERR_NOT_FOUND)
		return check_new(t, peer, may_ask, words);
	if (e != ERR_OK) {
		explain_unreadable(t->path, e, words);
		return false;
	}
	if (strcmp(known.fingerprint, peer->fingerprint) == 0)
		return true;
	explain_change(t, peer, &known, words);
	return false;
}

bool trust_check(struct trust *t, const struct peer *peer, bool may_ask,
		 struct buf *words)
{
	if (peer->is_vouched || (t->options->ca_file == NULL &&
				 strcmp(t->accepted, peer->fingerprint) == 0))
		return true;
	if (t->options->ca_file == NULL)
		return check_known(t, peer, may_ask, words);
	buf_print(words,
		  "%s is not vouched for by the CAs in %s:\n%s\n"
		  "Nothing was sent. Its fingerprint is %s.\n",
		  host(t), t->options->ca_file,
		  peer->doubt != NULL ? peer->doubt : "it gave no certificate",
		  peer->fingerprint);
	return false;
}

/* Nothing else than the identity that is known will do. */
static bool check_pinned(struct trust *t, const struct identify *i,
			 const char *pinned, unsigned line, struct buf *words)
{
	if (i->state == IDENTIFY_PROVEN && strcmp(i->identity, pinned) == 0) {
		memcpy(t->identity, i->identity, sizeof(t->identity));
		return true;
	}
	buf_print(words,
		  "WARNING: %s cannot prove that it is the server\n"
		  "known as %s:\n"
		  "%s%s.\n"
		  "Somebody may stand between you and it. No password was "
		  "sent.\n",
		  host(t), pinned, i->state == IDENTIFY_PROVEN ? "it is " : "",
		  i->state == IDENTIFY_PROVEN ? i->identity : i->why);
	if (line > 0)
		buf_print(words,
			  "Ask the administrator, in another way than this "
			  "one. Only if the\nidentity was replaced, delete "
			  "line %u of\n%s and connect again.\n",
			  line, t->identities);
	return false;
}

static void keep_identity(struct trust *t, const char *identity,
			  struct buf *words)
{
	enum err e = t->identities != NULL
			     ? known_hosts_add(t->identities, host(t), identity)
			     : ERR_NOT_FOUND;

	if (e == ERR_OK)
		buf_print(words, "Remembered the identity of %s:\n  %s\n",
			  host(t), identity);
	else
		buf_print(words,
			  "The identity of %s could not be written to\n"
			  "%s (%s).\n",
			  host(t), or_home(t->identities), err_code(e));
}

/* Whether the person, or who wrote the command, takes it from now on. */
static enum terminal_answer accept_identity(const struct trust *t,
					    const struct identify *i,
					    bool may_ask, bool *is_trusted_r)
{
	AUTO(mem_free_text) char *about = NULL;

	*is_trusted_r =
		t->options->accept_new || t->accepted[0] != '\0' ||
		(t->identities != NULL &&
		 identities_search(t->identities, t->options->address.host,
				   i->identity, NULL) == ERR_OK);
	if (*is_trusted_r || !may_ask)
		return *is_trusted_r ? TERMINAL_OK : TERMINAL_NONE;
	about = mem_print("The identity of %s was never seen before:\n  %s\n",
			  host(t), i->identity);
	return ask(about, is_trusted_r);
}

static bool check_new_identity(struct trust *t, const struct identify *i,
			       bool may_ask, struct buf *words)
{
	bool is_trusted = false;
	enum terminal_answer outcome;

	if (i->state == IDENTIFY_WRONG) {
		buf_print(words,
			  "WARNING: somebody stands between you and %s:\n%s.\n"
			  "No password was sent.\n",
			  host(t), i->why);
		return false;
	}
	if (i->state == IDENTIFY_NONE)
		return true;
	outcome = accept_identity(t, i, may_ask, &is_trusted);
	if (is_trusted)
		keep_identity(t, i->identity, words);
	else if (outcome != TERMINAL_NONE)
		buf_add_text(words, "It is not trusted. No password was "
				    "sent.\n");
	if (!is_trusted && outcome != TERMINAL_NONE)
		return false;
	memcpy(t->identity, i->identity, sizeof(t->identity));
	return true;
}

bool trust_identify(struct trust *t, const struct identify *i, bool may_ask,
		    struct buf *words)
{
	struct known_host known = { .line = 0 };
	enum err e = ERR_NOT_FOUND;

	if (t->options->identity[0] != '\0')
		return check_pinned(t, i, t->options->identity, 0, words);
	if (t->identities != NULL)
		e = known_hosts_read(t->identities, host(t), &known);
	if (e == ERR_OK)
		return check_pinned(t, i, known.fingerprint, known.line, words);
	if (e != ERR_NOT_FOUND) {
		explain_unreadable(t->identities, e, words);
		return false;
	}
	if (t->identity[0] != '\0')
		return check_pinned(t, i, t->identity, 0, words);
	return check_new_identity(t, i, may_ask, words);
}
