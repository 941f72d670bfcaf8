import { accountId, callPath, nativeAsset, parseChainId, placeBlock, type TransferRecord, unnamedBlock } from "@clew/core";
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { inCausalOrder, type Movement } from "../fuzz/places.js";

const CHAIN = parseChainId("eip155:1");
const party = (n: number) => accountId(CHAIN, `0x${String(n).padStart(40, "0")}`);
const asset = nativeAsset(CHAIN);

const calls = fc.uniqueArray(
	fc.record({ from: fc.integer({ min: 1, max: 6 }), to: fc.integer({ min: 1, max: 6 }), amount: fc.integer({ min: 1, max: 2 }) }),
	{ selector: ({ from, to, amount }) => `${from} ${to} ${amount}`, minLength: 2, maxLength: 12 },
);

test.prop([calls, fc.array(fc.option(fc.integer({ min: 0, max: 99 })), { minLength: 12, maxLength: 12 })], { numRuns: 3_000 })(
	"calls without an index stand as the documented order has them, whatever cycles they are in and whichever of them are told",
	(list, steps) => {
		const paths = steps.map((step, i) => (step === null ? undefined : step * 100 + i));
		const record = ({ from, to, amount }: (typeof list)[number], i: number): TransferRecord => ({
			kind: "internal",
			from: party(from),
			to: party(to),
			asset,
			amount: BigInt(amount),
			...(paths[i] === undefined ? {} : { callPath: callPath("trace", `${paths[i]}`) }),
		});
		const movement = ({ from, to, amount }: (typeof list)[number], i: number): Movement => ({
			from: party(from),
			to: party(to),
			asset,
			amount,
			paths: { etl: paths[i] === undefined ? [] : [paths[i]], explorer: [] },
		});
		const [placed] = placeBlock([{ hash: unnamedBlock(1), height: 1, transfers: list.map(record) }]);
		const words = ({ from, to, amount }: { from: string; to: string; amount: number | bigint }) => `${from} ${to} ${amount}`;
		expect(placed?.transfers.map(({ transfer }) => words(transfer))).toEqual(inCausalOrder(list.map(movement)).map(words));
	},
);
