using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.Databricks.Enforcing;
using Sluice.Platforms.LakeFormation.Tests.Enforcing;
using static Sluice.Platforms.Databricks.Tests.Enforcing.Governed;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>Masks that are functions of the operator's, on the stand-in.</summary>
public sealed class CustomMaskTests : IAsyncLifetime
{
    private static readonly ObjectPath Orders = new("unity", "cases", "s", "orders");
    private static readonly GovernedColumn Id = new("id", "bigint", []), Region = new("region", "string", []);

    private EnforcedUnity _unity = null!;

    public async ValueTask InitializeAsync()
    {
        _unity = await EnforcedUnity.StartAsync([Ann, Bob]);
        foreach (var statement in (string[])
        [
            "CREATE SCHEMA cases.s", "CREATE TABLE cases.s.orders (id BIGINT, region STRING)", "INSERT INTO cases.s.orders VALUES (1, 'eu'), (2, 'us'), (3, NULL)",
            "CREATE CATALOG gov", "CREATE SCHEMA gov.masks", "CREATE FUNCTION gov.masks.loud(x STRING) RETURNS STRING RETURN upper(x)",
            "CREATE FUNCTION gov.masks.`odd``f`(x STRING) RETURNS STRING RETURN 'odd'",
            "CREATE FUNCTION gov.masks.wordy(x BIGINT) RETURNS STRING RETURN 'many'",
        ]) _unity.Sandbox.Change(statement);
    }

    public ValueTask DisposeAsync() => _unity.DisposeAsync();

    private static MaskFunction.Custom Function(string name, int rank = 0) => new([new("Databricks", name)], rank);

    private static ColumnMask On(string column, MaskFunction function, Predicate? condition = null) => new(column, function, People.Rule("Privacy"), condition, "mask");

    private static AccessIntent Intent(string schema, params ColumnMask[] masks) =>
        Governed.Intent([Person(Ann, "Sales"), Person(Bob, "Sales", "Privacy")], Object(Readable(People.Rule("Sales"), masks: masks), Orders, ObjectKind.Table, Id, Region)) with
        {
            OwnContainer = EnforcedUnity.Own, MaskFunctionSchemas = [schema],
        };

    private void Allow()
    {
        foreach (var statement in (string[])["USE CATALOG ON CATALOG gov", "USE SCHEMA ON SCHEMA gov.masks", "EXECUTE ON FUNCTION gov.masks.loud", "EXECUTE ON FUNCTION gov.masks.`odd``f`", "EXECUTE ON FUNCTION gov.masks.wordy"])
            _unity.Sandbox.Change($"GRANT {statement} TO `{_unity.Sandbox.ClientId}`");
    }

    private async Task<string> ReadAsync(string person, string column = "region")
    {
        var (rows, refusal) = await _unity.ReadAsAsync(person, $"SELECT {column} FROM cases.s.orders");
        return refusal ?? string.Join(';', rows.OrderBy(static r => r[0] is null).ThenBy(static r => r[0], StringComparer.Ordinal).Select(static r => r[0] ?? "NULL"));
    }

    [Fact]
    public async Task Its_result_is_seen_by_all_but_the_exempt()
    {
        Allow();

        await _unity.EnforceAsync(Intent("gov.masks", On("region", Function("Gov.Masks.Loud"))), "custom");

        (await ReadAsync(Ann)).ShouldBe("EU;US;NULL");
        (await ReadAsync(Bob)).ShouldBe("eu;us;NULL");

        await _unity.EnforceAsync(Intent("gov.masks", On("region", new MaskFunction.Null())), "none");
        (await ReadAsync(Ann)).ShouldBe("NULL;NULL;NULL");
        var observed = await ((IObservesAccess)_unity.Session).ObserveAsync(Intent("gov.masks"), TestContext.Current.CancellationToken);
        observed.Facts.ShouldNotContain(static f => SqlFunction.IsCall(f.Key.Subject), "what nobody asks for any more goes");
    }

    [Fact]
    public async Task A_condition_a_stricter_mask_and_a_higher_rank_count()
    {
        Allow();
        var second = new Predicate.Comparison(ComparisonOperator.Greater, new Operand.Column("id"), new Operand.Number(1));

        await _unity.EnforceAsync(Intent("gov.masks", On("region", Function("gov.masks.loud", 1)), On("region", Function("gov.masks.`odd``f`", 2), second)), "ranks");
        (await ReadAsync(Ann)).ShouldBe("EU;odd;odd");

        await _unity.EnforceAsync(Intent("gov.masks", On("region", Function("gov.masks.loud")), On("region", new MaskFunction.Regex("e", "x", false, true), second)), "regex");
        (await ReadAsync(Ann)).ShouldBe("EU;us;NULL");
    }

