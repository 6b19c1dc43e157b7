using Sluice.Core.Planning;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>What is kept of a grant that was taken from a user: the statement that puts it back. What is run is made anew, and no kept text is.</summary>
internal static class KeptGrant
{
    private const string Grantable = "WITH GRANT OPTION";

    /// <summary>The definition of a grant's fact: whether it can be passed on.</summary>
    public static string DefinitionOf(bool isGrantable) => isGrantable ? Grantable : "";

    /// <summary>The statement.</summary>
    public static string Write(FactKey key, bool isGrantable) => Of(key, DefinitionOf(isGrantable));

    /// <summary>The statement that makes a grant as its definition says.</summary>
    public static string Of(FactKey key, string definition)
    {
        var grant = Statements.Grant(key.Object!, [Privilege.Parse(key.Detail)], key.Subject);
        return definition.Length == 0 ? grant : $"{grant} {Grantable}";
    }

    /// <summary>Whether the grant of a kept statement could be passed on.</summary>
    /// <exception cref="FormatException">It is not the statement of that grant.</exception>
    public static bool Read(FactKey key, string kept) =>
        kept == Write(key, isGrantable: true)
        || (kept == Write(key, isGrantable: false) ? false : throw new FormatException($"What was kept of the grant is not what was written: {kept}"));
}
