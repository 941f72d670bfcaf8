import { sha256Hex } from "@clew/core";
import { beforeAll, describe, expect, it } from "vitest";
import { MerkleTree } from "../../bundle/merkle-tree.js";
import { provenBalance } from "../balance.test-util.js";
import { ETHEREUM, type Loose, legacyTx, madeEvm, realEvm, whyOf } from "../blocks.test-util.js";
import { failuresOf, jsonLine, NOBODY, smallBundle, smallTrace, textIn, under } from "../bundle.test-util.js";
import { canonical } from "../encoding/canonical.js";
import { verifyFiles } from "../verify-bundle.js";
import { wording } from "../wording.js";
import type { BalanceProof, BundleRow, Disclosure, EvmProof, Manifest } from "./formats.js";

let files: ReadonlyMap<string, Uint8Array> = new Map();
beforeAll(async () => {
	files = await smallBundle(await smallTrace());
});
const manifest = () => JSON.parse(textIn(files, "manifest.json")) as Loose<Manifest>;
const sealed = (open: object) => jsonLine({ ...open, seal: sha256Hex(canonical(open)) });

describe("a disclosure", () => {
	const { proof, rows: proven } = realEvm([0, 1, 2, 3]);
	const all = proven.map(({ edge, log }, i): BundleRow => {
		return { salt: "5".repeat(64), edge: { ...edge, row: i + 1, tainted: under(edge.amount) }, known: { tier: "proven", ...whyOf(log) } };
	});
	const tree = new MerkleTree();
	for (const row of all) tree.add(canonical(row));
	const shown = (): Loose<Disclosure> =>
		structuredClone({
			schema: "clew.disclosure/1",
			rows: [0, 1].map((index) => ({ index, row: all[index] as BundleRow, path: tree.path(index) })),
			proofs: [proof],
		}) as unknown as Loose<Disclosure>;
	/** The manifest of a bundle of these rows. */
	const manifestOf = (rows: readonly BundleRow[], root: string, change: object = {}) => {
		const text = rows.map(jsonLine).join("");
		const { seal: _, ...open } = { ...manifest(), rows: { count: String(rows.length), root } };
		const files = open.files.map((one) =>
			one.path === "rows.jsonl" ? { ...one, bytes: String(Buffer.byteLength(text)), sha256: sha256Hex(text) } : one,
		);
		return { ...open, files, ...change };
	};
	const disclosed = (edit: (disclosure: Loose<Disclosure>) => unknown = () => {}, change: object = {}) => {
		const disclosure = shown();
		edit(disclosure);
		const open = manifestOf(all, tree.root(), change);
		return new Map([
			["manifest.json", Buffer.from(sealed(open))],
			["disclosure.json", Buffer.from(jsonLine(disclosure))],
		]);
	};
	const header = { chain: ETHEREUM, height: 18_500_000, hash: proof.hash, by: "I know" };

	it("that is whole leads every row to the header that is trusted", async () => {
		expect(await failuresOf(disclosed())).toEqual([]);
		expect(await failuresOf(disclosed(), { headers: [header] })).toEqual([]);
	});

	it("takes along no headers that its manifest does not list", async () => {
		const added = new Map([...disclosed(), ["headers.txt", Buffer.from(`${proof.header.slice(2)}\n`)]]);
		expect(await failuresOf(added)).toContain("headers.txt: is not what the manifest lists");
	});

	it.each<[string, string, (disclosure: Loose<Disclosure>) => unknown]>([
		["rows in another order", "disclosure.json row 2: rows are not in order", ({ rows: shownRows }) => shownRows.reverse()],
		["a row of another number", "disclosure.json row 1: is numbered 1", ({ rows: [one] }) => Object.assign(one ?? {}, { index: 2 })],
		[
			"a row that was changed",
			"disclosure.json row 1: does not lead to the manifest's Merkle root",
			({ rows: [one] }) => Object.assign(one?.row.edge ?? {}, { amount: "1" }),
		],
		["a way that is too long", "disclosure.json row 1: the path is too long", ({ rows: [one] }) => one?.path.push("0".repeat(64))],
		[
			"no proof of a proven row",
			"disclosure.json row 1: claims to be proven, but no proof of block 18500000 holds",
			(disclosure) => (disclosure.proofs = []),
		],
		[
			"a proof that does not hold",
			"disclosure.json proof 1: block hash",
			({ proofs: [one] }) => Object.assign((one ?? {}) as Loose<EvmProof>, { hash: `0x${"1".repeat(64)}` }),
		],
		["nothing", "disclosure.json: $.rows", (disclosure) => (disclosure.rows = [])],
	])("with %s fails", async (_, message, edit) => {
		expect(await failuresOf(disclosed(edit))).toContainEqual(expect.stringContaining(message));
	});

	/** A bundle of a few rows, of which a forger changed the first, and disclosed it. */
	const forged = (edit: (row: Loose<BundleRow>) => unknown, change: object = {}, indices: readonly number[] = [0]) => {
		const rows = structuredClone(all.slice(0, 4)) as Loose<BundleRow>[];
		edit(rows[0] as Loose<BundleRow>);
		const own = new MerkleTree();
		for (const row of rows) own.add(canonical(row));
		const disclosure = { ...shown(), rows: indices.map((index) => ({ index, row: rows[index], path: own.path(index) })) };
		return new Map([
			["manifest.json", Buffer.from(sealed(manifestOf(rows, own.root(), change)))],
			["disclosure.json", Buffer.from(jsonLine(disclosure))],
		]);
	};
	const edges = (edit: (edge: Loose<BundleRow["edge"]>) => unknown) => () => forged(({ edge }) => edit(edge));
	const stated = (change: object) => () => forged(() => {}, change);
	/** The first row, of the transaction of the second one, in the block before. */
	const movedOn = (row: Loose<BundleRow>) => {
		Object.assign(row.edge, { position: "18499999.0.16384", txHash: all[1]?.edge.txHash, time: "" });
		row.known = { tier: "node", why: "so it says" };
	};
	const NO_DETAILS = { requester: "", legalBasis: "", jurisdiction: "", handling: "" };
	const RULES = "does not state an amount under each rule of the trace, and under no other";
	it.each<[string, string, () => ReadonlyMap<string, Uint8Array>]>([
		["more taint than moved", "fifo taints", edges((edge) => (edge.tainted["fifo"] = `${edge.amount}0`))],
		[
			"a row that is tainted under no rule",
			"is tainted under no rule, and such a movement is no row",
			edges((edge) => (edge.tainted = under("0"))),
		],
		["no taint", RULES, edges((edge) => (edge.tainted = {}))],
		["one rule of all", RULES, edges((edge) => (edge.tainted = { fifo: "1" }))],
		["a rule that there is not", RULES, edges((edge) => (edge.tainted["supreme-court"] = "1"))],
		["the seeds of one", "does not state an amount for each seed", edges((edge) => (edge.byOrigin = [under("1")]))],
		["seeds that do not add up", "fifo: the origins give 2, the row says", edges((edge) => (edge.byOrigin = [under("1"), under("1")]))],
		["a range beyond what moved", "its range goes to", edges((edge) => (edge.range = ["0", `${edge.amount}0`]))],
		["a range that leaves out a rule", "its range leaves out what a rule says", edges((edge) => (edge.range = ["0", "0"]))],
		[
			"accounts of another chain",
			`which is no account of ${ETHEREUM}`,
			() =>
				forged((row) => {
					row.edge.from = "eip155:10:0x1";
					row.known = { tier: "node", why: "so it says" };
				}),
		],
		["a hash without its 0x", "which is no hash as eip155:1 writes it", edges((edge) => (edge.txHash = edge.txHash.slice(2)))],
		[
			"a block's hash without its 0x",
			"as its block, which is no hash as eip155:1 writes it",
			() => forged((row) => (row.known.block = "ab".repeat(32))),
		],
		["another chain's money", "which is no asset of eip155:1", edges((edge) => (edge.asset = "eip155:10/slip44:60"))],
		["an output", "names an output, which eip155:1 has none of", edges((edge) => (edge.outpoint = `${"ab".repeat(32)}:0`))],
		["a kind that cannot be", "is called genesis, and comes from", edges((edge) => (edge.kind = "genesis"))],
		[
			"an exchange into words",
			'moves "100 BTC paid to Mallory", which is no asset of eip155:1',
			edges((edge) =>
				Object.assign(edge, {
					...{ kind: "conversion", to: edge.from },
					into: { asset: "100 BTC paid to Mallory", amount: edge.amount, tainted: edge.tainted },
				}),
			),
		],
		[
			"more of the coin than there is",
			"more than there is",
			edges((edge) => Object.assign(edge, { asset: `${ETHEREUM}/slip44:60`, amount: "9".repeat(60) })),
		],
		["a transaction in two blocks", "row 2: transaction 0x", () => forged(movedOn, {}, [0, 1])],
		["a time in words", "row 1: its time is", edges((edge) => (edge.time = "1999, on the day that he confessed"))],
		[
			"the time of another day",
			"row 1: its time is 1999-01-01T00:00:00Z, and block",
			edges((edge) => (edge.time = "1999-01-01T00:00:00Z")),
		],
		["a source in words", 'is by "a court", which is no source', edges((edge) => (edge.source = "a court"))],
		["a file's row by a node", "which is no source of what is known by imported", edges((edge) => (edge.provenance = "imported"))],
		["a movement that is called an exchange", "is called conversion, which no movement is", edges((edge) => (edge.kind = "conversion"))],
		[
			"a value of no asset",
			'states a value of "bitcoin"',
			stated({ details: { ...NO_DETAILS, values: { bitcoin: { value: "1", source: "" } } } }),
		],
		["a case of no time", 'its case was created at "2019"', () => stated({ case: { ...manifest().case, createdAt: "2019" } })()],
		["a proof by anybody's word", "says that it is proven by", () => forged(({ known }) => (known.why = "a bank confirmed it"))],
		[
			"rows in another order",
			"stands before 18500001.0.0",
			() => forged((row) => Object.assign(row.edge, { position: "18500001.0.0" }), {}, [0, 1]),
		],
		["a what-if in a forger's words", "calls the trace a what-if in words that no trace says", stated({ whatIf: "confirmed by a court" })],
		["a what-if whose rules are others", RULES, stated({ whatIf: "--rule: without lifo" })],
		["a list without its trace", "manifest.json: does not list trace.json", stated({ files: [] })],
		[
			"a list of what no bundle has",
			"verdict.txt: is no part of the evidence",
			() => {
				const files = [...manifest().files, { path: "verdict.txt", bytes: "1", sha256: "0".repeat(64) }];
				return forged(() => {}, { files });
			},
		],
		[
			"an exhibit's rule that was not run",
			'its exhibit is under "tiho"',
			() => forged(() => {}, { details: { ...manifest().details, exhibitRule: "tiho" } }),
		],
		[
			"a statement about no seed",
			'references a statement about "everything", which is no seed',
			() => forged(() => {}, { details: { ...manifest().details, statements: { everything: "file 1" } } }),
		],
		[
			"rows longer than its list says",
			"lists rows.jsonl of 5 bytes, and the rows that are shown are longer",
			() => {
				const files = manifest().files.map((one) => (one.path === "rows.jsonl" ? { ...one, bytes: "5" } : one));
				return forged(() => {}, { files });
			},
		],
		[
			"all rows, and a list of others",
			"lists another rows.jsonl than the rows, all of which are shown",
			() => {
				const files = manifest().files.map((one) => (one.path === "rows.jsonl" ? { ...one, bytes: "99999999" } : one));
				return forged(() => {}, { files }, [0, 1, 2, 3]);
			},
		],
	])("with %s, sealed anew, fails", async (_, message, make) => {
		expect(await failuresOf(forged(() => {}))).toEqual([]);
		expect(await failuresOf(make())).toContainEqual(expect.stringContaining(message));
	});

	it("of all rows, of a what-if, and of two seeds is one, too", async () => {
		expect(await failuresOf(forged(() => {}, {}, [0, 1, 2, 3]))).toEqual([]);
		expect(await failuresOf(stated({ whatIf: "--amount: at most 5 base units a seed; --until: nothing after block 9" })())).toEqual([]);
		const two = forged(({ edge }) => {
			edge.byOrigin = [under("1"), under("2")];
			edge.tainted = { ...under("3"), libr: "2", poison: "2" };
		});
		expect(await failuresOf(two)).toEqual([]);
	});

	it("says how many rows its trace has, and that taint is its maker's word", async () => {
		const lines = wording(
			await verifyFiles(
				forged(() => {}),
				NOBODY,
			),
			false,
		);
		expect(lines).toContain(`disclosure of trace ${manifest().trace}: 2 files, 1 rows of the 4 that its manifest counts`);
		expect(lines.join("\n")).toContain("how much of each row is tainted, case, requester and trace are their maker's word");
	});

	it("names what nothing in it shows: what people stated, which source told a row, times of what is not proven", async () => {
		const said = async (files: ReadonlyMap<string, Uint8Array>) => (await verifyFiles(files, NOBODY)).stated;
		expect(await said(forged(() => {}))).toEqual(["which source told each row"]);
		const values = { [`${ETHEREUM}/slip44:60`]: { value: "1 EUR", source: "a bank" } };
		expect(await said(stated({ details: { ...NO_DETAILS, requester: "An office", values } })())).toEqual([
			"which source told each row",
			"who asks and on what basis (requester)",
			"values of assets in money, with rates and sources (1)",
		]);
		const told = forged((row) => {
			row.known = { tier: "node", why: "so it says" };
		});
		expect(await said(told)).toEqual(expect.arrayContaining(["times of unproven rows", "why rows are not proven"]));
	});

	it("holds nothing else, and what it takes along is what the manifest lists", async () => {
		expect(await failuresOf(disclosed().set("notes.txt", Buffer.from("x")))).toEqual(["notes.txt: does not belong in a disclosure"]);
		expect(await failuresOf(disclosed().set("verify.mjs", Buffer.from("x")))).toEqual([
			"verify.mjs: does not hash to what the manifest says",
		]);
		expect(await failuresOf(disclosed().set("verify.mjs", Buffer.from(files.get("verify.mjs") ?? [])))).toEqual([]);
	});

	it("in which one row leads to a header that is trusted leads all that are proven to one", async () => {
		const legacy = legacyTx("b2".repeat(20));
		const other = madeEvm({ transactions: [legacy.raw], fields: { 11: Uint8Array.of(0x5f, 0x5e, 0x10, 0) } });
		const [{ hash } = { hash: "" }] = other.transactions;
		const fee = {
			...(all[0] as BundleRow).edge,
			tainted: under("1"),
			row: 1,
			kind: "fee",
			position: "5.0.0",
			txHash: hash,
			time: "2020-09-13T12:26:40Z",
		};
		const paid = {
			...fee,
			from: `${ETHEREUM}:0x${legacy.from}`,
			to: `${ETHEREUM}:0x${"0".repeat(40)}`,
			asset: `${ETHEREUM}/slip44:60`,
			amount: "210000",
		};
		const both = [
			{ ...(all[0] as BundleRow), edge: paid, known: { tier: "proven", ...whyOf(undefined) } },
			{ ...(all[0] as BundleRow), edge: { ...(all[0] as BundleRow).edge, row: 2 } },
		];
		const own = new MerkleTree();
		for (const row of both) own.add(canonical(row));
		const open = manifestOf(both, own.root());
		const disclosure = { ...shown(), rows: both.map((row, index) => ({ index, row, path: own.path(index) })), proofs: [other, proof] };
		const two = new Map([
			["manifest.json", Buffer.from(sealed(open))],
			["disclosure.json", Buffer.from(jsonLine(disclosure))],
		]);
		expect(await failuresOf(two)).toEqual([]);
		expect(await failuresOf(two, { headers: [header] })).toEqual([
			"block 5: is proven here, and does not lead to a header that you trust",
			"row 1: does not lead to a header that you trust",
		]);
	});

	it("leads to no header of another hash", async () => {
		const hash = `0x${"1".repeat(64)}`;
		expect(await failuresOf(disclosed(), { headers: [{ ...header, hash }] })).toEqual([
			`block 18500000: has hash ${proof.hash} here, but ${hash} is what I know`,
			`headers: no row leads to a header that you trust (given for ${ETHEREUM})`,
		]);
	});
});

