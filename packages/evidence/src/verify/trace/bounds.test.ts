import { UNINDEXED_TX_BASE } from "@clew/core";
import { testTransfer } from "@clew/core/testing";
import { expect, it } from "vitest";
import type { Trace } from "../bundle/formats.js";
import { complaintsOf, failuresOf, smallBundle, smallTrace } from "../bundle.test-util.js";
import { checkBounds, leastOf } from "./bounds.js";

it("a seed's range holds what each rule marks, and no more than the movement", () => {
	const found = (range: readonly [string, string] | undefined, seeded = { fifo: "300", lifo: "700" }) => {
		const failures: string[] = [];
		const seeds = [{ rows: [{ amount: "1000", seeded, ...(range === undefined ? {} : { range }) }] }];
		checkBounds({ seeds, edges: [], leaves: [], coverage: { gaps: [] } } as unknown as Trace, (_, what) => failures.push(what));
		return failures;
	};
	for (const honest of [undefined, ["300", "700"], ["0", "1000"]] as const) expect(found(honest)).toEqual([]);
	expect(found(["0", "999999"])).toEqual(["its range goes to 999999 of 1000"]);
	for (const narrow of [
		["301", "700"],
		["300", "699"],
		["700", "300"],
	] as const)
		expect(found(narrow)).toEqual(["its range leaves out what a rule marks"]);
	expect(found(undefined, { fifo: "1001", lifo: "0" })).toEqual(["its range goes to 1001 of 1000"]);
});

it("a range that says what the rules say is none of its own, as where all is paid away in one block of an open order", async () => {
	const at = (i: number) => [2, UNINDEXED_TX_BASE + i, 1] as const;
	const paid = [testTransfer([1, 0, 1], 0, 1, 10n), testTransfer(at(0), 1, 2, 6n), testTransfer(at(1), 1, 3, 4n)];
	const result = await smallTrace({}, paid);
	expect(result.edges.map(({ range }) => range)).toContainEqual(["6", "6"]);
	expect(await failuresOf(await smallBundle(result))).toEqual([]);
	const own = complaintsOf(result as unknown as Trace, ({ edges }) => Object.assign(edges[1] ?? {}, { range: ["5", "6"] }));
	expect(own).toContainEqual(expect.stringContaining("edge 2: has a range of its own, and no gap says"));
});

it("adds up end points rule by rule where they are exact, and their bounds where they are open", () => {
	const point = (fifo: string, lifo: string, open: boolean) => ({
		amounts: { fifo, lifo },
		range: ["0", "10"] as const,
		...(open ? { open: true as const } : {}),
	});
	expect(leastOf([point("10", "0", false), point("0", "10", false)])).toBe(10n);
	expect(leastOf([point("10", "0", true), point("0", "10", true)])).toBe(0n);
});
