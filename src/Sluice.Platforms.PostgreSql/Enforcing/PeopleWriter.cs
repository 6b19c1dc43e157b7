using Sluice.Core.Planning;
using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>Writes what a database is told about people.</summary>
internal sealed class PeopleWriter(WriteTransaction transaction)
{
    private const string Register = "INSERT INTO sluice.registered SELECT pg_catalog.unnest($1::text[]) ON CONFLICT DO NOTHING";
    private const string Unregister = "DELETE FROM sluice.registered r WHERE r.identity = ANY ($1::text[])";

    private const string Exempt =
        "INSERT INTO sluice.exemption SELECT i, a FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) AS x (i, a) ON CONFLICT DO NOTHING";

    private const string Unexempt = """
        DELETE FROM sluice.exemption e USING ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) AS x (i, a)
        WHERE e.identity = x.i AND e.audience = x.a
        """;

    private const string Tell = """
        INSERT INTO sluice.entitlement SELECT i, k::jsonb FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) AS x (i, k)
        ON CONFLICT (identity) DO UPDATE SET known = EXCLUDED.known
        """;

    private const string Forget = "DELETE FROM sluice.entitlement e WHERE e.identity = ANY ($1::text[])";

    private const string IsThere = "SELECT pg_catalog.to_regclass('sluice.entitlement') IS NOT NULL";

    /// <summary>Makes changes.</summary>
    public async Task WriteAsync(IReadOnlyList<Change> changes)
    {
        if (changes.Count == 0) return;

        // What is to be forgotten may be gone with all the rest.
        if (changes.All(c => c.Verb == ChangeVerb.Remove) && !(await transaction.ReadAsync(new Query(IsThere), static r => r.BooleanAsync()))[0]) return;
        await WriteAsync(changes, IsRegistered, Register, Unregister, static _ => null);
        await WriteAsync(changes, IsExemption, Exempt, Unexempt, AudienceOf);
        await WriteAsync(changes, static c => c.Key.Kind == FactKind.Entitlement, Tell, Forget, static c => c.Verb == ChangeVerb.Remove ? null : c.Definition);
    }

    /// <summary>The statement of a change, with its values in it.</summary>
    public static string Describe(Change change)
    {
        var identity = Sql.Quote.Literal(change.Key.Subject);
        var isRemoved = change.Verb == ChangeVerb.Remove;
        if (IsRegistered(change))
            return isRemoved ? $"DELETE FROM sluice.registered WHERE identity = {identity}" : $"INSERT INTO sluice.registered VALUES ({identity})";
        if (!IsExemption(change))
        {
            return isRemoved
                ? $"DELETE FROM sluice.entitlement WHERE identity = {identity}"
                : $"INSERT INTO sluice.entitlement VALUES ({identity}, {Sql.Quote.Literal(change.Definition)})";
        }

        var audience = Sql.Quote.Literal(AudienceOf(change));
        return isRemoved
            ? $"DELETE FROM sluice.exemption WHERE identity = {identity} AND audience = {audience}"
            : $"INSERT INTO sluice.exemption VALUES ({identity}, {audience})";
    }

    private async Task WriteAsync(IReadOnlyList<Change> changes, Func<Change, bool> isOne, string insert, string delete, Func<Change, string?> valueOf)
    {
        foreach (var several in changes.Where(isOne).GroupBy(c => c.Verb == ChangeVerb.Remove))
        {
            object subjects = several.Select(c => c.Key.Subject).ToArray();
            var values = several.Select(valueOf).OfType<string>().ToArray();
            var statement = several.Key ? delete : insert;
            await transaction.ExecuteAsync(values.Length == 0 ? new Query(statement, subjects) : new Query(statement, subjects, values));
        }
    }

    private static bool IsRegistered(Change change) => change.Key is { Kind: FactKind.Support, Detail: SupportSchema.Registered };

    private static bool IsExemption(Change change) => change.Key.Kind == FactKind.Exemption;

    private static string AudienceOf(Change change) => change.Key.IsExemptionFromAll ? SupportSchema.FromEverything : change.Key.Detail;
}
