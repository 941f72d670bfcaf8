/** EntryPoints of ERC-4337 by version, at one address on every chain: there a trace ends, and what they are paid and pay is gas. */
const PUBLISHED: Readonly<Record<string, string>> = {
	"0x5ff137d4b0fdcd49dca30c7cf57e578a026d2789": "0.6",
	"0x0000000071727de22e5e9d8baf0edac6f37da032": "0.7",
	"0x4337084d9e255ff0702461cf8895ce9e3b5ff108": "0.8",
	"0x433709009b8330fda32311df1c2afa402ed8d009": "0.9",
};

/** The version of the EntryPoint that an account is; undefined for others. */
export function entryPoint(account: string): string | undefined {
	const [namespace, , address = ""] = account.split(":");
	return namespace === "eip155" && Object.hasOwn(PUBLISHED, address) ? PUBLISHED[address] : undefined;
}

/** What an end point there says. */
export function entryPointDetail(version: string): string {
	return `published EntryPoint ${version} of ERC-4337: what it is paid is gas, or a deposit for gas that stays its owner's`;
}
