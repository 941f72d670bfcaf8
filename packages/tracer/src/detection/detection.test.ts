import {
	type AccountId,
	type ChainEvent,
	type Detection,
	erc20Asset,
	formatPosition,
	sharedEnds,
	sharesEnds,
	type Transfer,
	trustedAccountId,
} from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { detect } from "./detect.js";

const ETHER = 10n ** 18n;
const TOKEN = erc20Asset(TEST_CHAIN, `0x${"aa".repeat(20)}`);
const FAKE = erc20Asset(TEST_CHAIN, `0x${"bb".repeat(20)}`);
const named = (t: Transfer, ends: { from?: AccountId; to?: AccountId }): Transfer => ({ ...t, ...ends });
const account = (hex: string) => trustedAccountId(TEST_CHAIN, `0x${hex}`);
const found = async (transfers: readonly Transfer[], contracts: ReadonlySet<AccountId> = new Set()) =>
	detect(memoryLedger(transfers, { contracts }), TEST_CHAIN);
const of = (detections: readonly Detection[], kind: Detection["kind"]) =>
	detections.filter((d) => d.kind === kind).map((d) => `${d.tier} ${d.account}`);

/** Account 1 signs a transaction: it is no contract. */
const signs = testTransfer([9, 0, 0], 1, 0, 1n, { kind: "fee" });
/** `count` customers pay deposit addresses 100.., which forward to account 1. */
const paidIn = (count: number, funder = (i: number) => 200 + i): Transfer[] =>
	Array.from({ length: count }, (_, i) => [
		testTransfer([10 + i, 0, 1], funder(i), 100 + i, ETHER),
		testTransfer([20 + i, 1, 1], 100 + i, 1, ETHER - 10n ** 15n),
	]).flat();
const deposits = (count: number, funder?: (i: number) => number): Transfer[] => [signs, ...paidIn(count, funder)];

describe("hot and cold wallets", () => {
	const HOT = 1;
	const COLD = 2;
	/** Pays 60 customers an ether each. */
	const payouts = Array.from({ length: 60 }, (_, i) => testTransfer([100 + i, 0, 1], HOT, 300 + i, ETHER));
	const toCold = [200, 201].map((height) => testTransfer([height, 0, 1], HOT, COLD, 40n * ETHER));
	const back = testTransfer([210, 0, 1], COLD, HOT, 30n * ETHER);
	const wallets = async (transfers: readonly Transfer[]) =>
		(await found(transfers)).filter(({ kind }) => kind.endsWith("wallet")).map((d) => `${d.kind} ${d.tier} ${d.account}`);

	it("finds the wallet that pays customers, and the one behind it that gets much, from it alone, and pays back", async () => {
		const detections = await found([...deposits(4), ...payouts, ...toCold, back]);
		expect(of(detections, "hot-wallet")).toEqual([`structural ${testAccount(HOT)}`]);
		expect(detections.find((d) => d.kind === "cold-wallet")).toMatchObject({
			account: testAccount(COLD),
			tier: "structural",
			counterpart: testAccount(HOT),
			score: 100,
			evidence: ["200.0.1", "201.0.1", "210.0.1"],
		});
	});

	it("calls it a lead while nothing came back: a rich customer looks the same", async () => {
		expect(await wallets([...deposits(4), ...payouts, ...toCold])).toContain(`cold-wallet lead ${testAccount(COLD)}`);
	});

	it("is not moved by customers who get little, who pay others, or who are paid by others", async () => {
		const base = [...deposits(4), ...payouts];
		const little = [...base, testTransfer([200, 0, 1], HOT, COLD, 10n * ETHER), testTransfer([210, 0, 1], COLD, HOT, 5n * ETHER)];
		const pays = [...base, ...toCold, testTransfer([205, 0, 1], COLD, 9, 20n * ETHER)];
		const paid = [...base, ...toCold, testTransfer([199, 0, 1], 9, COLD, 20n * ETHER)];
		for (const transfers of [little, pays, paid]) expect(await wallets(transfers)).toEqual([`hot-wallet structural ${testAccount(HOT)}`]);
	});

	it("calls the wallet that a collecting one feeds a lead", async () => {
		const PAYER = 5;
		const fed = [101, 102].map((height) => testTransfer([height, 0, 1], HOT, PAYER, 40n * ETHER));
		const pays = Array.from({ length: 60 }, (_, i) => testTransfer([110 + i, 0, 1], PAYER, 300 + i, ETHER));
		expect(await wallets([...deposits(4), ...fed, ...pays])).toEqual([`hot-wallet lead ${testAccount(PAYER)}`]);
	});
});

