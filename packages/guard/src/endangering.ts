/** Calls that give keys away, take a stranger's key or word in, or stop the node: what they do, behind "It". */
const ENDANGERING: readonly (readonly [RegExp, string])[] = [
	[
		/^(dump(privkey|wallet)|backupwallet|personal_\w*export\w*|parity_export\w*|\w*exportaccount|account_export)$/,
		"gives keys of your node's wallet away",
	],
	[
		/^(import(privkey|wallet)|restorewallet|sethdseed|addhdkey|personal_importrawkey|parity_newaccountfrom\w*|\w*importaccount|account_import)$/,
		"puts keys that somebody else may have into your node's wallet",
	],
	[
		/^(personal_(unlockaccount|unpair)|encryptwallet|walletpassphrasechange|parity_(killaccount|changepassword|set\w+)|eth_setetherbase|miner_setetherbase)$/,
		"changes who can use the keys of your node, or whom it pays",
	],
	[
		/^(stop|shutdown|debug_sethead|setnetworkactive|invalidateblock|admin_(start|stop|export|import|addtrustedpeer|removepeer|sleep)\w*|parity_(shutdown|setchain))$/,
		"stops your node, or opens it to others",
	],
];

/** Whether a text may, read by anybody, hold such a call. */
export const MAY_ENDANGER =
	/priv|dump|backup|gethdkeys|listdescriptors|export|import|restorewallet|hdseed|hdkey|personal_|encryptwallet|passphrasechange|parity_|etherbase|"stop|shutdown|sethead|setnetworkactive|invalidateblock|admin_/i;

/** Extended private keys, and private keys as wallets import them. */
const PRIVATE = /[xyzt]prv|"[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}"|\b[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}\b/;

/** What a method would do to a node and its keys; undefined: nothing of the kind. `name` folded. */
export function endangeringOf(name: string, params?: unknown): string | undefined {
	const asked = JSON.stringify(params ?? null);
	if (/^(listdescriptors|gethdkeys)$/.test(name) && /true|1/i.test(asked)) return ENDANGERING[0]?.[1];
	if (/^import(descriptors|multi)$/.test(name) && PRIVATE.test(asked)) return ENDANGERING[1]?.[1];
	return ENDANGERING.find(([names]) => names.test(name))?.[1];
}
