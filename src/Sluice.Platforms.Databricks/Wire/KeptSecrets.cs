namespace Sluice.Platforms.Databricks.Wire;

/// <summary>The secrets that a session sends: what Databricks says is not quoted where one of them stands in it. Safe for concurrent use.</summary>
/// <param name="secret">The token or client secret of the connection.</param>
internal sealed class KeptSecrets(string secret)
{
    private readonly string _secret = secret;
    private volatile string _token = "";
    private volatile string _former = "";

    /// <summary>Takes note of the token that requests carry now.</summary>
    public void Sent(string token)
    {
        if (token == _token) return;
        _former = _token;
        _token = token;
    }

    /// <summary>Whether a text holds one of them.</summary>
    public bool AreIn(string? text) => text is not null && (Holds(text, _secret) || Holds(text, _token) || Holds(text, _former));

    /// <summary>Never the secrets.</summary>
    public override string ToString() => "KeptSecrets";

    private static bool Holds(string text, string secret) => secret.Length > 0 && text.Contains(secret, StringComparison.Ordinal);
}
