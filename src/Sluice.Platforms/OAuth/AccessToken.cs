namespace Sluice.Platforms.OAuth;

/// <summary>An access token, as an authority gave it.</summary>
public sealed class AccessToken
{
    internal AccessToken(string text, DateTimeOffset asked, TimeSpan life) => (Text, Asked, Life) = (text, asked, life);

    /// <summary>The bearer token: visible ASCII only.</summary>
    public string Text { get; }

    /// <summary>When it ends, counted from when it was asked for.</summary>
    public DateTimeOffset Ends => Asked + Life;

    /// <summary>
    /// For whom the authority signed it, such as <c>audience https://a.example, issuer https://b.example</c>, where it is a JSON Web Token; else
    /// null. Only for the error of a platform that refuses it: the signature is not checked.
    /// </summary>
    public string? Addressee => TokenAddressee.Of(Text);

    internal DateTimeOffset Asked { get; }

    internal TimeSpan Life { get; }

    /// <summary>Whether it was asked for because the one before was refused.</summary>
    internal bool FollowsRefusal { get; init; }

    /// <summary>Never the token.</summary>
    public override string ToString() => $"AccessToken {{ {Ends:O} }}";
}
