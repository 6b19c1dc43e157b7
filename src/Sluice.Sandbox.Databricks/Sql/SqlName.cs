using System.Collections.Immutable;

namespace Sluice.Sandbox.Databricks.Sql;

/// <summary>A name of one to four parts, as written.</summary>
internal sealed record SqlName(ImmutableArray<string> Parts)
{
    public string Last => Parts[^1];

    public int Length => Parts.Length;

    /// <summary>As Databricks quotes names in errors: `main`.`sales`.`orders`.</summary>
    public override string ToString() => string.Join('.', Parts.Select(part => $"`{part.Replace("`", "``", StringComparison.Ordinal)}`"));

    /// <summary>A full name, filled up from the session's catalog and schema.</summary>
    public ImmutableArray<string> Under(string catalog, string schema, int depth) => (Parts.Length, depth) switch
    {
        (var length, _) when length == depth => Parts,
        (1, 3) => [catalog, schema, Parts[0]],
        (1, 2) => [catalog, Parts[0]],
        (2, 3) => [catalog, Parts[0], Parts[1]],
        _ => throw new SqlException("IDENTIFIER_TOO_MANY_NAME_PARTS", "42601", $"{this} is not a valid identifier as it has more than {depth} name parts."),
    };
}
