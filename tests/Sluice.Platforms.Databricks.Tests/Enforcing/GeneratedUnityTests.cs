using System.Globalization;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Platforms.Databricks.Sql;
using Sluice.Testing;
using Sluice.Testing.Cases;
using Sluice.Testing.Naive;
using ColumnFamilies = Sluice.Platforms.Databricks.Enforcing.ColumnFamilies;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>
/// Generated people, policies and tables on the stand-in: whoever reads sees exactly what the naive evaluator says, and after every change again. What Databricks
/// can't do is left to the exempt, and never shown. Some worlds grant to people alone, others to account groups within a budget, which changes.
/// </summary>
public sealed class GeneratedUnityTests(ITestOutputHelper output)
{
    private static readonly int Changes = Seeds.IsLong ? 3 : 1;
    // A name of a schema or table is kept in lower case, and holds no dot, space or slash (https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-names); names of columns differ
    // in more than their case. Backticks, quotes and letters beyond ASCII are anybody's.
    internal static readonly CaseOptions Options = new() { ConnectionKey = "unity", Databases = ["cases"], ObjectName = static n => n.ToLowerInvariant().Replace('.', '`'), IgnoresColumnCase = true };

    // Somebody in the account who is nobody that is registered, with grants by their own name.
    private const string Stranger = "o'stranger@acme.example";

    // What the operator's functions make of a text; nothing that they make is a number, a date or a flag.
    private static readonly (string Name, string Body)[] Functions = [("quoted", "concat('<', x, '>')"), ("`blur``red`", "'***'")];

    [Fact]
    public async Task Everybody_reads_what_the_naive_evaluator_says()
    {
        var seen = new Tally();
        foreach (var seed in Seeds.Of(29, few: 14, many: 200))
        {
            var world = Typed(new CaseGenerator(Options).Of(seed) with { Now = TimeProvider.System.GetUtcNow() });
            await using var unity = await EnforcedUnity.StartAsync(world.Identities.SelectMany(i => Logins(i.Name, MayMakeGroups(seed))).Append(Stranger), MayMakeGroups(seed));
            Make(unity, world);
            LetIn(unity, world);
            await EnforceAndCompareAsync(unity, world, seed, 0, $"seed {seed}", seen);
            for (uint change = 1; change <= Changes; change++)
            {
                var mutation = new MutationGenerator(Options).Mutate(world, (seed * 1000) + change);
                world = Typed(mutation.After);
                await EnforceAndCompareAsync(unity, world, seed, change, $"seed {seed}, {mutation.ToString()!.Split('\n')[0]}", seen);
            }

            output.WriteLine($"seed {seed}: {seen}");
        }

        // A run in which nobody reads, or nothing is hidden, proves nothing.
        seen.Read.ShouldBeGreaterThan(0);
        seen.Refused.ShouldBeGreaterThan(0);
        seen.RowsHidden.ShouldBeGreaterThan(0);
        seen.Masked.ShouldBeGreaterThan(0, $"{seen}");
        seen.Custom.ShouldBeGreaterThan(0);
        seen.Groups.ShouldBeGreaterThan(0);
        seen.ByName.ShouldBeGreaterThan(0);
        seen.Protected.ShouldBeGreaterThan(0);
        seen.Passed.ShouldBeGreaterThan(0);
    }

    // One world in four never has groups; the others have another budget after each change, and two names for everybody: so few people are seldom worth a group.
    private static bool MayMakeGroups(uint seed) => seed % 4 != 0;

    private static int BudgetOf(uint seed, uint change) => MayMakeGroups(seed) ? ((int[])[1000, 1, 3, 0])[(seed + change) % 4] : 0;

    private sealed record Tally
    {
        public int Read { get; set; }
        public int Refused { get; set; }
        public int Narrowed { get; set; }
        public int RowsHidden { get; set; }
        public int Masked { get; set; }
        public int Custom { get; set; }
        public int Groups { get; set; }
        public int ByName { get; set; }

        /// <summary>Readings of an identity of several people that showed less than the least entitled of them sees.</summary>
        public int Stricter { get; set; }

        /// <summary>Cells that the stranger met otherwise than they are.</summary>
        public int Protected { get; set; }

        /// <summary>Cells that others met otherwise than they are, and the stranger did not.</summary>
        public int Passed { get; set; }
    }

