/** The text of a file in a bundle that was verified; empty when there is none. */
export function bundleText(files: ReadonlyMap<string, Uint8Array>, path: string): string {
	return Buffer.from(files.get(path) ?? new Uint8Array(0)).toString("utf8");
}

/** All lines of one file, or of the numbered files of a group such as `proofs/`, in order. */
export function bundleLines(files: ReadonlyMap<string, Uint8Array>, path: string): string[] {
	const paths = path.endsWith("/") ? [...files.keys()].filter((name) => name.startsWith(path)).sort() : [path];
	return paths.flatMap((name) => bundleText(files, name).split("\n").slice(0, -1));
}
