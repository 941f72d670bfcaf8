import { beforeAll, describe, expect, it } from "vitest";
import {
	BITCOIN,
	bitcoinTx,
	ETHEREUM,
	evmHeaderOf,
	type Loose,
	madeBitcoin,
	madeEvm,
	NO_OUTPOINT,
	type ProvenRow,
	realBitcoin,
	realEvm,
	whyOf,
} from "../blocks.test-util.js";
import type { BitcoinProof, BundleRow, Edge, EvmProof, Proof } from "../bundle/formats.js";
import { bytesOf } from "../encoding/bytes.js";
import { canonical } from "../encoding/canonical.js";
import { anchor, provenBlocks, RowChecker, readProofs, type TrustedHeader } from "./proofs.js";

/** Runs a check, and gives its result and what it complained of. */
function complaints<T>(run: (fail: (where: string, what: string) => void) => T): { found: string[]; result: T } {
	const found: string[] = [];
	return { result: run((where, what) => found.push(`${where}: ${what}`)), found };
}

const check = (proofs: readonly unknown[], chain = ETHEREUM) =>
	complaints((fail) =>
		provenBlocks(
			proofs.map((proof, i) => ({ proof: proof as Proof, where: `proof ${i + 1}` })),
			chain,
			fail,
		),
	);

describe("the proofs of a bundle", () => {
	const one = madeEvm();
	let bitcoin: Loose<BitcoinProof>;
	beforeAll(async () => {
		[bitcoin] = (await realBitcoin("blocks-1-256.dat", [170], 1)) as [Loose<BitcoinProof>];
	});

	it("hold, each of one block of the trace's chain", () => {
		expect(check([one])).toMatchObject({ found: [] });
		expect([...check([one]).result.keys()]).toEqual([5]);
		expect(check([bitcoin], BITCOIN).found).toEqual([]);
	});

	it("are of no other chain, and neither of one height nor of one block twice", () => {
		expect(check([one], "eip155:10").found).toEqual(["proof 1: is about eip155:1, the trace about eip155:10"]);
		expect(check([one, one]).found).toEqual(["proof 2: block 5 has two proofs"]);
		expect(check([bitcoin, { ...bitcoin, height: "171" }], BITCOIN).found).toEqual(["proof 2: stands at height 171 and at height 170"]);
	});

	it("are read line by line, and what is no proof is named", () => {
		const file = (...lines: string[]) => new Map([["proofs/00001.jsonl", bytesOf(lines.map((line) => `${line}\n`).join(""))]]);
		const read = (...lines: string[]) => complaints((fail) => readProofs(file(...lines), ETHEREUM, fail)).found;
		const line = canonical(one);
		expect(read(line)).toEqual([]);
		expect(read(line, "{}")).toEqual([expect.stringMatching(/^proofs\/00001.jsonl line 2: /)]);
		expect(read(line.replace('"height"', '"heigth"'))).toEqual([expect.stringMatching(/line 1: .*canonical|line 1: .*height/)]);
		expect(read("no JSON")).toEqual([expect.stringMatching(/line 1: is not JSON/)]);
		expect(read(`${line.slice(0, -1)},"x":1}`)).toEqual([expect.stringMatching(/line 1: /)]);
	});
});