    private static async Task EnforceAndCompareAsync(EnforcedUnity unity, World world, uint seed, uint change, string step, Tally seen)
    {
        var budget = BudgetOf(seed, change);
        var about = $"{step}, {budget} groups\n{world}";
        var intent = Intent(world, MayMakeGroups(seed)).Grouped(budget);
        await unity.EnforceAsync(intent, about);
        var desired = unity.Platform.Compile(intent with { OwnContainer = EnforcedUnity.Own });
        var (salts, _) = await unity.TryReadAsync(unity.Sandbox.Token, $"SELECT salt FROM {EnforcedUnity.Own}.entitlements.salt");
        seen.Groups += desired.Facts.Count(static f => f.Key.Kind == FactKind.Audience);
        seen.ByName += desired.Facts.Count(static f => f.Key is { Kind: FactKind.Grant, Object.Depth: 3 } && f.Key.Subject.Contains('@', StringComparison.Ordinal));
        var naive = world.Naive(Technology.Databricks.Name);
        await CompareStrangerAsync(unity, naive, desired, world, salts is [[{ } known]] ? known : "", seen, about);
        foreach (var identity in world.Holders())
        {
            foreach (var table in world.Tables.Where(static t => t.IsActive && t.Rows.Count > 0))
                foreach (var login in Logins(identity.Name, MayMakeGroups(seed))) await CompareAsync(unity, world, naive, desired, identity with { Name = login }, table, salts is [[{ } salt]] ? salt : "", seen, about);
        }
    }

    private static void LetIn(EnforcedUnity unity, World world)
    {
        unity.Sandbox.Change($"GRANT USE CATALOG ON CATALOG cases TO `{Stranger}`");
        foreach (var table in world.Tables)
        {
            unity.Sandbox.Change($"GRANT USE SCHEMA ON SCHEMA cases.{Quote.Identifier(table.Object.Path.Names[2])} TO `{Stranger}`");
            unity.Sandbox.Change($"GRANT SELECT ON TABLE {Named(table.Object.Path)} TO `{Stranger}`");
        }
    }

    // Grants of who is not registered stay, and masks and row rules meet them or not, as `unregistered` says.
    private static async Task CompareStrangerAsync(EnforcedUnity unity, NaiveEvaluator naive, DesiredState desired, World world, string salt, Tally seen, string about)
    {
        foreach (var table in world.Tables.Where(static t => t.Rows.Count > 0))
        {
            var (governed, path) = (table.Object, table.Object.Path);
            var (rows, refusal) = await ReadAsync(unity, Stranger, table);
            refusal.ShouldBeNull($"a grant of somebody who is not registered is gone: {path}; {about}");
            // What can't be put on a table keeps everybody out but the exempt, and takes no grant of others.
            if (table.IsActive && desired.Shortfalls.Any(s => s.Object.Equals(path) && s.Reason.StartsWith("cannot enforce", StringComparison.Ordinal))) continue;
            var outcomes = table.Rows.Select(row => governed.Columns.Select(c =>
                table.IsActive ? naive.OutcomeOfUnregistered(governed, c.Name, row, Capabilities.All) : new CellOutcome.Clear()).ToArray()).ToList();
            Texts(rows, governed).ShouldBe(Expected(outcomes, table, desired, salt), $"{Stranger} on {path}; {about}");
            if (!table.IsActive) continue;
            var met = outcomes.Sum(static row => row.Count(static o => o is not CellOutcome.Clear));
            seen.Protected += met;
            if (world.Unregistered == UnregisteredBehaviour.Pass)
                seen.Passed += table.Rows.Sum(row => governed.Columns.Count(c => (world with { Unregistered = UnregisteredBehaviour.Protect }).Naive(Technology.Databricks.Name).OutcomeOfUnregistered(governed, c.Name, row, Capabilities.All) is not CellOutcome.Clear)) - met;
        }
    }

    private static Task<(IReadOnlyList<string?[]> Rows, string? Refusal)> ReadAsync(EnforcedUnity unity, string who, CaseTable table) =>
        unity.ReadAsAsync(who, $"SELECT {string.Join(", ", table.Object.Columns.Select(static c => $"CAST({Quote.Identifier(c.Name)} AS STRING)"))} FROM {Named(table.Object.Path)}");

    private static IEnumerable<string> Texts(IReadOnlyList<string?[]> rows, GovernedObject governed) =>
        rows.Select(r => string.Join('|', r.Select((v, i) => Canonical(v, ColumnKinds.Of(governed.Columns[i].Type))))).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Expected(IReadOnlyList<CellOutcome[]> outcomes, CaseTable table, DesiredState desired, string salt) =>
        outcomes.Select((cells, r) => (Cells: cells, Row: r)).Where(static r => r.Cells.All(static o => o is not CellOutcome.RowAbsent))
            .Select(r => string.Join('|', r.Cells.Select((o, c) => Expected(o, table.Object.Columns[c], table.Rows[r.Row][c], salt, HidesNumbers(desired, table.Object.Path, table.Object.Columns[c]))))).Order(StringComparer.Ordinal);

