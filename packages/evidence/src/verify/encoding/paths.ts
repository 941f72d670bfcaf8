import { Refusal } from "../failure.js";
/** Paths of a bundle: letters that every file system and zip reader spells alike, at most two folders deep. */
export const PATH = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,120}(\/[a-zA-Z0-9_][a-zA-Z0-9._-]{0,120}){0,2}$/;

/** Where a BagIt bag keeps its payload, here a whole bundle (RFC 8493). */
export const BAG_PAYLOAD = "data/";

/** The one program that a bundle carries: the verifier. */
const OWN_PROGRAM = "verify.mjs";

/** Endings that a desktop runs or follows when it is clicked, on Windows, macOS or Linux. */
const PROGRAM =
	/\.(exe|com|bat|cmd|scr|pif|lnk|url|desktop|webloc|msi|msp|ps1|psm1|vbs|vbe|js|mjs|cjs|jse|wsf|wsh|hta|jar|sh|bash|zsh|command|tool|app|scf|reg|inf|cpl|dll|so|dylib|py|pyw|pl|rb|php|xll|docm|xlsm|pptm|iso|img|dmg|apk|appimage|action|workflow|terminal|svgz)$/i;
/** Names that Windows takes for devices, whatever their ending. */
const DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/** Why a path does not belong in a bundle; undefined when it does. */
export function badPath(path: string): string | undefined {
	if (!PATH.test(path)) return "has a path that does not belong in a bundle";
	for (const part of path.split("/")) {
		if (part.endsWith(".")) return "has a name that ends with a dot, which some systems drop";
		if (DEVICE.test(part)) return "has the name of a device";
	}
	if (PROGRAM.test(path) && path !== OWN_PROGRAM) return "is named as a program or a link";
	return undefined;
}

/** A file's name as a bundle may carry it: odd letters become `_`, and what would be run when clicked ends with `.data`. */
export function bundleName(name: string): string {
	const plain = name.slice(-80).replace(/[^a-zA-Z0-9._-]|^[.-]|\.+$/g, "_");
	return badPath(plain) === undefined ? plain : `_${plain}.data`;
}

/**
 * Gathers the files of a bundle, however it came. `add` throws Error for a path that does not belong, and for one that is there already
 * but for case.
 */
export function gatherFiles(): { readonly files: Map<string, Uint8Array>; add(path: string, data: Uint8Array): void } {
	const files = new Map<string, Uint8Array>();
	const folded = new Map<string, string>();
	return {
		files,
		add: (path, data) => {
			const bad = badPath(path.startsWith(BAG_PAYLOAD) ? path.slice(BAG_PAYLOAD.length) : path);
			if (bad !== undefined) throw new Refusal(`${JSON.stringify(path.slice(0, 80))} ${bad}`);
			const other = folded.get(path.toLowerCase());
			if (other !== undefined) throw new Refusal(`${path} is there twice${other === path ? "" : `, once as ${other}`}`);
			folded.set(path.toLowerCase(), path);
			files.set(path, data);
		},
	};
}
