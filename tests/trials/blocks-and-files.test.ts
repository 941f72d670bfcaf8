import {
	accountId,
	type ChainSource,
	compareAllListings,
	type DecodedBlock,
	EVENT_BAND,
	erc20Asset,
	type GraphStore,
	type Hash,
	nativeAsset,
	nullAccount,
	type TransferRecord,
} from "@clew/core";
import { ingestRange } from "@clew/workers";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { A, apiRow, atDesk, B, C, type Cells, csv, type Desk, ETHEREUM, hash, internalRow, TOKEN, tokenRow } from "./reading.js";

const FIRST = 101;
const LAST = 199;
const FEE = 6n;
const KINDS = ["native", "token", "internal"] as const;
type Kind = (typeof KINDS)[number];

/** A movement in a block: of the coin, of a token, or by a call inside a transaction of C. */
interface Moved {
	readonly height: number;
	readonly kind: Kind;
	readonly from: string;
	readonly to: string;
}
const moved = (height: number, kind: Kind = "native", from = A, to = B): Moved => ({ height, kind, from, to });

const account = (address: string) => accountId(ETHEREUM, address);
const hashOf = ({ height }: Moved) => hash(height - 100);
const signer = ({ kind, from }: Moved) => (kind === "internal" ? C : from);
const target = ({ kind, from, to }: Moved) => (kind === "native" ? to : kind === "token" ? TOKEN : from);

/** What a node decodes of a movement's transaction. */
function told(one: Moved): DecodedBlock["transactions"][number] {
	const { kind, from, to, height } = one;
	const [coin, token] = [nativeAsset(ETHEREUM), erc20Asset(ETHEREUM, TOKEN)];
	const fee: TransferRecord = {
		kind: "fee",
		from: account(signer(one)),
		to: nullAccount(ETHEREUM),
		asset: coin,
		amount: FEE,
		eventIndex: EVENT_BAND.fee,
	};
	const amount = { native: 5n, token: 7n, internal: 4n }[kind];
	const eventIndex = { native: EVENT_BAND.value, token: EVENT_BAND.log, internal: EVENT_BAND.internal }[kind];
	const own: TransferRecord = { kind, from: account(from), to: account(to), asset: kind === "token" ? token : coin, amount, eventIndex };
	return { hash: hashOf(one) as Hash, height, txIndex: 0, status: "succeeded", transfers: [fee, own] };
}

/** A node whose blocks hold these movements, one a block; `fork` changes every hash from a height on. */
function nodeOf(chain: readonly Moved[], fork: readonly [from: number, name: number] = [0, 0]): ChainSource {
	const header = (height: number) => {
		const name = (at: number) => hash(1_000_000 * (at >= fork[0] ? 1 + fork[1] : 1) + at) as Hash;
		return { height, hash: name(height), parent: name(height - 1), time: 1_600_000_000 + height - 100 };
	};
	return {
		chain: ETHEREUM,
		name: "made-up",
		capabilities: async () => ({ client: "test" }),
		head: async () => header(LAST),
		block: async (height: number): Promise<DecodedBlock> => ({
			header: header(height),
			transactions: chain.filter((one) => one.height === height).map(told),
			kinds: KINDS,
			contracts: [],
			gaps: [],
			provenance: "node",
		}),
		assets: async () => [],
		requests: () => 0,
		close() {},
	} as unknown as ChainSource;
}

/** The rows of a movement in the list of this kind of one of its accounts; `nonces` by hash, none where undefined. */
function rowsOf(one: Moved, kind: Kind, whose: string, nonces?: ReadonlyMap<string, number>): Cells[] {
	const n = one.height - 100;
	const over = { hash: hashOf(one), from: one.from, to: one.to };
	if (kind === "native") {
		const [from, to] = [signer(one), target(one)];
		const nonce = nonces?.get(hashOf(one));
		const value = one.kind === "native" ? "5" : "0";
		return from === whose || to === whose
			? [apiRow(n, { ...over, from, to, value, ...(nonce === undefined ? {} : { nonce: `${nonce}` }) })]
			: [];
	}
	if (one.kind !== kind || (one.from !== whose && one.to !== whose)) return [];
	return [kind === "token" ? tokenRow(n, over) : internalRow(n, over)];
}

