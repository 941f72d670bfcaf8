import { describe, expect, it } from "vitest";
import { BITCOIN, ETHEREUM, evmHeaderOf, type Loose, madeEvm, realBitcoin } from "../blocks.test-util.js";
import type { BitcoinProof, Proof } from "../bundle/formats.js";
import { bytesOf, fromHex } from "../encoding/bytes.js";
import { canonical } from "../encoding/canonical.js";
import { answeredBlocks, checkAnswered } from "./answered.js";
import { anchor, provenBlocks, type TrustedHeader, unanchoredAnswers } from "./proofs.js";

/** A block by its header alone. */
const made = (height: number, parent: string, time = 16) => {
	const fields = { 0: fromHex(parent.slice(2)), 8: Uint8Array.of(height), 11: Uint8Array.of(time) };
	return { height, parent, proof: { ...madeEvm({ fields }), height: String(height) }, ...evmHeaderOf(fields) };
};
type Made = Pick<ReturnType<typeof made>, "height" | "parent" | "hash">;
const four = made(4, `0x${"e".repeat(64)}`);
const five = made(5, four.hash);
const six = made(6, five.hash);
const invented = made(5, four.hash, 17);

const answer = ({ height, parent, hash }: Made) => {
	const block = { number: `0x${height.toString(16)}`, hash, parentHash: parent };
	return canonical({ answers: { schema: "clew.answers/1", height: String(height), block } });
};
const linesOf = (lines: readonly string[]) => bytesOf(lines.map((line) => `${line}\n`).join(""));
const trust = ({ height, hash }: Made, chain = ETHEREUM): TrustedHeader => ({ chain, height, hash, by: "you trust" });

function look(answers: readonly string[], proofs: readonly unknown[] = [], trusted: readonly TrustedHeader[] = [], chain = ETHEREUM) {
	const found: string[] = [];
	const fail = (where: string, what: string) => void found.push(`${where}: ${what}`);
	const files = new Map([
		["answers/00001.jsonl", linesOf(answers)],
		["proofs/00001.jsonl", linesOf(proofs.map(canonical))],
	]);
	const blocks = provenBlocks(
		proofs.map((proof) => ({ proof: proof as Proof, where: "proof" })),
		chain,
		fail,
	);
	const answered = answeredBlocks(files, fail);
	checkAnswered(answered, blocks, chain, trusted, fail);
	return { found, answered, files };
}

