// validate.mjs URL: see run.
import { createRequire } from "node:module";
import { Validator } from "@seriousme/openapi-schema-validator";

const require = createRequire(import.meta.url);
const Ajv = require("ajv/dist/2020");
const url = process.argv[2];
let passed = 0, failed = 0;

function say(sentence, faults) {
	if (!faults || !faults.length) { passed++; return; }
	failed++;
	console.log(`FAILED: ${sentence}\n  ${JSON.stringify(faults).slice(0, 1500)}`);
}

const document = await (await fetch(`${url}/api/openapi.json`)).json();
const validator = new Validator();
const verdict = await validator.validate(structuredClone(document));
say("the document is OpenAPI 3.1", verdict.valid ? [] : verdict.errors ?? ["invalid"]);
say("its version is 3.1", /^3\.1/.test(document.openapi) ? [] : [document.openapi]);

const ajv = new (Ajv.default ?? Ajv)({ strict: false, validateFormats: false });
ajv.addSchema(document, "api");
const place = (await (await fetch(`${url}/api/v1/lieux?limite=1`)).json()).lieux[0].id;
const asked = {
	"/api/v1/lieux": ["/api/v1/lieux?limite=50", "/api/v1/lieux?service=demarches", "/api/v1/lieux?limite=abc"],
	"/api/v1/lieux/{id}": [`/api/v1/lieux/${place}`, "/api/v1/lieux/rien"],
	"/api/v1/communes": ["/api/v1/communes?q=saint", "/api/v1/communes"],
	"/api/v1/orientation": ["/api/v1/orientation?commune=93010", "/api/v1/orientation?commune=zzyzx", "/api/v1/orientation"],
	"/api/v1/reperage": ["/api/v1/reperage"],
	"/api/v1/territoires/{code}": ["/api/v1/territoires/93010", "/api/v1/territoires/93", "/api/v1/territoires/region-11",
		"/api/v1/territoires/93013", "/api/v1/territoires/rien"],
	"/api/v1/indices": ["/api/v1/indices"],
	"/api/v1/indices/{methode}": ["/api/v1/indices/ifn-2023", "/api/v1/indices/ifn-2023?niveau=commune&departement=93&limite=7",
		"/api/v1/indices/ifn-2023?niveau=epci&poids=poverty_rate:2,5", "/api/v1/indices/ifn-2023?poids=rien:1", "/api/v1/indices/rien"],
	"/api/v1/indices/{methode}/{code}": ["/api/v1/indices/ifn-2023/93010", "/api/v1/indices/ifn-2023/93?sans=poverty_rate",
		"/api/v1/indices/ifn-2023/93013", "/api/v1/indices/ifn-2023/rien"],
	"/api/v1/passages": ["/api/v1/passages?commune=93010", "/api/v1/passages"],
	"/carto/stats": ["/carto/stats", "/carto/stats?services=Aide%20aux%20d%C3%A9marches%20administratives"],
	"/carto/stats/regions": ["/carto/stats/regions"],
	"/carto/stats/departements": ["/carto/stats/departements"],
	"/carto/stats/total": ["/carto/stats/total", "/carto/stats/total?ouvert_le_week_end=true"],
	"/carto/stats/regions/{slug}": ["/carto/stats/regions/ile-de-france", "/carto/stats/regions/rien"],
	"/carto/lieux": ["/carto/lieux?limit=100", "/carto/lieux?limit=3&latitude=48.9&longitude=2.48", "/carto/lieux?limit=abc"],
	"/carto/lieux/chunk": ["/carto/lieux/chunk?latitude=48.91&longitude=2.48", "/carto/lieux/chunk"],
	"/carto/lieux/search": ["/carto/lieux/search?q=bondy", "/carto/lieux/search"],
	"/carto/lieux/{id}": [`/carto/lieux/${place}`, "/carto/lieux/rien"],
	"/carto/lieux/departement/{code}": ["/carto/lieux/departement/93?limit=100", "/carto/lieux/departement/00"],
	"/carto/lieux/region/{slug}": ["/carto/lieux/region/ile-de-france", "/carto/lieux/region/rien"],
	"/carto/mediateurs/search": ["/carto/mediateurs/search?q=bondy", "/carto/mediateurs/search"],
	"/carto/sources": ["/carto/sources"],
};

async function compare(path, method, target, answer) {
	const status = String(answer.status);
	const responses = document.paths[path][method].responses;
	const response = responses[status] ?? responses[`${status[0]}XX`] ?? responses.default;
	const type = answer.headers.get("content-type").split(";")[0];
	const sentence = `${method} ${target} answers ${status} as described`;
	const pointer = response && resolve(path, method, status, responses, type);
	if (!pointer) { say(sentence, [`no description of ${status} ${type}`]); return; }
	const check = ajv.compile({ $ref: `api#${pointer}` });
	say(sentence, check(await answer.json()) ? [] : check.errors);
}

const escape = (s) => s.replaceAll("~", "~0").replaceAll("/", "~1");
function resolve(path, method, status, responses, type) {
	const key = responses[status] ? status : responses[`${status[0]}XX`] ? `${status[0]}XX` : "default";
	if (responses[key].$ref) {
		const name = responses[key].$ref.split("/").pop();
		return document.components.responses[name].content[type] && `/components/responses/${name}/content/${escape(type)}/schema`;
	}
	return responses[key].content?.[type] && `/paths/${escape(path)}/${method}/responses/${key}/content/${escape(type)}/schema`;
}

for (const path of Object.keys(document.paths)) {
	say(`${path} is tried here`, asked[path] ? [] : ["add it to validate.mjs"]);
	for (const target of asked[path] ?? [])
		await compare(path, "get", target, await fetch(url + target));
}
for (const body of ['{"reponses": {}}', '{"reponses": {"quoi": "demarche", "quand": "jour"}}', '{"reponses": 3}', "{"])
	await compare("/api/v1/reperage", "post", `/api/v1/reperage ${body}`, await fetch(`${url}/api/v1/reperage`,
		{ method: "POST", body, headers: { "content-type": "application/json" } }));

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