describe("deposit addresses and services", () => {
	it("finds the addresses that forward whole receipts, and the service behind them, with rows", async () => {
		const detections = await found(deposits(4));
		expect(of(detections, "deposit-address")).toEqual([100, 101, 102, 103].map((n) => `structural ${testAccount(n)}`));
		expect(of(detections, "custodial-service")).toEqual([`structural ${testAccount(1)}`]);
		expect(detections.find((d) => d.kind === "deposit-address")).toMatchObject({
			counterpart: testAccount(1),
			evidence: ["10.0.1", "20.1.1"],
			version: 2,
		});
	});

	it("unknown is not 'no contract': where nothing shows that the target signs, its service and addresses are leads", async () => {
		const detections = await found(paidIn(4));
		expect(of(detections, "deposit-address")).toEqual([100, 101, 102, 103].map((n) => `lead ${testAccount(n)}`));
		expect(of(detections, "custodial-service")).toEqual([`lead ${testAccount(1)}`]);
		expect(detections[0]?.reasons.join()).toContain("may be a contract");
	});

	it("users of a decentralised exchange are no deposit addresses: they get back what they paid in, it pays inside calls, or it logs trades", async () => {
		const back = testTransfer([40, 0, 1], 1, 101, ETHER / 2n);
		const inside = testTransfer([40, 0, 1], 1, 300, ETHER / 2n, { kind: "internal" });
		const asToken = paidIn(4).map((t): Transfer => ({ ...t, asset: TOKEN, kind: "token", amount: ETHER }));
		const backAsToken: Transfer = { ...back, asset: TOKEN, kind: "token" };
		expect(of(await found([...paidIn(4), inside]), "deposit-address")).toEqual([]);
		expect(await found([...asToken, backAsToken])).toEqual([]);
		const trade: ChainEvent = {
			chain: TEST_CHAIN,
			position: { height: 50, txIndex: 0, eventIndex: 9 },
			txHash: back.txHash,
			contract: testAccount(1),
			protocol: "Uniswap 2",
			kind: "swap",
			details: {},
		};
		expect(of(await detect(memoryLedger(paidIn(4), { events: [trade] }), TEST_CHAIN), "deposit-address")).toEqual([]);
	});

	it("an exchange that sends gas to its deposit addresses, and pays a customer back, keeps the others", async () => {
		const asToken = paidIn(12).map((t): Transfer => ({ ...t, asset: TOKEN, kind: "token", amount: ETHER }));
		const gas = Array.from({ length: 12 }, (_, i) => testTransfer([15 + i, 0, 1], 1, 100 + i, ETHER / 200n));
		const back: Transfer = { ...testTransfer([60, 0, 1], 1, 101, ETHER), asset: TOKEN, kind: "token" };
		const addresses = of(await found([signs, ...asToken, ...gas, back]), "deposit-address");
		expect(addresses).toHaveLength(11);
		expect(addresses).not.toContain(`structural ${testAccount(101)}`);
	});

	it("does not take what is left of money for gas for a receipt that waits too long", async () => {
		const token = { asset: TOKEN, kind: "token" } as const;
		const gas = ETHER / 1_000n;
		const used = [0, 1, 2].flatMap((i) => [
			testTransfer([10, i, 1], 200 + i, 100 + i, 5n, token),
			testTransfer([11, i, 1], 1, 100 + i, gas),
			testTransfer([12, i, 1], 100 + i, 1, 5n, token),
			testTransfer([9_000, i, 1], 200 + i, 100 + i, ETHER),
			testTransfer([9_010, i, 1], 100 + i, 1, ETHER),
		]);
		expect(of(await found(used), "deposit-address")).toHaveLength(3);
	});

	it("calls it a lead when one account paid all of them first: they may be one person's own", async () => {
		const detections = await found(deposits(4, () => 200));
		expect(of(detections, "custodial-service")).toEqual([`lead ${testAccount(1)}`]);
	});

	it("finds contracts that forward, too, as services give them out", async () => {
		const given = new Set([100, 101, 102, 103].map(testAccount));
		expect(of(await found(deposits(4), given), "deposit-address")).toEqual([...given].map((one) => `structural ${one}`));
	});

	it("is not moved by those who keep some, wait too long, pay several, or collect in a contract", async () => {
		const keeps = [testTransfer([1, 0, 1], 200, 100, ETHER), testTransfer([2, 0, 1], 100, 1, ETHER / 2n)];
		const waits = [testTransfer([1, 1, 1], 201, 101, ETHER), testTransfer([5000, 0, 1], 101, 1, ETHER)];
		const several = [
			testTransfer([1, 2, 1], 202, 102, ETHER),
			testTransfer([2, 2, 1], 102, 1, ETHER),
			testTransfer([3, 2, 1], 202, 102, ETHER),
			testTransfer([4, 2, 1], 102, 2, ETHER),
		];
		expect(await found([...keeps, ...waits, ...several])).toEqual([]);
		expect(of(await found(deposits(4), new Set([testAccount(1)])), "custodial-service")).toEqual([]);
	});
});

