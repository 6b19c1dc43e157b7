using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.LakeFormation.Tests.Enforcing;
using static Sluice.Platforms.Databricks.Tests.Enforcing.Governed;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>What a row filter or a mask is given of a column that another function masks is not documented: so no column is both masked and read, at no moment.</summary>
public sealed class MaskedAndReadTests : IAsyncLifetime
{
    private const string Select = "SELECT id, email, region FROM cases.s.t ORDER BY id";

    private static readonly ObjectPath Path = new("unity", "cases", "s", "t");
    private static readonly AccessRule Sales = People.Rule("Sales"), Privacy = People.Rule("Privacy");
    private static readonly GovernedColumn[] Columns = [new("id", "bigint", []), new("email", "string", [], ColumnFamily.Text), new("region", "string", [], ColumnFamily.Text)];
    private static readonly IdentityHolders[] Readers = [Person(Ann, "Sales"), Person(Bob, "Sales", "Privacy")];

    private EnforcedUnity _unity = null!;

    public async ValueTask InitializeAsync()
    {
        _unity = await EnforcedUnity.StartAsync([Ann, Bob, Cat], gate: 1);
        _unity.Sandbox.Change("CREATE SCHEMA cases.s");
        _unity.Sandbox.Change("CREATE TABLE cases.s.t (id BIGINT, email STRING, region STRING)");
        _unity.Sandbox.Change("INSERT INTO cases.s.t VALUES (1, 'x@y', 'EU'), (2, 'EU', 'US')");
    }

    public ValueTask DisposeAsync() => _unity.DisposeAsync();

