using System.Globalization;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.EndToEnd.Tests;
using Sluice.Platforms.Snowflake.Sql;
using Sluice.Testing.Cases;
using Sluice.Testing.Naive;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>A generated world at the stand-in: its tables and users, what is planned for it and what is read in it.</summary>
internal sealed class GeneratedRound : IAsyncDisposable
{
    /// <summary>Somebody who is nobody's identity, and whose role was granted everything before there was a policy.</summary>
    public const string Application = "APPLICATION";

    /// <summary>Another such one, whose role policies pass over where a world has such a role.</summary>
    public const string Passed = "PASSED";

    /// <summary>Those whose grants are not Sluice's, and stay.</summary>
    public static readonly string[] Strangers = [Application, Passed];

    private const string PassedRole = "PASSED_ROLE";

    private static readonly (string User, string Role)[] Roles = [(Application, Application), (Passed, PassedRole)];

    private static readonly string[] Databases = ["SALES", "Hr"];

    // What the operator's functions make of a text; of anything else they make NULL.
    private static readonly (string Name, string OfText)[] Functions = [("LOUD", "UPPER(X)"), ("\"blur\"", "'***'")];
    private static readonly string[] Types = ["VARCHAR", "NUMBER", "DATE", "BOOLEAN"];

    private readonly CaseOptions _options;
    private readonly uint _seed;
    private World _asked;
    private string _change = "begin";

    private GeneratedRound(EnforcedAccount account, CaseOptions options, uint seed, World world)
    {
        (Account, _options, _seed, _asked) = (account, options, seed, world);
        PassedOver = HasPassed(seed) ? [world.Identities[0].Name, Passed] : [];
    }

    public EnforcedAccount Account { get; }

    /// <summary>The world, its custom masks functions of the operator's.</summary>
    public World World => CustomMasks.In(_asked, Technology.Snowflake, "tools.masks.loud", "Tools.Masks.\"blur\"");

    /// <summary>Users whom policies pass over: in some worlds one who is registered, by name, and one who is not, by a role.</summary>
    public IReadOnlyList<string> PassedOver { get; }

    /// <param name="seed">Of the world.</param>
    /// <param name="isGated">Whether what Sluice changes goes through a gate, a statement at a time.</param>
    public static async Task<GeneratedRound> BeginAsync(uint seed, bool isGated = false)
    {
        var options = new CaseOptions { ConnectionKey = EnforcedAccount.Key, Databases = Databases };
        var world = new CaseGenerator(options).Of(seed) with { Now = TimeProvider.System.GetUtcNow() };
        var statements = world.Identities.SelectMany(i => EnforcedAccount.User(Quote.Identifier(i.Name)))
            .Concat(Roles.SelectMany(static s => (string[])[.. EnforcedAccount.User(s.User), $"CREATE ROLE {s.Role}", $"GRANT ROLE {s.Role} TO USER {s.User}"]))
            .Concat(Databases.Select(d => $"CREATE DATABASE {Quote.Identifier(d)}"))
            .Concat(world.Tables.Select(t => SchemaOf(t.Object.Path)).Distinct(StringComparer.Ordinal).Select(s => $"CREATE SCHEMA {s}"))
            .Concat(world.Tables.SelectMany(Made))
            .Concat(["CREATE DATABASE TOOLS", "CREATE SCHEMA TOOLS.MASKS"])
            .Concat(Functions.SelectMany(f => Types.Select(t => $"CREATE FUNCTION TOOLS.MASKS.{f.Name}(X {t}) RETURNS {t} AS {Quote.Literal(t == "VARCHAR" ? f.OfText : "NULL")}")));
        var account = await EnforcedAccount.StartAsync([.. statements], excluded: HasPassed(seed) ? [PassedRole, world.Identities[0].Name] : null, gate: isGated ? (int)seed : null);
        const string role = SnowflakeAccount.Database + "_SYSTEM";
        account.Change(
        [
            $"GRANT USAGE ON DATABASE TOOLS TO ROLE {role}", $"GRANT USAGE ON SCHEMA TOOLS.MASKS TO ROLE {role}",
            .. Functions.SelectMany(f => Types.Select(t => $"GRANT USAGE ON FUNCTION TOOLS.MASKS.{f.Name}({t}) TO ROLE {role}")),
        ]);
        return new GeneratedRound(account, options, seed, world);
    }

    /// <summary>One random change.</summary>
    public void Change(uint changeSeed)
    {
        var mutation = new MutationGenerator(_options).Mutate(_asked, changeSeed);
        _change = mutation.ToString()!.Split('\n')[0];
        _asked = mutation.After;
    }

