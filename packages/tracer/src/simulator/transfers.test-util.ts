import type { Transfer, TransferKind } from "@clew/core";
import type { SimulatedBlock } from "./chain.js";

/** The transfers of a made-up chain as a case would hold them. */
export const transfersOf = (blocks: readonly SimulatedBlock[]): Transfer[] =>
	blocks.flatMap(({ chain, transactions }) =>
		transactions.flatMap(({ hash, height, txIndex = 0, transfers }) =>
			transfers.map((t) => ({
				...t,
				kind: t.kind as TransferKind,
				chain,
				txHash: hash,
				position: { height, txIndex, eventIndex: t.eventIndex ?? 0 },
				provenance: "node" as const,
				source: "s",
			})),
		),
	);