describe("balances alone", () => {
	let proof: BalanceProof;
	beforeAll(async () => {
		proof = await provenBalance("a1".repeat(20));
	});
	const alone = (...proofs: readonly object[]) => new Map([["balances.jsonl", Buffer.from(proofs.map(jsonLine).join(""))]]);
	const header = () => ({ chain: ETHEREUM, height: 5, hash: proof.hash, by: "I know" });

	it("are proven, and lead to the header that is trusted", async () => {
		expect(await failuresOf(alone(proof))).toEqual([]);
		expect(await failuresOf(alone(proof), { headers: [header()] })).toEqual([]);
	});

	it("are refused where there is none, where one is wrong, and where something lies beside them", async () => {
		expect(await failuresOf(alone())).toEqual(["balances.jsonl: holds no balance"]);
		expect(await failuresOf(alone(proof, { ...proof, balance: "1" }))).toEqual([
			expect.stringMatching(/^balances.jsonl line 2: balance: /),
		]);
		expect(await failuresOf(alone(proof).set("notes.txt", Buffer.from("x")))).toEqual([
			"notes.txt: stands in no list of hashes: nothing of it could be checked",
		]);
	});

	it("are refused of a block that the reader knows otherwise, or does not trust", async () => {
		const hash = `0x${"1".repeat(64)}`;
		expect(await failuresOf(alone(proof), { headers: [{ ...header(), hash }] })).toContain(
			`balances.jsonl line 1: block 5 has hash ${proof.hash} here, but ${hash} is what I know`,
		);
		expect(await failuresOf(alone(proof), { headers: [{ ...header(), height: 6 }] })).toContain(
			"balances.jsonl line 1: block 5 is none whose header you trust",
		);
		expect(await failuresOf(alone(proof), { headers: [{ ...header(), chain: "eip155:10" }] })).toEqual([
			"headers: no row leads to a header that you trust (given for eip155:10)",
		]);
	});

	it("carry neither signature nor time stamp", async () => {
		expect(await failuresOf(alone(proof), { keys: ["1".repeat(64)], timeRoots: [new Uint8Array()] })).toEqual([
			"signature: a file of balances carries none, and one was expected",
			"time stamp: a file of balances carries none, and one was expected",
		]);
	});
});
