using Sluice.Core.Connections;
using Sluice.Core.Policies;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.Snowflake.Protocol;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Checks;

/// <summary>
/// Checks, under the role that policies run with, whether the functions of custom masks can be called: each is put into a query that gives no row, so that Snowflake judges it and none of it is run.
/// That needs USAGE on the function, its schema and its database (https://docs.snowflake.com/en/developer-guide/udf/udf-access-control).
/// </summary>
internal sealed class MaskFunctionCheck(StatementClient statements)
{
    private const int MostFunctions = 50;

    /// <summary>Checks.</summary>
    public async Task<Check?> RunAsync(IReadOnlyList<string> schemas, IReadOnlyList<MaskFunction.Custom> masks, string ownDatabase, CancellationToken cancellationToken)
    {
        var (names, problems) = new MaskFunctions(Technology.Snowflake, schemas, ownDatabase).OfAll(masks);
        if (names.Count + problems.Count == 0) return null;
        var lacking = new List<string>(problems);
        foreach (var name in names.Take(MostFunctions))
            if (await ProblemAsync(name, cancellationToken) is { } problem) lacking.Add(problem);
        return MaskFunctions.Told(Math.Min(names.Count, MostFunctions), lacking);
    }

    private async Task<string?> ProblemAsync(QualifiedName name, CancellationToken cancellationToken)
    {
        var function = Quote.Path([.. name.Names]);
        List<string> overloads;
        try
        {
            overloads = await OverloadsAsync(name, cancellationToken);
        }
        catch (PlatformException e) when (!e.IsTransient)
        {
            return $"{name}: {e.Message.TrimEnd('.')}. Remedy: {Grants(name, "…")}";
        }

        if (overloads.Count == 0) return $"{name} is not there, or role {statements.Role} may not see it. Remedy: make it, and {Grants(name, "…")}";
        var ofOne = overloads.Where(static types => types.Length > 0 && !types.Contains(',', StringComparison.Ordinal)).ToList();
        if (ofOne.Count == 0) return $"{name} takes ({string.Join(") or (", overloads)}), and not one value";
        string? refusal = null;
        foreach (var type in ofOne)
        {
            if (await RefusalAsync($"SELECT {function}(NULL::{type}) AS X FROM (SELECT 1 AS A) AS T WHERE FALSE", cancellationToken) is not { } refused) return null;
            refusal ??= $"{name}({type}): {refused.TrimEnd('.')}. Remedy: {Grants(name, type)}";
        }

        return refusal;
    }

    private async Task<List<string>> OverloadsAsync(QualifiedName name, CancellationToken cancellationToken)
    {
        using var result = await statements.RunAsync(new Statement($"SHOW USER FUNCTIONS IN SCHEMA {Quote.Path(name.Names[0], name.Names[1])}"), cancellationToken);
        var (named, arguments) = (result.Column("name"), result.Column("arguments"));
        var overloads = new List<string>();
        await foreach (var row in result.RowsAsync(cancellationToken))
            if (row[named] == name.Names[2] && TypesOf(row[arguments], name.Names[2]) is { } types) overloads.Add(types);
        return overloads;
    }

    // NAME(VARCHAR, NUMBER) RETURN VARCHAR
    private static string? TypesOf(string? arguments, string name)
    {
        if (arguments is null || !arguments.StartsWith($"{name}(", StringComparison.Ordinal)) return null;
        var types = arguments[(name.Length + 1)..];
        var end = types.IndexOf(") RETURN", StringComparison.Ordinal);
        return end < 0 || !types[..end].All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or ',' or ' ' or '(' or ')') ? null : types[..end];
    }

    private async Task<string?> RefusalAsync(string sql, CancellationToken cancellationToken)
    {
        try
        {
            using var result = await statements.RunAsync(new Statement(sql), cancellationToken);
            return null;
        }
        catch (PlatformException e) when (!e.IsTransient)
        {
            return e.Message;
        }
    }

    private string Grants(QualifiedName name, string types)
    {
        var role = statements.Role.Quoted;
        var (database, schema) = (Quote.Identifier(name.Names[0]), Quote.Path(name.Names[0], name.Names[1]));
        return $"GRANT USAGE ON DATABASE {database} TO ROLE {role}; GRANT USAGE ON SCHEMA {schema} TO ROLE {role}; GRANT USAGE ON FUNCTION {Quote.Path([.. name.Names])}({types}) TO ROLE {role}";
    }
}
