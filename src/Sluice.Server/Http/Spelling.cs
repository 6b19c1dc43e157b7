namespace Sluice.Server.Http;

/// <summary>How the API spells the names of enums.</summary>
internal static class Spelling
{
    /// <summary>In camelCase.</summary>
    public static string Of(Enum value)
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
