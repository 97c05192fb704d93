import "@mfa-portal/element/react";

export function Security() {
  return (
    <mfa-portal portal="https://mfa.example.com/" onadded={({ detail }) => console.info("added", detail.factor)}>
      <a href="https://mfa.example.com/">Two-step verification</a>
    </mfa-portal>
  );
}
