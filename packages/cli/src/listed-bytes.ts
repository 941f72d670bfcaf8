import { type AccountId, addressOf, type ChainId, chainOf, knownFamily } from "@clew/core";
import type { LabelLibrary } from "@clew/graph-store/label-library";

/** Digits of an address where accounts are 20 bytes: EVM chains and Tron. */
const DIGITS = 40;
const BYTES = DIGITS / 2;
/** Bits of an address that are looked at first: few addresses share so many, and one bit for each has room. */
const FIRST_BITS = 27;
const WORD_BITS = 32;
const BITS_OF_BYTE = 8;

/** Where in bytes a listed address may stand, found by one step a byte, whatever the number of labels; 16 MB. */
export class ListedBytes {
	private readonly library: LabelLibrary;
	private readonly bits = new Uint8Array(2 ** FIRST_BITS / BITS_OF_BYTE);
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
			if (!this.has(bytes.readUInt32BE(at))) continue;
			const digits = bytes.toString("hex", at, at + BYTES);
			if (seen.has(digits)) continue;
			seen.add(digits);
			yield digits;
		}
	}

	private has(first: number): boolean {
		const bit = first >>> (WORD_BITS - FIRST_BITS);
		return ((this.bits[bit >>> 3] as number) & (1 << (bit & 7))) !== 0;
	}

	/** A list may be brought up to date meanwhile. */
	private renew(): void {
		const newest = this.library
			.lists()
			.map(({ id }) => id)
			.join();
		if (newest === this.newest) return;
		this.newest = newest;
		this.bits.fill(0);
		for (const subject of this.library.dangers()) {
			const digits = digitsOf(subject);
			if (digits === undefined) continue;
			const bit = Number.parseInt(digits.slice(0, BITS_OF_BYTE), 16) >>> (WORD_BITS - FIRST_BITS);
			this.bits[bit >>> 3] = (this.bits[bit >>> 3] as number) | (1 << (bit & 7));
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
