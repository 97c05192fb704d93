// Every event of the frame, with its type.

import "@mfa-portal/element/react";
import { useState } from "react";

export function EveryEvent() {
  const [told, setTold] = useState<string[]>([]);
  const [height, setHeight] = useState<number>();
  const tell = (what: string) => setTold((before) => [...before, what]);
  return (
    <>
      <mfa-portal
        portal="https://mfa.example.com/"
        theme="dark"
        onadded={({ detail }) => tell(`added ${detail.factor}`)}
        onremoved={({ detail }) => tell(`removed ${detail.factor}`)}
        onreplaced={({ detail }) => tell(`replaced ${detail.factor}`)}
        onrecovery-code={() => tell("recovery-code")}
        onunchanged={() => tell("unchanged")}
        oncancelled={() => tell("cancelled")}
        onsigned-out={() => tell("signed-out")}
        onsignin-required={() => tell("signin-required")}
        onresized={({ detail }) => setHeight(detail.height)}
      >
        <a href="https://mfa.example.com/">Two-step verification</a>
      </mfa-portal>
      <p>The frame is {height} pixels high.</p>
      <ul>{told.map((what, at) => <li key={at}>{what}</li>)}</ul>
    </>
  );
}
