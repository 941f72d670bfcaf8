// Tron: the real block 79072107, read from its bytes, recomputed and decoded to transfers, one core. --quick: fewer rounds.
import { readFileSync } from "node:fs";
import { median, TRON_MAINNET } from "@clew/core";
import { readTronBlock } from "../../packages/chains/src/tron/answers.js";
import { decodeTronBlock } from "../../packages/chains/src/tron/decode/decode.js";

const ROUNDS = process.argv.includes("--quick") ? 10 : 60;
const file = new URL("../../fixtures/tron/block-79072107.json", import.meta.url);
const { blockExtention } = JSON.parse(readFileSync(file, "utf8")) as { blockExtention: string };
const bytes = Buffer.from(blockExtention.slice(2), "hex");

const times: { checked: number; decoded: number }[] = [];
let count = 0;
for (let round = 0; round < ROUNDS; round++) {
	const begun = performance.now();
	const read = readTronBlock(bytes, undefined, 79_072_107);
	const checked = performance.now();
	count = decodeTronBlock(TRON_MAINNET, { ...read, provenance: "node" }).transactions.length;
	times.push({ checked: checked - begun, decoded: performance.now() - checked });
}
const [first] = times;
const ms = (n: number | undefined) => `${(n ?? 0).toFixed(1)} ms`;
const whole = median(times.map(({ checked, decoded }) => checked + decoded)) ?? Number.NaN;
console.log(`the first time, with all that is compiled: ${ms((first?.checked ?? 0) + (first?.decoded ?? 0))}`);
console.log(
	`read and recomputed: ${ms(median(times.map(({ checked }) => checked)))}; decoded: ${ms(median(times.map(({ decoded }) => decoded)))}`,
);
console.log(`${count} transactions in ${ms(whole)}: ${Math.round((1000 * count) / whole)} a second`);
