import { readdirSync } from "node:fs";

const IS_TEST = /\.test(-util)?\.ts$/;

/** What a fault would spoil: the sources that could hold it, less those that hold no rule. */
export const AREAS = {
	money: {
		sources: /^packages\/(tracer|core)\/src\//,
		except: /\/(simulator|oracle|detection|clustering|patterns|testing)\/|output-schemas|error-rates\.ts$/,
	},
	reading: {
		sources: /^packages\/(chains\/src\/(import|evm|bitcoin)|graph-store\/src\/rules)\//,
		except: /\/(http|rpc-client|open|index)\.ts$/,
	},
	evidence: { sources: /^packages\/evidence\/src\/verify\//, except: /\/(main|page)\.ts$/ },
	alerts: { sources: /^packages\/(workers\/src\/watch|risk\/src)\//, except: /\/index\.ts$/ },
	groups: { sources: /^packages\/tracer\/src\/(detection|clustering|patterns)\//, except: /^$/ },
} as const;
export type Area = keyof typeof AREAS;

/** Tests that may notice: unit tests, trials, and what else runs on files alone, without services. */
const TESTS = /^(packages\/(?!.*neo4j).*|tests\/trials\/.*|tests\/(import|risk|watch))\.test\.ts$/;

function filesBelow(folder: string): string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = `${folder}/${entry.name}`;
		if (entry.isDirectory()) return entry.name === "node_modules" || entry.name === "dist" ? [] : filesBelow(path);
		return entry.name.endsWith(".ts") ? [path] : [];
	});
}

/** The sources of an area, from the root, in the order of their names. */
export function sourcesOf(area: Area): string[] {
	const { sources, except } = AREAS[area];
	return filesBelow("packages")
		.filter((file) => sources.test(file) && !except.test(file) && !IS_TEST.test(file))
		.sort();
}

/** Every test file that may be asked, in the order of their names. */
export const testFiles = () => [...filesBelow("packages"), ...filesBelow("tests")].filter((file) => TESTS.test(file)).sort();
