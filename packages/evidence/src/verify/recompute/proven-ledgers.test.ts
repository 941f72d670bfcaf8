import { beforeAll, describe, expect, it } from "vitest";
import { BITCOIN, ETHEREUM, type Loose, legacyTx, madeEvm, realBitcoin, receipt, rowOf } from "../blocks.test-util.js";
import type { Proof, Trace } from "../bundle/formats.js";
import { fromHex } from "../encoding/bytes.js";
import type { Rlp } from "../encoding/rlp.js";
import { type ProvenBlocks, provenBlocks } from "../proofs/proofs.js";
import type { Ledgers, LedgerTransaction, LedgerTransfer } from "./ledgers.js";
import { compareProven } from "./proven-ledgers.js";

const TRANSFER = "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
const WRAP = "e1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c";
const NONE: Ledgers = { accounts: [], transfers: [], stops: [], transactions: [], blocks: [] };
const proven = (proofs: readonly unknown[], chain: string) =>
	provenBlocks(
		proofs.map((proof) => ({ proof: proof as Proof, where: "proof" })),
		chain,
		(where, what) => {
			throw new Error(`${where}: ${what}`);
		},
	);

function compared(
	ledgers: Partial<Ledgers>,
	blocks: ProvenBlocks,
	txHash: string,
	provenance = "node",
	spec = "transfer:1",
	nfts?: ReadonlySet<string>,
) {
	const found: string[] = [];
	const trace = { edges: [rowOf({ txHash, provenance })], seeds: [{ spec }] } as unknown as Trace;
	const counts = compareProven({ ...NONE, ...ledgers }, trace, blocks, (what) => found.push(what), nfts);
	return { found, ...counts };
}

