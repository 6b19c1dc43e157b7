using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.PostgreSql.Enforcing;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>What is made of rows that Snowflake answers and the stand-in does not.</summary>
public sealed class ObservationTests
{
    private const string Database = "GOV";
    private static readonly NativeNames Names = new(EnforcedAccount.Prefix, Database);
    private static readonly ObjectPath Orders = EnforcedAccount.Path("ORDERS");

    // A column may have a projection policy beside its mask, and an object an aggregation policy: https://docs.snowflake.com/en/user-guide/projection-policies, .../aggregation-policies.
    [Theory]
    [InlineData("PROJECTION_POLICY", "C")]
    [InlineData("AGGREGATION_POLICY", null)]
    public void A_policy_beside_which_ours_may_stand_is_no_conflict(string kind, string? column)
    {
        var theirs = new PolicyReference("THEIRS", "S", "P", kind, Orders, false, column, column is null ? [] : [column], PolicyReference.Active);

        Observed(Intent("D"), o => o.AddForeign(theirs, isInPlace: false)).Conflicts.ShouldBeEmpty();
        Observed(Intent("D"), o => o.AddForeign(theirs with { Kind = column is null ? PolicyReference.RowAccess : PolicyReference.Masking }, isInPlace: false)).Conflicts.ShouldHaveSingleItem();
    }

    // REF_ARG_COLUMN_NAMES is NULL of masking policies: https://docs.snowflake.com/en/sql-reference/functions/policy_references
    [Fact]
    public void A_conditional_mask_whose_columns_are_not_told_is_the_one_that_its_name_says()
    {
        var asked = MaskOf(Intent("D"));
        var name = SetPolicy.Read(asked.Definition).Name;
        var body = asked.Definition[(asked.Definition.IndexOf('\n', StringComparison.Ordinal) + 1)..];
        var untold = new PolicyReference(Database, "POLICIES", name, PolicyReference.Masking, Orders, false, "C", ["C"], PolicyReference.Active) { AreColumnsTold = false };

        Seen(Intent("D"), untold).ShouldBe(asked.Definition);
        Seen(Intent("D"), untold with { AreColumnsTold = true, Columns = ["C", "E"] }).ShouldNotBe(asked.Definition, "what is told counts");

        // Of one text with D and with E: the name tells them apart.
        var other = MaskOf(Intent("E"));
        SetPolicy.Read(other.Definition).Name.ShouldNotBe(name);
        Seen(Intent("E"), untold).ShouldNotBe(other.Definition);

        string Seen(AccessIntent intent, PolicyReference set) => Observed(intent, o => o.Add(new OwnPolicy(name, body, [set]))).Facts.Single(static f => f.Key.Kind == FactKind.Mask).Definition;
    }

    private static ObservedState Observed(AccessIntent intent, Action<Observation> add)
    {
        var observation = new Observation(intent, AccessCompiler.Compile(intent), Names);
        add(observation);
        return observation.State();
    }

    private static DesiredFact MaskOf(AccessIntent intent) => AccessCompiler.Compile(intent).Facts.Single(static f => f.Key.Kind == FactKind.Mask);

    private static AccessIntent Intent(string conditional) => new()
    {
        Prefix = EnforcedAccount.Prefix, OwnContainer = Database, Identities = [], MembersOf = People.Decide([]),
        Objects =
        [
            new IntendedObject
            {
                Object = new GovernedObject
                {
                    Path = Orders, Kind = ObjectKind.Table, Hostname = "account", Tags = [],
                    Columns = [.. ((string[])["C", "D", "E", "F"]).Select(static c => new GovernedColumn(c, "VARCHAR(16777216)", [], ColumnFamily.Text))],
                },
                Access = new ObjectAccess
                {
                    Read = People.Rule("A"), Write = AccessRule.Nobody, SubscriptionPolicies = ["readers"],
                    Masks = [new ColumnMask("C", new MaskFunction.Null(), People.Rule("P"), new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column(conditional), new Operand.Text("x")), "mask")],
                    RowRules = [new RowRule(new Predicate.IsNull(new Operand.Column("F")), People.Rule("P"), "rows")],
                },
            },
        ],
    };
}
