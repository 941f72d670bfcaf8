import { beforeAll, describe, expect, it } from "vitest";
import { BITCOIN, bitcoinTx, type Loose, madeBitcoin, NO_OUTPOINT, realBitcoin, realPayees, rowOf } from "../blocks.test-util.js";
import type { BitcoinProof, Edge } from "../bundle/formats.js";
import { concat, fromHex, toHex } from "../encoding/bytes.js";
import { bitcoinHeader } from "../proofs/headers.js";
import { bitcoinBlock, type KnownTransactions } from "./block.js";

/** The first payment of Bitcoin: 10 and 40 of the 50 that block 9 made. */
const PAID = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16";
const MADE = "0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9";
const EARLY = "blocks-1-256.dat";
const COIN = `${BITCOIN}/slip44:0`;
const NODE = `${BITCOIN}:tx-${PAID}`;
const BTC = 100_000_000;

let [made, paid, later]: Loose<BitcoinProof>[] = [];
let [payees, owner]: [string[], string] = [[], ""];
beforeAll(async () => {
	[made, paid] = await realBitcoin(EARLY, [9, 170], 1);
	[later] = await realBitcoin("block-277647.dat.bz2", [277_647], 277_647);
	payees = await realPayees(EARLY, 170, 1, PAID);
	[owner = ""] = await realPayees(EARLY, 9, 1, MADE);
});
const copyOf = (proof: Loose<BitcoinProof> | undefined) => structuredClone(proof) as Loose<BitcoinProof>;

/** The proven block of the first payment, beside the one whose output it spends, or alone. */
function block(alone = false) {
	const known: KnownTransactions = new Map();
	if (!alone) bitcoinBlock(copyOf(made), known);
	return bitcoinBlock(copyOf(paid), known);
}

const row = (edge: Partial<Edge>) => rowOf({ txHash: PAID, asset: COIN, ...edge });
const spend = () => row({ kind: "spend", outpoint: `${MADE}:0`, from: owner, to: NODE, amount: String(50 * BTC) });
const output = (vout: number, amount: number) =>
	row({ kind: "output", outpoint: `${PAID}:${vout}`, from: NODE, to: payees[vout] ?? "", amount: String(amount * BTC) });
const fee = () => row({ kind: "fee", from: NODE, to: `${BITCOIN}:null`, amount: "0" });

describe("a proof of a real block of Bitcoin", () => {
	it("shows inputs, outputs and fee of its transactions in their places", () => {
		const { place, ...rest } = block();
		expect(rest).toMatchObject({ chain: BITCOIN, height: 170, heightShown: false, time: 1_231_731_025, work: "2^32 hashes" });
		expect([spend(), output(0, 10), output(1, 40), fee()].map((edge) => place(edge, undefined).event)).toEqual([0, 1, 2, 3]);
		expect(bitcoinBlock(copyOf(later), new Map())).toMatchObject({ height: 277_647, heightShown: true });
	});

	it.each<[string, RegExp, () => Edge]>([
		["another asset", /^asset/, () => ({ ...spend(), asset: `${BITCOIN}/slip44:1` })],
		["another owner", /^sender/, () => ({ ...spend(), from: `${BITCOIN}:x` })],
		["another receiver", /^receiver/, () => ({ ...output(0, 10), to: payees[1] ?? "" })],
		["another amount", /^amount/, () => output(0, 40)],
		["an output of another transaction", /^transaction of the output/, () => ({ ...output(0, 10), outpoint: `${MADE}:0` })],
		["an output that is not there", /no such output/, () => output(2, 10)],
		["an output that is not spent", /does not spend this output/, () => ({ ...spend(), outpoint: `${MADE}:1` })],
		["a transaction that is not there", /no proof of transaction/, () => ({ ...spend(), txHash: "1".repeat(64) })],
		["a kind of another family", /kind native cannot be proven/, () => ({ ...spend(), kind: "native" })],
	])("does not show %s", (_, message, edge) => {
		expect(() => block().place(edge(), undefined)).toThrow(message);
	});

	it("shows no owner and no fee where the spent transaction is not proven, and no fee of a coinbase", () => {
		expect(() => block(true).place(spend(), undefined)).toThrow("the transaction that made the spent output is not proven here");
		expect(() => block(true).place(fee(), undefined)).toThrow("a transaction whose output is spent is not proven here");
		expect(block(true).place(output(0, 10), undefined).event).toBe(1);
		const coinbase = bitcoinBlock(copyOf(made), new Map());
		expect(() => coinbase.place(row({ kind: "fee", txHash: MADE }), undefined)).toThrow("a coinbase pays no fee");
	});

	/** Changes the header, and the hash with it. */
	const header = (proof: Loose<BitcoinProof>, at: number, bytes: string) => {
		proof.header = proof.header.slice(0, 2 * at) + bytes + proof.header.slice(2 * at + bytes.length);
		proof.hash = bitcoinHeader(proof.header).hash;
	};
	const tx = (proof: Loose<BitcoinProof>) => proof.transactions.find(({ txid }) => txid === PAID) as Loose<BitcoinProof>["coinbase"];
	it.each<[string, RegExp, (proof: Loose<BitcoinProof>) => void]>([
		["another hash", /^block hash/, (p) => (p.hash = "0".repeat(64))],
		["a header cut off", /has 80 bytes/, (p) => (p.header = p.header.slice(2))],
		["no work", /no proof of work/, (p) => header(p, 76, "00000000")],
		["a target that is negative", /no proof of work/, (p) => header(p, 72, "ffff801d")],
		["a target beyond all hashes", /no proof of work/, (p) => header(p, 72, "ffff7f23")],
		["another transaction for its coinbase", /first transaction is not a coinbase/, (p) => (p.coinbase = tx(p))],
		["a transaction at another depth", /stands at another depth than the coinbase/, (p) => tx(p).branch.pop()],
		["a transaction twice", /names a transaction twice/, (p) => p.transactions.push(tx(p))],
		["another transaction id", /^transaction id/, (p) => (tx(p).txid = "1".repeat(64))],
		["another sibling", /^Merkle root/, (p) => (tx(p).branch = ["1".repeat(64)])],
		["a place beyond its tree", /too short for the place/, (p) => (tx(p).index = 3)],
		["a place that the branch does not lead to", /^Merkle root/, (p) => (tx(p).index = 0)],
		["a copy that fills up the tree", /copy that only fills up/, (p) => Object.assign(p.coinbase, { index: 1, branch: [p.coinbase.txid] })],
		["64 bytes of an inner node", /inner node of the tree/, (p) => (tx(p).raw = "00".repeat(64))],
		["a height that must be stated, and is another", /is that of block \d+, not of block 300000/, (p) => (p.height = "300000")],
	])("with %s is none", (_, message, spoil) => {
		const copy = copyOf(paid);
		spoil(copy);
		expect(() => bitcoinBlock(copy, new Map())).toThrow(message);
	});

	it("stands at the height that its coinbase states", () => {
		const moved = Object.assign(copyOf(later), { height: "277648" });
		expect(() => bitcoinBlock(moved, new Map())).toThrow("its coinbase is that of block 277647, not of block 277648 (BIP 34)");
	});
});

