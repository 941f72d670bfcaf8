import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
	type AssetId,
	type CaseInfo,
	canonicalJson,
	erc20Asset,
	InputError,
	type LedgerReader,
	nativeAsset,
	type TraceEdge,
	type TraceResult,
	type Transfer,
} from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { failureText, readBundle, verifyFiles } from "@clew/evidence";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pointKey, rowsByPoint } from "../../packages/evidence/src/bundle/leaf-groups.js";
import { papersOfRequest } from "../../packages/evidence/src/freeze/papers.js";
import { requestDocument } from "../../packages/evidence/src/freeze/request-document.js";
import type { FreezeRequest } from "../../packages/evidence/src/freeze/requests.js";
import type { Trace } from "../../packages/evidence/src/verify/bundle/formats.js";
import { checkExchanges } from "../../packages/evidence/src/verify/packet/exchanges.js";
import type { Request } from "../../packages/evidence/src/verify/packet/formats.js";
import { checkOrder } from "../../packages/evidence/src/verify/packet/order.js";
import { checkMarked, checkTogether } from "../../packages/evidence/src/verify/packet/supply.js";
import { checkWay } from "../../packages/evidence/src/verify/packet/way.js";
import { checkArithmetic } from "../../packages/evidence/src/verify/trace/arithmetic.js";
import { accountWorld, askedOfWorld, dice } from "../../packages/tracer/src/oracle/account-worlds.test-util.js";
import { buildResult } from "../../packages/tracer/src/result.js";
import { parseSeed } from "../../packages/tracer/src/seeds.js";
import { defaultRequest, runTrace, type TraceRequest } from "../../packages/tracer/src/trace.js";
import { mustClew, scratch } from "../clew.js";
import { resealPacket } from "../reseal.js";

/** More of them with WORLDS=N. */
const WORLDS = Number(process.env["WORLDS"] ?? 600);

const ETHER = nativeAsset(TEST_CHAIN);
const ASSETS = [ETHER, erc20Asset(TEST_CHAIN, `0x${"ab".repeat(20)}`), erc20Asset(TEST_CHAIN, `0x${"cd".repeat(20)}`)] as const;
const TRADERS = 4;
const POOL = 9;

/** A world in which accounts exchange most of the time, at any rate, and pay each other between. */
function askedOfTrading(number: number): { readonly source: LedgerReader; readonly request: TraceRequest } {
	const d = dice(number);
	const transfers: Transfer[] = [];
	const asset = () => ASSETS[d(ASSETS.length)] as AssetId;
	const move = (height: number, event: number, from: number, to: number, what: AssetId) =>
		transfers.push(
			testTransfer([height, 0, event], from, to, BigInt(1 + d(40)), { asset: what, kind: what === ETHER ? "native" : "token" }),
		);
	for (let height = 1; height <= 14; height++) {
		const [one, other, what] = [d(TRADERS), d(TRADERS), asset()];
		if (height < 4) move(height, 1, 8, one, what);
		else if (d(3) === 0) move(height, 1, one, other, what);
		else {
			move(height, 1, one, POOL, what);
			move(height, 2, POOL, one, asset());
			if (d(3) === 0) move(height, 3, one, other, asset());
		}
	}
	const account = () => `account:${testAccount(d(TRADERS)).slice(`${TEST_CHAIN}:`.length)}`;
	const specs = transfers.slice(0, 1 + d(3)).map(({ txHash }) => (d(3) === 0 ? account() : `tx:${txHash}`));
	return {
		source: memoryLedger(transfers),
		request: defaultRequest(
			TEST_CHAIN,
			specs.map((spec) => parseSeed(spec, TEST_CHAIN)),
		),
	};
}

/** The trace of a random world; undefined where a seed is refused. */
async function traceOf(number: number): Promise<TraceResult | undefined> {
	try {
		const { source, request } = number % 2 === 0 ? askedOfTrading(number) : askedOfWorld(accountWorld(number));
		return await buildResult(await runTrace(request, { source }), source, { id: "c", title: "t", cutoff: 1_000_000, sources: [] });
	} catch (error) {
		if (error instanceof InputError) return undefined;
		throw error;
	}
}

/** As requests are planned: what only poison taints is none of their rows. */
const isMoved = ({ into, ...edge }: TraceEdge) =>
	Object.entries((into ?? edge).tainted).some(([rule, amount]) => rule !== "poison" && amount !== "0");