describe("rows that claim to be proven", () => {
	const { proof, rows } = realEvm(Array.from({ length: 30 }, (_, i) => i));
	const place = ({ edge }: ProvenRow) => edge.position.split(".").map(Number) as [number, number, number];
	const inOrder = [...rows].sort((a, b) => place(a)[1] - place(b)[1] || place(a)[2] - place(b)[2]);
	const row = ({ edge, log }: ProvenRow, change: Partial<Edge> = {}, tier = "proven"): BundleRow => ({
		salt: "",
		edge: { ...edge, ...change },
		known: { tier, ...whyOf(log) },
	});
	const blocks = () => check([proof]).result;
	const first = (kind: string) => inOrder.find(({ edge }) => edge.kind === kind) as ProvenRow;
	const alone = (one: BundleRow) => new RowChecker(blocks()).check(one);

	it("are, one behind the other, all of them", () => {
		const checker = new RowChecker(blocks());
		for (const one of inOrder) expect(checker.check(row(one))).toMatch(/^recomputed down to the header of block 18500000, 0x80ce6bb0/);
	});

	it.each<[string, RegExp, () => BundleRow]>([
		["in a block without a proof", /no proof of block 18500001 holds/, () => row(first("native"), { position: "18500001.0.1" })],
		[
			"at another time",
			/its time is 2020-01-01T00:00:00Z, the block's is 20/,
			() => row(first("native"), { time: "2020-01-01T00:00:00Z" }),
		],
		["at no time", /its time is not stated/, () => row(first("native"), { time: "" })],
		["with an exchange", /states an exchange/, () => row(first("native"), { into: { asset: "x", amount: "1", tainted: {} } })],
		["at another place of the block", /of its block, not 29/, () => row(first("native"), { position: "18500000.29.1" })],
		[
			"at another event",
			/stands at event 1 of its transaction, not 0/,
			() => row(first("native"), { position: `18500000.${place(first("native"))[1]}.0` }),
		],
		[
			"at an event before all logs",
			/is not the place of log/,
			() => row(first("token"), { position: `18500000.${place(first("token"))[1]}.1` }),
		],
	])("are refused %s", (_, message, make) => {
		expect(() => alone(make())).toThrow(message);
	});

	it("of a file stand where it told, or in a derived place behind all indices that a chain has", () => {
		const imported = (txIndex: number) => alone(row(first("native"), { provenance: "imported", position: `18500000.${txIndex}.1` }));
		expect(() => imported(29)).toThrow("of its block, not 29");
		expect(() => imported(8_191)).toThrow("of its block, not 8191");
		for (const told of [place(first("native"))[1], 8_192, 16_000]) expect(imported(told)).toMatch(/^recomputed/);
	});

	it("say by what they are proven, and by nothing else", () => {
		const [coin, token] = [row(first("native")), row(first("token"))];
		for (const one of [coin, token]) expect(alone(one)).toMatch(/^recomputed/);
		const says = (one: BundleRow, why: string) => () => alone({ ...one, known: { ...one.known, why } });
		expect(says(coin, "sworn to by a bank")).toThrow('says that it is proven by "sworn to by a bank"');
		expect(says(coin, token.known.why)).toThrow("says that it is proven by");
		expect(says(token, "log 999 of its receipt")).toThrow('says that it is proven by "log 999 of its receipt"');
	});

	it("are refused twice, in another order, and where two logs of a transaction stand further apart than they do", () => {
		const checker = new RowChecker(blocks());
		const [a, b] = [inOrder[3], inOrder[9]] as [ProvenRow, ProvenRow];
		checker.check(row(b));
		expect(() => checker.check(row(b))).toThrow("does not stand behind the row before it, or is the same movement again");
		expect(() => checker.check(row(a))).toThrow("does not stand behind the row before it");
		const logs = inOrder.filter(({ log }) => log !== undefined);
		const twoOfOne = logs.flatMap((one, i) =>
			place(one)[1] === place(logs[i + 1] ?? one)[1] && logs[i + 1] ? [[one, logs[i + 1] as ProvenRow]] : [],
		)[0];
		const [p, q] = twoOfOne as [ProvenRow, ProvenRow];
		const logChecker = new RowChecker(blocks());
		logChecker.check(row(p));
		const [height, tx, event] = place(q);
		expect(() => logChecker.check(row(q, { position: `${height}.${tx}.${event + 1}` }))).toThrow(
			`event ${event + 1} is not the place of log ${q.log}`,
		);
	});

	it("may claim less, but no more than their source", () => {
		const one = row(first("native"), { position: "1.1.1", amount: "999" }, "node");
		expect(alone(one)).toBe("arithmetic only; by its maker's word: transaction and receipt");
		expect(() => alone({ ...one, known: { ...one.known, tier: "quorum" } })).toThrow("says it is known by quorum, its source says node");
		expect(alone({ ...one, known: { ...one.known, tier: "unprovable" } })).toMatch(/^arithmetic only/);
	});
});

