"""The client secret of a provider, opened only to be sent to it."""

from accounts.sealed import unseal
from signon.models import Provider, ProviderSecret


def purpose_of(provider: Provider) -> str:
    """What a secret is sealed for: this provider and no other, so that rows cannot be swapped."""
    return f"client secret of provider {provider.pk}"


def secret_of(provider: Provider) -> str:
    """Open the client secret."""
    return unseal(bytes(ProviderSecret.objects.get(provider=provider).sealed), purpose_of(provider)).decode()
