// Import: Etherscan rows a second into an indexed case, and memory as the file grows. The reference is the CSV parser alone on the same file.

import { once } from "node:events";
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatsOf, importFile } from "@clew/chains";
import { addressOf } from "@clew/core";
import { createCase } from "@clew/graph-store";
import Papa from "papaparse";
import { madeUpHash, peakMegabytes, random, TEST_CHAIN, testAccount, timed } from "./world.js";

const HEADER =
	"blockNumber,timeStamp,hash,nonce,blockHash,transactionIndex,from,to,value,gas,gasPrice,isError,txreceipt_status,input,contractAddress,cumulativeGasUsed,gasUsed,confirmations,methodId,functionName";

async function write(path: string, rows: number): Promise<void> {
	const next = random(1);
	const out = createWriteStream(path);
	out.write(`${HEADER}\n`);
	const self = addressOf(testAccount(0));
	let sent = 0;
	for (let i = 0; i < rows; i++) {
		const other = addressOf(testAccount(1 + Math.floor(next() * 50_000)));
		const [from, to] = next() < 0.5 ? [self, other] : [other, self];
		const nonce = from === self ? sent++ : Math.floor(next() * 500);
		const hash = madeUpHash(i);
		const block = `0x${(1000 + (i >> 2)).toString(16).padStart(64, "b")}`;
		const line = `${1000 + (i >> 2)},${1500000000 + (i >> 2) * 12},${hash},${nonce},${block},${i & 3},${from},${to},${Math.floor(next() * 1e15)}000,22000,41000000000,0,1,0x,,239219,21000,9302195,0x,\n`;
		if (!out.write(line)) await once(out, "drain");
	}
	out.end();
	await once(out, "finish");
}

async function parseOnly(path: string): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		Papa.parse(createReadStream(path), { chunk: () => {}, complete: () => resolve(), error: reject });
	});
}

const folder = mkdtempSync(join(tmpdir(), "clew-bench-"));
const sizes = process.argv.includes("--quick") ? [20_000, 100_000] : [100_000, 1_000_000];
try {
	for (const rows of sizes) {
		const path = join(folder, `${rows}.csv`);
		await write(path, rows);
		const reference = await timed(() => parseOnly(path));
		const store = await createCase(join(folder, `${rows}.clew`), { title: "bench", chain: TEST_CHAIN, at: "2026-01-01T00:00:00Z" });
		const { seconds } = await timed(() =>
			store.atomically((tx) =>
				importFile(tx, path, {
					chain: TEST_CHAIN,
					formats: formatsOf("etherscan", () => undefined),
					skipBad: false,
					ignoreUnknown: false,
				}),
			),
		);
		await store.close();
		console.log(
			`${rows} rows: ${seconds.toFixed(2)} s, ${Math.round(rows / seconds)} rows/s, ${(seconds / reference.seconds).toFixed(2)} x the CSV parser alone, peak ${peakMegabytes()} MB`,
		);
	}
} finally {
	rmSync(folder, { recursive: true, force: true });
}
