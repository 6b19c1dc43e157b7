namespace Sluice.Server.Authentication;

/// <summary>Marks an endpoint that needs no token. Every other endpoint needs one.</summary>
internal sealed class AnonymousAccess
{
    public static readonly AnonymousAccess Instance = new();
}
