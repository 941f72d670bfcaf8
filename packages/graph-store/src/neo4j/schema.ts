/** Version of this layout, kept on every case. */
export const LAYOUT_VERSION = 6;

/**
 * The layout. Every node and relationship of a case carries `c`, the case's number, so that one database holds many cases.
 *
 * (:Account {c, id})-[:TRANSFER {c, pos, sender, receiver, asset, amount, size, kind, tier, source, indexed, path, untold,
 * caller}]->(:Account), `path` where sources say that a call stands and `untold` where its order matters and none tells it, absent on all
 * else and before layout 5, `caller` its sender, absent before layout 4. (:Transaction {c, key, hash, indexed, status}), `status` by
 * `rules/status.ts`, absent in layout 1; (:Gap {c, key, gap, account}), what the transactions of a block leave untold of an account, `key`
 * a block's, none in layout 1. Bitcoin ones also have version, locktime, coinbase, tier, source, and (:Transaction)-[:MAKES]->(:Output {c,
 * key, value, account, type, data, spender})-[:PAYS]->(:Account), (:Output)-[:SPENT_BY]->(:Transaction) (:Input {c, key, sequence, prev}),
 * or, while the output it spends is unknown, {c, key, sequence, waitsFor, vout, value, account, type}.
 *
 * (:Trace {c, id, number}), in the order of `number`, and its text in (:TracePart {c, id, part, text}); before layout 6 in its own `json`.
 *
 * (:Custody {c, sequence, at, action, detail, with, by, why, previous, hash}): `with`, `by` and `why` where stated, none before layout 3.
 *
 * (:Event {c, pos, kind, key, json}): decoded events of known protocols; `key` there pairs the two sides of a bridge.
 *
 * `pos` and `key` are the integers of `rules/keys.ts`, which sort in chain order. `amount` is decimal text, since it may exceed 64 bits;
 * `size` is the same with the number of digits before it (two characters), so that it sorts by value.
 */
export const SCHEMA: readonly string[] = [
	...unique("ClewCase", "c"),
	...unique("ClewCase", "id"),
	...unique("Account", "c", "id"),
	...unique("Transaction", "c", "key"),
	...unique("Output", "c", "key"),
	...unique("Input", "c", "key"),
	...unique("Block", "c", "key"),
	...unique("Asset", "c", "id"),
	...unique("Source", "c", "id"),
	...unique("Trace", "c", "id"),
	...unique("TracePart", "c", "id", "part"),
	...unique("Custody", "c", "sequence"),
	...unique("Record", "c", "kind", "id"),
	...unique("Event", "c", "pos"),
	"CREATE INDEX clew_gap IF NOT EXISTS FOR (n:Gap) ON (n.c, n.key)",
	"CREATE INDEX clew_event_kind IF NOT EXISTS FOR (n:Event) ON (n.c, n.kind, n.pos)",
	"CREATE INDEX clew_event_key IF NOT EXISTS FOR (n:Event) ON (n.c, n.key)",
	"CREATE INDEX clew_tx_hash IF NOT EXISTS FOR (n:Transaction) ON (n.c, n.hash)",
	"CREATE INDEX clew_output_account IF NOT EXISTS FOR (n:Output) ON (n.c, n.account, n.key)",
	"CREATE INDEX clew_output_data IF NOT EXISTS FOR (n:Output) ON (n.c, n.data)",
	"CREATE INDEX clew_input_waits IF NOT EXISTS FOR (n:Input) ON (n.c, n.waitsFor)",
	"CREATE INDEX clew_input_account IF NOT EXISTS FOR (n:Input) ON (n.c, n.account, n.key)",
	"CREATE INDEX clew_block_hash IF NOT EXISTS FOR (n:Block) ON (n.c, n.hash)",
	"CREATE INDEX clew_label IF NOT EXISTS FOR (n:Label) ON (n.c, n.account)",
	"CREATE INDEX clew_coverage IF NOT EXISTS FOR (n:Coverage) ON (n.c, n.account)",
	"CREATE INDEX clew_opening IF NOT EXISTS FOR (n:Opening) ON (n.c, n.account, n.asset, n.height)",
	"CREATE INDEX clew_cut IF NOT EXISTS FOR (n:ClusterCut) ON (n.c, n.subject)",
	"CREATE INDEX clew_transfer IF NOT EXISTS FOR ()-[t:TRANSFER]-() ON (t.c, t.pos)",
	"CREATE INDEX clew_transfer_out IF NOT EXISTS FOR ()-[t:TRANSFER]-() ON (t.c, t.sender, t.pos)",
	"CREATE INDEX clew_transfer_in IF NOT EXISTS FOR ()-[t:TRANSFER]-() ON (t.c, t.receiver, t.pos)",
	"CREATE INDEX clew_transfer_caller IF NOT EXISTS FOR ()-[t:TRANSFER]-() ON (t.c, t.caller)",
	"CALL db.awaitIndexes(300)",
];

/** Every kind of node that belongs to a case. */
export const LABELS = [
	"Account",
	"Transaction",
	"Output",
	"Input",
	"Block",
	"Asset",
	"Source",
	"Trace",
	"TracePart",
	"Custody",
	"Record",
	"Label",
	"Coverage",
	"Opening",
	"ClusterCut",
	"Event",
	"Gap",
] as const;

function unique(label: string, ...properties: string[]): string[] {
	const name = `clew_${label}_${properties.join("_")}`.toLowerCase();
	return [`CREATE CONSTRAINT ${name} IF NOT EXISTS FOR (n:${label}) REQUIRE (${properties.map((p) => `n.${p}`).join(", ")}) IS UNIQUE`];
}