describe("headers that the reader trusts", () => {
	const parent = (hash: string) => ({ 0: Buffer.from(hash.slice(2), "hex"), 8: Uint8Array.of(6) });
	const proof: Loose<EvmProof> = madeEvm();
	const next = evmHeaderOf(parent(proof.hash));
	const { result: blocks } = check([proof]);
	const look = (headers: readonly Partial<TrustedHeader>[], text?: string) =>
		complaints((fail) =>
			anchor(
				new Map(text === undefined ? [] : [["headers.txt", bytesOf(text)]]),
				blocks,
				headers.map((header) => ({ chain: ETHEREUM, height: 5, hash: proof.hash, by: "I know", ...header })),
				ETHEREUM,
				fail,
			),
		);

	it("anchor their own block, and those below them by the headers between", () => {
		expect(look([{}])).toMatchObject({ found: [], result: new Map([[5, "I know"]]) });
		const above = look([{ height: 6, hash: next.hash }], `${next.header}\n`);
		expect(above).toMatchObject({ found: [], result: new Map([[5, "1 headers below block 6, which I know"]]) });
		expect(look([{ height: 6, hash: next.hash }]).result.size).toBe(0);
		expect(look([{ chain: "eip155:10" }])).toMatchObject({ found: [], result: new Map() });
	});

	it("refuse a block of another hash, or at another height", () => {
		expect(look([{ hash: next.hash }]).found).toContain(`block 5: has hash ${proof.hash} here, but ${next.hash} is what I know`);
		expect(look([{ height: 7, hash: next.hash }], `${next.header}\n`).found).toEqual([
			"block 5: stands at height 6 of the chain whose block 7 I know",
		]);
	});

	it("name a line that is no header", () => {
		expect(look([{}], `${next.header}\nc0ffee\n`).found).toEqual([expect.stringMatching(/^headers.txt line 2: RLP/)]);
		expect(look([{}], `${"zz".repeat(80)}\n`).found).toEqual(["headers.txt line 1: not lower-case hex"]);
	});

	it("name a header of another kind of chain, of no child of the one before, and of no way to a proven block", () => {
		const third = evmHeaderOf(parent(next.hash));
		const other = evmHeaderOf(parent(`0x${"1".repeat(64)}`));
		const short = evmHeaderOf(parent(proof.hash), 12);
		expect(look([{}], `${next.header}\n${third.header}\n`).found).toEqual([]);
		expect(look([{}], `${"00".repeat(80)}\n`).found).toEqual([expect.stringMatching(/^headers.txt line 1: RLP/)]);
		expect(look([{}], `${short.header}\n`).found).toEqual(["headers.txt line 1: the header has too few fields"]);
		expect(look([{}], `${next.header}\n${other.header}\n`).found).toEqual(["headers.txt line 2: is no child of the header before it"]);
		expect(look([{}], `${other.header}\n`).found).toEqual(["headers.txt: leads to no block that is proven here"]);
	});

	it("name a Bitcoin header without work", async () => {
		const [at, above] = (await realBitcoin("blocks-1-256.dat", [170, 171], 1)) as [Loose<BitcoinProof>, Loose<BitcoinProof>];
		const { result: proven } = check([at], BITCOIN);
		const read = (text: string) => complaints((fail) => anchor(new Map([["headers.txt", bytesOf(text)]]), proven, [], BITCOIN, fail)).found;
		expect(read(`${above.header}\n`)).toEqual([]);
		expect(read(`${"00".repeat(80)}\n`)).toEqual(["headers.txt line 1: the header has no proof of work: its hash is above its target"]);
	});
});

describe("blocks of little work", () => {
	it("say what they cost", () => {
		const proof = madeBitcoin(bitcoinTx([{ from: NO_OUTPOINT }], [1]), bitcoinTx([{ from: `${"a".repeat(64)}:0` }], [1]));
		expect(check([proof], BITCOIN).result.get(5)?.work).toBe("2^1 hashes");
	});
});