    /// <summary>Plans, applies and plans again.</summary>
    public async Task EnforceAsync()
    {
        var intent = Intent();
        var plan = await Account.PlanAsync(intent);
        plan.Shortfalls.Where(s => s.Reason.Contains("already", StringComparison.Ordinal)).ShouldBeEmpty();
        var failed = (await Account.ApplyAsync(intent, plan.Changes)).Where(o => o.Error is not null).Select(o => $"{o.Change.Key}: {o.Error}\n{o.Change.Definition}");
        failed.ShouldBeEmpty(About(""));
        (await Account.PlanAsync(intent)).Changes.Select(c => $"{c.Verb} {c.Key} {c.Definition}").ShouldBeEmpty(About("a second plan"));
    }

    public AccessIntent Intent() => Intent(World);

    public AccessIntent Intent(World world) => WorldIntent.Of(world, EnforcedAccount.Prefix, static name => [name], Typed) with
    {
        OwnContainer = SnowflakeAccount.Database, MaskFunctionSchemas = ["TOOLS.MASKS"], ExemptRoles = Account.Excluded,
    };

    /// <summary>Whether a column's masks could not be set beside what else is asked for: then only who is exempt from them reads.</summary>
    public static IReadOnlyList<AccessRule> NarrowingOf(IntendedObject item)
    {
        var rows = item.Access.RowRules.Where(r => !r.Exempt.Equals(AccessRule.Everybody)).ToList();
        var masks = item.Access.Masks.Where(m => !m.Exempt.Equals(AccessRule.Everybody)).ToLookup(m => m.Column, StringComparer.Ordinal);
        var taken = rows.SelectMany(r => ColumnsOf(r.Predicate)).ToHashSet(StringComparer.Ordinal);
        if (rows.Count > 0 && taken.Count == 0) taken.Add((item.Object.Columns.FirstOrDefault(c => !masks.Contains(c.Name)) ?? item.Object.Columns[0]).Name);
        var masked = item.Object.Columns.Select(c => c.Name).Where(masks.Contains).ToHashSet(StringComparer.Ordinal);
        var narrowing = new List<AccessRule>();
        foreach (var column in item.Object.Columns.Select(c => c.Name).Where(masks.Contains))
        {
            var given = masks[column].SelectMany(m => m.Condition is { } condition ? ColumnsOf(condition) : []).Where(c => c != column).ToHashSet(StringComparer.Ordinal);
            if (taken.Contains(column) || given.Overlaps(taken) || given.Overlaps(masked)) narrowing.AddRange(masks[column].Select(m => m.Exempt));
            else taken.UnionWith(given.Append(column));
        }

        return narrowing;
    }

    /// <summary>The values of a table as texts, as somebody reads them; or why it is refused.</summary>
    public async Task<(IReadOnlyList<string[]> Rows, string? Refusal)> ReadAsync(SnowflakeSql session, CaseTable table)
    {
        var (error, rows) = await session.TryAsync(SelectOf(table));
        return ([.. rows.Select(r => Texts(table, [.. table.Object.Columns.Select((_, i) => r[$"C{i}"])]))], error);
    }

    /// <summary>The statement that reads a table's values as texts.</summary>
    public static string SelectOf(CaseTable table) =>
        $"SELECT {string.Join(", ", table.Object.Columns.Select(static (c, i) => $"TO_VARCHAR({Quote.Identifier(c.Name)}) AS C{i}"))} FROM {Name(table.Object.Path)}";

    /// <summary>The values of a row as they are compared.</summary>
    public static string[] Texts(CaseTable table, IReadOnlyList<string?> row) => [.. table.Object.Columns.Select((c, i) => Canonical(row[i], ColumnKinds.Of(c.Type)))];

    /// <summary>What somebody meets at a cell; null: nothing.</summary>
    public static string? Expected(CellOutcome outcome, GovernedColumn column, object? value, string? salt)
    {
        var kind = ColumnKinds.Of(column.Type);
        return outcome switch
        {
            CellOutcome.Clear => Text(value, kind),
            // A number stays a number.
            CellOutcome.Masked(MaskFunction.Hash) when kind == ColumnKind.Integer || salt is null => "NULL",
            CellOutcome.Masked(MaskFunction.Custom custom) => Custom(custom, kind, value),
            CellOutcome.Masked(var function) => Text(MaskValues.Apply(function, kind, value, salt ?? ""), kind),
            _ => null,
        };
    }

    private static string Custom(MaskFunction.Custom custom, ColumnKind kind, object? value)
    {
        if (kind != ColumnKind.Text) return "NULL";
        return custom.Functions.Single(static f => f.Key == Technology.Snowflake.Name).Value == "tools.masks.loud" ? Text(value is string text ? text.ToUpperInvariant() : null, kind) : "***";
    }

