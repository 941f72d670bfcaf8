// Bitcoin: real blocks parsed, checked and stored; fifo over a chain of outputs in a case file.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { importBlockFile } from "@clew/chains";
import { FIRST_OUTPUT, type LedgerReader, type OutputReader, parseChainId, startOf, transactionPages, type UtxoRecord } from "@clew/core";
import { TEST_UTXO_CHAIN, testAddress, testBlocks, testUtxo } from "@clew/core/testing";
import { createCase, openCase } from "@clew/graph-store";
import { DEFAULT_STOP_PARAMETERS, defaultRequest, planOutputSeeds, type Seed, type SweepEdge, sweepOutputs } from "@clew/tracer";
import { Block } from "bitcoinjs-lib";
import { blockBytes, peakMegabytes, random, timed } from "./world.js";

const quick = process.argv.includes("--quick");
const folder = mkdtempSync(join(tmpdir(), "clew-bench-"));
const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/bitcoin/${name}`, import.meta.url));
const NEW = { title: "bench", at: "2026-01-01T00:00:00Z" };

/** Half of all coins are stolen. */
const THIEF = 999_999_999;
/** Blocks of made-up chains whose coins are mixed, and what each creates: before the first halving there. */
const COINBASES = 100;
const SUBSIDY = 5_000_000_000n;

const [, , mode, path = "", outputs = ""] = process.argv;
try {
	if (mode === "--sweep") await sweepFile(path, Number(outputs));
	else {
		await importing();
		await tracing();
	}
} finally {
	rmSync(folder, { recursive: true, force: true });
}

/** One real block again and again, each time into a new case, so that nothing is known already. */
async function importing(): Promise<void> {
	const path = fixture("block-277647.dat.bz2");
	const block = blockBytes(path);
	const rounds = quick ? 10 : 60;
	const stores = await Promise.all(
		Array.from({ length: rounds }, (_, i) => createCase(join(folder, `${i}.clew`), { ...NEW, chain: parseChainId("bitcoin") })),
	);
	const ours = await timed(async () => {
		for (const store of stores) await store.atomically((tx) => importBlockFile(tx, path, { firstHeight: 277_647 }));
	});
	for (const store of stores) await store.close();
	const reference = await timed(async () => {
		for (let i = 0; i < rounds; i++) if (!Block.fromBuffer(block).checkTxRoots()) throw new Error("Merkle root");
	});
	const megabytes = (block.length * rounds) / 1e6;
	console.log(
		`block 277647 (${block.length} bytes, 213 transactions) x ${rounds}, unpacked, parsed, checked and stored: ${ours.seconds.toFixed(2)} s, ${((megabytes / ours.seconds) * 60).toFixed(0)} MB a minute; ${(ours.seconds / reference.seconds).toFixed(2)} x bitcoinjs-lib's Block.fromBuffer and checkTxRoots alone; peak ${peakMegabytes()} MB`,
	);
}

/** A chain in which stolen money is mixed with other money again and again, two in and two out. */
async function tracing(): Promise<void> {
	for (const outputs of quick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000]) {
		const path = join(folder, `trace-${outputs}.clew`);
		const store = await createCase(path, { ...NEW, chain: TEST_UTXO_CHAIN });
		await store.putUtxoBlocks(
			TEST_UTXO_CHAIN,
			testBlocks([...world(outputs)]),
			{ id: "bench", kind: "file", name: "b", sha256: "", detail: "" },
			"imported",
		);
		await store.putCoverage([{ chain: TEST_UTXO_CHAIN, fromHeight: 0, toHeight: outputs, kinds: ["native"], source: "bench", note: "" }]);
		await store.close();
		// A process of its own: the made-up chain must not weigh on the collector while the sweep is timed.
		spawnSync(process.execPath, ["--import", "tsx", fileURLToPath(import.meta.url), "--sweep", path, String(outputs)], {
			stdio: "inherit",
		});
	}
}

async function sweepFile(path: string, outputs: number): Promise<void> {
	const store = await openCase(path);
	const read = await timed(() => readAll(store));
	const traced = await sweepFifo(store);
	await store.close();
	console.log(
		`fifo over ${outputs} outputs, ${traced.tainted} of them tainted, ${traced.accounts} addresses, from a case file: ${traced.seconds.toFixed(2)} s, ${((traced.seconds / outputs) * 1e6).toFixed(1)} us an output, ${(traced.seconds / read.seconds).toFixed(2)} x reading the same transactions alone; peak ${peakMegabytes()} MB`,
	);
}

async function sweepFifo(source: LedgerReader & OutputReader): Promise<{ seconds: number; tainted: number; accounts: number }> {
	const seeds: Seed[] = [{ spec: "account:thief", kind: "account", account: testAddress(THIEF), since: startOf(0) }];
	let tainted = 0;
	const options = {
		...defaultRequest(TEST_UTXO_CHAIN, seeds),
		rules: ["fifo"] as const,
		maxAccounts: Number.POSITIVE_INFINITY,
		throughCoinJoins: true,
		stops: { ...DEFAULT_STOP_PARAMETERS, serviceTransfers: Number.MAX_SAFE_INTEGER },
		onEdge: ({ transfer }: SweepEdge) => {
			if (transfer.kind === "output") tainted++;
		},
	};
	const { seconds, result } = await timed(async () =>
		sweepOutputs(source, TEST_UTXO_CHAIN, seeds, await planOutputSeeds(source, TEST_UTXO_CHAIN, seeds), options),
	);
	return { seconds, tainted, accounts: result.followed.size };
}

async function readAll(source: OutputReader): Promise<void> {
	for await (const _ of transactionPages(source, TEST_UTXO_CHAIN, FIRST_OUTPUT));
}

function* world(outputs: number): Generator<UtxoRecord> {
	const next = random(11);
	const open: { tx: number; vout: number; value: bigint }[] = [];
	// The unspent outputs of the real chain are about a fifteenth of all that were ever made.
	const each = Math.ceil(outputs / 15 / COINBASES);
	const coin = SUBSIDY / BigInt(each);
	for (let n = 1; n <= COINBASES; n++) {
		const paid = Array.from({ length: each }, (_, vout) => [vout % 2 === 0 ? THIEF : (n * each + vout) % 5_000, coin] as const);
		yield testUtxo(n, [n, 0], [], paid);
		open.push(...paid.map((_, vout) => ({ tx: n, vout, value: coin })));
	}
	const first = COINBASES + 1;
	for (let i = 0; i < (outputs - each * COINBASES) / 2; i++) {
		const n = COINBASES + 1 + i;
		const take = () => {
			const at = Math.floor(next() * open.length);
			const chosen = open[at] as (typeof open)[0];
			open[at] = open[open.length - 1] as (typeof open)[0];
			open.pop();
			return chosen;
		};
		const [a, b] = [take(), take()];
		const total = a.value + b.value - 2n;
		const value = (total * BigInt(1 + Math.floor(next() * 998))) / 1_000n + 1n;
		yield testUtxo(
			n,
			[first + Math.floor(i / 1_000), 1 + (i % 1_000)],
			[
				[a.tx, a.vout],
				[b.tx, b.vout],
			],
			[
				[Math.floor(next() * outputs), value],
				[Math.floor(next() * outputs), total - value],
			],
		);
		open.push({ tx: n, vout: 0, value }, { tx: n, vout: 1, value: total - value });
	}
}
