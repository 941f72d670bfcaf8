/** What a request of the recovery ledger has come to. */
export const RECOVERY_STATES = [
	"draft",
	"sent",
	"acknowledged",
	"refused",
	"frozen",
	"released",
	"seized",
	"destroyed",
	"returned",
] as const;
