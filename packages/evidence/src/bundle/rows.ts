import { createHash, createHmac } from "node:crypto";
import { canonicalJson, type ProvenanceTier, type TraceEdge, type TraceResult } from "@clew/core";

/**
 * How a row is known, as a bundle says it. `unprovable`: the chain's roots cannot be rebuilt. `log` is the place among the receipt's logs,
 * `block` the hash of the block at its height, as the node or the case's sources tell; absent where none does.
 */
export interface RowKnowledge {
	readonly tier: ProvenanceTier | "unprovable";
	readonly why: string;
	readonly log?: number;
	readonly block?: string;
}

/** How rows are known when no proofs were asked for. */
export function statedKnowledge(edge: TraceEdge): RowKnowledge {
	const tier = edge.provenance as ProvenanceTier;
	return { tier, why: tier === "imported" ? "a file, whose hash is kept, says so" : "nodes say so; its block hashed as it must" };
}

/**
 * Rows as lines, one an edge. The salt keeps a withheld row from being guessed: it follows from the whole trace, which who sees one row
 * does not have.
 */
export function* rowLines(result: TraceResult, known: readonly RowKnowledge[]): Generator<string> {
	const secret = createHash("sha256").update("clew row salt\n").update(canonicalJson(result)).digest();
	for (const [i, edge] of result.edges.entries()) {
		const salt = createHmac("sha256", secret).update(edge.row.toString()).digest("hex");
		yield canonicalJson({ salt, edge, known: known[i] ?? statedKnowledge(edge) });
	}
}
