import { type BitcoinNetwork, bitcoinNetwork, parseChainId, trustedAccountId, type UtxoRecord } from "@clew/core";
import { blockMaker } from "../../../packages/chains/src/acting/bitcoin-block.js";
import { parseBlock, type RawBlock } from "../../../packages/chains/src/bitcoin/block.js";
import { heightOf, type Paid, type Transaction } from "./world.js";

export const REGTEST = parseChainId("bitcoin-regtest");
export const NETWORK = bitcoinNetwork(REGTEST) as BitcoinNetwork;
const FIRST_TIME = 1_600_000_000;
const TYPES = ["p2wpkh", "p2pkh", "p2tr", "p2sh"] as const;

/** A block as it is mined. */
export interface MinedBlock {
	readonly height: number;
	readonly time: number;
	readonly bytes: Uint8Array;
	readonly raw: RawBlock;
}

/** A world's chain, signed and mined, with the real names of what is in it. */
export interface MinedChain {
	readonly blocks: readonly MinedBlock[];
	readonly txidOf: (id: number) => string;
	readonly accountOf: (party: number) => string;
}

const madeUpTxid = (id: number) => id.toString(16).padStart(64, "0");
const madeUpAccount = (party: number, salt: string) => trustedAccountId(REGTEST, `party${party}${salt}`);

/** Mines a world's chain; another `salt` gives other keys, addresses and ids. */
export function mined(transactions: readonly Transaction[], salt = ""): MinedChain {
	const maker = blockMaker(REGTEST);
	const blocks = Array.from({ length: heightOf(transactions) }, (_, n): MinedBlock => {
		const height = n + 1;
		const time = FIRST_TIME + height * 600;
		const own = transactions.filter((tx) => tx.height === height).sort((a, b) => a.index - b.index);
		const hash = madeUpTxid(height) as UtxoRecord["txid"];
		const bytes = maker.make({ header: { height, time, hash, parent: hash }, transactions: own.map((tx) => recordOf(tx, salt)) });
		return { height, time, bytes, raw: parseBlock(bytes, NETWORK, `block ${height}`) };
	});
	return { blocks, txidOf: (id) => maker.txidOf(madeUpTxid(id)), accountOf: (party) => maker.accountOf(madeUpAccount(party, salt)) };
}

function recordOf({ id, height, index, inputs, outputs }: Transaction, salt: string): UtxoRecord {
	const output = ({ party, value }: Paid, vout: number): UtxoRecord["outputs"][number] => {
		if (party === "nobody") return { value: BigInt(value), account: madeUpAccount(-1, salt), scriptType: "op_return", data: `00${vout}0` };
		return { value: BigInt(value), account: madeUpAccount(party, salt), scriptType: TYPES[party % TYPES.length] ?? "p2wpkh" };
	};
	return {
		txid: madeUpTxid(id) as UtxoRecord["txid"],
		height,
		txIndex: index,
		version: 2,
		locktime: 0,
		coinbase: index === 0,
		inputs: inputs.map(({ id: from, vout }) => ({
			outpoint: { txid: madeUpTxid(from) as UtxoRecord["txid"], vout },
			sequence: 0xffffffff,
		})),
		outputs: outputs.map(output),
	};
}