/** The numbers that each account gives its transactions. */
function noncesOf(chain: readonly Moved[]): ReadonlyMap<string, number> {
	const sent = new Map<string, number>();
	return new Map(
		chain.map((one) => {
			const nonce = sent.get(signer(one)) ?? 0;
			sent.set(signer(one), nonce + 1);
			return [hashOf(one), nonce];
		}),
	);
}

type Step = (desk: Desk) => Promise<unknown>;
const list =
	(name: string, rows: readonly Cells[]): Step =>
	({ load, file }) =>
		load(file(name, csv(rows)));
const blocks =
	(chain: readonly Moved[], from = FIRST, to = LAST, batch = 7): Step =>
	({ store }) =>
		ingestRange(store, nodeOf(chain), { from, to, concurrency: 1, batch });

/** The heights at which an account's files are taken at their word, and why not more. */
async function claims(store: GraphStore, whose = A) {
	const { coverage } = await store.profile(account(whose), 1);
	return coverage
		.filter((claim) => claim.account !== undefined)
		.map(({ kinds, fromHeight, toHeight, note }) => [kinds.join(), fromHeight, toHeight, note]);
}

async function after<T>(steps: readonly Step[], look: (store: GraphStore) => Promise<T>): Promise<T> {
	return atDesk(async (desk) => {
		for (const step of steps) await step(desk);
		return look(desk.store);
	});
}

describe("a node that tells what a file claims to list and lacks", () => {
	it.each([
		["transaction", "native", "native", A, B],
		["transaction that pays it", "native", "native", B, A],
		["transaction that only moves a token", "token", "native", A, B],
		["token's movement", "token", "token", B, A],
		["call", "internal", "internal", B, A],
	] as const)("takes the claim around a %s, whichever comes first", async (_, kind, listed, from, to) => {
		const chain = [moved(110, kind, from, to), moved(150, kind, from, to), moved(190, kind, from, to)];
		const file = list(
			`list-${A}.csv`,
			[0, 2].flatMap((i) => rowsOf(chain[i] as Moved, listed, A)),
		);
		const note = "it does not list all of block 150 that another source tells: not complete from block 110 to block 190";
		const kinds = listed === "native" ? expect.stringContaining("native") : listed;
		for (const steps of [
			[file, blocks(chain)],
			[blocks(chain), file],
			[file, blocks(chain, 150, 150)],
			[blocks(chain, 150, 150), file],
			[file, blocks(chain, FIRST, 149), blocks(chain, 150, 160, 1)],
		])
			expect(await after(steps, claims)).toEqual([[kinds, 0, 109, note]]);
		expect(await after([file, blocks(chain, FIRST, 149), blocks(chain, 151, LAST)], claims)).toEqual([[kinds, 0, 190, ""]]);
	});

	it("leaves the claims of other files, and of lists of other kinds, as they are", async () => {
		const chain = [moved(110), moved(150, "token", B, A), moved(190)];
		const rows = chain.flatMap((one) => rowsOf(one, "native", A));
		const whole = chain.flatMap((one) => rowsOf(one, "token", A));
		const steps = [list(`txs-${A}.csv`, rows), list(`tokens-${A}.csv`, whole), blocks(chain)];
		expect((await after(steps, claims)).map(([, from, to]) => [from, to])).toEqual([
			[0, 150],
			[0, 190],
		]);
	});

	it("takes nothing any more where a reorganisation took the block away", async () => {
		const chain = [moved(110), moved(150), moved(190)];
		const rows = [0, 2].flatMap((i) => rowsOf(chain[i] as Moved, "native", A));
		const forked: Step = ({ store }) =>
			ingestRange(store, nodeOf([moved(110)], [145, 1]), { from: FIRST, to: 160, concurrency: 1, batch: 7 });
		const steps = [list(`list-${A}.csv`, rows), blocks(chain, FIRST, 155), forked];
		expect((await after(steps, claims)).map(([, from, to]) => [from, to])).toEqual([[0, 144]]);
	});

	it("fills in the nonces that a file lacks, whichever comes first", async () => {
		const chain = [moved(110), moved(150), moved(190)];
		const nonces = noncesOf(chain);
		const file = list(
			`list-${A}.csv`,
			[0, 2].flatMap((i) => rowsOf(chain[i] as Moved, "native", A, nonces)),
		);
		const look = (store: GraphStore) => store.historyCheck(account(A));
		const filled = { runs: [{ first: 0, last: 2, from: 110, to: 190 }], lacks: [{ from: 110, at: 150, to: 190 }] };
		for (const steps of [
			[file, blocks(chain)],
			[blocks(chain), file],
		])
			expect(await after(steps, look)).toMatchObject(filled);
	});
});

