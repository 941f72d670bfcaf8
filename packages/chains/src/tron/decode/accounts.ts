import {
	type AccountId,
	type AssetId,
	type ChainId,
	InputError,
	nativeAsset,
	parseAsset,
	tokenAsset,
	tronAddress,
	trustedAccountId,
} from "@clew/core";

const ADDRESS_BYTES = 21;
const DIGITS = 40;
const VERSION = "41";
const WORD_DIGITS = 64;
/** Words of arguments may carry the version byte before the 20 bytes of an address, which contracts ignore. */
const PADDING = /^0{22}(?:00|41)$/;

/** Accounts and assets of a chain from the bytes that its messages hold; each address is written in base58 once. */
export class Addresses {
	readonly chain: ChainId;
	readonly coin: AssetId;
	private readonly known = new Map<string, AccountId>();

	constructor(chain: ChainId) {
		this.chain = chain;
		this.coin = nativeAsset(chain);
	}

	/** The account of 21 bytes, or of the 20 behind the version. Throws InputError for other lengths and versions. */
	account(bytes: Buffer | undefined, what: string): AccountId {
		const hex = bytes?.toString("hex") ?? "";
		const digits = hex.length === DIGITS ? hex : hex.startsWith(VERSION) && hex.length === 2 * ADDRESS_BYTES ? hex.slice(2) : undefined;
		if (digits === undefined)
			throw new InputError(`${what} is ${hex === "" ? "empty" : `0x${hex.slice(0, 2 * ADDRESS_BYTES)}`}: no address of Tron`);
		return this.ofDigits(digits);
	}

	/** The account of a word of 32 bytes in hex; undefined for one that is no address. */
	ofWord(word: string): AccountId | undefined {
		const digits = word.slice(WORD_DIGITS - DIGITS);
		return word.length === WORD_DIGITS && PADDING.test(word.slice(0, WORD_DIGITS - DIGITS)) ? this.ofDigits(digits) : undefined;
	}

	/** A TRC-10 token by the bytes of its number, as text; undefined for one that is named otherwise, as tokens were at first. */
	trc10(id: Buffer | string): AssetId | undefined {
		const text = id.toString();
		return /^1[0-9]{6,8}$/.test(text) ? parseAsset(text, this.chain) : undefined;
	}

	/** A TRC-20 token by its contract. */
	trc20(contract: AccountId): AssetId {
		return tokenAsset(this.chain, contract.slice(this.chain.length + 1));
	}

	private ofDigits(digits: string): AccountId {
		let account = this.known.get(digits);
		if (account === undefined) {
			account = trustedAccountId(this.chain, tronAddress(digits));
			this.known.set(digits, account);
		}
		return account;
	}
}