    /// <summary>What the masks of a cell come to here, where a digest of a number is none and so NULL.</summary>
    public static CellOutcome Outcome(CellOutcome outcome, GovernedColumn column, IReadOnlyList<MaskFunction> masks) =>
        outcome is CellOutcome.Masked && ColumnKinds.Of(column.Type) == ColumnKind.Integer && masks.Any(m => m is MaskFunction.Hash)
            ? new CellOutcome.Masked(new MaskFunction.Null())
            : outcome;

    /// <summary>The salt of digests, which only the system role reads, and whom a test grants it; null before it is made.</summary>
    public async Task<string?> SaltAsync()
    {
        const string system = $"{SnowflakeAccount.Database}.SYSTEM";
        using var administrator = await SnowflakeSql.LogInAsync(Account.Sandbox, Sluice.Sandbox.Snowflake.SnowflakeSandbox.AdministratorName, Account.Sandbox.PasswordOf(Sluice.Sandbox.Snowflake.SnowflakeSandbox.AdministratorName));
        if ((await administrator.TryAsync($"SHOW TABLES LIKE 'SALT' IN SCHEMA {system}")).Rows.Count == 0) return null;
        Account.Change($"GRANT USAGE ON DATABASE {SnowflakeAccount.Database} TO ROLE ACCOUNTADMIN", $"GRANT USAGE ON SCHEMA {system} TO ROLE ACCOUNTADMIN", $"GRANT SELECT ON TABLE {system}.SALT TO ROLE ACCOUNTADMIN");
        var (error, rows) = await administrator.TryAsync($"SELECT SALT FROM {system}.SALT");
        error.ShouldBeNull();
        return rows.ShouldHaveSingleItem()["SALT"];
    }

    public string About(string what) => $"seed {_seed}, {_change}, {what}\n{World}";

    public ValueTask DisposeAsync() => Account.DisposeAsync();

    private static bool HasPassed(uint seed) => seed % 3 == 0;

    private static IEnumerable<string> ColumnsOf(Core.Policies.Predicates.Predicate predicate) => PredicateColumns.Of(predicate);

    private static GovernedObject Typed(GovernedObject governed) => governed with
    {
        Columns = governed.Columns.Select(c => c with { Type = TypeOf(c.Type), Family = ColumnFamilies.Of(TypeOf(c.Type)) }).ToValueList(),
    };

    private static string TypeOf(string type) => ColumnKinds.Of(type) switch
    {
        ColumnKind.Text => "VARCHAR(16777216)",
        ColumnKind.Integer => "NUMBER(38,0)",
        ColumnKind.Numeric => "NUMBER(20,4)",
        ColumnKind.Date => "DATE",
        _ => "BOOLEAN",
    };

    private static string SchemaOf(ObjectPath table) => Quote.Path(table.Names[1], table.Names[2]);

    private static string Name(ObjectPath table) => Quote.Path(table.Names[1], table.Names[2], table.Names[3]);

    private static IEnumerable<string> Made(CaseTable table)
    {
        var path = table.Object.Path;
        yield return $"CREATE TABLE {Name(path)} ({string.Join(", ", table.Object.Columns.Select(c => $"{Quote.Identifier(c.Name)} {TypeOf(c.Type)}"))})";
        if (table.Rows.Count > 0) yield return $"INSERT INTO {Name(path)} VALUES {string.Join(", ", table.Rows.Select(r => $"({string.Join(", ", r.Select(Literal))})"))}";
        foreach (var (_, role) in Roles)
        {
            yield return $"GRANT USAGE ON DATABASE {Quote.Identifier(path.Names[1])} TO ROLE {role}";
            yield return $"GRANT USAGE ON SCHEMA {SchemaOf(path)} TO ROLE {role}";
            yield return $"GRANT SELECT ON TABLE {Name(path)} TO ROLE {role}";
        }
    }

    private static string Literal(object? value) => value switch
    {
        null => "NULL",
        string text => Quote.Literal(text),
        bool flag => flag ? "TRUE" : "FALSE",
        DateOnly date => $"'{date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}'",
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };

    private static string Text(object? value, ColumnKind kind) => value switch
    {
        null => "NULL",
        bool flag => flag ? "true" : "false",
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        string text => text,
        _ => Canonical(string.Create(CultureInfo.InvariantCulture, $"{value}"), kind),
    };

    // A number without superfluous zeros.
    private static string Canonical(string? text, ColumnKind kind) =>
        text is null ? "NULL" : kind is ColumnKind.Numeric or ColumnKind.Integer ? decimal.Parse(text, CultureInfo.InvariantCulture).ToString("0.############", CultureInfo.InvariantCulture) : text;
}