describe("a made-up block of Bitcoin", () => {
	const coinbase = bitcoinTx([{ from: NO_OUTPOINT, script: "00" }], [50]);
	const tx = bitcoinTx([{ from: `${"a".repeat(64)}:0` }], [7, 5]);

	it("that is whole is read", () => {
		expect(bitcoinBlock(madeBitcoin(coinbase, tx), new Map())).toMatchObject({ height: 5, heightShown: false });
	});

	it("whose coinbase states no height is none where each must", () => {
		expect(() => bitcoinBlock(madeBitcoin(coinbase, tx, { height: "227931" }), new Map())).toThrow("does not state its height (BIP 34)");
		expect(bitcoinBlock(madeBitcoin(coinbase, tx, { height: "227930" }), new Map()).height).toBe(227_930);
	});

	it("with two inputs in its coinbase has none", () => {
		const two = bitcoinTx([{ from: NO_OUTPOINT }, { from: `${"a".repeat(64)}:0` }], [50]);
		expect(() => bitcoinBlock(madeBitcoin(two, tx), new Map())).toThrow("the first transaction is not a coinbase");
	});

	it("of a network that nobody knows pays nobody", () => {
		const chain = `bip122:${"f".repeat(32)}`;
		const proof = madeBitcoin(coinbase, tx, { chain });
		const [{ txid } = { txid: "" }] = proof.transactions;
		const edge = row({ kind: "output", txHash: txid, outpoint: `${txid}:0`, asset: `${chain}/slip44:1` });
		expect(() => bitcoinBlock(proof, new Map()).place(edge, undefined)).toThrow(`${chain} is no Bitcoin network that this verifier knows`);
	});

	it.each<[string, RegExp, Uint8Array]>([
		["cut off", /is cut off/, tx.subarray(0, -1)],
		["without anything", /is cut off/, new Uint8Array(4)],
		["with bytes left over", /bytes left over/, concat(tx, Uint8Array.of(0))],
		["with more inputs than bytes", /impossible length/, fromHex(`01000000fe${"ff".repeat(80)}`)],
		["with a witness, which its id is not over", /is cut off|impossible length|left over/, fromHex(`010000000001${toHex(tx.subarray(4))}`)],
	])("with a transaction %s is refused", (_, message, raw) => {
		expect(() => bitcoinBlock(madeBitcoin(coinbase, raw), new Map())).toThrow(message);
	});
});
