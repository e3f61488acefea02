import { goTo, json, serve } from "../browser_stubs.js";
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";

goTo("/book/prac_1");
const selection = await import("../../book/slot_selection.js");
const { clearFieldError, fieldErrors, send, sending, sentRequest, submissionProblem } = await import("../../book/request_submission.js");
goTo("/console/");

/** @type {Record<string, string>} */
let fields;
const PageFormData = globalThis.FormData;

describe("The submission of a request", () => {
  beforeEach(() => {
    fields = { first_name: " Ada ", last_name: "King", email: "ada@example.org", phone: "", date_of_birth: "", note: "", consent: "on" };
    /** A form is its fields here: Node has no form elements. */
    globalThis.FormData = /** @type {any} */ (
      class extends PageFormData {
        constructor() {
          super();
          for (const [name, value] of Object.entries(fields)) this.set(name, value);
        }
      }
    );
    selection.serviceId.value = "svc_1";
    selection.start.value = "2026-07-16T10:00:00-07:00";
    selection.practitionerId.value = "";
    selection.suggestsOwnTime.value = false;
    sentRequest.value = submissionProblem.value = null;
  });
  afterEach(() => {
    globalThis.FormData = PageFormData;
    selection.clearSelection();
    goTo("/console/");
  });

  const form = /** @type {HTMLFormElement} */ ({});
  const sent = () => serve(() => json({ manage_token: "token", status: "pending" }, 201));
  const refused = (/** @type {number} */ status, /** @type {object} */ problem) => serve(() => json({ title: "", status, ...problem }, status));
  const bodyOf = (/** @type {Request | undefined} */ call) => /** @type {Request} */ (call).json();

  test("A complete request is sent with trimmed names, and nothing for empty fields", async () => {
    const calls = sent();
    await send(form);
    assert.deepEqual(await bodyOf(calls[0]), {
      patient: { first_name: "Ada", last_name: "King", email: "ada@example.org", phone: null, date_of_birth: null },
      may_email: false,
      requested: { start: "2026-07-16T10:00:00-07:00", service_id: "svc_1", practitioner_id: null },
      source: "website",
      note: null,
      homepage: null,
    });
    assert.deepEqual(sentRequest.value, { manageToken: "token", byEmail: false });
  });

  test("What a program fills into the hidden field is sent, and nothing looks different", async () => {
    fields = { ...fields, homepage: "https://buy.example" };
    const calls = sent();
    await send(form);
    assert.equal((await bodyOf(calls[0])).homepage, "https://buy.example");
    assert.equal(sentRequest.value?.manageToken, "token");
  });

  test("An e-mail is announced only with the patient's consent and an address", async () => {
    fields = { ...fields, may_email: "on" };
    sent();
    await send(form);
    assert.equal(sentRequest.value?.byEmail, true);
  });

  const MISSING = /** @type {const} */ ([
    [{ first_name: " " }, "first_name", "first_name"],
    [{ last_name: "" }, "last_name", "last_name"],
    [{ email: "", phone: "" }, "email", "reach"],
    [{ email: "ada@example" }, "email", "email"],
    [{ email: "ada@example.org,b@example.org" }, "email", "email"],
    [{ date_of_birth: "2999-01-01" }, "date_of_birth", "date_of_birth"],
  ]);
  for (const [change, field, code] of MISSING) {
    test(`${JSON.stringify(change)} is refused before anything is sent`, async () => {
      fields = { ...fields, ...change };
      const calls = sent();
      await send(form);
      assert.deepEqual([[...fieldErrors.value], calls.length], [[[field, code]], 0]);
    });
  }

  test("A telephone number is enough to reach the patient", async () => {
    fields = { ...fields, email: "", phone: "604 555 0177" };
    sent();
    await send(form);
    assert.equal(fieldErrors.value.size, 0);
  });

  test("Nothing is sent without the patient's consent, a service and a time", async () => {
    delete fields["consent"];
    selection.serviceId.value = selection.start.value = "";
    const calls = sent();
    await send(form);
    assert.deepEqual([[...fieldErrors.value.keys()], calls.length], [["service", "time", "consent"], 0]);
  });

  test("A suggested time needs its day and its hour, and is sent as wall time", async () => {
    selection.suggestsOwnTime.value = true;
    fields = { ...fields, own_day: "2026-07-20" };
    const calls = sent();
    await send(form);
    assert.deepEqual([...fieldErrors.value], [["own_day", "time"]]);
    fields = { ...fields, own_time: "09:30" };
    await send(form);
    assert.equal((await bodyOf(calls[0])).requested.start, "2026-07-20T09:30");
  });

  test("Editing a field clears its error, also where it is shown at another field", async () => {
    fields = { ...fields, email: "", phone: "", first_name: "" };
    sent();
    await send(form);
    clearFieldError("phone");
    assert.deepEqual([...fieldErrors.value.keys()], ["first_name"]);
    clearFieldError("first_name");
    assert.equal(fieldErrors.value.size, 0);
  });

  test("A repeated attempt has the same idempotency key, a changed one another", async () => {
    const calls = refused(503, { type: "unavailable" });
    await send(form);
    await send(form);
    fields = { ...fields, note: "changed" };
    await send(form);
    const [first, second, third] = calls.map((call) => call.headers.get("Idempotency-Key"));
    assert.ok(first);
    assert.equal(second, first);
    assert.notEqual(third, first);
  });

  test("A second click while sending sends nothing", async () => {
    const calls = sent();
    await Promise.all([send(form), send(form)]);
    assert.equal(calls.length, 1);
    assert.equal(sending.value, false);
  });

  test("The campaign in the address is the source, unless it is no plain word", async () => {
    const calls = sent();
    goTo("/book/prac_1?source=newsletter");
    await send(form);
    goTo("/book/prac_1?source=a%20b");
    await send(form);
    assert.deepEqual([(await bodyOf(calls[0])).source, (await bodyOf(calls[1])).source], ["newsletter", "website"]);
  });

  const REFUSALS = /** @type {const} */ ([[429, "too_many"], [503, "busy"], [504, "unreachable"], [500, "failed"], [409, "refused"]]);
  for (const [status, expected] of REFUSALS) {
    test(`Status ${status} is shown as "${expected}"`, async () => {
      refused(status, { type: "some-problem" });
      await send(form);
      assert.equal(submissionProblem.value, expected);
    });
  }

  const API_ERRORS = /** @type {const} */ ([
    ["patient.phone", [["phone", "phone"]], null],
    ["requested.start", [["time", "past"]], null],
    ["requested.service_id", [], "changed"],
    ["source", [], "refused"],
  ]);
  for (const [field, shown, problem] of API_ERRORS) {
    test(`The API's error in ${field} is shown ${problem ? `as "${problem}"` : "at its field"}`, async () => {
      refused(422, { type: "invalid-request", errors: [{ field, message: "" }] });
      await send(form);
      assert.deepEqual([[...fieldErrors.value], submissionProblem.value], [shown, problem]);
    });
  }
});
