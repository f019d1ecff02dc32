"use strict";
// Passkeys. A form with data-passkey="show" (or "make") asks the server at data-ask, then the device,
// and sends what the device said to the form's action. Without JavaScript such forms stay hidden.
(() => {
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const toText = (bytes) => {
    const letters = Array.from(new Uint8Array(bytes), (b) => String.fromCharCode(b)).join("");
    return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const known = (list) => (list || []).map((one) => ({ ...one, id: toBytes(one.id) }));

  const post = async (form, url, body) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      body: JSON.stringify(body),
    });
    if (response.redirected) return location.assign(response.url);
    const isJson = response.headers.get("Content-Type")?.includes("json");
    const said = isJson ? await response.json() : {};
    if (!response.ok || !isJson) throw new Error(said.error || "");
    return said;
  };

  const ask = {
    show: async (options) => {
      const key = await navigator.credentials.get({
        publicKey: {
          ...options,
          challenge: toBytes(options.challenge),
          allowCredentials: known(options.allowCredentials),
        },
      });
      const { clientDataJSON, authenticatorData, signature, userHandle } = key.response;
      const response = {
        clientDataJSON: toText(clientDataJSON),
        authenticatorData: toText(authenticatorData),
        signature: toText(signature),
      };
      if (userHandle) response.userHandle = toText(userHandle);
      return [key, response];
    },
    make: async (options) => {
      const key = await navigator.credentials.create({
        publicKey: {
          ...options,
          challenge: toBytes(options.challenge),
          user: { ...options.user, id: toBytes(options.user.id) },
          excludeCredentials: known(options.excludeCredentials),
        },
      });
      const { clientDataJSON, attestationObject } = key.response;
      return [key, { clientDataJSON: toText(clientDataJSON), attestationObject: toText(attestationObject) }];
    },
  };

  const go = async (form) => {
    const question = await post(form, form.dataset.ask, {});
    if (!question) return;
    const [key, response] = await ask[form.dataset.passkey](question.publicKey);
    const answer = { id: key.id, rawId: toText(key.rawId), type: key.type, response, clientExtensionResults: {} };
    const said = await post(form, form.action, { answer, name: form.elements.name?.value || "" });
    if (said) location.assign(said.next);
  };

  document.addEventListener("submit", async (e) => {
    const form = e.target.closest("[data-passkey]");
    if (!form) return;
    e.preventDefault();
    const wrong = form.querySelector("[role=alert]");
    const button = form.querySelector("button");
    wrong.hidden = true;
    button.disabled = true;
    try {
      await go(form);
    } catch (problem) {
      // What the browser says of a refusal ("NotAllowedError") helps nobody; what the server says does.
      wrong.textContent = (problem.name === "Error" && problem.message) || wrong.dataset.refused;
      wrong.hidden = false;
    } finally {
      button.disabled = false;
    }
  });

  for (const hidden of document.querySelectorAll("[data-passkeys], [data-passkey]")) hidden.hidden = false;
})();
