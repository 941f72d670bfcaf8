import type { Trace } from "../bundle/formats.js";
import { ledgerOf } from "../chain-family/registry.js";
import type { Fail } from "../failure.js";
import { isBackward } from "./as-forward.js";

/** The parameters that only a trace of one direction states; backward it reads down to a block, forward up to one. */
const OF_BACKWARD = ["readFrom"];
const OF_FORWARD = ["until"];
/** What an account had when a block was over: behind all that a block can hold. */
const END_OF_BLOCK = "16383.65535";
const BALANCE = /^account:([^@]+)@(0|[1-9][0-9]{0,9})$/;

/** The account and the block of a seed that asks about a balance; undefined for another. */
export function balanceOf(spec: string): { readonly account: string; readonly height: string } | undefined {
	const [, account, height] = BALANCE.exec(spec) ?? [];
	return account === undefined || height === undefined ? undefined : { account, height };
}

/** Where such a balance stands. */
export function endOfBlock(height: string): string {
	return `${height}.${END_OF_BLOCK}`;
}

/**
 * A trace goes one way in all that it says: backward its parameters name the direction, balances stand at the end of their blocks, no money
 * comes out of passages, and only the last of a transaction is a fee; forward no seed is a balance.
 */
export function checkDirection(trace: Trace, fail: Fail): void {
	const { chain, seeds, parameters, passages = [] } = trace;
	const backward = isBackward(trace);
	if ((parameters["direction"] === "backward") !== backward) fail("trace.json", "goes another way than its parameter direction says");
	for (const name of backward ? OF_FORWARD : OF_BACKWARD)
		if (parameters[name] !== undefined) fail("trace.json", `goes ${backward ? "back in time" : "forward"}, and states ${name}`);
	const overOutputs = ledgerOf(chain) === "outputs";
	for (const [i, { spec, rows }] of seeds.entries()) {
		const where = `trace.json seed ${i + 1}`;
		const balance = balanceOf(spec);
		if (spec.startsWith("account:") && (balance !== undefined) !== backward)
			fail(where, backward ? "asks about an account, and names no block" : "asks about a balance, and the trace goes forward");
		const held = backward && !overOutputs ? balance : undefined;
		for (const { position, txHash } of rows) {
			if (held !== undefined && position !== endOfBlock(held.height))
				fail(where, `marks something at ${position}, and asks about the end of block ${held.height}`);
			if ((txHash === "") !== (held !== undefined)) fail(where, "names the transaction of a balance, or none of a movement");
		}
	}
	if (!backward) return;
	if (parameters["passages"] !== "not looked for")
		fail("trace.json", "goes back in time, and does not say that passages were not looked for");
	if (
		passages.length > 0 ||
		seeds.some(({ spec, rows }) => spec.startsWith("passage:") || rows.some(({ passage }) => passage !== undefined))
	)
		fail("trace.json", "goes back in time, and through passages");
	if (!["last", undefined].includes(parameters["fee"])) fail("trace.json", `goes back in time, with fees ${parameters["fee"]}`);
	if ((parameters["seedSince"] ?? "0") !== "0") fail("trace.json", "goes back in time, and marks only arrivals from a block on");
}
