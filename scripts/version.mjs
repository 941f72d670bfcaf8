// Makes a version: takes the changesets into CHANGELOG.md, each once with the packages it changed, and moves every package to the version
// that they ask for. All packages have one version. Usage: npm run bump
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { must, root } from "./setup.mjs";

const SECTIONS = [
	["major", "What breaks"],
	["minor", "Added and changed"],
	["patch", "Mended"],
];
const ORDER = SECTIONS.map(([type]) => type);
const CHANGELOG = join(root, "CHANGELOG.md");
const MANIFEST = join(root, "package.json");

/** What the changesets add up to: `{ changesets, releases }`, as `changeset status` gives it. */
function releasePlan() {
	const work = mkdtempSync(join(tmpdir(), "clew-version-"));
	try {
		const output = join(work, "plan.json");
		must("npx", ["changeset", "status", "--output", relative(root, output)], { cwd: root, stdio: "ignore" });
		return JSON.parse(readFileSync(output, "utf8"));
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}

/** One changeset as an item of a list. */
function item({ summary, releases }) {
	const packages = releases.map(({ name }) => name.replace("@clew/", "")).join(", ");
	return `- ${`${summary.trim()}\n*${packages}*`.replaceAll("\n", "\n  ").replace(/[ ]+$/gm, "")}`;
}

function section(version, changesets) {
	const typeOf = ({ releases }) => ORDER.find((type) => releases.some((release) => release.type === type));
	const parts = SECTIONS.flatMap(([type, title]) => {
		const items = changesets.filter((one) => typeOf(one) === type).map(item);
		return items.length === 0 ? [] : [`### ${title}\n\n${items.join("\n")}`];
	});
	return [`## ${version}`, ...parts].join("\n\n");
}

const { changesets, releases } = releasePlan();
const version = releases[0]?.newVersion;
if (version === undefined || changesets.length === 0) {
	console.error("There is no changeset to take in.");
	process.exit(1);
}
must("npx", ["changeset", "version"], { cwd: root });
const [title, ...before] = readFileSync(CHANGELOG, "utf8").split(/\n\n(?=## )/);
writeFileSync(CHANGELOG, `${[title.trimEnd(), section(version, changesets), ...before].join("\n\n").trimEnd()}\n`);
writeFileSync(MANIFEST, readFileSync(MANIFEST, "utf8").replace(/("version": ")[^"]*/, `$1${version}`));
console.log(`Version ${version}: ${changesets.length} changesets are in CHANGELOG.md.`);
