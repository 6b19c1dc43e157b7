using System.Globalization;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Platforms.Databricks.Sql;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Testing.Cases;
using Sluice.Testing.Naive;
using ColumnFamilies = Sluice.Platforms.Databricks.Enforcing.ColumnFamilies;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>A generated world at the stand-in: its tables and people, what is asked for and what is read.</summary>
internal static class GeneratedUnity
{
    /// <summary>Somebody in the account who is nobody that is registered, with grants by their own name.</summary>
    public const string Stranger = "o'stranger@acme.example";

    /// <summary>Another such one, who is in the group that policies pass over where a world has one.</summary>
    public const string PassedStranger = "passed@acme.example";

    /// <summary>Those whose grants are not Sluice's, and stay.</summary>
    public static readonly string[] Strangers = [Stranger, PassedStranger];

    // An account group of somebody else's.
    private const string ExemptGroup = "data's exempt";

    // A name of a schema or table is kept in lower case, and holds no dot, space or slash (https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-names); names of columns differ
    // in more than their case. Backticks, quotes and letters beyond ASCII are anybody's.
    public static readonly CaseOptions Options = new() { ConnectionKey = "unity", Databases = ["cases"], ObjectName = static n => n.ToLowerInvariant().Replace('.', '`'), IgnoresColumnCase = true };

    // What the operator's functions make of a text; nothing that they make is a number, a date or a flag.
    private static readonly (string Name, string Body)[] Functions = [("quoted", "concat('<', x, '>')"), ("`blur``red`", "'***'")];

    // A column of a type that no function can be given.
    private static readonly GovernedColumn Odd = new("odd", "struct<`a b`:string>", ["PII"]);

    /// <summary>The world of a seed, before it is typed: what a mutation takes.</summary>
    public static World Of(uint seed) => new CaseGenerator(Options).Of(seed) with { Now = TimeProvider.System.GetUtcNow() };

    /// <summary>The world in Databricks' types, its custom masks functions of the operator's. Some tables are views or Iceberg tables, on which nothing is put, and some have a column of an odd type.</summary>
    public static World Typed(World world) => CustomMasks.In(world, Technology.Databricks, $"Gov.Masks.{Functions[0].Name}", $"gov.masks.{Functions[1].Name}") with
    {
        Tables = world.Tables.Select(Typed).ToValueList(),
    };

    /// <summary>Whether a world has a group that policies pass over.</summary>
    public static bool HasExempt(uint seed) => seed % 3 == 0;

    /// <summary>Who is in that group: one who is registered, and one who is not.</summary>
    public static string[] PassedOver(AccessIntent intent) => intent.ExemptRoles.Count == 0 ? [] : [intent.Identities[0].Name, PassedStranger];

    public static AccessIntent Intent(World world, bool hasTwoNames = false, bool hasExempt = false) =>
        WorldIntent.Of(world, "SLUICE", name => Logins(name, hasTwoNames), static g => g with { Columns = g.Columns.Select(static c => c with { Family = ColumnFamilies.Of(c.Type) }).ToValueList() }) with
        {
            MaskFunctionSchemas = ["gov.masks"], ExemptRoles = hasExempt ? [ExemptGroup] : [],
        };

    /// <summary>What a custom mask makes of a value.</summary>
    public static string Custom(MaskFunction.Custom custom, ColumnKind kind, object? value)
    {
        if (kind != ColumnKind.Text) return "NULL";
        var isQuoted = custom.Functions.Single(static f => f.Key == Technology.Databricks.Name).Value.EndsWith(Functions[0].Name, StringComparison.Ordinal);
        return !isQuoted ? "***" : value is null ? "NULL" : $"<{value}>";
    }

    // An identity is an address: an apostrophe and letters beyond ASCII may stand in one.
    public static string Login(string name) => $"{string.Concat(name.Select(static c => char.IsLetterOrDigit(c) || c == '\'' ? c : '_'))}-{name.Length}@acme.example".ToLowerInvariant();

    private static string[] Logins(string name, bool hasTwo) => hasTwo ? [Login(name), $"also-{Login(name)}"] : [Login(name)];

    /// <summary>Starts a stand-in with the people of a world, its tables, the functions of its custom masks and the strangers.</summary>
    /// <param name="world">The world, typed.</param>
    /// <param name="intent">What it asks for first.</param>
    /// <param name="mayMakeGroups">Whether Sluice may make account groups.</param>
    /// <param name="gate">The seed of the order in which requests go through a gate; null without.</param>
    public static async Task<EnforcedUnity> StartAsync(World world, AccessIntent intent, bool mayMakeGroups = false, int? gate = null)
    {
        var unity = await EnforcedUnity.StartAsync(intent.Identities.Select(static i => i.Name).Concat(Strangers), mayMakeGroups, gate: gate);
        if (PassedOver(intent) is { Length: > 0 } members) unity.Sandbox.SetPrincipal(new() { Name = ExemptGroup, Kind = SandboxPrincipalKind.Group, Members = members });
        foreach (var table in world.Tables) Make(unity, table);
        unity.Sandbox.Change("CREATE CATALOG gov", "CREATE SCHEMA gov.masks");
        foreach (var (name, body) in Functions) unity.Sandbox.Change($"CREATE FUNCTION gov.masks.{name}(x STRING) RETURNS STRING RETURN {body}");
        foreach (var privilege in Functions.Select(static f => $"EXECUTE ON FUNCTION gov.masks.{f.Name}").Concat(["USE CATALOG ON CATALOG gov", "USE SCHEMA ON SCHEMA gov.masks"]))
            unity.Sandbox.Change($"GRANT {privilege} TO `{unity.Sandbox.ClientId}`");
        foreach (var stranger in Strangers)
            foreach (var table in world.Tables) LetIn(unity, stranger, table.Object.Path);
        return unity;
    }