    /// <summary>What a column was masked, or read, by first, and what by then.</summary>
    public static TheoryData<string, string> Changes => new()
    {
        { "mask region, rows by email", "rows by region" },
        { "rows by region", "mask region, rows by email" },
        { "rows by region", "mask region" },
        { "mask region", "rows by region" },
        { "mask region", "mask email by region" },
        { "mask email by region", "mask region" },
        { "mask email by region", "mask region, rows by email" },
        { "mask region, mask email", "rows by region, rows by email" },
        { "rows by region, rows by email", "mask region, mask email" },
        { "mask region, rows by email", "mask email by region" },
        { "mask email by region", "rows by email" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task No_column_is_masked_and_read_in_between(string before, string then)
    {
        var (old, asked) = (Of(before), Of(then));
        await _unity.EnforceAsync(old, "first");
        var first = await ReadAsync();
        await _unity.EnforceAsync(asked, "asked for");
        var second = await ReadAsync();
        var functions = await FunctionsAsync();
        await _unity.EnforceAsync(old, "back");

        var both = new List<string>();
        var seen = new List<string>();
        _unity.Gate!.After = async statement =>
        {
            if (await OverlapAsync() is { } overlap) both.Add($"{overlap} after {statement}");
            var now = await ReadAsync();
            for (var i = 0; i < now.Count; i++)
                if (!now[i].IsSubsetOf(first[i]) && !now[i].IsSubsetOf(second[i]) && !now[i].All(static r => r.Contains("NULL", StringComparison.Ordinal))) seen.Add($"{string.Join("; ", now[i])} after {statement}");
        };
        await _unity.EnforceAsync(asked, "then");
        _unity.Gate.After = static _ => Task.CompletedTask;

        both.ShouldBeEmpty();
        seen.ShouldBeEmpty();
        (await ReadAsync()).Select(static r => string.Join("; ", r.Order())).ShouldBe(second.Select(static r => string.Join("; ", r.Order())));
        (await FunctionsAsync()).ShouldBe(functions, "nothing is left of what stood in between");
    }

    [Fact]
    public async Task What_waits_for_a_mask_that_was_not_taken_off_shows_nothing_until_the_next_plan()
    {
        await _unity.EnforceAsync(Of("mask region, rows by email"), "first");
        var then = Of("rows by region");
        var plan = await _unity.PlanAsync(then);

        (await _unity.ApplyAsync(then, [.. plan.Changes.Where(static c => c.Phase < ChangePhase.Unprotect)])).ShouldAllBe(static o => o.Error == null);

        (await OverlapAsync()).ShouldBeNull();
        (await _unity.ReadAsAsync(Ann, Select)).Rows.ShouldBeEmpty();
        await _unity.EnforceAsync(then, "the next plan");
        (await _unity.ReadAsAsync(Ann, Select)).Rows.ShouldHaveSingleItem()[0].ShouldBe("1");
    }

    [Theory]
    [InlineData("mask region", "rows by region")]
    [InlineData("rows by region", "mask region")]
    [InlineData("mask email by region", "mask region")]
    public async Task In_a_mode_that_takes_nothing_away_what_stays_keeps_the_other_from_coming(string before, string then)
    {
        await _unity.EnforceAsync(Of(before), "first");
        var first = await ReadAsync();

        var plan = await _unity.PlanAsync(Of(then), EnforcementMode.CreateOnly);
        (await _unity.ApplyAsync(Of(then), plan.Changes)).ShouldAllBe(static o => o.Error == null);

        plan.Shortfalls.ShouldContain(static s => s.Object.Equals(Path) && s.Reason.Contains("one reads what the other masks", StringComparison.Ordinal));
        (await OverlapAsync()).ShouldBeNull();
        (await ReadAsync()).Select(static r => string.Join("; ", r)).ShouldBe(first.Select(static r => string.Join("; ", r)));
    }

    [Theory]
    [InlineData("CREATE FUNCTION cases.s.mine(x STRING) RETURNS STRING RETURN 'EU'", "ALTER TABLE cases.s.t ALTER COLUMN region SET MASK cases.s.mine", "rows by region", "is masked by cases.s.mine")]
    [InlineData("CREATE FUNCTION cases.s.mine(x STRING) RETURNS STRING RETURN 'EU'", "ALTER TABLE cases.s.t ALTER COLUMN region SET MASK cases.s.mine", "mask email by region", "is masked by cases.s.mine")]
    [InlineData("CREATE FUNCTION cases.s.mine(x STRING) RETURNS BOOLEAN RETURN x = 'EU'", "ALTER TABLE cases.s.t SET ROW FILTER cases.s.mine ON (region)", "mask region", "reads column region")]
    public async Task Beside_what_is_somebody_elses_nothing_is_set_that_reads_or_masks_the_same_column(string function, string attach, string asked, string why)
    {
        _unity.Sandbox.Change(function);
        _unity.Sandbox.Change(attach);

        var plan = await _unity.PlanAsync(Of(asked));
        (await _unity.ApplyAsync(Of(asked), plan.Changes)).ShouldAllBe(static o => o.Error == null);

        plan.Shortfalls.ShouldContain(s => s.Object.Equals(Path) && s.Reason.Contains(why, StringComparison.Ordinal));
        (await OverlapAsync()).ShouldBeNull();
        (await _unity.ReadAsAsync(Ann, Select)).Refusal.ShouldNotBeNull("nobody new is granted it");
    }

    [Theory]
    [InlineData("ALTER TABLE cases.s.t ALTER COLUMN email SET MASK cases.s.mine", "rows by region")]
    [InlineData("ALTER TABLE cases.s.t ALTER COLUMN email SET MASK cases.s.mine", "mask region")]
    [InlineData("ALTER TABLE cases.s.t ALTER COLUMN email SET MASK cases.s.mine", "")]
    [InlineData("ALTER TABLE cases.s.t SET ROW FILTER cases.s.none ON (email)", "mask region")]
    [InlineData("ALTER TABLE cases.s.t SET ROW FILTER cases.s.none ON (email)", "")]
    public async Task Somebody_elses_on_another_column_is_no_conflict(string attach, string asked)
    {
        _unity.Sandbox.Change("CREATE FUNCTION cases.s.mine(x STRING) RETURNS STRING RETURN 'EU'");
        _unity.Sandbox.Change("CREATE FUNCTION cases.s.none(x STRING) RETURNS BOOLEAN RETURN true");
        _unity.Sandbox.Change(attach);

        (await _unity.PlanAsync(Of(asked))).Shortfalls.ShouldBeEmpty();
        await _unity.EnforceAsync(Of(asked), "beside it");

        (await _unity.ReadAsAsync(Ann, Select)).Rows.ShouldNotBeEmpty();
    }

    private static AccessIntent Of(string state)
    {
        var masks = new List<ColumnMask>();
        var rows = new List<RowRule>();
        foreach (var part in state.Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            switch (part.Split(' '))
            {
                case ["rows", "by", var column]: rows.Add(new RowRule(IsEurope(column), AccessRule.Nobody, "r")); break;
                case ["mask", var column]: masks.Add(Mask(column, Privacy, new MaskFunction.Constant("EU"))); break;
                case ["mask", var column, "by", var other]: masks.Add(Mask(column, Privacy, new MaskFunction.Constant("EU")) with { Condition = IsEurope(other) }); break;
                default: throw new InvalidOperationException(part);
            }
        }

        return Intent(Readers, Object(Readable(Sales, masks: [.. masks], rows: [.. rows]), Path, columns: Columns));
    }

    private static Predicate.Comparison IsEurope(string column) => new(ComparisonOperator.Equal, new Operand.Column(column), new Operand.Text("EU"));

    private async Task<IReadOnlyList<string>> FunctionsAsync() =>
        [.. (await _unity.TryReadAsync(_unity.Sandbox.AdministratorToken, $"SELECT routine_name FROM {EnforcedUnity.Own}.information_schema.routines ORDER BY 1")).Rows.Select(static r => r[0]!)];

    private async Task<List<HashSet<string>>> ReadAsync()
    {
        var read = new List<HashSet<string>>();
        foreach (var person in (string[])[Ann, Bob])
            read.Add([.. (await _unity.ReadAsAsync(person, Select)).Rows.Select(static r => string.Join(", ", r.Select(static v => v ?? "NULL")))]);
        return read;
    }

    // A column of the table that is masked and that a function is given.
    private async Task<string?> OverlapAsync()
    {
        var table = await _unity.AdministerAsync(HttpMethod.Get, "/api/2.1/unity-catalog/tables/cases.s.t");
        var columns = table.GetProperty("columns").EnumerateArray().Where(static c => c.TryGetProperty("mask", out _)).ToList();
        var read = columns.SelectMany(static c => c.GetProperty("mask").TryGetProperty("using_column_names", out var names) ? names.EnumerateArray().Select(static n => n.GetString()!).ToArray() : []).ToHashSet();
        if (table.TryGetProperty("row_filter", out var filter) && filter.TryGetProperty("input_column_names", out var given)) read.UnionWith(given.EnumerateArray().Select(static n => n.GetString()!));
        return columns.Select(static c => c.GetProperty("name").GetString()!).FirstOrDefault(read.Contains);
    }
}
