import { keccak_256 } from "@noble/hashes/sha3.js";
import { freezingOf, shownContract } from "../chain-family/tokens.js";
import { toHex } from "../encoding/bytes.js";
import type { Fail } from "../failure.js";
import type { Request } from "./formats.js";

const SELECTOR_BYTES = 4;
const WORD_DIGITS = 64;

/**
 * A request to an issuer states, for each end point in a token whose contract this verifier knows, the call that freezes it: function and
 * encoded call follow from the contract and the address. Others state none, and who is no issuer states none.
 */
export function checkCalls({ kind, points, calls }: Request, where: string, fail: Fail): void {
	if (calls === undefined) return;
	const due = kind === "issuer" ? points.filter(({ account, asset }) => freezingOf(account, asset) !== undefined) : [];
	if (calls.map(({ account, asset }) => `${account} ${asset}`).join() !== due.map(({ account, asset }) => `${account} ${asset}`).join())
		fail(where, `states ${calls.length} calls that freeze, where ${due.length} end points are in contracts that are known to`);
	for (const { account, asset, contract, freezes, data, frozen, height } of calls) {
		const known = freezingOf(account, asset);
		if (known === undefined) continue;
		const selector = toHex(keccak_256(new TextEncoder().encode(known.freezes)).subarray(0, SELECTOR_BYTES));
		const expected = `0x${selector}${known.digits.padStart(WORD_DIGITS, "0")}`;
		if (contract !== shownContract(asset)) fail(where, `${account}: would be frozen by ${contract}, which is not the contract of ${asset}`);
		if (freezes !== known.freezes) fail(where, `${account}: ${asset} freezes by ${known.freezes}, not by ${freezes}`);
		if (data !== expected) fail(where, `${account}: the call that freezes it is ${expected}, not ${data}`);
		if ((height === undefined) !== (frozen === "not asked"))
			fail(where, `${account}: does not say at which block it was asked whether it is frozen`);
	}
}
