import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { type AccountId, type AssetId, addressOf, chainOf, tokenContract } from "../ids.js";
import { freezableToken } from "./freezable.js";
import { familyOf } from "./registry.js";

const SELECTOR_BYTES = 4;
const WORD_DIGITS = 64;

/** The call of a token's contract that freezes an account. Only its issuer's key can send it. */
export interface FreezeCall {
	readonly contract: AccountId;
	/** Its signature in Solidity, as the published source has it, such as `addBlackList(address)`. */
	readonly freezes: string;
	/** The encoded call (Solidity ABI): `0x`, four bytes of the signature's Keccak-256 hash, and the account in a word of 32 bytes. */
	readonly data: string;
}

/**
 * The call that freezes an account's holding of a token, by the token's contract and never by its symbol; undefined for a token that the
 * tables do not hold.
 */
export function freezeCall(account: AccountId, asset: AssetId): FreezeCall | undefined {
	const token = freezableToken(asset);
	const contract = tokenContract(asset);
	const digits = familyOf(chainOf(account)).keyDigits?.of(addressOf(account));
	if (token === undefined || contract === undefined || digits === undefined) return undefined;
	const { freezes } = token.form;
	const selector = bytesToHex(keccak_256(utf8ToBytes(freezes)).subarray(0, SELECTOR_BYTES));
	return { contract, freezes, data: `0x${selector}${digits.padStart(WORD_DIGITS, "0")}` };
}
