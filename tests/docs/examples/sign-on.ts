/** The provider that people are sent to, and what is asked of it. */
export async function signOnOf(platform: string): Promise<Record<string, string | null>> {
  const begun = await fetch(`${platform}/api/session/oidc`, { redirect: 'manual' });
  const { origin, searchParams } = new URL(begun.headers.get('Location') ?? '', platform);
  // Back to the platform's own login page: it cannot reach the provider.
  if (origin === new URL(platform).origin) throw new Error(`Refused: ${searchParams.get('refused')}`);
  return { provider: origin, redirect: searchParams.get('redirect_uri'), scope: searchParams.get('scope') };
}
