// A client in Node: node_client.mjs DATABASE QUESTION, with @duckdb/node-api in the folder where it is started.
// It obeys lines of standard input (read, reopen, write, quit), and says a line of JSON for each.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(`${process.cwd()}/`);
const { DuckDBInstance } = require("@duckdb/node-api");
const [database, question] = process.argv.slice(2);
const asked = readFileSync(question, "utf8");
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

let instance, connection;
const open = async () => {
  instance = await DuckDBInstance.create(database, { access_mode: "READ_ONLY" });
  connection = await instance.connect();
};
const close = () => {
  connection.closeSync();
  instance.closeSync();
};
const obey = {
  read: async () => {
    const [[publication, responses, nps]] = (await connection.runAndReadAll(asked)).getRowsJson();
    return { publication, responses: Number(responses), nps: Number(nps) };
  },
  reopen: async () => {
    close();
    await open();
    return { reopened: true };
  },
  write: async () => {
    await connection.run("create table marts.written (a integer)");
    return { written: true };
  },
};

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
say({ versions: { "@duckdb/node-api": version("@duckdb/node-api"), node: process.versions.node } });
await open();
for await (const line of createInterface({ input: process.stdin })) {
  const what = obey[line.trim()];
  if (!what) break;
  try {
    say(await what());
  } catch (error) {
    say({ error: String(error) });
  }
}
close();