describe("mixers", () => {
	const POOL = 1;
	const pool = (careless: boolean) =>
		Array.from({ length: 12 }, (_, i) => [
			testTransfer([10 + i, 0, 1], 100 + i, POOL, ETHER),
			testTransfer([100 + i, 0, 2], POOL, careless && i === 0 ? 100 : 300 + i, ETHER - 5n, { kind: "internal" }),
			testTransfer([100 + i, 0, 3], POOL, 2, 5n, { kind: "internal" }),
		]).flat();

	it("finds a pool of one denomination by what goes in and out", async () => {
		expect(of(await found(pool(false)), "mixer-pool")).toEqual([`structural ${testAccount(POOL)}`]);
		const odd = testTransfer([50, 0, 1], 400, POOL, ETHER + 1n);
		expect(of(await found([...pool(false), odd]), "mixer-pool")).toEqual([]);
	});

	it("names a depositor only where something points to one, and only as a lead", async () => {
		expect(of(await found(pool(false)), "mixer-link")).toEqual([]);
		const link = (await found(pool(true))).find((d) => d.kind === "mixer-link");
		expect(link).toMatchObject({ tier: "lead", account: testAccount(100), counterpart: testAccount(100) });
		expect(link?.reasons).toContain("the same address paid in and was paid out");
	});

	it("points to the one depositor who paid the same gas price as a withdrawal, where both prices stand alone", async () => {
		const transfers = pool(false);
		const gas = (t: Transfer, kind: ChainEvent["kind"], gasPrice: string): ChainEvent => ({
			chain: TEST_CHAIN,
			position: { ...t.position, eventIndex: 16384 },
			txHash: t.txHash,
			kind,
			protocol: "tornado",
			contract: testAccount(POOL),
			details: { gasPrice },
		});
		const events = (own: string) =>
			Array.from({ length: 12 }, (_, i) => [
				gas(transfers[3 * i] as Transfer, "mixer-deposit", i === 7 ? own : "20"),
				gas(transfers[3 * i + 1] as Transfer, "mixer-withdrawal", i === 4 ? own : "30"),
			])
				.flat()
				.sort((a, b) => a.position.height - b.position.height);
		const linked = async (own: string) =>
			(await detect(memoryLedger(transfers, { events: events(own) }), TEST_CHAIN)).filter((d) => d.kind === "mixer-link");
		expect(await linked("77")).toEqual([
			expect.objectContaining({
				account: testAccount(304),
				counterpart: testAccount(107),
				reasons: expect.arrayContaining(["both paid 77 wei for gas, and nobody else did"]),
			}),
		]);
		expect(await linked("20")).toEqual([]);
	});
});

