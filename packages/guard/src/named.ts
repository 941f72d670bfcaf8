import type { Action } from "./intent.js";

/** Addresses that are looked up of what is not read. */
const MAX_NAMED = { call: 200, code: 500, message: 200 } as const;
const ADDRESS = 40;
/** As many zeros at an end are a number's or an offset's, not an address's; in their place words are addresses with fewer before them. */
const NUMBER = /^0{10}|0{10}$/;
const WORD_NUMBER = /^0{14}/;
const WORD = 64;
/** Words of call data stand at multiples of 32 bytes; in calls within calls each selector moves them by four. */
const STEP = 8;
const SELECTOR = 10;

/** The addresses that call data which is not read names: words of 12 zero bytes (or 11 and the version of Tron) and 20 others. */
export function namedInCall(data: string): Action[] {
	return named("call", function* () {
		for (const { index } of data.slice(SELECTOR).matchAll(/(?=0{22}(?:00|41)[0-9a-f]{40})/g)) {
			if (index % STEP !== 0) continue;
			const digits = data.slice(SELECTOR + index + 24, SELECTOR + index + 24 + ADDRESS);
			if (!(index % WORD === 0 ? WORD_NUMBER : NUMBER).test(digits)) yield digits;
		}
	});
}

/** Those that code which makes a contract names: pushed (PUSH20), or words of its arguments; at every byte, since jumps can start there. */
export function namedInCode(code: string): Action[] {
	return named("code", function* () {
		for (const found of code.matchAll(/(?=(?:73|0{24})([0-9a-f]{40}))/g)) {
			const [, digits = ""] = found;
			if (found.index % 2 === 0 && !NUMBER.test(digits)) yield digits;
		}
	});
}

/** Those that stand anywhere in a message. */
export function namedInMessage(message: unknown): Action[] {
	return named("message", function* () {
		for (const [digits = ""] of JSON.stringify(message ?? null)
			.toLowerCase()
			.matchAll(/(?<=")0x[0-9a-f]{40}(?=")/g))
			yield digits.slice(2);
	});
}

function named(where: keyof typeof MAX_NAMED, digits: () => Iterable<string>): Action[] {
	const found = new Set<string>();
	for (const one of digits()) {
		if (found.size === MAX_NAMED[where]) return [...[...found].map((to) => naming(to, where)), { kind: "names-more", where }];
		found.add(`0x${one}`);
	}
	return [...found].map((to) => naming(to, where));
}

const naming = (to: string, where: keyof typeof MAX_NAMED): Action => ({ kind: "names", to, where });
