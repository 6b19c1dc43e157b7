using Sluice.Core.Adopting;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.PostgreSql.Enforcing;

namespace Sluice.Platforms.PostgreSql.Tests.Enforcing;

public sealed class TakingOverTests
{
    private static readonly ObjectPath Table = new("pg", "shop", "public", "customers");

    [Theory]
    [InlineData("(region = 'EU'::text)", "region = 'EU'")]
    [InlineData("((region)::text = 'it''s'::text)", "region = 'it''s'")]
    [InlineData("(\"Odd \"\"name\"\"\" = 5)", "\"Odd \"\"name\"\"\" = 5")]
    [InlineData("(id = '-5'::integer)", null)]
    [InlineData("(region = CURRENT_USER)", null)]
    [InlineData("((region = 'EU'::text) OR (id = 1))", null)]
    [InlineData("(region <> 'EU'::text)", null)]
    [InlineData("(region)::text = 'EU'::text)", null)]
    [InlineData("(region = E'a\\\\b'::text)", null)]
    [InlineData("true", null)]
    public void A_column_that_equals_a_value_is_said_and_nothing_else(string condition, string? said) =>
        (ForeignRules.Equality(condition) is { } predicate ? PredicateText.Of(predicate).Replace("@columnReference(", "", StringComparison.Ordinal) : null).ShouldBe(said);

    [Fact]
    public void Reading_and_writing_are_told_apart_and_what_no_policy_gives_is_left_out()
    {
        var (held, left) = HeldGrants.Of(
            [Grant("ada", "SELECT"), Grant("ada", "INSERT"), Grant("ada", "UPDATE"), Grant("ada", "DELETE"), Grant("bob", "INSERT"), Grant("bob", "TRUNCATE"),
                Grant("cy", "SELECT(\"email\")"), Grant("dee", "SELECT", "WITH GRANT OPTION")]);

        held.ShouldBe([new HeldAccess(Table, AccessKind.Read, "ada"), new HeldAccess(Table, AccessKind.Write, "ada"), new HeldAccess(Table, AccessKind.Read, "dee")]);
        left.Select(l => $"{l.Identity}: {l.Text}").ShouldBe(["bob: INSERT", "bob: TRUNCATE", "cy: SELECT(\"email\")", "dee: SELECT WITH GRANT OPTION"]);
    }

    private static ObservedFact Grant(string identity, string privilege, string definition = "") =>
        new(new FactKey(FactKind.Grant, Table, identity, privilege), definition, FactOwner.Registered);
}
