using System.Collections.Concurrent;
using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Enforcing;
using Sluice.Platforms.Databricks.Tests.Fakes;
using static Sluice.Platforms.Databricks.Tests.Enforcing.Governed;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>A function that is replaced while what is known of people changes shows nothing in between: the two can't be one statement.</summary>
public sealed class ClosingTests : IAsyncLifetime
{
    private static readonly FactKey Mask = new(FactKind.Mask, Lines, "email"), Filter = new(FactKind.RowRule, Lines, RuleFacts.FilterSubject);
    private static readonly Change Known = new(ChangePhase.Know, ChangeVerb.Replace, new FactKey(FactKind.Entitlement, null, Ann, SupportTables.Known), "{}", "");

    private static readonly Change[] Phase =
    [
        new(ChangePhase.Know, ChangeVerb.Replace, Mask, new Attachment("mask_new", ["id"]).Definition("x"), ""),
        new(ChangePhase.Know, ChangeVerb.Replace, Filter, new Attachment("filter_new", []).Definition("x"), ""),
        Known,
    ];

    private readonly ConcurrentQueue<string> _statements = new();
    private Func<string, bool> _fails = static _ => false;
    private FakeWorkspace _workspace = null!;
    private IPlatformSession _session = null!;

    public async ValueTask InitializeAsync()
    {
        _workspace = await FakeWorkspace.StartAsync();
        _workspace.OnStatement(statement =>
        {
            _statements.Enqueue(statement);
            return _fails(statement) ? FakeWorkspace.StatementFailed("[INTERNAL] no") : FakeWorkspace.Succeeded([]);
        });
        _session = _workspace.Open();
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        await _workspace.DisposeAsync();
    }

    [Fact]
    public async Task Closed_then_told_then_opened()
    {
        (await ApplyAsync(Phase)).ShouldAllBe(static o => o.Error == null);

        Words().ShouldBe(
        [
            "CREATE mask", "CREATE filter", "SET mask closed", "SET filter closed", "MERGE", "SET mask new", "SET filter new", "DROP filter", "DROP mask",
        ]);
    }

    [Fact]
    public async Task What_is_not_told_leaves_it_closed()
    {
        _fails = static s => s.StartsWith("MERGE", StringComparison.Ordinal);

        (await ApplyAsync(Phase)).Count(static o => o.Error is not null).ShouldBe(3);

        Words().ShouldBe(["CREATE mask", "CREATE filter", "SET mask closed", "SET filter closed", "MERGE"]);
    }

    [Fact]
    public async Task What_cannot_be_closed_is_not_told()
    {
        _fails = static s => s.Contains("SET ROW FILTER", StringComparison.Ordinal);

        (await ApplyAsync(Phase)).Count(static o => o.Error is not null).ShouldBe(3);

        Words().ShouldNotContain("MERGE");
    }

    [Fact]
    public async Task A_function_that_is_replaced_by_itself_or_knowledge_that_changes_by_itself_closes_nothing()
    {
        await ApplyAsync(Phase[..1]);
        await ApplyAsync(Phase[1..2]);
        await ApplyAsync([Known]);

        Words().ShouldBe(["SET mask new", "SET filter new", "MERGE"]);
    }

    [Fact]
    public async Task Rows_are_closed_while_a_mask_of_their_table_is_replaced_with_them()
    {
        (await ApplyAsync(Phase[..2])).ShouldAllBe(static o => o.Error == null);

        Words().ShouldBe(["CREATE filter", "SET filter closed", "SET mask new", "SET filter new", "DROP filter"]);
    }

    [Fact]
    public async Task Rows_stay_closed_where_the_mask_that_comes_with_them_could_not_be_set()
    {
        _fails = static s => s.Contains("SET MASK", StringComparison.Ordinal);

        (await ApplyAsync(Phase[..2])).Count(static o => o.Error is not null).ShouldBe(2);

        Words().ShouldBe(["CREATE filter", "SET filter closed", "SET mask new"]);
    }

    [Fact]
    public async Task Who_is_exempt_from_something_else_is_first_exempt_no_more_and_last_exempt_from_that()
    {
        Change Exemption(ChangeVerb verb, string audience) => new(ChangePhase.Know, verb, new FactKey(FactKind.Exemption, null, Ann, audience), "", "");
        Change[] changes = [Exemption(ChangeVerb.Add, "x"), Known, Exemption(ChangeVerb.Remove, "y")];

        await ApplyAsync(changes);
        _statements.Select(static s => s.Split(' ')[..3]).Select(static w => $"{w[0]} {w[2].Split('.')[^1]}").ShouldBe(["DELETE `exemption`", "MERGE `entitlement`", "MERGE `exemption`"]);

        _statements.Clear();
        _fails = static s => s.StartsWith("DELETE", StringComparison.Ordinal);
        (await ApplyAsync(changes)).Count(static o => o.Error is not null).ShouldBe(3);
        Words().ShouldBe(["DELETE"]);
    }

    private Task<List<ChangeOutcome>> ApplyAsync(Change[] changes) => Governed.ApplyAsync(_session, Intent([Person(Ann)], Object(Readable(AccessRule.Nobody))), changes);

    private IEnumerable<string> Words() => _statements.Select(static s => s.Split(' ')[0] switch
    {
        "ALTER" => $"SET {(s.Contains("SET MASK", StringComparison.Ordinal) ? "mask" : "filter")} {(s.Contains("_new`", StringComparison.Ordinal) ? "new" : "closed")}",
        "CREATE" or "DROP" => $"{s.Split(' ')[0]} {(s.Contains("`mask_", StringComparison.Ordinal) ? "mask" : "filter")}",
        var word => word,
    });
}