describe("blocks of answers/", () => {
	// The roots of a proof make another hash than the header alone.
	const proofOf = ({ height, parent }: Made, time = 16) =>
		madeEvm({ fields: { 0: fromHex(parent.slice(2)), 8: Uint8Array.of(height), 11: Uint8Array.of(time) } });
	const proven = { ...proofOf(five), height: "5" };

	it("are read as they state themselves, and what is none is left to a replay", () => {
		const { found, answered } = look([answer(four), answer(five), canonical({ answers: { schema: "toy/1" } }), "{}"]);
		expect(found).toEqual([]);
		expect(answered).toMatchObject([
			{ height: 4, hash: four.hash, parent: four.parent },
			{ height: 5, hash: five.hash },
		]);
		expect(look([answer(four).replace('"height":"4"', '"height":"5"')]).found).toEqual([
			"answers/00001.jsonl line 1: is of block 5, and its block is 4",
		]);
	});

	it("are one of a height with proofs, with each other, and with headers that the reader trusts", () => {
		expect(look([answer(five), answer(five)]).found).toEqual([]);
		expect(look([answer(five), answer(invented)]).found).toEqual([
			`answers/00001.jsonl line 2: block 5 has hash ${invented.hash} here, but ${five.hash} is that of answers/00001.jsonl line 1`,
		]);
		expect(look([answer(five)], [proven]).found).toEqual([
			`answers/00001.jsonl line 1: block 5 has hash ${five.hash} here, but ${proven.hash} is what is proven here`,
		]);
		expect(look([answer({ ...five, hash: proven.hash })], [proven]).found).toEqual([]);
		expect(look([answer(invented)], [], [trust(five)]).found).toEqual([
			`answers/00001.jsonl line 1: block 5 has hash ${invented.hash} here, but ${five.hash} is what you trust`,
		]);
		expect(look([answer(invented)], [], [trust(five, "eip155:10")]).found).toEqual([]);
		expect(look([answer(five), answer({ ...five, height: 9 })]).found).toEqual([expect.stringContaining("at height 9 and at height 5")]);
	});

	it("are children of the block of the height before, whoever shows that one", () => {
		expect(look([answer(four), answer(five), answer(six)]).found).toEqual([]);
		const wrong = (hash: string, is: string) => [`block 6: names ${five.hash} as its parent, but ${hash} is ${is} of block 5`];
		expect(look([answer(invented), answer(six)]).found).toEqual(wrong(invented.hash, "that of answers/00001.jsonl line 1"));
		expect(look([answer(six)], [proven]).found).toEqual(wrong(proven.hash, "what is proven here"));
		expect(look([answer(six)], [], [trust(invented)]).found).toEqual(wrong(invented.hash, "what you trust"));
		const child = { ...proofOf({ ...six, parent: `0x${"7".repeat(64)}` }), height: "6" };
		expect(look([], [proven, child]).found).toEqual([expect.stringMatching(/^block 6: names 0x7+ as its parent, but .* is proven here/)]);
	});

	it("lead to a header that the reader trusts where one of their chain is demanded", () => {
		const { files } = look([answer(four), answer(five), answer(six)]);
		const left = (...trusted: TrustedHeader[]) => unanchoredAnswers(files, ETHEREUM, trusted);
		expect(left()).toEqual([]);
		expect(left(trust(six, "eip155:10"))).toEqual([]);
		expect(left(trust(six))).toEqual([]);
		expect(left(trust(five))).toEqual([6]);
		expect(left(trust(four), trust(six))).toEqual([]);
		expect(left({ ...trust(six), height: 7 })).toEqual([4, 5, 6]);
		expect(unanchoredAnswers(look([answer(four), answer(invented)]).files, ETHEREUM, [trust(four), trust(six)])).toEqual([5]);
	});

	it("of Bitcoin hash to what they state", async () => {
		const [at, above] = (await realBitcoin("blocks-1-256.dat", [170, 171], 1)) as [Loose<BitcoinProof>, Loose<BitcoinProof>];
		const line = ({ height, hash, header }: BitcoinProof, rest = {}) =>
			canonical({ answers: { schema: "clew.answers.bitcoin/1", height, hash, raw: `${header}00`, ...rest } });
		expect(look([line(at), line(above)], [at], [trust({ ...five, height: 171, hash: above.hash }, BITCOIN)], BITCOIN).found).toEqual([]);
		expect(look([line(at, { hash: above.hash })], [], [], BITCOIN).found).toEqual([expect.stringContaining("and it states another")]);
	});
});

describe("a demanded header", () => {
	it("is demanded of every proven block, be rows about it or not", () => {
		const fields = (height: number, time: number) => ({ fields: { 8: Uint8Array.of(height), 11: Uint8Array.of(time) } });
		const [real, other] = [{ ...madeEvm(fields(5, 16)) }, { ...madeEvm(fields(7, 17)), height: "7" }];
		const proofs = [real, other].map((proof) => ({ proof: proof as Proof, where: "proof" }));
		const found: string[] = [];
		const blocks = provenBlocks(proofs, ETHEREUM, (where, what) => found.push(`${where}: ${what}`));
		const look = (...trusted: TrustedHeader[]) => {
			found.length = 0;
			anchor(new Map(), blocks, trusted, ETHEREUM, (where, what) => found.push(`${where}: ${what}`));
			return [...found];
		};
		const known: TrustedHeader = { chain: ETHEREUM, height: 5, hash: real.hash, by: "you trust" };
		expect(look()).toEqual([]);
		expect(look({ ...known, chain: "eip155:10" })).toEqual([]);
		expect(look(known)).toEqual(["block 7: is proven here, and does not lead to a header that you trust"]);
		expect(look(known, { ...known, height: 7, hash: other.hash })).toEqual([]);
	});
});
