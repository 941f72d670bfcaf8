import type { Coverage } from "@clew/core";
import { TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { expect, it } from "vitest";
import type { CaseFacts } from "./facts.js";
import { readAgain, unshownInWords } from "./replay-coverage.js";

const claim = (account: number | undefined, fromHeight: number, toHeight: number, source = "file:a"): Coverage => ({
	chain: TEST_CHAIN,
	...(account === undefined ? {} : { account: testAccount(account) }),
	fromHeight,
	toHeight,
	kinds: ["native"],
	source,
	note: "",
});
const rows = [testTransfer([10], 1, 2, 5n), testTransfer([20], 1, 3, 5n)].map((t, i) => ({
	...t,
	source: i === 0 ? "file:a,file:b" : "file:a",
}));
const again = (claimed: readonly Coverage[], shown: readonly Coverage[]) => {
	const store = { info: { chain: TEST_CHAIN }, coverage: async () => shown, scan: async () => rows };
	return readAgain(store as never, { coverage: claimed } as CaseFacts, new Set(["file:a", "file:b"]));
};

it("what files cover, imported again, bears out what was read: of whole chains, in pieces that touch, and of no other account", async () => {
	expect(await again([claim(1, 5, 30)], [claim(1, 0, 15, "file:x"), claim(1, 16, 40)])).toEqual({ unshown: [], wrong: undefined });
	expect(await again([claim(1, 5, 30)], [claim(undefined, 0, 40)])).toEqual({ unshown: [], wrong: undefined });
	expect((await again([claim(1, 5, 30)], [claim(1, 0, 15), claim(1, 17, 40)])).unshown).toHaveLength(1);
	expect((await again([claim(undefined, 5, 30)], [claim(1, 0, 40)])).unshown).toHaveLength(1);
});

it("a claim is wrong whose file has a row that is not of its account; of equal files, and of files without rows, nobody can tell", async () => {
	expect((await again([claim(3, 5, 30)], [claim(1, 0, 40)])).wrong).toMatch(/file:a tells the native transfers of .*4, and not every row/);
	expect((await again([claim(2, 5, 30, "file:b")], [])).wrong).toBeUndefined();
	expect((await again([claim(9, 5, 30, "file:none")], [])).wrong).toBeUndefined();
});

it("each account is named of which no file shows what was read: first those of which the trace says most", () => {
	const none = { leaves: [], edges: [] };
	expect(unshownInWords([], none)).toEqual([]);
	expect(unshownInWords([claim(undefined, 1, 2), claim(1, 1, 2), { ...claim(1, 3, 4), kinds: ["internal"] }], none)).toEqual([
		"that 1 range of blocks was read whole",
		`that histories were read which no file shows to be whole: internal and native transfers of ${testAccount(1)}`,
	]);
	const trace = { leaves: [{ account: testAccount(77) }], edges: [{ from: testAccount(76), to: testAccount(77) }] };
	const [said = ""] = unshownInWords(
		Array.from({ length: 80 }, (_, i) => claim(i, 1, 2)),
		trace as never,
	);
	expect(said).toMatch(new RegExp(`whole: native transfers of ${testAccount(77)}; native transfers of ${testAccount(76)};`));
	expect(said).toContain("those of 30 more accounts");
});
