import type { Trace } from "../bundle/formats.js";

type Source = Trace["coverage"]["sources"][number];

/** A file by the first digits of its SHA-256, a node or several by their names, or the simulator. */
const FILE = /^file:[0-9a-f]{16}$/;
const NODE = /^(?:node:[\s\S]+|simulated)$/;
/** A list of the label library by the name that it has there and the first digits of its SHA-256; it tells of no row. */
const LIST = /^labels:[\s\S]+:[0-9a-f]{16}$/;
const OF_LABELS = "labels: ";
const DIGITS = 16;
const HASH = /^[0-9a-f]{64}$/;
const MAX_SHOWN = 100;

/** True for the id of a source of rows that are known in this way. */
export function isSourceOf(id: string, provenance: string): boolean {
	return (provenance === "imported" ? FILE : NODE).test(id);
}

/** What is wrong with a source as a trace states it; undefined where nothing is. */
export function badSource({ id, kind, sha256, detail }: Source): string | undefined {
	const shown = JSON.stringify(id.slice(0, MAX_SHOWN));
	if (kind !== "file") return NODE.test(id) && sha256 === "" ? undefined : `its source ${shown} is no node's as traces state it`;
	const isFile = FILE.test(id) || (LIST.test(id) && detail.startsWith(OF_LABELS));
	return isFile && HASH.test(sha256) && sha256.startsWith(id.slice(-DIGITS))
		? undefined
		: `its source ${shown} is no file of SHA-256 ${sha256.slice(0, MAX_SHOWN)}`;
}
