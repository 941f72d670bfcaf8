import { type AssetId, erc20Asset, nativeAsset, type TraceResult, type Transfer } from "@clew/core";
import { TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { resealPacket } from "../../../../../tests/reseal.js";
import { packetFiles } from "../../freeze/packet.js";
import { planRequests } from "../../freeze/requests.js";
import { BITCOIN, type Loose } from "../blocks.test-util.js";
import type { Trace } from "../bundle/formats.js";
import { AT, exchangeLabel, jsonLine, NOBODY, smallTrace, textIn } from "../bundle.test-util.js";
import { canonical } from "../encoding/canonical.js";
import { failureText } from "../failure.js";
import { checkClaims } from "../packet/claims.js";
import type { Request, RequestExchange } from "../packet/formats.js";
import { checkTogether } from "../packet/supply.js";
import { verifyFiles } from "../verify-bundle.js";
import { wording } from "../wording.js";
import { checkArithmetic } from "./arithmetic.js";
import { neededOfSeeds } from "./supply.js";

const COIN = nativeAsset(TEST_CHAIN);
const TOKEN = erc20Asset(TEST_CHAIN, `0x${"ab".repeat(20)}`);
const [THIEF, POOL] = [1, 9];
const RULES = ["fifo", "lifo", "haircut", "libr", "difo", "dilo"];
const under = (amount: string) => Object.fromEntries(RULES.map((rule) => [rule, amount]));

const paid = (height: number, event: number, from: number, to: number, amount: bigint, asset: AssetId = COIN): Transfer =>
	testTransfer([height, 0, event], from, to, amount, { asset, kind: asset === COIN ? "native" : "token" });
/** 10 coins are stolen, exchanged for 20 of a token and these for 33 coins, of which accounts 2 and 3 get 30 and 3. */
const EXCHANGED = [
	paid(1, 1, 0, THIEF, 10n),
	paid(2, 1, THIEF, POOL, 10n),
	paid(2, 2, POOL, THIEF, 20n, TOKEN),
	paid(3, 1, THIEF, POOL, 20n, TOKEN),
	paid(3, 2, POOL, THIEF, 33n),
	paid(4, 1, THIEF, 2, 30n),
	paid(5, 1, THIEF, 3, 3n),
];
const LABELS = [exchangeLabel(testAccount(2), "Exchange"), exchangeLabel(testAccount(3), "Other")];
const ISSUER = { entity: "Issuer", name: "", address: "", channel: "", issues: [TOKEN], issued: [TOKEN] };

async function packetsOf(result: TraceResult): Promise<Map<string, Uint8Array>[]> {
	const details = { requester: "", legalBasis: "", jurisdiction: "", handling: "" };
	const info = { ...result.case, chain: TEST_CHAIN, createdAt: AT };
	const made = planRequests(result, [ISSUER]).requests.map((request) =>
		packetFiles({ info, details, result, request, balances: [], toolVersion: "0" }),
	);
	return (await Promise.all(made)).map((files) => new Map([...files].map(([path, data]) => [path, Buffer.from(data)])));
}
const requestIn = (files: ReadonlyMap<string, Uint8Array>) => JSON.parse(textIn(files, "request.json")) as Loose<Request>;

let result: TraceResult;
let packets: Map<string, Uint8Array>[] = [];
let requests: Loose<Request>[] = [];
let held: Loose<Request>;
beforeAll(async () => {
	result = await smallTrace({ labels: LABELS }, EXCHANGED);
	packets = await packetsOf(result);
	requests = packets.map(requestIn);
	const [issuer] = await packetsOf(await smallTrace({}, EXCHANGED.slice(0, 3)));
	held = requestIn(issuer ?? new Map());
});

const first = <T>([one]: readonly T[]): T => one as T;
const exchanges = ({ exchanges: some = [] }: Loose<Request>) => some as Loose<RequestExchange[]>;
const [bought, sold] = [0, 1].map((i) => (r: Loose<Request>) => exchanges(r)[i] as Loose<RequestExchange>) as [
	(r: Loose<Request>) => Loose<RequestExchange>,
	(r: Loose<Request>) => Loose<RequestExchange>,
];

function complaints(of: Loose<Request>, edit: (request: Loose<Request>) => unknown = () => {}): string[] {
	const found: string[] = [];
	const changed = structuredClone(of);
	edit(changed);
	checkClaims(changed, "r", (where, what) => found.push(`${where}: ${what}`));
	return found;
}

describe("what seeds must have marked", () => {
	const at = (account: string, amount: bigint, asset = "x") => ({ account, asset, amount });
	it("is what ends hold that no exchange had brought by then", () => {
		const swap = { pays: { asset: "x", amount: 4n }, gets: { asset: "y", amount: 9n } };
		const arrival = { brings: at("a", 9n, "y") };
		const needed = (...steps: Parameters<typeof neededOfSeeds>[0]) =>
			Object.fromEntries([...neededOfSeeds(steps, [at("a", 7n, "y")])].filter(([, amount]) => amount > 0n));
		expect(needed()).toEqual({ y: 7n });
		expect(needed(swap, arrival)).toEqual({ x: 4n });
		expect(needed(arrival, swap)).toEqual({ x: 4n, y: 7n });
		expect(needed({ ...swap, brings: at("a", 9n, "y") })).toEqual({ x: 4n });
		expect(needed(swap, arrival, { pays: { asset: "y", amount: 5n } })).toEqual({ x: 4n, y: 3n });
	});
	it("keeps an account and an asset apart, whatever they are called", () => {
		const steps = [{ brings: at("a", 5n, "b x") }];
		expect([...neededOfSeeds(steps, [at("a b", 5n)])]).toEqual([
			["b x", 0n],
			["x", 5n],
		]);
	});
});

describe("a trace", () => {
	const found = (edit: (trace: Loose<Trace>) => unknown) => {
		const trace = JSON.parse(canonical(result)) as Loose<Trace>;
		edit(trace);
		const failures: string[] = [];
		checkArithmetic(trace, (where, what) => failures.push(`${where}: ${what}`));
		return failures;
	};
	it("exchanges nothing before it came", () => {
		expect(found(() => {})).toEqual([]);
		const swapped = found(({ edges }) => {
			const [one, other] = edges.filter(({ into }) => into !== undefined);
			if (one === undefined || other === undefined) throw new Error("there are no two exchanges");
			const { row, position } = one;
			Object.assign(one, { row: other.row, position: other.position });
			Object.assign(other, { row, position });
			edges.sort((a, b) => a.row - b.row);
		});
		expect(swapped).toContainEqual(`trace.json: fifo: 20 of ${TOKEN} must be of seeds, which marked 0: no exchange had brought it`);
		expect(swapped.every((one) => one.includes("must be of seeds"))).toBe(true);
	});
});

describe("the exchanges of a freeze request", () => {
	it("are those that its money passed through, and no more is found than they give", () => {
		expect(requests.map((request) => complaints(request))).toEqual([[], []]);
		expect(requests.map(({ asked }) => asked)).toEqual([{ [COIN]: "30" }, { [COIN]: "3" }]);
		expect(exchanges(first(requests)).map(({ row, paid, got }) => [row, paid.asset, paid.amount, got.asset, got.amount])).toEqual([
			[2, COIN, "10", TOKEN, "20"],
			[3, TOKEN, "20", COIN, "33"],
		]);
	});

	it("are none where the money passed through none", async () => {
		const beside = [...EXCHANGED.slice(0, 1), paid(2, 1, THIEF, 2, 6n), paid(3, 1, THIEF, POOL, 4n), paid(3, 2, POOL, THIEF, 8n, TOKEN)];
		const made = (await packetsOf(await smallTrace({ labels: LABELS }, beside))).map(requestIn);
		expect(made.map((request) => [request.kind, exchanges(request).length, complaints(request)])).toEqual([
			["custodian", 0, []],
			["issuer", 1, []],
		]);
	});

	it.each<[string, string, (request: Loose<Request>) => unknown]>([
		[
			"seeds that marked next to nothing",
			`r: finds 10 of ${COIN} under fifo that no exchange brought, and its seeds marked 1`,
			(r) => (first(r.seeds).seeded[COIN] = under("1")),
		],
		["no exchange", `r: finds 30 of ${COIN} under fifo, and its seeds marked 10`, (r) => (r.exchanges = [])],
		["an exchange left out", `r: finds 20 of ${TOKEN} under fifo that no exchange brought`, (r) => exchanges(r).shift()],
		[
			"an exchange that paid more than had come",
			`r: finds 11 of ${COIN} under lifo that no exchange brought, and its seeds marked 10`,
			(r) => Object.assign(bought(r).paid, { amount: "11", tainted: { ...under("10"), lifo: "11" } }),
		],
		["an exchange behind all rows", "exchange 9: leads to no end point: nothing behind it", (r) => (sold(r).row = 9)],
		["exchanges in another order", "r exchange 2: does not stand in order", (r) => exchanges(r).reverse()],
		["an exchange twice", "r exchange 2: does not stand in order", (r) => exchanges(r).splice(1, 0, bought(r))],
		["an exchange of one asset", `r exchange 2: pays and gets ${COIN}, which is no exchange`, (r) => (bought(r).got.asset = COIN)],
		[
			"an exchange on another chain",
			'names "eip155:10:0x1", which is no account of eip155:1',
			(r) => (bought(r).account = "eip155:10:0x1"),
		],
		[
			"an exchange of another chain's money",
			'moves "eip155:10/slip44:60", which is no asset',
			(r) => (bought(r).paid.asset = "eip155:10/slip44:60"),
		],
		["an exchange that lacks a rule", "exchange 2: does not say what each rule says, and no other", (r) => (bought(r).got.tainted = {})],
		["more tainted than was got", "fifo taints 10 of 10 paid, 21 of 20 got", (r) => (bought(r).got.tainted = under("21"))],
		["more tainted than was paid", "fifo taints 10 of 9 paid, 20 of 20 got", (r) => (bought(r).paid.amount = "9")],
		[
			"proceeds beyond their share",
			"fifo taints 20 of 20 got, where its share for 10 of 1000 paid is 0",
			(r) => (bought(r).paid.amount = "1000"),
		],
		[
			"proceeds of nothing",
			"fifo taints 20 of 20 got, where its share for 0 of 10 paid is 0",
			(r) => (bought(r).paid.tainted = under("0")),
		],
		["an exchange behind the data's end", "r row 3: is in block 9, and the data ends at block 5", (r) => (sold(r).position = "9.0.1")],
		["an exchange out of its place", "r row 3: position 1.0.1 stands behind 2.0.1", (r) => (sold(r).position = "1.0.1")],
		["a token without its contract", `${TOKEN}: its contract is 0x`, (r) => (r.contracts = {})],
		["exchanges on Bitcoin", `names exchanges, which ${BITCOIN} has none of`, (r) => (r.chain = BITCOIN)],
	])("with %s are refused", (_, message, edit) => {
		expect(complaints(first(requests), edit)).toContainEqual(expect.stringContaining(message));
	});

	it.each<[string, string, (request: Loose<Request>) => unknown]>([
		["not stated", "r: row 2 is of an exchange, which is not stated", (r) => (r.exchanges = [])],
		["of another time", "r exchange 2: is not what row 2 says", (r) => (bought(r).time = "2020-01-01T00:00:00Z")],
		["of another amount", "r exchange 2: is not what row 2 says", (r) => (bought(r).got.amount = "21")],
		["of other taint", "r exchange 2: is not what row 2 says", (r) => (bought(r).got.tainted = under("19"))],
		["of somebody else", "r exchange 2: is not what row 2 says", (r) => (bought(r).account = testAccount(5))],
	])("that a row of its end point shows: %s is refused", (_, message, edit) => {
		expect([held.kind, complaints(held)]).toEqual(["issuer", []]);
		expect(complaints(held, edit)).toContainEqual(expect.stringContaining(message));
	});
});

describe("freeze requests of one trace", () => {
	const together = (edit: (one: Loose<Request>, other: Loose<Request>) => unknown) => {
		const [one, other] = structuredClone(requests) as [Loose<Request>, Loose<Request>];
		edit(one, other);
		const found: string[] = [];
		expect([one, other].flatMap((request) => complaints(request))).toEqual([]);
		checkTogether([one, other], (where, what) => found.push(`${where}: ${what}`));
		return found;
	};
	it("find no more together than their seeds marked, and say the same", () => {
		expect(together(() => {})).toEqual([]);
		expect(together((...all) => all.map((r) => (sold(r).got.tainted = under("30"))))).toContain(
			`the requests together: finds 13 of ${COIN} under fifo that no exchange brought, and its seeds marked 10`,
		);
		expect(together((one) => (first(one.seeds).seeded[COIN] = under("11")))).toEqual([
			`the requests together: do not say the same of what seed 1 marked of ${COIN}`,
		]);
		expect(together((one) => (bought(one).txHash = `0x${"7".repeat(64)}`))).toEqual([
			"the requests together: do not say the same of exchange 2",
		]);
		const elsewhere = (one: Loose<Request>) => {
			delete one.way;
			first(one.seeds).spec = `tx:0x${"7".repeat(64)}`;
		};
		expect(together(elsewhere)).toEqual(["the requests together: are of several chains, or begin at other seeds"]);
	});
});

describe("a freeze request of an earlier form", () => {
	const written = (edit: (request: Loose<Request> & { schema?: string }) => unknown) => {
		const files = new Map(first(packets));
		const request = requestIn(files);
		edit(request);
		if (request.way === undefined) files.delete("path.csv");
		files.set("request.json", Buffer.from(jsonLine(request)));
		return verifyFiles(resealPacket(files), NOBODY);
	};
	const undisputed = ({ points, leads }: Loose<Request>) => {
		for (const point of [...points, ...leads]) delete point.disputed;
	};
	const wayless = (request: Loose<Request> & { schema?: string }) => {
		delete request.way;
		delete request.calls;
		delete request.restsOn;
		request.schema = "clew.request/6";
	};
	const earlier = (request: Loose<Request> & { schema?: string }) => {
		wayless(request);
		request.schema = "clew.request/3";
		delete request.exchanges;
		undisputed(request);
	};
	it("verifies as before, and the verdict says whose word its sums are", async () => {
		const now = await written(() => {});
		const before = await written((request) => {
			earlier(request);
			request.contracts = {};
			first(request.seeds).seeded[COIN] = under("1");
		});
		expect([now, before].map(({ verdict, sumsStated }) => [verdict, sumsStated])).toEqual([
			["intact", []],
			["intact", ["request.json"]],
		]);
		expect(wording(now, false)).toContainEqual(expect.stringMatching(/^sums add up: no rule finds more than seeds marked/));
		expect(wording(before, false)).toContainEqual(
			"sums not held against the seeds: the earlier form of request.json states no exchanges; the sums are the maker's word",
		);
	});
	it("has no exchanges, and the current form has them", async () => {
		const wrong = async (edit: Parameters<typeof written>[0]) => (await written(edit)).failures.map(failureText).join();
		const older = (schema: string, edit: typeof undisputed) => (request: Loose<Request> & { schema?: string }) => {
			wayless(request);
			edit(Object.assign(request, { schema }));
		};
		expect(await wrong(wayless)).toBe("");
		expect(await wrong((request) => (request.schema = "clew.request/6"))).toContain('has an unknown field "calls"');
		expect(await wrong((request) => delete request.way)).toContain("lacks way");
		expect(await wrong(older("clew.request/4", () => {}))).toContain('has an unknown field "disputed"');
		expect(await wrong(older("clew.request/4", undisputed))).toBe("");
		expect(await wrong(older("clew.request/3", undisputed))).toContain('has an unknown field "exchanges"');
		expect(await wrong(undisputed)).toContain("lacks disputed");
		expect(await wrong((request) => delete request.exchanges)).toContain("lacks exchanges");
		expect(await wrong((request) => (request.schema = "clew.request/2"))).toContain(
			'schema: must be "clew.request/3" or "clew.request/4" or "clew.request/5" or "clew.request/6" or "clew.request/7"',
		);
	});
});
