import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { type BitcoinBlockProof, canonicalJson } from "@clew/core";
import { failureText, readBundle, type VerifyReport, verifyFiles } from "@clew/evidence";
import type { Transaction } from "bitcoinjs-lib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Btcd, obtainBtcd, startBtcd } from "../scripts/services/btcd.js";
import { carrying, coinbaseOf, type Kind, payTo, person, send, sign } from "./bitcoin-scenario.js";
import { clew, clewAsync, mustClew, scratch } from "./clew.js";
import { undocumented } from "./documented.js";

const binary = obtainBtcd();
if (binary === undefined) console.warn("SKIPPED: no Bitcoin node: install Go, so that btcd can be built");
/** Segwit and taproot are active on btcd's regtest from here on (three windows of 144 blocks). */
const ACTIVE = 432;
const KINDS: readonly Kind[] = ["p2pk", "p2pkh", "p2sh", "p2wpkh", "p2wsh", "p2tr", "multisig"];
const BTC = 100_000_000n;

describe.skipIf(binary === undefined)("a theft on a real Bitcoin node", () => {
	const folder = scratch();
	const file = join(folder, "btc.clew");
	const [miner, victim, thief, mule] = [person(1), person(2), person(3), person(4)];
	let node: Btcd;
	let funding: Transaction;
	let theft: Transaction;
	let tip: number;

	const ingest = () => JSON.parse(mustClew("ingest", "--case", file, "--rpc", node.url, "--from", "0", "--to", "tip", "--json"));
	const show = (what: string) => JSON.parse(mustClew("show", "--case", file, what, "--json"));
	const trace = (...args: string[]) => JSON.parse(mustClew("trace", "--case", file, ...args, "--json"));

	beforeAll(async () => {
		node = await startBtcd(binary as string, payTo("p2pkh", miner).address as string);
		await node.call("generate", ACTIVE + 100);
		const coin = await coinbaseOf(node, 1, miner);
		const text = Buffer.from([0xff, 0xfe, 0x80, 0x41]);
		funding = sign(
			[coin],
			[...KINDS.map((kind) => [payTo(kind, victim), BTC] as const), [carrying(text), 0n], [payTo("p2wpkh", miner), 42n * BTC]],
		);
		await send(node, funding);
		await node.call("generate", 1);
		theft = sign(
			KINDS.map((kind, vout) => ({ tx: funding, vout, kind, owner: victim })),
			[
				[payTo("p2tr", thief), 5n * BTC],
				[payTo("p2wpkh", thief), 2n * BTC - 10_000n],
			],
		);
		await send(node, theft);
		await node.call("generate", 1);
		tip = await node.call<number>("getblockcount");
		mustClew("case", "new", file, "--title", "regtest theft", "--chain", "bitcoin-regtest");
	});
	afterAll(async () => {
		await node?.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	it("is ingested from the genesis block on; a second run has nothing to do", () => {
		expect(ingest()).toMatchObject({
			from: 0,
			to: tip,
			blocks: tip + 1,
			added: tip + 3,
			gaps: [],
			capabilities: { client: expect.stringMatching(/^btcd 0\.\d+\.\d+$/) },
		});
		expect(ingest()).toMatchObject({ blocks: 0, added: 0 });
	});

	/** The node's chain as Esplora tells of it. */
	const esplora = async (known: readonly Transaction[]) => {
		const byId = new Map(known.map((tx) => [tx.getId(), tx]));
		const output = (o: { script: Uint8Array; value: bigint }) => ({
			scriptpubkey: Buffer.from(o.script).toString("hex"),
			value: Number(o.value),
		});
		const describeTx = async (id: string) => {
			const { blockhash, blocktime } = await node.call<{ blockhash?: string; blocktime?: number }>("getrawtransaction", id, 1);
			const height = blockhash && (await node.call<{ height: number }>("getblockheader", blockhash, true)).height;
			const tx = byId.get(id) as Transaction;
			const vin = tx.ins.map((input) => {
				const txid = Buffer.from(input.hash).reverse().toString("hex");
				const spent = byId.get(txid)?.outs[input.index];
				return { txid, vout: input.index, sequence: input.sequence, is_coinbase: false, prevout: spent ? output(spent) : null };
			});
			return {
				txid: id,
				version: tx.version,
				locktime: tx.locktime,
				vin,
				vout: tx.outs.map(output),
				status: { confirmed: height !== undefined, block_height: height, block_time: blocktime },
			};
		};
		const answer = async (path: string): Promise<unknown> => {
			const [, , what, id = "", rest, n, last] = path.split("/");
			if (what === "blocks") return node.call("getblockcount");
			if (what === "block-height") return node.call("getblockhash", Number(id));
			if (what === "block") return Buffer.from(await node.call<string>("getblock", id, 0), "hex");
			if (what === "address" && last !== undefined) return "[]";
			if (what === "address") {
				const all = await Promise.all(known.map((tx) => describeTx(tx.getId())));
				const script = Buffer.from(payTo("p2tr", thief).output as Uint8Array).toString("hex");
				// Only the address that is asked about below.
				const touches = (tx: (typeof all)[number]) => id === payTo("p2tr", thief).address && JSON.stringify(tx).includes(script);
				return JSON.stringify(all.filter(touches));
			}
			if (rest !== "outspend") return JSON.stringify(await describeTx(id));
			const spender = known.find((tx) =>
				tx.ins.some((input) => Buffer.from(input.hash).reverse().toString("hex") === id && input.index === Number(n)),
			);
			return JSON.stringify(spender ? { spent: true, txid: spender.getId() } : { spent: false });
		};
		const server = createServer((request, response) => {
			void answer(request.url ?? "").then(
				(body) => response.end(Buffer.isBuffer(body) ? body : String(body)),
				() => response.writeHead(404).end(),
			);
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}/api`, close: () => server.close() };
	};

	it("is followed from one id through an address index, and through Esplora, to where a trace over the whole chain ends", async () => {
		const ends = (result: { leaves: { account: string; agreed: string; stop: { reason: string } }[] }) =>
			result.leaves.map((leaf) => `${leaf.account} ${leaf.agreed} ${leaf.stop.reason}`).sort();
		const seed = `tx:${funding.getId()}`;
		const whole = ends(trace("--seed", seed));
		expect(whole.some((line) => line.includes(payTo("p2tr", thief).address as string))).toBe(true);
		const index = await esplora([funding, theft]);
		for (const url of [node.url, index.url]) {
			const { code, out, err } = await clewAsync(["follow", funding.getId(), "--chain", "bitcoin-regtest", "--rpc", url, "--json"]);
			expect(code, err).toBe(0);
			const report = JSON.parse(out);
			expect(undocumented("clew.follow/1", report)).toEqual([]);
			expect(ends(report.result), url).toEqual(whole);
			expect(report.open).toEqual([]);
			expect(report.requests).toBeLessThan(60);
		}
		// The same in one screen, from the hash, and from the address that the thief was paid at.
		const investigate = async (what: string, url: string, name: string) => {
			const args = ["--chain", "bitcoin-regtest", "--rpc", url, "--case", join(folder, name), "--json"];
			const { code, out, err } = await clewAsync(["investigate", what, ...args]);
			expect(code, err).toBe(0);
			const told = JSON.parse(out);
			expect(undocumented("clew.investigate/1", told)).toEqual([]);
			return told.groups.flatMap(({ group, places }: { group: string; places: { accounts: string[]; agreed: string }[] }) =>
				places.map(({ accounts, agreed }) => `${group} ${accounts[0]} ${agreed}`),
			);
		};
		const held = whole.filter((line) => line.endsWith("unspent")).map((line) => `held ${line.replace(/ unspent$/, "")}`);
		for (const [i, url] of [node.url, index.url].entries())
			expect((await investigate(funding.getId(), url, `investigated-${i}.clew`)).sort()).toEqual(expect.arrayContaining(held));
		const own = payTo("p2tr", thief).address as string;
		expect((await investigate(own, index.url, "address.clew")).join()).toContain(own);
		index.close();
		expect(await clewAsync(["follow", "ab".repeat(32), "--chain", "bitcoin-regtest", "--rpc", node.url])).toMatchObject({ code: 4 });
	});

	it("every standard script has its type and the address that bitcoinjs-lib gives it; values are exact", () => {
		const tx = show(funding.getId());
		expect(undocumented("clew.utxo-transaction/1", tx)).toEqual([]);
		expect(tx.outputs.slice(0, KINDS.length).map((o: { scriptType: string }) => o.scriptType)).toEqual(KINDS);
		for (const [i, kind] of KINDS.entries()) {
			const expected = kind === "p2pk" ? payTo("p2pkh", victim).address : payTo(kind, victim).address;
			const { account, value } = tx.outputs[i];
			if (kind === "multisig") expect(account).toMatch(/:script-[0-9a-f]{64}$/);
			else expect(account.split(":")[2]).toBe(expected);
			expect(value).toBe(BTC.toString());
		}
		expect(tx.outputs[KINDS.length]).toMatchObject({ scriptType: "op_return", value: "0", data: "fffe8041" });
		expect(tx.fee).toBe((50n * BTC - 49n * BTC).toString());
		expect(clew(["show", "--case", file, funding.getId()]).out).toContain("data: fffe8041");
	});

	it("is traced from one stolen output, and the books balance", () => {
		const result = trace("--seed", `outpoint:${funding.getId()}:0`, "--rule", "all");
		const held = (n: number) =>
			result.leaves.find((leaf: { outpoints: { outpoint: string }[] }) =>
				leaf.outpoints.some((o) => o.outpoint === `${theft.getId()}:${n}`),
			);
		expect(held(0)).toMatchObject({ stop: { reason: "unspent" }, range: ["0", BTC.toString()] });
		const amounts = Object.values(held(0).amounts)[0] as Record<string, string>;
		// The first of seven equal inputs: fifo gives it to the first output whole, lifo to the last and the fee, haircut five sevenths.
		expect(amounts).toMatchObject({
			fifo: BTC.toString(),
			lifo: "0",
			haircut: "71428571",
			tiho: BTC.toString(),
			difo: BTC.toString(),
			dilo: "0",
		});
		expect(Object.values(result.conservation.haircut)[0]).toMatchObject({ seeded: BTC.toString() });
	});

	it("the victim's addresses are one cluster, and --why names the transaction", () => {
		const [first, last] = [payTo("p2pkh", victim).address as string, payTo("p2tr", victim).address as string];
		const cluster = JSON.parse(mustClew("cluster", "--case", file, first, "--json"));
		// p2pk and p2pkh of one key are one address; with the bare multisig's script that makes six.
		expect(cluster).toMatchObject({ size: 6, complete: true, alarms: [] });
		expect(clew(["cluster", "--case", file, first, "--why", last]).out).toContain(theft.getId());
		expect(clew(["cluster", "--case", file, first, "--why", payTo("p2tr", thief).address as string]).code).toBe(1);
	});

	it("a cut is kept with its note, through a reorganisation and a new ingest", async () => {
		const first = payTo("p2pkh", victim).address as string;
		mustClew("cluster", "--case", file, "--cut", theft.getId(), "--note", "seven people paid together");
		expect(JSON.parse(mustClew("cluster", "--case", file, first, "--json"))).toMatchObject({
			size: 1,
			refusals: [{ txid: theft.getId(), cut: true }],
		});

		// The last block is undone: the thief gets the coins in another transaction instead, in another block.
		await node.call("invalidateblock", await node.call<string>("getblockhash", tip));
		const other = sign(
			KINDS.map((kind, vout) => ({ tx: funding, vout, kind, owner: victim })),
			[[payTo("p2wpkh", mule), 7n * BTC - 50_000_000n]],
			7,
		);
		await send(node, other).catch(() => undefined);
		await node.call("generate", 3);
		const report = ingest();
		expect([report.reorganisedAt, undocumented("clew.ingest/1", report)]).toEqual([[tip], []]);
		const after = show(funding.getId());
		const spenders = new Set(after.outputs.slice(0, 7).map((o: { spender?: { height: number } }) => o.spender?.height));
		expect([...spenders]).toEqual([tip]);
		expect(JSON.parse(mustClew("cluster", "--case", file, "--cuts", "--json")).cuts).toMatchObject([
			{ subject: theft.getId(), note: "seven people paid together" },
		]);

		// A fresh case of the node's chain now holds the same.
		const fresh = join(folder, "fresh.clew");
		mustClew("case", "new", fresh, "--title", "regtest theft", "--chain", "bitcoin-regtest");
		mustClew("ingest", "--case", fresh, "--rpc", node.url, "--from", "0", "--to", "tip");
		for (const what of [funding.getId(), other.getId(), first])
			expect(clew(["show", "--case", fresh, what, "--json"])).toEqual(clew(["show", "--case", file, what, "--json"]));
	});

	it("blocks from the middle of the chain: the node is asked for what they spend", () => {
		const middle = join(folder, "middle.clew");
		mustClew("case", "new", middle, "--title", "middle", "--chain", "bitcoin-regtest");
		const report = JSON.parse(mustClew("ingest", "--case", middle, "--rpc", node.url, "--from", String(tip - 1), "--to", "tip", "--json"));
		expect(report.gaps).toEqual([]);
		const tx = JSON.parse(mustClew("show", "--case", middle, funding.getId(), "--json"));
		expect(tx.inputs[0]).toMatchObject({ previous: { value: (50n * BTC).toString(), scriptType: "p2pkh" } });
		expect(tx.fee).toBe(BTC.toString());
	});

	it("a node of another network, a wrong password, and no node get a clear error and change nothing", () => {
		const wrong = join(folder, "wrong.clew");
		mustClew("case", "new", wrong, "--title", "mainnet", "--chain", "bitcoin");
		const run = (url: string) => clew(["ingest", "--case", wrong, "--rpc", url, "--from", "0", "--to", "1", "--timeout", "5"]);
		expect(run(node.url)).toMatchObject({ code: 4, err: expect.stringContaining("the case is about bitcoin") });
		const refused = run(node.url.replace("regtest@", "nonsense@"));
		expect(refused).toMatchObject({ code: 4, err: expect.stringContaining("refuses whoever asks (user and password, or a key)") });
		expect(refused.err).not.toContain("nonsense");
		expect(JSON.parse(mustClew("status", "--case", wrong, "--json")).counts).toMatchObject({ transactions: 0, blocks: 0 });
	});

	it("a changed witness is caught by the block's commitment to it", async () => {
		const hash = await node.call<string>("getblockhash", tip);
		const raw = Buffer.from(await node.call<string>("getblock", hash, 0), "hex");
		const signature = Buffer.from(
			await node.call<string>("getrawtransaction", (await node.call<{ tx: string[] }>("getblock", hash, 1)).tx[1], 0),
			"hex",
		).subarray(-80, -60);
		const changed = Buffer.from(raw);
		const at = changed.indexOf(signature);
		changed[at] = (changed[at] as number) ^ 1;
		const header = Buffer.alloc(8);
		Buffer.from("fabfb5da", "hex").copy(header);
		header.writeUInt32LE(raw.length, 4);
		const path = join(folder, "witness.clew");
		mustClew("case", "new", path, "--title", "witness", "--chain", "bitcoin-regtest");
		const imported = (name: string, block: Buffer) => {
			writeFileSync(join(folder, name), Buffer.concat([header, block]));
			return clew(["import", "blocks", join(folder, name), "--first-height", String(tip), "--case", path]);
		};
		expect(imported("changed.dat", changed)).toMatchObject({ code: 3, err: expect.stringContaining("wrong witness commitment") });
		expect(imported("right.dat", raw)).toMatchObject({ code: 0 });
	});

	it("is exported with proofs: every output, spend and known fee down to a header, and the trace again from the blocks inside", () => {
		const { edges } = trace("--seed", `tx:${theft.getId()}`, "--seed", `outpoint:${funding.getId()}:0`);
		const bundle = join(folder, "bundle");
		mustClew("export", "--case", file, "--trace", "last", "--proofs", "--rpc", node.url, "--out", bundle);
		const report: VerifyReport = JSON.parse(mustClew("verify", bundle, "--rpc", node.url, "--replay", "--json"));
		expect(report).toMatchObject({ ok: true, replay: { files: 0 } });
		const tiers = new Map(report.rows.map(({ row, tier, anchor }) => [row, [tier, anchor.endsWith("tells")]]));
		expect(edges.length).toBeGreaterThan(3);
		for (const { row, kind } of edges) expect([row, kind, tiers.get(row)]).toEqual([row, kind, ["proven", true]]);
		const alone = spawnSync(process.execPath, [join(bundle, "verify.mjs"), bundle, "--rows"], { encoding: "utf8", env: {} });
		expect(alone.stdout).toMatch(/the header cost 2\^\d+ hashes/);
		mustClew("disclose", bundle, "--rows", "1,2", "--out", join(folder, "twin"));
		expect(mustClew("verify", join(folder, "twin"))).toMatch(/2 of 2 rows proven/);
	});

	it("a freeze request names the outputs that a custodian holds", () => {
		const labels = join(folder, "labels.csv");
		writeFileSync(labels, `address,entity,name,category\n${payTo("p2tr", thief).address},Example Exchange,deposit,exchange\n`);
		const place = join(folder, "freeze.clew");
		cpSync(file, place);
		mustClew("label", "import", labels, "--source", "test", "--confidence", "90", "--case", place);
		mustClew("trace", "--case", place, "--seed", `tx:${theft.getId()}`);
		mustClew("freeze", "--case", place, "--out", join(folder, "requests"));
		const text = readFileSync(join(folder, "requests/custodian-example-exchange/request.txt"), "utf8");
		for (const part of [
			`${theft.getId()}:0`,
			payTo("p2tr", thief).address,
			"500000000 base units",
			"unspent or at the recipient, at block",
		])
			expect(text).toContain(part);
	});

	it("a proof of Bitcoin that was tampered with does not pass", async () => {
		const original = await readBundle(join(folder, "bundle"));
		const text = Buffer.from(original.get("proofs/00001.jsonl") as Uint8Array).toString("utf8");
		const attempt = async (change: (proof: BitcoinBlockProof) => object) => {
			const files = new Map(original);
			const lines = text
				.split("\n")
				.slice(0, -1)
				.map((line) => canonicalJson(change(JSON.parse(line))));
			files.set("proofs/00001.jsonl", Buffer.from(lines.map((line) => `${line}\n`).join("")));
			return (await verifyFiles(files, { headers: [], keys: [], timeRoots: [] })).failures
				.map(failureText)
				.filter((failure) => /^(proofs|rows)/.test(failure) && !/hash to what|bytes, the manifest/.test(failure))
				.join("\n");
		};
		const each = (proof: BitcoinBlockProof, edit: (tx: BitcoinBlockProof["coinbase"]) => object) => ({
			...proof,
			transactions: proof.transactions.map((tx) => ({ ...tx, ...edit(tx) })),
		});
		expect(await attempt((proof) => proof)).toBe("");
		expect(await attempt((proof) => each(proof, ({ index }) => ({ index: index + 1 })))).toMatch(/Merkle root|too short/);
		expect(await attempt((proof) => each(proof, ({ branch }) => ({ branch: branch.slice(1) })))).toMatch(/another depth/);
		expect(await attempt((proof) => each(proof, ({ raw }) => ({ raw: raw.replace(/..$/, "01") })))).toMatch(/transaction id/);
		expect(await attempt((proof) => ({ ...proof, coinbase: proof.transactions[0] ?? proof.coinbase }))).toMatch(/not a coinbase/);
		expect(await attempt((proof) => ({ ...proof, header: proof.header.replace(/..$/, "ff") }))).toMatch(/block hash/);
		// A transaction of 64 bytes could be an inner node of the tree, given out as a leaf.
		expect(await attempt((proof) => each(proof, () => ({ raw: "00".repeat(64) })))).toMatch(/64 bytes could be an inner node/);
	});

	it("clew doctor knows the node", () => {
		expect(clew(["doctor", "--rpc", node.url, "--chain", "bitcoin-regtest"]).out).toMatch(/btcd 0\.\d+\.\d+, block \d+/);
	});
});
