namespace Sluice.Platforms.Snowflake.Protocol;

/// <summary>The tokens of a session.</summary>
/// <param name="Token">Goes with every request.</param>
/// <param name="Master">Renews the token.</param>
/// <param name="RenewAt">When the token is to be renewed, some time before it expires.</param>
/// <param name="MasterExpiresAt">When only a new login helps.</param>
internal sealed record SessionTokens(string Token, string Master, DateTimeOffset RenewAt, DateTimeOffset MasterExpiresAt)
{
    // A request that was signed now may arrive a little later.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);

    /// <summary>The tokens from their lifetimes.</summary>
    public static SessionTokens Of(string token, string master, TimeSpan validity, TimeSpan masterValidity, DateTimeOffset now) =>
        new(token, master, now + validity - Earlier(validity), now + masterValidity - Earlier(masterValidity));

    /// <summary>Never the tokens.</summary>
    public override string ToString() => $"SessionTokens {{ {RenewAt:O} }}";

    private static TimeSpan Earlier(TimeSpan validity) => validity / 10 < Margin ? validity / 10 : Margin;
}
