// Trains the learned score and writes packages/risk/model.json and what docs/model-card.md cites. Run: PYTHON=python3 npx tsx --conditions=source scripts/learn/main.ts [CASE ACCOUNTS]

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AccountId, chainOf, type GraphStore, nullAccount, parseAccount, startOf, type Transfer } from "@clew/core";
import { openCase } from "@clew/graph-store";
import { accountFeatures, FEATURE_TRANSFERS, FEATURES } from "@clew/risk/learned";
import { PLAYBOOKS, simulate, type Truth } from "@clew/tracer";

const TRAIN = Array.from({ length: 16 }, (_, i) => 100 + i);
const TEST = Array.from({ length: 8 }, (_, i) => 200 + i);
const SIZE = 40_000;
/** An account with fewer transfers says nothing yet. */
const LEAST = 2;
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What an account of a world really is; undefined for honest ones. */
function guiltOf(truth: Truth): Map<string, string> {
	const guilt = new Map<string, string>();
	for (const { thief, ends, stops, playbook } of truth.thefts) {
		guilt.set(thief, `thief ${playbook}`);
		// What a thief scatters over strangers to distract makes no thieves of them.
		if (playbook === "decoys") continue;
		for (const account of Object.keys(ends)) if (stops[account] === "unspent") guilt.set(account, `thief ${playbook}`);
	}
	for (const { imitator } of truth.poisonings) guilt.set(imitator, "imitator");
	for (const drainer of truth.drainers) guilt.set(drainer, "drainer");
	return guilt;
}

function worldRows(seed: number, split: string): string[] {
	const { blocks, truth } = simulate({ seed, size: SIZE, playbooks: PLAYBOOKS });
	const ledgers = new Map<AccountId, Transfer[]>();
	for (const { chain, height, transactions } of blocks)
		for (const { txIndex = 0, hash, transfers } of transactions)
			for (const [eventIndex, t] of transfers.entries())
				for (const account of new Set([t.from, t.to])) {
					const row = {
						...t,
						chain,
						position: { height, txIndex, eventIndex },
						txHash: hash,
						provenance: "node",
						source: "",
					} as const;
					const own = ledgers.get(account) ?? [];
					ledgers.set(account, own);
					if (own.length < FEATURE_TRANSFERS) own.push(row);
				}
	const guilt = guiltOf(truth);
	return [...ledgers]
		.filter(([account, own]) => account !== nullAccount(chainOf(account)) && own.length >= LEAST)
		.map(([account, own]) => {
			const kind = guilt.get(account);
			const first = own[0]?.position.height ?? 0;
			return [`w${seed}`, split, kind === undefined ? 0 : 1, kind ?? "honest", first, ...accountFeatures(account, own)].join(",");
		});
}

/** Real accounts that are known to be thieves': never trained on. */
async function heldOutRows(path: string, list: string): Promise<string[]> {
	const store: GraphStore = await openCase(path);
	try {
		const rows: string[] = [];
		for (const address of readFileSync(list, "utf8").match(/0x[0-9a-fA-F]{40}/g) ?? []) {
			const account = parseAccount(address, store.info.chain);
			const ledger = await store.ledger(account, startOf(0), FEATURE_TRANSFERS);
			if (ledger.length >= LEAST)
				rows.push(["real", "held-out", 1, "real", ledger[0]?.position.height ?? 0, ...accountFeatures(account, ledger)].join(","));
		}
		return rows;
	} finally {
		await store.close();
	}
}

const [casePath, list] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "clew-learn-"));
try {
	const lines = [["world", "split", "label", "kind", "first", ...FEATURES].join(",")];
	for (const seed of TRAIN) lines.push(...worldRows(seed, "train"));
	for (const seed of TEST) lines.push(...worldRows(seed, "test"));
	if (casePath !== undefined && list !== undefined) lines.push(...(await heldOutRows(casePath, list)));
	const table = join(folder, "features.csv");
	writeFileSync(table, `${lines.join("\n")}\n`);
	const { status, stdout, stderr } = spawnSync(process.env["PYTHON"] ?? "python3", [here("train.py"), table], {
		encoding: "utf8",
		maxBuffer: 1 << 28,
	});
	if (status !== 0) throw new Error(stderr);
	const { model, audit, check } = JSON.parse(stdout) as { model: object; audit: object; check: object };
	writeFileSync(here("../../packages/risk/model.json"), `${JSON.stringify(model)}\n`);
	writeFileSync(here("../../packages/risk/src/learned/check.json"), `${JSON.stringify(check)}\n`);
	console.log(JSON.stringify(audit, null, "\t"));
} finally {
	rmSync(folder, { recursive: true });
}
