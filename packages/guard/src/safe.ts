import type { Action } from "./intent.js";

const ZERO = `0x${"0".repeat(40)}`;
const MULTI_SEND = "0x8d80ff0a";
/** MultiSend 1.1.1, 1.3.0 (both deployments) and 1.4.1, and MultiSendCallOnly 1.3.0 and 1.4.1, as safe-global/safe-deployments lists them. */
const PUBLISHED: ReadonlySet<string> = new Set([
	"0x8d29be29923b68abfdd21e541b9374737b49cdad",
	"0xa238cbeb142c10ef7ad8442c6d1f9e89e07e7761",
	"0x998739bfdaadde7c933b942a68053933098f9eda",
	"0x38869bf66a61cf6bdb996a6ae40d5853fd43b526",
	"0x40a2accbd92bca938b02010e17a5b8929b49130d",
	"0xa1dabef33b3b82c7814b6d82a79e50f4ac44102b",
	"0x9641d764fc13c8b624c04430c7356c1c7c8102e2",
]);

/** What a Safe lets another contract's code do in its place: anything, but where that is the published one that makes several calls. */
export function runsAs(account: string | undefined, code: string, data: string, delegated: boolean): Action[] {
	if (!delegated || account === undefined) return [];
	const several = data.startsWith(MULTI_SEND);
	return several && PUBLISHED.has(code) ? [] : [{ kind: "runs-as", account, code, several }];
}

/**
 * Whom a Safe pays for the fee of its transaction: `gasPrice` for each unit of gas that was used, and of `baseGas`, which whoever made it
 * chose. To nobody who is named: who sends it.
 */
export function refundOf(baseGas: bigint, gasPrice: bigint, token: string, receiver: string, sender: string | undefined): Action[] {
	if (gasPrice === 0n) return [];
	const to = receiver === ZERO ? (sender ?? ZERO) : receiver;
	return [{ kind: "refund", to, token: token === ZERO ? undefined : token, least: baseGas * gasPrice }];
}
