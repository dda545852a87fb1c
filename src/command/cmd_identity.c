/* Who this server is, said so that nobody between can say it. */
#include <string.h>

#include "base/mem.h"
#include "command/families.h"
#include "crypto/base64url.h"
#include "crypto/channel_proof.h"
#include "crypto/random.h"

/* A client needs one. */
enum { PROOFS_MOST = 3 };

/* What both ends of this TLS channel, and nobody else, can derive. */
static bool confirm(const struct session *session,
		    struct channel_proof *channel)
{
	uint8_t exported[SESSION_EXPORTED];
	struct session_keys keys;

	if (!session_export(session, session_keys_label, exported,
			    sizeof(exported)))
		return false;
	session_keys_derive(exported, channel->client_nonce,
			    channel->server_nonce, &keys);
	memcpy(channel->confirm, keys.confirm, sizeof(channel->confirm));
	session_keys_wipe(&keys);
	mem_wipe(exported, sizeof(exported));
	return true;
}

static enum err prove(struct call *call, struct channel_proof *channel)
{
	AUTO(buf_fini) struct buf answer = { 0 };

	random_bytes(channel->server_nonce, sizeof(channel->server_nonce));
	if (!confirm(call->caller->session, channel))
		return call_refuse(call, ERR_TLS13_REQUIRED,
				   "Only a channel of TLS 1.3 can be proved.");
	base64url_add(&answer, channel->server_nonce,
		      sizeof(channel->server_nonce));
	buf_add_char(&answer, ' ');
	channel_proof_sign(call->realm->identity, channel, &answer);
	call_say(call, "identity %s", buf_text(&answer));
	return ERR_OK;
}

static enum err cmd_identity(struct call *call)
{
	struct channel_proof channel;
	const char *nonce = call->argv[0];

	if (call->argc == 0) {
		call_say(call, "Identity: %s",
			 identity_key_text(call->realm->identity));
		return ERR_OK;
	}
	if (!base64url_read_exactly(nonce, strlen(nonce), channel.client_nonce,
				    sizeof(channel.client_nonce)))
		return call_refuse(call, ERR_BAD_NONCE,
				   "A nonce is 32 random bytes in base64url: "
				   "43 characters.");
	if (call->caller->proofs == PROOFS_MOST)
		return call_refuse(call, ERR_FLOOD,
				   "That was proved three times in this "
				   "session, which is enough.");
	call->caller->proofs++;
	return prove(call, &channel);
}

const struct command commands_identity[] = {
	{ "identity", 0, 1, 0, 0, cmd_identity, "[NONCE]",
	  "show or prove who this server is" },
	{ 0 },
};
