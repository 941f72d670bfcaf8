import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkTimestamp } from "./verify/signatures/timestamp.js";
import { readCertificate } from "./verify/signatures/x509.js";
import { parseCertificates } from "./verify/trust.js";

const there = spawnSync("openssl", ["version"]).status === 0;
if (!there) console.warn("SKIPPED: certificates are judged beside OpenSSL, and there is none; install the package openssl");

const folder = mkdtempSync(join(tmpdir(), "clew-tsa-"));
const at = (name: string) => join(folder, name);

function openssl(...args: string[]): number | null {
	return spawnSync("openssl", args, { cwd: folder, stdio: "ignore", env: { ...process.env, OPENSSL_CONF: at("tsa.cnf") } }).status;
}

function must(...args: string[]): void {
	if (openssl(...args) !== 0) throw new Error(`openssl ${args.join(" ")} failed`);
}

const TSA = `[ tsa ]
default_tsa = one
[ one ]
serial = serial
digests = sha256
default_policy = 1.2.3.4.1
signer_digest = sha256
ess_cert_id_alg = sha256
ess_cert_id_chain = no
`;

/** A certificate with these extensions, signed by another or by itself. */
function certify(name: string, issuer: string | undefined, extensions: readonly string[]): void {
	must(
		"req",
		"-new",
		"-newkey",
		"ec",
		"-pkeyopt",
		"ec_paramgen_curve:P-256",
		"-nodes",
		"-keyout",
		`${name}.key`,
		"-subj",
		`/CN=${name}`,
		"-out",
		`${name}.csr`,
	);
	writeFileSync(at(`${name}.ext`), `${extensions.join("\n")}\n`);
	const by = issuer === undefined ? ["-signkey", `${name}.key`] : ["-CA", `${issuer}.pem`, "-CAkey", `${issuer}.key`, "-CAcreateserial"];
	must("x509", "-req", "-in", `${name}.csr`, ...by, "-days", "3650", "-extfile", `${name}.ext`, "-out", `${name}.pem`);
}

const AUTHORITY = "basicConstraints=critical,CA:TRUE";
const STAMPS = "extendedKeyUsage=critical,timeStamping";
/** Extensions of root, authority between and signer, and whether OpenSSL accepts them. */
const CHAINS: Record<string, { root?: string[]; between?: string[]; second?: string[]; signer?: string[]; accepted: boolean }> = {
	plain: { accepted: true },
	"stated-usages": {
		root: [AUTHORITY, "keyUsage=critical,keyCertSign,cRLSign"],
		between: ["basicConstraints=critical,CA:TRUE,pathlen:0", "keyUsage=critical,keyCertSign"],
		signer: [STAMPS, "keyUsage=critical,digitalSignature,nonRepudiation"],
		accepted: true,
	},
	"not-critical-and-unknown": { signer: [STAMPS, "1.2.3.4.5=ASN1:UTF8String:x"], accepted: true },
	"root-forbids-a-second-authority": { root: ["basicConstraints=critical,CA:TRUE,pathlen:0"], accepted: false },
	"authority-forbids-a-third": { between: ["basicConstraints=critical,CA:TRUE,pathlen:0"], second: [AUTHORITY], accepted: false },
	"second-authority-allowed": { between: ["basicConstraints=critical,CA:TRUE,pathlen:1"], second: [AUTHORITY], accepted: true },
	"authority-whose-key-signs-no-certificates": { between: [AUTHORITY, "keyUsage=critical,digitalSignature"], accepted: false },
	"no-authority-between": { between: ["basicConstraints=critical,CA:FALSE"], accepted: false },
	"critical-and-unknown": { signer: [STAMPS, "1.2.3.4.5=critical,ASN1:UTF8String:x"], accepted: false },
	"authority-critical-and-unknown": { between: [AUTHORITY, "1.2.3.4.5=critical,ASN1:UTF8String:x"], accepted: false },
	"signer-for-encryption": { signer: [STAMPS, "keyUsage=critical,digitalSignature,keyEncipherment"], accepted: false },
	"purpose-not-critical": { signer: ["extendedKeyUsage=timeStamping"], accepted: false },
	"two-purposes": { signer: ["extendedKeyUsage=critical,timeStamping,codeSigning"], accepted: false },
};

describe.skipIf(!there)("a time stamp is judged as OpenSSL judges it", () => {
	writeFileSync(at("tsa.cnf"), `openssl_conf = none\n[ none ]\n[ req ]\ndistinguished_name = dn\n[ dn ]\n${TSA}`);
	const data = Buffer.from('{"a":"manifest"}');
	writeFileSync(at("manifest.json"), data);
	writeFileSync(at("serial"), "01\n");

	it.each(Object.entries(CHAINS))(
		"%s",
		async (name, { root = [AUTHORITY], between = [AUTHORITY], second, signer = [STAMPS], accepted }) => {
			certify(`root-${name}`, undefined, root);
			certify(`between-${name}`, `root-${name}`, between);
			if (second !== undefined) certify(`second-${name}`, `between-${name}`, second);
			const issuer = second === undefined ? `between-${name}` : `second-${name}`;
			certify(`signer-${name}`, issuer, signer);
			const chain = second === undefined ? [`between-${name}`] : [`between-${name}`, `second-${name}`];
			writeFileSync(at("chain.pem"), chain.map((file) => readFileSync(at(`${file}.pem`), "utf8")).join(""));
			must("ts", "-query", "-data", "manifest.json", "-sha256", "-cert", "-out", "q.tsq");
			// OpenSSL refuses to stamp with a certificate that it would not accept: such a chain is refused before there is a stamp.
			const stamped = openssl(
				"ts",
				"-reply",
				"-config",
				"tsa.cnf",
				"-queryfile",
				"q.tsq",
				"-signer",
				`signer-${name}.pem`,
				"-inkey",
				`signer-${name}.key`,
				"-chain",
				"chain.pem",
				"-out",
				"r.tsr",
			);
			if (stamped !== 0) {
				const [certificate = new Uint8Array()] = parseCertificates(readFileSync(at(`signer-${name}.pem`)));
				return expect([accepted, readCertificate(certificate).onlyTimeStamps]).toEqual([false, false]);
			}
			const verdict = openssl(
				"ts",
				"-verify",
				"-data",
				"manifest.json",
				"-in",
				"r.tsr",
				"-CAfile",
				`root-${name}.pem`,
				"-untrusted",
				"chain.pem",
			);
			const roots = parseCertificates(readFileSync(at(`root-${name}.pem`)));
			const ours = await checkTimestamp(readFileSync(at("r.tsr")), data, roots).then(
				({ root: found }) => found !== undefined,
				() => false,
			);
			expect([verdict === 0, ours]).toEqual([accepted, accepted]);
		},
	);
});
