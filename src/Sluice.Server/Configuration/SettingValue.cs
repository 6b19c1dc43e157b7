namespace Sluice.Server.Configuration;

/// <summary>What one source says of a setting.</summary>
/// <param name="Origin">Where it was said, for problems: <c>--urls</c>, <c>SLUICE_URLS</c>, <c>sluice.json: urls</c>.</param>
/// <param name="Texts">The texts, as given.</param>
/// <param name="IsList">Whether the source has lists of its own, so that no text is split.</param>
internal sealed record SettingValue(string Origin, IReadOnlyList<string> Texts, bool IsList = false)
{
    /// <summary>Never the texts: some are secrets.</summary>
    public override string ToString() => Origin;
}
