/** What freezes an account in contracts of tokens, as their makers publish the sources. A table of the verifier's own. */
const FUNCTIONS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
	"addBlackList(address)": { 1: ["0xdac17f958d2ee523a2206206994597c13d831ec7"] },
	"addToBlockedList(address)": {
		1: ["0x68749665ff8d2d112fa859aa293f07a622782f38"],
		10: ["0x01bff41798a0bcf287b996046ca68b395dbc1071"],
		137: ["0xc2132d05d31c914a87c6611c10748aeb04b58e8f"],
		42161: ["0xfd086bc7cd5c481dcc9c85ebe478a1c0b69fcbb9"],
		42220: ["0x48065fbbe25f71c9282ddf5e1cd6d6a887483d5e"],
		43114: ["0x9702230a8ea53601f5cd2dc00fdbc13d4df4a8c7"],
	},
	"blacklist(address)": {
		1: ["0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48", "0x1abaea1f7c830bd89acc67ec4af516284b1bc33c"],
		10: ["0x0b2c639c533813f4aa9d7837caf62653d097ff85"],
		137: ["0x3c499c542cef5e3811e1192ce70d8cc03d5c3359"],
		8453: ["0x833589fcd6edb6e08f4c7c32d4f71b54bda02913", "0x60a3e35cc302bfa44cb288bc5a4f316fdb1adb42"],
		42161: ["0xaf88d065e77c8cc2239327c5edb3a432268e5831"],
		43114: ["0xb97ef9ef8734c71904d8002f8b6bc66dd9c48a6e", "0xc891eb4cbdeff6e073e859e987815ed1505c2acd"],
	},
	"freeze(address)": {
		1: [
			...["0x6c3ea9036406852006290770bedfcaba0e23a0e8", "0x8e870d67f660d95d5be530380d0ec0bd388289e1"],
			...["0x45804880de22913dafe09f4980848ece6ecbaf78", "0x4fabb145d64652a948d72533023f6e7a623c7c53"],
		],
	},
};

/** The function by which a contract of a chain, by its number, freezes an account; undefined where the table does not hold the contract. */
export function evmFreezes(contract: string, reference: string): string | undefined {
	return Object.entries(FUNCTIONS).find(([, chains]) => chains[reference]?.includes(contract))?.[0];
}