describe("a movement that a file tells of a block, and that the block does not hold", () => {
	const chain = [moved(110), moved(150, "token"), moved(160, "internal", B, A)];
	const facts = (...steps: readonly Step[]) =>
		atDesk(async (desk) => {
			for (const step of steps) await step(desk);
			return desk.facts();
		});

	it.each([
		["a token's movement of a transaction that is there", "token", tokenRow(50, { hash: hash(50), to: C })],
		["a second one like one that is there", "token", tokenRow(50, { hash: hash(50) })],
		["a call", "internal", internalRow(60, { hash: hash(60), from: C, to: A })],
		["a whole transaction", "native", apiRow(50, { hash: hash(999), transactionIndex: "3" })],
		["a whole transaction of another account", "native", apiRow(50, { hash: hash(999), transactionIndex: "4", from: C, to: A })],
		["a transaction of an empty block", "native", apiRow(51, { hash: hash(999) })],
		["a transaction of another block", "native", apiRow(51, { hash: hash(50), to: TOKEN, value: "0" })],
		["a transaction of a block that is not told", "native", apiRow(199, { hash: hash(50), to: TOKEN, value: "0" })],
		["a status", "native", apiRow(10, { hash: hash(10), isError: "1" })],
		["a status of a transaction that moves a token", "native", apiRow(50, { hash: hash(50), to: TOKEN, value: "0", isError: "1" })],
		["a place in the block", "native", apiRow(10, { hash: hash(10), transactionIndex: "7" })],
		["a fee", "native", apiRow(10, { hash: hash(10), gasUsed: "4" })],
		["a value", "native", apiRow(10, { hash: hash(10), value: "6" })],
		["a receiver", "native", apiRow(10, { hash: hash(10), to: C })],
	] as const)("is left out, whichever comes first, and said: %s", async (_, kind, row) => {
		const others = chain.flatMap((one) => rowsOf(one, kind, A)).filter((other) => kind !== "native" || other["hash"] !== row.hash);
		const rows = [...others, row].sort((a, b) => Number(a["blockNumber"]) - Number(b["blockNumber"]));
		const file = list(`list-${A}.csv`, rows);
		const held = await facts(blocks(chain));
		expect(await facts(blocks(chain), file)).toEqual(await facts(file, blocks(chain)));
		expect((await facts(blocks(chain), file)).filter((fact) => / [0-9]+ eip155/.test(fact))).toEqual(
			held.filter((fact) => / [0-9]+ eip155/.test(fact)),
		);
		const said =
			/^1 transaction stands otherwise in blocks that a node told whole, and what it says there was left out, first 0x0+[0-9a-f]+ of block/;
		const notes = await atDesk(async ({ load, file: put, store }) => {
			await ingestRange(store, nodeOf(chain), { from: FIRST, to: LAST, concurrency: 1, batch: 7 });
			return [...(await load(put(`list-${A}.csv`, csv(rows)))).flatMap((report) => report.notes), await claims(store)];
		});
		expect(notes).toContainEqual(expect.stringMatching(said));
		const [report, claimed] = await atDesk(async ({ load, file: put, store }) => {
			await load(put(`list-${A}.csv`, csv(rows)));
			const whole = { from: FIRST, to: LAST, concurrency: 1, batch: 7 };
			return [await ingestRange(store, nodeOf(chain), whole), await claims(store)] as const;
		});
		expect(report).toMatchObject({ reorganisedAt: [], takenWithThem: 0, denied: { transactions: 1, files: [`list-${A}.csv`] } });
		expect(claimed).toEqual(notes.at(-1));
		expect(JSON.stringify(claimed)).toMatch(/1 transaction stands otherwise in blocks that a node told whole/);
	});

	it("has a nonce that tells nothing of missing ones, whichever comes first", async () => {
		const own = [moved(110), moved(150), moved(160)];
		const invented = apiRow(70, { hash: hash(999), nonce: "9" });
		const rows = [...own.flatMap((one) => rowsOf(one, "native", A, noncesOf(own))), invented];
		const file = list(`list-${A}.csv`, rows);
		expect(JSON.stringify(await after([file], claims))).toContain("its nonces 3 to 8 are missing");
		const [first, second] = [await after([file, blocks(own)], claims), await after([blocks(own), file], claims)];
		expect(first).toEqual(second);
		expect(JSON.stringify(first)).not.toContain("missing");
	});

	it("is no reorganisation, and one takes files' rows with it and says how many", async () => {
		const own = [moved(110), moved(150), moved(160)];
		const rows = own.flatMap((one) => rowsOf(one, "native", A));
		const tokens = [tokenRow(99, { hash: hash(888) })];
		await atDesk(async ({ load, file, store }) => {
			const whole = { from: FIRST, to: 160, concurrency: 1, batch: 7 };
			await ingestRange(store, nodeOf(own), { ...whole, to: 155 });
			await load(file(`list-${A}.csv`, csv(rows)), file(`tokens-${A}.csv`, csv(tokens)));
			const report = await ingestRange(store, nodeOf([moved(110)], [145, 1]), whole);
			// Of block 160 fee and value, of block 199 a token's transfer; block 150 the node had told.
			expect(report).toMatchObject({ reorganisedAt: [145], takenWithThem: 3 });
			expect(report.denied).toBeUndefined();
		});
	});

	it("is no matter of blocks that the node did not tell, nor of the same said twice", async () => {
		const file = list(
			`list-${A}.csv`,
			chain.flatMap((one) => rowsOf(one, "token", A)),
		);
		expect(await facts(blocks(chain), file)).toEqual(await facts(file, blocks(chain)));
		const other = list(`list-${A}.csv`, [tokenRow(50, { hash: hash(50), to: C })]);
		expect(await facts(blocks(chain, FIRST, 149), other)).toContainEqual(expect.stringContaining("token a1>c3 7"));
	});
});

