import { base58check, base58Version } from "../encoding/base58.js";
import { concat } from "../encoding/bytes.js";

/** How a network writes addresses, by its CAIP-2 id (chain parameters of Bitcoin Core). */
export interface Network {
	readonly pubKeyHash: number;
	readonly scriptHash: number;
	readonly hrp: string;
}
const TEST = { pubKeyHash: 0x6f, scriptHash: 0xc4 };
/** By the reference of the network's id. */
export const NETWORKS: Readonly<Record<string, Network>> = {
	"000000000019d6689c085ae165831e93": { pubKeyHash: 0x00, scriptHash: 0x05, hrp: "bc" },
	"000000000933ea01ad0ee984209779ba": { ...TEST, hrp: "tb" },
	"00000000da84f2bafbbc53dee25a72ae": { ...TEST, hrp: "tb" },
	"00000008819873e925422c1ff0f99f7c": { ...TEST, hrp: "tb" },
	"0f9188f13cb7b2c71f2a335e3a4fc328": { ...TEST, hrp: "bcrt" },
};

const BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
/** BIP 173 for version 0, BIP 350 above. */
const CHECK = { bech32: 1, bech32m: 0x2bc830a3 };
const CHECK_LETTERS = 6;
const MAX_VERSION = 16;
/** BIP 141: a program has 2 to 40 bytes, of version 0 20 or 32. */
const PROGRAM = { least: 2, most: 40, ofZero: [20, 32] } as const;

/** The address of a hash of 20 bytes in the older form. */
export function base58(version: number, hash: Uint8Array): string {
	return base58check(concat(new Uint8Array([version]), hash));
}

/** The address of a segwit program. */
export function segwit(hrp: string, version: number, program: Uint8Array): string {
	const words = [version, ...fiveBits(program)];
	const expanded = [...[...hrp].map((c) => c.charCodeAt(0) >> 5), 0, ...[...hrp].map((c) => c.charCodeAt(0) & 31)];
	const check = polymod([...expanded, ...words, 0, 0, 0, 0, 0, 0]) ^ (version === 0 ? CHECK.bech32 : CHECK.bech32m);
	const sum = [0, 1, 2, 3, 4, 5].map((i) => (check >> (5 * (5 - i))) & 31);
	return `${hrp}1${[...words, ...sum].map((word) => BECH32[word]).join("")}`;
}

/** True for an address of a network in its one form, with its right checksum. */
export function isAddress(text: string, { hrp, pubKeyHash, scriptHash }: Network): boolean {
	const version = base58Version(text);
	return version === undefined ? isSegwit(text, hrp) : version === pubKeyHash || version === scriptHash;
}

function isSegwit(text: string, hrp: string): boolean {
	if (!text.startsWith(`${hrp}1`)) return false;
	const words = [...text.slice(hrp.length + 1, -CHECK_LETTERS)].map((letter) => BECH32.indexOf(letter));
	const [version = -1, ...rest] = words;
	if (words.includes(-1) || version < 0 || version > MAX_VERSION) return false;
	const program = eightBits(rest);
	const { least, most, ofZero } = PROGRAM;
	const fits = version === 0 ? (ofZero as readonly number[]).includes(program.length) : program.length >= least && program.length <= most;
	return fits && segwit(hrp, version, program) === text;
}

function fiveBits(bytes: Uint8Array): number[] {
	return regrouped(bytes, 8, 5, true);
}

function eightBits(words: readonly number[]): Uint8Array {
	return Uint8Array.from(regrouped(words, 5, 8, false));
}

/** Numbers of so many bits each as numbers of others; bits that are left over fill one more, or are dropped. */
function regrouped(numbers: Iterable<number>, from: number, to: number, fill: boolean): number[] {
	const found: number[] = [];
	const mask = (1 << to) - 1;
	let [held, bits] = [0, 0];
	for (const number of numbers) {
		held = ((held << from) | number) & 0xffff;
		bits += from;
		while (bits >= to) {
			bits -= to;
			found.push((held >> bits) & mask);
		}
	}
	if (fill && bits > 0) found.push((held << (to - bits)) & mask);
	return found;
}

function polymod(values: readonly number[]): number {
	let check = 1;
	for (const value of values) {
		const top = check >> 25;
		check = ((check & 0x1ffffff) << 5) ^ value;
		for (const [i, factor] of GENERATOR.entries()) if ((top >> i) & 1) check ^= factor;
	}
	return check;
}
