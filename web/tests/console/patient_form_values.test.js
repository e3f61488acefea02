import assert from "node:assert/strict";
import { test } from "node:test";
import { toCorrection, toForm } from "../../console/request/patient_form_values.js";

/** @type {import("../../console/request/patient_form_values.js").Patient} */
const patient = {
  first_name: "Jane",
  last_name: "Doe",
  email: "jane@example.com",
  phone: "+16045550123",
  phone_extension: "7",
  date_of_birth: null,
};

test("what was not changed is not sent", () => {
  assert.deepEqual(toCorrection(patient, toForm(patient)), {});
  assert.deepEqual(toCorrection(patient, { ...toForm(patient), first_name: " Jane " }), {});
});

test("only what was changed is sent, and what was emptied is cleared", () => {
  const form = { ...toForm(patient), email: "jane.doe@example.com ", phone: " ", date_of_birth: "1990-04-02" };
  assert.deepEqual(toCorrection(patient, form), { email: "jane.doe@example.com", phone: null, date_of_birth: "1990-04-02" });
});

test("a number is shown with its extension", () => {
  assert.equal(toForm(patient).phone, "604-555-0123 ext. 7");
});