describe("address poisoning", () => {
	const REAL = account(`abcd${"1".repeat(32)}9876`);
	const victim = testAccount(5);
	const paid = named(testTransfer([10, 0, 1], 5, 0, ETHER, { asset: TOKEN, kind: "token" }), { to: REAL });
	const look = (start: number, end: number) => account(`abcd11`.slice(0, start).padEnd(40 - end, "e") + "119876".slice(6 - end));

	it.each([
		["nothing at all", named(testTransfer([11, 0, 1], 5, 0, 0n, { asset: TOKEN, kind: "token" }), { to: look(4, 4) })],
		["a tiny amount", named(testTransfer([11, 0, 1], 0, 5, 3n, { asset: TOKEN, kind: "token" }), { from: look(3, 3) })],
		["a counterfeit token", named(testTransfer([11, 0, 1], 0, 5, ETHER, { asset: FAKE, kind: "token" }), { from: look(4, 3) })],
	])("finds a look-alike that sends %s", async (_, trick) => {
		const [detection] = await found([paid, trick]);
		expect(detection).toMatchObject({ kind: "address-poisoning", counterpart: REAL });
		expect(detection?.evidence[0]).toBe(formatPosition(paid.position));
		expect(detection?.parameters["victim"]).toBe(victim);
	});

	it("does not accuse a look-alike that was there before, a chance one, or a real payment", async () => {
		const trick = (hex: AccountId, height: number) =>
			named(testTransfer([height, 0, 1], 5, 0, 0n, { asset: TOKEN, kind: "token" }), { to: hex });
		expect(await found([trick(look(4, 4), 9), paid])).toEqual([]);
		expect(await found([paid, trick(look(2, 2), 11)])).toEqual([]);
		const real = named(testTransfer([11, 0, 1], 0, 5, ETHER, { asset: TOKEN, kind: "token" }), { from: look(3, 3) });
		expect(await found([paid, real])).toEqual([]);
	});
});

it("finds a drainer by its split, and an airdrop by its receivers", async () => {
	const drained = [0, 1, 2, 3].flatMap((i) => [
		testTransfer([10 + i, 0, 0], 50, 0, 1n, { kind: "fee" }),
		testTransfer([10 + i, 0, 16384], 100 + i, 60, 20n * ETHER, { kind: "token", asset: TOKEN }),
		testTransfer([10 + i, 0, 16385], 100 + i, 70 + i, 80n * ETHER, { kind: "token", asset: TOKEN }),
	]);
	const dropped = Array.from({ length: 1000 }, (_, i) =>
		testTransfer([50, 1, 16384 + i], 80, 1000 + i, 1n, { kind: "token", asset: FAKE }),
	);
	const detections = await found([...drained, ...dropped]);
	expect([...of(detections, "drainer"), ...of(detections, "airdrop")]).toEqual([
		`structural ${testAccount(60)}`,
		`structural ${testAccount(80)}`,
	]);
	const drainer = detections.find((d) => d.kind === "drainer");
	expect(drainer?.reasons).toContain("always with the same split: 20.0 % to it");
	// What the holders approved before, where it is known, speaks for it; a revocation, and what came later, do not.
	const spender = `0x${"5e".repeat(20)}`;
	const approval = (i: number, height: number, amount: string): ChainEvent => ({
		chain: TEST_CHAIN,
		position: { height, txIndex: 0, eventIndex: 16384 + i },
		txHash: (drained[0] as Transfer).txHash,
		kind: "approval",
		protocol: "erc-20",
		contract: testAccount(3),
		account: testAccount(100 + i),
		details: { spender, amount },
	});
	const withApprovals = async (events: readonly ChainEvent[]) =>
		(await detect(memoryLedger(drained, { events }), TEST_CHAIN)).find((d) => d.kind === "drainer");
	const early = await withApprovals([0, 1, 2, 3].map((i) => approval(i, 5, "100")));
	expect(early?.reasons).toContain(`in 4 of 4 cases the holder had let ${spender} take the token`);
	expect((await withApprovals([approval(0, 5, "0"), approval(1, 90, "7")]))?.score).toBe(drainer?.score);
});

