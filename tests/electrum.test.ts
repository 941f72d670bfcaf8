import { rmSync } from "node:fs";
import { join } from "node:path";
import { type HttpOptions, openBitcoinSource } from "@clew/chains";
import { accountId, type Hash, type UtxoChainSource } from "@clew/core";
import type { Transaction } from "bitcoinjs-lib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Btcd, obtainBtcd, startBtcd } from "../scripts/services/btcd.js";
import { coinbaseOf, payTo, person, send, sign } from "./bitcoin-scenario.js";
import { clewAsync, scratch } from "./clew.js";
import { type ElectrumServer, startElectrum, type Twist } from "./electrum-server.js";
import { selfSigned } from "./timestamp-authority.js";

const binary = obtainBtcd();
if (binary === undefined) console.warn("SKIPPED: no Bitcoin node: install Go, so that btcd can be built");
const BTC = 100_000_000n;
const CHAIN = "bip122:0f9188f13cb7b2c71f2a335e3a4fc328" as never;

describe.skipIf(binary === undefined)("an Electrum server over a Bitcoin node", () => {
	const folder = scratch();
	const env = { CLEW_ENDPOINTS: join(folder, "endpoints.json") };
	const [miner, thief, mule, exchange] = [person(1), person(2), person(3), person(4)];
	const addressOf = (who: typeof thief) => payTo("p2pkh", who).address as string;
	let node: Btcd;
	let plain: ElectrumServer;
	let secure: ElectrumServer;
	let theft: Transaction;
	let spent: Transaction;
	const clew = async (...args: string[]) => clewAsync(args, env);

	beforeAll(async () => {
		node = await startBtcd(binary as string, addressOf(miner));
		await node.call("generate", 110);
		theft = sign(
			[await coinbaseOf(node, 1, miner)],
			[
				[payTo("p2pkh", thief), 20n * BTC],
				[payTo("p2pkh", mule), 29n * BTC],
			],
		);
		await send(node, theft);
		await node.call("generate", 1);
		spent = sign(
			[{ tx: theft, vout: 0, kind: "p2pkh", owner: thief }],
			[
				[payTo("p2pkh", exchange), 15n * BTC],
				[payTo("p2pkh", thief), 4n * BTC],
			],
		);
		await send(node, spent);
		await node.call("generate", 1);
		plain = await startElectrum(node);
		secure = await startElectrum(node, await selfSigned("an operator"));
	});
	afterEach(() => {
		plain.twist = undefined;
	});
	afterAll(async () => {
		plain?.stop();
		secure?.stop();
		await node?.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	it("is taken with the certificate that it shows first, and with no other", async () => {
		const refused = await clew("follow", theft.getId(), "--chain", "bitcoin-regtest", "--rpc", secure.url);
		expect(refused).toMatchObject({
			code: 4,
			err: expect.stringMatching(/certificate \(SHA-256 [0-9a-f]{64}\) is vouched for by no authority/),
		});
		await clew("endpoints", "add", "el", secure.url, "--chain", "bitcoin-regtest");
		const tested = await clew("endpoints", "test", "el", "--json");
		const [told] = JSON.parse(tested.out).endpoints;
		expect(tested.err).toContain(told.certificate);
		expect(refused.err).toContain(told.certificate);
		const answers = told.tested.findings.map(({ about, answer }: { about: string; answer: string }) => [about, answer]);
		expect(Object.fromEntries(answers)).toEqual({
			"the last block is of now": "yes",
			"whole blocks, from the first": "no",
			"transactions of an address": "yes",
			"what spends an output": "yes",
		});
		await clew("endpoints", "add", "other", secure.url, "--chain", "bitcoin-regtest", "--certificate", "0".repeat(64));
		const other = await clew("endpoints", "test", "other");
		expect(other).toMatchObject({ code: 1, out: expect.stringMatching(/another certificate[\s\S]*somebody may stand between/) });
		await clew("endpoints", "remove", "other");
	});

	it("gives what the node gives, and proofs to its headers", async () => {
		const [place, byNode] = [join(folder, "a.clew"), join(folder, "b.clew")];
		const follow = async (rpc: string, file: string) => {
			await clew("case", "new", file, "--title", "a theft", "--chain", "bitcoin-regtest");
			const { code, out, err } = await clew("follow", theft.getId(), "--rpc", rpc, "--case", file, "--json");
			expect(code, err).toBe(0);
			const { result } = JSON.parse(out);
			return result.edges.map(({ source: _, position: __, ...edge }: Record<string, unknown>) => edge);
		};
		expect(await follow("el", place)).toEqual(await follow(node.url, byNode));
		const bundle = join(folder, "bundle");
		const exported = await clew("export", "--case", place, "--trace", "last", "--proofs", "--rpc", "el", "--out", bundle, "--json");
		const { rows, proven } = JSON.parse(exported.out);
		expect([rows > 0, proven], exported.err).toEqual([true, rows]);
		expect((await clew("verify", bundle)).out).toContain(`${rows} of ${rows} rows proven to a block header`);
		const other = join(folder, "other");
		await clew("export", "--case", byNode, "--trace", "last", "--proofs", "--rpc", node.url, "--out", other);
		expect((await clew("verify", other)).out).toContain(`${rows} of ${rows} rows proven to a block header`);
	});

	it("tells an address's transactions, so that an investigation begins there", async () => {
		const place = join(folder, "c.clew");
		const { code, out, err } = await clew("investigate", addressOf(thief), "--chain", "bitcoin-regtest", "--case", place, "--json");
		expect(code, err).toBe(0);
		const told = JSON.parse(out);
		expect(told.taken).toMatchObject([{ agreed: `${20n * BTC}` }]);
		expect(told.complete).toBe(true);
		const sums = told.groups.flatMap((one: { sums: { agreed: string }[] }) => one.sums.map(({ agreed }) => BigInt(agreed)));
		expect(sums).toEqual([19n * BTC]);
		const blocks = await clew("ingest", "--case", place, "--rpc", "el", "--from", "0", "--to", "1");
		expect(blocks).toMatchObject({ code: 4, err: expect.stringContaining("no whole blocks") });
	});

	describe("that errs or lies", () => {
		const open = (more: HttpOptions = {}) => openBitcoinSource(plain.url, CHAIN, { sleep: async () => undefined, ...more });
		const on =
			(method: string, twist: (truth: never, params: readonly unknown[]) => ReturnType<Twist>): Twist =>
			(asked, params, truth) =>
				asked === method ? twist(truth as never, params) : undefined;
		const error = (code: number, message: string) => () => ({ error: { code, message } });
		const ask = async (source: UtxoChainSource) => ({
			transaction: () => source.transaction(theft.getId() as Hash),
			spender: () => source.spenderOf({ txid: theft.getId() as Hash, vout: 0 }, accountId(CHAIN, addressOf(thief))),
			address: () => source.addressHistory(accountId(CHAIN, addressOf(thief))),
		});
		const history = "blockchain.scripthash.get_history";
		const merkle = "blockchain.transaction.get_merkle";

		it.each<[string, "transaction" | "spender" | "address", Twist, string, RegExp]>([
			[
				"a wrong branch",
				"transaction",
				on(merkle, (truth: { pos: number }) => ({ result: { ...truth, merkle: ["0".repeat(64)] } })),
				"NODE_LIED",
				/branch does not lead/,
			],
			[
				"another place",
				"transaction",
				on(merkle, (truth: { pos: number }) => ({ result: { ...truth, pos: truth.pos + 2 } })),
				"NODE_LIED",
				/branch does not lead/,
			],
			[
				"another transaction",
				"transaction",
				on("blockchain.transaction.get", (_, [, verbose]) => (verbose ? undefined : { result: spent.toHex() })),
				"NODE_LIED",
				/asked for transaction/,
			],
			[
				"bytes that are none",
				"transaction",
				on("blockchain.transaction.get", (_, [, verbose]) => (verbose ? undefined : { result: "00" })),
				"NODE_LIED",
				/no transaction/,
			],
			[
				"a header without work",
				"transaction",
				on("blockchain.block.header", (truth: string) => ({ result: `${truth.slice(0, 144)}ffff001d${truth.slice(152)}` })),
				"NODE_LIED",
				/no proof of work/,
			],
			[
				"a height that is not its",
				"transaction",
				on(history, (truth: { height: number }[]) => ({ result: truth.map((one) => ({ ...one, height: one.height - 1 })) })),
				"NODE_BAD_ANSWER",
				/not in block/,
			],
			["a history too large", "spender", on(history, error(1, "history too large")), "NODE_TOO_MUCH", /history too large/],
			["electrs' word for that", "address", on(history, error(-32603, "Too many history entries")), "NODE_TOO_MUCH", /entries/],
			[
				"a history that leaves the spender out",
				"spender",
				on(history, (truth: unknown[]) => ({ result: truth.slice(0, 1) })),
				"NODE_BAD_ANSWER",
				/neither lists/,
			],
			["a history that leaves all out", "spender", on(history, () => ({ result: [] })), "NODE_BAD_ANSWER", /leaves out/],
			["too much asked, for good", "spender", on(history, error(-101, "excessive resource usage")), "NODE_RATE_LIMIT", /excessive/],
			["the connection ended each time", "address", on(history, () => ({ bytes: "close" })), "NODE_UNREACHABLE", /ended the connection/],
			["a line that is cut", "address", on(history, () => ({ bytes: '{"jsonrpc":"2.0","id":3,"resu\n' })), "NODE_BAD_ANSWER", /cut off/],
			["a web page", "address", on(history, () => ({ bytes: "HTTP/1.1 400 Bad Request\n" })), "NODE_BAD_ANSWER", /no JSON-RPC/],
			["no end of a line", "address", on(history, () => ({ bytes: "x".repeat(33 << 20) })), "NODE_TOO_MUCH", /more than 32 MiB/],
			["silence", "address", on(history, () => ({ bytes: "" })), "NODE_TIMEOUT", /no answer in time/],
			[
				"numbers that are none",
				"address",
				on(history, () => ({ result: [{ tx_hash: "1".repeat(64), height: 1e300 }] })),
				"NODE_BAD_ANSWER",
				/expected form/,
			],
		])("%s is an error that says so", async (_, what, twist, code, says) => {
			const source = await open(code === "NODE_TIMEOUT" ? { attempts: 1, timeoutMs: 1_500 } : { attempts: 2 });
			plain.twist = twist;
			await expect((await ask(source))[what]()).rejects.toMatchObject({ code, message: expect.stringMatching(says) });
			source.close();
		});

		it("of another chain is refused", async () => {
			plain.twist = on("blockchain.block.header", (_, [height]) => (height === 0 ? { result: "01000000".padEnd(160, "0") } : undefined));
			await expect(open()).rejects.toMatchObject({ code: "NODE_LIED" });
			await expect(openBitcoinSource(plain.url, "bip122:00000008819873e925422c1ff0f99f7c" as never, {})).rejects.toMatchObject({
				code: expect.stringMatching(/NODE_(LIED|WRONG_CHAIN)/),
			});
		});

		it("and answers in the end is asked again until then, on a connection of its own", async () => {
			const source = await open();
			let left = 3;
			plain.twist = on(history, () =>
				left-- > 0 ? [{ bytes: "close" as const }, error(-101, "excessive resource usage")()][left % 2] : undefined,
			);
			const { transactions } = await (await ask(source)).address();
			expect(transactions.map(({ txid }) => txid)).toEqual([theft.getId(), spent.getId()]);
			expect(plain.asked.filter((one) => one === "server.version").length).toBeGreaterThan(2);
			source.close();
		});
	});
});
