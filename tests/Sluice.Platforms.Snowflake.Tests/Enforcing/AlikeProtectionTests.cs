using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.PostgreSql.Enforcing;
using Sluice.Platforms.Snowflake.Tests.Fakes;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>Objects that are treated alike have one text of each policy, and those that only look so have not.</summary>
public sealed class AlikeProtectionTests
{
    [Fact]
    public void Tables_that_are_treated_alike_share_one_text()
    {
        var access = Access(new Predicate.AttributeContains("Region", new Operand.Column("REGION")));

        var facts = Compile([Table("ORDERS", access), Table("OTHERS", access)], FactKind.Mask, FactKind.RowRule);

        facts.Count.ShouldBe(4);
        facts.Select(f => f.Definition).Distinct(ReferenceEqualityComparer.Instance).Count().ShouldBe(2);
    }

    [Theory]
    [InlineData(PropertyKind.Table)]
    [InlineData(PropertyKind.Schema)]
    [InlineData(PropertyKind.Database)]
    public void A_rule_that_asks_where_the_table_lies_is_of_that_table_alone(PropertyKind kind)
    {
        var access = Access(new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column("REGION"), new Operand.Call(ScalarFunction.Lower, [new Operand.Property(kind)])));

        var facts = Compile([Table("ORDERS", access), Table("OTHERS", access, "T", "HR")], FactKind.RowRule);

        var names = kind switch { PropertyKind.Table => ("'ORDERS'", "'OTHERS'"), PropertyKind.Schema => ("'S'", "'T'"), _ => ("'SHOP'", "'HR'") };
        facts.Single(f => f.Key.Object!.Name == "ORDERS").Definition.ShouldContain(names.Item1);
        facts.Single(f => f.Key.Object!.Name == "OTHERS").Definition.ShouldContain(names.Item2);
    }

    [Fact]
    public void A_condition_of_a_mask_that_asks_the_tables_name_is_of_that_table_alone()
    {
        var access = Access(null) with
        {
            Masks = [new ColumnMask("ID", new MaskFunction.Null(), People.Rule("P"), new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column("REGION"), new Operand.Property(PropertyKind.Table)), "m")],
        };

        var facts = Compile([Table("ORDERS", access), Table("OTHERS", access)], FactKind.Mask);

        facts.Single(f => f.Key.Object!.Name == "ORDERS").Definition.ShouldContain("'ORDERS'");
        facts.Single(f => f.Key.Object!.Name == "OTHERS").Definition.ShouldContain("'OTHERS'");
    }

    [Fact]
    public void Other_columns_and_other_tags_are_not_alike()
    {
        var access = Access(new Predicate.TagIsGroup(TagPlace.DataSource));
        var tagged = Table("TAGGED", access);
        tagged = tagged with { Object = tagged.Object with { Tags = ["Sales"] } };
        var narrow = Table("NARROW", access);
        narrow = narrow with { Object = narrow.Object with { Columns = [new GovernedColumn("ID", "NUMBER(10,2)", []), new GovernedColumn("REGION", "VARCHAR(16777216)", [])] } };

        var facts = Compile([Table("ORDERS", access), tagged, narrow], FactKind.Mask, FactKind.RowRule);

        Of("ORDERS", FactKind.RowRule).ShouldNotBe(Of("TAGGED", FactKind.RowRule));
        Of("TAGGED", FactKind.RowRule).ShouldContain("'Sales'");
        Of("ORDERS", FactKind.Mask).ShouldNotBe(Of("NARROW", FactKind.Mask));

        string Of(string table, FactKind kind) => facts.Single(f => f.Key.Kind == kind && f.Key.Object!.Name == table).Definition;
    }

    private static ObjectAccess Access(Predicate? rows) => new()
    {
        Read = People.Rule("A"), Write = AccessRule.Nobody, Masks = [new ColumnMask("ID", new MaskFunction.Constant("7"), People.Rule("P"), null, "m")],
        RowRules = rows is null ? [] : [new RowRule(rows, People.Rule("P"), "r")],
    };

    private static IntendedObject Table(string name, ObjectAccess access, string schema = "S", string database = "SHOP") => new()
    {
        Object = new GovernedObject
        {
            Path = new ObjectPath("snow", database, schema, name), Kind = ObjectKind.Table, Tags = [],
            Columns = [new GovernedColumn("ID", "NUMBER(38,0)", [], ColumnFamily.Integer), new GovernedColumn("REGION", "VARCHAR(16777216)", [], ColumnFamily.Text)],
        },
        Access = access,
    };

    private static List<DesiredFact> Compile(IntendedObject[] objects, params FactKind[] kinds)
    {
        IdentityHolders[] people = [People.Alone(People.Person("ANN", ["A"]))];
        var intent = new AccessIntent { Prefix = "SLUICE", OwnContainer = "GOV", Objects = objects, Identities = people, MembersOf = People.Decide(people) };
        return [.. Payload.Platform().Compile(intent).Facts.Where(f => kinds.Contains(f.Key.Kind))];
    }
}