describe("ledgers of an account chain", () => {
	const sent = legacyTx("b2".repeat(20));
	const proof = madeEvm({ transactions: [sent.raw] });
	const [{ hash } = { hash: "" }] = proof.transactions;
	const [payer, payee, nobody] = [sent.from, "b2".repeat(20), "0".repeat(40)].map((address) => `${ETHEREUM}:0x${address}`) as [
		string,
		string,
		string,
	];
	const move = (event: number, kind: string, to: string, amount: string): LedgerTransfer => ({
		...{ position: `5.0.${event}`, txHash: hash, from: payer, to, asset: `${ETHEREUM}/slip44:60`, amount, kind },
	});
	const [fee, value] = [move(0, "fee", nobody, "210000"), move(1, "native", payee, "7")];
	const accounts = [{ account: payer, since: "5.0", opening: {} }];
	const blocks = proven([proof], ETHEREUM);
	const look = (transfers: readonly LedgerTransfer[], ...more: [string?, string?]) =>
		compared({ accounts, transfers: [...transfers] }, blocks, hash, ...more);

	it("tell a transaction as its proof shows it", () => {
		expect(look([fee, value])).toEqual({ found: [], proven: 2, of: 2, otherwise: 0 });
	});

	it("are refused with another fee, value or party", () => {
		const wrong = (one: LedgerTransfer) => `the movement at ${one.position} is none that the proof of its transaction shows`;
		expect(look([{ ...fee, amount: "1" }, value]).found).toContain(wrong(fee));
		expect(look([fee, { ...value, amount: "8" }]).found).toContain(wrong(value));
		expect(look([fee, { ...value, to: nobody }]).found).toContain(wrong(value));
		expect(look([fee, value, { ...value, position: "5.0.2" }]).found).toEqual([wrong({ ...value, position: "5.0.2" })]);
		expect(look([fee, value, { ...value, position: "5.0.16384", kind: "token" }]).found).toHaveLength(1);
	});

	it("are refused without a movement of an account that is kept, or of a transaction that is seeded whole", () => {
		const lacks = `transaction ${hash} lacks a movement that its proof shows: fee of 210000 of ${ETHEREUM}/slip44:60 from ${payer} to ${nobody}`;
		expect(look([value]).found).toEqual([lacks]);
		const later = [{ account: payer, since: "6.0", opening: {} }];
		expect(compared({ accounts: later, transfers: [value] }, blocks, hash).found).toEqual([]);
		expect(compared({ accounts: later, transfers: [value] }, blocks, hash, "node", `tx:${hash}`).found).toEqual([lacks]);
	});

	it("that a file told are not counted as proven where a proof shows otherwise, nor what no proof shows", () => {
		expect(look([{ ...fee, amount: "1" }, value], "imported")).toEqual({ found: [], proven: 1, of: 2, otherwise: 2 });
		expect(look([fee, value, { ...value, position: "5.0.9", kind: "internal" }])).toEqual({ found: [], proven: 2, of: 3, otherwise: 0 });
		expect(compared({ transfers: [value] }, new Map(), hash)).toEqual({ found: [], proven: 0, of: 1, otherwise: 0 });
	});

	it("are refused without what a receipt logs of a kept account, whether a row is about it or not, but for collectibles and odd wrappings", () => {
		const word = (address: string) => fromHex(address.padStart(64, "0"));
		const [token, wrapper] = ["c3".repeat(20), "b2".repeat(20)];
		const logged = (contract: string, topics: readonly string[], amount: string) => [fromHex(contract), topics.map(word), word(amount)];
		const transfer = logged(token, [TRANSFER, sent.from, payee.slice(-40)], "5");
		const wraps = (amount: string) => logged(wrapper, [WRAP, sent.from], amount);
		const look = (logs: readonly Rlp[], transfers: readonly LedgerTransfer[], nfts?: ReadonlySet<string>, txHash = hash) => {
			const there = proven([madeEvm({ transactions: [sent.raw], receipts: [receipt(Uint8Array.of(1), logs)] })], ETHEREUM);
			return compared({ accounts, transfers: [...transfers] }, there, txHash, "node", "transfer:1", nfts).found;
		};
		const asset = `${ETHEREUM}/erc20:0x${token}`;
		const lacks = `transaction ${hash} lacks a movement that its proof shows: token of 5 of ${asset} from ${payer} to ${payee}`;
		expect(look([transfer], [fee, value], new Set())).toEqual([lacks]);
		expect(look([transfer], [fee, value], new Set([asset]))).toEqual([]);
		expect(look([transfer], [fee, value])).toEqual([]);
		expect(look([transfer], [fee, value, { ...value, position: "9.0.1", txHash: `0x${"a".repeat(64)}`, asset }])).toEqual([lacks]);
		const minted = `mint of 7 of ${ETHEREUM}/erc20:0x${wrapper} from ${nobody} to ${payer}`;
		expect(look([wraps("7")], [fee, value], new Set())).toEqual([expect.stringContaining(minted)]);
		expect(look([wraps("8")], [fee, value], new Set())).toEqual([]);
		// A Transfer tells it already: its wrapping is no second movement.
		const token7 = { ...value, from: nobody, to: payer, asset: `${ETHEREUM}/erc20:0x${wrapper}`, kind: "mint" };
		const twin = logged(wrapper, [TRANSFER, "0".repeat(40), sent.from], "7");
		const [first, second] = [16_384, 16_385].map((event) => ({ ...token7, position: `5.0.${event}` })) as [LedgerTransfer, LedgerTransfer];
		expect(look([twin, wraps("7")], [fee, value, first], new Set())).toEqual([]);
		expect(look([twin, wraps("7")], [fee, value, first, second], new Set())).toEqual([
			`the movement at ${second.position} is none that the proof of its transaction shows`,
		]);
		// A transaction that no row is about stands in the ledgers, too, or its proof would not be here.
		expect(look([], [], undefined, `0x${"a".repeat(64)}`)).toHaveLength(2);
		expect(compared({ accounts, transfers: [] }, blocks, hash, "imported")).toEqual({ found: [], proven: 0, of: 0, otherwise: 2 });
	});

	it("of a rollup, or of before Byzantium, say what no receipt shows", () => {
		const old = madeEvm({ transactions: [sent.raw], receipts: [receipt(new Uint8Array(32))] });
		expect(compared({ accounts, transfers: [fee, { ...value, amount: "8" }] }, proven([old], ETHEREUM), hash)).toEqual({
			...{ found: [], proven: 1, of: 2, otherwise: 0 },
		});
		const rollup = (text: string) => text.replaceAll(ETHEREUM, "eip155:10");
		const there = JSON.parse(rollup(JSON.stringify({ accounts, transfers: [{ ...fee, amount: "1" }, value] }))) as Partial<Ledgers>;
		expect(compared(there, proven([{ ...proof, chain: "eip155:10" }], "eip155:10"), hash)).toEqual({
			found: [],
			proven: 1,
			of: 2,
			otherwise: 0,
		});
	});
});

