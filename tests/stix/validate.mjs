// node validate.mjs SCHEMAS BUNDLE...: each bundle, and each object in it, against the schema of its type. TAP.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020.js";

const [schemas, ...bundles] = process.argv.slice(2);
const ajv = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false });
const byType = new Map();

for (const name of readdirSync(schemas, { recursive: true })) {
	if (!name.endsWith(".json")) continue;
	const schema = JSON.parse(readFileSync(join(schemas, name), "utf8"));
	ajv.addSchema(schema);
	byType.set(name.replace(/^.*\//, "").replace(/\.json$/, ""), schema.$id);
}

// The bundle's schema does not list note, opinion, grouping and extension-definition, and what it has for types that it does
// not list nothing can satisfy (either of two, of which the one includes the other): it is asked about the others.
const schemaOfBundle = JSON.stringify(ajv.getSchema(byType.get("bundle")).schema);
function listed(bundle) {
	return { ...bundle, objects: bundle.objects.filter((object) => schemaOfBundle.includes(`/${object.type}.json`)) };
}

// Section 3 of STIX 2.1 that the schemas cannot say: what is referred to is there, and no property is made up.
function beyond(bundle) {
	const ids = new Set(bundle.objects.map((object) => object.id));
	const wrong = [];
	for (const object of bundle.objects) {
		for (const [key, value] of Object.entries(object)) {
			if (key.startsWith("x_")) wrong.push(`${object.id}: ${key}`);
			if (key.endsWith("_ref") && !ids.has(value)) wrong.push(`${object.id}: ${key} ${value} is not there`);
			if (key.endsWith("_refs"))
				for (const id of value) if (!ids.has(id)) wrong.push(`${object.id}: ${id} is not there`);
		}
	}
	if (ids.size !== bundle.objects.length) wrong.push("an id stands twice");
	return wrong;
}

console.log(`1..${bundles.length}`);
bundles.forEach((path, at) => {
	const bundle = JSON.parse(readFileSync(path, "utf8"));
	const wrong = beyond(bundle);
	for (const object of [listed(bundle), ...bundle.objects]) {
		const check = byType.has(object.type) && ajv.getSchema(byType.get(object.type));
		if (!check) wrong.push(`${object.id}: no schema of ${object.type}`);
		else if (!check(object)) wrong.push(`${object.id}: ${ajv.errorsText(check.errors).slice(0, 300)}`);
	}
	for (const line of wrong.slice(0, 20)) console.log(`# ${line}`);
	console.log(`${wrong.length ? "not ok" : "ok"} ${at + 1} - ${path.replace(/^.*\//, "")}: ${bundle.objects.length} objects`);
	if (wrong.length) process.exitCode = 1;
});