    [Fact]
    public async Task A_result_that_is_none_of_the_column_is_null()
    {
        Allow();

        await _unity.EnforceAsync(Intent("gov.masks", On("id", Function("gov.masks.wordy"))), "cast");

        (await ReadAsync(Ann, "id")).ShouldBe("NULL;NULL;NULL");
        (await ReadAsync(Bob, "id")).ShouldBe("1;2;3");
    }

    [Theory]
    [InlineData("gov.masks.loud", "settings.maskFunctionSchemas", "gov.other")]
    [InlineData("masks.loud", "not named with its catalog and schema", "gov.masks")]
    [InlineData("upper", "not named with its catalog and schema", "gov.masks")]
    [InlineData("sluice_home.functions.mask_0", "is in Sluice's own sluice_home", "sluice_home.functions")]
    public async Task What_may_not_be_called_is_null_and_told(string function, string told, string schema)
    {
        Allow();
        var intent = Intent(schema, On("region", Function(function)));

        var reason = _unity.Platform.Compile(intent).Shortfalls.ShouldHaveSingleItem().Reason;
        await _unity.EnforceAsync(intent, "refused");

        reason.ShouldStartWith("cannot enforce the custom mask of mask on column region, whose value is NULL instead: ");
        reason.ShouldContain(told);
        (await ReadAsync(Ann)).ShouldBe("NULL;NULL;NULL");
        (await ReadAsync(Bob)).ShouldBe("eu;us;NULL");
    }

    [Fact]
    public async Task A_function_that_can_not_be_called_is_null_until_it_can()
    {
        var intent = Intent("gov.masks", On("region", Function("gov.masks.loud")), On("id", new MaskFunction.RoundNumber(2)));

        var failed = (await _unity.ApplyAsync(intent, (await _unity.PlanAsync(intent)).Changes)).Where(static o => o.Error is not null).ShouldHaveSingleItem();

        failed.IsContained.ShouldBeTrue();
        failed.Error!.ShouldStartWith("cannot enforce the custom masks that call try_cast(`gov`.`masks`.`loud`(c0) AS STRING), and their values are NULL instead: ");
        (await ReadAsync(Ann)).ShouldBe("NULL;NULL;NULL");
        (await ReadAsync(Ann, "id")).ShouldBe("0;2;2");
        (await _unity.PlanAsync(intent)).Changes.ShouldHaveSingleItem().Verb.ShouldBe(ChangeVerb.Replace);

        Allow();
        await _unity.EnforceAsync(intent, "allowed");
        (await ReadAsync(Ann)).ShouldBe("EU;US;NULL");
    }

    [Fact]
    public async Task The_check_says_what_is_lacking_and_what_mends_it()
    {
        (await CheckAsync()).ShouldBeNull("nobody asks for a function");
        var refused = (await CheckAsync("gov.masks.loud", "gov.other.f"))!;
        Allow();
        var gone = (await CheckAsync("gov.masks.gone"))!;

        refused.Status.ShouldBe(CheckStatus.Warning);
        refused.Message!.ShouldContain("GRANT USE CATALOG ON CATALOG `gov` TO `");
        refused.Message!.ShouldContain("GRANT EXECUTE ON FUNCTION `gov`.`masks`.`loud` TO `");
        refused.Message!.ShouldContain("the schema of its function gov.other.f is not among");
        gone.Status.ShouldBe(CheckStatus.Warning);
        (await CheckAsync("gov.masks.loud")).ShouldBe(new Check("mask functions", CheckStatus.Passed, "1 can be called"));
    }

    private Task<Check?> CheckAsync(params string[] functions) =>
        ((IChecksMaskFunctions)_unity.Session).CheckMaskFunctionsAsync(["gov.masks"], [.. functions.Select(static f => Function(f))], TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_function_that_is_dropped_never_shows_the_value()
    {
        Allow();
        await _unity.EnforceAsync(Intent("gov.masks", On("region", Function("gov.masks.loud"))), "custom");

        _unity.Sandbox.Change("DROP FUNCTION gov.masks.loud");

        var (rows, refusal) = await _unity.ReadAsAsync(Ann, "SELECT region FROM cases.s.orders");
        (refusal is not null || rows.All(static r => r[0] is null)).ShouldBeTrue(refusal);
    }
}