it("takes nobody for a drainer or a service who is paid through an EntryPoint, or by accounts that acted themselves", async () => {
	const entryPoint = trustedAccountId(TEST_CHAIN, "0x0000000071727de22e5e9d8baf0edac6f37da032");
	const split = (i: number): Transfer[] => [
		testTransfer([10 + i, 0, 0], 50, 0, 1n, { kind: "fee" }),
		testTransfer([10 + i, 0, 16384], 100 + i, 60, 20n * ETHER, { kind: "token", asset: TOKEN }),
		testTransfer([10 + i, 0, 16385], 100 + i, 70 + i, 80n * ETHER, { kind: "token", asset: TOKEN }),
	];
	const operation = (i: number, contract = entryPoint): ChainEvent => ({
		chain: TEST_CHAIN,
		position: { height: 10 + i, txIndex: 0, eventIndex: 16390 },
		txHash: split(i)[0]?.txHash as Transfer["txHash"],
		kind: "user-operation",
		protocol: "erc-4337",
		contract,
		account: testAccount(100 + i),
		details: { success: "true", gasCost: "1" },
	});
	const all = [0, 1, 2, 3];
	const drainers = async (events: readonly ChainEvent[]) =>
		of(await detect(memoryLedger(all.flatMap(split), { events }), TEST_CHAIN), "drainer");
	expect(await drainers(all.map((i) => operation(i)))).toEqual([]);
	// Anybody can log the same.
	expect(await drainers(all.map((i) => operation(i, testAccount(9))))).toEqual([`structural ${testAccount(60)}`]);
	// Three addresses that forward whole what three others paid them, and their target: through an EntryPoint nobody is anybody's.
	const forwarded = (target: Transfer["to"]) =>
		[0, 1, 2, 3].flatMap((i) => [
			testTransfer([10 + i, 0, 1], 200 + i, 210 + i, ETHER),
			{ ...testTransfer([20 + i, 0, 1], 210 + i, 0, ETHER), to: target },
			testTransfer([20 + i, 1, 0], 220, 0, 1n, { kind: "fee" }),
			{ ...testTransfer([20 + i, 1, 1], 0, 230 + i, ETHER / 2n), from: target },
		]);
	expect(of(await found(forwarded(testAccount(220))), "deposit-address")).toHaveLength(4);
	expect(await found(forwarded(entryPoint))).toEqual([]);
});

test.prop([fc.array(fc.tuple(fc.nat(8), fc.nat(8), fc.nat(5)), { maxLength: 60 })])(
	"says the same of the same data, and cites rows that are there",
	async (moves) => {
		const transfers = moves.map(([from, to, amount], i) => testTransfer([10 + i, 0, 1], from, to, BigInt(amount)));
		const once = await found(transfers);
		expect(await found([...transfers].reverse())).toEqual(once);
		const places = new Set(transfers.map((t) => formatPosition(t.position)));
		for (const detection of once) for (const place of detection.evidence) expect(places).toContain(place);
	},
);

describe("look-alikes that share one end alone", () => {
	const real = `0x${"1a2b3c4d5e".repeat(4)}`;
	const atEnd = `0x${"9".repeat(33)}${real.slice(-7)}`;
	const atStart = `${real.slice(0, 9)}${"7".repeat(33)}`;
	const told = async (imitator: string, amount: bigint) => {
		const [paid, odd] = [testTransfer([10, 0, 1], 5, 6, ETHER), testTransfer([11, 0, 1], 7, 5, amount)];
		const who = (address: string) => trustedAccountId(TEST_CHAIN, address);
		return of(await found([named(paid, { to: who(real) }), named(odd, { from: who(imitator) })]), "address-poisoning");
	};
	it("seven characters at either end are enough with an odd transfer, not without", async () => {
		expect(await told(atEnd, 0n)).toEqual([`structural ${TEST_CHAIN}:${atEnd}`]);
		expect(await told(atStart, 0n)).toEqual([`structural ${TEST_CHAIN}:${atStart}`]);
		expect(await told(atEnd, ETHER)).toEqual([]);
		expect(await told(`0x${"9".repeat(34)}${real.slice(-6)}`, 0n)).toEqual([]);
	});
	it("a run of zeros is no likeness", () => {
		const zeros = (rest: string) => `0x${"0".repeat(30)}${rest}`;
		expect(sharesEnds(zeros("1234567890"), zeros("abcdefabcd"), { each: 2, together: 5, oneEnd: 7 })).toBe(false);
	});
	it("what every address of a kind begins with is compared by nobody", () => {
		const [a, b] = ["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"];
		expect(sharedEnds(a, b)).toEqual({ start: 0, end: 0 });
	});
});

test.prop([fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 40, maxLength: 40 })])(
	"an address never looks like itself, and shares all of it",
	(hex) => {
		expect(sharesEnds(`0x${hex}`, `0x${hex}`, { each: 2, together: 6, oneEnd: 7 })).toBe(false);
		expect(sharedEnds(`0x${hex}`, `0x${hex}`)).toEqual({ start: 40, end: 40 });
	},
);
