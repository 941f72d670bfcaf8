import { type AccountId, accountId, displayAddress, evmChainId, fill, mulberry32, TRON_MAINNET } from "@clew/core";
import type { Messages } from "../messages/en.js";

export const CHANNELS = ["wallet", "chat", "mail", "phone", "site"] as const satisfies readonly (keyof Messages["drill"]["channels"])[];
export type Channel = (typeof CHANNELS)[number];

/** What reaches a person, whether it is a trap, and the sign that tells. */
export interface Scene {
	readonly channel: Channel;
	readonly text: readonly string[];
	readonly trap: boolean;
	readonly why: string;
}

/** Draws whole numbers and what is made of them; the same seed draws the same. */
export interface Draw {
	/** Below `below`. */
	number(below: number): number;
	of<T>(items: readonly T[]): T;
	shuffled<T>(items: readonly T[]): T[];
}

export function drawing(seed: number): Draw {
	const next = mulberry32(seed);
	const number = (below: number) => next() % below;
	return {
		number,
		of: (items) => items[number(items.length)] as (typeof items)[number],
		shuffled(items) {
			const all = [...items];
			for (let i = all.length - 1; i > 0; i--) {
				const j = number(i + 1);
				[all[i], all[j]] = [all[j] as (typeof all)[number], all[i] as (typeof all)[number]];
			}
			return all;
		},
	};
}

const HEX = "0123456789abcdef";
const ADDRESS_DIGITS = 40;
/** Digits that a made-up look-alike shares at each end, as those that are sent to people do. */
const SHARED = 4;
/** Tokens, for which permissions can be given. */
const STABLE = ["USDT", "USDC", "DAI"] as const;
const TOKENS = [...STABLE, "ETH"] as const;

function digits(draw: Draw, count: number): string {
	return Array.from({ length: count }, () => HEX[draw.number(HEX.length)]).join("");
}

/** A mainnet address as wallets show it, with its checksum. Nobody's: drawn. */
function evmAddress(hex: string): string {
	return displayAddress(`${evmChainId(1)}:0x${hex}` as AccountId);
}

/** Another address that begins and ends as a given one. */
function lookAlike(draw: Draw, hex: string): string {
	const middle = digits(draw, ADDRESS_DIGITS - 2 * SHARED);
	const own = hex.slice(SHARED, -SHARED);
	return `${hex.slice(0, SHARED)}${middle === own ? [...middle].reverse().join("") : middle}${hex.slice(-SHARED)}`;
}

/** All scenes of a channel in one language, with what is drawn for them. */
export function scenesOf(channel: Channel, words: Messages["drill"], draw: Draw): Scene[] {
	return channel === "wallet" ? walletScenes(words, draw) : toldScenes(channel, words, draw);
}

function toldScenes(channel: Exclude<Channel, "wallet">, words: Messages["drill"], draw: Draw): Scene[] {
	const scene =
		(trap: boolean) =>
		([text, why]: readonly [string, string]): Scene => {
			const facts = someFacts(draw);
			return { channel, trap, text: [fill(text, facts)], why: fill(why, facts) };
		};
	const { traps, fine } = words[channel];
	return [...traps.map(scene(true)), ...fine.map(scene(false))];
}

const HASH_DIGITS = 64;
const MINUTES = 60;
const HOURS = 24;

function someFacts(draw: Draw): Record<string, string> {
	const two = (n: number) => String(n).padStart(2, "0");
	const token = draw.of(TOKENS);
	const whole = 50 + draw.number(4_950);
	return {
		token,
		amount: `${whole} ${token}`,
		fee: `${Math.max(5, Math.floor(whole / 10))} ${token}`,
		address: evmAddress(digits(draw, ADDRESS_DIGITS)),
		hash: `0x${digits(draw, HASH_DIGITS)}`,
		number: String(10_000 + draw.number(90_000)),
		times: String(3 + draw.number(20)),
		time: `${two(draw.number(HOURS))}:${two(draw.number(MINUTES))}`,
	};
}

function walletScenes(words: Messages["drill"], draw: Draw): Scene[] {
	const { wallet } = words;
	const make = (trap: boolean, why: string, text: readonly string[], more: Readonly<Record<string, string>> = {}): Scene => {
		const { amount = "", ...others } = someFacts(draw);
		// In a wallet amount and token stand apart.
		const facts = { ...others, token: draw.of(STABLE), amount: amount.split(" ")[0] ?? "", what: wallet.all, ...more };
		return { channel: "wallet", trap, text: text.map((line) => fill(line, facts)), why: fill(why, facts) };
	};
	const paid = digits(draw, ADDRESS_DIGITS);
	const whole = `${1 + draw.number(40)} ETH`;
	const pay = (hex: string) => ({ known: evmAddress(paid), address: evmAddress(hex), amount: whole });
	const { traps, fine, scenes } = wallet;
	const signer = { address: displayAddress(accountId(TRON_MAINNET, `41${digits(draw, ADDRESS_DIGITS)}`)) };
	return [
		make(true, traps.lookalike, [wallet.payHistory, wallet.pay], pay(lookAlike(draw, paid))),
		make(true, traps.unlimited, [wallet.approve]),
		make(true, traps.permit, [scenes.permit]),
		make(true, traps.delegate, [scenes.delegate]),
		make(true, traps.allNfts, [scenes.allNfts]),
		make(true, traps.signer, [scenes.signer], signer),
		make(false, fine.same, [wallet.payHistory, wallet.pay], pay(paid)),
		make(false, fine.exact, [scenes.exact]),
		make(false, fine.login, [scenes.login]),
		make(false, fine.revoke, [scenes.revoke]),
		make(false, fine.test, [scenes.test]),
		make(false, fine.own, [scenes.own]),
	];
}
