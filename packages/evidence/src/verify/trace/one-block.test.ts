import { expect, it } from "vitest";
import { checkOneBlock } from "./one-block.js";

it("a transaction stands in one block, but for what blocks pay by themselves", () => {
	const found = (...movements: [position: string, txHash: string, kind?: string][]) => {
		const failures: string[] = [];
		const told = movements.map(([position, txHash, kind = "native"]) => ({ position, txHash, kind }));
		checkOneBlock(
			told,
			(i) => `movement ${i}`,
			(where, what) => failures.push(`${where}: ${what}`),
		);
		return failures;
	};
	expect(found(["1.0.1", "a"], ["1.0.2", "a"], ["2.0.1", "b"])).toEqual([]);
	expect(found(["1.0.1", "a"], ["2.0.1", "a"])).toEqual(["movement 1: is of transaction a in block 2, which stands in block 1"]);
	expect(found(["1.0.1", "a", "reward"], ["2.0.1", "a", "reward"])).toEqual([]);
});
