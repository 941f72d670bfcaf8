/** Contracts that bridges publish as their own, by chain: there a trace ends without a label. */
const PUBLISHED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	"eip155:1": {
		"0x5c7bcd6e7de5423a257d81b442095a1a6ced35c5": "across",
		"0x5427fefa711eff984124bfbb1ab6fbf5e3da1820": "celer",
		"0xbd3fa81b58ba92a82136038b25adec7066af3155": "cctp",
		"0x77b2043768d28e9c9ab44e1abfc95944bce57931": "layerzero-oft",
		"0xc026395860db2d07ee33e05fe50ed7bd583189c7": "layerzero-oft",
		"0x933597a323eb81cae705c5bc29985172fd5a3973": "layerzero-oft",
		"0xd37bbe5744d730a1d98d8dc97c42f0ca46ad7146": "thorchain",
	},
	"eip155:10": { "0x6f26bf09b1c792e3228e5467807a900a503c0281": "across" },
	"eip155:137": { "0x9295ee1d8c5b022be115a2ad3c30c72e34e7f096": "across" },
	"eip155:8453": { "0x09aea4b2242abc8bb4bb78d537a67a245a7bec64": "across" },
	"eip155:42161": { "0xe35e9842fceaca96570b734083f4a58e8f7c5f2a": "across" },
};

/** DLN's contracts, at the same addresses on these chains. */
const DLN =
	/^eip155:(?:1|10|56|137|8453|42161|43114):(?:0xef4fb24ad0916217251f553c0596f8edc630eb66|0xe7351fd770a37282b91d153ee690b63579d6dd7f)$/;

/** The bridge whose published contract an account is; undefined for others. */
export function publishedBridge(account: string): string | undefined {
	if (DLN.test(account)) return "dln";
	const at = account.lastIndexOf(":");
	const of = PUBLISHED[account.slice(0, at)];
	const address = account.slice(at + 1);
	return of !== undefined && Object.hasOwn(of, address) ? of[address] : undefined;
}
