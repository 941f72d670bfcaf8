#!/usr/bin/env node
import { run } from "./run.js";

/** Sockets that close in good order are given this long. */
const GRACE_MS = 500;

process.exitCode = await run(process.argv);
// A peer that accepted and stays silent may keep its socket open, for as long as it likes: once all is written, nothing of ours waits for
// it.
process.stdout.write("", () => setTimeout(() => process.exit(), GRACE_MS).unref());
