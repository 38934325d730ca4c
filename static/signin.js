/* Passkeys under a strict policy: the challenge is in the page or fetched, the answer goes into a hidden field. */
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const listed = (found) => found?.map((one) => ({ ...one, id: toBytes(one.id) }));

const challenge = async (form) => {
  if (form.dataset.from) {
    const answer = await fetch(form.dataset.from, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
    if (!answer.ok) throw new Error(`answered ${answer.status}`);
    return (await answer.json()).request_options.publicKey;
  }
  const held = JSON.parse(document.getElementById("passkey-data").textContent);
  return (held.creation_options ?? held.request_options).publicKey;
};

const create = async (options, alone) => {
  const wanted = { ...options.authenticatorSelection, residentKey: alone ? "required" : "discouraged", requireResidentKey: alone };
  if (alone) wanted.userVerification = "required";
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: listed(options.excludeCredentials),
      authenticatorSelection: wanted,
    },
  });
  return {
    ...about(made),
    response: {
      attestationObject: toText(made.response.attestationObject),
      clientDataJSON: toText(made.response.clientDataJSON),
      transports: made.response.getTransports?.() ?? [],
    },
  };
};

const get = async (options) => {
  const publicKey = { ...options, challenge: toBytes(options.challenge), allowCredentials: listed(options.allowCredentials) };
  const given = await navigator.credentials.get({ publicKey });
  const { authenticatorData, clientDataJSON, signature, userHandle } = given.response;
  return {
    ...about(given),
    response: {
      authenticatorData: toText(authenticatorData),
      clientDataJSON: toText(clientDataJSON),
      signature: toText(signature),
      userHandle: userHandle ? toText(userHandle) : null,
    },
  };
};

const about = (credential) => ({
  type: credential.type,
  id: credential.id,
  rawId: toText(credential.rawId),
  authenticatorAttachment: credential.authenticatorAttachment ?? null,
  clientExtensionResults: credential.getClientExtensionResults(),
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-passkey]")) return;
  event.preventDefault();
  const problem = form.querySelector("[data-passkey-problem]");
  problem.hidden = true;
  try {
    const options = await challenge(form);
    const alone = form.elements.passwordless?.checked ?? false;
    const credential = form.dataset.passkey === "create" ? await create(options, alone) : await get(options);
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  } catch {
    problem.hidden = false;
  }
});
