import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatPhone, PhoneLink } from "../../shared/phone_number.js";

describe("Telephone numbers", () => {
  test("A North American number is shown without its country code, in groups", () => {
    assert.equal(formatPhone("+16045550177"), "604-555-0177");
  });

  test("Any other number stays in E.164", () => {
    assert.equal(formatPhone("+41441234567"), "+41441234567");
    assert.equal(formatPhone("+1604555017"), "+1604555017");
    assert.equal(formatPhone("+160455501771"), "+160455501771");
  });

  test("A click dials the full number", () => {
    const link = /** @type {any} */ (PhoneLink({ phone: "+16045550177" }));
    assert.equal(link.props.href, "tel:+16045550177");
  });
});
