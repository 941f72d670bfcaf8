import {
	type AssetId,
	CONSERVING_RULES,
	COVERED_KINDS,
	type Coverage,
	callPath,
	erc20Asset,
	formatPosition,
	groupBy,
	InputError,
	nativeAsset,
	placeBlock,
	type Rule,
	rangeOfRows,
	rulesOf,
	type TraceResult,
	type Transfer,
	UNINDEXED_TX_BASE,
} from "@clew/core";
import { type MemoryLedgerOptions, memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { buildResult, defaultRequest, parseSeed, runTrace, type TraceRequest } from "../index.js";

const ETHER = nativeAsset(TEST_CHAIN);
const TOKEN = erc20Asset(TEST_CHAIN, `0x${"ab".repeat(20)}`);
const ASSETS = [ETHER, TOKEN];
const RULES = rulesOf(TEST_CHAIN);
const CONSERVING = RULES.filter((rule) => CONSERVING_RULES.includes(rule));
/** Worlds a property looks at, and placings of what each lacks. */
const RUNS = Number(process.env["BOUNDS_RUNS"] ?? 40);
const PLACINGS = 40;
/** Pays what is stolen; nobody pays it. */
const VICTIM = 8;
/** Pays what is missing. */
const STRANGER = 9;
/** Gets the fees. */
const PRODUCER = 7;
/** Accounts besides the victim. */
const ACCOUNTS = [1, 2, 3, 4];

async function trace(
	transfers: readonly Transfer[],
	seeds: readonly string[],
	more: Partial<TraceRequest> = {},
	options: MemoryLedgerOptions = {},
): Promise<TraceResult> {
	const source = memoryLedger(transfers, options);
	const parsed = seeds.map((spec) => parseSeed(spec, TEST_CHAIN));
	const run = await runTrace({ ...defaultRequest(TEST_CHAIN, parsed), ...more }, { source });
	return buildResult(run, source, { id: "c", title: "t", cutoff: 0, sources: [] });
}

interface Move {
	readonly from: number;
	readonly to: number;
	readonly amount: number;
	readonly token: boolean;
	/** Stands in one transaction with the move before it. */
	readonly joined: boolean;
	readonly fee: boolean;
}

/** Moves at heights 10, 20 and so on; joined ones share a height. */
function worldOf(moves: readonly Move[]): Transfer[] {
	let height = 0;
	let event = 0;
	return moves.map((move) => {
		if (move.joined && height > 0) event++;
		else {
			height += 10;
			event = 0;
		}
		const { from, to, amount, token, fee } = move;
		return testTransfer([height, 0, event], from, fee ? PRODUCER : to, BigInt(amount), {
			asset: token && !fee ? TOKEN : ETHER,
			...(fee ? { kind: "fee" as const } : {}),
		});
	});
}

/** What every account's books lack of an asset, found by adding up. */
function lackOf(world: readonly Transfer[], n: number, asset: AssetId): number {
	let [balance, worst] = [0, 0];
	for (const t of world) {
		if (t.asset !== asset) continue;
		if (t.from === testAccount(n)) balance -= Number(t.amount);
		if (t.to === testAccount(n) && t.kind !== "fee") balance += Number(t.amount);
		worst = Math.min(worst, balance);
	}
	return -worst;
}

/** Every way in which an amount comes in at once or in two parts, before the moves at some heights. */
function plansOf(n: number, asset: AssetId, lack: number, heights: readonly number[]): Transfer[][] {
	const arrival = (height: number, amount: number) =>
		testTransfer([height - 5, n * 2 + ASSETS.indexOf(asset)], STRANGER, n, BigInt(amount), { asset });
	const plans = heights.map((height) => [arrival(height, lack)]);
	for (const [i, first] of heights.entries()) {
		for (const second of heights.slice(i + 1))
			for (let part = 1; part < lack; part++) plans.push([arrival(first, part), arrival(second, lack - part)]);
	}
	return plans;
}

/** All placings that keep every account above zero, or, of very many, an even choice. */
function placingsOf(world: readonly Transfer[], most: number): Transfer[][] {
	const heights = [...new Set(world.map((t) => t.position.height))];
	let placings: Transfer[][] = [[...world]];
	for (const n of ACCOUNTS) {
		for (const asset of ASSETS) {
			const lack = lackOf(world, n, asset);
			if (lack === 0) continue;
			const valid = plansOf(n, asset, lack, heights).filter((plan) => lackOf(inOrder([...world, ...plan]), n, asset) === 0);
			placings = placings.flatMap((placing) => valid.map((plan) => [...placing, ...plan]));
			const step = Math.ceil(placings.length / most);
			placings = placings.filter((_, i) => i % step === 0 || i === placings.length - 1);
		}
	}
	return placings.map(inOrder);
}

function inOrder(transfers: readonly Transfer[]): Transfer[] {
	return [...transfers].sort(
		(a, b) =>
			a.position.height - b.position.height || a.position.txIndex - b.position.txIndex || a.position.eventIndex - b.position.eventIndex,
	);
}

/** Least and most at every end point and of every movement. */
function boundsOf(result: TraceResult): Map<string, [bigint, bigint]> {
	const bounds = new Map<string, [bigint, bigint]>();
	const add = (key: string, least: bigint, most: bigint) => {
		const [a, b] = bounds.get(key) ?? [0n, 0n];
		bounds.set(key, [a + least, b + most]);
	};
	for (const leaf of result.leaves) {
		const [asset] = Object.keys(leaf.amounts);
		add(`leaf ${leaf.account} ${asset}`, BigInt(leaf.agreed), BigInt(leaf.range[1]));
	}
	for (const edge of result.edges) {
		const amounts = CONSERVING.map((rule) => BigInt(edge.tainted[rule] ?? "0"));
		const least = amounts.reduce((a, b) => (a < b ? a : b));
		const most = amounts.reduce((a, b) => (a > b ? a : b));
		add(`edge ${edge.position} ${edge.kind}`, edge.range ? BigInt(edge.range[0]) : least, edge.range ? BigInt(edge.range[1]) : most);
	}
	return bounds;
}

/** Ranges contain what the rules say, and no end point holds more than rows bring it. */
function expectConsistent({ leaves, edges }: TraceResult): void {
	const brought = new Map<string, bigint>();
	for (const edge of edges) {
		const side = edge.into ?? edge;
		const key = `${edge.to} ${side.asset}`;
		const { most } = rangeOfRows([side]) ?? { most: 0n };
		expect(most <= BigInt(side.amount), `${edge.position} ${edge.range}`).toBe(true);
		if (edge.kind !== "fee") brought.set(key, (brought.get(key) ?? 0n) + most);
	}
	for (const { account, amounts, range } of leaves)
		for (const [asset, tainted] of Object.entries(amounts)) {
			const { least, most } = rangeOfRows([{ tainted }]) ?? { least: 0n, most: 0n };
			expect(BigInt(range[0]) <= least && most <= BigInt(range[1]), `${account} ${range}`).toBe(true);
			expect(BigInt(range[1]) <= (brought.get(`${account} ${asset}`) ?? 0n), `${account} ${range}`).toBe(true);
		}
}

/** What one world gives under one rule, by the same keys. */
function amountsOf(result: TraceResult, rule: Rule): Map<string, bigint> {
	const amounts = new Map<string, bigint>();
	const add = (key: string, amount: string | undefined) => amounts.set(key, (amounts.get(key) ?? 0n) + BigInt(amount ?? "0"));
	for (const leaf of result.leaves)
		for (const [asset, byRule] of Object.entries(leaf.amounts)) add(`leaf ${leaf.account} ${asset}`, byRule[rule]);
	for (const edge of result.edges) add(`edge ${edge.position} ${edge.kind}`, edge.tainted[rule]);
	return amounts;
}

async function expectSound(
	moves: readonly Move[],
	seedMoves: readonly number[],
	most: number,
	more: Partial<TraceRequest> = {},
): Promise<number> {
	const world = worldOf(moves);
	const seeds = seedMoves.map((i) => `transfer:${formatPosition((world[i] as Transfer).position)}`);
	const known = await trace(world, seeds, more);
	const bounds = boundsOf(known);
	expectConsistent(known);
	const placings = placingsOf(world, most);
	for (const placing of placings) {
		const placed = await trace(placing, seeds, more);
		expect(
			placed.coverage.gaps.filter((gap) => gap.kind === "missing-inflow" && ACCOUNTS.some((n) => testAccount(n) === gap.account)),
		).toEqual([]);
		const message = (key: string, rule: Rule) =>
			`${rule} at ${key}\n${JSON.stringify(moves)}\nplaced ${placing.filter((t) => t.from === testAccount(STRANGER)).map((t) => `${formatPosition(t.position)} ${t.to} ${t.amount} ${t.asset}`)}`;
		for (const rule of CONSERVING) {
			const amounts = amountsOf(placed, rule);
			for (const key of new Set([...bounds.keys(), ...amounts.keys()])) {
				const amount = amounts.get(key) ?? 0n;
				const [least, upper] = bounds.get(key) ?? [0n, 0n];
				if (amount < least || amount > upper) expect.fail(`${amount} is not in ${least} to ${upper}: ${message(key, rule)}`);
			}
		}
		const poisoned = amountsOf(known, "poison");
		for (const [key, amount] of amountsOf(placed, "poison"))
			if (amount > 0n && (poisoned.get(key) ?? 0n) === 0n) expect.fail(`not reached: ${message(key, "poison")}`);
	}
	return placings.length;
}

const move = (accounts: fc.Arbitrary<number>, most: number, tokens: boolean, joins: boolean): fc.Arbitrary<Move> =>
	fc.record({
		from: accounts,
		to: accounts,
		amount: fc.integer({ min: 1, max: most }),
		token: tokens ? fc.boolean() : fc.constant(false),
		joined: joins ? fc.boolean() : fc.constant(false),
		fee: fc.integer({ min: 0, max: 9 }).map((x) => x === 0),
	});

/** Everything of an account was read from one height to another. */
const read = (fromHeight: number, toHeight: number): Coverage => ({
	chain: TEST_CHAIN,
	fromHeight,
	toHeight,
	kinds: COVERED_KINDS,
	source: "test",
	note: "",
});

const someone = fc.constantFrom(...ACCOUNTS);
const theft = (to: number, amount: number): Move => ({ from: VICTIM, to, amount, token: false, joined: false, fee: false });

describe("bounds over every placing of missing money", () => {
	it("an account that pays out more than the case shows it received", async () => {
		const moves = [theft(1, 100), { ...theft(2, 150), from: 1 }, { ...theft(3, 70), from: 1 }];
		const result = await trace(worldOf(moves), ["transfer:10.0.0"]);
		const bounds = result.leaves.map((leaf) => [leaf.account, leaf.agreed, leaf.range, leaf.amounts[ETHER]?.poison]);
		expect(bounds).toEqual([
			[testAccount(2), "30", ["30", "100"], "150"],
			[testAccount(3), "0", ["0", "70"], "70"],
		]);
		expect(result.leaves[0]?.amounts[ETHER]).toMatchObject({ fifo: "100", dilo: "100" });
		expect(result.coverage.gaps).toContainEqual(
			expect.objectContaining({ kind: "missing-inflow", account: testAccount(1), amount: "120", uncertain: "100" }),
		);
	});

	it("what was missing before any tainted money came makes no difference", async () => {
		const moves = [{ ...theft(2, 50), from: 1 }, theft(1, 100), { ...theft(3, 70), from: 1 }];
		const result = await trace(worldOf(moves), ["transfer:20.0.0"]);
		expect(result.leaves.map((leaf) => [leaf.agreed, leaf.range])).toEqual([
			["70", ["70", "70"]],
			["30", ["30", "30"]],
		]);
		expect(result.coverage.gaps.map(({ kind }) => kind)).not.toContain("missing-inflow");
	});

	it("seeds that name one leg of an exchange mark no more than it moved", async () => {
		const leg = { ...theft(4, 1), from: 1, joined: true };
		const moves = [theft(1, 1), { ...theft(1, 1), from: 4, token: true }, leg, leg];
		const result = await trace(worldOf(moves), ["transfer:20.0.2", "transfer:20.0.2"]);
		expectConsistent(result);
		expect(result.edges.map(({ position, tainted }) => [position, tainted.fifo, tainted.libr])).toEqual([["20.0.2", "1", "1"]]);
	});

	const plain = move(someone, 6, false, false);
	const mixed = move(someone, 5, true, true);
	const amount = fc.integer({ min: 1, max: 8 });

	test.prop([fc.array(plain, { minLength: 2, maxLength: 6 }), amount], { numRuns: RUNS })("hold for one theft", async (moves, stolen) => {
		await expectSound([theft(1, stolen), ...moves], [0], PLACINGS);
	});

	test.prop([plain, fc.array(plain, { minLength: 1, maxLength: 4 }), amount, amount], { numRuns: RUNS })(
		"hold for two thefts, together and each alone",
		async (between, moves, first, second) => {
			await expectSound([theft(1, first), between, theft(2, second), ...moves], [0, 2], PLACINGS);
		},
	);

	test.prop([fc.array(mixed, { minLength: 3, maxLength: 7 }), amount], { numRuns: RUNS })(
		"hold with fees, tokens and several moves in a transaction",
		async (moves, stolen) => {
			await expectSound([theft(1, stolen), ...moves], [0], PLACINGS, { conversions: false });
		},
	);

	/** An account pays one asset and receives the other in one transaction. */
	const exchange = fc.tuple(mixed, amount, someone).map(([paid, got, other]): Move[] => [
		{ ...paid, to: other, fee: false, joined: false },
		{ ...paid, from: other, to: paid.from, amount: got, token: !paid.token, fee: false, joined: true },
	]);

	test.prop(
		[
			fc.array(
				fc.oneof(
					mixed.map((x) => [x]),
					exchange,
				),
				{ minLength: 2, maxLength: 5 },
			),
			amount,
		],
		{ numRuns: RUNS },
	)("hold with exchanges inside a transaction", async (moves, stolen) => {
		await expectSound([theft(1, stolen), ...moves.flat()], [0], PLACINGS);
	});

	test.prop([fc.array(plain, { minLength: 3, maxLength: 6 }), amount, amount], { numRuns: RUNS })(
		"hold when a seed is limited",
		async (moves, stolen, limit) => {
			const seed = { ...parseSeed("transfer:10.0.0", TEST_CHAIN), asset: ETHER, limit: BigInt(limit) };
			await expectSound([theft(1, stolen), ...moves], [0], PLACINGS, { seeds: [seed] });
		},
	);

	test.prop([fc.array(plain, { minLength: 2, maxLength: 5 }), fc.array(plain, { minLength: 0, maxLength: 3 }), amount], { numRuns: RUNS })(
		"hold when a whole transaction is the seed",
		async (moves, before, stolen) => {
			const world = [...before, theft(1, stolen), ...moves];
			const place = worldOf(world)[before.length] as Transfer;
			const seed = parseSeed(`tx:${place.txHash}`, TEST_CHAIN);
			await expectSound(world, [before.length], PLACINGS, { seeds: [seed] });
		},
	);

	const anything = fc.array(
		fc.oneof(
			mixed.map((x) => [x]),
			exchange,
		),
		{ minLength: 2, maxLength: 5 },
	);
	const limit = fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined });

	test.prop([anything, amount, fc.array(fc.tuple(fc.nat({ max: 20 }), fc.boolean(), limit), { minLength: 1, maxLength: 3 })], {
		numRuns: RUNS,
	})("hold for whole transactions and transfers, several moves and exchanges in each", async (moves, stolen, picked) => {
		const all = [theft(1, stolen), ...moves.flat()];
		const world = worldOf(all);
		const seeds = picked.map(([at, whole, most]) => {
			const t = world[at % world.length] as Transfer;
			const seed = parseSeed(whole ? `tx:${t.txHash}` : `transfer:${formatPosition(t.position)}`, TEST_CHAIN);
			return most === undefined ? seed : { ...seed, asset: ETHER, limit: BigInt(most) };
		});
		await expectSoundIfSeeded(all, seeds);
	});

	test.prop([anything, fc.array(fc.tuple(fc.nat({ max: 10 }), amount), { minLength: 1, maxLength: 3 }), limit], { numRuns: RUNS })(
		"hold for all that an account receives, where it lacks nothing itself",
		async (moves, thefts, most) => {
			const all = moves.flat();
			for (const [at, stolen] of thefts) all.splice(at % (all.length + 1), 0, theft(1, stolen));
			const world = worldOf(all);
			fc.pre(ASSETS.every((asset) => lackOf(world, 1, asset) === 0));
			const seed = parseSeed(`account:${testAccount(1).split(":")[2]}`, TEST_CHAIN);
			await expectSoundIfSeeded(all, [most === undefined ? seed : { ...seed, asset: ETHER, limit: BigInt(most) }]);
		},
	);

	/** Heights of an account that nobody reads: from one move to another, or on from it. */
	const unread = fc.record({ account: someone, from: fc.integer({ min: 2, max: 7 }), length: fc.option(fc.integer({ min: 1, max: 3 })) });
	/** Moves among the accounts, and between them and somebody whom nobody reads. */
	const withStranger = fc.oneof(
		plain,
		fc.tuple(plain, fc.boolean()).map(([m, pays]) => ({ ...m, [pays ? "to" : "from"]: STRANGER })),
	);

	test.prop([fc.array(withStranger, { minLength: 3, maxLength: 8 }), amount, fc.array(unread, { minLength: 1, maxLength: 2 })], {
		numRuns: RUNS * 5,
	})("hold whatever an account paid and got at heights after its taint that nobody read", async (moves, stolen, holes) => {
		const all = worldOf([theft(1, stolen), ...moves]);
		const isRead = (n: number, height: number) =>
			n !== STRANGER && !holes.some((h) => h.account === n && height >= h.from * 10 && height <= (h.from + (h.length ?? 1000)) * 10);
		const numberOf = (account: string) => [...ACCOUNTS, STRANGER, VICTIM].find((n) => testAccount(n) === account) ?? PRODUCER;
		const seeds = ["transfer:10.0.0"];
		const complete = (account: string) => (account === testAccount(STRANGER) ? [] : [read(0, 10_000)]);
		const truth = await trace(all, seeds, {}, { coverage: complete });
		// What a stranger paid before any taint came shows in no book, and stays: `opening-balance-unknown` is about that.
		const tainted = (n: number, height: number) =>
			truth.edges.some((edge) => edge.to === testAccount(n) && Number(edge.position.split(".")[0]) < height);
		const isTold = ({ from, to, position: { height } }: Transfer) => {
			const [payer, paid] = [numberOf(from), numberOf(to)];
			if (payer === STRANGER) return isRead(paid, height) || !tainted(paid, height);
			return paid !== STRANGER || isRead(payer, height);
		};
		const coverage = (account: string) => {
			const n = numberOf(account);
			if (n === STRANGER) return [];
			return Array.from({ length: 20 }, (_, i) => i * 10).flatMap((height) => (isRead(n, height) ? [read(height - 5, height + 4)] : []));
		};
		const told = all.filter(isTold);
		fc.pre(ACCOUNTS.every((n) => lackOf(all, n, ETHER) === 0));
		const known = await trace(told, seeds, {}, { coverage });
		const bounds = boundsOf(known);
		const unfetched = new Set<string>(known.leaves.filter(({ stop }) => stop.reason === "unfetched").map(({ account }) => account));
		const hiddenOf = (account: string) => all.filter((t) => t.from === account && !told.includes(t));
		for (const rule of CONSERVING) {
			const amounts = amountsOf(truth, rule);
			for (const [key, [least]] of bounds) {
				// An end point says what was there where its data ends, or, unfetched, what came.
				const [what, account = ""] = key.split(" ");
				if (what === "leaf" && (unfetched.has(account) || hiddenOf(account).length > 0)) continue;
				const amount = amounts.get(key) ?? 0n;
				if (amount < least) expect.fail(`${rule}: ${amount} is less than ${least} at ${key}, ${JSON.stringify({ moves, holes })}`);
			}
		}
		for (const { account, stop, arrivals } of known.leaves) {
			if (stop.reason !== "unspent") continue;
			const since = Number(arrivals.first.split(".")[0]);
			const hidden = hiddenOf(account).filter((t) => t.position.height >= since);
			expect(
				hidden.filter(({ position }) => position.height <= Number(/block (\d+)/.exec(stop.detail)?.[1])),
				`${stop.detail}, ${JSON.stringify({ moves, holes })}`,
			).toEqual([]);
		}
	});

	/** Everybody whose movements the case may not have read. */
	const ALL = [...ACCOUNTS, STRANGER];
	const anybody = fc.constantFrom(...ALL);
	const holeAnywhere = fc.record({
		account: anybody,
		from: fc.integer({ min: 1, max: 9 }),
		length: fc.option(fc.integer({ min: 0, max: 3 })),
	});

	/** Seeds besides the theft: a transfer, all of a transaction, or what an account receives, of some units. */
	const besides = fc.array(fc.tuple(fc.nat({ max: 8 }), fc.constantFrom("transfer", "tx", "account"), limit), { maxLength: 2 });

	test.prop(
		[
			fc.array(move(anybody, 6, true, true), { minLength: 2, maxLength: 8 }),
			fc.tuple(amount, amount),
			fc.array(holeAnywhere, { minLength: 1, maxLength: 4 }),
			besides,
			fc.boolean(),
			fc.subarray(ALL, { maxLength: 2 }),
		],
		{ numRuns: RUNS * 5 },
	)(
		"hold, both ways, where rows are in the case of accounts that nobody read there",
		async (moves, [stolen, had], holes, more, conversions, code) => {
			// Somebody has something of both assets: few accounts lack what they pay.
			const given = [4, STRANGER].map((n) => ({ ...theft(n, had), token: n === 4 }));
			const all = worldOf([...given, theft(1, stolen), ...moves]);
			const isRead = (account: string, height: number) =>
				!holes.some(
					(h) => testAccount(h.account) === account && height >= h.from * 10 - 5 && height < (h.from + (h.length ?? 1000)) * 10 + 5,
				);
			const coverage = (account: string) =>
				Array.from({ length: 20 }, (_, i) => i * 10).flatMap((height) => (isRead(account, height) ? [read(height - 5, height + 4)] : []));
			fc.pre(ALL.every((n) => ASSETS.every((asset) => lackOf(all, n, asset) === 0)));
			const seeds = [
				parseSeed("transfer:30.0.0", TEST_CHAIN),
				...more.map(([at, kind, most]) => {
					const t = all[at % all.length] as Transfer;
					const name = kind === "account" ? t.to.split(":")[2] : kind === "tx" ? t.txHash : formatPosition(t.position);
					const seed = parseSeed(`${kind}:${name}`, TEST_CHAIN);
					return most === undefined ? seed : { ...seed, asset: ETHER, limit: BigInt(most) };
				}),
			];
			const contracts = new Set(code.map((n) => testAccount(n)));
			const whole = await ifSeeded(trace(all, [], { conversions, seeds }, { coverage: () => [read(0, 10_000)], contracts }));
			// Nobody knows of an unread account that it exchanges: what it was given stays with it then, not with who gave it.
			fc.pre(!whole.leaves.some(({ stop }) => stop.reason === "swap"));
			const known = await trace(all, [], { conversions, seeds }, { coverage, contracts });
			// Whom a contract paid that nobody read is not followed, which a gap says.
			const cut = known.coverage.gaps.some(({ text }) => text.startsWith("it has code, nobody read all that it paid"));
			const bounds = boundsOf(known);
			expectConsistent(known);
			// What lies where nothing was read that could have moved it on: it came there, and no more is said.
			const open = new Set<string>(known.leaves.filter(({ stop }) => stop.reason === "unfetched").map(({ account }) => account));
			for (const rule of CONSERVING) {
				const amounts = amountsOf(whole, rule);
				for (const key of new Set([...bounds.keys(), ...amounts.keys()])) {
					const said = amounts.get(key) ?? 0n;
					const [least, most] = bounds.get(key) ?? [0n, 0n];
					const [what, account = ""] = key.split(" ");
					const world = `${rule}: ${said} at ${key}, not ${least} to ${most}: ${JSON.stringify({ moves, stolen, had, holes, more, conversions, code })}`;
					if ((said > most && !cut) || (said < least && !(what === "leaf" && open.has(account)))) expect.fail(world);
				}
			}
		},
	);

	it("count what a later block's other order would make an account lack", async () => {
		const at = (height: number, txIndex: number, from: number, to: number) =>
			testTransfer([height, UNINDEXED_TX_BASE + txIndex], from, to, 50n);
		const world = [at(100, 0, VICTIM, 1), at(101, 0, 1, 2), at(103, 0, 4, 1), at(103, 1, 1, 3)];
		const { leaves } = await trace(world, [`transfer:100.${UNINDEXED_TX_BASE}.0`]);
		expect(leaves.map(({ account, agreed, range }) => [account, agreed, range[1]])).toContainEqual([testAccount(2), "0", "50"]);
	});

	test.prop(
		[
			fc.array(plain, { minLength: 2, maxLength: 7 }),
			amount,
			fc.array(fc.tuple(fc.boolean(), fc.boolean(), fc.nat({ max: 100 })), { minLength: 8, maxLength: 8 }),
		],
		{
			numRuns: RUNS * 5,
		},
	)("hold for every order of transactions that no source tells", async (moves, stolen, places) => {
		const all = [theft(1, stolen), ...moves];
		// In order as they happened, several a block; of some no source tells the index.
		let height = 0;
		let index = 0;
		const happened = all.map((move, i) => {
			const [joins = false, told = false, rank = 0] = places[i] ?? [];
			if (!joins || height === 0) [height, index] = [height + 10, 0];
			else index++;
			const t = testTransfer(
				[height, index],
				move.from,
				move.fee ? PRODUCER : move.to,
				BigInt(move.amount),
				move.fee ? { kind: "fee" } : {},
			);
			return { t: { ...t, txHash: `0x${i.toString(16).padStart(64, "0")}` as Transfer["txHash"] }, told, rank };
		});
		const truth = happened.map(({ t }) => t);
		const guessed = happened.map(({ t, told, rank }) => ({
			...t,
			position: told ? t.position : { ...t.position, txIndex: UNINDEXED_TX_BASE + rank * 10 + t.position.txIndex },
		}));
		const seeds = [`tx:${truth[0]?.txHash}`];
		const placed = inOrder(guessed);
		const known = await trace(placed, seeds);
		expectConsistent(known);
		// What the books lacked before the taint came, they lack by the placed order: another order can hide no less there.
		for (const { to, position } of known.edges)
			for (const asset of ASSETS) {
				const before = (rows: readonly Transfer[]) => rows.filter((t) => t.position.height < Number(position.split(".")[0]));
				fc.pre(lackOf(before(truth), Number(to.slice(-2)) - 1, asset) <= lackOf(before(placed), Number(to.slice(-2)) - 1, asset));
			}
		await expectAgreed(known, truth, seeds, JSON.stringify({ moves, stolen, places }));
		for (const { account, stop } of known.leaves)
			if (stop.reason === "unspent")
				expect(known.coverage.gaps).not.toContainEqual(expect.objectContaining({ account, text: /may have been of it/ }));
	});

	/** What an account without a balance pays in a transaction may be of either of two that came, the stolen one last. */
	const BACK_BEFORE_STOLEN: [Move[], number, boolean[]] = [
		[[3, 4] as const, [4, 3] as const, [3, 4] as const, [1, 3] as const].map(([from, to]) => {
			return { from, to, amount: 1, token: false, joined: false, fee: false };
		}),
		1,
		Array.from({ length: 18 }, (_, i) => i === 3 || i === 4),
	];

	test.prop([fc.array(plain, { minLength: 2, maxLength: 8 }), amount, fc.array(fc.boolean(), { minLength: 18, maxLength: 18 })], {
		numRuns: RUNS * 5,
		examples: [BACK_BEFORE_STOLEN],
	})("hold for every order of calls inside a transaction that no source tells", async (moves, stolen, choices) => {
		const balances = new Map<number, number>();
		let height = 0;
		let isShort = true;
		const truth: Transfer[] = [];
		for (const [i, move] of [theft(1, stolen), ...moves].entries()) {
			const left = (balances.get(move.from) ?? 0) - move.amount;
			// Where calls change places, what was there before the transaction shows in the books.
			const joins = i > 1 && choices[i] === true && !isShort;
			if ((joins && left < 0) || move.from === move.to) continue;
			isShort = i === 0 || left < 0;
			if (!joins) height += 10;
			balances.set(move.from, Math.max(0, left));
			balances.set(move.to, (balances.get(move.to) ?? 0) + move.amount);
			const t = testTransfer([height, 0, 2 + i], move.from, move.to, BigInt(move.amount), { kind: "internal" });
			truth.push({ ...t, txHash: `0x${height.toString(16).padStart(64, "0")}` as Transfer["txHash"] });
		}
		const guessed = [...groupBy(truth, (t) => t.position.height)].flatMap(([at, calls], i) => {
			const isTold = choices[17 - i] === true;
			const told = calls.map(({ kind, from, to, asset, amount: paid }, step) => {
				const call = { kind, from, to, asset, amount: paid };
				return isTold ? { ...call, callPath: callPath("trace", String(step)) } : call;
			});
			const [placed] = placeBlock([{ hash: (calls[0] as Transfer).txHash, height: at, txIndex: 0, transfers: told }]);
			return (placed?.transfers ?? []).map(({ transfer, eventIndex, untold }): Transfer => {
				const position = { height: at, txIndex: 0, eventIndex, ...(untold ? { untold } : {}) };
				return { ...(calls[0] as Transfer), ...transfer, position };
			});
		});
		const seeds = [`tx:${truth[0]?.txHash}`];
		const known = await trace(guessed, seeds);
		expectConsistent(known);
		await expectAgreed(known, truth, seeds, JSON.stringify({ moves, stolen, choices }));
	});

	/**
	 * What each transaction moved and each end point holds of the taint, under any placing of what is missing in the world as it was, is
	 * at least what is agreed.
	 */
	async function expectAgreed(known: TraceResult, truth: readonly Transfer[], seeds: readonly string[], world: string): Promise<void> {
		const byTransaction = (result: TraceResult, least: boolean) => {
			const found = new Map<string, bigint[]>();
			const add = (key: string, amounts: readonly (string | undefined)[]) =>
				found.set(
					key,
					amounts.map((x, i) => BigInt(x ?? "0") + (found.get(key)?.[i] ?? 0n)),
				);
			const of = (tainted: Record<string, string>, bound: string | undefined) =>
				least && bound !== undefined ? CONSERVING.map(() => bound) : CONSERVING.map((rule) => tainted[rule]);
			for (const edge of result.edges)
				add(`edge ${edge.txHash} ${edge.from} ${edge.to} ${edge.amount}`, of(edge.tainted as Record<string, string>, edge.range?.[0]));
			for (const leaf of result.leaves) add(`leaf ${leaf.account}`, of(leaf.amounts[ETHER] as Record<string, string>, leaf.agreed));
			return found;
		};
		for (const placing of placingsOf(truth, PLACINGS / 4)) {
			const real = byTransaction(await trace(placing, seeds), false);
			for (const [key, bounds] of byTransaction(known, true)) {
				const least = bounds.reduce((a, b) => (a < b ? a : b));
				for (const [i, rule] of CONSERVING.entries()) {
					const amount = real.get(key)?.[i] ?? 0n;
					if (amount < least) expect.fail(`${rule}: ${amount} is less than ${least} at ${key}, ${world}`);
				}
			}
		}
	}

	async function ifSeeded<T>(result: Promise<T>): Promise<T> {
		try {
			return await result;
		} catch (error) {
			fc.pre(!(error instanceof InputError));
			throw error;
		}
	}

	/** Passes over worlds in which a seed marks nothing, which is refused. */
	async function expectSoundIfSeeded(moves: readonly Move[], seeds: TraceRequest["seeds"]): Promise<void> {
		await ifSeeded(trace(worldOf(moves), ["transfer:10.0.0"], { seeds }));
		await expectSound(moves, [], PLACINGS, { seeds });
	}
});
