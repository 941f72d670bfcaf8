import { expect, it } from "vitest";
import type { Trace } from "../bundle/formats.js";
import { checkBounds } from "./bounds.js";

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
