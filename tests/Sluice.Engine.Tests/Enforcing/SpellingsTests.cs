using Sluice.Core.People;
using Sluice.Core.Planning;
using Sluice.Engine.Enforcing;

namespace Sluice.Engine.Tests.Enforcing;

public sealed class SpellingsTests
{
    [Fact]
    public void Spellings_that_are_one_identity_are_shared_by_all_who_hold_either()
    {
        var (ann, bob, cat) = (Person("ann"), Person("bob"), Person("cat"));
        IReadOnlyList<IdentityHolders> identities = [new("ann@x", [ann, bob]), new("Ann@X", [bob]), new("cat@x", [cat])];

        var merged = Spellings.Merge(identities, StringComparer.OrdinalIgnoreCase);

        merged.Select(static i => (i.Name, string.Join(' ', i.Holders.Select(static h => h.Id)))).ShouldBe([("Ann@X", "ann bob"), ("cat@x", "cat")]);
        Spellings.Merge(identities, StringComparer.Ordinal).ShouldBeSameAs(identities);
    }

    private static Person Person(string id) => new() { Id = id, Username = id, Groups = new HashSet<string>(), Attributes = new HashSet<PersonAttribute>() };
}
