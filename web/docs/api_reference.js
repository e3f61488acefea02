/** The API reference: docs/openapi.json as a page. docs/adr/0031 says why this library, and why most of it is off. */
import { createApiReference } from "/vendor/api-reference.js";

createApiReference("#page", {
  url: "/docs/openapi.json",

  // No calls to other hosts: no fonts, no telemetry, no assistant, no tools that its maker hosts.
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: "never",

  // A page to read: calls from it would change requests of real patients.
  hideTestRequestButton: true,
  hideClientButton: true,

  // Light, as the other pages are.
  forceDarkModeState: "light",
  hideDarkModeToggle: true,

  // Everything in the order of the document, in its words, and in sight.
  orderSchemaPropertiesBy: "preserve",
  modelsSectionLabel: "Schemas",
  defaultOpenAllTags: true,
  featuredClients: ["shell/curl", "python/requests", "node/fetch", "csharp/httpclient", "java/okhttp"],

  // The address of an operation, such as /docs/#tag/staff/accept_request, stays when its summary or path changes.
  generateOperationSlug: ({ operationId, method, path }) => operationId ?? `${method}${path}`,
});
