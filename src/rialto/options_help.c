/* What --help prints, and how it is asked for. */
#include "rialto/options.h"

static const char talk_help[] =
	"Usage: rialto [OPTION]... [USER@]HOST[:PORT]\n"
	"       rialto atm [OPTION]... [USER@]HOST[:PORT]\n"
	"       rialto verify-receipt [OPTION]... FILE\n"
	"Talk in the rooms of a Rialto daemon, or use its bank.\n"
	"\n"
	"  -c, --command COMMAND   run COMMAND and leave; may be repeated\n"
	"  -g, --guest             come as the guest USER, without a password\n"
	"      --ca FILE           trust only the CAs in FILE\n"
	"      --accept-new        trust a server seen for the first time\n"
	"      --identity SHA256:...\n"
	"                          the server must prove to be this one\n"
	"      --password-file FILE\n"
	"                          take the password from FILE's first line\n"
	"      --color WHEN        auto, always or never\n"
	"  -h, --help              show this and leave\n"
	"  -V, --version           show the version and leave\n"
	"\n"
	"Without -c, commands are read from standard input, one a line, when\n"
	"that is no terminal. Exit status: 0, 1 when a command was refused or\n"
	"the server could not be used, 2 when the command line is wrong.\n";

static const char atm_help[] =
	"Usage: rialto atm [OPTION]... [USER@]HOST[:PORT]\n"
	"Use the bank of a Rialto daemon as at a cash machine.\n"
	"\n"
	"      --batch FILE        carry out the operations in FILE, JSON, one "
	"a\n"
	"                          line, and print the answers; - is standard\n"
	"                          input\n"
	"      --plain             line by line, without a cursor\n"
	"      --no-save           show receipts, and keep none as a file\n"
	"      --idle-timeout SECONDS\n"
	"                          end a visit after so long without a key: "
	"60\n"
	"      --certificate FILE  be the terminal with this certificate; its "
	"key is\n"
	"                          in FILE, too\n"
	"      --ca FILE           trust only the CAs in FILE\n"
	"      --accept-new        trust a server seen for the first time\n"
	"      --identity SHA256:...\n"
	"                          the server must prove to be this one\n"
	"      --password-file FILE\n"
	"                          take the password from FILE's first line\n"
	"  -h, --help              show this and leave\n"
	"\n"
	"Exit status with --batch: 0 when all was done, 1 when something was\n"
	"refused, 2 when the command line or the connection did not do.\n";

static const char verify_help[] =
	"Usage: rialto verify-receipt [OPTION]... FILE\n"
	"Say what a receipt of the bank says, and whether it is valid.\n"
	"\n"
	"      --identity SHA256:...\n"
	"                          signed by the server with this identity\n"
	"      --host HOST         signed by this host, known from before\n"
	"  -h, --help              show this and leave\n"
	"\n"
	"Without either, any server that is known from before will do. FILE -\n"
	"is standard input. No connection is made. Exit status: 0 when it is\n"
	"valid, 1 when it is not, 2 when there is nothing to look at.\n";

const char *const options_programs[OPTIONS_MODES] = {
	[OPTIONS_TALK] = "rialto",
	[OPTIONS_ATM] = "rialto atm",
	[OPTIONS_VERIFY] = "rialto verify-receipt",
};

const char *const options_help[OPTIONS_MODES] = {
	[OPTIONS_TALK] = talk_help,
	[OPTIONS_ATM] = atm_help,
	[OPTIONS_VERIFY] = verify_help,
};