    private static async Task CompareAsync(
        EnforcedUnity unity, World world, NaiveEvaluator naive, DesiredState desired, IdentityHolders identity, CaseTable table, string salt, Tally seen, string step)
    {
        var (governed, path) = (table.Object, table.Object.Path);
        var about = $"{identity.Name} on {path}; {step}";
        var outcomes = table.Rows.Select(row => governed.Columns.Select(c => naive.OutcomeOf([.. identity.Holders], governed, c.Name, row, Capabilities.All)).ToArray()).ToList();
        var (rows, refusal) = await ReadAsync(unity, identity.Name, table);
        if (refusal is not null)
        {
            refusal.ShouldContain("INSUFFICIENT_PERMISSIONS", Case.Sensitive, about);
            if (outcomes[0][0] is CellOutcome.NotSubscribed) seen.Refused++;
            else
            {
                desired.Shortfalls.ShouldContain(s => s.Object.Equals(path) && s.Reason.StartsWith("cannot enforce", StringComparison.Ordinal), $"refused without a reason; {about}");
                seen.Narrowed++;
            }

            return;
        }

        outcomes[0][0].ShouldNotBeOfType<CellOutcome.NotSubscribed>(about);
        if (identity.Holders.Count > 1 && !Texts(rows, governed).SequenceEqual(Expected(outcomes, table, desired, salt), StringComparer.Ordinal))
        {
            ShouldShowNoMore(world, identity, desired, table, outcomes, rows, salt, about);
            seen.Stricter++;
            return;
        }

        Texts(rows, governed).ShouldBe(Expected(outcomes, table, desired, salt), about);
        seen.Read++;
        seen.RowsHidden += table.Rows.Count - rows.Count;
        seen.Masked += outcomes.Sum(static row => row.Count(static o => o is CellOutcome.Masked));
        seen.Custom += outcomes.Sum(static row => row.Count(static o => o is CellOutcome.Masked(MaskFunction.Custom)));
    }

    // Of an identity of several people it is known what all of them are, and what some are: where one is exempt from a mask and its condition spares another, it masks all the same, and so do
    // row rules hide. No row or cell is shown that a mask or row rule of any of them hides.
    private static void ShouldShowNoMore(
        World world, IdentityHolders identity, DesiredState desired, CaseTable table, IReadOnlyList<CellOutcome[]> outcomes, IReadOnlyList<string?[]> rows, string salt, string about)
    {
        var always = (world with
        {
            Policies = world.Policies.Select(static p => p is DataPolicy data ? data with { Rules = data.Rules.Select(static r => r is DataRule.Masking mask ? mask with { Condition = null } : r).ToValueList() } : p).ToValueList(),
        }).Naive(Technology.Databricks.Name);
        var masked = table.Rows.Select(row => table.Object.Columns.Select(c => always.OutcomeOf([.. identity.Holders], table.Object, c.Name, row, Capabilities.All)).ToArray()).ToList();
        TableSight.FaultOf(
                [.. rows.Select(r => r.Select((v, i) => Canonical(v, ColumnKinds.Of(table.Object.Columns[i].Type))).ToArray())], SightOf(outcomes), SightOf(masked), TransitionTests.PlainOf(table),
                new Between(IsRefused: false, HidesRows: true, new HashSet<int>()))
            .ShouldBeNull(about);

        TableSight SightOf(IReadOnlyList<CellOutcome[]> of)
        {
            var texts = of.Select((cells, r) => (IReadOnlyList<string>)[.. cells.Select((o, c) => Expected(o, table.Object.Columns[c], table.Rows[r][c], salt, HidesNumbers(desired, table.Object.Path, table.Object.Columns[c])))]).ToList();
            return new TableSight([.. of.Select((cells, r) => cells.Any(static o => o is CellOutcome.RowAbsent) ? null : texts[r])], texts);
        }
    }

    // A number that would be hashed is NULL, and so are its other masks where that one holds.
    internal static bool HidesNumbers(DesiredState desired, ObjectPath path, GovernedColumn column) =>
        desired.Shortfalls.Any(s => s.Object.Equals(path) && s.Reason.Contains($"can't apply to column {column.Name} ", StringComparison.Ordinal));