describe("ledgers of Bitcoin", () => {
	const PAID = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16";
	let blocks: ProvenBlocks = new Map();
	let tx = {} as Loose<LedgerTransaction>;
	beforeAll(async () => {
		blocks = proven(await realBitcoin("blocks-1-256.dat", [9, 170], 1), BITCOIN);
		const shown = blocks.get(170)?.transaction?.(PAID);
		if (shown === undefined) throw new Error("the transaction is not proven");
		const { index, inputs, outputs } = structuredClone(shown);
		tx = { place: `170.${index}`, txid: PAID, coinbase: false, inputs, outputs } as Loose<LedgerTransaction>;
	});
	const look = (edit: (tx: Loose<LedgerTransaction>) => unknown = () => {}, provenance = "node") => {
		const one = structuredClone(tx);
		edit(one);
		return compared({ transactions: [one] }, blocks, PAID, provenance);
	};
	const other = `${BITCOIN}:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa`;

	it("tell a transaction as its proof shows it", () => {
		expect(tx.outputs).toMatchObject([{ value: "1000000000" }, { value: "4000000000" }]);
		expect(look()).toEqual({ found: [], proven: 1, of: 1, otherwise: 0 });
	});

	it.each<[string, (tx: Loose<LedgerTransaction>) => unknown]>([
		["it is called a coinbase", (one) => (one.coinbase = true)],
		["it stands at place 5 of its block, not 1", (one) => (one.place = "170.5")],
		["it spends 2 outputs", (one) => one.inputs.push({ outpoint: `${"a".repeat(64)}:0` })],
		[`it spends ${"a".repeat(64)}:0`, ({ inputs: [one] }) => Object.assign(one ?? {}, { outpoint: `${"a".repeat(64)}:0` })],
		["it spends 6000000000 of", ({ inputs: [one] }) => Object.assign(one ?? {}, { value: "6000000000" })],
		[`it spends 5000000000 of ${other}`, ({ inputs: [one] }) => Object.assign(one ?? {}, { account: other })],
		["it makes 3 outputs", ({ outputs }) => outputs.push({ account: other, value: "0" })],
		["it pays 1 to", ({ outputs: [one] }) => Object.assign(one ?? {}, { value: "1" })],
		[`it pays 1000000000 to ${other}`, ({ outputs: [one] }) => Object.assign(one ?? {}, { account: other })],
	])("are refused where %s", (what, edit) => {
		expect(look(edit).found).toEqual([expect.stringContaining(`transaction ${PAID}: ${what}`)]);
		expect(look(edit, "imported")).toEqual({ found: [], proven: 0, of: 1, otherwise: 1 });
	});

	it("spend what only they tell where the transaction that made it is not proven", async () => {
		const alone = proven(await realBitcoin("blocks-1-256.dat", [170], 1), BITCOIN);
		expect(compared({ transactions: [tx] }, alone, PAID)).toEqual({ found: [], proven: 0, of: 1, otherwise: 0 });
	});
});
