using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.People;
using Sluice.Core.Planning;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Platforms.Compiling;

/// <summary>What a platform is told of people: that nobody here is in a group, or has an attribute, is known; of one that is not there nothing is.</summary>
public sealed class KnownPeopleTests
{
    private static readonly GovernedObject Orders = new() { Path = new ObjectPath("key", "shop", "orders"), Kind = ObjectKind.Table, Hostname = "host", Tags = [], Columns = [] };

    private static readonly IdentityHolders Ada = new("ada", [new Person { Id = "ada", Username = "ada", Groups = new HashSet<string> { "Analysts" }, Attributes = new HashSet<PersonAttribute> { new("Region", "EU") } }]);

    [Theory]
    [InlineData("Region", """{"attributes":{"Region":{"all":["EU"],"some":["EU"]}}}""")]
    [InlineData("Code", """{"attributes":{"Code":{"all":[],"some":[]}}}""")]
    [InlineData("Nowhere", "{}")]
    public void An_attribute_that_is_there_is_known_whoever_has_it(string name, string known) => Told(new Predicate.HasAttribute(name, "1")).ShouldBe(known);

    [Theory]
    [InlineData("Analysts", """{"groups":{"Analysts":true}}""")]
    [InlineData("Audit", """{"groups":{"Audit":false}}""")]
    [InlineData("Nowhere", "{}")]
    public void A_group_that_is_there_is_known_whoever_is_in_it(string name, string known) => Told(new Predicate.InGroups([name])).ShouldBe(known);

    private static string? Told(Predicate asked)
    {
        var mentions = new Mentions();
        mentions.Add(asked, Orders);
        var intent = new AccessIntent
        {
            Prefix = "SLUICE", Objects = [], Identities = [Ada], MembersOf = static _ => [],
            KnownGroups = new HashSet<string> { "Analysts", "Audit" }, KnownAttributes = new HashSet<string> { "Region", "Code" },
        };
        return new KnownPeople(intent, static _ => true).Of(Ada, mentions);
    }
}
