// Talking to the server: small posts out, one stream of events in.

/** Post JSON; resolves to the answer or throws an Error with a line for the user. */
export async function post(path, body) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error("Servern svarar inte. Är den igång?");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? "Något gick fel på servern. Försök igen.");
  return answer;
}

export async function people() {
  const response = await fetch("/api/people");
  if (!response.ok) throw new Error("Personerna gick inte att hämta. Ladda om sidan.");
  return response.json();
}

/** Follow those people's windows. `on` maps an event's type to a function of its data; returns a way to stop. */
export function follow(people, on) {
  const query = new URLSearchParams(people.map((person) => ["to", person]));
  let source, retry;
  const open = () => {
    source = new EventSource(`/events?${query}`);
    for (const [kind, tell] of Object.entries(on)) {
      if (kind !== "lost") source.addEventListener(kind, (event) => tell(JSON.parse(event.data)));
    }
    // The browser comes back by itself after a break, but not after an error status.
    source.addEventListener("error", () => {
      on.lost();
      if (source.readyState === EventSource.CLOSED) retry = setTimeout(open, 2000);
    });
  };
  open();
  return () => { clearTimeout(retry); source.close(); };
}
