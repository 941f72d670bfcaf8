import { type AccountId, addressOf, type ChainId, chainOf, knownFamily } from "@clew/core";
import type { LabelLibrary } from "@clew/graph-store/label-library";

/** Digits of an address where accounts are 20 bytes: EVM chains and Tron. */
const DIGITS = 40;
const BYTES = DIGITS / 2;
/**
 * Bits of each of the first two words of an address that are looked at first: 4 MB, or 8 MB where lists are long. Of a million listed
 * addresses one place in a thousand then seems to hold one, and is looked up.
 */
const WORD_KEY = { few: 24, many: 25 } as const;
const WORD_BYTES = 4;
const WORD_DIGITS = 8;
const MANY = 100_000;
const WORD_BITS = 32;
const BITS_OF_BYTE = 8;

/** Where in bytes a listed address may stand, found by one step a byte, whatever the number of labels. */
export class ListedBytes {
	private readonly library: LabelLibrary;
	private first = new Uint8Array();
	private second = new Uint8Array();
	private shift = 0;
	private newest = "";

	constructor(library: LabelLibrary) {
		this.library = library;
		this.renew();
	}

	/** Digits of addresses that may be listed, where they stand in hex digits; each once. */
	*candidates(hex: string): IterableIterator<string> {
		this.renew();
		const bytes = Buffer.from(hex, "hex");
		const seen = new Set<string>();
		for (let at = 0; at + BYTES <= bytes.length; at++) {
			if (!this.has(this.first, bytes.readUInt32BE(at)) || !this.has(this.second, bytes.readUInt32BE(at + WORD_BYTES))) continue;
			const digits = bytes.toString("hex", at, at + BYTES);
			if (seen.has(digits)) continue;
			seen.add(digits);
			yield digits;
		}
	}

	private has(bits: Uint8Array, word: number): boolean {
		const bit = word >>> this.shift;
		return ((bits[bit >>> 3] as number) & (1 << (bit & 7))) !== 0;
	}

	private add(bits: Uint8Array, word: number): void {
		const bit = word >>> this.shift;
		bits[bit >>> 3] = (bits[bit >>> 3] as number) | (1 << (bit & 7));
	}

	/** A list may be brought up to date meanwhile. */
	private renew(): void {
		const lists = this.library.lists();
		const newest = lists.map(({ id }) => id).join();
		if (newest === this.newest) return;
		this.newest = newest;
		const key = lists.reduce((sum, { rows }) => sum + rows, 0) > MANY ? WORD_KEY.many : WORD_KEY.few;
		this.shift = WORD_BITS - key;
		this.first = new Uint8Array(2 ** key / BITS_OF_BYTE);
		this.second = new Uint8Array(2 ** key / BITS_OF_BYTE);
		for (const subject of this.library.dangers()) {
			const digits = digitsOf(subject);
			if (digits === undefined) continue;
			this.add(this.first, Number.parseInt(digits.slice(0, WORD_DIGITS), 16));
			this.add(this.second, Number.parseInt(digits.slice(WORD_DIGITS, 2 * WORD_DIGITS), 16));
		}
	}
}

/** Undefined for subjects that are no accounts, or no accounts of 20 bytes. */
function digitsOf(subject: string): string | undefined {
	if (/0x[0-9a-f]{40}$/.test(subject)) return subject.slice(-DIGITS);
	const account = subject as AccountId;
	const digits = subject.includes(":") && !subject.startsWith("domain:") ? keyDigits(chainOf(account))?.of(addressOf(account)) : undefined;
	return digits?.length === DIGITS ? digits : undefined;
}

const keyDigits = (chain: ChainId) => knownFamily(chain)?.keyDigits;

/** An address of a chain by its 20 bytes; undefined where its accounts are no such. */
export function addressOfDigits(chain: ChainId, digits: string): string | undefined {
	return keyDigits(chain)?.address(digits);
}