/** A request about one end point, whoever it is of, as a packet states it. */
function requestAbout(result: TraceResult, leaf: TraceResult["leaves"][number]): Request {
	const [asset = ""] = Object.keys(leaf.amounts);
	const rows = rowsByPoint(result.edges.filter(isMoved)).get(pointKey(leaf.account, asset)) ?? [];
	const request: FreezeRequest = { kind: "issuer", entity: "x", recipient: undefined, points: [{ leaf, asset, rows }], leads: [] };
	const details = { requester: "", legalBasis: "", jurisdiction: "", handling: "" };
	const info = { id: "c", title: "t", chain: result.chain, createdAt: "" } as CaseInfo;
	return JSON.parse(canonicalJson(requestDocument({ info, details, result, request, balances: [] }, ""))) as Request;
}

describe("what a freeze request finds, over random worlds", () => {
	it("is never more than its seeds marked and its exchanges brought, alone and together", { timeout: 600_000 }, async () => {
		const seen = { requests: 0, exchanges: 0, refused: 0 };
		for (let number = 1; number <= WORLDS; number++) {
			const result = await traceOf(number);
			if (result === undefined) continue;
			const requests = result.leaves.map((leaf) => requestAbout(result, leaf));
			const failures: string[] = [];
			const fail = (where: string, what: string) => void failures.push(`${where}: ${what}`);
			for (const request of requests) {
				seen.requests++;
				seen.exchanges += request.exchanges?.length ?? 0;
				checkOrder(request, "r", fail);
				checkExchanges(request, "r", fail);
				checkMarked(request, "r", fail);
				// These worlds are of the years before any chain.
				checkWay(request, "r", (where, what) => void (what.includes("began at") || fail(where, what)));
				checkMarked({ ...request, exchanges: [] }, "r", () => void seen.refused++);
			}
			const bundle: string[] = [];
			checkArithmetic(JSON.parse(canonicalJson(result)) as Trace, (where, what) => void bundle.push(`${where}: ${what}`));
			expect(
				bundle.filter((one) => one.includes("must be of seeds")),
				`world ${number}`,
			).toEqual([]);
			checkTogether(requests, fail);
			expect(failures, `world ${number}`).toEqual([]);
		}
		expect(seen.exchanges).toBeGreaterThan(WORLDS / 4);
		expect(seen.refused).toBeGreaterThan(WORLDS / 4);
	});
});

const folder = scratch();
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/* biome-ignore lint/suspicious/noExplicitAny: what a forger changes has no type. */
type Loose = any;
const NO_TRUST = { headers: [], keys: [], timeRoots: [] };
const TETHER = "0xdac17f958d2ee523a2206206994597c13d831ec7";
const USDT = `eip155:1/erc20:${TETHER}`;
const [PAYER, THIEF, MARKET, SHOP] = ["a", "b", "c", "d"].map((digit) => `0x${digit.repeat(40)}`) as [string, string, string, string];
const hash = (n: number) => `0x${n.toString(16).padStart(64, "0")}`;
const [COINS, TOKENS] = [`10${"0".repeat(18)}`, `30000${"0".repeat(6)}`];

/** 10 ETH are stolen, exchanged for 30,000 USDT, and paid to an exchange. */
async function exchangedPacket(): Promise<Map<string, Uint8Array>> {
	const place = at("case.clew");
	mustClew("case", "new", place, "--title", "A theft");
	mkdirSync(at("files"));
	const paid = (block: number, from: string, to: string) =>
		`${block},${1_600_000_000 + block},${hash(block)},${from},${to},${COINS},21000,0,21000,0,1,0,,1000`;
	const token = (block: number, from: string, to: string) =>
		`${block},${1_600_000_000 + block},${hash(block)},${from},${TETHER},${to},${TOKENS},Tether USD,USDT,6,0`;
	const coinHead =
		"blockNumber,timeStamp,hash,from,to,value,gas,gasPrice,gasUsed,isError,txreceipt_status,transactionIndex,contractAddress,confirmations";
	const tokenHead = "blockNumber,timeStamp,hash,from,contractAddress,to,value,tokenName,tokenSymbol,tokenDecimal,transactionIndex";
	writeFileSync(join(at("files"), `${THIEF}.csv`), `${[coinHead, paid(10, PAYER, THIEF), paid(11, THIEF, MARKET)].join("\n")}\n`);
	writeFileSync(join(at("files"), `tokens-${THIEF}.csv`), `${[tokenHead, token(11, MARKET, THIEF), token(12, THIEF, SHOP)].join("\n")}\n`);
	mustClew("import", "etherscan", at("files"), "--case", place);
	writeFileSync(at("labels.csv"), `address,entity,category\n${SHOP},Example Exchange,exchange\n${MARKET},A Market,dex\n`);
	mustClew("label", "import", at("labels.csv"), "--source", "desk", "--confidence", "90", "--case", place);
	mustClew("trace", "--case", place, "--seed", `tx:${hash(10)}`);
	mustClew("freeze", "--case", place, "--out", at("requests"));
	return readBundle(at("requests/custodian-example-exchange"));
}

