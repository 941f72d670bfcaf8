import type { Call } from "./calls.js";

/**
 * Calls of Safe's `multiSend`: kind (1 byte), target, value, length of the data and the data. Undefined where they are more than `most`,
 * or do not end with the text.
 */
export function packedCalls(packed: string, from: string | undefined, most: number): Call[] | undefined {
	const calls: Call[] = [];
	for (let rest = packed.slice(2); rest !== ""; ) {
		const [head, kind, to, value, length] = /^0([01])(.{40})(.{64})0{56}(.{8})/.exec(rest) ?? [];
		if (head === undefined) return undefined;
		const end = head.length + 2 * Number.parseInt(length as string, 16);
		if (rest.length < end || calls.length === most) return undefined;
		calls.push({
			from,
			to: `0x${to}`.toLowerCase(),
			value: BigInt(`0x${value}`),
			data: `0x${rest.slice(head.length, end)}`,
			delegated: kind === "1",
		});
		rest = rest.slice(end);
	}
	return calls;
}