const chains = fc
	.uniqueArray(
		fc.record({
			height: fc.integer({ min: FIRST, max: FIRST + 30 }),
			kind: fc.constantFrom(...KINDS),
			sides: fc.constantFrom([A, B], [B, A], [A, C], [C, A], [B, C]),
		}),
		{ selector: ({ height }) => height, minLength: 2, maxLength: 14 },
	)
	.map((all) =>
		all
			.sort((a, b) => a.height - b.height)
			.map(({ height, kind, sides: [from = A, to = B] }): Moved => moved(height, kind, kind === "internal" && from === C ? B : from, to)),
	);

test.prop(
	[
		chains,
		fc.array(fc.boolean(), { minLength: 84, maxLength: 84 }),
		fc.boolean(),
		fc.uniqueArray(fc.integer({ min: FIRST, max: FIRST + 30 }), { minLength: 2, maxLength: 6 }),
		fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
	],
	{ numRuns: 25 },
)("what is covered does not depend on whether files or a node told first, in any parts", async (chain, listed, numbered, ends, keys) => {
	const nonces = numbered ? noncesOf(chain) : undefined;
	const files = [A, B].flatMap((whose, w) =>
		KINDS.flatMap((kind, k) => {
			const rows = chain.flatMap((one, i) => (listed[w * 42 + k * 14 + i] === true ? rowsOf(one, kind, whose, nonces) : []));
			return rows.length === 0 ? [] : [list(`${kind}-${whose}.csv`, rows)];
		}),
	);
	const cuts = [...ends].sort((a, b) => a - b);
	const parts = cuts.slice(1).flatMap((end, i) => (i % 2 === 0 ? [blocks(chain, cuts[i], end, 3)] : []));
	const look = async (store: GraphStore) => {
		const of = async (whose: string) => [await claims(store, whose), await store.historyCheck(account(whose))];
		const facts = async () => [await of(A), await of(B)];
		const found = await facts();
		await store.atomically((tx) => compareAllListings(tx));
		expect(await facts()).toEqual(found);
		return found;
	};
	const shuffled = [...files, ...parts].map((step, i) => ({ step, key: keys[i] ?? 0 })).sort((a, b) => a.key - b.key);
	const once = await after([...parts, ...files], look);
	expect(await after([...files, ...parts], look)).toEqual(once);
	expect(
		await after(
			shuffled.map(({ step }) => step),
			look,
		),
	).toEqual(once);
});
