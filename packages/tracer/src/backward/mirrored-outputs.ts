import {
	type AccountId,
	type ChainId,
	type Hash,
	inputValue,
	type LedgerReader,
	MAX_TX_INDEX,
	MAX_UTXO_HEIGHT,
	nullAccount,
	type Outpoint,
	type OutputPlace,
	type OutputReader,
	sumValues,
	type TransactionPlace,
	transactionAt,
	type UtxoInput,
	type UtxoOutput,
	type UtxoTransaction,
} from "@clew/core";

/** A transaction as it runs back in time: its outputs, last first behind the fee, are spent, and its inputs are made, last first. */
export interface MirroredTransaction extends UtxoTransaction {
	readonly real: UtxoTransaction;
	readonly outputs: readonly MirroredOutput[];
}

/** An output that a mirrored transaction makes: what the real one spends. Its spender is the mirrored transaction that made it. */
interface MirroredOutput extends UtxoOutput {
	readonly outpoint?: Outpoint;
}

/** The place of a transaction in the order that runs back in time; mirrored twice it is itself. */
export function mirrorPlace({ height, txIndex }: TransactionPlace): TransactionPlace {
	return { height: mirrorOutputHeight(height), txIndex: MAX_TX_INDEX - txIndex };
}

/** The same of a height alone. */
export function mirrorOutputHeight(height: number): number {
	return MAX_UTXO_HEIGHT - height;
}

/** Where a mirrored transaction spends an output: its own place, with the index that the output has really. */
export function spentAt({ index, ...place }: OutputPlace): OutputPlace {
	return { ...mirrorPlace(place), index };
}

/** A chain of outputs backward: transactions are read one by one, at their mirrored places. */
export function mirroredOutputs<T extends LedgerReader & OutputReader>(source: T, chain: ChainId): T {
	return {
		...source,
		header: async (of: ChainId, height: number) => {
			const header = await source.header(of, mirrorOutputHeight(height));
			return header && { ...header, height };
		},
		utxoTransactions: async (of: ChainId, from: TransactionPlace) => {
			const real = await transactionAt(source, of, mirrorPlace(from));
			if (real === undefined) return [];
			const txids = await source.txids(
				chain,
				real.inputs.map(({ place }) => place),
			);
			return [mirror(real, chain, txids)];
		},
	};
}

function mirror(real: UtxoTransaction, chain: ChainId, txids: readonly (Hash | undefined)[]): MirroredTransaction {
	const nobody = nullAccount(chain);
	const place = mirrorPlace(real);
	const paid = sumValues(real.outputs);
	const spent = real.coinbase ? paid : inputValue(real.inputs);
	// What inputs of unknown value leave as a fee is unknown, too: nothing is computed past such a transaction.
	const fee: UtxoInput = spent === undefined ? { sequence: 0 } : { sequence: 0, previous: nothing(nobody, spent - paid) };
	const inputs = real.outputs.map(
		({ value, account, scriptType }, index): UtxoInput => ({
			sequence: 0,
			place: { ...place, index },
			previous: { value, account, scriptType },
		}),
	);
	const made = real.inputs.map((input, i): MirroredOutput => {
		const { previous = nothing(nobody, 0n), place: of, outpoint } = input;
		const txid = txids[i];
		const named = of !== undefined && txid !== undefined ? { txid, vout: of.index } : outpoint;
		return {
			...previous,
			...(of === undefined ? {} : { spender: spentAt(of) }),
			...(named === undefined ? {} : { outpoint: named }),
		};
	});
	return {
		...real,
		...place,
		real,
		coinbase: false,
		inputs: [fee, ...inputs.reverse()],
		outputs: real.coinbase ? [nothing(nobody, paid)] : made.reverse(),
	};
}

function nothing(account: AccountId, value: bigint): { value: bigint; account: AccountId; scriptType: "keyless" } {
	return { value, account, scriptType: "keyless" };
}