    internal static string Expected(CellOutcome outcome, GovernedColumn column, object? value, string salt, bool hidesNumbers)
    {
        var kind = ColumnKinds.Of(column.Type);
        return outcome switch
        {
            CellOutcome.Masked when hidesNumbers => "NULL",
            CellOutcome.Masked(MaskFunction.Custom custom) => Custom(custom, kind, value),
            CellOutcome.Masked(var function) => Text(MaskValues.Apply(function, kind, value, salt), kind),
            _ => Text(value, kind),
        };
    }

    private static string Custom(MaskFunction.Custom custom, ColumnKind kind, object? value) =>
        kind != ColumnKind.Text ? "NULL" : custom.Functions.Single(static f => f.Key == Technology.Databricks.Name).Value.EndsWith(Functions[0].Name, StringComparison.Ordinal) ? value is null ? "NULL" : $"<{value}>" : "***";

    private static string Text(object? value, ColumnKind kind) => value switch
    {
        null => "NULL",
        bool flag => flag ? "true" : "false",
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => Canonical(string.Create(CultureInfo.InvariantCulture, $"{value}"), kind),
    };

    internal static string Canonical(string? text, ColumnKind kind) =>
        text is null ? "NULL" : kind == ColumnKind.Numeric ? decimal.Parse(text, CultureInfo.InvariantCulture).ToString("0.############", CultureInfo.InvariantCulture) : text;

    /// <summary>Makes its tables, and the functions of its custom masks.</summary>
    internal static void Make(EnforcedUnity unity, World world)
    {
        foreach (var table in world.Tables) Make(unity, table);
        unity.Sandbox.Change("CREATE CATALOG gov");
        unity.Sandbox.Change("CREATE SCHEMA gov.masks");
        foreach (var (name, body) in Functions) unity.Sandbox.Change($"CREATE FUNCTION gov.masks.{name}(x STRING) RETURNS STRING RETURN {body}");
        foreach (var privilege in Functions.Select(static f => $"EXECUTE ON FUNCTION gov.masks.{f.Name}").Concat(["USE CATALOG ON CATALOG gov", "USE SCHEMA ON SCHEMA gov.masks"]))
            unity.Sandbox.Change($"GRANT {privilege} TO `{unity.Sandbox.ClientId}`");
    }

    private static void Make(EnforcedUnity unity, CaseTable table)
    {
        var (path, columns) = (table.Object.Path, table.Object.Columns);
        unity.Sandbox.Change($"CREATE SCHEMA IF NOT EXISTS cases.{Quote.Identifier(path.Names[2])}");
        unity.Sandbox.Change($"CREATE TABLE {Named(path)} ({string.Join(", ", columns.Select(static c => $"{Quote.Identifier(c.Name)} {c.Type}"))})");
        if (table.Rows.Count > 0)
            unity.Sandbox.Change($"INSERT INTO {Named(path)} VALUES {string.Join(", ", table.Rows.Select(r => $"({string.Join(", ", r.Select((v, i) => $"CAST({Literal(v)} AS {columns[i].Type})"))})"))}");
    }

    private static string Literal(object? value) => value switch
    {
        null => "NULL",
        string text => Quote.Literal(text),
        bool flag => flag ? "true" : "false",
        DateOnly date => $"'{date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}'",
        _ => string.Create(CultureInfo.InvariantCulture, $"'{value}'"),
    };

    internal static string Named(ObjectPath path) => string.Join('.', path.Names.Skip(1).Select(Quote.Identifier));

    // An identity is an address: an apostrophe and letters beyond ASCII may stand in one.
    internal static string Login(string name) => $"{string.Concat(name.Select(static c => char.IsLetterOrDigit(c) || c == '\'' ? c : '_'))}-{name.Length}@acme.example".ToLowerInvariant();

    private static string[] Logins(string name, bool hasTwo) => hasTwo ? [Login(name), $"also-{Login(name)}"] : [Login(name)];

    internal static AccessIntent Intent(World world, bool hasTwoNames = false) =>
        WorldIntent.Of(world, "SLUICE", name => Logins(name, hasTwoNames), static g => g with { Columns = g.Columns.Select(static c => c with { Family = ColumnFamilies.Of(c.Type) }).ToValueList() }) with
        {
            MaskFunctionSchemas = ["gov.masks"],
        };

    internal static World Typed(World world) => CustomMasks.In(world, Technology.Databricks, $"Gov.Masks.{Functions[0].Name}", $"gov.masks.{Functions[1].Name}") with
    {
        Tables = world.Tables.Select(static t => t with { Object = t.Object with { Columns = t.Object.Columns.Select(static c => c with { Type = TypeOf(c.Type) }).ToValueList() } }).ToValueList(),
    };

    private static string TypeOf(string type) => type switch { "text" => "string", "numeric(20,4)" => "decimal(20,4)", _ => type };
}