    /// <summary>Grants somebody a table, as somebody else than Sluice.</summary>
    public static void LetIn(EnforcedUnity unity, string who, ObjectPath table) => unity.Sandbox.Change(
        $"GRANT USE CATALOG ON CATALOG cases TO {Quote.Identifier(who)}", $"GRANT USE SCHEMA ON SCHEMA {SchemaOf(table)} TO {Quote.Identifier(who)}", $"GRANT SELECT ON TABLE {Named(table)} TO {Quote.Identifier(who)}");

    /// <summary>The rows of a table as somebody reads them; null where it is refused.</summary>
    public static async Task<IReadOnlyList<string[]>?> ReadAsync(EnforcedUnity unity, string who, CaseTable table)
    {
        var path = table.Object.Path;
        var (rows, refusal) = await unity.ReadAsAsync(who, $"SELECT {string.Join(", ", table.Object.Columns.Select(static c => $"CAST({Quote.Identifier(c.Name)} AS STRING)"))} FROM {Named(path)}");
        refusal?.ShouldContain("INSUFFICIENT_PERMISSIONS", customMessage: $"{who} on {path}");
        return refusal is null ? [.. rows.Select(r => GeneratedSight.TextsOf(table, r))] : null;
    }

    public static async Task<string?> SaltAsync(EnforcedUnity unity) =>
        (await unity.TryReadAsync(unity.Sandbox.Token, $"SELECT salt FROM {EnforcedUnity.Own}.entitlements.salt")).Rows is [[{ } only]] ? only : null;

    private static void Make(EnforcedUnity unity, CaseTable table)
    {
        var (path, columns) = (table.Object.Path, table.Object.Columns);
        var made = table.Object.Kind == ObjectKind.View ? $"{SchemaOf(path)}.{Quote.Identifier($"beneath_{path.Name}")}" : Named(path);
        unity.Sandbox.Change($"CREATE SCHEMA IF NOT EXISTS {SchemaOf(path)}", $"CREATE TABLE {made} ({string.Join(", ", columns.Select(static c => $"{Quote.Identifier(c.Name)} {MadeAs(c)}"))})");
        if (table.Rows.Count > 0)
            unity.Sandbox.Change($"INSERT INTO {made} VALUES {string.Join(", ", table.Rows.Select(r => $"({string.Join(", ", r.Select((v, i) => $"CAST({Literal(v)} AS {MadeAs(columns[i])})"))})"))}");
        if (table.Object.Kind == ObjectKind.View) unity.Sandbox.Change($"CREATE VIEW {Named(path)} AS SELECT * FROM {made}");
    }

    // No function is ever given the odd one, which holds nothing: a text will do.
    private static string MadeAs(GovernedColumn column) => column.Name == Odd.Name ? "string" : column.Type;

    private static string Literal(object? value) => value switch
    {
        null => "NULL",
        string text => Quote.Literal(text),
        bool flag => flag ? "true" : "false",
        DateOnly date => $"'{date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}'",
        _ => string.Create(CultureInfo.InvariantCulture, $"'{value}'"),
    };

    private static string SchemaOf(ObjectPath table) => $"cases.{Quote.Identifier(table.Names[2])}";

    private static string Named(ObjectPath table) => string.Join('.', table.Names.Skip(1).Select(Quote.Identifier));

    private static CaseTable Typed(CaseTable table)
    {
        var governed = table.Object with { Kind = KindOf(table.Object.Path.Name), Columns = table.Object.Columns.Select(static c => c with { Type = TypeOf(c) }).ToValueList() };
        return table.Object.Path.Name is "orders" or "invoices"
            ? table with { Object = governed with { Columns = [.. governed.Columns, Odd] }, Rows = table.Rows.Select(static r => r.Append(null).ToValueList()).ToValueList() }
            : table with { Object = governed };
    }

    private static ObjectKind KindOf(string table) => table switch { "events" => ObjectKind.View, "people" => ObjectKind.IcebergTable, _ => ObjectKind.Table };

    private static string TypeOf(GovernedColumn column) => (column.Type, column.Name) switch
    {
        ("text", "ssn") => "varchar(63)",
        ("text", "country") => "varchar(64)",
        ("text", _) => "string",
        ("numeric(20,4)", _) => "decimal(20,4)",
        var (type, _) => type,
    };
}
