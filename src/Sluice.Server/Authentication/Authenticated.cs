using Sluice.Engine.Callers;
using Sluice.Storage.Access;

namespace Sluice.Server.Authentication;

/// <summary>The outcome of looking at a request's token.</summary>
/// <param name="Caller">Who it is; null: no token, or not a valid one.</param>
/// <param name="IsMissing">Whether there was no token at all.</param>
/// <param name="IsUndecided">Whether the token could not be judged because the issuer's keys can't be read.</param>
/// <param name="Key">The API key it was; null: a JWT.</param>
internal readonly record struct Authenticated(Caller? Caller, bool IsMissing = false, bool IsUndecided = false, StoredApiKey? Key = null)
{
    /// <summary>No token.</summary>
    public static readonly Authenticated Missing = new(null, IsMissing: true);

    /// <summary>A token, and not a valid one. Why is not told: it would help only who guesses.</summary>
    public static readonly Authenticated Invalid = new(null);

    /// <summary>A JWT while the issuer's keys can't be read.</summary>
    public static readonly Authenticated Undecided = new(null, IsUndecided: true);
}
