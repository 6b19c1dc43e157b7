namespace Sluice.Core.Payloads;

/// <summary>What a payload says in the place of a secret.</summary>
public abstract record SecretInput
{
    private SecretInput() { }

    /// <summary>What every response, log line and exception shows instead of a secret.</summary>
    public const string Redacted = "[REDACTED]";

    /// <summary>Never the value.</summary>
    public sealed override string ToString() => Redacted;

    /// <summary>The secret itself.</summary>
    public sealed record Literal(string Value) : SecretInput;

    /// <summary>
    /// <c>{"$secret": "env:NAME"}</c> or <c>{"$secret": "file:PATH"}</c>: where the server finds the secret. Stored as it stands and
    /// followed at every use, so that a rotation at the source needs no call.
    /// </summary>
    public sealed record Reference(string Source) : SecretInput;

    /// <summary>An update that leaves the stored secret as it is: the member is absent or <c>[REDACTED]</c>.</summary>
    public sealed record Kept : SecretInput;
}
