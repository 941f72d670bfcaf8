import {
	type AccountId,
	type ChainId,
	MAX_EVENT_INDEX,
	MAX_TX_INDEX,
	type Outpoint,
	type OutputPlace,
	type Position,
	type Transfer,
	type UtxoOutput,
	type UtxoTransaction,
} from "@clew/core";
import { DerivedTransfers, type TransfersOfOutputs } from "../outputs/derived-transfers.js";
import type { Stop } from "../stops.js";
import { type MirroredTransaction, mirrorOutputHeight } from "./mirrored-outputs.js";

/** An output that is asked about, of a transaction that is named besides. */
export interface AskedOutput {
	readonly origin: number;
	readonly index: number;
}

/** What a sweep over outputs does otherwise where the chain is mirrored. */
export interface OutputsBack {
	/** What is asked about, by the key of the mirrored place of its transaction. */
	readonly asked: ReadonlyMap<number, readonly AskedOutput[]>;
	readonly derived: TransfersOfOutputs;
	readonly unknownInputs: Stop;
	/** Where a mirrored output is spent; of one that is never, no other has its place. */
	placeOf(output: UtxoOutput): OutputPlace;
	realOf(tx: UtxoTransaction): UtxoTransaction;
	/** Why money ends at an output of which the transaction that made it was not read. */
	heldStop(spender: number | undefined, until: number | undefined): Stop;
}

const UNKNOWN_INPUTS: Stop = {
	reason: "unfetched",
	detail: "made by a transaction that spends outputs whose value no source tells; what each of them gave cannot be computed",
};
const UNREAD: Stop = { reason: "unfetched", detail: "the transaction that made it is not in the case" };

/** The same for a chain. */
export function outputsBack(chain: ChainId, asked: OutputsBack["asked"]): OutputsBack {
	let unspent = 0;
	return {
		asked,
		derived: new MirroredTransfers(chain),
		unknownInputs: UNKNOWN_INPUTS,
		placeOf: ({ spender }) => spender ?? { height: -1, txIndex: 0, index: unspent++ },
		realOf: (tx) => (tx as MirroredTransaction).real,
		heldStop: (spender, until) =>
			spender === undefined || until === undefined
				? UNREAD
				: { reason: "time-window", detail: `made before block ${mirrorOutputHeight(until)}, the first that was read` },
	};
}

/** A mirrored transaction as transfers: each is the real one turned round, at its mirrored place. */
class MirroredTransfers implements TransfersOfOutputs {
	readonly asset: DerivedTransfers["asset"];
	private readonly real: DerivedTransfers;

	constructor(chain: ChainId) {
		this.real = new DerivedTransfers(chain);
		this.asset = this.real.asset;
	}

	nodeOf(tx: UtxoTransaction): AccountId {
		return this.real.nodeOf((tx as MirroredTransaction).real);
	}

	/** What a mirrored transaction spends is what the real one makes. */
	spend(tx: UtxoTransaction, _vin: number, _account: AccountId, _amount: bigint, outpoint: Outpoint): Transfer {
		return turned(this.real.output((tx as MirroredTransaction).real, outpoint.vout));
	}

	output(tx: UtxoTransaction, vout: number): Transfer {
		const { real, outputs } = tx as MirroredTransaction;
		const { account, value, outpoint } = outputs[vout] as MirroredTransaction["outputs"][number];
		const named = outpoint ?? { txid: real.txid, vout };
		return turned(this.real.spend(real, real.coinbase ? 0 : real.inputs.length - 1 - vout, account, value, named));
	}

	fee(tx: UtxoTransaction, amount: bigint): Transfer {
		return turned(this.real.fee((tx as MirroredTransaction).real, amount));
	}
}

function turned(t: Transfer): Transfer {
	return { ...t, from: t.to, to: t.from, position: mirrorOutputPosition(t.position) };
}

/** The place of an event in the order that runs back in time; mirrored twice it is itself. */
export function mirrorOutputPosition({ height, txIndex, eventIndex }: Position): Position {
	return { height: mirrorOutputHeight(height), txIndex: MAX_TX_INDEX - txIndex, eventIndex: MAX_EVENT_INDEX - eventIndex };
}
