/**
 * The rules for docs/openapi.json: Spectral's own for OpenAPI, and those of the OWASP API Security Top 10.
 * https://github.com/stoplightio/spectral · https://github.com/stoplightio/spectral-owasp-ruleset
 */
import { readFileSync } from "node:fs";
import owasp from "@stoplight/spectral-owasp-ruleset";
import { oas } from "@stoplight/spectral-rulesets";

const document = JSON.parse(readFileSync("docs/openapi.json", "utf8"));

/** A rule about values of that type, for what callers send: parameters and bodies. Answers consist of what passed. */
const forInput = (name, type) => ({
  ...owasp.rules[name],
  given: ["parameters[*]", "requestBody.content[*]"].map((place) => `$.paths[*][*].${place}.schema..[?(@ && @.type=="${type}")]`),
});

const publicPaths = Object.keys(document.paths).filter((path) => path.startsWith("/public/"));

export default {
  extends: [oas, owasp],
  rules: {
    "owasp:api4:2023-array-limit": forInput("owasp:api4:2023-array-limit", "array"),
    "owasp:api4:2023-integer-limit": forInput("owasp:api4:2023-integer-limit", "integer"),
    "owasp:api4:2023-string-limit": forInput("owasp:api4:2023-string-limit", "string"),
    // Versions of PMS events have up to 38 digits: neither int32 nor int64 is true of them.
    "owasp:api4:2023-integer-format": {
      ...owasp.rules["owasp:api4:2023-integer-format"],
      given: '$..[?(@ && @.type=="integer" && !@.exclusiveMaximum)]',
    },
    // Names, notes and tokens follow no pattern; their length is limited.
    "owasp:api4:2023-string-restricted": "off",
    // API Gateway counts calls and sends no header about it. 429 and Retry-After are declared.
    "owasp:api4:2023-rate-limit": "off",
    // Pages and API have one origin (docs/adr/0020), so there is no CORS.
    "owasp:api8:2023-define-cors-origin": "off",
  },
  overrides: [
    {
      // Patients have no account: these operations take no token, or the manage token in the path.
      files: publicPaths.map((path) => `openapi.json#/paths/${encodeURIComponent(path.replaceAll("/", "~1"))}`),
      rules: {
        "owasp:api2:2023-read-restricted": "off",
        "owasp:api2:2023-write-restricted": "off",
        "owasp:api2:2023-no-credentials-in-url": "off",
        "owasp:api8:2023-define-error-responses-401": "off",
      },
    },
  ],
};