describe("a freeze request whose money was exchanged", () => {
	let packet: Map<string, Uint8Array>;
	beforeAll(async () => {
		packet = await exchangedPacket();
	});
	const textOf = (files: ReadonlyMap<string, Uint8Array>, name: string) => Buffer.from(files.get(name) ?? []).toString("utf8");
	/** The packet with its request changed, its papers made anew, and every hash and the seal mended. */
	const forged = async (change: (request: Loose) => void) => {
		const request = JSON.parse(textOf(packet, "request.json"));
		change(request);
		const papers = [...(await papersOfRequest(request))].map(([path, content]) => [path, Buffer.from(content)] as const);
		return resealPacket(new Map([...packet, ...papers, ["request.json", Buffer.from(`${canonicalJson(request)}\n`)]]));
	};
	const oneOf = (r: Loose) => Object.fromEntries(r.rules.map((rule: string) => [rule, "1"]));
	const seedOfOneWei = (r: Loose) => Object.assign(r.seeds[0].seeded, { [ETHER]: oneOf(r) });
	const paidOneWei = (r: Loose) => Object.assign(r.exchanges[0].paid, { tainted: oneOf(r) });

	it("states what went in and what came out, and names nobody on the way", async () => {
		const request = JSON.parse(textOf(packet, "request.json"));
		expect(request).toMatchObject({ schema: "clew.request/7", asked: { [USDT]: TOKENS } });
		expect(request.exchanges).toMatchObject([
			{ account: `eip155:1:${THIEF}`, txHash: hash(11), paid: { asset: ETHER, amount: COINS }, got: { asset: USDT, amount: TOKENS } },
		]);
		for (const name of ["request.json", "request.txt"]) expect(textOf(packet, name)).not.toMatch(new RegExp(`A Market|${MARKET}`, "i"));
		expect(textOf(packet, "request.txt")).toContain("Exchanges on the way (request.json names each)");
		expect((await verifyFiles(await forged(() => {}), NO_TRUST)).failures.map(failureText)).toEqual([]);
		expect(mustClew("verify", at("requests"))).toContain("sums add up: no rule finds more than seeds marked and stated exchanges brought");
	});

	it.each<[string, (request: Loose) => void, string]>([
		[
			"one wei beside all that is asked for",
			seedOfOneWei,
			`finds ${COINS} of ${ETHER} under fifo that no exchange brought, and its seeds marked 1`,
		],
		["no exchange", (r) => (r.exchanges = []), `finds ${TOKENS} of ${USDT} under fifo, and its seeds marked 0`],
		[
			"one wei, for which the exchange gave everything",
			(r) => {
				seedOfOneWei(r);
				paidOneWei(r);
			},
			`where its share for 1 of ${COINS} paid is 0`,
		],
		[
			"an exchange that comes too late",
			(r) => Object.assign(r.exchanges[0], { row: 9, position: "13.0.1", time: "" }),
			"leads to no end point",
		],
	])("and that states %s fails in the single file, whatever is sealed anew", async (_, change, why) => {
		const { ok, failures } = await verifyFiles(await forged(change), NO_TRUST);
		expect([ok, failures.map(failureText).join("\n")]).toEqual([false, expect.stringContaining(why)]);
	});

	it("can be made to hold only by stating a price, which its letter shows, beside a transaction that says otherwise", async () => {
		const files = await forged((r) => {
			seedOfOneWei(r);
			paidOneWei(r);
			r.exchanges[0].paid.amount = "1";
		});
		expect((await verifyFiles(files, NO_TRUST)).failures.map(failureText)).toEqual([]);
		expect(textOf(files, "request.txt").replace(/\s+/g, " ")).toContain("0.000000000000000001 ETH");
	});
});
